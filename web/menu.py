"""The names and addresses of the main pages, said once; a page that does not exist is left out."""

from dataclasses import dataclass
from typing import Final

from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from app.access.actor import Actor
from app.access.roles import Permission, Role
from app.organisations.staff import works_for
from app.representations import powers
from web.i18n import N_


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a menu; ``name`` is a Dutch message id, ``also`` other addresses whose pages belong to it."""

    name: str
    path: str
    icon: str = ""
    also: tuple[str, ...] = ()


ASK: Final = Item(N_("Hulp vragen"), "/hulpvragen/nieuw")
HELP: Final = Item(N_("Ik wil helpen"), "/helpen")
TOGETHER: Final = Item(N_("Samen doen"), "/activiteiten", also=("/in-de-buurt",))
SIGN_IN: Final = Item(N_("Inloggen"), "/inloggen")
ROOSJES: Final = Item(N_("Mijn Roosjes"), "/mijn/roosjes", "heart")
MINE: Final = Item(N_("Mijn pagina"), "/mijn")
DESK: Final = Item(N_("Werklijst"), "/bureau")

PERSONAL: Final = (
    Item(N_("Mijn vragen"), "/mijn/vragen", "talk"),
    Item(N_("Wat ik doe voor anderen"), "/mijn/aanbod", "people"),
    Item(N_("Afspraken"), "/mijn/afspraken", "cal"),
    Item(N_("Mijn activiteiten"), "/mijn/activiteiten", "people"),
    Item(N_("Berichten"), "/mijn/berichten", "mail"),
    ROOSJES,
    Item(N_("Ons plan"), "/mijn/plan", "list", also=("/mijn/zorgen",)),
    Item(N_("Mijn welzijnsbudget"), "/mijn/welzijnsbudget", "sun"),
    Item(N_("Wat ik bewaarde"), "/mijn/keuzes", "lock"),
    Item(N_("Mijn verhalen"), "/mijn/verhalen", "talk"),
    Item(N_("Mijn gegevens"), "/mijn/gegevens", "user"),
)
BEHIND: Final = (ASK, Item(N_("De vragen"), "/mijn/vragen"), Item(N_("De afspraken"), "/mijn/afspraken"))
"""For who acts for another; with the book for who may decide."""
BOOK: Final = Item(N_("De Roosjes"), "/mijn/roosjes/alles")
MUNICIPALITY: Final = Item(N_("Gemeente"), "/gemeente")
REGION: Final = Item(N_("Regio"), "/regio")
FIGURES: Final = Item(
    N_("Cijfers"), "/bureau/cijfers", also=("/bureau/verslag", "/bureau/factlab", "/bureau/panel")
)
SAFETY: Final = Item(N_("Veiligheid"), "/bureau/veiligheid")
CHEQUES: Final = Item(N_("Cheques"), "/bureau/cheques")
TAKING: Final = Item(N_("Cheques aannemen"), "/cheques", "heart")
"""For who works for an organisation that takes cheques."""
VOLUNTEERS: Final = Item(N_("Onze vrijwilligers"), "/organisatie/vrijwilligers", "shield")
"""For who administers an organisation."""
GUIDED: Final = Item(N_("Onze maatjes"), "/organisatie/maatjes", "people")
"""The same: talks of who helps through it for long."""
SOCIAL_MAP: Final = Item(N_("Ons aanbod op de kaart"), "/voorzieningen", "map")
"""For who administers an organisation: what it has for residents."""
PARTNER: Final = Item(N_("Onze organisatie"), "/organisatie", "home")
REFERRALS: Final = Item(N_("Verwijzingen"), "/organisatie/verwijzingen", "next")
"""For who works for an organisation."""
REFERRING: Final = Item(N_("Mijn verwijzingen"), "/verwijzen", "next")
"""For who refers."""
FOOT: Final = (
    Item(N_("Zo werkt het"), "/zo-werkt-het"),
    Item(N_("Wat is er in de buurt?"), "/in-de-buurt"),
    Item(N_("Verhalen"), "/verhalen"),
    Item(N_("Plannen en ideeën"), "/plannen"),
    Item(N_("Voor vrijwilligers"), "/voor-vrijwilligers"),
    Item(N_("Voor organisaties"), "/voor-organisaties"),
    Item(N_("Cijfers"), "/cijfers"),
    Item(N_("Privacy"), "/privacy"),
    Item(N_("Toegankelijkheid"), "/toegankelijkheid"),
    Item(N_("Iets melden"), "/contact"),
    Item(N_("Werkt alles?"), "/status"),
)
DEMONSTRATION: Final = (
    Item(N_("Kijk als iemand anders"), "/personas"),
    Item(N_("Postbus"), "/postbus"),
    Item(N_("Stijl"), "/stijl"),
)
SIGN_OUT_PATH: Final = "/uitloggen"
FIND_PATH: Final = "/bureau/zoeken"


@dataclass(frozen=True, slots=True)
class Menu:
    """What head and foot of a page offer this actor."""

    main: tuple[Item, ...]
    personal: tuple[Item, ...]
    desk: tuple[Item, ...]
    """Filled in by the pages of a desk themselves (`web.pages.desk_shell`)."""
    foot: tuple[Item, ...]
    demonstration: tuple[Item, ...]
    sign_out: str
    find: str


def menu(request: HTTPConnection, actor: Actor) -> Menu:
    """The menu for one actor in one program."""
    there = _Existing(request.app)
    if actor.behind is not None:
        pages = (*BEHIND, TOGETHER, *((BOOK,) if powers.may_decide(actor) else ()))
        return Menu(
            main=there.of(pages), personal=there.of(BEHIND[1:2]), desk=(), foot=there.of(FOOT),
            demonstration=there.of(DEMONSTRATION), sign_out=SIGN_OUT_PATH if there.has(SIGN_OUT_PATH) else "", find="",
        )  # fmt: skip
    desks = _desks(actor)
    main: tuple[Item, ...] = (
        (ASK, HELP, TOGETHER, ROOSJES, MINE) if actor.signed_in else (ASK, HELP, TOGETHER, SIGN_IN)
    )
    if desks:
        main = tuple(item for item in main if item is not TOGETHER)  # five are what fits
    return Menu(
        main=there.of(main + desks),
        personal=there.of(PERSONAL + _taking(request) + _volunteers(actor)) if actor.signed_in else (),
        desk=(),
        foot=there.of(FOOT),
        demonstration=there.of(DEMONSTRATION),
        sign_out=SIGN_OUT_PATH if actor.signed_in and there.has(SIGN_OUT_PATH) else "",
        find=FIND_PATH if there.has(FIND_PATH) else "",
    )


def _desks(actor: Actor) -> tuple[Item, ...]:
    """Where somebody of the staff works; "Werklijst" would be a wrong name for who only has settings or figures."""
    if actor.waiting or actor.reach(Permission.MODERATE_REQUEST):
        return (DESK,)
    if actor.reach(Permission.CHANGE_SETTINGS):
        return (MUNICIPALITY,)
    if actor.reach(Permission.SEE_REGION):
        return (REGION,)
    if actor.reach(Permission.HANDLE_REPORTS):
        return (SAFETY,)
    if actor.reach(Permission.SEE_FIGURES):
        return (FIGURES,)
    return (CHEQUES,) if actor.reach(Permission.SELL_CHEQUES) else ()


def _taking(request: HTTPConnection) -> tuple[Item, ...]:
    """The line of who works for a provider, as `web.session` found."""
    return (TAKING,) if getattr(request.state, "takes_cheques", False) else ()


def _volunteers(actor: Actor) -> tuple[Item, ...]:
    items: tuple[Item, ...] = (PARTNER, REFERRALS) if works_for(actor) else ()
    if actor.has(Role.ORGANISATION_ADMINISTRATOR):
        items += (VOLUNTEERS, GUIDED, SOCIAL_MAP)
    return items + ((REFERRING,) if actor.has(Role.REFERRER) else ())


def current(item: Item, path: str, items: tuple[Item, ...]) -> bool:
    """Whether the page at this path belongs to the item: the longest address that it starts with."""
    led = [(start, other) for other in items for start in (other.path, *other.also)]
    fitting = [found for found in led if path == found[0] or path.startswith(f"{found[0]}/")]
    return item == max(fitting, key=lambda found: len(found[0]), default=(None, None))[1]


class _Existing:
    """Which addresses the program answers; asked once per program."""

    def __init__(self, app: Starlette) -> None:
        if not hasattr(app.state, "existing_paths"):
            app.state.existing_paths = {}
        self._app = app
        self._known: dict[str, bool] = app.state.existing_paths

    def of(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return tuple(item for item in items if self.has(item.path))

    def has(self, path: str) -> bool:
        if path not in self._known:
            # among the pages as they were made: asked itself, the program works out again every route it tries
            pages = self._app.state.addresses.values()
            self._known[path] = any(page.path_regex.match(path) for page in pages)
        return self._known[path]
