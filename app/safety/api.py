"""Veiligheid over the API: what one reports, whom one blocks, one's own suspension, and the house rules.

The desk's queue and the safety file are pages only: what stands there is read by people, one report at a time.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import AliasPath, BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.access.actor import Actor
from app.access.policy import found
from app.api.bodies import Sent
from app.api.once import OnceOnly
from app.http import ApiActor, Opened
from app.safety import blocks, house_rules, reports, subjects, suspensions
from app.safety.models import PersonBlock, SafetyReport, Suspension
from app.safety.schemas import Long, NewAppeal, NewBlock, NewReport
from app.safety.subjects import IN_GENERAL, PATHS, Contact
from app.safety.words import Standing, Urgency, What
from app.schemas import Incoming, Moment, Outgoing, Whole

router = APIRouter(tags=["Veiligheid"])
REPORTS = "/veiligheidsmeldingen"
BLOCKS = "/blokkades"
SUBJECTS: Mapping[str, str] = {subject.value: word for word, subject in PATHS.items()} | {"none": "algemeen"}
WHATS: Mapping[str, str] = {
    "unsafe": "onveilig", "money": "geld", "boundary": "grens", "damage": "schade", "rules": "huisregels",
    "other": "anders",
}  # fmt: skip
URGENCIES: Mapping[str, str] = {"now": "snel", "soon": "dezeWeek", "later": "geenHaast"}
STANDINGS: Mapping[str, str] = {"stop": "stoppen", "keep": "latenStaan", "call": "belMij"}
STATES: Mapping[str, str] = {"new": "nieuw", "assigned": "opgepakt", "handled": "beantwoord"}
WHYS: Mapping[str, str] = {
    "safety": "veiligheid", "money": "geld", "behaviour": "gedrag", "rules": "huisregels", "looking": "uitzoeken",
}  # fmt: skip


def _in(words: Mapping[str, str]) -> tuple[BeforeValidator, WithJsonSchema]:
    """A Dutch word that a program sends, and no other."""
    meant = {dutch: value for value, dutch in words.items()}

    def read(sent: Any) -> Any:
        if not isinstance(sent, str) or sent not in meant:
            raise PydanticCustomError("unknown_word", "one of the words is needed")
        return meant[sent]

    return BeforeValidator(read), WithJsonSchema({"type": "string", "enum": list(meant)})


def _out(words: Mapping[str, str]) -> BeforeValidator:
    return BeforeValidator(lambda value: words.get(str(value), str(value)))


class AtContact(Incoming):
    """At which contact: the word of its kind, and its key."""

    at: Annotated[str | None, Field(alias="contact", json_schema_extra={"enum": [*PATHS, None]})] = None
    about: Annotated[UUID | None, Field(alias="onderwerp")] = None

    def contact(self, session: Session, actor: Actor) -> Contact:
        """What the button stands at; NotFound for what the actor does not see, or has no part in."""
        if self.at is None or self.about is None:
            return IN_GENERAL
        return subjects.contact(session, actor, self.at, self.about)

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        if (self.at is None) != (self.about is None) or (self.at is not None and self.at not in PATHS):
            raise PydanticCustomError("contact", "a kind of contact and its key go together")
        return self


class SentReport(AtContact):
    """A report as a program sends it. Without a contact it is about something in general."""

    what: Annotated[What, *_in(WHATS), Field(alias="waarover")]
    words: Annotated[Long, Field(alias="uitleg")]
    urgency: Annotated[str, *_in(URGENCIES), Field(alias="hoeSnel")] = "dezeWeek"
    may_be_named: Annotated[bool, Field(alias="naamNoemen")] = False

    def report(self) -> NewReport:
        """The same, as the form says it."""
        return NewReport.model_construct(
            what=self.what, words=self.words, urgency=Urgency(self.urgency), may_be_named=self.may_be_named
        )


class SentBlock(AtContact):
    """Whom one wants nothing to do with, and what becomes of what was agreed."""

    agreements: Annotated[str, *_in(STANDINGS), Field(alias="afspraken")] = "stoppen"


class RulesAnswer(Incoming):
    """Yes or no to the version that was read."""

    version: Annotated[Annotated[Whole, Field(ge=1, le=10_000)], Field(alias="versie")]
    accepted: Annotated[bool, Field(alias="akkoord")]


class ReportOut(Outgoing):
    """What one reported oneself, and what came of it."""

    id: UUID
    subject: Annotated[str, _out(SUBJECTS), Field(serialization_alias="contact")]
    subject_id: Annotated[UUID | None, Field(serialization_alias="onderwerp")]
    title: Annotated[str, Field(serialization_alias="titel")]
    what: Annotated[str, _out(WHATS), Field(serialization_alias="waarover")]
    words: Annotated[str, Field(serialization_alias="uitleg")]
    urgency: Annotated[str, _out(URGENCIES), Field(serialization_alias="hoeSnel")]
    status: Annotated[str, _out(STATES)]
    created_at: Annotated[Moment, Field(serialization_alias="gemaaktOp")]
    due_at: Annotated[Moment, Field(serialization_alias="beloofdOp")]
    seen_at: Annotated[Moment | None, Field(serialization_alias="gezienOp")]
    answer: Annotated[str, Field(serialization_alias="antwoord")]
    handled_at: Annotated[Moment | None, Field(serialization_alias="beantwoordOp")]


class BlockOut(Outgoing):
    """Whom one blocked; the other never reads it."""

    id: UUID
    blocked: Annotated[
        str, Field(validation_alias=AliasPath("blocked", "first_name"), serialization_alias="wie")
    ]
    agreements: Annotated[str, _out(STANDINGS), Field(serialization_alias="afspraken")]
    created_at: Annotated[Moment, Field(serialization_alias="gemaaktOp")]
    ended_at: Annotated[Moment | None, Field(serialization_alias="opgehevenOp")]


class SuspensionOut(Outgoing):
    """Why one may not take part for now, in the words of the desk."""

    id: UUID
    why: Annotated[str, _out(WHYS), Field(serialization_alias="waarom")]
    told: Annotated[str, Field(serialization_alias="uitleg")]
    started_at: Annotated[Moment, Field(serialization_alias="begonnenOp")]
    appealed: Annotated[bool, Field(serialization_alias="bezwaarLoopt")]


class RulesOut(Outgoing):
    """The rules that hold where one lives, and whether one answered them."""

    version: Annotated[int, Field(serialization_alias="versie")]
    lines: Annotated[list[str], Field(serialization_alias="regels")]
    changed: Annotated[str, Field(serialization_alias="watVeranderde")]
    answered: Annotated[bool, Field(serialization_alias="beantwoord")]


@router.get(REPORTS, response_model=list[ReportOut], summary="Lees wat u meldde")
def my_reports(session: Opened, actor: ApiActor) -> Sequence[SafetyReport]:
    """Uw laatste twintig meldingen, de nieuwste eerst. Wie het aangaat, leest ze niet."""
    return reports.mine(session, actor)


@router.post(REPORTS, response_model=ReportOut, status_code=201, summary="Meld dat iets niet goed is")
def report(once: OnceOnly, new: Sent[SentReport]) -> Response:
    """Alleen de makelaars lezen dit. `onderwerp` is het id van wat `contact` noemt; zonder beide gaat het over iets in
    het algemeen. Is er nu gevaar, bel dan 112."""

    def act() -> ReportOut:
        at = new.contact(once.session, once.actor)
        id = reports.report(once.session, once.actor, at, new.report())
        return ReportOut.model_validate(reports.my_own(once.session, once.actor, id))

    return once.answer(new, act, created_in=REPORTS)


@router.get(REPORTS + "/{id}", response_model=ReportOut, summary="Lees één melding")
def my_report(session: Opened, actor: ApiActor, id: UUID) -> SafetyReport:
    """Alleen die u zelf deed."""
    return reports.my_own(session, actor, id)


@router.get(BLOCKS, response_model=list[BlockOut], summary="Lees wie u blokkeerde")
def my_blocks(session: Opened, actor: ApiActor) -> Sequence[PersonBlock]:
    """Alleen u leest dit."""
    return blocks.mine(session, actor)


@router.post(BLOCKS, response_model=BlockOut, status_code=201, summary="Blokkeer iemand")
def block(once: OnceOnly, new: Sent[SentBlock]) -> Response:
    """Vanaf nu geen voorstellen, afspraken of berichten tussen u beiden. De ander hoort het niet."""

    def act() -> BlockOut:
        at = new.contact(once.session, once.actor)
        wanted = NewBlock.model_construct(agreements=Standing(new.agreements))
        return _block(once.session, once.actor, blocks.block(once.session, once.actor, at, wanted).id)

    return once.answer(new, act, created_in=BLOCKS)


@router.post(BLOCKS + "/{id}/beeindigingen", response_model=BlockOut, summary="Hef een blokkade op")
def unblock(once: OnceOnly, id: UUID) -> Response:
    """Wat toen ophield, komt niet terug."""

    def act() -> BlockOut:
        return _block(once.session, once.actor, blocks.end(once.session, once.actor, id).id)

    return once.answer(None, act)


def _block(session: Session, actor: Actor, id: UUID) -> BlockOut:
    session.expire_all()
    return BlockOut.model_validate(blocks.my_own(session, actor, id))


@router.get("/schorsingen/mijn", response_model=SuspensionOut, summary="Lees of u geschorst bent")
def my_suspension(session: Opened, actor: ApiActor) -> SuspensionOut:
    """404 als u gewoon mee mag doen."""
    return _suspension(session, actor, found(suspensions.mine(session, actor)))


def _suspension(session: Session, actor: Actor, row: Suspension) -> SuspensionOut:
    asked = suspensions.my_appeals(session, actor, row.id)
    appealed = any(one.decided_at is None for one in asked)
    return SuspensionOut(id=row.id, why=row.why, told=row.told, started_at=row.started_at, appealed=appealed)


@router.post("/schorsingen/mijn/bezwaren", response_model=SuspensionOut, summary="Maak bezwaar")
def appeal(once: OnceOnly, new: Sent[NewAppeal]) -> Response:
    """Iemand anders dan wie u schorste, kijkt ernaar."""

    def act() -> SuspensionOut:
        suspensions.appeal(once.session, once.actor, new)
        return _suspension(once.session, once.actor, found(suspensions.mine(once.session, once.actor)))

    return once.answer(new, act)


@router.get("/huisregels", response_model=RulesOut, summary="Lees de huisregels")
def rules(session: Opened, actor: ApiActor) -> RulesOut:
    """Die van de gemeente waar u woont."""
    return _rules(session, actor)


def _rules(session: Session, actor: Actor) -> RulesOut:
    now = house_rules.current(session, actor.home)
    answered = house_rules.question(session, actor) is None
    return RulesOut(
        version=now.version,
        lines=[*(now.lines or house_rules.FIRST_LINES)],
        changed=now.changed,
        answered=answered,
    )


@router.post("/huisregels/antwoorden", response_model=RulesOut, summary="Antwoord op de huisregels")
def answer_rules(once: OnceOnly, said: Sent[RulesAnswer]) -> Response:
    """Ja of nee op de versie die u las. Een later ja vervangt een nee."""

    def act() -> RulesOut:
        house_rules.answer(once.session, once.actor, said.version, said.accepted)
        return _rules(once.session, once.actor)

    return once.answer(said, act)
