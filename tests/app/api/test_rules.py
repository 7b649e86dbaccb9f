"""The rules for the design of REST APIs of the Dutch government, each as a check on our own description."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from app.branch import routes_of
from app.errors_http import API_HEADERS, API_VERSION
from tests.app.api.conftest import Api, ApiFor

SEGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*|\{[a-zA-Z]+\}")
CAMEL = re.compile(r"[a-z][a-z0-9]*([A-Z][a-z0-9]*)*")
SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
PLURAL_OF_ITSELF = {
    "hulpaanbod",
    "mij",
    "mijn",
    "bureau",
    "nummer",
    "wachtend",
    "niet-gekomen",
    "tevredenheid",
}
"""A mass noun, the one who asks, one's own, one's desk's, what there is one of, two states, and
another mass noun."""


@pytest.fixture
def document(api_for: ApiFor) -> dict[str, Any]:
    """The description, as anybody may read it."""
    found: dict[str, Any] = api_for(None).get("/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of each operation."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def properties(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property of every schema, by name."""
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            yield from node["properties"].items()
        for value in node.values():
            yield from properties(value)
    elif isinstance(node, list):
        for value in node:
            yield from properties(value)


def test_the_description_is_open_to_every_page_and_names_a_contact(api_for: ApiFor) -> None:
    answer = api_for(None).get("/openapi.json")
    document = answer.json()

    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert set(document["info"]["contact"]) == {"name", "url", "email"}
    assert document["openapi"].startswith("3.")
    assert SEMVER.fullmatch(document["info"]["version"])
    assert re.search(r"/v\d+$", document["servers"][0]["url"])
    assert not document["servers"][0]["url"].startswith("http://")
    assert "Sunset" in document["info"]["description"]


def test_paths_are_nouns_in_kebab_case_without_a_slash_at_the_end(document: dict[str, Any]) -> None:
    for path in document["paths"]:
        segments = path.removeprefix("/").split("/")
        assert all(SEGMENT.fullmatch(segment) for segment in segments), path
        words = {segment for segment in segments if not segment.startswith("{")} - PLURAL_OF_ITSELF
        assert all(word.endswith(("en", "s")) for word in words), path


def test_names_are_dutch_and_in_camel_case(document: dict[str, Any]) -> None:
    for path, _, operation in operations(document):
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query":
                assert CAMEL.fullmatch(parameter["name"]), path
    own = {name for name, schema in properties(document["components"]["schemas"])}
    assert [name for name in own if not CAMEL.fullmatch(name)] == []
    english = {"title", "body", "minutes", "reason", "message", "kind", "created_at", "name", "date", "time"}
    of_problem = set(document["components"]["schemas"]["Problem"]["properties"]) | {"name"}
    assert own & english <= of_problem


