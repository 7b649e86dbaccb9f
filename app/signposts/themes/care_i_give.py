"""The care I give to others: for somebody ill, old or with a disability, and how long one can bear it."""

from app.privacy.words import Said
from app.signposts.building import (
    alarm,
    ask,
    free,
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
    "c",
    "respijt",
    Said("Ik zorg voor iemand", "I care for somebody"),
    Said("Een partner, ouder, kind of vriend", "A partner, parent, child or friend"),
    first=(
        near(
            "praten-met-iemand-die-het-kent",
            "Bij het steunpunt voor mantelzorg denken ze gratis met u mee.",
            "The support centre for carers thinks along with you, for free.",
        ),
        ask(
            "iemand-neemt-het-even-over",
            "Wie neemt het af en toe een middag over? Ik zorg voor iemand en wil even weg.",
            "Who takes over for an afternoon now and then? I care for somebody and need to get out.",
        ),
    ),
    questions=(
        several(
            "c1",
            "Wat zou u helpen?",
            "What would help you?",
            option(
                "a",
                "Af en toe vrij zijn",
                "Some time off now and then",
                known(
                    "Vraag één vast iemand uit de familie voor één vaste middag.",
                    "Ask one member of the family for one fixed afternoon.",
                ),
                ask(
                    "iemand-neemt-het-even-over",
                    "Wie neemt het af en toe een middag over? Ik zorg voor iemand en wil even weg.",
                    "Who takes over for an afternoon now and then? I care for somebody and need to get out.",
                ),
                paid(
                    "logeren-buitenshuis",
                    "Ik zorg voor iemand. Ik zoek een plek om een weekend te logeren voor die ander.",
                    "I care for somebody. I am looking for a place where they can stay for a weekend.",
                ),
            ),
            option(
                "b",
                "Praten met iemand die het kent",
                "Talking to somebody who knows what it is like",
                near(
                    "praten-met-iemand-die-het-kent",
                    "In een groep voor mantelzorgers hoeft u niets uit te leggen.",
                    "In a group of carers you need not explain anything.",
                ),
                ask(
                    "praten-met-iemand-die-het-kent",
                    "Wie zorgde ook voor iemand en wil eens met mij praten?",
                    "Who cared for somebody too and would like to talk to me?",
                ),
                free(
                    "Bel de Mantelzorglijn met al uw vragen.",
                    "Call the line for carers with all your questions.",
                    "030 205 90 59",
                ),
            ),
            option(
                "c",
                "Hulp met papieren en regelen",
                "Help with papers and arranging",
                own(
                    "Maak één map met afspraken, medicijnen en namen.",
                    "Keep one folder with appointments, medicines and names.",
                ),
                ask(
                    "post-formulieren-en-toeslagen",
                    "Wie helpt mij met de papieren? Ik zorg voor iemand.",
                    "Who helps me with the papers? I care for somebody.",
                ),
                free(
                    "U mag bij elk gesprek gratis hulp meenemen van iemand die voor u opkomt. Vraag het ons.",
                    "You may bring somebody who speaks up for you to any talk, for free. Ask us.",
                ),
            ),
            option(
                "d",
                "Omgaan met vergeten of dementie",
                "Coping with forgetting or dementia",
                near(
                    "praten-met-iemand-die-het-kent",
                    "Kom naar een Alzheimer Café. Iedereen mag binnenlopen.",
                    "Come to an Alzheimer Café. Everybody may walk in.",
                ),
                ask(
                    "helpen-bij-dementie",
                    "Wie doet elke week iets leuks met iemand die veel vergeet?",
                    "Who does something nice every week with somebody who forgets a lot?",
                ),
                free(
                    "Bel de Alzheimer-telefoon. Dag en nacht.",
                    "Call the Alzheimer line. Day and night.",
                    "0800 5088",
                ),
            ),
        ),
        one(
            "c2",
            "Hoelang houdt u dit nog vol?",
            "How long can you go on like this?",
            light(
                "a",
                "Het gaat goed",
                "It is going well",
                own(
                    "Plan nu al een vrije dag voor over een maand.", "Plan a day off for next month already."
                ),
            ),
            some(
                "b",
                "Het is soms zwaar",
                "It is heavy at times",
                known(
                    "Vertel thuis eerlijk wat u zwaar vindt. Verdeel de taken op papier.",
                    "Tell at home what you find heavy. Share out the tasks on paper.",
                ),
            ),
            option(
                "c",
                "Ik trek het niet meer",
                "I cannot go on",
                alarm(
                    "U hoeft dit niet alleen te dragen. Bel ons vandaag.",
                    "You need not carry this alone. Call us today.",
                ),
                ask(
                    "iemand-neemt-het-even-over",
                    "Wie kan snel een paar keer inspringen? Ik zorg voor iemand en ben op.",
                    "Who can step in a few times soon? I care for somebody and I am worn out.",
                ),
                office(
                    "Zeg het ook tegen uw huisarts. Die kan snel iets in gang zetten.",
                    "Tell your doctor too, who can set things going fast.",
                ),
                depth=Rung.OFFICE,
                spent=True,
            ),
        ),
        one(
            "c3",
            "Voor wie zorgt u?",
            "Whom do you care for?",
            option(
                "a",
                "Voor een kind",
                "For a child",
                ask(
                    "speelmaatje",
                    "Wie speelt af en toe met mijn kind? Wij zijn erbij.",
                    "Who plays with my child now and then? We are there too.",
                ),
            ),
            option(
                "b",
                "Voor mijn partner",
                "For my partner",
                own(
                    "Houd één ding in de week dat alleen van u is.",
                    "Keep one thing a week that is only yours.",
                ),
            ),
            option(
                "c",
                "Voor een ouder, buur of vriend",
                "For a parent, neighbour or friend",
                known(
                    "Spreek met anderen af wie wanneer belt of langsgaat.",
                    "Agree with others who calls or visits when.",
                ),
            ),
        ),
    ),
)
