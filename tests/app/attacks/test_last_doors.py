"""Webhooks, links without an end, files that are read, and two at one moment: where nobody had looked yet."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from uuid import UUID

import pytest

from app import outgoing
from app.access.actor import Actor
from app.access.roles import Role
from app.clock import today
from app.db import Database as Program
from app.errors import Forbidden, NotFound
from app.factlab import counting
from app.ids import uuid7
from app.imports.lines import NotAFile, PersonLine, read
from app.looks import logo, tokens
from app.looks.logo import WrongLogo
from app.notifications import wishes
from app.notifications.groups import Group, Way
from app.outgoing import Answer, NotOnTheList
from app.partners import covenants
from app.partners.schemas import NewCovenant
from app.referrals import links, sending
from app.representations import mandates
from app.representations.schemas import Mandate
from app.webhooks import sending as webhooks
from tests.app.attacks.test_at_once import Act, at_once, refusals
from tests.app.attacks.test_new_doors import Doors
from tests.app.factories import EINDHOVEN, GELDROP_MIERLO, a_member_of_staff, act, nobody
from tests.app.referrals.making import SECRET
from tests.databases import Database
from tests.sites import a_program

ADMINISTRATOR = Role.MUNICIPALITY_ADMINISTRATOR
WEBHOOK = (
    "INSERT INTO webhook (id, municipality_id, made_by_id, name, address, kinds)"
    " VALUES (:id, :there, :maker, 'Zaken', 'https://zaken.voorbeeld.nl/' || :id, '{hulpvraag.open}')"
)
MESSAGE = (
    "INSERT INTO webhook_message (id, municipality_id, webhook_id, kind, subject_id)"
    " VALUES (:id, :there, :webhook, :kind, :subject)"
)


class Town(Doors):
    """The same, with two who administer it, and one of a neighbour."""

    def __init__(self, database: Database, program: Program) -> None:
        super().__init__(database, program)
        with program.transaction() as session:
            self.an = a_member_of_staff(database, session, role=ADMINISTRATOR, first_name="An")
            self.joop = a_member_of_staff(database, session, role=ADMINISTRATOR, first_name="Joop")
            self.fatma = a_member_of_staff(
                database, session, role=ADMINISTRATOR, municipality_id=EINDHOVEN, first_name="Fatma"
            )

    def a_webhook(self, who: Actor, there: int = GELDROP_MIERLO) -> UUID:
        key = uuid7()
        self.does(who, WEBHOOK, id=key, there=there, maker=who.person_id)
        return key


@pytest.fixture(scope="module")
def town(new_database: Callable[[], Any]) -> Iterator[Town]:
    """One town for all of these: what a test commits is of rows of its own."""
    with new_database() as database:
        program = a_program(database.app_url, pool_size=4)
        yield Town(database, program)
        program.close()


def test_a_webhook_is_its_administrators_in_their_own_name(town: Town) -> None:
    def tries(who: Actor, there: int, maker: Actor) -> bool:
        return town.tries(who, WEBHOOK, there=there, maker=maker.person_id)

    assert not tries(town.an, GELDROP_MIERLO, town.an)
    assert tries(town.an, GELDROP_MIERLO, town.joop)
    for who in (town.ria, town.marja, town.bram, town.fatma):
        assert tries(who, GELDROP_MIERLO, who), who.first_name
    town.a_webhook(town.an)
    reads = "SELECT address FROM webhook"
    assert town.reads(town.joop, reads)
    for who in (town.ria, town.marja, town.bram, town.fatma):
        assert town.reads(who, reads) == [], who.first_name


def test_no_system_hears_what_never_happened(town: Town) -> None:
    ours = town.a_webhook(town.an)

    def tries(who: Actor, kind: str, there: int = GELDROP_MIERLO, subject: UUID | None = None) -> bool:
        return town.tries(who, MESSAGE, there=there, webhook=ours, kind=kind, subject=subject)

    assert not tries(town.an, "proef")
    for who in (town.ria, town.marja, town.bram, town.fatma):
        assert tries(who, "proef"), who.first_name
    assert tries(town.an, "organisatie.aangesloten", subject=uuid7())
    assert tries(town.an, "proef", subject=uuid7())
    assert tries(town.fatma, "proef", there=EINDHOVEN)


def test_what_was_sent_is_let_go_of_by_the_worker_only(town: Town) -> None:
    ours = town.a_webhook(town.an)
    town.does(town.an, MESSAGE, webhook=ours, there=GELDROP_MIERLO, kind="proef", subject=None)

    for table in ("webhook_message", "webhook"):
        town.does(town.an, f"DELETE FROM {table}")
    assert len(town.reads(town.an, "SELECT id FROM webhook_message")) == 1
    assert town.reads(town.an, "SELECT id FROM webhook")


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("9" * 5000, 6 * 3600), ("120", 120), ("\N{ARABIC-INDIC DIGIT FOUR}", 0), ("-1", 0)],
)
def test_how_long_a_system_asks_to_be_left_alone_stays_within_bounds(
    monkeypatch: pytest.MonkeyPatch, asked: str, seconds: int
) -> None:
    monkeypatch.setattr(outgoing, "post_there", lambda *_, **__: Answer(503, b"", asked))

    ready = webhooks.Ready("https://zaken.voorbeeld.nl/", inside=False, body=b"{}", headers={})
    assert webhooks.post(ready) == webhooks.Outcome(503, seconds)


@pytest.mark.parametrize(
    "address",
    ["::127.0.0.1", "::ffff:0:7f00:1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "fec0::1", "4000::1"],
)  # fmt: skip
def test_no_address_in_which_another_hides_is_of_the_internet(address: str) -> None:
    assert not outgoing.may_be_asked(ip_address(address), inside=False)
    assert outgoing.may_be_asked(ip_address("2606:4700::1111"), inside=False)


@pytest.mark.parametrize(
    "host", ["m\N{LATIN SMALL LETTER U WITH DIAERESIS}nchen.voorbeeld", "a b.nl", "a%0d.nl"]
)
def test_a_name_that_no_header_holds_is_no_address(host: str) -> None:
    with pytest.raises(NotOnTheList):
        outgoing.origin_of(f"https://{host}/")


def test_of_two_who_publish_a_covenant_at_once_each_is_a_version(town: Town) -> None:
    with town.program.transaction() as session:
        nobody(session)
    first, second = (
        NewCovenant.model_validate({"tekst": f"Niemand zonder ja: {word}.", "watVeranderde": "Een zin"})
        for word in ("een", "twee")
    )

    came = at_once(
        town.program,
        (town.fatma, lambda s, a: covenants.publish(s, a, EINDHOVEN, first).number),
        (town.fatma, lambda s, a: covenants.publish(s, a, EINDHOVEN, second).number),
        (town.fatma, lambda s, a: covenants.publish(s, a, EINDHOVEN, second).number),
    )

    # of the same words twice, the later is no new version, unless another came in between
    assert sorted(one for one in came if isinstance(one, int)) in ([1, 2], [1, 2, 3])
    assert refusals(came) in ([], ["invalid"])


def test_a_mandate_that_is_given_from_several_windows_is_one(town: Town) -> None:
    with town.program.transaction() as session:
        token = mandates.link(session, SECRET, "https://voorbeeld.nl", act(session, town.ria)).token
    wanted = Mandate.model_validate({"soort": "contactpersoon"})
    press: Act = lambda s, a: mandates.give(s, a, SECRET, token, wanted).id  # noqa: E731

    came = at_once(town.program, *[(town.eva, press)] * 3)

    assert refusals(came) == ["representation-stands"] * 2


def test_the_link_to_one_referral_ends(town: Town) -> None:
    key = town.refer()
    with town.program.transaction() as session:
        day = today(session)
        nobody(session)
        told = links.told_token(SECRET, key, day)
        for later in (0, 180):
            found = links.told_key(SECRET, told, day + timedelta(days=later))
            assert sending.told(session, found).id == key
        for wrong in (-1, 181, 5000):
            with pytest.raises(NotFound):
                links.told_key(SECRET, told, day + timedelta(days=wrong))


def test_whose_role_ended_and_who_lives_nowhere_here_chooses_nothing_and_meets_no_error(town: Town) -> None:
    with town.program.transaction() as session:
        wim = a_member_of_staff(town.database, session, role=Role.REFERRER, first_name="Wim")
    wanted = {Group.MESSAGES: Way.DAY}
    with town.program.transaction() as session:
        wishes.choose(session, act(session, wim), wanted)

    town.owner("DELETE FROM role_grant WHERE person_id = :wim RETURNING id", wim=wim.person_id)

    both: tuple[Act, ...] = (
        lambda s, a: wishes.choose(s, a, wanted),
        lambda s, a: wishes.choose_push(s, a, []),
    )
    for choose in both:
        with town.program.transaction() as session, pytest.raises(Forbidden):
            choose(session, act(session, wim))


DECLARED = '<!DOCTYPE svg [<!ENTITY rood "red">]>'
DRAWN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z" fill="{}"/></svg>'


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp037"])
def test_a_logo_in_other_letters_declares_nothing(encoding: str) -> None:
    # what asks for `<svg` in the first bytes finds it in a comment
    hidden = b"<svg".decode(encoding if encoding != "utf-16" else "utf-16-le")
    head = f'<?xml version="1.0" encoding="{encoding[:6]}"?>'
    told = f"{DECLARED}<!-- {hidden} -->{DRAWN.format('&rood;')}".encode(encoding)

    for begins in (head.encode(encoding), head.encode()):
        with pytest.raises(WrongLogo):
            logo.read(begins + told)
    assert b'fill="red"' in logo.read(DRAWN.format("red").encode()).content


@pytest.mark.parametrize("colour", ["hsl(1.2.3, 5%, 5%)", "hsl(., 5%, 5%)", "hsl(1, .%, 5%)"])
def test_a_colour_of_dots_is_no_colour(colour: str) -> None:
    assert tokens.read(f'{{"color": {{"primary": "{colour}"}}}}').of("rose") == ""


def test_half_a_sign_in_a_token_is_shown_as_no_sign() -> None:
    (line,) = tokens.read('{"\\ud800": {"value": "\\udfff#fff"}}').lines

    assert f"{line.name} {line.value}".encode() == b"? ?#fff"


HEADS = {
    "voornaam;postcode\rJan;5663 EH": "an old end of line",
    f'"{"a" * 140_000}";postcode\n': "one long cell",
}


@pytest.mark.parametrize("content", HEADS, ids=HEADS.values())
def test_a_head_that_no_table_has_is_no_file(content: str) -> None:
    with pytest.raises(NotAFile):
        read(content.encode(), PersonLine)

    with pytest.raises(counting.Unreadable):
        counting.link([content.replace("voornaam", "huisnummer").encode()], ["woord"])
