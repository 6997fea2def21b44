"""What can go wrong with an archive. Each error's text is one line that says what to do."""


class ArchiveError(Exception):
    """Trouble with the archive itself: the command line exits with 3."""


class NotAnArchive(ArchiveError):
    """The file is not an SQLite database, or not one of Pressmark's."""


class ArchiveTooNew(ArchiveError):
    """The archive was written by a newer Pressmark."""


class ArchiveLocked(ArchiveError):
    """Another process writes to the archive."""


class ArchiveFull(ArchiveError):
    """The disk is full, or the file may not grow."""


class ArchiveDamaged(ArchiveError):
    """The database or a WARC file does not hold what it should; `pressmark repair` may bring it back."""


class NotFound(ArchiveError):
    """The archive has no such article, snapshot or revision."""
