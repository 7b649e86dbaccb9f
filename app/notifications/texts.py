"""What a notice says, in both languages: a subject line, a sentence or two, and the page it leads to.

A mail passes many hands: the texts name the title of the request and nobody. Both languages stand here,
because mails are written by a job that knows no pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from babel.dates import format_date
from babel.numbers import format_decimal

from app.clock import AMSTERDAM
from app.notifications import chain_texts

DUTCH: Final = "nl"
PETAL_MINUTES: Final = 15


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A notice in words; ``path`` holds ``{id}`` where the key of what it is about belongs."""

    subject: str
    body: str
    path: str
    kind: str


PROPOSAL: Final = "/mijn/voorstellen/{id}"
AGREEMENT: Final = "/mijn/afspraken/{id}"
OCCURRENCE: Final = "/mijn/keren/{id}"
REQUEST: Final = "/mijn/vragen/{id}"
REQUEST_DESK: Final = "/bureau/zaken/{id}"
RING: Final = "/mijn/kringen/{id}"
ON_BEHALF: Final = "/mijn/namens"
CHECKS: Final = "/mijn/controles"
ROOSJES: Final = "/mijn/roosjes"
PAPERS: Final = "/mijn/roosjes/papier"
LINE_QUESTION: Final = "/mijn/roosjes/vraag/{id}"
ROOSJES_DESK: Final = "/bureau/roosjesvragen"
POT: Final = "/bureau/roosjes"
BUDGET: Final = "/mijn/welzijnsbudget"
BUDGETS: Final = "/bureau/welzijnsbudget"
SAFETY: Final = "/mijn/veilig"
REPORT: Final = "/bureau/veiligheid/{id}"
SAFETY_DESK: Final = "/bureau/veiligheid"
COSTS: Final = "/mijn/afspraken/{id}/kosten"
ACTIVITY: Final = "/activiteiten/{id}"
ACTIVITY_TIME: Final = "/activiteiten/keren/{id}"
COUPLING_TALK: Final = "/mijn/begeleiding/{id}"
TALK: Final = "/mijn/gesprekken/{id}"
HOUSEHOLD: Final = "/mijn/plan"

Words = tuple[str, str]
"""Subject and body; ``{title}``, ``{when}`` and ``{roosjes}`` are filled in."""

PATHS: Final[dict[str, str]] = {
    "proposed": PROPOSAL, "willing": PROPOSAL, "not-this-time": PROPOSAL, "meeting": PROPOSAL, "full": PROPOSAL,
    "stopped": PROPOSAL, "changed": PROPOSAL, "changed-for-you": REQUEST,
    "again": PROPOSAL, "agreed": AGREEMENT, "ended": AGREEMENT, "please-confirm": OCCURRENCE, "done": OCCURRENCE,
    "disputed": OCCURRENCE, "moved": OCCURRENCE, "cancelled": OCCURRENCE, "no-show": OCCURRENCE,
    "thanked": OCCURRENCE, "lapsed": OCCURRENCE, "lapses-soon": OCCURRENCE, "without-roosjes": OCCURRENCE,
    "reminder": OCCURRENCE, "busy": OCCURRENCE, "time-proposed": OCCURRENCE, "time-declined": OCCURRENCE,
    "not-content": OCCURRENCE, "content-said": OCCURRENCE, "message": TALK, "late": REQUEST,
    "not-finished": REQUEST_DESK,
    "submitted": REQUEST, "released": REQUEST, "referred": REQUEST, "closed": REQUEST, "expiring": REQUEST,
    "expired": REQUEST, "gift": ROOSJES, "roosjes-asked": ROOSJES, "roosjes-yes": ROOSJES, "roosjes-no": ROOSJES,
    "paper-expiring": PAPERS, "paper-expired": PAPERS,
    "roosjes-still": ROOSJES, "roosjes-go": ROOSJES, "roosjes-lapsed": ROOSJES,
    "line-answered": LINE_QUESTION, "advice-offer": "/helpen/aanmelden",
    "advice-ask": "/hulpvragen/nieuw", "near-floor-50": ROOSJES, "near-floor-80": ROOSJES, "near-ceiling-50": ROOSJES,
    "near-ceiling-80": ROOSJES, "dormant": ROOSJES, "line-question": ROOSJES_DESK, "roosjes-signal": ROOSJES_DESK,
    "grant-waits": POT, "grant-accepted": POT, "grant-rejected": POT, "granted": ROOSJES, "booked-by-desk": ROOSJES,
    "taken-back": ROOSJES, "made-whole": ROOSJES,
    "representation-stands": ON_BEHALF, "representation-ended": ON_BEHALF,
    "check-ends": CHECKS, "check-withdrawn": CHECKS, "check-missing": CHECKS,
    "check-missing-desk": "/bureau/controles",
    "ring-proposed": RING, "ring-agreed": RING, "ring-ended": RING,
    "welfare-granted": BUDGET, "welfare-rejected": BUDGET, "welfare-approved": BUDGET, "welfare-paid": BUDGET,
    "welfare-refunded": BUDGET, "welfare-spending-rejected": BUDGET, "welfare-undone": BUDGET,
    "welfare-ended": BUDGET, "welfare-closed": BUDGET, "welfare-not-approved": BUDGETS,
    "costs-proposed": COSTS, "costs-agreed": COSTS, "costs-declined": COSTS, "costs-reported": COSTS,
    "safety-report": REPORT, "safety-late": REPORT, "safety-answered": SAFETY, "safety-signal": SAFETY_DESK,
    "suspended": SAFETY, "suspension-lifted": SAFETY, "appeal-answered": SAFETY,
    "suspension-appealed": SAFETY_DESK, "suspension-review": SAFETY_DESK, "safety-disclosing": "/bureau/dossiers/{id}",
    "activity-waits": "/bureau/activiteiten", "activity-approved": ACTIVITY, "activity-rejected": ACTIVITY,
    "activity-moved": ACTIVITY, "activity-stopped": ACTIVITY, "activity-let-in": ACTIVITY_TIME,
    "activity-cancelled": ACTIVITY_TIME, "activity-reminder": ACTIVITY_TIME, "activity-time": ACTIVITY_TIME,
    "talk-planned": COUPLING_TALK, "talk-reminder": COUPLING_TALK, "coupling-doubt": "/bureau/maatjes",
    "coupling-doubt-here": "/organisatie/maatjes/{id}", "wishes-written": "/mijn/berichten/voorkeuren",
    "story-waits": "/bureau/verhalen", "story-shown": "/verhalen/{id}", "story-rejected": "/mijn/verhalen",
    "idea-waits": "/bureau/verhalen", "idea-shown": "/plannen/{id}", "idea-rejected": "/mijn/verhalen",
    "idea-answered": "/plannen/{id}", "reaction-waits": "/bureau/verhalen", "reaction-shown": "/plannen/reacties/{id}",
    "reaction-rejected": "/mijn/verhalen",
    "case-promised": REQUEST, "case-face": REQUEST, "case-decided": REQUEST, "wmo-reported": REQUEST,
    "case-asked-along": REQUEST_DESK, "case-handed-over": REQUEST_DESK, "case-knot": REQUEST_DESK,
    "case-consult": REQUEST_DESK, "case-answered": REQUEST_DESK,
    "plan-made": HOUSEHOLD, "plan-face": HOUSEHOLD, "plan-reassessed": HOUSEHOLD, "plan-decided": HOUSEHOLD,
    "carer-heavy": "/bureau/huishoudens", "life-stopped": AGREEMENT, "life-resumed": AGREEMENT,
    "costs-paid": COSTS, "costs-refused": COSTS, "allowance-near": "/bureau/vergoedingen",
    "moved-house": "/verhuisd",
} | chain_texts.PATHS  # fmt: skip
"""Every kind of notice, and where it leads."""

