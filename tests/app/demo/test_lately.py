"""What the personas are promised is there: what just ended, cheques, flags, and a night worth sharing out."""

from sqlalchemy.orm import Session

from app.clock import now
from app.distribution import service as distributions
from app.help_requests.models import ClosingReason
from app.moderation import queues
from app.moderation.conditions import Queue
from app.places.models import Municipality
from tests.app.demo.conftest import Region
from tests.app.demo.test_personas import as_persona

LATELY = "EXISTS (SELECT FROM state_event e WHERE e.entity_id = {0}.id AND e.after = {0}.status AND e.at > now() - interval '14 days')"  # fmt: skip # noqa: E501


def test_marja_sees_what_was_just_done_and_why_others_were_closed(looking: Session, region: Region) -> None:
    home = looking.get_one(Municipality, 1771)
    board = queues.board(looking, as_persona(looking, "makelaar"), home, Queue.RECENT)
    assert board.counts[Queue.RECENT] >= 6
    ended = region.rows(
        "SELECT status, closing_reason, municipality_id FROM help_request r WHERE status IN ('done', 'closed')"
        " AND " + LATELY.format("r")
    )
    assert sum(row.status == "done" for row in ended) >= 10
    closed = {(row.closing_reason, row.municipality_id == 1771) for row in ended if row.status == "closed"}
    assert closed >= {(str(reason), home) for reason in ClosingReason for home in (True, False)}


def test_what_was_done_lately_was_booked_by_the_ledger(region: Region) -> None:
    done = region.one(
        "SELECT count(*) FROM occurrence o WHERE kind = 'roosjes' AND status = 'done' AND "
        + LATELY.format("o")
    )
    assert done >= 10


def test_some_ask_agree_and_were_helped_with_cheques(region: Region) -> None:
    assert region.one("SELECT count(*) FROM help_request WHERE kind = 'cheque'") >= 3
    kinds = region.rows("SELECT status, count(*)::int FROM agreement WHERE kind = 'cheque' GROUP BY 1")
    assert {row.status for row in kinds} >= {"active", "done"}


def test_the_organisations_at_home_have_people_under_their_flag(region: Region) -> None:
    for (offers,) in region.rows(
        "SELECT (SELECT count(*) FROM help_offer f WHERE f.organisation_id = o.id AND f.status = 'open')"
        " FROM organisation o WHERE o.municipality_id = 1771"
    ):
        assert offers >= 3
    assert region.one("SELECT count(*) FROM help_offer WHERE exclusive AND status = 'open'") == 2


def test_sharing_out_beat_first_come_first_served_last_night(looking: Session) -> None:
    marja = as_persona(looking, "makelaar")
    (run,) = distributions.latest(looking, marja, 1771)
    assert run.coverage > run.first_come
    assert run.expires_at > now(looking)
    served = [line for line in distributions.get(looking, marja, run.id).lines if line.helper_id]
    nights = [line.help_request for line in served if line.help_request.category_number == 11]
    assert len([request for request in nights if request.slots.bit_count() == 7]) == 2
