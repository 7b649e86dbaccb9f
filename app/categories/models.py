"""Categories of help."""

from sqlalchemy import CheckConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from app.categories.vocabulary import Unpaid
from app.db import Base, SmallInteger
from app.states import one_of


class Category(Base):
    """A kind of help, with the words people use for it and what it asks of a helper."""

    __tablename__ = "category"
    __table_args__ = (one_of("unpaid", Unpaid), CheckConstraint("number BETWEEN 0 AND 63", name="number"))
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    slug: Mapped[str] = mapped_column(unique=True)
    theme: Mapped[str]
    """Name of the picture and the first choice when asking."""
    theme_name: Mapped[str]
    name: Mapped[str]
    synonyms: Mapped[list[str]] = mapped_column(ARRAY(Text))
    unpaid: Mapped[Unpaid]
    checks: Mapped[int] = mapped_column(SmallInteger)
    introduction: Mapped[bool]
    """Whether getting acquainted comes first."""
    sensitive: Mapped[bool]
    """Never public."""
    note: Mapped[str]
