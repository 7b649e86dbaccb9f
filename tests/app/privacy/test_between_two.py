"""What is between two people, and where one signed up: in one's copy, gone with oneself, and past its term."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.access.actor import Actor, system
from app.activities import joining
from app.agreements import occur
from app.config import Settings
from app.conversations import service as conversations
from app.conversations.schemas import NewMessage
from app.db import Database as Program, scope_to
from app.ids import uuid7
from app.jobs.tasks import let_go
from app.jobs.work import Work
from app.privacy import erase, export
from app.satisfaction import service as satisfaction
from app.satisfaction.schemas import NewSatisfaction
from tests.app.activities.making import hosted_by_desk, joining as to_join
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_member_of_staff, a_person, act, an_agreement
from tests.databases import Database

Travel = Callable[[timedelta], None]
HERS, HIS = "Ik zag er tegenop, maar het viel mee.", "Zij vertelde over vroeger."


class Pair:
    """Ria and Tonnie wrote, it was done, both looked back, and Ria signed up to eat with others."""

    def __init__(self, database: Database, program: Program, travel: Travel) -> None:
        self.database, self.program = database, program
        with program.transaction() as session:
            marja = a_member_of_staff(database, session)
            self.ria, (self.tonnie, _) = a_person(session), a_helper(session)
            agreement = an_agreement(session, self.ria, self.tonnie, days=1)
            self.proposal_id: UUID = agreement.proposal_id
            self.meal = hosted_by_desk(session, marja, days=20).id
        (time,) = rows_of(database, "SELECT id FROM occurrence")
        self.says(self.ria, HERS)
        self.says(self.tonnie, HIS)
        travel(timedelta(days=2))
        for who in (self.tonnie, self.ria):
            with program.transaction() as session:
                occur.happened(session, act(session, who), time.id)
        for who, words in ((self.ria, "Hij kwam te laat."), (self.tonnie, "Fijn gewandeld.")):
            typed = {"gezicht": "gaat-wel", "woorden": words, "voorWie": "makelaar"}
            with program.transaction() as session:
                satisfaction.say(session, act(session, who), time.id, NewSatisfaction.model_validate(typed))
        with program.transaction() as session:
            joining.join(session, act(session, self.ria), self.meal, to_join(guests=1))

    def says(self, who: Actor, words: str) -> None:
        typed = {"bericht": words, "sleutel": str(uuid7())}
        with self.program.transaction() as session:
            new = NewMessage.model_validate(typed)
            conversations.send(session, act(session, who), self.proposal_id, new)

    def copy(self, who: Actor) -> dict[str, list[Any]]:
        with self.program.transaction() as session:
            made = export.collect(session, act(session, who), "K-1")
        return {name: list(rows) for part in made.parts for name, rows in part.rows.items()}

    def words(self, table: str) -> list[str]:
        return sorted(row.words for row in rows_of(self.database, f"SELECT words FROM {table}"))


@pytest.fixture
def pair(fresh_database: Database, program: Program, travel: Travel) -> Pair:
    return Pair(fresh_database, program, travel)


def test_ones_copy_holds_ones_own_words_and_places_and_none_of_the_others(pair: Pair) -> None:
    copy = pair.copy(pair.ria)

    assert [row["words"] for row in copy["message"]] == [HERS]
    assert [row["words"] for row in copy["satisfaction"]] == ["Hij kwam te laat."]
    assert [row["heads"] for row in copy["activity_signup"]] == [2]
    his = pair.copy(pair.tonnie)
    assert [row["words"] for row in his["message"]] == [HIS]
    assert "activity_signup" not in his


def test_who_is_forgotten_takes_their_words_along_and_gives_the_place_back(
    pair: Pair, tmp_path: Path
) -> None:
    with pair.program.transaction() as session:
        erase.erase(session, act(session, pair.ria), Settings(data_dir=tmp_path), to_pot=True)

    assert pair.words("message") == [HIS]
    assert pair.words("satisfaction") == ["", "Fijn gewandeld."]
    assert rows_of(pair.database, "SELECT FROM activity_signup") == []
    assert [row.taken for row in rows_of(pair.database, "SELECT taken FROM activity_date")] == [0]


def test_each_goes_in_the_night_of_its_term(pair: Pair, travel: Travel) -> None:
    """Messages half a year after the agreement, names of a meal after three months, words about it with the help."""
    left: list[tuple[int, int, list[str]]] = []
    for days in (60, 150, 2 * 365):
        travel(timedelta(days=days))
        let_go(Work(Settings(), pair.program))
        with pair.program.transaction() as session:
            scope_to(session, system(frozenset({1771, 794})).scope)
            joining.forget_old(session)
        left.append((
            len(rows_of(pair.database, "SELECT FROM message")),
            len(rows_of(pair.database, "SELECT FROM activity_signup")),
            pair.words("satisfaction"),
        ))  # fmt: skip

    said = ["Fijn gewandeld.", "Hij kwam te laat."]
    assert left == [(2, 1, said), (0, 0, said), (0, 0, ["", ""])]
