"""What a provider's word is worth at a desk: a first proof, and a second one where the municipality says by what."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from app.access import invitations
from app.access.invitations import Colleague
from app.access.roles import Role
from app.db import Database as Program
from tests.app.factories import GELDROP_MIERLO, a_member_of_staff, a_person, act
from tests.databases import Database
from tests.keys import Key
from tests.web.oidc.provider import Provider
from tests.web.pages.helpers import ORIGIN, Visit
from tests.web.pages.test_getting_in import options

Browsers = Callable[[], Visit]
MARJA, RIA = "marja@geldrop-mierlo.nl", "ria@voorbeeld.nl"


def marja(
    pas: Provider, amr: tuple[str, ...] = ("pwd", "mfa"), groups: tuple[str, ...] = ("zve-makelaars",)
) -> None:
    """The provider knows a makelaar."""
    pas.vouches("m", amr, given_name="Marja", email=MARJA, email_verified=True, groups=groups)


@pytest.mark.parametrize(("words", "amr"), [([], ("pwd", "mfa")), (["mfa"], ("pwd",)), (["mfa"], ())])
def test_a_provider_that_shows_no_second_proof_opens_no_desk(
    visit: Browsers, added: Callable[..., Provider], words: list[str], amr: tuple[str, ...]
) -> None:
    pas = added(second_amr=words)
    marja(pas, amr)
    visitor = pas.sign_in(visit(), "/bureau")
    assert visitor.path == "/inloggen/tweede?next=/bureau"
    assert visitor.get("/bureau/mensen").path.startswith("/inloggen/tweede")
    assert visitor.get("/mijn").status == 200
    (row,) = visitor.rows("SELECT way, second_at, provider_id FROM web_session WHERE ended_at IS NULL")
    assert (row.way, row.second_at, row.provider_id) == ("oidc", None, pas.id)


def test_what_stands_beside_the_token_is_no_second_proof(visit: Browsers, pas: Provider) -> None:
    who = {
        "sub": "m",
        "given_name": "Marja",
        "email": MARJA,
        "email_verified": True,
        "groups": ["zve-makelaars"],
    }
    pas.control(account=who, userinfo={"amr": ["mfa"]}, tamper={"without": ["amr"]})
    assert pas.sign_in(visit(), "/bureau").path.startswith("/inloggen/tweede")


def test_a_key_shown_after_the_provider_opens_the_desk_and_moves_no_end(
    visit: Browsers, added: Callable[..., Provider], travel: Callable[[timedelta], None]
) -> None:
    pas = added(second_amr=[])
    marja(pas)
    visitor = pas.sign_in(visit(), "/bureau")
    before = visitor.rows("SELECT expires_at FROM web_session")[0].expires_at
    key = Key(ORIGIN, "testserver")
    visitor.get("/mijn/inloggen/sleutel?next=/bureau")
    made = key.made(options(visitor))
    visitor.post("/mijn/inloggen/sleutel", sleutel=made, naam="mijn telefoon", volgende="/bureau")
    assert (visitor.status, visitor.path) == (200, "/bureau")
    (after,) = visitor.rows("SELECT expires_at, provider_id FROM web_session WHERE ended_at IS NULL")
    assert (after.expires_at, after.provider_id) == (before, pas.id)
    travel(timedelta(hours=10, minutes=1))
    assert visitor.get("/bureau").path.startswith("/inloggen")


def test_the_way_out_asks_for_a_proof_of_just_now_where_it_is_to_count(
    visit: Browsers, added: Callable[..., Provider]
) -> None:
    assert "max_age=600" in added(second_acr=["high"]).leave(visit())
    assert "max_age" not in added(1, second_amr=[]).leave(visit())


def test_what_an_invitation_gave_stays_when_the_claim_that_gave_the_same_goes(
    visit: Browsers, pas: Provider, program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        karin = a_member_of_staff(fresh_database, session, role=Role.MUNICIPALITY_ADMINISTRATOR)
    marja(pas)
    visitor = pas.sign_in(visit(), "/bureau")
    wanted = Colleague.model_validate({"email": MARJA, "voornaam": "Marja", "rol": "broker"})
    secret = b"a secret of this installation"
    with program.transaction() as session:
        row = invitations.invite(session, act(session, karin), GELDROP_MIERLO, wanted)
        token = invitations.token_of(secret, row.id)
    with program.transaction() as session:
        invitations.accept(session, secret, token)
    marja(pas, groups=())
    pas.sign_in(visit())
    grants = "SELECT g.provider_id FROM role_grant g JOIN contact c USING (person_id) WHERE c.email = :email"
    assert [one.provider_id for one in visitor.rows(grants, email=MARJA)] == [None]


def test_a_way_for_staff_stands_apart_and_makes_nobody_a_resident(
    visit: Browsers, added: Callable[..., Provider]
) -> None:
    pas = added(staff_only=True)
    page = visit().get("/inloggen").page
    assert page.index("Voor medewerkers en voor andere gemeenten") < page.index("Inloggen met DorpsPas")
    pas.vouches("digid-1", given_name="Ria", email=RIA, email_verified=True)
    visitor = pas.sign_in(visit())
    assert visitor.says("Wij kennen u nog niet")
    token = visitor.path.partition("t=")[2]
    visitor.post("/inloggen/koppelen/nieuw", t=token, voornaam="Ria", postcode="5664 HJ")
    assert visitor.status == 409
    assert visitor.rows("SELECT count(*) FROM person")[0][0] == 0
    marja(pas)
    assert pas.sign_in(visit(), "/bureau").status == 200


def test_an_address_that_nobody_vouches_for_says_nothing_of_whom_we_know(
    visit: Browsers, pas: Provider, program: Program
) -> None:
    with program.transaction() as session:
        a_person(session, email=RIA)
    pages = []
    for subject, email in (("x", RIA), ("y", "niemand@voorbeeld.nl")):
        pas.vouches(subject, given_name="Ria", email=email, email_verified=False)
        visitor = pas.sign_in(visit())
        token = visitor.path.partition("t=")[2]
        page = visitor.page.replace(token, "").replace(visitor.csrf, "")
        pages.append((visitor.status, re.sub(r'nonce="[^"]*"|data-ends="[^"]*"', "", page)))
    assert pages[0] == pages[1]


def test_a_way_in_goes_only_after_a_fresh_proof_and_its_owner_reads_so(
    visit: Browsers, pas: Provider, travel: Callable[[timedelta], None]
) -> None:
    pas.vouches("digid-1", given_name="Ria")
    visitor = pas.sign_in(visit())
    token = re.search(r'name="t" value="([^"]+)"', visitor.page)
    assert token
    visitor.post("/inloggen/koppelen/nieuw", t=token[1], voornaam="Ria", postcode="5664 HJ")
    travel(timedelta(minutes=11))
    visitor.get("/mijn/inloggen")
    assert visitor.post(f"/mijn/inloggen/via/{pas.id}/los").status == 401
    assert visitor.rows("SELECT count(*) FROM oidc_identity")[0][0] == 1


NEW = {"voornaam": "Nienke", "email": "nienke@gemeente.voorbeeld.nl", "rol": "broker"}


def test_what_was_typed_waits_while_one_is_away_at_the_provider(
    visit: Browsers, pas: Provider, travel: Callable[[timedelta], None]
) -> None:
    pas.vouches(
        "k", given_name="Karin", email="karin@geldrop-mierlo.nl", email_verified=True, groups=["zve-beheer"]
    )
    here = "/gemeente/medewerkers"
    visitor = pas.sign_in(visit(), "/gemeente").get(here)
    travel(timedelta(minutes=11))
    visitor.get(here).post(here, **NEW)
    assert visitor.status == 401
    visitor.post("/inloggen/tweede", bewaard=hidden(visitor, "bewaard"))
    away = re.search(r'href="(/inloggen/via/[^"]+)"', visitor.page)
    assert away is not None
    assert away[1].endswith("?next=/inloggen/tweede/klaar")

    pas.sign_in(visitor, "/inloggen/tweede/klaar")

    assert visitor.path == "/inloggen/tweede/klaar"
    waiting = {name: hidden(visitor, name) for name in NEW}
    assert waiting == NEW
    visitor.post(here, **waiting)
    assert visitor.says("De uitnodiging is verstuurd.")
    assert [row.email for row in visitor.rows("SELECT email FROM staff_invitation")] == [NEW["email"]]


def test_what_waits_in_a_browser_is_for_nobody_else_who_signs_in_there(
    visit: Browsers, pas: Provider, travel: Callable[[timedelta], None]
) -> None:
    pas.vouches(
        "k", given_name="Karin", email="karin@geldrop-mierlo.nl", email_verified=True, groups=["zve-beheer"]
    )
    visitor = pas.sign_in(visit(), "/gemeente")
    travel(timedelta(minutes=11))
    visitor.get("/gemeente/medewerkers").post("/gemeente/medewerkers", **NEW)
    visitor.post("/inloggen/tweede", bewaard=hidden(visitor, "bewaard"))

    visitor.post("/inloggen/tweede/opnieuw", volgende="/inloggen/tweede/klaar")
    marja(pas)
    pas.sign_in(visitor, "/inloggen/tweede/klaar")

    assert visitor.path == "/mijn"
    assert NEW["email"] not in visitor.page


def hidden(visitor: Visit, name: str) -> str:
    """The value of a field that nobody sees."""
    found = re.search(rf'type="hidden" name="{name}" value="(.*?)">', visitor.page)
    assert found is not None, name
    return found[1]


def test_the_list_of_staff_says_who_comes_in_through_a_provider_that_asks_twice(
    visit: Browsers, added: Callable[..., Provider], program: Program, fresh_database: Database
) -> None:
    pas = added()
    with program.transaction() as session:
        karin = a_member_of_staff(fresh_database, session, role=Role.MUNICIPALITY_ADMINISTRATOR)
    marja(pas)
    pas.sign_in(visit(), "/bureau")

    staff = visit().sign_in(program, karin).get("/gemeente/medewerkers").page
    hers = staff[staff.index(MARJA) :]

    assert "via DorpsPas, met een tweede bewijs" in hers.partition("</article>")[0]
    assert "nog geen sleutel of app" not in hers.partition("</article>")[0]
    visit().rows(
        "UPDATE role_grant SET provider_id = NULL WHERE person_id <> :k RETURNING id", k=karin.person_id
    )
    staff = visit().sign_in(program, karin).get("/gemeente/medewerkers").page
    assert "nog geen sleutel of app" in staff[staff.index(MARJA) :].partition("</article>")[0]
