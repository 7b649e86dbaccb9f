"""Roosjes at the desk: the pot, a second pair of eyes, limits, rules, groups, setting right, and who leaves."""

import re
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import text

import rewards
from app.access.actor import Actor
from app.access.roles import Role
from app.access.sign_in import act_as
from app.agreements import occur
from app.categories.vocabulary import Kind
from app.db import Database
from app.people.models import Person
from app.roosjes import service as roosjes
from tests.app.factories import HELMOND, a_helper, a_person, an_agreement
from tests.databases import Database as Migrated
from tests.queries import count_queries
from tests.web.desks.helpers import Desk, a_desk
from tests.web.desks.pots import HERE, a_resident, balance, fill, grant, group


def test_a_grant_is_booked_told_and_counted_once(program: Database, desk: Desk) -> None:
    fill(program)
    ria, key = a_resident(program), str(uuid4())

    assert [grant(desk, ria, 120, key) for _ in range(2)] == [303, 303]

    assert balance(program, ria).posted == 120
    page = desk.get(HERE).text
    assert "Gegeven aan Ria" in page
    assert "48 uur" in page
    person = desk.get(f"/bureau/mensen/{ria.person_id}/roosjes").text
    assert "Haar pot was leeg" in person


def test_a_line_at_the_desk_says_what_it_was_where_it_was_no_person(program: Database, desk: Desk) -> None:
    fill(program)
    ria = a_resident(program)
    grant(desk, ria, 120)
    desk.get(f"/bureau/mensen/{ria.person_id}/papier")
    desk.post(f"/bureau/mensen/{ria.person_id}/papier", aantal="1", minuten="60", sleutel=str(uuid4()))

    page = desk.get(f"/bureau/mensen/{ria.person_id}/roosjes").text

    assert "Gekregen uit de pot" in page
    assert "Op papier gezet" in page
    assert "aan de pot" not in page


def test_above_the_threshold_a_colleague_decides(
    fresh_database: Migrated, program: Database, site: FastAPI, desk: Desk
) -> None:
    fill(program)
    ria = a_resident(program)
    colleague = a_desk(fresh_database, program, site, first_name="Joost")
    grant(desk, ria, 720)

    assert balance(program, ria).posted == 0
    mine = desk.get(HERE).text
    assert "wacht op een tweede blik" in mine
    assert "Dit kan alleen een collega beslissen" in mine
    question = re.search(r"/bureau/roosjes/vragen/(\d+)", colleague.get(HERE).text)
    assert question is not None
    assert "Tweede blik" in colleague.get("/bureau").text
    path = question[0]
    desk.get(HERE)
    assert desk.post(path, akkoord="ja").status_code == 403
    colleague.get(HERE)
    assert colleague.post(path, akkoord="ja").status_code == 303
    assert balance(program, ria).posted == 720
    colleague.get(HERE)
    colleague.get(f"/bureau/mensen/{ria.person_id}/roosjes")
    assert colleague.post(path, akkoord="nee").status_code == 409
    assert balance(program, ria).posted == 720


def test_several_grants_below_the_threshold_come_to_wait_together(program: Database, desk: Desk) -> None:
    fill(program)
    ria = a_resident(program)

    for _ in range(3):
        assert grant(desk, ria, 300) == 303

    assert balance(program, ria).posted == 600
    assert "wacht op een tweede blik" in desk.get(HERE).text


def test_nobody_gives_to_themselves_or_their_household(
    fresh_database: Migrated, program: Database, site: FastAPI
) -> None:
    fill(program)
    partner = a_resident(program, "Piet", huisnummer="7")
    desk = a_desk(fresh_database, program, site)
    _lives_with(fresh_database, desk.actor, "5664 HJ", "7")

    assert grant(desk, partner, 60) == 403
    assert balance(program, partner).posted == 0


def _lives_with(database: Migrated, actor: Actor, postcode: str, number: str) -> None:
    with database.owner.begin() as owner:
        owner.execute(
            text("UPDATE contact SET postcode = :postcode, house_number = :number WHERE person_id = :id"),
            {"postcode": postcode, "number": number, "id": actor.person_id},
        )


