"""Verwijzingen at an organisation: what the core team asks, what it does, and referring on to another organisation."""

from typing import Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access import once
from app.access.actor import Actor
from app.clock import now
from app.errors import DomainError, NotFound
from app.http import Opened
from app.moderation import organisations
from app.organisations.staff import works_for
from app.places.service import SpansTwo
from app.referrals import doing, sending, service, sharing, telling
from app.referrals.models import OPEN, ReferralStatus, StepKind
from app.referrals.schemas import Added, Arranged, GivenBack, NewPassedOn, OnVersion, Told, Written
from web import forms, i18n, referral_words as words
from web.desk_forms import attempted
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.pages.desk_referrals import REFUSALS, SENT, WRITTEN, Act, facts, fields
from web.rendering import page, see_other
from web.session import ForOrganisation

router = APIRouter()
HERE: Final = "/organisatie/verwijzingen"
OPERATION: Final = "POST /organisatie/verwijzingen/nieuw"
forms.say(NewPassedOn, **SENT)


@router.get(HERE, name="organisation.referrals")
def every(request: Request, session: Opened, actor: ForOrganisation) -> Response:
    """What we were asked, and what we do."""
    rows = service.of_organisations(session, actor)
    lang, moment = i18n.language(request), now(session)
    missing = service.missing(session, actor, rows)
    lines = [
        (row, translate(lang, words.WISHES[row.wish]), words.state(row, lang),
         words.clock(row, moment, missing.get(row.id, 0), lang))
        for row in rows
    ]  # fmt: skip
    return page(
        request, "referrals/organisation.html", done="gedaan" in request.query_params,
        asked=[line for line in lines if line[0].status is ReferralStatus.PASSED],
        doing=[line for line in lines if line[0].status is not ReferralStatus.PASSED],
        sent=[
            (one, translate(lang, words.OUTSIDE[ReferralStatus(one.status)])) for one in sending.mine(session, actor)
        ],
    )  # fmt: skip


@router.get(HERE + "/nieuw", name="organisation.referrals.new")
def new(request: Request, session: Opened, actor: ForOrganisation) -> Response:
    """Somebody is better helped elsewhere, and finds that good."""
    return _new(request, session, actor, forms.blank(uwNaam=actor.first_name, thuisTijd="12:00"))


def _new(
    request: Request, session: Opened, actor: Actor, form: Form[Any], *, status: int = 200,
    choices: list[tuple[str, str]] | None = None,
) -> Response:  # fmt: skip
    flag = organisations.own(session, actor)
    others = [one for one in organisations.signed(session, actor, flag.municipality_id) if one.id != flag.id]
    return page(
        request, "referrals/organisation_new.html", status=status, form=form, once=form.id or uuid4(), flag=flag,
        others=[(str(one.id), one.name) for one in others], choices=choices or [], **fields(i18n.language(request)),
    )  # fmt: skip


@router.post(HERE + "/nieuw", name="organisation.referrals.post")
def post(request: Request, session: Opened, actor: ForOrganisation, form: Submitted[NewPassedOn]) -> Response:
    """To the organisation that was chosen, or to the core team; sent twice it is one."""
    flag = organisations.own(session, actor)
    if form.value is None:
        return _new(request, session, actor, form, status=422)
    try:
        with session.begin_nested():
            if form.id and once.first_answer(session, actor, OPERATION, form.id) is not None:
                return see_other(f"{HERE}?gedaan=ja")
            sending.by_organisation(session, actor, flag.id, form.value)
    except SpansTwo as two:
        form.refuse("gemeente", N_("Deze postcode ligt in twee gemeenten. Kies er één."))
        choices = sorted(two.details.items(), key=lambda item: item[1])
        return _new(request, session, actor, form, status=422, choices=choices)
    except DomainError as error:
        return _new(request, session, actor, form.refused(error), status=429 if error.status == 429 else 422)
    return see_other(f"{HERE}?gedaan=ja")


@router.get(HERE + "/{id}", name="organisation.referrals.show")
def show(request: Request, session: Opened, actor: ForOrganisation, id: UUID) -> Response:
    """One that we were asked or do."""
    return _show(request, session, actor, id, forms.blank())


