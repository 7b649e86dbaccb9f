"""What notices say about referrals and organisations; they belong to `texts` and `groups`, which take them in."""

from typing import Final

REFERRAL_DESK: Final = "/bureau/verwijzingen/{id}"
PATHS: Final[dict[str, str]] = {
    "referral-new": REFERRAL_DESK, "referral-home": REFERRAL_DESK, "referral-yours": REFERRAL_DESK,
    "referral-unseen": REFERRAL_DESK, "referral-home-soon": REFERRAL_DESK, "referral-half": REFERRAL_DESK,
    "referral-late": REFERRAL_DESK, "referral-given-back": REFERRAL_DESK,
    "referral-passed": "/organisatie/verwijzingen/{id}", "referral-told": "/verwijzen",
    "referral-about-you": "/mijn/verwijzingen",
    "joining-waits": "/bureau/meedoen", "joining-approved": "/organisatie",
    "joining-rejected": "/organisatie/aanmelden",
    "covenant-new": "/organisatie/overeenkomst", "covenant-stands": "/organisatie/overeenkomst",
    "covenant-signed": "/bureau/overeenkomst", "volunteer-sharing": "/mijn/vlag",
    "outreach-signal": "/bureau/omzien", "trustee": "/vertrouwensmensen", "mediation-asked": "/bureau/bemiddeling",
    "mediation-yours": "/bemiddelen", "mediation-assigned": "/mijn/bemiddeling",
    "mediation-news": "/mijn/bemiddeling",
    "introduction": "/organisatie/kennismaken", "introduction-yes": "/organisatie/kennismaken",
}  # fmt: skip
DESK: Final = (
    " referral-new referral-home referral-yours referral-unseen referral-home-soon referral-half referral-late"
    " referral-given-back referral-passed referral-told joining-waits joining-approved joining-rejected covenant-new"
    " covenant-stands covenant-signed introduction introduction-yes"
    " outreach-signal mediation-asked mediation-yours"
)
REQUESTS: Final = " referral-about-you volunteer-sharing trustee mediation-assigned mediation-news"

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
        "outreach-signal": (
            "Iemand zag iets",
            "Iemand maakt zich zorgen om een ander in {title}. Wie kijkt ernaar?",
        ),
        "trustee": ("U bent vertrouwensmens", "Mensen kunnen u nu aanspreken. Bel ons als u wilt stoppen."),
        "mediation-asked": ("Er is bemiddeling gevraagd", "Twee buren komen er niet uit. Wie bemiddelt?"),
        "mediation-yours": ("Wilt u bemiddelen?", "Het bureau vraagt u tussen twee buren te bemiddelen."),
        "mediation-assigned": (
            "Er is een bemiddelaar",
            "Iemand die daarvoor geleerd heeft, belt u. Lees wie dat is.",
        ),
        "mediation-news": ("Nieuws over de bemiddeling", "Er is een stap gezet. Lees hoe het nu staat."),
        "joining-waits": ("Een organisatie wil meedoen", "{title} meldde zich aan. Leest u het?"),
        "joining-approved": (
            "Uw organisatie doet mee",
            "{title} doet mee. Log opnieuw in, en kijk wat nog te doen is.",
        ),
        "joining-rejected": ("Uw organisatie doet nog niet mee", "{title} doet nog niet mee. Lees waarom."),
        "covenant-new": (
            "Er is een nieuwe overeenkomst",
            "Lees wat er anders is, en teken voor uw organisatie.",
        ),
        "covenant-stands": (
            "De overeenkomst staat",
            "De gemeente tekende met {title}. U kunt nu verwijzingen krijgen.",
        ),
        "covenant-signed": (
            "Een organisatie tekende",
            "{title} tekende de overeenkomst. Nu tekent de gemeente.",
        ),
        "volunteer-sharing": (
            "Wie u helpt, is veranderd",
            "{title} veranderde voor wie u helpt. Kijk hoe het nu is.",
        ),
        "introduction": (
            "Een andere organisatie ontmoeten?",
            "Wij zien iets dat u samen kunt doen. Zegt u ja?",
        ),
        "introduction-yes": (
            "U kunt elkaar bereiken",
            "Beide zeiden ja. U leest nu elkaars telefoon en mailadres.",
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
        "outreach-signal": (
            "Somebody saw something",
            "Somebody worries about another in {title}. Who looks at it?",
        ),
        "trustee": ("You are a trustee", "People can speak to you now. Call us if you want to stop."),
        "mediation-asked": ("Mediation was asked for", "Two neighbours cannot work it out. Who mediates?"),
        "mediation-yours": ("Will you mediate?", "The desk asks you to mediate between two neighbours."),
        "mediation-assigned": (
            "There is a mediator",
            "Somebody who was trained for it calls you. Read who that is.",
        ),
        "mediation-news": ("News about the mediation", "A step was taken. Read how it stands now."),
        "joining-waits": ("An organisation would like to take part", "{title} applied. Will you read it?"),
        "joining-approved": (
            "Your organisation takes part",
            "{title} takes part. Sign in again, and see what is still to do.",
        ),
        "joining-rejected": (
            "Your organisation does not take part yet",
            "{title} does not take part yet. Read why.",
        ),
        "covenant-new": (
            "There is a new covenant",
            "Read what is different, and sign for your organisation.",
        ),
        "covenant-stands": (
            "The covenant stands",
            "The municipality signed with {title}. You can get referrals now.",
        ),
        "covenant-signed": (
            "An organisation signed",
            "{title} signed the covenant. Now the municipality signs.",
        ),
        "volunteer-sharing": (
            "Whom you help has changed",
            "{title} changed whom you help. See how it is now.",
        ),
        "introduction": (
            "Meet another organisation?",
            "We see something that you could do together. Do you say yes?",
        ),
        "introduction-yes": (
            "You can reach each other",
            "Both said yes. You read each other's telephone and e-mail now.",
        ),
    },
}
