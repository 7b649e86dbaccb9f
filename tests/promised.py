"""What a test needs beside Python: where `make test` would have brought it, its absence is a failure and no skip."""

from typing import NoReturn

import pytest

from tools.find_system import may_install


def missing(what: str) -> NoReturn:
    """For what comes from Debian: where we may install it, a test without it proves nothing, and fails."""
    if may_install():
        pytest.fail(f"{what}, though `make test` installs it here")
    pytest.skip(what)


def not_built(what: str) -> NoReturn:
    """For what `make assets` builds everywhere, without root and Debian."""
    pytest.fail(f"{what}: run `make assets`, which `make test` does")
