"""Mijn Roosjes: where the account stands, what came and went, one line, and the whole on paper or in a file."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app import tables
from app.access.actor import Actor
from app.clock import AMSTERDAM, now
from app.errors import NotFound
from app.http import Opened
from app.looks import dress
from app.people import service as people
from app.places import service as places
from app.pots import freezing
from app.roosjes import advice as advices, asking, codes, questions, story
from app.roosjes.questions import NewQuestion
from rewards.types import TransferKind
from web import documents, dutch, forms, i18n, roosjes_words as words
from web.forms import Form, Submitted, say
from web.i18n import N_, translate
from web.in_address import Number
from web.rendering import page, see_other
from web.session import SignedIn

router = APIRouter()
HERE: Final = "/mijn/roosjes"
FIRST_LINES: Final = 6
MUCH: Final = 300
"""So many minutes to spare, or to give back, and we say a word about it."""

say(NewQuestion, uitleg=N_("Schrijf wat er niet klopt."))


@router.get(HERE, name="roosjes.mine")
def mine(request: Request, session: Opened, actor: SignedIn) -> Response:
    """The picture, the last lines, and what one may do with it."""
    lang = i18n.language(request)
    told = story.story(session, actor, limit=FIRST_LINES)
    months = story.months(session, actor)
    person = people.oneself(session, actor)
    balance = told.balance
    quiet = person.do_not_ask
    return page(
        request,
        "roosjes/mine.html",
        story=told,
        left=balance.available,
        held=balance.held_out,
        borrow=-balance.floor,
        quiet=quiet,
        advice="" if quiet else advice(balance.available),
        near=0
        if quiet
        else advices.nearness(balance.available, balance.posted, balance.floor, balance.ceiling),
        rows=[*(words.held(row, lang) for row in told.holds), *(words.line(row, lang) for row in told.lines)],
        months=months if any(one.given or one.received for one in months) else [],
        labels=[dutch.short_month(one.first, lang) for one in months],
        finding=words.finding(months, lang),
        waiting=asking.for_me(session, actor),
        asked=[one for one in asking.own(session, actor) if not one.outcome],
        code=codes.shown(codes.own(session, actor)),
        still=freezing.why_still(session, actor, story.account_of(session, actor)),
        done=request.query_params.get("gedaan", ""),
    )


def advice(left: int) -> str:
    """A word on the balance, never a demand: "ask" for who gave much, "give" for who received much."""
    if left >= MUCH:
        return "ask"
    return "give" if left <= -MUCH else ""


@router.get(f"{HERE}/alles", name="roosjes.all")
def every(request: Request, session: Opened, actor: SignedIn) -> Response:
    """All lines, a page at a time; ``?voor=`` is where the page before ended."""
    typed = request.query_params.get("voor", "")
    before = int(typed) if typed.isascii() and typed.isdigit() and 0 < len(typed) < 16 else None
    told = story.story(session, actor, before=before or None)
    lang = i18n.language(request)
    rows = [words.line(row, lang) for row in told.lines]
    return page(request, "roosjes/all.html", rows=rows, older=told.older, first=before is None)


@router.get(f"{HERE}/regels/{{seq}}", name="roosjes.line")
def one_line(request: Request, session: Opened, actor: SignedIn, seq: Number) -> Response:
    """One line whole: what it was, what was said, and "dit klopt niet"."""
    return _line(request, session, actor, seq, forms.blank())


def _line(
    request: Request, session: Opened, actor: Actor, seq: int, form: Form[Any], *, status: int = 200
) -> Response:
    lang = i18n.language(request)
    row = story.line(session, actor, seq)
    question = questions.of_line(session, actor, row.transfer)
    return page(
        request,
        "roosjes/line.html",
        status=status,
        form=form,
        seq=seq,
        line=row,
        row=words.line(row, lang),
        moved=words.moved(row, lang),
        question=question,
        may_ask=question is None and row.kind is not TransferKind.REVERSE and row.other_moment is None,
    )


@router.post(f"{HERE}/regels/{{seq}}/vraag", name="roosjes.question")
def ask_about(
    request: Request, session: Opened, actor: SignedIn, seq: Number, form: Submitted[NewQuestion]
) -> Response:
    """ "Dit klopt niet": the makelaar looks."""
    if form.value is None:
        return _line(request, session, actor, seq, form, status=422)
    try:
        with session.begin_nested():
            questions.ask(session, actor, seq, form.value)
    except (questions.AskedBefore, questions.NotAsked):
        return see_other(f"{HERE}/regels/{seq}")  # what there is to read stands there
    return see_other(f"{HERE}/regels/{seq}")


@router.get(f"{HERE}/vraag/{{id}}", name="roosjes.answered")
def answered(session: Opened, actor: SignedIn, id: UUID) -> Response:
    """To the line that a question was about, on one's own statement."""
    seq = questions.line_of(session, actor, id)
    return see_other(f"{HERE}/regels/{seq}")


