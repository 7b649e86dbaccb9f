"""Invoices for cheques: made, sent, paid with four eyes, booked on both sides, corrected by reversal."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, create_engine

import rewards
from rewards import Account, AccountKind, Reason, Unit, check, errors, invoices, months
from rewards.invoices import Invoice, State
from tests.databases import Database
from tests.rewards.factories import A, B, C, refused, see
from tests.rewards.paper_factories import a_desk, a_provider, a_redemption, a_sale, municipal
from tests.rewards.test_months import FEBRUARY, JANUARY, travel

ONE, TWO, THEIRS = UUID(int=0xA1), UUID(int=0xA2), UUID(int=0xB1)
"""Two treasurers of A, and one of B."""


@pytest.fixture
def books(apart: Database) -> Iterator[Connection]:
    """The owner of an own ledger, at work everywhere on 5 January 2031."""
    engine = create_engine(apart.owner_url)
    with engine.connect() as owner:
        see(owner, A, B, C)
        travel(owner, date(2031, 1, 5))
        yield owner
        owner.rollback()
    engine.dispose()


@pytest.fixture
def providers(books: Connection) -> list[Account]:
    """Two of A's accounts of cheques, of organisations that sit in B: three and one came in, in January."""
    desk, all_of_them = a_desk(books), [a_provider(books), a_provider(books)]
    sold = a_sale(books, desk, 5)
    for place, serial in zip((0, 0, 0, 1), sold.serials, strict=False):
        a_redemption(books, serial.text, all_of_them[place])
    travel(books, date(2031, 2, 5))
    return all_of_them


def billed(books: Connection, providers: list[Account], **changes: Any) -> Invoice:
    values: dict[str, Any] = {
        "key": str(uuid4()), "actor": THEIRS, "municipality_id": B, "payer_id": A, "payee_id": B, "month": JANUARY,
        "accounts": [one.id for one in providers],
    }  # fmt: skip
    return invoices.of_batch(books, invoices.bill(books, **(values | changes)).batch)


def owed(books: Connection, provider: Account, vouchers: int = 2, **changes: Any) -> Invoice:
    values: dict[str, Any] = {"key": str(uuid4()), "actor": ONE, "municipality_id": A, "month": FEBRUARY}
    booked = invoices.owe(books, provider=provider.id, vouchers=vouchers, **(values | changes))
    return invoices.of_batch(books, booked.batch)


def step(
    books: Connection, one: Invoice, state: State, actor: UUID = ONE, side: int = A, **more: Any
) -> Invoice:
    return invoices.step(books, actor=actor, invoice=one.id, municipality_id=side, state=state, **more)


def sent(books: Connection, one: Invoice) -> Invoice:
    return step(books, one, State.SENT, THEIRS if one.payee_id else ONE, one.creditor_id)


def reported(books: Connection, one: Invoice, actor: UUID = ONE) -> Invoice:
    return step(books, sent(books, one), State.REPORTED, actor, one.payer_id, paid_on=date(2031, 2, 4))


def paid(books: Connection, one: Invoice) -> Invoice:
    return step(books, reported(books, one), State.PAID, TWO, one.payer_id)


def cents(books: Connection, kind: AccountKind, municipality_id: int = A) -> int:
    return int(books.exec_driver_sql(
        "SELECT coalesce(sum(posted), 0) FROM ledger.account WHERE municipality_id = %s AND unit = 'EURCENT'"
        " AND kind = %s::ledger.account_kind", (municipality_id, kind),
    ).scalar_one())  # fmt: skip


def all_right(books: Connection, *municipalities: int) -> None:
    """No invariant is broken, and the month reconciles on every side, in cheques and in cents."""
    assert check.run(books) == []
    for place in municipalities or (A, B):
        for unit in (Unit.VOUCHER, Unit.EURCENT):
            if unit in months.units(books, place):
                end = months.month_end(books, place, unit, FEBRUARY)
                assert [one.what for one in end.checks if not one.right] == []


def test_an_invoice_to_a_neighbour_has_all_that_came_in_until_the_month_was_over(
    books: Connection, providers: list[Account]
) -> None:
    last = a_sale(books, a_desk(books)).serials[0]
    a_redemption(books, last.text, providers[1])  # in February

    one = billed(books, providers)

    assert (one.number, one.vouchers, one.cents) == ("203101-1771-0794", 4, 6000)
    assert [(line.account, line.vouchers) for line in one.lines] == [
        (providers[0].id, 3),
        (providers[1].id, 1),
    ]
    assert (one.state, one.steps[0].by, one.is_open) == (State.MADE, THEIRS, True)
    assert [rewards.balance(books, provider.id).posted for provider in providers] == [0, 1]
    assert cents(books, AccountKind.SUSPENSE) == 6000
    all_right(books)


