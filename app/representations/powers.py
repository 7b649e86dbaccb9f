"""What who acts for another may do: everything that is not named here is the person's own."""

from typing import Final

from app.access.actor import Actor
from app.errors import Forbidden
from app.representations.models import FULL, RepresentationKind


class NotForAnother(Forbidden):
    """Only the person can do this, or who may decide for them."""

    code = "not-for-another"


API: Final = "/api/v1"
"""Before the address of what a program asks."""
_ASK: Final = "/hulpvragen/nieuw"
_QUESTION: Final = "/mijn/vragen/{id}"
_CHOICE: Final = f"{_QUESTION}/kies/{{proposal_id}}"
_TIME: Final = "/mijn/keren/{id}"
ANYBODY: Final = frozenset(
    {
        "GET /", "GET /zo-werkt-het", "GET /privacy", "GET /toegankelijkheid", "GET /contact", "GET /status",
        "GET /verhuisd",
        "POST /uitloggen", "GET /mijn/namens", "POST /mijn/namens/zelf",
        "GET /help-mij-kiezen", "GET /help-mij-kiezen/vragen", "GET /help-mij-kiezen/uitkomst",
        "GET /huisregels", "GET /melden", "POST /melden", "GET /melden/{soort}/{id}", "POST /melden/{soort}/{id}",
        f"GET {API}/huisregels",
        "GET /personas", "POST /personas/{slug}", "GET /postbus", "GET /postbus/{key}",
    }
)  # fmt: skip
"""Pages that are about nobody, and the way back to oneself."""
FOLLOW: Final = ANYBODY | {
    *(f"{method} {_ASK}{step}" for method in ("GET", "POST")
      for step in ("", "/soort", "/wanneer", "/waar", "/versturen")),
    f"GET {_ASK}/bewaard", f"GET {_ASK}/lijkt-op", "POST /help-mij-kiezen/vraag",
    "GET /mijn/vragen", f"GET {_QUESTION}", f"POST {_QUESTION}/versturen", f"POST {_QUESTION}/verder",
    f"POST {_QUESTION}/ruimer", f"GET {_QUESTION}/toch-niet-klaar", f"POST {_QUESTION}/toch-niet-klaar",
    f"GET {_QUESTION}/veranderen", f"POST {_QUESTION}/veranderen",
    "GET /mijn/afspraken", "GET /mijn/afspraken/{id}", f"GET {_TIME}",
    "GET /activiteiten", "GET /activiteiten/{id}", "GET /activiteiten/keren/{id}", "GET /mijn/activiteiten",
    "POST /activiteiten/{id}/aanmelden", "POST /activiteiten/{id}/afmelden",
    *(f"{verb} {API}/hulpvragen" for verb in ("GET", "POST")),
    *(f"{verb} {API}/hulpvragen/{{id}}" for verb in ("GET", "PUT")),
    *(f"POST {API}/hulpvragen/{{id}}/{act}" for act in ("verzendingen", "verlengingen", "verruimingen")),
    f"GET {API}/hulpvragen/{{id}}/verruimingen", f"GET {API}/hulpvragen/{{id}}/voorstellen",
    f"GET {API}/afspraken", f"GET {API}/afspraken/{{id}}", f"GET {API}/keren/{{id}}",
}  # fmt: skip
"""A contact person: asks, follows, and answers what we ask about the question itself."""
DECIDE: Final = FOLLOW | {
    f"GET {_QUESTION}/stoppen", f"POST {_QUESTION}/stoppen", f"POST {_QUESTION}/pauze",
    f"GET {_CHOICE}", f"POST {_CHOICE}/kennismaken", f"POST {_CHOICE}/afspreken", f"POST {_CHOICE}/liever-niet",
    f"GET {_QUESTION}/liever-anders", f"POST {_QUESTION}/liever-anders",
    "GET /mijn/afspraken/kennismaken/{id}", "POST /mijn/afspraken/kennismaken/{id}/nee",
    "GET /mijn/afspraken/{id}/stoppen", "POST /mijn/afspraken/{id}/stoppen",
    f"GET {_TIME}/{{act}}",
    *(f"POST {_TIME}/{act}" for act in ("gebeurd", "klopt-niet", "afzeggen", "niet-gekomen", "verzetten", "bedanken",
                                        "ander-moment")),
    *(f"GET /mijn/roosjes/{what}" for what in ("alles", "regels/{seq}", "afschrift", "afschrift.pdf", "afschrift.csv")),
    "GET /mijn/namens/kind", "POST /mijn/namens/kind",
    f"POST {API}/hulpvragen/{{id}}/intrekkingen", f"POST {API}/hulpvragen/{{id}}/pauzes",
    f"GET {API}/voorstellen/{{id}}",
    *(f"POST {API}/voorstellen/{{id}}/{act}" for act in ("kennismakingen", "afspraken", "afwijzingen")),
    f"POST {API}/afspraken/{{id}}/beeindigingen",
    *(f"POST {API}/keren/{{id}}/{act}"
      for act in ("bevestigingen", "verplaatsingen", "verplaatsingen/antwoorden", "afzeggingen", "niet-gekomen",
                  "bezwaren", "bedankjes")),
    f"GET {API}/keren/{{id}}/verplaatsingen", f"POST {API}/hulpvragen/{{id}}/heropeningen",
    f"GET {API}/roosjesrekeningen/mijn", f"GET {API}/roosjesrekeningen/mijn/boekingen",
}  # fmt: skip
"""Who is authorised also says the asker's yes, cancels, confirms, and reads the statement.

Confirming pays what was agreed. Giving Roosjes away, on paper too, stays with the person.
"""


def may_decide(actor: Actor) -> bool:
    """Whether the asker's own yes may come from this actor: the person, or who decides for them."""
    return actor.behind is None or RepresentationKind(actor.behind.kind) in FULL


def check(actor: Actor, method: str, path: str) -> None:
    """Let who acts for another pass to what is theirs to do, or raise NotForAnother; ``path`` as it is declared."""
    if actor.behind is None:
        return
    verb = "GET" if method == "HEAD" else method
    if f"{verb} {path}" not in (DECIDE if may_decide(actor) else FOLLOW):
        raise NotForAnother
