"""What somebody typed in a search box, made fit for the database."""

MOST = 120


def searchable(typed: str) -> str:
    """The signs that can be printed, at most 120: a NUL or half a sign would be refused by the database."""
    return "".join(sign if sign.isprintable() else " " for sign in typed).strip()[:MOST].strip()
