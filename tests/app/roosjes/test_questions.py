""" "Dit klopt niet": a question about a line goes to the makelaar, who corrects or explains; both sides read it."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

import rewards
from app.access.actor import Actor
from app.db import Database as Program
from app.errors import Forbidden, Invalid, NotAllowed, NotFound
from app.notifications.models import Notice
from app.roosjes import giving, questions, story
from app.roosjes.giving import Gift
from app.roosjes.questions import Answer, NewQuestion
from rewards import Reason, TransferKind
from tests.app.api.conftest import ApiFor
from tests.app.conftest import rows_of
from tests.app.factories import EINDHOVEN, a_member_of_staff, a_person, act
from tests.app.roosjes.moving import a_pair, balances
from tests.databases import Database
from tests.web.pages.helpers import Visit

Visits = Callable[[], Visit]
WRONG = NewQuestion.model_validate({"uitleg": "Het was één uur"})
CORRECT = Answer.model_validate({"hoe": "verbeteren", "reden": "wrong_amount", "uitleg": "Het was één uur."})
EXPLAIN = Answer.model_validate({"hoe": "uitleggen", "uitleg": "Het waren er echt twee."})


@dataclass(frozen=True, slots=True)
class Asked:
    """Ria gave Tonnie two hours, and says that it is not right."""

    ria: Actor
    tonnie: Actor
    marja: Actor
    id: UUID


@pytest.fixture
def asked(program: Program, fresh_database: Database) -> Asked:
    ria, tonnie, _ = a_pair(program)
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        to = giving.known(session, act(session, ria), tonnie.person_id)
        giving.give(session, ria, to, Gift(120, "k"))
    with program.transaction() as session:
        id = questions.ask(session, act(session, ria), 1, WRONG).id
    return Asked(ria, tonnie, marja, id)


def _told(program: Program, actor: Actor) -> list[str]:
    with program.transaction() as session:
        act(session, actor)
        return list(session.scalars(select(Notice.kind).where(Notice.owned_by(actor.person_id))))


def test_a_question_reaches_the_makelaar_and_moves_nothing(program: Program, asked: Asked) -> None:
    assert "line-question" in _told(program, asked.marja)
    assert balances(program, asked.ria, asked.tonnie) == (-120, 120)
    with program.transaction() as session:
        (waiting,) = questions.waiting(session, act(session, asked.marja), 1771)
        assert (waiting.words, waiting.minutes) == ("Het was één uur", -120)
        with pytest.raises(questions.AskedBefore):
            questions.ask(session, act(session, asked.tonnie), 1, WRONG)


def test_a_correction_is_a_reversal_that_both_read_beside_the_first_line(
    program: Program, asked: Asked, fresh_database: Database
) -> None:
    with program.transaction() as session:
        questions.answer(session, act(session, asked.marja), asked.id, CORRECT)

    assert balances(program, asked.ria, asked.tonnie) == (0, 0)
    for actor in (asked.ria, asked.tonnie):
        with program.transaction() as session:
            back, first = story.story(session, act(session, actor)).lines
            assert (back.kind, back.minutes, back.reason) == (
                TransferKind.REVERSE,
                -first.minutes,
                "wrong_amount",
            )
            assert (back.other_moment, first.other_moment) == (first.moment, back.moment)
            question = questions.of_line(session, actor, first.transfer)
            assert question is not None
            assert question.answer == "Het was één uur."
        assert "line-answered" in _told(program, actor)
    (batch,) = rows_of(fresh_database, "SELECT actor FROM ledger.batch WHERE operation = 'reverse'")
    assert batch.actor == asked.marja.pseudonym
    with program.transaction() as session, pytest.raises(NotAllowed):
        questions.answer(session, act(session, asked.marja), asked.id, EXPLAIN)


def test_an_explanation_changes_no_balance(program: Program, asked: Asked) -> None:
    with program.transaction() as session:
        questions.answer(session, act(session, asked.marja), asked.id, EXPLAIN)

    assert balances(program, asked.ria, asked.tonnie) == (-120, 120)
    assert "line-answered" in _told(program, asked.tonnie)


def test_what_the_other_has_spent_comes_out_of_the_pot_and_without_one_nothing_changes(
    program: Program, asked: Asked
) -> None:
    with program.transaction() as session:
        account = story.account_of(session, act(session, asked.tonnie))
        pot = giving.donate(session, asked.tonnie, Gift(120, "weg"))
        assert pot.transfer
        rewards.set_limits(session.connection(), account.id, floor=0, ceiling=3600)
    with program.transaction() as session:
        questions.answer(session, act(session, asked.marja), asked.id, CORRECT)

    assert balances(program, asked.ria, asked.tonnie) == (0, 0)
    with program.transaction() as session:
        assert story.story(session, act(session, asked.ria)).lines[0].operation == "make_whole"


def test_only_a_makelaar_of_the_place_answers_and_never_about_themselves(
    program: Program, asked: Asked, fresh_database: Database
) -> None:
    with program.transaction() as session:
        far = a_member_of_staff(fresh_database, session, municipality_id=EINDHOVEN, first_name="Karin")
    for actor in (asked.ria, asked.tonnie, far):
        with program.transaction() as session, pytest.raises(NotFound):
            questions.answer(session, act(session, actor), asked.id, EXPLAIN)
    rows_of(fresh_database, "UPDATE line_question SET other_id = :me RETURNING id", me=asked.marja.person_id)
    with program.transaction() as session, pytest.raises(Forbidden):
        questions.answer(session, act(session, asked.marja), asked.id, EXPLAIN)


def test_a_correction_says_why(program: Program, asked: Asked) -> None:
    without = Answer.model_validate({"hoe": "verbeteren", "uitleg": "Zo is het."})
    with program.transaction() as session, pytest.raises(Invalid):
        questions.answer(session, act(session, asked.marja), asked.id, without)


def test_what_was_corrected_or_is_a_correction_is_not_asked_about(program: Program, asked: Asked) -> None:
    with program.transaction() as session:
        questions.answer(session, act(session, asked.marja), asked.id, CORRECT)
    with program.transaction() as session:
        act(session, asked.tonnie)
        for seq in (1, 2):
            with pytest.raises(questions.NotAsked):
                questions.ask(session, asked.tonnie, seq, WRONG)


def test_the_page_asks_and_the_desk_answers(program: Program, visit: Visits, asked: Asked) -> None:
    theirs = visit().sign_in(program, asked.tonnie).get("/mijn/roosjes/regels/1")
    assert theirs.says("Ria schreef: “Het was één uur”")
    desk = visit().sign_in(program, asked.marja).get("/bureau/roosjesvragen")
    assert desk.says("1 vraag over een regel")
    path = f"/bureau/roosjesvragen/{asked.id}"

    desk.post(path, hoe="verbeteren", uitleg="Mijn woorden")
    assert desk.status == 422
    assert desk.says("Kies waarom u verbetert.")
    assert "Mijn woorden" in desk.page
    desk.post(path, hoe="verbeteren", uitleg="Het was één uur.", reden=Reason.WRONG_AMOUNT.value)
    assert desk.says("Geen vragen over een regel")
    assert desk.post(path, hoe="uitleggen", uitleg="Nog eens").status == 409
    page = visit().sign_in(program, asked.ria).get(f"/mijn/roosjes/vraag/{asked.id}")
    assert page.path == "/mijn/roosjes/regels/1"
    assert page.says("Wij verbeterden dit")
    assert page.says("Marja antwoordde: “Het was één uur.”")
    assert page.get("/mijn/roosjes").says("Verbeterd door Marja: het aantal klopte niet")
    assert page.says("Hoort bij de regel van")
    with program.transaction() as session:
        stranger = a_person(session, first_name="Vreemd")
    other = visit().sign_in(program, stranger)
    assert other.get("/bureau/roosjesvragen").status == 404
    assert (
        other.get(f"/mijn/roosjes/vraag/{asked.id}").status
        == other.get(f"/mijn/roosjes/vraag/{uuid4()}").status
    )


def test_a_question_is_asked_and_answered_over_the_api(
    program: Program, api_for: ApiFor, asked: Asked
) -> None:
    assert api_for(asked.tonnie).post(
        "/roosjesrekeningen/mijn/boekingen/1/vragen", {"uitleg": "Niet goed"}
    ).status_code == 409  # fmt: skip
    assert api_for(asked.tonnie).get("/roosjesvragen").status_code == 403
    desk = api_for(asked.marja)
    (one,) = desk.get("/roosjesvragen").json()
    said = desk.post(f"/roosjesvragen/{one['id']}/antwoorden", {"hoe": "uitleggen", "uitleg": "Het klopt."})
    assert said.json()["status"] == "uitgelegd"
    assert api_for(asked.ria).post(
        f"/roosjesvragen/{one['id']}/antwoorden", {"hoe": "uitleggen", "uitleg": "x"}
    ).status_code == 404  # fmt: skip
