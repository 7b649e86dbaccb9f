"""An outcome is kept for who says so, for nobody else's eyes, for a year, and goes when they say so."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.access.actor import VISITOR
from app.access.sign_in import act_as, act_for
from app.config import Settings
from app.db import Database as Program, scope_to
from app.errors import Forbidden, Invalid, NotFound, NotSignedIn
from app.jobs import tasks
from app.jobs.work import Work
from app.privacy import export
from app.signposts import service
from app.signposts.models import KeptChoices
from app.signposts.service import MOST, KeptEnough
from tests.app.conftest import rows_of
from tests.app.factories import a_member_of_staff, a_person, a_representation, act
from tests.databases import Database


def test_what_is_kept_is_found_again_and_lasts_a_year(session: Session) -> None:
    ria = a_person(session)

    kept = service.keep(session, ria, ["k", "k1a", "nonsense"])

    assert [row.id for row in service.mine(session, ria)] == [kept.id]
    assert kept.codes == ["k", "k1a"]
    assert kept.expires_at - kept.kept_at == timedelta(days=365)
    assert service.choices_of(kept).codes == ["k", "k1a"]


def test_the_same_answers_once_more_are_one_row_with_a_new_year(session: Session) -> None:
    ria = a_person(session)

    first = service.keep(session, ria, ["k", "k1a", "k2c"]).id
    again = service.keep(session, ria, ["k2c", "k", "k1a"]).id

    assert first == again
    assert len(service.mine(session, ria)) == 1


def test_danger_and_a_wish_to_die_are_left_out(session: Session) -> None:
    kept = service.keep(session, a_person(session), ["h", "h1e", "b", "b2d", "b1a"])

    assert kept.codes == ["b", "b1a", "h"]


def test_nothing_to_keep_and_nobody_to_keep_it_for_are_refused(session: Session) -> None:
    ria = a_person(session)

    with pytest.raises(Invalid):
        service.keep(session, ria, ["zz"])
    with pytest.raises(NotSignedIn):
        service.keep(session, VISITOR, ["k"])


def test_ten_may_be_kept_and_an_eleventh_asks_for_room(session: Session) -> None:
    ria = a_person(session)
    for code in "abcdefghij"[:MOST]:
        service.keep(session, ria, [code])

    with pytest.raises(KeptEnough):
        service.keep(session, ria, ["k"])

    service.keep(session, ria, ["a"])  # what is there already may be kept on
    service.forget(session, ria, service.mine(session, ria)[0].id)
    service.keep(session, ria, ["k"])


def test_another_finds_nothing_of_it_a_desk_neither(session: Session, database: Database) -> None:
    ria = a_person(session)
    kept = service.keep(session, ria, ["g", "g1d"]).id
    session.flush()

    for stranger in (a_person(session, first_name="Kees"), a_member_of_staff(database, session)):
        act_as(session, stranger.person_id)
        with pytest.raises(NotFound):
            service.get(session, stranger, kept)
        with pytest.raises(NotFound):
            service.forget(session, stranger, kept)
        # unscoped: what the database itself lets through
        assert session.scalars(select(KeptChoices)).all() == []


def test_who_acts_for_another_neither_reads_nor_keeps_it(program: Program, fresh_database: Database) -> None:
    with program.transaction() as session:
        annie, karin = a_person(session, first_name="Annie"), a_person(session, first_name="Karin")
        service.keep(session, act(session, annie), ["k"])
        marja = a_member_of_staff(fresh_database, session)
        id = a_representation(session, marja, karin, annie).id

    with program.transaction() as session:
        acting = act_for(session, act(session, karin), id)
        assert acting is not None
        with pytest.raises(Forbidden):
            service.keep(session, acting, ["g"])
        scope_to(session, acting.scope)
        assert service.mine(session, acting) == []


def test_what_was_thrown_away_is_gone(session: Session) -> None:
    ria = a_person(session)
    kept = service.keep(session, ria, ["k"]).id

    service.forget(session, ria, kept)

    assert service.mine(session, ria) == []
    with pytest.raises(NotFound):
        service.forget(session, ria, kept)


def test_after_a_year_it_is_gone_by_itself(
    program: Program, fresh_database: Database, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        ria = a_person(session)
        service.keep(session, ria, ["k"])
    travel(timedelta(days=364))
    tasks.tidy(Work(Settings(), program))
    assert rows_of(fresh_database, "SELECT count(*) FROM kept_choices")[0][0] == 1

    travel(timedelta(days=2))
    with program.transaction() as session:
        assert service.mine(session, act_as(session, ria.person_id)) == []
    tasks.tidy(Work(Settings(), program))

    assert rows_of(fresh_database, "SELECT count(*) FROM kept_choices")[0][0] == 0


def test_a_copy_of_ones_own_data_tells_it_in_words(session: Session) -> None:
    ria = a_person(session)
    service.keep(session, ria, ["g", "g1a", "k"])

    copied = export.collect(session, ria, "K-1")

    (part,) = (part for part in copied.parts if part.processing.slug == "keuzes")
    assert part.rows["kept_choices"][0]["codes"] == [
        "Geld: Mijn papieren zijn een stapel",
        "Mensen zien en samen doen",
    ]


def test_forgetting_somebody_takes_it_along(session: Session) -> None:
    ria = a_person(session)
    service.keep(session, ria, ["k"])
    session.flush()

    session.execute(text("SELECT forget_person(:id, 'zelf', 'W-1')"), {"id": ria.person_id})

    assert service.mine(session, ria) == []
