"""Rows that come as columns are the rows that come as objects."""

from dataclasses import fields
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given

from matching.errors import BadRow, DuplicateId, NotWhole, OutOfRange, OutsideTheWorld, UnknownCategory
from matching.index import OfferIndex, RequestIndex
from matching.loading import halves, offers_of, requests_of
from matching.types import Offer, Request
from tests.matching.worlds import (
    BORDERS,
    OFFER,
    REQUEST,
    a_request,
    an_offer,
    several,
    wild_offers,
    wild_requests,
)

KEYS = ("id", "person_id")
NONE = {"organisation": 0, "gender": 0, "last_proposed_days": -1}


def columns_of(rows: list[Any], kind: type[Offer] | type[Request]) -> dict[str, Any]:
    """Every field as a column."""
    columns: dict[str, Any] = {key: halves(getattr(row, key) for row in rows) for key in KEYS}
    for field in fields(kind):
        if field.name in (*KEYS, "excluded", "category", "categories"):
            continue
        values = [getattr(row, field.name) for row in rows]
        columns[field.name] = np.array(
            [NONE[field.name] if value is None else int(value) for value in values]
        )
    masks = [
        sum(1 << each for each in (row.categories if isinstance(row, Offer) else (row.category,)))
        for row in rows
    ]
    return columns | {"categories": np.array(masks, dtype=np.uint64)}


def excluded_of(rows: list[Any]) -> dict[int, frozenset[UUID]]:
    """By row number."""
    return {number: row.excluded for number, row in enumerate(rows) if row.excluded}


@given(several(wild_offers, 12))
def test_offers_in_columns_are_the_offers(offered: list[Offer]) -> None:
    index = OfferIndex(offers_of(columns_of(offered, Offer), excluded_of(offered)), borders=BORDERS)
    assert sorted(index, key=lambda row: row.id) == sorted(offered, key=lambda row: row.id)
    plain = OfferIndex(offered, borders=BORDERS)
    assert index.top_k(REQUEST) == plain.top_k(REQUEST)


@given(several(wild_requests, 12))
def test_requests_in_columns_are_the_requests(asked: list[Request]) -> None:
    index = RequestIndex(requests_of(columns_of(asked, Request), excluded_of(asked)), borders=BORDERS)
    assert sorted(index, key=lambda row: row.id) == sorted(asked, key=lambda row: row.id)


def test_columns_that_are_left_out_take_the_fields_defaults() -> None:
    needed = (
        "id",
        "person_id",
        "municipality_id",
        "cell",
        "categories",
        "slots",
        "minutes_per_week",
        "radius_km",
    )
    given = columns_of([OFFER], Offer)
    index = OfferIndex(offers_of({name: given[name] for name in (*needed, "languages")}), borders=BORDERS)
    assert list(index) == [OFFER]


OFFERED = [an_offer(id=UUID(int=number)) for number in (5, 6, 7)]
FAULTS: list[tuple[type[BadRow], str, Any]] = [
    (NotWhole, "minutes_per_week", [60, np.nan, 60]),
    (NotWhole, "radius_km", [5, np.inf, 5]),
    (NotWhole, "load_minutes", [0, 0.5, 0]),
    (NotWhole, "cell", [OFFER.cell, np.nan, OFFER.cell]),
    (OutsideTheWorld, "cell", [OFFER.cell, 300, OFFER.cell]),
    (OutsideTheWorld, "cell", [OFFER.cell, -1, OFFER.cell]),
    (OutOfRange, "slots", [1, 1 << 28, 1]),
    (OutOfRange, "proposals_this_week", [0, -1, 0]),
    (OutOfRange, "municipality_id", [1, 10_000, 1]),
    (OutOfRange, "gender", [0, 4, 0]),
    (OutOfRange, "organisation", [0, -1, 0]),
    (OutOfRange, "last_proposed_days", [-1, -2, -1]),
    (OutOfRange, "paused", [0, 2, 0]),
]


@pytest.mark.parametrize(("error", "field", "values"), FAULTS)
def test_a_fault_in_a_column_is_told_with_its_row(error: type[BadRow], field: str, values: list[Any]) -> None:
    with pytest.raises(error) as refusal:
        offers_of(columns_of(OFFERED, Offer) | {field: np.array(values)})
    assert refusal.value.row_id == OFFERED[1].id
    assert refusal.value.field == field


def test_a_request_has_one_category() -> None:
    columns = columns_of([a_request()], Request)
    for mask in (0, 0b11):
        with pytest.raises(UnknownCategory) as refusal:
            requests_of(columns | {"categories": np.array([mask], dtype=np.uint64)})
        assert refusal.value.row_id == REQUEST.id


def test_a_key_that_occurs_twice_among_columns_is_told() -> None:
    with pytest.raises(DuplicateId) as refusal:
        OfferIndex(offers_of(columns_of([*OFFERED, OFFERED[1]], Offer)), borders=BORDERS)
    assert refusal.value.row_id == OFFERED[1].id


@pytest.mark.parametrize(
    "fault", [{"cell": np.zeros(2, dtype=int)}, {"colour": np.zeros(3)}, {"person_id": np.zeros(3)}]
)
def test_a_faulty_column_is_told_by_name(fault: dict[str, Any]) -> None:
    with pytest.raises(BadRow) as refusal:
        offers_of(columns_of(OFFERED, Offer) | fault)
    assert refusal.value.field in fault


@pytest.mark.parametrize("missing", ["id", "person_id", "cell", "slots"])
def test_a_column_without_a_default_must_be_there(missing: str) -> None:
    columns = columns_of(OFFERED, Offer)
    del columns[missing]
    with pytest.raises(BadRow) as refusal:
        offers_of(columns)
    assert refusal.value.field == missing


def test_no_rows_make_an_empty_index() -> None:
    assert len(OfferIndex(offers_of(columns_of([], Offer)), borders=BORDERS)) == 0
