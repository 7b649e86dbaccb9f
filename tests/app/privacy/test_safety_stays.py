"""What is kept for somebody's safety: nobody's wish makes it go away, and it goes when its own term is over."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.access.sign_in import act_as
from app.audit import chain, service as audit
from app.audit.service import Search
from app.audit.write import Act
from app.checks import service as checks
from app.checks.schemas import NewCheck
from app.clock import today
from app.config import Settings
from app.db import Database as Program
from app.jobs.evidence import chain_audit
from app.jobs.tasks import let_go
from app.jobs.work import Work
from app.people import service as people
from app.people.service import PersonChange
from app.privacy import erase, export
from app.safety import blocks, files, reports, subjects, suspensions
from app.safety.schemas import (
    Disclosure,
    Handling,
    NewBlock,
    NewEntry,
    NewFile,
    NewReport,
    NewSuspension,
    Opening,
)
from tests.app.conftest import rows_of
from tests.app.factories import GELDROP_MIERLO, a_helper, a_member_of_staff, a_person, an_agreement
from tests.databases import Database

NAME = "Zwaantje"
SAW = "Zwaantje Quispel klonk bang en hing op."
WHY = Opening.model_validate({"reden": "Zij belde vanmorgen in paniek."})
REPORTED = {"waarover": "unsafe", "uitleg": "Hij vroeg steeds naar mijn geld.", "hoeSnel": "now"}
YEAR = timedelta(days=366)


class Home:
    """Somebody with a helper, a report about him, a block, a check, and a file that she does not know of."""

    def __init__(self, program: Program, database: Database, settings: Settings) -> None:
        self.program, self.database, self.settings = program, database, settings
        with program.transaction() as session:
            self.me = a_person(session, first_name=NAME, email="zwaantje@voorbeeld.nl")
            typed = {"voornaam": NAME, "achternaam": "Quispel", "postcode": "5664 HJ"}
            people.change(session, self.me, PersonChange.model_validate(typed))
            self.helper = a_helper(session, first_name="Tonnie")[0]
            agreement = an_agreement(session, act_as(session, self.me.person_id), self.helper)
            met = subjects.contact(session, self.me, "afspraak", agreement.id)
            self.report = reports.report(session, self.me, met, NewReport.model_validate(REPORTED))
            blocks.block(session, self.me, met, NewBlock.model_validate({"afspraken": "stop"}))
        with program.transaction() as session:
            self.makelaar = a_member_of_staff(database, session)
            self.officer = a_member_of_staff(database, session, first_name="Fatma", role=Role.SAFETY_OFFICER)
            self.privacy = a_member_of_staff(database, session, first_name="Bas", role=Role.PRIVACY_OFFICER)
        self.file: UUID = self.as_("officer", self._begin)

    def _begin(self, session: Session, officer: Actor) -> UUID:
        new = NewFile.model_validate({"aanleiding": "Blauwe plekken, twee keer gezien."})
        file = files.start(session, officer, self.me.person_id, new)
        files.open_file(session, officer, file.id, WHY)
        files.write(session, officer, file.id, NewEntry.model_validate({"soort": "call", "notitie": SAW}))
        return file.id

    def as_(self, who: str, do: Callable[[Session, Actor], Any]) -> Any:
        """In a transaction of their own."""
        with self.program.transaction() as session:
            return do(session, act_as(session, getattr(self, who).person_id))

    def forget(self) -> erase.Receipt:
        """She has herself forgotten."""
        receipt: erase.Receipt = self.as_(
            "me", lambda session, actor: erase.erase(session, actor, self.settings, to_pot=True)
        )
        return receipt

    def rows(self, query: str, **values: Any) -> list[Any]:
        """Behind the scenes."""
        return rows_of(self.database, query, **values)

    def let_go(self) -> None:
        """A night."""
        let_go(Work(self.settings, self.program))


@pytest.fixture
def house(program: Program, fresh_database: Database, tmp_path: Path) -> Home:
    return Home(program, fresh_database, Settings(data_dir=tmp_path))


def test_a_file_about_safety_outlives_a_wish_to_be_forgotten_and_nothing_tells_of_it(house: Home) -> None:
    receipt = house.forget()

    assert "safety_file" not in str(receipt.counts)
    seen = house.as_("officer", lambda session, actor: files.read(session, actor, house.file))
    assert (seen.file.about, [one.text for one in seen.entries]) == (f"{NAME} Quispel", [SAW])
    face = house.rows("SELECT first_name FROM person WHERE id = :id", id=house.me.person_id)
    assert face[0].first_name == "Iemand"


def test_a_report_stays_without_the_names_and_a_block_of_ones_own_goes(house: Home) -> None:
    house.forget()

    (report,) = house.rows("SELECT * FROM safety_report")
    assert (report.words, report.about_id) == (REPORTED["uitleg"], house.helper.person_id)
    assert house.rows("SELECT id FROM person_block") == []


def test_whom_a_report_is_about_cannot_make_it_go_away(house: Home) -> None:
    house.as_("helper", lambda session, actor: erase.erase(session, actor, house.settings, to_pot=True))

    (report,) = house.rows("SELECT * FROM safety_report")
    assert (report.words, report.status) == (REPORTED["uitleg"], "new")


def test_the_log_and_the_books_verify_after_somebody_was_forgotten(house: Home, tmp_path: Path) -> None:
    (sink := tmp_path / "audit.log").touch()
    work = Work(house.settings.model_copy(update={"audit_sink": str(sink)}), house.program)
    chain_audit(work)
    house.forget()
    chain_audit(work)

    with work.transaction() as (session, _):
        assert chain.faults(session) + chain.differs(session, work.settings) == []
        assert chain.state(session).waiting == 0
    assert house.rows("SELECT * FROM ledger.violation") == []


def test_who_opened_the_file_is_in_the_log_at_once_and_in_ones_own_part_from_the_day_that_was_set(
    house: Home, travel: Callable[[timedelta], None]
) -> None:
    def officers_part(session: Session, actor: Actor) -> list[str]:
        return [
            one.by for one in audit.search(session, actor, Search.model_validate({"wat": Act.SAFETY_FILE}))
        ]

    def own_part(session: Session, actor: Actor) -> list[str]:
        return [one.by for one in audit.mine(session, actor) if one.act is Act.SAFETY_FILE]

    assert house.as_("privacy", officers_part) == ["Fatma"]
    assert house.as_("me", own_part) == []
    assert "Fatma" not in house.as_("me", the_copy)

    travel(timedelta(days=180))
    house.as_("officer", lambda session, actor: files.open_file(session, actor, house.file, WHY))
    house.as_("officer", put_off(house.file, days=90))
    travel(timedelta(days=10))
    assert house.as_("me", own_part) == []  # the day was moved after the look was written

    travel(timedelta(days=90))
    assert house.as_("me", own_part) == ["Fatma", "Fatma"]
    assert "Fatma" in house.as_("me", the_copy)


def put_off(file: UUID, *, days: int) -> Callable[[Session, Actor], object]:
    """The officer says that the person would be in danger."""

    def act(session: Session, actor: Actor) -> object:
        day = (today(session) + timedelta(days=days)).isoformat()
        return files.disclose(
            session, actor, file, Disclosure.model_validate({"vanaf": day, "uitleg": "Hij leest mee."})
        )

    return act


def the_copy(session: Session, actor: Actor) -> str:
    """All that somebody gets of themselves."""
    return export.collect(session, actor, "K-1").as_json()


def test_ones_copy_has_ones_own_report_and_not_what_others_reported(house: Home) -> None:
    assert REPORTED["uitleg"] in house.as_("me", the_copy)
    assert REPORTED["uitleg"] not in house.as_("helper", the_copy)
    assert "person_block" not in house.as_("helper", the_copy)


def test_the_reporter_reads_who_opened_the_report_and_whom_it_is_about_does_not(house: Home) -> None:
    house.as_("makelaar", lambda session, actor: reports.open_report(session, actor, house.report))

    def acts(session: Session, actor: Actor) -> list[Act]:
        return [one.act for one in audit.mine(session, actor)]

    assert Act.REPORT in house.as_("me", acts)
    assert Act.REPORT not in house.as_("helper", acts)


def test_who_read_ones_checks_is_written_down_and_the_checks_are_copied_and_forgotten(house: Home) -> None:
    helper = house.helper.person_id

    def seen(session: Session, actor: Actor) -> None:
        checks.record(session, actor, helper, NewCheck.model_validate({"soort": "vog"}))
        checks.of_person(session, actor, helper)

    house.as_("makelaar", seen)

    assert [one.by for one in house.as_("helper", audit.mine) if one.act is Act.CHECKS] == ["Marja"]
    assert '"person_check"' in house.as_("helper", the_copy)
    house.as_("helper", lambda session, actor: erase.erase(session, actor, house.settings, to_pot=True))
    assert house.rows("SELECT id FROM person_check WHERE person_id = :id", id=helper) == []


def test_the_words_of_a_handled_report_go_after_two_years_and_of_an_open_one_never(
    house: Home, travel: Callable[[timedelta], None]
) -> None:
    answer = {"uitkomst": "talked", "antwoord": "Wij belden hem.", "versie": 1}
    house.as_(
        "makelaar",
        lambda session, actor: suspensions.suspend(
            session, actor, house.helper.person_id,
            NewSuspension.model_validate({
                "waarom": "looking", "uitleg": "Wij zoeken iets uit.", "afspraken": "keep",
                "kijkWeerOp": (today(session) + timedelta(days=30)).isoformat(),
            }),
        ),
    )  # fmt: skip
    travel(2 * YEAR)
    house.let_go()
    assert house.rows("SELECT words FROM safety_report")[0].words == REPORTED["uitleg"]
    version = house.rows("SELECT version FROM safety_report")[0].version
    house.as_(
        "makelaar",
        lambda session, actor: reports.handle(
            session, actor, house.report, Handling.model_validate(answer | {"versie": version})
        ),
    )

    travel(YEAR)
    house.let_go()
    assert house.rows("SELECT words FROM safety_report")[0].words == REPORTED["uitleg"]
    travel(YEAR)
    house.let_go()

    assert house.rows("SELECT words, answer FROM safety_report") == [("[gewist]", "")]
    assert house.rows("SELECT told FROM suspension")[0].told == "Wij zoeken iets uit."  # it was never lifted


def test_a_closed_file_goes_after_fifteen_years_with_all_that_stands_in_it(
    house: Home, travel: Callable[[timedelta], None]
) -> None:
    house.as_("officer", lambda session, actor: files.close(session, actor, house.file))
    travel(14 * YEAR)
    house.let_go()
    assert len(house.rows("SELECT id FROM safety_file")) == 1

    travel(2 * YEAR)
    house.let_go()

    for table in ("safety_file", "safety_entry", "safety_step", "safety_opening"):
        assert house.rows(f"SELECT id FROM {table}") == []
    done = house.rows("SELECT done FROM retention_run WHERE kind = 'safety_file' AND done > 0")
    assert [row.done for row in done] == [1]


def test_a_check_goes_a_year_after_it_ended(house: Home, travel: Callable[[timedelta], None]) -> None:
    helper = house.helper.person_id

    def seen(session: Session, actor: Actor) -> None:
        until = (today(session) + timedelta(days=30)).isoformat()
        for name, last in (("vog", until), ("identiteit", None)):
            new = NewCheck.model_validate({"soort": name, "totEnMet": last})
            checks.record(session, actor, helper, new)

    house.as_("makelaar", seen)
    travel(YEAR)
    house.let_go()
    assert len(house.rows("SELECT id FROM person_check")) == 2
    travel(timedelta(days=40))
    house.let_go()

    assert [row.kind for row in house.rows("SELECT kind FROM person_check")] == [2]
    assert house.rows("SELECT municipality_id FROM person_check")[0].municipality_id == GELDROP_MIERLO
