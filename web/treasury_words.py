"""The treasurer's month in words and tables: amounts as people read them, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.treasury import words
from app.treasury.months import Books
from rewards.journal import Booked, Fault
from rewards.months import MonthEnd
from rewards.types import Reason, Unit
from web import dutch
from web.i18n import DUTCH, N_, translate

AGES: Final = (N_("tot 30 dagen oud"), N_("30 tot 90 dagen oud"), N_("90 dagen oud of ouder"))
REFUSALS: Final = {
    "month-not-over": N_("Deze maand is nog niet voorbij. Sluit hem af als de maand om is."),
    "month-out-of-order": N_("Er is nog een eerdere maand open. Sluit die eerst af."),
    "month-does-not-reconcile": N_("De maand klopt niet. Daarom blijft hij open. Kijk wat er niet klopt."),
    "netting-needs-two": N_("U zei al ja voor de andere gemeente. Laat een collega dit doen."),
    "netting-answered": N_("Hier is al antwoord op gegeven."),
    "netting-outgrown": N_("Er staat intussen minder open. Maak een nieuw voorstel."),
    "invoice-moved": N_("De factuur is intussen veranderd. Kijk hoe het nu is."),
    "invoice-needs-two": N_("U zei zelf dat er betaald is. Laat een collega dit bevestigen."),
    "account-stands-still": N_("De rekening van een organisatie staat stil. Bel de beheerder van de regio."),
    "invoice-passed-on": N_("Het geld ging al door naar een organisatie. Boek eerst die betaling terug."),
    "pot-empty": N_("In de pot van de gemeente die meer gaf, zit niet genoeg."),
}


WHY: Final = {
    Reason.WRONG_AMOUNT: N_("Het bedrag klopt niet"),
    Reason.WRONG_PARTY: N_("Het is niet voor ons"),
    Reason.BOOKED_BY_MISTAKE: N_("Het is per ongeluk gedaan"),
    Reason.NOT_DELIVERED: N_("Er is geen hulp gegeven"),
    Reason.OTHER: N_("Iets anders"),
}
"""What may be wrong with an invoice."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the page: a name and its amounts, ready to be read."""

    name: str
    amounts: Sequence[str]
    soort: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """Two figures that have to be the same."""

    sentence: str
    right: bool
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that does not fit: which, and since when."""

    sentence: str
    row: str
    moment: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A booking that sets an earlier one right."""

    number: int
    moment: str
    amount: str
    corrects: int
    month: str
    reason: str


@dataclass(frozen=True, slots=True)
class Book:
    """One unit of the month."""

    slug: str
    name: str
    measure: str
    balances: Sequence[Line]
    movements: Sequence[Line]
    clearing: Sequence[Line]
    in_money: bool
    """Whether what stands between neighbours is what they paid each other."""
    holds: int
    held: Sequence[Line]
    checks: Sequence[Checked]
    wrong: Sequence[Wrong]
    corrections: Sequence[Correction]
    reconciles: bool


def books(of: Books, lang: str = DUTCH) -> list[Book]:
    """Every unit of the month."""
    return [_book(of, end, lang) for end in of.ends]


def amount(unit: Unit, whole: int, lang: str = DUTCH) -> str:
    """``−1 uur 30``, ``12``, ``€ 450``: with a true minus sign."""
    if unit in words.IN_EURO:
        return dutch.euros(whole, lang)
    said = dutch.duration(whole, lang) if unit is Unit.ROOSJE_MIN else dutch.number(abs(whole), lang)
    return f"−{said}" if whole < 0 else said


def refusal(code: str, lang: str) -> str:
    """What stands in the way."""
    return translate(lang, REFUSALS.get(code, N_("Dat lukt nu niet. Kijk hoe het nu is.")))


def _book(of: Books, end: MonthEnd, lang: str) -> Book:
    unit = end.unit

    def said(whole: int) -> str:
        return amount(unit, whole, lang)

    held = (end.holds.to_30_days, end.holds.to_90_days, end.holds.longer)
    return Book(
        slug=unit.value.lower().replace("_", "-"),
        name=translate(lang, words.UNITS[unit]),
        measure=translate(lang, words.MEASURES[unit]),
        balances=[
            Line(translate(lang, words.kind(one.kind, unit)),
                 [said(one.opening), said(one.credits), said(one.debits), said(one.closing)])
            for one in end.balances if any((one.opening, one.credits, one.debits, one.closing))
        ],
        movements=[
            Line(translate(lang, words.kind(one.kind, unit)),
                 [dutch.number(one.transfers, lang), said(one.credits), said(one.debits)],
                 translate(lang, words.operation(one.operation)))
            for one in end.movements
        ],
        clearing=[Line(of.names.get(one.counter_municipality_id, "?"), [said(one.balance)])
                  for one in end.clearing if one.balance or one.counter_balance],
        in_money=unit in words.IN_EURO,
        holds=end.holds.number,
        held=[Line(translate(lang, name), [said(whole)]) for name, whole in zip(AGES, held, strict=True)],
        checks=_checked(of, end, lang),
        wrong=[_wrong(fault, lang) for unit_of, fault in of.faults if unit_of is unit],
        corrections=[_correction(unit, one, lang) for unit_of, one in of.corrections if unit_of is unit],
        reconciles=end.reconciles,
    )  # fmt: skip


def _checked(of: Books, end: MonthEnd, lang: str) -> list[Checked]:
    rows = []
    open_with = {str(pair.counter_municipality_id) for pair in end.clearing if pair.balance}
    for check in end.checks:
        sentence, about = words.check(check, end.unit, of.names)
        is_bare = check.of not in open_with if check.name == "clearing" else check.of and not check.found
        if check.right and is_bare:
            continue  # a kind of account, or a neighbour, with which there is nothing
        rows.append(
            Checked(
                translate(lang, sentence, of=translate(lang, about)),
                check.right,
                amount(end.unit, check.found, lang),
                amount(end.unit, check.expected, lang),
            )
        )
    return sorted(rows, key=lambda row: row.right)


def _wrong(fault: Fault, lang: str) -> Wrong:
    named = translate(lang, N_("boeking %(number)s"), number=fault.transfer)
    if fault.account is not None and fault.seq is not None:
        line = translate(
            lang, N_("rekening %(account)s, regel %(seq)s"), account=fault.account, seq=fault.seq
        )
        named = f"{line}, {named}"
    moment = dutch.moment(fault.booked_at, lang)
    return Wrong(translate(lang, words.FAULTS[fault.what]), named, moment)


def _correction(unit: Unit, one: Booked, lang: str) -> Correction:
    reason = words.REASONS.get(one.reason or "", "")
    return Correction(
        one.transfer,
        dutch.moment(one.booked_at, lang),
        amount(unit, one.amount, lang),
        one.corrects or 0,
        "" if one.corrects_month is None else dutch.month(one.corrects_month, lang),
        translate(lang, reason) if reason else "",
    )
