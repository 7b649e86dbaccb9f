"""Home and neighbourhood: the house, the garden, the street and who lives there."""

from app.privacy.words import Said
from app.signposts.building import (
    ask,
    give,
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
from app.signposts.rules import LifeTheme, Rung

LIFE_THEME = LifeTheme(
    "o",
    "wonen",
    Said("Huis en buurt", "Home and neighbourhood"),
    Said("Klussen, tuin, verhuizen, buren", "Odd jobs, garden, moving, neighbours"),
    first=(
        known(
            "Vraag in de straat wie handig is. Vaak woont die dichterbij dan u denkt.",
            "Ask in the street who is handy. Often they live closer than you think.",
        ),
        ask(
            "klussen-in-huis",
            "Wie komt een kleine klus bij mij doen?",
            "Who comes to do a small job for me?",
        ),
    ),
    questions=(
        several(
            "o1",
            "Wat past bij u?",
            "What fits you?",
            option(
                "a",
                "Er is een kleine klus",
                "There is a small job",
                known(
                    "Vraag in de straat wie handig is. Vaak woont die dichterbij dan u denkt.",
                    "Ask in the street who is handy. Often they live closer than you think.",
                ),
                near(
                    "repareren-en-naaien",
                    "Neem wat stuk is mee naar een repair café.",
                    "Take what is broken to a repair café.",
                ),
                ask(
                    "klussen-in-huis",
                    "Wie komt een kleine klus bij mij doen?",
                    "Who comes to do a small job for me?",
                ),
                paid(
                    "vakman-nodig",
                    "Ik zoek een vakman voor een grotere klus in huis.",
                    "I am looking for a tradesman for a bigger job in the house.",
                ),
            ),
            option(
                "b",
                "De tuin wordt te veel",
                "The garden is too much",
                own(
                    "Kies planten die weinig werk geven. Bedek de grond met schors.",
                    "Choose plants that need little work. Cover the soil with bark.",
                ),
                known(
                    "Ruil: de buur doet de heg, u geeft taart of koffie.",
                    "Swap: the neighbour does the hedge, you give cake or coffee.",
                ),
                ask(
                    "tuin",
                    "Wie helpt mij een middag in de tuin? Ik doe mee wat ik kan.",
                    "Who helps me in the garden for an afternoon? I join in as I can.",
                ),
            ),
            option(
                "c",
                "Mijn huis past niet meer bij mij",
                "My house no longer suits me",
                own(
                    "Schrijf op wat in huis moeite kost: trap, drempel, bad, deur.",
                    "Write down what costs effort: stairs, doorstep, bath, door.",
                ),
                ask(
                    "opruimen-en-sjouwen",
                    "Wie helpt mij met sjouwen? Mijn huis past niet meer bij mij.",
                    "Who helps me carry things? My house no longer suits me.",
                ),
                paid(
                    "huis-aanpassen",
                    "Ik wil mijn huis laten aanpassen, zodat ik er kan blijven wonen.",
                    "I want to have my house adapted, so that I can stay.",
                ),
            ),
            option(
                "d",
                "Ik ken mijn buren niet",
                "I do not know my neighbours",
                own(
                    "Zeg gedag en noem uw naam. De tweede keer gaat het al makkelijker.",
                    "Say hello and tell your name. The second time is easier.",
                ),
                near(
                    "meehelpen-bij-een-club-of-activiteit",
                    "Kom naar een buurtfeest of help mee met opruimen in de straat.",
                    "Come to a street party or help clean the street.",
                ),
                ask(
                    "koffie-een-praatje-en-bezoek",
                    "Wie uit de straat drinkt eens koffie met mij? Ik wil mijn buren leren kennen.",
                    "Who in the street has coffee with me? I want to know my neighbours.",
                ),
            ),
            option(
                "e",
                "Ik heb geen goede woonplek",
                "I have no good place to live",
                known(
                    "Vraag wie u kent om een adres voor uw post.",
                    "Ask people you know for an address for your post.",
                ),
                ask(
                    "post-formulieren-en-toeslagen",
                    "Wie helpt mij met inschrijven voor een woning? Het zijn veel formulieren.",
                    "Who helps me register for a house? There are many forms.",
                ),
                office(
                    "Bel de gemeente vandaag als u vannacht geen slaapplek heeft.",
                    "Call the municipality today if you have no place to sleep tonight.",
                ),
                depth=Rung.OFFICE,
            ),
        ),
        one(
            "o2",
            "Kan het wachten?",
            "Can it wait?",
            light(
                "a",
                "Ja, er is geen haast",
                "Yes, there is no hurry",
                own(
                    "Maak een lijstje. Doe eerst wat het meest stoort.",
                    "Make a list. Do first what bothers you most.",
                ),
            ),
            some(
                "b",
                "Liever deze maand",
                "Rather this month",
                known(
                    "Vraag op de dag dat iemand toch komt of diegene even meehelpt.",
                    "Ask a visitor to lend a hand on the day they come anyway.",
                ),
            ),
            heavy(
                "c",
                "Nee, zo kan ik er niet wonen",
                "No, I cannot live like this",
                office(
                    "Vraag de gemeente of uw verhuurder om snel te komen kijken.",
                    "Ask the municipality or your landlord to come and look soon.",
                ),
            ),
        ),
        one(
            "o3",
            "Wat doet u graag in de buurt?",
            "What do you like to do in the neighbourhood?",
            option(
                "a",
                "Klusjes of tuin",
                "Odd jobs or gardening",
                give(
                    "klussen-in-huis",
                    "Kleine klussen doen bij iemand thuis",
                    "Do small jobs at somebody's home",
                ),
                give("tuin", "Af en toe helpen in een tuin", "Help in a garden now and then"),
            ),
            option(
                "b",
                "Spullen lenen of even helpen",
                "Lend things or lend a hand",
                give("spullen-lenen-of-geven", "Spullen uitlenen of weggeven", "Lend or give away things"),
                give("even-helpen-als-buur", "Even helpen als buur", "Lend a hand as a neighbour"),
            ),
            option("c", "Nu niets", "Nothing now"),
        ),
    ),
)
