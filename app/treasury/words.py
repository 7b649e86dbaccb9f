"""Dutch names of what stands in the books: units, kinds of accounts, operations, checks, faults.

The same on a page, in a file and in the API; a page translates them.
"""

from decimal import Decimal
from typing import Final

from rewards.invoices import State
from rewards.months import Check
from rewards.types import AccountKind, Unit


def N_(text: str) -> str:  # noqa: N802 - the mark by which catalogues find a sentence
    """The text itself; it is translated where it is shown."""
    return text


UNITS: Final = {
    Unit.ROOSJE_MIN: N_("Roosjes"),
    Unit.VOUCHER: N_("Dienstencheques"),
    Unit.EURCENT: N_("Geld van de cheques"),
    Unit.WELFARE_CENT: N_("Welzijnsbudgetten"),
}
MEASURES: Final = {
    Unit.ROOSJE_MIN: N_("minuten"),
    Unit.VOUCHER: N_("cheques"),
    Unit.EURCENT: N_("euro"),
    Unit.WELFARE_CENT: N_("euro"),
}
IN_EURO: Final = frozenset({Unit.EURCENT, Unit.WELFARE_CENT})
KINDS: Final = {
    AccountKind.MEMBER: N_("inwoners"),
    AccountKind.ORGANISATION: N_("organisaties"),
    AccountKind.POT: N_("pot"),
    AccountKind.ISSUER: N_("uitgifte"),
    AccountKind.DESK: N_("balie"),
    AccountKind.PROVIDER: N_("aanbieders"),
    AccountKind.CLEARING: N_("tussen gemeenten"),
    AccountKind.SUSPENSE: N_("onderweg, op papier"),
    AccountKind.EXPIRED: N_("verlopen"),
}
SPENT: Final = N_("uitgegeven")
"""Where a welfare budget goes that was spent: there is no paper on its way."""
SET_ASIDE: Final = N_("apart voor open facturen")
"""Money of cheques in suspense: neither is that on paper."""
OF_MONEY: Final = {
    (AccountKind.SUSPENSE, Unit.WELFARE_CENT): SPENT,
    (AccountKind.SUSPENSE, Unit.EURCENT): SET_ASIDE,
}
OPERATIONS: Final = {
    "settle": N_("hulp"),
    "pay": N_("gegeven"),
    "pay_many": N_("gegeven aan meer mensen"),
    "donate": N_("gift aan de pot"),
    "grant": N_("uit de pot"),
    "share": N_("samen geholpen"),
    "make_whole": N_("goedgemaakt uit de pot"),
    "leave": N_("vertrek"),
    "move": N_("verhuizing"),
    "issue": N_("op papier gezet"),
    "hand_in": N_("papier ingeleverd"),
    "take_back": N_("papier teruggenomen"),
    "sell": N_("cheques verkocht"),
    "redeem": N_("cheques ingeleverd"),
    "refund": N_("cheques terugbetaald"),
    "lapse": N_("verlopen"),
    "pay_out": N_("aanbieder uitbetaald"),
    "invoice": N_("factuur gemaakt"),
    "invoice_pay": N_("factuur betaald"),
    "invoice_withdraw": N_("factuur ingetrokken"),
    "invoice_correct": N_("betaling teruggeboekt"),
    "welfare_grant": N_("budget toegekend"),
    "welfare_spend": N_("budget besteed"),
    "welfare_undo": N_("besteding teruggedraaid"),
    "welfare_return": N_("budget terug"),
    "net": N_("verrekend met buren"),
    "reverse": N_("teruggeboekt"),
}
CHECKS: Final = {
    "closing": N_("Begin, erbij en eraf geven het eind: %(of)s"),
    "movements": N_("Alle boekingen samen geven het verschil: %(of)s"),
    "as_closed": N_("Nog zoals bij het afsluiten: %(of)s"),
    "together": N_("Alles samen is nul"),
    "clearing": N_("Wat open staat is bij beide gemeenten gelijk: %(of)s"),
    "cash": N_("Geld bij de balies is 15 euro voor elke verkochte cheque"),
    "owed": N_("Betaald en gefactureerd is 15 euro voor elke cheque van aanbieders"),
    "open": N_("Open facturen zijn het geld dat apart staat"),
    "vouchers": N_("Verkocht is ingeleverd, nog in omloop, verlopen en terugbetaald samen"),
    "welfare": N_("Toegekend is besteed, teruggegeven en nog over samen"),
}
INVOICES: Final = {
    State.MADE: N_("gemaakt"),
    State.SENT: N_("verstuurd"),
    State.DISPUTED: N_("betwist"),
    State.REPORTED: N_("betaald, wacht op een collega"),
    State.PAID: N_("betaald"),
    State.WITHDRAWN: N_("ingetrokken"),
}
"""How an invoice stands."""
FAULTS: Final = {
    "missing": N_("Er ontbreekt een regel hiervoor"),
    "amount": N_("Het bedrag of het saldo klopt niet"),
    "chain": N_("De regel sluit niet aan op de vorige"),
    "hash": N_("De inhoud is later veranderd"),
    "entries": N_("De boeking heeft geen twee regels"),
    "leg": N_("De andere gemeente heeft deze boeking niet"),
}
REASONS: Final = {
    "booked_by_mistake": N_("per ongeluk geboekt"),
    "wrong_amount": N_("het aantal klopte niet"),
    "wrong_party": N_("het was voor iemand anders"),
    "not_delivered": N_("de hulp ging niet door"),
    "cancelled": N_("het was afgezegd"),
    "dispute": N_("de twee zagen het verschillend"),
    "other": N_("een andere reden"),
}


def amount(unit: Unit, whole: int) -> int | Decimal:
    """What a file shows: whole minutes and cheques, cents as euros with two decimals."""
    return Decimal(whole).scaleb(-2) if unit in IN_EURO else whole


def kind(of: AccountKind, unit: Unit) -> str:
    """A kind of account in Dutch."""
    return OF_MONEY.get((of, unit), KINDS[of])


def operation(of: str) -> str:
    """What happened, in Dutch; a newer kind of booking keeps its own name."""
    return OPERATIONS.get(of, of)


def check(of: Check, unit: Unit, names: dict[int, str]) -> tuple[str, str]:
    """The sentence of a check, with a place for `of`, and what that is; `names` are of municipalities."""
    about = of.of
    if of.name == "clearing":
        about = names.get(int(of.of), of.of)
    elif of.of:
        about = kind(AccountKind(of.of), unit)
    return CHECKS[of.name], about
