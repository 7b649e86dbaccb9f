"""What is printed on paper: unguessable, and hard to read wrongly."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from rewards.errors import MistypedSerial
from rewards.serials import ALPHABET, new_serial, new_serials, read_serial

which = st.integers(0, 26)


def test_a_serial_is_read_back_as_it_was_printed() -> None:
    for serial in new_serials(100):
        assert read_serial(serial.text) == serial
        assert len(serial.digest) == 32


def test_serials_differ() -> None:
    assert len({serial.digest for serial in new_serials(1000)}) == 1000


def test_a_serial_keeps_its_text_out_of_logs() -> None:
    serial = new_serial()
    assert serial.text not in repr(serial)


def test_lower_case_spaces_and_lookalikes_are_understood() -> None:
    for serial in new_serials(200):
        sloppy = serial.text.lower().replace("0", "o").replace("1", "l").replace("-", "  ")
        assert read_serial(f" {sloppy} ") == serial
        assert read_serial(serial.text.replace("0", "O").replace("1", "I").replace("-", ".")) == serial


@given(at=which, another=st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(at: int, another: str) -> None:
    characters = list(new_serial().text.replace("-", ""))
    if characters[at] == another:
        return
    characters[at] = another
    with pytest.raises(MistypedSerial):
        read_serial("".join(characters))


@given(one=which, other=which)
def test_two_characters_that_changed_places_are_noticed(one: int, other: int) -> None:
    characters = list(new_serial().text.replace("-", ""))
    if characters[one] == characters[other]:
        return
    characters[one], characters[other] = characters[other], characters[one]
    with pytest.raises(MistypedSerial):
        read_serial("".join(characters))


@pytest.mark.parametrize(
    "typed", ["", "123", None, 5, b"x", "U" * 27, "é" * 27, "0" * 26, "0" * 28, "Z" * 1000]
)
def test_what_cannot_be_a_serial_is_refused(typed: Any) -> None:
    with pytest.raises(MistypedSerial):
        read_serial(typed)


def test_more_than_128_bits_are_no_serial() -> None:
    """The first character carries three bits: others would be a second way to write the same number."""
    accepted = []
    for first in ALPHABET:
        for check in ALPHABET:
            try:
                accepted.append(read_serial(first + "0" * 25 + check).text[0])
            except MistypedSerial:
                continue
    assert accepted == list(ALPHABET[:8])
