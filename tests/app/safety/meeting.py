"""Two people who met, and what stands between them; for the tests of blocking and suspension."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor, system
from app.db import Database as Program, scope_to
from app.matches.index import MatchIndex
from app.matches.models import Proposal
from app.safety import blocks, subjects
from app.safety.models import PersonBlock
from app.safety.schemas import NewBlock
from tests.app.factories import GELDROP_MIERLO, HELMOND, a_helper, a_person, a_request, a_willing_helper, act

EVERYWHERE = frozenset({GELDROP_MIERLO, HELMOND})


class Met:
    """Ria asked, Tonnie said yes; the offer and the request are open."""

    def __init__(self, program: Program, *, willing: bool = True) -> None:
        self.program = program
        with program.transaction() as session:
            self.asker = a_person(session)
            self.helper, offer = a_helper(session)
            self.offer_id = offer.id
            act(session, self.asker)
            help_request = a_request(session, self.asker)
            self.request_id = help_request.id
            self.proposal_id: UUID | None = None
            if willing:
                self.proposal_id = a_willing_helper(session, self.asker, self.helper, help_request).id

    def block(self, session: Session, *, by: str = "asker", agreements: str = "stop") -> PersonBlock:
        """One of the two blocks the other, at their proposal."""
        actor: Actor = act(session, getattr(self, by))
        at = subjects.contact(session, actor, "voorstel", self.proposal_key)
        return blocks.block(session, actor, at, NewBlock.model_validate({"afspraken": agreements}))

    def status(self) -> str:
        """Of the proposal."""
        with self.program.transaction() as session:
            as_worker(session)
            # unscoped: the tests look behind the scenes
            return str(session.get_one(Proposal, self.proposal_key).status)

    @property
    def proposal_key(self) -> UUID:
        assert self.proposal_id is not None
        return self.proposal_id

    def found(self) -> bool:
        """Whether the engine finds the helper for the request, in the very next query."""
        with self.program.transaction() as session:
            index = MatchIndex.of(session)
            request = index.requests.get(self.request_id)
            there = request is not None and any(
                match.offer_id == self.offer_id for match in index.offers.top_k(request, 20)
            )
            offer = index.offers.get(self.offer_id)
            back = offer is not None and any(
                match.request_id == self.request_id for match in index.requests.top_k(offer, 20)
            )
            assert there == back
            return there


def as_worker(session: Session) -> Actor:
    """The session reaches every municipality that these tests use, as nobody."""
    actor = system(EVERYWHERE)
    scope_to(session, actor.scope)
    return actor
