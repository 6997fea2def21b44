"""The writer's lock: one writer per archive, and a name to tell who it is."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from storage.errors import ArchiveLocked
from storage.times import to_text


class WriterLock:
    """A lock on the file beside the archive; the system lets go of it when its process dies, however it dies."""

    def __init__(self, archive: Path) -> None:
        self.archive = archive
        self.path = archive.with_name(archive.name + ".lock")
        self._file: IO[str] | None = None

    def acquire(self, wait: bool = False) -> None:
        """Take the lock; raises `ArchiveLocked`, saying who has it, unless told to wait for its end."""
        file = self.path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            holder = self._holder(file)
            file.close()
            raise ArchiveLocked(f"{self.archive} is being written to {holder}; wait for its end.") from None
        except BaseException:
            file.close()
            raise
        self._sign(file)
        self._file = file

    def release(self) -> None:
        """Let the next one write."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _sign(self, file: IO[str]) -> None:
        file.seek(0)
        file.truncate()
        json.dump({"pid": os.getpid(), "host": platform.node(), "since": to_text(datetime.now(UTC))}, file)
        file.flush()

    def _holder(self, file: IO[str]) -> str:
        file.seek(0)
        with contextlib.suppress(ValueError, KeyError):  # it is just being written
            who = json.loads(file.read())
            return f"by process {who['pid']} on {who['host']} since {who['since']}"
        return "by another process"
