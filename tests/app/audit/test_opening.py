"""What the desk opens of a case for a reason, each whose data it is reads back."""

import pytest

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.opening import Opening, open_
from app.audit.write import Act
from app.db import Database as Program
from tests.app.factories import a_helper, a_member_of_staff, a_person, a_request, a_willing_helper, act
from tests.databases import Database

WHY = "Zij vraagt wat er was afgesproken"


def read_back(program: Program, who: Actor) -> list[tuple[str, str]]:
    with program.transaction() as session:
        return [(look.act, look.reason) for look in audit.mine(session, act(session, who))]


@pytest.mark.parametrize("who", ["asker", "helper"])
def test_both_read_why_the_first_words_of_a_helper_were_opened(
    fresh_database: Database, program: Program, who: str
) -> None:
    """No conversation followed them, whose opening would be written down as well."""
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        people = {"asker": a_person(session), "helper": a_helper(session)[0]}
        case = a_request(session, act(session, people["asker"]))
        a_willing_helper(session, people["asker"], people["helper"], case)

    with program.transaction() as session:
        opening = Opening.model_validate({"wat": "berichten", "reden": WHY})
        opened = open_(session, act(session, marja), case.id, opening)

    assert [message.text for message in opened.messages] == ["Dat doe ik graag"]
    assert read_back(program, people[who]) == [(Act.MESSAGES, WHY)]
