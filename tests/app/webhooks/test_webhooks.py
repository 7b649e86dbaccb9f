"""A municipality's own systems hear what happened: signed, once in effect, later when they are away, and of nobody."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.config import Settings
from app.db import Database as Program
from app.errors import Forbidden, NotFound, ProofNeeded
from app.ids import uuid7
from app.jobs.work import Work
from app.outgoing import NotOnTheList
from app.secrets import installation_secret
from app.states import StateEvent
from app.webhooks import allowed, sending, service
from app.webhooks.models import TOLD_OF, Webhook, WebhookKind, WebhookMessage
from app.webhooks.schemas import NewWebhook
from app.webhooks.service import AddressNotAllowed, ThereAlready
from tests.app.conftest import rows_of
from tests.app.factories import (
    GELDROP_MIERLO,
    HELMOND,
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    act,
    an_agreement,
)
from tests.app.webhooks.conftest import Receiver, Sending, is_signed
from tests.databases import Database

JOBS = "FROM procrastinate_jobs WHERE task_name = 'webhooks.send'"
MESSAGES = "SELECT kind, status, attempts, answer FROM webhook_message ORDER BY at, id"
EVERYTHING = [str(kind) for kind in TOLD_OF]


def said(receiver: Receiver, *kinds: str, path: str = "/zaken?sleutel=1") -> NewWebhook:
    return NewWebhook.model_validate(
        {"naam": "Zaaksysteem", "adres": f"{receiver.origin}{path}", "soorten": list(kinds) or EVERYTHING}
    )


@pytest.fixture
def karin(program: Program, fresh_database: Database) -> Actor:
    """Administers Geldrop-Mierlo."""
    with program.transaction() as session:
        return a_member_of_staff(fresh_database, session, role=Role.MUNICIPALITY_ADMINISTRATOR)


def shown(session: Session, actor: Actor) -> Actor:
    """The same, who showed a moment ago who they are."""
    return replace(act(session, actor), fresh=True)


def add(program: Program, work: Work, karin: Actor, new: NewWebhook) -> Webhook:
    with program.transaction() as session:
        return service.add(session, shown(session, karin), work.settings, GELDROP_MIERLO, new)


def secret_of(program: Program, work: Work, karin: Actor, row: Webhook) -> str:
    with program.transaction() as session:
        return service.secret_of(session, shown(session, karin), installation_secret(work.settings), row.id)


def try_out(program: Program, karin: Actor, row: Webhook) -> None:
    with program.transaction() as session:
        service.try_out(session, act(session, karin), row.id)


def test_what_happens_is_told_at_once_signed_and_without_a_word_about_anybody(
    program: Program, work: Work, karin: Actor, receiver: Receiver, sent: Sending
) -> None:
    row = add(program, work, karin, said(receiver, "hulpvraag.open", "afspraak.gemaakt"))
    with program.transaction() as session:
        ria = a_person(session, first_name="Riaatje")
        request = a_request(session, ria, titel="Naar dokter Smit")

    assert sent() == 1
    ((headers, body),) = receiver.got
    assert json.loads(body)["data"] == {"id": str(request.id), "gemeente": GELDROP_MIERLO}
    assert json.loads(body)["type"] == "hulpvraag.open"
    assert set(json.loads(body)) == {"type", "timestamp", "data"}
    assert re.fullmatch(r"[0-9T:.-]+Z", json.loads(body)["timestamp"])
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert is_signed(headers, body, secret_of(program, work, karin, row))
    assert not is_signed(headers, body + b" ", secret_of(program, work, karin, row))
    assert not {"cookie", "authorization"} & set(headers)


def test_a_change_that_is_rolled_back_is_not_told(
    program: Program, work: Work, karin: Actor, receiver: Receiver, sent: Sending
) -> None:
    add(program, work, karin, said(receiver))
    with program.transaction() as session:
        a_request(session, a_person(session))
        session.flush()
        session.rollback()

    assert (sent(), receiver.got) == (0, [])


def test_only_what_was_chosen_of_the_own_municipality_and_of_both_sides_of_a_border(
    program: Program, work: Work, karin: Actor, receiver: Receiver, sent: Sending, fresh_database: Database
) -> None:
    with program.transaction() as session:
        wim = a_member_of_staff(
            fresh_database, session, role=Role.MUNICIPALITY_ADMINISTRATOR, municipality_id=HELMOND
        )
    add(program, work, karin, said(receiver, "afspraak.gemaakt", path="/geldrop"))
    with program.transaction() as session:
        new = said(receiver, "afspraak.gemaakt", path="/helmond")
        service.add(session, shown(session, wim), work.settings, HELMOND, new)
    for postcode in ("5667 AB", "5708 AB"):
        with program.transaction() as session:
            ria, (helper, _) = a_person(session), a_helper(session, postcode=postcode)
            an_agreement(session, ria, helper)

    sent()

    assert sorted((one["type"], one["data"]["gemeente"]) for one in receiver.bodies) == [
        ("afspraak.gemaakt", HELMOND),
        ("afspraak.gemaakt", GELDROP_MIERLO),
        ("afspraak.gemaakt", GELDROP_MIERLO),
    ]


def test_what_did_not_happen_is_told_to_nobody_outside_whoever_writes_that_it_did(
    program: Program, work: Work, karin: Actor, receiver: Receiver, sent: Sending
) -> None:
    add(program, work, karin, said(receiver))
    with program.transaction() as session:
        ria, (helper, _) = a_person(session), a_helper(session)
        done = an_agreement(session, ria, helper)
    sent()
    before = len(receiver.bodies)
    here = [
        ("help_request", done.help_request_id, "done"), ("agreement", done.id, "cancelled"),
        ("agreement", uuid7(), "active"), ("occurrence", uuid7(), "done"), ("activity", uuid7(), "open"),
        ("joining", uuid7(), "approved"), ("help_offer", uuid7(), "open"),
    ]  # fmt: skip
    with program.transaction() as session:
        act(session, ria)
        session.add_all(
            StateEvent(
                municipality_id=place, entity=entity, entity_id=id, before="", after=after,
                by_person_id=ria.person_id, parties=[ria.person_id],
            )
            for place, (entity, id, after) in [
                *((GELDROP_MIERLO, one) for one in here), (HELMOND, ("agreement", done.id, "active")),
            ]
        )  # fmt: skip

    assert sent() == 0
    assert len(receiver.bodies) == before


@pytest.mark.parametrize("status", [301, 400, 429, 500])
def test_what_is_not_taken_is_sent_again_later_under_the_same_id(
    status: int, program: Program, work: Work, karin: Actor, receiver: Receiver, sent: Sending, fresh_database: Database
) -> None:  # fmt: skip
    row = add(program, work, karin, said(receiver))
    receiver.status = status
    try_out(program, karin, row)

    assert sent() == 1
    assert sent() == 0
    assert rows_of(fresh_database, MESSAGES) == [("proef", "waiting", 1, status)]
    waits = f"SELECT extract(epoch FROM scheduled_at - now())::int {JOBS}"
    assert rows_of(fresh_database, waits)[0][0] <= 6

    receiver.status = 200
    assert sent(late=True) == 1
    assert rows_of(fresh_database, MESSAGES) == [("proef", "delivered", 2, 200)]
    (first, body), (second, same) = receiver.got
    assert (first["webhook-id"], body) == (second["webhook-id"], same)


def test_an_address_that_keeps_failing_rests_and_what_comes_meanwhile_waits_without_a_try(
    program: Program, work: Work, karin: Actor, receiver: Receiver, sent: Sending, fresh_database: Database
) -> None:
    row = add(program, work, karin, said(receiver))
    receiver.status = 503
    for _ in range(sending.PATIENCE):
        try_out(program, karin, row)
        sent()
    tried = len(receiver.got)
    with program.transaction() as session:
        a_request(session, a_person(session))
    sent()

    assert len(receiver.got) == tried
    waiting = f"SELECT count(*) {JOBS} AND scheduled_at > now() + interval '50 s'"
    assert rows_of(fresh_database, waiting)[0][0] >= 1
    (rests,) = rows_of(fresh_database, "SELECT rests_until > ledger.now() FROM webhook")
    assert rests[0] is True


def test_an_address_that_asks_for_time_gets_it(
    program: Program, work: Work, karin: Actor, receiver: Receiver, sent: Sending, fresh_database: Database
) -> None:
    row = add(program, work, karin, said(receiver))
    receiver.status, receiver.retry_after = 429, "600"
    try_out(program, karin, row)
    sent()

    rests = "SELECT extract(epoch FROM rests_until - ledger.now())::int FROM webhook"
    assert 590 < rows_of(fresh_database, rests)[0][0] <= 600


def test_what_never_arrives_is_given_up_shown_and_sent_again_when_somebody_says_so(
    program: Program, work: Work, karin: Actor, receiver: Receiver, sent: Sending, fresh_database: Database
) -> None:
    row = add(program, work, karin, said(receiver))
    receiver.status = 500
    try_out(program, karin, row)
    for _ in range(len(sending.WAITS_S) + 1):
        rows_of(fresh_database, "UPDATE webhook SET rests_until = NULL RETURNING 1")
        sent(late=True, most=1)

    assert rows_of(fresh_database, MESSAGES) == [("proef", "dead", len(sending.WAITS_S) + 1, 500)]
    assert sent(late=True) == 0
    with program.transaction() as session:
        (told,) = service.every(session, act(session, karin), GELDROP_MIERLO)
        assert (told.waiting, told.dead) == (0, 1)
        (message,) = service.latest(session, act(session, karin), row)
        receiver.status = 204
        assert service.again(session, act(session, karin), row.id, message.id) == 1
    assert sent() == 1
    assert rows_of(fresh_database, MESSAGES) == [("proef", "delivered", 1, 204)]


def test_after_three_days_of_rest_a_message_is_given_up_as_well(
    program: Program, work: Work, karin: Actor, receiver: Receiver, sent: Sending, fresh_database: Database,
    travel: Callable[[timedelta], None],
) -> None:  # fmt: skip
    row = add(program, work, karin, said(receiver))
    try_out(program, karin, row)
    travel(sending.LASTS + timedelta(hours=1))

    sent()

    assert receiver.got == []
    assert rows_of(fresh_database, MESSAGES) == [("proef", "dead", 0, None)]


def test_an_address_that_is_gone_hears_nothing_any_more(
    program: Program, work: Work, karin: Actor, receiver: Receiver, sent: Sending, fresh_database: Database
) -> None:
    row = add(program, work, karin, said(receiver))
    receiver.status = 410
    try_out(program, karin, row)
    sent()
    with program.transaction() as session:
        a_request(session, a_person(session))
        assert service.every(session, act(session, karin), GELDROP_MIERLO) == []

    assert (sent(late=True), len(receiver.got)) == (0, 1)


def test_a_worker_that_was_killed_after_sending_sends_the_same_again(
    program: Program, work: Work, karin: Actor, receiver: Receiver
) -> None:
    row = add(program, work, karin, said(receiver))
    try_out(program, karin, row)
    secret = installation_secret(work.settings)
    with program.transaction() as session:
        session.execute(text("SELECT set_config('app.municipalities', '{1771}', true)"))
        key = session.scalars(select(WebhookMessage.id)).one()
    for _ in range(2):
        with work.transaction() as (session, actor):
            ready = sending.prepare(session, actor, work.settings, secret, key)
        assert ready is not None
        sending.post(ready)

    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    for _ in range(2):
        with work.transaction() as (session, actor):
            sending.answered(session, actor, key, sending.Outcome(204))


def test_a_new_secret_signs_at_once_and_the_old_one_for_a_day_beside_it(
    program: Program, work: Work, karin: Actor, receiver: Receiver, sent: Sending, travel: Callable[[timedelta], None]
) -> None:  # fmt: skip
    row = add(program, work, karin, said(receiver))
    old = secret_of(program, work, karin, row)
    with program.transaction() as session:
        service.turn(session, shown(session, karin), row.id)
    new = secret_of(program, work, karin, row)
    try_out(program, karin, row)
    sent()
    travel(timedelta(days=1, minutes=1))
    try_out(program, karin, row)
    sent()

    assert old != new
    assert [is_signed(*one, new) for one in receiver.got] == [True, True]
    assert [is_signed(*one, old) for one in receiver.got] == [True, False]


@pytest.mark.parametrize(
    "address",
    ["https://elders.example/zaken", "http://localhost:1/zaken", "ftp://127.0.0.1/x", "https://user@hook.example/",
     "niets wat dan ook"],
)  # fmt: skip
def test_an_address_that_nobody_let_through_is_not_kept(
    address: str, program: Program, work: Work, karin: Actor, receiver: Receiver
) -> None:
    new = said(receiver).model_copy(update={"address": address})

    with pytest.raises(AddressNotAllowed):
        add(program, work, karin, new)


def test_an_address_that_is_let_through_no_more_gets_nothing(
    program: Program, work: Work, karin: Actor, receiver: Receiver, fresh_database: Database
) -> None:
    row = add(program, work, karin, said(receiver))
    try_out(program, karin, row)
    closed = Settings(data_dir=work.settings.data_dir)
    with program.transaction() as session:
        session.execute(text("SELECT set_config('app.municipalities', '{1771}', true)"))
        key = session.scalars(select(WebhookMessage.id)).one()
    with work.transaction() as (session, actor):
        assert sending.prepare(session, actor, closed, b"x", key) is None

    assert rows_of(fresh_database, MESSAGES) == [("proef", "dead", 0, None)]


def test_names_with_a_star_reach_the_internet_only_and_only_whole_names(tmp_path: Path) -> None:
    some = Settings(data_dir=tmp_path, webhooks_to="https://*.voorbeeld.nl https://bus.intern.example:8443")

    assert allowed.is_named(some, "https://bus.intern.example:8443/zaken") is True
    assert allowed.is_named(some, "https://hook.voorbeeld.nl/zaken") is False
    for wrong in ("https://voorbeeld.nl/", "https://kwaadvoorbeeld.nl/", "https://hook.voorbeeld.nl:8443/",
                  "https://bus.intern.example/"):  # fmt: skip
        with pytest.raises(NotOnTheList):
            allowed.is_named(some, wrong)
    assert (
        allowed.is_named(Settings(data_dir=tmp_path, webhooks_to="https://*"), "https://a.example:99/")
        is False
    )


def test_the_same_twice_is_one_and_another_on_its_address_is_refused(
    program: Program, work: Work, karin: Actor, receiver: Receiver
) -> None:
    first = add(program, work, karin, said(receiver, "keer.klaar"))

    assert add(program, work, karin, said(receiver, "keer.klaar")).id == first.id
    with pytest.raises(ThereAlready):
        add(program, work, karin, said(receiver, "afspraak.klaar"))
    with program.transaction() as session:
        service.end(session, act(session, karin), first.id)
    assert add(program, work, karin, said(receiver, "afspraak.klaar")).id != first.id


@pytest.mark.parametrize("role", [Role.BROKER, Role.TREASURER, Role.REGION_ADMINISTRATOR])
def test_nobody_but_the_administrator_of_the_municipality(
    role: Role, program: Program, work: Work, karin: Actor, receiver: Receiver, fresh_database: Database
) -> None:
    row = add(program, work, karin, said(receiver))
    with program.transaction() as session:
        other = a_member_of_staff(
            fresh_database, session, role=role,
            municipality_id=None if role is Role.REGION_ADMINISTRATOR else GELDROP_MIERLO,
        )  # fmt: skip
    with program.transaction() as session:
        actor = shown(session, other)
        with pytest.raises(Forbidden):
            service.add(session, actor, work.settings, GELDROP_MIERLO, said(receiver, path="/meer"))
        with pytest.raises(Forbidden):
            service.every(session, actor, GELDROP_MIERLO)
        for act_on in (service.get, service.try_out, service.again, service.end):
            with pytest.raises(NotFound):
                act_on(session, actor, row.id)


def test_the_secret_is_for_who_showed_a_short_while_ago_who_they_are(
    program: Program, work: Work, karin: Actor, receiver: Receiver
) -> None:
    row = add(program, work, karin, said(receiver))
    with program.transaction() as session:
        actor = act(session, karin)
        with pytest.raises(ProofNeeded):
            service.secret_of(session, actor, b"x", row.id)
        with pytest.raises(ProofNeeded):
            service.turn(session, actor, row.id)
        with pytest.raises(ProofNeeded):
            service.add(session, actor, work.settings, GELDROP_MIERLO, said(receiver, path="/meer"))


def test_the_database_tells_of_what_the_program_says_it_tells_of(
    session: Session, database: Database
) -> None:
    asked = [(kind, entity, state) for kind, (entity, states) in TOLD_OF.items() for state in states]
    found = {
        (entity, state): rows_of(
            database, "SELECT webhook_kind(:entity, :state)", entity=entity, state=state
        )[0][0]
        for _, entity, state in asked
    }

    assert found == {(entity, state): str(kind) for kind, entity, state in asked}
    assert rows_of(
        database, "SELECT webhook_kind('help_request', 'paused'), webhook_kind('referral', 'done')"
    ) == [(None, None)]
    assert set(TOLD_OF) == set(WebhookKind) - {WebhookKind.TRIAL}


def test_what_was_sent_is_let_go_after_a_month_and_an_address_that_ended_with_it(
    program: Program, work: Work, karin: Actor, receiver: Receiver, sent: Sending, fresh_database: Database,
    travel: Callable[[timedelta], None],
) -> None:  # fmt: skip
    row = add(program, work, karin, said(receiver))
    try_out(program, karin, row)
    sent()
    with program.transaction() as session:
        service.end(session, act(session, karin), row.id)
    travel(sending.KEPT + timedelta(days=2))
    with work.transaction() as (session, actor):
        sending.forget_old(session, actor)

    assert rows_of(
        fresh_database, "SELECT (SELECT count(*) FROM webhook), (SELECT count(*) FROM webhook_message)"
    ) == [(0, 0)]


def test_figures_for_who_watches_count_and_show_nothing_else(
    program: Program, work: Work, karin: Actor, receiver: Receiver, fresh_database: Database
) -> None:
    try_out(program, karin, add(program, work, karin, said(receiver)))

    (figures,) = rows_of(fresh_database, "SELECT webhooks, resting, waiting, dead FROM webhook_figures()")
    assert tuple(figures) == (1, 0, 1, 0)
