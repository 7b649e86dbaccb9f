"""Coming in through a real provider: who is new, who is known, who works there; and going out."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from app.access.actor import Actor
from app.db import Database as Program
from app.oidc import setup
from tests.app.factories import a_member_of_staff, a_person
from tests.databases import Database
from tests.web.oidc.provider import KEY, SECRET_NAME, Provider
from tests.web.pages.helpers import Visit

Browsers = Callable[[], Visit]
RIA = "ria@voorbeeld.nl"
MARJA = "marja@geldrop-mierlo.nl"


@pytest.fixture
def ria(program: Program) -> Actor:
    """Somebody who is known here."""
    with program.transaction() as session:
        return a_person(session, email=RIA)


def roles(visitor: Visit) -> list[str]:
    return sorted(row.role for row in visitor.rows("SELECT role FROM role_grant"))


def token_of(visitor: Visit) -> str:
    found = re.search(r'name="t" value="([^"]+)"', visitor.page)
    assert found
    return found[1]


def test_the_page_for_signing_in_offers_the_provider_beside_the_link(visit: Browsers, pas: Provider) -> None:
    visitor = visit().get("/inloggen?next=/helpen")
    assert visitor.says("Inloggen met DorpsPas")
    assert f"/inloggen/via/{pas.id}?next=/helpen" in visitor.page
    assert visitor.says("Stuur mij een mail")


def test_without_a_provider_nothing_is_offered(visit: Browsers) -> None:
    assert "/inloggen/via/" not in visit().get("/inloggen").page


def test_the_way_out_carries_pkce_state_and_nonce_and_no_two_are_alike(
    visit: Browsers, pas: Provider
) -> None:
    asked = [parse_qs(urlsplit(pas.leave(visit())).query) for _ in range(2)]
    assert asked[0]["code_challenge_method"] == ["S256"]
    assert asked[0]["response_type"] == ["code"]
    assert asked[0]["redirect_uri"] == [f"https://testserver/inloggen/terug/{pas.id}"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[0][name][0]) >= 43
        assert asked[0][name] != asked[1][name]


def test_a_new_resident_says_a_name_and_a_place_and_is_in(visit: Browsers, pas: Provider) -> None:
    pas.vouches("digid-1", given_name="Ria", email=RIA, email_verified=True)
    visitor = pas.sign_in(visit(), "/helpen")
    assert visitor.says("U bent hier nog niet eerder geweest")
    visitor.post("/inloggen/koppelen/nieuw", t=token_of(visitor), voornaam="Ria", postcode="5664 HJ")
    assert visitor.path == "/helpen"
    assert visitor.rows("SELECT email FROM contact")[0].email == RIA
    assert visitor.rows("SELECT proof FROM oidc_identity")[0].proof == "registered"


@pytest.mark.parametrize(
    ("client_id", "client_auth"),
    [("zve-post", "client_secret_post"), ("zve-key", "private_key_jwt"), ("zve-none", "none")],
)
def test_we_prove_ourselves_as_the_provider_asks(
    visit: Browsers, added: Callable[..., Provider], tmp_path: Path, client_id: str, client_auth: str
) -> None:
    key = tmp_path / "key.json"
    key.write_text(json.dumps(KEY.as_dict(private=True)))
    secret_from = {"private_key_jwt": f"file:{key}", "none": ""}.get(client_auth, f"env:{SECRET_NAME}")
    pas = added(client_id=client_id, client_auth=client_auth, secret_from=secret_from)
    pas.vouches("digid-1", given_name="Ria")
    assert pas.sign_in(visit()).says("U bent hier nog niet eerder geweest")


def test_the_second_time_one_is_in_at_once_and_under_another_token(visit: Browsers, pas: Provider) -> None:
    pas.vouches("digid-1", given_name="Ria")
    first = pas.sign_in(visit())
    first.post("/inloggen/koppelen/nieuw", t=token_of(first), voornaam="Ria", postcode="5664 HJ")
    again = pas.sign_in(visit(), "/mijn/vragen")
    assert (again.status, again.path) == (200, "/mijn/vragen")
    tokens = again.rows("SELECT DISTINCT token_hash FROM web_session")
    assert len(tokens) == 2
    assert again.rows("SELECT count(*) FROM person")[0][0] == 1


def test_the_subject_itself_is_not_kept(visit: Browsers, pas: Provider) -> None:
    bsn = "999990019"
    pas.vouches(bsn, given_name="Ria")
    visitor = pas.sign_in(visit())
    visitor.post("/inloggen/koppelen/nieuw", t=token_of(visitor), voornaam="Ria", postcode="5664 HJ")
    for table in ("oidc_identity", "oidc_arrival", "oidc_attempt", "web_session"):
        assert bsn not in str(visitor.rows(f"SELECT t::text FROM {table} t"))
        assert bsn.encode().hex() not in str(visitor.rows(f"SELECT t::text FROM {table} t"))


def test_an_unverified_address_is_nobodys(visit: Browsers, pas: Provider, ria: Actor) -> None:
    pas.vouches("evil", given_name="Ria", email=RIA, email_verified=False)
    visitor = pas.sign_in(visit())
    visitor.post("/inloggen/koppelen/nieuw", t=token_of(visitor), voornaam="Ria", postcode="5664 HJ")
    assert visitor.rows("SELECT count(*) FROM person")[0][0] == 2
    assert (
        visitor.rows("SELECT count(*) FROM oidc_identity WHERE person_id = :ria", ria=ria.person)[0][0] == 0
    )
    assert visitor.rows("SELECT count(*) FROM contact WHERE email = :email", email=RIA)[0][0] == 1


def test_a_verified_address_alone_opens_nobodys_page(visit: Browsers, pas: Provider, ria: Actor) -> None:
    pas.vouches("ria-1", given_name="Ria", email=RIA, email_verified=True)
    visitor = pas.sign_in(visit())
    assert visitor.says("Wij kennen dit adres al")
    assert visitor.get("/mijn/gegevens").path.startswith("/inloggen")
    assert visitor.rows("SELECT count(*) FROM oidc_identity")[0][0] == 0


def test_a_verified_address_and_ones_own_session_link(visit: Browsers, pas: Provider, ria: Actor) -> None:
    pas.vouches("ria-1", given_name="Ria", email=RIA, email_verified=True)
    visitor = pas.sign_in(visit(), "/mijn/afspraken")
    waiting = token_of(visitor)
    visitor.post("/inloggen/koppelen/mail", t=waiting)
    assert visitor.says("Kijk in uw mail")
    visitor.get("/inloggen").post("/inloggen/link", t=visitor.mailed_link(RIA))
    assert visitor.says("Voortaan inloggen met DorpsPas?")
    visitor.post("/inloggen/koppelen", t=waiting)
    assert visitor.path == "/mijn/afspraken"
    again = pas.sign_in(visit(), "/mijn/gegevens")
    assert (again.status, again.path) == (200, "/mijn/gegevens")


def test_a_session_with_another_address_links_nothing(
    visit: Browsers, pas: Provider, program: Program, ria: Actor
) -> None:
    with program.transaction() as session:
        other = a_person(session, first_name="Youssef", email="youssef@voorbeeld.nl")
    pas.vouches("ria-1", given_name="Ria", email=RIA, email_verified=True)
    visitor = pas.sign_in(visit().sign_in(program, other))
    assert visitor.says("Dit adres hoort niet bij u hier")
    token = visitor.path.partition("t=")[2]
    assert visitor.post("/inloggen/koppelen", t=token).status == 409
    assert visitor.rows("SELECT count(*) FROM oidc_identity")[0][0] == 0


def test_a_link_of_a_subject_to_one_person_is_not_moved_to_another(
    visit: Browsers, pas: Provider, program: Program, ria: Actor
) -> None:
    pas.vouches("ria-1", email=RIA, email_verified=True)
    visitor = pas.sign_in(visit().sign_in(program, ria))
    token = visitor.path.partition("t=")[2]
    visitor.post("/inloggen/koppelen", t=token)
    pas.vouches("second-subject", email=RIA, email_verified=True)
    visitor = pas.sign_in(visit().sign_in(program, ria))
    visitor.post("/inloggen/koppelen", t=visitor.path.partition("t=")[2])
    assert visitor.status == 409 or visitor.rows("SELECT count(*) FROM oidc_identity")[0][0] == 1
    assert visitor.rows("SELECT count(*) FROM oidc_identity")[0][0] == 1


def test_an_arrival_is_good_once_and_for_half_an_hour(
    visit: Browsers, pas: Provider, travel: Callable[[timedelta], None]
) -> None:
    pas.vouches("digid-1", given_name="Ria")
    visitor = pas.sign_in(visit())
    token = token_of(visitor)
    travel(timedelta(minutes=31))
    visitor.post("/inloggen/koppelen/nieuw", t=token, voornaam="Ria", postcode="5664 HJ")
    assert visitor.status in (409, 410)
    assert visitor.rows("SELECT count(*) FROM person")[0][0] == 0


def test_where_a_provider_does_not_register_somebody_new_is_told_whom_to_ask(
    visit: Browsers, added: Callable[..., Provider]
) -> None:
    pas = added(registers=False)
    pas.vouches("new", given_name="Ria", groups=["zve-makelaars"], email=RIA, email_verified=True)
    visitor = pas.sign_in(visit())
    assert visitor.says("Wij kennen u nog niet")
    assert visitor.rows("SELECT count(*) FROM person")[0][0] == 0


def test_a_colleague_comes_in_with_the_roles_of_their_groups(visit: Browsers, pas: Provider) -> None:
    pas.vouches("m", given_name="Marja", email=MARJA, email_verified=True, groups=["zve-makelaars", "koffie"])
    visitor = pas.sign_in(visit(), "/bureau")
    assert (visitor.status, visitor.path) == (200, "/bureau")
    assert roles(visitor) == ["broker"]
    assert visitor.rows("SELECT kind FROM membership")[0].kind == "works"


def test_a_role_goes_with_its_claim_and_with_it_the_sessions_from_before(
    visit: Browsers, pas: Provider
) -> None:
    pas.vouches("m", given_name="Marja", email=MARJA, email_verified=True, groups=["zve-makelaars"])
    before = pas.sign_in(visit(), "/bureau")
    pas.vouches("m", given_name="Marja", email=MARJA, email_verified=True, groups=["koffie"])
    after = pas.sign_in(visit(), "/bureau")
    assert after.status == 404
    assert roles(after) == []
    assert after.rows("SELECT count(*) FROM membership")[0][0] == 0
    assert before.get("/bureau").path.startswith("/inloggen")


def test_a_role_from_a_claim_counts_in_no_other_session(visit: Browsers, pas: Provider) -> None:
    pas.vouches("m", given_name="Marja", email=MARJA, email_verified=True, groups=["zve-makelaars"])
    pas.sign_in(visit(), "/bureau")
    by_mail = visit().get("/inloggen").post("/inloggen", email=MARJA)
    by_mail.get("/inloggen").post("/inloggen/link", t=by_mail.mailed_link(MARJA))
    assert by_mail.get("/mijn").status == 200
    assert by_mail.get("/bureau").status == 404


def test_a_role_that_was_given_by_hand_stays_when_the_claim_goes(
    visit: Browsers, pas: Provider, program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session, email=MARJA)
    visitor = visit().sign_in(program, marja)
    pas.vouches(
        "m", given_name="Marja", email=MARJA, email_verified=True, groups=["zve-beheer", "zve-makelaars"]
    )
    pas.sign_in(visitor)
    visitor.post("/inloggen/koppelen", t=visitor.path.partition("t=")[2])
    assert roles(visitor) == ["broker", "municipality_administrator"]
    pas.vouches("m", given_name="Marja", email=MARJA, email_verified=True)
    pas.sign_in(visit())
    assert roles(visitor) == ["broker"]


def test_an_invitation_lets_in_whoever_has_that_address_once(
    visit: Browsers, pas: Provider, program: Program, fresh_database: Database, ria: Actor
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session, email=MARJA)
    with create_engine(fresh_database.owner_url, poolclass=NullPool).begin() as connection:
        setup.invite(connection, pas.id, MARJA)
    pas.vouches("wrong", given_name="X", email=RIA, email_verified=True)
    assert pas.sign_in(visit()).says("Wij kennen dit adres al")
    pas.vouches("fake", given_name="X", email=MARJA, email_verified=False)
    assert pas.sign_in(visit()).says("U bent hier nog niet eerder geweest")
    pas.vouches("m", given_name="Marja", email=MARJA, email_verified=True)
    visitor = pas.sign_in(visit(), "/bureau")
    assert (visitor.status, visitor.path) == (200, "/bureau")
    rows = visitor.rows("SELECT person_id, proof FROM oidc_identity")
    assert [(row.person_id, row.proof) for row in rows] == [(marja.person, "invitation")]


def test_who_was_shut_out_stays_out(visit: Browsers, pas: Provider, program: Program) -> None:
    pas.vouches("digid-1", given_name="Ria")
    visitor = pas.sign_in(visit())
    visitor.post("/inloggen/koppelen/nieuw", t=token_of(visitor), voornaam="Ria", postcode="5664 HJ")
    visitor.rows("UPDATE person SET disabled_at = now() RETURNING 1")
    assert pas.sign_in(visit()).status == 409
    assert visitor.get("/mijn").path.startswith("/inloggen")


def test_a_session_through_a_provider_ends_after_its_hours(
    visit: Browsers, pas: Provider, travel: Callable[[timedelta], None]
) -> None:
    pas.vouches("m", given_name="Marja", email=MARJA, email_verified=True, groups=["zve-makelaars"])
    visitor = pas.sign_in(visit(), "/bureau")
    travel(timedelta(hours=10, minutes=1))
    assert visitor.get("/bureau").path.startswith("/inloggen")


def test_signing_out_leads_to_signing_out_at_the_provider(visit: Browsers, pas: Provider) -> None:
    pas.vouches("m", given_name="Marja", email=MARJA, email_verified=True, groups=["zve-makelaars"])
    visitor = pas.sign_in(visit(), "/mijn")
    visitor.post("/uitloggen")
    assert visitor.says("Log ook uit bij DorpsPas")
    assert visitor.get("/mijn").path.startswith("/inloggen")
    there = visitor.client.get(f"/inloggen/via/{pas.id}/uit").headers["location"]
    assert there.startswith(f"{pas.issuer}/session/end?")
    assert "post_logout_redirect_uri=https%3A%2F%2Ftestserver%2F" in there


def test_one_takes_a_way_in_away_again(visit: Browsers, pas: Provider) -> None:
    pas.vouches("digid-1", given_name="Ria", groups=["zve-makelaars"])
    visitor = pas.sign_in(visit())
    visitor.post("/inloggen/koppelen/nieuw", t=token_of(visitor), voornaam="Ria", postcode="5664 HJ")
    assert visitor.get("/mijn/inloggen").says("Maak los: DorpsPas")
    visitor.post(f"/mijn/inloggen/via/{pas.id}/los")
    assert visitor.rows("SELECT count(*) FROM oidc_identity")[0][0] == 0
    assert roles(visitor) == []
    assert visitor.get("/mijn").path.startswith("/inloggen")


def test_an_ended_provider_lets_nobody_in_and_takes_its_roles_along(
    visit: Browsers, pas: Provider, fresh_database: Database
) -> None:
    pas.vouches("m", given_name="Marja", email=MARJA, email_verified=True, groups=["zve-makelaars"])
    visitor = pas.sign_in(visit(), "/bureau")
    with create_engine(fresh_database.owner_url, poolclass=NullPool).begin() as connection:
        setup.end(connection, pas.id)
    assert visitor.get("/bureau").path.startswith("/inloggen")
    assert roles(visitor) == []
    assert visit().get(f"/inloggen/via/{pas.id}").status == 404