def _year(request: Request) -> int | None:
    """The year that was chosen; None for all. Raises NotFound for what is no year."""
    typed = request.query_params.get("jaar", "")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) == 4 and "2000" <= typed <= "2999"):
        raise NotFound
    return int(typed)


@router.get(f"{HERE}/afschrift", name="roosjes.statement")
def statement(request: Request, session: Opened, actor: SignedIn) -> Response:
    """The statement as a page that prints well, with the ways to keep it."""
    return page(request, "roosjes/statement.html", printing=True, **_statement(request, session, actor))


@router.get(f"{HERE}/afschrift.pdf", name="roosjes.pdf")
def on_paper(request: Request, session: Opened, actor: SignedIn) -> Response:
    """The same as PDF/UA; one sentence where this computer cannot make one."""
    told = _statement(request, session, actor)
    home = people.home_of(session, actor).municipality_id
    made = documents.pdf(
        "roosjes/paper.html", lang=i18n.language(request), dress=dress.of(session, home),
        place=places.municipality(session, home).name, **told,
    )  # fmt: skip
    return documents.download(made, _filename(told["year"], "pdf"))


@router.get(f"{HERE}/afschrift.csv", name="roosjes.csv")
def as_csv(request: Request, session: Opened, actor: SignedIn) -> Response:
    """The same for a spreadsheet."""
    lang, year = i18n.language(request), _year(request)
    names = (N_("Datum"), N_("Minuten"), N_("Waarvoor"), N_("Bericht"), N_("Daarna"), N_("Stand in minuten"))
    rows = [(words.line(row, lang), row) for row in story.every_line(session, actor, year)]
    table = tables.Table(
        "Roosjes",
        [translate(lang, name) for name in names],
        [
            (dutch.local_date(said.day), row.minutes, said.text, row.words, said.extra, row.balance)
            for said, row in rows
        ],
    )
    return Response(
        tables.csv_bytes(table),
        media_type=tables.CSV_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="{_filename(year, "csv")}"',
            "Cache-Control": "no-store",
        },
    )


def _filename(year: int | None, kind: str) -> str:
    return f"roosjes-{year}.{kind}" if year else f"roosjes.{kind}"


def _statement(request: Request, session: Opened, actor: Actor) -> dict[str, Any]:
    lang, year, moment = i18n.language(request), _year(request), now(session)
    person = people.oneself(session, actor)
    lines = story.every_line(session, actor, year)
    this = moment.astimezone(AMSTERDAM).year
    return {
        "name": person.first_name,
        "rows": [(words.line(row, lang), words.moved(row, lang)) for row in lines],
        "year": year,
        "years": [this, this - 1],
        "made_at": moment,
        "opening": lines[0].balance - lines[0].minutes if lines else 0,
        "closing": lines[-1].balance if lines else 0,
        "cut": len(lines) >= story.PRINTED,
    }
