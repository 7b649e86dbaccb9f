"""Cheques handed in: by code or scan, once, for the time that they pay, and by nobody who guesses."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

from fastapi import FastAPI

from app.access.actor import Actor
from app.access.roles import Role
from app.access.sign_in import act_as
from app.agreements import occur
from app.agreements.models import OccurrenceStatus
from app.db import Database
from app.ids import uuid7
from rewards.serials import new_serial
from tests.app.conftest import rows_of
from tests.app.factories import HELMOND, a_helper, a_member_of_staff, a_person, act, an_agreement
from tests.databases import Database as Migrated
from tests.web.desks.cheques import BOOKS, Market, again, an_organisation, grant, text_of
from tests.web.desks.helpers import Desk
from web.paper_forms import MISTYPED, REFUSED

Travel = Callable[[timedelta], None]


def test_a_code_is_understood_however_it_was_typed(market: Market) -> None:
    ways: list[Callable[[str], str]] = [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: " " + code.replace("-", " ") + " ",
        lambda code: code.replace("0", "O").replace("1", "l"),
        lambda code: code.lower().replace("0", "o").replace("1", "i"),
    ]

    for code, typed in zip(market.sell(len(ways)), ways, strict=True):
        assert market.hand_in(typed(code)) == 303, typed(code)
        assert "De cheque is ingeleverd" in text_of(market.provider.get("/cheques?ingeleverd=ja").text)


def refused_sentence(page: str) -> list[str]:
    """What the page says is to be mended."""
    return [text_of(found) for found in re.findall(r'<p class="msg".*?</p>', page, re.DOTALL)]


def test_whatever_is_wrong_with_a_cheque_the_refusal_is_one_and_nothing_is_stored(
    market: Market, fresh_database: Migrated, program: Database, site: FastAPI, travel: Travel
) -> None:
    foreign = _provider_of_helmond(fresh_database, program, site)
    doubled, elsewhere, given_back = market.sell(3)
    assert market.hand_in(doubled) == 303
    market.seller.get("/bureau/cheques")
    market.seller.post(f"/bureau/cheques/{market.desk_id}/terug", code=given_back, sleutel="b")
    before = rows_of(fresh_database, BOOKS)

    said = set()
    for who, code in (
        (market.provider, new_serial().text),
        (market.provider, doubled),
        (market.provider, given_back),
        (foreign, elsewhere),
    ):
        assert market.hand_in(code, who) == 409
        assert f'value="{code}"' in who.page
        said |= set(refused_sentence(who.page))
    travel(timedelta(days=800))
    market.provider, market.seller = (again(one, site, program) for one in (market.provider, market.seller))
    assert market.hand_in(elsewhere) == 409
    said |= set(refused_sentence(market.provider.page))

    assert said == {f"Let op: {REFUSED}"}
    assert rows_of(fresh_database, BOOKS) == before


def _provider_of_helmond(database: Migrated, program: Database, site: FastAPI) -> Desk:
    from app.cheques import desks

    there = an_organisation(database, "Klusbus Helmond", HELMOND)
    with program.transaction() as session:
        treasurer = a_member_of_staff(database, session, role=Role.TREASURER, municipality_id=HELMOND)
        desks.add_provider(session, treasurer, HELMOND, there)
    with program.transaction() as session:
        worker = a_person(session, first_name="Sjaak", postcode="5707 AB")
    grant(database, worker, Role.ORGANISATION_MEMBER, there, HELMOND)
    return Desk(site, program, worker)


def test_what_can_be_no_code_is_said_to_be_mistyped(market: Market, fresh_database: Migrated) -> None:
    before = rows_of(fresh_database, BOOKS)

    for typed in ("", "onzin", "7K2", "½" * 27, "A" * 26 + "!", "x" * 5000):
        assert market.hand_in(typed) == 422, typed
        if typed in ("onzin", "7K2"):
            assert refused_sentence(market.provider.page) == [f"Let op: {MISTYPED}"]
    assert rows_of(fresh_database, BOOKS) == before


def test_who_guesses_has_to_wait_and_who_hands_in_much_has_not(
    market: Market, fresh_database: Migrated
) -> None:
    codes = market.sell(12)
    assert [market.hand_in(code) for code in codes] == [303] * 12

    tried = [market.hand_in(new_serial().text) for _ in range(12)]

    assert tried == [409] * 10 + [429] * 2
    assert "Wacht even" in text_of(market.provider.page)
    (rest,) = market.sell()
    assert market.hand_in(rest) == 429


def test_of_two_telephones_that_hand_in_at_once_one_wins(
    market: Market, fresh_database: Migrated, program: Database, site: FastAPI
) -> None:
    for _ in range(5):
        (code,) = market.sell()
        phones = [again(market.provider, site, program) for _ in range(2)]
        for phone in phones:
            phone.get(f"/cheque/{code}")
        gate = Barrier(2)

        def press(phone: Desk, code: str = code, gate: Barrier = gate) -> int:
            gate.wait()
            return phone.post("/cheques", code=code, sleutel=str(uuid7())).status_code

        with ThreadPoolExecutor(2) as threads:
            assert sorted(threads.map(press, phones)) == [303, 409]
    assert rows_of(fresh_database, "SELECT count(*) FROM ledger.serial_end")[0][0] == 5


def test_a_scan_opens_a_page_with_a_button_and_changes_nothing(
    market: Market, fresh_database: Migrated, site: FastAPI, program: Database
) -> None:
    (code,) = market.sell()
    before = rows_of(fresh_database, BOOKS)

    plain = code.replace("-", "")
    page = market.provider.get(f"/cheque/{plain}")
    assert page.status_code == 200
    assert page.headers["referrer-policy"] == "same-origin"
    assert "Lever deze cheque in" in page.text
    assert rows_of(fresh_database, BOOKS) == before
    unknown = market.provider.get(f"/cheque/{new_serial().text}")
    assert unknown.status_code == 200
    assert market.provider.get("/cheque/ONZIN").status_code == 404
    assert "Lever deze cheque in" not in market.resident.get(f"/cheque/{plain}").text

    market.provider.get(f"/cheque/{plain}")
    key = re.search(r'name="sleutel" value="([^"]+)"', market.provider.page)[1]  # type: ignore[index]
    for _ in range(2):
        answer = market.provider.post("/cheques", code=code, sleutel=key)
        assert answer.headers["location"] == "/cheques?ingeleverd=ja"
    assert rows_of(fresh_database, "SELECT count(*) FROM ledger.serial_end")[0][0] == 1


def test_an_agreement_of_kind_cheque_is_settled_by_its_cheques(
    market: Market, program: Database, fresh_database: Migrated, site: FastAPI, travel: Travel
) -> None:
    time, helper = _help_for_cheques(market, program, fresh_database, minutes=90)
    travel(timedelta(days=4))
    market.seller, provider = again(market.seller, site, program), Desk(site, program, helper)
    first, second, third = market.sell(3)

    page = provider.get("/cheques")
    assert "0 van 2 cheques" in text_of(page.text)
    assert market.hand_in(first, provider, keer=str(time)) == 303
    assert _state(program, helper, time) is OccurrenceStatus.AGREED
    assert market.hand_in(second, provider, keer=str(time)) == 303
    assert _state(program, helper, time) is OccurrenceStatus.DONE
    assert market.hand_in(third, provider, keer=str(time)) == 409
    assert "zijn alle cheques al ingeleverd" in text_of(provider.page)
    assert market.hand_in(third, provider) == 303


def test_a_cheque_pays_for_nobody_elses_time(
    market: Market, program: Database, fresh_database: Migrated, site: FastAPI, travel: Travel
) -> None:
    time, _ = _help_for_cheques(market, program, fresh_database, minutes=60)
    travel(timedelta(days=4))
    market.seller = again(market.seller, site, program)
    market.provider = again(market.provider, site, program)
    (code,) = market.sell()

    assert market.hand_in(code, keer=str(time)) == 404
    assert market.hand_in(code, keer=str(uuid7())) == 404
    assert market.hand_in(code) == 303


def _help_for_cheques(
    market: Market, program: Database, database: Migrated, *, minutes: int
) -> tuple[UUID, Actor]:
    with program.transaction() as session:
        asker = a_person(session, first_name="Annie")
        helper, offer = a_helper(session)
        offer.paid = True
        made = an_agreement(session, asker, helper, soort="cheque", minuten=minutes)
        time = occur.get(session, asker, made.id).occurrences[0].id
    grant(database, helper, Role.ORGANISATION_MEMBER, market.organisation_id)
    return time, helper


def test_the_page_of_an_agreement_says_how_many_cheques_are_still_to_come(
    market: Market, program: Database, fresh_database: Migrated, site: FastAPI, travel: Travel
) -> None:
    time, helper = _help_for_cheques(market, program, fresh_database, minutes=90)
    with program.transaction() as session:
        agreement = occur.get_locked(session, act(session, helper), time)[1]
        path, asker = f"/mijn/afspraken/{agreement.id}", agreement.asker_id
    travel(timedelta(days=4))
    market.seller, provider = again(market.seller, site, program), Desk(site, program, helper)
    with program.transaction() as session:
        annie = Desk(site, program, act_as(session, asker))

    assert "Er komen nog 2 cheques voor deze afspraak." in text_of(provider.get(path).text)
    assert "U geeft nog 2 cheques voor deze afspraak." in text_of(annie.get(path).text)
    first, second = market.sell(2)
    market.hand_in(first, provider, keer=str(time))
    assert "U geeft nog 1 cheque voor deze afspraak." in text_of(annie.get(path).text)
    market.hand_in(second, provider, keer=str(time))
    assert "voor deze afspraak" not in text_of(annie.get(path).text)


def _state(program: Database, helper: Actor, time: UUID) -> OccurrenceStatus:
    with program.transaction() as session:
        return occur.get_locked(session, act(session, helper), time)[0].status
