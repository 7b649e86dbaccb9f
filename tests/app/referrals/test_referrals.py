"""A referral from the practice to what came of it: who reads what, who has it, and when somebody is told."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.db import Database as Program
from app.errors import Forbidden, Invalid, NotFound, Stale
from app.referrals import doing, knowing, links, sending, service, sharing, telling, watch
from app.referrals.doing import NotAllArranged
from app.referrals.models import Referral, ReferralStatus as R
from app.referrals.schemas import (
    Arranged,
    GivenBack,
    NewPassedOn,
    NewReferral,
    OnVersion,
    Sharing,
    Stopped,
    TellsBack,
    Told,
    Written,
)
from app.referrals.service import Bin
from tests.app.conftest import rows_of
from tests.app.factories import act, nobody
from tests.app.referrals.making import GREET, SECRET, Chain
from tests.databases import Database

DAY = date(2026, 11, 2)


@pytest.fixture
def chain(fresh_database: Database, program: Program) -> Chain:
    return Chain(fresh_database, program)


def _do(
    chain: Chain, who: Actor, key: Any, act_on: Callable[..., Any], schema: type[Any], **typed: Any
) -> Referral:
    """One act on a referral as it stands now."""
    with chain.program.transaction() as session:
        actor = act(session, who)
        version = service.get(session, actor, key).referral.version
        act_on(session, actor, key, schema.model_validate({"versie": version, **typed}))
        return service.get(session, actor, key).referral


def test_a_referral_goes_from_the_practice_to_the_core_team_to_an_organisation_and_back(chain: Chain) -> None:
    key = chain.refer(magTerugvertellen=True)

    assert set(chain.told("referral-new")) == {chain.marja.person_id, chain.samira.person_id}
    with chain.program.transaction() as session:
        board = service.board(session, act(session, chain.marja), 1771, Bin.TEAM)
        assert ([row.id for row in board.rows], board.counts[Bin.TEAM], board.counts[Bin.MINE]) == (
            [key],
            1,
            0,
        )
    _do(chain, chain.marja, key, sharing.share, Sharing, organisatie=chain.samen)
    assert chain.told("referral-passed") == [chain.els.person_id]
    _do(chain, chain.els, key, sharing.take, OnVersion)
    _do(chain, chain.els, key, doing.write, Written, wat="bezocht", notitie="Greet wil graag zingen.")
    row = _do(chain, chain.els, key, doing.start, OnVersion)
    assert (row.status, row.owner_id, row.spoken_at is not None) == (R.STARTED, chain.els.person_id, True)
    _do(chain, chain.els, key, telling.tell_back, Told, bericht="Greet zingt sinds dinsdag bij het koor.")
    with chain.program.transaction() as session:
        nobody(session)
        outside = sending.told(session, links.told_key(SECRET, links.told_token(SECRET, key, DAY), DAY))
    assert (outside.status, outside.told) == ("started", "Greet zingt sinds dinsdag bij het koor.")
    assert outside.by_whom == "Samen Thuis"
    row = _do(chain, chain.els, key, doing.finish, OnVersion)
    assert row.status is R.DONE


def test_without_a_yes_the_referrer_hears_that_it_came_in_and_no_more(chain: Chain) -> None:
    key = chain.refer()

    def outside() -> sending.Outside:
        with chain.program.transaction() as session:
            nobody(session)
            return sending.told(session, key)

    assert outside().status == "received"
    _do(chain, chain.marja, key, sharing.take, OnVersion)
    _do(chain, chain.marja, key, doing.write, Written, wat="gebeld")
    assert outside().status == "taken"
    with pytest.raises(Forbidden):
        _do(chain, chain.marja, key, telling.tell_back, Told, bericht="Zij wil niet.")
    _do(chain, chain.marja, key, telling.hear, TellsBack, magTerugvertellen=True)
    _do(chain, chain.marja, key, telling.tell_back, Told, bericht="Wij spraken haar.")
    assert outside().told == "Wij spraken haar."
    # she takes it back: what was told shows no longer
    with chain.program.transaction() as session:
        marja = act(session, chain.marja)
        version = service.get(session, marja, key).referral.version
        person = knowing.know(session, marja, key, OnVersion.model_validate({"versie": version}), None)
    with chain.program.transaction() as session:
        greet = act(session, Actor(person=person.id))
        assert [row.id for row in service.mine(session, greet)] == [key]
        with pytest.raises(NotFound):
            service.get(session, greet, key)
        assert session.execute(text("SELECT count(*) FROM referral_step")).scalar_one() == 0
        telling.take_back(session, greet, key)
    assert (outside().told, outside().status, outside().tells_back) == ("", "taken", False)


def test_nobody_else_reads_a_referral(chain: Chain) -> None:
    key = chain.refer()

    for who in (chain.bram, chain.els, chain.piet):
        with chain.program.transaction() as session:
            actor = act(session, who)
            with pytest.raises(NotFound):
                service.get(session, actor, key)
            assert session.execute(text("SELECT count(*) FROM referral")).scalar_one() == 0
    with chain.program.transaction() as session:
        nobody(session)
        assert session.execute(text("SELECT count(*) FROM referral")).scalar_one() == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"vindtGoed": False}, "vindtGoed"),
        ({"telefoon": None}, "telefoon"),
        ({"thuisDag": "2020-01-01"}, "thuisDag"),
        ({"postcode": "1011 AB"}, "postcode"),
    ],
)
def test_without_consent_or_a_way_to_reach_somebody_nothing_is_kept(
    chain: Chain, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        chain.refer(**wrong)

    assert field in refused.value.details
    assert rows_of(chain.database, "SELECT id FROM referral") == []


def test_a_link_that_ended_or_was_renewed_opens_nothing(chain: Chain) -> None:
    token = links.token_of(SECRET, chain.link)
    with chain.program.transaction() as session:
        renewed = links.renew(session, act(session, chain.marja), chain.link.id)
        newer = links.token_of(SECRET, renewed)
        nobody(session)
        with pytest.raises(NotFound):
            links.practice(session, SECRET, token)
        assert links.practice(session, SECRET, newer).name == "Praktijk De Linde"
    with chain.program.transaction() as session:
        links.end(session, act(session, chain.marja), chain.link.id)
        nobody(session)
        for one in (newer, f"{newer[:-1]}x", "niets", links.told_token(SECRET, chain.link.id, DAY)):
            with pytest.raises(NotFound):
                links.practice(session, SECRET, one)


def test_the_clock_is_forty_eight_hours_whatever_the_wall_says() -> None:
    # the night in which the clock goes back, and the one in which it goes on
    for home in (datetime(2026, 10, 24, 10, tzinfo=UTC), datetime(2026, 3, 28, 10, tzinfo=UTC)):
        assert sending.due(home, home) - home == timedelta(hours=48)
    friday = datetime(2026, 11, 27, 11, tzinfo=UTC)
    assert sending.due(friday, None) == datetime(2026, 12, 2, 11, tzinfo=UTC)


def test_who_comes_home_has_somebody_and_a_stand_in_at_once_and_the_clock_speaks_in_time(
    chain: Chain, travel: Callable[[timedelta], None]
) -> None:
    key = chain.from_hospital()
    with chain.program.transaction() as session:
        case = service.get(session, act(session, chain.marja), key)
        row, needs = case.referral, case.needs
        assert row.home_at is not None
        assert row.due_at - row.home_at == timedelta(hours=48)
        assert {row.owner_id, row.stand_in_id} == {chain.marja.person_id, chain.samira.person_id}
        assert row.owner_id is not None
        assert row.stand_in_id is not None
        owner, stand_in, home_at = row.owner_id, row.stand_in_id, row.home_at
        left = home_at - row.created_at
    assert sorted(chain.told("referral-home")) == sorted([owner, stand_in])
    chain.work(watch.watch)
    assert chain.told("referral-unseen") == []
    travel(timedelta(hours=5))
    chain.work(watch.watch)
    assert chain.told("referral-unseen") == [stand_in]
    travel(left - timedelta(hours=5 + 20))
    for _ in range(2):
        chain.work(watch.watch)
    assert chain.told("referral-home-soon") == [owner]
    holder = chain.marja if owner == chain.marja.person_id else chain.samira
    with chain.program.transaction() as session:
        doing.arrange(
            session,
            act(session, holder),
            key,
            needs[0].id,
            Arranged.model_validate({"wie": "buurvrouw Tiny"}),
        )
    _do(chain, holder, key, doing.write, Written, wat="gebeld")
    _do(chain, holder, key, doing.start, OnVersion)
    with pytest.raises(NotAllArranged):
        _do(chain, holder, key, doing.finish, OnVersion)
    travel(timedelta(hours=20 + 25))
    chain.work(watch.watch)
    assert sorted(chain.told("referral-half")) == sorted([owner, stand_in])
    assert chain.told("referral-late") == []
    with chain.program.transaction() as session:
        doing.arrange(
            session, act(session, holder), key, needs[1].id, Arranged.model_validate({"wie": "thuiszorg"})
        )
    travel(timedelta(hours=24))
    chain.work(watch.watch)
    assert chain.told("referral-late") == []  # everything was arranged in time


def test_two_makelaars_never_overwrite_one_another(chain: Chain) -> None:
    key = chain.refer()
    with chain.program.transaction() as session:
        version = service.get(session, act(session, chain.marja), key).referral.version
    _do(chain, chain.samira, key, sharing.take, OnVersion)

    with chain.program.transaction() as session, pytest.raises(Stale):
        sharing.take(session, act(session, chain.marja), key, OnVersion.model_validate({"versie": version}))


def test_an_organisation_gives_back_and_the_core_team_reads_why(chain: Chain) -> None:
    key = chain.refer()
    _do(chain, chain.marja, key, sharing.share, Sharing, organisatie=chain.samen)
    with chain.program.transaction() as session:
        els = act(session, chain.els)
        version = service.get(session, els, key).referral.version
        sharing.give_back(
            session,
            els,
            key,
            GivenBack.model_validate({"versie": version, "reden": "Wij hebben een wachtlijst."}),
        )

    assert chain.told("referral-given-back") == sorted([chain.marja.person_id, chain.samira.person_id])
    with chain.program.transaction() as session:
        case = service.get(session, act(session, chain.marja), key)
        assert (case.referral.status, case.steps[-1].words) == (R.RECEIVED, "Wij hebben een wachtlijst.")
        els = act(session, chain.els)
        with pytest.raises(NotFound):
            service.get(session, els, key)
        assert _at_the_door(session) == (0, 0, 0)
        taken = session.execute(text("UPDATE referral SET status = 'taken'"))
        assert taken.rowcount == 0  # type: ignore[attr-defined]
    _do(chain, chain.marja, key, sharing.share, Sharing, organisatie=chain.samen)
    with chain.program.transaction() as session:
        act(session, chain.els)
        assert _at_the_door(session) == (1, 0, 1)
    _do(chain, chain.els, key, sharing.take, OnVersion)
    row = _do(chain, chain.marja, key, sharing.share, Sharing, collega=chain.samira.person_id)
    assert (row.status, row.organisation_id) == (R.TAKEN, None)


def _at_the_door(session: Session) -> tuple[int, ...]:
    """How much of referrals the database itself shows."""
    tables = ("referral", "referral_need", "referral_step")
    return tuple(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in tables)


def test_organisations_refer_to_each_other_and_only_to_who_signed(chain: Chain) -> None:
    new = {key: value for key, value in GREET.items() if key != "uwMail"} | {"organisatie": chain.samen}
    with chain.program.transaction() as session:
        piet = act(session, chain.piet)
        sent = sending.by_organisation(session, piet, chain.zorg, NewPassedOn.model_validate(new))
    chain.work(lambda session, worker: watch.received(session, worker, sent.id))
    assert chain.told("referral-passed") == [chain.els.person_id]
    with chain.program.transaction() as session:
        assert [row.id for row in service.of_organisations(session, act(session, chain.els))] == [sent.id]
        (seen,) = sending.mine(session, act(session, chain.piet))
        assert (seen.status, seen.told) == ("received", "")
    rows_of(
        chain.database,
        "UPDATE organisation SET covenant_signed_on = NULL WHERE id = :o RETURNING id",
        o=chain.samen,
    )
    with chain.program.transaction() as session, pytest.raises(Invalid):
        sending.by_organisation(
            session, act(session, chain.piet), chain.zorg, NewPassedOn.model_validate(new)
        )
    with chain.program.transaction() as session, pytest.raises(Forbidden):
        sending.by_referrer(session, act(session, chain.piet), NewReferral.model_validate(GREET))


def test_what_is_over_is_forgotten_in_time(chain: Chain, travel: Callable[[timedelta], None]) -> None:
    key = chain.from_hospital()
    _do(chain, chain.marja, key, doing.stop, Stopped, reden="wil-niet")

    travel(timedelta(days=29))
    chain.work(lambda session, _: watch.forget_old(session))
    assert len(rows_of(chain.database, "SELECT id FROM referral")) == 1
    travel(timedelta(days=2))
    chain.work(lambda session, _: watch.forget_old(session))
    assert rows_of(chain.database, "SELECT id FROM referral") == []