def _show(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], *, status: int = 200
) -> Response:
    case = service.get(session, actor, id)
    row, lang, moment = case.referral, i18n.language(request), now(session)
    if row.organisation_id not in works_for(actor):
        raise NotFound  # of the desk, on another page
    missing = sum(need.arranged_at is None for need in case.needs)
    return page(
        request, "referrals/organisation_case.html", status=status, form=form, row=row, case=case, base=f"{HERE}/{id}",
        state=words.state(row, lang), clock=words.clock(row, moment, missing, lang), facts=facts(row, lang),
        wish=translate(lang, words.WISHES[row.wish]), course=words.course(row, case.steps, lang),
        written=[(one.value, translate(lang, name)) for one, name in WRITTEN if one is not StepKind.GAVE_BACK],
        is_open=row.status in OPEN, **words.at_home(case.needs, lang),
    )  # fmt: skip


def _do(  # noqa: PLR0913 - one act, and where it leads
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], act: Act, to: str = ""
) -> Response:
    row = service.get(session, actor, id).referral
    if row.organisation_id not in works_for(actor):
        raise NotFound
    status = attempted(session, form, lambda wanted: act(session, actor, id, wanted), REFUSALS)
    if status == 303:
        return see_other(to or f"{HERE}/{id}")
    return _show(request, session, actor, id, form, status=status)


@router.post(HERE + "/{id}/ja", name="organisation.referrals.take")
def take(
    request: Request, session: Opened, actor: ForOrganisation, id: UUID, form: Submitted[OnVersion]
) -> Response:
    """We do it."""
    return _do(request, session, actor, id, form, sharing.take)


@router.post(HERE + "/{id}/terug", name="organisation.referrals.give_back")
def give_back(
    request: Request, session: Opened, actor: ForOrganisation, id: UUID, form: Submitted[GivenBack]
) -> Response:
    """We cannot; the core team reads why."""
    return _do(request, session, actor, id, form, sharing.give_back, HERE)


@router.post(HERE + "/{id}/schrijven", name="organisation.referrals.write")
def write(
    request: Request, session: Opened, actor: ForOrganisation, id: UUID, form: Submitted[Written]
) -> Response:
    """What was done."""
    return _do(request, session, actor, id, form, doing.write)


@router.post(HERE + "/{id}/begonnen", name="organisation.referrals.start")
def start(
    request: Request, session: Opened, actor: ForOrganisation, id: UUID, form: Submitted[OnVersion]
) -> Response:
    """Something began."""
    return _do(request, session, actor, id, form, doing.start)


@router.post(HERE + "/{id}/klaar", name="organisation.referrals.finish")
def finish(
    request: Request, session: Opened, actor: ForOrganisation, id: UUID, form: Submitted[OnVersion]
) -> Response:
    """It is done."""
    return _do(request, session, actor, id, form, doing.finish, HERE)


@router.post(HERE + "/{id}/terugvertellen", name="organisation.referrals.tell")
def tell(
    request: Request, session: Opened, actor: ForOrganisation, id: UUID, form: Submitted[Told]
) -> Response:
    """What the referrer reads."""
    return _do(request, session, actor, id, form, telling.tell_back)


@router.post(HERE + "/{id}/thuis", name="organisation.referrals.need")
def need(
    request: Request, session: Opened, actor: ForOrganisation, id: UUID, form: Submitted[Added]
) -> Response:
    """One thing more at home."""
    return _do(request, session, actor, id, form, doing.add_need)


@router.post(HERE + "/{id}/thuis/{need_id}", name="organisation.referrals.arrange")
def arrange(
    request: Request,
    session: Opened,
    actor: ForOrganisation,
    id: UUID,
    need_id: UUID,
    form: Submitted[Arranged],
) -> Response:
    """Who sees to it."""

    def done(session: Opened, actor: Actor, id: UUID, typed: Arranged) -> object:
        return doing.arrange(session, actor, id, need_id, typed)

    return _do(request, session, actor, id, form, done)
