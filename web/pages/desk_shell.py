"""What the pages of the desk share: whose desk it is, the menu for one's roles, and the words for a refusal."""

from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.errors import DomainError, NotFound
from app.http import Opened
from app.moderation import people
from app.people import phone
from app.places import service as places
from app.places.models import Municipality
from web import i18n, menu as menus
from web.i18n import N_, translate
from web.menu import Item
from web.rendering import page
from web.roosjes_tabs import menu_line, tabs_for
from web.session import MUNICIPALITY_FIELD
from web.yes import NEEDED

PEOPLE: Final = Item(N_("Mensen"), "/bureau/mensen", also=("/bureau/controles",))
ORGANISATIONS: Final = Item(
    N_("Organisaties"),
    "/bureau/organisaties",
    also=("/bureau/meedoen", "/bureau/overeenkomst", "/bureau/introducties"),
)
MAP: Final = Item(N_("Kaart"), "/bureau/kaart")
ACTIVITIES: Final = Item(
    N_("Activiteiten"), "/bureau/activiteiten", also=("/bureau/verhalen", "/bureau/plannen")
)
SOCIAL_MAP: Final = Item(N_("Sociale kaart"), "/voorzieningen")
POST: Final = Item(N_("Brieven"), "/bureau/brieven")
REFERRALS: Final = Item(
    N_("Verwijzingen"), "/bureau/verwijzingen", also=("/bureau/verwijzers", "/bureau/kernteam")
)
OUTREACH: Final = Item(
    N_("Omzien"), "/bureau/omzien", also=("/bureau/vertrouwensmensen", "/bureau/bemiddeling")
)
KEEPING: Final = Item(N_("Bewaren"), "/bureau/bewaren")
BROKERS: Final = (
    menus.DESK,
    REFERRALS,
    OUTREACH,
    PEOPLE,
    ORGANISATIONS,
    SOCIAL_MAP,
    ACTIVITIES,
    POST,
    Item(N_("Verdelen"), "/bureau/verdelen", also=("/bureau/kringen",)),
)
SAFETY: Final = Item(N_("Veiligheid"), "/bureau/veiligheid", also=("/bureau/dossiers",))
ADMINISTRATORS: Final = (
    Item(N_("Gemeente"), "/gemeente"),
    ORGANISATIONS,
    SOCIAL_MAP,
    menus.FIGURES,
    Item(N_("Instellingen"), "/gemeente/instellingen", also=("/gemeente/voorbeelden", "/gemeente/inlezen")),
    Item(N_("Mail"), "/gemeente/mail"),
    Item(N_("Webhooks"), "/gemeente/webhooks"),
)
REGION: Final = (
    Item(N_("Regio"), "/regio"),
    Item(N_("Verrekenen"), "/regio/verrekenen"),
    Item(N_("Aansluiten"), "/regio/aansluiten"),
    Item(N_("Gezondheid"), "/regio/gezondheid", also=("/regio/panel",)),
    Item(N_("Nagespeeld jaar"), "/regio/simulatie"),
    Item(N_("Onkosten"), "/regio/onkosten"),
    ORGANISATIONS,
)
OFFICERS: Final = (
    Item(N_("Logboek"), "/bureau/logboek"),
    KEEPING,
    Item(N_("Wissen"), "/bureau/wissen"),
    menus.FIGURES,
    ORGANISATIONS,
)
STAFF: Final = Item(N_("Medewerkers"), "/gemeente/medewerkers")
REFUSALS: Final = {
    "does-not-fit": N_("Dit past niet: een vaste voorwaarde staat in de weg."),
    "helper-busy": N_("De helper heeft dan al een afspraak. Kies een andere tijd."),
    "taken-already": N_("Deze vraag zoekt niemand meer."),
    "help-request-not-open": N_("Deze vraag zoekt niemand meer."),
    "not-confirmed": N_("Stel deze twee eerst aan elkaar voor."),
    "nothing-booked": N_("Er is geen boeking meer om terug te draaien."),
    "transition-not-allowed": N_("Dat kan niet meer: er veranderde iets. Kijk hoe het nu is."),
    "check-withdrawn": N_("Iemand trok dit net al in."),
    "meet-first": N_("Deze helper is nieuw. Laat de twee eerst kennismaken."),
    "conflict": N_("Dat kan niet meer: er veranderde iets. Kijk hoe het nu is."),
    "yes-needed": NEEDED,
    "consent-withdrawn": N_("De vrager zei hier nee tegen. Vraag eerst of het weer goed is."),
    "waits-for-parent": N_("Een ouder of voogd moet eerst ja zeggen. Daarna kan dit verder."),
    "forbidden": N_("Dat mag alleen wie het aangaat."),
    "out-of-roosjes": N_("Een grens aan Roosjes staat in de weg."),
}


