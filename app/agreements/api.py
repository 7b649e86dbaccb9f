"""/afspraken and /keren: what was agreed, and what came of each time."""

from collections.abc import Callable, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.agreements import occur, times
from app.agreements.contact import counterpart_contact
from app.agreements.models import Agreement, Occurrence, Status
from app.agreements.schemas import (
    AS_AGREED,
    AgreementOut,
    AgreementWithContactOut,
    AnswerTime,
    ContactOut,
    Happened,
    NewTime,
    OccurrenceOut,
    Thanks,
    TimeProposalOut,
    TimesOut,
    Verdict,
)
from app.api.bodies import Sent
from app.api.once import Once, OnceOnly
from app.api.paging import Page, paged, rows_of
from app.http import ApiActor, Opened
from app.schemas import NO_REASON, Why

router = APIRouter(tags=["Afspraken"])


def seen(actor: Actor, row: Occurrence) -> OccurrenceOut:
    """Thanks are for the other of the two: the desk opens them with a case and a reason (`audit.opening`)."""
    whole = OccurrenceOut.model_validate(row)
    return whole if actor.person in (row.asker_id, row.helper_id) else whole.model_copy(update={"thanks": ""})


def of_agreement(actor: Actor, row: Agreement) -> dict[str, list[OccurrenceOut]]:
    """The times of an agreement, as the actor may read them."""
    return {"occurrences": [seen(actor, one) for one in row.occurrences]}


def shown(session: Session, actor: Actor, id: UUID) -> AgreementOut:
    """The agreement as it stands now."""
    session.flush()
    row = occur.get(session, actor, id)
    return AgreementOut.model_validate(row).model_copy(update=of_agreement(actor, row))


def contact_of_other(session: Session, actor: Actor, agreement: Agreement) -> ContactOut | None:
    """How to reach the other party, while the agreement lives; the helper's address is nobody's business."""
    if actor.person_id not in agreement.parties():
        return None
    contact = counterpart_contact(session, actor, agreement)
    if contact is None:
        return None
    told = ContactOut.model_validate(contact)
    helps = actor.person_id == agreement.helper_id
    return told if helps else told.model_copy(update={"street": "", "house_number": "", "postcode": ""})


def done(once: Once, sent: BaseModel | None, act: Callable[[], Occurrence]) -> Response:
    """Answer with what became of this one time."""

    def occurrence() -> OccurrenceOut:
        row = act()
        once.session.flush()
        return seen(once.actor, row)

    return once.answer(sent, occurrence)


@router.get("/afspraken", response_model=list[AgreementOut], summary="Lees uw afspraken")
def list_(
    request: Request, response: Response, session: Opened, actor: ApiActor, page: Annotated[Page, Query()]
) -> Sequence[Agreement]:
    """Waarin u hulp krijgt of geeft; de lopende eerst."""
    mine = occur.selection(actor).where(Agreement.has_party(actor.person_id))
    ordered = mine.order_by(Agreement.status != Status.ACTIVE, Agreement.created_at.desc(), Agreement.id)
    return paged(request, response, page, rows_of(session, ordered, page))


@router.get("/afspraken/{id}", response_model=AgreementWithContactOut, summary="Lees één afspraak")
def get(session: Opened, actor: ApiActor, id: UUID) -> AgreementWithContactOut:
    """Met de gegevens van de ander, zolang de afspraak loopt."""
    agreement = occur.get(session, actor, id)
    whole = AgreementWithContactOut.model_validate(agreement)
    contact = contact_of_other(session, actor, agreement)
    return whole.model_copy(update=of_agreement(actor, agreement) | {"contact": contact})


@router.post("/afspraken/{id}/beeindigingen", response_model=AgreementOut, summary="Beëindig een afspraak")
def end(once: OnceOnly, id: UUID, why: Sent[Why] = NO_REASON) -> Response:
    """Wat nog komt, gaat niet door; de ander krijgt één bericht."""
    session, actor = once.session, once.actor
    return once.answer(why, lambda: shown(session, actor, occur.end(session, actor, id, why.reason or "").id))


@router.get("/keren/{id}", response_model=OccurrenceOut, summary="Lees één keer")
def get_occurrence(session: Opened, actor: ApiActor, id: UUID) -> OccurrenceOut:
    """Eén keer dat er hulp is, of was. Het `bedankje` lezen alleen de twee zelf."""
    return seen(actor, occur.get_one(session, actor, id))