def test_an_invoice_that_is_paid_stands_in_the_books_of_both(
    books: Connection, providers: list[Account]
) -> None:
    one = paid(books, billed(books, providers))

    assert (one.state, one.is_open, one.reported and one.reported.paid_on) == (
        State.PAID,
        False,
        date(2031, 2, 4),
    )
    assert [(place, cents(books, AccountKind.CLEARING, place)) for place in (A, B)] == [(A, 6000), (B, -6000)]
    assert [(place, cents(books, AccountKind.SUSPENSE, place)) for place in (A, B)] == [(A, 0), (B, 6000)]
    all_right(books)


def test_what_a_neighbour_paid_is_passed_on_to_each_organisation(
    books: Connection, providers: list[Account]
) -> None:
    one = paid(books, billed(books, providers))
    passed = sorted(
        (i for i in invoices.of_municipality(books, B) if i.follows == one.id), key=lambda i: -i.cents
    )
    assert [(i.payer_id, i.owner, i.cents, i.state) for i in passed] == [
        (B, providers[0].owner, 4500, State.MADE), (B, providers[1].owner, 1500, State.MADE)]  # fmt: skip

    for each in passed:
        paid(books, each)

    assert cents(books, AccountKind.SUSPENSE, B) == 0
    assert cents(books, AccountKind.PROVIDER, B) == 6000
    all_right(books)


def test_a_provider_is_paid_in_the_same_way(books: Connection, providers: list[Account]) -> None:
    one = owed(books, providers[0], 2)
    assert (one.payee_id, one.owner, one.cents) == (None, providers[0].owner, 3000)

    paid(books, one)

    assert municipal(books, Unit.EURCENT, AccountKind.SUSPENSE) == 0
    assert cents(books, AccountKind.PROVIDER) == 3000
    assert rewards.balance(books, providers[0].id).posted == 1
    all_right(books, A)


def test_cheques_are_on_one_invoice_only(books: Connection, providers: list[Account]) -> None:
    owed(books, providers[0], 2)
    one = billed(books, providers)
    assert one.vouchers == 2  # of the four, two are paid to the provider itself

    with refused(books, errors.NothingDue):
        billed(books, providers)
    with refused(books, errors.Overdrawn):
        owed(books, providers[0], 1)
    all_right(books)


def test_the_same_key_makes_one_invoice_and_another_body_is_refused(
    books: Connection, providers: list[Account]
) -> None:
    first = billed(books, providers, key="k")
    assert billed(books, providers, key="k") == first
    with refused(books, errors.KeyReused):
        billed(books, providers[:1], key="k")


def test_who_reported_a_payment_does_not_confirm_it(books: Connection, providers: list[Account]) -> None:
    one = reported(books, billed(books, providers))

    with refused(books, errors.OwnInterest):
        step(books, one, State.PAID, ONE)

    assert invoices.get(books, one.id).state is State.REPORTED
    assert step(books, one, State.PAID, THEIRS, B).state is State.PAID  # who got it may say so


def test_a_step_that_is_taken_again_changes_nothing(books: Connection, providers: list[Account]) -> None:
    one = paid(books, billed(books, providers))
    again = step(books, one, State.PAID, TWO)
    assert again == one
    with refused(books, errors.InvoiceStands):
        step(books, one, State.PAID, THEIRS, B)


def test_a_payment_that_was_not_so_is_taken_back_before_it_is_booked(
    books: Connection, providers: list[Account]
) -> None:
    one = reported(books, billed(books, providers))
    assert step(books, one, State.SENT, TWO).state is State.SENT
    assert cents(books, AccountKind.CLEARING) == 0
    all_right(books)


def test_a_disputed_invoice_is_withdrawn_and_made_again(books: Connection, providers: list[Account]) -> None:
    one = step(books, sent(books, billed(books, providers)), State.DISPUTED, reason=Reason.WRONG_AMOUNT)
    with refused(books, errors.InvoiceStands):
        step(books, one, State.REPORTED, paid_on=date(2031, 2, 4))

    gone = step(books, one, State.WITHDRAWN, THEIRS, B, reason=Reason.WRONG_AMOUNT)

    assert gone.state is State.WITHDRAWN
    assert [rewards.balance(books, provider.id).posted for provider in providers] == [3, 1]
    assert cents(books, AccountKind.SUSPENSE) == 0
    all_right(books)
    second = billed(books, providers)
    assert (second.number, second.cents) == ("203101-1771-0794-2", 6000)
    all_right(books)


def test_a_payment_recorded_by_mistake_is_reversed_and_can_be_recorded_again(
    books: Connection, providers: list[Account]
) -> None:
    one = paid(books, billed(books, providers))

    open_again = step(books, one, State.SENT, TWO, reason=Reason.BOOKED_BY_MISTAKE)

    assert open_again.state is State.SENT
    assert [cents(books, AccountKind.CLEARING, place) for place in (A, B)] == [0, 0]
    assert [cents(books, AccountKind.SUSPENSE, place) for place in (A, B)] == [6000, 0]
    assert {i.state for i in invoices.of_municipality(books, B) if i.follows} == {State.WITHDRAWN}
    all_right(books)
    step(books, one, State.REPORTED, paid_on=date(2031, 2, 5))
    step(books, one, State.PAID, TWO)
    all_right(books)


