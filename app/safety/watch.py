"""A nightly look at what people do: what stands out is shown to a makelaar, and nothing is done to anybody.

Somebody whose words to several people are about money, somebody who helps very many vulnerable people at once, an
address or a number in a text that others read before anything is agreed, and several reports by different people.
"""

from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require
from app.access.roles import Permission
from app.clock import AMSTERDAM, now
from app.ids import uuid7
from app.notifications.service import tell
from app.safety import reports
from app.safety.models import SafetySignal
from app.schemas import Incoming
from app.text import Typed

PERIOD: Final = timedelta(days=30)
MONEY: Final = 3
"""People to whom somebody's first words were about money, within the period."""
VULNERABLE: Final = 6
"""Vulnerable people with whom one helper has an agreement that runs."""
REPORTS: Final = 2
"""Different people who reported somebody within three periods."""
ABOUT_MONEY: Final = (
    r"\m(geld|euro|betaal\w*|lenen|leen|pinpas|pincode|rekening\w*|tikkie|bankpas|iban|money|cash)\M|€"
)
REACHABLE: Final = (
    r"(\+31|0031|\m0)[\s-]?6([\s-]?\d){8}"  # a mobile number
    r"|\m0\d{1,3}[\s-]?\d{6,8}\M"  # a fixed one
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"  # an address for mail
    r"|\mNL\d{2}\s?[A-Z]{4}(\s?\d){10}\M"  # a bank account
)
# unscoped: the worker's reach is every municipality
_SEEN: Final = text("""
WITH first_words AS (
    SELECT p.helper_id AS person, p.asker_id AS reader, p.message AS words
    FROM proposal p WHERE p.answered_at > :since AND p.message <> ''
    UNION ALL
    SELECT r.person_id, NULL, r.title || ' ' || r.body
    FROM help_request r WHERE r.posted_at > :since
    UNION ALL
    SELECT o.person_id, NULL, o.title || ' ' || o.body
    FROM help_offer o WHERE o.posted_at > :since
), noticed AS (
    SELECT 'money' AS kind, person, count(DISTINCT reader) AS times
    FROM first_words WHERE words ~* :about_money AND reader IS NOT NULL
    GROUP BY person HAVING count(DISTINCT reader) >= :money
    UNION ALL
    SELECT 'contact_in_text', person, count(*) FROM first_words WHERE words ~* :reachable GROUP BY person
    UNION ALL
    SELECT 'many_vulnerable', a.helper_id, count(DISTINCT a.asker_id)
    FROM agreement a JOIN help_request r ON r.id = a.help_request_id
    WHERE a.status = 'active' AND r.vulnerable
    GROUP BY a.helper_id HAVING count(DISTINCT a.asker_id) >= :vulnerable
    UNION ALL
    SELECT 'several_reports', s.about_id, count(DISTINCT s.reporter_id)
    FROM safety_report s WHERE s.about_id IS NOT NULL AND s.created_at > :long_since
    GROUP BY s.about_id HAVING count(DISTINCT s.reporter_id) >= :reports
)
SELECT n.kind, n.person, n.times, m.municipality_id AS municipality
FROM noticed n JOIN membership m ON m.person_id = n.person AND m.kind = 'lives'
ORDER BY n.kind, n.person
""")


class Remark(Incoming):
    """What came of looking."""

    text: Annotated[Annotated[str, Typed(400, lines=True)] | None, Field(alias="opmerking")] = None


def look(session: Session) -> int:
    """Write down what stands out; how much of it was new. Each counts once in a month. The worker's reach is all."""
    moment = now(session)
    values = {
        "since": moment - PERIOD, "long_since": moment - 3 * PERIOD, "about_money": ABOUT_MONEY,
        "reachable": REACHABLE, "money": MONEY, "vulnerable": VULNERABLE, "reports": REPORTS,
    }  # fmt: skip
    first = moment.astimezone(AMSTERDAM).date().replace(day=1)
    new = 0
    for row in session.execute(_SEEN, values).all():
        signal = insert(SafetySignal).values(
            id=uuid7(), municipality_id=row.municipality, kind=row.kind, person_id=row.person, since=first,
            count=int(row.times), remark="",
        )  # fmt: skip
        written = session.execute(
            signal.on_conflict_do_nothing().returning(SafetySignal.id)
        ).scalar_one_or_none()
        if written is None:
            continue
        new += 1
        for person_id in reports.staff(session, row.municipality, row.person):
            tell(session, person_id, row.municipality, "safety-signal", written)
    return new


def waiting(session: Session, actor: Actor, municipality_id: int) -> list[SafetySignal]:
    """What nobody of the desk looked at yet, the newest first; nothing about oneself or one's own house."""
    require(actor, Permission.HANDLE_REPORTS, municipality_id)
    # unscoped: the permission was asked for this municipality
    query = select(SafetySignal).where(
        SafetySignal.in_reach_of(frozenset({municipality_id})),
        SafetySignal.seen_at.is_(None),
        ~func.one_house(SafetySignal.person_id, actor.person_id),
    )
    shown = query.options(joinedload(SafetySignal.person))
    return list(session.scalars(shown.order_by(SafetySignal.found_at.desc(), SafetySignal.id).limit(100)))


def seen(session: Session, actor: Actor, id: UUID, remark: Remark) -> SafetySignal:
    """Somebody of the desk looked, and says what came of it; that is all that happens."""
    reach = SafetySignal.in_reach_of(actor.reach(Permission.HANDLE_REPORTS))
    # unscoped: the permission was asked, by its reach
    query = select(SafetySignal).where(
        SafetySignal.id == id, reach, ~func.one_house(SafetySignal.person_id, actor.person_id)
    )
    signal = found(session.scalars(locked(query)).one_or_none())
    if signal.seen_at is None:
        signal.seen_at, signal.seen_by_id, signal.remark = now(session), actor.person_id, remark.text or ""
    return signal
