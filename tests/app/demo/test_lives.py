"""The lives that are told: each step follows on the last, in its own time, by the rules of the services."""

import pytest

from tests.app.demo.conftest import Region

LIVING = ("help_request", "help_offer", "proposal", "agreement", "occurrence")


@pytest.mark.parametrize("table", LIVING)
def test_every_step_follows_on_the_one_before(region: Region, table: str) -> None:
    broken = region.rows(
        "SELECT * FROM (SELECT entity_id, before, lag(after, 1, '') OVER life AS was FROM state_event"
        " WHERE entity = :table WINDOW life AS (PARTITION BY entity_id ORDER BY at)) e WHERE before <> was",
        table=table,
    )
    assert broken == []


@pytest.mark.parametrize("table", LIVING)
def test_everything_stands_where_its_last_step_left_it(region: Region, table: str) -> None:
    apart = region.rows(
        f"SELECT t.id, t.status, l.after FROM {table} t LEFT JOIN LATERAL (SELECT after FROM state_event e"
        " WHERE e.entity_id = t.id ORDER BY at DESC LIMIT 1) l ON true WHERE l.after IS DISTINCT FROM t.status"
    )
    assert apart == []


def test_nothing_happens_in_the_future_or_before_somebody_came(region: Region) -> None:
    assert region.one("SELECT max(at) <= now() FROM state_event")
    early = region.rows(
        "SELECT e.entity, e.at, p.registered_at FROM state_event e JOIN person p ON p.id = e.by_person_id"
        " WHERE e.at < p.registered_at"
    )
    assert early == []


def test_what_was_helped_began_before_it_was_said(region: Region) -> None:
    early = region.rows(
        "SELECT o.id FROM occurrence o JOIN state_event e ON e.entity_id = o.id"
        " WHERE e.after IN ('helped', 'received', 'done', 'no_show') AND e.at < o.starts_at"
    )
    assert early == []
    assert region.one("SELECT count(*) FROM occurrence WHERE status = 'planned' AND starts_at < now()") == 0


def test_every_proposal_explains_its_score(region: Region) -> None:
    wrong = region.rows(
        "SELECT id FROM proposal WHERE score <> (SELECT sum(value::int) FROM jsonb_each_text(terms))"
    )
    assert wrong == []
    kept = region.one("SELECT bool_and(p.helper_id <> p.asker_id) FROM proposal p")
    assert kept
    border = region.rows(
        "SELECT p.id FROM proposal p JOIN help_request r ON r.id = p.help_request_id"
        " JOIN help_offer o ON o.id = p.help_offer_id WHERE p.municipality_id <> p.helper_municipality_id"
        " AND NOT (r.cross_border AND o.cross_border AND EXISTS (SELECT FROM sharing s"
        "   WHERE (s.municipality_id, s.partner_id) = (p.municipality_id, p.helper_municipality_id)))"
    )
    assert border == []


def test_helpers_have_the_checks_that_the_help_asks_for(region: Region) -> None:
    missing = region.rows(
        "SELECT p.id FROM proposal p JOIN help_request r ON r.id = p.help_request_id"
        " JOIN category c ON c.number = r.category_number WHERE c.checks & ~coalesce((SELECT bit_or(k.kind)"
        " FROM person_check k WHERE k.person_id = p.helper_id AND k.valid_from <= p.created_at::date"
        " AND (k.valid_until IS NULL OR k.valid_until >= p.created_at::date)), 0::smallint) <> 0"
    )
    assert missing == []
    assert region.one("SELECT count(*) FROM person_check WHERE valid_until < now()") >= 20


def test_found_helpers_and_agreements_agree(region: Region) -> None:
    wrong = region.rows(
        "SELECT r.id, r.status FROM help_request r WHERE r.helpers_found <> (SELECT count(*) FROM agreement a"
        " WHERE a.help_request_id = r.id AND a.status <> 'cancelled')"
    )
    assert wrong == []
    shown = (
        "SELECT count(*) FROM help_request WHERE is_public AND (status <> 'open' OR visibility <> 'iedereen')"
    )
    assert region.one(shown) == 0


def test_help_is_varied(region: Region) -> None:
    assert region.one("SELECT count(*) FROM help_request WHERE consent = 'phone'") >= 10
    assert region.one("SELECT count(*) FROM help_request WHERE helpers_wanted > 1") >= 10
    assert region.one("SELECT count(DISTINCT urgency) FROM help_request") == 4
    assert region.one("SELECT count(DISTINCT visibility) FROM help_request") == 3
    assert region.one("SELECT count(DISTINCT frequency) FROM help_request") == 4
    assert region.one("SELECT count(*) FROM agreement WHERE flag <> ''") >= 10
    assert region.one("SELECT count(*) FROM agreement WHERE municipality_id <> helper_municipality_id") >= 20
    assert region.one("SELECT count(*) FROM person WHERE do_not_ask") >= 30
    assert region.one("SELECT count(*) FROM person WHERE paused") >= 30
    assert region.one("SELECT count(DISTINCT category_number) FROM help_request") >= 38


def test_nobody_is_mailed_about_a_past_that_never_was(region: Region) -> None:
    # what is told of today, is told now
    jobs = "SELECT count(*) FROM procrastinate_jobs j JOIN notice n ON n.id::text = j.args->>'notice_id'"
    assert region.one(f"{jobs} WHERE n.created_at < now() - interval '1 day'") == 0
    assert region.one("SELECT count(*) FROM notice WHERE created_at < now() - interval '2 days'") == 0
