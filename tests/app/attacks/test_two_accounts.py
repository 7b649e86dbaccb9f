"""The enemy with two accounts: what keys, questions and words of one's own may be made to mean for somebody else."""

from app.access.actor import Actor
from app.cheques import roosjes as papers
from app.cheques.papers import WRONG_CODES, PaperRefused
from app.db import Database as Program
from app.errors import DomainError, TooMany
from app.roosjes import codes
from tests.app.api.conftest import ApiFor
from tests.app.factories import act
from tests.app.roosjes.moving import a_pair, balances

PATH = "/roosjesrekeningen/mijn"


def test_a_question_under_the_key_of_a_gift_is_not_answered_by_who_got_the_gift(
    program: Program, api_for: ApiFor
) -> None:
    """Words are found again by their key: those of a gift to a friend must not become a question to a stranger."""
    enemy, friend, _ = a_pair(program, first="Mallory", second="Trudy")
    victim, _, _ = a_pair(program, first="Ria", second="Tonnie")
    number = _number(program, victim)
    hers, theirs = api_for(enemy), api_for(friend)
    given = hers.post(f"{PATH}/betalingen", {"aan": str(friend.person_id), "minuten": 1}, key="k")
    assert given.status_code == 201

    asked = hers.post(f"{PATH}/betaalverzoeken", {"nummer": number, "minuten": 300}, key="k")

    assert asked.json()["gever"] == "Ria"
    assert theirs.get(f"{PATH}/betaalverzoeken").json() == []
    assert theirs.post(f"{PATH}/betaalverzoeken/{asked.json()['id']}/acceptaties").status_code == 404
    assert balances(program, enemy, friend, victim) == (-1, 1, 0)


def _number(program: Program, of: Actor) -> str:
    with program.transaction() as session:
        return codes.own(session, act(session, of))


def test_somebody_elses_code_is_counted_as_a_code_that_is_nobodys(program: Program) -> None:
    """Else whoever may try it without end learns of a code that it counts."""
    ria, tonnie, _ = a_pair(program)
    with program.transaction() as session:
        made = papers.issue(session, act(session, ria), papers.holder(session, ria), (1, 15), "form")
    said = []
    for _ in range(WRONG_CODES.most + 1):
        try:
            with program.transaction() as session:
                actor = act(session, tonnie)
                papers.printable(session, actor, papers.holder(session, actor), [made.papers[0].code])
        except DomainError as refusal:
            said.append(type(refusal))

    assert said == [PaperRefused] * WRONG_CODES.most + [TooMany]
