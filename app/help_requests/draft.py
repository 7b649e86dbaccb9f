"""What a visitor has typed so far: kept for a day under a secret, before there is a person."""

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class AskDraft(Base):
    """Answers of the five screens; the cookie holds the token, the row its sha256."""

    __tablename__ = "ask_draft"
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    expires_at: Mapped[datetime]
    sent_request_id: Mapped[str | None]
    """Set once sent, so that a reload or a double click does not send twice."""
