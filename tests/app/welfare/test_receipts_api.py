"""A receipt by program: the file as it is, up to what the page takes, known by what is in it."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI

from app import multipart
from app.clock import today
from app.db import Database as Program
from app.welfare.receipts import PDF_BYTES_MAX
from tests.app.api.conftest import Api, ApiFor, api_for
from tests.app.conftest import rows_of
from tests.app.welfare.conftest import PDF, Town, a_photograph

__all__ = ["api_for"]
SAID = {
    "Stuur een foto of PDF mee, als deel `bon`.", "Dit bestand is stuk.",
    "Dit is geen foto (JPEG, PNG, WebP) of PDF die wij kunnen bewaren.",
    "Dit bestand is te groot. Een foto mag 10 MB zijn, een PDF 5 MB.",
}  # fmt: skip


def typed(program: Program, days_ago: int = 0, **changes: Any) -> str:
    """What stands beside the file; amounts are whole cents, as in all JSON."""
    with program.transaction() as session:
        day = (today(session) - timedelta(days=days_ago)).isoformat()
    return json.dumps({"wat": "Badpak", "bedrag": 1_250, "datum": day} | changes)


def send(who: Api, plan: UUID, words: str, file: bytes | None, key: str = "") -> Any:
    """As a form with two parts."""
    parts: dict[str, Any] = {"gegevens": (None, words, "application/json")}
    if file is not None:
        parts["bon"] = ("../../bon.exe", file, "text/html")
    headers = {"Idempotency-Key": key or uuid4().hex}
    return who.client.post(f"/api/v1/welzijnsplannen/{plan}/bonnen", files=parts, headers=headers)


@pytest.fixture
def ria(town: Town, api_for: ApiFor) -> Api:
    return api_for(town.ria)


def test_a_photograph_of_a_telephone_comes_in_once_and_is_made_anew(
    town: Town, program: Program, ria: Api
) -> None:
    plan, words = town.granted(), typed(program)
    photograph = a_photograph(size=(3000, 2000), form="PNG") + b"\0" * 3_000_000  # as large as a telephone's
    first, again = (send(ria, plan, words, photograph, "k") for _ in range(2))

    assert first.status_code == 200, first.text
    assert first.json()["uitgaven"][0]["bedrag"] == 1_250
    assert (again.json(), again.headers["Idempotency-Hit"]) == (first.json(), "true")
    (row,) = rows_of(town.database, "SELECT media_type, content, width FROM welfare_receipt")
    assert (row.media_type, bytes(row.content[:3]), row.width) == ("image/jpeg", b"\xff\xd8\xff", 1600)


def test_another_file_under_the_same_key_is_another_act(town: Town, program: Program, ria: Api) -> None:
    plan, words = town.granted(), typed(program)
    assert send(ria, plan, words, a_photograph(), "k").status_code == 200
    assert send(ria, plan, words, a_photograph("red"), "k").status_code == 409


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (None, "file-missing"), (b"", "file-missing"), (b"<html>no</html>", "file-type"),
        (b"\xff\xd8\xffhalf", "file-broken"),
        (PDF[:40], "file-broken"), (PDF.replace(b"/Catalog", b"/Catalog/OpenAction"), "file-type"),
        (b"%PDF-1.4" + b" " * PDF_BYTES_MAX + b"%%EOF", "file-large"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_kept_is_refused_by_what_is_in_it(
    town: Town, program: Program, ria: Api, file: bytes | None, why: str
) -> None:
    answer = send(ria, town.granted(), typed(program), file)

    (wrong,) = answer.json()["errors"]
    assert (answer.status_code, wrong["location"]["pointer"], wrong["code"]) == (400, "#/bon", why)
    assert wrong["detail"] in SAID
    assert rows_of(town.database, "SELECT count(*) FROM welfare_spending")[0][0] == 0


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"bedrag": "12,50"}, "#/bedrag"),
        ({"bedrag": 12.5}, "#/bedrag"),
        ({"wat": ""}, "#/wat"),
        ({"meer": 1}, "#/meer"),
    ],
)
def test_what_is_wrong_beside_the_file_is_told_by_its_field(
    town: Town, program: Program, ria: Api, changes: dict[str, Any], pointer: str
) -> None:
    answer = send(ria, town.granted(), typed(program, **changes), PDF)

    assert answer.status_code == 400
    assert [one["location"]["pointer"] for one in answer.json()["errors"]] == [pointer]


def test_a_body_that_is_no_form_or_too_large_is_refused_before_it_is_kept(
    town: Town, program: Program, site: FastAPI, ria: Api, api_for: ApiFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = town.granted()
    path = f"/welzijnsplannen/{plan}/bonnen"
    assert ria.post(path, {"wat": "Badpak"}).status_code == 415
    assert ria.raw(path, "geen delen", kind="multipart/form-data; boundary=x").status_code == 400
    assert ria.raw(path, "geen grens", kind="multipart/form-data").status_code == 400
    assert send(ria, plan, "{", PDF).status_code == 400
    assert send(api_for(None), plan, typed(program), PDF).status_code == 401
    monkeypatch.setattr(multipart, "FILE_BYTES_MAX", 1000)
    assert send(ria, plan, typed(program), b"x" * 2000).status_code == 413
    chunks = (b"x" * 900 for _ in range(3))
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert ria.client.post(f"/api/v1{path}", content=chunks, headers=headers).status_code == 413