def test_an_empty_pot_gives_nothing_and_keeps_what_was_typed(program: Database, desk: Desk) -> None:
    ria = a_resident(program)

    assert grant(desk, ria, 60) == 409
    assert "Zoveel zit er niet in de pot" in desk.page
    assert "Haar pot was leeg" in desk.page
    assert balance(program, ria).posted == 0


def test_a_makelaar_sets_limits_and_lowering_only_blocks(program: Database, desk: Desk) -> None:
    ria = a_resident(program)
    path = f"/bureau/mensen/{ria.person_id}/roosjes"
    desk.get(path)
    typed = {"ondergrens": "-2000", "bovengrens": "3600", "reden": "Afgesproken", "sleutel": str(uuid4())}
    assert desk.post(f"{path}/grenzen", **typed).status_code == 303
    assert balance(program, ria).floor == -2000
    desk.get(path)
    assert desk.post(f"{path}/grenzen", **typed | {"ondergrens": "10"}).status_code == 422
    assert 'value="10"' in desk.page
    desk.get(path)
    back = typed | {"ondergrens": "", "bovengrens": "", "sleutel": str(uuid4())}
    assert desk.post(f"{path}/grenzen", **back).status_code == 303
    assert balance(program, ria).floor == -720
    assert "Grenzen − 33 uur 20 en 60 uur" in desk.get(path).text


def test_a_makelaar_lets_an_account_stand_still_and_go_again_and_the_person_reads_why(
    program: Database, desk: Desk, site: FastAPI
) -> None:
    ria, bo = a_resident(program), a_resident(program, "Bo")
    path = f"/bureau/mensen/{ria.person_id}/roosjes"
    typed = {"stil": "ja", "reden": "Wij zoeken iets uit", "sleutel": str(uuid4())}
    desk.get(path)
    assert desk.post(f"{path}/stilzetten", **typed | {"reden": ""}).status_code == 422

    assert [desk.post(f"{path}/stilzetten", **typed).status_code for _ in range(2)] == [303, 303]
    assert "De Roosjes van Ria staan stil" in desk.get(path).text
    assert group(desk, "een", "Ria", ["Bo"], 30) == 409
    with program.transaction() as session:
        (helper, _), asker = a_helper(session), act_as(session, ria.person_id)
        agreement = an_agreement(session, asker, helper)
        assert occur.get(session, asker, agreement.id).occurrences[0].kind is Kind.ZONDER
    assert "Wij zoeken iets uit" in Desk(site, program, ria).get("/mijn/roosjes").text

    desk.get(path)
    again = {"stil": "nee", "reden": "Het is uitgezocht", "sleutel": str(uuid4())}
    assert desk.post(f"{path}/stilzetten", **again).status_code == 303
    assert group(desk, "een", "Ria", ["Bo"], 30) == 303
    assert [balance(program, who).posted for who in (ria, bo)] == [-30, 30]
    said = desk.get(path).text
    assert all(word in said for word in ("Stilgezet", "Gaat weer", "Het is uitgezocht"))
    mine = Desk(site, program, ria)
    assert "staan stil" not in mine.get("/mijn/roosjes").text
    assert all(
        word in mine.get("/mijn/berichten").text for word in ("Uw Roosjes staan stil", "Uw Roosjes gaan weer")
    )


def test_rules_are_set_by_the_treasurer_and_stay_as_history(
    fresh_database: Migrated, program: Database, site: FastAPI, desk: Desk
) -> None:
    ria = a_resident(program)
    balance(program, ria)
    treasurer = a_desk(fresh_database, program, site, Role.TREASURER, first_name="Nel")
    typed = {
        "ondergrens": "-300", "bovengrens": "3000", "laagsteOndergrens": "-900", "groeiProcent": "10",
        "tweedeBlikBoven": "240", "tweedeBlikDagen": "60", "antwoordDagen": "7", "sleutel": str(uuid4()),
        "welzijnTweedeBlikBoven": "75,50", "uitloopDagen": "45",
    }  # fmt: skip
    treasurer.get("/bureau/regels")

    assert treasurer.post("/bureau/regels", **typed).status_code == 303
    assert balance(program, ria).floor == -300
    assert "4 uur in 60 dagen" in desk.get("/bureau/regels").text
    assert "75,50 per periode" in desk.get("/bureau/regels").text
    assert "45 dagen na de afspraak" in desk.get("/bureau/regels").text
    desk.get(f"/bureau/mensen/{ria.person_id}/roosjes")
    assert desk.post("/bureau/regels", **typed).status_code == 404
    treasurer.get("/bureau/regels")
    again = typed | {"sleutel": str(uuid4()), "vanaf": "2020-01-01"}
    assert treasurer.post("/bureau/regels", **again).status_code == 422
    assert (
        treasurer.post("/bureau/regels", **again | {"vanaf": "", "laagsteOndergrens": "-100"}).status_code
        == 422
    )


