"""A makelaar reads before others do: what an asker may try so as not to be read, or not to stay closed."""

from collections.abc import Callable
from typing import Any

import pytest

from app.access.actor import Actor
from app.categories.vocabulary import Visibility
from app.db import Database as Program
from app.errors import Conflict, Forbidden
from app.help_requests import service
from app.help_requests.models import HelpRequest, Status
from app.help_requests.schemas import Closing, HelpRequestChange, NewHelpRequest
from app.privacy.standing import YES
from tests.app.conftest import rows_of
from tests.app.factories import SENSITIVE_TEXT, a_member_of_staff, a_person, a_request, act
from tests.databases import Database

Act = Callable[..., HelpRequest]
WORDS: dict[str, Any] = {
    YES: SENSITIVE_TEXT,
    "categorie": "samen-op-pad",
    "titel": "Samen naar de weekmarkt",
    "minuten": 60,
}


class Desk:
    """An asker, and a makelaar who reads what is new."""

    def __init__(self, program: Program, database: Database) -> None:
        rows_of(database, "UPDATE municipality SET mediation = 3 WHERE id = 1771 RETURNING id")
        self.program = program
        with program.transaction() as session:
            self.makelaar: Actor = a_member_of_staff(database, session)
            self.asker: Actor = a_person(session)
            self.request = a_request(session, self.asker)

    def by(self, who: Actor, act_of: Act, *more: Any) -> HelpRequest:
        """One act in a transaction of its own."""
        with self.program.transaction() as session:
            self.request = act_of(session, act(session, who), self.request.id, *more)
        return self.request

    def changed(self, who: Actor, **words: Any) -> HelpRequest:
        """The request changed, on what it is now."""
        typed = {**WORDS, **words, "versie": self.request.version}
        return self.by(who, service.change, HelpRequestChange.model_validate(typed))


@pytest.fixture
def desk(program: Program, fresh_database: Database) -> Desk:
    """A municipality where a makelaar reads, with one request that waits for that."""
    made = Desk(program, fresh_database)
    assert made.request.status is Status.SUBMITTED
    return made


@pytest.mark.parametrize("act_of", [service.renew, service.send])
def test_an_asker_does_not_open_what_waits_for_a_makelaar(desk: Desk, act_of: Act) -> None:
    with pytest.raises(Conflict):
        desk.by(desk.asker, act_of)


def test_a_draft_is_sent_and_not_renewed(desk: Desk, program: Program) -> None:
    with program.transaction() as session:
        new = NewHelpRequest.model_validate(WORDS)
        desk.request = service.draft(session, act(session, desk.asker), new)

    with pytest.raises(Conflict):
        desk.by(desk.asker, service.renew)
    with pytest.raises(Forbidden):
        desk.by(desk.makelaar, service.send)
    with pytest.raises(Conflict):
        desk.by(desk.makelaar, service.release)
    assert desk.by(desk.asker, service.send).status is Status.SUBMITTED


@pytest.mark.parametrize("act_of", [service.renew, service.send])
def test_what_a_makelaar_closed_stays_closed_for_its_asker(desk: Desk, act_of: Act) -> None:
    desk.by(desk.makelaar, service.release)
    desk.by(desk.makelaar, service.close, Closing.model_validate({"reden": "niet gelukt"}))

    with pytest.raises(Conflict):
        desk.by(desk.asker, act_of)
    assert desk.by(desk.makelaar, service.renew).status is Status.OPEN


@pytest.mark.parametrize("other", [{"titel": "Heel iets anders"}, {"toelichting": "Bel mij op 06"},
                                   {"categorie": "iets-anders-of-ik-weet-het-niet"}])  # fmt: skip
@pytest.mark.parametrize("paused", [False, True])
def test_other_words_are_read_again_before_others_see_them(
    desk: Desk, other: dict[str, str], paused: bool
) -> None:
    desk.by(desk.makelaar, service.release)
    if paused:
        desk.by(desk.asker, service.pause)

    row = desk.changed(desk.asker, **other)

    assert (row.status, row.is_public) == (Status.SUBMITTED, False)


def test_another_time_needs_no_reading_and_a_makelaar_reads_while_changing(desk: Desk) -> None:
    desk.by(desk.makelaar, service.release)

    assert desk.changed(desk.asker, minuten=90, zichtbaarVoor=Visibility.EVERYONE).is_public
    assert desk.changed(desk.makelaar, titel="Samen naar de markt").is_public
