"""The same pages, matches and bookings without the program: FastAPI, psycopg, Jinja2 and plain SQL.

    DATABASE_OWNER_URL=... PORT=... python -m bench.load.bare

It renders the templates of the program with rows of its own and in the program's words, so that its pages are the same
to the letter. It has no mapping, no policies, no sessions of its own, no pace, no measures, no headers.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from secrets import token_bytes
from types import SimpleNamespace
from typing import Annotated, Any, Final
from uuid import UUID

import uvicorn
from fastapi import FastAPI, Header, HTTPException, Request
from psycopg import Connection
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool
from pydantic import BaseModel, Field
from sqlalchemy import make_url
from starlette.responses import HTMLResponse, JSONResponse

from app.access.actor import VISITOR
from app.categories import service as categories
from app.categories.vocabulary import WELCOME_SKILLS, Check, Frequency, Kind
from app.help_requests.models import spoken_reference
from app.ids import uuid7
from app.paging import PAGE, Found
from app.places.service import SiteFacts
from app.words import STATES, TERMS
from bench.load import sql
from bench.load.mix import PATHS, Act
from bench.matching.postgis import distances
from matching.cells import STRIDE
from web import forms, i18n, menu, words
from web.rendering import Site, environment
from web.request_cards import card
from web.requirements import requirements
from web.session import site_of

CONNECTIONS: Final = 10
LANG: Final = "nl"
SHOWN: Final = 20
OPERATION: Final = f"POST {PATHS[Act.GIVE]}"
MENU: Final = menu.Menu(
    main=(menu.ASK, menu.HELP, menu.TOGETHER, menu.SIGN_IN), personal=(), desk=(), foot=menu.FOOT,
    demonstration=menu.DEMONSTRATION, sign_out="", find=menu.FIND_PATH,
)  # fmt: skip
WELCOME: Final = [WELCOME_SKILLS.get(number, 0) for number in range(64)]
Row = dict[str, Any]


class Gift(BaseModel):
    """Minutes for the pot."""

    minutes: Annotated[int, Field(alias="minuten", ge=1, le=6000)]


class Somebody(SimpleNamespace):
    """Whose token it is."""

    id: UUID
    pseudonym: UUID
    municipality_id: int


class Bare:
    """The program."""

    def __init__(self, url: str) -> None:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self.pool = ConnectionPool(plain, min_size=CONNECTIONS, max_size=CONNECTIONS, open=True)
        with self.connection() as connection:
            row = connection.execute("SELECT count(*) FROM municipality WHERE joined").fetchone()
        self.municipalities = int(row[0]) if row else 0
        self.environment = environment(LANG)
        self.themes = [(theme, i18n.translate(LANG, name)) for theme, name in categories.themes()]

    @contextmanager
    def connection(self) -> Iterator[Connection[Any]]:
        """One transaction."""
        with self.pool.connection() as connection, connection.transaction():
            yield connection

    def every(self, request: Request) -> HTMLResponse:
        """A page of what is asked."""
        here, number = request.query_params.get("van"), int(request.query_params.get("pagina", "1"))
        with self.connection() as connection:
            day, site = self._site(connection, int(here) if here else None)
            rows = self._page(connection, site, number)
            if not rows and number > 1:
                number = 1
                rows = self._page(connection, site, number)
        count = rows[0]["in_all"] if rows else 0
        asked = [_request(row) for row in rows]
        return self._rendered(
            request, site, "help_requests/all.html", form=forms.blank(zoek="", thema=""),
            found=Found(asked, count, number, max(1, -(-count // PAGE))),
            cards=[card(row, LANG, day) for row in asked], themes=self.themes, address="/hulpvragen?pagina=",
        )  # fmt: skip

    def one(self, request: Request, id: UUID) -> HTMLResponse:
        """One request as visitors see it."""
        with self.connection() as connection:
            day, site = self._site(connection, None)
            row = _dicts(connection).execute(sql.ONE, (id,)).fetchone()
        if row is None:
            raise HTTPException(404)
        asked = _request(row)
        return self._rendered(
            request, site, "help_requests/show.html", form=forms.blank(), help_request=asked,
            card=card(asked, LANG, day), kind=i18n.translate(LANG, words.KINDS[asked.kind]), proposal=None,
            may_write=False, needed=requirements(Check(row["checks"]), [], day, LANG), state="visitor", no_reasons=[],
        )  # fmt: skip

    def account(self, authorization: Annotated[str, Header()]) -> JSONResponse:
        """Where one's account stands, and what is set aside."""
        with self.connection() as connection:
            somebody = _who(connection, authorization)
            account, posted, held_out, held_in, floor, ceiling = _account(connection, somebody)
            holds = connection.execute(sql.HOLDS, {"account": account}).fetchall()
        available = posted - held_out
        return JSONResponse({
            "saldoMinuten": posted, "beschikbaarMinuten": available,
            "besteedbaarMinuten": max(0, available - floor), "opzijGezetMinuten": held_out,
            "verwachtMinuten": held_in, "ondergrensMinuten": floor, "bovengrensMinuten": ceiling,
            "opzijGezet": [
                {"minuten": delta, "keer": str(subject) if subject else None, "verlooptOp": _moment(expires_at)}
                for delta, subject, expires_at in holds
            ],
        })  # fmt: skip

    def fitting(self, authorization: Annotated[str, Header()]) -> JSONResponse:
        """The requests that fit one's offers best; the header tells their scores, to whoever compares."""
        with self.connection() as connection:
            somebody = _who(connection, authorization)
            cursor = _dicts(connection)
            best: dict[UUID, tuple[Row, UUID]] = {}
            for offer in cursor.execute(sql.OFFERS, (somebody.id,)).fetchall():
                for row in cursor.execute(sql.FITTING, _looking(offer, somebody)).fetchall():
                    held = best.get(row["id"])
                    if held is None or row["score"] > held[0]["score"]:
                        best[row["id"]] = row, offer["id"]
        ranked = sorted(best.values(), key=lambda pair: -pair[0]["score"])[:SHOWN]
        scores = " ".join(str(row["score"]) for row, _ in ranked)
        return JSONResponse([_fitting(row, offer_id) for row, offer_id in ranked], headers={"Scores": scores})

    def give(
        self, gift: Gift, authorization: Annotated[str, Header()], idempotency_key: Annotated[str, Header()]
    ) -> JSONResponse:
        """Minutes for the pot, once for one key."""
        with self.connection() as connection:
            somebody = _who(connection, authorization)
            claim = somebody.id, OPERATION, idempotency_key
            body = sha256(gift.model_dump_json().encode()).digest()
            if connection.execute(sql.CLAIM, (*claim, body)).fetchone() is None:
                return _again(connection, claim, body)
            answer = _given(connection, somebody, gift.minutes, idempotency_key)
            connection.execute(sql.KEEP, (json.dumps(answer), *claim))
        return JSONResponse(answer, 201)

    def _page(self, connection: Connection[Any], site: Site, number: int) -> list[Row]:
        values = {"here": site.municipality_id, "skip": (number - 1) * PAGE}
        rows: list[Row] = _dicts(connection).execute(sql.LIST, values).fetchall()
        return rows

    def _site(self, connection: Connection[Any], here: int | None) -> tuple[date, Site]:
        row = connection.execute(sql.SITE, (here,)).fetchone()
        assert row is not None
        return row[0], site_of(SiteFacts(*row[1:]), self.municipalities)

    def _rendered(self, request: Request, site: Site, template: str, **context: Any) -> HTMLResponse:
        path, query = request.url.path, f"?{request.url.query}" if request.url.query else ""
        shared = {
            "site": site, "actor": VISITOR, "desks": [], "menu": MENU, "nonce": "", "theme": "", "path": path,
            "draft_of": "", "here": path + query, "canonical": "", "share": "", "linked": None,
            "status": 200, "csrf_token": "",
        }  # fmt: skip
        return HTMLResponse(self.environment.get_template(template).render({**shared, **context}))


