"""An attacker who asks, moves, filters and reads mail, to learn where neighbours live: what remains of the map.

The attacker has everything that an ordinary resident has, as often as they like. The same attack is run against towns
that differ in one thing only: in which house the victims live, one who asks and one who helps. What the attacker gets
to see is compared whole (pages, maps, order, the API, mail, and the statements that the database ran for it, from which
time follows); then the attacker reckons from the distances which houses are left.
"""

import os
import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np
import pytest

import app.models  # noqa: F401 - every table, before the first query
from app.access.actor import Actor
from app.access.sign_in import act_as, open_session
from app.config import Settings
from app.help_offers import service as help_offers
from app.jobs.work import Work
from app.pacing import BROWSES, WINDOW
from app.people import service as people
from app.people.service import PersonChange
from matching.cells import metres_between
from tests.app.api.conftest import OFFER, WALK, Api, a_token
from tests.app.attacks.conftest import as_owner
from tests.app.conftest import rows_of
from tests.app.factories import a_person, a_request
from tests.app.notifications.posting import post_all
from tests.clients import TestClient
from tests.databases import Database
from tests.queries import count_queries
from tests.sites import a_program, a_site
from web.security import SESSION_COOKIE

LONG: Final = bool(os.environ.get("ZVE_TEST_LONG"))
HOMES: Final = 25 if LONG else 4
"""From how many homes the attacker looks as a neighbour who offers help,"""
RADII: Final = 40 if LONG else 6
"""with how many distances to filter by at each,"""
POSTCODES: Final = 900 if LONG else 60
"""and around how many postcodes as a visitor."""
PATIENCE: Final = BROWSES.by_one - 50
"""After so many queries the attacker waits for the next stretch of the pace that `app.pacing` keeps."""
VICTIM: Final = 5664
STEP_KM: Final = 0.1
KM_NORTH: Final = 111.2
SEED: Final = 5664
CHANGES: Final = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "ID"),
    (re.compile(r'(nonce|name="csrf" value|content|data-owner)="[^"]{16,}"'), r"\1"),
    (re.compile(r'data-ends="\d+"'), ""),
    (re.compile(r"\b\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d\d:\d\d)?"), "MOMENT"),
    (re.compile(r"\b\d{1,2}\.\d\d uur"), "MOMENT"),
    (re.compile(r'("kenmerk":\s*"|Nummer )[^"<]+'), r"\1"),
)
"""What is drawn anew in each town: keys, tokens, moments."""


@dataclass(frozen=True, slots=True)
class House:
    """Where somebody lives: degrees, the neighbourhood, and the rest of the address."""

    pc4: int
    latitude: float
    longitude: float
    postcode: str
    number: str


@dataclass(slots=True)
class Spot:
    """A neighbourhood as everybody may know it."""

    pc4: int
    cell: int
    place: str
    municipality_id: int
    latitude: float
    longitude: float
    shares: bool
    """Whether its people and the victim's may help each other."""


@dataclass(slots=True)
class Seen:
    """All that the attacker got, in the order of asking."""

    answers: list[str] = field(default_factory=list)
    metres: dict[int, int] = field(default_factory=dict)
    """The distance to the victim by the cell of the attacker's own home,"""
    of_helper: dict[int, int] = field(default_factory=dict)
    """and to the one who offers help to the attacker."""


