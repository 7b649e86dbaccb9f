"""Letters for residents without e-mail: in the queue of the desk, printed, and posted these weeks; and two wishes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from app.access.actor import system
from app.access.sign_in import act_as
from app.db import Database, scope_to
from app.demo.desks import HOME
from app.demo.world import Resident, World
from app.help_requests.models import HelpRequest
from app.notifications import wishes
from app.notifications.groups import Group, Way
from app.notifications.models import Carrier, Dispatch, Failure, Notice

POSTED_DAYS_AGO: Final = (5, 12, 12, 19, 26)
LYING: Final = 5
"""Of these one was printed."""
KINDS: Final = (
    ("submitted",),
    ("released", "willing"),
    ("released",),
    ("submitted", "released"),
    ("expiring",),
)
WISHES: Final = {
    "vrijwilliger": {Group.AFTER: Way.WEEK, Group.TIPS: Way.SITE},
    "bewoner": {Group.ROOSJES: Way.SITE},
}
ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def post(database: Database, world: World) -> None:
    """Written as the worker and the desk would have left it; only what two personas wish goes through the service."""
    for slug, wanted in WISHES.items():
        with database.transaction() as session:
            wishes.choose(session, act_as(session, world.personas[slug].id), wanted)
    moment = world.moments.now
    asked = _asked_without_mail(world)
    with database.transaction() as session:
        scope_to(session, system(frozenset(world.municipalities)).scope)
        letters = iter(asked)
        for number, (resident, request) in zip(range(LYING), letters, strict=False):
            made = moment - timedelta(hours=3 + 9 * number)
            notices, letter = _letter(world, resident, request, KINDS[number], made)
            if number == LYING - 1:
                letter.printed_at = moment - timedelta(hours=1)
            if number == 0:
                letter.call_before = moment + timedelta(days=2)
            session.add_all(notices)
            session.add(letter)
        for days, (resident, request) in zip(POSTED_DAYS_AGO, letters, strict=False):
            made = world.moments.past(world.moments.at(days, 9 * 60))
            notices, letter = _letter(world, resident, request, KINDS[days % len(KINDS)], made)
            letter.printed_at = made + timedelta(hours=1)
            letter.sent_at = letter.printed_at + timedelta(minutes=40)
            letter.posted_by_id = world.personas["makelaar"].id
            session.add_all(notices)
            session.add(letter)
        session.add(_failed(world, moment))


def _asked_without_mail(world: World) -> Sequence[tuple[Resident, HelpRequest]]:
    """Residents of home without e-mail and with an address, each with a request of theirs."""
    found: dict[object, tuple[Resident, HelpRequest]] = {}
    for request in world.all(HelpRequest):
        resident = world.residents.get(request.person_id)
        if (
            resident is None
            or resident.id in found
            or request.municipality_id != HOME
            or request.posted_at is None
        ):
            continue
        if not resident.contact.email and resident.contact.street and resident.person.disabled_at is None:
            found[resident.id] = resident, request
    return list(found.values())


def _letter(
    world: World, resident: Resident, request: HelpRequest, kinds: Sequence[str], made: datetime
) -> tuple[list[Notice], Dispatch]:
    notices = [
        Notice(
            id=world.key(), person_id=resident.id, municipality_id=HOME, kind=kind, subject_id=request.id, turn=1,
            params={"title": request.title}, created_at=made - timedelta(hours=len(kinds) - number), waiting=False,
        )
        for number, kind in enumerate(kinds)
    ]  # fmt: skip
    random = world.chance(f"letter {resident.id}")
    parts = ["".join(random.choices(ALPHABET, k=4)) for _ in range(2)]
    letter = Dispatch(
        id=world.key(), person_id=resident.id, municipality_id=HOME, carrier=Carrier.LETTER, made_at=made,
        notice_ids=[notice.id for notice in notices], reference="-".join(["B", *parts]),
    )  # fmt: skip
    return notices, letter


def _failed(world: World, moment: datetime) -> Dispatch:
    """An address that was mistyped, so that the page of what did not arrive has a line."""
    somebody = next(one for one in world.living_in(HOME) if one.contact.email)
    return Dispatch(
        id=world.key(), person_id=somebody.id, municipality_id=HOME, carrier=Carrier.MAIL, notice_ids=[world.key()],
        made_at=moment - timedelta(hours=7), attempts=1, failed_at=moment - timedelta(hours=7),
        failure=Failure.REFUSED,
    )  # fmt: skip
