"""What happened to somebody's ways in, and where they are signed in, in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.access.actor import Actor
from app.access.models import ApiToken, Way, WebSession
from app.access.proof_models import Happened, SignInEvent
from app.access.roles import Role, TokenScope
from web.i18n import N_, translate

WAYS: Final = {
    Way.LINK: N_("met een link in een mail"),
    Way.CODE: N_("met een code uit een mail"),
    Way.LETTER: N_("met een code uit een brief"),
    Way.PASSKEY: N_("met een toegangssleutel"),
    Way.INVITATION: N_("met een uitnodiging"),
    Way.OIDC: N_("via een gemeente"),
    Way.DEMONSTRATION: N_("als voorbeeld"),
}
ROLES: Final = {
    Role.BROKER: N_("sociaal makelaar"),
    Role.TREASURER: N_("penningmeester"),
    Role.SELLER: N_("verkoper van cheques"),
    Role.PRIVACY_OFFICER: N_("privacyfunctionaris"),
    Role.SAFETY_OFFICER: N_("aandachtsfunctionaris"),
    Role.MUNICIPALITY_ADMINISTRATOR: N_("beheerder van de gemeente"),
    Role.REGION_ADMINISTRATOR: N_("beheerder van de regio"),
}
HAPPENED: Final = {
    Happened.SIGNED_IN: N_("U logde in, %(said)s."),
    Happened.LETTER_MADE: N_("%(who)s maakte een brief met een code voor u."),
    Happened.PASSKEY_ADDED: N_("U maakte de sleutel “%(said)s”."),
    Happened.PASSKEY_REMOVED: N_("U haalde de sleutel “%(said)s” weg."),
    Happened.APP_ADDED: N_("U koppelde een app met codes."),
    Happened.APP_REMOVED: N_("U haalde de app met codes weg."),
    Happened.SESSIONS_ENDED: N_("%(who)s logde u ergens uit."),
    Happened.FACTORS_RESET: N_("%(who)s haalde al uw sleutels en uw app weg."),
    Happened.ROLE_GIVEN: N_("U werd %(said)s."),
    Happened.ROLE_ENDED: N_("%(who)s beëindigde uw werk als %(said)s."),
    Happened.PROVIDER_ADDED: N_("U koppelde %(said)s."),
    Happened.PROVIDER_REMOVED: N_("U haalde %(said)s los."),
    Happened.SHUT_OUT: N_("%(who)s zette uw toegang dicht."),
    Happened.LET_IN: N_("%(who)s zette uw toegang weer open."),
    Happened.PROGRAM_ADDED: N_("Er is een token gemaakt: “%(said)s”."),
    Happened.PROGRAM_REMOVED: N_("U stopte het token “%(said)s”."),
}
MAY: Final = {
    TokenScope.READ: N_("Mag lezen wat van u is."),
    TokenScope.OWN: N_("Mag lezen en veranderen wat van u is."),
    TokenScope.ALL: N_("Mag alles wat u zelf mag."),
}
BY_ONESELF: Final = N_("U logde ergens anders uit.")
BY_OPERATOR: Final = N_("De technisch beheerder haalde al uw sleutels en uw app weg.")
SOMEWHERE: Final = N_("Onbekende browser")


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened, and when."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A browser in which somebody is signed in."""

    id: UUID
    browser: str
    way: str
    since: datetime
    seen: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class Program:
    """A token, and what a program may with it."""

    id: UUID
    name: str
    may: str
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime


def tokens_in_words(rows: list[ApiToken], lang: str) -> list[Program]:
    """The same, for a page."""
    return [
        Program(
            row.id, row.name, translate(lang, MAY[row.scope]), row.created_at, row.used_at, row.expires_at
        )
        for row in rows
    ]


def events_in_words(rows: list[tuple[SignInEvent, str]], lang: str) -> list[Line]:
    """One sentence each."""
    return [Line(_sentence(row, name, lang), row.at) for row, name in rows]


def _sentence(row: SignInEvent, name: str, lang: str) -> str:
    said = row.said
    if row.kind is Happened.SESSIONS_ENDED and row.by_id == row.person_id:
        return translate(lang, BY_ONESELF)
    if row.kind is Happened.FACTORS_RESET and row.by_id == row.person_id:
        return translate(lang, BY_OPERATOR)
    if row.kind is Happened.SIGNED_IN:
        said = translate(lang, WAYS[Way(said)])
    elif row.kind in (Happened.ROLE_GIVEN, Happened.ROLE_ENDED):
        said = translate(lang, ROLES[Role(said)])
    return translate(lang, HAPPENED[row.kind], who=name, said=said)


def sessions_in_words(rows: list[WebSession], actor: Actor, lang: str) -> list[Place]:
    """Where, how and since when; the one that is looked through is marked."""
    return [
        Place(
            row.id, row.browser or translate(lang, SOMEWHERE), translate(lang, WAYS[row.way]), row.created_at,
            row.last_seen_at, row.token_hash == actor.session_hash,
        )
        for row in rows
    ]  # fmt: skip
