"""From a notice to a sign: once, sealed, by day, to who wants it, and no more to a browser that went away."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from app.access.actor import Actor, Behind
from app.db import Database as Program
from app.errors import Forbidden, Invalid, NotFound
from app.ids import uuid7
from app.jobs import outside
from app.jobs.work import Work
from app.notifications import service as notices, wishes
from app.notifications.groups import Group
from app.outgoing import NotOnTheList, Unreached
from app.people import service as people
from app.privacy import erase
from app.push import allowed, keys, sending, service
from app.push.service import NewDevice, NotHere, TooManyDevices, UnknownService
from app.representations.models import RepresentationKind
from tests.app.conftest import rows_of
from tests.app.factories import GELDROP_MIERLO, a_person, act
from tests.app.push.conftest import Browser, PushService
from tests.databases import Database

Worker = Callable[[], None]
DEVICES = "SELECT id, person_id, shown_at, refusals FROM push_device ORDER BY id"


def ria_with(program: Program, work: Work, *browsers: Browser) -> Actor:
    with program.transaction() as session:
        ria = a_person(session)
        for browser in browsers:
            service.add(session, ria, work.settings, browser.agrees(work.settings), "Firefox, Android")
    return ria


def tell(program: Program, ria: Actor, kind: str = "agreed") -> None:
    with program.transaction() as session:
        notices.tell(session, ria.person_id, GELDROP_MIERLO, kind, uuid7(), title="Naar dokter Smit")


def test_what_comes_together_is_one_sealed_sign_on_each_browser_and_says_nothing_of_it(
    program: Program, work: Work, done: Worker, push_service: PushService
) -> None:
    phone, tablet = (Browser(f"{push_service.origin}/to/{name}") for name in ("phone", "tablet"))
    ria = ria_with(program, work, phone, tablet)
    for _ in range(3):
        tell(program, ria)

    done()

    assert sorted(path for path, _, _ in push_service.got) == ["/to/phone", "/to/tablet"]
    for path, headers, body in push_service.got:
        browser = phone if path == "/to/phone" else tablet
        assert browser.reads(body) == {"taal": "nl"}
        assert (headers["content-encoding"], headers["topic"]) == ("aes128gcm", "bericht")
        assert re.fullmatch(r"vapid t=[\w-]+\.[\w-]+\.[\w-]+, k=[\w-]{87}", headers["authorization"])
        assert "cookie" not in headers
    assert len({len(body) for _, _, body in push_service.got}) == 1


def test_nothing_is_shown_of_what_was_not_chosen_was_read_or_would_ask_somebody_with_a_pause(
    program: Program, work: Work, done: Worker, push_service: PushService
) -> None:
    ria = ria_with(program, work, Browser(f"{push_service.origin}/to/phone"))
    tell(program, ria, "advice-offer")
    tell(program, ria)
    with program.transaction() as session:
        notices.mark_read(session, act(session, ria))
    done()
    with program.transaction() as session:
        people.pause(session, act(session, ria), True)
    tell(program, ria, "proposed")
    done()
    assert push_service.got == []

    with program.transaction() as session:
        wishes.choose_push(session, act(session, ria), [Group.TIPS, Group.REQUESTS])
    tell(program, ria)
    tell(program, ria, "released")
    done()

    assert len(push_service.got) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_let_go_of(
    status: int,
    program: Program,
    work: Work,
    done: Worker,
    push_service: PushService,
    fresh_database: Database,
) -> None:
    ria = ria_with(program, work, Browser(f"{push_service.origin}/to/phone"))
    push_service.status = status
    tell(program, ria)

    done()
    tell(program, ria)
    done()

    assert len(push_service.got) == 1
    assert rows_of(fresh_database, DEVICES) == []


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_push_service_that_is_busy_is_asked_again_and_shows_it_once(
    status: int, program: Program, work: Work, push_service: PushService, fresh_database: Database
) -> None:
    ria = ria_with(program, work, Browser(f"{push_service.origin}/to/phone"))
    tell(program, ria)
    ((device, *_),) = rows_of(fresh_database, DEVICES)
    push_service.status = status

    with pytest.raises(sending.Busy):
        outside.push(work, str(device), str(ria.person_id))
    push_service.status = 201
    for _ in range(3):
        outside.push(work, str(device), str(ria.person_id))

    assert len(push_service.got) == 2
    ((_, _, shown_at, refusals),) = rows_of(fresh_database, DEVICES)
    assert (shown_at is not None, refusals) == (True, 0)


def test_what_refuses_us_twenty_times_in_a_row_is_let_go_of(
    program: Program, work: Work, push_service: PushService, fresh_database: Database
) -> None:
    ria = ria_with(program, work, Browser(f"{push_service.origin}/to/phone"))
    tell(program, ria)
    ((device, *_),) = rows_of(fresh_database, DEVICES)
    push_service.status = 403

    for _ in range(sending.MOST_REFUSALS + 2):
        outside.push(work, str(device), str(ria.person_id))

    assert len(push_service.got) == sending.MOST_REFUSALS
    assert rows_of(fresh_database, DEVICES) == []


def test_a_push_service_that_is_away_leaves_the_sign_to_the_queue(
    program: Program, work: Work, push_service: PushService, fresh_database: Database
) -> None:
    ria = ria_with(program, work, Browser(f"{push_service.origin}/to/phone"))
    tell(program, ria)
    elsewhere = "UPDATE push_device SET endpoint = 'http://127.0.0.1:9/to/phone' RETURNING id"
    ((device,),) = rows_of(fresh_database, elsewhere)
    settings = work.settings.model_copy(update={"push_services": "http://127.0.0.1:9"})

    with pytest.raises(Unreached):
        outside.push(Work(settings, program), str(device), str(ria.person_id))
    assert len(rows_of(fresh_database, DEVICES)) == 1
    # the setting names that address no more
    outside.push(work, str(device), str(ria.person_id))

    assert (push_service.got, rows_of(fresh_database, DEVICES)) == ([], [])


def test_another_key_of_ours_ends_what_browsers_agreed_to(
    program: Program, work: Work, push_service: PushService, fresh_database: Database
) -> None:
    ria = ria_with(program, work, Browser(f"{push_service.origin}/to/phone"))
    tell(program, ria)
    ((device, *_),) = rows_of(fresh_database, DEVICES)
    settings = type(work.settings)(data_dir=work.settings.data_dir, push_key=keys.new_secret())

    outside.push(Work(settings, program), str(device), str(ria.person_id))

    assert (push_service.got, rows_of(fresh_database, DEVICES)) == ([], [])


def test_one_browser_is_of_one_person_and_only_they_see_and_end_it(
    program: Program, work: Work, push_service: PushService, fresh_database: Database
) -> None:
    shared = Browser(f"{push_service.origin}/to/library")
    ria = ria_with(program, work, shared)
    bo = ria_with(program, work, shared)
    with program.transaction() as session:
        service.add(
            session, act(session, bo), work.settings, shared.agrees(work.settings), "Firefox, Windows"
        )

    ((device, owner, *_),) = rows_of(fresh_database, DEVICES)
    assert owner == bo.person_id
    with program.transaction() as session:
        assert service.mine(session, act(session, ria)) == []
    with pytest.raises(NotFound), program.transaction() as session:
        service.end(session, act(session, ria), device)
    with program.transaction() as session:
        service.end(session, act(session, bo), device)

    assert rows_of(fresh_database, DEVICES) == []


def test_who_acts_for_another_has_nothing_to_say_of_their_browsers(
    program: Program, work: Work, push_service: PushService
) -> None:
    phone = Browser(f"{push_service.origin}/to/phone")
    ria = ria_with(program, work, phone)
    behind = replace(
        ria, behind=Behind(uuid7(), ria.person_id, "Tonnie", RepresentationKind.AUTHORISED.value)
    )
    with program.transaction() as session:
        for ask in (
            lambda: service.mine(session, behind),
            lambda: service.end(session, behind, uuid7()),
            lambda: service.add(session, behind, work.settings, phone.agrees(work.settings), ""),
        ):
            with pytest.raises(Forbidden):
                ask()


def test_what_cannot_be_posted_to_is_not_kept(
    program: Program, work: Work, push_service: PushService
) -> None:
    ria, settings = ria_with(program, work), work.settings
    phone = Browser(f"{push_service.origin}/to/phone")

    def add(new: NewDevice) -> None:
        with program.transaction() as session:
            service.add(session, act(session, ria), settings, new, "")

    for address in (
        "http://127.0.0.1:1/to",
        "https://evil.example/to",
        "http://169.254.169.254/latest",
        "no address",
    ):
        with pytest.raises(UnknownService):
            add(Browser(address).agrees(settings))
    for wrong in ({"sleutel": "BAAA"}, {"geheim": "c2hvcnQ"}, {"onzeSleutel": "BAAA"}):
        with pytest.raises(Invalid):
            add(phone.agrees(settings, **wrong))
    for number in range(service.MOST):
        add(Browser(f"{push_service.origin}/to/{number}").agrees(settings))
    with pytest.raises(TooManyDevices):
        add(phone.agrees(settings))
    bare, new = type(settings)(data_dir=settings.data_dir), phone.agrees(settings)
    with program.transaction() as session:
        actor = act(session, ria)
        with pytest.raises(NotHere):
            service.add(session, actor, bare, new, "")


def test_names_below_a_push_service_are_its_own_and_no_others() -> None:
    settings = type("S", (), {"push_services": "https://*.push.example https://other.example"})()
    origin_of = allowed.origin_of

    assert origin_of(settings, "https://web.push.example/to/x") == "https://web.push.example"
    assert origin_of(settings, "https://other.example/x") == "https://other.example"
    for wrong in ("https://push.example/x", "https://evilpush.example/x", "https://web.push.example:8443/x",
                  "http://web.push.example/x", "https://web.push.example.evil.example/x"):  # fmt: skip
        with pytest.raises(NotOnTheList):
            origin_of(settings, wrong)


@pytest.mark.parametrize(
    ("moment", "waits_s"),
    [
        (datetime(2026, 3, 3, 10, tzinfo=UTC), 120),
        (datetime(2026, 3, 3, 19, tzinfo=UTC), 12 * 3600),
        (datetime(2026, 3, 3, 2, tzinfo=UTC), 5 * 3600),
        (datetime(2026, 3, 28, 20, tzinfo=UTC), 10 * 3600),
    ],
    ids=["by-day", "evening", "night", "night-of-an-hour-less"],
)  # fmt: skip
def test_no_sign_comes_at_night(moment: datetime, waits_s: int) -> None:
    assert sending._wait_s(moment, 120) == waits_s


def test_what_cannot_wait_is_shown_at_once_and_does_not_stand_behind_what_waits(
    program: Program, work: Work, push_service: PushService, fresh_database: Database
) -> None:
    ria = ria_with(program, work, Browser(f"{push_service.origin}/to/phone"))
    for kind in ("agreed", "agreed", "cancelled"):
        tell(program, ria, kind)
    for task, args in rows_of(fresh_database, "SELECT task_name, args FROM procrastinate_jobs ORDER BY id"):
        if task == "notices.mail":
            with work.transaction() as (session, _):
                sending.told(session, work.settings, ria.person_id, UUID(args["notice_id"]))

    waits = (
        "SELECT scheduled_at > now() + interval '1 minute' AS waits FROM procrastinate_jobs"
        " WHERE task_name = 'push.send'"
    )
    assert sorted(row.waits or False for row in rows_of(fresh_database, waits)) == [False, True]


def test_whoever_is_forgotten_leaves_no_browser(
    program: Program, work: Work, push_service: PushService, fresh_database: Database
) -> None:
    ria = ria_with(program, work, Browser(f"{push_service.origin}/to/phone"))
    with program.transaction() as session:
        erase.erase(session, act(session, ria), work.settings)

    assert rows_of(fresh_database, DEVICES) == []
