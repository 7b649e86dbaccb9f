"""De regio: municipalities side by side, and the help that crossed a border."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.http import Opened
from app.reports import region as regions
from app.reports.region import RegionFigures
from app.schemas import Nothing
from app.treasury import region as between
from app.treasury.calendar import last_month
from web import dutch, i18n, report_words
from web.forms import Submitted
from web.i18n import N_, translate
from web.pages.desk_shell import desk_page
from web.rendering import see_other
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
        span=report_words.span(found.period, lang) if found.period else "",
        title=_title(found, lang),
        shares=_shares(found),
    )


@router.get("/regio/verrekenen", name="region.clearing")
def clearing(request: Request, session: Opened, actor: Staff) -> Response:
    """What municipalities owe each other in hours, and who still has to say yes."""
    return desk_page(
        request,
        actor,
        "region/clearing.html",
        found=between.clearing(session, actor),
        month=last_month(session),
        proposed="voorgesteld" in request.query_params,
    )


@router.post("/regio/verrekenen", name="region.propose")
def propose(session: Opened, actor: Staff, _form: Submitted[Nothing]) -> Response:
    """Lay ready, for everybody, what stood open when the last month ended; again proposes nothing new."""
    between.propose_all(session, actor, last_month(session))
    return see_other("/regio/verrekenen?voorgesteld=1")


def _shares(found: RegionFigures) -> list[tuple[str, int]]:
    """Of every hundred requests how many found somebody, where both are told: the large ones beside the small."""
    lines = [
        (line.name, round(100 * line.helped / line.asked))
        for line in found.lines
        if line.asked and line.helped is not None
    ]
    return sorted(lines, key=lambda line: -line[1])


def _title(found: RegionFigures, lang: str) -> str:
    count = len(found.lines)
    if found.asked is None:
        return translate(lang, N_("%(count)s gemeenten doen mee"), count=count)
    return translate(
        lang,
        N_("%(count)s gemeenten, %(asked)s vragen om hulp"),
        count=count,
        asked=dutch.number(found.asked, lang),
    )
