"""Samen doen and the social map: what every municipality has to come to this month, and who is there for whom."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.models import RoleGrant
from app.access.roles import Role
from app.access.sign_in import act_as
from app.activities import joining, judging, service
from app.activities.models import Access, Activity
from app.activities.schemas import DESK, MYSELF, Joining, NewActivity
from app.clock import today
from app.db import Database
from app.demo.desks import HOME
from app.demo.world import Resident, World
from app.organisations.models import Organisation, OrganisationKind as Kind
from app.places.models import Municipality, Neighbourhood
from app.social_map.models import Provision, ProvisionStatus

STREETS: Final = (
    "Kerkstraat",
    "Dorpsstraat",
    "Molenstraat",
    "Parklaan",
    "Wilhelminalaan",
    "Marktplein",
    "Beukenlaan",
)
VENUES: Final = (
    "Dorpshuis De Linde",
    "Buurthuis De Ark",
    "Wijkcentrum De Jonge Boom",
    "Ontmoetingshuis De Kapel",
)
HOUSE: Final = Access.WHEELCHAIR | Access.TOILET | Access.PARKING | Access.STOP_NEAR
WEEKLY, MONTHLY, ONCE = "wekelijks", "maandelijks", "eenmalig"


@dataclass(frozen=True, slots=True)
class Plan:
    """Something to come to; ``first`` is its first day from today, ``cents`` what it costs."""

    kind: str
    title: str
    body: str
    first: int
    at: str
    minutes: int
    often: str
    places: int
    cents: int
    cost: str
    access: tuple[str, ...]


PLANS: Final = (
    Plan(
        "eten",
        "Samen aan tafel",
        (
            "Soep, een warme maaltijd en iets lekkers toe. Wij koken met verse groente. Bent"
            " u alleen? Dan zit u zo aan tafel bij anderen."
        ),
        2,
        "17:30",
        120,
        WEEKLY,
        16,
        750,
        "drie gangen en koffie",
        ("rolstoel", "toilet", "parkeren", "ophalen"),
    ),
    Plan(
        "koffie",
        "Koffie en een praatje",
        ("De koffie staat klaar en er ligt een krant. Kom binnen wanneer u wilt, en blijf zo lang u wilt."),
        1,
        "10:00",
        120,
        WEEKLY,
        24,
        0,
        "",
        ("rolstoel", "toilet", "halte"),
    ),
    Plan(
        "cursus",
        "Uw telefoon leren kennen",
        (
            "In vijf lessen leert u bellen met beeld, foto’s sturen en veilig op internet."
            " Neem uw eigen telefoon mee."
        ),
        5,
        "13:30",
        90,
        WEEKLY,
        8,
        1000,
        "een map om thuis te oefenen",
        ("rolstoel", "ringleiding", "rustig", "lift"),
    ),
    Plan(
        "bewegen",
        "Wandelen met een rustig groepje",
        "Wij lopen een half uur, in het tempo van wie het langzaamst loopt. Daarna is er koffie.",
        3,
        "09:30",
        75,
        WEEKLY,
        12,
        0,
        "",
        ("halte", "hulphond"),
    ),
)
AT_HOME: Final = (
    Plan(
        "maken",
        "Samen breien en haken",
        "Breng mee waar u aan werkt. Wol en naalden zijn er ook.",
        4,
        "14:00",
        120,
        WEEKLY,
        10,
        150,
        "koffie en thee",
        ("rolstoel", "toilet", "rustig"),
    ),
    Plan(
        "uitje",
        "Met de bus naar het museum",
        "Wij gaan met zijn achten. Er is tijd om te zitten, en wij zijn om vijf uur terug.",
        9,
        "12:30",
        270,
        ONCE,
        7,
        1250,
        "bus, kaartje en koffie",
        ("rolstoel", "ophalen"),
    ),
    Plan(
        "praten",
        "Praten over zorgen voor een ander",
        ("Voor wie voor een partner, ouder of kind zorgt. U hoeft niets te vertellen, luisteren mag ook."),
        8,
        "19:30",
        120,
        MONTHLY,
        12,
        0,
        "",
        ("rolstoel", "rustig", "parkeren"),
    ),
)
LIVING_ROOM: Final = Plan(
    "koffie",
    "Koffie aan mijn keukentafel",
    "Ik woon hier net en leer graag mensen uit de straat kennen.",
    6,
    "10:30",
    90,
    ONCE,
    4,
    0,
    "",
    ("toilet",),
)
ASKED: Final = Plan(
    "bewegen",
    "Jeu de boules op het plein",
    "Ik heb ballen voor acht mensen. Wie het niet kent, leert het zo.",
    7,
    "15:00",
    90,
    WEEKLY,
    8,
    0,
    "",
    ("hulphond",),
)

Had = tuple[str, str, str, str, tuple[int, ...], str, str]
PROVISIONS: Final[dict[Kind, tuple[Had, ...]]] = {
    Kind.WELFARE: (
        (
            "Inloop en advies",
            "U stelt uw vraag, en iemand denkt met u mee. Over wonen, geld, zorg of alleen zijn.",
            "Iedereen",
            "Loop binnen, of bel eerst.",
            (0, 20, 28),
            "Maandag tot en met vrijdag, 9.00 tot 12.00 uur",
            "Gratis",
        ),
        (
            "Steunpunt voor wie voor een ander zorgt",
            "Een gesprek, een groep van mensen die het kennen, en hulp om er even uit te zijn.",
            "Wie voor een partner, ouder, kind of buur zorgt",
            "Bel voor een afspraak.",
            (28, 26, 27),
            "Dinsdag en donderdag, 9.00 tot 17.00 uur",
            "Gratis",
        ),
    ),
    Kind.CARE: (
        (
            "Dagopvang met warme maaltijd",
            "Een dag samen: bewegen, koken, muziek. Er is altijd iemand van de zorg bij.",
            "Mensen die thuis wonen en vergeten",
            "Vraag het aan de gemeente, bij de Wmo.",
            (29, 26),
            "Maandag tot en met vrijdag, 9.30 tot 16.00 uur",
            "Eigen bijdrage Wmo",
        ),
        (
            "Hulp bij wassen en aankleden",
            "Een verzorgende komt bij u thuis, zo vaak als nodig is.",
            "",
            "Uw huisarts of de wijkverpleegkundige regelt het.",
            (35, 36),
            "Elke dag",
            "Via uw zorgverzekering",
        ),
    ),
    Kind.VOLUNTEERS: (
        (
            "Rit met de auto",
            "Een vrijwilliger brengt u naar dokter, kapper of familie, en weer thuis.",
            "Wie niet met de bus kan",
            "Bel twee werkdagen van tevoren.",
            (16, 17),
            "Bellen: elke werkdag, 9.00 tot 12.00 uur",
            "25 cent per kilometer",
        ),
        (
            "Hulp bij formulieren",
            "Samen uw post openen, formulieren invullen en ordenen. Neem alles mee in een tas.",
            "Iedereen",
            "Loop binnen.",
            (20, 21),
            "Dinsdag en vrijdag, 10.00 tot 12.00 uur",
            "Gratis",
        ),
        (
            "Een maatje voor langere tijd",
            "Iemand die elke week komt, om te wandelen, te praten of iets te doen.",
            "Wie zich vaak alleen voelt",
            "Bel voor een kennismaking.",
            (4, 1, 0),
            "",
            "Gratis",
        ),
    ),
    Kind.CLUB: (
        (
            "Meedoen op proef",
            "U mag drie keer komen kijken en meedoen. Daarna kiest u.",
            "Iedereen",
            "Kom gerust langs.",
            (39, 2),
            "Woensdagavond, vanaf 19.00 uur",
            "Drie keer gratis",
        ),
    ),
    Kind.SCHOOL: (
        (
            "Huiswerk maken na school",
            "Rustig werken, met iemand erbij die helpt.",
            "Leerlingen van 10 tot 16 jaar",
            "Uw school meldt uw kind aan.",
            (24,),
            "Maandag en donderdag, 15.00 tot 17.00 uur",
            "Gratis",
        ),
    ),
    Kind.EMPLOYER: (
        (
            "Klussendag",
            "Eén vrijdag per maand klussen wij met collega’s bij een vereniging of in een tuin.",
            "Verenigingen, en mensen die het zelf niet kunnen",
            "Bel, dan kijken wij of het past.",
            (8, 9, 41),
            "",
            "Gratis",
        ),
    ),
    Kind.LIBRARY: (
        (
            "Vragen over de digitale overheid",
            "Hulp bij DigiD, Mijn Overheid en formulieren op internet. U typt zelf.",
            "Iedereen",
            "Loop binnen.",
            (22, 20),
            "Dinsdag en donderdag, 13.00 tot 16.00 uur",
            "Gratis",
        ),
        (
            "Taalcafé",
            "Samen Nederlands praten, met koffie. Fouten maken mag.",
            "Wie Nederlands leert",
            "Loop binnen.",
            (23,),
            "Woensdag, 10.00 tot 11.30 uur",
            "Gratis",
        ),
    ),
}


def provisions(world: World) -> None:
    """What each organisation has for residents; one in nine was not looked at for long."""
    random = world.chance("provisions")
    for number, flag in enumerate(world.organisations.values()):
        somewhere = _neighbourhoods(world, flag.municipality_id)
        place = random.choice(somewhere)
        borders = sorted(other for here, other in world.borders if here == flag.municipality_id)
        for turn, told in enumerate(PROVISIONS[flag.kind]):
            world.add(_provision(world, flag, told, place, borders, number + turn, random))


def _provision(  # noqa: PLR0913 - what a provision is made of
    world: World,
    flag: Organisation,
    told: Had,
    place: Neighbourhood,
    borders: list[int],
    number: int,
    random: Random,
) -> Provision:
    name, body, audience, how, numbers, hours, cost = told
    return Provision(
        id=world.key(),
        municipality_id=flag.municipality_id,
        organisation_id=flag.id,
        name=name,
        body=body,
        audience=audience,
        how=how,
        category_numbers=list(numbers),
        venue=random.choice(VENUES),
        address=f"{random.choice(STREETS)} {random.randint(1, 120)}",
        pc4=place.pc4,
        serves=borders[:2] if number % 3 == 0 else [],
        phone=flag.phone,
        email="",
        website=flag.website,
        opening_hours=hours,
        cost=cost,
        access=int(HOUSE if number % 4 else Access.WHEELCHAIR | Access.HEARING_LOOP | Access.QUIET),
        status=ProvisionStatus.CLOSED_FOR_NOW if number == 7 else ProvisionStatus.ACTIVE,
        external_id="",
        checked_on=world.moments.at(500 if number % 9 == 8 else random.randint(5, 300), 600).date(),
        version=1,
    )


def activities(database: Database, world: World) -> None:
    """Everywhere something to come to, at home more; through the services, with people who signed up."""
    random = world.chance("activities")
    for municipality in sorted(world.municipalities.values(), key=lambda row: row.id):
        with database.transaction() as session:
            _of_municipality(session, world, municipality, random)
    with database.transaction() as session:
        _of_residents(session, world)


def _of_municipality(session: Session, world: World, municipality: Municipality, random: Random) -> None:
    home = municipality.id == HOME
    plans = PLANS + AT_HOME if home else PLANS[:3]
    heads = _heads(world, municipality.id)
    guests = [one for one in _guests(world, municipality.id) if one.id not in {head.id for head, _ in heads}]
    first: UUID | None = None
    for number, plan in enumerate(plans):
        head, host = heads[number % len(heads)]
        made = _make(session, world, municipality.id, plan, head, host, random)
        first = made.id if number == 0 else first
        if home and made.is_public:
            _sign_up(
                session, made, random.sample(guests, min(len(guests), plan.places + 3 - 2 * (number % 5)))
            )
    if home and first is not None:
        _ria_comes(session, world, first)


def _ria_comes(session: Session, world: World, meal: UUID) -> None:
    """To the second time of the meal, with a neighbour."""
    ria = act_as(session, world.personas["bewoner"].id)
    second = service.dates_of(session, ria, meal)[1]
    joining.join(session, ria, meal, Joining.model_validate({"keer": second.id, "mee": 1}))


def _heads(world: World, municipality_id: int) -> list[tuple[Resident, str]]:
    """Who hosts there, and in whose name: the desk, and organisations that signed."""
    signed = {
        flag.id for flag in world.organisations.values()
        if flag.municipality_id == municipality_id and flag.covenant_signed_on is not None
    }  # fmt: skip
    grants = [
        row for row in world.all(RoleGrant)
        if row.organisation_id in signed and row.role is Role.ORGANISATION_ADMINISTRATOR
    ]  # fmt: skip
    heads = [(world.residents[row.person_id], str(row.organisation_id)) for row in grants]
    return [(world.broker(municipality_id), DESK), *heads]


def _guests(world: World, municipality_id: int) -> list[Resident]:
    return [one for one in world.living_in(municipality_id) if one.age >= 50 and one.id not in world.apart]


def _neighbourhoods(world: World, municipality_id: int) -> list[Neighbourhood]:
    rows = [row for row in world.neighbourhoods.values() if row.municipality_id == municipality_id]
    return sorted(rows, key=lambda row: row.pc4)


def _make(  # noqa: PLR0913 - who hosts what, where
    session: Session,
    world: World,
    municipality_id: int,
    plan: Plan,
    head: Resident,
    host: str,
    random: Random,
    **changes: Any,
) -> Activity:
    first = today(session) + timedelta(days=plan.first)
    until = first + timedelta(weeks=8)
    places = _neighbourhoods(world, municipality_id)
    typed = {
        "soort": plan.kind, "titel": plan.title, "toelichting": plan.body, "datum": first.isoformat(), "tijd": plan.at,
        "minuten": plan.minutes, "hoeVaak": plan.often, "totEnMet": None if plan.often == ONCE else until.isoformat(),
        "plek": random.choice(VENUES), "adres": f"{random.choice(STREETS)} {random.randint(1, 90)}",
        "postcode": str(random.choice(places).pc4), "plaatsen": plan.places, "meebrengen": 1, "kosten": plan.cents,
        "watErbijZit": plan.cost or None, "toegang": list(plan.access), "gastheer": host,
    }  # fmt: skip
    new = NewActivity.model_validate(typed | changes, context={"json": True})
    return service.make(session, act_as(session, head.id), new)


def _sign_up(session: Session, made: Activity, people: list[Resident]) -> None:
    """The first time is fullest; who is too late waits."""
    for number, one in enumerate(people):
        actor = act_as(session, one.id)
        dates = service.dates_of(session, actor, made.id)
        date = dates[0] if number % 4 or len(dates) == 1 else dates[1]
        joining.join(
            session, actor, made.id, Joining.model_validate({"keer": date.id, "mee": int(number % 6 == 5)})
        )


def _of_residents(session: Session, world: World) -> None:
    """One at somebody's home, which the desk approved, and one that waits for it."""
    random = world.chance("activities at home")
    hosts = [one for one in _guests(world, HOME) if one.contact.email][:2]
    made = _make(session, world, HOME, LIVING_ROOM, hosts[0], MYSELF, random, thuis=True, plek=None)
    judging.approve(session, act_as(session, world.broker(HOME).id), made.id)
    _make(session, world, HOME, ASKED, hosts[1], MYSELF, random)
