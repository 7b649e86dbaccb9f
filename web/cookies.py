"""The one place that gives cookies: bound to this host (``__Host-``), over TLS, and no business of a script."""

from starlette.responses import Response


def give(response: Response, name: str, value: str, *, lasts_s: int | None = None) -> None:
    """Let this browser hold ``value``, by default as long as it is open."""
    response.set_cookie(name, value, max_age=lasts_s, secure=True, httponly=True, samesite="lax")


def take_back(response: Response, name: str) -> None:
    """Let this browser forget it."""
    response.delete_cookie(name, secure=True, httponly=True, samesite="lax")
