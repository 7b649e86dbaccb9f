"""Partner and children: living together, bringing up, being a parent."""

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
    "j",
    "kinderen",
    Said("Partner en kinderen", "Partner and children"),
    Said("Samenleven, opvoeden, ouder zijn", "Living together, bringing up, being a parent"),
    first=(
        known(
            "Vraag een andere ouder om eens te ruilen met oppassen.",
            "Ask another parent to take turns in minding the children.",
        ),
        ask(
            "oppas",
            "Wie past af en toe een avond op mijn kind of kinderen?",
            "Who minds my child or children for an evening now and then?",
        ),
    ),
    questions=(
        several(
            "j1",
            "Wat past bij u?",
            "What fits you?",
            option(
                "a",
                "Ik heb af en toe oppas nodig",
                "I need somebody to mind the children now and then",
                known(
                    "Vraag een andere ouder om eens te ruilen met oppassen.",
                    "Ask another parent to take turns in minding the children.",
                ),
                ask(
                    "oppas",
                    "Wie past af en toe een avond op mijn kind of kinderen?",
                    "Who minds my child or children for an evening now and then?",
                ),
            ),
            option(
                "b",
                "Het is thuis erg druk",
                "It is very busy at home",
                own(
                    "Hang één lijst op de koelkast: wie doet wat op welke dag.",
                    "Put one list on the fridge: who does what on which day.",
                ),
                near(
                    "gezinsmaatje",
                    "Bij het consultatiebureau of het jeugdteam kunt u zo binnenlopen met vragen.",
                    "You can walk into the child health clinic or youth team with questions.",
                ),
                ask(
                    "gezinsmaatje",
                    "Wie helpt ons gezin elke week een paar uur? Het is druk bij ons.",
                    "Who helps our family for a few hours every week? It is busy here.",
                ),
            ),
            option(
                "c",
                "Mijn kind heeft extra aandacht nodig",
                "My child needs extra attention",
                known(
                    "Vertel de juf of meester wat thuis werkt. Vraag wat op school werkt.",
                    "Tell the teacher what works at home. Ask what works at school.",
                ),
                ask(
                    "speelmaatje",
                    "Wie speelt elke week met ons kind? Een vast gezicht is belangrijk.",
                    "Who plays with our child every week? The same face matters.",
                ),
                paid(
                    "begeleiding-van-kind-of-jongere",
                    "Wij zoeken begeleiding voor ons kind, thuis en op school.",
                    "We are looking for guidance for our child, at home and at school.",
                ),
            ),
            option(
                "d",
                "Het gaat niet goed tussen ons",
                "Things are not well between us",
                own(
                    "Kies een rustig moment. Zeg wat u voelt, en wat u graag wilt.",
                    "Choose a quiet moment. Say what you feel and what you would like.",
                ),
                ask(
                    "praten-met-iemand-die-het-kent",
                    "Wie wil eens met mij praten? Het gaat thuis niet goed en ik wil mijn verhaal kwijt.",
                    "Who would like to talk with me? Things are not well at home and I want to tell it.",
                ),
                office(
                    "Vraag uw huisarts naar iemand om samen mee te praten.",
                    "Ask your doctor for somebody to talk to together.",
                ),
            ),
            option(
                "e",
                "Ik mis iemand die er niet meer is",
                "I miss somebody who is no longer here",
                known(
                    "Noem de naam van wie u mist. Dan durven anderen dat ook.",
                    "Say the name of whom you miss. Then others dare to as well.",
                ),
                near(
                    "praten-met-iemand-die-het-kent",
                    "Kijk of er een rouwgroep of inloop voor nabestaanden is.",
                    "See whether there is a group for people who lost somebody.",
                ),
                ask(
                    "koffie-een-praatje-en-bezoek",
                    "Wie drinkt eens koffie met mij? Ik mis iemand.",
                    "Who has coffee with me? I miss somebody.",
                ),
            ),
        ),
        one(
            "j2",
            "Lukt het nog?",
            "Can you still manage?",
            light(
                "a",
                "Ja, het gaat",
                "Yes, it goes well",
                own(
                    "Plan elke week één uur voor iets leuks, samen of alleen.",
                    "Plan an hour for something nice every week, together or alone.",
                ),
            ),
            some(
                "b",
                "Soms loopt het over",
                "It is too much at times",
                known(
                    "Spreek met iemand af dat u mag bellen als het overloopt.",
                    "Agree with somebody that you may call when it is too much.",
                ),
            ),
            heavy(
                "c",
                "Nee, zo gaat het niet",
                "No, not like this",
                office(
                    "Bel het jeugdteam van uw gemeente. U mag zelf vertellen wat u nodig heeft.",
                    "Call the youth team of your municipality. You may say yourself what you need.",
                ),
            ),
        ),
        one(
            "j3",
            "Wilt u iets doen voor een ander gezin?",
            "Would you like to do something for another family?",
            option(
                "a",
                "Ja, oppassen of spelen",
                "Yes, mind or play with children",
                give("oppas", "Af en toe oppassen", "Mind children now and then"),
                give("speelmaatje", "Spelen met een kind", "Play with a child"),
            ),
            option(
                "b",
                "Ja, helpen met huiswerk",
                "Yes, help with homework",
                give("huiswerk-en-bijles", "Helpen met huiswerk", "Help with homework"),
            ),
            option("c", "Nu niet", "Not now"),
        ),
    ),
)
