"""What a push service carries: the example of RFC 8291, and our key as RFC 8292 wants it shown."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey

from app.config import Settings
from app.push import keys
from app.push.sealing import decoded, is_point, sealed, unpadded

SECRET = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"


def test_the_example_of_the_standard_comes_out_to_the_last_byte() -> None:
    own = ec.derive_private_key(int.from_bytes(decoded(SECRET), "big"), ec.SECP256R1())

    body = sealed(
        b"When I grow up, I want to be a watermelon",
        decoded("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        decoded("BTBZMqHH6r4Tts7J_aSIgg"),
        salt=decoded("DGv6ra1nlYgDCS1FRnbzlw"), own=own,
    )  # fmt: skip

    assert unpadded(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A"
        "_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_our_key_is_shown_for_one_origin_and_half_a_day() -> None:
    settings = Settings(push_key=SECRET, base_url="https://zve.example")

    scheme, _, said = keys.authorization(settings, "https://push.example").partition(" ")
    token, key = (part.split("=", 1)[1] for part in said.split(", "))

    assert (scheme, key) == ("vapid", keys.public_key(settings))
    point = decoded(key)
    public: dict[str, str | list[str]] = {
        "kty": "EC",
        "crv": "P-256",
        "x": unpadded(point[1:33]),
        "y": unpadded(point[33:]),
    }
    claims = jwt.decode(token, ECKey.import_key(public), algorithms=["ES256"]).claims
    assert (claims["aud"], claims["sub"]) == ("https://push.example", "https://zve.example")
    assert set(claims) == {"aud", "sub", "exp"}


def test_a_new_key_is_one_that_the_setting_takes() -> None:
    assert keys.public_key(Settings(push_key=keys.new_secret())).startswith("B")
    assert keys.public_key(Settings()) == ""


@pytest.mark.parametrize("value", [b"", b"\x04" * 65, b"\x02" + b"\x01" * 32, b"\x04" + b"\xff" * 64])
def test_what_is_no_point_of_the_curve_is_no_key(value: bytes) -> None:
    assert not is_point(value)
