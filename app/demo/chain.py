"""The chain: who refers and what came of it, the covenant, organisations that meet, and people who are looked in on."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import VISITOR, Actor, system
from app.access.models import RoleGrant
from app.access.roles import Role
from app.access.sign_in import act_as
from app.clock import today
from app.db import Database, Scope, scope_to
from app.demo.desks import HELMOND, HOME
from app.demo.world import Resident, World
from app.organisations.models import Organisation
from app.outreach import near, service as outreach
from app.outreach.schemas import Assigned, NewMediation, NewMediator, NewSignal, NewTrustee
from app.partners import covenants, introductions, joining
from app.partners.schemas import NewCovenant, NewIntroduction, NewJoining, Signing
from app.referrals import doing, links, sending, service, sharing, telling, watch
from app.referrals.links import Practice
from app.referrals.schemas import Arranged, NewLink, NewReferral, Sharing, Told, Written

COVENANT: Final = """Wij helpen mensen die dat willen. De bewoner kiest, en niemand wordt doorgestuurd zonder ja.

Wij vragen niet meer gegevens dan nodig is, en bewaren geen ziekten en geen burgerservicenummers.

Wie bij mensen thuis komt, heeft een VOG als de gemeente dat vraagt. Werk waar een vak voor nodig is, doet een vakmens.

Kunnen wij iemand niet helpen? Dan geven wij dat binnen vijf werkdagen terug aan het kernteam, met de reden.

