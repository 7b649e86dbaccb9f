"""A makelaar books between residents: from one to another, for many who helped, or for a course."""

from typing import Annotated, Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.errors import DomainError, Invalid, NotFound
from app.http import Opened
from app.moderation import people
from app.moderation.people import Known
from app.pots import groups
from app.pots.errors import NotEveryone
from app.pots.schemas import Group, Key, Why
from app.schemas import Day, Incoming, Whole
from app.text import Typed
from web import forms, i18n
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.pot_words import REFUSALS
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/roosjes/boeken")
HERE: Final = "/bureau/roosjes/boeken"
KINDS: Final = (
    (groups.Form.ONE, N_("Van de één naar de ander"), N_("De eerste geeft, de tweede krijgt.")),
    (groups.Form.MANY, N_("Eén geeft aan allen"), N_("Wie iets opzette, geeft ieder die hielp evenveel.")),
    (groups.Form.COURSE, N_("Eén hielp allen, zoals een cursus"),
     N_("Ieder geeft evenveel. De helper krijgt het één keer, de rest gaat naar de pot.")),
)  # fmt: skip
NAMES_MAX: Final = 60
"""More are two bookings: each name is a search, and the makelaar looks over all of them."""


class Typing(Incoming):
    """People by name or number as typed, one a line, and those that were picked from who was found."""

    kind: Annotated[groups.Form, Field(alias="soort")]
    head: Annotated[Annotated[str, Typed(120)] | None, Field(alias="hoofd")] = None
    head_id: Annotated[UUID | None, Field(alias="hoofdGekozen")] = None
    names: Annotated[Annotated[str, Typed(4000, lines=True)] | None, Field(alias="deelnemers")] = None
    picked: Annotated[list[UUID], Field(alias="gekozen", max_length=100)] = []
    minutes: Annotated[Annotated[Whole, Field(ge=1, le=2400)], Field(alias="minuten")]
    on_date: Annotated[Day | None, Field(alias="datum")] = None
    reason: Why
    key: Key


forms.say(
    Typing,
    soort=N_("Kies wat u boekt."),
    minuten=N_("Vul minuten in van 1 tot en met 2400."),
    reden=N_("Schrijf waar het voor is."),
    datum=N_("Kies een dag die geweest is, of vandaag."),
    **{
        "each-once": N_("Noem ieder één keer."),
        "just-one": N_("Noem één persoon aan wie het gaat."),
        "to-come": N_("Kies een dag die geweest is, of vandaag."),
    },
)


@router.get("", name="pots.group")
def show(request: Request, session: Opened, actor: Staff) -> Response:
    """The form."""
    return _show(request, session, actor, forms.blank(sleutel=str(uuid4()), soort="een"), [], [])


def _show(  # noqa: PLR0913 - a form with those who were found
    request: Request, session: Opened, actor: Actor, form: Form[Any], heads: list[Known], found: list[Known],
    status: int = 200,
) -> Response:  # fmt: skip
    municipality = own_municipality(session, actor, Permission.BOOK_FOR_OTHERS)
    lang = i18n.language(request)
    return desk_page(
        request,
        actor,
        "pots/group.html",
        status=status,
        form=form,
        municipality=municipality,
        kinds=[(kind.value, translate(lang, name), translate(lang, what)) for kind, name, what in KINDS],
        heads=[(str(one.id), _name(one)) for one in heads],
        found=[(str(one.id), _name(one)) for one in found],
        book_at=at_desk(request, HERE, municipality),
        done="gedaan" in request.query_params,
    )


def _name(one: Known) -> str:
    return ", ".join(part for part in (f"{one.first_name} {one.last_name}".strip(), one.place) if part)


@router.post("", name="pots.group.book")
def book(request: Request, session: Opened, actor: Staff, form: Submitted[Typing]) -> Response:
    """Find who is meant; book when everybody is clear, and nothing unless all of them can."""
    municipality = own_municipality(session, actor, Permission.BOOK_FOR_OTHERS)
    typed = form.value
    if typed is None:
        return _show(request, session, actor, form, [], [], 422)
    heads, head = _head(session, actor, municipality.id, typed, form)
    found, others = _others(session, actor, municipality.id, typed, form)
    if form.errors or head is None:
        return _show(request, session, actor, form, heads, found, 422)
    group = Group.model_validate({
        "hoofd": head, "deelnemers": others, "minuten": typed.minutes, "datum": typed.on_date,
        "reden": typed.reason,
    })  # fmt: skip
    try:
        with session.begin_nested():
            groups.book(session, actor, municipality.id, typed.kind, group, typed.key)
    except NotEveryone as error:
        form.refuse("", N_("Er is niets geboekt. Bij deze mensen staat een grens in de weg: %(names)s."),
                    names=", ".join(error.names))  # fmt: skip
        return _show(request, session, actor, form, heads, found, 409)
    except Invalid as error:
        return _show(request, session, actor, form.refused(error), heads, found, 422)
    except NotFound:
        form.refuse("deelnemers", N_("Iemand hiervan woont hier niet meer."))
        return _show(request, session, actor, form, heads, found, 422)
    except DomainError as error:
        if error.code not in REFUSALS:
            raise
        return _show(
            request, session, actor, form.refuse("", REFUSALS[error.code]), heads, found, error.status
        )
    return see_other(f"{HERE}?gedaan=ja")


def _find(session: Opened, actor: Actor, municipality_id: int, line: str) -> list[Known]:
    found = people.find(session, actor, line, municipality_id=municipality_id)
    return [one for one in found if one.lives_here][:12]


def _head(
    session: Opened, actor: Actor, municipality_id: int, typed: Typing, form: Form[Any]
) -> tuple[list[Known], UUID | None]:
    """Who may be meant, and who is."""
    found = _find(session, actor, municipality_id, typed.head) if typed.head else []
    if typed.head_id is not None and (typed.head is None or typed.head_id in {one.id for one in found}):
        return found, typed.head_id
    if len(found) == 1:
        return found, found[0].id
    form.errors["hoofd"] = translate(
        form.lang,
        N_("Kies hieronder wie u bedoelt.") if found else N_("Wij vinden hier niemand die zo heet."),
    )
    return found, None


def _others(
    session: Opened, actor: Actor, municipality_id: int, typed: Typing, form: Form[Any]
) -> tuple[list[Known], list[UUID]]:
    """Everybody who was found, and everybody who is meant: picked, or the only one that fits a line."""
    known: dict[UUID, Known] = {}
    meant = dict.fromkeys(typed.picked)
    unclear = []
    lines = [line.strip() for line in (typed.names or "").splitlines() if line.strip()]
    if len(lines) > NAMES_MAX or len(meant) > NAMES_MAX:
        form.refuse("deelnemers", N_("Boek voor ten hoogste %(most)s mensen tegelijk. U noemde er %(number)s."),
                    most=NAMES_MAX, number=max(len(lines), len(meant)))  # fmt: skip
        return [], list(meant)
    for line in lines:
        found = _find(session, actor, municipality_id, line)
        known |= {one.id: one for one in found}
        if len(found) == 1:
            meant[found[0].id] = None
        elif not {one.id for one in found} & meant.keys():
            unclear.append(line)
    if unclear:
        form.errors["deelnemers"] = translate(
            form.lang,
            N_("Wie bedoelt u met: %(names)s? Kies hieronder, of typ de hele naam."),
            names=", ".join(unclear),
        )
    elif not meant:
        form.errors["deelnemers"] = translate(form.lang, N_("Noem ten minste één persoon."))
    form.values = {**form.values, "gekozen": [str(id) for id in meant]}
    return list(known.values()), list(meant)
