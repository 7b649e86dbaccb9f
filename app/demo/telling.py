"""Stories, plans and reactions of the demonstration: told by residents, looked at by the desk, one waiting of each."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.sign_in import act_as
from app.clock import today
from app.db import Database
from app.demo.desks import HOME
from app.demo.world import World
from app.ideas import service as ideas
from app.ideas.schemas import Answer, NewIdea, NewReaction
from app.stories import service as stories
from app.stories.models import Story
from app.stories.schemas import NewStory

STORIES: Final = (
    (
        "bewoner", "samen", "Elke dinsdag weer onder de mensen",
        (
        "Sinds mijn man er niet meer is, kwam ik de deur bijna niet uit. Alleen durfde ik niet meer naar de markt. Nu"
        " loopt er op dinsdag iemand met mij mee. Hij duwt niet, hij loopt gewoon naast mij.\n\nWij doen er anderhalf"
        " uur over. Een kwartier is voor de haring. Vroeger gaf ik nooit iets uit handen. Nu denk ik: hij heeft er ook"
        " plezier in."
        ),
    ),
    (
        "klusser", "klus", "Een kraan, en een kop thee",
        (
        "Ik repareer graag dingen. Bij ons thuis was alles al heel. Nu doe ik één klus per week bij een buur. Meestal"
        " ben ik met een half uur klaar. De thee duurt langer.\n\nVoor mijn Roosjes kreeg ik hulp met een brief aan de"
        " school van mijn dochter. Zo komt het rond."
        ),
    ),
    (
        "buur", "computer", "Mijn kleinzoon zwaaide terug",
        (
        "Mijn kleinzoon woont in Canada. Ik wist niet hoe beeldbellen ging. Een meisje van zeventien heeft het mij in"
        " drie middagen geleerd. De eerste keer zwaaide hij terug en moesten wij allebei huilen.\n\nIk bak nu"
        " iedere maand een appeltaart voor de inloop. Dat is wat ik kan."
        ),
    ),
    (
        "dochter", "gezelschap", "Ik kon weer een middag slapen",
        (
        "Ik zorg voor mijn moeder. Zij vergeet veel. Op donderdag komt er iemand bij haar zitten. Zij bekijken samen"
        " oude foto’s. Ik slaap dan, of ik fiets een rondje.\n\nHet klinkt klein. Voor mij is het de beste middag"
        " van de week."
        ),
    ),
)  # fmt: skip
WAITING: Final = (
    "tuin", "De heg is weer recht",
    "Drie buren kwamen op zaterdag de heg knippen. Ik zette de koffie. Om twaalf uur zag de hele straat het verschil.",
)  # fmt: skip
PLAN: Final = (
    "Eén plek voor al uw vragen in Geldrop",
    (
        "De gemeente wil dat u met elke vraag over hulp en zorg op één plek terecht kunt. Nu zijn dat er vier. Wij"
        " denken aan de bibliotheek: die is dichtbij en elke dag open.\n\nWat vindt u? Kunt u er makkelijk komen? Wat"
        " moet er beslist zijn? En wat juist niet?"
    ),
)
REACTIONS: Final = (
    ("bewoner", "Een goed idee. Zet er wel een bankje voor de deur. Ik kan niet lang staan wachten."),
    (
        "vrijwilliger",
        "Mijn buurvrouw leest moeilijk. Is er iemand die met haar mee kan kijken op het scherm?",
    ),
    ("buur", "De bus stopt er alleen overdag. Kan het ook op dinsdagavond open zijn?"),
)
IDEA: Final = (
    "Een bankje halverwege de Dommel",
    (
        "Van de flat naar het winkelcentrum is het achthonderd meter. Halverwege kan niemand zitten. Met één bankje"
        " durven meer mensen die wandeling weer aan. Ik wil het wel schoonhouden."
    ),
)
SAID: Final = (
    ("bewoner", "Ja graag! Dan loop ik weer zelf naar de bakker."),
    ("dochter", "Mijn moeder ook. Kan er een leuning aan? Dan komt zij er zelf uit."),
)
OUTCOME: Final = (
    "Het bankje komt er, met leuningen, voor de eerste lentedag. Wij zetten het bij de brug: daar liggen geen kabels."
    " Een tweede bankje bij de flat kan dit jaar niet: daar is geen geld meer voor."
)
DAYS_TO_REACT: Final = 24


def told(database: Database, world: World) -> None:
    """Everything through the services, by people who live there."""
    tell(database, people_of(world))


def people_of(world: World) -> dict[str, UUID]:
    """Who tells, by what they are: three personas, and three neighbours of theirs."""
    known = {one.id for one in world.personas.values()}
    here = [one for one in sorted(world.residents.values(), key=lambda one: one.id)
            if one.municipality_id == HOME and one.id not in known | world.apart]  # fmt: skip
    ages = {"buur": (68, 90), "dochter": (45, 62), "klusser": (30, 60)}
    found = {slug: world.personas[slug].id for slug in ("bewoner", "vrijwilliger", "makelaar")}
    for name, (low, high) in ages.items():
        found[name] = next(one.id for one in here if low <= one.age <= high and one.id not in found.values())
    return found


def tell(database: Database, people: dict[str, UUID]) -> None:
    """The stories of these people, their ideas, and what they say of the plan."""
    with database.transaction() as session:
        kept = [_tell(session, people[who], theme, title, body).id for who, theme, title, body in STORIES]
        theme, title, body = WAITING
        _tell(session, people["dochter"], theme, title, body)
        bank = ideas.bring_in(session, act_as(session, people["buur"]), _idea(*IDEA)).id
    with database.transaction() as session:
        broker = act_as(session, people["makelaar"])
        for key in kept:
            stories.approve(session, broker, key)
        ideas.approve(session, broker, bank)
        plan = ideas.lay_before(
            session, broker, HOME, _idea(*PLAN, until=today(session) + timedelta(days=DAYS_TO_REACT))
        ).id
    said = []
    with database.transaction() as session:
        for key, rows in ((plan, REACTIONS), (bank, SAID)):
            for who, words in rows:
                new = NewReaction.model_validate({"reactie": words})
                said.append(ideas.react(session, act_as(session, people[who]), key, new).id)
    with database.transaction() as session:
        broker = act_as(session, people["makelaar"])
        for number, key in enumerate(said):
            if number != len(REACTIONS) - 1:  # one waits at the desk
                ideas.approve_reaction(session, broker, key)
        ideas.answer(session, broker, bank, Answer.model_validate({"uitkomst": OUTCOME}))


def _tell(session: Session, person_id: UUID, theme: str, title: str, body: str) -> Story:
    new = NewStory.model_validate({"titel": title, "verhaal": body, "plaatje": theme, "magErop": True})
    return stories.post(session, act_as(session, person_id), new)


def _idea(title: str, body: str, until: object = None) -> NewIdea:
    return NewIdea.model_validate({"titel": title, "idee": body, "totEnMet": until})
