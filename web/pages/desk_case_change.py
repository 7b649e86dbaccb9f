"""De vraag veranderen, aan het bureau: for somebody who phones, on the asker's form and by the asker's rules.

Only who goes first when helpers are scarce is the desk's own to say.
"""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.categories import service as categories
from app.categories.vocabulary import CARE_OF_THE_BODY
from app.clock import today
from app.errors import Invalid, Stale
from app.help_requests import service as help_requests
from app.help_requests.models import HelpRequest, Status
from app.http import Opened
from app.matches import changing, propose
from app.matches.changing import TermsAgreed
from app.moderation import cases, history
from app.privacy.standing import YES
from web import i18n, words, yes
from web.asking_screens import when_options, where_options
from web.forms import Form, Submitted
from web.i18n import N_
from web.pages.desk_shell import desk_page
from web.rendering import see_other
from web.request_forms import DeskChange, again, desk_change_form, kinds_for
from web.session import Staff

router = APIRouter(prefix="/bureau/zaken/{id}/veranderen")
CHANGEABLE: Final = (Status.SUBMITTED, Status.OPEN, Status.PAUSED)


@router.get("", name="desk.change")
def change(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """The question as it stands, to be changed; back to the case when it is past changing."""
    row = cases.get(session, actor, id)
    if row.status not in CHANGEABLE:
        return see_other(f"/bureau/zaken/{id}")
    return _screen(request, session, actor, row, desk_change_form(row))


@router.post("", name="desk.changed")
def changed(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[DeskChange]
) -> Response:
    """Keep the change and ask whoever fits then; a refusal shows the form with all that was typed."""
    row = cases.get(session, actor, id)
    if row.status not in CHANGEABLE:
        return see_other(f"/bureau/zaken/{id}")
    if form.value is None:
        return _screen(request, session, actor, row, form, status=422)
    wanted = form.value
    try:
        cases.attempt(session, lambda: _save(session, actor, row, wanted))
    except Stale:
        row = cases.get(session, actor, id)
        return _screen(request, session, actor, row, again(form, row.version), status=409, stale=True)
    except TermsAgreed:
        form.refuse(
            "", N_("Er is al iets afgesproken. Waar het over gaat, hoe lang en hoe vaak staat nu vast.")
        )
        return _screen(request, session, actor, cases.get(session, actor, id), form, status=409)
    except Invalid as error:
        row = cases.get(session, actor, id)
        return _screen(request, session, actor, row, form.refused(error), status=422)
    return see_other(f"/bureau/zaken/{id}")


def _save(session: Opened, actor: Actor, row: HelpRequest, wanted: DeskChange) -> None:
    category = categories.by_slug(session, wanted.category)
    held = changing.change(session, actor, row.id, wanted.wanted(row, category, today(session)))
    help_requests.set_vulnerable(session, actor, held, wanted.vulnerable)
    if held.status is Status.OPEN:
        propose.for_request(session, actor, held)


def _screen(  # noqa: PLR0913 - the same screen before and after
    request: Request,
    session: Opened,
    actor: Actor,
    row: HelpRequest,
    form: Form[Any],
    *,
    status: int = 200,
    stale: bool = False,
) -> Response:
    lang = i18n.language(request)
    return desk_page(
        request,
        actor,
        "desk/change.html",
        status=status,
        form=form,
        asked=row,
        changed=history.last_change(session, actor, row.id) if stale else None,
        stale=stale,
        when_now=words.when(row, today(session), lang),
        agreed=row.helpers_found > 0,
        said_yes=[one.helper.first_name for one in changing.who_said_yes(session, row.id, to_asker=False)],
        wishes=words.wishes_for_helper(lang) if row.category.slug in CARE_OF_THE_BODY else [],
        kinds=words.kind_choices(kinds_for(session, row), lang),
        categories=words.category_choices(categories.every(session), lang),
        yes=yes.asked(lang) if YES in form.errors or form.get(YES) else None,
        **when_options(lang),
        **where_options(request),
    )
