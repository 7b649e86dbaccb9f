"""What each party and each role reads of another, held against `docs/who-sees-what.md`, cell by cell."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from app.agreements import agree, occur
from tests.app.conftest import rows_of
from tests.app.factories import a_person, a_request, a_willing_helper, act, an_appointment, an_offer
from tests.app.matrix.asking import Asking, Glance
from tests.app.matrix.fields import OF_RIA, OF_TONNIE, found_in, table
from tests.app.matrix.hostile import MORE, SIGN, copy_page, hostile, on_paper
from tests.app.matrix.test_every_cell import COLUMNS, may
from tests.app.matrix.village import headers
from tests.databases import Server

SENT_IN = ("GET /mijn/welzijnsbudget/bonnen/{id}", "GET /bureau/welzijnsbudget/bonnen/{id}")
"""Papers that are somebody's own, and no work of ours."""
STAGES = ("proposed", "helper", "afterwards")
WITH_A_REASON = (
    "GET /bureau/veiligheid/{id}", "GET /bureau/dossiers/{id}", "GET /bureau/gesprekken/{id}/brief.pdf",
)  # fmt: skip
"""A report, a file that was opened a moment ago, and the letter after a talk, whose reason is that talk."""
OF_PARTIES = (
    "/mijn", "/mijn/afspraken", "/mijn/afspraken/{agreement}", "/mijn/keren/{occurrence}", "/mijn/berichten",
    "/hulpvragen/{request}", "/mijn/vragen/{request}", "/mijn/vragen/{request}/kies/{proposal}",
    "/melden/afspraak/{agreement}", "/melden/voorstel/{proposal}", "/blokkeren/voorstel/{proposal}",
    "/mijn/roosjes/alles", "/api/v1/voorstellen", "/api/v1/voorstellen/{proposal}", "/api/v1/afspraken",
    "/api/v1/afspraken/{agreement}", "/api/v1/keren/{occurrence}", "/api/v1/meldingen",
    "/api/v1/hulpvragen/{request}", "/api/v1/hulpvragen/{request}/voorstellen",
)  # fmt: skip
"""Where the two meet."""
HER_OWN = {"surname": "verstopt", "telephone": "87654321", "mail": "vera.geheim@", "street": "schuilstraat"}


def looks(asking: Asking, who: str) -> Iterator[tuple[str, Glance]]:
    """Every address that somebody may open, with what it shows of Ria and of Tonnie."""
    for route in may():
        if route.startswith("GET ") and who in may()[route]:
            yield route, asking.glance(who, route)


@pytest.mark.parametrize("who", [who for who in table() if who not in STAGES[::2]])
def test_each_reads_of_the_asker_exactly_what_the_table_says(asking: Asking, who: str) -> None:
    seen: dict[str, str] = {}
    after_a_reason: set[str] = set()
    for route, glance in looks(asking, who):
        if route in WITH_A_REASON:
            after_a_reason |= glance.of_ria
        else:
            seen |= dict.fromkeys(glance.of_ria, route)
    for field, verdict in table()[who].items():
        assert (field in seen) == (verdict == "yes"), (field, seen.get(field))
        assert field not in after_a_reason or verdict != "no", field


def test_the_desk_reads_an_address_and_messages_after_a_reason_that_the_asker_reads_back(
    asking: Asking,
) -> None:
    route = "POST /bureau/zaken/{id}/inkijken"
    why = {
        "adres": "Zij belt niet terug en ik maak mij zorgen",
        "berichten": "Zij vraagt wat er was afgesproken",
    }
    reason = {field for field, verdict in table()["broker"].items() if verdict == "reason"}
    seen: set[str] = set()
    for what, told in why.items():
        assert asking.ask("broker", route, wat=what, reden="kort").status == 422
        seen |= found_in(asking.ask("broker", route, wat=what, reden=told).text)
    assert reason <= seen
    read_back = {who: asking.ask(who, "GET /mijn/gegevens/inzage").text for who in ("asker", "helper")}
    assert [told in read_back["asker"] for told in why.values()] == [True, True]
    assert [told in read_back["helper"] for told in why.values()] == [False, True], (
        "the address is hers alone"
    )