def test_a_booking_is_taken_back_or_made_good_and_both_are_told(program: Database, desk: Desk) -> None:
    gerda, tom = a_resident(program, "Gerda"), a_resident(program, "Tom")
    group(desk, "een", "Gerda", ["Tom"], 60)
    link = re.search(rf"{HERE}/boekingen/(\d+)", desk.get(f"/bureau/mensen/{gerda.person_id}/roosjes").text)
    assert link is not None
    desk.get(link[0])
    assert desk.post(link[0], reden="").status_code == 422
    assert desk.post(link[0], reden="wrong_party", knop="pot").status_code == 409
    assert desk.post(link[0], reden="wrong_party", knop="terug").status_code == 303
    assert [balance(program, who).posted for who in (gerda, tom)] == [0, 0]
    assert "teruggedraaid" in desk.get(f"/bureau/mensen/{gerda.person_id}/roosjes").text


def test_the_pot_stands_in_for_who_cannot_give_back(program: Database, desk: Desk) -> None:
    fill(program, 700)
    gerda, tom = a_resident(program, "Gerda"), a_resident(program, "Tom")
    a_resident(program, "Wim")
    group(desk, "een", "Gerda", ["Tom"], 60)
    group(desk, "een", "Tom", ["Wim"], 780)
    found = re.search(rf"{HERE}/boekingen/(\d+)", desk.get(f"/bureau/mensen/{gerda.person_id}/roosjes").text)
    assert found is not None
    desk.get(found[0])

    assert desk.post(found[0], reden="wrong_party", knop="terug").status_code == 409
    assert "Laat de pot het goedmaken" in desk.page
    assert desk.post(found[0], reden="wrong_party", knop="pot").status_code == 303
    assert [balance(program, who).posted for who in (gerda, tom)] == [0, -720]
    assert "Goedgemaakt voor Gerda" in desk.get(HERE).text


def test_who_leaves_gives_to_the_pot_after_a_makelaar_confirms(program: Database, desk: Desk) -> None:
    a_resident(program, "Gerda")
    tom = a_resident(program, "Tom")
    group(desk, "een", "Gerda", ["Tom"], 60)
    path = f"/bureau/mensen/{tom.person_id}/roosjes"
    desk.get(path)
    typed = {"reden": "Naar een tehuis", "sleutel": str(uuid4())}
    assert desk.post(f"{path}/vertrek", **typed).status_code == 422
    assert desk.post(f"{path}/vertrek", zeker="ja", **typed).status_code == 303
    assert "In de pot van Geldrop-Mierlo zit 1 uur" in desk.get(HERE).text
    assert "geen rekening meer" in desk.get(path).text


def test_an_agreement_that_met_a_limit_gets_its_hold_from_the_pot(program: Database, desk: Desk) -> None:
    fill(program)
    with program.transaction() as session:
        helper, _ = a_helper(session)
        asker = a_person(session)
        account = roosjes.account_of(session, session.get_one(Person, asker.person_id), 1771)
        rewards.set_limits(session.connection(), account.id, floor=0, ceiling=3600)
        agreement = an_agreement(session, asker, helper)
        case = agreement.help_request_id
    page = desk.get(f"/bureau/zaken/{case}").text
    found = re.search(rf"/bureau/zaken/{case}/keren/([0-9a-f-]+)/pot", page)
    assert found is not None
    key = str(uuid4())

    assert desk.post(found[0], sleutel=key).status_code == 303

    now_ = balance(program, asker)
    assert (now_.posted, now_.held_out) == (60, 60)
    assert "Een grens aan Roosjes" not in desk.get(f"/bureau/zaken/{case}").text
    assert desk.post(found[0], sleutel=key).status_code == 303
    assert balance(program, asker).posted == 60