def _dicts(connection: Connection[Any]) -> Any:
    return connection.cursor(row_factory=dict_row)


def _request(row: Row) -> Any:
    """A row as a card reads it."""
    row["frequency"], row["kind"] = Frequency(row["frequency"]), Kind(row["kind"])
    return SimpleNamespace(
        **row | {
            "person": SimpleNamespace(first_name=row["first_name"]), "category": SimpleNamespace(theme=row["theme"]),
            "neighbourhood": SimpleNamespace(place=row["place"]),
            "municipality": SimpleNamespace(id=row["municipality_id"], name=row["municipality"]),
        }
    )  # fmt: skip


def _who(connection: Connection[Any], authorization: str) -> Somebody:
    token = authorization.removeprefix("Bearer ")
    row = connection.execute(sql.WHO, (sha256(token.encode()).digest(),)).fetchone()
    if row is None:
        raise HTTPException(401)
    return Somebody(id=row[0], pseudonym=row[1], municipality_id=row[2])


def _account(connection: Connection[Any], somebody: Somebody) -> tuple[int, int, int, int, int, int]:
    row = connection.execute(sql.ACCOUNT, (somebody.pseudonym, somebody.municipality_id)).fetchone()
    if row is None:
        raise HTTPException(404)
    return row  # type: ignore[no-any-return]  # as the statement names them


