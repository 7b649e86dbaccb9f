"""Work and activities: paid or unpaid, and what fills the day."""

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
    "m",
    "werk",
    Said("Werk en bezig zijn", "Work and activities"),
    Said("Een baan, vrijwilligerswerk, uw dag", "A job, volunteering, your day"),
    first=(
        own(
            "Schrijf op wat u goed kunt. Vraag een ander om er iets bij te zetten.",
            "Write down what you are good at. Ask another to add something.",
        ),
        ask(
            "werk-zoeken",
            "Wie kijkt met mij naar mijn cv? Ik zoek werk in de buurt.",
            "Who looks at my CV with me? I am looking for work near here.",
        ),
    ),
    questions=(
        several(
            "m1",
            "Wat zoekt u?",
            "What are you looking for?",
            option(
                "a",
                "Een baan",
                "A job",
                own(
                    "Schrijf op wat u goed kunt. Vraag een ander om er iets bij te zetten.",
                    "Write down what you are good at. Ask another to add something.",
                ),
                near(
                    "werk-zoeken",
                    "In de bibliotheek is vaak een spreekuur voor werk en cv.",
                    "The library often has a desk for work and CVs.",
                ),
                ask(
                    "werk-zoeken",
                    "Wie kijkt met mij naar mijn cv? Ik zoek werk in de buurt.",
                    "Who looks at my CV with me? I am looking for work near here.",
                ),
            ),
            option(
                "b",
                "Iets om te doen overdag",
                "Something to do during the day",
                own(
                    "Maak een weekplan met elke dag één ding buiten de deur.",
                    "Make a plan with one thing out of doors each day.",
                ),
                near(
                    "groep-cursus-of-sport",
                    "Bij een inloop of werkplaats kunt u overdag zo binnenstappen.",
                    "At a drop-in or workshop you can step in during the day.",
                ),
                ask(
                    "samen-op-pad",
                    "Wie doet overdag eens iets met mij? Mijn dagen zijn lang.",
                    "Who does something with me in the daytime? My days are long.",
                ),
            ),
            option(
                "c",
                "Werk volhouden naast zorg of ziekte",
                "Keeping up work beside care or illness",
                known(
                    "Vertel uw baas wat er speelt. Er is recht op zorgverlof.",
                    "Tell your employer what is going on. You are entitled to care leave.",
                ),
                ask(
                    "even-helpen-als-buur",
                    "Wie springt af en toe bij als ik moet werken? Het gaat om kleine dingen.",
                    "Who lends a hand when I have to work? It is about small things.",
                ),
                office(
                    "Praat met de bedrijfsarts. Dat gesprek is geheim.",
                    "Talk to the company doctor. That talk is confidential.",
                ),
            ),
            option(
                "d",
                "Vrijwilligerswerk",
                "Volunteering",
                near(
                    "meehelpen-bij-een-club-of-activiteit",
                    "Clubs, scholen en buurthuizen zoeken mensen. Een uur is al fijn.",
                    "Clubs, schools and community centres look for people. An hour is welcome.",
                ),
                give(
                    "meehelpen-bij-een-club-of-activiteit",
                    "Meehelpen bij een club of activiteit",
                    "Help out at a club or activity",
                ),
                give(
                    "koffie-een-praatje-en-bezoek", "Koffie drinken met iemand", "Have coffee with somebody"
                ),
            ),
        ),
        one(
            "m2",
            "Hoe makkelijk gaat dat?",
            "How easy is that?",
            light(
                "a",
                "Ik kom er zelf wel",
                "I will get there myself",
                own(
                    "Vertel het aan iedereen die u kent. Veel werk gaat van mond tot mond.",
                    "Tell everybody you know. Much work goes by word of mouth.",
                ),
            ),
            some(
                "b",
                "Ik zoek al een tijd",
                "I have been looking for a while",
                ask(
                    "werk-zoeken",
                    "Wie oefent met mij een gesprek voor werk?",
                    "Who practises a job interview with me?",
                ),
            ),
            heavy(
                "c",
                "Het lukt mij niet alleen",
                "I cannot do it alone",
                office(
                    "Vraag de gemeente om een gesprek over werk. Zij kunnen een vaste begeleider geven.",
                    "Ask the municipality for a talk about work. They can give you a regular coach.",
                ),
                paid(
                    "begeleiding-voor-volwassenen",
                    "Ik zoek begeleiding om mijn dag op orde te krijgen.",
                    "I am looking for guidance to get my day in order.",
                ),
            ),
        ),
        one(
            "m3",
            "Wat kunt u een ander leren?",
            "What could you teach another?",
            option(
                "a",
                "Mijn vak, of zoeken naar werk",
                "My trade, or finding work",
                give("werk-zoeken", "Meekijken met een cv of sollicitatie", "Look at a CV or application"),
            ),
            option(
                "b",
                "Iets met mijn handen",
                "Something with my hands",
                give(
                    "klussen-in-huis",
                    "Kleine klussen doen bij iemand thuis",
                    "Do small jobs at somebody's home",
                ),
            ),
            option("c", "Nu niets", "Nothing now"),
        ),
    ),
)
