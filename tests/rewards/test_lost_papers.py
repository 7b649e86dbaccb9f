"""Papers that are known by their number only: what may be done with it, by whom, and who sees a provider's account."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from rewards import AccountKind, Unit, check, errors, paper
from rewards.types import AccountId, SerialId
from tests.rewards.factories import B, a_member, posted, refused, see
from tests.rewards.paper_factories import (
    a_desk,
    a_hand_in,
    a_provider,
    a_redemption,
    a_refund,
    a_sale,
    an_issue,
    by,
    pass_time,
)

NOBODYS = 2**62


def numbers(connection: Connection) -> list[SerialId]:
    """Of all papers, the first one first."""
    return [
        SerialId(row[0]) for row in connection.exec_driver_sql("SELECT id FROM ledger.serial ORDER BY id")
    ]


def test_a_lost_cheque_is_paid_back_once_and_whoever_finds_it_gets_nothing(owner: Connection) -> None:
    desk = a_desk(owner)
    lost, kept = a_sale(owner, desk, 2).serials
    number = numbers(owner)[0]

    first = paper.refund_lost(owner, paper=number, desk=desk.id, **by(key="lost"))
    again = paper.refund_lost(owner, paper=number, desk=desk.id, **by(key="lost"))

    assert (again.hit, again.transfer) == (True, first.transfer)
    assert posted(owner, desk) == [1500]
    attempts: tuple[Callable[[], object], ...] = (
        lambda: paper.refund_lost(owner, paper=number, desk=desk.id, **by()),
        lambda: a_redemption(owner, lost.text, a_provider(owner)),
        lambda: a_refund(owner, lost.text, desk),
    )
    for attempt in attempts:
        with refused(owner, errors.SerialRefused):
            attempt()
    a_redemption(owner, kept.text, a_provider(owner))
    assert check.run(owner) == []


def test_a_number_that_is_not_this_desks_is_refused_in_the_same_words(owner: Connection) -> None:
    desk, another, abroad = a_desk(owner), a_desk(owner, number=1), a_desk(owner, B)
    redeemed, refunded = a_sale(owner, desk, 2).serials
    a_sale(owner, another)
    a_sale(owner, abroad)
    an_issue(owner, a_member(owner))
    a_redemption(owner, redeemed.text, a_provider(owner))
    a_refund(owner, refunded.text, desk)
    a_sale(owner, desk)
    *wrong, expiring = numbers(owner)
    before = posted(owner, desk, another, abroad)

    said = set()
    for number in (*wrong, SerialId(NOBODYS), SerialId(1)):
        with refused(owner, errors.SerialRefused) as caught:
            paper.refund_lost(owner, paper=number, desk=desk.id, **by())
        said.add((str(caught.value), str(caught.value.details)))
    pass_time(owner, days=366)
    with refused(owner, errors.SerialRefused) as caught:
        paper.refund_lost(owner, paper=expiring, desk=desk.id, **by())
    said.add((str(caught.value), str(caught.value.details)))

    assert len(said) == 1
    assert posted(owner, desk, another, abroad) == before


def test_a_paper_is_taken_back_once_by_the_account_that_issued_it_and_no_other(owner: Connection) -> None:
    mine, other = a_member(owner), a_member(owner)
    lost, used = an_issue(owner, mine, papers=2, minutes=45).serials
    number, used_number = numbers(owner)
    a_hand_in(owner, used.text, other)

    said = set()
    for account, one in ((other, number), (mine, used_number), (mine, SerialId(NOBODYS))):
        with refused(owner, errors.SerialRefused) as caught:
            paper.take_back(owner, paper=one, account=account.id, **by())
        said.add((str(caught.value), str(caught.value.details)))
    assert len(said) == 1
    first = paper.take_back(owner, paper=number, account=mine.id, **by(key="back"))
    again = paper.take_back(owner, paper=number, account=mine.id, **by(key="back"))

    assert (again.hit, again.transfer) == (True, first.transfer)
    assert posted(owner, mine, other) == [-45, 45]
    attempts: tuple[Callable[[], object], ...] = (
        lambda: paper.take_back(owner, paper=number, account=mine.id, **by()),
        lambda: a_hand_in(owner, lost.text, other),
    )
    for attempt in attempts:
        with refused(owner, errors.SerialRefused):
            attempt()
    assert check.run(owner) == []


def test_a_number_opens_neither_kind_of_paper_as_the_other(owner: Connection) -> None:
    desk, mine = a_desk(owner), a_member(owner)
    a_sale(owner, desk)
    an_issue(owner, mine)
    cheque, roosje = numbers(owner)

    with refused(owner, errors.SerialRefused):
        paper.take_back(owner, paper=cheque, account=mine.id, **by())
    with refused(owner, errors.SerialRefused):
        paper.refund_lost(owner, paper=roosje, desk=desk.id, **by())


@pytest.mark.parametrize("kind", ["provider", "member", "nobody"])
def test_only_a_desk_pays_back_and_only_a_member_takes_back(owner: Connection, kind: str) -> None:
    desk, mine, provider = a_desk(owner), a_member(owner), a_provider(owner)
    a_sale(owner, desk)
    an_issue(owner, mine)
    cheque, roosje = numbers(owner)
    wrong = {"provider": (provider.id, provider.id), "member": (mine.id, desk.id)}
    at, to = wrong.get(kind, (AccountId(NOBODYS), AccountId(NOBODYS)))

    with refused(owner, errors.LedgerError):
        paper.refund_lost(owner, paper=cheque, desk=at, **by())
    with refused(owner, errors.LedgerError):
        paper.take_back(owner, paper=roosje, account=to, **by())
    assert posted(owner, desk, mine) == [1500, -60]


def _seen(connection: Connection, organisation: UUID | None) -> list[tuple[str, str]]:
    """Accounts as somebody of the organisation sees them, who has no reach and no account."""
    see(connection)
    value = f"{{{organisation}}}" if organisation else ""
    connection.exec_driver_sql("SELECT set_config('app.organisations', %s, true)", (value,))
    rows = connection.exec_driver_sql("SELECT kind::text, unit::text FROM ledger.account ORDER BY id")
    return [(row[0], row[1]) for row in rows]


def test_people_of_an_organisation_see_its_account_as_a_provider_and_nothing_else(
    connection: Connection,
) -> None:
    ours, theirs = uuid4(), uuid4()
    for organisation in (ours, theirs):
        a_member(connection, kind=AccountKind.PROVIDER, unit=Unit.VOUCHER, owner=organisation)
        a_member(connection, kind=AccountKind.ORGANISATION, owner=organisation)
        a_member(connection, owner=organisation)

    assert _seen(connection, ours) == [("provider", "VOUCHER")]
    assert _seen(connection, uuid4()) == []
    assert _seen(connection, None) == []


def test_of_its_account_an_organisation_sees_what_came_in_and_no_code(connection: Connection) -> None:
    ours = uuid4()
    provider = a_member(connection, kind=AccountKind.PROVIDER, unit=Unit.VOUCHER, owner=ours)
    (serial,) = a_sale(connection, a_desk(connection)).serials
    a_redemption(connection, serial.text, provider)

    assert _seen(connection, ours) == [("provider", "VOUCHER")]
    assert connection.exec_driver_sql("SELECT delta FROM ledger.entry").scalars().all() == [1]
    assert connection.exec_driver_sql("SELECT count(*) FROM ledger.transfer").scalar_one() == 1
    with refused(connection, DBAPIError, "permission denied"):
        connection.exec_driver_sql("SELECT serial_hash FROM ledger.serial")
