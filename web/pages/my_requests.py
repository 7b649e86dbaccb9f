"""Mijn vragen: the list, the status page of one, and what its asker may do with it."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.categories import service as categories
from app.categories.vocabulary import CARE_OF_THE_BODY
from app.clock import now, today
from app.errors import DomainError, Invalid, NotFound, Stale
from app.help_requests import reopening, service, standing, story
from app.help_requests.models import HelpRequest, Status
from app.help_requests.schemas import SaidYes, Unfinished
from app.help_requests.standing import Reading, Standing
from app.http import Opened
from app.matches import changing, propose, wider
from app.matches.changing import TermsAgreed
from app.matches.wider import Wider
from app.privacy import saying
from app.privacy.standing import YES
from app.representations import powers
from app.rings import service as rings
from app.schemas import Nothing, Why
from app.signposts import near
from web import forms, i18n, request_status, signposts, wider_words, words, yes
from web.asking_screens import when_options, where_options
from web.forms import Form, Submitted
from web.i18n import N_
from web.pages.return_question import may_ask_in_return
from web.rendering import page, see_other
from web.request_forms import Change, again, change_form, hidden, kinds_for
from web.session import SignedIn

router = APIRouter()
CHANGEABLE = (Status.DRAFT, Status.SUBMITTED, Status.OPEN, Status.PAUSED)
SENDABLE = (Status.DRAFT, Status.PAUSED, Status.EXPIRED)
"""What a button on its page sends, or opens again."""
STOPPABLE = (Status.DRAFT, Status.SUBMITTED, Status.OPEN, Status.PAUSED, Status.EXPIRED)
SOON_DAYS = 7
forms.say(Unfinished, reden=N_("Schrijf in een paar woorden wat er nog niet klaar is."))
JUST: Final = timedelta(minutes=15)


@router.get("/mijn/vragen", name="my_requests.all")
def every(request: Request, session: Opened, actor: SignedIn) -> Response:
    """Each question with what it reads; what waits for the asker on top."""
    rows = service.mine(session, actor)
    lang, day, moment = i18n.language(request), today(session), now(session)
    stands = standing.of(session, actor, rows)
    items = [_item(stands[row.id], lang, day, moment) for row in rows]
    return page(request, "my_requests/all.html", items=sorted(items, key=lambda item: item["order"]))


def _item(one: Standing, lang: str, day: Any, moment: datetime) -> dict[str, Any]:
    row = one.help_request
    order = {Reading.CHOOSE: 0, Reading.UNSENT: 1, Reading.NOBODY: 2, Reading.EXPIRED: 2}
    over = (Reading.DONE, Reading.STOPPED)
    coming = request_status.coming_time(one, moment)
    return {
        "order": order.get(one.reading, 9 if one.reading in over else 3), "over": one.reading in over,
        "title": row.title, "path": f"/mijn/vragen/{row.id}", "theme": words.picture(row.category.theme),
        "number": row.number, "when": words.when(row, day, lang), "coming": coming,
        "reading": request_status.reading(one, lang), "tag": request_status.TAGS.get(one.reading, ""),
    }  # fmt: skip


@router.get("/mijn/vragen/{id}", name="my_requests.show")
def show(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """Who has it, what now, by when; who may be chosen; what happened."""
    return _show(request, session, actor, own(session, actor, id))


def _show(
    request: Request, session: Opened, actor: Actor, row: HelpRequest, form: Form[Any] | None = None,
    *, status: int = 200,
) -> Response:  # fmt: skip
    id = row.id
    one = standing.of(session, actor, [row])[row.id]
    steps, moment, lang = story.of(session, row), now(session), i18n.language(request)
    return page(
        request, "my_requests/show.html", status=status, form=form or forms.blank(), held=row,
        one=one, reading=one.reading.value, now=moment,
        panel=request_status.panel(one, steps, lang, moment), choices=request_status.choices(one, lang),
        history=request_status.timeline(one, steps, lang, moment), item=_face(row, lang, today(session)),
        hidden=hidden(row), can_change=row.status in CHANGEABLE, can_stop=row.status in STOPPABLE,
        can_reopen=reopening.may(row), days_left=_days_left(row, moment), just_sent=_just_sent(row, steps, moment),
        kept=request.query_params.get("klaar", ""),
        returning=actor.behind is None and may_ask_in_return(request, session, actor, row),
        ring=rings.behind(session, actor, id) if actor.behind is None else None, may_decide=powers.may_decide(actor),
        **_found(session, one, lang), **_yes(session, actor, row, lang),
    )  # fmt: skip


def _yes(session: Opened, actor: Actor, row: HelpRequest, lang: str) -> dict[str, Any]:
    """The text to say yes to before this opens, or whose yes it waits for."""
    if row.status not in (*SENDABLE, Status.SUBMITTED):
        return {"yes": None, "waits": ""}
    about = session, actor, row.person_id, row.category, row.skills
    name = row.person.first_name if actor.behind else ""
    return {
        "yes": yes.asked(lang) if row.status in SENDABLE and saying.asks(*about) else None,
        "waits": yes.waits(saying.waits_for(*about), lang, name=name),
    }


def _without_yes(
    request: Request, session: Opened, actor: Actor, row: HelpRequest, form: Form[Any]
) -> Response | None:
    """The page again where it asks for a yes that was not ticked, or waits for a parent's; None to go on."""
    seen = _yes(session, actor, row, form.lang)
    if row.status not in SENDABLE:
        return None
    if seen["yes"] is not None and form.get(YES) != str(seen["yes"].version):
        return _show(request, session, actor, row, form.refuse(YES, yes.NEEDED), status=422)
    if seen["waits"] and row.status is not Status.DRAFT:
        return _show(request, session, actor, row, status=409)
    return None


