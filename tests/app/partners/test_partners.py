"""Organisations: joining, both signatures, colleagues and volunteers, introductions, and job lists."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.access.actor import Actor, system
from app.access.roles import Role
from app.access.sign_in import LinkDead
from app.clock import today
from app.db import Database as Program, scope_to
from app.errors import Forbidden, Invalid, NotFound, Stale
from app.help_offers import service as help_offers
from app.partners import covenants, introductions, joining, people
from app.partners.covenants import NotSignedYet
from app.partners.models import IntroductionStatus, InvitedAs
from app.partners.people import LastAdministrator
from app.partners.schemas import (
    Decided,
    IntroductionAnswer,
    IntroductionEnded,
    Invite,
    NewCovenant,
    NewIntroduction,
    NewJoining,
    Sharing,
    Signing,
)
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_member_of_staff, a_person, act
from tests.databases import Database
from tests.web.desks.cheques import an_organisation, grant

SECRET = b"geheim"
HERE = 1771
CLUB = {
    "naam": "Koor Vals Alarm",
    "soort": "club",
    "wat": "Wij zingen.",
    "telefoon": "040 1234567",
    "functie": "voorzitter",
}


class Town:
    """A desk, an administrator of the municipality, and Piet of the choir."""

    def __init__(self, database: Database, program: Program) -> None:
        self.database, self.program = database, program
        with program.transaction() as session:
            self.marja = a_member_of_staff(database, session)
            self.an = a_member_of_staff(
                database, session, role=Role.MUNICIPALITY_ADMINISTRATOR, first_name="An"
            )
            self.piet = a_person(session, first_name="Piet")

    def do(self, who: Actor, act_on: Callable[..., Any], *args: Any) -> Any:
        with self.program.transaction() as session:
            return act_on(session, act(session, who), *args)

    def choir(self) -> UUID:
        """Joined; Piet administers it."""
        asked = self.do(self.piet, joining.ask, HERE, NewJoining.model_validate(CLUB))
        id: UUID = self.do(self.marja, joining.approve, asked.id, Decided.model_validate({"versie": 1})).id
        return id

    def publish(self, words: str = "Wij sturen niemand door zonder ja.", **more: Any) -> None:
        self.do(self.an, covenants.publish, HERE, NewCovenant.model_validate({"tekst": words, **more}))

    def signed(self, organisation_id: UUID) -> Any:
        rows = rows_of(
            self.database, "SELECT covenant_signed_on FROM organisation WHERE id = :id", id=organisation_id
        )
        return rows[0][0]

    def told(self, kind: str) -> list[UUID]:
        rows = rows_of(self.database, "SELECT person_id FROM notice WHERE kind = :kind ORDER BY 1", kind=kind)
        return [row.person_id for row in rows]


@pytest.fixture
def town(fresh_database: Database, program: Program) -> Town:
    return Town(fresh_database, program)


def signing(number: int = 1, name: str = "Piet de Boer", *, agrees: bool = True) -> Signing:
    return Signing.model_validate(
        {"nummer": number, "naam": name, "functie": "voorzitter", "akkoord": agrees}
    )


def test_an_organisation_joins_step_by_step_and_is_bound_once_both_signed(town: Town) -> None:
    choir = town.choir()
    assert town.told("joining-waits") == [town.marja.person_id]
    assert town.told("joining-approved") == [town.piet.person_id]
    (standing,) = town.do(town.piet, joining.standing)
    assert (standing.organisation.id, standing.described, standing.signed, standing.colleagues) == (
        choir,
        True,
        False,
        1,
    )
    town.publish()
    with pytest.raises(Invalid):
        town.do(town.piet, covenants.sign, choir, signing(agrees=False))
    with pytest.raises(NotSignedYet):
        town.do(town.an, covenants.countersign, choir, signing(name="An"))
    town.do(town.piet, covenants.sign, choir, signing())
    assert town.signed(choir) is None  # one signature binds nobody
    with pytest.raises(Forbidden):
        town.do(town.marja, covenants.countersign, choir, signing(name="Marja"))
    paper = town.do(town.an, covenants.countersign, choir, signing(name="An de Wit"))
    with town.program.transaction() as session:
        assert town.signed(choir) == today(session)
    assert paper.stands
    assert town.told("covenant-stands") == [town.piet.person_id]


def test_a_new_version_is_signed_anew_and_whoever_does_not_is_let_go(
    town: Town, travel: Callable[[timedelta], None]
) -> None:
    choir = town.choir()
    town.publish()
    town.do(town.piet, covenants.sign, choir, signing())
    town.do(town.an, covenants.countersign, choir, signing(name="An"))
    with town.program.transaction() as session:
        until = (today(session) + timedelta(days=30)).isoformat()
    town.publish("Wij vragen een VOG.", watVeranderde="De VOG.", tekenVoor=until)
    with pytest.raises(Stale):
        town.do(town.piet, covenants.sign, choir, signing(1))

    def night() -> None:
        with town.program.transaction() as session:
            worker = system(frozenset({HERE}))
            scope_to(session, worker.scope)
            covenants.let_go(session, worker)

    night()
    assert town.signed(choir) is not None
    travel(timedelta(days=32))
    night()
    assert town.signed(choir) is None
    # what was signed stays as it was
    assert len(rows_of(town.database, "SELECT id FROM covenant_signature")) == 2
    with town.program.transaction() as session:
        act(session, town.piet)
        with pytest.raises(Exception, match="permission denied"), session.begin_nested():
            session.execute(text("UPDATE covenant_signature SET name = 'x'"))


def test_nobody_signs_or_reads_for_an_organisation_that_is_not_theirs(town: Town) -> None:
    choir = town.choir()
    town.publish()
    with town.program.transaction() as session:
        joop = a_person(session, first_name="Joop")
    for act_on in (covenants.paper, people.colleagues, people.volunteers):
        with pytest.raises(NotFound):
            town.do(joop, act_on, choir)
    with pytest.raises(NotFound):
        town.do(joop, covenants.sign, choir, signing())
    with pytest.raises(NotFound):
        town.do(joop, joining.standing)


def test_a_refusal_has_a_reason_and_nobody_lets_in_their_own(town: Town) -> None:
    asked = town.do(town.piet, joining.ask, HERE, NewJoining.model_validate(CLUB))
    with pytest.raises(Invalid):
        town.do(town.marja, joining.reject, asked.id, Decided.model_validate({"versie": 1}))
    town.do(
        town.marja,
        joining.reject,
        asked.id,
        Decided.model_validate({"versie": 1, "reden": "Er is al een koor."}),
    )
    assert town.told("joining-rejected") == [town.piet.person_id]
    own = town.do(town.marja, joining.ask, HERE, NewJoining.model_validate(CLUB))
    with pytest.raises(Forbidden):
        town.do(town.marja, joining.approve, own.id, Decided.model_validate({"versie": 1}))


def invited(town: Town, choir: UUID, who: str, role: InvitedAs, **more: Any) -> str:
    new = Invite.model_validate({"email": who, "voornaam": "Joke", "rol": role.value, **more})
    row = town.do(town.piet, people.invite, choir, new)
    return people.token_of(SECRET, row.id)


def test_a_colleague_comes_by_a_link_for_their_own_address_and_somebody_stays_to_administer(
    town: Town,
) -> None:
    choir = town.choir()
    with town.program.transaction() as session:
        joke = a_person(session, first_name="Joke", email="joke@voorbeeld.nl")
        other = a_person(session, first_name="Kees")
    token = invited(town, choir, "Joke@voorbeeld.nl", InvitedAs.MEMBER)
    with pytest.raises(LinkDead):
        town.do(other, people.accept, SECRET, token)
    town.do(joke, people.accept, SECRET, token)
    with pytest.raises(LinkDead):
        town.do(joke, people.accept, SECRET, token)  # once
    names = [(one.first_name, one.role) for one in town.do(joke, people.colleagues, choir)]
    assert names == [("Joke", InvitedAs.MEMBER), ("Piet", InvitedAs.ADMINISTRATOR)]
    there = {one.first_name: one.grant_id for one in town.do(town.piet, people.colleagues, choir)}
    with pytest.raises(LastAdministrator):
        town.do(town.piet, people.end_role, choir, there["Piet"])
    with pytest.raises(NotFound):
        town.do(joke, people.end_role, choir, there["Piet"])
    town.do(town.piet, people.end_role, choir, there["Joke"])
    with pytest.raises(NotFound):
        town.do(joke, people.colleagues, choir)


def test_a_volunteer_helps_under_the_flag_for_its_people_only_or_for_everybody(town: Town) -> None:
    choir = town.choir()
    with town.program.transaction() as session:
        tonnie, offer = a_helper(session, first_name="Tonnie")
        email: str = session.execute(
            text("SELECT email FROM contact WHERE person_id = :p"), {"p": tonnie.person_id}
        ).scalar_one()
    token = invited(town, choir, email, InvitedAs.VOLUNTEER, alleenVoorOns=True)
    town.do(tonnie, people.accept, SECRET, token)

    def stands() -> tuple[UUID | None, bool]:
        row = rows_of(
            town.database, "SELECT organisation_id, exclusive FROM help_offer WHERE id = :id", id=offer.id
        )[0]
        return row[0], row[1]

    assert stands() == (choir, True)
    (row,) = town.do(town.piet, people.volunteers, choir)
    town.do(town.piet, people.share, choir, row.id, Sharing())
    assert stands() == (choir, False)
    assert town.told("volunteer-sharing") == [tonnie.person_id]
    with town.program.transaction() as session:
        act(session, tonnie)
        assert [one.id for one in help_offers.flags(session, tonnie.person_id)] == [choir]
    town.do(tonnie, people.leave, row.id)
    assert stands() == (None, False)
    assert town.do(town.piet, people.volunteers, choir) == []


def test_two_organisations_meet_once_both_said_yes(town: Town) -> None:
    choir, kitchen = town.choir(), an_organisation(town.database, "Eettafel")
    with town.program.transaction() as session:
        els = a_person(session, first_name="Els")
    grant(town.database, els, Role.ORGANISATION_MEMBER, kitchen)
    two = NewIntroduction.model_validate({"een": choir, "ander": kitchen, "waarom": "Zingen aan tafel."})
    row = town.do(town.marja, introductions.propose, HERE, two)
    assert set(town.told("introduction")) == {town.piet.person_id, els.person_id}
    met = town.do(
        town.piet, introductions.answer, row.id, IntroductionAnswer.model_validate({"ja": True, "versie": 1})
    )
    assert met.row.status is IntroductionStatus.PROPOSED
    with pytest.raises(Stale):
        town.do(
            els, introductions.answer, row.id, IntroductionAnswer.model_validate({"ja": True, "versie": 1})
        )
    met = town.do(
        els, introductions.answer, row.id, IntroductionAnswer.model_validate({"ja": True, "versie": 2})
    )
    assert (met.row.status, met.other.name) == (IntroductionStatus.AGREED, "Koor Vals Alarm")
    assert set(town.told("introduction-yes")) == {town.piet.person_id, els.person_id}
    ended = IntroductionEnded.model_validate({"uitkomst": "Elke maand een lied.", "versie": met.row.version})
    assert town.do(town.marja, introductions.finish, row.id, ended).outcome == "Elke maand een lied."
    with pytest.raises(NotFound):
        town.do(
            town.marja,
            introductions.answer,
            row.id,
            IntroductionAnswer.model_validate({"ja": True, "versie": 4}),
        )