def test_contact_data_come_with_an_agreement_and_go_with_it(asking: Asking) -> None:
    village, program = asking.village, asking.village.site.state.database
    ria = village.people["asker"]
    with program.transaction() as session:
        vera = a_person(
            session, first_name="Vera", achternaam="Verstopt", postcode="5708 AB", huisnummer="3",
            email="vera.geheim@voorbeeld.nl", telefoon="06 87654321",
        )  # fmt: skip
        an_offer(session, vera)
        act(session, ria)
        request = a_request(session, ria, titel="Samen naar de kerk")
        proposal = a_willing_helper(session, ria, vera, request)
        keys = {"request": request.id, "proposal": proposal.id}
        day = an_appointment(session, days=5)
    street = "UPDATE contact SET street = 'Schuilstraat' WHERE person_id = :id RETURNING person_id"
    rows_of(village.database, street, id=vera.person_id)
    village.headers["vera"] = headers(program, vera)
    found = {"proposed": both(asking, keys)}
    with program.transaction() as session:
        agreement = agree.agree(session, act(session, ria), keys["proposal"], day)
        keys |= {
            "agreement": agreement.id,
            "occurrence": occur.get(session, ria, agreement.id).occurrences[0].id,
        }
    found["helper"] = both(asking, keys)
    with program.transaction() as session:
        occur.end(session, act(session, ria), keys["agreement"])
    found["afterwards"] = both(asking, keys)

    for stage in STAGES:
        yes = {field for field, verdict in table()[stage].items() if verdict == "yes"}
        assert found[stage][0] - {"request"} == yes, stage
    assert [found[stage][1] for stage in STAGES] == [set(), {"surname", "telephone", "mail"}, set()]


def both(asking: Asking, keys: dict[str, UUID]) -> tuple[set[str], set[str]]:
    """What Vera reads of Ria, and Ria of Vera, wherever the two meet."""
    paths = []
    for path in OF_PARTIES:
        try:
            paths.append(path.format_map(keys))
        except KeyError:
            continue  # before there is an agreement
    of_ria: set[str] = set()
    of_vera: set[str] = set()
    for path in paths:
        of_ria |= found_in(asking.ask("vera", f"GET {path}").text)
        text = asking.ask("asker", f"GET {path}").text.lower()
        of_vera |= {field for field, sign in HER_OWN.items() if sign in text}
    return of_ria, of_vera


OF_THE_HELPER = "What is the helper's"


@pytest.mark.parametrize("who", table(OF_THE_HELPER))
def test_each_reads_of_the_helper_exactly_what_the_table_says(asking: Asking, who: str) -> None:
    seen = {field: route for route, glance in looks(asking, who) for field in glance.of_tonnie}
    said = {field for field, verdict in table(OF_THE_HELPER)[who].items() if verdict == "yes"}
    assert set(seen) == said, seen


def test_the_tables_have_every_field_that_is_looked_for() -> None:
    assert all(set(row) == set(OF_RIA) - {"request"} for row in table().values())
    assert all(set(row) == set(OF_TONNIE) for row in table(OF_THE_HELPER).values())


@pytest.mark.usefixtures("printer")
def test_whatever_anybody_wrote_is_words_on_every_page_and_paper(
    asking: Asking, database_server: Server
) -> None:
    """In every field at once, and on every page by somebody who may open it; programs get them as JSON."""
    pages = [route for route in may() if route.startswith("GET ") and "/api/" not in route]
    run: dict[str, object] = {}
    shown: set[str] = set()
    papers: list[str] = []
    with hostile(asking, database_server) as (theirs, reached):
        for route in pages:
            who = next((one for one in COLUMNS[1:] if one in may()[route]), "visitor")
            answer = theirs.ask(who, route)
            if answer.kind == "application/pdf" and route not in SENT_IN:
                papers.append(on_paper(answer.raw))
            elif answer.kind.startswith("text/html"):
                shown |= {route} if SIGN in answer.text else set()
                if found := MORE.search(answer.text) or answer.status == 500:
                    run[route] = found
        copy = copy_page(theirs.ask("asker", "POST /mijn/gegevens/kopie/{id}").raw)

    assert run == {}
    assert len(shown) >= 90
    assert len(reached) >= 30
    assert SIGN in copy
    assert not MORE.search(copy)
    told = [paper for paper in papers if SIGN in paper]
    assert told
    assert all("<zz9onzz9=1>{{7*7}}" in paper for paper in told)
