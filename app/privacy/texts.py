"""What somebody says yes to, word for word, by version: a text that changes is a new version, and asks again."""

from dataclasses import dataclass
from typing import Final

from app.privacy.models import Purpose
from app.privacy.words import Said


@dataclass(frozen=True, slots=True)
class Asked:
    """One version of one question for consent."""

    title: Said
    text: Said
    """What somebody says yes to."""
    stops: Said
    """What happens at once when they take it back."""


TEXTS: Final[dict[Purpose, tuple[Asked, ...]]] = {
    Purpose.PROPOSALS: (
        Asked(
            Said("Wij noemen u bij mensen die hulp zoeken", "We name you to people who look for help"),
            Said(
                "Biedt u hulp aan? Dan stellen wij u voor aan mensen bij u in de buurt. "
                "Zij zien uw voornaam, uw wijk en wat u doet.",
                "If you offer help, we propose you to people near you. "
                "They see your first name, your neighbourhood and what you do.",
            ),
            Said(
                "Uw aanbod staat meteen op pauze. Niemand krijgt u nog te zien.",
                "Your offers are paused at once. Nobody is shown you any more.",
            ),
        ),
    ),
    Purpose.ACROSS_BORDERS: (
        Asked(
            Said("Ook in een andere gemeente", "In another municipality too"),
            Said(
                "Wij zoeken ook in de gemeenten naast die van u. "
                "Daar ziet iemand dan uw voornaam, uw wijk en uw vraag of aanbod.",
                "We also look in the municipalities next to yours. "
                "Somebody there then sees your first name, your neighbourhood and your request or offer.",
            ),
            Said(
                "Wij zoeken meteen alleen nog in uw eigen gemeente.",
                "From now on we look in your own municipality only.",
            ),
        ),
    ),
    Purpose.SENSITIVE: (
        Asked(
            Said(
                "Vragen die iets over uw gezondheid zeggen", "Requests that say something about your health"
            ),
            Said(
                "Sommige vragen zeggen iets over uw gezondheid, of over iets anders dat gevoelig is. "
                "Wij gebruiken dat alleen om iemand te vinden die past. Wij laten het lezen aan uw makelaar "
                "en aan mensen aan wie wij het vragen. Zo'n vraag is nooit openbaar.",
                "Some requests say something about your health, or about something else that is sensitive. "
                "We use it only to find somebody who fits. We let your coordinator read it, and people "
                "whom we ask. Such a request is never public.",
            ),
            Said(
                "Deze vragen staan meteen op pauze. Wij zoeken dan niet verder.",
                "These requests are paused at once. We look no further.",
            ),
        ),
    ),
    Purpose.TIPS: (
        Asked(
            Said("Tips en vragen van ons", "Tips and questions from us"),
            Said(
                "Wij sturen u soms een tip, of vragen of u iets wilt doen.",
                "We sometimes send a tip, or ask whether you would like to do something.",
            ),
            Said("U krijgt van ons geen tips meer.", "You get no more tips from us."),
        ),
    ),
    Purpose.YOUNG_HELPER: (
        Asked(
            Said("Mijn kind helpt anderen", "My child helps others"),
            Said(
                "Ik ben ouder of voogd. Mijn kind mag hulp aanbieden die bij de leeftijd past. "
                "Ik krijg dezelfde berichten.",
                "I am a parent or guardian. My child may offer help that fits their age. "
                "I get the same messages.",
            ),
            Said("Het aanbod van uw kind staat meteen op pauze.", "Your child's offers are paused at once."),
        ),
    ),
    Purpose.YOUNG_ASKER: (
        Asked(
            Said("Mijn kind vraagt hulp", "My child asks for help"),
            Said(
                "Ik ben ouder of voogd. Mijn kind is nog geen 16, en mag hulp vragen. "
                "Wie kan helpen, ziet de voornaam, de wijk en de vraag.",
                "I am a parent or guardian. My child is not 16 yet, and may ask for help. "
                "Whoever can help sees the first name, the neighbourhood and the request.",
            ),
            Said("De vragen van uw kind staan meteen op pauze.", "Your child's requests are paused at once."),
        ),
    ),
}


def version(purpose: Purpose) -> int:
    """The newest version of the text; the first is 1."""
    return len(TEXTS[purpose])


def asked(purpose: Purpose, number: int) -> Asked:
    """The text of one version, also an old one."""
    return TEXTS[purpose][number - 1]
