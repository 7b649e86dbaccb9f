"""Two people, what they have, and everything that giving could leave behind."""

from uuid import UUID

from app.access.actor import Actor
from app.db import Database as Program
from app.roosjes import story
from tests.app.factories import a_helper, a_person, act, an_agreement

STORED = (
    "SELECT (SELECT count(*) FROM ledger.transfer), (SELECT count(*) FROM ledger.pending),"
    " (SELECT count(*) FROM ledger.batch), (SELECT count(*) FROM roosjes_note), (SELECT count(*) FROM notice),"
    " (SELECT count(*) FROM line_question), (SELECT sum(abs(posted)) FROM ledger.account)"
)


def a_pair(
    program: Program, *, first: str = "Ria", second: str = "Tonnie", met: bool = True
) -> tuple[Actor, Actor, UUID]:
    """Somebody, a helper, and the helper's open offer; ``met`` when they have an agreement (without a hold)."""
    with program.transaction() as session:
        one = a_person(session, first_name=first)
        other, offer = a_helper(session, first_name=second)
        if met:
            an_agreement(session, one, other, soort="zonder")
        return one, other, offer.id


def balances(program: Program, *people: Actor) -> tuple[int, ...]:
    """What each account stands on, in minutes."""
    with program.transaction() as session:
        return tuple(story.account_of(session, act(session, one)).balance.posted for one in people)
