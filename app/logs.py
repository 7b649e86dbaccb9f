"""What the log says: that something went wrong and where, and nothing of anybody.

A database error quotes the row that it refused, and an HTTP error the address that was asked: so the words of an
exception are left out, and its kind, its SQLSTATE and the lines of code stay. What slips into a message all the
same is blotted out by its shape; names have none, so no message of ours may hold one.
"""

import json
import logging
import re
import time
import traceback
from contextvars import ContextVar
from types import TracebackType
from typing import Final

BLOT = "[…]"
_SHAPES = re.compile(
    r"[^\s@<>\"'=]+@[^\s@<>\"']+\.[a-z]{2,}"  # an e-mail address
    r"|\b[1-9][0-9]{3}\s?-?[A-Z]{2}\b"  # a postcode
    r"|\b(?:zve_)?[A-Za-z0-9_-]{40,}(?:\.[A-Za-z0-9_-]+)*"  # a token, a signed link, a JWT
    r"|(?<![\w-])(?:\+31|0031|0)[ -]?[1-9](?:[ -]?[0-9]){8}(?![\w-])"  # a telephone number
    r"|(?<![\w-])[0-9]{9}(?![\w-])"  # what may be a BSN
)


class Discreet(logging.Formatter):
    """Formats a record without the words of its exception and without what looks like somebody's."""

    def format(self, record: logging.LogRecord) -> str:
        """The message, and where an exception came from."""
        record.exc_text = None  # another handler may have kept the long form
        return _SHAPES.sub(BLOT, super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        """One line, whatever stands in the message: a second one could pass for another record."""
        return "".join(
            one if one.isprintable() else f"\\u{ord(one):04x}" for one in super().formatMessage(record)
        )

    def formatException(  # noqa: N802 - the library's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """Kinds and places, the cause first."""
        lines: list[str] = []
        error = ei[1]
        while error is not None and len(lines) < 200:
            place = traceback.extract_tb(error.__traceback__)
            lines = [_kind(error), *(f"  {one.filename}:{one.lineno} {one.name}" for one in place), *lines]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)


REQUEST: Final[ContextVar[str]] = ContextVar("request", default="")
"""The number of the request that this thread works for: drawn anew for each, and nobody's."""
TOLD: Final = ("route", "method", "status", "ms")
"""What a record may carry beside its message; a path is not among them, for it may hold a key."""


class AsJson(Discreet):
    """The same as one JSON object a line, for programs that read logs."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, name, message, the number of the request, and where an exception came from."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        said: dict[str, object] = {
            "time": f"{moment}.{int(record.msecs):03}Z", "level": record.levelname, "logger": record.name,
            "message": _SHAPES.sub(BLOT, record.getMessage()),
        }  # fmt: skip
        if request := REQUEST.get():
            said["request"] = request
        said |= {name: getattr(record, name) for name in TOLD if hasattr(record, name)}
        if record.exc_info and record.exc_info[1] is not None:
            said["exception"] = self.formatException(record.exc_info).splitlines()
        return json.dumps(said)


def _kind(error: BaseException) -> str:
    state = getattr(error, "sqlstate", None) or getattr(getattr(error, "orig", None), "sqlstate", None)
    return f"{type(error).__module__}.{type(error).__qualname__}{f' {state}' if state else ''}"


def set_up(*, as_json: bool = False) -> None:
    """One handler for all that this process logs, from warnings up; as JSON every answered request too."""
    handler = logging.StreamHandler()
    form = Discreet("%(asctime)sZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    handler.setFormatter(AsJson() if as_json else form)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("zorgvoorelkaar.requests").setLevel(logging.INFO if as_json else logging.WARNING)
