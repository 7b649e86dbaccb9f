"""Feeling safe: at home, outside and in traffic."""

from app.privacy.words import Said
from app.signposts.building import (
    alarm,
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
from app.signposts.rules import LifeTheme, Rung

LIFE_THEME = LifeTheme(
    "h",
    "veilig",
    Said("Mij veilig voelen", "Feeling safe"),
    Said("Thuis, op straat en in het verkeer", "At home, in the street and in traffic"),
    first=(
        own(
            "Hang een rookmelder op elke verdieping. Test hem elke maand.",
            "Hang a smoke alarm on every floor. Test it every month.",
        ),
        ask(
            "klussen-in-huis",
            "Wie hangt een rookmelder op en kijkt mijn sloten na?",
            "Who hangs a smoke alarm and looks at my locks?",
        ),
    ),
    questions=(
        several(
            "h1",
            "Waar voelt u zich minder veilig?",
            "Where do you feel less safe?",
            option(
                "a",
                "Ik ben bang om te vallen",
                "I am afraid of falling",
                own(
                    "Haal losse kleedjes weg. Zet een lampje aan in de nacht.",
                    "Take away loose rugs. Leave a small light on at night.",
                ),
                near(
                    "groep-cursus-of-sport",
                    "Een cursus tegen vallen maakt u sterker. U leert ook hoe u valt.",
                    "A course against falling makes you stronger. You learn how to fall too.",
                ),
                ask(
                    "klussen-in-huis",
                    "Wie maakt mijn huis veiliger? Het gaat om kleedjes, lampen en een leuning.",
                    "Who makes my house safer? It is about rugs, lamps and a rail.",
                ),
                paid(
                    "huis-aanpassen",
                    "Ik wil een leuning of lagere drempel in huis.",
                    "I would like a rail or a lower doorstep in my house.",
                ),
            ),
            option(
                "b",
                "Inbraak of vreemden aan de deur",
                "Burglary or strangers at the door",
                own(
                    "Doe alleen open voor wie u verwacht. Een echte bank vraagt nooit om uw pas.",
                    "Only open for whom you expect. A real bank never asks for your card.",
                ),
                known(
                    "Spreek met een buur af dat u elkaar belt als er iets is.",
                    "Agree with a neighbour to call each other if anything happens.",
                ),
                ask(
                    "klussen-in-huis",
                    "Wie zet een kijkgaatje of ketting op mijn voordeur?",
                    "Who puts a spyhole or chain on my front door?",
                ),
            ),
            option(
                "c",
                "Op straat of in het verkeer",
                "In the street or in traffic",
                known(
                    "Ga samen. Loop een nieuwe weg eerst met iemand die u kent.",
                    "Go together. Walk a new way first with somebody you know.",
                ),
                near(
                    "groep-cursus-of-sport",
                    "Vraag naar een les om veilig te fietsen of met de scootmobiel.",
                    "Ask for a lesson in safe cycling or using a mobility scooter.",
                ),
                ask(
                    "samen-op-pad",
                    "Wie loopt met mij mee op straat? Alleen durf ik niet goed.",
                    "Who walks along with me in the street? Alone I do not quite dare.",
                ),
            ),
            option(
                "d",
                "Last van mijn buren",
                "Trouble with my neighbours",
                own(
                    "Zeg rustig wat u hoort of ziet, en wat u graag wilt.",
                    "Say calmly what you hear or see, and what you would like.",
                ),
                ask(
                    "ruzie-of-overlast-met-buren",
                    "Wie helpt mij praten met mijn buren? Wij komen er samen niet uit.",
                    "Who helps me talk to my neighbours? We cannot solve it between us.",
                ),
            ),
            option(
                "e",
                "Thuis, bij iemand die ik ken",
                "At home, with somebody I know",
                alarm("Is er nu gevaar? Bel 112.", "Are you in danger now? Call 112.", "112"),
                alarm(
                    "Bel Veilig Thuis als u bang bent voor iemand. Gratis, dag en nacht.",
                    "Call Veilig Thuis if you are afraid of somebody. Free, day and night.",
                    "0800 2000",
                ),
                office(
                    "U kunt het ook aan uw huisarts vertellen. Die zegt het niet zomaar verder.",
                    "You can tell your doctor too, who does not just pass it on.",
                ),
                depth=Rung.OFFICE,
                spent=True,
                private=True,
            ),
        ),
        one(
            "h2",
            "Hoe vaak voelt u dat?",
            "How often do you feel this?",
            light(
                "a",
                "Af en toe",
                "Now and then",
                known(
                    "Zet het nummer van een buur bovenaan in uw telefoon.",
                    "Put a neighbour's number on top in your phone.",
                ),
            ),
            some(
                "b",
                "Elke week",
                "Every week",
                ask(
                    "belmaatje",
                    "Wie belt mij elke dag even? Dan weet ik dat iemand aan mij denkt.",
                    "Who calls me for a moment every day? Then I know that somebody thinks of me.",
                ),
            ),
            heavy(
                "c",
                "Bijna altijd",
                "Almost always",
                office(
                    "Praat met uw wijkagent. Bel 0900 8844 als er geen haast bij is.",
                    "Talk to your community police officer. Call 0900 8844 if it is not urgent.",
                    "0900 8844",
                ),
                office("Vraag uw huisarts om hulp tegen angst.", "Ask your doctor for help against fear."),
            ),
        ),
        one(
            "h3",
            "Wilt u iets doen voor een veilige buurt?",
            "Would you like to do something for a safe neighbourhood?",
            option(
                "a",
                "Ja, met iemand meelopen",
                "Yes, walk along with somebody",
                give("samen-op-pad", "Met iemand meelopen", "Walk along with somebody"),
            ),
            option(
                "b",
                "Ja, een oogje houden op het huis",
                "Yes, keep an eye on a house",
                give("even-helpen-als-buur", "Op een huis passen", "Look after a house"),
            ),
            option("c", "Nu niet", "Not now"),
        ),
    ),
)
