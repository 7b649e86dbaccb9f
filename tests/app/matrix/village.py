"""Everybody that there can be, here and elsewhere, and one real row of every kind: what the matrix is asked about."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from pydantic import SecretStr

import app.models  # noqa: F401 - every table, before the first query
from app.access.actor import Actor, system
from app.access.roles import Role, TokenScope
from app.access.sign_in import act_as, new_api_token, open_session
from app.activities import judging, service as activities
from app.agreements import occur
from app.casework import questions, tasks as tasks_of_case
from app.casework.questions import NewQuestion
from app.casework.tasks import NewTask
from app.checks import service as checks, volunteers
from app.checks.schemas import NewCheck
from app.cheques import desks, payouts, roosjes as paper
from app.clock import today
from app.config import Settings
from app.conversations import service as conversations
from app.conversations.schemas import NewMessage
from app.costs import agreed
from app.costs.schemas import NewCost
from app.db import Database as Program, Scope, scope_to
from app.distribution import service as distribution
from app.factlab import service as factlab
from app.factlab.schemas import NewFactlab
from app.help_requests import service as help_requests
from app.households import carers, lines, service as households
from app.households.schemas import NewLine, NewLoad, NewPlan
from app.ideas import service as ideas
from app.ideas.schemas import NewIdea, NewReaction
from app.imports import service as imports
from app.imports.models import ImportKind
from app.jobs import tasks
from app.jobs.work import Work
from app.life import service as life
from app.life.schemas import NewEvent
from app.looks import service as looks
from app.looks.schemas import LookChange
from app.matches import answer
from app.moderation import cases
from app.panel import service as panel
from app.panel.schemas import NewPoint
from app.partners import covenants, introductions, joining, people as partner_people
from app.partners.schemas import Invite, NewCovenant, NewIntroduction, NewJoining
from app.places import settings
from app.places.models import Municipality
from app.privacy import export
from app.referrals import links, sending
from app.referrals.schemas import NewLink, NewPhoned, NewReferral
from app.reports import releases
from app.reports.facts import Facts
from app.reports.models import Release, Span
from app.reports.periods import Period
from app.representations import mandates
from app.roosjes import giving
from app.safety import blocks, files, house_rules, reports, subjects, suspensions
from app.safety.schemas import (
    NewAppeal,
    NewBlock,
    NewEntry,
    NewFile,
    NewReport,
    NewRules,
    NewSuspension,
    Opening,
)
from app.settings import service as versions
from app.settings.schemas import NewTemplate
from app.signposts import service as signposts
from app.social_map import keeping
from app.social_map.schemas import NewProvision
from app.stories import service as stories
from app.stories.schemas import NewStory
from tests.app.activities.making import a_new_activity
from tests.app.conftest import rows_of
from tests.app.factories import (
    EINDHOVEN,
    GELDROP_MIERLO,
    SHOWN,
    a_helper,
    a_member_of_staff,
    a_person,
    a_representation,
    a_request,
    a_willing_helper,
    act,
    an_agreement,
    an_offer,
)
from tests.app.roosjes.test_who_may import rows as money_rows
from tests.databases import Database
from tests.sites import a_site
from tests.web.desks.cheques import a_market, an_organisation, grant
from tests.web.desks.pots import fill
from web.security import BEGIN_COOKIE, SESSION_COOKIE

STAFF = (
    Role.BROKER, Role.TREASURER, Role.SELLER, Role.PRIVACY_OFFICER, Role.SAFETY_OFFICER,
    Role.MUNICIPALITY_ADMINISTRATOR,
)  # fmt: skip
AT_ORGANISATIONS = (Role.ORGANISATION_MEMBER, Role.ORGANISATION_ADMINISTRATOR, Role.REFERRER)


@dataclass
class Village:
    """People by name, keys by name, and for each person the headers of their browser and their program."""

    site: Any
    database: Database
    people: dict[str, Actor] = field(default_factory=dict)
    keys: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)


def a_village(database: Database, program: Program, folder: Path) -> Village:
    """All committed, once for all cells."""
    site = a_site(Settings(data_dir=folder, kvk_key=SecretStr("k"), kvk_url="http://127.0.0.1:9"), program)
    village = Village(site, database)
    market = a_market(database, program, site)
    fill(program)
    _people(village, program, market.organisation_id)
    people = village.people
    village.keys |= {
        "desk": market.desk_id,
        "organisation": market.organisation_id,
        "code": market.sell(1)[0],
    }
    assert [market.hand_in(code) for code in market.sell(2)] == [303, 303]
    with program.transaction() as session:
        tom, joost = (
            a_person(session, first_name="Tom"),
            a_member_of_staff(database, session, first_name="Joost"),
        )
    with program.transaction() as session:
        provider = rows_of(database, "SELECT id FROM cheque_provider WHERE municipality_id = 1771")[0][0]
        treasurer = act(session, market.treasurer.actor)
        desks.add_seller(session, treasurer, market.desk_id, people["seller"].person_id)
        invoice = payouts.pay_out(session, treasurer, provider, 1, "w")
        village.keys |= {"provider": provider, "invoice": invoice.id, "batch": invoice.batch}
    people["colleague"] = joost
    village.keys |= money_rows(program, {"ria": people["asker"], "tom": tom}, joost)
    for build in (
        _help, _ring, _others_rows, _together, _faces, _insight, _chain, _partners, _outreach, _safety, _casework,
    ):  # fmt: skip
        build(village, program)
    _ways_in(village)
    for name, actor in people.items():
        village.headers[name] = headers(program, actor)
    # what was shown a moment ago stays shown, however long the whole matrix takes
    rows_of(database, "UPDATE web_session SET proven_at = proven_at + interval '1 day',"
                      " second_at = second_at + interval '1 day' RETURNING id")  # fmt: skip
    village.headers["visitor"] = {"cookie": f"{BEGIN_COOKIE}=bezoeker"}
    village.keys |= {"person": people["asker"].person_id, "here": GELDROP_MIERLO}
    village.keys["seller"] = people["seller"].person_id
    return village


def _people(village: Village, program: Program, organisation_id: Any) -> None:
    """Everybody lives somewhere; who has a role lives where they work."""
    database, people = village.database, village.people
    with program.transaction() as session:
        people["asker"] = a_person(
            session, first_name="Ria", achternaam="Geheimenaar", email="ria.geheim@voorbeeld.nl",
            telefoon="06 12349876", huisnummer="12", postcode="5664 XZ", geboortejaar=1931,
        )  # fmt: skip
        people["neighbour"] = a_person(session, first_name="Bo", email="bo@voorbeeld.nl")
        people["resident_elsewhere"] = a_person(session, first_name="Wim", postcode="5611 AA")
    street = "UPDATE contact SET street = :street WHERE person_id = :id RETURNING person_id"
    rows_of(database, street, street="Verborgenlaan", id=people["asker"].person_id)
    for place, postcode, suffix in ((GELDROP_MIERLO, "5664 HJ", ""), (EINDHOVEN, "5611 AA", "_elsewhere")):
        flag = an_organisation(database, "Elders Samen", place) if suffix else organisation_id
        signed = "UPDATE organisation SET covenant_signed_on = '2020-01-01' WHERE id = :id RETURNING id"
        rows_of(database, signed, id=flag)
        if suffix:
            takes = "INSERT INTO cheque_provider (id, municipality_id, organisation_id)"
            rows_of(database, f"{takes} VALUES (gen_random_uuid(), :m, :o) RETURNING id", m=place, o=flag)
        for role in (*STAFF, *AT_ORGANISATIONS):
            with program.transaction() as session:
                actor = a_person(session, first_name=f"P{len(people)}", postcode=postcode)
            grant(database, actor, role, flag if role in AT_ORGANISATIONS else None, place)
            people[f"{role}{suffix}"] = actor
    with program.transaction() as session:
        people["region_administrator"] = a_person(session, first_name="Bea", postcode="5611 AA")
    grant(database, people["region_administrator"], Role.REGION_ADMINISTRATOR, None, None)


def _help(village: Village, program: Program) -> None:
    """Ria asked, Tonnie of Helmond helps; another question waits for her choice, and one for a makelaar."""
    people, keys = village.people, village.keys
    with program.transaction() as session:
        asker = people["asker"]
        people["helper"] = a_person(
            session, first_name="Tonnie", achternaam="Stilstaander", email="tonnie.geheim@voorbeeld.nl",
            telefoon="06 67891234", huisnummer="7", postcode="5708 XZ", geboortejaar=1929,
        )  # fmt: skip
        offer = an_offer(session, people["helper"], minutenPerWeek=2400)
        agreement = an_agreement(session, asker, people["helper"])
        keys |= {"offer": offer.id, "agreement": agreement.id, "agreed_request": agreement.help_request_id}
        keys["occurrence"] = occur.get(session, asker, agreement.id).occurrences[0].id
        cost = agreed.propose(session, asker, agreement.id, NewCost.model_validate(
            {"soort": "parkeren", "betaler": "vrager", "bedrag": 500}))  # fmt: skip
        keys["cost"] = cost.id
    street = "UPDATE contact SET street = :street WHERE person_id = :id RETURNING person_id"
    rows_of(village.database, street, street="Achterafpad", id=people["helper"].person_id)
    with program.transaction() as session:
        act(session, asker)
        request = a_request(session, asker, titel="Een eindje om", toelichting="er ligt een sleutel onder de mat",
                            zichtbaarVoor="voorgesteld")  # fmt: skip
        keys["request"] = request.id
        draft = help_requests.draft(session, asker, _a_draft())
        keys["draft"] = draft.id
    with program.transaction() as session:
        act(session, asker)
        public = a_request(session, asker, titel="Een praatje in het park")
        keys["public"] = public.id
        keys["proposal"] = a_willing_helper(session, asker, people["helper"], public).id
        said = NewMessage.model_validate({"bericht": "Komt dinsdag u uit?", "sleutel": str(uuid4())})
        conversations.send(session, asker, keys["proposal"], said)
    with program.transaction() as session:
        act(session, asker)
        third = a_request(session, asker, titel="Samen naar de bus")
        meeting = a_willing_helper(session, asker, people["helper"], third)
        keys["meeting"] = answer.meet(session, act(session, asker), meeting.id).id


def _a_draft() -> Any:
    from app.help_requests.schemas import NewHelpRequest

    return NewHelpRequest.model_validate({"categorie": "samen-op-pad", "titel": "Nog niet af", "minuten": 60})


def _ring(village: Village, program: Program) -> None:
    """Ria, Kees and Ans can help one another round; and a night's sharing out."""
    people, keys = village.people, village.keys
    asks = {"asker": "samen-eten-of-koken", "kees": "samen-op-pad", "ans": "boodschappen-en-ophalen"}
    does = {"asker": "samen-op-pad", "kees": "boodschappen-en-ophalen", "ans": "samen-eten-of-koken"}
    with program.transaction() as session:
        others = {name: a_person(session, first_name=name.capitalize()) for name in ("kees", "ans")}
        for name, category in asks.items():
            actor = act(session, (people | others)[name])
            a_request(session, actor, categorie=category, titel=f"Iets voor {name}")
            an_offer(session, actor, categorieen=[does[name]], titel=f"Dit doet {name}")
    tasks.find_rings(Work(village.site.state.settings, program))
    query = "SELECT id FROM ring WHERE :ria = ANY (member_ids)"
    keys["ring"] = rows_of(village.database, query, ria=people["asker"].person_id)[0][0]
    with program.transaction() as session:
        keys["distribution"] = distribution.make(session, act(session, people["broker"]), GELDROP_MIERLO).id
    keys["line_of_run"] = rows_of(village.database, "SELECT id FROM distribution_line ORDER BY id")[0][0]


