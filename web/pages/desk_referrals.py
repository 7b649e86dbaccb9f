"""Verwijzingen at the desk: what came in, who has it, the core team that shares out, and the links of practices."""

from collections.abc import Callable
from typing import Annotated, Any, Final
from urllib.parse import quote
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.access import once
from app.access.actor import Actor
from app.access.roles import Permission
from app.clock import now, today
from app.errors import DomainError, Invalid
from app.http import Opened
from app.places.service import SpansTwo
from app.referrals import doing, knowing, links, sending, service, sharing, telling
from app.referrals.models import OPEN, Referral, ReferralStatus, Source, StepKind
from app.referrals.schemas import (
    Added,
    Arranged,
    Begun,
    GivenBack,
    NewLink,
    NewPhoned,
    OnVersion,
    Sharing,
    Stopped,
    TellsBack,
    Told,
    Written,
)
from app.referrals.service import Bin
from app.schemas import Nothing
from web import dutch, forms, i18n, referral_words as words
from web.desk_forms import attempted
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.pages.desk_shell import at_desk, desk_page, leafing, own_municipality
from web.rendering import see_other
from web.session import Staff

router = APIRouter()
HERE: Final = "/bureau/verwijzingen"
LINKS: Final = "/bureau/verwijzers"
OPERATION: Final = "POST /bureau/verwijzingen/nieuw"
REFUSALS: Final = {
    "not-all-arranged": N_("Nog niet alles is geregeld. Schrijf op wie het doet, of haal het weg."),
    "referral-over": N_("Deze verwijzing is al klaar of gestopt."),
    "stale": N_("Iemand anders veranderde dit net. Kijk hoe het nu is."),
    "transition-not-allowed": N_("Iemand anders veranderde dit net. Kijk hoe het nu is."),
    "forbidden": N_("De bewoner vond niet goed dat de verwijzer dit hoort."),
}
WRITTEN: Final = (
    (StepKind.CALLED, N_("Ik belde en sprak de bewoner")),
    (StepKind.VISITED, N_("Ik ging langs")),
    (StepKind.NOT_REACHED, N_("Ik belde, geen gehoor")),
    (StepKind.NOTE, N_("Alleen een notitie")),
)
SENT: Final = {
    "voornaam": N_("Vul de voornaam in van de bewoner."),
    "postcode": N_("Vul de postcode in van de bewoner, bijvoorbeeld 5664 HJ."),
    "wens": N_("Kies wat de bewoner het liefst wil."),
    "uwNaam": N_("Vul in wie verwijst, zodat wij kunnen terugbellen."),
    "consent": N_("Vraag eerst of de bewoner het goed vindt. Zonder ja bewaren wij niets."),
    "vindtGoed": N_("Vraag eerst of de bewoner het goed vindt. Zonder ja bewaren wij niets."),
    "reach": N_("Vul een telefoonnummer in, of een huisnummer. Anders vinden wij de bewoner niet."),
    "past": N_("Kies een dag die nog komt, of hoogstens een week geleden was."),
    "thuisDag": N_("Kies de dag van thuiskomst, bijvoorbeeld 3-12-2026."),
    "organisatie": N_("Kies een organisatie die de overeenkomst tekende."),
    "bron": N_("Kies wie verwijst."),
}
for _model in (NewPhoned,):
    forms.say(_model, **SENT)
forms.say(
    NewLink,
    naam=N_("Vul de naam in van de praktijk, afdeling of het team."),
    bron=N_("Kies wat voor verwijzer het is."),
    past=N_("Kies een dag die nog komt, hoogstens drie jaar ver."),
)
forms.say(
    Sharing,
    **{
        "collega": N_("Kies een collega."),
        "one-of-two": N_("Kies een collega of een organisatie, niet allebei."),
        "vervanger": N_("Kies een vervanger: een andere collega die het overneemt als dat moet."),
        "organisatie": SENT["organisatie"],
    },
)
forms.say(Written, notitie=N_("Schrijf op wat u wilt bewaren."))
forms.say(Told, bericht=N_("Schrijf wat de verwijzer mag lezen."))
forms.say(Stopped, reden=N_("Kies waarom het stopt."))
forms.say(GivenBack, reden=N_("Schrijf waarom het niet gaat. Het kernteam leest dit."))