OWN_EYES: Final = frozenset(
    {"safety-answered", "suspended", "suspension-lifted", "appeal-answered", "message", "content-said"}
)
"""Never mailed to who acts for the person: it may be about them, or is between the two who wrote it."""

WORDS: Final[dict[str, dict[str, Words]]] = {
    "nl": chain_texts.WORDS["nl"] | {
        "story-waits": ("Wilt u dit verhaal lezen?", "Een bewoner vertelt: {title}. Leest u mee?"),
        "story-shown": ("Uw verhaal staat erop", "Iedereen kan {title} nu lezen. Dank u wel."),
        "story-rejected": (
            "Uw verhaal staat er niet op",
            "Uw verhaal {title} tonen wij niet. Bij Mijn verhalen staat waarom.",
        ),
        "idea-waits": ("Wilt u dit idee lezen?", "Een bewoner heeft een idee: {title}. Leest u mee?"),
        "idea-shown": ("Uw idee staat erop", "Iedereen kan nu iets zeggen over {title}."),
        "idea-rejected": (
            "Uw idee staat er niet op",
            "Uw idee {title} tonen wij niet. Bij Mijn verhalen staat waarom.",
        ),
        "idea-answered": ("Wij deden iets met een plan", "U las of schreef mee aan {title}. Kijk wat ermee gebeurt."),
        "reaction-waits": ("Wilt u deze reactie lezen?", "Iemand zegt iets over {title}. Leest u mee?"),
        "reaction-shown": ("Uw reactie staat erop", "Iedereen kan lezen wat u zegt over {title}."),
        "reaction-rejected": (
            "Uw reactie staat er niet op",
            "Wat u schreef over {title} tonen wij niet. Bij Mijn verhalen staat waarom.",
        ),
        "activity-waits": ("Wilt u dit bekijken?", "Een bewoner wil iets organiseren: {title}. Kijkt u mee?"),
        "activity-approved": ("Uw activiteit staat erop", "Iedereen ziet nu {title}. Mensen melden zich zelf aan."),
        "activity-rejected": (
            "Uw activiteit gaat zo niet door",
            "Wij hebben gekeken naar {title}. Op de pagina leest u waarom het zo niet kan.",
        ),
        "activity-moved": ("Een activiteit is ergens anders", "{title} is op een andere plek. Kijk waar het nu is."),
        "activity-stopped": (
            "Een activiteit gaat niet door",
            "{title} gaat niet meer door. Op de pagina leest u het bericht van de gastheer.",
        ),
        "activity-let-in": (
            "Er is een plaats voor u",
            "Er kwam een plaats vrij bij {title}, {when}. Die is nu voor u. Kunt u niet? Meld u dan af.",
        ),
        "activity-cancelled": (
            "Een activiteit gaat een keer niet door",
            "{title} gaat niet door op {when}. Op de pagina leest u het bericht van de gastheer.",
        ),
        "activity-time": (
            "Een activiteit is op een andere tijd",
            "{title} is nu op {when}. Uw plaats blijft van u. Kunt u dan niet? Meld u dan af.",
        ),
        "talk-planned": (
            "Een gesprek over hoe het gaat",
            "Wij praten graag met u over hoe het gaat met u beiden: {when}. Op de pagina staan drie korte vragen.",
        ),
        "talk-reminder": (
            "Wij spreken elkaar bijna",
            "Ons gesprek is op {when}. Op de pagina staan drie korte vragen. Kunt u niet? Bel ons.",
        ),
        "case-promised": (
            "Wij beloven u iets",
            "Bij {title} beloven wij u iets: uiterlijk {when}. Op de pagina leest u wat.",
        ),
        "case-face": ("Iemand anders helpt u verder", "{title} heeft een nieuw vast gezicht. Op de pagina staat wie."),
        "case-decided": (
            "Er is een besluit",
            "Over {title} is een besluit genomen. Op de pagina leest u wat, en waarom.",
        ),
        "wmo-reported": (
            "Uw melding is binnen",
            "Wat u meldde, staat vast als Wmo-melding. De gemeente onderzoekt het uiterlijk {when}.",
        ),
        "case-asked-along": ("Kijkt u mee?", "Een collega vraagt u mee te kijken of te vervangen bij {title}."),
        "case-handed-over": (
            "U krijgt een zaak",
            "Een collega draagt {title} aan u over. Bij de notities staat wat er speelt.",
        ),
        "case-knot": ("Hakt u de knoop door?", "Bij {title} loopt het vast. U besluit, binnen 2 werkdagen."),
        "case-consult": ("Een collega vraagt advies", "Bij {title} vraagt een collega wat u ervan vindt."),
        "case-answered": ("Er is antwoord", "Op uw vraag bij {title} is antwoord gekomen."),
        "plan-made": (
            "Er is een plan voor u",
            "Wat u wilt en wie wat doet, staat nu in één plan. U leest het op uw pagina.",
        ),
        "plan-face": ("Iemand anders helpt u verder", "Uw plan heeft een nieuw vast gezicht. Op de pagina staat wie."),
        "plan-reassessed": (
            "Wij kijken opnieuw naar uw plan",
            "Wij kijken of uw plan nog past. Alle hulp gaat door tot er een besluit is. Op de pagina staat wanneer.",
        ),
        "plan-decided": ("Er is een besluit over uw plan", "Op de pagina leest u wat wij besloten, en waarom."),
        "carer-heavy": ("Zorgen is zwaar", "Iemand die voor een ander zorgt, zegt dat het zwaar is. Belt u?"),
        "life-stopped": ("Dit gaat voorlopig niet door", "{title} gaat voorlopig niet door. Wij bellen u erover."),
        "life-resumed": ("Het gaat weer door", "{title} gaat weer door. Op de pagina staat wanneer."),
        "coupling-doubt": (
            "Iemand wil liever stoppen",
            "Eén van twee maatjes schreef liever te stoppen. Belt u?",
        ),
        "wishes-written": (
            "Wij schreven op hoe u bericht wilt",
            "U zei ons hoe wij u schrijven. Kijk of het klopt. Klopt het niet? Verander het zelf, of bel ons.",
        ),
        "coupling-doubt-here": (
            "Iemand wil liever stoppen",
            "Eén van twee maatjes die u begeleidt, schreef liever te stoppen. Belt u?",
        ),
        "activity-reminder": (
            "U komt toch ook?",
            "U heeft een plaats bij {title}, {when}. Kunt u niet? Meld u dan af.",
        ),
        "proposed": ("Past dit bij u?", "Iemand vraagt: {title}. Past dat bij u? U mag ja of nee zeggen."),
        "ring-proposed": (
            "Een kring: u helpt en u wordt geholpen",
            "Wij vonden een kring: u helpt iemand, en iemand helpt u. Het gaat door als iedereen ja zegt.",
        ),
        "ring-agreed": ("De kring gaat door", "Iedereen zei ja. Kies nu een dag met de ander."),
        "ring-ended": ("De kring gaat niet door", "Deze kring gaat niet door. Uw vraag blijft gewoon open."),
        "representation-stands": (
            "Toestemming om te regelen",
            "Er staat vast wie voor wie mag regelen. Op de pagina leest u wie, en tot wanneer.",
        ),
        "representation-ended": (
            "Regelen voor een ander is gestopt",
            "Iemand regelt niet meer voor een ander. Dat ging meteen in.",
        ),
        "check-ends": (
            "Een controle is bijna voorbij",
            "Iets wat wij van u zagen, geldt niet lang meer. Op de pagina staat wat het is, en wat u kunt doen.",
        ),
        "check-withdrawn": (
            "Een controle telt niet meer",
            "Iets wat wij van u zagen, telt niet meer. Op de pagina leest u wat, en van wie u meer hoort.",
        ),
        "check-missing": (
            "Eerst een controle",
            "{title} staat klaar, maar er mist een controle. Op de pagina staat welke. Bel ons, dan regelen wij het.",
        ),
        "check-missing-desk": (
            "Een afspraak zonder geldige controle",
            "Bij {title} mist de helper op die dag een controle. De keer wacht tot die er is.",
        ),
        "willing": ("Iemand wil u helpen", "Iemand wil helpen met {title}. U kiest."),
        "grant-waits": ("Wilt u meekijken?", "Een collega wil iets uit de pot geven. Dat wacht op een tweede blik."),
        "grant-accepted": ("Uit de pot gegeven", "Een collega keek mee en zei ja. Het is geboekt."),
        "grant-rejected": ("Niet uit de pot gegeven", "Een collega keek mee en zei nee. Er is niets geboekt."),
        "granted": ("U kreeg Roosjes uit de pot", "U kreeg Roosjes uit de pot van uw gemeente.{roosjes}"),
        "booked-by-desk": ("Er is geboekt", "De makelaar boekte Roosjes voor een groep of voor u.{roosjes}"),
        "taken-back": ("Een boeking is verbeterd", "De makelaar draaide een boeking terug. U ziet beide regels staan."),
        "made-whole": ("De pot maakt het goed", "Een boeking klopte niet. De pot maakt goed wat er miste.{roosjes}"),
        "not-this-time": ("Deze keer niet", "{title} gaat nu niet samen door. Dank u voor het meedenken."),
        "meeting": ("Kennismaken", "U maakt eerst kennis voor {title}. Op de pagina staat uw codewoord."),
        "changed-for-you": (
            "Uw vraag is veranderd",
            "Wij veranderden {title}, zoals u vertelde. Klopt er iets niet? Verander het zelf, of bel ons.",
        ),
        "changed": ("De vraag is veranderd", "{title} is veranderd. Past het nog bij u? U mag ja of nee zeggen."),
        "agreed": ("Afgesproken", "{title} is afgesproken: {when}."),
        "stopped": ("Deze vraag is gestopt", "{title} gaat niet door. U hoeft niets te doen. Dank u wel."),
        "full": ("Iemand was u net voor", "Voor {title} is al iemand gevonden. U staat op de wachtlijst."),
        "again": ("Uw hulp is toch nodig", "Voor {title} is weer iemand nodig. U bent als eerste aan de beurt."),
        "please-confirm": ("Klopt het?", "De ander zegt dat {title} gebeurd is. Zegt u of dat klopt?"),
        "done": ("Klaar", "{title} is gedaan.{roosjes} Fijn."),
        "disputed": ("Dit klopt niet", "Over {title} denkt u niet hetzelfde. Er verandert nog niets."),
        "moved": ("Verplaatst", "{title} is verplaatst naar {when}."),
        "moved-house": (
            "Uw gemeente staat op een ander adres",
            "Alles van u is mee verhuisd. Op de pagina staat het nieuwe adres. Daar logt u voortaan in.",
        ),
        "message": ("U heeft een bericht", "Er is een bericht voor u over {title}. U leest het op de site."),
        "time-proposed": ("Kan het een andere keer?", "Voor {title} is een ander moment gevraagd: {when}. U kiest."),
        "time-declined": ("Het blijft zoals het was", "{title} blijft op {when}. Het andere moment kan niet."),
        "not-content": ("Iemand is niet tevreden", "Over {title} is iemand niet tevreden. Kijkt u ernaar?"),
        "content-said": ("De ander schreef iets", "De ander schreef hoe {title} ging. U leest het op de site."),
        "late": (
            "Wij zijn te laat",
            "Wij zijn te laat met {title}. Dat spijt ons. Op de pagina staat wie u belt, en wanneer.",
        ),
        "not-finished": ("Het is toch niet klaar", "Iemand zegt dat {title} toch niet klaar is. Kijkt u ernaar?"),
        "cancelled": ("Afgezegd", "{title} van {when} gaat niet door."),
        "ended": ("Gestopt", "De afspraken voor {title} zijn gestopt."),
        "no-show": ("Niet gekomen", "Bij {title} kwam iemand niet. Er zijn geen Roosjes geboekt."),
        "lapsed": ("De tijd is om", "Over {title} is niet op tijd beslist. Er zijn geen Roosjes geboekt."),
        "lapses-soon": ("Dit wacht nog op u", "Over {title} is nog niet beslist. Dat kan tot {when}."),
        "thanked": ("U kreeg een bedankje", "Iemand bedankt u voor {title}."),
        "without-roosjes": ("Een keer zonder Roosjes", "Een afspraak gaat door zonder Roosjes. Een grens was bereikt."),
        "reminder": ("Morgen", "{title} is op {when}."),
        "busy": ("Kies samen een andere tijd", "Voor {title} kan de helper een keer niet."),
        "submitted": ("Uw vraag is binnen", "Wij lezen {title}. Daarna zoeken wij iemand."),
        "released": ("Wij zoeken iemand", "Wij lazen {title} en zoeken nu iemand die past."),
        "referred": ("Uw vraag is doorgestuurd", "Iemand anders kan u beter helpen met {title}."),
        "closed": ("Uw vraag is gesloten", "Wij sloten {title}. Op de pagina staat waarom."),
        "expiring": ("Is dit nog nodig?", "Uw vraag {title} loopt bijna af. Met één druk zoeken wij verder."),
        "expired": ("Uw vraag is verlopen", "{title} is verlopen. Is het nog nodig? Dan zet u de vraag zo weer open."),
        "welfare-granted": ("U heeft een welzijnsbudget", "Er is een bedrag voor {title}. Kijk wat u ermee kunt."),
        "welfare-rejected": ("Uw welzijnsbudget", "Voor {title} komt er geen budget. Op de pagina staat waarom."),
        "welfare-approved": ("Dat mag", "{title} mag van uw welzijnsbudget. Wij regelen de betaling met u."),
        "welfare-paid": ("Betaald", "{title} is betaald van uw welzijnsbudget."),
        "welfare-refunded": ("U krijgt het terug", "U krijgt {title} terug. Uw bon is goedgekeurd."),
        "welfare-spending-rejected": ("Dit kan niet", "{title} kan niet van uw budget. Op de pagina staat waarom."),
        "welfare-undone": ("Een vergissing hersteld", "{title} stond er verkeerd. Het bedrag staat weer op uw budget."),
        "welfare-ended": ("Wat bracht het u?", "De tijd voor {title} is om. Vertelt u wat het bracht?"),
        "welfare-closed": ("Uw welzijnsbudget is klaar", "Het budget voor {title} is afgesloten."),
        "welfare-not-approved": ("Een budget is niet goedgekeurd", "Een collega zei nee tegen {title}."),
        "safety-report": ("Een melding", "Er is een melding binnen. Kijkt u ernaar?"),
        "safety-late": ("Een melding wacht te lang", "Een melding had al beantwoord moeten zijn. Kijkt u nu?"),
        "safety-answered": ("Antwoord op uw melding", "Wij keken naar uw melding. Lees wat wij deden."),
        "safety-signal": ("Om naar te kijken", "Er viel iets op. Het zegt niet dat er iets mis is. Kijkt u even?"),
        "suspended": ("U kunt nu even niet meedoen", "Op uw pagina staat waarom, en wat u kunt doen."),
        "suspension-lifted": ("U kunt weer meedoen", "U kunt weer hulp vragen en geven. Op uw pagina staat meer."),
        "appeal-answered": ("Antwoord op uw bezwaar", "Iemand anders keek naar uw bezwaar. Lees het antwoord."),
        "suspension-appealed": ("Een bezwaar", "Iemand is het niet eens met een besluit. Kijkt u ernaar?"),
        "suspension-review": ("Kijk opnieuw", "De dag is er om opnieuw naar een schorsing te kijken."),
        "safety-disclosing": ("Een dossier wordt zichtbaar", "Binnen twee weken leest iemand wie er keek. Kan dat?"),
        "costs-proposed": ("Een voorstel over kosten", "Iemand stelt kosten voor bij {title}. U mag ja of nee zeggen."),
        "costs-agreed": ("Kosten afgesproken", "Over de kosten bij {title} bent u het eens."),
        "costs-declined": ("Kosten niet afgesproken", "Over de kosten bij {title} is niets afgesproken."),
        "costs-reported": ("Klopt dit bedrag?", "De helper schreef kosten op bij {title}. Klopt dat?"),
        "costs-paid": ("Kosten betaald", "De kosten bij {title} zijn betaald."),
        "costs-refused": ("Kosten kloppen niet", "De ander ziet de kosten bij {title} anders. Bel elkaar even."),
        "allowance-near": ("Bijna aan de grens", "Een helper is bijna aan de grens van onkosten voor dit jaar."),
        "gift": ("U kreeg Roosjes", "Iemand gaf u Roosjes.{roosjes}"),
        "roosjes-asked": ("Iemand vraagt u om Roosjes", "Iemand vraagt u om Roosjes. U zegt ja of nee."),
        "roosjes-yes": ("U kreeg de Roosjes", "De ander zei ja.{roosjes}"),
        "roosjes-still": ("Uw Roosjes staan stil", "U kunt even geen Roosjes geven of krijgen. U leest waarom."),
        "roosjes-go": ("Uw Roosjes gaan weer", "U kunt weer Roosjes geven en krijgen."),
        "roosjes-no": ("Deze keer geen Roosjes", "De ander zei nee op uw vraag om Roosjes. Er verandert niets."),
        "paper-expiring": (
            "Uw Roosjes op papier verlopen bijna",
            "Niet al uw Roosjes op papier zijn ingeleverd. Ze tellen tot {when}. Zeg dat tegen wie ze kreeg.",
        ),
        "paper-expired": (
            "Uw Roosjes op papier zijn verlopen",
            "Roosjes op papier die u maakte, zijn niet ingeleverd en nu verlopen. Ze staan weer bij uw Roosjes.",
        ),
        "roosjes-lapsed": ("Er kwam geen antwoord", "Op uw vraag om Roosjes kwam geen antwoord. De vraag is voorbij."),
        "line-question": ("Een vraag over Roosjes", "Iemand schrijft bij een regel: dit klopt niet."),
        "line-answered": ("Antwoord over een regel", "Wij keken naar een regel van uw Roosjes. Lees wat wij deden."),
        "roosjes-signal": ("Om naar te kijken", "In de Roosjes zagen wij iets ongewoons. Kijkt u even?"),
        "advice-offer": (
            "Wat doet u graag voor een ander?",
            "U kreeg wat meer hulp dan u gaf. Dat mag. Wilt u iets aanbieden? Het hoeft niet.",
        ),
        "advice-ask": ("U mag ook iets vragen", "U gaf meer hulp dan u kreeg. Kunnen wij iets voor u vragen?"),
        "near-floor-50": ("De helft is geleend", "U leende de helft van wat kan. U mag gewoon hulp vragen."),
        "near-floor-80": (
            "U leende bijna alles wat kan",
            "Straks gaat hulp zonder Roosjes. Hulp vragen blijft gewoon mogelijk.",
        ),
        "near-ceiling-50": ("U heeft veel Roosjes", "U heeft de helft van wat kan. U mag ze gebruiken of weggeven."),
        "near-ceiling-80": (
            "U heeft bijna zoveel Roosjes als kan",
            "Straks kunnen er geen Roosjes meer bij. U mag ze gebruiken of weggeven.",
        ),
        "dormant": ("Uw Roosjes staan er nog", "Er kwam lang niets bij en er ging niets af. Uw Roosjes blijven van u."),
    },
    "en": chain_texts.WORDS["en"] | {
        "story-waits": ("Will you read this story?", "A resident tells: {title}. Will you read it?"),
        "story-shown": ("Your story is shown", "Everybody can now read {title}. Thank you."),
        "story-rejected": (
            "Your story is not shown",
            "We do not show your story {title}. My stories says why.",
        ),
        "idea-waits": ("Will you read this idea?", "A resident has an idea: {title}. Will you read it?"),
        "idea-shown": ("Your idea is shown", "Everybody can now react to {title}."),
        "idea-rejected": (
            "Your idea is not shown",
            "We do not show your idea {title}. My stories says why.",
        ),
        "idea-answered": ("Something was done with a plan", "You wrote about {title}. See what comes of it."),
        "reaction-waits": ("Will you read this reaction?", "Somebody says something about {title}. Will you read it?"),
        "reaction-shown": ("Your reaction is shown", "Everybody can read what you say about {title}."),
        "reaction-rejected": (
            "Your reaction is not shown",
            "We do not show what you wrote about {title}. My stories says why.",
        ),
        "activity-waits": ("Will you look at this activity?", "A resident wants to host: {title}. Will you look?"),
        "activity-approved": ("Your activity is shown", "Everybody can now see {title}. People sign up themselves."),
        "activity-rejected": (
            "Your activity does not go on like this",
            "We looked at {title}. The page says why it cannot go on like this.",
        ),
        "activity-moved": ("An activity is somewhere else", "{title} is at another place. See where it is now."),
        "activity-stopped": (
            "An activity does not go on",
            "{title} does not go on any more. The page has the host's message.",
        ),
        "activity-let-in": (
            "There is a place for you",
            "A place came free at {title}, {when}. It is yours now. You cannot come? Then sign off.",
        ),
        "activity-cancelled": (
            "An activity does not go on once",
            "{title} does not go on at {when}. The page has the host's message.",
        ),
        "activity-time": (
            "An activity is at another time",
            "{title} is now on {when}. Your place stays yours. Can you not come then? Sign off, please.",
        ),
        "talk-planned": (
            "A talk about how it goes",
            "We would like to talk about how it goes between you two: {when}. Three short questions are on the page.",
        ),
        "talk-reminder": (
            "We talk soon",
            "Our talk is on {when}. Three short questions are on the page. Can you not come? Call us.",
        ),
        "case-promised": (
            "We promise you something",
            "For {title} we promise you something: by {when} at the latest. The page says what.",
        ),
        "case-face": ("Somebody else helps you from now on", "{title} has a new fixed face. The page says who."),
        "case-decided": ("There is a decision", "A decision was taken on {title}. The page says what, and why."),
        "wmo-reported": (
            "We have your report",
            "What you told is written down as a report under the Wmo. It is looked into by {when}.",
        ),
        "case-asked-along": ("Will you look along?", "A colleague asks you to look along or stand in for {title}."),
        "case-handed-over": ("A case for you", "A colleague hands {title} over to you. The notes say what matters."),
        "case-knot": ("Will you decide?", "{title} is stuck. You decide, within 2 working days."),
        "case-consult": ("A colleague asks for advice", "A colleague asks what you think about {title}."),
        "case-answered": ("There is an answer", "Your question about {title} was answered."),
        "plan-made": (
            "There is a plan for you",
            "What you want and who does what is in one plan now. Your page has it.",
        ),
        "plan-face": ("Somebody else helps you from now on", "Your plan has a new fixed face. The page says who."),
        "plan-reassessed": (
            "We look at your plan again",
            "We look whether your plan still fits. All help goes on until there is a decision. The page says when.",
        ),
        "plan-decided": ("There is a decision on your plan", "The page says what we decided, and why."),
        "carer-heavy": ("Caring is heavy", "Somebody who cares for another says that it is heavy. Will you phone?"),
        "life-stopped": ("This does not go on for now", "{title} does not go on for now. We will phone you about it."),
        "life-resumed": ("It goes on again", "{title} goes on again. The page says when."),
        "coupling-doubt": (
            "Somebody would rather stop",
            "One of two buddies wrote that they would rather stop. Will you call?",
        ),
        "wishes-written": (
            "We wrote down how you want to hear from us",
            "You told us how to write to you. See whether it is right. Is it not? Change it yourself, or call us.",
        ),
        "coupling-doubt-here": (
            "Somebody would rather stop",
            "One of two buddies whom you guide wrote that they would rather stop. Will you call?",
        ),
        "activity-reminder": (
            "See you there?",
            "You have a place at {title}, {when}. You cannot come? Then sign off.",
        ),
        "proposed": ("Does this suit you?", "Someone asks: {title}. We think it suits you. You may say yes or no."),
        "ring-proposed": (
            "A ring: you help and you are helped",
            "We found a ring: you help someone, and someone helps you. It goes ahead when everybody says yes.",
        ),
        "ring-agreed": ("The ring goes ahead", "Everybody said yes. Now choose a day with the one who helps you."),
        "ring-ended": ("The ring will not go ahead", "This ring will not go ahead. Your request simply stays open."),
        "representation-stands": (
            "Consent to arrange things",
            "It is written down who may arrange things for whom. The page says who, and until when.",
        ),
        "representation-ended": (
            "Arranging for another has stopped",
            "Somebody no longer arranges things for another. That holds from now on.",
        ),
        "check-ends": (
            "A check will soon be over",
            "Something that we saw of you will not hold much longer. The page says what it is, and what you can do.",
        ),
        "check-withdrawn": (
            "A check no longer counts",
            "Something that we saw of you no longer counts. The page says what, and from whom you can hear more.",
        ),
        "check-missing": (
            "A check first",
            "{title} is ready, but a check is missing. The page says which. Call us, and we arrange it together.",
        ),
        "check-missing-desk": (
            "An appointment without a valid check",
            "For {title} the helper lacks a check on that day. The time waits until it is there.",
        ),
        "willing": ("Someone would like to help you", "Someone would like to help with {title}. You choose."),
        "grant-waits": ("Would you look along?", "A colleague wants to give from the pot. It waits for a second look."),
        "grant-accepted": ("Given from the pot", "A colleague looked along and said yes. It was booked."),
        "grant-rejected": ("Not given from the pot", "A colleague looked along and said no. Nothing was booked."),
        "granted": ("You got Roosjes from the pot", "You got Roosjes from the pot of your municipality.{roosjes}"),
        "booked-by-desk": ("Something was booked", "The makelaar booked Roosjes for a group or for you.{roosjes}"),
        "taken-back": ("A booking was set right", "The makelaar took a booking back. You see both lines."),
        "made-whole": ("The pot makes it good", "A booking was wrong. The pot makes good what was missing.{roosjes}"),
        "not-this-time": ("Not this time", "{title} will not go ahead together now. Thank you for thinking along."),
        "meeting": ("Getting acquainted", "You meet first for {title}. Your code word for the door is on the page."),
        "changed-for-you": (
            "Your request was changed",
            "We changed {title}, as you told us. Is something not right? Change it yourself, or call us.",
        ),
        "changed": ("The request has changed", "{title} has changed. Does it still suit you? You may say yes or no."),
        "agreed": ("Agreed", "{title} is agreed: {when}."),
        "stopped": ("This request was stopped", "{title} is not needed any more. You need not do anything. Thank you."),
        "full": ("Someone was just before you", "Somebody was found for {title}. You are on the waiting list."),
        "again": ("Your help is needed after all", "Somebody is needed again for {title}. You are asked first."),
        "please-confirm": ("Is this right?", "The other says that {title} took place. Is that right?"),
        "done": ("Done", "{title} was done.{roosjes} Well done."),
        "disputed": ("This is not right", "You see {title} differently. Nothing changes yet."),
        "moved": ("Moved", "{title} was moved to {when}."),
        "moved-house": (
            "Your municipality has another address",
            "All that is yours moved along. The page has the new address. From now on you sign in there.",
        ),
        "message": ("You have a message", "There is a message for you about {title}. You read it on the site."),
        "time-proposed": ("Another time?", "Another time was asked for {title}: {when}. You choose."),
        "time-declined": ("It stays as it was", "{title} stays on {when}. The other time does not suit."),
        "not-content": ("Somebody is not content", "Somebody is not content about {title}. Will you look?"),
        "content-said": ("The other wrote something", "The other wrote how {title} went. You read it on the site."),
        "late": (
            "We are late",
            "We are late with {title}. We are sorry. The page says who calls you, and when.",
        ),
        "not-finished": ("It is not finished after all", "Somebody says that {title} is not finished. Will you look?"),
        "cancelled": ("Cancelled", "{title} of {when} is cancelled."),
        "ended": ("Stopped", "The appointments for {title} were stopped."),
        "no-show": ("Nobody came", "Someone did not come to {title}. No Roosjes were booked."),
        "lapsed": ("Time is up", "Nothing was decided about {title} in time. No Roosjes were booked."),
        "lapses-soon": ("This waits for you", "Nothing was decided about {title} yet. That can be done until {when}."),
        "thanked": ("You were thanked", "Someone thanks you for {title}."),
        "without-roosjes": ("A time without Roosjes", "An appointment goes on without Roosjes: a limit was reached."),
        "reminder": ("Tomorrow", "{title} is on {when}."),
        "busy": ("Choose another time together", "The helper cannot come once for {title}."),
        "submitted": ("We received your request", "We are reading {title}. Then we look for somebody."),
        "released": ("We are looking for somebody", "We read {title} and now look for somebody who suits you."),
        "referred": ("Your request was passed on", "Somebody else can help you better with {title}."),
        "closed": ("Your request was closed", "We closed {title}. The page says why."),
        "expiring": ("Is this still needed?", "Your request {title} ends soon. Press the button and we go on looking."),
        "expired": ("Your request has ended", "{title} has ended. Still needed? Then you open it again."),
        "welfare-granted": ("You have a welfare budget", "There is an amount for {title}. See what you may do."),
        "welfare-rejected": ("Your welfare budget", "There will be no budget for {title}. The page says why."),
        "welfare-approved": ("That is fine", "{title} may come out of your budget. We arrange payment with you."),
        "welfare-paid": ("Paid", "{title} was paid from your welfare budget."),
        "welfare-refunded": ("You get it back", "You get {title} back. Your receipt was approved."),
        "welfare-spending-rejected": ("This cannot be", "{title} cannot come out of your budget. The page says why."),
        "welfare-undone": ("A mistake set right", "{title} was a mistake. The amount is back in your budget."),
        "welfare-ended": ("What did it bring you?", "The time for {title} is over. Will you tell what it brought?"),
        "welfare-closed": ("Your welfare budget is finished", "The budget for {title} was closed."),
        "welfare-not-approved": ("A budget was not approved", "A colleague said no to {title}."),
        "safety-report": ("A report", "A report has come in. Will you look?"),
        "safety-late": ("A report waits too long", "A report should have been answered by now. Will you look now?"),
        "safety-answered": ("An answer to your report", "We looked at your report. Read what we did."),
        "safety-signal": ("To look at", "Something stood out. It does not say that anything is wrong. Will you look?"),
        "suspended": ("You cannot take part for now", "Your page says why, and what to do when it is not right."),
        "suspension-lifted": ("You can take part again", "You can ask for and give help again. Your page says more."),
        "appeal-answered": ("An answer to your appeal", "Somebody else looked at your appeal. Read the answer."),
        "suspension-appealed": ("An appeal", "Somebody does not agree with a decision. Will you look?"),
        "suspension-review": ("Look again", "The day has come to look at a suspension again."),
        "safety-disclosing": ("A file becomes visible", "Within two weeks somebody reads who looked. Is that right?"),
        "costs-proposed": ("A proposal about costs", "Someone proposes costs for {title}. You may say yes or no."),
        "costs-agreed": ("Costs agreed", "You agree about the costs for {title}."),
        "costs-declined": ("Costs not agreed", "Nothing was agreed about costs for {title}."),
        "costs-reported": ("Is this amount right?", "The helper wrote down costs for {title}. Is that right?"),
        "costs-paid": ("Costs paid", "The costs for {title} were paid."),
        "costs-refused": ("Costs are not right", "The other sees the costs for {title} differently. Do call."),
        "allowance-near": ("Close to the limit", "A helper has nearly reached this year's limit for expenses."),
        "roosjes-still": ("Your Roosjes stand still", "For now you cannot give or get Roosjes. Your page says why."),
        "roosjes-go": ("Your Roosjes go again", "You can give and get Roosjes again."),
        "gift": ("You were given Roosjes", "Someone gave you Roosjes.{roosjes}"),
        "roosjes-asked": ("Someone asks you for Roosjes", "Someone asks you for Roosjes. You say yes or no."),
        "roosjes-yes": ("You got the Roosjes", "The other said yes.{roosjes}"),
        "roosjes-no": ("No Roosjes this time", "The other said no to your question for Roosjes. Nothing changes."),
        "paper-expiring": (
            "Your Roosjes on paper expire soon",
            "Not all of your Roosjes on paper were handed in. They count until {when}. Tell whoever got them.",
        ),
        "paper-expired": (
            "Your Roosjes on paper have expired",
            "Roosjes on paper that you made were not handed in, and have expired. They are back with your Roosjes.",
        ),
        "roosjes-lapsed": ("No answer came", "Your question for Roosjes got no answer, and is over."),
        "line-question": ("A question about Roosjes", "Someone writes about a line: this is not right."),
        "line-answered": ("An answer about a line", "We looked at a line of your Roosjes. Read what we did."),
        "roosjes-signal": ("To look at", "We saw something unusual in the Roosjes. Will you look?"),
        "advice-offer": (
            "What do you like to do for somebody?",
            "You got a little more help than you gave. That is fine. Would you like to offer something?",
        ),
        "advice-ask": ("You may ask as well", "You gave more help than you got. Is there something to ask for you?"),
        "near-floor-50": ("Half is borrowed", "You borrowed half of what you can. You may simply ask for help."),
        "near-floor-80": (
            "You borrowed almost all that you can",
            "Soon help goes on without Roosjes. You can go on asking for help.",
        ),
        "near-ceiling-50": ("You have many Roosjes", "You have half of what you can. Use them or give them away."),
        "near-ceiling-80": (
            "You have almost as many Roosjes as you can",
            "Soon no more Roosjes can come in. Use them or give them away.",
        ),
        "dormant": ("Your Roosjes are still there", "Nothing came in or went out for long. Your Roosjes stay yours."),
    },
}  # fmt: skip


