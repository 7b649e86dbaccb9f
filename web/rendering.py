"""From a template to an answer.

``page(request, "help_requests/show.html", help_request=row)`` renders with these names besides one's own:

- ``site``: the Site, for the municipality's name, its telephone number and its makelaar;
- ``actor``: who looks (a visitor has ``signed_in`` false); ``menu``: what head and foot offer them;
- ``csrf_token``: for every form that posts; ``nonce``: for a script of the page;
- ``lang`` ("nl" or "en"), ``theme`` ("", "light" or "dark"), ``path`` and ``here`` (path and query);
- ``url_for(name, **path_parameters)``, ``static(path)``, ``svg`` (``web.svg``) and ``dutch`` (``web.dutch``
  in the visitor's language): ``{{ dutch.moment(starts_at) }}``, or as a filter ``{{ minutes | duration }}``.

The session's dependency sets ``request.state.site`` and ``request.state.actor``; both have a default.
A name that is missing is an error, everything is escaped, and ``_()`` translates.
"""

import hmac
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import sha256
from inspect import signature
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, cast
from urllib.parse import urlsplit

from fastapi import Request
from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    __version__ as jinja_version,
    pass_context,
)  # fmt: skip
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from starlette.responses import HTMLResponse, RedirectResponse

from app.access.actor import VISITOR, Actor
from web import assets, balances, cookies, dutch, faces, i18n, menu as menus, security, svg
from web.supplied import supplied

TEMPLATES_DIR: Final = Path(__file__).parent / "templates"
YEAR_S: Final = 31_536_000
"""How long a browser remembers a choice."""
THEME_COOKIE: Final = "__Host-thema"
THEMES: Final = {"licht": "light", "donker": "dark"}


@dataclass(frozen=True, slots=True)
class Site:
    """What every page says about the municipality that it is for."""

    municipality_id: int | None = None
    municipality_name: str = ""
    phone_display: str = ""
    phone_href: str = ""
    makelaar_name: str = ""
    makelaar_title: str = "sociaal makelaar"
    mediation: int = 3
    """Its degree of ``app.places.models.Mediation``: what may be promised about reading."""
    hours: str = ""
    region_name: str = ""
    municipality_count: int = 0
    demonstration: bool = False
    email: str = ""
    """Where mail about this site itself may go."""
    stylesheet: str = ""
    """Address of the sheet with the municipality's own colours."""
    logo: str = ""
    """Address of the municipality's logo."""
    share: str = ""
    """Address of the picture beside a shared address."""


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> HTMLResponse:
    """The template as an answer. Sets the begin cookie when a form of a new visitor needs one."""
    token = security.CsrfToken(request)
    text = (
        environment(i18n.language(request))
        .get_template(template)
        .render({**_context(request), "status": status, "csrf_token": token, **context})
    )
    response = HTMLResponse(text, status, headers)
    if token.begun:
        cookies.give(response, security.BEGIN_COOKIE, token.begun)
    return response


def see_other(path: str) -> RedirectResponse:
    """To another page of ours, after a form."""
    return RedirectResponse(next_path(path), 303)


def next_path(value: str | None, default: str = "/") -> str:
    """The value when it is a path on this site, else the default.

    Browsers drop tabs and line ends, and read a backslash as a slash: none of them may come near.
    """
    if not value or not value.startswith("/") or value.startswith("//") or len(value) > 1000:
        return default
    if any(ord(character) <= 32 or ord(character) >= 127 or character == "\\" for character in value):
        return default
    lowered = value.lower()
    if any(hidden in lowered for hidden in ("%0a", "%0d", "%09", "%00", "%5c")):
        return default
    try:
        parts = urlsplit(value)
    except ValueError:
        return default
    return default if parts.scheme or parts.netloc or "//" in parts.path else value


def site(request: Request) -> Site:
    """The site of this request; for an error before the session, ``app.state.site`` or a bare one."""
    found = getattr(request.state, "site", None) or getattr(request.app.state, "site", None)
    return found if isinstance(found, Site) else Site()


def actor(request: Request) -> Actor:
    """Who looks; a visitor where nothing was set."""
    found = getattr(request.state, "actor", None)
    return found if isinstance(found, Actor) else VISITOR


