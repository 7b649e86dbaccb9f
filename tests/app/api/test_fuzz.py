"""Whatever our own description allows, and much that it forbids, is answered as it says, and never with a failure."""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, seed, settings, strategies as st
from hypothesis.errors import Unsatisfiable

from app.db import Database as Program
from tests.app.api.conftest import OFFER, WALK, Api, agreed, served

EXAMPLES = 60 if os.environ.get("ZVE_TEST_LONG") else 2
PROMISED = ["status_code_conformance", "content_type_conformance", "response_schema_conformance"]


def promised() -> list[Any]:
    """What holds for every answer."""
    from schemathesis.checks import CHECKS, load_all_checks, not_a_server_error

    load_all_checks()
    return [not_a_server_error, *CHECKS.get_by_names(PROMISED)]


def everything_of(ria: Api, youssef: Api, agreement: dict[str, Any]) -> list[str]:
    """Ids of rows of every kind, some one's own and some another's, in several states."""
    asked = [ria.made("/hulpvragen", WALK), ria.made("/hulpvragen", WALK | {"concept": True})]
    offers = [youssef.made("/hulpaanbod", OFFER), ria.made("/hulpaanbod", OFFER | {"concept": True})]
    proposals = youssef.get("/voorstellen").json()
    rows = [*asked, *offers, *proposals, agreement, agreement["keren"][0]]
    return [row["id"] for row in rows]


@pytest.mark.parametrize("who", ["ria", "marja"])
def test_no_input_is_a_failure(
    who: str,
    site: FastAPI,
    program: Program,
    ria: Api,
    youssef: Api,
    marja: Api,
    travel: Callable[[timedelta], None],
) -> None:
    # two seconds that each process would wait, and this test needs
    import schemathesis
    from schemathesis.core.result import Ok

    agreement = agreed(program, ria, youssef)
    ids = everything_of(ria, youssef, agreement)
    travel(timedelta(days=4))
    api = {"ria": ria, "marja": marja}[who]
    headers = {"Authorization": api.client.headers["authorization"]}
    document = api.get("/openapi.json").json()

    with served(site) as address:
        for result in schemathesis.openapi.from_dict(document).get_all_operations():
            assert isinstance(result, Ok)
            for mode in schemathesis.GenerationMode:
                strategy = result.ok().as_strategy(generation_mode=mode)
                # an operation without any input has no wrong input either
                with suppress(Unsatisfiable):
                    attempts(strategy, ids, lambda case: case.call(base_url=address, headers=headers))()


def attempts(strategy: Any, ids: list[str], call: Callable[[Any], Any]) -> Callable[[], None]:
    """A number of requests to one operation, most of them about a row that is there."""

    checks = promised()

    @seed(71205)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def attempt(data: st.DataObject) -> None:
        case = data.draw(strategy)
        if "id" in (case.path_parameters or {}) and data.draw(st.integers(0, 4)):
            case.path_parameters["id"] = data.draw(st.sampled_from(ids))
        case.validate_response(call(case), checks=checks)

    return attempt