def test_only_standard_methods_are_used_and_each_says_what_it_does_in_dutch(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    tags = {tag["name"] for tag in document["tags"]}
    for path, method, operation in operations(document):
        assert method in {"get", "post", "put", "delete"}
        assert operation["summary"], path
        assert operation["description"], path
        assert set(operation["tags"]) <= tags


def test_invalid_input_is_400_and_422_only_for_what_may_be_a_bsn(document: dict[str, Any]) -> None:
    problem = document["components"]["schemas"]["Problem"]
    assert {"status", "title", "detail"} <= set(problem["required"])
    assert "ValidationError" not in document["components"]["schemas"]
    for path, method, operation in operations(document):
        answers = operation["responses"]
        assert ("422" in answers) == ("requestBody" in operation), path
        if operation.get("parameters") or method in ("post", "put"):
            assert "400" in answers, path
        for status, answer in answers.items():
            if status.startswith(("4", "5")):
                shared = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
                assert set(shared["content"]) == {"application/problem+json"}
            else:
                assert "API-Version" in answer["headers"], path


def test_each_post_says_what_it_answers_when_it_was_done_before(document: dict[str, Any]) -> None:
    keyed = 0
    for path, method, operation in operations(document):
        names = {parameter["name"] for parameter in operation.get("parameters", [])}
        if method != "post":
            assert "Idempotency-Key" not in names
            continue
        keyed += 1
        assert "Idempotency-Key" in names, path
        answers = operation["responses"]
        assert "Idempotency-Hit" in answers["200"]["headers"], path
        if "201" in answers:
            assert answers["200"]["content"] == answers["201"]["content"], path
            assert "Idempotency-Hit" not in answers["201"]["headers"], path
    assert keyed > 70


def test_dates_and_times_say_what_they_are(document: dict[str, Any]) -> None:
    seen = list(properties(document))
    assert {schema.get("format") for name, schema in seen if name == "datum"} == {"date"}
    assert {schema.get("format") for name, schema in seen if name == "tijd"} == {"time-local"}
    assert {schema["format"] for name, schema in seen if name.endswith("Op")} == {"date-time"}


def test_whatever_asks_for_a_token_says_so(document: dict[str, Any]) -> None:
    public = {path for path, _, operation in operations(document) if "security" not in operation}
    # facts that say nothing about anybody
    assert public == {"/categorieen", "/gemeenten", "/gemeenten/{gemeente}/controles", "/buurten"}
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_every_route_of_the_program_under_api_is_described(site: FastAPI, document: dict[str, Any]) -> None:
    nobody = {"/api/v1/openapi.json"}
    described = {f"/api/v1{path}" for path in document["paths"]}
    real = {str(route.path) for route in routes_of(site)}
    assert len(real) > len(described)
    assert {path for path in real if path.startswith("/api/")} - nobody <= described


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/gemeenten", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/nergens", 404),
        ("GET", "/hulpvragen/geen-id", 401),
        ("GET", "/hulpvragen/", 404),
        ("GET", "/hulpvragen", 401),
        ("DELETE", "/gemeenten", 405),
        ("OPTIONS", "/gemeenten", 405),
        ("GET", "/buurten?pagina=0", 400),
        ("GET", "/buurten?rol=beheerder", 400),
    ],
)
def test_every_answer_carries_version_and_security_headers(
    api_for: ApiFor, method: str, path: str, status: int
) -> None:
    answer = api_for(None).client.request(method, f"/api/v1{path}", follow_redirects=False)

    assert answer.status_code == status
    assert answer.headers["api-version"] == API_VERSION
    for name, value in API_HEADERS.items():
        assert answer.headers[name] == value
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["status"] == status
        assert problem["title"]
        assert problem["detail"]
        assert problem["code"]
    if status == 401:
        assert answer.headers["www-authenticate"] == "Bearer"
    if status == 405:
        assert answer.headers["allow"] == "GET"


def test_all_errors_come_together_each_with_its_place(api_for: ApiFor, ria: Api) -> None:
    answer = ria.post("/hulpvragen", {"minuten": 1, "aantalHelpers": "2", "rol": "x", "titel": "\u202e"})

    assert answer.status_code == 400
    found = {error["location"]["pointer"]: error["code"] for error in answer.json()["errors"]}
    assert found == {
        "#/categorie": "missing",
        "#/titel": "text-direction",
        "#/minuten": "greater_than_equal",
        "#/aantalHelpers": "whole_number",
        "#/rol": "extra_forbidden",
    }
    assert all(error["in"] == "body" and error["detail"] for error in answer.json()["errors"])
    paged = ria.get("/hulpvragen", pagina=0, aantal=1000)
    assert {error["location"]["name"] for error in paged.json()["errors"]} == {"pagina", "aantal"}


def test_moments_go_out_in_utc(ria: Api) -> None:
    question = ria.made("/hulpvragen", {"categorie": "samen-op-pad", "titel": "Naar de markt"})
    assert question["geplaatstOp"].endswith("Z")
