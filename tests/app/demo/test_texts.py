"""What people write: it fits the help it is about, it differs, and it names nobody."""

import re
from collections import Counter

from app.demo.scenes import MARKET
from app.demo.wording import MOST, expansions, fragments, variables
from tests.app.demo.conftest import Region

_BETWEEN = re.compile(r"(?<=[.!?])\s+")
_WRITTEN = {
    "help_request": ("title", "body"),
    "help_offer": ("title", "body"),
    "occurrence": ("thanks",),
    "case_note": ("text",),
    "proposal": ("message",),
    "organisation": ("description",),
    "welfare_plan": ("goal", "wish", "why", "reason", "brought"),
    "welfare_spending": ("what", "reason"),
    "safety_report": ("words", "answer"),
    "safety_note": ("text",),
    "safety_file": ("why",),
    "safety_opening": ("reason",),
    "safety_entry": ("text",),
    "safety_step": ("words",),
    "suspension": ("told",),
    "suspension_appeal": ("words", "answer"),
    "roosjes_note": ("text",),
    "line_question": ("words", "answer"),
    "ledger_note": ("text",),
}
"""Where people write in their own words: what was asked for another (representations) stands among the requests."""
_TEXTS = " UNION ALL ".join(
    f"SELECT {column} FROM {table}" for table, columns in _WRITTEN.items() for column in columns
)


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [sentence for sentence in _BETWEEN.split(text) if sentence]


def sayable(files: tuple[str, ...], *keys: str) -> set[str]:
    """All sentences that the blocks of these files can say."""
    blocks = fragments(*files)
    chosen = [blocks[key] for key in keys if key in blocks]
    return {
        sentence
        for block in chosen
        for sort, templates in block.items()
        if sort != "="
        for template in templates
        for whole in expansions(template, variables(block))
        for sentence in sentences(whole)
    }


def test_everybody_of_the_demonstration_wrote_something(region: Region) -> None:
    silent = [
        table
        for table, columns in _WRITTEN.items()
        if not region.one(f"SELECT count(*) FROM {table} WHERE concat({', '.join(columns)}) <> ''")
    ]
    assert silent == []


def test_no_sentence_is_said_more_than_five_times(region: Region) -> None:
    said = Counter(sentence for (text,) in region.rows(_TEXTS) for sentence in sentences(text))
    assert [pair for pair in said.most_common(5) if pair[1] > MOST] == []


def test_every_request_speaks_of_its_own_category(region: Region) -> None:
    rows = region.rows(
        "SELECT c.slug, r.title, r.body FROM help_request r JOIN category c ON c.number = r.category_number"
        " WHERE r.title <> :market",
        market=MARKET,
    )
    assert len({slug for slug, _, _ in rows}) > 35
    for slug, title, body in rows:
        fitting = sayable(("requests_1", "requests_2"), slug)
        own, *more = sentences(body)
        assert sentences(title)[0] in fitting
        assert own in fitting
        assert set(more) <= fitting | sayable(("requests_1", "requests_2"), "*")


def test_every_offer_speaks_of_one_of_its_categories(region: Region) -> None:
    rows = region.rows(
        "SELECT array_agg(c.slug), o.title, o.body FROM help_offer o"
        " JOIN category c ON c.number = ANY (o.category_numbers) GROUP BY o.id"
    )
    for slugs, title, body in rows:
        fits = [slug for slug in slugs if title in sayable(("offers",), slug)]
        assert fits
        assert set(sentences(body)) <= sayable(("offers",), "*", *fits)


def test_every_category_has_words_for_asking_and_offering(region: Region) -> None:
    slugs = {slug for (slug,) in region.rows("SELECT slug FROM category")}
    assert slugs == set(fragments("requests_1", "requests_2")) - {"*"}
    assert slugs == set(fragments("offers")) - {"*"}
    themes = {theme for (theme,) in region.rows("SELECT theme FROM category")}
    assert themes <= set(fragments("thanks"))


def test_texts_name_nobody_and_no_illness(region: Region) -> None:
    words = set(re.findall(r"\w+", " ".join(text for (text,) in region.rows(_TEXTS))))
    names = {name for (name,) in region.rows("SELECT DISTINCT last_name FROM contact") if " " not in name}
    assert words & names == set()
    illnesses = {
        "dementie",
        "alzheimer",
        "parkinson",
        "kanker",
        "autisme",
        "adhd",
        "depressie",
        "diabetes",
        "reuma",
    }
    assert {word.lower() for word in words} & illnesses == set()


def test_sentences_are_short_and_have_an_end(region: Region) -> None:
    bodies = [s for (body,) in region.rows("SELECT body FROM help_request") for s in sentences(body)]
    lengths = [len(sentence.split()) for sentence in bodies]
    assert sum(lengths) / len(lengths) <= 12
    assert all(sentence[0].isupper() and sentence[-1] in ".!?" for sentence in bodies)
    assert not any(set(sentence) & set("{}|") for sentence in bodies)