def test_what_was_passed_on_is_corrected_before_what_it_came_from(
    books: Connection, providers: list[Account]
) -> None:
    one = paid(books, billed(books, providers))
    passed = next(i for i in invoices.of_municipality(books, B) if i.follows)
    paid(books, passed)

    with refused(books, errors.PassedOn):
        step(books, one, State.SENT, TWO, reason=Reason.BOOKED_BY_MISTAKE)
    with refused(books, errors.InvoiceStands):
        step(books, passed, State.WITHDRAWN, ONE, B, reason=Reason.OTHER)

    step(books, passed, State.SENT, TWO, B, reason=Reason.BOOKED_BY_MISTAKE)
    step(books, one, State.SENT, TWO, reason=Reason.BOOKED_BY_MISTAKE)
    all_right(books)


def test_each_step_is_for_its_own_side(books: Connection, providers: list[Account]) -> None:
    one = billed(books, providers)
    with refused(books, errors.OtherSide):
        step(books, one, State.SENT)
    with refused(books, errors.OtherSide):
        step(books, one, State.WITHDRAWN, reason=Reason.OTHER)
    sent(books, one)
    with refused(books, errors.OtherSide):
        step(books, one, State.DISPUTED, THEIRS, B, reason=Reason.OTHER)
    with refused(books, errors.OtherSide):
        step(books, one, State.REPORTED, THEIRS, B, paid_on=date(2031, 2, 4))


@pytest.mark.parametrize("side", [C, A])
def test_for_others_there_is_no_such_invoice(books: Connection, providers: list[Account], side: int) -> None:
    one = billed(books, providers)
    see(books, B, C)  # A is out of reach, and C has no part in it
    with refused(books, errors.UnknownInvoice):
        step(books, one, State.SENT, side=side)
    with refused(books, errors.UnknownInvoice):
        billed(books, providers, municipality_id=side)
    see(books, A, B, C)


@pytest.mark.parametrize(
    "values",
    [{"paid_on": None}, {"paid_on": date(2031, 2, 6)}, {"paid_on": date(2030, 12, 31)}, {"paid_on": "2031-02-04"},
     {"paid_on": date(2031, 2, 4), "reason": Reason.OTHER}],
)  # fmt: skip
def test_a_payment_has_its_day_and_not_one_to_come(
    books: Connection, providers: list[Account], values: dict[str, Any]
) -> None:
    one = sent(books, billed(books, providers))
    with refused(books, errors.InvalidInput):
        step(books, one, State.REPORTED, **values)


def test_who_takes_something_back_says_why(books: Connection, providers: list[Account]) -> None:
    one = sent(books, billed(books, providers))
    with refused(books, errors.InvalidInput):
        step(books, one, State.DISPUTED)
    with refused(books, errors.InvalidInput):
        step(books, one, State.WITHDRAWN, THEIRS, B)


def test_a_month_that_runs_is_not_invoiced_to_a_neighbour(
    books: Connection, providers: list[Account]
) -> None:
    with refused(books, errors.MonthNotOver):
        billed(books, providers, month=FEBRUARY)
    with refused(books, errors.MonthNotOver):
        owed(books, providers[0], month=date(2031, 3, 1))


def test_only_cheques_of_who_pays_are_on_an_invoice(books: Connection, providers: list[Account]) -> None:
    with refused(books, errors.WrongAccount):
        billed(books, [a_provider(books, B)])
    with refused(books, errors.WrongAccount):
        billed(books, [a_desk(books)])


def test_a_leg_of_an_invoice_is_not_reversed_by_itself(books: Connection, providers: list[Account]) -> None:
    one = paid(books, billed(books, providers))
    of_both = [one.batch, one.steps[-1].batch]
    for transfer in books.exec_driver_sql(
        "SELECT id FROM ledger.transfer WHERE batch_id = ANY (%s) AND follows_id IS NULL", (of_both,)
    ).scalars():
        with refused(books, errors.NotReversible):
            rewards.reverse(books, key=str(uuid4()), actor=ONE, transfer=transfer, reason=Reason.OTHER)


def test_both_close_their_month_with_invoices_open_and_paid(
    books: Connection, providers: list[Account]
) -> None:
    paid(books, billed(books, providers))
    owed(books, a_provider_with(books, 2), 2)
    travel(books, date(2031, 3, 5))
    for unit in (Unit.VOUCHER, Unit.EURCENT):
        for month in (JANUARY, FEBRUARY):
            months.close_month(books, actor=ONE, municipality_id=A, unit=unit, month=month)
    months.close_month(books, actor=THEIRS, municipality_id=B, unit=Unit.EURCENT, month=FEBRUARY)
    end = months.month_end(books, A, Unit.EURCENT, FEBRUARY)
    assert (end.reconciles, end.open_cents) == (True, 3000)
    assert check.run(books) == []


def a_provider_with(books: Connection, cheques: int) -> Account:
    provider = a_provider(books)
    for serial in a_sale(books, a_desk(books), cheques).serials:
        a_redemption(books, serial.text, provider)
    return provider
