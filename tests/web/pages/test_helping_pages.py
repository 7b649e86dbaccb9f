"""Ik wil helpen: what is nearby, signing up, one request as others see it, yes and no."""

import ast
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

from app.agreements import agree
from app.db import Database
from app.notifications import texts
from app.people import service as people
from tests.app.factories import (
    a_helper,
    a_person,
    a_request,
    a_willing_helper,
    act,
    an_agreement,
    an_appointment,
    proposals_for,
)
from tests.databases import ROOT
from tests.queries import count_queries
from tests.web.pages.helpers import Visit

Visits = Callable[[], Visit]


def test_a_visitor_sees_what_is_asked_around_a_postcode(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        a_request(session, a_person(session, achternaam="Jansen"), titel="Iemand om mee te wandelen")

    page = visit().get("/helpen?postcode=5664-hj")

    assert page.status == 200
    assert page.says("Iemand om mee te wandelen")
    assert page.says("Ria, Geldrop")
    assert not page.says("Jansen")
    assert visit().get("/helpen?postcode=9999").status == 422


def test_the_public_page_tells_a_first_name_and_a_neighbourhood_and_no_more(
    program: Database, visit: Visits
) -> None:
    with program.transaction() as session:
        asker = a_person(session, achternaam="Jansen", telefoon="06 12345678", huisnummer="73")
        key = a_request(session, asker).id

    page = visit().get(f"/hulpvragen/{key}")

    assert page.says("Ria, Geldrop")
    for private in ("Jansen", "12345678", "12 34 56 78", "5664HJ", "5664 HJ", "@voorbeeld.nl", "73"):
        assert not page.says(private), private


def test_what_is_not_public_does_not_exist_for_a_visitor(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        hidden = a_request(session, a_person(session), zichtbaarVoor="voorgesteld").id

    assert visit().get(f"/hulpvragen/{hidden}").status == 404


def test_words_find_requests_and_a_wrong_page_number_is_no_error(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        asker = a_person(session)
        a_request(session, asker, titel="Samen wandelen in het bos")
        a_request(session, asker, titel="Gras maaien", categorie="tuin")

    page = visit().get("/hulpvragen?zoek=wandeling&pagina=7")

    assert page.says("Samen wandelen in het bos")
    assert not page.says("Gras maaien")
    assert visit().get("/hulpvragen?thema=tuin").says("Gras maaien")
    assert visit().get("/hulpvragen?zoek=%00%25&thema=x&pagina=-1").status == 200


def test_a_helper_sees_what_fits_with_reasons_and_where_from(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        a_request(session, a_person(session, first_name="Samira", postcode="5708 AB"), titel="Naar de markt")
        helper, _ = a_helper(session)

    page = visit().sign_in(program, helper).get("/helpen")

    assert page.says("1 vraag voor u")
    assert page.says("uit Helmond")
    assert page.says("u gaf op: samen op pad")
    assert 'class="pin"' in page.page


def test_how_far_is_kept_and_a_little_further_is_counted(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        a_request(session, a_person(session, first_name="Samira", postcode="5708 AB"))
        helper, _ = a_helper(session)
    page = visit().sign_in(program, helper).get("/helpen")

    page.post("/helpen", hoeVerKm=3, buurgemeenten="ja")

    assert 'value="3"' in page.page
    assert page.says("Zoek tot")
    assert not page.says("Naar de markt")
    page.post("/helpen", hoeVerKm=20)
    assert page.says("Er is nu geen vraag die bij u past")  # the neighbours are switched off
    assert page.post("/helpen", hoeVerKm=900).status == 422


def test_a_pause_stops_the_list(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        a_request(session, a_person(session))
        helper, _ = a_helper(session)
    page = visit().sign_in(program, helper).get("/helpen")

    page.post("/helpen", hoeVerKm=20, buurgemeenten="ja", pauze="ja")

    assert page.says("U heeft pauze.")
    assert not page.says("1 vraag voor u")


def test_signing_up_takes_three_screens_and_counts_once(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        newcomer = a_person(session)
    page = visit().sign_in(program, newcomer).get("/helpen/aanmelden")
    assert page.says("Stap 1 van 3")
    assert page.get("/helpen/aanmelden/wanneer").status == 422
    assert page.get("/helpen/aanmelden/wanneer?thema=brieven").says("een VOG")
    page.get(
        "/helpen/aanmelden/over-u?thema=brieven&categorieen=post-formulieren-en-toeslagen&tijden=4&hoeVerKm=9"
    )
    assert page.says("Stap 3 van 3")
    assert page.says("nog niet gezien")

    filled: dict[str, Any] = {
        "categorieen": "post-formulieren-en-toeslagen", "tijden": ["4", "5"], "hoeVerKm": "9", "talen": ["1", "2"],
        "titel": "Brieven lezen", "formulier": "een-id",
    }  # fmt: skip
    page.post("/helpen/aanmelden", **filled, follow=False)
    page.status = 0
    page.get("/helpen/aanmelden").post("/helpen/aanmelden", **filled, follow=False)

    assert page.status == 303
    rows = page.rows("SELECT title, slots, radius_km, languages FROM help_offer")
    assert [tuple(row) for row in rows] == [("Brieven lezen", 0b110000, 9, 3)]


def given(page: Visit, name: str) -> list[str]:
    """The values with which the page's form comes, but for boxes that are not ticked."""
    inputs = re.findall(r"<input[^>]*>", page.page)
    return [
        unescape(re.findall(r'value="([^"]*)"', one)[0])
        for one in inputs
        if f'name="{name}"' in one and ('type="checkbox"' not in one or " checked" in one)
    ]


def test_the_way_back_from_the_last_screen_loses_nothing(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        newcomer = a_person(session)
    page = visit().sign_in(program, newcomer)
    page.get(
        "/helpen/aanmelden/over-u?thema=brieven&categorieen=post-formulieren-en-toeslagen&tijden=4&hoeVerKm=9"
    )
    typed: dict[str, Any] = {
        "thema": ["brieven"], "categorieen": ["post-formulieren-en-toeslagen"], "tijden": ["4"], "hoeVerKm": "9",
        "titel": "Brieven lezen met een kop koffie", "toelichting": "Ik was postbode.", "talen": ["1", "2"],
    }  # fmt: skip

    page.post("/helpen/aanmelden", **typed, knop="terug")
    assert page.says("Stap 2 van 3")
    kept = {name: given(page, name) for name in ("titel", "toelichting", "talen", "thema")}
    assert kept == {
        "titel": [typed["titel"]],
        "toelichting": ["Ik was postbode."],
        "talen": ["1", "2"],
        "thema": ["brieven"],
    }

    page.post(
        "/helpen/aanmelden/over-u", **kept, categorieen=typed["categorieen"], hoeVerKm="12", tijden=["4"]
    )

    assert page.says("Stap 3 van 3")
    assert given(page, "titel") == [typed["titel"]]
    assert "Ik was postbode." in page.page
    assert given(page, "hoeVerKm") == ["12"]


def test_a_check_is_said_before_offering(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        key = a_request(session, a_person(session), categorie="post-formulieren-en-toeslagen").id
        helper, _ = a_helper(session)

    page = visit().sign_in(program, helper).get(f"/hulpvragen/{key}")

    assert page.says("Wat hiervoor nodig is")
    assert page.says("nog niet gezien")
    assert not page.says("Ik kan helpen")
    assert page.post(f"/hulpvragen/{key}/ja").status == 409


def test_yes_said_twice_is_one_yes(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        key = a_request(session, a_person(session)).id
        helper, _ = a_helper(session)
    page = visit().sign_in(program, helper).get(f"/hulpvragen/{key}")

    page.post(f"/hulpvragen/{key}/ja", bericht="Graag")
    assert page.says("U zei ja. Dank u wel.")
    page.get(f"/hulpvragen/{key}").post(f"/hulpvragen/{key}/ja", bericht="Graag")

    assert page.says("U zei ja. Dank u wel.")
    assert len(page.rows("SELECT FROM proposal")) == 1


def test_no_is_said_with_a_reason_and_nobody_is_blamed(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        helper, _ = a_helper(session)
    with program.transaction() as session:
        asker = a_person(session)
        help_request = a_request(session, asker)
        proposals_for(session, asker, help_request)
    page = visit().sign_in(program, helper).get("/mijn/aanbod")
    assert page.says("1 vraag aan u")

    page.post(f"/hulpvragen/{help_request.id}/nee", reden="Het is te ver voor mij")

    assert page.says("Dank u. Wij vragen een ander.")
    assert page.rows("SELECT status FROM proposal")[0].status == "declined"


def test_who_comes_too_late_reads_so_and_may_wait(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        late, _ = a_helper(session, first_name="Late")
        first, _ = a_helper(session, first_name="Eerst")
        asker = a_person(session)
        agreement = an_agreement(session, asker, first)
        key = agreement.help_request_id
        stranger, _ = a_helper(session, first_name="Vreemd")
    page = visit().sign_in(program, late).get("/helpen").post(f"/hulpvragen/{key}/ja")
    assert page.status == 409
    assert page.says("Iemand was u net voor")
    other = visit().sign_in(program, stranger).get("/helpen")
    assert other.post(f"/hulpvragen/{key}/ja").status == 409
    assert not other.says("Samen naar de weekmarkt")


def test_the_waiting_list_is_one_press_away(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        late, _ = a_helper(session, first_name="Late")
        first, _ = a_helper(session, first_name="Eerst")
    with program.transaction() as session:
        asker = a_person(session)
        help_request = a_request(session, asker)
        proposals_for(session, asker, help_request)
        proposal = a_willing_helper(session, asker, first, help_request)
        agree.agree(session, asker, proposal.id, an_appointment(session))
    page = visit().sign_in(program, late).get("/helpen")

    assert page.post(f"/hulpvragen/{help_request.id}/ja").status == 409
    assert page.says("Zet mij op de wachtlijst")
    page.post(f"/hulpvragen/{help_request.id}/wachtlijst")

    assert page.says("U staat op de wachtlijst")


def test_a_yes_that_came_too_late_folds_away_and_a_place_on_the_waiting_list_does_not(
    program: Database, visit: Visits
) -> None:
    with program.transaction() as session:
        late, _ = a_helper(session, first_name="Late")
        first, _ = a_helper(session, first_name="Eerst")
    with program.transaction() as session:
        asker = a_person(session)
        for days, title in enumerate(("Naar de kapper", "Naar de markt"), start=3):
            help_request = a_request(session, asker, titel=title)
            proposals_for(session, asker, help_request)
            proposal = a_willing_helper(session, asker, first, help_request)
            agree.agree(session, asker, proposal.id, an_appointment(session, days=days))
    page = visit().sign_in(program, late).get(f"/hulpvragen/{help_request.id}")
    page.post(f"/hulpvragen/{help_request.id}/wachtlijst")

    page.get("/mijn/aanbod")

    folded = page.page[page.page.index("Dit is voorbij (1)") :]
    in_sight = page.page[: page.page.index("Dit is voorbij (1)")]
    assert "Naar de kapper" in folded
    assert "Iemand was u net voor" in folded
    assert "Naar de kapper" not in in_sight
    assert "Naar de markt" in in_sight


def test_a_list_costs_as_many_queries_at_fifteen_rows_as_at_one(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        helper, _ = a_helper(session)
        asker = a_person(session)
        proposals_for(session, asker, a_request(session, asker))
    page = visit().sign_in(program, helper)

    def costs() -> dict[str, int]:
        found = {}
        for path in ("/helpen", "/mijn/aanbod", "/hulpvragen", "/helpen?postcode=5664HJ"):
            page.get(path)
            with count_queries(program.engine) as queries:
                page.get(path)
            assert page.status == 200
            found[path] = queries.count
        return found

    few = costs()
    with program.transaction() as session:
        for _ in range(14):
            act(session, asker)
            a_willing_helper(session, asker, helper, a_request(session, asker))
            act(session, asker)
            a_request(session, asker)
    many = costs()

    # how far further brings more is asked up to three times
    few["/helpen"] += 4
    assert {path: (few[path], cost) for path, cost in many.items() if cost > few[path]} == {}


def test_changing_an_offer_never_overwrites_and_pausing_twice_is_once(
    program: Database, visit: Visits
) -> None:
    with program.transaction() as session:
        helper, offer = a_helper(session)
    page = visit().sign_in(program, helper).get(f"/mijn/aanbod/{offer.id}")
    filled: dict[str, Any] = {
        "titel": "Fietsen",
        "categorieen": "samen-op-pad",
        "talen": "1",
        "hoeVerKm": "4",
        "versie": "1",
    }

    page.post(f"/mijn/aanbod/{offer.id}", **filled)
    assert page.status == 422
    assert page.says("Iemand anders veranderde dit net")
    version = page.rows("SELECT version FROM help_offer")[0].version
    page.post(f"/mijn/aanbod/{offer.id}", **(filled | {"versie": str(version)}))
    assert page.says("Fietsen")
    for _ in range(2):
        page.get("/mijn/aanbod").post(f"/mijn/aanbod/{offer.id}/doe", doe="pauze")
        assert page.says("Even gestopt")


def test_another_persons_offer_does_not_exist(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        _, offer = a_helper(session)
        stranger = a_person(session)

    page = visit().sign_in(program, stranger).get(f"/mijn/aanbod/{offer.id}")

    assert page.status == 404
    assert page.get("/mijn/aanbod").post(f"/mijn/aanbod/{offer.id}/doe", doe="stoppen").status == 404


def test_an_offer_is_kept_for_later_changed_offered_and_thrown_away(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        person = a_person(session)
    page = visit().sign_in(program, person).get("/mijn/aanbod/nieuw")
    typed = {"categorieen": ["tuin"], "minutenPerWeek": "120", "hoeVerKm": "5", "talen": ["1"]}
    assert page.post("/mijn/aanbod/nieuw", **typed, knop="later").says(
        "Schrijf in een paar woorden wat u graag doet."
    )
    page.post("/mijn/aanbod/nieuw", **typed, titel="Gras maaien", knop="later")
    page.get("/mijn/aanbod/nieuw").post("/mijn/aanbod/nieuw", **typed, titel="Blad harken", knop="later")

    assert page.path == "/mijn/aanbod"
    assert page.says("Bewaard: nog niemand ziet dit")
    assert page.get("/hulpaanbod").says("Niets gevonden")
    assert page.get("/helpen").says("Wat wilt u voor een ander doen?")
    mown, raked = (row.id for row in page.rows("SELECT id FROM help_offer ORDER BY created_at"))
    page.get(f"/mijn/aanbod/{mown}").post(f"/mijn/aanbod/{mown}", **typed, titel="Gazon maaien", versie="1")
    page.post(f"/mijn/aanbod/{mown}/doe", doe="verder")
    page.post(f"/mijn/aanbod/{raked}/doe", doe="stoppen")

    states = page.rows("SELECT title, status, is_public FROM help_offer ORDER BY created_at")
    assert [tuple(row) for row in states] == [
        ("Gazon maaien", "open", True),
        ("Blad harken", "withdrawn", False),
    ]
    assert page.says("Gazon maaien")
    assert not page.says("Blad harken")
    assert not page.says("Bewaard: nog niemand ziet dit")


def test_details_change_and_what_was_typed_stays(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        person = a_person(session)
    page = visit().sign_in(program, person).get("/mijn/gegevens")
    assert page.says("Ria")

    page.post("/mijn/gegevens", voornaam="Maria", postcode="56", telefoon="06 12 34 56 78")
    assert page.status == 422
    assert 'value="Maria"' in page.page
    page.post("/mijn/gegevens", voornaam="Maria", postcode="5667ab", telefoon="0612345678", nietVragen="ja")
    assert page.says("Bewaard.")
    page.post("/mijn/gegevens/wensen", taal="en", pauze="ja")

    with program.transaction() as session:
        contact = people.details(session, act(session, person))
        assert (contact.person.first_name, contact.postcode, contact.person.language) == (
            "Maria",
            "5667 AB",
            "en",
        )
        assert contact.person.paused
        assert contact.person.do_not_ask


def _told_kinds() -> set[str]:
    kinds: set[str] = set()
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(Path(path).read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                named = node.func.id in ("tell", "_tell_others") and len(node.args) > 3
                if named and isinstance(node.args[3], ast.Constant) and isinstance(node.args[3].value, str):
                    kinds.add(node.args[3].value)
    return kinds


def test_every_notice_that_is_told_has_words_in_both_languages() -> None:
    told = _told_kinds()
    assert len(told) >= 15
    assert told <= set(texts.PATHS) == set(texts.WORDS["nl"]) == set(texts.WORDS["en"])
    for kind in texts.PATHS:
        for lang in ("nl", "en"):
            text = texts.text_of(kind, {"title": "{Koffie} 100 %"}, lang)
            assert text.subject
            assert "{title}" not in text.body
            assert text.path.format(id=1).startswith(
                (
                    "/mijn/",
                    "/bureau/",
                    "/helpen",
                    "/hulpvragen/",
                    "/activiteiten/",
                    "/verhalen/",
                    "/plannen/",
                    "/organisatie",
                    "/verwijzen",
                    "/vertrouwensmensen",
                    "/bemiddelen",
                    "/verhuisd",
                )
            )


def test_notices_are_new_once_and_lead_somewhere(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        helper, _ = a_helper(session)
        asker = a_person(session)
        a_willing_helper(session, asker, helper, a_request(session, asker))
    page = visit().sign_in(program, asker).get("/mijn/berichten")

    assert page.says("Iemand wil u helpen")
    assert re.search(r">\s*nieuw\s*<", page.page)
    assert "/mijn/voorstellen/" in page.page
    assert not re.search(r">\s*nieuw\s*<", page.get("/mijn/berichten").page)
