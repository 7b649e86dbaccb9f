"""What the panel said, a Factlab that was counted, and settings that a neighbour shares."""

from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.access.actor import system
from app.db import Database, scope_to
from app.demo.desks import HELMOND, HOME
from app.demo.world import World
from app.factlab import counting
from app.factlab.models import Factlab
from app.ids import uuid7
from app.panel.models import PanelPoint, PointStatus
from app.places import settings
from app.places.models import Municipality
from app.reports.disclosure import protect, tabulate
from app.reports.releases import told
from app.settings.models import SettingsTemplate, SettingsVersion
from app.settings.service import SHARED

POINTS: Final = (
    ("Bellen duurt te lang", "Wie belt op maandagmorgen wacht soms een kwartier.", 70, PointStatus.DONE,
     "Klantcontact", "Op maandag nemen nu twee mensen op. Wij vragen het panel in het voorjaar of dat helpt."),
    ("Wie hulp krijgt, wil weten wie er komt", "Een foto hoeft niet, een naam en een kort verhaal wel.", 44,
     PointStatus.TAKEN_UP, "De makelaars", ""),
    ("Letters op de brief zijn te klein", "", 16, PointStatus.OPEN, "", ""),
    ("Een eigen busje voor de markt", "Samen naar de markt, zonder taxi.", 70, PointStatus.DECLINED, "",
     "Een busje is er al: de Plusbus rijdt op dinsdag. Wij zetten dat op de sociale kaart."),
)  # fmt: skip
"""Title, what more was said, days ago, how it stands, who keeps it, and what became of it."""
PARTNERS: Final = ("Jeugdhulp", "Schuldhulp", "Wijkzorg")
SHARES: Final = ((0, 190), (120, 330), (160, 470))
"""Which of the made-up houses each partner helps in."""


def insight(database: Database, world: World) -> None:
    """All three, as if they were written down over the last months."""
    with database.transaction() as session:
        scope_to(session, system(frozenset(world.municipalities)).scope)
        _panel(session, world)
        _factlab(session, world)
        _example(session, world)
        _earlier(session, world)


def _panel(session: Session, world: World) -> None:
    by = world.personas["beheerder"].id
    for title, body, days, status, keeper, outcome in POINTS:
        said_on = world.moments.today - timedelta(days=days)
        row = PanelPoint(
            id=uuid7(), municipality_id=HOME, made_by_id=by, title=title, body=body, said_on=said_on,
            status=PointStatus.OPEN,
        )  # fmt: skip
        session.add(row)
        session.flush()
        row.tell("", by)
        if status is PointStatus.OPEN:
            continue
        row.keeper, row.due_on = keeper, world.moments.today + timedelta(days=30) if keeper else None
        if status is not PointStatus.TAKEN_UP:
            row.outcome, row.ended_at = outcome, world.moments.now - timedelta(days=days // 2)
        row.step(status, by)
        session.flush()


def _factlab(session: Session, world: World) -> None:
    """Through the counting itself: of these made-up houses only the counts are kept as well."""
    files = [
        "\n".join(
            [
                "postcode;huisnummer;aantal",
                *(f"5664 HJ;{1 + house};{1 + house % 3}" for house in range(first, last)),
            ]
        ).encode()
        for first, last in SHARES
    ]
    linked = counting.link(files, ["een woord", "nog een woord", "en nog een"])
    shown = protect(tabulate(counting.plan(len(PARTNERS)), linked.rows))
    at = world.moments.now - timedelta(days=33)
    session.add(
        Factlab(
            id=uuid7(), municipality_id=HOME, made_by_id=world.personas["beheerder"].id,
            title="Hulp aan gezinnen", partners=list(PARTNERS), figures={"households": told(shown)},
            created_at=at - timedelta(days=9), linked_at=at,
        )
    )  # fmt: skip
    session.flush()


def _example(session: Session, world: World) -> None:
    row = session.get_one(Municipality, HELMOND)
    now = settings.current(session, row).model_dump(mode="json", by_alias=True)
    now |= {"bemiddeling": 3, "dagenBelofte": 5, "tegelijk": 3, "rustDagen": 7}
    session.add(
        SettingsTemplate(
            id=uuid7(), municipality_id=HELMOND, made_by_id=world.broker(HELMOND).id, title="Rustig beginnen",
            why="Wij lezen in het eerste jaar iedere vraag, en vragen weinig helpers tegelijk. Zo bleef iedereen.",
            settings={name: now[name] for name in SHARED if now.get(name) is not None},
            created_at=world.moments.now - timedelta(days=21),
        )
    )  # fmt: skip
    session.flush()


def _earlier(session: Session, world: World) -> None:
    """What stood in the settings of the home municipality in its first months, and who changed it."""
    row = session.get_one(Municipality, HOME)
    now = settings.current(session, row).model_dump(mode="json", by_alias=True)
    del now["versie"]
    first = {**now, "bemiddeling": 3, "dagenBelofte": 5, "dagenOpen": 30}
    steps = ((first, 200), ({**now, "dagenOpen": 30}, 120), (now, 41))
    for number, (kept, days) in enumerate(steps, start=1):
        session.add(
            SettingsVersion(
                id=uuid7(), municipality_id=HOME, number=number, settings=kept,
                made_by_id=world.personas["beheerder"].id if number > 1 else None,
                saved_at=world.moments.now - timedelta(days=days),
            )
        )  # fmt: skip
    row.version = len(steps)
    session.flush()