def text_of(notice_kind: str, params: Mapping[str, Any], lang: str = DUTCH) -> NoticeText:
    """The notice in words; an unknown language reads Dutch. Raises KeyError for a kind that nobody tells."""
    chosen = lang if lang in WORDS else DUTCH
    subject, body = WORDS[chosen][notice_kind]
    said = body.format(
        title=_title(params, chosen),
        when=_when(params.get("starts_at"), chosen),
        roosjes=_booked(params, chosen),
    )
    return NoticeText(subject, said[:1].upper() + said[1:], PATHS[notice_kind], notice_kind)


def mail_text(notice_kind: str, params: Mapping[str, Any], lang: str = DUTCH) -> NoticeText:
    """The same for a mail, which lies open in many hands: without the words that somebody gave a request.

    Names, addresses and health may stand in a title; here it reads "your request", and the link leads to the rest.
    """
    chosen = lang if lang in WORDS else DUTCH
    noun = next((NEUTRAL[key] for key in (notice_kind, PATHS[notice_kind]) if key in NEUTRAL), APPOINTMENT)
    said = text_of(notice_kind, {**params, "title": None}, chosen)
    own = IN_MAIL.get(notice_kind)
    body = own[chosen != DUTCH] if own else WORDS[chosen][notice_kind][1]
    written = body.format(
        title=noun[chosen != DUTCH],
        when=_when(params.get("starts_at"), chosen),
        roosjes=_booked(params, chosen),
    )
    return NoticeText(said.subject, written[:1].upper() + written[1:], said.path, notice_kind)