def _others_rows(village: Village, program: Program) -> None:
    """Who acts for whom, a copy of one's data, something unusual, and a check."""
    people, keys = village.people, village.keys
    with program.transaction() as session:
        broker = act(session, people["broker"])
        cases.note(session, broker, keys["public"], "Ria klonk verdrietig aan de telefoon")
        keys["representation"] = a_representation(session, broker, people["helper"], people["asker"]).id
        secret, colleague = village.site.state.secret, act(session, people["colleague"])
        keys["mandate_link"] = mandates.link(session, secret, "https://testserver", colleague).token
        asker = act(session, people["asker"])
        keys["copy"] = export.ask(session, asker).id
        keys["choices"] = signposts.keep(session, asker, ["k", "k1a"]).id
        giving.donate(session, asker, giving.Gift(15, "gladiolen", "Dank u, voor de gladiolen"))
        issued = paper.issue(session, asker, paper.holder(session, asker), (1, 15), "p")
        keys["paper"] = issued.papers[0].code
    keys["signal"] = rows_of(
        village.database,
        "INSERT INTO roosjes_signal (id, municipality_id, kind, person_id, since, minutes, remark)"
        " VALUES (gen_random_uuid(), 1771, 'long_day', :ria, current_date, 1500, '') RETURNING id",
        ria=people["asker"].person_id,
    )[0][0]
    keys["failed_mail"] = rows_of(
        village.database,
        "INSERT INTO dispatch (id, municipality_id, person_id, carrier, notice_ids, failed_at, failure)"
        " VALUES (gen_random_uuid(), 1771, :ria, 'mail', ARRAY[gen_random_uuid()], now(), 'refused') RETURNING id",
        ria=people["asker"].person_id,
    )[0][0]
    keys["webhook"] = rows_of(
        village.database,
        "INSERT INTO webhook (id, municipality_id, made_by_id, name, address, kinds)"
        " VALUES (gen_random_uuid(), 1771, :ria, 'Zaken', 'https://hook.example/zaken', '{afspraak.klaar}')"
        " RETURNING id",
        ria=people["asker"].person_id,
    )[0][0]
    keys["webhook_message"] = rows_of(
        village.database,
        "INSERT INTO webhook_message (id, municipality_id, webhook_id, kind, status)"
        " VALUES (gen_random_uuid(), 1771, :webhook, 'proef', 'dead') RETURNING id",
        webhook=keys["webhook"],
    )[0][0]
    _paid_and_netted(village)
    _checks(village, program)


