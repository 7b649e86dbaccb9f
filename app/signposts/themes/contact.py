"""Contact and doing things together: people to see, to phone, to go out with."""

from app.privacy.words import Said
from app.signposts.building import (
    ask,
    free,
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
    "k",
    "gezelschap",
    Said("Mensen zien en samen doen", "Seeing people, doing things together"),
    Said("Een praatje, een maatje, een groep", "A chat, a buddy, a group"),
    first=(
        near(
            "groep-cursus-of-sport",
            "Loop eens binnen bij een koffieochtend. U hoeft niets mee te nemen.",
            "Walk into a coffee morning. You need not bring anything.",
        ),
        ask(
            "koffie-een-praatje-en-bezoek",
            "Wie komt eens koffiedrinken? Ik vind een praatje gezellig.",
            "Who comes for coffee? I like a chat.",
        ),
    ),
    questions=(
        several(
            "k1",
            "Wat zou u graag willen?",
            "What would you like?",
            option(
                "a",
                "Vaker een praatje",
                "A chat more often",
                own(
                    "Bel vandaag iemand die u lang niet sprak.",
                    "Call somebody today whom you have not spoken to for long.",
                ),
                near(
                    "groep-cursus-of-sport",
                    "Loop eens binnen bij een koffieochtend. U hoeft niets mee te nemen.",
                    "Walk into a coffee morning. You need not bring anything.",
                ),
                ask(
                    "koffie-een-praatje-en-bezoek",
                    "Wie komt eens koffiedrinken? Ik vind een praatje gezellig.",
                    "Who comes for coffee? I like a chat.",
                ),
            ),
            option(
                "b",
                "Samen eten",
                "Eating together",
                known(
                    "Vraag één buur om eens mee te eten. Soep is genoeg.",
                    "Ask one neighbour to eat with you. Soup will do.",
                ),
                near(
                    "samen-eten-of-koken",
                    "Aan een eettafel in de buurt eet u met anderen, met een gastvrouw of gastheer.",
                    "At a community meal you eat with others, with a host.",
                ),
                ask(
                    "samen-eten-of-koken",
                    "Wie eet eens per week met mij? Samen smaakt het beter.",
                    "Who eats with me once a week? It tastes better together.",
                ),
            ),
            option(
                "c",
                "Een hobby of spel met anderen",
                "A hobby or game with others",
                own(
                    "Schrijf drie dingen op die u vroeger graag deed. Kies er één.",
                    "Write down three things you used to like. Choose one.",
                ),
                near(
                    "spel-hobby-en-muziek",
                    "Zoek een kaartclub, koor of handwerkgroep. Eén keer proberen mag.",
                    "Look for a card club, choir or craft group. You may try once.",
                ),
                ask(
                    "spel-hobby-en-muziek",
                    "Wie doet elke week een spel of hobby met mij?",
                    "Who does a game or hobby with me every week?",
                ),
            ),
            option(
                "d",
                "Iemand die vast bij mij komt",
                "Somebody who comes regularly",
                known(
                    "Vraag iemand die u aardig vindt om een vaste dag.",
                    "Ask somebody you like for a fixed day.",
                ),
                ask(
                    "vast-maatje",
                    "Wie wil mijn vaste maatje worden? Elke week samen iets doen.",
                    "Who wants to be my regular buddy? To do something together every week.",
                ),
            ),
            option(
                "e",
                "Wat korter, maar elke dag",
                "Shorter, but every day",
                known(
                    "Spreek met een buur af dat u elke ochtend zwaait of belt.",
                    "Agree with a neighbour to wave or call every morning.",
                ),
                ask(
                    "belmaatje",
                    "Wie belt mij elke ochtend even? Vijf minuten is al fijn.",
                    "Who calls me every morning? Five minutes is fine.",
                ),
            ),
        ),
        one(
            "k2",
            "Hoe vaak voelt u zich alleen?",
            "How often do you feel alone?",
            light(
                "a",
                "Bijna nooit",
                "Hardly ever",
                own(
                    "Spreek nu al iets af voor volgende week.", "Make an appointment for next week right now."
                ),
            ),
            some(
                "b",
                "Soms",
                "Sometimes",
                known(
                    "Zeg tegen één iemand dat u zich soms alleen voelt.",
                    "Tell one person that you feel alone at times.",
                ),
            ),
            heavy(
                "c",
                "Vaak",
                "Often",
                free(
                    "Bel de Luisterlijn als u nu wilt praten. Dag en nacht.",
                    "Call the listening line if you want to talk now. Day and night.",
                    "088 0767 000",
                ),
                office(
                    "Vraag uw huisarts naar welzijn op recept.",
                    "Ask your doctor about welfare on prescription.",
                ),
            ),
        ),
        one(
            "k3",
            "Bent u ook gezelschap voor een ander?",
            "Are you company for another too?",
            option(
                "a",
                "Ja, voor koffie of een praatje",
                "Yes, for coffee or a chat",
                give(
                    "koffie-een-praatje-en-bezoek", "Koffie drinken met iemand", "Have coffee with somebody"
                ),
            ),
            option(
                "b",
                "Ja, ik bel graag",
                "Yes, I like to phone",
                give("belmaatje", "Elke week iemand bellen", "Call somebody every week"),
            ),
            option("c", "Nu niet", "Not now"),
        ),
    ),
)
