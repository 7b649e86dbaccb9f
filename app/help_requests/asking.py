"""Asking before there is a person: the draft behind a secret cookie, and sending it once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hmac import compare_digest
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.limits import LINK_BY_EMAIL, spend
from app.access.models import SignInLink
from app.access.sign_in import act_as, link_token, new_link, person_for_email
from app.categories import service as categories
from app.categories.models import Category
from app.categories.vocabulary import Kind
from app.clock import now, today
from app.errors import Invalid, NotFound
from app.help_requests import kinds, service as help_requests
from app.help_requests.draft import AskDraft
from app.help_requests.models import HelpRequest
from app.help_requests.schemas import NewHelpRequest
from app.help_requests.steps import SOMEBODY, Day, Topic, What, When, Where, request_of, split
from app.jobs.queue import defer
from app.matches import propose
from app.people import service as people
from app.people.models import Membership
from app.people.service import NewPerson
from app.places import service as places
from app.places.models import Municipality, Neighbourhood
from app.places.working_days import add_working_days
from app.privacy import saying, standing
from app.privacy.standing import YES, ToCome, YesNeeded
from app.secrets import digest, new_token

HOURS = 24
AGAIN_AFTER = timedelta(minutes=2)
"""A second press of the button within this time is a double click, not a wish for another mail."""
ORDER = ("wat", "soort", "wanneer", "waar")
"""The screens that must be answered before the last."""
OF_THE_REQUEST = frozenset({"soort", YES})
"""What the last screen asks about the request rather than about who asks."""
Answers = Mapping[str, Mapping[str, Any]]


def draft_of(session: Session, token: str | None, *, lock: bool = False) -> AskDraft | None:
    """The draft behind the cookie's secret while it lives; with ``lock``, two sends come one after the other."""
    if not token:
        return None
    # unscoped: found by its own secret
    query = select(AskDraft).where(
        AskDraft.token_hash == digest(token), AskDraft.expires_at > func.ledger.now()
    )
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def begin(session: Session) -> tuple[str, AskDraft]:
    """A new draft, and the secret for its cookie."""
    token = new_token()
    draft = AskDraft(token_hash=digest(token), answers={}, expires_at=now(session) + timedelta(hours=HOURS))
    session.add(draft)
    return token, draft


def keep(session: Session, draft: AskDraft, screen: str, typed: Mapping[str, Any]) -> None:
    """Keep one screen as it was typed, in place of what was there; the day begins anew."""
    draft.answers = {**draft.answers, screen: dict(typed)}
    draft.expires_at = now(session) + timedelta(hours=HOURS)


def chosen_category(session: Session, topic: Topic, text: str) -> Category:
    """What was picked within the theme, else the only one, else what the words of the question suggest.

    Raises Invalid when that leaves a choice.
    """
    within = [row for row in categories.every(session) if row.theme == topic.theme]
    for row in within:
        if row.slug == topic.category or len(within) == 1:
            return row
    hinted = next((row for row in categories.suggest(session, text) if row.theme == topic.theme), None)
    if hinted is not None:
        return hinted
    raise Invalid(details={"categorie" if within else "thema": "choose"})


def category_of(session: Session, answers: Answers) -> Category:
    """The category of the draft; raises Invalid or pydantic's ValidationError while there is none."""
    return categories.by_slug(session, answers.get("soort", {}).get("categorie", ""))


def kinds_of(session: Session, actor: Actor, answers: Answers) -> tuple[Kind, ...]:
    """What may stand against the help of the draft where it is asked; nothing where this help is not asked at all."""
    category, _, municipality = _here(session, actor, answers)
    closed = category.number in municipality.closed_categories
    return () if closed else kinds.allowed(category, municipality.paid_only)


def check_when(session: Session, when: When) -> None:
    """Raise Invalid for a day that has been."""
    if when.day is Day.DATE and when.on_date is not None and when.on_date < today(session):
        raise Invalid(details={"datum": "past"})


def unanswered(session: Session, actor: Actor, answers: Answers) -> str | None:
    """The first of the four screens that cannot be used yet; None when all can."""
    for screen in ORDER:
        try:
            _use(session, actor, screen, answers)
        except (ValidationError, Invalid, places.SpansTwo):
            return screen
    return None


def _use(session: Session, actor: Actor, screen: str, answers: Answers) -> None:
    """Read one screen as it will be sent; raises what is wrong with it."""
    typed = answers.get(screen, {})
    if screen == "wat":
        What.model_validate(typed)
    elif screen == "soort":
        category_of(session, answers)
    elif screen == "wanneer":
        check_when(session, When.model_validate(typed))
    else:
        place_of(session, actor, Where.model_validate(typed))


