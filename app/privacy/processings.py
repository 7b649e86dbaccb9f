"""The processings of the platform: what for, on which ground, how long, seen by whom."""

from app.privacy.register import Basis, Processing
from app.privacy.words import Said

_ONESELF = Said("uzelf en uw sociaal makelaar", "oneself and the own broker")

PEOPLE = Processing(
    "mensen",
    Said("Wie u bent", "Who you are"),
    Said("u bereiken, en laten zien met wie iemand te maken heeft", "reaching people and showing who is who"),
    Basis.ASKED,
    Said(
        "tot u het laat wissen; e-mail en telefoon tot 2 jaar na uw laatste vraag",
        "until erased; e-mail and telephone until 2 years after the last request",
    ),
    Said(
        "uw voornaam: iedereen; de rest: uzelf, uw makelaar, en met wie u een afspraak heeft",
        "first name: everybody; the rest: oneself, the broker, and who one agreed with",
    ),
)
HELP = Processing(
    "hulp",
    Said("Vragen, aanbod en afspraken", "Requests, offers and agreements"),
    Said("hulp vragen en geven", "asking for and giving help"),
    Basis.ASKED,
    Said("een ingetrokken vraag 30 dagen; afgeronde hulp 2 jaar", "withdrawn: 30 days; finished: 2 years"),
    Said("wie meedoet aan de afspraak, en de makelaar", "the parties and the broker"),
)
TOGETHER = Processing(
    "samen",
    Said("Samen doen", "Doing things together"),
    Said("activiteiten organiseren, en weten wie er komt", "hosting activities, and knowing who comes"),
    Basis.ASKED,
    Said("wie er komt: 3 maanden na de keer", "who comes: 3 months after the time"),
    Said(
        "de activiteit: iedereen; wie er komt: uzelf en de gastheer; een huisadres: wie een plaats heeft",
        "the activity: everybody; who comes: oneself and the host; a home's address: who has a place",
    ),
)
STORIES = Processing(
    "verhalen",
    Said("Verhalen, plannen en reacties", "Stories, plans and reactions"),
    Said(
        "vertellen hoe hulp gaat, en meepraten over plannen",
        "telling how help goes, and having a say in plans",
    ),
    Basis.CONSENT,
    Said(
        "tot u het intrekt, en dan nog 30 dagen; een verhaal hoogstens 2 jaar; een reactie tot 2 jaar na het antwoord",
        "until taken back, and then 30 days; a story 2 years at most; a reaction until 2 years after the answer",
    ),
    Said(
        "iedereen, met uw voornaam en plaats; wat nog niet getoond is: uzelf en uw gemeente",
        "everybody, with first name and place; what does not show yet: oneself and the municipality",
    ),
)
TALKING = Processing(
    "gesprekken",
    Said("Wat u elkaar schrijft", "What you write to each other"),
    Said("samen overleggen over een afspraak", "arranging help together"),
    Basis.ASKED,
    Said("tot een half jaar na de afspraak", "until half a year after the agreement"),
    Said(
        "u twee; een makelaar alleen bij een melding, of als u allebei ja zegt",
        "the two; a broker only with a report, or when both say yes",
    ),
)
SENSITIVE = Processing(
    "gevoelig",
    Said("Gevoelige vragen", "Sensitive requests"),
    Said(
        "hulp vinden waar de vraag iets over uw gezondheid zegt",
        "help where the request says something about health",
    ),
    Basis.EXPLICIT,
    Said("een ingetrokken vraag 30 dagen; afgeronde hulp 2 jaar", "withdrawn: 30 days; finished: 2 years"),
    Said(
        "nooit openbaar; alleen wie wij voorstellen, en de makelaar",
        "never public; only who is proposed, and the broker",
    ),
)
HOUSEHOLD = Processing(
    "huishouden",
    Said("Het plan van een huishouden", "The plan of a household"),
    Said(
        "één plan en één gezicht voor een huishouden, zodat u alles maar één keer vertelt",
        "one plan and one face for a household, so that everything is told once",
    ),
    Basis.TASK,
    Said(
        "zolang het plan loopt; daarna zo lang als de Wmo voorschrijft",
        "while the plan runs; afterwards as long as the Wmo says",
    ),
    Said(
        "wie bij het plan hoort, en de makelaar; hoe zwaar zorgen is: alleen de mantelzorger en de makelaar",
        "who is in the plan, and the broker; how heavy caring is: the carer and the broker only",
    ),
)
WMO = Processing(
    "wmo",
    Said("Wmo-meldingen", "Reports under the Wmo"),
    Said("vastleggen dat u een melding deed, en wanneer", "recording that a report was made, and when"),
    Basis.LAW,
    Said("zo lang als de Wmo voorschrijft", "as long as the Wmo says"),
    _ONESELF,
)
CHOOSING = Processing(
    "keuzes",
    Said("Help mij kiezen", "Help me choose"),
    Said("uw antwoorden voor u bewaren, als u dat wilt", "keeping one's answers, for who wants that"),
    Basis.EXPLICIT,
    Said("1 jaar, of tot u het weggooit", "1 year, or until thrown away"),
    Said("alleen uzelf", "oneself only"),
)
DESK = Processing(
    "bureau",
    Said("Het werk van de makelaar", "The work of the desk"),
    Said("goed helpen, en dat kunnen navertellen", "helping well, and being able to account for it"),
    Basis.TASK,
    Said("2 jaar na de hulp", "2 years after the help"),
    Said("medewerkers van uw gemeente", "staff"),
)
CHECKS = Processing(
    "controles",
    Said("Wat wij zagen", "What was seen"),
    Said(
        "veilige hulp: of een VOG of diploma werd gezien, nooit het papier",
        "safe help: that a check was seen, never the paper",
    ),
    Basis.TASK,
    Said("zolang het geldt, en een jaar daarna", "while it is valid, and a year after"),
    Said(
        "uzelf, uw makelaar, en de organisatie die het zag",
        "oneself, the own broker, and the organisation that saw it",
    ),
)
PARTNERS = Processing(
    "organisaties",
    Said("Organisaties die meedoen", "Organisations that take part"),
    Said(
        "weten wie namens een organisatie tekent, werkt en helpt",
        "knowing who signs, works and helps for an organisation",
    ),
    Basis.TASK,
    Said(
        "een uitnodiging 90 dagen; een handtekening zolang de overeenkomst geldt, en 7 jaar daarna",
        "an invitation 90 days; a signature while the covenant holds, and 7 years after",
    ),
    Said(
        "de organisatie zelf en medewerkers van de gemeente; de tekst van de overeenkomst: iedereen",
        "the organisation itself and staff; the text of the covenant: everybody",
    ),
)
PHONING = Processing(
    "aan-de-lijn",
    Said("Wat wij samen regelden", "What was arranged together"),
    Said(
        "laten zien wat u per telefoon of aan de deur goed vond",
        "showing what somebody agreed to by telephone or at the door",
    ),
    Basis.ASKED,
    Said("2 jaar", "2 years"),
    _ONESELF,
)
OUTREACH = Processing(
    "omzien",
    Said("Omzien naar mensen", "Looking in on people"),
    Said(
        "langsgaan bij wie niet zelf vraagt, en weten wie u in de buurt kunt aanspreken",
        "visiting who does not ask, and knowing whom one can speak to",
    ),
    Basis.TASK,
    Said("tot een jaar nadat er iemand langs was", "until a year after somebody visited"),
    Said(
        "alleen de makelaars; een vertrouwensmens: iedereen, met een voornaam",
        "the brokers only; a trustee: everybody, with a first name",
    ),
)
MEDIATING = Processing(
    "bemiddeling",
    Said("Bemiddeling tussen buren", "Mediation between neighbours"),
    Said("twee buren weer laten praten", "letting two neighbours talk again"),
    Basis.CONSENT,
    Said("tot 3 maanden nadat het klaar is", "until 3 months after it is over"),
    Said(
        "dat het gevraagd is: de makelaars; wat er speelt en een telefoonnummer: de bemiddelaar",
        "that it was asked: the brokers; what it is about and a telephone number: the mediator",
    ),
)
REFERRING = Processing(
    "verwijzingen",
    Said("Verwijzingen", "Referrals"),
    Said(
        "iemand bellen die met een ja verwezen is, en regelen wat nodig is",
        "phoning somebody who was referred with their yes, and arranging what is needed",
    ),
    Basis.CONSENT,
    Said(
        "gestopt: 30 dagen; klaar: 2 jaar; u kunt het ja altijd terugnemen",
        "stopped: 30 days; done: 2 years; the yes can always be taken back",
    ),
    Said(
        "uzelf, de makelaars, en de organisatie die het oppakt; wie verwees alleen wat u goedvindt",
        "oneself, the brokers, and the organisation that takes it; whoever referred only what one agrees to",
    ),
)
SAFETY = Processing(
    "veiligheid",
    Said("Meldingen, blokkades en schorsing", "Reports, blocks and suspension"),
    Said("mensen veilig laten helpen en geholpen worden", "helping and being helped in safety"),
    Basis.TASK,
    Said("tot 2 jaar nadat het is afgehandeld", "until 2 years after it was handled"),
    Said(
        "wie het meldde, en de makelaars die het afhandelen; nooit over wie het gaat",
        "who reported it and the desk that handles it; never whom it is about",
    ),
)
SAFETY_FILE = Processing(
    "veiligheidsdossier",
    Said("Het veiligheidsdossier", "The safety file"),
    Said("de stappen van de meldcode zetten en verantwoorden", "taking the steps of the reporting code"),
    Basis.LAW,
    Said(
        "15 jaar na het sluiten (Wmo 2015), ook als iemand zich laat wissen",
        "15 years after it was closed (Wmo 2015), also when somebody is erased",
    ),
    Said(
        "alleen de veiligheidsfunctionaris, elke keer met een reden die u later leest",
        "only the safety officer, each time for a reason that one reads later",
    ),
)
ROOSJES = Processing(
    "roosjes",
    Said("Roosjes", "Roosjes"),
    Said("een eerlijke stand van gegeven en gekregen hulp", "a fair account of help given and received"),
    Basis.ASKED,
    Said("de boeken blijven, onder een nummer zonder naam", "the books stay, under a number without a name"),
    Said(
        "uzelf, met wie u ruilt, de makelaar en de penningmeester",
        "oneself, the other party, broker and treasurer",
    ),
)
INVOICES = Processing(
    "facturen",
    Said("Facturen voor cheques", "Invoices for cheques"),
    Said("betalen wat voor cheques is geleverd, met vier ogen", "paying for cheques, with four eyes"),
    Basis.LAW,
    Said("7 jaar (Algemene wet inzake rijksbelastingen)", "7 years (the law on taxes)"),
    Said(
        "penningmeesters van beide kanten, en de organisatie",
        "treasurers of both sides, and the organisation",
    ),
)
WELFARE = Processing(
    "welzijn",
    Said("Welzijnsbudget en onkosten", "Welfare budget and costs"),
    Said("een budget toekennen en verantwoorden", "granting a budget and accounting for it"),
    Basis.LAW,
    Said(
        "plannen 15 jaar (Wmo 2015); bonnen en bedragen 7 jaar",
        "plans 15 years (Wmo 2015); receipts and amounts 7 years",
    ),
    Said("uzelf, uw makelaar en wie het budget beheert", "oneself, the broker and the treasurer"),
)
TELLING = Processing(
    "berichten",
    Said("Berichten aan u", "Notices"),
    Said("u laten weten wat er gebeurt", "telling what happens"),
    Basis.ASKED,
    Said("1 jaar", "1 year"),
    _ONESELF,
)
FOR_ANOTHER = Processing(
    "namens",
    Said("Regelen voor een ander", "Acting for another"),
    Said("weten wie voor wie mag regelen", "knowing who may act for whom"),
    Basis.CONSENT,
    Said("tot een van beiden het stopt, en 2 jaar daarna", "until either ends it, and 2 years after"),
    Said("de twee mensen zelf, en de makelaar", "both people, and the broker"),
)
ACCESS = Processing(
    "toegang",
    Said("Inloggen en veiligheid", "Signing in and safety"),
    Said(
        "de juiste persoon binnenlaten, en misbruik tegengaan",
        "letting the right person in, and preventing abuse",
    ),
    Basis.INTEREST,
    Said(
        "van een kwartier (een link) tot 30 dagen na het einde (een sessie, een token)",
        "a quarter of an hour (a link) to 30 days after the end (a session, a token)",
    ),
    Said("niemand", "nobody"),
)
STAFF = Processing(
    "medewerkers",
    Said("Wie bij de gemeente werkt", "Who works there"),
    Said("weten wie wat mag", "knowing who may do what"),
    Basis.TASK,
    Said("zolang iemand er werkt", "while somebody works there"),
    Said("collega's", "colleagues"),
)
AUDIT = Processing(
    "inzage",
    Said("Wie keek in uw gegevens", "Who looked"),
    Said("laten zien wie uw gegevens zag, en waarom", "showing who saw one's data, and why"),
    Basis.LAW,
    Said("5 jaar", "5 years"),
    Said(
        "uzelf en de privacyfunctionaris, die zelf ook in het logboek staat",
        "oneself and the privacy officer, who is logged too",
    ),
)
RIGHTS = Processing(
    "rechten",
    Said("Toestemming, kopie en wissen", "Consent, copies and erasure"),
    Said(
        "kunnen laten zien wat u goed vond, en dat wij wisten wat u liet wissen",
        "showing what was agreed to, and that we forgot",
    ),
    Basis.LAW,
    Said(
        "tot u alles laat wissen; dat er iets is gewist blijft, zonder naam",
        "until erased; that something was erased stays, without a name",
    ),
    Said("uzelf en de privacyfunctionaris", "oneself and the privacy officer"),
)
FACTS = Processing(
    "feiten",
    Said("Openbare feiten en instellingen", "Public facts and settings"),
    Said(
        "weten welke gemeenten, buurten en soorten hulp er zijn",
        "knowing municipalities, neighbourhoods, kinds of help",
    ),
    Basis.NONE,
    Said("zolang ze kloppen", "while they are right"),
    Said("iedereen", "everybody"),
)
MACHINE = Processing(
    "machine",
    Said("De machine zelf", "The machine itself"),
    Said("het werk in de goede volgorde doen", "doing the work in order"),
    Basis.NONE,
    Said("dagen", "days"),
    Said("niemand", "nobody"),
)
