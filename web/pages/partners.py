"""Onze organisatie: joining, what is still to do, the covenant, colleagues and volunteers, and introductions."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.sign_in import LinkDead
from app.errors import DomainError, NotFound
from app.http import Opened
from app.looks import dress
from app.moderation import organisations
from app.organisations.staff import administers
from app.partners import covenants, introductions, jobs as lists, joining, people
from app.partners.covenants import NoCovenant
from app.partners.models import InvitedAs
from app.partners.schemas import IntroductionAnswer, Invite, NewJoining, Sharing, Signing
from app.people import phone
from app.places import service as places
from app.schemas import Nothing
from web import documents, forms, i18n, partner_words as words
from web.desk_forms import attempted
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.pages.desk_people import KINDS
from web.rendering import page, see_other, site
from web.session import ForOrganisation, SignedIn

router = APIRouter()
HERE: Final = "/organisatie"
forms.say(
    NewJoining,
    naam=N_("Vul de naam in van uw organisatie."),
    soort=N_("Kies wat voor organisatie het is."),
    wat=N_("Schrijf in een paar zinnen wat u doet."),
    telefoon=N_("Vul een telefoonnummer in."),
    kvk=N_("Een KvK-nummer heeft 8 cijfers."),
    functie=N_("Vul in wat u daar doet."),
)
forms.say(
    Signing,
    naam=N_("Vul uw naam in, zoals u tekent."),
    functie=N_("Vul in wat u daar doet."),
    akkoord=N_("Zet een vinkje als u akkoord gaat."),
    consent=N_("Zet een vinkje als u akkoord gaat."),
)
forms.say(Invite, voornaam=N_("Vul een voornaam in."), rol=N_("Kies wat iemand gaat doen."))


@router.get(HERE + "/aanmelden", name="partners.join")
def join(request: Request, session: Opened, actor: SignedIn) -> Response:
    """Take part with one's organisation: three short parts on one page, and what one asked before."""
    return _join(request, session, actor, forms.blank())


def _join(request: Request, session: Opened, actor: Actor, form: Form[Any], *, status: int = 200) -> Response:
    lang = i18n.language(request)
    return page(
        request, "partners/join.html", status=status, form=form, done="gedaan" in request.query_params,
        kinds=[(one.value, translate(lang, name)) for one, name in KINDS.items()],
        asked=[
            (row, translate(lang, words.JOININGS[row.status][0]), words.JOININGS[row.status][1])
            for row in joining.mine(session, actor)
        ],
    )  # fmt: skip


@router.post(HERE + "/aanmelden", name="partners.join.post")
def ask(request: Request, session: Opened, actor: SignedIn, form: Submitted[NewJoining]) -> Response:
    """The desk reads it; sent twice it is asked once."""
    here = site(request).municipality_id
    if here is None:
        raise NotFound
    status = attempted(session, form, lambda new: joining.ask(session, actor, here, new), words.REFUSALS)
    if status == 303:
        return see_other(f"{HERE}/aanmelden?gedaan=ja")
    return _join(request, session, actor, form, status=status)


@router.post(HERE + "/aanmelden/{id}/intrekken", name="partners.join.withdraw")
def withdraw_joining(session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]) -> Response:
    """Rather not."""
    if form.value is None:
        raise DomainError
    joining.withdraw(session, actor, id)
    return see_other(f"{HERE}/aanmelden")


@router.get(HERE, name="partners.home")
def home(request: Request, session: Opened, actor: ForOrganisation) -> Response:
    """What is done, and what is next."""
    standings = joining.standing(session, actor)
    papers = covenants.newest(session, actor, [one.organisation for one in standings])
    return page(
        request, "partners/home.html",
        standings=[
            (one, one.organisation.id in administers(actor), papers.get(one.organisation.id))
            for one in standings
        ],
        asked=sum(one.said is None and one.row.ended_at is None for one in introductions.mine(session, actor)),
    )  # fmt: skip


def _paper(session: Opened, actor: Actor, id: UUID) -> covenants.Paper | None:
    try:
        return covenants.paper(session, actor, id)
    except NoCovenant:
        return None


def _flag(session: Opened, actor: Actor) -> UUID:
    """The organisation that the page is about: the first by name of those that the actor works for."""
    return organisations.own(session, actor).id


