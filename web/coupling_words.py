"""Talks of couplings in words."""

from typing import Final

from app.couplings.models import CouplingTalk, GoesOn, How, TalkAnswer, TalkKind, TalkOutcome, TalkStatus
from web import dutch
from web.i18n import N_, translate

KINDS: Final = {
    TalkKind.START: N_("Het eerste gesprek"),
    TalkKind.MIDDLE: N_("Het gesprek halverwege"),
    TalkKind.END: N_("Het laatste gesprek"),
}
HOWS: Final = {
    How.HOME: N_("bij u thuis"),
    How.DESK: N_("bij ons aan het bureau"),
    How.PHONE: N_("per telefoon"),
}
PLACES: Final = {
    How.HOME: N_("Bij de vrager thuis"),
    How.DESK: N_("Aan het bureau"),
    How.PHONE: N_("Per telefoon"),
}
OUTCOMES: Final = {
    TalkOutcome.GOES_ON: N_("Zij gaan zo verder"),
    TalkOutcome.DIFFERENTLY: N_("Zij gaan verder, en doen iets anders"),
    TalkOutcome.ENDED: N_("Zij stoppen"),
}
GOES_ON: Final = {
    GoesOn.YES: N_("Ja, ik ga graag verder"),
    GoesOn.UNSURE: N_("Dat weet ik nog niet"),
    GoesOn.RATHER_NOT: N_("Ik stop liever"),
}
SAYS: Final = {
    GoesOn.YES: N_("gaat graag verder"),
    GoesOn.UNSURE: N_("weet het nog niet"),
    GoesOn.RATHER_NOT: N_("stopt liever"),
}


def says(answer: TalkAnswer, lang: str) -> str:
    """Whether somebody would like to go on, as a desk reads it."""
    return translate(lang, SAYS[answer.goes_on])


def reading(talk: CouplingTalk, lang: str) -> str:
    """Where a talk stands, for who it is about."""
    if talk.status is TalkStatus.HELD:
        return translate(lang, N_("Is geweest"))
    if talk.status is TalkStatus.CANCELLED:
        return translate(lang, N_("Gaat niet meer door"))
    if talk.starts_at is None or talk.how is None:
        return translate(lang, N_("Rond %(day)s. U krijgt bericht."), day=dutch.day(talk.due_on, lang))
    when = dutch.moment(talk.starts_at, lang)
    return f"{when}, {translate(lang, HOWS[talk.how])}" if talk.how is not How.HOME else when
