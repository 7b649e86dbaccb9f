"""What one does with one time: it happened, it is right, it is not right, move, cancel, nobody came, thank you."""

import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.agreements import mine, occur, times as proposed_times
from app.agreements.agree import HelperBusy
from app.agreements.models import Agreement, Occurrence, OccurrenceStatus
from app.agreements.schemas import AnswerTime, Happened, NewTime, Thanks
from app.clock import now
from app.errors import Conflict, Invalid, NotFound
from app.http import Opened
from app.matches.propose import DoesNotFit
from app.satisfaction import service as satisfaction
from app.satisfaction.schemas import ForWhom, NewSatisfaction
from app.schemas import Why
from web import forms, i18n
from web.agreement_words import FACES, Background, Side, Time, side_of, times
from web.forms import Form, Submitted, say
from web.i18n import N_, translate
from web.rendering import page, see_other
from web.session import SignedIn

router = APIRouter()
O = OccurrenceStatus  # noqa: E741 - short, beside so many states
FORMS: Final = ("gebeurd", "verzetten", "afzeggen", "klopt-niet", "niet-gekomen", "bedanken", "tevreden")
TYPED_MINUTES: Final = re.compile(r"[0-9]{1,4}")
CHOSEN: Final[dict[str, dict[str, str]]] = {"tevreden": {"voorWie": ForWhom.DESK.value}}
"""What is ticked before anybody chose: words go no further than one wants."""
AFTER: Final = {"afzeggen": O.CANCELLED, "klopt-niet": O.DISPUTED, "niet-gekomen": O.NO_SHOW}
"""Where an act leads: found there already, a second press of its button changes nothing."""

say(Happened, minuten=N_("Vul de minuten in, bijvoorbeeld 45."))
say(
    Happened,
    **{
        "more-than-agreed": N_("Dit is meer dan u afsprak. Vul hoogstens de afgesproken tijd in."),
        "differs": N_("De ander gaf een andere tijd op. Kies dan: dit klopt niet."),
    },
)
say(NewTime, past=N_("Kies een moment dat nog komt."))
say(Thanks, bedankje=N_("Schrijf een paar woorden."))
say(NewSatisfaction, gezicht=N_("Kies een van de drie."), voorWie=N_("Kies wie het mag lezen."))


@router.get("/mijn/keren/{id}", name="occurrences.show")
def show(session: Opened, actor: SignedIn, id: UUID) -> Response:
    """From a notice to the agreement; for who is no party to it, to the case at the desk."""
    agreement = mine.of_occurrence(session, actor, id)
    if actor.person not in agreement.parties():
        return see_other(f"/bureau/zaken/{agreement.help_request_id}")
    return _back(agreement, id)


def _back(agreement: Agreement, id: UUID, *, changed: bool = False) -> Response:
    query = "?veranderd=ja" if changed else ""
    return see_other(f"/mijn/afspraken/{agreement.id}{query}#keer-{id}")


@router.get("/mijn/keren/{id}/{act}", name="occurrences.form")
def form_of(request: Request, session: Opened, actor: SignedIn, id: UUID, act: str) -> Response:
    """The form of one act, with what it brings about."""
    if act not in FORMS:
        raise NotFound
    return _form(request, session, actor, id, act, forms.blank(**CHOSEN.get(act, {})))


def _form(request: Request, session: Opened, actor: Actor, id: UUID, act: str, form: Form[Any]) -> Response:
    agreement = mine.of_occurrence(session, actor, id)
    time, side = _seen(session, actor, agreement, id, i18n.language(request))
    if actor.behind is not None and act == "tevreden":
        raise NotFound
    if act not in time.acts and not form.errors:
        return _back(agreement, id, changed=True)
    status = 422 if form.errors else 200
    rest = "" if actor.behind else _for_the_rest(agreement, side, time, form)
    return page(
        request, "agreements/act.html", status=status, form=form, act=act, time=time, side=side, rest=rest,
        faces=[(face.value, translate(side.lang, said)) for face, said in FACES.items()],
    )  # fmt: skip


def _for_the_rest(agreement: Agreement, side: Side, time: Time, form: Form[Any]) -> str:
    """Where the one asks for, or gives, what it took more than agreed; empty when that is not what stands in the way.

    The hold is never stretched: more moves with a yes of whoever pays.
    """
    typed = form.get("minuten").strip()
    if not (time.roosjes and "minuten" in form.errors and TYPED_MINUTES.fullmatch(typed)):
        return ""
    hours, minutes = divmod(int(typed) - time.minutes, 60)
    if hours < 0:
        return ""
    path, other = ("vragen", agreement.asker_id) if side.helps else ("geven", agreement.helper_id)
    return f"/mijn/roosjes/{path}?{urlencode({'aan': other, 'uren': hours, 'minuten': minutes})}"


def _seen(session: Opened, actor: Actor, agreement: Agreement, id: UUID, lang: str) -> tuple[Time, Side]:
    if actor.person not in agreement.parties():
        raise NotFound
    own = [row for row in agreement.occurrences if row.id == id]
    said = satisfaction.of_occurrences(session, actor, own) if actor.behind is None else {}
    known = Background(now(session), {}, set(), proposed_times.of_occurrences(session, actor, own), said)
    rows = times(agreement, actor.person_id, lang, known)
    return next(row for row in rows if row.id == id), side_of(agreement, actor.person_id, lang)