@router.get(HERE, name="desk.referrals")
def every(
    request: Request, session: Opened, actor: Staff, bak: Bin = Bin.ALL,
    blad: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> Response:  # fmt: skip
    """What came in, who comes home first on top."""
    municipality = own_municipality(session, actor, Permission.MODERATE_REQUEST)
    board = service.board(session, actor, municipality.id, bak, blad)
    lang = i18n.language(request)
    late = [row for row in board.rows if row.status in OPEN and _is_late(row, board)]
    groups = [
        ("b", "alert", translate(lang, N_("Te laat")), [row for row in board.rows if row in late]),
        ("w", "home", translate(lang, N_("Thuis uit het ziekenhuis")),
         [row for row in board.rows if row.home_at and row not in late]),
        ("", "list", translate(lang, N_("Verder") if bak is not Bin.OVER else N_("Onlangs")),
         [row for row in board.rows if not row.home_at and row not in late]),
    ]  # fmt: skip
    return desk_page(
        request, actor, "referrals/desk.html", board=board, municipality=municipality,
        title=_title(board, board.late, lang), address=leafing(request, HERE, municipality, bak=bak),
        groups=[(kind, icon, name, [_row(one, board, lang) for one in rows]) for kind, icon, name, rows in groups],
        bins=[(translate(lang, N_("Verwijzingen")), [_bin(one, board, lang) for one in Bin])],
        desk_path=lambda path: at_desk(request, path, municipality),
    )  # fmt: skip


def _is_late(row: Referral, board: service.Board) -> bool:
    if row.home_at is None:
        return row.spoken_at is None and board.now > row.due_at
    arranged = not board.missing.get(row.id) and row.status in (ReferralStatus.SPOKEN, ReferralStatus.STARTED)
    return board.now > row.due_at and not arranged


def _title(board: service.Board, late: int, lang: str) -> str:
    if late:
        one, many = N_("Eén verwijzing is te laat"), N_("%(count)s verwijzingen zijn te laat")
        return translate(lang, one if late == 1 else many, count=dutch.words(late, lang).capitalize())
    if board.bin is Bin.ALL and board.counts[Bin.TEAM]:
        waits = board.counts[Bin.TEAM]
        one, many = N_("Eén verwijzing heeft nog niemand"), N_("%(count)s verwijzingen hebben nog niemand")
        return translate(lang, one if waits == 1 else many, count=dutch.words(waits, lang).capitalize())
    return translate(lang, N_("Verwijzingen: %(bin)s"), bin=translate(lang, words.BINS[board.bin]).lower())


def _bin(one: Bin, board: service.Board, lang: str) -> tuple[str, str, int, str, bool]:
    path = HERE if one is Bin.ALL else f"{HERE}?bak={one}"
    colour = "w" if one in (Bin.TEAM, Bin.HOME) and board.counts[one] else ""
    return translate(lang, words.BINS[one]), path, board.counts[one], colour, one is board.bin


def _row(row: Referral, board: service.Board, lang: str) -> dict[str, Any]:
    missing = board.missing.get(row.id, 0)
    said, _ = words.clock(row, board.now, missing, lang)
    still = translate(lang, N_("%(count)s open"), count=missing)
    open_words = [(still, "w")] if missing and row.status in OPEN else []
    return {
        "waited_days": max((board.now - row.created_at).days, 0),
        "waited": dutch.waited(row.created_at, board.now, lang),
        "title": translate(lang, words.WISHES[row.wish]),
        "path": f"{HERE}/{row.id}",
        "number": row.reference,
        "tags": [words.state(row, lang), *open_words],
        "who": f"{row.first_name} {row.last_name}".strip(),
        "next": said or translate(lang, words.OUTSIDE[row.status]),
        "busy": words.holder(row),
        "looking": "",
    }


@router.get(HERE + "/nieuw", name="desk.referrals.new")
def new(request: Request, session: Opened, actor: Staff) -> Response:
    """Somebody of a practice or ward is on the telephone."""
    return _new(request, session, actor, forms.blank(thuisTijd="12:00"))


def _new(
    request: Request, session: Opened, actor: Actor, form: Form[Any], *, status: int = 200,
    choices: list[tuple[str, str]] | None = None,
) -> Response:  # fmt: skip
    municipality = own_municipality(session, actor, Permission.MODERATE_REQUEST)
    lang = i18n.language(request)
    return desk_page(
        request, actor, "referrals/desk_new.html", status=status, form=form, once=form.id or uuid4(),
        sources=words.options(words.SOURCES, lang), choices=choices or [], municipality=municipality,
        desk_path=lambda path: at_desk(request, path, municipality), **fields(lang),
    )  # fmt: skip


def fields(lang: str) -> dict[str, Any]:
    """What every form that refers lets choose from."""
    return {"wishes": words.options(words.WISHES, lang), "needs": words.options(words.NEEDS, lang)}


@router.post(HERE + "/nieuw", name="desk.referrals.post")
def post(request: Request, session: Opened, actor: Staff, form: Submitted[NewPhoned]) -> Response:
    """Write it down; sent twice it is one."""
    own_municipality(session, actor, Permission.MODERATE_REQUEST)
    if form.value is None:
        return _new(request, session, actor, form, status=422)
    try:
        with session.begin_nested():
            if form.id and (first := once.first_answer(session, actor, OPERATION, form.id)) is not None:
                return see_other(f"{HERE}/{first}" if first else HERE)
            sent = sending.at_desk(session, actor, form.value)
            if form.id:
                once.remember(session, actor, OPERATION, form.id, 303, str(sent.id))
    except SpansTwo as two:
        form.refuse("gemeente", N_("Deze postcode ligt in twee gemeenten. Kies er één."))
        choices = sorted(two.details.items(), key=lambda item: item[1])
        return _new(request, session, actor, form, status=422, choices=choices)
    except DomainError as error:
        if error.status >= 403:
            form.refuse("postcode", N_("Deze bewoner woont in een andere gemeente. Bel het bureau daar."))
        else:
            form.refused(error)
        return _new(request, session, actor, form, status=422)
    return see_other(f"{HERE}/{sent.id}")


@router.get(HERE + "/{id}", name="desk.referrals.show")
def show(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """One referral on one screen."""
    return _show(request, session, actor, id, forms.blank())


def _show(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], *, status: int = 200
) -> Response:
    municipality = own_municipality(session, actor, Permission.MODERATE_REQUEST)
    case = service.get(session, actor, id)
    row, lang, moment = case.referral, i18n.language(request), now(session)
    colleagues, flags = sharing.takers(session, actor, row.municipality_id)
    missing = sum(need.arranged_at is None for need in case.needs)
    asked = [(str(one.id), one.title) for one in service.asked_by(session, actor, row)]
    return desk_page(
        request, actor, "referrals/desk_case.html", status=status, form=form, row=row, case=case, now=moment,
        state=words.state(row, lang), clock=words.clock(row, moment, missing, lang), holder=words.holder(row),
        facts=facts(row, lang), facts_wish=translate(lang, words.WISHES[row.wish]).lower(),
        course=words.course(row, case.steps, lang), twin=knowing.twin(session, actor, row),
        colleagues=_takers(colleagues, lang), flags=_takers(flags, lang), is_open=row.status in OPEN,
        written=[(one.value, translate(lang, name)) for one, name in WRITTEN],
        asked=asked, came_of_it=dict(asked).get(str(row.help_request_id), ""),
        reasons=words.options(words.REASONS, lang), **words.at_home(case.needs, lang),
        base=f"{HERE}/{id}", municipality=municipality, desk_path=lambda path: at_desk(request, path, municipality),
    )  # fmt: skip


def _takers(takers: list[sharing.Taker], lang: str) -> list[tuple[str, str]]:
    return [
        (str(one.id), translate(lang, N_("%(name)s, heeft er nu %(count)s"), name=one.name, count=one.has))
        for one in takers
    ]


def facts(row: Referral, lang: str) -> list[tuple[str, str]]:
    """Who it is, and what they said."""
    name = f"{row.first_name} {row.last_name}".strip()
    told = (
        N_("ja, de verwijzer mag horen hoe het gaat")
        if row.tells_back
        else N_("nee, de verwijzer hoort alleen dat het binnen is")
    )
    lines = [
        (N_("Wie"), f"{name}, {row.birth_year}" if row.birth_year else name),
        (N_("Adres"), f"{dutch.postcode(row.postcode)} {row.house_number}".strip()),
        (N_("Wil graag"), translate(lang, words.WISHES[row.wish])),
        (N_("Komt thuis"), dutch.moment(row.home_at, lang) if row.home_at else ""),
        (N_("Verwezen door"), f"{row.referrer_name} ({translate(lang, words.SOURCES[row.source])})"),
        (N_("Toestemming"), translate(lang, N_("de bewoner vindt goed dat wij bellen, gezegd op %(day)s"),
                                      day=dutch.day(row.created_at, lang))),
        (N_("Mag terugvertellen"), translate(lang, told)),
    ]  # fmt: skip
    return [(translate(lang, term), what) for term, what in lines if what]


Act = Callable[[Opened, Actor, UUID, Any], object]


def _do(  # noqa: PLR0913 - one act, and where it leads
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], act: Act, to: str = ""
) -> Response:
    """Do it, or show the page with what was typed and what stands in the way."""
    own_municipality(session, actor, Permission.MODERATE_REQUEST)
    status = attempted(session, form, lambda wanted: act(session, actor, id, wanted), REFUSALS)
    if status == 303:
        return see_other(to or f"{HERE}/{id}")
    return _show(request, session, actor, id, form, status=status)


