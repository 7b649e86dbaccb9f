"""Afspraken: what is to come, one agreement with its times, stopping it, and getting acquainted."""

from collections import Counter
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.agreements import mine as own_agreements, occur, times as proposed_times
from app.agreements.contact import counterpart_contact
from app.agreements.models import Agreement, Status
from app.categories.vocabulary import Frequency
from app.cheques import handing_in
from app.clock import now
from app.couplings import service as couplings
from app.errors import Conflict, NotFound
from app.http import Opened
from app.matches import answer, mine as own_proposals
from app.matches.models import Proposal, Status as ProposalStatus
from app.people import phone
from app.representations import powers
from app.satisfaction import service as satisfaction
from app.schemas import Why
from web import coupling_words, forms, i18n
from web.agreement_words import Background, Time, proposal_reading, side_of, times
from web.forms import Form, Submitted
from web.i18n import translate
from web.rendering import page, see_other
from web.session import SignedIn

router = APIRouter()
HERE: Final = "/mijn/afspraken"
TO_ANSWER: Final = frozenset({"gebeurd", "klopt"})
MOST_PAST: Final = 12


@router.get(HERE, name="agreements.all")
def every(request: Request, session: Opened, actor: SignedIn) -> Response:
    """What needs an answer, what is to come, what has been."""
    lang = i18n.language(request)
    rows = _times(session, actor, occur.mine(session, actor), lang)
    rows.sort(key=lambda row: row.starts_at)
    answering = [row for row in rows if TO_ANSWER & set(row.acts) or (row.asked and not row.asked.mine)]
    moment = now(session)
    open_still = [row for row in rows if (row.live or row.disputed) and row not in answering]
    coming = [row for row in open_still if row.starts_at > moment]
    more = Counter(row.path for row in coming)
    first: dict[str, Time] = {}
    for row in coming:
        first.setdefault(row.path, row)
    past = [row for row in reversed(rows) if row not in open_still and row not in answering]
    pending = own_proposals.pending(session, actor)
    return page(
        request,
        "agreements/all.html",
        answering=answering,
        waiting=[row for row in open_still if row.starts_at <= moment],
        coming=list(first.values()),
        more=more,
        past=past[:MOST_PAST],
        proposals=[(row, proposal_reading(row, actor.person_id, lang), _path(row, actor)) for row in pending],
        moment=moment,
    )


def _times(session: Opened, actor: Actor, agreements: list[Agreement], lang: str) -> list[Time]:
    occurrences = [row for agreement in agreements for row in agreement.occurrences]
    known = Background(
        now(session),
        own_agreements.who_cancelled(session, occurrences),
        own_agreements.moved(session, occurrences),
        proposed_times.of_occurrences(session, actor, occurrences),
        satisfaction.of_occurrences(session, actor, occurrences) if actor.behind is None else {},
    )
    rows = [time for one in agreements for time in times(one, actor.person_id, lang, known)]
    if powers.may_decide(actor):
        # how it was is for each to say themselves
        return (
            rows if actor.behind is None else [replace(row, acts=_without_content(row.acts)) for row in rows]
        )
    return [replace(row, acts=(), asked=None) for row in rows]


