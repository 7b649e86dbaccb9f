"""Headers, and the proof that a form came from a page of ours."""

import re
from collections.abc import Callable

import pytest

from tests.clients import TestClient
from web.security import BEGIN_COOKIE, SESSION_COOKIE

ASK = "/hulpvragen/nieuw"


def token(client: TestClient, path: str = ASK) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]


def send(client: TestClient, fields: dict[str, str], **headers: str) -> int:
    return client.post(ASK, data=fields, headers=headers).status_code


def test_a_form_from_our_own_page_passes(visitor: TestClient) -> None:
    fields = {
        "csrf": token(visitor),
        "thema": "tuin",
        "titel": "Heg",
        "postcode": "5664 HJ",
        "telefoon": "06",
    }
    assert send(visitor, fields) == 303


def test_the_begin_cookie_is_locked_to_this_host(visitor: TestClient) -> None:
    cookie = visitor.get("/").headers["set-cookie"]
    assert cookie.startswith(f"{BEGIN_COOKIE}=")
    for part in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert "set-cookie" not in visitor.get("/").headers


def test_without_a_token_nothing_happens(visitor: TestClient) -> None:
    visitor.get(ASK)
    answer = visitor.post(ASK, data={"titel": "Heg"})
    assert answer.status_code == 403
    assert "Er is niets veranderd" in answer.text


def test_the_token_of_another_visitor_is_none(visitor_app: Callable[[], TestClient]) -> None:
    theirs, mine = token(visitor_app()), visitor_app()
    token(mine)
    assert send(mine, {"csrf": theirs}) == 403


def test_a_token_dies_when_the_session_changes(visitor: TestClient) -> None:
    before = token(visitor)
    visitor.cookies.set(SESSION_COOKIE, "a-new-session")
    assert send(visitor, {"csrf": before}) == 403
    assert send(visitor, {"csrf": token(visitor)}) == 422


def test_a_token_in_the_address_does_not_count(visitor: TestClient) -> None:
    assert visitor.post(f"{ASK}?csrf={token(visitor)}", data={"titel": "Heg"}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "null"},
        {"origin": "https://evil.example"},
        {"origin": "https://testserver.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://testserver", "sec-fetch-site": "cross-site"},
        {"origin": "ftp://testserver"},
    ],
    ids=str,
)
def test_a_form_from_elsewhere_is_refused(visitor: TestClient, headers: dict[str, str]) -> None:
    assert send(visitor, {"csrf": token(visitor)}, **headers) == 403


def test_a_form_from_nowhere_is_refused(visitor: TestClient) -> None:
    fields = {"csrf": token(visitor)}
    del visitor.headers["origin"]
    assert send(visitor, fields) == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "application/octet-stream", ""])
def test_only_a_form_is_a_form(visitor: TestClient, kind: str) -> None:
    body = f"csrf={token(visitor)}&titel=Heg".encode()
    assert visitor.post(ASK, content=body, headers={"content-type": kind}).status_code == 403


def test_a_cookie_given_twice_is_nobodys(visitor: TestClient) -> None:
    fields = {"csrf": token(visitor)}
    value = visitor.cookies[BEGIN_COOKIE]
    visitor.cookies.clear()
    shadowed = f"{BEGIN_COOKIE}={value}; {BEGIN_COOKIE}=other"
    assert visitor.post(ASK, data=fields, headers={"cookie": shadowed}).status_code == 403


def test_choosing_a_language_needs_a_token_too(visitor: TestClient) -> None:
    assert visitor.post("/taal/en", data={"volgende": "/"}).status_code == 403
    assert "set-cookie" not in visitor.post("/thema/donker").headers


def test_every_answer_carries_the_security_headers(visitor: TestClient) -> None:
    for path in ("/", "/nergens", "/robots.txt", "/static/zve.css"):
        headers = visitor.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert "max-age=63072000" in headers["strict-transport-security"]
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        for part in ("default-src 'self'", "style-src 'self'", "object-src 'none'", "base-uri 'none'",
                     "form-action 'self'", "frame-ancestors 'none'"):  # fmt: skip
            assert part in policy


def test_each_request_has_its_own_nonce(visitor: TestClient) -> None:
    nonces = {
        re.findall(r"nonce-([\w-]+)", visitor.get("/").headers["content-security-policy"])[0]
        for _ in range(5)
    }
    assert len(nonces) == 5


def test_nobody_keeps_a_personal_page(visitor: TestClient) -> None:
    assert visitor.get("/").headers["cache-control"] == "private, no-cache"
    visitor.cookies.set(SESSION_COOKIE, "a-session")
    assert visitor.get("/").headers["cache-control"] == "no-store"


def test_a_file_with_its_hash_is_kept_for_a_year(visitor: TestClient) -> None:
    found = re.search(r'href="(/static/zve\.css\?v=\w+)"', visitor.get("/").text)
    assert found
    assert "immutable" in visitor.get(found[1]).headers["cache-control"]
    assert "immutable" not in visitor.get("/static/zve.css?v=other").headers["cache-control"]


def test_a_flood_is_cut_off(visitor: TestClient) -> None:
    assert send(visitor, {"csrf": token(visitor), "tekst": "a" * 300_000}) == 413


@pytest.mark.parametrize("body", [b"csrf=%ff%fe", b"\xff\xfe=1", b"&".join(b"a=1" for _ in range(500))])
def test_a_garbled_form_is_refused_kindly(visitor: TestClient, body: bytes) -> None:
    visitor.get(ASK)
    answer = visitor.post(ASK, content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 400
