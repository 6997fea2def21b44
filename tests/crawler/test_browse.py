"""pressmark browse, as a person runs it: a process that serves, and ends by Ctrl-C."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from storage import open_archive

COMMAND = [sys.executable, "-c", "from crawler.cli import main; main()", "browse"]


def test_it_serves_until_interrupted_and_says_where(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    open_archive(path, create=True).close()
    with subprocess.Popen([*COMMAND, str(path), "--port", "0"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
        assert found is not None
        with urllib.request.urlopen(found[0], timeout=60) as answer:
            assert "Nothing is archived yet" in answer.read().decode()
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0


def test_a_taken_port_and_a_missing_archive_are_told_in_a_line(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    open_archive(path, create=True).close()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for arguments, code, message in (
            ([str(path), "--port", port], 4, "is taken"),
            ([str(tmp_path / "none.db"), "--port", "0"], 3, "no archive"),
        ):
            ended = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=120, check=False)
            assert (ended.returncode, message in ended.stderr, ended.stderr.count("\n")) == (code, True, 1), (
                ended.stderr
            )
