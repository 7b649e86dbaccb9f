"""Stopping mail from within a mail program (RFC 8058): a form that no page of ours was asked for.

The signed token in the address is all that it takes; there is no cookie that somebody else's page could borrow.
"""

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from app.access.sign_in import LinkDead
from app.http import Opened
from app.notifications import wishes
from web.pages.notice_wishes import ONE_CLICK

router = APIRouter()


@router.post(ONE_CLICK, name="notices.one_click")
def one_click(request: Request, session: Opened, t: str = "") -> Response:
    """No more mail about what the mail held, at once; the body says nothing that is needed."""
    try:
        wishes.unsubscribe(session, request.app.state.secret, t[:200])
    except LinkDead:
        return PlainTextResponse("This link does not work.", 410)
    return PlainTextResponse("No more mail about this.")
