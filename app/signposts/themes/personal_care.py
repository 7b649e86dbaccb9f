"""Personal care: washing, dressing, hair and feet."""

from app.privacy.words import Said
from app.signposts.building import (
    ask,
    heavy,
    known,
    light,
    near,
    office,
    one,
    option,
    own,
    paid,
    several,
    some,
)
from app.signposts.rules import LifeTheme

LIFE_THEME = LifeTheme(
    "f",
    "verzorging",
    Said("Mijzelf verzorgen", "Taking care of myself"),
    Said("Wassen, aankleden, haren en voeten", "Washing, dressing, hair and feet"),
    first=(
        own(
            "Leg uw kleren de avond ervoor klaar, op een stoel.",
            "Lay out your clothes on a chair the evening before.",
        ),
        ask(
            "boodschappen-en-ophalen",
            "Wie haalt mijn medicijnen op bij de apotheek?",
            "Who picks up my medicines at the pharmacy?",
        ),
    ),
    questions=(
        several(
            "f1",
            "Wat kost u moeite?",
            "What costs you effort?",
            option(
                "a",
                "Wassen of douchen",
                "Washing or showering",
                own(
                    "Een losse kruk en een antislipmat maken douchen veiliger.",
                    "A stool and a non-slip mat make showering safer.",
                ),
                ask(
                    "klussen-in-huis",
                    "Wie zet een beugel vast in mijn douche? Het is zo gebeurd.",
                    "Who fixes a grip in my shower? It is quickly done.",
                ),
                paid(
                    "wassen-aankleden-en-naar-de-wc",
                    "Ik zoek hulp bij het wassen of douchen.",
                    "I am looking for help with washing or showering.",
                ),
            ),
            option(
                "b",
                "Aankleden of steunkousen",
                "Dressing or support stockings",
                own(
                    "Kies kleren met ritsen of elastiek. Ga zitten als u zich aankleedt.",
                    "Choose clothes with zips or elastic. Sit down to dress.",
                ),
                near(
                    "spullen-lenen-of-geven",
                    "Er zijn hulpjes voor kousen en knopen. De thuiszorgwinkel leent ze uit.",
                    "There are aids for stockings and buttons. The home care shop lends them.",
                ),
                paid(
                    "wassen-aankleden-en-naar-de-wc",
                    "Ik zoek hulp bij het aankleden of mijn steunkousen.",
                    "I am looking for help with dressing or my support stockings.",
                ),
            ),
            option(
                "c",
                "Haren, nagels of voeten",
                "Hair, nails or feet",
                known(
                    "Vraag iemand die u vertrouwt om uw nagels te vijlen.",
                    "Ask somebody you trust to file your nails.",
                ),
                ask(
                    "rit-met-de-auto",
                    "Wie brengt mij naar de kapper en haalt mij weer op?",
                    "Who takes me to the hairdresser and back?",
                ),
                paid(
                    "kapper-en-voeten-aan-huis",
                    "Ik zoek een kapper of pedicure die bij mij thuis komt.",
                    "I am looking for a hairdresser or foot care at home.",
                ),
            ),
            option(
                "d",
                "Medicijnen op tijd nemen",
                "Taking medicines on time",
                own(
                    "Gebruik een doosje met de dagen erop, of een wekker.",
                    "Use a box with the days on it, or an alarm.",
                ),
                ask(
                    "boodschappen-en-ophalen",
                    "Wie haalt mijn medicijnen op bij de apotheek?",
                    "Who picks up my medicines at the pharmacy?",
                ),
                office(
                    "Vraag uw apotheek om medicijnen op rol, per dag verpakt.",
                    "Ask your pharmacy to pack your medicines per day.",
                ),
            ),
        ),
        one(
            "f2",
            "Lukt het u alleen?",
            "Can you manage alone?",
            light(
                "a",
                "Ja, met wat meer tijd",
                "Yes, with a little more time",
                own(
                    "Neem er de tijd voor. Doe het op het moment dat u het fitst bent.",
                    "Take your time. Do it when you feel fittest.",
                ),
            ),
            some(
                "b",
                "Niet elke dag",
                "Not every day",
                known(
                    "Spreek met iemand af dat die even belt op een slechte dag.",
                    "Agree with somebody that they call on a bad day.",
                ),
            ),
            heavy(
                "c",
                "Nee",
                "No",
                office(
                    "Bel de wijkverpleging of uw huisarts. Zorg aan het lichaam is hun werk.",
                    "Call the district nurse or your doctor. Care of the body is their work.",
                ),
            ),
        ),
        one(
            "f3",
            "Wat vindt u belangrijk?",
            "What matters to you?",
            option(
                "a",
                "Dat ik het zelf blijf doen",
                "That I keep doing it myself",
                own(
                    "Vraag een ergotherapeut om handige trucs. U kunt er zonder brief heen.",
                    "Ask an occupational therapist for tricks. You need no referral.",
                ),
            ),
            option(
                "b",
                "Dat het een vast iemand is",
                "That it is the same person",
                own(
                    "Zeg bij de eerste afspraak dat u graag een vast gezicht heeft.",
                    "Say at the first appointment that you like to see the same face.",
                ),
            ),
            option(
                "c",
                "Dat ik er weer goed uitzie",
                "That I look well again",
                known(
                    "Ga samen met iemand kleren passen, of naar de kapper.",
                    "Try on clothes with somebody, or go to the hairdresser together.",
                ),
            ),
        ),
    ),
)
