"""Communicating: talking, reading, writing, telephone and computer."""

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
    "a",
    "taal",
    Said("Praten, lezen en schrijven", "Talking, reading and writing"),
    Said("Brieven, bellen, de computer, Nederlands", "Letters, phoning, the computer, Dutch"),
    first=(
        near(
            "telefoon-computer-en-digid",
            "Vraag in de bibliotheek naar het Informatiepunt Digitale Overheid. Het is gratis.",
            "Ask in the library for the digital help desk (Informatiepunt Digitale Overheid). It is free.",
        ),
        ask(
            "post-formulieren-en-toeslagen",
            "Wie leest samen met mij mijn post?",
            "Who reads my post with me?",
        ),
    ),
    questions=(
        several(
            "a1",
            "Wat is voor u lastig?",
            "What is hard for you?",
            option(
                "a",
                "Brieven lezen of iets opschrijven",
                "Reading letters or writing something down",
                own(
                    "Leg uw post op één plek. Lees eerst de vetgedrukte zinnen.",
                    "Keep your post in one place. Read the words in bold first.",
                ),
                near(
                    "nederlands-oefenen-lezen-en-schrijven",
                    "Leren lezen en schrijven kan in een groep. Vraag in de bibliotheek naar het Taalhuis.",
                    "You can learn to read and write in a group. Ask in the library for the Taalhuis.",
                ),
                ask(
                    "post-formulieren-en-toeslagen",
                    "Wie leest samen met mij mijn post? Ik begrijp niet alle brieven.",
                    "Who reads my post with me? I do not understand every letter.",
                ),
            ),
            option(
                "b",
                "Mijn telefoon of computer",
                "My phone or computer",
                own(
                    "Schrijf op wat u deed toen het misging. Dan kan iemand u sneller helpen.",
                    "Write down what you did when it went wrong. Then somebody can help you faster.",
                ),
                near(
                    "telefoon-computer-en-digid",
                    "Vraag in de bibliotheek naar het Informatiepunt Digitale Overheid. Het is gratis.",
                    "Ask in the library for the digital help desk (Informatiepunt Digitale Overheid). It is free.",
                ),
                ask(
                    "telefoon-computer-en-digid",
                    "Wie helpt mij met mijn telefoon of computer?",
                    "Who helps me with my phone or computer?",
                ),
            ),
            option(
                "c",
                "Nederlands praten en verstaan",
                "Speaking and understanding Dutch",
                own(
                    "Kijk elke dag tien minuten naar het nieuws met ondertitels.",
                    "Watch ten minutes of the news every day, with subtitles.",
                ),
                near(
                    "nederlands-oefenen-lezen-en-schrijven",
                    "In een taalcafé oefent u met anderen. Fouten maken mag.",
                    "In a language café you practise with others. Mistakes are fine.",
                ),
                ask(
                    "nederlands-oefenen-lezen-en-schrijven",
                    "Wie praat elke week een uur Nederlands met mij? Ik wil het beter leren.",
                    "Who speaks Dutch with me for an hour a week? I want to get better at it.",
                ),
            ),
            option(
                "d",
                "Horen, zien of duidelijk praten",
                "Hearing, seeing or speaking clearly",
                known(
                    "Vraag of mensen u aankijken als zij praten, en één voor één.",
                    "Ask people to face you when they talk, and one at a time.",
                ),
                near(
                    "groep-cursus-of-sport",
                    "Kijk of er een cursus of groep is voor mensen die slecht horen of zien.",
                    "See whether there is a course or group for people who hear or see badly.",
                ),
                ask(
                    "mee-naar-dokter-of-ziekenhuis",
                    "Wie gaat mee naar een gesprek en luistert mee?",
                    "Who comes along to an appointment and listens too?",
                ),
                office(
                    "Vraag uw huisarts naar een test van uw ogen of oren.",
                    "Ask your doctor for a test of your eyes or ears.",
                ),
            ),
        ),
        one(
            "a2",
            "Lukt het u om te zeggen wat u bedoelt?",
            "Can you say what you mean?",
            light(
                "a",
                "Ja, meestal wel",
                "Yes, mostly",
                known(
                    "Oefen een moeilijk gesprek vooraf met iemand die u kent.",
                    "Practise a difficult talk first with somebody you know.",
                ),
            ),
            some(
                "b",
                "Soms niet",
                "Sometimes not",
                ask(
                    "mee-naar-dokter-of-ziekenhuis",
                    "Wie gaat mee naar een moeilijk gesprek? Twee horen meer dan één.",
                    "Who comes with me to a difficult talk? Two hear more than one.",
                ),
            ),
            heavy(
                "c",
                "Vaak niet",
                "Often not",
                free(
                    "U mag bij elk gesprek gratis hulp meenemen van iemand die voor u opkomt. Vraag het ons.",
                    "You may bring somebody who speaks up for you to any talk, for free. Ask us.",
                ),
            ),
        ),
        one(
            "a3",
            "Zou u een ander hiermee willen helpen?",
            "Would you like to help another with this?",
            option(
                "a",
                "Ja, met lezen of formulieren",
                "Yes, with reading or forms",
                give(
                    "post-formulieren-en-toeslagen",
                    "Samen met iemand de post lezen",
                    "Read the post together with somebody",
                ),
            ),
            option(
                "b",
                "Ja, met de computer of het Nederlands",
                "Yes, with the computer or Dutch",
                give(
                    "telefoon-computer-en-digid",
                    "Iemand helpen met telefoon of computer",
                    "Help somebody with a phone or computer",
                ),
                give(
                    "nederlands-oefenen-lezen-en-schrijven",
                    "Nederlands oefenen met iemand",
                    "Practise Dutch with somebody",
                ),
            ),
            option("c", "Nu niet", "Not now"),
        ),
    ),
)
