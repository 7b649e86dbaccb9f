"""Whatever our own description allows, and much that it forbids, is answered as it says, and never with a failure."""

import os
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, seed, settings, strategies as st
from hypothesis.errors import Unsatisfiable

from app.access.roles import REGIONAL, STAFF_ROLES, Role
from app.db import Database as Program
from app.pacing import WINDOW
from tests.app.api.conftest import OFFER, WALK, Api, ApiFor, agreed, served
from tests.app.factories import GELDROP_MIERLO, a_member_of_staff, a_person
from tests.databases import Database
from tests.web.desks.cheques import an_organisation, grant

LONG = bool(os.environ.get("ZVE_TEST_LONG"))
EXAMPLES = 60 if LONG else 2
PARTS = 4 if LONG else 1
"""Of the operations, for as many processes: all of them take three quarters of an hour of one."""
DESKS = [role for role in Role if role in STAFF_ROLES - {Role.BROKER}]
AT_ORGANISATIONS = (Role.ORGANISATION_MEMBER, Role.ORGANISATION_ADMINISTRATOR, Role.REFERRER)
Key = dict[str, str]
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


@pytest.fixture
def others(program: Program, fresh_database: Database, api_for: ApiFor) -> list[Key]:
    """The keys of every other role, and of nobody."""
    flag = an_organisation(fresh_database)
    actors = []
    for role in DESKS:
        place = None if role in REGIONAL else GELDROP_MIERLO
        with program.transaction() as session:
            actors.append(a_member_of_staff(fresh_database, session, role=role, municipality_id=place))
    for role in AT_ORGANISATIONS:
        with program.transaction() as session:
            actors.append(a_person(session, first_name="Coby"))
        grant(fresh_database, actors[-1], role, flag)
    return [*(key_of(api_for(actor)) for actor in actors), {}]


def key_of(api: Api) -> Key:
    """What a program shows."""
    return {"Authorization": api.client.headers["authorization"]}


class Callers:
    """A resident and a makelaar each time, the other one first the next; with them another by turns, or all."""

    def __init__(self, always: list[Key], others: list[Key]) -> None:
        self.always, self.others = always, deque(others)

    def ask(self, case: Any, address: str) -> list[Any]:
        """The answer to each."""
        self.always.reverse()
        self.others.rotate()
        keys = [*self.always, *(self.others if LONG else [self.others[0]])]
        return [case.call(base_url=address, headers=key) for key in keys]


@pytest.mark.parametrize("part", range(PARTS))
def test_no_input_is_a_failure(
    part: int,
    site: FastAPI,
    program: Program,
    others: list[Key],
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
    callers = Callers([key_of(ria), key_of(marja)], others)
    document = ria.get("/openapi.json").json()

    with served(site) as address:
        operations = schemathesis.openapi.from_dict(document).get_all_operations()
        for result in islice(operations, part, None, PARTS):
            assert isinstance(result, Ok)
            travel(WINDOW)  # nobody is refused for being quick
            for mode in schemathesis.GenerationMode:
                strategy = result.ok().as_strategy(generation_mode=mode)
                # an operation without any input has no wrong input either
                with suppress(Unsatisfiable):
                    attempts(strategy, ids, lambda case: callers.ask(case, address))()


def attempts(strategy: Any, ids: list[str], calls: Callable[[Any], list[Any]]) -> Callable[[], None]:
    """A number of requests to one operation, each by several roles, most about a row that is there."""

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
        for answer in calls(case):
            case.validate_response(answer, checks=checks)

    return attempt
