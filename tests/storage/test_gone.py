"""Files that go away or cannot be made while an archive is written: told at once, in one line."""

from __future__ import annotations

import contextlib
import shutil

import pytest

from storage import Archive, open_archive
from storage.errors import ArchiveError
from storage.visit import Visit
from tests.storage.conftest import make_article, make_visit


def visit(number: int) -> Visit:
    text = f"Herring number {number} came into the harbour of Lindow on a cold and windy Monday morning in March."
    return make_visit(make_article(f"https://lindow.example/news/{number}", title=f"Herring {number}", body=text))


@pytest.mark.parametrize("how", ["removed", "moved", "replaced"])
def test_a_database_that_is_gone_is_written_no_further(archive: Archive, how: str) -> None:
    with contextlib.closing(archive.writer()) as writer:
        writer.store([visit(1)])
        kept = archive.path.with_name("kept.db")
        shutil.copyfile(archive.path, kept)
        archive.path.unlink() if how == "removed" else archive.path.rename(archive.path.with_name("other.db"))
        if how == "replaced":
            kept.rename(archive.path)
        with pytest.raises(ArchiveError, match="moved or removed while it was written"):
            writer.store([visit(2)])


def test_a_snapshot_file_that_is_gone_is_told_and_left(archive: Archive) -> None:
    with archive.writer() as writer:
        writer.store([visit(1)])
        [file] = archive.folder.iterdir()
        file.unlink()
        with pytest.raises(ArchiveError, match=f"{file.name} was moved or removed .*repair"):
            writer.store([visit(2)])
    with archive.writer() as writer:
        assert [stored.outcome for stored in writer.store([visit(2)])] == ["new"]
    assert [path.name for path in archive.folder.iterdir()] != [file.name]


def test_a_folder_that_cannot_be_made_is_named(archive: Archive) -> None:
    archive.folder.write_text("in the way")
    with archive.writer() as writer, pytest.raises(ArchiveError, match=f"{archive.folder.name}.* cannot be used"):
        writer.store([visit(1)])
    archive.folder.unlink()
    with open_archive(archive.path) as again, again.writer() as writer:
        assert [stored.outcome for stored in writer.store([visit(1)])] == ["new"]