def _together(village: Village, program: Program) -> None:
    """Ria hosts coffee, which the desk approved; and the organisation has something for residents."""
    people, keys = village.people, village.keys
    with program.transaction() as session:
        asker = act(session, people["asker"])
        keys["activity"] = activities.make(session, asker, a_new_activity(session)).id
    with program.transaction() as session:
        broker = act(session, people["broker"])
        judging.approve(session, broker, keys["activity"])
        keys["activity_date"] = activities.dates_of(session, broker, keys["activity"])[0].id
        new = {"naam": "Inloop", "toelichting": "Loop binnen.", "categorieen": ["samen-op-pad"]}
        typed = NewProvision.model_validate(new | {"organisatie": keys["organisation"]})
        keys["provision"] = keeping.add(session, broker, typed).id
    with program.transaction() as session:
        asker = act(session, people["asker"])
        keys["agenda"] = new_api_token(session, asker.person_id, "agenda", 30, TokenScope.CALENDAR)
    keys["talk"] = rows_of(
        village.database,
        "INSERT INTO coupling_talk (id, municipality_id, helper_municipality_id, agreement_id, asker_id, helper_id,"
        " kind, due_on, status, version) SELECT gen_random_uuid(), municipality_id, helper_municipality_id, id,"
        " asker_id, helper_id, 'start', current_date, 'due', 1 FROM agreement WHERE id = :agreement RETURNING id",
        agreement=keys["agreement"],
    )[0][0]
    keys["guided_talk"] = rows_of(
        village.database,
        "INSERT INTO coupling_talk (id, municipality_id, helper_municipality_id, agreement_id, asker_id, helper_id,"
        " kind, due_on, status, version) SELECT gen_random_uuid(), municipality_id, helper_municipality_id, id,"
        " asker_id, helper_id, 'eind', current_date, 'due', 1 FROM agreement WHERE id = :agreement RETURNING id",
        agreement=keys["agreement"],
    )[0][0]
    flag = "UPDATE coupling_talk SET organisation_id = :flag WHERE id = :talk RETURNING id"
    rows_of(village.database, flag, flag=keys["organisation"], talk=keys["guided_talk"])


