"""How a cell of the matrix is asked: the address with a real key in it, and what a form or a body then needs."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import unquote, urlencode
from uuid import UUID, uuid4

from sqlalchemy import Connection, event
from sqlalchemy.orm import sessionmaker

from app.db import Database, _apply_scope
from tests.app.matrix.fields import OF_RIA, OF_TONNIE, found_in
from tests.app.matrix.filled import MULTIPART, WORDS, multipart, wanted
from tests.app.matrix.village import Village
from web.proofs import SECOND
from web.step_up import KEPT

KEYS: tuple[tuple[str, dict[str, str]], ...] = (
    ("POST /api/v1/hulpvragen/{id}/voorstellen", {"id": "public"}),
    ("/api/v1/hulpvragen/{id}/aanmeldingen", {"id": "public"}),
    ("/api/v1/hulpvragen/{id}/verzendingen", {"id": "draft"}),
    ("DELETE /api/v1/hulpvragen/{id}", {"id": "draft"}),
    ("/api/v1/hulpvragen/{id}", {"id": "request"}),
    ("/api/v1/hulpaanbod/{id}", {"id": "offer"}),
    ("/api/v1/voorstellen/{id}", {"id": "proposal"}),
    ("/api/v1/verdelingen/{id}", {"id": "distribution"}),
    ("/api/v1/kringen/bureau/{id}", {"id": "ring"}),
    ("/api/v1/kringen/{id}", {"id": "ring"}),
    ("/api/v1/afspraken/{id}", {"id": "agreement"}),
    ("/api/v1/keren/{id}", {"id": "occurrence"}),
    ("/api/v1/gesprekken/{id}", {"id": "proposal"}),
    ("/api/v1/roosjesrekeningen/mijn/betaalverzoeken/{id}", {"id": "asking"}),
    ("/api/v1/roosjesrekeningen/mijn/boekingen/{volgnummer}", {"volgnummer": "line"}),
    ("/api/v1/verkooppunten/{id}", {"id": "desk"}),
    ("/api/v1/cheque-aanbieders/{id}", {"id": "provider"}),
    ("/api/v1/potten/wachtend/{vraag}", {"vraag": "question"}),
    ("/api/v1/roosjesrekeningen/{persoon}", {"persoon": "person"}),
    ("/api/v1/roosjesboekingen/{boeking}", {"boeking": "transfer"}),
    ("/api/v1/maanden/{gemeente}/{maand}", {"gemeente": "here", "maand": "month"}),
    ("/api/v1/verrekeningen/{id}", {"id": "netting"}),
    ("/api/v1/facturen/{id}", {"id": "invoice"}),
    ("/api/v1/roosjesvragen/{id}", {"id": "asked"}),
    ("/api/v1/roosjessignalen/{id}", {"id": "signal"}),
    ("/api/v1/welzijnsplannen/{id}", {"id": "plan"}),
    ("/api/v1/welzijnstoekenningen/{id}", {"id": "grant"}),
    ("/api/v1/welzijnsuitgaven/{id}/vergoedingen", {"id": "receipt"}),
    ("/api/v1/welzijnsuitgaven/{id}", {"id": "spending"}),
    ("/api/v1/kosten/{id}", {"id": "cost"}),
    ("/api/v1/onkosten/{id}", {"id": "paid"}),
    ("/api/v1/vertegenwoordigingen/volmachtlinks/{sleutel}", {"sleutel": "mandate_link"}),
    ("/api/v1/vertegenwoordigingen/{id}", {"id": "representation"}),
    ("/api/v1/blokkades/{id}", {"id": "block"}),
    ("/api/v1/veiligheidsmeldingen/{id}", {"id": "report"}),
    ("/api/v1/personen/{persoon}/controles", {"persoon": "person"}),
    ("/api/v1/controles/{id}", {"id": "check"}),
    ("/api/v1/activiteiten/{id}", {"id": "activity"}),
    ("/api/v1/voorzieningen/{id}", {"id": "provision"}),
    ("/activiteiten/keren/{id}", {"id": "activity_date"}),
    ("/activiteiten/{id}", {"id": "activity"}),
    ("/verhalen/{id}", {"id": "story"}),
    ("/plannen/reacties/{id}", {"id": "reaction"}),
    ("/plannen/{id}", {"id": "idea"}),
    ("/bureau/plannen/{id}", {"id": "idea"}),
    ("/bureau/geschreven/{soort}/{id}", {"soort": "verhaal", "id": "story"}),
    ("/gemeente/huisstijl/terug/{id}", {"id": "look"}),
    ("/gemeente/instellingen/eerder/{id}", {"id": "settings_version"}),
    ("/gemeente/voorbeelden/{id}", {"id": "settings_template"}),
    ("/gemeente/inlezen/{id}", {"id": "import_run"}),
    ("/bureau/verslag/{vanaf}", {"vanaf": "half", "bestand": "cijfers.csv"}),
    ("/bureau/factlab/{id}", {"id": "factlab"}),
    ("/bureau/panel/{id}", {"id": "panel_point"}),
    ("/regio/aansluiten/{wie}", {"wie": "joining_place"}),
    ("/huisstijl/{municipality_id}/logo/{key}", {"municipality_id": "here", "key": "look_logo"}),
    ("/delen/{municipality_id}/{key}.png", {"municipality_id": "here", "key": "look_sheet"}),
    ("/huisstijl/{municipality_id}/{key}.css", {"municipality_id": "here", "key": "look_sheet"}),
    ("/bureau/activiteiten/{id}", {"id": "activity"}),
    ("/bureau/maatjes/{id}", {"id": "talk"}),
    ("/mijn/begeleiding/{id}", {"id": "talk"}),
    ("/agenda/{code}", {"code": "agenda"}),
    ("/in-de-buurt/organisaties/{id}", {"id": "organisation"}),
    ("/in-de-buurt/{id}", {"id": "provision"}),
    ("/voorzieningen/organisaties/{id}", {"id": "organisation"}),
    ("/voorzieningen/{id}", {"id": "provision"}),
    ("/bureau/gesprekken/{id}", {"id": "phone_talk"}),
    ("/bureau/omzien/{id}", {"id": "outreach"}),
    ("/bureau/vertrouwensmensen/{id}", {"id": "trustee"}),
    ("/vertrouwensmensen/{id}", {"id": "trustee"}),
    ("/bureau/bemiddeling/bemiddelaars/{id}", {"id": "mediator"}),
    ("/bureau/bemiddeling/{id}", {"id": "mediation"}),
    ("/mijn/bemiddeling/{id}", {"id": "mediation"}),
    ("/bemiddelen/{id}", {"id": "mediation"}),
    ("/organisatie/aanmelden/{id}", {"id": "joining_of_ria"}),
    ("/bureau/meedoen/{id}", {"id": "joining"}),
    ("/bureau/overeenkomst/{id}", {"id": "organisation"}),
    ("/bureau/introducties/{id}", {"id": "introduction"}),
    ("/organisatie/kennismaken/{id}", {"id": "introduction"}),
    ("/organisatie/mensen/uitnodigingen/{id}", {"id": "org_invitation"}),
    ("/organisatie/mensen/rollen/{id}", {"id": "org_role"}),
    ("/organisatie/mensen/vrijwilligers/{id}", {"id": "org_volunteer"}),
    ("/mijn/vlag/{id}", {"id": "org_volunteer"}),
    ("/api/v1/verwijzingen/{id}", {"id": "referral_sent"}),
    ("/verwijs/{code}", {"code": "practice"}),
    ("/verwijzing/{code}", {"code": "referral_told"}),
    ("/mijn/verwijzingen/{id}", {"id": "referral"}),
    ("/bureau/verwijzers/{id}", {"id": "referral_link"}),
    ("/bureau/verwijzingen/{id}", {"id": "referral", "need_id": "referral_need"}),
    ("/bureau/kernteam/{id}", {"id": "referral"}),
    ("/organisatie/verwijzingen/{id}", {"id": "referral", "need_id": "referral_need"}),
    ("/api/v1/berichtvoorkeuren/{groep}", {"groep": "vragen"}),
    ("/api/v1/activiteitkeren/{id}", {"id": "activity_date"}),
    ("/api/v1/verhalen/{id}", {"id": "story"}),
    ("/api/v1/plannen/{id}", {"id": "idea"}),
    ("/api/v1/planreacties/{id}", {"id": "reaction"}),
    ("/api/v1/begeleidingsgesprekken/{id}", {"id": "talk"}),
    ("/organisatie/maatjes/{id}", {"id": "guided_talk"}),
    ("/api/v1/", {"gemeente": "here"}),
    ("/mijn/inloggen/sleutels/{id}", {"id": "passkey"}),
    ("/mijn/inloggen/elders/{id}", {"id": "browser"}),
    ("/mijn/berichten/toestellen/{device_id}", {"device_id": "device"}),
    ("/mijn/inloggen/programmas/{id}", {"id": "token"}),
    ("/mijn/inloggen/via/{provider_id}", {"provider_id": "way_in"}),
    ("/inloggen/via/{provider_id}", {"provider_id": "way_in"}),
    ("/inloggen/terug/{provider_id}", {"provider_id": "way_in"}),
    ("/uitgelogd/{provider_id}", {"provider_id": "way_in"}),
    ("/gemeente/medewerkers/uitnodigingen/{id}", {"id": "invitation"}),
    ("/gemeente/medewerkers/rollen/{id}", {"id": "role"}),
    ("/gemeente/medewerkers/{id}", {"id": "works_here"}),
    ("/gemeente/mail/{id}", {"id": "failed_mail"}),
    ("/gemeente/webhooks/{id}", {"id": "webhook", "bericht": "webhook_message"}),
    ("/mijn/afspraken/kennismaken/{id}", {"id": "meeting"}),
    ("/mijn/afspraken/{id}", {"id": "agreement"}),
    ("/mijn/keren/{id}", {"id": "occurrence", "act": "verzetten"}),
    ("/mijn/gesprekken/{id}", {"id": "proposal"}),
    ("/mijn/kosten/{id}", {"id": "cost"}),
    ("/mijn/onkosten/{id}", {"id": "paid"}),
    ("/mijn/vragen/{id}/versturen", {"id": "draft"}),
    ("/mijn/vragen/{id}", {"id": "public", "proposal_id": "proposal"}),
    ("/mijn/voorstellen/{id}", {"id": "proposal"}),
    ("/mijn/aanbod/{id}", {"id": "offer"}),
    ("/mijn/roosjes/vragen/{id}", {"id": "asking"}),
    ("/mijn/roosjes/vraag/{id}", {"id": "asked"}),
    ("/mijn/roosjes/regels/{seq}", {"seq": "line"}),
    ("/mijn/kringen/{id}", {"id": "ring"}),
    ("/mijn/namens/{id}", {"id": "representation"}),
    ("/mijn/gegevens/kopie/{id}", {"id": "copy"}),
    ("/mijn/keuzes/{id}", {"id": "choices"}),
    ("/mijn/veilig/blokkades/{id}", {"id": "block"}),
    ("/mijn/welzijnsbudget/uitgaven/{id}", {"id": "spending"}),
    ("/mijn/welzijnsbudget/bonnen/{id}", {"id": "bill"}),
    ("/mijn/welzijnsbudget/{id}", {"id": "plan"}),
    ("/hulpvragen/{id}", {"id": "public"}),
    ("/melden/{soort}/{id}", {"soort": "afspraak", "id": "agreement"}),
    ("/blokkeren/{soort}/{id}", {"soort": "afspraak", "id": "agreement"}),
    ("/bureau/zaken/{id}/keren/{occurrence_id}", {"id": "agreed_request", "occurrence_id": "occurrence"}),
    ("/bureau/zaken/{id}/taken", {"id": "public", "task_id": "task"}),
    ("/bureau/zaken/{id}/overleg", {"id": "public", "question_id": "consult"}),
    ("/bureau/zaken/{id}", {"id": "public", "proposal_id": "proposal"}),
    ("/bureau/mantelzorg/{load_id}", {"load_id": "load"}),
    (
        "/bureau/huishoudens/{id}",
        {
            "id": "household",
            "person_id": "person",
            "line_id": "plan_line",
            "moment_id": "plan_moment",
        },
    ),
    ("/bureau/mensen/{id}/gebeurtenis", {"id": "in_hospital"}),
    ("/bureau/mensen/{id}/controles/{check}", {"id": "helped_here", "check": "check"}),
    ("/bureau/mensen/{id}", {"id": "person"}),
    ("/bureau/namens/{id}", {"id": "representation"}),
    ("/bureau/roosjesvragen/signalen/{id}", {"id": "signal"}),
    ("/bureau/roosjesvragen/{id}", {"id": "asked"}),
    ("/bureau/verdelen/{id}", {"id": "distribution"}),
    ("/bureau/kringen/{id}", {"id": "ring"}),
    ("/bureau/roosjes/vragen/{question}", {"question": "question"}),
    ("/bureau/roosjes/boekingen/{transfer}", {"transfer": "transfer"}),
    ("/bureau/welzijnsbudget/toekenningen/{id}", {"id": "grant"}),
    ("/bureau/welzijnsbudget/uitgaven/{id}/vergoeden", {"id": "receipt"}),
    ("/bureau/welzijnsbudget/uitgaven/{id}", {"id": "spending"}),
    ("/bureau/welzijnsbudget/bonnen/{id}", {"id": "bill"}),
    ("/bureau/welzijnsbudget/{id}", {"id": "plan"}),
    ("/bureau/maand/{month}", {"month": "month", "form": "csv"}),
    ("/bureau/buren/verrekeningen/{id}", {"id": "netting"}),
    ("/bureau/facturen/{id}", {"id": "invoice", "kind": "pdf"}),
    ("/bureau/cheques/verkooppunten/{id}", {"id": "desk", "person_id": "seller"}),
    ("/bureau/cheques/aanbieders/{organisation_id}", {"organisation_id": "organisation"}),
    ("/bureau/cheques/uitbetalen/{id}", {"id": "provider"}),
    ("/bureau/cheques/bonnen/{sale}", {"sale": "sale"}),
    ("/bureau/cheques/{id}", {"id": "desk"}),
    ("/cheques/uitbetalingen/{batch}", {"batch": "batch"}),
    ("/cheque/{code}", {"code": "code"}),
    ("/papier/{code}", {"code": "code"}),
    ("/organisatie/vrijwilligers/{id}", {"id": "volunteer", "check": "own_check"}),
    ("/bureau/veiligheid/signalen/{id}", {"id": "safety_signal"}),
    ("/bureau/veiligheid/bezwaren/{id}", {"id": "appeal"}),
    ("/bureau/veiligheid/schorsingen/{id}", {"id": "suspension"}),
    ("/bureau/veiligheid/{id}", {"id": "report", "proposal_id": "proposal"}),
    ("/bureau/dossiers/{id}", {"id": "file"}),
    ("/bureau/wissen/{id}", {"id": "person"}),
    ("/taal/{language}", {"language": "nl"}),
    ("/thema/{theme}", {"theme": "licht"}),
    ("/personas/{slug}", {"slug": "bewoner"}),
    ("/postbus/{key}", {"key": "brief"}),
)
"""Which row an address is about; the first that fits. What is no name of a row stands for itself."""
QUERIES = {
    "GET /api/v1/verrekeningen": "gemeente=1771",
    "GET /api/v1/cheque-aanbieders": "gemeente=1771",
    "GET /api/v1/facturen": "gemeente=1771",
    "GET /api/v1/facturen/{id}": "gemeente=1771",
    "GET /api/v1/buurten": "postcode=5664",
    "GET /help-mij-kiezen/vragen": "keus=k&keus=k1a",
    "GET /help-mij-kiezen/uitkomst": "keus=k&keus=k1a",
    # who has several desks says which, as the page does
    "POST /gemeente/medewerkers/rollen/{id}/einde": "gemeente=1771",
    "POST /gemeente/medewerkers/{id}/opnieuw": "gemeente=1771",
    "POST /gemeente/medewerkers/{id}/uitloggen": "gemeente=1771",
}

SEARCHES = {"GET /bureau/wissen": "zoek=Ria", "GET /bureau/mensen": "zoek=Ria"}
"""Where nobody is shown before somebody was looked for."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    text: str
    kind: str = ""
    raw: bytes = b""

    @property
    def verdict(self) -> str:
        """``in``: one is past the guard, whatever became of it; ``sign in``; ``prove``, where one shows a key
        first; or ``out``."""
        away = self.status in (302, 303)
        if (away and self.location.startswith(SECOND)) or (
            self.status == 401 and f'name="{KEPT}"' in self.text
        ):
            return "prove"
        if self.status == 401 or (away and self.location.startswith("/inloggen?")):
            return "sign in"
        return "out" if self.status in (403, 404) else "in"