def own_municipality(session: Opened, actor: Actor, permission: Permission) -> Municipality:
    """The municipality of this desk; whoever has none gets no page.

    Where the chosen desk does not go with the permission, the first municipality that does; where the address
    names the desk, none.
    """
    reach = actor.at_desk(permission)
    if not reach and not actor.desk_named:
        reach = actor.reach(permission)
    if not reach:
        raise NotFound
    return places.municipality(session, min(reach))


def person_of(session: Opened, actor: Actor, permission: Permission, id: UUID) -> people.Known:
    """Whom a page of this desk is about; whoever may not see the page gets none, and did not look."""
    own_municipality(session, actor, permission)
    return people.who(session, actor, id)


def at_desk(request: Request, path: str, municipality: Municipality) -> str:
    """The address of a page or form about this very municipality, whatever desk is chosen in another tab."""
    return f"{path}?{MUNICIPALITY_FIELD}={municipality.id}" if request.state.desks else path


def leafing(request: Request, path: str, municipality: Municipality, **chosen: str) -> str:
    """Where the pages of a list stand; the number of one comes behind it."""
    here = {MUNICIPALITY_FIELD: str(municipality.id)} if request.state.desks else {}
    return f"{path}?{urlencode(here | chosen | {'blad': ''})}"


def home_of(actor: Actor) -> str:
    """The first page for one's roles."""
    return pages_of(actor)[0]


def pages_of(actor: Actor) -> list[str]:
    """The addresses in the menu of the desk, for one's roles."""
    return [item.path for item in _items(actor)]


def desk_page(
    request: Request, actor: Actor, template: str, *, status: int = 200, **context: Any
) -> Response:
    """A page of the desk, with the menu that this actor can use."""
    menu = replace(menus.menu(request, actor), desk=_items(actor))
    if not actor.at_desk(Permission.MODERATE_REQUEST):
        menu = replace(menu, find="")
    return page(
        request, template, status=status, menu=menu, phone=phone.display, tabs=tabs_for(actor), **context
    )


def _items(actor: Actor) -> tuple[Item, ...]:
    offered: list[Item] = []
    if actor.at_desk(Permission.MODERATE_REQUEST):
        offered += (*BROKERS, SAFETY, *menu_line(actor), MAP, menus.FIGURES)
    if actor.at_desk(Permission.CHANGE_SETTINGS):
        offered += ADMINISTRATORS
    if actor.at_desk(Permission.SEE_AUDIT):
        offered += OFFICERS
    elif actor.at_desk(Permission.SET_TERMS):
        offered.append(KEEPING)
    if actor.reach(Permission.SEE_REGION):
        offered += REGION
    if actor.at_desk(Permission.MANAGE_STAFF):
        offered.append(STAFF)
    if actor.at_desk(Permission.HANDLE_REPORTS):
        offered.append(SAFETY)
    if actor.at_desk(Permission.SEE_PEOPLE):
        offered.append(PEOPLE)
    if not offered and actor.at_desk(Permission.SEE_FIGURES):
        offered += (menus.FIGURES, ORGANISATIONS)
    return tuple(dict.fromkeys((*offered, *menu_line(actor))))


def refusal(request: Request, error: DomainError) -> str:
    """What stands in the way, in the reader's language."""
    lang = i18n.language(request)
    return translate(lang, REFUSALS.get(error.code, N_("Dat lukt nu niet. Kijk hoe het nu is.")))
