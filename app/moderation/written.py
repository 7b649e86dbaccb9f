"""What somebody writes for everybody: it shows once a desk looked at it, until whoever wrote it or the desk ends it."""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Tenanted
from app.states import Living

S = TypeVar("S", bound=StrEnum)


class Written(Tenanted, Living[S]):
    """A text with the name under which it shows."""

    name: Mapped[str]
    """Whose it is, as it was said before sending."""
    body: Mapped[str]
    is_public: Mapped[bool] = mapped_column(default=False, server_default="false")
    reason: Mapped[str] = mapped_column(default="", server_default="")
    """Why it does not show, for whoever wrote it."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    ended_at: Mapped[datetime | None]

    @classmethod
    def is_public_row(cls) -> ColumnElement[bool]:
        """Shown to everybody."""
        return cls.is_public.is_(True)

    def end(self, wanted: S, by: UUID, at: datetime, reason: str = "") -> None:
        """It shows no more. Raises NotAllowed where it ended before."""
        self.step(wanted, by, reason)
        self.is_public, self.reason, self.ended_at = False, reason, at
