"""Municipalities, neighbourhoods, and who shares with whom."""

from datetime import date, datetime
from enum import IntEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, SmallInteger


class Region(Base):
    """This instance: one row. ``demonstration`` is the mark without which no persona exists."""

    __tablename__ = "region"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, default=1)
    name: Mapped[str]
    demonstration: Mapped[bool] = mapped_column(default=False)
    default_municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    reports_since: Mapped[date | None]
    """The first month of the pilot: half years are counted from it."""


class Mediation(IntEnum):
    """How much of a match goes through the makelaar: each degree holds what those before it hold."""

    FREE = 1
    TOLD = 2
    CHECKED = 3
    """A makelaar reads a request before others see it."""
    INTRODUCED = 4
    """A makelaar confirms a match before the two have contact."""
    PROPOSED = 5
    """Nothing is public: only a makelaar proposes."""


class Municipality(Base):
    """A municipality (gemeente): facts, and the settings that it decides on itself."""

    __tablename__ = "municipality"
    __table_args__ = (
        CheckConstraint("mediation BETWEEN 1 AND 5", name="mediation"),
        CheckConstraint("request_days BETWEEN 7 AND 365", name="request_days"),
        CheckConstraint("promise_days BETWEEN 1 AND 30", name="promise_days"),
        CheckConstraint("asked_at_once BETWEEN 1 AND 20", name="asked_at_once"),
        CheckConstraint("proposals_per_week BETWEEN 1 AND 20", name="proposals_per_week"),
        CheckConstraint("rest_days BETWEEN 0 AND 60", name="rest_days"),
        CheckConstraint("points_urgency BETWEEN 0 AND 5", name="points_urgency"),
        CheckConstraint("points_vulnerable BETWEEN 0 AND 5", name="points_vulnerable"),
        CheckConstraint("points_waiting BETWEEN 0 AND 5", name="points_waiting"),
        CheckConstraint("newcomer_visits BETWEEN 0 AND 10", name="newcomer_visits"),
        CheckConstraint(
            "cardinality(check_notice_weeks) <= 4 AND 1 <= ALL (check_notice_weeks)"
            " AND 26 >= ALL (check_notice_weeks)",
            name="check_notice_weeks",
        ),
        CheckConstraint(
            "(hour_cents IS NULL) = (hour_source = '') AND hour_cents BETWEEN 100 AND 10000",
            name="hour_value",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """CBS code without GM: 1771 is Geldrop-Mierlo."""
    name: Mapped[str]
    province: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]
    residents: Mapped[int]
    percentage_65_plus: Mapped[float]
    joined: Mapped[bool] = mapped_column(default=False)
    """Whether this municipality takes part in the region's instance."""
    moved_to: Mapped[str] = mapped_column(default="", server_default="")
    """Address of the installation where it went, when it took part here before; its people are let in there."""
    mediation: Mapped[int] = mapped_column(SmallInteger, default=Mediation.TOLD)
    """A ``Mediation``."""
    broker_title: Mapped[str] = mapped_column(default="sociaal makelaar")
    broker_name: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    opening_hours: Mapped[str] = mapped_column(default="maandag tot en met vrijdag, 9.00 tot 17.00 uur")
    post_address: Mapped[str] = mapped_column(default="", server_default="")
    """Where paper goes that somebody sends back; empty where nobody waits for it."""
    request_days: Mapped[int] = mapped_column(default=60)
    """How long a request stays open before it expires."""
    promise_days: Mapped[int] = mapped_column(default=3)
    """Days within which somebody should be found."""
    asked_at_once: Mapped[int] = mapped_column(SmallInteger, default=5, server_default="5")
    """Helpers asked for one request at a time; alerting hundreds for one need makes them all silent."""
    proposals_per_week: Mapped[int] = mapped_column(SmallInteger, default=3, server_default="3")
    """How often a helper is asked in a week, unless the helper said otherwise."""
    rest_days: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """Days of rest after a spell of help, unless the helper said otherwise."""
    points_urgency: Mapped[int] = mapped_column(SmallInteger, default=2, server_default="2")
    """Who goes first when helpers are scarce: points for each level of urgency above 0,"""
    points_vulnerable: Mapped[int] = mapped_column(SmallInteger, default=3, server_default="3")
    """for who is vulnerable,"""
    points_waiting: Mapped[int] = mapped_column(SmallInteger, default=1, server_default="1")
    """and for each full week of waiting."""
    check_notice_weeks: Mapped[list[int]] = mapped_column(
        ARRAY(SmallInteger), default=lambda: [8, 3], server_default="{8,3}"
    )
    """How many weeks before a check ends its holder hears so."""
    newcomer_visits: Mapped[int] = mapped_column(SmallInteger, default=3, server_default="3")
    """The first times of a new helper, which the makelaar keeps in sight;"""
    newcomer_meeting: Mapped[bool] = mapped_column(default=False, server_default="false")
    """and whether the two get acquainted first, or the makelaar arranges it, as long as that lasts."""
    insurance: Mapped[str] = mapped_column(default="", server_default="")
    """How neighbours who help here are insured; empty when that is not known."""
    look: Mapped[str] = mapped_column(default="", server_default="")
    """Key of the sheet with its own colours (`app/looks`); empty where it wears ours."""
    logo: Mapped[str] = mapped_column(default="", server_default="")
    """Key of its logo, with the ending of the file."""
    hour_cents: Mapped[int | None]
    """What an hour of help is reckoned at in the report to the council; empty tells no euros."""
    hour_source: Mapped[str] = mapped_column(default="", server_default="")
    """Why that much: printed beside it."""
    paid_only: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), default=list, server_default="{}")
    """Categories in which nobody is asked to work unpaid here: it would push out paid work."""
    closed_categories: Mapped[list[int]] = mapped_column(
        ARRAY(SmallInteger), default=list, server_default="{}"
    )
    """Categories that are not asked through this site here: another desk does them."""
    version: Mapped[int] = mapped_column(default=1)


class Neighbourhood(Base):
    """A neighbourhood (buurt): a postcode-4 with its place name."""

    __tablename__ = "neighbourhood"
    __table_args__ = (Index(None, "municipality_id"),)
    pc4: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[str]
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    latitude: Mapped[float]
    longitude: Mapped[float]
    cell: Mapped[int]
    residents: Mapped[int]
    percentage_65_plus: Mapped[float]
    percentage_75_plus: Mapped[float]


class NeighbourhoodSpan(Base):
    """A municipality in which a neighbourhood lies besides its main one."""

    __tablename__ = "neighbourhood_span"
    pc4: Mapped[int] = mapped_column(ForeignKey("neighbourhood.pc4"), primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)


class Border(Base):
    """Two municipalities that touch, in both directions."""

    __tablename__ = "border"
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    neighbour_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    border_m: Mapped[int]


class Sharing(Base):
    """A municipality's yes to another: help may cross when both have said it."""

    __tablename__ = "sharing"
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    trust_minutes: Mapped[int] = mapped_column(default=60_000)
    """How far Roosjes between the two may get out of balance."""
