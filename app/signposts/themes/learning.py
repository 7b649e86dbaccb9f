"""Learning: for oneself or for a child, at school and after it."""

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
from app.signposts.rules import LifeTheme

LIFE_THEME = LifeTheme(
    "n",
    "boek",
    Said("Leren", "Learning"),
    Said("School, een cursus, iets nieuws", "School, a course, something new"),
    first=(
        near(
            "groep-cursus-of-sport",
            "Kijk welke cursussen er zijn in de bibliotheek of het buurthuis.",
            "See which courses the library or community centre has.",
        ),
        ask(
            "spel-hobby-en-muziek",
            "Wie leert mij iets wat ik nog niet kan?",
            "Who teaches me something that I cannot do yet?",
        ),
    ),
    questions=(
        several(
            "n1",
            "Wat wilt u leren?",
            "What do you want to learn?",
            option(
                "a",
                "Beter lezen, schrijven of rekenen",
                "Better reading, writing or arithmetic",
                own("Lees elke dag een kort stukje hardop.", "Read a short piece aloud every day."),
                near(
                    "nederlands-oefenen-lezen-en-schrijven",
                    "Het Taalhuis in de bibliotheek helpt u gratis. Ook met rekenen.",
                    "The Taalhuis in the library helps you for free. With arithmetic too.",
                ),
                ask(
                    "nederlands-oefenen-lezen-en-schrijven",
                    "Wie oefent met mij lezen en schrijven? Rustig aan, elke week.",
                    "Who practises reading and writing with me? Slowly, every week.",
                ),
            ),
            option(
                "b",
                "Omgaan met de computer",
                "Using a computer",
                own(
                    "Oefen elke dag hetzelfde, tot het vanzelf gaat.",
                    "Practise the same thing every day, until it goes by itself.",
                ),
                near(
                    "telefoon-computer-en-digid",
                    "In de bibliotheek is een gratis cursus voor de computer.",
                    "The library has a free computer course.",
                ),
                ask(
                    "telefoon-computer-en-digid",
                    "Wie legt mij rustig uit hoe de computer werkt?",
                    "Who explains calmly how the computer works?",
                ),
            ),
            option(
                "c",
                "Iets voor mijn plezier",
                "Something for fun",
                own(
                    "Kijk een filmpje met uitleg. Probeer het meteen zelf.",
                    "Watch a video that explains it. Try it at once.",
                ),
                near(
                    "groep-cursus-of-sport",
                    "Kijk welke cursussen er zijn in de bibliotheek of het buurthuis.",
                    "See which courses the library or community centre has.",
                ),
                ask(
                    "spel-hobby-en-muziek",
                    "Wie leert mij een instrument, een spel of een hobby?",
                    "Who teaches me an instrument, a game or a hobby?",
                ),
            ),
            option(
                "d",
                "Mijn kind leert moeilijk",
                "My child finds learning hard",
                known(
                    "Vraag de school wat uw kind thuis kan oefenen.",
                    "Ask the school what your child can practise at home.",
                ),
                near(
                    "huiswerk-en-bijles",
                    "In de bibliotheek kunnen kinderen samen huiswerk maken.",
                    "In the library children can do homework together.",
                ),
                ask(
                    "huiswerk-en-bijles",
                    "Wie helpt mijn kind met huiswerk? Eén keer per week is genoeg.",
                    "Who helps my child with homework? Once a week is enough.",
                ),
                paid(
                    "begeleiding-van-kind-of-jongere",
                    "Ons kind leert moeilijk. Wij zoeken iemand die daarvoor geleerd heeft.",
                    "Our child finds learning hard. We are looking for a trained person.",
                ),
            ),
        ),
        one(
            "n2",
            "Hoe leert u het liefst?",
            "How do you like to learn?",
            light(
                "a",
                "Zelf, in mijn eigen tempo",
                "By myself, at my own pace",
                own(
                    "Kies een vast uur in de week. Schrijf op wat u al kunt.",
                    "Choose a fixed hour in the week. Write down what you can do already.",
                ),
            ),
            some(
                "b",
                "Samen met één iemand",
                "With one person",
                known(
                    "Vraag iemand die het al kan om het u voor te doen.",
                    "Ask somebody who can do it to show you.",
                ),
            ),
            heavy(
                "c",
                "Leren is voor mij erg moeilijk",
                "Learning is very hard for me",
                office(
                    "Vraag ons naar een docent die geleerd heeft om daarbij te helpen.",
                    "Ask us for a teacher who is trained to help with that.",
                ),
                paid(
                    "begeleiding-voor-volwassenen",
                    "Ik zoek iemand die mij helpt om iets te leren, stap voor stap.",
                    "I am looking for somebody who helps me to learn, step by step.",
                ),
            ),
        ),
        one(
            "n3",
            "Kunt u iemand iets leren?",
            "Can you teach somebody something?",
            option(
                "a",
                "Ja, huiswerk of taal",
                "Yes, homework or language",
                give("huiswerk-en-bijles", "Helpen met huiswerk", "Help with homework"),
                give(
                    "nederlands-oefenen-lezen-en-schrijven",
                    "Nederlands oefenen met iemand",
                    "Practise Dutch with somebody",
                ),
            ),
            option(
                "b",
                "Ja, een hobby of muziek",
                "Yes, a hobby or music",
                give(
                    "spel-hobby-en-muziek",
                    "Samen muziek maken of een spel doen",
                    "Make music or play a game together",
                ),
            ),
            option("c", "Nu niet", "Not now"),
        ),
    ),
)
