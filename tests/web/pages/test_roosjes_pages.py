"""Mijn Roosjes: the balance in words, the statement, giving, and never a reproach."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import rewards
from app.access.actor import Actor
from app.agreements import occur
from app.clock import now
from app.config import Settings
from app.db import Database
from app.jobs.tasks import moved_house
from app.jobs.work import Work
from app.people import service as people
from app.people.models import Person
from app.people.service import PersonChange
from app.pots import granting
from app.pots.schemas import Gift as FromPot
from app.roosjes import giving, service as roosjes
from app.roosjes.giving import Gift
from app.roosjes.story import every_line, months, story
from rewards import Reason
from tests.app.factories import a_helper, a_member_of_staff, a_person, act, an_agreement
from tests.databases import Database as Migrated
from tests.queries import count_queries
from tests.web.pages.helpers import Visit
from web import dutch

Visits = Callable[[], Visit]
Travel = Callable[[timedelta], None]


def _helped(program: Database, travel: Travel, times: int = 1) -> tuple[Actor, Actor]:
    """An asker and a helper, and so many hours that were given and booked."""
    with program.transaction() as session:
        asker, (helper, _) = a_person(session), a_helper(session, minutenPerWeek=2400)
        keys = []
        for number in range(times):
            made = an_agreement(session, asker, helper, days=2 + number, titel=f"Koffie {number}", minuten=30)
            keys.append(occur.get(session, asker, made.id).occurrences[0].id)
    travel(timedelta(days=4 + times))
    for key in keys:
        for actor in (helper, asker):
            with program.transaction() as session:
                occur.happened(session, act(session, actor), key)
    return asker, helper


def test_both_sides_read_the_same_line(program: Database, visit: Visits, travel: Travel) -> None:
    asker, helper = _helped(program, travel)

    theirs = visit().sign_in(program, helper).get("/mijn/roosjes")
    assert theirs.says("U heeft nog 30 minuten")
    assert theirs.says("Koffie 0, voor Ria")
    assert theirs.says("+ 30 min")
    mine = visit().sign_in(program, asker).get("/mijn/roosjes")
    assert mine.says("U kreeg 30 minuten meer dan u gaf. Dat mag.")
    assert mine.says("Koffie 0, met hulp van Tonnie")
    assert mine.says("− 30 min")
    assert "schuld" not in mine.page.lower()


def test_a_line_says_who_gave_the_help_as_the_picture_does(
    program: Database, visit: Visits, travel: Travel
) -> None:
    asker, helper = _helped(program, travel)

    mine, theirs = visit().sign_in(program, asker), visit().sign_in(program, helper)
    assert mine.get("/mijn/roosjes/regels/1").says("U kreeg 30 min hulp")
    assert mine.get("/mijn/roosjes/afschrift").says("u kreeg 30 min hulp")
    assert theirs.get("/mijn/roosjes/regels/1").says("U gaf 30 min hulp")
    assert theirs.get("/mijn/roosjes/afschrift").says("u gaf 30 min hulp")


def test_a_line_has_the_day_of_the_help_whenever_people_say_that_it_took_place(
    program: Database, visit: Visits, travel: Travel
) -> None:
    asker, helper = _helped(program, travel)
    with program.transaction() as session:
        ((time,),) = [made.occurrences for made in occur.mine(session, act(session, helper))]
        helped = dutch.full_date(time.starts_at)
        assert helped != dutch.full_date(now(session))

    for who in (asker, helper):
        page = visit().sign_in(program, who)
        assert page.get("/mijn/roosjes/regels/1").says(helped)
        assert page.get("/mijn/roosjes/afschrift").says(f"{helped} Koffie 0")


def test_a_title_that_asks_something_is_not_followed_by_a_comma(
    program: Database, visit: Visits, travel: Travel
) -> None:
    with program.transaction() as session:
        asker, (helper, _) = a_person(session, first_name="Kees"), a_helper(session)
        made = an_agreement(session, asker, helper, days=2, titel="Kletsen we even?")
        key = occur.get(session, asker, made.id).occurrences[0].id
    mine = visit().sign_in(program, asker)
    assert mine.get("/mijn/roosjes").says("Kletsen we even? Met Tonnie")
    assert mine.get(f"/mijn/keren/{key}/afzeggen").says("Kletsen we even? ")
    assert "even?," not in mine.page
    travel(timedelta(days=4))
    for actor in (helper, asker):
        with program.transaction() as session:
            occur.happened(session, act(session, actor), key)

    theirs, mine = visit().sign_in(program, helper), visit().sign_in(program, asker)
    assert theirs.get("/mijn/roosjes").says("Kletsen we even? Voor Kees")
    assert mine.get("/mijn/roosjes").says("Kletsen we even? Met hulp van Tonnie")


def test_a_correction_is_a_line_of_its_own(program: Database, visit: Visits, travel: Travel) -> None:
    asker, helper = _helped(program, travel)
    with program.transaction() as session:
        act(session, helper)
        transfer = roosjes.statement(session, helper).lines[0].transfer
        rewards.reverse(session.connection(), key="r", actor=rewards.SYSTEM, transfer=transfer,
                        reason=Reason.WRONG_AMOUNT)  # fmt: skip
    page = visit().sign_in(program, helper).get("/mijn/roosjes")

    assert page.says("Verbeterd door ons: het aantal klopte niet")
    assert page.says("Koffie 0, voor Ria")
    assert page.says("U gaf en kreeg evenveel")
    with program.transaction() as session:
        told = story(session, act(session, asker))
        assert (told.given, told.received) == (0, 0)


def test_the_statement_turns_pages_and_costs_the_same_queries(
    program: Database, visit: Visits, travel: Travel
) -> None:
    asker, helper = _helped(program, travel)
    page = visit().sign_in(program, helper).get("/mijn/roosjes/alles")
    page.get("/mijn/roosjes/alles")
    with count_queries(program.engine) as few:
        page.get("/mijn/roosjes/alles")
    with program.transaction() as session:
        for number in range(24):
            to = giving.known(session, act(session, helper), asker.person_id)
            giving.give(session, helper, to, Gift(15, f"k{number}", f"Dank {number}"))
    page.get("/mijn/roosjes/alles")
    with count_queries(program.engine) as many:
        page.get("/mijn/roosjes/alles")

    assert many.count == few.count
    assert page.says("Verder terug")
    older = page.page.split("?voor=")[1].split('"')[0]
    assert page.get(f"/mijn/roosjes/alles?voor={older}").says("Koffie 0, voor Ria")
    for typed in ("0", "abc", "-1", "9" * 30):
        assert page.get(f"/mijn/roosjes/alles?voor={typed}").status == 200


def test_what_came_from_the_pot_says_why(fresh_database: Migrated, program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        giver, ria = a_person(session, first_name="Gulle"), a_person(session)
        makelaar = a_member_of_staff(fresh_database, session)
        account = roosjes.account_of(session, session.get_one(Person, giver.person_id), 1771)
        rewards.donate(
            session.connection(), key="d", actor=giver.pseudonym or uuid4(), payer=account.id, minutes=120
        )
    with program.transaction() as session:
        gift = FromPot.model_validate({"minuten": 60, "reden": "U hielp de hele buurt verhuizen."})
        granting.give(session, act(session, makelaar), ria.person_id, gift, uuid4())

    mine = visit().sign_in(program, ria).get("/mijn/roosjes")

    assert mine.says("Gekregen uit de pot")
    assert mine.says("U hielp de hele buurt verhuizen.")


def test_a_balance_that_moved_house_says_so_and_names_nobody(
    program: Database, visit: Visits, tmp_path: Path
) -> None:
    with program.transaction() as session:
        ria, tom = a_person(session), a_person(session, first_name="Tom")
        accounts = [
            roosjes.account_of(session, session.get_one(Person, one.person_id), 1771) for one in (tom, ria)
        ]
        rewards.pay(
            session.connection(), key="k", actor=rewards.SYSTEM, payer=accounts[0].id, payee=accounts[1].id,
            minutes=90,
        )  # fmt: skip
    with program.transaction() as session:
        change = PersonChange.model_validate({"voornaam": "Ria", "postcode": "5701 AB"})
        people.change(session, act(session, ria), change)
    moved_house(Work(Settings(data_dir=tmp_path), program), str(ria.person_id))

    mine = visit().sign_in(program, ria).get("/mijn/roosjes")

    assert mine.says("Verhuisd: uw stand ging mee")
    assert not mine.says("Gekregen van Ria")


def test_what_went_to_the_pot_is_no_help_that_one_got(
    program: Database, visit: Visits, travel: Travel
) -> None:
    _, helper = _helped(program, travel)
    mine = visit().sign_in(program, helper)
    assert not mine.get("/mijn/roosjes").says("Eraf")
    with program.transaction() as session:
        giving.donate(session, act(session, helper), Gift(15, "pot"))
        assert sum(one.received for one in months(session, helper)) == 0
        assert sum(one.given for one in months(session, helper)) == 30
    mine.get("/mijn/roosjes")
    assert mine.says("Het laatste jaar gaf u 30 minuten meer hulp dan u kreeg")
    for label in ("Erbij", "Eraf", "Cijfers in een tabel"):
        assert mine.says(label)
    assert mine.page.count('<svg class="ch ') == 2
    travel(timedelta(days=400))
    assert not mine.sign_in(program, helper).get("/mijn/roosjes").says("Het laatste jaar")


def test_a_statement_on_paper_goes_from_the_first_day_to_the_last(program: Database, travel: Travel) -> None:
    with program.transaction() as session:
        asker, (helper, _) = a_person(session), a_helper(session, minutenPerWeek=2400)
        keys = []
        for days in (2, 5):
            made = an_agreement(session, asker, helper, days=days, titel=f"Na {days}", minuten=30)
            keys.append(occur.get(session, asker, made.id).occurrences[0].id)
    travel(timedelta(days=6))
    for key in reversed(keys):
        for actor in (helper, asker):
            with program.transaction() as session:
                occur.happened(session, act(session, actor), key)
    with program.transaction() as session:
        lines = every_line(session, act(session, helper))
    assert [(line.about, line.balance) for line in lines] == [("Na 2", 30), ("Na 5", 60)]