@router.post("/keren/{id}/bevestigingen", response_model=OccurrenceOut, summary="Bevestig dat het gebeurde")
def happened(once: OnceOnly, id: UUID, sent: Sent[Happened] = AS_AGREED) -> Response:
    """Bevestigen beiden, dan gaan de Roosjes over: wat er gedaan is, nooit meer dan afgesproken."""
    return done(once, sent, lambda: occur.happened(once.session, once.actor, id, sent.minutes))


def with_times(session: Session, actor: Actor, id: UUID) -> TimesOut:
    """One time as it stands now, with every other moment that was proposed for it."""
    session.flush()
    row = occur.get_one(session, actor, id)
    proposed = times.of_occurrences(session, actor, [row]).get(row.id, [])
    return TimesOut(
        occurrence=seen(actor, row),
        proposed=[
            TimeProposalOut(
                id=one.id, mine=one.proposed_by_id == actor.person, was_at=one.was_at, starts_at=one.starts_at,
                status=one.status, created_at=one.created_at, answered_at=one.answered_at,
            )
            for one in proposed
        ],
    )  # fmt: skip


@router.get(
    "/keren/{id}/verplaatsingen", response_model=TimesOut, summary="Lees welk ander moment voorgesteld is"
)
def proposed(session: Opened, actor: ApiActor, id: UUID) -> TimesOut:
    """Voor de twee zelf, het oudste eerst. Wat `voorgesteld` is, wacht op antwoord; tot dan blijft `begin` staan."""
    return with_times(session, actor, id)


@router.post("/keren/{id}/verplaatsingen", response_model=TimesOut, summary="Stel een ander moment voor")
def move(once: OnceOnly, id: UUID, wanted: Sent[NewTime]) -> Response:
    """De ander zegt ja, nee, of stelt weer iets anders voor. Tot het ja blijft de afspraak staan zoals die was.

    Stelt u voor wat de ander al voorstelde, dan is dat een ja. Een makelaar sprak beiden en verplaatst meteen.
    """

    def act() -> TimesOut:
        times.ask(once.session, once.actor, id, wanted)
        return with_times(once.session, once.actor, id)

    return once.answer(wanted, act)


@router.post(
    "/keren/{id}/verplaatsingen/antwoorden", response_model=TimesOut, summary="Antwoord op een ander moment"
)
def answer_time(once: OnceOnly, id: UUID, said: Sent[AnswerTime]) -> Response:
    """`ja`, `nee`, of `terug` als u het zelf voorstelde.

    Is er intussen iets veranderd, dan volgt 409 met de code `time-changed`.
    """

    def act() -> TimesOut:
        times.answer(once.session, once.actor, id, said)
        return with_times(once.session, once.actor, id)

    return once.answer(said, act)


@router.post("/keren/{id}/afzeggingen", response_model=OccurrenceOut, summary="Zeg een keer af")
def cancel(once: OnceOnly, id: UUID, why: Sent[Why] = NO_REASON) -> Response:
    """De opzij gezette Roosjes komen vrij. Een eenmalige afspraak is daarmee voorbij."""
    return done(once, why, lambda: occur.cancel(once.session, once.actor, id, why.reason or ""))


@router.post("/keren/{id}/niet-gekomen", response_model=OccurrenceOut, summary="Meld dat iemand niet kwam")
def no_show(once: OnceOnly, id: UUID, why: Sent[Why] = NO_REASON) -> Response:
    """Er wordt niets geboekt; de makelaar hoort het."""
    return done(once, why, lambda: occur.no_show(once.session, once.actor, id, why.reason or ""))


@router.post("/keren/{id}/bezwaren", response_model=OccurrenceOut, summary="Zeg dat het niet klopt")
def dispute(once: OnceOnly, id: UUID, why: Sent[Why] = NO_REASON) -> Response:
    """Er verandert niets tot een makelaar gekeken heeft."""
    return done(once, why, lambda: occur.dispute(once.session, once.actor, id, why.reason or ""))


@router.post("/keren/{id}/besluiten", response_model=OccurrenceOut, summary="Besluit over een bezwaar")
def decide(once: OnceOnly, id: UUID, verdict: Sent[Verdict]) -> Response:
    """De makelaar: hoeveel minuten er geholpen is; 0 is niet gebeurd."""
    return done(once, verdict, lambda: occur.decide(once.session, once.actor, id, verdict.minutes))


@router.post("/keren/{id}/bedankjes", response_model=OccurrenceOut, summary="Bedank de helper")
def thank(once: OnceOnly, id: UUID, sent: Sent[Thanks]) -> Response:
    """Van de vrager, als het gedaan is."""
    return done(once, sent, lambda: occur.thank(once.session, once.actor, id, sent.thanks))
