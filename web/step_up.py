"""Acts that ask for a second proof of the last ten minutes, and coming back to them with all that was typed.

Whoever wants to see a page is sent past the door and comes back. What was sent by a form is kept in the page of the
door, in fields that only this browser holds, and stands ready behind a button once the proof was shown. A proof that
takes one away from that page (a municipality's provider, a mail) finds it again in a cookie of the same browser, good
for half an hour and for nobody else who signs in there. So does who sent a form after their session had run out.
"""

import json
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from fastapi import Request
from itsdangerous import BadSignature, URLSafeSerializer
from starlette.responses import Response

from app.access.actor import Actor
from web import cookies, forms
from web.rendering import next_path, page, see_other
from web.security import CSRF_FIELD, cookie, token_under
from web.typed import MAX_FIELDS

ACTS: Final = frozenset(
    {
        # a second pair of eyes
        "pots.decide", "welfare_desk.approve_grant", "treasury.netting.answer",
        # what leaves the house
        "treasury.file", "treasury.bookings", "treasury.seals.lines", "invoices.csv", "invoices.file",
        # the books close, money goes out
        "treasury.close", "cheques.pay_out", "invoices.step",
        # who may what
        "cheques.add_seller", "cheques.end_seller", "staff.invite", "staff.withdraw", "staff.end_role", "staff.reset",
        "staff.sign_out", "ways_in.shut", "ways_in.open",
        # whoever makes it could be whom it is for
        "desk.letter.make",
        # what was seen of somebody's papers, which counts when they are matched
        "volunteers.record", "volunteers.withdraw",
        # how far somebody may borrow, and when a second pair of eyes is asked
        "pots.limits", "pots.rules.set",
        # what does not come back
        "forgetting.do",
    }
)  # fmt: skip
"""Names of routes; `web.session.staff` and `organisation` ask for the proof, in a browser. A program with a token of
all roles was let in by such a proof, and is not asked again (ADR 0024)."""
KEPT: Final = "bewaard"
TO: Final = "naar"
READY: Final = "/inloggen/tweede/klaar"
"""Where the form stands ready for who comes back from elsewhere."""
WAITING_COOKIE: Final = "__Host-zve-wacht"
WAITING_S: Final = 1800
HOME: Final = "/mijn"
SENTENCE: Final = 12
"""Letters, from which on something is worth to be taken over."""
LONGEST_COOKIE: Final = 3_900
"""Browsers hold 4096 bytes with the name and what goes with it; the text is compressed."""


def asked(request: Request) -> Response:
    """To the door, and back from there; what a form sent waits in the door's own page."""
    from web.proofs import SECOND, asked_at

    if request.method in ("GET", "HEAD"):
        return see_other(asked_at(_here(request)))
    # not with the page itself: what the actor's keys are is asked in a transaction of its own
    return page(request, "sign_in/again.html", status=401, door=SECOND, kept=_sent(request))


def lapsed(request: Request, owner: UUID | None) -> Response:
    """To the front door for who sent a form after their session ran out: it stands ready when they are back.

    ``owner`` is whose session it was. What no cookie can hold is shown, to be taken over.
    """
    held = packed(request, owner, _sent(request)) if owner else None
    form = forms.blank(volgende=READY if held else HOME)
    words = [] if held else written(request)
    response = page(request, "sign_in/lapsed.html", status=401, form=form, held=bool(held), written=words)
    return take_along(response, held) if held else response


def written(request: Request) -> list[str]:
    """What somebody wrote in the form that they sent, to take over where it could not be used."""
    typed = getattr(request.state, "typed", None)
    values = [value for all in (typed.values if typed else {}).values() for value in all]
    return [
        value for value in values if len(value) >= SENTENCE and " " in value and not value.startswith("{")
    ]


def _sent(request: Request) -> str:
    typed = getattr(request.state, "typed", None)
    values = {name: all for name, all in (typed.values if typed else {}).items() if name != CSRF_FIELD}
    return json.dumps({TO: _here(request), "velden": values})


def _here(request: Request) -> str:
    return next_path(f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path)


def kept_form(typed: str) -> tuple[str, list[tuple[str, str]]] | None:
    """Where a form that waited goes, and its fields; None for what is no such thing."""
    try:
        waiting: Any = json.loads(typed)
        to, fields = waiting[TO], waiting["velden"]
        pairs = [(str(name), str(value)) for name, values in fields.items() for value in values]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    path = next_path(to if isinstance(to, str) else None, "")
    return (path, pairs) if path and len(pairs) <= MAX_FIELDS else None


def go_on(request: Request, token: str, waiting: tuple[str, list[tuple[str, str]]]) -> Response:
    """What was kept, behind a button, under the session that just began."""
    path, fields = waiting
    csrf = token_under(request, token)
    return page(request, "sign_in/go_on.html", to=path, fields=fields, new_csrf=csrf)


def packed(request: Request, hand: UUID, kept: str) -> str | None:
    """The form that waits as a cookie can hold it; None for one that is too long, which its page then says."""
    value = _seal(request).dumps([str(hand), kept])
    return value if len(value) <= LONGEST_COOKIE else None


def take_along(response: Response, value: str) -> Response:
    """Let this browser hold a packed form while its owner is elsewhere."""
    cookies.give(response, WAITING_COOKIE, value, lasts_s=WAITING_S)
    return response


def taken_along(request: Request, actor: Actor) -> str:
    """The form that this browser held for this very person; nothing where there is none."""
    try:
        owner, kept = _seal(request).loads(cookie(request, WAITING_COOKIE) or "")
    except (BadSignature, ValueError, TypeError):
        return ""
    return str(kept) if owner == str(actor.hand) else ""


def _seal(request: Request) -> URLSafeSerializer:
    secret: bytes = request.app.state.secret
    return URLSafeSerializer(secret, salt="a form that waits", signer_kwargs={"digest_method": sha256})