def _looking(offer: Row, somebody: Somebody) -> Row:
    row, column = divmod(offer["cell"], STRIDE)
    return (
        offer
        | distances(offer["cell"])
        | {"row": row, "col": column, "person": somebody.id, "welcome": WELCOME}
    )


def _fitting(row: Row, offer_id: UUID) -> Row:
    names = (term.name.lower() for term in sql.TERMS)
    told = sorted((name for name in names if row[f"by_{name}"] > 0), key=lambda name: -row[f"by_{name}"])
    return {
        "hulpvraag": {
            "id": str(row["id"]), "nummer": spoken_reference(row["reference"]), "gemeente": row["municipality_id"],
            "voornaam": row["first_name"], "buurt": row["place"], "categorie": row["slug"], "titel": row["title"],
            "toelichting": row["body"], "minuten": row["minutes"], "tijden": row["slots"],
            "hoeVaak": row["frequency"], "datum": _said(row["on_date"]), "tijd": _said(row["at_time"]),
            "totEnMet": _said(row["until_date"]), "aantalHelpers": row["helpers_wanted"],
            "gevonden": row["helpers_found"], "soort": row["kind"], "zichtbaarVoor": row["visibility"],
            "status": STATES[row["status"]], "geplaatstOp": _moment(row["posted_at"]),
            "verlooptOp": _moment(row["expires_at"]), "versie": row["version"],
        },
        "hulpaanbod": str(offer_id), "afstandMeter": row["metres"], "redenen": [TERMS[name] for name in told],
    }  # fmt: skip


def _said(value: Any) -> str | None:
    return None if value is None else value.isoformat()


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _given(connection: Connection[Any], somebody: Somebody, minutes: int, key: str) -> dict[str, int]:
    salt = token_bytes(32)
    note_hash, given = sha256(salt).digest(), f"api:{key}"
    note = uuid7(), somebody.municipality_id, somebody.id, f"donate:{given}", salt, note_hash
    connection.execute(sql.NOTE, note)
    account = _account(connection, somebody)[0]
    booked = connection.execute(sql.GIVE, (given, somebody.pseudonym, account, minutes, note_hash)).fetchone()
    assert booked is not None
    return {"id": booked[0], "saldoMinuten": _account(connection, somebody)[1]}


def _again(connection: Connection[Any], claim: tuple[UUID, str, str], body: bytes) -> JSONResponse:
    first = connection.execute(sql.FIRST, claim).fetchone()
    if first is None or first[0] != body:
        raise HTTPException(409)
    return JSONResponse(json.loads(first[1]), headers={"Idempotency-Hit": "true"})


def program(url: str) -> FastAPI:
    """Its routes."""
    bare, app = Bare(url), FastAPI()
    app.get("/hulpvragen")(bare.every)
    app.get("/hulpvragen/{id}")(bare.one)
    app.get(PATHS[Act.ACCOUNT], response_model=None)(bare.account)
    app.get(PATHS[Act.FITTING], response_model=None)(bare.fitting)
    app.post(PATHS[Act.GIVE], response_model=None)(bare.give)
    return app


if __name__ == "__main__":
    uvicorn.run(
        program(os.environ["DATABASE_OWNER_URL"]), host="127.0.0.1", port=int(os.environ["PORT"]),
        log_level="warning", access_log=False, server_header=False,
    )  # fmt: skip
