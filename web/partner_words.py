"""Organisations that take part, in words."""

from typing import Final

from app.partners.models import IntroductionStatus, InvitedAs, JoiningStatus
from web.i18n import N_

ROLES: Final = {
    InvitedAs.MEMBER: N_("medewerker"),
    InvitedAs.ADMINISTRATOR: N_("beheerder"),
    InvitedAs.VOLUNTEER: N_("vrijwilliger"),
}
INVITE: Final = {
    InvitedAs.MEMBER: N_("Medewerker: pakt verwijzingen op"),
    InvitedAs.ADMINISTRATOR: N_("Beheerder: tekent, nodigt uit en houdt alles bij"),
}
JOININGS: Final = {
    JoiningStatus.SUBMITTED: (N_("wij lezen het"), "w"),
    JoiningStatus.APPROVED: (N_("u doet mee"), "g"),
    JoiningStatus.REJECTED: (N_("dit gaat niet door"), ""),
    JoiningStatus.WITHDRAWN: (N_("door u gestopt"), ""),
}
INTRODUCTIONS: Final = {
    IntroductionStatus.PROPOSED: (N_("wacht op een ja"), "w"),
    IntroductionStatus.AGREED: (N_("beide zeiden ja"), "g"),
    IntroductionStatus.DECLINED: (N_("niet nu"), ""),
    IntroductionStatus.DONE: (N_("klaar"), "g"),
}
REFUSALS: Final = {
    "already-asked": N_("U meldde al iets aan. Wij lezen dat eerst."),
    "not-signed-yet": N_("De organisatie tekent eerst."),
    "signed-already": N_("Deze versie is al getekend."),
    "no-covenant": N_("Uw gemeente heeft nog geen overeenkomst klaar. Bel ons."),
    "stale": N_("Iemand anders veranderde dit net. Kijk hoe het nu is."),
    "last-administrator": N_("Iemand moet beheerder blijven. Nodig eerst een ander uit."),
    "transition-not-allowed": N_("Hier is al op geantwoord."),
    "forbidden": N_("Dit doet een collega: u kunt niet voor beide kanten tekenen of beslissen."),
    "too-many": N_("U deed dit vandaag al heel vaak. Wacht tot morgen."),
}
