"""Money: making ends meet, papers and debts."""

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
from app.signposts.rules import LifeTheme, Rung

LIFE_THEME = LifeTheme(
    "g",
    "geld",
    Said("Geld", "Money"),
    Said("Rondkomen, toeslagen, rekeningen", "Making ends meet, allowances, bills"),
    first=(
        own(
            "Leg alle rekeningen op één stapel. Maak elke week een half uur vrij.",
            "Put all bills on one pile. Take half an hour for them every week.",
        ),
        ask(
            "post-formulieren-en-toeslagen",
            "Wie kijkt met mij welke toeslagen ik kan krijgen?",
            "Who looks with me which allowances I can get?",
        ),
    ),
    questions=(
        several(
            "g1",
            "Wat past bij u?",
            "What fits you?",
            option(
                "a",
                "Mijn papieren zijn een stapel",
                "My papers are one big pile",
                own(
                    "Leg alle rekeningen op één stapel. Maak elke week een half uur vrij.",
                    "Put all bills on one pile. Take half an hour for them every week.",
                ),
                ask(
                    "post-formulieren-en-toeslagen",
                    "Wie helpt mij mijn papieren te ordenen? Ik weet niet waar ik moet beginnen.",
                    "Who helps me sort my papers? I do not know where to start.",
                ),
            ),
            option(
                "b",
                "Ik weet niet waar ik recht op heb",
                "I do not know what I am entitled to",
                near(
                    "post-formulieren-en-toeslagen",
                    "Op een spreekuur voor formulieren vult iemand ze gratis met u in.",
                    "At a form desk somebody fills them in with you for free.",
                ),
                ask(
                    "post-formulieren-en-toeslagen",
                    "Wie kijkt met mij welke toeslagen ik kan krijgen?",
                    "Who looks with me which allowances I can get?",
                ),
                office(
                    "Vraag de gemeente naar geld voor mensen met een laag inkomen.",
                    "Ask the municipality about money for people with a low income.",
                ),
            ),
            option(
                "c",
                "Ik wil minder uitgeven",
                "I want to spend less",
                own(
                    "Schrijf een maand lang alles op wat u uitgeeft.", "Write down all you spend for a month."
                ),
                known(
                    "Deel dingen met buren: een krant, een boormachine, een abonnement.",
                    "Share things with neighbours: a newspaper, a drill, a subscription.",
                ),
                near(
                    "spullen-lenen-of-geven",
                    "Veel spullen kunt u lenen of gratis ophalen.",
                    "Many things can be borrowed or fetched for free.",
                ),
            ),
            option(
                "d",
                "Ik kan rekeningen niet betalen",
                "I cannot pay my bills",
                own(
                    "Bel nu wie u moet betalen. Vraag om in stukjes te betalen.",
                    "Call whom you owe now. Ask to pay in parts.",
                ),
                ask(
                    "schulden-en-rekeningen",
                    "Wie kijkt met mij mee naar mijn rekeningen? Ik loop achter.",
                    "Who looks at my bills with me? I am behind.",
                ),
                free(
                    "Bel Geldfit. Gratis, en u hoeft uw naam niet te zeggen.",
                    "Call Geldfit. It is free and you need not give your name.",
                    "0800 8115",
                ),
                depth=Rung.OFFICE,
            ),
        ),
        one(
            "g2",
            "Komt u rond?",
            "Do you make ends meet?",
            light(
                "a",
                "Ja",
                "Yes",
                own(
                    "Zet elke maand een klein bedrag opzij, op een vaste dag.",
                    "Put a small sum aside every month, on a fixed day.",
                ),
            ),
            some(
                "b",
                "Net",
                "Only just",
                near(
                    "samen-eten-of-koken",
                    "Eet eens mee aan een eettafel. Dat kost weinig en is gezellig.",
                    "Join a community meal. It costs little and is good company.",
                ),
            ),
            heavy(
                "c",
                "Nee",
                "No",
                office(
                    "De gemeente helpt gratis bij schulden. Hoe eerder u belt, hoe meer er kan.",
                    "The municipality helps with debts for free. The sooner you call, the more can be done.",
                ),
                office(
                    "Vraag ons naar de voedselbank en de kledingbank.",
                    "Ask us about the food bank and the clothes bank.",
                ),
            ),
        ),
        one(
            "g3",
            "Bent u zelf goed met geld of papieren?",
            "Are you good with money or papers?",
            option(
                "a",
                "Ja, en ik help graag",
                "Yes, and I like to help",
                give(
                    "post-formulieren-en-toeslagen",
                    "Samen met iemand formulieren invullen",
                    "Fill in forms together with somebody",
                ),
            ),
            option(
                "b",
                "Ik heb spullen over",
                "I have things to spare",
                give("spullen-lenen-of-geven", "Spullen uitlenen of weggeven", "Lend or give away things"),
            ),
            option("c", "Nee, of nu niet", "No, or not now"),
        ),
    ),
)