@dataclass(frozen=True)
class Glance:
    """How somebody was answered, and which fields of Ria and of Tonnie they read there."""

    status: int
    verdict: str
    of_ria: frozenset[str]
    of_tonnie: frozenset[str]


class Undone(Database):
    """The database, in one transaction that never ends well: what a request commits is a savepoint of it."""

    def __init__(self, connection: Connection) -> None:
        self.engine = connection.engine
        self.sessions = sessionmaker(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )
        event.listen(self.sessions, "after_begin", _apply_scope)


class Asking:
    """One village, and whoever lives there to ask it something."""

    def __init__(self, village: Village) -> None:
        self.village = village
        self.loop = asyncio.new_event_loop()
        self.where: defaultdict[str, str] = defaultdict(lambda: f"127.0.1.{len(self.where) + 1}")
        """Everybody sits at home: nobody uses up another's pace."""
        self.glances: dict[tuple[str, str], Glance] = {}

    def ask(self, who: str, route: str, *, method: str = "", path: str = "", **typed: str) -> Answer:
        """One request, as this person's browser or program; ``typed`` stands in a form.

        ``method`` and ``path`` (as it is sent) stand in the place of the route's own, with all that goes with it.
        """
        body, kind = self._body(who, route, typed)
        sent = path or self.address(route)
        method, path = method or route.split(" ")[0], unquote(sent)
        headers = {"host": "testserver", "origin": "https://testserver", **self.village.headers[who]}
        if path.startswith("/api/"):
            headers.pop("cookie", None)
        headers |= {"content-type": kind, "idempotency-key": uuid4().hex} if kind else {}
        scope = {
            "type": "http", "method": method, "path": path, "raw_path": sent.encode(),
            "query_string": (QUERIES | SEARCHES).get(route, "").encode(), "scheme": "https", "http_version": "1.1",
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": (self.where[who], 1), "server": ("testserver", 443), "state": {},
        }  # fmt: skip
        return self.loop.run_until_complete(self._call(scope, body))

    def ask_and_undo(self, who: str, route: str, **typed: str) -> Answer:
        """The same, and nothing of it stays: every answer is to the village as it was made."""
        state = self.village.site.state
        program = state.database
        with program.engine.connect() as connection, connection.begin() as whole:
            state.database = Undone(connection)
            try:
                return self.ask(who, route, **typed)
            finally:
                state.database = program
                whole.rollback()

    def glance(self, who: str, route: str) -> Glance:
        """What somebody finds there. Nothing of it stays, so that it is asked once for all tests of a village."""
        if (who, route) not in self.glances:
            answer = self.ask_and_undo(who, route)
            read = (frozenset(found_in(answer.text, signs)) for signs in (OF_RIA, OF_TONNIE))
            self.glances[who, route] = Glance(answer.status, answer.verdict, *read)
        return self.glances[who, route]

    async def _call(self, scope: dict[str, Any], body: bytes) -> Answer:
        sent: list[Any] = []
        asked = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive() -> Any:
            return next(asked, {"type": "http.disconnect"})

        async def send(message: Any) -> None:
            sent.append(message)

        await self.village.site(scope, receive, send)
        head = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
        raw = b"".join(part.get("body", b"") for part in sent[1:])
        text = raw.decode("utf-8", "replace")
        return Answer(sent[0]["status"], head.get("location", ""), text, head.get("content-type", ""), raw)

    def address(self, route: str) -> str:
        """The path with keys of rows that are there."""
        path = route.split(" ")[1]
        if "{" not in path:
            return path
        names = next(names for start, names in KEYS if (route if " " in start else path).startswith(start))
        return path.format_map({name: self.village.keys.get(row, row) for name, row in names.items()})

    def typed(self, route: str) -> dict[str, list[str]]:
        """What stands in the fields of a page's form, each time the same."""
        named = {name: self._named(value) for name, value in wanted(route).items()}
        several = {name: value if isinstance(value, list) else [value] for name, value in named.items()}
        return {
            name: ["ja" if one is True else str(one) for one in values] for name, values in several.items()
        }

    def _body(self, who: str, route: str, typed: dict[str, str]) -> tuple[bytes, str]:
        method, path = route.split(" ")
        if method in ("GET", "DELETE"):
            return b"", ""
        if path.endswith("/bonnen") and path.startswith("/api/"):
            return multipart({"wat": WORDS, "bedrag": 100, "datum": date.today().isoformat()}), MULTIPART  # noqa: DTZ011
        if path.startswith("/api/"):
            body = self._named(wanted(route))
            return json.dumps(body).encode(), "application/json"
        cookie = self.village.headers[who]["cookie"].partition("=")[2]
        fields = self.typed(route) | typed | {"csrf": self._csrf(cookie)}
        return urlencode(fields, doseq=True).encode(), "application/x-www-form-urlencoded"

    def _csrf(self, cookie: str) -> str:
        secret: bytes = self.village.site.state.secret
        digest = hmac.new(secret, b"csrf\0" + cookie.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def _named(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._named(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._named(one) for one in value]
        if not isinstance(value, str) or not value.startswith("{"):
            return value
        found = self.village.keys.get(value.strip("{}")) or self.village.people[value.strip("{}")].person_id
        return str(found) if isinstance(found, UUID) else found
