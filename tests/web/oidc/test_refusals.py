"""What a provider, or somebody who pretends to be one, may do wrong: nobody comes in, and the page says what to do."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from app.oidc.metadata import Talk
from tests.web.oidc.provider import Provider
from tests.web.pages.helpers import Visit
from web.oidc_words import SENTENCES
from web.security import SESSION_COOKIE

Browsers = Callable[[], Visit]
UNTRUSTED = SENTENCES["oidc-answer"]


def nobody_came_in(visitor: Visit) -> bool:
    """No session, nobody waiting, and the other way in on the page."""
    return (
        SESSION_COOKIE not in visitor.client.cookies
        and visitor.rows("SELECT count(*) FROM web_session")[0][0] == 0
        and visitor.rows("SELECT count(*) FROM oidc_arrival")[0][0] == 0
        and visitor.says("Stuur mij een mail")
    )


def changed(path: str, **values: str) -> str:
    """The address with other values in its query."""
    parts = urlsplit(path)
    query = {name: found[0] for name, found in parse_qs(parts.query).items()} | values
    return parts._replace(query=urlencode({name: value for name, value in query.items() if value})).geturl()


@pytest.mark.parametrize(
    "tamper",
    [
        {"claims": {"nonce": "of-another-attempt"}},
        {"without": ["nonce"]},
        {"claims": {"aud": "somebody-else"}},
        {"claims": {"aud": ["zve client", "somebody-else"]}},
        {"claims": {"azp": "somebody-else"}},
        {"claims": {"iss": "https://evil.example"}},
        {"without": ["iss"]},
        {"without": ["sub"]},
        {"claims": {"sub": ""}},
        {"claims": {"sub": 7}},
        {"without": ["exp"]},
        {"claims": {"exp": 1_700_000_000}},
        {"claims": {"exp": "later"}},
        {"claims": {"iat": 4_000_000_000, "exp": 4_000_000_600}},
        {"claims": {"iat": 1_700_000_000}},
        {"claims": {"nbf": 4_000_000_000}},
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "other-key"},
        {"alg": "own-jwk"},
        {"alg": "own-jku"},
    ],
    ids=str,
)
def test_a_token_that_does_not_hold_lets_nobody_in(
    visit: Browsers, pas: Provider, tamper: dict[str, Any]
) -> None:
    pas.control(account={"sub": "ria-1", "given_name": "Ria"}, tamper=tamper)
    visitor = pas.sign_in(visit())
    assert (visitor.status, visitor.says(UNTRUSTED)) == (400, True)
    assert nobody_came_in(visitor)


def test_what_is_told_beside_the_token_must_be_about_the_same_subject(visit: Browsers, pas: Provider) -> None:
    pas.control(account={"sub": "ria-1"}, userinfo={"sub": "somebody-else"})
    visitor = pas.sign_in(visit())
    assert visitor.status == 400
    assert nobody_came_in(visitor)


def test_a_new_key_is_asked_for_when_a_token_names_it(visit: Browsers, pas: Provider) -> None:
    pas.vouches("ria-1", given_name="Ria")
    assert pas.sign_in(visit()).says("Maak kennis")
    pas.control(account={"sub": "ria-2", "given_name": "Ria"}, rotate=True)
    assert pas.sign_in(visit()).says("Maak kennis")


@pytest.mark.parametrize("hang", ["/token", "/jwks", "/.well-known", "/me"])
def test_a_provider_that_hangs_costs_seconds_and_says_so(visit: Browsers, pas: Provider, hang: str) -> None:
    pas.control(account={"sub": "ria-1"}, hang=hang)
    visitor, began = visit(), time.monotonic()
    visitor.site.state.oidc = Talk(
        within_s=1.5, again_s=0
    )  # the other tests wait as long as the program does
    there = pas.leave(visitor)
    if there:
        visitor.get(pas.come_back(there))
    assert time.monotonic() - began < 6
    assert visitor.status == 503
    assert visitor.says(SENTENCES["oidc-down"])
    assert nobody_came_in(visitor)


def test_a_provider_that_fails_says_when_to_try_again(visit: Browsers, pas: Provider) -> None:
    pas.control(status=502)
    answer = visit().client.get(f"/inloggen/via/{pas.id}")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


def test_a_provider_that_is_not_there_says_so(visit: Browsers, added: Callable[..., Provider]) -> None:
    gone = added(issuer="http://127.0.0.1:9")
    visitor = visit()
    gone.leave(visitor)
    assert visitor.status == 503


def test_who_stops_at_the_provider_reads_so(visit: Browsers, pas: Provider) -> None:
    pas.control(refuse="access_denied")
    visitor = pas.sign_in(visit())
    assert (visitor.status, visitor.says(SENTENCES["oidc-refused"])) == (403, True)
    assert nobody_came_in(visitor)


def test_an_answer_is_good_once(visit: Browsers, pas: Provider) -> None:
    pas.vouches("ria-1", given_name="Ria")
    visitor = visit()
    answer = pas.come_back(pas.leave(visitor))
    assert visitor.get(answer).says("Maak kennis")
    assert visitor.get(answer).status == 410


def test_an_answer_in_another_browser_lets_nobody_in(visit: Browsers, pas: Provider) -> None:
    answer = pas.come_back(pas.leave(visit()))
    for victim in (visit(), visit()):
        pas.leave(victim)
        assert victim.get(answer).status in (400, 410)
        assert nobody_came_in(victim)


def test_an_answer_without_the_cookie_lets_nobody_in(visit: Browsers, pas: Provider) -> None:
    visitor = visit()
    answer = pas.come_back(pas.leave(visitor))
    visitor.client.cookies.clear()
    assert visitor.get(answer).status == 410
    assert nobody_came_in(visitor)


def test_an_answer_after_ten_minutes_lets_nobody_in(
    visit: Browsers, pas: Provider, travel: Callable[[timedelta], None]
) -> None:
    visitor = visit()
    answer = pas.come_back(pas.leave(visitor))
    travel(timedelta(minutes=11))
    assert visitor.get(answer).status == 410
    assert nobody_came_in(visitor)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "guessed"},
        {"state": ""},
        {"code": "guessed"},
        {"code": ""},
        {"iss": "https://evil.example"},
        {"iss": ""},
    ],
    ids=str,
)
def test_an_answer_that_was_changed_lets_nobody_in(
    visit: Browsers, pas: Provider, change: dict[str, str]
) -> None:
    visitor = visit()
    answer = pas.come_back(pas.leave(visitor))
    assert visitor.get(changed(answer, **change)).status in (400, 410)
    assert nobody_came_in(visitor)


def test_a_name_that_comes_twice_in_an_answer_counts_as_wrong(visit: Browsers, pas: Provider) -> None:
    visitor = visit()
    answer = pas.come_back(pas.leave(visitor))
    assert visitor.get(f"{answer}&code=other").status == 400
    assert nobody_came_in(visitor)


def test_the_answer_of_one_issuer_does_not_pass_for_anothers(
    visit: Browsers, added: Callable[..., Provider]
) -> None:
    """The mix-up: an honest answer carried to the door of a second provider, with that one's state or its own."""
    honest, evil = added(0), added(1)
    visitor = visit()
    answer = honest.come_back(honest.leave(visitor))
    other = parse_qs(urlsplit(evil.leave(visitor)).query)["state"][0]
    at_other = answer.replace(str(honest.id), str(evil.id))
    assert visitor.get(at_other).status == 410
    assert visitor.get(changed(at_other, state=other)).status == 400
    assert visitor.get(changed(answer, state=other)).status == 410
    assert nobody_came_in(visitor)


