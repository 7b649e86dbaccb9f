"""Roosjes op papier: print them, give them away like cash, hand one in, take a lost one back."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.policy import found
from app.cheques import roosjes
from app.cheques.schemas import Codes, Handing, LostPaper, NewPapers
from app.errors import DomainError, NotFound
from app.http import Opened
from app.looks import dress
from app.people import service as people
from app.people.models import Person
from rewards.errors import MistypedSerial
from rewards.serials import read_serial
from web import documents, dutch, i18n
from web.forms import Form, Submitted
from web.pages.desk_shell import desk_page
from web.paper_forms import addresses, fresh, refused, status_of
from web.rendering import page, see_other
from web.session import SignedIn, Staff, Visitor

router = APIRouter()
HERE: Final = "/mijn/roosjes/papier"
THERE: Final = "/bureau/mensen/{id}/papier"
WORTH: Final = (15, 30, 60, 120)


def _at(
    request: Request, actor: Actor, person: Person, template: str, status: int, **values: Any
) -> Response:
    """The person's own page, or the desk's page about them."""
    other = person.id != actor.person_id
    values |= {
        "person": person,
        "other": other,
        "here": THERE.format(id=person.id) if other else HERE,
        "shell": "desk/_base.html" if other else "base.html",
    }
    if other:
        return desk_page(request, actor, template, status=status, **values)
    return page(request, template, status=status, **values)


def _page(
    request: Request, session: Opened, actor: Actor, person: Person, status: int = 200, **typed: Form[Any]
) -> Response:
    lang = i18n.language(request)
    minutes = request.query_params.get("ingeleverd", "")
    return _at(
        request, actor, person, "cheques/roosjes.html", status,
        papers=roosjes.mine(session, person),
        worth=[(minutes, dutch.roosjes(minutes, lang)) for minutes in WORTH],
        form=next(iter(typed.values()), fresh()),
        form_of=lambda act: typed.get(act) or fresh(aantal=4, minuten=60),
        taken=int(minutes) if minutes.isascii() and minutes.isdigit() and len(minutes) < 5 else 0,
        back="terug" in request.query_params,
    )  # fmt: skip


def _issue(
    request: Request, session: Opened, actor: Actor, person: Person, form: Form[NewPapers]
) -> Response:
    if form.value is None:
        return _page(request, session, actor, person, 422, maken=form)
    wanted = form.value
    try:
        made = roosjes.issue(session, actor, person, (wanted.papers, wanted.minutes), wanted.key)
    except DomainError as error:
        return _page(request, session, actor, person, status_of(error), maken=refused(form, error))
    papers = addresses(request, "papier", made.papers)
    look = _look(session, person)
    return _at(
        request,
        actor,
        person,
        "cheques/issued.html",
        200,
        made=made,
        papers=papers,
        qr=documents.qr,
        dress=look,
    )


def _look(session: Opened, person: Person) -> dress.Dress:
    """That of where the papers' owner lives; ours for who lives nowhere here."""
    home = people.home_if_any(session, person.id)
    return dress.of(session, home.municipality_id) if home else dress.OURS_ALONE


def _pdf(request: Request, session: Opened, actor: Actor, person: Person, form: Form[Codes]) -> Response:
    (made,) = roosjes.printable(session, actor, person, found(form.value).codes)
    papers = addresses(request, "papier", made.papers)
    lang = i18n.language(request)
    return documents.download(
        documents.pdf(
            "cheques/roosjes_pdf.html", lang=lang, made=made, papers=papers, dress=_look(session, person)
        ),
        "roosjes.pdf",
    )


def _back(request: Request, session: Opened, actor: Actor, person: Person, form: Form[LostPaper]) -> Response:
    if form.value is None:
        return _page(request, session, actor, person, 422, terug=form)
    try:
        roosjes.take_back(session, actor, person, form.value.number, form.value.key)
    except DomainError as error:
        return _page(request, session, actor, person, status_of(error), terug=refused(form, error))
    here = HERE if person.id == actor.person_id else THERE.format(id=person.id)
    return see_other(f"{here}?terug=ja")


def _hand_in(
    request: Request, session: Opened, actor: Actor, person: Person, form: Form[Handing]
) -> Response:
    if form.value is None:
        return _page(request, session, actor, person, 422, inleveren=form)
    try:
        taken = roosjes.hand_in(session, actor, person, form.value.code, form.value.key)
    except DomainError as error:
        return _page(request, session, actor, person, status_of(error), inleveren=refused(form, error))
    here = HERE if person.id == actor.person_id else THERE.format(id=person.id)
    return see_other(f"{here}?ingeleverd={taken.minutes}")


@router.get(HERE, name="papers.mine")
def mine(request: Request, session: Opened, actor: SignedIn) -> Response:
    """One's own papers."""
    return _page(request, session, actor, roosjes.holder(session, actor))


@router.post(HERE, name="papers.issue")
def issue(request: Request, session: Opened, actor: SignedIn, form: Submitted[NewPapers]) -> Response:
    """Put Roosjes on paper; the codes are on the answer, and nowhere else."""
    return _issue(request, session, actor, roosjes.holder(session, actor), form)


@router.post(f"{HERE}/pdf", name="papers.pdf")
def pdf(request: Request, session: Opened, actor: SignedIn, form: Submitted[Codes]) -> Response:
    """The papers that stand on the screen as a PDF."""
    return _pdf(request, session, actor, roosjes.holder(session, actor), form)


@router.post(f"{HERE}/terug", name="papers.back")
def back(request: Request, session: Opened, actor: SignedIn, form: Submitted[LostPaper]) -> Response:
    """A lost paper's minutes come back."""
    return _back(request, session, actor, roosjes.holder(session, actor), form)


@router.post(f"{HERE}/inleveren", name="papers.hand_in")
def hand_in(request: Request, session: Opened, actor: SignedIn, form: Submitted[Handing]) -> Response:
    """A paper from somebody else."""
    return _hand_in(request, session, actor, roosjes.holder(session, actor), form)


@router.get(THERE, name="papers.of_person")
def of_person(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """The same for somebody who has no telephone, by their makelaar."""
    return _page(request, session, actor, roosjes.holder(session, actor, id))


@router.post(THERE, name="papers.issue_for")
def issue_for(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewPapers]
) -> Response:
    """Put somebody's Roosjes on paper."""
    return _issue(request, session, actor, roosjes.holder(session, actor, id), form)


@router.post(f"{THERE}/pdf", name="papers.pdf_for")
def pdf_for(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Codes]) -> Response:
    """The papers that stand on the screen as a PDF."""
    return _pdf(request, session, actor, roosjes.holder(session, actor, id), form)


@router.post(f"{THERE}/terug", name="papers.back_for")
def back_for(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[LostPaper]
) -> Response:
    """A lost paper's minutes come back to them."""
    return _back(request, session, actor, roosjes.holder(session, actor, id), form)


@router.post(f"{THERE}/inleveren", name="papers.hand_in_for")
def hand_in_for(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Handing]
) -> Response:
    """A paper that they brought along."""
    return _hand_in(request, session, actor, roosjes.holder(session, actor, id), form)


@router.get("/papier/{code}", name="papers.scanned")
def scanned(request: Request, _: Visitor, code: str) -> Response:
    """Where a paper's QR code leads. Nothing is looked up or changed before the button is pressed."""
    try:
        written = read_serial(code).text
    except MistypedSerial:
        raise NotFound from None
    return page(
        request,
        "cheques/scanned_roosje.html",
        headers={"Referrer-Policy": "same-origin", "Cache-Control": "no-store"},
        code=written,
        form=fresh(code=written),
    )
