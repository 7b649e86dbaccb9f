"""Veiligheid in the demonstration: reports in the queue of the first desk, a block, a suspension, and a safety file."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from app import upkeep
from app.access.actor import system
from app.access.models import RoleGrant
from app.access.roles import Role
from app.access.sign_in import act_as
from app.agreements.models import Agreement, Status
from app.clock import today
from app.db import Database, scope_to
from app.demo.books import a_clock
from app.demo.desks import HOME, become, grant
from app.demo.personas import PERSONAS
from app.demo.world import Resident, World
from app.help_offers.models import HelpOffer
from app.help_requests.models import HelpRequest
from app.safety import blocks, files, reports, subjects, suspensions
from app.safety.schemas import (
    Handling,
    NewAppeal,
    NewBlock,
    NewEntry,
    NewFile,
    NewNote,
    NewReport,
    NewStep,
    NewSuspension,
    Opening,
)
from app.safety.subjects import IN_GENERAL

INSURANCE = "Vrijwilligersverzekering van de gemeente"
FLAG = "Eigen verzekering van de organisatie voor vrijwilligers"
FIRST_DAYS, NEXT_DAYS, LATELY_DAYS = 9, 4, 1
"""How long ago the reports were made: one was answered, one is late, one is new."""
ANSWER = "Wij hebben met u beiden gebeld. Deze helper mag nu even niet helpen."
TOLD = "Iemand vertelde ons dat u om een pinpas vroeg. Wij zoeken dat uit, en bellen u deze week."


def officers(world: World) -> None:
    """Who handles safety at the first desk, and who watches over the data: two who ask and offer nothing."""
    busy = {row.person_id for row in world.all(HelpRequest)} | {row.person_id for row in world.all(RoleGrant)}
    busy |= {row.person_id for row in world.all(HelpOffer)}
    free = [one for one in world.living_in(HOME) if 30 <= one.age <= 63 and one.id not in busy | world.apart]
    first, second = world.chance("safety").sample(free, 2)
    become(world, first, PERSONAS[9])
    become(world, second, PERSONAS[10])
    grant(world, first, Role.SAFETY_OFFICER, HOME)
    grant(world, second, Role.PRIVACY_OFFICER, HOME)


def arranged(database: Database, owner_url: str, world: World) -> None:
    """What the desk finds on a morning: each through the services, at its own moment."""
    answered, late, new = pairs(world)
    with upkeep.as_owner(owner_url) as connection:
        connection.execute(text("UPDATE municipality SET insurance = :words"), {"words": INSURANCE})
        # unscoped: the owner's own work
        connection.execute(text("UPDATE organisation SET insurance = :words"), {"words": FLAG})
        connection.execute(
            # unscoped: the owner's own work
            text("UPDATE agreement SET insurance = CASE WHEN flag = '' THEN :own ELSE :theirs END"),
            {"own": INSURANCE, "theirs": FLAG},
        )
    moment = world.moments.now
    with a_clock(owner_url, moment) as clock:
        clock.to(moment - timedelta(days=FIRST_DAYS))
        _answered(database, world, answered)
        clock.to(moment - timedelta(days=NEXT_DAYS))
        _report(
            database,
            late,
            "boundary",
            "Mijn helper blijft langer dan wij afspraken, ook als ik moe ben.",
            "later",
        )
        _file(database, world, late.asker_id)
        clock.to(moment - timedelta(days=LATELY_DAYS))
        _appealed(database, answered.helper_id)
        _report(database, new, "damage", "Er viel een vaas. Wie betaalt dat nu?", "soon")
        _in_general(database, world.personas["bewoner"])


def pairs(world: World) -> tuple[Agreement, Agreement, Agreement]:
    """Between whom something went wrong: the two who fell out, and two pairs whose help goes on if any."""
    since = world.moments.at(FIRST_DAYS + 1, 0)
    known = [
        row for row in sorted(world.all(Agreement), key=lambda row: (row.created_at, row.id), reverse=True)
        if row.municipality_id == HOME and row.created_at < since
    ]  # fmt: skip
    answered = next(row for row in known if _two(row) == world.fell_out)
    left = [row for row in known if not _two(row) & world.apart]
    return answered, *_others(sorted(left, key=lambda row: row.status is not Status.ACTIVE))


def _two(row: Agreement) -> set[UUID]:
    return {row.asker_id, row.helper_id}


def _others(rows: list[Agreement]) -> tuple[Agreement, Agreement]:
    """The first two, each between other people."""
    first = rows[0]
    return first, next(row for row in rows if not _two(row) & _two(first))


def _report(database: Database, at: Agreement, what: str, words: str, urgency: str) -> UUID:
    with database.transaction() as session:
        asker = act_as(session, at.asker_id)
        contact = subjects.contact(session, asker, "afspraak", at.id)
        typed = {"waarover": what, "uitleg": words, "hoeSnel": urgency}
        return reports.report(session, asker, contact, NewReport.model_validate(typed))


def _in_general(database: Database, ria: Resident) -> None:
    with database.transaction() as session:
        typed = {
            "waarover": "other",
            "uitleg": "Mag mijn helper ook binnenkomen als ik er niet ben?",
            "hoeSnel": "later",
        }
        reports.report(session, act_as(session, ria.id), IN_GENERAL, NewReport.model_validate(typed))


def _answered(database: Database, world: World, at: Agreement) -> None:
    """Reported, blocked, looked into, suspended for a while, and answered, all on one day."""
    report_id = _report(database, at, "money", "Mijn helper vroeg mijn pinpas te leen.", "now")
    with database.transaction() as session:
        asker = act_as(session, at.asker_id)
        contact = subjects.contact(session, asker, "afspraak", at.id)
        blocks.block(session, asker, contact, NewBlock.model_validate({"afspraken": "stop"}))
    with database.transaction() as session:
        marja = act_as(session, world.personas["makelaar"].id)
        version = reports.open_report(session, marja, report_id).version
        note = {"soort": "call", "notitie": "Met beiden gebeld. Hun verhalen verschillen."}
        reports.note(session, marja, report_id, NewNote.model_validate(note))
        wanted = {
            "waarom": "looking", "uitleg": TOLD, "afspraken": "stop", "melding": report_id,
            "kijkWeerOp": today(session) + timedelta(days=40),
        }  # fmt: skip
        suspension = suspensions.suspend(session, marja, at.helper_id, NewSuspension.model_validate(wanted))
        done = {"uitkomst": "suspended", "antwoord": ANSWER, "versie": version}
        reports.handle(session, marja, report_id, Handling.model_validate(done))
        suspension_id = suspension.id
    with database.transaction() as session:  # as the worker does it a moment later
        worker = system(frozenset(world.municipalities))
        scope_to(session, worker.scope)
        suspensions.handle_open(session, worker, suspension_id)


def _appealed(database: Database, helper_id: UUID) -> None:
    with database.transaction() as session:
        typed = {"uitleg": "Ik vroeg alleen of ik mee moest naar de bank."}
        suspensions.appeal(session, act_as(session, helper_id), NewAppeal.model_validate(typed))


def _file(database: Database, world: World, about: UUID) -> None:
    """A worry that a safety officer writes down, with the first two steps of the meldcode."""
    with database.transaction() as session:
        officer, day = act_as(session, world.personas["veiligheid"].id), today(session)
        why = "Een helper zag blauwe plekken, en hoorde een zoon schreeuwen."
        file = files.start(session, officer, about, NewFile.model_validate({"aanleiding": why}))
        reason = Opening.model_validate({"reden": "De helper belde vanmorgen opnieuw."})
        files.open_file(session, officer, file.id, reason)
        said = {"soort": "call", "notitie": "De helper maakt zich zorgen, en gaat donderdag weer."}
        files.write(session, officer, file.id, NewEntry.model_validate(said))
        for number, words in (
            (1, "Opgeschreven wat de helper zag en hoorde."),
            (2, "Overlegd met een collega."),
        ):
            taken = {"stap": number, "datum": day.isoformat(), "uitleg": words}
            files.take_step(session, officer, file.id, NewStep.model_validate(taken))
