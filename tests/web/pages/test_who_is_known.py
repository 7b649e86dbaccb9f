"""Whether an address is known here is told by no form that takes one: not in status, headers, body, work or time."""

import re
import statistics
import time
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from app.access.limits import LINK_BY_ADDRESS
from app.db import Database as Program
from tests.app.factories import a_person
from tests.queries import count_queries
from tests.web.pages.helpers import Visit
from tests.web.pages.test_asking import START, WHO, four_screens

Browsers = Callable[[], Visit]
SIGN_IN, SIGN_UP, ASK = "/inloggen", "/aanmelden", f"{START}/versturen"
NEWCOMER = {"voornaam": "Tonnie", "postcode": "5731"}
DRAWN_ANEW = re.compile(r'(nonce-|nonce="|name="csrf" value="|name="kaartje" value="|data-ends=")[^"\']+')


def ready(visitor: Visit, path: str) -> dict[str, str]:
    """The form is open in the browser; all that it asks for but the address."""
    if path == ASK:
        four_screens(visitor)
        return WHO
    visitor.get(path)
    return NEWCOMER if path == SIGN_UP else {}


def sent(visitor: Visit, path: str, fields: dict[str, str], email: str) -> Any:
    """The form with this address, as the browser sends it."""
    return visitor.client.post(path, data={**fields, "email": email, "csrf": visitor.csrf})


def told(answer: Any, email: str) -> tuple[int, list[tuple[str, str]], str]:
    """Status, headers and body, without the address itself and what is drawn anew for everybody."""
    given = [pair for pair in answer.headers.items() if pair[0] != "x-request-id"]
    headers = sorted((name, DRAWN_ANEW.sub(r"\1", value)) for name, value in given)
    return answer.status_code, headers, DRAWN_ANEW.sub(r"\1", answer.text).replace(email, "X")


@pytest.mark.parametrize("path", [SIGN_IN, SIGN_UP, ASK])
def test_a_known_and_an_unknown_address_get_one_answer_by_the_same_work(
    visit: Browsers, program: Program, path: str
) -> None:
    with program.transaction() as session:
        a_person(session, email="bekend@voorbeeld.nl")
    seen, worked = [], []
    for email in ("warmen@voorbeeld.nl", "bekend@voorbeeld.nl", "vreemd@voorbeeld.nl"):
        visitor = visit()
        fields = ready(visitor, path)
        with count_queries(program.engine) as queries:
            answers = [sent(visitor, path, fields, email)]
            if there := answers[0].headers.get("location"):
                answers.append(visitor.client.get(there))
        seen.append([told(answer, email) for answer in answers])
        worked.append(queries.statements)
    assert "Kijk in uw mail" in seen[1][-1][2]
    assert seen[1] == seen[2]
    assert worked[1] == worked[2]


@pytest.mark.parametrize("path", [SIGN_IN, SIGN_UP, ASK])
def test_known_and_unknown_addresses_take_equally_long(visit: Browsers, program: Program, path: str) -> None:
    """Pairs in drawn order, for what comes by turns would slow one of them; a sign test at one in a thousand."""
    pairs = (LINK_BY_ADDRESS.most - 6) // 2
    with program.transaction() as session:
        for number in range(pairs):
            a_person(session, email=f"bekend{number}@voorbeeld.nl")
    visitor = visit()
    fields = ready(visitor, path)

    def seconds(email: str) -> float:
        begun = time.perf_counter()
        answer = sent(visitor, path, fields, email)
        took = time.perf_counter() - begun
        assert answer.status_code == (303 if path == ASK else 200)
        return took

    for warm in range(3):
        seconds(f"warm{warm}@voorbeeld.nl")
    slower, known, unknown, order = 0, [], [], Random(pairs)
    for number in range(pairs):
        emails = [f"bekend{number}@voorbeeld.nl", f"vreemd{number}@voorbeeld.nl"]
        took = {email: seconds(email) for email in order.sample(emails, 2)}
        known.append(took[emails[0]])
        unknown.append(took[emails[1]])
        slower += took[emails[0]] > took[emails[1]]
    spread = 3.29 * (pairs / 4) ** 0.5
    assert abs(slower - pairs / 2) <= spread, (slower, statistics.median(known), statistics.median(unknown))
