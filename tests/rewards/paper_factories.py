"""Desks, providers and papers for the tests; papers last a year."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from rewards import Account, AccountKind, Booking, Unit, invoices, paper
from rewards.paper import Papers
from tests.rewards.factories import MAKELAAR, A, a_member, now

YEAR = timedelta(days=365)


def by(**changes: Any) -> dict[str, Any]:
    """A fresh key, and the makelaar as actor."""
    return {"key": str(uuid4()), "actor": MAKELAAR} | changes


def a_desk(connection: Connection, municipality_id: int = A, number: int = 0) -> Account:
    return a_member(
        connection, municipality_id, kind=AccountKind.DESK, unit=Unit.EURCENT, owner=None, shard=number
    )


def a_provider(connection: Connection, municipality_id: int = A) -> Account:
    return a_member(connection, municipality_id, kind=AccountKind.PROVIDER, unit=Unit.VOUCHER)


def a_sale(connection: Connection, desk: Account, vouchers: int = 1, **changes: Any) -> Papers:
    values = by(expires_at=now(connection) + YEAR) | changes
    return paper.sell(connection, desk=desk.id, vouchers=vouchers, **values)


def an_issue(
    connection: Connection, account: Account, papers: int = 1, minutes: int = 60, **changes: Any
) -> Papers:
    values = by(expires_at=now(connection) + YEAR) | changes
    return paper.issue(connection, account=account.id, papers=papers, minutes=minutes, **values)


def a_redemption(connection: Connection, serial: str, provider: Account, **changes: Any) -> Booking:
    return paper.redeem(connection, serial=serial, provider=provider.id, **by(**changes))


def a_payout(connection: Connection, provider: Account, vouchers: int = 1, **changes: Any) -> Booking:
    """An invoice for cheques of this provider; whoever makes it has to see the municipality."""
    values = (
        by(municipality_id=provider.municipality_id, month=now(connection).date().replace(day=1)) | changes
    )
    return invoices.owe(connection, provider=provider.id, vouchers=vouchers, **values)


def an_old_payout(owner: Connection, provider: Account, vouchers: int = 1) -> None:
    """As one treasurer paid a provider alone, before there were invoices."""
    owner.exec_driver_sql(
        """SELECT ledger.book_leg(b, 'VOUCHER', %(provider)s, ledger.municipal(%(place)s, 'VOUCHER', 'issuer'),
                %(vouchers)s, %(owner)s, NULL),
            ledger.book_leg(b, 'EURCENT', ledger.municipal(%(place)s, 'EURCENT', 'issuer'),
                (ledger.open_account(%(place)s, 'EURCENT', 'provider', %(owner)s, NULL, 0, NULL, NULL)).id,
                ledger.voucher_cents(%(vouchers)s), NULL, %(owner)s)
        FROM ledger.begin_batch(%(actor)s, 'pay_out', %(key)s, sha256('x'), NULL, NULL, NULL, NULL) b""",
        by(provider=provider.id, place=provider.municipality_id, vouchers=vouchers, owner=provider.owner),
    )


def a_refund(connection: Connection, serial: str, desk: Account, **changes: Any) -> Booking:
    return paper.refund(connection, serial=serial, desk=desk.id, **by(**changes))


def a_hand_in(connection: Connection, serial: str, account: Account, **changes: Any) -> Booking:
    return paper.hand_in(connection, serial=serial, account=account.id, **by(**changes))


def municipal(connection: Connection, unit: Unit, kind: AccountKind, municipality_id: int = A) -> int:
    """The balance of the municipality's own account of this kind; 0 when it has none."""
    return (
        connection.exec_driver_sql(
            "SELECT posted FROM ledger.account WHERE municipality_id = %s AND unit = %s::ledger.unit"
            " AND kind = %s::ledger.account_kind AND shard = 0",
            (municipality_id, unit, kind),
        ).scalar()
        or 0
    )


def pass_time(connection: Connection, **by_interval: int) -> None:
    """Only the owner's connection can."""
    connection.exec_driver_sql("SELECT ledger.shift(%s)", (timedelta(**by_interval),))
