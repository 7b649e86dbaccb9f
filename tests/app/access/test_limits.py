"""How often one may try, and what becomes of who is tried by somebody else."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest

from app.access.limits import CODE_BY_EMAIL, LINK_BY_EMAIL, Limit, spend
from app.access.sign_in import LINK_MINUTES
from app.db import Database as Program
from app.errors import TooMany

Travel = Callable[[timedelta], None]
RIA = "ria@voorbeeld.nl"


def passes(program: Program, limit: Limit) -> bool:
    try:
        with program.transaction() as session:
            spend(session, limit, RIA)
    except TooMany:
        return False
    return True


def test_whoever_asks_links_for_another_without_end_never_leaves_them_without_one(
    program: Program, travel: Travel
) -> None:
    mailed = []
    for minute in range(0, 180, 2):
        if passes(program, LINK_BY_EMAIL):
            mailed.append(minute)
        travel(timedelta(minutes=2))

    between = [later - earlier for earlier, later in pairwise(mailed)]
    assert max(between) < LINK_MINUTES  # there is always one that lives
    assert max(mailed) > 165
    assert len(mailed) <= 5 + 6 * 3  # and the mailbox is not flooded


def test_what_is_guessed_stays_refused_while_somebody_goes_on_guessing(
    program: Program, travel: Travel
) -> None:
    tries = []
    for _ in range(40):
        tries.append(passes(program, CODE_BY_EMAIL))
        travel(timedelta(minutes=20))
    assert tries == [True] * CODE_BY_EMAIL.most + [False] * (40 - CODE_BY_EMAIL.most)


def test_who_has_to_wait_reads_how_long(program: Program, travel: Travel) -> None:
    for _ in range(LINK_BY_EMAIL.most):
        assert passes(program, LINK_BY_EMAIL)
    travel(timedelta(minutes=4))
    with pytest.raises(TooMany) as refused, program.transaction() as session:
        spend(session, LINK_BY_EMAIL, RIA)
    assert 350 <= refused.value.again_s <= 360
