"""Healthy living: moving, eating, sleeping, head and heart."""

from app.privacy.words import Said
from app.signposts.building import (
    alarm,
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
    "b",
    "gezond",
    Said("Gezond leven", "Healthy living"),
    Said("Bewegen, eten, slapen, u goed voelen", "Moving, eating, sleeping, feeling well"),
    first=(
        near(
            "groep-cursus-of-sport",
            "Samen bewegen is gezelliger. Kijk wat er in de buurt is.",
            "Moving together is more fun. See what there is near you.",
        ),
        ask(
            "samen-op-pad",
            "Wie wandelt elke week een half uur met mij? Dan houd ik het vol.",
            "Who walks with me for half an hour a week? Then I will keep it up.",
        ),
    ),
    questions=(
        several(
            "b1",
            "Waar wilt u iets aan doen?",
            "What would you like to work on?",
            option(
                "a",
                "Meer bewegen",
                "Moving more",
                own(
                    "Begin met tien minuten lopen per dag. Neem een vast moment.",
                    "Start with ten minutes of walking a day, always at the same time.",
                ),
                near(
                    "groep-cursus-of-sport",
                    "Loop mee met een wandelgroep, of doe mee met gym voor uw leeftijd.",
                    "Join a walking group, or gym for people of your age.",
                ),
                ask(
                    "samen-op-pad",
                    "Wie wandelt elke week een half uur met mij? Dan houd ik het vol.",
                    "Who walks with me for half an hour a week? Then I will keep it up.",
                ),
            ),
            option(
                "b",
                "Beter eten",
                "Eating better",
                own(
                    "Maak op zondag een lijstje voor de week. Dan koopt u wat u nodig heeft.",
                    "Make a list for the week on Sunday. Then you buy what you need.",
                ),
                near(
                    "samen-eten-of-koken",
                    "Eet mee aan een eettafel in de buurt. U hoeft niet zelf te koken.",
                    "Join a community meal near you. You need not cook.",
                ),
                ask(
                    "samen-eten-of-koken",
                    "Wie kookt af en toe samen met mij? Samen eet ik beter.",
                    "Who cooks with me now and then? I eat better together.",
                ),
            ),
            option(
                "c",
                "Slapen en rust",
                "Sleep and rest",
                own(
                    "Ga elke dag op dezelfde tijd naar bed. Leg uw telefoon in een andere kamer.",
                    "Go to bed at the same time every day. Leave your phone in another room.",
                ),
                near(
                    "groep-cursus-of-sport",
                    "Vraag naar een cursus slapen of ontspannen in de buurt.",
                    "Ask for a course in sleeping or relaxing near you.",
                ),
                office(
                    "Slaapt u al langer dan drie weken slecht? Bel uw huisarts.",
                    "Have you slept badly for more than three weeks? Call your doctor.",
                ),
            ),
            option(
                "d",
                "Ik voel me vaak somber",
                "I often feel low",
                known(
                    "Vertel het één iemand die u vertrouwt. Dat maakt het vaak al lichter.",
                    "Tell one person you trust. That often makes it lighter.",
                ),
                ask(
                    "belmaatje",
                    "Wie belt mij een paar keer per week even? Een praatje doet mij goed.",
                    "Who gives me a short call a few times a week? A chat does me good.",
                ),
                office(
                    "Praat erover met uw huisarts of de praktijkondersteuner.",
                    "Talk about it with your doctor or the practice nurse.",
                ),
                free(
                    "Bel de Luisterlijn als u nu wilt praten. Dag en nacht.",
                    "Call the listening line if you want to talk now. Day and night.",
                    "088 0767 000",
                ),
            ),
        ),
        one(
            "b2",
            "Hoe gaat het nu met uw gezondheid?",
            "How is your health now?",
            light(
                "a",
                "Goed genoeg",
                "Well enough",
                own(
                    "Kies één ding om te veranderen. Meer tegelijk houdt bijna niemand vol.",
                    "Choose one thing to change. Hardly anyone keeps up more at a time.",
                ),
            ),
            some(
                "b",
                "Het gaat op en neer",
                "Up and down",
                known(
                    "Vraag iemand om samen met u te beginnen. Samen houdt u het beter vol.",
                    "Ask somebody to start with you. Together you keep it up better.",
                ),
            ),
            heavy(
                "c",
                "Niet goed",
                "Not well",
                office(
                    "Maak een afspraak bij uw huisarts. Vraag ook naar welzijn op recept.",
                    "Make an appointment with your doctor. Ask about welfare on prescription too.",
                ),
            ),
            option(
                "d",
                "Ik wil soms niet meer leven",
                "Sometimes I do not want to live any more",
                alarm(
                    "Denkt u aan zelfdoding? Praat er nu over. Bel gratis 113, dag en nacht.",
                    "Do you think of suicide? Talk about it now. Call 113, free, day and night.",
                    "0800 0113",
                ),
                office(
                    "Bel ook uw huisarts, of in de avond de huisartsenpost.",
                    "Call your doctor too, or the out-of-hours service in the evening.",
                ),
                depth=Rung.OFFICE,
                spent=True,
                private=True,
            ),
        ),
        one(
            "b3",
            "Zou u een ander mee willen nemen?",
            "Would you like to take another along?",
            option(
                "a",
                "Ja, om te wandelen of te sporten",
                "Yes, for a walk or sports",
                give("samen-op-pad", "Samen wandelen of fietsen", "Walk or cycle together"),
            ),
            option(
                "b",
                "Ja, om samen te eten",
                "Yes, to eat together",
                give("samen-eten-of-koken", "Samen koken of eten", "Cook or eat together"),
            ),
            option("c", "Nu niet", "Not now"),
        ),
    ),
)