def _without_content(acts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(act for act in acts if act != "tevreden")


def _path(proposal: Proposal, actor: Actor) -> str:
    if proposal.status is ProposalStatus.MEETING:
        return f"{HERE}/kennismaken/{proposal.id}"
    if proposal.asker_id == actor.person_id:
        return f"/mijn/vragen/{proposal.help_request_id}"
    return f"/hulpvragen/{proposal.help_request_id}"


@router.get(f"{HERE}/kennismaken/{{id}}", name="agreements.meeting")
def meeting(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """Getting acquainted: the code word for the door, until when, and either side's neutral no."""
    return _meeting(request, session, actor, id, forms.blank())


def _met(session: Opened, actor: Actor, id: UUID) -> Proposal:
    """A proposal between oneself and another; a makelaar says no at the desk, not in the name of one of the two."""
    proposal = answer.get(session, actor, id)
    if actor.person not in proposal.parties():
        raise NotFound
    return proposal


def _meeting(request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any]) -> Response:
    proposal = _met(session, actor, id)
    helps = proposal.helper_id == actor.person
    return page(
        request,
        "agreements/meeting.html",
        status=422 if form.errors else 200,
        form=form,
        proposal=proposal,
        helps=helps,
        name=(proposal.asker if helps else proposal.helper).first_name,
        live=proposal.status is ProposalStatus.MEETING,
    )


@router.post(f"{HERE}/kennismaken/{{id}}/nee", name="agreements.no")
def no(request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Why]) -> Response:
    """Rather not: the other reads one neutral sentence. Said twice it is said once."""
    if form.value is None:
        return _meeting(request, session, actor, id, form)
    proposal = _met(session, actor, id)
    if proposal.status in (ProposalStatus.DECLINED, ProposalStatus.PASSED):
        return see_other(f"{HERE}/kennismaken/{id}")
    say_no = answer.decline if proposal.helper_id == actor.person else answer.pass_over
    say_no(session, actor, id, form.value.reason or "")
    return see_other(f"{HERE}/kennismaken/{id}")


@router.get(f"{HERE}/{{id}}", name="agreements.show")
def show(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """Who, what, when, where, under whose flag; and each time with its buttons."""
    agreement = occur.get(session, actor, id)
    if actor.person not in agreement.parties():
        return see_other(f"/bureau/zaken/{agreement.help_request_id}")
    lang = i18n.language(request)
    rows = _times(session, actor, [agreement], lang)
    contact = counterpart_contact(session, actor, agreement)
    side = side_of(agreement, actor.person_id, lang)
    return page(
        request,
        "agreements/show.html",
        agreement=agreement,
        side=side,
        contact=contact,
        phone=phone.display(contact.phone) if contact and contact.phone else "",
        times=[row for row in rows if row.live or row.disputed],
        past=[row for row in reversed(rows) if not row.live and not row.disputed],
        following=next((row for row in rows if row.live), None),
        series=agreement.frequency is not Frequency.ONCE
        and agreement.status is Status.ACTIVE
        and powers.may_decide(actor),
        moment=now(session),
        changed="veranderd" in request.query_params,
        cheques=handing_in.still_to_come(session, agreement),
        talks=_talks(session, actor, agreement, lang),
    )


def _talks(session: Opened, actor: Actor, agreement: Agreement, lang: str) -> list[tuple[str, str, str]]:
    """The talks of a lasting coupling: what, when, and where one prepares it."""
    if actor.behind is not None or agreement.frequency is Frequency.ONCE:
        return []
    words = coupling_words
    return [
        (translate(lang, words.KINDS[row.kind]), words.reading(row, lang), f"/mijn/begeleiding/{row.id}")
        for row in couplings.of_agreement(session, actor, agreement.id)
    ]


@router.get(f"{HERE}/{{id}}/stoppen", name="agreements.stop")
def stop(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """What stopping the whole series does, before it is done."""
    return _stop(request, session, actor, id, forms.blank())


def _stop(request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any]) -> Response:
    agreement = occur.get(session, actor, id)
    if actor.person not in agreement.parties():
        raise NotFound
    side = side_of(agreement, actor.person_id, i18n.language(request))
    status = 422 if form.errors else 200
    return page(request, "agreements/stop.html", status=status, form=form, agreement=agreement, side=side)


@router.post(f"{HERE}/{{id}}/stoppen", name="agreements.stopped")
def stopped(request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Why]) -> Response:
    """Stop the whole series; the other is told once."""
    if form.value is None:
        return _stop(request, session, actor, id, form)
    agreement = occur.get(session, actor, id)
    if actor.person not in agreement.parties():
        raise NotFound
    if agreement.status is Status.ACTIVE:
        try:
            with session.begin_nested():
                occur.end(session, actor, id, form.value.reason or "")
        except Conflict:
            return see_other(f"{HERE}/{id}?veranderd=ja")
    return see_other(f"{HERE}/{id}")
