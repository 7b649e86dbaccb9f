"""A question that changes after somebody said yes: they are asked again, and nobody is held to other terms."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.agreements import agree
from app.db import Database
from app.errors import NotAllowed, NotFound, Stale
from app.help_requests.models import HelpRequest
from app.help_requests.schemas import HelpRequestChange
from app.matches import answer, changing
from app.matches.changing import TermsAgreed
from app.matches.models import Proposal, Status
from app.notifications.models import Notice
from app.notifications.texts import text_of
from tests.app.factories import a_helper, a_person, a_request, a_willing_helper, act, an_appointment

AS_IT_WAS: dict[str, Any] = {
    "categorie": "samen-op-pad",
    "titel": "Samen naar de weekmarkt",
    "minuten": 60,
    "hoeVaak": "eenmalig",
    "soort": "roosjes",
}


class Asked:
    """Ria asked, and Tonnie said yes."""

    def __init__(self, session: Session, **request: Any) -> None:
        self.session = session
        self.helper: Actor = a_helper(session, categorieen=["samen-op-pad", "boodschappen-en-ophalen"])[0]
        self.asker: Actor = a_person(session)
        self.request: HelpRequest = a_request(session, self.asker, **request)
        self.proposal_id: UUID = a_willing_helper(session, self.asker, self.helper, self.request).id

    def change(self, **typed: Any) -> HelpRequest:
        wanted = AS_IT_WAS | {"versie": self.request.version} | typed
        changed = changing.change(
            self.session,
            act(self.session, self.asker),
            self.request.id,
            HelpRequestChange.model_validate(wanted),
        )
        self.session.flush()
        return changed

    def proposal(self) -> Proposal:
        return self.session.get_one(Proposal, self.proposal_id)

    def told(self, who: Actor) -> list[Notice]:
        act(self.session, who)
        return list(self.session.scalars(select(Notice).where(Notice.person_id == who.person_id)))


@pytest.fixture
def asked(session: Session) -> Asked:
    return Asked(session)


@pytest.mark.parametrize(
    "terms",
    [
        {"minuten": 120},
        {"categorie": "boodschappen-en-ophalen"},
        {"soort": "zonder"},
        {"hoeVaak": "wekelijks"},
    ],
    ids=str,
)
@pytest.mark.parametrize("meeting", [False, True])
def test_other_terms_ask_the_helper_again(asked: Asked, terms: dict[str, Any], meeting: bool) -> None:
    if meeting:
        answer.meet(asked.session, asked.asker, asked.proposal_id)
    asked.change(**terms)

    row = asked.proposal()
    assert (row.status, row.answered_at, row.message) == (Status.PROPOSED, None, "")
    assert (row.code_word, row.meeting_until) == ("", None)
    (notice,) = (one for one in asked.told(asked.helper) if one.kind == "changed")
    assert "Past het nog bij u?" in text_of(notice.kind, notice.params).body
    act(asked.session, asked.asker)
    with pytest.raises(NotFound):  # the asker's yes has nobody to say yes to
        agree.agree(asked.session, asked.asker, asked.proposal_id, an_appointment(asked.session))
    act(asked.session, asked.helper)
    assert answer.accept(asked.session, asked.helper, asked.proposal_id).status is Status.WILLING
    act(asked.session, asked.asker)
    made = agree.agree(asked.session, asked.asker, asked.proposal_id, an_appointment(asked.session))
    assert made.proposal_id == asked.proposal_id


def test_a_makelaar_cannot_write_down_a_yes_to_what_was_asked_before(asked: Asked) -> None:
    asked.change(minuten=120)

    with pytest.raises(NotAllowed):
        asked.proposal().step(Status.AGREED, None)


@pytest.mark.parametrize(
    "words", [{"titel": "Naar de markt"}, {"toelichting": "Bij de kerk"}, {"hoeVerKm": 9}], ids=str
)
def test_other_words_leave_the_yes_as_it_is(asked: Asked, words: dict[str, Any]) -> None:
    asked.change(**words)

    assert asked.proposal().status is Status.WILLING
    assert [one.kind for one in asked.told(asked.helper)] == []


def test_whom_it_no_longer_fits_is_thanked(asked: Asked) -> None:
    asked.change(categorie="vakman-nodig", soort="betaald")

    assert asked.proposal().status is Status.WITHDRAWN
    assert [one.kind for one in asked.told(asked.helper)] == ["not-this-time"]


def test_a_second_change_asks_and_tells_again(asked: Asked) -> None:
    asked.change(minuten=120)
    answer.accept(asked.session, act(asked.session, asked.helper), asked.proposal_id)
    asked.change(minuten=180)

    assert asked.proposal().status is Status.PROPOSED
    assert [one.kind for one in asked.told(asked.helper)] == ["changed", "changed"]


def test_what_was_agreed_keeps_its_terms(session: Session) -> None:
    asked = Asked(session, aantalHelpers=2)
    agree.agree(session, asked.asker, asked.proposal_id, an_appointment(session))
    session.flush()
    typed = {"aantalHelpers": 2}

    with pytest.raises(TermsAgreed):
        asked.change(minuten=120, **typed)
    assert asked.request.minutes == 60
    assert asked.change(titel="Naar de markt", **typed).title == "Naar de markt"


def test_who_saved_on_an_old_version_hears_that_first(asked: Asked) -> None:
    with pytest.raises(Stale):
        asked.change(minuten=120, versie=asked.request.version - 1)
    assert asked.proposal().status is Status.WILLING


def test_all_who_said_yes_are_asked_again_and_who_did_not_are_left_alone(program: Database) -> None:
    with program.transaction() as session:
        asked = Asked(session)
        second = a_helper(session, first_name="Wim")[0]
        a_willing_helper(session, asked.asker, second, asked.request)
        third = a_helper(session, first_name="Nel")[0]
        no = a_willing_helper(session, asked.asker, third, asked.request)
        answer.decline(session, act(session, third), no.id)
        act(session, asked.asker)
        assert [row.helper.first_name for row in changing.who_said_yes(session, asked.request.id)] == [
            "Tonnie",
            "Wim",
        ]
        asked.change(minuten=90)
        states = session.scalars(select(Proposal.status).order_by(Proposal.id)).all()

    assert states == [Status.PROPOSED, Status.PROPOSED, Status.DECLINED]
