"""A guard of the program, what takes it away, and the tests that must then fail."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guard:
    """``old``, which stands once in ``path``, becomes ``new``; at least one of ``tests`` must then fail.

    ``case`` is a row of ``docs/cases.md``.
    """

    case: str
    what: str
    path: str
    old: str
    new: str
    tests: tuple[str, ...]
    behind: tuple[str, str, str] | None = None
    """Path, old and new of a second guard that would hold alone: it goes too."""

    @property
    def edits(self) -> list[tuple[str, str, str]]:
        """Path, old and new of all that is taken away."""
        return [(self.path, self.old, self.new), *([self.behind] if self.behind else [])]
