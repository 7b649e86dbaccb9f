"""What may stand against the help: Roosjes, nothing, money or a dienstencheque, per subject and per place."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.categories.models import Category
from app.categories.vocabulary import Kind, Unpaid
from app.cheques.models import ChequeDesk

UNPAID = (Kind.ROOSJES, Kind.ZONDER)
PAID = (Kind.BETAALD, Kind.CHEQUE)


def allowed(category: Category, paid_only: Collection[int] = ()) -> tuple[Kind, ...]:
    """What a subject allows, the usual one first: work for professionals is paid, all else as one likes.

    ``paid_only`` are the subjects in which a municipality lets nobody work unpaid, so that paid work is not pushed out.
    """
    return PAID if is_paid(category, paid_only) else (*UNPAID, *PAID)


def is_paid(category: Category, paid_only: Collection[int] = ()) -> bool:
    """Whether this is paid work, everywhere or in this municipality."""
    return category.unpaid is Unpaid.PROFESSIONALS or category.number in paid_only


def usual(category: Category) -> Kind:
    """What it is when nobody chooses."""
    return allowed(category)[0]


def offered(session: Session, among: tuple[Kind, ...], municipality_id: int) -> list[Kind]:
    """What a screen lets one choose: a cheque only where cheques are sold."""
    # unscoped: anybody may know where cheques are sold
    sold = select(ChequeDesk.id).where(
        ChequeDesk.municipality_id == municipality_id, ChequeDesk.closed_at.is_(None)
    )
    if Kind.CHEQUE in among and session.scalars(sold.limit(1)).first() is None:
        return [kind for kind in among if kind is not Kind.CHEQUE]
    return list(among)