@router.post(HERE + "/{id}/uitdelen", name="desk.referrals.share")
def share(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Sharing]) -> Response:
    """To a colleague, or to an organisation."""
    return _do(request, session, actor, id, form, sharing.share)


@router.post(HERE + "/{id}/oppakken", name="desk.referrals.take")
def take(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[OnVersion]) -> Response:
    """From here on it is mine."""
    return _do(request, session, actor, id, form, sharing.take)


@router.post(HERE + "/{id}/schrijven", name="desk.referrals.write")
def write(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Written]) -> Response:
    """What was done."""
    return _do(request, session, actor, id, form, doing.write)


@router.post(HERE + "/{id}/begonnen", name="desk.referrals.start")
def start(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Begun]) -> Response:
    """Something began."""
    return _do(request, session, actor, id, form, doing.start)


@router.post(HERE + "/{id}/klaar", name="desk.referrals.finish")
def finish(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[OnVersion]) -> Response:
    """It is done."""
    return _do(request, session, actor, id, form, doing.finish)


@router.post(HERE + "/{id}/stoppen", name="desk.referrals.stop")
def stop(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Stopped]) -> Response:
    """It goes no further."""
    return _do(request, session, actor, id, form, doing.stop)


@router.post(HERE + "/{id}/heropenen", name="desk.referrals.reopen")
def reopen(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[OnVersion]) -> Response:
    """It stopped too soon."""
    return _do(request, session, actor, id, form, doing.reopen)


