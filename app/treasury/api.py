"""/maanden, /verrekeningen and /zegels: the treasurer's months, nettings and seals for programs."""

import re
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field
from starlette.responses import JSONResponse

from app.access.policy import refuse_visitor, require_reach
from app.access.roles import Permission
from app.api.bodies import Sent
from app.api.once import OnceOnly
from app.http import ApiActor, Opened
from app.schemas import Incoming, Moment, Outgoing, Whole
from app.treasury import between, exports, months, seals
from app.treasury.between import Proposal

router = APIRouter(tags=["Boekhouding"])
MONTH = re.compile(r"(2\d{3})-(0[1-9]|1[0-2])")
Place = Annotated[int, Path(ge=1, le=9999, description="CBS-code van de gemeente, zonder GM.")]
TypedMonth = Annotated[str, Path(pattern=MONTH.pattern, description="Bijvoorbeeld 2026-03.")]
Asked = Annotated[int, Query(alias="gemeente", ge=1, le=9999, description="CBS-code van uw gemeente.")]


class MonthOut(Outgoing):
    """A month in the list."""

    id: str
    closed_at: Annotated[Moment | None, Field(serialization_alias="afgeslotenOp")]


class Proposed(Incoming):
    """For which month, and whose side asks."""

    municipality_id: Annotated[Annotated[Whole, Field(ge=1, le=9999)], Field(alias="gemeente")]
    month: Annotated[str, Field(alias="maand", pattern=f"^{MONTH.pattern}$")]


class Answered(Incoming):
    """Yes or no for one side."""

    municipality_id: Annotated[Annotated[Whole, Field(ge=1, le=9999)], Field(alias="gemeente")]
    approved: Annotated[bool, Field(alias="akkoord", strict=True)]


class NettingOut(Outgoing):
    """A netting as one side sees it; ``minuten`` went further one way than the other."""

    id: int
    month: Annotated[str, Field(serialization_alias="maand")]
    other: Annotated[str, Field(serialization_alias="met")]
    minutes: Annotated[int, Field(serialization_alias="minuten")]
    we_gave_more: Annotated[bool, Field(serialization_alias="wijGavenMeer")]
    standing: Annotated[str, Field(serialization_alias="stand")]


class NettingsOut(Outgoing):
    """All nettings of a municipality."""

    items: Annotated[list[NettingOut], Field(serialization_alias="verrekeningen")]


class SealOut(Outgoing):
    """A seal, and its line for outside."""

    number: Annotated[int, Field(serialization_alias="nummer")]
    sealed_on: Annotated[date, Field(serialization_alias="van")]
    accounts: Annotated[int, Field(serialization_alias="rekeningen")]
    entries: Annotated[int, Field(serialization_alias="regels")]
    line: Annotated[str, Field(serialization_alias="regel")]


class Kept(Incoming):
    """Lines that were kept outside, one below the other."""

    lines: Annotated[str, Field(alias="regels", min_length=1, max_length=60_000)]


class ComparedOut(Outgoing):
    """How many lines were compared, and what does not fit."""

    lines: Annotated[int, Field(serialization_alias="vergeleken")]
    faults: Annotated[list[str], Field(serialization_alias="fouten")]


STANDINGS = {"ours": "wachtOpOns", "theirs": "wachtOpAnder", "booked": "verrekend", "refused": "afgewezen",
             "lapsed": "vervallen"}  # fmt: skip


def shown(one: Proposal) -> NettingOut:
    """A proposal in Dutch."""
    return NettingOut(
        id=one.netting.id,
        month=f"{one.netting.month:%Y-%m}",
        other=one.other,
        minutes=one.netting.minutes,
        we_gave_more=one.we_gave_more,
        standing=STANDINGS[one.standing],
    )


def first_day(typed: str) -> date:
    """The first day of a month that matched."""
    return date.fromisoformat(f"{typed}-01")


