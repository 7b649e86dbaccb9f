"""Checks in the demonstration: plausible records, and something of everything at the first desk."""

from app.access.sign_in import act_as
from app.categories.vocabulary import Check
from app.checks import ahead, newcomers, renewal
from app.demo.desks import HOME
from app.places.models import Municipality
from tests.app.demo.conftest import Region


def test_no_record_says_what_cannot_be(region: Region) -> None:
    wrong = """SELECT count(*) FROM person_check c JOIN person p ON p.id = c.person_id WHERE c.seen_by_id = c.person_id
        OR c.seen_at > ledger.now() OR (c.seen_at AT TIME ZONE 'Europe/Amsterdam')::date < c.valid_from
        OR (c.kind IN (8, 16, 32)) <> (c.number <> '') OR (c.kind IN (8, 16, 32)) <> (c.way = 'opgezocht')"""
    assert region.one(wrong) == 0
    assert region.one("SELECT bool_and(number ~ '^0000[0-9]{4}$') FROM person_check WHERE kind = 8")
    other = "professional f JOIN person_check c USING (person_id) WHERE kind = 8 AND kvk_number <> number"
    assert region.one(f"SELECT count(*) FROM {other}") == 0


def test_the_first_desk_has_something_of_everything(region: Region) -> None:
    makelaar = region.one("SELECT id FROM person WHERE id IN (SELECT person_id FROM role_grant WHERE role = 'broker'"
                          " AND municipality_id = 1771) ORDER BY registered_at, id LIMIT 1")  # fmt: skip
    with region.program.transaction() as session:
        actor = act_as(session, makelaar)
        municipality = session.get_one(Municipality, HOME)
        ending = renewal.listed(session, actor, municipality).rows
        visits = ahead.of_municipality(session, actor, HOME)
        new = newcomers.of_municipality(session, actor, municipality)
    day = region.one("SELECT (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date")
    vog = [one for one in ending if one.check is Check.VOG]
    assert any(one.last_day < day for one in vog)
    assert sum(one.last_day >= day for one in vog) >= 2
    assert any(one.exemption for one in vog)
    assert len(visits) < 20
    assert new
    withdrawn = "SELECT count(*) FROM person_check WHERE withdrawn_at IS NOT NULL AND municipality_id = 1771"
    assert region.one(withdrawn) == 1


def test_organisations_look_at_their_own_volunteers(region: Region) -> None:
    own = """SELECT count(*), count(DISTINCT c.organisation_id), count(*) FILTER (WHERE NOT EXISTS (
            SELECT FROM role_grant g WHERE g.person_id = c.seen_by_id AND g.organisation_id = c.organisation_id
        ) OR NOT EXISTS (
            SELECT FROM help_offer o WHERE o.person_id = c.person_id AND o.organisation_id = c.organisation_id
        )) FROM person_check c WHERE c.organisation_id IS NOT NULL"""
    count, flags, wrong = region.rows(own)[0]
    assert (count >= 3, flags >= 1, wrong) == (True, True, 0)