def _context(request: Request) -> dict[str, Any]:
    who = actor(request)
    query = f"?{request.url.query}" if request.url.query else ""
    return {
        "request": request,
        "site": site(request),
        "actor": who,
        "desks": getattr(request.state, "desks", []),
        "menu": menus.menu(request, who),
        "nonce": getattr(request.state, "nonce", ""),
        "theme": THEMES.get(request.cookies.get(THEME_COOKIE, ""), ""),
        "path": request.url.path,
        "draft_of": _draft_of(request, who),
        "here": next_path(f"{request.url.path}{query}"),
        "url_for": url_for(request),
        **_public(request),
    }


def _public(request: Request) -> dict[str, Any]:
    """What a page tells search engines and who shares its address: nothing at all, but for public pages."""
    name = getattr(request.scope.get("route"), "name", "")
    if name not in faces.PUBLIC:
        return {"canonical": "", "share": "", "linked": None}
    base = request.app.state.settings.address
    path = request.url.path + faces.municipality_of(request, site(request).municipality_id)
    return {
        "canonical": base + path,
        "share": base + (site(request).share or assets.static("share.png")),
        "linked": faces.linked(name, base, base + path, site(request)),
    }


def _draft_of(request: Request, who: Actor) -> str:
    """Under which name this browser keeps what they typed: it tells nobody who, and is never that of another."""
    if not who.signed_in:
        return ""
    secret: bytes = getattr(request.app.state, "secret", b"")
    said = f"draft {who.person} {who.behind and who.behind.person}".encode()
    return hmac.new(secret, said, sha256).hexdigest()[:16]


def url_for(request: Request) -> Callable[..., str]:
    """Gives the path of a page by its name."""

    def path_of(name: str, **parameters: Any) -> str:
        values = {key: str(value) for key, value in parameters.items()}
        return str(request.app.state.addresses[name].url_path_for(name, **values))

    return path_of


class Compiled(FileSystemBytecodeCache):
    """Templates as they were compiled, beside them as Python keeps its own; where nothing can be written, for each
    process anew: that takes 4 MB of it, and most of a first page.
    """

    def __init__(self) -> None:
        folder = TEMPLATES_DIR / "__pycache__"
        super().__init__(str(folder), f"%s-{jinja_version}")
        with suppress(OSError):
            folder.mkdir(exist_ok=True)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, unless the folder is not ours or the disk is full."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


@lru_cache
def environment(lang: str) -> Environment:
    """The templates with one language's sentences and ways of saying dates."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES_DIR),
        bytecode_cache=Compiled(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_translations(i18n.translations(lang), newstyle=True)  # type: ignore[attr-defined]
    made.globals["ngettext"] = _grouped(cast(Callable[..., str], made.globals["ngettext"]), lang)
    made.globals.update(
        lang=lang, direction="rtl" if lang in i18n.RIGHT_TO_LEFT else "ltr", languages=i18n.LANGUAGES,
        dutch=_spoken(lang), svg=svg, balances=balances,
        static=assets.static,
        is_current=menus.current, font_path=f"/static/{assets.FONT}" if assets.exists(assets.FONT) else "",
    )  # fmt: skip
    made.filters.update(vars(_spoken(lang)), supplied=partial(supplied, lang=lang))
    return made


def _grouped(ngettext: Callable[..., str], lang: str) -> Callable[..., str]:
    """The same, with a large ``%(num)s`` written as the language does: ``1.200``."""

    @pass_context
    def said(context: Context, one: str, many: str, count: int, **values: object) -> str:
        return ngettext(context, one, many, count, **{"num": dutch.number(count, lang), **values})

    return said


def _spoken(lang: str) -> SimpleNamespace:
    """The functions of ``web.dutch``, in one language."""
    functions = {
        name: function
        for name, function in vars(dutch).items()
        if callable(function) and getattr(function, "__module__", "") == dutch.__name__
    }
    return SimpleNamespace(
        **{
            name: partial(function, lang=lang) if "lang" in signature(function).parameters else function
            for name, function in functions.items()
        },
        WEEKDAYS=dutch.WEEKDAYS[lang],
        PARTS_OF_DAY=dutch.PARTS_OF_DAY[lang],
    )
