"""What every page says: plain Dutch for residents, and in English no Dutch but what people typed themselves."""

import re
from collections.abc import Iterator

import pytest

from tests.app.conftest import rows_of
from tests.app.matrix.asking import Asking
from tests.browser.every.pages import Sheet, Text, main_of, read
from tests.plain_dutch import dutch_in, flesch_douma, jargon_in, mean_length, sentences_of
from web.i18n import COOKIE

LEAVES_OUT = ("category", "category_synonym", "alembic_version", "notice_kind")
"""What is the program's own in the database, which it says in the language of the page."""
LEAST = 6
"""Sentences, before a mean says anything."""


@pytest.fixture(scope="module")
def typed(asking: Asking) -> re.Pattern[str]:
    """All that stands in the database as words: what people, municipalities and registers call things."""
    columns = rows_of(
        asking.village.database,
        "SELECT quote_ident(table_name), quote_ident(column_name) FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type IN ('text', 'character varying')"
        " AND table_name <> ALL (:out)",
        out=list(LEAVES_OUT),
    )
    words = {
        value
        for table, column in columns
        for (value,) in rows_of(
            asking.village.database,
            f"SELECT DISTINCT left({column}, 2000) FROM {table} WHERE length({column}) > 2",
        )
    }
    parts = {" ".join(line.split()) for value in words for line in value.splitlines()}
    longest_first = sorted((part for part in parts if len(part) > 2), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")


def in_english(asking: Asking, sheet: Sheet) -> str:
    """The same page, of who chose English."""
    headers = asking.village.headers[sheet.who]
    asking.village.headers[sheet.who] = headers | {"cookie": f"{headers['cookie']}; {COOKIE}=en"}
    try:
        return asking.ask_and_undo(sheet.who, sheet.route).text
    finally:
        asking.village.headers[sheet.who] = headers


def of_the_program(texts: list[Text], typed: re.Pattern[str], lang: str) -> Iterator[str]:
    """What the program says itself in a language."""
    for text in texts:
        if text.lang == lang and (left := typed.sub(" ", text.words)).strip():
            yield left


def test_no_english_page_says_anything_in_dutch(
    asking: Asking, every: list[Sheet], typed: re.Pattern[str]
) -> None:
    wrong = {}
    for sheet in every:
        texts = read(in_english(asking, sheet))
        found = [words for words in of_the_program(texts, typed, "en") if dutch_in(words)]
        if found or not texts:
            wrong[sheet.name] = found
    assert wrong == {}


def test_residents_read_plain_dutch_and_none_of_our_jargon(
    every: list[Sheet], typed: re.Pattern[str]
) -> None:
    wrong = {}
    for sheet in every:
        if sheet.at_a_desk or sheet.who not in ("visitor", "asker", "helper", "neighbour"):
            continue
        said = list(of_the_program(main_of(read(sheet.html)), typed, "nl"))
        whole = sentences_of(words for words in said if words.rstrip(' )”"').endswith((".", "!", "?")))
        faults = [f"{word}: {words}" for words in said for word in jargon_in(words)]
        if len(whole) >= LEAST:
            length, ease = mean_length(whole), flesch_douma(whole)
            faults += [f"sentences of {length:.1f} words"] if length > 12 else []
            faults += [f"reads at {ease:.0f}"] if ease < 60 else []
        if faults:
            wrong[sheet.name] = faults
    assert wrong == {}


def test_every_form_can_be_sent_without_javascript(every: list[Sheet]) -> None:
    wrong = {}
    for sheet in every:
        for head, body in re.findall(r"<form([^>]*)>(.*?)</form>", sheet.html, re.DOTALL):
            id_ = re.search(r' id="([^"]+)"', head)
            beside = f'<button type="submit" form="{id_[1]}"' in sheet.html if id_ else False
            within = re.search(r'<button(?![^>]*type="button")|<input type="submit"', body)
            if not (beside or within or 'role="search"' in head):  # a search is one field, which Enter sends
                wrong[sheet.name] = head
    assert wrong == {}
