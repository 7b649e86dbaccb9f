"""In a region full of everything: what somebody who acts for another reads of that person, table by table."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db import Scope, scope_to
from tests.app.demo.conftest import Region

PSEUDONYM = "(SELECT id FROM person WHERE pseudonym = {})"
THEIRS_ALONE = {
    "cheque_seller": "person_id", "person_check": "person_id", "role_grant": "person_id", "agreed_cost": "asker_id",
    "paid_cost": "asker_id", "welfare_plan": "person_id", "welfare_grant": "person_id", "notice": "person_id",
    "welfare_spending": "person_id", "welfare_receipt": "person_id", "help_offer": "person_id",
    "ledger.allowance": PSEUDONYM.format("person"), "rules_acceptance": "person_id",
    "safety_report": "reporter_id", "person_block": "blocker_id", "suspension": "person_id",
    "suspension_appeal": "person_id",
}  # fmt: skip
"""Nobody reads these in another's name, and whose each row is."""
FOR_WHO_DECIDES = {
    "roosjes_note": "to_id", "line_question": "asked_by_id", "ledger_note": "person_id",
    "ledger.account": PSEUDONYM.format("owner_pseudonym"), "ledger.pending": PSEUDONYM.format("asked_by"),
}  # fmt: skip
"""What the statement tells: for who is authorised, and not for a contact person."""
SIGNED_UP = "activity_signup"
"""Who is authorised sees where somebody goes; a contact person signs them up, and sees what they signed up for."""
OF_A_QUESTION = {
    "ring_arc": "giver_id", "ring": "member_ids[1]", "state_event": "by_person_id", "representation": "represented_id"
}  # fmt: skip
"""Where a contact person who asked nothing reads nothing but the consent that they act under."""


@pytest.fixture
def acting(region: Region, looking: Session) -> Iterator["Acting"]:
    """Somebody with a consent that is taken out of the region again."""
    made = Acting(region, looking)
    yield made
    looking.rollback()
    region.rows("DELETE FROM representation WHERE id = ANY (:ids) RETURNING id", ids=made.consents)


class Acting:
    """Sees a person's rows as the person does, and as somebody who acts for them."""

    def __init__(self, region: Region, session: Session) -> None:
        self.region = region
        self.session = session
        self.consents: list[UUID] = []

    def whose(self, table: str, column: str) -> UUID:
        """Somebody who has a row there."""
        person: UUID = self.region.rows(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL LIMIT 1")[
            0
        ][0]
        return person

    def reads(self, table: str, column: str, person: UUID, kind: str = "") -> int:
        """How many of the person's rows there are for themselves or, with a kind, for who acts for them."""
        consent = self._consent(person, kind) if kind else None
        pseudonym = self.session.execute(text("SELECT pseudonym FROM person WHERE id = :id"), {"id": person})
        scope_to(self.session, Scope(person, pseudonym.scalar_one(), representation=consent))
        return self.counts(table, column, person)

    def counts(self, table: str, column: str, person: UUID) -> int:
        """How many of the person's rows there are for whoever looks."""
        own = text(f"SELECT count(*) FROM {table} WHERE {column} = :person")
        count: int = self.session.execute(own, {"person": person}).scalar_one()
        return count

    def _consent(self, person: UUID, kind: str) -> UUID:
        id = uuid4()
        self.consents.append(id)
        self.region.rows(
            "INSERT INTO representation (id, municipality_id, representative_id, represented_id, kind, status,"
            " claimed, question, consent_way, consent_at, recorded_by_id)"
            " SELECT :id, 1771, p.id, :person, :kind, 'active', '{}', '{}', 'schriftelijk', ledger.now(), p.id"
            " FROM person p WHERE p.id <> :person AND NOT EXISTS (SELECT FROM representation r"
            " WHERE r.representative_id = p.id OR r.represented_id = p.id) LIMIT 1 RETURNING id",
            id=id, person=person, kind=kind,
        )  # fmt: skip
        return id


@pytest.mark.parametrize(("table", "column"), THEIRS_ALONE.items())
def test_what_is_a_persons_alone_is_read_in_nobody_elses_name(
    acting: Acting, table: str, column: str
) -> None:
    person = acting.whose(table, column)

    assert acting.reads(table, column, person) > 0
    assert [acting.reads(table, column, person, kind) for kind in ("contactpersoon", "gemachtigde")] == [0, 0]


@pytest.mark.parametrize(("table", "column"), FOR_WHO_DECIDES.items())
def test_what_the_statement_tells_is_for_who_decides(acting: Acting, table: str, column: str) -> None:
    person = acting.whose(table, column)

    own = acting.reads(table, column, person)

    assert own > 0
    assert acting.reads(table, column, person, "gemachtigde") == own
    assert acting.reads(table, column, person, "contactpersoon") == 0


def test_a_contact_person_reads_of_what_one_goes_to_only_what_they_signed_up_for(
    acting: Acting, region: Region
) -> None:
    person = acting.whose(SIGNED_UP, "person_id")
    own = acting.reads(SIGNED_UP, "person_id", person)

    assert own > 0
    assert acting.reads(SIGNED_UP, "person_id", person, "gemachtigde") == own
    assert acting.reads(SIGNED_UP, "person_id", person, "contactpersoon") == 0

    taken = region.rows(
        "SELECT id, by_id FROM activity_signup WHERE person_id = :person LIMIT 1", person=person
    )[0]
    by = "UPDATE activity_signup SET by_id = :by WHERE id = :id RETURNING id"
    last = region.rows("SELECT representative_id FROM representation WHERE id = :id", id=acting.consents[-1])
    region.rows(by, by=last[0][0], id=taken[0])
    try:
        assert acting.counts(SIGNED_UP, "person_id", person) == 1
    finally:
        acting.session.rollback()
        region.rows(by, by=taken[1], id=taken[0])


def test_who_decides_reads_the_yes_to_sensitive_requests_and_no_other(acting: Acting) -> None:
    ((person, sensitive),) = acting.region.rows(
        "SELECT person_id, count(*) FILTER (WHERE purpose = 'gevoelig') FROM consent GROUP BY 1"
        " HAVING count(DISTINCT purpose) > 1 AND bool_or(purpose = 'gevoelig') LIMIT 1"
    )

    assert acting.reads("consent", "person_id", person) > sensitive > 0
    assert acting.reads("consent", "person_id", person, "gemachtigde") == sensitive
    assert acting.reads("consent", "person_id", person, "contactpersoon") == 0


@pytest.mark.parametrize(("table", "column"), OF_A_QUESTION.items())
def test_a_contact_person_who_asked_nothing_reads_nothing_of_it(
    acting: Acting, table: str, column: str
) -> None:
    person = acting.whose(table, column)

    assert acting.reads(table, column, person) > 0
    own_consent = 1 if table == "representation" else 0
    assert acting.reads(table, column, person, "contactpersoon") == own_consent