@router.get("/maanden/{gemeente}", response_model=list[MonthOut], summary="Lees de maanden van uw gemeente")
def list_(session: Opened, actor: ApiActor, gemeente: Place) -> list[MonthOut]:
    """Iedere maand van de boeken, de nieuwste eerst."""
    require_reach(actor, Permission.SEE_LEDGER, gemeente)
    every = months.listed(session, actor, gemeente)
    return [MonthOut(id=f"{one.month:%Y-%m}", closed_at=one.closed_at) for one in every]


@router.get("/maanden/{gemeente}/{maand}", summary="Lees één maand")
def get(session: Opened, actor: ApiActor, gemeente: Place, maand: TypedMonth) -> Response:
    """Alle cijfers, controles en verbeteringen, in hele minuten, cheques en eurocenten."""
    require_reach(actor, Permission.SEE_LEDGER, gemeente)
    return JSONResponse(exports.document(months.read(session, actor, gemeente, first_day(maand))))


@router.post(
    "/maanden/{gemeente}/{maand}/afsluitingen",
    response_model=MonthOut,
    summary="Sluit een maand af, voorgoed",
)
def close(once: OnceOnly, gemeente: Place, maand: TypedMonth) -> Response:
    """Kan één keer, op volgorde, en alleen als de maand voorbij is en klopt. Anders 409."""
    require_reach(once.actor, Permission.CLOSE_MONTH, gemeente)

    def act() -> MonthOut:
        months.close(once.session, once.actor, gemeente, first_day(maand))
        books = months.read(once.session, once.actor, gemeente, first_day(maand))
        return MonthOut(id=maand, closed_at=books.closed_at)

    return once.answer(None, act)


@router.get("/verrekeningen", response_model=NettingsOut, summary="Lees verrekeningen met buurgemeenten")
def nettings(session: Opened, actor: ApiActor, gemeente: Asked) -> NettingsOut:
    """De nieuwste eerst."""
    require_reach(actor, Permission.SEE_LEDGER, gemeente)
    return NettingsOut(items=[shown(one) for one in between.proposals(session, actor, gemeente)])


@router.post("/verrekeningen", response_model=NettingsOut, summary="Stel voor om te verrekenen")
def propose(once: OnceOnly, wanted: Sent[Proposed]) -> Response:
    """Voor elke buurgemeente wat aan het eind van die maand open stond. Nog eens vragen geeft niets nieuws."""
    place = wanted.municipality_id
    require_reach(once.actor, Permission.NET_BETWEEN, place)

    def act() -> NettingsOut:
        made = between.propose(once.session, once.actor, place, first_day(wanted.month))
        return NettingsOut(items=[shown(one) for one in made])

    return once.answer(wanted, act)


@router.post("/verrekeningen/{id}/antwoorden", response_model=NettingOut, summary="Zeg ja of nee")
def answer(once: OnceOnly, id: Annotated[int, Path(ge=1, le=2**63 - 1)], wanted: Sent[Answered]) -> Response:
    """Voor uw kant. Het tweede ja, van iemand anders, boekt."""
    place = wanted.municipality_id
    require_reach(once.actor, Permission.NET_BETWEEN, place)
    return once.answer(
        wanted,
        lambda: shown(between.answer(once.session, once.actor, place, id, approved=wanted.approved)),
    )


@router.get("/zegels", response_model=list[SealOut], summary="Lees de laatste zegels")
def latest(session: Opened, actor: ApiActor) -> list[Any]:
    """Eén voor elke nacht, met de regel die u buiten dit systeem bewaart."""
    refuse_visitor(actor)
    return list(seals.latest(session, actor))


@router.post("/zegels/vergelijkingen", response_model=ComparedOut, summary="Vergelijk bewaarde regels")
def compare(once: OnceOnly, kept: Sent[Kept]) -> Response:
    """Past een regel niet meer, dan staat er welke rekening en welke regels veranderden."""
    refuse_visitor(once.actor)

    def act() -> ComparedOut:
        compared = seals.compare(once.session, once.actor, kept.lines)
        return ComparedOut(lines=compared.lines, faults=[str(fault) for fault in compared.faults])

    return once.answer(kept, act)