APPOINTMENT: Final = ("uw afspraak", "your appointment")
_BUDGET_SUM: Final = ("het bedrag", "the amount")
_PLAN: Final = ("uw plan", "your plan")
_AN_ACTIVITY: Final = ("de activiteit", "the activity")
NEUTRAL: Final[dict[str, Words]] = {
    REQUEST: ("uw vraag", "your request"), PROPOSAL: ("deze vraag", "this request"),
    "willing": ("uw vraag", "your request"), "thanked": ("uw hulp", "your help"),
    "message": ("uw afspraak", "your appointment"), "changed-for-you": ("uw vraag", "your request"),
    "expiring": ("", ""), ACTIVITY: _AN_ACTIVITY, ACTIVITY_TIME: _AN_ACTIVITY,
    "activity-approved": ("uw activiteit", "your activity"), "activity-rejected": ("uw activiteit", "your activity"),
    "welfare-granted": _PLAN, "welfare-rejected": _PLAN, "welfare-ended": _PLAN, "welfare-closed": _PLAN,
    REQUEST_DESK: ("een vraag", "a request"),
    BUDGET: _BUDGET_SUM, BUDGETS: ("een plan", "a plan"), "not-finished": ("een vraag", "a request"),
    "not-content": ("een afspraak", "an appointment"), "check-missing-desk": ("een afspraak", "an appointment"),
}  # fmt: skip
"""What stands in the place of a title, by kind or else by where it leads."""
IN_MAIL: Final[dict[str, Words]] = {
    "proposed": (
        "Iemand vraagt uw hulp. Past dat bij u? U mag ja of nee zeggen.",
        "Somebody asks for your help. Does it suit you? You may say yes or no.",
    ),
    "agreed": ("Het is afgesproken: {when}.", "It is agreed: {when}."),
    "ended": ("Uw afspraken zijn gestopt.", "Your appointments were stopped."),
    "expiring": (
        "Uw vraag loopt bijna af. Met één druk zoeken wij verder.",
        "Your request ends soon. Press the button and we go on looking.",
    ),
    "activity-waits": (
        "Een bewoner wil iets organiseren. Kijkt u mee?",
        "A resident wants to organise something. Will you have a look?",
    ),
}
"""Where a sentence needs other words without a title."""


