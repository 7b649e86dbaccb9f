"""On paper: a template as a PDF that a screen reader can read (PDF/UA-1, tagged), and QR codes as SVG.

``pdf("cheques/papers.html", lang="nl", papers=rows)`` renders a template that extends ``documents/base.html``, with
the names of every template of ours (``dutch``, ``svg``, ``_``), ``qr`` and ``dress``, the look of the municipality that
it comes from; ``PDF_TITLE`` there is its title. It gets at our static files as ``static:vendor/name``, at the logo of
that look, which stands in it, and at nothing else: no network, no other file.
What lays out a page is heavy and needs Pango, so that it is loaded only when somebody prints.
"""

import base64
import logging
from collections.abc import Collection
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup, escape
from starlette.responses import Response

from app.errors import Unavailable
from app.looks.dress import OURS_ALONE, Dress
from web import rendering
from web.assets import STATIC_DIR
from web.i18n import DUTCH, N_

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

STATIC: Final = "static:"
NO_PRINTER: Final = N_(
    "Een PDF maken lukt hier nu niet. Druk deze bladzijde af vanuit uw browser, of bel ons."
)
MIME: Final = {".woff2": "font/woff2", ".css": "text/css", ".svg": "image/svg+xml"}
_QUIET: Final = ("weasyprint", "fontTools")


class NoPrinter(Unavailable):
    """The libraries that lay out a PDF (Pango) are not on this computer."""

    code = "no-printer"

    def __init__(self) -> None:
        super().__init__(NO_PRINTER)


def pdf(template: str, *, lang: str = DUTCH, dress: Dress = OURS_ALONE, **values: Any) -> bytes:
    """The template as PDF/UA-1, in the look of a municipality, whose logo may stand in it. Raises NoPrinter."""
    given = {"qr": qr, "dress": dress, "on_paper": True, **values}
    return pdf_of(rendering.environment(lang).get_template(template).render(given), [dress.inside])


def pdf_of(html: str, inside: Collection[str] = ()) -> bytes:
    """A whole HTML document as PDF/UA-1; a file that it asks for and may not have ends it. Raises NoPrinter."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import FatalURLFetchingError
    except OSError as missing:  # a library of the system's that cffi could not open
        raise NoPrinter from missing
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
    document = HTML(string=html, base_url=STATIC, url_fetcher=_own_files(frozenset(inside)))
    try:
        made: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as outside:  # no Exception: it would pass by whoever answers for faults
        raise PermissionError(str(outside)) from outside
    return made


def download(made: bytes, filename: str) -> Response:
    """A PDF as an answer that no cache keeps; ``filename`` is ASCII without quotes."""
    return Response(
        made,
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{filename}"',
            "Cache-Control": "no-store",
        },
    )


def qr(text: str, title: str = "") -> Markup:
    """A QR code as an SVG picture with ``title`` for who does not see it; error correction M, a margin of four."""
    import segno

    # Upper case fits the alphanumeric mode, which makes fewer and larger squares; the caller decides.
    code = segno.make(text, error="m", micro=False, boost_error=False)
    drawn = BytesIO()
    code.save(
        drawn, kind="svg", xmldecl=False, svgns=True, border=4, omitsize=True, svgclass="qr", lineclass=None
    )
    picture = drawn.getvalue().decode("utf-8").strip()
    head = f'<svg role="img" aria-label="{escape(title)}"' if title else '<svg aria-hidden="true"'
    return Markup(picture.replace("<svg", head, 1))  # noqa: S704  # nosec B704 - segno's own drawing, escaped


def _own_files(inside: frozenset[str]) -> "URLFetcher":
    """What a document may ask for: files of web/static, by ``static:``, and these very pictures; anything else stops
    the print."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):  # type: ignore[misc]  # the library has no types
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url in inside:
                kind, _, coded = url.removeprefix("data:").partition(";base64,")
                return URLFetcherResponse(url, base64.b64decode(coded, validate=True), {"Content-Type": kind})
            file = (STATIC_DIR / url.removeprefix(STATIC).split("?")[0]).resolve()
            if not url.startswith(STATIC) or not file.is_relative_to(STATIC_DIR) or file.suffix not in MIME:
                raise PermissionError(url)
            return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": MIME[file.suffix]})

    return OwnFiles(allowed_protocols=("static", "data"), allow_redirects=False, fail_on_errors=True)