def test_a_makelaar_may_leave_it_without(program: Database, desk: Desk) -> None:
    with program.transaction() as session:
        helper, _ = a_helper(session)
        asker = a_person(session)
        account = roosjes.account_of(session, session.get_one(Person, asker.person_id), 1771)
        rewards.set_limits(session.connection(), account.id, floor=0, ceiling=3600)
        case = an_agreement(session, asker, helper).help_request_id
    found = re.search(
        rf"/bureau/zaken/{case}/keren/[0-9a-f-]+/zonder", desk.get(f"/bureau/zaken/{case}").text
    )
    assert found is not None

    assert desk.post(found[0], sleutel=str(uuid4())).status_code == 303

    assert balance(program, asker).held_out == 0
    assert "Een grens aan Roosjes" not in desk.get(f"/bureau/zaken/{case}").text


@pytest.mark.parametrize(
    ("role", "verdicts"),
    [
        (Role.BROKER, (200, 200, 200, 200)),
        (Role.TREASURER, (200, 200, 404, 200)),
        (Role.MUNICIPALITY_ADMINISTRATOR, (404, 200, 404, 404)),
        (Role.PRIVACY_OFFICER, (404, 404, 404, 404)),
    ],
)
def test_each_role_opens_its_own_pages(
    fresh_database: Migrated, program: Database, site: FastAPI, role: Role, verdicts: tuple[int, ...]
) -> None:
    ria = a_resident(program)
    desk = a_desk(fresh_database, program, site, role)
    paths = (HERE, "/bureau/regels", f"{HERE}/boeken", f"/bureau/mensen/{ria.person_id}/roosjes")

    assert tuple(desk.get(path).status_code for path in paths) == verdicts


def test_another_municipality_and_residents_find_nothing(
    fresh_database: Migrated, program: Database, site: FastAPI, desk: Desk
) -> None:
    ria = a_resident(program)
    gerda = a_resident(program, "Gerda")
    group(desk, "een", "Gerda", ["Ria"], 5)
    link = re.search(rf"{HERE}/boekingen/(\d+)", desk.get(f"/bureau/mensen/{gerda.person_id}/roosjes").text)
    assert link is not None
    helmond = a_desk(fresh_database, program, site, municipality_id=HELMOND, first_name="Ans")
    person = f"/bureau/mensen/{ria.person_id}/roosjes"

    assert [helmond.get(path).status_code for path in (person, link[0], f"{HERE}/boekingen/999999")] == [
        404
    ] * 3
    helmond.get(f"{HERE}/boeken")
    typed = {"reden": "x", "sleutel": str(uuid4()), "minuten": "60", "zeker": "ja"}
    for what in ("pot", "grenzen", "stilzetten", "vertrek"):
        sent = {name: typed[name] for name in ("reden", "sleutel", *(("minuten",) if what == "pot" else ()))}
        assert (
            helmond.post(
                f"{person}/{what}",
                **sent,
                **({"zeker": "ja"} if what == "vertrek" else {"stil": "ja"} if what == "stilzetten" else {}),
            ).status_code
            == 404
        )
    resident = Desk(site, program, ria)
    assert [resident.get(path).status_code for path in (HERE, person, "/bureau/regels")] == [404] * 3


def test_the_pot_costs_as_many_queries_at_fifteen_rows_as_at_one(program: Database, desk: Desk) -> None:
    fill(program, 700)
    ria = a_resident(program)
    grant(desk, ria, 600)
    grant(desk, ria, 30)
    paths = (HERE, f"/bureau/mensen/{ria.person_id}/roosjes")

    def queries(path: str) -> int:
        with count_queries(program.engine) as counted:
            assert desk.get(path).status_code == 200
        return counted.count

    one = [queries(path) for path in paths]
    for _ in range(15):
        fill(program, 60)
        grant(desk, ria, 30)
    assert [queries(path) for path in paths] == one