def _title(params: Mapping[str, Any], lang: str) -> str:
    title = params.get("title")
    return f"“{title}”" if title else {"nl": "uw afspraak", "en": "your appointment"}[lang]


def _when(starts_at: object, lang: str) -> str:
    """``dinsdag 3 maart, 14.00 uur`` on a Dutch wall clock."""
    if not isinstance(starts_at, str):
        return ""
    local = datetime.fromisoformat(starts_at).astimezone(AMSTERDAM)
    day = format_date(local.date(), "EEEE d MMMM", locale=lang)
    return f"{day}, {local.hour}.{local.minute:02} uur" if lang == DUTCH else f"{day}, {local:%H:%M}"


def _booked(params: Mapping[str, Any], lang: str) -> str:
    """A sentence about the Roosjes that moved; empty where none did."""
    minutes = params.get("minutes")
    if params.get("terms") != "roosjes" or not isinstance(minutes, int):
        return ""
    hours, rest = divmod(minutes, 60)
    petals, left = divmod(rest, PETAL_MINUTES)
    dutch = lang == DUTCH
    parts = [
        _counted(hours, "Roosje", "Roosjes", lang),
        _counted(petals, *(("blaadje", "blaadjes") if dutch else ("petal", "petals")), lang),
        _counted(left, *(("minuut", "minuten") if dutch else ("minute", "minutes")), lang),
    ]
    said = ", ".join(part for part in parts if part)
    return f" Geboekt: {said}." if dutch else f" Booked: {said}."


def _counted(count: int, one: str, many: str, lang: str) -> str:
    return f"{format_decimal(count, locale=lang)} {one if count == 1 else many}" if count else ""
