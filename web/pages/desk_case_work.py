"""What a makelaar does about a case beside finding somebody: tasks, talks, faces, questions to others, the Wmo."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.casework import colleagues, evaluations, faces, presence, questions, tasks, wmo
from app.casework.evaluations import NewEvaluation
from app.casework.faces import Faces, HandOver
from app.casework.models import QuestionKind
from app.casework.questions import Answer, NewQuestion
from app.casework.tasks import NewTask
from app.casework.wmo import NewReport
from app.clock import now, today
from app.errors import DomainError
from app.http import Opened
from app.looks import dress
from app.moderation import cases
from app.moderation.cases import OnVersion
from app.people import phone
from app.people.service import home
from app.places import service as places
from app.schemas import Nothing
from web import documents, dutch, forms, i18n
from web.desk_forms import attempted
from web.documents import NoPrinter
from web.forms import Form, Submitted, blank
from web.i18n import N_
from web.pages.desk_case import act
from web.pages.desk_case_work_view import looking_at, question_words
from web.pages.desk_shell import desk_page
from web.rendering import page, see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/zaken/{id}")
REFUSALS: Final = {
    "stale": N_("Een collega veranderde dit net. Kijk het na en bewaar het opnieuw."),
    "asked-already": N_("Er is al iemand gevraagd om de knoop door te hakken."),
    "answered-already": N_("Het antwoord is er al."),
    "forbidden": N_("Alleen wie gevraagd is, hakt de knoop door."),
}
forms.say(
    NewTask,
    taak=N_("Schrijf wat er moet gebeuren."),
    **{
        "one-of-two": N_("Kies binnen hoeveel werkdagen, of kies een dag."),
        "past": N_("Kies vandaag of een dag die nog komt."),
        "too-far": N_("Kies een dag binnen een jaar."),
        "choose": N_("Kies een collega."),
    },
)
forms.say(
    NewEvaluation,
    gezicht=N_("Kies hoe het gaat."),
    **{
        "past": N_("Kies een dag die nog komt."),
        "too-far": N_("Kies een dag binnen drie jaar."),
    },
)
forms.say(
    Faces,
    **{
        "choose": N_("Kies een collega."),
        "another": N_("Kies een ander dan wie deze zaak heeft."),
        "before-start": N_("Kies een dag op of na de eerste dag."),
    },
)
forms.say(
    HandOver,
    aanWie=N_("Kies aan wie u de zaak overdraagt."),
    overdracht=N_("Schrijf wat uw collega moet weten."),
    another=N_("Kies een ander dan wie deze zaak heeft."),
)
forms.say(
    NewQuestion,
    vraagstelling=N_("Schrijf wat u wilt weten."),
    choose=N_("Kies een collega, of schrijf welke deskundige."),
)
forms.say(Answer, antwoord=N_("Schrijf het antwoord op."))
forms.say(
    NewReport,
    melding=N_("Schrijf op wat er gemeld is."),
    **{
        "not-future": N_("Kies vandaag of een dag die geweest is."),
        "too-far": N_("Kies een dag van het afgelopen jaar."),
    },
)


@router.post("/hier", name="desk.case.here")
def here(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[OnVersion]) -> Response:
    """A sign of life from the page: who else looks, and whether it changed since it was read."""
    asked = cases.get(session, actor, id)
    if form.value is None:
        raise DomainError
    presence.come(session, actor, asked)
    return page(
        request, "desk/_here.html", looking=looking_at(session, actor, asked, i18n.language(request)),
        newer=asked.version != form.value.version,
    )  # fmt: skip


@router.post("/taken", name="desk.case.task")
def add_task(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewTask]) -> Response:
    """Something to do, or a promise that the asker reads too."""
    return act(request, session, actor, id, form, lambda new: tasks.add(session, actor, id, new))


@router.post("/taken/{task_id}/gedaan", name="desk.case.task.done")
def do_task(
    request: Request, session: Opened, actor: Staff, id: UUID, task_id: UUID, form: Submitted[Nothing]
) -> Response:
    """It is done."""
    return act(request, session, actor, id, form, lambda _: tasks.do(session, actor, id, task_id))


@router.post("/gesprekken", name="desk.case.talk")
def talked(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewEvaluation]
) -> Response:
    """How it goes, and when to talk again."""
    return act(request, session, actor, id, form, lambda said: evaluations.hold(session, actor, id, said))


@router.get("/gezichten", name="desk.case.faces")
def ask_faces(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """The fixed face, who looks along, who stands in, and handing over."""
    team = faces.of_case(session, actor, id)
    form = blank(
        kijktMee=(team and team.second_id) or "", vervanger=(team and team.stand_in_id) or "",
        wegVan=(team and team.away_from) or "", wegTotEnMet=(team and team.away_until) or "",
    )  # fmt: skip
    return _faces(request, session, actor, id, form)


def _faces(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], *, status: int = 200
) -> Response:
    asked = cases.get(session, actor, id)
    team = faces.of_case(session, actor, id)
    names = [(str(key), name) for key, name in colleagues.brokers(session, actor, asked.municipality_id)]
    return desk_page(
        request, actor, "desk/faces.html", status=status, form=form, asked=asked, team=team,
        colleagues=[one for one in names if one[0] != str(asked.broker_id)],
        team_version=team.version if team else 0,
    )  # fmt: skip


@router.post("/gezichten", name="desk.case.faces.set")
def set_faces(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Faces]) -> Response:
    """Keep who looks along and who stands in."""
    status = attempted(session, form, lambda new: faces.change(session, actor, id, new), REFUSALS)
    return _case(id) if status == 303 else _faces(request, session, actor, id, form, status=status)


@router.post("/overdragen", name="desk.case.hand_over")
def hand_over(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[HandOver]
) -> Response:
    """A colleague has it from now on."""
    status = attempted(session, form, lambda to: faces.hand_over(session, actor, id, to), REFUSALS)
    return _case(id) if status == 303 else _faces(request, session, actor, id, form, status=status)


def _case(id: UUID) -> Response:
    return see_other(f"/bureau/zaken/{id}")


@router.get("/overleg", name="desk.case.questions")
def ask_others(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """What others were asked, and asking another."""
    return _questions(request, session, actor, id, blank())


def _questions(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], *, status: int = 200
) -> Response:
    asked = cases.get(session, actor, id)
    lang, moment = i18n.language(request), now(session)
    rows = questions.of_case(session, actor, id)
    knot = form.get("soortVraag") == QuestionKind.DEADLOCK
    names = colleagues.brokers(session, actor, asked.municipality_id)
    return desk_page(
        request, actor, "desk/questions.html", status=status, form=form, asked=asked,
        colleagues=[(str(key), name) for key, name in names if key != actor.person],
        rows=[
            {
                "row": row,
                "who": question_words(row, lang),
                "late": questions.is_late(row, moment),
                "due": dutch.near(dutch.local_date(row.due_at), moment, lang),
                "form": form if form.mark == f"{row.id}-" else blank().among(row.id),
                "mine": row.kind is QuestionKind.CONSULT or row.asked_of_id == actor.person,
            }
            for row in rows
        ],
        consult=blank() if knot or form.mark else form,
        knot=(form if knot else blank()).among("knoop"),
        waits=any(row.kind is QuestionKind.DEADLOCK and row.answered_at is None for row in rows),
    )  # fmt: skip


@router.post("/overleg", name="desk.case.ask")
def ask_one(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewQuestion]
) -> Response:
    """Ask for advice, or for a decision."""
    status = attempted(session, form, lambda new: questions.ask(session, actor, id, new), REFUSALS)
    if status == 303:
        return see_other(f"/bureau/zaken/{id}/overleg")
    return _questions(request, session, actor, id, form, status=status)


@router.post("/overleg/{question_id}", name="desk.case.answer")
def answer(
    request: Request, session: Opened, actor: Staff, id: UUID, question_id: UUID, form: Submitted[Answer]
) -> Response:
    """The advice as it was given, or the decision of who was asked to decide."""
    status = attempted(
        session, form, lambda said: questions.answer(session, actor, id, question_id, said), REFUSALS
    )
    if status == 303:
        return see_other(f"/bureau/zaken/{id}/overleg")
    return _questions(request, session, actor, id, form.among(question_id), status=status)


@router.get("/wmo", name="desk.case.wmo")
def ask_report(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """What a report is, and what somebody reported."""
    return _wmo(request, session, actor, id, blank())


def _wmo(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], *, status: int = 200
) -> Response:
    asked = cases.get(session, actor, id)
    row = wmo.of_case(session, actor, id)
    return desk_page(
        request, actor, "desk/wmo.html", status=status, form=form, asked=asked, report=row, today=today(session),
        terms=wmo.terms(row.reported_on if row else today(session)),
    )  # fmt: skip


@router.post("/wmo", name="desk.case.report")
def report(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewReport]) -> Response:
    """Write it down, and get to its receipt."""
    status = attempted(session, form, lambda new: wmo.report(session, actor, id, new), REFUSALS)
    if status == 303:
        return see_other(f"/bureau/zaken/{id}/wmo")
    return _wmo(request, session, actor, id, form, status=status)


@router.get("/wmo/bewijs", name="desk.case.receipt")
def receipt(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """The receipt on paper: to hand over, or to post."""
    asked = cases.get(session, actor, id)
    row = wmo.of_case(session, actor, id)
    if row is None:
        return see_other(f"/bureau/zaken/{id}/wmo")
    municipality = asked.municipality
    contact = wmo.addressee(session, actor, row)
    values: dict[str, Any] = {
        "contact": contact, "report": row, "asked": asked, "municipality": municipality,
        "call": phone.display(municipality.phone), "terms": wmo.terms(row.reported_on), "day": today(session),
        "town": places.place_name(session, home(session, row.person_id).pc4),
    }  # fmt: skip
    try:
        look = dress.of(session, municipality.id)
        made = documents.pdf("desk/receipt_pdf.html", lang=contact.person.language, dress=look, **values)
    except NoPrinter:
        return desk_page(request, actor, "desk/receipt_page.html", **values)
    return documents.download(made, f"wmo-{row.receipt}.pdf")
