"""What the tests need of the system is installed where that may be done, and nowhere missed in silence."""

import pytest

from tests import promised


def test_what_could_have_been_installed_is_a_failure_and_no_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promised, "may_install", lambda: True)
    with pytest.raises(pytest.fail.Exception, match="no Chromium, though `make test` installs it here"):
        promised.missing("no Chromium")


def test_what_nobody_may_install_here_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promised, "may_install", lambda: False)
    with pytest.raises(pytest.skip.Exception, match="no Chromium"):
        promised.missing("no Chromium")


def test_what_is_built_everywhere_is_always_a_failure() -> None:
    with pytest.raises(pytest.fail.Exception, match="make assets"):
        promised.not_built("no Node")
