"""Which providers there are, as the owner says it."""

import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from app.access.roles import Role
from app.oidc import setup
from app.oidc.claims import roles_of
from app.oidc.models import OidcProvider
from app.oidc.tokens import shows_second
from app.places.region import NotPossible
from tests.databases import Database

GOOD = """
municipality = "Geldrop-Mierlo"
name = "DorpsPas"
issuer = "https://login.voorbeeld.nl/realm"
client_id = "zve"
secret_from = "file:/run/secrets/dorpspas"
scopes = ["openid", "profile", "email", "roles"]
acr_values = ["urn:etoegang:core:assurance-class:loa3"]
email_domains = ["Geldrop-Mierlo.nl"]
role_claim = "realm_access.roles"
registers = true
[roles]
zve-makelaars = "broker"
"""


def file(folder: Path, text: str) -> Path:
    path = folder / "provider.toml"
    path.write_text(text)
    return path


def test_a_file_becomes_a_provider(tmp_path: Path, fresh_database: Database) -> None:
    with create_engine(fresh_database.owner_url, poolclass=NullPool).begin() as connection:
        key = setup.add(connection, setup.read(file(tmp_path, GOOD)))
        (row,) = setup.everything(connection)
        assert row == (str(key), "Geldrop-Mierlo", "DorpsPas", "https://login.voorbeeld.nl/realm", "")
        with pytest.raises(NotPossible, match="already"):
            setup.add(connection, setup.read(file(tmp_path, GOOD)))
        setup.end(connection, key)
        with pytest.raises(NotPossible, match="no such provider"):
            setup.end(connection, key)


@pytest.mark.parametrize(
    ("line", "wrong", "said"),
    [
        ('issuer = "https://login.voorbeeld.nl/realm"', 'issuer = "http://login.voorbeeld.nl"', "issuer"),
        ('secret_from = "file:/run/secrets/dorpspas"', 'secret_from = "hunter2"', "never the secret itself"),
        ('secret_from = "file:/run/secrets/dorpspas"', "", "secret_from goes with"),
        (
            'zve-makelaars = "broker"',
            'zve-makelaars = "region_administrator"',
            "no role that a claim can give",
        ),
        ('zve-makelaars = "broker"', 'zve-makelaars = "member"', "no role that a claim can give"),
        ('role_claim = "realm_access.roles"', "", "go together"),
        ('client_id = "zve"', 'client_id = "zve"\nclient_secret = "hunter2"', "client_secret"),
        ('name = "DorpsPas"', "name = ", "cannot be read"),
    ],
)
def test_a_wrong_line_is_told(tmp_path: Path, line: str, wrong: str, said: str) -> None:
    with pytest.raises(NotPossible, match=said) as refused:
        setup.read(file(tmp_path, GOOD.replace(line, wrong)))
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({"realm_access": {"roles": ["zve-makelaars", "other"]}}, {Role.BROKER}),
        ({"realm_access": {"roles": "zve-makelaars"}}, {Role.BROKER}),
        ({"realm_access.roles": ["zve-makelaars"]}, {Role.BROKER}),
        ({"realm_access": ["zve-makelaars"]}, set()),
        ({"realm_access": {"roles": [{"zve-makelaars": 1}, 7, None]}}, set()),
        ({"roles": ["zve-makelaars"]}, set()),
        ({}, set()),
    ],
    ids=str,
)
def test_a_claim_gives_the_roles_of_its_map_and_no_other(claims: dict[str, object], roles: set[Role]) -> None:
    provider = OidcProvider(role_claim="realm_access.roles", role_map={"zve-makelaars": "broker"})
    assert roles_of(provider, claims) == roles


def test_a_map_that_names_the_region_gives_nothing() -> None:
    provider = OidcProvider(role_claim="groups", role_map={"all": "region_administrator"})
    assert roles_of(provider, {"groups": ["all"]}) == frozenset()


ASKED = {"second_acr": [], "second_amr": ["mfa", "hwk"]}


@pytest.mark.parametrize(
    ("settings", "claims", "counts"),
    [
        (ASKED, {"amr": ["pwd", "mfa"]}, True),
        (ASKED, {"amr": ["hwk"]}, True),
        (ASKED, {"amr": ["pwd"]}, False),
        (ASKED, {"amr": "mfa"}, False),
        (ASKED, {"amr": [{"mfa": 1}, None]}, False),
        (ASKED, {}, False),
        (ASKED, {"amr": ["mfa"], "auth_time": None}, False),
        (ASKED, {"amr": ["mfa"], "auth_time": True}, False),
        (ASKED, {"amr": ["mfa"], "auth_time": "4102444800"}, False),
        ({"second_acr": ["high"], "second_amr": []}, {"acr": "high"}, True),
        ({"second_acr": ["high"], "second_amr": []}, {"acr": "low", "amr": ["mfa"]}, False),
        ({"second_acr": ["high"], "second_amr": ["mfa"]}, {"acr": "high"}, False),
        ({"second_acr": ["high"], "second_amr": ["mfa"]}, {"acr": "high", "amr": ["mfa"]}, True),
        ({"second_acr": [], "second_amr": []}, {"acr": "high", "amr": ["mfa"]}, False),
    ],
)
def test_a_second_proof_at_a_provider_counts_when_the_municipality_says_so_and_just_shown(
    settings: dict[str, list[str]], claims: dict[str, object], counts: bool
) -> None:
    provider = OidcProvider(**settings)
    assert shows_second(provider, {"auth_time": time.time() - 60, **claims}) is counts


@pytest.mark.parametrize(("minutes_ago", "counts"), [(8, True), (12, False)])
def test_a_second_proof_counts_for_some_minutes(minutes_ago: int, counts: bool) -> None:
    shown = {"amr": ["mfa"], "auth_time": time.time() - minutes_ago * 60}
    assert shows_second(OidcProvider(**ASKED), shown) is counts
