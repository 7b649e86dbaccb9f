"""The care others give me: whether it fits, and who helps when they cannot."""

from app.privacy.words import Said
from app.signposts.building import (
    ask,
    free,
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
    "d",
    "zorg",
    Said("Zorg die ik krijg", "The care I get"),
    Said("Of het past, en wie inspringt", "Whether it fits, and who steps in"),
    first=(
        own(
            "Schrijf op wat goed gaat en wat niet. Neem het mee naar een gesprek.",
            "Write down what goes well and what does not. Take it to a talk.",
        ),
        ask(
            "mee-naar-dokter-of-ziekenhuis",
            "Wie gaat mee naar een gesprek over mijn zorg en luistert mee?",
            "Who comes along to a talk about my care and listens too?",
        ),
    ),
    questions=(
        several(
            "d1",
            "Wat speelt er?",
            "What is going on?",
            option(
                "a",
                "Wie mij helpt, heeft het zwaar",
                "Who helps me has a hard time",
                known(
                    "Vraag wat diegene het zwaarst vindt. Zoek daar samen iets anders voor.",
                    "Ask what they find hardest. Find something else for that together.",
                ),
                near(
                    "praten-met-iemand-die-het-kent",
                    "Wijs op het steunpunt voor mantelzorg. Dat is er ook voor wie u helpt.",
                    "Point out the support centre for carers. It is there for who helps you too.",
                ),
                ask(
                    "iemand-neemt-het-even-over",
                    "Wie komt af en toe een middag bij mij? Dan heeft wie mij helpt vrij.",
                    "Who comes to me for an afternoon now and then? Then who helps me has time off.",
                ),
            ),
            option(
                "b",
                "Ik moet naar dokter of ziekenhuis",
                "I have to see a doctor or go to hospital",
                own(
                    "Schrijf drie vragen op. Stel ze aan het begin van het gesprek.",
                    "Write down three questions. Ask them at the start.",
                ),
                ask(
                    "mee-naar-dokter-of-ziekenhuis",
                    "Wie gaat mee naar dokter of ziekenhuis? Twee onthouden meer dan één.",
                    "Who comes with me to the doctor or hospital? Two remember more than one.",
                ),
                ask(
                    "rit-met-de-auto",
                    "Wie brengt mij naar dokter of ziekenhuis, en weer thuis?",
                    "Who drives me to the doctor or hospital, and home again?",
                ),
            ),
            option(
                "c",
                "De zorg past niet meer bij mij",
                "The care no longer fits me",
                own(
                    "Schrijf op wat goed gaat en wat niet. Neem het mee naar een gesprek.",
                    "Write down what goes well and what does not. Take it to a talk.",
                ),
                known(
                    "Vraag iemand die u vertrouwt om erbij te zijn.", "Ask somebody you trust to be there."
                ),
                office(
                    "Vraag de gemeente om een nieuw gesprek. Dat mag altijd.",
                    "Ask the municipality for a new talk. You always may.",
                ),
                depth=Rung.OFFICE,
            ),
            option(
                "d",
                "Ik kom uit het ziekenhuis",
                "I am coming home from hospital",
                known(
                    "Vraag wie de eerste week elke dag even langskomt.",
                    "Ask who can look in every day in the first week.",
                ),
                ask(
                    "boodschappen-en-ophalen",
                    "Wie haalt de eerste weken mijn boodschappen? Ik kom uit het ziekenhuis.",
                    "Who gets my groceries in the first weeks? I am coming home from hospital.",
                ),
                paid(
                    "huis-aanpassen",
                    "Ik heb thuis snel een beugel of hoger toilet nodig. Ik kom uit het ziekenhuis.",
                    "I need a grip or a higher toilet soon. I am coming home from hospital.",
                ),
                depth=Rung.OFFICE,
            ),
        ),
        one(
            "d2",
            "Is er iemand die met u meedenkt?",
            "Is there somebody who thinks along with you?",
            light(
                "a",
                "Ja, familie of een vriend",
                "Yes, family or a friend",
                known(
                    "Spreek af wie belt met de zorg. Eén vast iemand werkt het best.",
                    "Agree who phones about the care. One person works best.",
                ),
            ),
            some(
                "b",
                "Soms",
                "Sometimes",
                ask(
                    "koffie-een-praatje-en-bezoek",
                    "Wie drinkt eens koffie met mij en denkt mee over mijn zorg?",
                    "Who has coffee with me and thinks along about my care?",
                ),
            ),
            heavy(
                "c",
                "Nee, ik sta er alleen voor",
                "No, I am on my own",
                office(
                    "Vraag de gemeente om één vast iemand die al uw zorg kent.",
                    "Ask the municipality for one person who knows all your care.",
                ),
                free(
                    "U mag bij elk gesprek gratis hulp meenemen van iemand die voor u opkomt. Vraag het ons.",
                    "You may bring somebody who speaks up for you to any talk, for free. Ask us.",
                ),
            ),
        ),
        one(
            "d3",
            "Wat wilt u dat zo blijft?",
            "What should stay as it is?",
            option(
                "a",
                "Steeds dezelfde gezichten",
                "The same faces",
                own(
                    "Zeg bij elke afspraak dat u graag dezelfde mensen ziet.",
                    "Say with every appointment that you like to see the same people.",
                ),
            ),
            option(
                "b",
                "Zelf beslissen",
                "Deciding for myself",
                own(
                    "Zet op papier wat u zelf wilt doen, ook als het langer duurt.",
                    "Put on paper what you want to do yourself, even if it takes longer.",
                ),
            ),
            option(
                "c",
                "Rust in huis",
                "Quiet in the house",
                own("Spreek vaste uren af waarop er niemand komt.", "Agree on hours when nobody comes."),
            ),
        ),
    ),
)
