"""Static files: addresses that carry a hash of the content, and how long a browser may keep them."""

import hashlib
from functools import lru_cache
from os import PathLike, stat_result
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC_DIR: Final = Path(__file__).parent / "static"
FONT: Final = "vendor/schibsted-grotesk.woff2"
SERVICE_WORKER: Final = "service-worker.js"
_FOREVER: Final = "public, max-age=31536000, immutable"
_A_WHILE: Final = "public, max-age=3600"


def exists(path: str) -> bool:
    """Whether this file was built; what npm brings may be absent."""
    return (STATIC_DIR / path).is_file()


def static(path: str) -> str:
    """The address of a static file, with its content's hash where it exists."""
    file = STATIC_DIR / path
    if not file.is_file():
        return f"/static/{path}"
    return f"/static/{path}?v={_fingerprint(path, file.stat().st_mtime_ns)}"


@lru_cache(maxsize=256)
def _fingerprint(path: str, _modified_ns: int) -> str:
    """Twelve hex digits; the modification time is there so that an edit is seen while developing."""
    return hashlib.sha256((STATIC_DIR / path).read_bytes()).hexdigest()[:12]


class CachedFiles(StaticFiles):
    """Serves ``web/static``; mount it at ``/static``."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC_DIR)

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """A year for an address with the right hash, an hour for one without."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("v", [""])[0]
        path = Path(full_path).relative_to(STATIC_DIR).as_posix()
        right = asked and static(path).endswith(f"?v={asked}")
        response.headers["Cache-Control"] = _FOREVER if right else _A_WHILE
        if path == SERVICE_WORKER:  # it stands among the files, and answers for the whole site
            response.headers["Service-Worker-Allowed"] = "/"
            response.headers["Cache-Control"] = "no-cache"
        return response
