"""Every list costs exactly as many queries at fifteen rows as at one: pages and API, found among the routes.

Rows of rings, runs of sharing out, paper Roosjes, cheques and nettings do not grow here: their routes are read,
and must cost the same while everything else grows.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import text

import app.models  # noqa: F401 - every table, before the first query
from app.access.actor import Actor
from app.access.roles import Role
from app.access.sign_in import open_session
from app.activities import joining
from app.api import PREFIX
from app.branch import routes_of
from app.clock import today
from app.config import Settings
from app.conversations import service as conversations
from app.conversations.schemas import NewMessage
from app.db import Database as Program
from app.ids import uuid7
from app.outreach import near
from app.outreach.schemas import Assigned, Mediated, NewMediation, NewMediator
from app.partners import covenants, introductions, people as partners
from app.partners.models import InvitedAs
from app.partners.schemas import Invite, NewCovenant, NewIntroduction
from app.referrals import sending
from app.referrals.schemas import NewPassedOn, NewReferral
from app.safety import files
from app.safety.schemas import NewFile
from app.social_map import keeping
from app.social_map.schemas import NewProvision
from tests.app.activities.making import an_organisation, hosted_by_desk, joining as to_join, works_for
from tests.app.api.conftest import OFFER, WALK, Api, a_token, on_day
from tests.app.factories import SHOWN, a_helper, a_member_of_staff, a_person, act
from tests.clients import TestClient
from tests.databases import Database
from tests.queries import count_queries
from tests.sites import a_program, a_site
from web.security import SESSION_COOKIE

MANY: Final = 15
GEMEENTE: Final = "1771"
EXCEPTIONS: Final = {
    "/postbus": "reads letters from a folder, and only in a demonstration",
    "/personas": "only in a demonstration",
    "/stijl": "as above",
    "/gemeente/huisstijl/logo": "one picture, of a look that is being tried",
    "/cheques": "for who takes cheques for an organisation, which is nobody here",
    "/mijn/roosjes/afschrift.pdf": "the lines of /mijn/roosjes/afschrift on paper",
    "/hulpvragen/nieuw/soort": "a screen of a question that was begun, without rows",
    "/hulpvragen/nieuw/wanneer": "as above",
    "/hulpvragen/nieuw/waar": "as above",
    "/hulpvragen/nieuw/versturen": "as above",
    "/hulpvragen/nieuw/kijk-in-uw-mail": "as above",
    "/hulpvragen/nieuw/ontvangen": "as above",
    "/hulpvragen/nieuw/bewaard": "as above",
    "/hulpvragen/nieuw/toestemming": "as above",
    "/namens/toestemming": "one question for consent, behind the link of a mail",
    "/helpen/aanmelden/wanneer": "a screen of an offer that was begun, without rows",
    "/helpen/aanmelden/over-u": "as above",
    "/inloggen": "who is signed in is sent on",
    "/inloggen/link": "as above",
    "/inloggen/brief": "as above",
    "/inloggen/tweede": "one's own keys, at the door",
    "/inloggen/tweede/klaar": "a form that waits in one's own browser",
    "/afmelden": "what the signed link of one mail says",
    "/afmelden/direct": "as above",
    "/uitnodiging": "one invitation, behind a signed link",
    "/inloggen/koppelen": "one who came through a provider, behind a token",
    "/aanmelden": "as above",
    "/bureau/welzijnsbudget/nieuw": "a form about one resident, named in the address",
    "/help-mij-kiezen/vragen": "without a theme there is nothing to ask: it leads back",
    "/help-mij-kiezen/uitkomst": "as above",
    "/mijn/wedervraag": "asked after an hour was booked",
    "/mijn/namens/kind": "for a parent who acts for a child, which is nobody here",
    "/organisatie/overeenkomst.pdf": "the text of /organisatie/overeenkomst on paper",
    "/organisatie/uitnodiging": "one invitation, behind a signed link",
    "/mijn/namens/volmacht": "one question, behind a signed link",
    f"{PREFIX}/schorsingen/mijn": "for who is suspended, which is nobody here",
}
"""Routes without a parameter that nobody here reads, and why."""
FILLED: Final = (
    "/hulpvragen/{id}", "/mijn/vragen/{id}", "/bureau/zaken/{id}", f"{PREFIX}/hulpvragen/{{id}}/voorstellen",
    f"{PREFIX}/hulpvragen/{{id}}/kandidaten", f"{PREFIX}/hulpvragen/{{id}}/notities",
    f"{PREFIX}/hulpvragen/{{id}}/verruimingen",
)  # fmt: skip
"""Routes about one request that show lists; every other with a key is about one thing."""

NAMED: Final = (f"{PREFIX}/verrekeningen", f"{PREFIX}/cheque-aanbieders", f"{PREFIX}/facturen")
"""Routes that want the municipality named."""

DESKS: Final = ("/bureau", "/gemeente", "/regio", "/voorzieningen")
"""Where the staff reads."""

OWN: Final = {"piet": "/organisatie", "anja": "/verwijzen", "joop": "/bemiddelen"}
"""Where somebody reads of an organisation, somebody who refers, and somebody who mediates."""
REFERRED: Final[dict[str, Any]] = {
    "voornaam": "Greet", "postcode": "5664 HJ", "telefoon": "06 22334455", "wens": "mensen", "vindtGoed": True,
    "uwNaam": "Anja", "uwMail": "anja@praktijk.voorbeeld.nl",
}  # fmt: skip

STAFF: Final = (
    Role.BROKER, Role.TREASURER, Role.PRIVACY_OFFICER, Role.SAFETY_OFFICER, Role.MUNICIPALITY_ADMINISTRATOR,
    Role.REGION_ADMINISTRATOR,
)  # fmt: skip


ROLES: Final = (
    Role.BROKER, Role.TREASURER, Role.SAFETY_OFFICER, Role.PRIVACY_OFFICER, Role.MUNICIPALITY_ADMINISTRATOR,
    Role.REGION_ADMINISTRATOR,
)  # fmt: skip


class Town:
    """Everybody who reads, and one row more of everything at a time."""

    def __init__(self, site: FastAPI, program: Program, database: Database) -> None:
        self.site, self.program, self.database = site, program, database
        with program.transaction() as session:
            ria = a_person(session, telefoon="06 12345678", huisnummer="12")
        with program.transaction() as session:
            youssef = a_person(session, first_name="Youssef", postcode="5708 AB")
        self.readers = {"ria": ria, "youssef": youssef}
        for role in STAFF:
            where = None if role is Role.REGION_ADMINISTRATOR else int(GEMEENTE)
            with program.transaction() as session:
                self.readers[role.value] = a_member_of_staff(
                    database, session, role=role, municipality_id=where, first_name=role.value
                )
        with program.transaction() as session:
            self.readers["piet"] = a_person(session, first_name="Piet")
            self.readers["joop"] = a_person(session, first_name="Joop")
            self.readers["anja"] = a_member_of_staff(database, session, role=Role.REFERRER, first_name="Anja")
        self.flag = an_organisation(database, name="Aan Huis")
        works_for(database, self.readers["piet"], self.flag)
        with program.transaction() as session:
            an = act(session, self.readers[Role.MUNICIPALITY_ADMINISTRATOR])
            new = NewCovenant.model_validate({"tekst": "Wij sturen niemand door zonder ja."})
            covenants.publish(session, an, int(GEMEENTE), new)
        with program.transaction() as session:
            day = today(session)
            trained = {"persoon": self.readers["joop"].person_id, "getraindOp": str(day),
                       "geldigTot": str(day + timedelta(days=365))}  # fmt: skip
            marja = act(session, self.readers["broker"])
            near.add_mediator(session, marja, int(GEMEENTE), NewMediator.model_validate(trained))
        self.clients = {name: self._client(actor) for name, actor in self.readers.items()}
        self.request_id = ""

    def _client(self, actor: Actor) -> TestClient:
        with self.program.transaction() as session:
            cookie = open_session(session, actor.person_id, proof=SHOWN)
        headers = {
            "authorization": f"Bearer {a_token(self.program, actor)}",
            "cookie": f"{SESSION_COOKIE}={cookie}",
        }
        return TestClient(self.site, base_url="https://testserver", headers=headers, follow_redirects=False)

    def grow(self, day: int) -> None:
        """One more of everything, on a day of its own."""
        ria, youssef, marja = (Api(self.clients[name]) for name in ("ria", "youssef", "broker"))
        youssef.made("/hulpaanbod", OFFER)
        short = WALK | {"minuten": 15}
        waiting, question = ria.made("/hulpvragen", short), ria.made("/hulpvragen", short)
        youssef.made(f"/hulpvragen/{waiting['id']}/aanmeldingen")
        self.request_id = self.request_id or waiting["id"]
        proposal = youssef.made(f"/hulpvragen/{question['id']}/aanmeldingen")
        agreement = ria.made(f"/voorstellen/{proposal['id']}/afspraken", on_day(self.program, day))
        pay = {"aan": agreement["helper"]["id"], "minuten": 5}
        ria.made("/roosjesrekeningen/mijn/betalingen", pay)
        with self.program.transaction() as session:
            helper, _ = a_helper(session, first_name=f"Tonnie{day}")
        number = ria.get("/roosjesrekeningen/mijn/nummer").json()["nummer"]
        asks = Api(self._client(helper))
        asks.made("/roosjesrekeningen/mijn/betaalverzoeken", {"nummer": number, "minuten": 5})
        line = ria.get("/roosjesrekeningen/mijn/boekingen").json()[0]["volgnummer"]
        ria.made(f"/roosjesrekeningen/mijn/boekingen/{line}/vragen", {"uitleg": "Wat is dit?"})
        other = {"voornaam": "Greet", "postcode": "5664 HJ", "telefoon": "06 22334455"}
        asks.made("/vertegenwoordigingen", {"voorWie": other, "hulpvraag": WALK})
        asks.made("/welzijnsplannen", {"doel": "Mensen zien", "wens": "Zwemles", "waarom": "Geen pijn"})
        marja.made(f"/hulpvragen/{self.request_id}/notities", {"notitie": "Gebeld"})
        reporter = (youssef, ria)[day % 2]  # nobody reports more than ten times a day
        reporter.made("/veiligheidsmeldingen", {"waarover": "anders", "uitleg": "Het was koud.", "contact": "afspraak",
                                           "onderwerp": agreement["id"]})  # fmt: skip
        with self.program.transaction() as session:
            officer = act(session, self.readers[Role.SAFETY_OFFICER])
            files.start(
                session, officer, helper.person_id, NewFile.model_validate({"aanleiding": "Een zorg"})
            )
        self._something_to_do(day)
        self._around_an_organisation(day)
        self._between_neighbours(day)
        with self.program.transaction() as session:
            said = NewMessage.model_validate({"bericht": f"Tot dag {day}!", "sleutel": str(uuid7())})
            conversations.send(session, act(session, self.readers["ria"]), UUID(proposal["id"]), said)

    def _something_to_do(self, day: int) -> None:
        """An activity that somebody comes to, and an organisation with something for everybody."""
        flag = an_organisation(self.database, name=f"Stichting {day}")
        provision = {"naam": f"Spreekuur {day}", "toelichting": "Samen uw post bekijken.", "postcode": "5664 HJ",
                     "categorieen": ["post-formulieren-en-toeslagen"], "organisatie": flag}  # fmt: skip
        with self.program.transaction() as session:
            coffee = hosted_by_desk(session, self.readers["broker"], days=day)
        with self.program.transaction() as session:
            joining.join(session, act(session, self.readers["ria"]), coffee.id, to_join())
        with self.program.transaction() as session:
            marja = act(session, self.readers["broker"])
            keeping.add(session, marja, NewProvision.model_validate(provision))

    def _around_an_organisation(self, day: int) -> None:
        """One more that Piet works for, with whom one is brought together and to whom people are passed; at his first
        one a colleague, a volunteer and somebody who was invited; and somebody whom Anja refers."""
        other = an_organisation(self.database, name=f"Thuis {day}")
        works_for(self.database, self.readers["piet"], other)
        self.clients["piet"] = self._client(self.readers["piet"])  # who gets a role signs in anew
        with self.program.transaction() as session:
            colleague = a_person(session, first_name=f"Els{day}")
        works_for(self.database, colleague, self.flag, Role.ORGANISATION_MEMBER)
        with self.database.owner.begin() as owner:
            owner.execute(
                text("INSERT INTO organisation_volunteer (id, municipality_id, organisation_id, person_id, exclusive)"
                     " VALUES (:id, :m, :o, :p, false)"),
                {"id": uuid7(), "m": int(GEMEENTE), "o": self.flag, "p": colleague.person_id},
            )  # fmt: skip
        invite = {"email": f"nieuw{day}@voorbeeld.nl", "voornaam": "Bo", "rol": InvitedAs.VOLUNTEER.value}
        passed = REFERRED | {"organisatie": str(other)}
        with self.program.transaction() as session:
            piet = act(session, self.readers["piet"])
            partners.invite(session, piet, self.flag, Invite.model_validate(invite))
            sending.by_organisation(session, piet, self.flag, NewPassedOn.model_validate(passed))
        with self.program.transaction() as session:
            anja = act(session, self.readers["anja"])
            sending.by_referrer(session, anja, NewReferral.model_validate(REFERRED))
        with self.program.transaction() as session:
            marja = act(session, self.readers["broker"])
            both = {"een": str(self.flag), "ander": str(other), "waarom": "Samen koken."}
            introductions.propose(session, marja, int(GEMEENTE), NewIntroduction.model_validate(both))

    def _between_neighbours(self, day: int) -> None:
        """Somebody who cannot work it out with a neighbour, and what Joop wrote down of it."""
        with self.program.transaction() as session:
            neighbour = a_person(session, first_name=f"Ans{day}")
            asked = near.ask(session, neighbour, NewMediation.model_validate({"watSpeeltEr": "De heg."}))
        with self.program.transaction() as session:
            to = {"bemiddelaar": self.readers["joop"].person_id, "versie": asked.version}
            marja = act(session, self.readers["broker"])
            given = near.assign(session, marja, asked.id, Assigned.model_validate(to))
        with self.program.transaction() as session:
            said = {"wat": "notitie", "notitie": "Gebeld.", "versie": given.version}
            near.mediate(session, act(session, self.readers["joop"]), given.id, Mediated.model_validate(said))

    def costs(self, known: Mapping[str, int] | None = None) -> dict[str, int]:
        """Queries of each route for everybody to whom it answers, the second time that they ask; where ``known`` says
        how many those are, the first time, if that is as many."""
        found = {}
        for path in listing(self.site):
            address = path.replace("{gemeente}", GEMEENTE).replace("{id}", self.request_id)
            address += f"?gemeente={GEMEENTE}" if path in NAMED else ""
            for name, client in self.clients.items():
                if not (f"{path} {name}" in known if known is not None else reads(name, path)):
                    continue
                for _ in range(2):
                    with count_queries(self.program.engine) as queries:
                        status = client.get(address).status_code
                    if status != 200 or (known and known[f"{path} {name}"] == queries.count):
                        break
                if status == 200:
                    found[f"{path} {name}"] = queries.count
        return found


def reads(name: str, path: str) -> bool:
    """Who works for an organisation, refers or mediates reads what is there for them; residents read the pages of
    residents, and the staff those of the desk; a program may try either."""
    if path == f"{PREFIX}/verwijzingen":
        return name == "anja"
    if name in OWN or path.startswith(tuple(OWN.values())):
        return path.startswith(OWN.get(name, "//"))
    if path.startswith(PREFIX):
        if path in NAMED:
            return name == Role.TREASURER
        return name in ("ria", "youssef", "broker") or "{gemeente}" in path or path.endswith("cijfers")
    return (name in ("ria", "youssef")) is not path.startswith(DESKS)


def listing(site: FastAPI) -> list[str]:
    """Every GET route that is not about one thing only."""
    paths = []
    for route in routes_of(site):
        path = str(route.path)
        if "GET" not in (route.methods or ()) or path in EXCEPTIONS:
            continue
        if "{" not in path.replace("{gemeente}", "") or path in FILLED:
            paths.append(path)
    return sorted(set(paths))


@pytest.fixture(scope="module")
def town(new_database: Callable[[], Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One database for this module."""
    with new_database() as database:
        program = a_program(database.app_url, pool_size=4)
        folder: Path = tmp_path_factory.mktemp("queries")
        yield Town(a_site(Settings(data_dir=folder), program), program, database)
        program.close()


def test_every_list_costs_as_many_queries_at_fifteen_rows_as_at_one(town: Town) -> None:
    town.grow(1)
    few = town.costs()
    for day in range(2, MANY + 1):
        town.grow(day)
    many = town.costs(few)

    assert {name: (few[name], many[name]) for name in few if few[name] != many.get(name)} == {}
    assert {name.partition(" ")[0] for name in few} == set(listing(town.site))


def test_every_exception_is_a_route(town: Town) -> None:
    paths = {str(route.path) for route in routes_of(town.site)}
    assert set(EXCEPTIONS) | set(FILLED) <= paths
