"""Dienstencheques: sold for cash, handed in once, refunded where they were sold, paid out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

import rewards
from rewards import AccountKind, Unit, check, errors, paper
from rewards.serials import new_serial
from tests.rewards.factories import MAKELAAR, A, B, a_member, a_reversal, now, posted, refused, see
from tests.rewards.paper_factories import (
    a_desk,
    a_hand_in,
    a_payout,
    a_provider,
    a_redemption,
    a_refund,
    a_sale,
    an_issue,
    an_old_payout,
    by,
    municipal,
    pass_time,
)


def test_a_sale_puts_cash_at_the_desk_and_cheques_in_suspense(owner: Connection) -> None:
    desk = a_desk(owner)

    sale = a_sale(owner, desk, 3)

    assert len({serial.digest for serial in sale.serials}) == 3
    assert posted(owner, desk) == [4500]
    assert municipal(owner, Unit.EURCENT, AccountKind.ISSUER) == -4500
    assert municipal(owner, Unit.VOUCHER, AccountKind.SUSPENSE) == 3
    assert check.run(owner) == []


def test_the_ledger_keeps_no_serial(owner: Connection) -> None:
    (serial,) = a_sale(owner, a_desk(owner)).serials
    stored = owner.exec_driver_sql("SELECT serial_hash FROM ledger.serial").scalar_one()
    assert bytes(stored) == serial.digest


def test_a_repeated_sale_is_the_first_one_and_shows_no_serial_again(owner: Connection) -> None:
    desk, until = a_desk(owner), now(owner) + timedelta(days=365)
    first = a_sale(owner, desk, 2, key="sale", expires_at=until)

    again = a_sale(owner, desk, 2, key="sale", expires_at=until)

    assert (again.booking.hit, again.booking.batch, again.serials) == (True, first.booking.batch, ())
    with refused(owner, errors.KeyReused):
        a_sale(owner, desk, 3, key="sale", expires_at=until)
    assert posted(owner, desk) == [3000]


def test_a_cheque_is_handed_in_once(owner: Connection) -> None:
    desk, provider, other = a_desk(owner), a_provider(owner), a_provider(owner)
    one, two = a_sale(owner, desk, 2).serials

    a_redemption(owner, one.text, provider)

    assert posted(owner, provider) == [1]
    for to in (provider, other):
        with refused(owner, errors.SerialRefused):
            a_redemption(owner, one.text, to)
    with refused(owner, errors.SerialRefused):
        a_refund(owner, one.text, desk)
    a_redemption(owner, two.text, other)
    assert check.run(owner) == []


def test_the_same_call_again_is_a_hit_and_another_body_is_not(owner: Connection) -> None:
    provider = a_provider(owner)
    one, two = a_sale(owner, a_desk(owner), 2).serials
    first = a_redemption(owner, one.text, provider, key="scan")

    again = a_redemption(owner, one.text.lower(), provider, key="scan")

    assert (again.hit, again.transfer) == (True, first.transfer)
    with refused(owner, errors.KeyReused):
        a_redemption(owner, two.text, provider, key="scan")


def test_every_serial_that_does_not_count_here_is_refused_in_the_same_words(owner: Connection) -> None:
    desk, provider, elsewhere = a_desk(owner), a_provider(owner), a_provider(owner, B)
    redeemed, refunded, abroad, expired = (serial.text for serial in a_sale(owner, desk, 4).serials)
    (minutes,) = an_issue(owner, a_member(owner)).serials
    a_redemption(owner, redeemed, provider)
    a_refund(owner, refunded, desk)
    said = set()

    def refuse(serial: str, to: Any) -> None:
        with refused(owner, errors.SerialRefused) as caught:
            a_redemption(owner, serial, to)
        said.add((str(caught.value), str(caught.value.details)))

    for serial in (new_serial().text, redeemed, refunded, minutes.text):
        refuse(serial, provider)
    refuse(abroad, elsewhere)
    pass_time(owner, days=366)
    refuse(expired, provider)
    paper.lapse_due(owner)
    refuse(expired, provider)

    assert len(said) == 1


def test_a_cheque_is_refunded_at_the_desk_that_sold_it_only(owner: Connection) -> None:
    desk, another, abroad = a_desk(owner), a_desk(owner, number=1), a_desk(owner, B)
    (serial,) = a_sale(owner, desk).serials
    a_sale(owner, another)
    a_sale(owner, abroad)

    for elsewhere in (another, abroad):
        with refused(owner, errors.SerialRefused):
            a_refund(owner, serial.text, elsewhere)
    a_refund(owner, serial.text, desk)

    assert posted(owner, desk, another) == [0, 1500]
    with refused(owner, errors.SerialRefused):
        a_refund(owner, serial.text, desk)
    with refused(owner, errors.SerialRefused):
        a_redemption(owner, serial.text, a_provider(owner))
    assert check.run(owner) == []


def test_a_sale_that_never_came_out_of_the_printer_is_refunded_whole(owner: Connection) -> None:
    desk, another = a_desk(owner), a_desk(owner, number=1)
    lost, used = a_sale(owner, desk, 3), a_sale(owner, desk, 2)
    a_redemption(owner, used.serials[0].text, a_provider(owner))

    paper.refund_sale(owner, sale=lost.booking.batch, desk=desk.id, **by())

    assert posted(owner, desk) == [3000]
    for sale, at in ((lost, desk), (used, desk), (used, another)):
        with refused(owner, errors.SerialRefused):
            paper.refund_sale(owner, sale=sale.booking.batch, desk=at.id, **by())
    assert check.run(owner) == []


def test_expired_cheques_lapse_once_and_leave_their_cash(owner: Connection) -> None:
    desk = a_desk(owner)
    used, *_ = a_sale(owner, desk, 3).serials
    a_redemption(owner, used.text, a_provider(owner))
    assert paper.lapse_due(owner) == []
    pass_time(owner, days=366)

    lapsed = paper.lapse_due(owner, 1) + paper.lapse_due(owner)

    assert [one.amount for one in lapsed] == [1, 1]
    assert paper.lapse_due(owner) == []
    assert posted(owner, desk) == [4500]
    assert municipal(owner, Unit.VOUCHER, AccountKind.EXPIRED) == 2
    assert check.run(owner) == []


def test_a_provider_is_paid_for_what_was_handed_in_and_no_more(owner: Connection) -> None:
    desk, provider = a_desk(owner), a_provider(owner)
    see(owner, A)
    for serial in a_sale(owner, desk, 3).serials:
        a_redemption(owner, serial.text, provider)

    with refused(owner, errors.Overdrawn) as caught:
        a_payout(owner, provider, 4)
    assert caught.value.details["room"] == 3
    a_payout(owner, provider, 2, key="march")
    again = a_payout(owner, provider, 2, key="march")

    assert again.hit
    assert posted(owner, provider) == [1]
    assert municipal(owner, Unit.EURCENT, AccountKind.SUSPENSE) == 3000
    assert check.run(owner) == []


def test_what_was_paid_before_there_were_invoices_still_adds_up(owner: Connection) -> None:
    desk, provider = a_desk(owner), a_provider(owner)
    for serial in a_sale(owner, desk, 3).serials:
        a_redemption(owner, serial.text, provider)
    an_old_payout(owner, provider, 2)

    assert provider.owner is not None
    purses = {account.unit: account.balance.posted for account in rewards.accounts(owner, provider.owner)}
    assert purses == {Unit.VOUCHER: 1, Unit.EURCENT: 3000}
    assert check.run(owner) == []


def test_no_part_of_a_sale_is_reversed(owner: Connection) -> None:
    sale = a_sale(owner, a_desk(owner))
    redeemed = a_redemption(owner, sale.serials[0].text, a_provider(owner))
    legs = owner.exec_driver_sql(
        "SELECT id FROM ledger.transfer WHERE batch_id = %s", (sale.booking.batch,)
    ).scalars()
    for leg in [*legs, redeemed.transfer]:
        with refused(owner, errors.NotReversible):
            rewards.reverse(owner, transfer=leg, reason=rewards.Reason.OTHER, **by())
    paid = an_issue(owner, a_member(owner))
    with refused(owner, errors.NotReversible):
        a_reversal(owner, paid.booking)


def test_limits_cannot_let_anybody_owe_cheques_or_cash(owner: Connection) -> None:
    provider = a_provider(owner)
    assert provider.balance.floor < 0
    with pytest.raises(Exception, match="account_owes_minutes_only"), owner.begin_nested():
        owner.exec_driver_sql(
            "SELECT ledger.book_leg(b, 'VOUCHER', %s, %s, 1, NULL, NULL) FROM ledger.begin_batch("
            "gen_random_uuid(), 'x', 'x', sha256('x'), NULL, NULL, NULL, NULL) b",
            (provider.id, a_provider(owner).id),
        )


@pytest.mark.parametrize("vouchers", [0, -1, 1.5, "3", True, 101, None, float("nan"), 2**63], ids=repr)
def test_what_is_no_number_of_cheques_sells_nothing(owner: Connection, vouchers: Any) -> None:
    desk = a_desk(owner)
    for act in (
        lambda: a_sale(owner, desk, vouchers),
        lambda: a_payout(owner, desk, -1 if vouchers == 101 else vouchers),
        lambda: an_issue(owner, desk, papers=vouchers),
        lambda: an_issue(owner, desk, minutes=0 if vouchers == 101 else vouchers),
    ):
        with pytest.raises(errors.InvalidInput):
            act()
    assert posted(owner, desk) == [0]


def test_the_wrong_kind_of_account_is_refused(owner: Connection) -> None:
    desk, provider, member = a_desk(owner), a_provider(owner), a_member(owner)
    (serial,) = a_sale(owner, desk).serials
    see(owner, A)
    for act in (
        lambda: a_sale(owner, provider),
        lambda: a_sale(owner, member),
        lambda: a_redemption(owner, serial.text, desk),
        lambda: a_refund(owner, serial.text, provider),
        lambda: a_payout(owner, desk),
        lambda: an_issue(owner, provider),
        lambda: a_hand_in(owner, serial.text, desk),
    ):
        with refused(owner, errors.WrongAccount):
            act()
    rewards.set_status(owner, provider.id, rewards.AccountStatus.FROZEN)
    with refused(owner, errors.AccountNotOpen):
        a_redemption(owner, serial.text, provider)


def test_nothing_is_sold_that_expires_at_once(owner: Connection) -> None:
    with refused(owner, errors.ExpiryInPast):
        a_sale(owner, a_desk(owner), expires_at=datetime(2020, 1, 1, tzinfo=UTC))


def test_a_serial_that_was_there_before_is_not_written_again(owner: Connection) -> None:
    desk = a_desk(owner)
    (serial,) = a_sale(owner, desk).serials
    call = "SELECT ledger.sell(%s, %s, %s, %s, %s)"
    for digests in ([serial.digest], [b"x" * 32, b"x" * 32]):
        with refused(owner, errors.SerialTaken), errors.refusals():
            owner.exec_driver_sql(call, ("again", MAKELAAR, desk.id, digests, now(owner) + timedelta(days=1)))


def test_what_a_paper_is_worth_is_told_where_it_can_be_handed_in(owner: Connection) -> None:
    (serial,) = a_sale(owner, a_desk(owner)).serials

    found = paper.worth(owner, serial=serial.text, unit=Unit.VOUCHER, municipality_id=A)

    assert found.amount == 1
    for unit, municipality_id in ((Unit.VOUCHER, B), (Unit.ROOSJE_MIN, A)):
        with refused(owner, errors.SerialRefused):
            paper.worth(owner, serial=serial.text, unit=unit, municipality_id=municipality_id)


def test_the_application_sells_and_sees_papers_but_never_a_hash(connection: Connection) -> None:
    sale = a_sale(connection, a_desk(connection), 2)
    a_redemption(connection, sale.serials[0].text, a_provider(connection))
    counts = "SELECT (SELECT count(id) FROM ledger.serial), (SELECT count(*) FROM ledger.serial_end)"

    assert tuple(connection.exec_driver_sql(counts).one()) == (2, 1)
    with refused(connection, Exception, "permission denied"):
        connection.exec_driver_sql("SELECT serial_hash FROM ledger.serial")
    see(connection, B)
    assert tuple(connection.exec_driver_sql(counts).one()) == (0, 0)
