"""De regio: municipalities side by side, and the help that crossed a border."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.http import Opened
from app.reports import region as regions
from app.reports.region import RegionFigures
from web import i18n
from web.i18n import N_, translate
from web.pages.desk_shell import desk_page
from web.session import Staff

router = APIRouter()


@router.get("/regio", name="region.show")
def show(request: Request, session: Opened, actor: Staff) -> Response:
    """The sums of the region."""
    found = regions.of_region(session, actor)
    lang = i18n.language(request)
    return desk_page(
        request,
        actor,
        "region/show.html",
        found=found,
        title=_title(found, lang),
        shares=[(line.name, line.helped, line.asked) for line in found.lines if line.asked is not None],
    )


def _title(found: RegionFigures, lang: str) -> str:
    count = len(found.lines)
    if found.asked is None:
        return translate(lang, N_("%(count)s gemeenten doen mee"), count=count)
    return translate(
        lang, N_("%(count)s gemeenten, %(asked)s vragen om hulp"), count=count, asked=found.asked
    )
