"""What notices say about referrals and organisations; they belong to `texts` and `groups`, which take them in."""

from typing import Final

REFERRAL_DESK: Final = "/bureau/verwijzingen/{id}"
PATHS: Final[dict[str, str]] = {
    "referral-new": REFERRAL_DESK, "referral-home": REFERRAL_DESK, "referral-yours": REFERRAL_DESK,
    "referral-unseen": REFERRAL_DESK, "referral-home-soon": REFERRAL_DESK, "referral-half": REFERRAL_DESK,
    "referral-late": REFERRAL_DESK, "referral-given-back": REFERRAL_DESK,
    "referral-passed": "/organisatie/verwijzingen/{id}", "referral-told": "/verwijzen",
    "referral-about-you": "/mijn/verwijzingen",
}  # fmt: skip
DESK: Final = (
    " referral-new referral-home referral-yours referral-unseen referral-home-soon referral-half referral-late"
    " referral-given-back referral-passed referral-told"
)
REQUESTS: Final = " referral-about-you"

WORDS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "nl": {
        "referral-new": (
            "Er is een verwijzing",
            "Iemand verwees een bewoner naar u: {title}. Wie pakt het op?",
        ),
        "referral-home": (
            "Iemand komt thuis uit het ziekenhuis",
            "U heeft {title}, of vervangt wie het heeft. Alles moet klaar zijn binnen 48 uur na thuiskomst.",
        ),
        "referral-yours": (
            "Een verwijzing is nu van u",
            "Het kernteam gaf u {title}, of vroeg u als vervanger.",
        ),
        "referral-unseen": ("Niemand belde nog", "Over {title} schreef nog niemand iets op. Pakt u het op?"),
        "referral-home-soon": (
            "Morgen is er iemand thuis",
            "Bij {title} is nog niet alles geregeld, en de thuiskomst is over minder dan een dag.",
        ),
        "referral-half": (
            "Nog een dag",
            "Bij {title} moet binnen een dag alles geregeld zijn. Kijk wat er nog open staat.",
        ),
        "referral-late": ("De 48 uur zijn voorbij", "Bij {title} is nog niet alles geregeld. Bel vandaag."),
        "referral-given-back": (
            "Een verwijzing is terug",
            "Een organisatie kan {title} niet doen. Lees waarom, en deel het opnieuw uit.",
        ),
        "referral-passed": (
            "Kunt u dit doen?",
            "Het kernteam vraagt uw organisatie: {title}. Zeg ja, of geef het terug.",
        ),
        "referral-told": ("Er is nieuws over uw verwijzing", "Er is iets te lezen over {title}."),
        "referral-about-you": (
            "Iemand meldde u aan",
            "Met uw ja vroeg iemand ons om u te bellen. Lees wie dat was, en wie u belt.",
        ),
    },
    "en": {
        "referral-new": (
            "There is a referral",
            "Somebody referred a resident to you: {title}. Who takes it?",
        ),
        "referral-home": (
            "Somebody comes home from hospital",
            "You have {title}, or stand in for who does. Everything must be ready within 48 hours of coming home.",
        ),
        "referral-yours": (
            "A referral is yours now",
            "The core team gave you {title}, or asked you to stand in.",
        ),
        "referral-unseen": (
            "Nobody called yet",
            "Nobody wrote anything about {title} yet. Will you take it?",
        ),
        "referral-home-soon": (
            "Tomorrow somebody is home",
            "Not everything is arranged for {title}, and they come home in less than a day.",
        ),
        "referral-half": (
            "One more day",
            "Within a day everything must be arranged for {title}. See what is still open.",
        ),
        "referral-late": ("The 48 hours are over", "Not everything is arranged for {title}. Call today."),
        "referral-given-back": (
            "A referral is back",
            "An organisation cannot do {title}. Read why, and share it out again.",
        ),
        "referral-passed": (
            "Can you do this?",
            "The core team asks your organisation: {title}. Say yes, or give it back.",
        ),
        "referral-told": ("There is news about your referral", "There is something to read about {title}."),
        "referral-about-you": (
            "Somebody referred you",
            "With your yes somebody asked us to call you. Read who that was, and who calls you.",
        ),
    },
}
