"""Words for who looked and for what becomes of one's data."""

from typing import Final

from app.access.roles import Role
from app.audit.write import Act
from web import sign_in_words
from web.i18n import N_, translate

LOOKED: Final = {
    Act.PERSON: N_("zag uw achternaam en telefoonnummer"),
    Act.ADDRESS: N_("zag uw adres"),
    Act.MESSAGES: N_("las uw berichten"),
    Act.NOTES: N_("las de notities bij uw vraag"),
    Act.RECEIPT: N_("bekeek een bon van u"),
    Act.PLAN: N_("las uw plan voor een welzijnsbudget"),
    Act.CHECKS: N_("zag welke papieren van u zijn bekeken"),
    Act.REPORT: N_("las een melding van u"),
    Act.APPEAL: N_("las waarom u het niet eens was met een schorsing"),
    Act.BOOKINGS: N_("bekeek wat u aan Roosjes gaf en kreeg"),
    Act.SAFETY_FILE: N_("opende een dossier over uw veiligheid"),
    Act.COUNTERPART: N_("zag uw telefoonnummer en adres, omdat u samen een afspraak heeft"),
    Act.SEARCH: N_("zag u in een lijst met namen"),
    Act.AUDIT: N_("las het logboek"),
    Act.EXPORT: N_("haalde een kopie van de gegevens op"),
    Act.CONSENT: N_("legde vast dat u iets goed vindt"),
    Act.CONSENT_WITHDRAWN: N_("legde vast dat u iets niet meer goed vindt"),
    Act.SHUT_OUT: N_("zette uw toegang dicht"),
    Act.LET_IN: N_("zette uw toegang weer open"),
    Act.ERASURE: N_("liet alle gegevens wissen"),
    Act.TERMS: N_("veranderde een bewaartermijn"),
    Act.MOVED_OUT: N_("verhuisde uw gemeente naar een ander adres"),
    Act.MOVED_IN: N_("nam uw gemeente hier op"),
}
ACTS: Final = {
    Act.PERSON: N_("naam en telefoon"),
    Act.ADDRESS: N_("adres"),
    Act.MESSAGES: N_("berichten"),
    Act.NOTES: N_("notities"),
    Act.RECEIPT: N_("bon"),
    Act.PLAN: N_("welzijnsplan"),
    Act.CHECKS: N_("controles"),
    Act.REPORT: N_("melding"),
    Act.APPEAL: N_("bezwaar tegen een schorsing"),
    Act.BOOKINGS: N_("Roosjes van een bewoner"),
    Act.SAFETY_FILE: N_("veiligheidsdossier"),
    Act.COUNTERPART: N_("andere kant van een afspraak"),
    Act.SEARCH: N_("lijst met namen"),
    Act.AUDIT: N_("logboek"),
    Act.EXPORT: N_("kopie"),
    Act.CONSENT: N_("toestemming"),
    Act.CONSENT_WITHDRAWN: N_("toestemming ingetrokken"),
    Act.SHUT_OUT: N_("toegang dicht"),
    Act.LET_IN: N_("toegang weer open"),
    Act.ERASURE: N_("gewist"),
    Act.TERMS: N_("bewaartermijn"),
    Act.MOVED_OUT: N_("gemeente verhuisd"),
    Act.MOVED_IN: N_("gemeente gekomen"),
}
ROLES: Final = {
    **sign_in_words.ROLES,
    Role.MEMBER: N_("bewoner"),
    Role.BROKER: N_("makelaar"),
    Role.ORGANISATION_ADMINISTRATOR: N_("beheerder van een organisatie"),
    Role.MUNICIPALITY_ADMINISTRATOR: N_("beheerder"),
}
"""Shorter than where somebody is given the role: here it stands behind a name."""


def role(names: str) -> str:
    """The first role that we have a word for, as a message id: that of a desk before that of who merely lives here."""
    held = [Role(name) for name in names.split(",") if name in ROLES]
    return ROLES[min(held, key=lambda role: role is Role.MEMBER)] if held else ""


def said(lang: str, words: str) -> str:
    """A message in a language, or nothing where there is none."""
    return translate(lang, words) if words else ""
