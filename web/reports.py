"""What browsers refused on our pages, as they tell it: a hole, or a mistake of ours, does not pass unseen.

The browser itself sends it, without a form and its token, and so may anybody: it changes nothing, has a pace of its
own, and the log takes two words from it, a directive and the path of a page of ours without keys.
"""

import json
import logging
import re
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app import multipart
from app.http import COUNTED
from app.pacing import REPORTS

BYTES_MAX: Final = 16 * 1024
DIRECTIVE: Final = re.compile(r"[a-z][a-z-]{2,40}")
WORD: Final = re.compile(r"[a-z][a-z-]{0,40}")
log = logging.getLogger("zorgvoorelkaar.policy")
router = APIRouter()


async def sent(request: Request) -> bytes:
    """The report as it came. Raises TooLarge."""
    return await multipart.body(request, BYTES_MAX)


@router.post(REPORTS, name="reports.refused", dependencies=[COUNTED])
def refused(request: Request, body: Annotated[bytes, Depends(sent)]) -> Response:
    """Say so in the log. The answer is the same for what is no report."""
    found = read(body, request.headers.get("host", ""))
    if found is not None:
        log.warning("the policy of pages refused %s on %s", *found)
    return Response(status_code=204)


def read(body: bytes, host: str) -> tuple[str, str] | None:
    """The directive and the page; None for what is no report, or about no page of ours."""
    try:
        report: Any = json.loads(body)["csp-report"]
        directive = str(report.get("effective-directive") or report["violated-directive"])
        page = urlsplit(str(report["document-uri"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if page.netloc != host or not DIRECTIVE.fullmatch(directive):
        return None
    parts = page.path[:200].split("/")[1:]
    return directive, "".join(f"/{part if WORD.fullmatch(part) else '…'}" for part in parts if part) or "/"