class Town:
    """A town with the victim in a house, some others, and the attacker."""

    def __init__(self, database: Database, folder: Path, house: House) -> None:
        self.program = a_program(database.app_url, pool_size=4)
        self.database = database
        self.settings = Settings(data_dir=folder)
        self.site = a_site(self.settings, self.program)
        self.seen, self.asked = Seen(), 0
        with self.program.transaction() as session:
            home = {"postcode": house.postcode, "telefoon": "0612345678"}
            self.victim = a_person(session, huisnummer=house.number, **home)
            self.helper = a_person(session, first_name="Tonnie", huisnummer=house.number + "1", **home)
        rows_of(
            database,
            "UPDATE contact SET latitude = :lat, longitude = :lon WHERE person_id = ANY (:ids) RETURNING person_id",
            lat=house.latitude, lon=house.longitude, ids=[self.victim.person_id, self.helper.person_id],
        )  # fmt: skip
        with self.program.transaction() as session:
            self.attacker = a_person(session, first_name="Eva", postcode="5611 AB", email="eva@voorbeeld.nl")
        for name, postcode in (("Bo", "5708 AB"), ("Jan", "5721 AB"), ("Mies", "5504 AB")):
            with self.program.transaction() as session:
                a_request(
                    session, a_person(session, first_name=name, postcode=postcode), titel=f"Vraag van {name}"
                )
        self.browser, self.api = self._client(self.attacker)
        self.others = TestClient(self.site, base_url="https://testserver", follow_redirects=False)

    def _client(self, actor: Actor) -> tuple[TestClient, Api]:
        with self.program.transaction() as session:
            cookie = open_session(session, actor.person_id)
        headers = {
            "authorization": f"Bearer {a_token(self.program, actor)}",
            "cookie": f"{SESSION_COOKIE}={cookie}",
        }
        client = TestClient(self.site, base_url="https://testserver", headers=headers, follow_redirects=False)
        return client, Api(client)

    def get(self, path: str, client: TestClient | None = None) -> Any:
        """One query of the attacker's: the answer and what it cost are kept. Patient: never quicker than one may."""
        if self.asked and self.asked % PATIENCE == 0:
            as_owner(self.database, "SELECT ledger.shift(:by)", by=WINDOW)
        self.asked += 1
        with count_queries(self.program.engine) as queries:
            answer = (client or self.browser).get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        self.seen.answers.append(plain("\n".join([path, answer.text, *queries.statements])))
        return answer

    def move(self, pc4: int) -> None:
        """The attacker says to live elsewhere, and offers help from there."""
        with self.program.transaction() as session:
            actor = act_as(session, self.attacker.person_id)
            for offer in help_offers.mine(session, actor):
                if offer.status.value == "open":
                    help_offers.withdraw(session, actor, offer.id, "")
            people.change(
                session, actor, PersonChange.model_validate({"voornaam": "Eva", "postcode": f"{pc4} AB"})
            )
        self.api.made("/hulpaanbod", OFFER | {"hoeVerKm": 50, "buurgemeenten": True})

    def mail(self) -> None:
        """What the attacker's mailbox holds, in one piece."""
        work = Work(self.settings, self.program)
        post_all(work)
        mails = [
            message_from_bytes(path.read_bytes(), policy=default)
            for path in self.settings.mailbox_dir.rglob("*") if path.is_file()
        ]  # fmt: skip
        assert mails
        told = [[str(mail["Subject"]), *(part.get_content() for part in leaves(mail))] for mail in mails]
        self.seen.answers += sorted(plain("\n".join(words)) for words in told)


def leaves(mail: EmailMessage) -> list[EmailMessage]:
    """The parts of a mail that hold words."""
    return [part for part in mail.walk() if part.get_content_maintype() == "text"]


def plain(answer: str) -> str:
    """Without what is drawn anew each time."""
    for pattern, instead in CHANGES:
        answer = pattern.sub(instead, answer)
    return answer


