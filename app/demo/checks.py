"""Checks in the demonstration: what desks saw and looked up, and how it goes on: ending, bridged, taken back."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from app.access.models import RoleGrant
from app.access.roles import Role
from app.categories.vocabulary import Check
from app.checks.service import REGISTERS
from app.demo.desks import HOME
from app.demo.world import Resident, World
from app.help_offers.models import HelpOffer, Status
from app.people.models import CheckWay, PersonCheck

ENDING: Final = (-12, 19, 40)
"""Days from today until the last one of somebody's VOG."""
LAPSED, BRIDGED = -9, 20
"""A VOG that ended while the new one is on its way, and until when an exemption stands for it."""
AT_ORGANISATIONS: Final = (Check.REFERENCES, Check.COURSE)
KNOWN_DAYS: Final = 60
"""Who these stories are about helped for a while already."""


def company(number: int) -> str:
    """A KvK number that no company has."""
    return f"{3_300 + number * 7:08d}"


def see(  # of whom, what, when, until when, and which number
    world: World, resident: Resident, check: Check, days_ago: int, years: int | None = 3, number: int = 0
) -> PersonCheck:
    """The desk has seen a check, or looked it up; it stays good for so many years (None: for ever)."""
    seen = world.moments.at(days_ago, 10 * 60 + 30)
    start = seen.date()
    until = None if years is None else start.replace(year=start.year + years, day=min(start.day, 28))
    numbers = {Check.KVK: company(number), Check.BIG: f"{number:011d}", Check.SKJ: f"{number:09d}"}
    looked_up = check in REGISTERS
    return _write(
        world,
        resident,
        check,
        (start, until),
        way=CheckWay.LOOKED_UP if looked_up else CheckWay.SEEN,
        number=numbers.get(check, ""),
        source=REGISTERS.get(check, ""),
        seen_at=seen,
    )


def _write(
    world: World, resident: Resident, check: Check, days: tuple[date, date | None], **more: object
) -> PersonCheck:
    resident.checks.append((int(check), *days))
    values = {"seen_by_id": world.broker(resident.municipality_id).id} | more
    return world.add(
        PersonCheck(
            id=world.key(),
            person_id=resident.id,
            municipality_id=resident.municipality_id,
            kind=int(check),
            valid_from=days[0],
            valid_until=days[1],
            **values,
        )
    )


def told(world: World) -> None:
    """What the first desk has to look after: checks that end or ended, a bridge, one that was taken back."""
    today = world.moments.today
    papers = iter(_papers(world))
    for days, row in zip(ENDING, papers, strict=False):
        _ends(world, row, today + timedelta(days=days))
    lapsed, gone = next(papers), next(papers)
    _ends(world, lapsed, today + timedelta(days=LAPSED))
    _write(
        world,
        world.residents[lapsed.person_id],
        Check.VOG,
        (today + timedelta(days=LAPSED + 1), today + timedelta(days=BRIDGED)),
        way=CheckWay.EXEMPTION,
        reason="De nieuwe VOG is aangevraagd.",
        seen_at=world.moments.at(-LAPSED - 1, 11 * 60),
    )
    _taken_back(world, gone)
    _of_organisations(world)


def _papers(world: World) -> list[PersonCheck]:
    """A VOG of each of some helpers of the first desk, who offer help and whose story is not told elsewhere."""
    helping = {
        row.person_id
        for row in world.all(HelpOffer)
        if row.municipality_id == HOME and row.status is Status.OPEN and not row.paid
    }
    known = world.moments.today - timedelta(days=KNOWN_DAYS)
    return [
        row
        for row in world.all(PersonCheck)
        if row.kind == Check.VOG
        and row.person_id in helping - world.apart
        and row.valid_from < known
        and row.valid_until is not None
        and row.valid_until > world.moments.today
    ]


def _ends(world: World, row: PersonCheck, day: date) -> None:
    """It was good until then all along."""
    held = world.residents[row.person_id].checks
    held[held.index((row.kind, row.valid_from, row.valid_until))] = (row.kind, row.valid_from, day)
    row.valid_until = day


def _taken_back(world: World, row: PersonCheck) -> None:
    """Seen by mistake, and put right by the makelaar three days ago."""
    moment = world.moments.at(3, 9 * 60 + 40)
    held = world.residents[row.person_id].checks
    held.remove((row.kind, row.valid_from, row.valid_until))
    row.withdrawn_at, row.withdrawn_by_id = moment, world.broker(row.municipality_id).id
    row.withdrawn_reason = "Dit was de VOG van een zus. De eigen VOG komt nog."


def _of_organisations(world: World) -> None:
    """What organisations with a covenant saw of their own volunteers."""
    heads = {row.organisation_id: row.person_id for row in world.all(RoleGrant)
             if row.role is Role.ORGANISATION_ADMINISTRATOR}  # fmt: skip
    for number, offer in enumerate(_under_a_flag(world)):
        resident = world.residents[offer.person_id]
        if resident.id == heads[offer.organisation_id]:
            continue
        days_ago = 20 + 9 * number % 150
        row = see(world, resident, AT_ORGANISATIONS[number % 2], days_ago)
        row.organisation_id, row.seen_by_id = offer.organisation_id, heads[offer.organisation_id]
        resident.checks.pop()  # it counts under that flag only


def _under_a_flag(world: World) -> Iterable[HelpOffer]:
    signed = {row.id for row in world.organisations.values() if row.covenant_signed_on is not None}
    return (
        row
        for row in world.all(HelpOffer)
        if row.organisation_id in signed and row.status is Status.OPEN and row.municipality_id == HOME
    )
