"""The archive: the only room that knows SQL and files."""

from storage.archive import Archive, open_archive

__all__ = ["Archive", "open_archive"]