SQUARE: Final = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9H0Z"/></svg>'


def _faces(village: Village, program: Program) -> None:
    """Ria told a story, brought in an idea and said something of it; and the municipality has a look."""
    people, keys = village.people, village.keys
    with program.transaction() as session:
        ria = act(session, people["asker"])
        told = {"titel": "Naar de markt", "verhaal": "Wij gaan samen.", "magErop": True}
        keys["story"] = stories.post(session, ria, NewStory.model_validate(told)).id
        thought = NewIdea.model_validate({"titel": "Een bankje", "idee": "Bij de brug."})
        keys["idea"] = ideas.bring_in(session, ria, thought).id
    with program.transaction() as session:
        broker = act(session, people["broker"])
        stories.approve(session, broker, keys["story"])
        ideas.approve(session, broker, keys["idea"])
    with program.transaction() as session:
        said = NewReaction.model_validate({"reactie": "Met een leuning."})
        keys["reaction"] = ideas.react(session, act(session, people["asker"]), keys["idea"], said).id
    with program.transaction() as session:
        ideas.approve_reaction(session, act(session, people["broker"]), keys["reaction"])
    with program.transaction() as session:
        administrator = act(session, people["municipality_administrator"])
        looks.change(session, administrator, 1771, LookChange.model_validate({"hoofdkleur": "#154273"}))
        look = looks.change_logo(session, administrator, 1771, SQUARE)
        shown = looks.publish(session, administrator, 1771, look.version)
        keys |= {"look": shown.id, "look_sheet": shown.key, "look_logo": shown.logo_key}
        looks.begin(session, administrator, 1771)