def attack(town: Town, spots: list[Spot]) -> Seen:
    """Everything, in an order that is the same in every town."""
    dice = Random(SEED)
    town.move(5611)
    _, asks = town._client(town.victim)
    request_id = asks.made("/hulpvragen", WALK | {"hoeVerKm": 50})["id"]
    for number in range(POSTCODES):
        spot = spots[number % len(spots)]
        letters = "".join(dice.choices("ABCEGHJKLMNPRTVWXZ", k=2))
        town.get(f"/helpen?postcode={spot.pc4}+{letters}", town.others)
    for path in (
        f"/hulpvragen/{request_id}",
        "/hulpvragen",
        "/hulpvragen?zoek=weekmarkt",
        "/hulpvragen?thema=samen",
    ):
        town.get(path, town.others)
    for spot in dice.sample([spot for spot in spots if spot.shares], HOMES):
        town.move(spot.pc4)
        (found,) = [
            row
            for row in town.get("/api/v1/passende-hulpvragen").json()
            if row["hulpvraag"]["id"] == request_id
        ]
        town.seen.metres[spot.cell] = found["afstandMeter"]
        for radius in dice.choices(range(1, 51), k=RADII):
            town.get(f"/helpen?hoeVerKm={radius}{dice.choice(('', '&kaart=regio'))}")
        town.get(f"/api/v1/hulpvragen/{request_id}")
        town.get("/api/v1/hulpvragen")
        town.get("/mijn/berichten")
    ask_for_help(town, dice.sample([spot for spot in spots if spot.shares], HOMES // 2))
    town.mail()
    return town.seen


def ask_for_help(town: Town, homes: list[Spot]) -> None:
    """The attacker asks from one home after the other, and each time the other victim says yes."""
    _, helps = town._client(town.helper)
    helps.made("/hulpaanbod", OFFER | {"hoeVerKm": 50, "buurgemeenten": True})
    for spot in homes:
        town.move(spot.pc4)
        asked = town.api.made("/hulpvragen", WALK | {"titel": "Samen naar de kerk", "hoeVerKm": 50})["id"]
        helps.made(f"/hulpvragen/{asked}/aanmeldingen", {"bericht": "Dat doe ik graag"})
        (found,) = town.get(f"/api/v1/hulpvragen/{asked}/voorstellen").json()
        town.seen.of_helper[spot.cell] = found["afstandMeter"]
        town.get(f"/api/v1/voorstellen/{found['id']}")
        town.get("/api/v1/hulpaanbod")
        town.get(f"/mijn/vragen/{asked}")
        town.get(f"/mijn/vragen/{asked}/kies/{found['id']}")
        town.get("/mijn/berichten")
        town.api.made(f"/hulpvragen/{asked}/intrekkingen")


@pytest.fixture(scope="module")
def spots(database: Database) -> list[Spot]:
    """The neighbourhoods of the region, which are no secret."""
    query = (
        "SELECT n.pc4, n.cell, n.place, n.municipality_id, n.latitude, n.longitude,"
        " n.municipality_id = 1771 OR 2 = (SELECT count(*) FROM sharing s"
        " WHERE (s.municipality_id, s.partner_id) IN ((n.municipality_id, 1771), (1771, n.municipality_id)))"
        " FROM neighbourhood n JOIN municipality m ON m.id = n.municipality_id AND m.joined"
        " WHERE NOT EXISTS (SELECT FROM neighbourhood_span s WHERE s.pc4 = n.pc4) ORDER BY n.pc4"
    )
    return [Spot(*row) for row in rows_of(database, query)]


Towns = Callable[[House], Any]


@pytest.fixture(scope="module")
def a_town(new_database: Callable[[], Any], tmp_path_factory: pytest.TempPathFactory) -> Towns:
    """A town of its own for each house: nothing that happened in one is known in another."""

    @contextmanager
    def made(house: House) -> Iterator[Town]:
        with new_database() as database:
            town = Town(database, tmp_path_factory.mktemp("town"), house)
            yield town
            town.program.close()

    return made


def lattice(
    spots: list[Spot], around: Spot, km: float = 12
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Every possible house of a hundred metres around somewhere: its point, and the place of its neighbourhood in the
    list (that of the nearest centre, as on the maps)."""
    east_km = KM_NORTH * np.cos(np.radians(around.latitude))
    steps = np.arange(-km, km, STEP_KM)
    points = np.array(
        [(around.latitude + y / KM_NORTH, around.longitude + x / east_km) for y in steps for x in steps]
    )
    centres = np.array([(spot.latitude, spot.longitude) for spot in spots])
    far = (points[:, None, 0] - centres[None, :, 0]) ** 2 * KM_NORTH**2
    far = far + (points[:, None, 1] - centres[None, :, 1]) ** 2 * east_km**2
    return points, far.argmin(axis=1)


def left_over(
    measured: dict[int, int], spots: list[Spot], nearest: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Which houses the attacker cannot tell from the victim's: those of every cell at exactly these distances."""
    cells = {
        spot.cell
        for spot in spots
        if all(metres_between(spot.cell, home) == metres for home, metres in measured.items())
    }
    return np.isin(nearest, [row for row, spot in enumerate(spots) if spot.cell in cells])


def test_the_attacker_is_left_with_the_whole_cell_whatever_they_ask(
    spots: list[Spot], a_town: Towns, capsys: pytest.CaptureFixture[str]
) -> None:
    own = next(row for row, spot in enumerate(spots) if spot.pc4 == VICTIM)
    points, nearest = lattice(spots, spots[own])
    of_victim = points[nearest == own]
    corners = [
        of_victim[axis @ of_victim.T == (axis @ of_victim.T).max()][0]
        for axis in np.array([[1, 1], [-1, -1]])
    ]
    near = (spots[own].latitude, spots[own].longitude)
    (north, east), (south, west) = corners
    same = [
        House(VICTIM, float(north), float(east), "5664 HJ", "137"),
        House(VICTIM, float(south), float(west), "5664 ZX", "2"),
        House(VICTIM, *near, "5664 AA", "1"),
    ]
    beside = sorted(
        (spot for spot in spots if spot.cell != spots[own].cell),
        key=lambda spot: metres_between(spot.cell, spots[own].cell),
    )[:2]
    elsewhere = [House(spot.pc4, spot.latitude, spot.longitude, f"{spot.pc4} AA", "1") for spot in beside]

    seen = []
    for house in [*same, *elsewhere]:
        with a_town(house) as town:
            seen.append(attack(town, spots))

    asked = sum(len(one.answers) for one in seen)
    assert asked >= (10_000 if LONG else 500)
    for one in seen[1:3]:  # the far corners of a neighbourhood, and the middle of it
        differ = [
            (mine[:80], other[:80])
            for mine, other in zip(seen[0].answers, one.answers, strict=True)
            if mine != other
        ]
        assert differ == []
    for one in seen[3:]:  # the attack is no sham: next door of the cell it sees a difference
        assert one.metres != seen[0].metres
        assert one.of_helper != seen[0].of_helper
        assert one.answers != seen[0].answers

    for whose, measured in (("who asks", seen[0].metres), ("who helps", seen[0].of_helper)):
        remains = left_over(measured, spots, nearest)
        area_km2 = float(remains.sum()) * STEP_KM**2
        told = f"{asked} queries: {area_km2:.1f} of {len(points) * STEP_KM**2:.0f} km2 remain for {whose}"
        with capsys.disabled():
            print(f"\n{told}")  # noqa: T201
        assert remains[nearest == own].all()  # nowhere in the neighbourhood is ruled out
        assert area_km2 >= 1


@pytest.mark.long
@pytest.mark.skipif(not LONG, reason="measures time, which a busy machine blurs: in `make test-long`")
def test_time_tells_no_more_than_the_answer(spots: list[Spot], a_town: Towns) -> None:
    """Two houses at the ends of one neighbourhood, asked in turn: the difference between them is no larger than what
    shuffling the labels gives."""
    own = next(spot for spot in spots if spot.pc4 == VICTIM)
    first = House(VICTIM, own.latitude - 0.01, own.longitude - 0.01, "5664 HJ", "137")
    last = House(VICTIM, own.latitude + 0.01, own.longitude + 0.01, "5664 ZX", "2")
    with a_town(first) as one, a_town(last) as other:
        for town in (one, other):
            town._client(town.victim)[1].made("/hulpvragen", WALK)
        took: list[list[float]] = [[], []]
        for turn in range(300):
            for place in (0, 1) if turn % 2 else (1, 0):
                began = time.perf_counter()
                (one, other)[place].others.get("/helpen?postcode=5708+AB")
                took[place].append(time.perf_counter() - began)

    dice, both = Random(SEED), [*took[0], *took[1]]
    gap = abs(statistics.median(took[0]) - statistics.median(took[1]))
    larger = 0
    for _ in range(2_000):
        dice.shuffle(both)
        larger += abs(statistics.median(both[:300]) - statistics.median(both[300:])) >= gap
    assert larger / 2_000 > 0.001, f"{gap * 1000:.2f} ms"