@router.post(HERE + "/{id}/terugvertellen", name="desk.referrals.tell")
def tell(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Told]) -> Response:
    """What the referrer reads."""
    return _do(request, session, actor, id, form, telling.tell_back)


@router.post(HERE + "/{id}/toestemming", name="desk.referrals.hear")
def hear(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[TellsBack]) -> Response:
    """What the person said on the telephone about telling the referrer."""
    return _do(request, session, actor, id, form, telling.hear)


@router.post(HERE + "/{id}/thuis", name="desk.referrals.need")
def need(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Added]) -> Response:
    """One thing more at home."""
    return _do(request, session, actor, id, form, doing.add_need)


@router.post(HERE + "/{id}/thuis/{need_id}", name="desk.referrals.arrange")
def arrange(
    request: Request, session: Opened, actor: Staff, id: UUID, need_id: UUID, form: Submitted[Arranged]
) -> Response:
    """Who sees to it."""

    def done(session: Opened, actor: Actor, id: UUID, typed: Arranged) -> object:
        return doing.arrange(session, actor, id, need_id, typed)

    return _do(request, session, actor, id, form, done)


@router.post(HERE + "/{id}/bekend", name="desk.referrals.know")
def know(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[OnVersion]) -> Response:
    """It is somebody that we know, or who is registered now; then a question can be taken down for them."""

    def done(session: Opened, actor: Actor, id: UUID, typed: OnVersion) -> object:
        known = knowing.twin(session, actor, service.get(session, actor, id).referral)
        return knowing.know(
            session, actor, id, typed, known.id if known and form.button == "bekend" else None
        )

    return _do(request, session, actor, id, form, done)


@router.get(LINKS, name="desk.referrers")
def referrers(request: Request, session: Opened, actor: Staff) -> Response:
    """The links of practices, wards and teams."""
    return _links(request, session, actor, forms.blank(bron=Source.PRACTICE.value))