def _insight(village: Village, program: Program) -> None:
    """Half a year that was told, a point of the panel, a Factlab, settings as they were, and a file that was read."""
    keys = village.keys
    with program.transaction() as session:
        administrator = act(session, village.people["municipality_administrator"])
        municipality = session.get_one(Municipality, 1771)
        now = settings.current(session, municipality).model_dump(mode="json", by_alias=True)
        versions.keep(session, administrator, 1771, now, {**now, "versie": now["versie"] + 1})
        keys["settings_version"] = versions.history(session, administrator, 1771)[0].row.id
        example = NewTemplate.model_validate({"titel": "Rustig", "waarom": "Zo went iedereen."})
        keys["settings_template"] = versions.share(session, administrator, 1771, example, now).id
        point = NewPoint.model_validate({"titel": "Bellen duurt lang", "datum": "2026-01-12"})
        keys["panel_point"] = panel.write_down(session, administrator, 1771, point).id
        lab = NewFactlab.model_validate({"titel": "Gezinnen", "deelnemers": "Jeugdhulp\nSchuldhulp"})
        keys["factlab"] = factlab.prepare(session, administrator, 1771, lab).id
        file = b"voornaam;postcode\nJo;niets"
        read = imports.run(session, administrator, 1771, ImportKind.PEOPLE, file, rehearsal=True)
        keys["import_run"] = read.id
        half = Period(date(2025, 1, 1), date(2025, 7, 1))
        figures = releases.half_figures(Facts([], [], [], 0, (0, 0), []), {})
        every = [row.id for row in rows_of(village.database, "SELECT id FROM municipality WHERE joined")]
        scope_to(session, system(frozenset(every)).scope)
        session.add_all(
            Release(municipality_id=id, span=Span.HALF, since=half.since, until=half.until, figures=figures)
            for id in every
        )
        keys["half"] = "2025-01"
    keys["joining_place"] = rows_of(
        village.database,
        "SELECT id FROM municipality WHERE joined AND id NOT IN (SELECT municipality_id FROM role_grant"
        " WHERE role = 'municipality_administrator' AND municipality_id IS NOT NULL) ORDER BY id LIMIT 1",
    )[0].id


def _casework(village: Village, program: Program) -> None:
    """Ria's case has a task, a question to a specialist, a plan with a line; and she said how heavy it is."""
    people, keys = village.people, village.keys
    with program.transaction() as session:
        broker = act(session, people["broker"])
        asked = keys["public"]
        task = NewTask.model_validate({"taak": "Bellen", "soortTaak": "belofte", "werkdagen": 3})
        keys["task"] = tasks_of_case.add(session, broker, asked, task).id
        question = NewQuestion.model_validate(
            {"deskundige": "wijkverpleegkundige", "vraagstelling": "Wat nu?"}
        )
        keys["consult"] = questions.ask(session, broker, asked, question).id
        who = people["asker"].person_id
        plan = households.make(session, broker, who, NewPlan.model_validate({"watWillenZij": "Rust."}))
        line = {"bron": "eigen-kring", "wat": "De dochter kookt", "vanaf": today(session).isoformat()}
        keys["plan_line"] = lines.add(session, broker, plan.id, NewLine.model_validate(line)).id
        keys["household"] = plan.id
        keys["plan_moment"] = households.get(session, broker, plan.id).moments[0].id
        joop = a_person(session, first_name="Joop")
        act(session, broker)
        event = NewEvent.model_validate({"gebeurtenis": "ziekenhuis", "zeker": True})
        keys["in_hospital"] = life.happened(session, broker, joop.person_id, event).person_id
        keys["load"] = carers.write_down(session, broker, who, NewLoad.model_validate({"hoeZwaar": 5})).id


def _chain(village: Village, program: Program) -> None:
    """A practice has a link; what a ward sent is about Ria and with the organisation; the referrer sent one too."""
    people, keys = village.people, village.keys
    secret = village.site.state.secret
    about = {"voornaam": "Ria", "postcode": "5664 HJ", "telefoon": "06 12121212", "wens": "mensen", "vindtGoed": True,
             "magTerugvertellen": True, "uwNaam": "Anja", "thuisDag": _soon(program), "nodig": ["was"]}  # fmt: skip
    with program.transaction() as session:
        broker = act(session, people["broker"])
        new = NewLink.model_validate({"naam": "Praktijk De Linde", "bron": "huisarts"})
        link = links.make(session, broker, GELDROP_MIERLO, new)
        keys |= {"referral_link": link.id, "practice": links.token_of(secret, link)}
        phoned = sending.at_desk(session, broker, NewPhoned.model_validate(about | {"bron": "ziekenhuis"}))
        keys |= {"referral": phoned.id, "referral_told": links.told_token(secret, phoned.id, today(session))}
    with program.transaction() as session:
        referrer = act(session, people["referrer"])
        keys["referral_sent"] = sending.by_referrer(session, referrer, NewReferral.model_validate(about)).id
    rows_of(
        village.database,
        "UPDATE referral SET person_id = :ria, organisation_id = :flag, owner_id = :els, status = 'taken'"
        " WHERE id = :id RETURNING id",
        ria=people["asker"].person_id, flag=keys["organisation"], els=people["organisation_member"].person_id,
        id=keys["referral"],
    )  # fmt: skip
    keys["referral_need"] = rows_of(
        village.database, "SELECT id FROM referral_need WHERE referral_id = :id", id=keys["referral"]
    )[0][0]