def place_of(session: Session, actor: Actor, where: Where) -> places.Place:
    """One's home, or the place of the postcode; raises Invalid, or SpansTwo with the choices."""
    where.check_for_whom(
        str(actor.behind.representation) if actor.behind else None, signed_in=actor.signed_in
    )
    if actor.signed_in and where.for_whom != SOMEBODY:
        home = people.home_of(session, actor)
        return _at_home(session, home)
    if where.postcode is None:
        raise Invalid(details={"postcode": "postcode-empty"})
    return places.place_of(session, where.postcode, where.municipality_id)


def _at_home(session: Session, home: Membership) -> places.Place:
    neighbourhood = session.get(Neighbourhood, home.pc4)
    if neighbourhood is None or home.cell is None:
        raise NotFound
    return places.Place(home.municipality_id, neighbourhood.pc4, home.cell, neighbourhood.place)


@dataclass(frozen=True, slots=True)
class Preview:
    """What the last screen shows before anything is sent."""

    new: NewHelpRequest
    category: Category
    place: places.Place
    municipality: Municipality
    promised_at: datetime
    day: date
    read_first: bool
    """Whether a makelaar reads it before others see it, whoever asks."""


def preview(session: Session, actor: Actor, answers: Answers) -> Preview:
    """The draft as it would be sent now."""
    category, place, municipality = _here(session, actor, answers)
    promised_at = add_working_days(now(session), municipality.promise_days)
    read_first = help_requests.is_read_first(municipality, category)
    day = today(session)
    new = request_of(answers, category, day, municipality.paid_only)
    return Preview(new, category, place, municipality, promised_at, day, read_first)


def as_sent(session: Session, actor: Actor, answers: Answers) -> NewHelpRequest:
    """The request that the answers add up to, in the terms of the place where it is asked."""
    category, _, municipality = _here(session, actor, answers)
    return request_of(answers, category, today(session), municipality.paid_only)


def _here(session: Session, actor: Actor, answers: Answers) -> tuple[Category, places.Place, Municipality]:
    place = place_of(session, actor, Where.model_validate(answers["waar"]))
    return category_of(session, answers), place, places.municipality(session, place.municipality_id)


def asks_yes(session: Session, actor: Actor, answers: Answers) -> bool:
    """Whether the last screen asks for a yes to sensitive facts.

    Of a visitor always, also of who gave it before: the answer may not tell whom we know. Not of who asks for
    somebody else, who is asked in person.
    """
    category, where = category_of(session, answers), Where.model_validate(answers["waar"])
    skills = where.reach()["vaardigheden"]
    if where.for_whom == SOMEBODY or not standing.is_sensitive(category, skills):
        return False
    return not actor.signed_in or saying.asks(session, actor, actor.person_id, category, skills)


def waits_for(session: Session, actor: Actor, answers: Answers) -> ToCome | None:
    """Whose yes is still to come once this is sent; None where it waits for nobody, or is not known yet."""
    category, where = category_of(session, answers), Where.model_validate(answers["waar"])
    skills = where.reach()["vaardigheden"]
    if where.for_whom == SOMEBODY:
        return ToCome.YES if standing.is_sensitive(category, skills) else None
    return saying.waits_for(session, actor, actor.person_id, category, skills) if actor.signed_in else None


def send_as(session: Session, actor: Actor, draft: AskDraft) -> HelpRequest:
    """Post the draft for who is signed in, once; what was typed is then no longer kept."""
    new = as_sent(session, actor, draft.answers)
    help_request = help_requests.post(session, actor, new)
    propose.for_request(session, actor, help_request)
    draft.sent_request_id = str(help_request.id)
    draft.answers = {}
    session.flush()
    return help_request


def send_by_phone(session: Session, draft: AskDraft, person: NewPerson) -> HelpRequest:
    """Register somebody without e-mail, and post; what they may read again goes into the draft.

    The session acts as the new person from here on.
    """
    registered, place = people.register(session, person)
    help_request = send_as(session, act_as(session, registered.id), draft)
    municipality = places.municipality(session, place.municipality_id)
    assert help_request.posted_at is not None  # it was just sent
    promised_at = add_working_days(help_request.posted_at, municipality.promise_days)
    draft.answers = {
        "ontvangen": {
            "nummer": help_request.number, "uiterlijk": promised_at.isoformat(), "gemeente": municipality.id,
        }
    }  # fmt: skip
    return help_request


