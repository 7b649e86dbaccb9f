"""Roosjesnummers: eight characters that somebody tells to whoever wants to give them Roosjes."""

import secrets
from typing import Annotated, Final, NewType
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.limits import ROOSJES_CODE, spend
from app.roosjes.models import GivingCode

ALPHABET: Final = "23456789BCDFGHJKMNPQRSTVWXYZ"
"""No vowels and nothing that reads as something else: it forms no words, and is told by telephone."""
LENGTH: Final = 8
_SEEN_AS: Final = str.maketrans({" ": None, "-": None, ".": None, "\u00a0": None})
Code = NewType("Code", str)


def read(typed: str) -> Code:
    """The number that was typed, whatever its spaces and capitals; raises ValueError for what is none."""
    code = typed.translate(_SEEN_AS).upper()
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        raise ValueError("no number")
    return Code(code)


def shown(code: str) -> str:
    """In two halves, as it is read aloud: ``BCDF 2345``."""
    return f"{code[:4]} {code[4:]}"


def _typed(value: str) -> str:
    try:
        return read(value)
    except ValueError as none:
        raise PydanticCustomError("roosjes_code", "eight letters and digits are needed") from none


TypedCode = Annotated[str, Field(max_length=40), AfterValidator(_typed)]


def own(session: Session, actor: Actor) -> str:
    """One's own number, made at its first use."""
    mine = select(GivingCode.code).where(GivingCode.person_id == actor.person_id)
    for _ in range(5):
        code = session.execute(mine).scalar_one_or_none()
        if code is not None:
            return code
        made = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        new = insert(GivingCode).values(person_id=actor.person_id, code=made)
        session.execute(new.on_conflict_do_nothing())
    raise AssertionError("five numbers in a row were taken")


def holder(session: Session, actor: Actor, code: str) -> tuple[UUID, int] | None:
    """Person and home municipality behind a number; None for nobody's. Raises TooMany for who keeps trying."""
    spend(session, ROOSJES_CODE, str(actor.person_id))
    query = text("SELECT person_id, municipality_id FROM giving_code_holder(:code)")
    row = session.execute(query, {"code": code}).one_or_none()
    return None if row is None else (row[0], row[1])
