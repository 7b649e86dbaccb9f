"""Te printen brieven: what we tell who has no e-mail, on paper, from the queue to the post."""

from collections.abc import Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from markupsafe import Markup
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.clock import now, today
from app.errors import DomainError, NotFound
from app.help_requests import standing
from app.help_requests.standing import Standing
from app.http import Opened
from app.looks import dress
from app.looks.dress import Dress
from app.notifications import letters
from app.notifications.letters import Letter
from app.people import phone
from app.places.models import Municipality
from app.schemas import Incoming
from web import documents, rendering, request_status
from web.documents import NoPrinter
from web.forms import Submitted
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/brieven")
HERE: Final = "/bureau/brieven"


class Printing(Incoming):
    """One letter, or every one that nobody printed yet."""

    one: Annotated[UUID | None, Field(alias="brief")] = None


class Posting(Incoming):
    """Which of the printed letters are in the post."""

    ids: Annotated[list[UUID], Field(alias="brieven", max_length=letters.AT_ONCE)] = []


@router.get("", name="desk_post.queue")
def queue(request: Request, session: Opened, actor: Staff) -> Response:
    """What lies there, and what was posted lately."""
    municipality = own_municipality(session, actor, Permission.REGISTER_PERSON)
    return _page(request, session, actor, municipality)


def _page(
    request: Request,
    session: Opened,
    actor: Actor,
    municipality: Municipality,
    status: int = 200,
    **rest: Any,
) -> Response:
    lying = letters.queue(session, actor, municipality.id)
    return desk_page(
        request, actor, "desk/post.html", status=status, municipality=municipality, moment=now(session),
        to_print=[one for one in lying if one.dispatch.printed_at is None],
        printed=[one for one in lying if one.dispatch.printed_at is not None],
        posted=letters.posted(session, actor, municipality.id), form_at=at_desk(request, HERE, municipality),
        print_at=at_desk(request, f"{HERE}/pdf", municipality), done=request.query_params.get("gepost", ""), **rest,
    )  # fmt: skip


@router.post("/pdf", name="desk_post.print")
def print_(request: Request, session: Opened, actor: Staff, form: Submitted[Printing]) -> Response:
    """The letters as one PDF, or as a page to print where no PDF can be made."""
    municipality = own_municipality(session, actor, Permission.REGISTER_PERSON)
    if form.value is None:
        raise DomainError
    found = letters.print_(session, actor, municipality.id, form.value.one)
    if not found and form.value.one is not None:
        raise NotFound
    if not found:
        return see_other(at_desk(request, HERE, municipality))
    look = dress.of(session, municipality.id)
    waiting = standing.to_choose(session, actor, [letter.person_id for letter in found])
    written = []
    for letter in found:
        text = _written(session, request, letter, look, waiting[letter.person_id])
        written.append(Markup(text))  # noqa: S704  # nosec B704 - our own template
    try:
        made = documents.pdf("notices/letters_pdf.html", letters=written, dress=look)
    except NoPrinter:
        return desk_page(request, actor, "notices/letters_page.html", letters=written)
    one = found[0].reference if len(found) == 1 else f"{today(session):%Y-%m-%d}"
    return documents.download(made, f"brieven-{one}.pdf")


def _written(
    session: Opened, request: Request, letter: Letter, look: Dress, waiting: Sequence[Standing]
) -> str:
    """One letter in the language of who reads it, with whom they may choose on a slip to give back."""
    lang, moment = letter.language, now(session)
    template = rendering.environment(lang).get_template("notices/_letter.html")
    # who chooses in this very letter is not told besides that there is something to choose
    texts = [text for text in letter.texts if not (waiting and text.kind == "willing")]
    return template.render(
        letter=letter, texts=texts, day=today(session), call=phone.display(letter.municipality.phone),
        address=request.app.state.settings.address.partition("://")[2],
        dress=look,
        choosing=[
            (one.help_request, request_status.panel(one, [], lang, moment), request_status.choices(one, lang))
            for one in waiting
        ],
    )  # fmt: skip


@router.post("", name="desk_post.post")
def post(request: Request, session: Opened, actor: Staff, form: Submitted[Posting]) -> Response:
    """These are in the post."""
    municipality = own_municipality(session, actor, Permission.REGISTER_PERSON)
    if form.value is None:
        raise DomainError
    count = letters.post(session, actor, municipality.id, form.value.ids)
    path = at_desk(request, HERE, municipality)
    return see_other(f"{path}{'&' if '?' in path else '?'}gepost={count}")
