"""How a municipality looks outside its pages: in a mail, on paper, in the picture of a shared address."""

import base64
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.access.actor import VISITOR
from app.access.policy import visible
from app.access.roles import Permission
from app.looks import service
from app.looks.logo import PNG
from app.looks.models import Look
from app.looks.palette import OURS, tokens

ILLUSTRATION: Final = {
    "il-sky": "#e6f2ec", "il-1": "#12513e", "il-2": "#3d8b70", "il-3": "#b7d8ca", "il-5": "#f3b9cc",
}  # fmt: skip
"""Ours, as the street on the first page and the picture of a shared address have them."""
LIGHT: Final = {
    "rose": OURS["rose"], "on-rose": "#ffffff", "green": OURS["green"], "on-green": "#ffffff", **ILLUSTRATION,
}  # fmt: skip
DARK: Final = {"rose": "#ff9dbd", "on-rose": "#33061a", "green": "#8ad9b8"}


@dataclass(frozen=True, slots=True)
class Dress:
    """Colours by the names of their tokens, for a light and a dark ground, and a logo; ours where nothing is said."""

    light: dict[str, str] = field(default_factory=lambda: dict(LIGHT))
    dark: dict[str, str] = field(default_factory=lambda: dict(DARK))
    logo: bytes = b""
    logo_type: str = ""

    @property
    def picture(self) -> bytes:
        """The logo as a mail program shows it: a PNG; they show no SVG."""
        return self.logo if self.logo_type == PNG else b""

    @property
    def inside(self) -> str:
        """The logo as an address that holds it, for paper: nothing is fetched."""
        return f"data:{self.logo_type};base64,{base64.b64encode(self.logo).decode()}" if self.logo else ""


OURS_ALONE: Final = Dress()


def of(session: Session, municipality_id: int) -> Dress:
    """As everybody sees the municipality now."""
    shown = (
        select(Look)
        .where(visible(VISITOR, Permission.CHANGE_SETTINGS, Look), Look.municipality_id == municipality_id)
        .where(Look.is_public_row())
        .options(undefer(Look.logo))
        .order_by(Look.published_at.desc(), Look.id.desc())
        .limit(1)
    )
    row = session.scalars(shown).one_or_none()
    if row is None:
        return OURS_ALONE
    main, accent = service.colours(row)
    light, dark = LIGHT | tokens(main, accent, "light"), DARK | tokens(main, accent, "dark")
    return Dress(
        {name: light[name] for name in LIGHT},
        {name: dark[name] for name in DARK},
        row.logo or b"",
        row.logo_type,
    )
