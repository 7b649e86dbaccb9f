"""One person acting for another, as a browser meets it: asking for somebody, their yes, and what it allows."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from app.access.actor import Actor
from app.db import Database as Program
from app.representations.consent import token_of
from app.representations.models import ConsentWay, RepresentationKind
from tests.app.factories import (
    a_helper,
    a_member_of_staff,
    a_person,
    a_representation,
    a_request,
    a_willing_helper,
    act,
    an_agreement,
)
from tests.databases import Database
from tests.web.pages.helpers import Visit

Browsers = Callable[[], Visit]
OTHER = {
    "voorWie": "ander", "naamAnder": "Greet", "postcode": "5664 HJ", "emailAnder": "greet@voorbeeld.nl",
    "weetErvan": "true", "hoeVerKm": "15", "zichtbaarVoor": "iedereen", "talen": "0",
}  # fmt: skip
MINE = {"hoeVerKm": "15", "zichtbaarVoor": "iedereen", "talen": "0"}


@pytest.fixture
def karin(program: Program) -> Actor:
    """A daughter, who lives across the border."""
    with program.transaction() as session:
        return a_person(session, first_name="Karin", postcode="5708 AB", email="karin@voorbeeld.nl")


@pytest.fixture
def jansen(program: Program) -> Actor:
    """Her mother."""
    with program.transaction() as session:
        return a_person(session, first_name="Annie", email="annie@voorbeeld.nl")


@pytest.fixture
def marja(program: Program, fresh_database: Database) -> Actor:
    """The makelaar of Geldrop-Mierlo."""
    with program.transaction() as session:
        return a_member_of_staff(fresh_database, session)


def typed(visitor: Visit, **where: str) -> Visit:
    """Through the first three screens, and the fourth as given."""
    visitor.get("/hulpvragen/nieuw").post("/hulpvragen/nieuw", tekst="Samen naar de weekmarkt")
    visitor.post("/hulpvragen/nieuw/soort", thema="samen", categorie="samen-op-pad")
    visitor.post(
        "/hulpvragen/nieuw/wanneer",
        wanneer="maakt-niet-uit",
        hoeVaak="eenmalig",
        minuten="60",
        aantalHelpers="1",
    )
    return visitor.post("/hulpvragen/nieuw/waar", **where)


def link_of(visitor: Visit) -> str:
    """What the newest mail for consent carries."""
    (row,) = visitor.rows("SELECT id FROM representation ORDER BY created_at DESC LIMIT 1")
    return f"/namens/toestemming?t={token_of(visitor.site.state.secret, row.id)}"


def stands(
    program: Program, marja: Actor, who: Actor, whom: Actor, kind: RepresentationKind, **more: Any
) -> UUID:
    """A representation that the makelaar wrote down."""
    with program.transaction() as session:
        return a_representation(session, marja, who, whom, kind=kind, **more).id


def acting(visit: Browsers, program: Program, who: Actor, id: UUID) -> Visit:
    """Somebody's browser, in the other's name."""
    visitor = visit().sign_in(program, who).get("/mijn/namens")
    return visitor.post(f"/mijn/namens/{id}/verder")


def test_a_question_for_somebody_new_is_no_request_before_their_yes(
    visit: Browsers, program: Program, karin: Actor
) -> None:
    visitor = typed(visit().sign_in(program, karin), **OTHER)
    assert visitor.says("Dit zien anderen van Greet")
    assert visitor.says("Greet, Geldrop")

    visitor.post("/hulpvragen/nieuw/versturen")

    assert visitor.says("Eerst vragen wij Greet")
    assert visitor.rows("SELECT FROM help_request") == []
    assert visitor.rows("SELECT FROM person WHERE first_name = 'Greet'") == []
    assert visitor.get("/mijn/gegevens").says("Wij vroegen of het goed is")


def test_the_others_own_yes_by_the_mail_makes_it_their_request_and_tells_who_asked(
    visit: Browsers, program: Program, karin: Actor
) -> None:
    visitor = typed(visit().sign_in(program, karin), **OTHER)
    visitor.post("/hulpvragen/nieuw/versturen")
    greet = visit().get(link_of(visitor))
    assert greet.says("Mag Karin voor u hulp vragen?")
    assert visitor.rows("SELECT FROM help_request") == []  # a mail scanner that opens the link says nothing

    greet.post("/namens/toestemming", t=link_of(visitor).partition("t=")[2], knop="ja")

    assert greet.says("Karin mag voor u hulp vragen")
    ((name, author, status),) = visitor.rows(
        "SELECT p.first_name, a.first_name, h.status FROM help_request h JOIN person p ON p.id = h.person_id"
        " JOIN person a ON a.id = h.author_id"
    )
    assert (name, author, status) == ("Greet", "Karin", "open")
    visitor.post(f"/mijn/namens/{link_id(visitor)}/verder")
    (id,) = visitor.rows("SELECT id FROM help_request")[0]
    assert visitor.get(f"/mijn/vragen/{id}").says("Karin vroeg dit voor Greet")
    assert greet.get(link_of(visitor)).status == 410


def link_id(visitor: Visit) -> UUID:
    key: UUID = visitor.rows("SELECT id FROM representation ORDER BY created_at DESC LIMIT 1")[0].id
    return key


def test_a_no_forgets_what_was_typed(visit: Browsers, program: Program, karin: Actor) -> None:
    visitor = typed(visit().sign_in(program, karin), **OTHER)
    visitor.post("/hulpvragen/nieuw/versturen")
    link = link_of(visitor)

    answered = visit().get(link).post("/namens/toestemming", t=link.partition("t=")[2], knop="nee")

    assert answered.says("U zei nee")
    ((status, claimed, question),) = visitor.rows("SELECT status, claimed, question FROM representation")
    assert (status, claimed, question) == ("declined", {}, {})
    assert visitor.rows("SELECT FROM help_request") == []


def test_whether_an_address_is_known_is_told_to_nobody(
    visit: Browsers, program: Program, karin: Actor, jansen: Actor
) -> None:
    pages = []
    for address in ("annie@voorbeeld.nl", "niemand@voorbeeld.nl"):
        visitor = typed(visit().sign_in(program, karin), **{**OTHER, "emailAnder": address})
        visitor.post("/hulpvragen/nieuw/versturen")
        pages.append((visitor.status, visitor.path, visitor.page.replace(visitor.csrf, "")))
    assert pages[0][:2] == pages[1][:2]
    assert without_nonce(pages[0][2]) == without_nonce(pages[1][2])
    ((known,),) = visitor.rows("SELECT count(*) FROM representation WHERE represented_id IS NOT NULL")
    assert known == 0


def without_nonce(page: str) -> str:
    return re.sub(r'(nonce|data-ends|data-owner)="[^"]*"', "", page)


@pytest.mark.parametrize(
    ("left_out", "said"),
    [("naamAnder", "Vul de voornaam in van wie u hulp vraagt."), ("weetErvan", "Vraag het eerst aan de ander."),
     ("emailAnder", "Vul een nummer of een e-mailadres van die ander in."), ("postcode", "postcode")],
)  # fmt: skip
def test_what_is_missing_about_the_other_is_asked(
    visit: Browsers, program: Program, karin: Actor, left_out: str, said: str
) -> None:
    visitor = typed(visit().sign_in(program, karin), **{k: v for k, v in OTHER.items() if k != left_out})
    assert visitor.status == 422
    assert said in visitor.page


def test_ones_own_address_is_not_anothers(visit: Browsers, program: Program, karin: Actor) -> None:
    visitor = typed(visit().sign_in(program, karin), **{**OTHER, "emailAnder": "Karin@voorbeeld.nl"})
    assert visitor.status == 422
    assert visitor.says("Dit is uw eigen adres.")


def test_a_makelaar_who_heard_the_yes_lets_the_question_through(
    visit: Browsers, program: Program, karin: Actor, marja: Actor
) -> None:
    by_phone = {**OTHER, "telefoonAnder": "06 12345678"}
    by_phone.pop("emailAnder")
    visitor = typed(visit().sign_in(program, karin), **by_phone)
    visitor.post("/hulpvragen/nieuw/versturen")
    desk = visit().sign_in(program, marja).get("/bureau")
    assert desk.says("Eén vraag voor een ander")
    desk.get("/bureau/namens")
    assert desk.says("Karin vraagt dit voor Greet")

    desk.post(f"/bureau/namens/{link_id(visitor)}/toestemming", hoe="mondeling", soort="contactpersoon")

    assert desk.says("Er wacht niets.")
    ((id, person_id),) = visitor.rows("SELECT id, person_id FROM help_request")
    assert desk.get(f"/bureau/zaken/{id}").says("Karin, contactpersoon")
    assert desk.says("Marja schreef het op")
    assert desk.get(f"/bureau/mensen/{person_id}/namens").says("met de stem, aan de makelaar")


def test_a_yes_on_a_strangers_telephone_is_not_the_yes_of_whose_address_was_typed(
    visit: Browsers, program: Program, karin: Actor, jansen: Actor, marja: Actor
) -> None:
    accomplice = {
        **OTHER,
        "naamAnder": "Annie",
        "emailAnder": "annie@voorbeeld.nl",
        "telefoonAnder": "06 22334455",
    }
    visitor = typed(visit().sign_in(program, karin), **accomplice)
    visitor.post("/hulpvragen/nieuw/versturen")
    desk = visit().sign_in(program, marja).get("/bureau/namens")

    desk.post(f"/bureau/namens/{link_id(visitor)}/toestemming", hoe="mondeling", soort="gemachtigde")

    assert desk.status == 422
    assert desk.says("Bel het nummer dat wij van die persoon hebben.")
    assert visitor.rows("SELECT FROM representation WHERE status = 'active'") == []


def test_a_paper_is_needed_for_a_legal_representative(
    visit: Browsers, program: Program, karin: Actor, jansen: Actor, marja: Actor
) -> None:
    page = f"/bureau/mensen/{jansen.person_id}/namens"
    desk = visit().sign_in(program, marja).get(page)
    desk.post(page, email="karin@voorbeeld.nl", hoe="mondeling", soort="wettelijk vertegenwoordiger")
    assert desk.status == 422
    assert desk.says("Een wettelijk vertegenwoordiger laat een papier zien.")

    desk.post(page, email="karin@voorbeeld.nl", hoe="schriftelijk", soort="wettelijk vertegenwoordiger")

    assert desk.says("op papier")
    assert visit().sign_in(program, jansen).get("/mijn/gegevens").says("wettelijk vertegenwoordiger")


def test_a_contact_person_asks_and_follows_but_does_not_decide(
    visit: Browsers, program: Program, karin: Actor, jansen: Actor, marja: Actor
) -> None:
    id = stands(program, marja, karin, jansen, RepresentationKind.CONTACT)
    with program.transaction() as session:
        private = a_request(session, act(session, jansen), titel="Iets dat van mij is").id
    visitor = acting(visit, program, karin, id)
    assert visitor.says("U regelt nu voor Annie")
    assert not visitor.says("Iets dat van mij is")
    assert visitor.get(f"/mijn/vragen/{private}").status == 404

    typed(visitor, voorWie=str(id), **MINE).post("/hulpvragen/nieuw/versturen")

    assert visitor.says("Karin vroeg dit voor Annie")
    own = visitor.path.rpartition("/")[2]
    assert visitor.post(f"/mijn/vragen/{own}/stoppen").status == 403
    assert visitor.says("Dit kan Annie alleen zelf")
    for path in (
        "/mijn/gegevens",
        "/mijn/roosjes",
        "/mijn/roosjes/afschrift",
        "/mijn/berichten",
        "/mijn",
        "/bureau",
    ):
        assert visitor.get(path).status == 403, path


def test_a_contact_person_sees_who_is_willing_and_leaves_the_choice(
    visit: Browsers, program: Program, karin: Actor, jansen: Actor, marja: Actor
) -> None:
    id = stands(program, marja, karin, jansen, RepresentationKind.CONTACT)
    visitor = typed(acting(visit, program, karin, id), voorWie=str(id), **MINE).post(
        "/hulpvragen/nieuw/versturen"
    )
    asked = UUID(visitor.path.rpartition("/")[2])
    with program.transaction() as session:
        helper, _ = a_helper(session)
        row = _asked(session, jansen, asked)
        proposal = a_willing_helper(session, jansen, helper, row).id

    visitor.get(f"/mijn/vragen/{asked}")

    assert visitor.says("Tonnie wil u helpen")
    assert visitor.says("Annie kiest zelf")
    assert visitor.get(f"/mijn/vragen/{asked}/kies/{proposal}").status == 403


def _asked(session: Any, asker: Actor, id: UUID) -> Any:
    from app.help_requests import service

    return service.get(session, act(session, asker), id)


def test_who_is_authorised_says_yes_confirms_and_reads_the_statement_but_gives_nothing_away(
    visit: Browsers, program: Program, karin: Actor, jansen: Actor, marja: Actor
) -> None:
    id = stands(program, marja, karin, jansen, RepresentationKind.AUTHORISED, way=ConsentWay.WRITING)
    with program.transaction() as session:
        helper, _ = a_helper(session)
        asked = a_request(session, act(session, jansen))
        key, proposal = asked.id, a_willing_helper(session, jansen, helper, asked).id
    visitor = acting(visit, program, karin, id).get(f"/mijn/vragen/{key}/kies/{proposal}")

    visitor.post(f"/mijn/vragen/{key}/kies/{proposal}/afspreken", datum="2030-01-01", tijd="10:00")
    assert visitor.status in (200, 422)
    visitor.get(f"/mijn/vragen/{key}/kies/{proposal}")
    visitor.post(f"/mijn/vragen/{key}/kies/{proposal}/afspreken", **soon(program))

    assert visitor.says("U sprak af met Tonnie (dat deed Karin voor Annie)")
    assert visitor.get("/mijn/roosjes/afschrift").status == 200
    assert visitor.says("Annie")
    assert visitor.get("/mijn/afspraken").says("Samen naar de weekmarkt")
    for path in ("/mijn/roosjes/geven", "/mijn/roosjes/papier", "/mijn/gegevens", "/mijn/aanbod"):
        assert visitor.get(path).status == 403, path


def soon(program: Program) -> dict[str, str]:
    """A day in the form of the page."""
    from datetime import timedelta

    from app.clock import today

    with program.transaction() as session:
        return {"datum": (today(session) + timedelta(days=3)).isoformat(), "tijd": "10:00"}


def test_who_acts_for_a_helper_sees_nothing_of_what_they_do_for_others(
    visit: Browsers, program: Program, karin: Actor, marja: Actor
) -> None:
    with program.transaction() as session:
        asker, (helper, _) = a_person(session), a_helper(session)
        agreement = an_agreement(session, asker, helper).id
    id = stands(program, marja, karin, helper, RepresentationKind.AUTHORISED)

    visitor = acting(visit, program, karin, id)

    assert visitor.get(f"/mijn/afspraken/{agreement}").status == 404
    assert not visitor.get("/mijn/afspraken").says("weekmarkt")


@pytest.mark.parametrize("who_ends", ["jansen", "marja", "karin"])
def test_once_it_is_ended_all_is_gone_at_once_whoever_ended_it(
    visit: Browsers, program: Program, karin: Actor, jansen: Actor, marja: Actor, who_ends: str
) -> None:
    id = stands(program, marja, karin, jansen, RepresentationKind.AUTHORISED)
    with program.transaction() as session:
        asked = a_request(session, act(session, jansen)).id
    visitor = acting(visit, program, karin, id)
    assert visitor.get(f"/mijn/vragen/{asked}").status == 200

    if who_ends == "marja":
        visit().sign_in(program, marja).get(f"/bureau/mensen/{jansen.person_id}/namens").post(
            f"/bureau/namens/{id}/stoppen"
        )
    else:
        ender = karin if who_ends == "karin" else jansen
        visit().sign_in(program, ender).get("/mijn/gegevens").post(f"/mijn/namens/{id}/stoppen")

    assert visitor.get(f"/mijn/vragen/{asked}").status == 404
    assert not visitor.says("U regelt nu voor")
    assert visitor.get("/mijn/gegevens").says("Voor niemand.")
    assert visitor.post(f"/mijn/namens/{id}/verder").status == 404


def test_a_choice_for_somebody_is_not_sent_in_ones_own_name_after_going_back(
    visit: Browsers, program: Program, karin: Actor, jansen: Actor, marja: Actor
) -> None:
    id = stands(program, marja, karin, jansen, RepresentationKind.CONTACT)
    visitor = typed(visit().sign_in(program, karin), voorWie=str(id), **MINE)
    assert visitor.says("Dit zien anderen van Annie")

    visitor.post("/mijn/namens/zelf").get("/hulpvragen/nieuw/versturen")

    assert visitor.path == "/hulpvragen/nieuw/waar"
    assert visitor.says("Voor wie vraagt u hulp?")


def test_nobody_goes_on_in_the_name_of_somebody_by_a_strangers_key(
    visit: Browsers, program: Program, karin: Actor, jansen: Actor, marja: Actor
) -> None:
    id = stands(program, marja, karin, jansen, RepresentationKind.AUTHORISED)
    with program.transaction() as session:
        stranger = a_person(session, first_name="Bo")
    visitor = visit().sign_in(program, stranger).get("/mijn/namens")
    assert visitor.post(f"/mijn/namens/{id}/verder").status == 404
    assert visitor.get("/mijn/namens").post(f"/mijn/namens/{id}/stoppen").status == 404
    assert typed(visitor, voorWie=str(id), **MINE).status == 422
