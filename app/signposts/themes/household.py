"""The household: cleaning, washing, groceries, cooking."""

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
    "l",
    "huishouden",
    Said("Het huishouden", "The household"),
    Said("Schoonmaken, was, boodschappen, koken", "Cleaning, washing, groceries, cooking"),
    first=(
        own(
            "Doe elke dag één klein ding. Een kwartier is genoeg.",
            "Do one small thing every day. A quarter of an hour will do.",
        ),
        ask(
            "boodschappen-en-ophalen",
            "Wie haalt elke week boodschappen voor mij?",
            "Who gets groceries for me every week?",
        ),
    ),
    questions=(
        several(
            "l1",
            "Wat wordt u te veel?",
            "What is getting too much?",
            option(
                "a",
                "Boodschappen doen",
                "Doing the groceries",
                own(
                    "Laat zware dingen bezorgen. De winkel helpt u met de eerste keer.",
                    "Have heavy things delivered. The shop helps you the first time.",
                ),
                known(
                    "Geef uw lijstje mee aan een buur die toch gaat.",
                    "Give your list to a neighbour who goes anyway.",
                ),
                ask(
                    "boodschappen-en-ophalen",
                    "Wie haalt elke week boodschappen voor mij?",
                    "Who gets groceries for me every week?",
                ),
            ),
            option(
                "b",
                "Koken",
                "Cooking",
                own(
                    "Kook voor twee dagen tegelijk. Vries de helft in.",
                    "Cook for two days at once. Freeze half of it.",
                ),
                near(
                    "samen-eten-of-koken",
                    "Eet mee aan een eettafel, of haal er een maaltijd.",
                    "Eat at a community meal, or fetch a meal there.",
                ),
                ask(
                    "samen-eten-of-koken",
                    "Wie kookt af en toe een portie extra voor mij?",
                    "Who cooks an extra helping for me now and then?",
                ),
            ),
            option(
                "c",
                "Schoonmaken of de was",
                "Cleaning or washing",
                own(
                    "Doe elke dag één klein ding. Een kwartier is genoeg.",
                    "Do one small thing every day. A quarter of an hour will do.",
                ),
                ask(
                    "even-helpen-als-buur",
                    "Wie helpt mij af en toe even met de was of de vuilnis?",
                    "Who helps me with the washing or the bins now and then?",
                ),
                paid(
                    "huishoudelijke-hulp",
                    "Ik zoek iemand die elke week schoonmaakt.",
                    "I am looking for somebody who cleans every week.",
                ),
            ),
            option(
                "d",
                "Er staat te veel in huis",
                "There is too much in the house",
                own(
                    "Begin met één kastje. Drie dozen: houden, geven, weg.",
                    "Start with one cupboard. Three boxes: keep, give, away.",
                ),
                near(
                    "spullen-lenen-of-geven",
                    "De kringloopwinkel haalt spullen gratis bij u op.",
                    "The second-hand shop collects things for free.",
                ),
                ask(
                    "opruimen-en-sjouwen",
                    "Wie helpt mij een kamer opruimen? Samen gaat het sneller.",
                    "Who helps me clear a room? Together it goes faster.",
                ),
            ),
        ),
        one(
            "l2",
            "Wat lukt nog zelf?",
            "What can you still do yourself?",
            light(
                "a",
                "Het meeste",
                "Most of it",
                own(
                    "Ga zitten bij strijken en koken. Dat scheelt veel kracht.",
                    "Sit down to iron and cook. It saves a lot of strength.",
                ),
            ),
            some(
                "b",
                "De helft",
                "Half of it",
                known(
                    "Ruil met een buur: u doet wat u kunt, zij doen het zware werk.",
                    "Swap with a neighbour: you do what you can, they do the heavy work.",
                ),
            ),
            heavy(
                "c",
                "Bijna niets meer",
                "Hardly anything",
                office(
                    "Vraag de gemeente om een gesprek over hulp in huis. Dat heet een Wmo-melding.",
                    "Ask the municipality for a talk about help in the house. It is called a Wmo report.",
                ),
            ),
        ),
        one(
            "l3",
            "Wat doet u graag voor een ander?",
            "What do you like to do for another?",
            option(
                "a",
                "Boodschappen meenemen",
                "Bring groceries",
                give("boodschappen-en-ophalen", "Boodschappen meenemen", "Bring groceries"),
            ),
            option(
                "b",
                "Koken of bakken",
                "Cook or bake",
                give("samen-eten-of-koken", "Een portie extra koken", "Cook an extra helping"),
            ),
            option("c", "Nu niets", "Nothing now"),
        ),
    ),
)
