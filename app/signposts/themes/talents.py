"""My talents and being involved: what one can, likes and wants to mean to others."""

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
    several,
    some,
)
from app.signposts.rules import LifeTheme

LIFE_THEME = LifeTheme(
    "e",
    "talent",
    Said("Wat ik kan en graag doe", "What I can and like to do"),
    Said("Meedoen, iets betekenen, iets maken", "Joining in, meaning something, making things"),
    first=(
        near(
            "meehelpen-bij-een-club-of-activiteit",
            "Clubs en buurthuizen zoeken altijd mensen. Een uur is al fijn.",
            "Clubs and community centres always look for people. An hour is welcome.",
        ),
        give(
            "meehelpen-bij-een-club-of-activiteit",
            "Meehelpen bij een club of activiteit",
            "Help out at a club or activity",
        ),
    ),
    questions=(
        several(
            "e1",
            "Waar wordt u blij van?",
            "What makes you happy?",
            option(
                "a",
                "Iets met mijn handen doen",
                "Doing something with my hands",
                near(
                    "repareren-en-naaien",
                    "In een repair café maakt u samen dingen weer heel.",
                    "In a repair café you mend things together.",
                ),
                give(
                    "klussen-in-huis",
                    "Kleine klussen doen bij iemand thuis",
                    "Do small jobs at somebody's home",
                ),
                give("repareren-en-naaien", "Iets repareren of naaien", "Mend or sew something"),
            ),
            option(
                "b",
                "Onder de mensen zijn",
                "Being among people",
                near(
                    "groep-cursus-of-sport",
                    "Schuif aan bij een koffieochtend of inloop in de buurt.",
                    "Join a coffee morning or a drop-in near you.",
                ),
                give(
                    "koffie-een-praatje-en-bezoek", "Koffie drinken met iemand", "Have coffee with somebody"
                ),
                give("samen-op-pad", "Samen op pad gaan", "Go out together"),
            ),
            option(
                "c",
                "Buiten en in de tuin",
                "Outdoors and in the garden",
                near(
                    "groep-cursus-of-sport",
                    "Veel buurten hebben een tuin die mensen samen doen. Vraag ernaar.",
                    "Many neighbourhoods have a garden that people keep together. Ask about it.",
                ),
                give("tuin", "Af en toe helpen in een tuin", "Help in a garden now and then"),
                give("huisdier", "Een hond uitlaten", "Walk a dog"),
            ),
            option(
                "d",
                "Iets uitleggen of regelen",
                "Explaining or arranging things",
                near(
                    "meehelpen-bij-een-club-of-activiteit",
                    "Een club of school zoekt vaak iemand voor bestuur of administratie.",
                    "A club or school often needs somebody for its board or papers.",
                ),
                give(
                    "telefoon-computer-en-digid",
                    "Iemand helpen met telefoon of computer",
                    "Help somebody with a phone or computer",
                ),
                give("huiswerk-en-bijles", "Helpen met huiswerk", "Help with homework"),
            ),
        ),
        one(
            "e2",
            "Wat houdt u nu tegen?",
            "What keeps you from it now?",
            light(
                "a",
                "Niets, ik wil beginnen",
                "Nothing, I want to start",
                own(
                    "Kies één ding en één dag. Klein beginnen mag.",
                    "Choose one thing and one day. You may start small.",
                ),
            ),
            some(
                "b",
                "Ik durf niet alleen",
                "I do not dare to go alone",
                known(
                    "Vraag iemand die u kent om de eerste keer mee te gaan.",
                    "Ask somebody you know to come along the first time.",
                ),
                ask(
                    "samen-op-pad",
                    "Wie gaat de eerste keer met mij mee naar een groep? Alleen durf ik niet.",
                    "Who comes with me to a group the first time? I do not dare alone.",
                ),
            ),
            heavy(
                "c",
                "Mijn lijf of hoofd werkt niet mee",
                "My body or mind does not let me",
                ask(
                    "vast-maatje",
                    "Wie wil mijn maatje zijn en samen iets ondernemen?",
                    "Who wants to be my buddy and do things together?",
                ),
                office(
                    "Vraag de gemeente naar een plek waar u op uw eigen manier mee kunt doen.",
                    "Ask the municipality for a place where you can join in your own way.",
                ),
            ),
        ),
        one(
            "e3",
            "Hoeveel tijd heeft u?",
            "How much time do you have?",
            option(
                "a",
                "Af en toe een uur",
                "An hour now and then",
                give("even-helpen-als-buur", "Even helpen als buur", "Lend a hand as a neighbour"),
            ),
            option(
                "b",
                "Elke week een vast moment",
                "A fixed time every week",
                give("vast-maatje", "Een vast maatje zijn voor iemand", "Be a regular buddy for somebody"),
            ),
            option(
                "c",
                "Dat weet ik nog niet",
                "I do not know yet",
                own("Probeer het één keer. Daarna beslist u pas.", "Try it once. Decide after that."),
            ),
        ),
    ),
)
