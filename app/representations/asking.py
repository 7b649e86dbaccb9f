"""Asking for somebody who has not said yes yet, at the end of the five screens."""

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.errors import Invalid
from app.help_requests import asking
from app.help_requests.draft import AskDraft
from app.help_requests.steps import SOMEBODY, Where
from app.representations import service
from app.representations.models import Representation
from app.representations.schemas import ForAnother, Other

SENT: str = "namens:"
"""Begins what a draft keeps of having been sent, where it became no request."""


def is_for_another(draft: AskDraft) -> bool:
    """Whether the draft is for somebody new."""
    return str(draft.answers.get("waar", {}).get("voorWie", "")) == SOMEBODY


def check_other(session: Session, actor: Actor, where: Where) -> None:
    """Raise Invalid where the address of the other is one's own."""
    if where.for_whom == SOMEBODY and service.is_own_address(session, actor, where.other_email):
        raise Invalid(details={"emailAnder": "own"})


def send(session: Session, actor: Actor, draft: AskDraft) -> Representation:
    """Say for whom this is, once; what was typed is then no longer kept here. Raises Invalid, TooMany."""
    where = Where.model_validate(draft.answers["waar"])
    other = Other.model_validate(
        {
            "voornaam": where.other_name, "postcode": str(where.postcode), "gemeente": where.municipality_id,
            "telefoon": where.other_phone, "email": where.other_email,
        }
    )  # fmt: skip
    question = asking.as_sent(session, actor, draft.answers)
    row = service.ask(session, actor, ForAnother.model_construct(other=other, question=question))
    draft.sent_request_id = f"{SENT}{row.id}"
    draft.answers = {"gevraagd": {"naam": other.first_name, "mail": other.email is not None}}
    session.flush()
    return row