@router.get(HERE + "/overeenkomst", name="partners.covenant")
def covenant(request: Request, session: Opened, actor: ForOrganisation) -> Response:
    """The text as it is now, and who signed."""
    return _covenant(request, session, actor, forms.blank(naam=actor.first_name))


def _covenant(
    request: Request, session: Opened, actor: Actor, form: Form[Any], *, status: int = 200
) -> Response:
    flag = organisations.own(session, actor)
    paper = _paper(session, actor, flag.id)
    return page(
        request, "partners/covenant.html", status=status, form=form, flag=flag, paper=paper,
        may=flag.id in administers(actor),
        earlier=covenants.versions(session, actor, flag.municipality_id)[1:],
    )  # fmt: skip


@router.get(HERE + "/overeenkomst.pdf", name="partners.covenant.pdf")
def covenant_pdf(request: Request, session: Opened, actor: ForOrganisation) -> Response:
    """The same on paper, with the signatures."""
    paper = covenants.paper(session, actor, _flag(session, actor))
    place = paper.covenant.municipality_id
    made = documents.pdf(
        "partners/covenant_pdf.html", lang=i18n.language(request), dress=dress.of(session, place), paper=paper,
        place=places.municipality(session, place).name,
    )  # fmt: skip
    return documents.download(made, f"overeenkomst-{paper.covenant.number}.pdf")


@router.post(HERE + "/overeenkomst", name="partners.covenant.sign")
def sign(request: Request, session: Opened, actor: ForOrganisation, form: Submitted[Signing]) -> Response:
    """The organisation signs what was read."""
    flag = _flag(session, actor)
    if flag not in administers(actor):
        raise NotFound
    status = attempted(
        session, form, lambda signing: covenants.sign(session, actor, flag, signing), words.REFUSALS
    )
    if status == 303:
        return see_other(f"{HERE}/overeenkomst")
    return _covenant(request, session, actor, form, status=status)


@router.get(HERE + "/mensen", name="partners.people")
def everybody(request: Request, session: Opened, actor: ForOrganisation) -> Response:
    """Who works and helps here, and who was invited."""
    return _people(request, session, actor, forms.blank(rol=InvitedAs.VOLUNTEER.value))


def _people(
    request: Request, session: Opened, actor: Actor, form: Form[Any], *, status: int = 200
) -> Response:
    flag = _flag(session, actor)
    people.own(session, actor, flag)
    lang = i18n.language(request)
    return page(
        request, "partners/people.html", status=status, form=form, flag=organisations.own(session, actor),
        colleagues=[
            (one, translate(lang, words.ROLES[one.role])) for one in people.colleagues(session, actor, flag)
        ],
        volunteers=people.volunteers(session, actor, flag),
        invited=[(one, translate(lang, words.ROLES[one.role])) for one in people.invitations(session, actor, flag)],
        roles=[
            (InvitedAs.VOLUNTEER.value, translate(lang, N_("Vrijwilliger: helpt onder uw naam"))),
            *((one.value, translate(lang, name)) for one, name in words.INVITE.items()),
        ],
        done="gedaan" in request.query_params,
    )  # fmt: skip


@router.post(HERE + "/mensen", name="partners.invite")
def invite(request: Request, session: Opened, actor: ForOrganisation, form: Submitted[Invite]) -> Response:
    """A mail with a link goes out."""
    flag = _flag(session, actor)
    people.own(session, actor, flag)
    status = attempted(
        session, form, lambda wanted: people.invite(session, actor, flag, wanted), words.REFUSALS
    )
    if status == 303:
        return see_other(f"{HERE}/mensen?gedaan=ja")
    return _people(request, session, actor, form, status=status)


@router.post(HERE + "/mensen/uitnodigingen/{id}/intrekken", name="partners.uninvite")
def uninvite(session: Opened, actor: ForOrganisation, id: UUID, form: Submitted[Nothing]) -> Response:
    """The link opens nothing from here on."""
    if form.value is None:
        raise DomainError
    people.withdraw(session, actor, _flag(session, actor), id)
    return see_other(f"{HERE}/mensen")


@router.post(HERE + "/mensen/rollen/{id}/einde", name="partners.end_role")
def end_role(
    request: Request, session: Opened, actor: ForOrganisation, id: UUID, form: Submitted[Nothing]
) -> Response:
    """Somebody works here no more."""
    flag = _flag(session, actor)
    people.own(session, actor, flag)
    status = attempted(session, form, lambda _: people.end_role(session, actor, flag, id), words.REFUSALS)
    return (
        see_other(f"{HERE}/mensen")
        if status == 303
        else _people(request, session, actor, form, status=status)
    )


