"""The categories of help: loading them, and finding one by the words people use."""

import csv
from collections.abc import Iterable
from functools import cache, reduce
from importlib.resources import files
from operator import or_
from typing import Any

from sqlalchemy import Connection, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.categories.models import Category
from app.categories.vocabulary import Check, Unpaid
from app.errors import Invalid


def taxonomy() -> list[dict[str, Any]]:
    """The rows of ``taxonomy.csv`` as values of the table."""
    text_of_file = (files("app.categories") / "taxonomy.csv").read_text(encoding="utf-8")
    return [_row(row) for row in csv.DictReader(text_of_file.splitlines())]


def _row(row: dict[str, str]) -> dict[str, Any]:
    checks = (Check[name] for name in row["checks"].split("|") if name)
    return {
        **{name: row[name] for name in ("slug", "theme", "theme_name", "name", "note")},
        "number": int(row["number"]),
        "synonyms": row["synonyms"].split("|"),
        "unpaid": Unpaid(row["unpaid"]),
        "checks": int(reduce(or_, checks, Check(0))),
        "introduction": row["introduction"] == "yes",
        "sensitive": row["sensitive"] == "yes",
    }


def load(connection: Connection) -> None:
    """Write the taxonomy as the owner; known numbers are brought up to date, none is removed."""
    statement = insert(Category).values(taxonomy())
    changed = {c.name: c for c in statement.excluded if c.name != "number"}
    connection.execute(statement.on_conflict_do_update(index_elements=[Category.number], set_=changed))


def every(session: Session) -> list[Category]:
    """All categories in the order of the taxonomy."""
    return list(session.scalars(select(Category).order_by(Category.number)))


@cache
def themes() -> tuple[tuple[str, str], ...]:
    """Every theme by its picture and its name, in the order of the taxonomy; "anders" is no theme to look for."""
    return tuple({row["theme"]: row["theme_name"] for row in taxonomy() if row["theme"] != "anders"}.items())


def by_slug(session: Session, slug: str) -> Category:
    """One category; raises Invalid for a word that is none."""
    category = session.scalar(select(Category).where(Category.slug == slug))
    if category is None:
        raise Invalid(details={"categorie": "choose"})
    return category


MATCHING = text(
    "SELECT number FROM category,"
    " (SELECT plain(:typed) AS q, websearch_to_tsquery('dutch', plain(:typed)) AS words) t"
    " WHERE EXISTS (SELECT FROM unnest(array_append(synonyms, name)) AS s(word)"
    "   WHERE plain(word) = q OR word_similarity(plain(word), q) >= 0.75"
    "      OR (char_length(q) >= 3 AND plain(word) LIKE '%' || replace(replace(q, '%', ''), '_', '') || '%')"
    "      OR (numnode(words) > 0 AND to_tsvector('dutch', plain(word)) @@ words))"
    " ORDER BY (SELECT max(word_similarity(plain(word), q)) FROM unnest(array_append(synonyms, name)) AS s(word)) DESC,"
    " number LIMIT 8"
)


def matching(session: Session, typed: str) -> list[int]:
    """Numbers of the categories whose name or synonyms fit what was typed, best first."""
    return list(session.scalars(MATCHING, {"typed": typed[:200]})) if typed.strip() else []


def suggest(session: Session, typed: str) -> list[Category]:
    """Categories for the words of a question, best first; "ramen lappen" finds Klussen in huis."""
    numbers = matching(session, typed)
    rows: Iterable[Category] = session.scalars(select(Category).where(Category.number.in_(numbers)))
    return sorted(rows, key=lambda category: numbers.index(category.number))
