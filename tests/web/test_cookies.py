"""Every cookie that a page gives is bound to this host, goes over TLS, and is no business of a script."""

import ast
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from tests.databases import ROOT

GIVEN = {"secure": True, "httponly": True, "samesite": "lax"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Where a cookie is given or taken away."""
    for path in sorted((ROOT / "web").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr.endswith("_cookie")
            ):
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts), node


def flags(call: ast.Call) -> dict[str, Any]:
    return {
        word.arg: word.value.value
        for word in call.keywords
        if isinstance(word.value, ast.Constant) and word.arg
    }


def test_no_cookie_is_given_without_its_flags() -> None:
    found = list(calls())

    assert [where for where, _ in found] == ["web.cookies"] * 2
    assert [call.lineno for _, call in found if not GIVEN.items() <= flags(call).items()] == []
    words = {word.arg for _, call in found for word in call.keywords}
    assert words == {*GIVEN, "max_age"}  # no path but the whole site, and no domain


@pytest.mark.parametrize(
    "name",
    ["web.security.SESSION_COOKIE", "web.security.BEGIN_COOKIE", "web.asking_screens.DRAFT_COOKIE",
     "web.session.MUNICIPALITY_COOKIE", "web.session.DESK_COOKIE", "web.pages.oidc.WAY_COOKIE", "web.i18n.COOKIE",
     "web.pages.return_question.SKIPPED_COOKIE", "web.rendering.THEME_COOKIE", "web.step_up.WAITING_COOKIE"],
)  # fmt: skip
def test_a_cookie_is_of_this_host_alone(name: str) -> None:
    module, _, constant = name.rpartition(".")
    assert getattr(import_module(module), constant).startswith("__Host-")