def ask_by_mail(session: Session, draft: AskDraft, person: NewPerson, lang: str = "nl") -> None:
    """Queue a mail whose link sends the draft; the same for a known and an unknown address. May raise TooMany."""
    assert person.email is not None  # the caller's branch
    mailed = draft.answers.get("gemaild", {})
    told = {"email": person.email, "om": now(session).isoformat(), "mail": mailed.get("mail", "")}
    draft.answers = {**draft.answers, "gemaild": told}
    if mailed.get("email") == person.email and (
        now(session) - datetime.fromisoformat(mailed["om"]) < AGAIN_AFTER
    ):
        return
    spend(session, LINK_BY_EMAIL, person.email)
    link = new_link(session, person.email, "/mijn/vragen", draft.token_hash)
    draft.answers = {**draft.answers, "gemaild": {**told, "mail": str(link.id)}}
    defer(session, "sign_in.mail", queue="mail", link_id=str(link.id), lang=lang)


def sign_up_by_mail(session: Session, person: NewPerson, next_path: str, lang: str = "nl") -> SignInLink:
    """Queue a mail whose link registers somebody and leads on; the same for a known address. May raise TooMany."""
    assert person.email is not None  # the form asks for it
    typed = person.model_dump(mode="json", by_alias=True, exclude_none=True)
    where = {name: typed.pop(name) for name in ("postcode", "gemeente") if name in typed}
    spend(session, LINK_BY_EMAIL, person.email)
    _, draft = begin(session)
    draft.answers = {"versturen": typed, "waar": where}
    link = new_link(session, person.email, next_path, draft.token_hash)
    defer(session, "sign_in.mail", queue="mail", link_id=str(link.id), lang=lang)
    return link


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Who confirmed a link, and the request that it sent (None when it was no asker's link, or came too late)."""

    person_id: UUID | None
    request_id: UUID | None


def confirm(session: Session, email: str, draft_hash: bytes | None) -> Confirmed:
    """After a link was used: register who is new, send the draft; the session acts as the person."""
    person_id = person_for_email(session, email)
    draft = _waiting(session, draft_hash)
    if draft is None or draft.sent_request_id is not None:
        sent = UUID(draft.sent_request_id) if draft and draft.sent_request_id else None
        return Confirmed(person_id, sent)
    if person_id is None:
        person_id = people.register(session, new_person(draft.answers))[0].id
    actor = act_as(session, person_id)
    if not actor.signed_in:  # the person was disabled in the meantime
        return Confirmed(None, None)
    if "wat" not in draft.answers:  # somebody who signed up without a question
        session.delete(draft)
        return Confirmed(person_id, None)
    try:
        with session.begin_nested():
            return Confirmed(person_id, send_as(session, actor, draft).id)
    except YesNeeded:  # the text was renewed since: they send it from their own page, once they read it
        return Confirmed(person_id, _keep_unsent(session, actor, draft).id)


def _keep_unsent(session: Session, actor: Actor, draft: AskDraft) -> HelpRequest:
    new = as_sent(session, actor, draft.answers)
    help_request = help_requests.draft(session, actor, new.model_copy(update={"sensitive_yes": None}))
    draft.sent_request_id, draft.answers = str(help_request.id), {}
    session.flush()
    return help_request


def waiting_title(session: Session, secret: bytes, token: str) -> str:
    """The title of the question that this link will send, without using the link; "" when it sends none."""
    key, _, _ = token.partition(".")
    try:
        link_id = UUID(key)
    except ValueError:
        return ""
    if not compare_digest(link_token(secret, link_id).encode(), token.encode()):
        return ""
    link = session.get(SignInLink, link_id)
    draft = _waiting(session, link.draft_hash) if link else None
    if draft is None or draft.sent_request_id is not None or "wat" not in draft.answers:
        return ""
    return split(What.model_validate(draft.answers["wat"]).text)[0]


def new_person(answers: Answers) -> NewPerson:
    """Who the draft is of; raises pydantic's ValidationError while something is missing."""
    where, who = answers.get("waar", {}), answers.get("versturen", {})
    place = {name: where[name] for name in ("postcode", "gemeente") if name in where}
    about_them = {name: value for name, value in who.items() if name not in OF_THE_REQUEST}
    return NewPerson.model_validate({**about_them, **place})


def _waiting(session: Session, draft_hash: bytes | None) -> AskDraft | None:
    if draft_hash is None:
        return None
    # unscoped: found by its own secret
    query = select(AskDraft).where(AskDraft.token_hash == draft_hash, AskDraft.expires_at > func.ledger.now())
    return session.scalars(query.with_for_update()).one_or_none()