def _found(session: Opened, one: Standing, lang: str) -> dict[str, Any]:
    """Why these people were asked, and what would bring more while there are few."""
    row = one.help_request
    looking = row.status is Status.OPEN and not one.choices
    return {
        "why_asked": wider_words.why_asked(row, wider.still_asked(session, row), lang),
        "ways": wider_words.ways(wider.options(session, row), lang) if looking else [],
        "near": _near(session, row, lang) if one.reading is Reading.NOBODY else [],
    }


def _near(session: Opened, row: HelpRequest, lang: str) -> list[signposts.Spot]:
    """Where nobody was found yet: what there is for everybody that comes near to what was asked."""
    if row.person.do_not_ask:
        return []
    around = near.Around(row.municipality_id, row.cell)
    slug = row.category.slug
    found = near.of_categories(session, around, [slug])
    return [signposts.spot(one, today(session), lang) for one in found.get(slug, [])]


def own(session: Opened, actor: Actor, id: UUID) -> HelpRequest:
    """A question of one's own; another's does not exist here."""
    row = service.get(session, actor, id)
    if row.person_id != actor.person_id:
        raise NotFound
    return row


def _face(row: HelpRequest, lang: str, day: Any) -> dict[str, Any]:
    return {
        "title": row.title, "theme": words.picture(row.category.theme), "text": row.body,
        "who": f"{row.person.first_name}, {row.neighbourhood.place}", "when": words.when(row, day, lang),
        "how_long": words.how_long(row.minutes, lang),
    }  # fmt: skip


def _just_sent(row: HelpRequest, steps: list[story.Happened], moment: datetime) -> bool:
    """Whether it was sent a moment ago, and nothing was done with it since."""
    last = next((step for step in reversed(steps) if step.entity == "help_request"), None)
    recent = row.posted_at is not None and moment - row.posted_at < JUST
    return recent and last is not None and last.before in ("", Status.DRAFT)


def _days_left(row: HelpRequest, moment: datetime) -> int | None:
    """Whole days until an open question expires, once that is soon."""
    if row.status is not Status.OPEN or row.expires_at is None:
        return None
    days = (row.expires_at - moment).days
    return days if days <= SOON_DAYS else None


@router.get("/mijn/vragen/{id}/veranderen", name="my_requests.change")
def change(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """The question as it stands, to be changed."""
    row = own(session, actor, id)
    if row.status not in CHANGEABLE:
        return see_other(f"/mijn/vragen/{id}")
    return _changing(request, session, row, change_form(row))


@router.post("/mijn/vragen/{id}/veranderen", name="my_requests.changed")
def changed(
    request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Change]
) -> Response:
    """Keep the change; when somebody saved in between, both texts are shown and nothing is lost."""
    row = own(session, actor, id)
    if form.value is None:
        return _changing(request, session, row, form, status=422)
    try:
        category = categories.by_slug(session, form.value.category)
        held = changing.change(session, actor, id, form.value.wanted(row, category, today(session)))
    except Stale:
        row = own(session, actor, id)
        return _changing(request, session, row, again(form, row.version), status=409, stale=True)
    except TermsAgreed:
        form.refuse(
            "", N_("Er is al iets afgesproken. Waar het over gaat, hoe lang en hoe vaak staat nu vast.")
        )
        return _changing(request, session, own(session, actor, id), form, status=409)
    except Invalid as refusal:
        return _changing(request, session, own(session, actor, id), form.refused(refusal), status=422)
    _look_again(session, actor, held)
    return see_other(f"/mijn/vragen/{id}?klaar=bewaard")