def _partners(village: Village, program: Program) -> None:
    """Two ask to join; there is a covenant; somebody is invited, helps, and two organisations are introduced."""
    people, keys, database = village.people, village.keys, village.database
    keys["organisation_two"] = an_organisation(database, "Koor Vals Alarm")
    for name, key in (("asker", "joining_of_ria"), ("neighbour", "joining")):
        typed = {
            "naam": f"Club {name}",
            "soort": "club",
            "wat": "Wij zingen.",
            "telefoon": "040 1234567",
            "functie": "voorzitter",
        }
        with program.transaction() as session:
            who = act(session, people[name])
            keys[key] = joining.ask(session, who, GELDROP_MIERLO, NewJoining.model_validate(typed)).id
    with program.transaction() as session:
        administrator = act(session, people["municipality_administrator"])
        new = NewCovenant.model_validate({"tekst": "Wij sturen niemand door zonder ja."})
        covenants.publish(session, administrator, GELDROP_MIERLO, new)
    with program.transaction() as session:
        els = act(session, people["organisation_administrator"])
        invite = Invite.model_validate({"rol": "volunteer", "email": "joke@voorbeeld.nl", "voornaam": "Joke"})
        keys["org_invitation"] = partner_people.invite(session, els, keys["organisation"], invite).id
    with program.transaction() as session:
        two = {
            "een": str(keys["organisation"]),
            "ander": str(keys["organisation_two"]),
            "waarom": "Samen zingen.",
        }
        broker = act(session, people["broker"])
        keys["introduction"] = introductions.propose(
            session, broker, GELDROP_MIERLO, NewIntroduction.model_validate(two)
        ).id
    keys["org_volunteer"] = rows_of(
        database,
        "INSERT INTO organisation_volunteer (id, municipality_id, organisation_id, person_id, exclusive)"
        " VALUES (gen_random_uuid(), 1771, :flag, :ria, false) RETURNING id",
        flag=keys["organisation"], ria=people["asker"].person_id,
    )[0][0]  # fmt: skip
    keys["org_role"] = rows_of(
        database, "SELECT id FROM role_grant WHERE organisation_id = :flag AND role = 'organisation_member'",
        flag=keys["organisation"],
    )[0][0]  # fmt: skip


def _outreach(village: Village, program: Program) -> None:
    """A talk with Ria, somebody to look in on, a trustee, and a mediation by Tonnie, who was trained for it."""
    people, keys, database = village.people, village.keys, village.database
    said = {
        "ria": people["asker"].person_id,
        "marja": people["broker"].person_id,
        "tonnie": people["helper"].person_id,
    }

    def made(statement: str) -> Any:
        used = {name: value for name, value in said.items() if f":{name}" in statement}
        return rows_of(database, f"{statement} RETURNING id", **used)[0][0]

    keys["phone_talk"] = made(
        "INSERT INTO phone_talk (id, municipality_id, person_id, by_id, way, lines)"
        " VALUES (gen_random_uuid(), 1771, :ria, :marja, 'telefoon', ARRAY['Wij vragen niets meer.'])"
    )
    keys["outreach"] = made(
        "INSERT INTO outreach (id, municipality_id, seen_by, from_name, from_reach, agreed, about_name, about_phone,"
        " house_number, pc4, words, status, outcome, version) VALUES (gen_random_uuid(), 1771, 'buur', '', '', false,"
        " '', '', '', 5664, 'De gordijnen blijven dicht.', 'new', '', 1)"
    )
    keys["trustee"] = made(
        "INSERT INTO trustee (id, municipality_id, person_id, pc4, people, words, made_by_id)"
        " VALUES (gen_random_uuid(), 1771, :ria, 5664, '', '', :marja)"
    )
    keys["mediator"] = made(
        "INSERT INTO mediator (id, municipality_id, person_id, trained_on, valid_until, made_by_id)"
        " VALUES (gen_random_uuid(), 1771, :tonnie, current_date - 30, current_date + 300, :marja)"
    )
    keys["mediation"] = made(
        "INSERT INTO mediation (id, municipality_id, asker_id, words, other, mediator_id, status, version)"
        " VALUES (gen_random_uuid(), 1771, :ria, 'De heg.', '', :tonnie, 'assigned', 1)"
    )