def test_a_provider_that_names_another_issuer_is_not_used(
    visit: Browsers, providers: list[Provider], added: Callable[..., Provider]
) -> None:
    pas = added(issuer=providers[0].issuer.replace("127.0.0.1", "localhost"))
    visitor = visit()
    pas.leave(visitor)
    assert visitor.status == 503


@pytest.mark.parametrize(("acr", "status"), [("", 403), ("low", 403), ("substantial", 200), ("high", 200)])
def test_a_municipality_may_ask_for_a_level_of_assurance(
    visit: Browsers, added: Callable[..., Provider], acr: str, status: int
) -> None:
    pas = added(acr_values=["high", "substantial"])
    pas.control(account={"sub": "ria-1", "given_name": "Ria"}, acr=acr)
    there = pas.leave(visitor := visit())
    assert parse_qs(urlsplit(there).query)["acr_values"] == ["high substantial"]
    assert visitor.get(pas.come_back(there)).status == status
    assert nobody_came_in(visitor) == (status == 403)


@pytest.mark.parametrize("header", [{"sec-fetch-site": "cross-site"}, {"sec-purpose": "prefetch"}])
def test_another_site_or_a_prefetch_begins_nothing(
    visit: Browsers, pas: Provider, header: dict[str, str]
) -> None:
    answer = visit().client.get(f"/inloggen/via/{pas.id}", headers=header)
    assert answer.headers["location"] == "/inloggen"


def test_a_secret_that_is_not_there_lets_nobody_in(
    visit: Browsers, pas: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZVE_OIDC_TEST_SECRET")
    visitor = pas.sign_in(visit())
    assert visitor.status == 503
    assert nobody_came_in(visitor)


def test_where_one_was_going_is_on_this_site(visit: Browsers, pas: Provider) -> None:
    pas.leave(visit(), "//evil.example")
    (row,) = visit().rows("SELECT next_path FROM oidc_attempt")
    assert row.next_path == "/mijn"


def test_after_many_attempts_one_waits(visit: Browsers, pas: Provider) -> None:
    visitor = visit()
    for _ in range(60):
        pas.leave(visitor)
    pas.leave(visitor)
    assert visitor.status == 429


def test_the_log_says_why_and_about_nobody(
    visit: Browsers, pas: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    pas.control(
        account={"sub": "bsn-999990019", "email": "ria@voorbeeld.nl", "email_verified": True},
        tamper={"claims": {"nonce": "other"}},
    )
    visitor = pas.sign_in(visit())
    assert visitor.status == 400, visitor.page
    said = " ".join(
        record.getMessage() for record in caplog.records if record.name.startswith("zorgvoorelkaar")
    )
    assert "other-nonce" in said
    for secret in ("999990019", "ria@", "code=", "state=", "eyJ"):
        assert secret not in caplog.text