def _changing(
    request: Request,
    session: Opened,
    row: HelpRequest,
    form: Form[Any],
    *,
    status: int = 200,
    stale: bool = False,
) -> Response:
    lang = i18n.language(request)
    return page(
        request, "my_requests/change.html", status=status, form=form, held=row, stale=stale,
        wishes=words.wishes_for_helper(lang) if row.category.slug in CARE_OF_THE_BODY else [],
        categories=words.category_choices(categories.every(session), lang), item=_face(row, lang, today(session)),
        yes=yes.asked(lang) if YES in form.errors or form.get(YES) else None,
        agreed=row.helpers_found > 0, kinds=words.kind_choices(kinds_for(session, row), lang),
        said_yes=[one.helper.first_name for one in changing.who_said_yes(session, row.id)],
        **when_options(lang), **where_options(request),
    )  # fmt: skip


def _look_again(session: Opened, actor: Actor, row: HelpRequest) -> None:
    if row.status is Status.OPEN:
        propose.for_request(session, actor, row)


@router.get("/mijn/vragen/{id}/stoppen", name="my_requests.stop")
def stop(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """The first of two clicks: what happens with what was written."""
    row = own(session, actor, id)
    if row.status not in STOPPABLE:
        return see_other(f"/mijn/vragen/{id}")
    return page(request, "my_requests/stop.html", held=row, form=forms.blank())


@router.post("/mijn/vragen/{id}/stoppen", name="my_requests.stopped")
def stopped(request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Why]) -> Response:
    """The second."""
    row = own(session, actor, id)
    if form.value is None:
        return page(request, "my_requests/stop.html", status=422, held=row, form=form)
    if row.status is not Status.WITHDRAWN:
        service.withdraw(session, actor, id, form.value.reason or "")
    return see_other(f"/mijn/vragen/{id}")


@router.get("/mijn/vragen/{id}/toch-niet-klaar", name="my_requests.unfinished")
def unfinished(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """It was said to be over, and it is not: why, and who then does what."""
    row = own(session, actor, id)
    if not reopening.may(row):
        return see_other(f"/mijn/vragen/{id}")
    return _unfinished(request, row, forms.blank())


def _unfinished(request: Request, row: HelpRequest, form: Form[Any]) -> Response:
    status = 422 if form.errors else 200
    keeper = request_status.keeper(row, i18n.language(request))
    return page(request, "my_requests/unfinished.html", status=status, held=row, form=form, keeper=keeper)


@router.post("/mijn/vragen/{id}/toch-niet-klaar", name="my_requests.reopened")
def reopened(
    request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Unfinished]
) -> Response:
    """Back to the makelaar; a second press of the button changes nothing."""
    row = own(session, actor, id)
    if form.value is None:
        return _unfinished(request, row, form)
    if reopening.may(row):
        reopening.not_finished(session, actor, id, form.value.reason)
    return see_other(f"/mijn/vragen/{id}")


@router.post("/mijn/vragen/{id}/pauze", name="my_requests.pause")
def pause(session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]) -> Response:
    """Stop looking for a while."""
    row = _button(session, actor, id, form)
    if row.status is not Status.PAUSED:
        service.pause(session, actor, id)
    return see_other(f"/mijn/vragen/{id}")


@router.post("/mijn/vragen/{id}/verder", name="my_requests.renew")
def renew(request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[SaidYes]) -> Response:
    """Look on for a whole term."""
    row = _button(session, actor, id, form)
    if (again := _without_yes(request, session, actor, row, form)) is not None:
        return again
    _look_again(
        session, actor, service.renew(session, actor, id, form.value.sensitive_yes if form.value else None)
    )
    return see_other(f"/mijn/vragen/{id}?klaar=verder")


@router.post("/mijn/vragen/{id}/ruimer", name="my_requests.wider")
def widened(session: Opened, actor: SignedIn, id: UUID, form: Submitted[Wider]) -> Response:
    """Allow one thing more, and ask whoever fits then."""
    own(session, actor, id)
    if form.value is None:
        raise DomainError
    wider.widen(session, actor, id, form.value)
    return see_other(f"/mijn/vragen/{id}")


@router.post("/mijn/vragen/{id}/versturen", name="my_requests.send")
def send(request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[SaidYes]) -> Response:
    """Send what was kept."""
    row = _button(session, actor, id, form)
    if row.status is Status.DRAFT:
        if (again := _without_yes(request, session, actor, row, form)) is not None:
            return again
        said = form.value.sensitive_yes if form.value else None
        _look_again(session, actor, service.send(session, actor, id, said))
    return see_other(f"/mijn/vragen/{id}")


def _button(session: Opened, actor: Actor, id: UUID, form: Form[Any]) -> HelpRequest:
    """The question a button is about; raises Invalid for a form that holds more than its button."""
    if form.value is None:
        raise DomainError
    return own(session, actor, id)