def _links(
    request: Request, session: Opened, actor: Actor, form: Form[Any], *, status: int = 200
) -> Response:
    municipality = own_municipality(session, actor, Permission.MODERATE_REQUEST)
    lang, secret = i18n.language(request), request.app.state.secret
    address, day = request.app.state.settings.address, today(session)
    rows = links.every(session, actor, municipality.id)
    return desk_page(
        request, actor, "referrals/links.html", status=status, form=form, municipality=municipality,
        sources=[one for one in words.options(words.SOURCES, lang) if one[0] != Source.ORGANISATION],
        links=[
            (row, translate(lang, words.SOURCES[row.source]), f"{address}/verwijs/{quote(links.token_of(secret, row))}",
             row.ended_at is None and row.valid_until >= day)
            for row in rows
        ],
        desk_path=lambda path: at_desk(request, path, municipality),
    )  # fmt: skip


@router.post(LINKS, name="desk.referrers.make")
def make_link(request: Request, session: Opened, actor: Staff, form: Submitted[NewLink]) -> Response:
    """A practice that may refer."""
    municipality = own_municipality(session, actor, Permission.MODERATE_REQUEST)
    if form.value is None:
        return _links(request, session, actor, form, status=422)
    try:
        with session.begin_nested():
            row = links.make(session, actor, municipality.id, form.value)
    except Invalid as refused:
        return _links(request, session, actor, form.refused(refused), status=422)
    return see_other(f"{LINKS}#link-{row.id}")


@router.post(LINKS + "/{id}/nieuw", name="desk.referrers.renew")
def renew_link(session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]) -> Response:
    """A new link; the one before opens nothing."""
    own_municipality(session, actor, Permission.MODERATE_REQUEST)
    if form.value is None:
        raise DomainError
    links.renew(session, actor, id)
    return see_other(f"{LINKS}#link-{id}")


@router.post(LINKS + "/{id}/stoppen", name="desk.referrers.end")
def end_link(session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]) -> Response:
    """It opens nothing from here on."""
    own_municipality(session, actor, Permission.MODERATE_REQUEST)
    if form.value is None:
        raise DomainError
    links.end(session, actor, id)
    return see_other(f"{LINKS}#link-{id}")


@router.get("/bureau/kernteam", name="desk.core_team")
def core_team(
    request: Request, session: Opened, actor: Staff, blad: Annotated[int, Query(ge=1, le=1000)] = 1
) -> Response:
    """All that has nobody, to be shared out at one table."""
    return _core_team(request, session, actor, page=blad)


def _core_team(  # noqa: PLR0913 - a page of a list with forms in it
    request: Request, session: Opened, actor: Actor, form: Form[Any] | None = None, about: UUID | None = None,
    *, status: int = 200, page: int = 1,
) -> Response:  # fmt: skip
    municipality = own_municipality(session, actor, Permission.MODERATE_REQUEST)
    board = service.board(session, actor, municipality.id, Bin.TEAM, page)
    if about is not None and all(row.id != about for row in board.rows):
        board.rows.insert(
            0, service.get(session, actor, about).referral
        )  # what is to be mended is not on page 1
    colleagues, flags = sharing.takers(session, actor, municipality.id)
    lang = i18n.language(request)
    return desk_page(
        request, actor, "referrals/core_team.html", status=status, board=board, municipality=municipality,
        address=leafing(request, "/bureau/kernteam", municipality), waiting=board.counts[Bin.TEAM],
        rows=[
            (row, _row(row, board, lang), form if form is not None and row.id == about else forms.blank().among(row.id))
            for row in board.rows
        ],
        bins=[(translate(lang, N_("Verwijzingen")), [_bin(one, board, lang) for one in Bin])],
        loads=[(one.name, one.has) for one in colleagues], flag_loads=[(one.name, one.has) for one in flags],
        colleagues=[(str(one.id), one.name) for one in colleagues], flags=[(str(one.id), one.name) for one in flags],
        problem=form.errors if form is not None else {},
        desk_path=lambda path: at_desk(request, path, municipality),
    )  # fmt: skip


@router.post("/bureau/kernteam/{id}", name="desk.core_team.share")
def share_out(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Sharing]
) -> Response:
    """One of them, to a colleague or an organisation."""
    own_municipality(session, actor, Permission.MODERATE_REQUEST)
    service.get(session, actor, id)
    status = attempted(session, form, lambda wanted: sharing.share(session, actor, id, wanted), REFUSALS)
    if status == 303:
        return see_other("/bureau/kernteam")
    return _core_team(request, session, actor, form.among(id), id, status=status)
