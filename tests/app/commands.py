"""The command line within the process of the tests: all of it but the start of Python, which costs two seconds."""

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from unittest.mock import patch

from app import cli

WIDTH = 200


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


def run(variables: Mapping[str, str], *arguments: str, width: int = WIDTH) -> Done:
    """What `zorgvoorelkaar` does and says with these arguments, in an environment with these variables.

    What would end with a trace is raised here.
    """
    out, error = _Written(), _Written()
    environment = {**variables, "COLUMNS": str(width)}
    with (
        patch.dict(os.environ, environment),
        patch.object(sys, "argv", ["zorgvoorelkaar", *arguments]),
        redirect_stdout(out),
        redirect_stderr(error),
        _as_in_a_process_of_its_own(width),
    ):
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Done(code, out.text, error.text)


class _Written(TextIOWrapper):
    """Takes text and bytes, as the standard streams do."""

    def __init__(self) -> None:
        self.bytes = BytesIO()
        super().__init__(self.bytes, encoding="utf-8", write_through=True)

    @property
    def text(self) -> str:
        """All of it."""
        return self.bytes.getvalue().decode().replace("\r\n", "\n")


@contextmanager
def _as_in_a_process_of_its_own(width: int) -> Iterator[None]:
    """Warnings go to the standard error, and the consoles look up how wide it is."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers[:] = []
    with patch.dict(os.environ, COLUMNS=str(width)):
        try:
            yield
        finally:
            root.handlers[:] = handlers
            root.setLevel(level)
