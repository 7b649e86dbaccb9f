"""Berichten: one's conversations, and what the platform told, newest first, each with the page it leads to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.clock import now
from app.conversations import service as conversations
from app.http import Opened
from app.notifications import service
from app.notifications.texts import PATHS, text_of
from web import i18n
from web.rendering import page
from web.session import SignedIn

router = APIRouter()
HERE: Final = "/mijn/berichten"


@dataclass(frozen=True, slots=True)
class Told:
    """A notice on the page."""

    subject: str
    body: str
    path: str
    moment: datetime
    new: bool


@router.get(HERE, name="notices.mine")
def mine(request: Request, session: Opened, actor: SignedIn) -> Response:
    """Conversations and notices; having been shown notices are no longer new, and words are when they are read."""
    lang = i18n.language(request)
    told = []
    for notice in service.mine(session, actor):
        if notice.kind in PATHS:
            text = text_of(notice.kind, notice.params, lang)
            path = text.path.format(id=notice.subject_id)
            told.append(Told(text.subject, text.body, path, notice.created_at, notice.read_at is None))
    if any(one.new for one in told):
        service.mark_read(session, actor)
    talks = conversations.mine(session, actor) if actor.behind is None else []
    return page(request, "notices/mine.html", notices=told, talks=talks, moment=now(session))
