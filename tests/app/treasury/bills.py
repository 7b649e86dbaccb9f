"""Cheques of Geldrop-Mierlo that organisations of Helmond, and one of its own, took in during the first month."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from rewards import Account, AccountKind, Unit, check
from tests.app.treasury.books import SECOND, as_owner, go_to
from tests.databases import Database
from tests.rewards.factories import A, a_member
from tests.rewards.paper_factories import a_desk, a_redemption, a_sale

ABROAD, HERE = UUID(int=77), UUID(int=78)
"""De Klusploeg, of Helmond, and De Handigheid, of Geldrop-Mierlo."""


@dataclass(frozen=True)
class Providers:
    """Accounts of cheques of Geldrop-Mierlo; three and two came in. It is day 5 of the second month."""

    abroad: Account
    here: Account


def handed_in(database: Database, *, go_on: bool = True) -> Providers:
    """Book them in the month that runs, and go on to the next unless it shall stay."""
    with as_owner(database) as owner:
        for id, place, name in ((ABROAD, 794, "De Klusploeg"), (HERE, A, "De Handigheid")):
            owner.execute(
                text("INSERT INTO organisation (id, municipality_id, name, kind, description, phone, website)"
                     " VALUES (:id, :place, :name, 'club', '', '', '')"),
                {"id": id, "place": place, "name": name},
            )  # fmt: skip
            owner.execute(
                text("INSERT INTO cheque_provider (id, municipality_id, organisation_id)"
                     " VALUES (gen_random_uuid(), 1771, :id)"),
                {"id": id},
            )  # fmt: skip
        abroad, here = (
            a_member(owner, A, kind=AccountKind.PROVIDER, unit=Unit.VOUCHER, owner=id)
            for id in (ABROAD, HERE)
        )
        for place, serial in enumerate(a_sale(owner, a_desk(owner), 6).serials[:5]):
            a_redemption(owner, serial.text, abroad if place < 3 else here)
        if go_on:
            go_to(owner, SECOND.replace(day=5))
    return Providers(abroad, here)


def in_order(database: Database) -> None:
    """No invariant of the ledger is broken."""
    with as_owner(database) as owner:
        assert check.run(owner) == []
