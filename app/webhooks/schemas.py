"""What an administrator says of an address, and what a page shows of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.schemas import Incoming
from app.text import Typed
from app.webhooks.models import Webhook, WebhookKind


class NewWebhook(Incoming):
    """What it is called, where it is, and what it wants to hear of."""

    name: Annotated[str, Typed(80), Field(alias="naam")]
    address: Annotated[str, Typed(500), Field(alias="adres")]
    kinds: Annotated[list[WebhookKind], Field(alias="soorten", min_length=1, max_length=20)]


@dataclass(frozen=True, slots=True)
class Shown:
    """An address with how it goes there."""

    webhook: Webhook
    waiting: int
    dead: int
    last_at: datetime | None