def _soon(program: Program) -> str:
    with program.transaction() as session:
        return (today(session) + timedelta(days=2)).isoformat()


def _paid_and_netted(village: Village) -> None:
    """What one time cost, as its helper wrote it down, and what two municipalities would net."""
    keys = village.keys
    keys["paid"] = rows_of(
        village.database,
        "INSERT INTO paid_cost (id, municipality_id, helper_municipality_id, agreed_cost_id, occurrence_id, asker_id,"
        " helper_id, cents, status) SELECT gen_random_uuid(), municipality_id, helper_municipality_id, id, :time,"
        " asker_id, helper_id, 100, 'reported' FROM agreed_cost WHERE id = :cost RETURNING id",
        time=keys["occurrence"], cost=keys["cost"],
    )[0][0]  # fmt: skip
    keys["netting"] = rows_of(
        village.database,
        "INSERT INTO ledger.netting (taker_id, giver_id, month, amount, proposed_at) SELECT 1771, 794,"
        " (date_trunc('month', now()) - interval '1 month')::date, 10, now() RETURNING id",
    )[0][0]
    keys["bill"] = rows_of(village.database, "SELECT id FROM welfare_receipt")[0][0]
    keys["sale"] = rows_of(village.database, "SELECT min(batch_id) FROM ledger.serial")[0][0]


def _checks(village: Village, program: Program) -> None:
    """What a makelaar saw of the helper of here, and what the organisation saw of its own volunteer."""
    people, keys = village.people, village.keys
    new = NewCheck.model_validate({"soort": "vog"})
    with program.transaction() as session:
        noor, offer = a_helper(session, first_name="Noor", postcode="5664 HJ")
        keys |= {"volunteer": noor.person_id, "helped_here": noor.person_id}
        key = offer.id
    under = "UPDATE help_offer SET organisation_id = :flag WHERE id = :offer RETURNING id"
    rows_of(village.database, under, flag=keys["organisation"], offer=key)
    rows_of(
        village.database,
        "INSERT INTO person_check (id, municipality_id, person_id, kind, valid_from, number)"
        " VALUES (gen_random_uuid(), 1771, :tonnie, 16, current_date, '19012345601'),"
        " (gen_random_uuid(), 1771, :ria, 16, current_date, '19012345602') RETURNING id",
        tonnie=people["helper"].person_id,
        ria=people["asker"].person_id,
    )
    with program.transaction() as session:
        broker = act(session, people["broker"])
        keys["check"] = checks.record(session, broker, noor.person_id, new).id
    with program.transaction() as session:
        administrator = act(session, people["organisation_administrator"])
        keys["own_check"] = volunteers.record(session, administrator, noor.person_id, new).id


def _ways_in(village: Village) -> None:
    """Ria's key, a browser of hers, the way of her municipality in; and a colleague, invited and at work."""
    keys, ria, joost = village.keys, village.people["asker"].person_id, village.people["colleague"].person_id

    def made(statement: str) -> Any:
        return rows_of(village.database, statement, ria=ria, joost=joost, way=keys.get("way_in"))[0][0]

    keys["way_in"] = made(
        "INSERT INTO oidc_provider (id, municipality_id, name, issuer, client_id, client_auth, secret_from, origins,"
        " scopes, acr_values, second_acr, second_amr, email_domains, role_claim, role_map, registers, staff_only,"
        " session_hours) VALUES (gen_random_uuid(), 1771, 'DorpsPas', 'http://127.0.0.1:9', 'zve', 'none', '', '{}',"
        " '{openid}', '{}', '{}', '{}', '{}', '', '{}', true, false, 8) RETURNING id"
    )
    made("INSERT INTO oidc_identity (provider_id, subject_hash, person_id, proof)"
         " VALUES (:way, 'x', :ria, 'session') RETURNING person_id")  # fmt: skip
    keys["passkey"] = made(
        "INSERT INTO passkey (id, person_id, credential_id, public_key, user_handle, sign_count, name)"
        " VALUES (gen_random_uuid(), :ria, 'c', 'p', 'u', 0, 'Telefoon') RETURNING id"
    )
    keys["device"] = made(
        "INSERT INTO push_device (id, municipality_id, person_id, endpoint, mark, public_key, auth, server_key, name)"
        " VALUES (gen_random_uuid(), 1771, :ria, 'https://push.example/ria', sha256('ria'), decode(repeat('04', 65),"
        " 'hex'), decode(repeat('01', 16), 'hex'), decode(repeat('04', 65), 'hex'), 'Firefox, Android') RETURNING id"
    )
    keys["browser"] = made(
        "INSERT INTO web_session (token_hash, person_id, expires_at)"
        " VALUES ('elders', :ria, ledger.now() + interval '9 days') RETURNING id"
    )
    keys["token"] = made(
        "INSERT INTO api_token (token_hash, person_id, name, scope, expires_at)"
        " VALUES ('agenda', :ria, 'mijn agenda', 'read', ledger.now() + interval '9 days') RETURNING id"
    )
    keys["works_here"] = joost
    keys["role"] = made("SELECT id FROM role_grant WHERE person_id = :joost")
    keys["invitation"] = made(
        "INSERT INTO staff_invitation (id, municipality_id, email, first_name, role, invited_by_id, expires_at)"
        " VALUES (gen_random_uuid(), 1771, 'nieuw@gemeente.voorbeeld.nl', 'Nienke', 'broker', :joost,"
        " ledger.now() + interval '7 days') RETURNING id"
    )


