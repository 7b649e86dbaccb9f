"""Forty invented organisations and twenty-five invented zzp'ers."""

from app.access.models import RoleGrant
from app.access.roles import Role
from app.categories.vocabulary import Check
from app.demo import checks
from app.demo.world import Resident, World
from app.organisations.models import Organisation, OrganisationKind as Kind
from app.people.models import Professional

_NAMES = {
    Kind.WELFARE: "Welzijn De Zandroos|Stichting Samenloop Zuidoost|Welzijnshuis De Vlonder|Buurtwerk De Schakelkast|"
    "Stichting Kleurrijk Samen|Welzijn Tussen Dommel en Aa|Dorpssteun De Hooiberg",
    Kind.CARE: "Zorggroep Lindelicht|Thuiszorg Het Zachte Spoor|Woonzorg De Wilgenbocht|Logeerhuis De Zevensprong|"
    "Zorg aan Huis Morgenrood",
    Kind.VOLUNTEERS: "Vrijwilligershulp Handje Erbij|Stichting De Gouden Klinker|Vervoersdienst Samen Onderweg|"
    "Maatjesproject Twee Stoelen|Stille Wacht Peelrand|Buurtbemiddeling De Open Poort|Taalhuis De Letterbrug|"
    "Formulierenhulp Recht en Slecht",
    Kind.CLUB: "Wandelclub De Losse Veter|Kaartclub Hartenvrouw|Tuinvereniging De Vroege Spade|Koor Vals Alarm|"
    "Fietsgroep Wind Mee|Gymclub Soepel Zestig|Eettafel De Volle Pan|Handwerkgilde De Rode Draad",
    Kind.SCHOOL: "Basisschool De Waterlelie|Praktijkschool De Werkbank|"
    "College Het Kompas Zuidoost|Basisschool De Vlieger",
    Kind.EMPLOYER: "Bouwbedrijf De Rechte Hoek|Bakkerij Het Gouden Korstje|"
    "Techniekhuis Vonk en Zoon|Kwekerij Groene Duim",
    Kind.LIBRARY: "Bibliotheek De Leeslamp|Bibliotheek Tussen de Regels|"
    "Leesplein De Boekenmolen|Bibliotheek Het Open Boek",
}  # fmt: skip
_WHAT = {
    Kind.WELFARE: "Ontmoeting, steun en vrijwilligers in {place}.",
    Kind.CARE: "Zorg en aandacht aan huis en in {place}.",
    Kind.VOLUNTEERS: "Vrijwilligers met begeleiding en training, actief vanuit {place}.",
    Kind.CLUB: "Samen bezig zijn in {place}; nieuwe leden zijn welkom.",
    Kind.SCHOOL: "Leerlingen uit {place} leren door te helpen.",
    Kind.EMPLOYER: "Een bedrijf uit {place} dat graag de handen uit de mouwen steekt.",
    Kind.LIBRARY: "Lezen, leren en hulp bij digitale vragen in {place}.",
}
TRADES = {
    13: ("Huishoudelijke hulp", 2900), 14: ("Schilder en klusser", 4600), 15: ("Aanpassingen in huis", 4800),
    34: ("Begeleiding van jongeren", 6100), 35: ("Verzorging aan huis", 4900), 36: ("Verpleging aan huis", 6200),
    37: ("Ambulante begeleiding", 5600), 38: ("Kapper en pedicure aan huis", 3800), 27: ("Logeeropvang", 5200),
}  # fmt: skip
ZZP = 25
"""Numbers at the Chamber of Commerce begin at 01; these begin with four zeros, so none of them can exist."""


def organisations(world: World) -> None:
    """One or two in every municipality, each with somebody who administers it."""
    random = world.chance("organisations")
    places = sorted(world.municipalities.values(), key=lambda row: -row.residents)
    listed = [(kind, name) for kind, names in _NAMES.items() for name in names.split("|")]
    random.shuffle(listed)
    for number, (kind, name) in enumerate(listed):
        municipality = places[number % len(places)]
        row = Organisation(
            id=world.key(),
            municipality_id=municipality.id,
            name=name,
            kind=kind,
            description=_WHAT[kind].format(place=municipality.name),
            phone=f"+3140123{5600 + number}",
            website=f"https://{name.lower().replace(' ', '-')}.voorbeeld.example",
            covenant_signed_on=None if number % 6 == 5 else world.moments.at(390 - 3 * number, 600).date(),
        )
        world.organisations[world.add(row).id] = row
        head = random.choice([r for r in world.living_in(municipality.id) if 30 <= r.age <= 70])
        world.add(
            RoleGrant(
                id=world.key(),
                person_id=head.id,
                role=Role.ORGANISATION_ADMINISTRATOR,
                municipality_id=municipality.id,
                organisation_id=row.id,
                given_at=head.person.registered_at,
            )
        )


def professionals(world: World) -> dict[int, list[Resident]]:
    """Who works for pay, by category; all but two were checked by the desk."""
    random = world.chance("professionals")
    able = [
        r
        for r in world.residents.values()
        if 26 <= r.age <= 64 and r.id not in world.staff and r not in world.personas.values()
    ]
    by_trade: dict[int, list[Resident]] = {}
    for number, resident in enumerate(random.sample(able, ZZP)):
        category = list(TRADES)[number % len(TRADES)]
        services, cents = TRADES[category]
        resident.known_since(world.moments.at(350 - 9 * number, 11 * 60))
        checked = number < ZZP - 2
        world.add(
            Professional(
                person_id=resident.id,
                municipality_id=resident.municipality_id,
                kvk_number=checks.company(number),
                services=services,
                rate_cents=cents + 100 * random.randint(-3, 6),
                checked_at=world.moments.at(340 - 9 * number, 14 * 60) if checked else None,
            )
        )
        if checked:
            by_trade.setdefault(category, []).append(resident)
            papers = world.categories[category].checks | Check.IDENTITY | Check.KVK
            for check in Check:
                if papers & check:
                    years = None if check in (Check.KVK, Check.IDENTITY) else 3
                    checks.see(world, resident, check, 345 - 9 * number, years, number)
    return by_trade