Gaat er iets mis, dan horen bewoner en gemeente dat dezelfde dag."""
REFERRED: Final[tuple[tuple[str, str, str, str], ...]] = (
    (
        "Truus",
        "mensen",
        "Sinds mijn man er niet meer is, eet ik altijd alleen.",
        "Anja, praktijkondersteuner",
    ),
    ("Bert", "bewegen", "Ik wil wel wandelen, maar niet alleen in het donker.", "Dokter Smulders"),
    (
        "Fatma",
        "leren",
        "Ik wil beter Nederlands leren praten, het liefst samen.",
        "Anja, praktijkondersteuner",
    ),
    ("Cor", "maken", "Vroeger had ik een werkplaats. Dat mis ik.", "Wijkverpleegkundige Lies"),
)
HOSPITAL: Final = ("Mientje", "huis", "Ik kan de trap nog niet op.", "Transferverpleegkundige Joke")
SEEN: Final[tuple[tuple[str, str], ...]] = (
    ("buur", "De gordijnen zijn al dagen dicht, en de krant ligt nog buiten."),
    ("winkel", "Zij kocht altijd brood op zaterdag. Nu al drie weken niet."),
)


def chain(database: Database, world: World) -> None:
    """In the two municipalities that the personas know, through the services."""
    for place in (HOME, HELMOND):
        if world.brokers.get(place):
            _Place(database, world, place).fill()


class _Place:
    """One municipality while it is filled."""

    def __init__(self, database: Database, world: World, place: int) -> None:
        self.database, self.world, self.place = database, world, place
        self.brokers = [one.id for one in world.brokers[place]]
        self.random = world.chance(f"chain {place}")
        self.postcodes = sorted(
            pc4 for pc4, row in world.neighbourhoods.items() if row.municipality_id == place
        )
        grants = world.all(RoleGrant)
        self.town_administrator = next(
            row.person_id for row in grants
            if row.role is Role.MUNICIPALITY_ADMINISTRATOR and row.municipality_id == place
        )  # fmt: skip
        staff = {row.person_id for row in grants}
        self.residents: list[Resident] = sorted(
            (one for one in world.living_in(place) if one.id not in staff and one.id not in world.apart),
            key=lambda one: str(one.id),
        )

    def fill(self) -> None:
        """All of it."""
        flags = self._organisations()
        self._referrals(flags)
        self._looking_in()

    def _as(self, session: Session, person_id: UUID) -> Actor:
        return act_as(session, person_id)

    def _postcode(self) -> str:
        return str(self.random.choice(self.postcodes))

    def _organisations(self) -> list[Organisation]:
        """A covenant that all signed years ago on paper, one that wants to join, and two that could meet."""
        flags = [
            row for row in self.world.organisations.values()
            if row.municipality_id == self.place and row.covenant_signed_on is not None
        ]  # fmt: skip
        with self.database.transaction() as session:
            new = NewCovenant.model_validate({"tekst": COVENANT})
            covenants.publish(session, self._as(session, self.town_administrator), self.place, new)
        for number, flag in enumerate(flags):
            self._sign(flag, both=number == 0)
        with self.database.transaction() as session:
            asks = self._as(session, self.residents[0].id)
            typed = {
                "naam": "Repaircafé De Schroef", "soort": "club", "telefoon": "040 1234560", "functie": "bestuurslid",
                "wat": "Elke zaterdag maken wij samen stuk huisraad weer heel. Wij zoeken mensen die meedoen.",
            }  # fmt: skip
            joining.ask(session, asks, self.place, NewJoining.model_validate(typed))
        if len(flags) > 1:
            with self.database.transaction() as session:
                two = {
                    "een": flags[0].id, "ander": flags[1].id,
                    "waarom": "De een heeft op dinsdag een lege keuken, de ander zoekt een plek om samen te eten.",
                }  # fmt: skip
                broker = self._as(session, self.brokers[0])
                introductions.propose(session, broker, self.place, NewIntroduction.model_validate(two))
        return flags

    def _sign(self, flag: Organisation, *, both: bool) -> None:
        """By who administers it, and then by the municipality, or not yet."""
        head = next(
            row.person_id for row in self.world.all(RoleGrant)
            if row.organisation_id == flag.id and row.role is Role.ORGANISATION_ADMINISTRATOR
        )  # fmt: skip
        said = {"nummer": 1, "functie": "bestuurslid", "akkoord": True}
        with self.database.transaction() as session:
            actor = self._as(session, head)
            covenants.sign(
                session, actor, flag.id, Signing.model_validate({**said, "naam": actor.first_name})
            )
        if both:
            with self.database.transaction() as session:
                actor = self._as(session, self.town_administrator)
                said = {**said, "functie": "namens de gemeente", "naam": actor.first_name}
                covenants.countersign(session, actor, flag.id, Signing.model_validate(said))

    def _referrals(self, flags: list[Organisation]) -> None:
        with self.database.transaction() as session:
            broker = self._as(session, self.brokers[0])
            made = [
                links.make(
                    session, broker, self.place, NewLink.model_validate({"naam": name, "bron": source})
                )
                for name, source in (
                    ("Huisartsenpraktijk De Linde", "huisarts"),
                    ("Ziekenhuis, afdeling 4B", "ziekenhuis"),
                )
            ]
            practices = [Practice(row.id, row.name, row.source, "", self.place) for row in made]
            day = today(session) + timedelta(days=1)
        sent = [self._send(practices[0], one) for one in REFERRED]
        home = self._send(
            practices[1],
            HOSPITAL,
            thuisDag=day.isoformat(),
            thuisTijd="11:00",
            nodig=["boodschappen", "was", "maaltijd"],
        )
        self._arrange(home)
        if flags:
            self._pass_on(sent[1], flags[0])
        self._take(sent[0])

    def _send(self, practice: Practice, who: tuple[str, str, str, str], **more: Any) -> UUID:
        name, wish, words, by = who
        typed = {
            "voornaam": name, "postcode": self._postcode(), "telefoon": f"06 120{self.random.randint(10000, 99999)}",
            "wens": wish, "toelichting": words, "uwNaam": by, "vindtGoed": True, "magTerugvertellen": True,
            "gemeente": self.place, **more,
        }  # fmt: skip
        with self.database.transaction() as session:
            scope_to(session, Scope())
            sent = sending.by_practice(session, practice, NewReferral.model_validate(typed))
        with self.database.transaction() as session:
            worker = system(frozenset(self.world.municipalities))
            scope_to(session, worker.scope)
            watch.received(session, worker, sent.id)
        return sent.id

    def _arrange(self, id: UUID) -> None:
        with self.database.transaction() as session:
            broker = self._as(session, self.brokers[0])
            case = service.get(session, broker, id)
            if case.needs:
                doing.arrange(
                    session, broker, id, case.needs[0].id, Arranged.model_validate({"wie": "haar buurvrouw"})
                )

    def _pass_on(self, id: UUID, flag: Organisation) -> None:
        with self.database.transaction() as session:
            broker = self._as(session, self.brokers[0])
            version = service.get(session, broker, id).referral.version
            wanted = Sharing.model_validate({"versie": version, "organisatie": flag.id})
            sharing.share(session, broker, id, wanted)

    def _take(self, id: UUID) -> None:
        with self.database.transaction() as session:
            broker = self._as(session, self.brokers[0])

            def on() -> dict[str, Any]:
                return {"versie": service.get(session, broker, id).referral.version}

            sharing.share(session, broker, id, Sharing.model_validate({**on(), "collega": broker.person_id}))
            done = {"wat": "gebeld", "notitie": "Zij wil dinsdag graag mee-eten."}
            doing.write(session, broker, id, Written.model_validate({**on(), **done}))
            said = {"bericht": "Wij spraken elkaar. Dinsdag gaat zij voor het eerst mee eten."}
            telling.tell_back(session, broker, id, Told.model_validate({**on(), **said}))

    def _looking_in(self) -> None:
        """What others saw, somebody one can speak to, and a quarrel about a hedge."""
        for who, words in SEEN:
            with self.database.transaction() as session:
                scope_to(session, Scope())
                seen = {
                    "wieBentU": who,
                    "watZagU": words,
                    "postcode": self._postcode(),
                    "gemeente": self.place,
                }
                outreach.signal(session, VISITOR, NewSignal.model_validate(seen), "demonstratie")
        trustee, mediator, asker = self.residents[1:4]
        with self.database.transaction() as session:
            broker = self._as(session, self.brokers[0])
            new = {
                "persoon": trustee.id, "voorWie": "mensen die hier pas wonen", "vindtGoed": True,
                "woorden": "Ik woon hier dertig jaar, en drink graag koffie met wie nieuw is.",
            }  # fmt: skip
            near.add_trustee(session, broker, self.place, NewTrustee.model_validate(new))
            day = today(session)
            trained = {
                "persoon": mediator.id, "getraindOp": day - timedelta(days=200), "geldigTot": day + timedelta(days=500)
            }  # fmt: skip
            near.add_mediator(session, broker, self.place, NewMediator.model_validate(trained))
        with self.database.transaction() as session:
            asks = {"watSpeeltEr": "De heg staat zo hoog dat ik geen licht meer heb. Wij groeten elkaar niet meer.",
                    "metWie": "de buren achter"}  # fmt: skip
            row = near.ask(session, self._as(session, asker.id), NewMediation.model_validate(asks))
        with self.database.transaction() as session:
            given = Assigned.model_validate({"bemiddelaar": mediator.id, "versie": row.version})
            near.assign(session, self._as(session, self.brokers[0]), row.id, given)
