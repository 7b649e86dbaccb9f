"""One mail for what came in a few minutes, and none for what was read, paused or switched off."""

from collections.abc import Callable
from datetime import timedelta

from app.db import Database as Program
from app.ids import uuid7
from app.jobs import mails as jobs
from app.jobs.work import Work
from app.notifications import service, wishes
from app.notifications.groups import Group, Way
from app.people import service as people
from tests.app.conftest import rows_of
from tests.app.factories import GELDROP_MIERLO, a_person
from tests.app.notifications.conftest import mails, said
from tests.databases import Database

Worker = Callable[[], None]


def test_what_comes_in_a_few_minutes_is_one_mail(program: Program, work: Work, done: Worker) -> None:
    with program.transaction() as session:
        ria = a_person(session, email="ria@voorbeeld.nl")
        for kind in ("willing", "agreed", "reminder"):
            service.tell(session, ria.person_id, GELDROP_MIERLO, kind, uuid7(), title="Naar dokter Smit")

    done()

    (mail,) = mails(work)
    assert mail["Subject"] == "3 berichten voor u"
    assert "Iemand wil u helpen" in said(mail)
    assert "Smit" not in said(mail) + said(mail, "html")
    jobs.gather_due(work)
    done()
    assert len(mails(work)) == 1


def test_a_preference_is_kept_and_holds_from_the_next_notice_on(
    program: Program, work: Work, done: Worker, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        ria = a_person(session, email="ria@voorbeeld.nl")
        wishes.choose(session, ria, {Group.REQUESTS: Way.DAY, Group.TIPS: Way.SITE})
        for kind in ("submitted", "released", "late", "advice-offer"):
            service.tell(session, ria.person_id, GELDROP_MIERLO, kind, uuid7(), title="Naar de markt")

    done()
    assert mails(work) == []
    for _ in range(12):
        travel(timedelta(hours=6))
        jobs.gather_due(work)
        done()

    (mail,) = mails(work)
    assert mail["Subject"] == "3 berichten voor u"


def test_what_was_read_on_the_site_is_not_mailed(program: Program, work: Work, done: Worker) -> None:
    with program.transaction() as session:
        ria = a_person(session)
        service.tell(session, ria.person_id, GELDROP_MIERLO, "willing", uuid7(), title="Naar de markt")
        service.mark_read(session, ria)

    done()

    assert mails(work) == []


def test_a_pause_stops_what_asks_something_and_nothing_that_was_agreed(
    program: Program, work: Work, done: Worker
) -> None:
    with program.transaction() as session:
        tonnie = a_person(session, first_name="Tonnie")
        people.pause(session, tonnie, True)
        for kind in ("proposed", "again", "advice-ask", "cancelled"):
            service.tell(session, tonnie.person_id, GELDROP_MIERLO, kind, uuid7(), title="Naar de markt")

    done()

    (mail,) = mails(work)
    assert mail["Subject"] == "Afgezegd"


def test_what_is_due_once_is_gathered_once_by_two_workers(
    program: Program, work: Work, done: Worker, fresh_database: Database
) -> None:
    with program.transaction() as session:
        ria = a_person(session)
        service.tell(session, ria.person_id, GELDROP_MIERLO, "willing", uuid7(), title="Naar de markt")

    jobs.gather(work, str(ria.person_id))
    jobs.gather(work, str(ria.person_id))
    done()

    assert len(mails(work)) == 1
    assert len(rows_of(fresh_database, "SELECT FROM dispatch")) == 1
