"""What may be a number or an address in a message, and what only looks like one."""

import pytest

from app.conversations.reach import Reach, found


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Bel me op 06 12345678", Reach.PHONE),
        ("06-12345678 is mijn nummer", Reach.PHONE),
        ("0031612345678", Reach.PHONE),
        ("+31 6 1234 5678", Reach.PHONE),
        ("040-2212345 's avonds", Reach.PHONE),
        ("Mail naar ria@voorbeeld.nl", Reach.EMAIL),
        ("ria (at) voorbeeld.nl", Reach.EMAIL),
        ("Ik woon op 5664 HJ", Reach.ADDRESS),
        ("5664HJ nummer 12", Reach.ADDRESS),
        ("Kom maar naar Dorpsstraat 12", Reach.ADDRESS),
        ("bij de kerklaan 3a", Reach.ADDRESS),
    ],
)
def test_a_number_or_an_address_is_found(words: str, kind: Reach) -> None:
    assert found(words) is kind


@pytest.mark.parametrize(
    "words",
    [
        "Komt dinsdag om 14.00 uur u uit?",
        "In 2026 is het weer markt",
        "Dat kost 12,50 euro, ongeveer 1000 stappen",
        "Ik ben er van 10 tot 12, of van 13.30 tot 15.00",
        "Ik heb 3 katten en 2 honden",
        "We lopen de straat uit en dan 200 meter",
        "Om 0800 of 1230 in de middag",
    ],
)
def test_what_only_looks_like_one_is_left_alone(words: str) -> None:
    assert found(words) is None
