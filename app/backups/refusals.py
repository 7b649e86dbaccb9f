"""What keeps a backup from being made, read or put back: each a sentence for whoever typed."""


class BackupRefused(RuntimeError):
    """The sentence says what to do."""


class Damaged(BackupRefused):
    """The file is not what was written: cut off, changed, or of another kind."""


class WrongKey(BackupRefused):
    """The file was made for other keys."""
