"""What keeps a municipality from moving: a sentence for whoever typed."""

from app.backups.refusals import BackupRefused


class CannotMove(BackupRefused):
    """The sentence says what to do first."""
