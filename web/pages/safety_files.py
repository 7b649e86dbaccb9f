"""Dossiers: for the safety officers of a municipality, each time behind a reason that the person reads later."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.clock import today
from app.errors import DomainError
from app.http import Opened
from app.safety import files
from app.safety.files import Opened as Seen
from app.safety.schemas import Disclosure, NewEntry, NewFile, NewStep, Opening
from app.schemas import Nothing
from web import dutch, forms, i18n, safety_words as words
from web.desk_forms import attempted
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.pages import safety_desk
from web.pages.desk_shell import desk_page, own_municipality, person_of
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau")
HERE: Final = "/bureau/dossiers"
REFUSALS: Final = safety_desk.REFUSALS | {
    "file-stands": N_("Over deze persoon is er al een dossier."),
    "file-closed": N_("Dit dossier is gesloten. Er komt niets meer bij."),
}
forms.say(
    Opening,
    **{
        "reden": N_("Schrijf waarom u dit dossier nu opent."),
        "too-short": N_("Schrijf waarom u dit dossier nu opent, in ten minste tien tekens."),
        "open-first": N_("Open het dossier eerst, met een reden."),
    },
)
forms.say(NewFile, aanleiding=N_("Schrijf waarom een dossier nodig is."))
forms.say(NewEntry, notitie=N_("Schrijf op wat u zag, hoorde of deed."))
forms.say(
    NewStep,
    **{
        "stap": N_("Kies een stap."),
        "uitleg": N_("Schrijf op wat u deed, en met wie."),
        "future": N_("Kies de dag waarop de stap gezet is."),
        "with-the-fifth": N_("Bij stap 5 hoort een besluit, bij een andere stap niet."),
        "weigh-first": N_("Weeg eerst: zet stap 4 voor stap 5."),
    },
)
forms.say(
    Disclosure,
    **{
        "vanaf": N_("Kies een dag binnen een half jaar."),
        "within-half-a-year": N_("Kies een dag binnen een half jaar."),
        "uitleg": N_("Schrijf waarom u deze dag kiest."),
    },
)


@router.get("/dossiers", name="safety_files.all")
def every(request: Request, session: Opened, actor: Staff) -> Response:
    """That there are files, and about whom; what stands in them is not read."""
    municipality = own_municipality(session, actor, Permission.SEE_SAFETY_FILE)
    rows = files.every(session, actor, municipality.id)
    return desk_page(request, actor, "safety/files.html", municipality=municipality, rows=rows)


@router.get("/mensen/{id}/dossier", name="safety_files.new")
def new(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """Why is a file needed?"""
    return _new(
        request, session, actor, id, forms.blank(melding=request.query_params.get("melding", "")[:40])
    )


def _new(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], *, status: int = 200
) -> Response:
    person = person_of(session, actor, Permission.SEE_SAFETY_FILE, id)
    return desk_page(request, actor, "safety/new_file.html", status=status, form=form, person=person)


@router.post("/mensen/{id}/dossier", name="safety_files.started")
def started(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewFile]) -> Response:
    """Begin a file."""
    own_municipality(session, actor, Permission.SEE_SAFETY_FILE)
    status = attempted(session, form, lambda typed: files.start(session, actor, id, typed), REFUSALS)
    return see_other(HERE) if status == 303 else _new(request, session, actor, id, form, status=status)


@router.get("/dossiers/{id}", name="safety_files.show")
def show(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """Behind a reason; for half an hour what stands in it."""
    return _show(request, session, actor, id)


def _show(  # noqa: PLR0913 - a page shows what it has
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any] | None = None, act: str = "",
    *, status: int = 200,
) -> Response:  # fmt: skip
    own_municipality(session, actor, Permission.SEE_SAFETY_FILE)
    seen, lang = files.read(session, actor, id), i18n.language(request)
    fresh = forms.blank(soort="note", datum=today(session), vanaf=seen.file.disclose_on)
    return desk_page(
        request, actor, "safety/file.html" if seen.is_open else "safety/file_door.html", status=status, seen=seen,
        file=seen.file, form=form or fresh,
        form_for=lambda name: form if form is not None and name == act else fresh.among(name),
        steps=_steps(seen, lang), kinds=words.options(words.ENTRIES, lang),
        entries=[(one, translate(lang, words.ENTRIES[one.kind])) for one in seen.entries],
        numbered=[(str(number), f"{number}. {translate(lang, name)}") for number, name in enumerate(words.STEPS, 1)],
        decisions=words.options(words.DECISIONS, lang),
    )  # fmt: skip


def _steps(seen: Seen, lang: str) -> list[dict[str, str]]:
    """The line of the five steps in their order: when each was taken, by whom and with what words, and what is next."""
    line: list[dict[str, str]] = []
    waits = False
    for number, name in enumerate(words.STEPS, 1):
        title, taken = translate(lang, name), [one for one in seen.steps if one.step == number]
        for one in taken:
            decided = f"{translate(lang, words.DECISIONS[one.decision])}." if one.decision else ""
            when = f"{dutch.full_date(one.on_date, lang)}, {one.by.first_name}"
            line.append(
                {"state": "done", "title": title, "when": when, "text": f"{one.words} {decided}".strip()}
            )
        if not taken:
            state = "next" if waits or seen.file.closed_at else "now"
            line.append(
                {"state": state, "title": title, "when": translate(lang, N_("Nog niet gezet.")), "text": ""}
            )
            waits = True
    return line


@router.post("/dossiers/{id}/openen", name="safety_files.open")
def opening(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Opening]) -> Response:
    """Open it for half an hour; the reason stays."""
    status = attempted(session, form, lambda why: files.open_file(session, actor, id, why), REFUSALS)
    return _after(request, session, actor, id, form, "openen", status)


@router.post("/dossiers/{id}/notitie", name="safety_files.write")
def write(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewEntry]) -> Response:
    """Add what was seen, heard or done."""
    status = attempted(session, form, lambda entry: files.write(session, actor, id, entry), REFUSALS)
    return _after(request, session, actor, id, form, "notitie", status)


@router.post("/dossiers/{id}/stap", name="safety_files.step")
def step(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewStep]) -> Response:
    """A step of the meldcode."""
    status = attempted(session, form, lambda taken: files.take_step(session, actor, id, taken), REFUSALS)
    return _after(request, session, actor, id, form, "stap", status)


@router.post("/dossiers/{id}/inzage", name="safety_files.disclose")
def disclose(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Disclosure]
) -> Response:
    """From which day the person concerned may read who looked."""
    status = attempted(session, form, lambda when: files.disclose(session, actor, id, when), REFUSALS)
    return _after(request, session, actor, id, form, "inzage", status)


@router.post("/dossiers/{id}/sluiten", name="safety_files.close")
def close(session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]) -> Response:
    """Nothing more is written in it."""
    own_municipality(session, actor, Permission.SEE_SAFETY_FILE)
    if form.value is None:
        raise DomainError
    files.close(session, actor, id)
    return see_other(f"{HERE}/{id}")


def _after(  # noqa: PLR0913 - an act and its form
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], act: str, status: int
) -> Response:
    if status == 303:
        return see_other(f"{HERE}/{id}")
    return _show(request, session, actor, id, form, act, status=status)
