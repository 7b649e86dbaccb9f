"""What may be a BSN comes back from every address that takes words, until somebody says that they looked at it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from app.api.bodies import NO_BSN
from app.ids import uuid7
from app.privacy.bsn import NUMBERS, places
from tests.app.api.conftest import PREFIX, WALK, Api

SAID = "Zijn nummer is 111222333, zegt hij."


@pytest.fixture
def document(ria: Api) -> dict[str, Any]:
    """Our own description."""
    described: dict[str, Any] = ria.get("/openapi.json").json()
    return described


def texts(document: dict[str, Any], schema: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[Any]:
    """Each place for words below a schema, with the smallest body that fills only that one."""
    if "$ref" in schema:
        named = schema["$ref"].rpartition("/")[2]
        yield from texts(document, document["components"]["schemas"][named], path)
    for branch in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
        yield from texts(document, branch, path)
    kinds = schema.get("type", [])
    bound = schema.keys() & {"format", "enum", "const", "pattern"}
    if "string" in ([kinds] if isinstance(kinds, str) else kinds) and not bound:
        yield path, SAID
    for name, value in schema.get("properties", {}).items():
        if name not in NUMBERS:
            for where, body in texts(document, value, (*path, name)):
                yield where, {name: body}
    if isinstance(schema.get("items"), dict):
        for where, body in texts(document, schema["items"], (*path, "0")):
            yield where, [body]


def taking_words(document: dict[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...], Any]]:
    """Every operation and every place for words in its body."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                for where, body in texts(document, content["application/json"]["schema"]):
                    yield method.upper(), path, where, body


def test_every_place_for_words_gives_a_bsn_back(ria: Api, document: dict[str, Any]) -> None:
    tried = list(taking_words(document))
    assert len({(method, path) for method, path, *_ in tried}) > 40

    for method, path, where, body in tried:
        address = PREFIX + "/".join("1771" if part == "{gemeente}" else str(uuid7()) if part.startswith("{") else part
                                    for part in path.split("/"))  # fmt: skip
        headers = {"Idempotency-Key": uuid7().hex}
        answer = ria.client.request(method, address, json=body, headers=headers)
        assert answer.status_code == 422, (method, path, where, answer.text)
        said = answer.json()
        assert said["code"] == "bsn"
        assert [(one["code"], one["location"]["pointer"]) for one in said["errors"]] == [
            ("bsn", "#/" + "/".join(where))
        ]
        assert SAID not in answer.text
        again = ria.client.request(method, address, json=body, headers=headers | {NO_BSN: "ja"})
        assert again.status_code != 422, (method, path, where)


def test_who_looked_at_it_sends_it_and_nobody_else(ria: Api) -> None:
    body = WALK | {"toelichting": SAID}
    assert ria.post("/hulpvragen", body).status_code == 422
    assert ria.client.post(f"{PREFIX}/hulpvragen", json=body, headers={NO_BSN: "nee"}).status_code == 422
    assert ria.get("/hulpvragen", mijn=True).json() == []

    kept = ria.client.post(f"{PREFIX}/hulpvragen", json=body, headers={NO_BSN: "ja"})

    assert (kept.status_code, kept.json()["toelichting"]) == (201, SAID)
    assert ria.post("/hulpvragen", body).status_code == 422  # it was looked at once, not for good


def test_nobody_without_a_token_learns_what_is_a_bsn(ria: Api) -> None:
    ria.client.headers.pop("authorization")
    assert ria.post("/hulpvragen", WALK | {"toelichting": SAID}).status_code == 401


def test_the_words_beside_a_file_are_read_too(ria: Api) -> None:
    path = f"{PREFIX}/welzijnsplannen/{uuid7()}/bonnen"
    sent: dict[str, tuple[str | None, bytes | str]] = {
        "gegevens": (None, json.dumps({"wat": SAID})), "bon": ("bon.png", b"x"),
    }  # fmt: skip
    refused = ria.client.post(path, files=sent)
    assert (refused.status_code, refused.json()["errors"][0]["location"]["pointer"]) == (422, "#/wat")

    assert ria.client.post(path, files=sent, headers={NO_BSN: "ja"}).status_code != 422


def test_the_description_tells_of_it_wherever_there_is_a_body(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            names = {one["name"] for one in operation.get("parameters", [])}
            assert (NO_BSN in names) == ("requestBody" in operation), (method, path)


def test_numbers_keys_and_fields_for_a_number_are_left_alone() -> None:
    assert list(places({"minuten": 111222333, "telefoon": "111222333", "titel": "Zaag 10"})) == []
    assert list(places({"regels": [SAID], "hulpvraag": {"titel": SAID, "namen": ["Jan", SAID]}})) == [
        ("hulpvraag", "titel"),
        ("hulpvraag", "namen", "1"),
    ]