Do = Callable[[], object]


def _act(  # noqa: PLR0913 - one act is all of these
    request: Request, session: Opened, actor: Actor, id: UUID, act: str, form: Form[Any], do: Do
) -> Response:
    """Do it, or come back with the form; what changed in between is shown, never overwritten."""
    if form.value is None:
        return _form(request, session, actor, id, act, form)
    agreement = mine.of_occurrence(session, actor, id)
    if actor.person not in agreement.parties():
        raise NotFound
    row = next(one for one in agreement.occurrences if one.id == id)
    if row.status is AFTER.get(act) or row.status is _said(agreement, actor, act):
        return _back(agreement, id)
    try:
        with session.begin_nested():
            do()
    except Invalid as refusal:
        return _form(request, session, actor, id, act, form.refused(refusal))
    except HelperBusy:
        form.refuse("tijd", N_("Er is dan al een andere afspraak. Kies een ander moment."))
        return _form(request, session, actor, id, act, form)
    except DoesNotFit:  # why is nobody's business but the helper's and the desk's
        form.refuse("datum", N_("Op die dag kan het niet. Kies een andere dag, of bel ons."))
        return _form(request, session, actor, id, act, form)
    except Conflict:
        return _back(agreement, id, changed=not _finished(row))
    return _back(agreement, id)


def _said(agreement: Agreement, actor: Actor, act: str) -> OccurrenceStatus | None:
    """One's own word, when it is this that is said again."""
    if act != "gebeurd":
        return None
    return O.HELPED if agreement.helper_id == actor.person else O.RECEIVED


def _finished(row: Occurrence) -> bool:
    return row.status is O.DONE


@router.post("/mijn/keren/{id}/gebeurd", name="occurrences.happened")
def happened(
    request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Happened]
) -> Response:
    """It took place; also the answer "klopt" to the other's word."""

    def do() -> Occurrence:
        return occur.happened(session, actor, id, form.value.minutes if form.value else None)

    return _act(request, session, actor, id, "gebeurd", form, do)


@router.post("/mijn/keren/{id}/klopt-niet", name="occurrences.disputed")
def disputed(request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Why]) -> Response:
    """Dit klopt niet: nothing moves until somebody has looked."""
    return _act(
        request, session, actor, id, "klopt-niet", form, lambda: occur.dispute(session, actor, id, _why(form))
    )


@router.post("/mijn/keren/{id}/afzeggen", name="occurrences.cancelled")
def cancelled(request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Why]) -> Response:
    """This time does not go on."""
    return _act(
        request, session, actor, id, "afzeggen", form, lambda: occur.cancel(session, actor, id, _why(form))
    )


@router.post("/mijn/keren/{id}/niet-gekomen", name="occurrences.no_show")
def no_show(request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Why]) -> Response:
    """One of the two did not come."""
    return _act(
        request,
        session,
        actor,
        id,
        "niet-gekomen",
        form,
        lambda: occur.no_show(session, actor, id, _why(form)),
    )


def _why(form: Form[Why]) -> str:
    return (form.value.reason if form.value else None) or ""


@router.post("/mijn/keren/{id}/verzetten", name="occurrences.moved")
def moved(request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[NewTime]) -> Response:
    """Another date and time, for the other to say yes to; where it already stands is none."""
    wanted = form.value

    def do() -> object:
        assert wanted is not None  # _act came here with a value
        return proposed_times.propose(session, actor, id, wanted)

    return _act(request, session, actor, id, "verzetten", form, do)


@router.post("/mijn/keren/{id}/ander-moment", name="occurrences.time_answered")
def time_answered(
    request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[AnswerTime]
) -> Response:
    """Yes or no to the moment that the other proposed, or one's own taken back; as it was read."""
    agreement = mine.of_occurrence(session, actor, id)
    if actor.person not in agreement.parties():
        raise NotFound
    said = form.value
    if said is None:
        return _back(agreement, id, changed=True)
    try:
        with session.begin_nested():
            proposed_times.answer(session, actor, id, said)
    except HelperBusy:  # what the other proposed does not fit any more: another moment, then
        busy = forms.blank().refuse("tijd", N_("Er is dan al een andere afspraak. Kies een ander moment."))
        return _form(request, session, actor, id, "verzetten", busy)
    except (DoesNotFit, Invalid):
        never = forms.blank().refuse("datum", N_("Op die dag kan het niet. Kies een andere dag, of bel ons."))
        return _form(request, session, actor, id, "verzetten", never)
    except Conflict:
        return _back(agreement, id, changed=True)
    return _back(agreement, id)


@router.post("/mijn/keren/{id}/tevreden", name="occurrences.content")
def content(
    request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[NewSatisfaction]
) -> Response:
    """How one looks back on it; the first time counts."""
    new = form.value

    def do() -> object:
        assert new is not None  # _act came here with a value
        return satisfaction.say(session, actor, id, new)

    return _act(request, session, actor, id, "tevreden", form, do)


@router.post("/mijn/keren/{id}/bedanken", name="occurrences.thanked")
def thanked(
    request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Thanks]
) -> Response:
    """A word of thanks."""
    words = form.value.thanks if form.value else ""
    return _act(request, session, actor, id, "bedanken", form, lambda: occur.thank(session, actor, id, words))
