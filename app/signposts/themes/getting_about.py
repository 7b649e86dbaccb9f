"""Getting about: on foot, by bicycle, bus, car or wheelchair."""

from app.privacy.words import Said
from app.signposts.building import (
    ask,
    give,
    heavy,
    known,
    light,
    near,
    needing,
    office,
    one,
    option,
    own,
    several,
    some,
)
from app.signposts.rules import LifeTheme

LIFE_THEME = LifeTheme(
    "i",
    "vervoer",
    Said("Op weg gaan", "Getting about"),
    Said("Lopen, fietsen, bus, auto, rolstoel", "Walking, cycling, bus, car, wheelchair"),
    first=(
        known(
            "Vraag wie er toch al naar de winkel of het dorp rijdt.",
            "Ask who is driving to the shop or the village anyway.",
        ),
        ask(
            "rit-met-de-auto",
            "Wie brengt mij af en toe ergens heen?",
            "Who takes me somewhere now and then?",
        ),
    ),
    questions=(
        several(
            "i1",
            "Waar wilt u heen?",
            "Where do you want to go?",
            option(
                "a",
                "Naar de winkel of de markt",
                "To the shop or the market",
                own(
                    "Ga op een rustig uur. Een boodschappenkar of rollator draagt mee.",
                    "Go at a quiet hour. A trolley or walker carries along.",
                ),
                known("Vraag wie er toch al naar de winkel rijdt.", "Ask who is driving to the shop anyway."),
                ask(
                    "samen-op-pad",
                    "Wie gaat met mij naar de winkel of de markt?",
                    "Who comes to the shop or the market with me?",
                ),
            ),
            option(
                "b",
                "Naar dokter of ziekenhuis",
                "To the doctor or the hospital",
                known(
                    "Vraag familie vooraf om die ene dag vrij te houden.",
                    "Ask your family in time to keep that one day free.",
                ),
                ask(
                    "mee-naar-dokter-of-ziekenhuis",
                    "Wie gaat met mij mee naar de dokter? Samen heen en samen terug.",
                    "Who comes with me to the doctor? There and back together.",
                ),
                office(
                    "Bel uw zorgverzekeraar. Soms betaalt die de rit naar het ziekenhuis.",
                    "Call your health insurer. Sometimes it pays for the ride to the hospital.",
                ),
            ),
            option(
                "c",
                "Op bezoek of naar een groep",
                "To visit people or a group",
                own(
                    "Plan de reis een dag eerder. Schrijf de tijden op.",
                    "Plan the trip a day ahead. Write down the times.",
                ),
                near(
                    "rolstoelvervoer",
                    "In veel dorpen rijdt een buurtbus, of een auto met een vrijwilliger.",
                    "In many villages there is a local bus, or a car with a volunteer.",
                ),
                ask(
                    "rit-met-de-auto",
                    "Wie brengt mij naar een bezoek of een groep, en weer thuis?",
                    "Who takes me to a visit or a group, and home again?",
                ),
            ),
            option(
                "d",
                "Er even uit",
                "Just out for a while",
                own(
                    "Loop elke dag een vast rondje, hoe klein ook.",
                    "Walk a fixed round every day, however small.",
                ),
                near(
                    "groep-cursus-of-sport",
                    "Vraag of er een duofiets te leen is. Dan fietst een ander mee.",
                    "Ask whether there is a side-by-side bicycle. Somebody cycles with you.",
                ),
                ask(
                    "samen-op-pad",
                    "Wie gaat met mij een rondje lopen of rijden? Ik wil eruit.",
                    "Who takes me for a walk or a drive? I want to get out.",
                ),
            ),
        ),
        one(
            "i2",
            "Hoe gaat u nu op weg?",
            "How do you get about now?",
            light(
                "a",
                "Lopend of met de fiets",
                "On foot or by bicycle",
                own(
                    "Laat uw fiets één keer per jaar nakijken. Doe een helm op.",
                    "Have your bicycle checked once a year. Wear a helmet.",
                ),
            ),
            some(
                "b",
                "Met de bus, of iemand rijdt",
                "By bus, or somebody drives",
                ask(
                    "leren-reizen",
                    "Wie reist een paar keer met mij mee met de bus? Daarna kan ik het zelf.",
                    "Who takes the bus with me a few times? Then I can do it myself.",
                ),
            ),
            needing(
                "rolstoel",
                heavy(
                    "c",
                    "Bijna niet meer, of met een rolstoel",
                    "Hardly, or in a wheelchair",
                    ask(
                        "rit-met-de-auto",
                        "Wie brengt mij af en toe ergens heen?",
                        "Who takes me somewhere now and then?",
                    ),
                    ask(
                        "rolstoelvervoer",
                        "Wie rijdt mij ergens heen met mijn rolstoel?",
                        "Who drives me somewhere with my wheelchair?",
                    ),
                    office(
                        "Vraag de gemeente naar de regiotaxi of een scootmobiel.",
                        "Ask the municipality about the regional taxi or a mobility scooter.",
                    ),
                ),
            ),
        ),
        one(
            "i3",
            "Rijdt of reist u zelf?",
            "Do you drive or travel yourself?",
            option(
                "a",
                "Ja, en ik neem graag iemand mee",
                "Yes, and I like to take somebody",
                give("rit-met-de-auto", "Iemand meenemen in mijn auto", "Take somebody in my car"),
            ),
            option(
                "b",
                "Ik weet de weg met bus en trein",
                "I know my way by bus and train",
                give(
                    "leren-reizen",
                    "Iemand leren reizen met bus en trein",
                    "Teach somebody to travel by bus and train",
                ),
            ),
            option("c", "Nee, of nu niet", "No, or not now"),
        ),
    ),
)
