"""How we reach somebody, in words."""

from typing import Final

from app.notifications.groups import Way
from app.notifications.models import Carrier, Dispatch, Failure
from web.i18n import N_

WAYS: Final = {
    Way.AT_ONCE: N_("Meteen een mail"),
    Way.DAY: N_("Eén mail per dag"),
    Way.WEEK: N_("Eén mail per week"),
    Way.LETTER: N_("Een brief op papier"),
    Way.SITE: N_("Alleen op deze site"),
}
FAILURES: Final = {
    Failure.REFUSED: N_("Het adres bestaat niet (meer)"),
    Failure.GAVE_UP: N_("De mailserver nam het niet aan"),
    Failure.UNSURE: N_("Onzeker: de computer viel uit tijdens het versturen"),
}


def how_it_stands(sent: Dispatch) -> str:
    """A Dutch message id."""
    if sent.failed_at is not None:
        return N_("niet aangekomen")
    if sent.sent_at is None:
        return N_("onderweg naar de post") if sent.carrier is Carrier.LETTER else N_("wordt verstuurd")
    return N_("gepost") if sent.carrier is Carrier.LETTER else N_("verstuurd")
