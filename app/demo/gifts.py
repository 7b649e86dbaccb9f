"""What the personas gave, asked and doubted just now: done by themselves, through the services that the pages use."""

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.sign_in import act_as
from app.db import Database
from app.demo.world import World
from app.roosjes import asking, giving, questions, service, story
from app.roosjes.giving import Gift
from app.roosjes.questions import NewQuestion
from rewards import TransferKind

THANKS = "Dank u voor het wachten bij de dokter. Dat was niet afgesproken."
WISH = "Ik spaar voor hulp bij het opruimen van de schuur. Mag het?"
KEPT_MINUTES = 1200
DOUBT = "Wij waren er een kwartier korter dan hier staat."


def give(database: Database, world: World) -> None:
    """Ria thanks somebody, doubts a line and gives to the pot; a neighbour asks her for some."""
    with database.transaction() as session:
        ria = act_as(session, world.personas["bewoner"].id)
        neighbours = [one.id for one in giving.acquaintances(session, ria)]
        youssef = world.personas["vrijwilliger"].id
        for number, person_id in enumerate([one for one in (youssef, *neighbours) if one in neighbours][:1]):
            to = giving.known(session, ria, person_id)
            giving.give(session, ria, to, Gift(15, f"demo:{number}", THANKS))
        _doubt(session, ria)
        giving.donate(session, ria, Gift(30, "demo:pot"))
    _shared_with_the_pot(database, world)
    others = [one for one in neighbours if one != youssef]
    if others:
        with database.transaction() as session:
            neighbour = act_as(session, others[0])
            ria_herself = giving.known(session, neighbour, ria.person_id)
            asking.ask(session, neighbour, ria_herself, Gift(45, "demo:ask", WISH))


def _shared_with_the_pot(database: Database, world: World) -> None:
    """Youssef helps so much that his account would run full: what he will not need he gave to the pot."""
    with database.transaction() as session:
        youssef = act_as(session, world.personas["vrijwilliger"].id)
        spare = service.statement(session, youssef).balance.available - KEPT_MINUTES
        if spare > 0:
            giving.donate(session, youssef, Gift(spare, "demo:spare"))


def _doubt(session: Session, actor: Actor) -> None:
    """Ask about the newest hour of help on this statement, if there is one."""
    lines = story.story(session, actor).lines
    line = next(
        (
            one
            for one in lines
            if one.kind is TransferKind.SETTLE and one.other_moment is None and abs(one.minutes) > 15
        ),
        None,
    )
    if line is not None:
        questions.ask(session, actor, line.seq, NewQuestion.model_validate({"uitleg": DOUBT}))
