"""The glossary lists every name that JSON and forms use, and no name that they do not.

A failure prints the lines to put into docs/glossary.md, or to take out; `tests/docs/write_glossary.py` does so.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib import import_module
from inspect import get_annotations
from pkgutil import walk_packages

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

import app
import web
from app import words
from app.schemas import Incoming, Outgoing
from tests.databases import ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"
CELL = re.compile(r"`([^`]+)`")
VALUES = {
    "States": words.STATES,
    "Origins": words.ORIGINS,
    "Reasons": words.TERMS,
    "Outcomes of a redistribution": words.OUTCOMES,
    "States of a line": words.LINES,
    "Kinds of booking": words.LEDGER,
}


def schemas() -> Iterator[type[BaseModel]]:
    """Every schema of the program, with the forms that only a page has."""
    for package in (app, web):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    waiting: list[type[BaseModel]] = [Incoming, Outgoing]
    while waiting:
        schema = waiting.pop()
        waiting += schema.__subclasses__()
        if schema.__module__.startswith(("app.", "web.")):
            yield schema


def feature(schema: type[BaseModel]) -> str:
    """The schema with its folder, or its page: two features may use one name."""
    parts = schema.__module__.split(".")
    place = f"web.{parts[-1]}" if parts[0] == "web" else parts[1]
    return f"{place}.{schema.__name__}"


def written(schema: type[BaseModel], name: str, field: FieldInfo) -> str:
    """The field as JSON and forms spell it."""
    alias = field.serialization_alias if issubclass(schema, Outgoing) else field.validation_alias
    return alias if isinstance(alias, str) else field.alias or name


def names() -> dict[tuple[str, str], set[str]]:
    """Dutch name and English field, and the schemas that declare the pair."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for schema in schemas():
        for name in get_annotations(schema).keys() & schema.model_fields.keys():
            found[written(schema, name, schema.model_fields[name]), name].add(feature(schema))
    return found


def lines() -> list[str]:
    """The table of names as the glossary should have it."""
    ordered = sorted(names().items(), key=lambda item: (item[0][0].lower(), item[0]))
    return [
        f"| `{dutch}` | `{english}` | {', '.join(f'`{schema}`' for schema in sorted(where))} |"
        for (dutch, english), where in ordered
    ]


def table(heading: str) -> list[str]:
    """The rows under a heading of the glossary."""
    _, _, rest = GLOSSARY.read_text(encoding="utf-8").partition(f"## {heading}\n")
    section = rest.partition("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("| `")]


def test_the_glossary_has_every_name_of_json_and_forms_and_no_other() -> None:
    there, wanted = table("Names in JSON and forms"), lines()

    missing = [line for line in wanted if line not in there]
    left_over = [line for line in there if line not in wanted]
    assert missing + left_over == [], "\n".join(["put in:", *missing, "take out:", *left_over])


def test_the_glossary_lists_names_in_order_of_the_alphabet() -> None:
    there = [CELL.findall(line)[0].lower() for line in table("Names in JSON and forms")]

    assert there == sorted(there)


@pytest.mark.parametrize("heading", VALUES)
def test_the_glossary_has_every_dutch_word_that_stands_for_an_english_one(heading: str) -> None:
    there = [tuple(CELL.findall(line)[:2]) for line in table(heading)]

    assert sorted(there) == sorted(pairs(VALUES[heading]))


def pairs(meanings: Mapping[str, str]) -> list[tuple[str, str]]:
    """Dutch word and English one."""
    return [(dutch, english) for english, dutch in meanings.items()]


def test_one_dutch_name_has_one_meaning_within_a_schema() -> None:
    twice = [
        feature(schema)
        for schema in schemas()
        if len({written(schema, name, field) for name, field in schema.model_fields.items()})
        < len(schema.model_fields)
    ]

    assert twice == []