@router.post(HERE + "/mensen/vrijwilligers/{id}/delen", name="partners.share")
def share(session: Opened, actor: ForOrganisation, id: UUID, form: Submitted[Sharing]) -> Response:
    """For one's own people only, or for everybody."""
    if form.value is None:
        raise DomainError
    people.share(session, actor, _flag(session, actor), id, form.value)
    return see_other(f"{HERE}/mensen#vrijwilliger-{id}")


@router.post(HERE + "/mensen/vrijwilligers/{id}/einde", name="partners.let_go")
def let_go(session: Opened, actor: ForOrganisation, id: UUID, form: Submitted[Nothing]) -> Response:
    """Somebody helps under this flag no more."""
    if form.value is None:
        raise DomainError
    people.let_go(session, actor, _flag(session, actor), id)
    return see_other(f"{HERE}/mensen")


@router.get(people.PAGE, name="partners.invited")
def invited(request: Request, session: Opened, _actor: SignedIn) -> Response:
    """What an invitation says, for whoever signed in with its address."""
    token = request.query_params.get("t", "")[:200]
    try:
        said = people.invited(session, request.app.state.secret, token)
    except LinkDead:
        return page(request, "partners/invited_dead.html", status=410)
    role = translate(i18n.language(request), words.ROLES[said.role])
    return page(request, "partners/invited.html", said=said, role=role, token=token)


@router.post(people.PAGE, name="partners.accept")
def accept(request: Request, session: Opened, actor: SignedIn, form: Submitted[Nothing]) -> Response:
    """From here on one works or helps there."""
    if form.value is None:
        raise DomainError
    token = request.query_params.get("t", "")[:200]
    try:
        said = people.accept(session, actor, request.app.state.secret, token)
    except LinkDead:
        return page(request, "partners/invited_dead.html", status=410)
    return see_other("/mijn/vlag?gedaan=ja" if said.role is InvitedAs.VOLUNTEER else HERE)


@router.get("/mijn/vlag", name="partners.mine")
def mine(request: Request, session: Opened, actor: SignedIn) -> Response:
    """Under whose flag one helps."""
    rows = people.mine(session, actor)
    return page(request, "partners/mine.html", rows=rows, done="gedaan" in request.query_params)


@router.post("/mijn/vlag/{id}/stoppen", name="partners.leave")
def leave(session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]) -> Response:
    """One's offers stand on as a neighbour's."""
    if form.value is None:
        raise DomainError
    people.leave(session, actor, id)
    return see_other("/mijn/vlag")


@router.get(HERE + "/kennismaken", name="partners.introductions")
def meet(request: Request, session: Opened, actor: ForOrganisation) -> Response:
    """Others with whom one could do something together."""
    return _meet(request, session, actor)


def _meet(
    request: Request, session: Opened, actor: Actor, form: Form[Any] | None = None, *, status: int = 200
) -> Response:
    organisations.own(session, actor)
    lang = i18n.language(request)
    return page(
        request, "partners/introductions.html", status=status, form=form or forms.blank(), phone=phone.display,
        rows=[
            (one, translate(lang, words.INTRODUCTIONS[one.row.status][0]), words.INTRODUCTIONS[one.row.status][1])
            for one in introductions.mine(session, actor)
        ],
    )  # fmt: skip


@router.post(HERE + "/kennismaken/{id}", name="partners.introductions.answer")
def answer(
    request: Request, session: Opened, actor: ForOrganisation, id: UUID, form: Submitted[IntroductionAnswer]
) -> Response:
    """Yes or no."""
    status = attempted(
        session, form, lambda said: introductions.answer(session, actor, id, said), words.REFUSALS
    )
    if status == 303:
        return see_other(f"{HERE}/kennismaken")
    return _meet(request, session, actor, form, status=status)


@router.get(HERE + "/klussen", name="partners.jobs")
def jobs(request: Request, session: Opened, actor: ForOrganisation) -> Response:
    """The job list of this week and the next, to print: when, where, what, and with which cheques."""
    flag = organisations.own(session, actor)
    return page(request, "partners/jobs.html", flag=flag, days=lists.by_day(session, actor, flag.id),
                phone=phone.display)  # fmt: skip