def _safety(village: Village, program: Program) -> None:
    """Ria reported Tonnie and blocked him; somebody was suspended and appealed; there is a file about Ria."""
    people, keys = village.people, village.keys

    def in_turn(who: str, work: Callable[[Any, Actor], Any]) -> Any:
        with program.transaction() as session:
            return work(session, act(session, people[who]))

    def reported(session: Any, ria: Actor) -> Any:
        at = subjects.contact(session, ria, "afspraak", keys["agreement"])
        typed = {"waarover": "unsafe", "uitleg": "hij dreigde", "hoeSnel": "now"}
        return reports.report(session, ria, at, NewReport.model_validate(typed))

    keys["report"] = in_turn("asker", reported)
    with program.transaction() as session:
        people["suspended"] = a_person(session, first_name="Sjef")
        day = (today(session) + timedelta(days=20)).isoformat()
    wanted = {
        "waarom": "looking",
        "uitleg": "wij zoeken uit of hij dreigde",
        "afspraken": "stop",
        "kijkWeerOp": day,
    }
    keys["suspension"] = in_turn(
        "colleague",
        lambda s, colleague: (
            suspensions.suspend(
                s, colleague, people["suspended"].person_id, NewSuspension.model_validate(wanted)
            ).id
        ),
    )
    appeal = NewAppeal.model_validate({"uitleg": "Ik zei niet dat: hij dreigde"})
    keys["appeal"] = in_turn("suspended", lambda s, sjef: suspensions.appeal(s, sjef, appeal).id)
    new_file = NewFile.model_validate({"aanleiding": "blauwe plekken"})
    why = Opening.model_validate({"reden": "Ria belde vanmorgen in paniek."})

    def filed(session: Any, officer: Actor) -> Any:
        made = files.start(session, officer, people["asker"].person_id, new_file).id
        files.open_file(session, officer, made, why)
        files.write(session, officer, made, NewEntry.model_validate({"notitie": "blauwe plekken gezien"}))
        return made

    keys["file"] = in_turn("safety_officer", filed)

    def blocked(session: Any, ria: Actor) -> Any:
        at = subjects.contact(session, ria, "afspraak", keys["agreement"])
        return blocks.block(session, ria, at, NewBlock.model_validate({"afspraken": "keep"})).id

    with program.transaction() as session:
        # somebody else, so that what stands between Ria and Tonnie goes on
        other = a_person(session, first_name="Dirk", postcode="5708 AB")
        an_offer(session, other)
        talked = a_agreement_id(session, people["asker"], other)
    keys["agreement"], kept = talked, keys["agreement"]
    keys["block"] = in_turn("asker", blocked)
    keys["agreement"] = kept
    keys["safety_signal"] = rows_of(
        village.database,
        "INSERT INTO safety_signal (id, municipality_id, kind, person_id, since, count, remark)"
        " VALUES (gen_random_uuid(), 1771, 'money', :ria, current_date, 3, '') RETURNING id",
        ria=people["asker"].person_id,
    )[0][0]
    rules = NewRules.model_validate({"huisregels": "Wees vriendelijk.", "watVeranderde": "Alles."})
    in_turn("municipality_administrator", lambda s, an: house_rules.publish(s, an, GELDROP_MIERLO, rules))


def a_agreement_id(session: Any, asker: Actor, helper: Actor) -> Any:
    """One more, to block somebody at."""
    return an_agreement(session, asker, helper, titel="Nog een wandeling").id


def headers(program: Program, actor: Actor) -> dict[str, str]:
    with program.transaction(Scope()) as session:
        act_as(session, actor.person_id)
        token = new_api_token(session, actor.person_id, "t")
        cookie = open_session(session, actor.person_id, proof=SHOWN)
    return {"authorization": f"Bearer {token}", "cookie": f"{SESSION_COOKIE}={cookie}", "key": str(uuid4())}
