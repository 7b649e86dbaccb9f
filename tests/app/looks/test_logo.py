"""A logo leaves as a picture that can do no harm, or does not come in."""

import io
import time

import pytest
from PIL import Image

from app.looks import logo
from app.looks.logo import WrongLogo

HEAD = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"'
SQUARE = b'<path d="M0 0h9v9H0Z"/>'


def a_png(width: int, height: int) -> bytes:
    made = io.BytesIO()
    Image.new("RGBA", (width, height), (20, 90, 60, 255)).save(made, "PNG", pnginfo=None)
    return made.getvalue()


@pytest.mark.parametrize(
    "harm",
    [
        b"<script>alert(1)</script>",
        b'<image href="https://elsewhere.example/x.png"/>',
        b'<a href="javascript:alert(1)"><path d="M0 0h1"/></a>',
        b"<foreignObject><p>x</p></foreignObject>",
        b'<use href="https://elsewhere.example/x.svg#a"/>',
        b"<style>@import url(https://elsewhere.example)</style>",
        b'<path d="M0 0h1" onclick="alert(1)"/>',
        b'<path d="M0 0h1" style="fill:url(https://elsewhere.example/a)"/>',
        b'<animate attributeName="href" to="javascript:alert(1)"/>',
        b"<text>alert</text>",
    ],
)
def test_only_shapes_and_paint_are_left_of_a_drawing(harm: bytes) -> None:
    kept = logo.read(HEAD + b' onload="alert(1)">' + SQUARE + harm + b"</svg>").content

    for word in (b"alert", b"elsewhere", b"script", b"href", b"onclick", b"onload"):
        assert word not in kept
    assert b"M0 0h9v9H0Z" in kept


def test_paint_of_its_own_stays_also_where_it_stood_in_a_style() -> None:
    drawn = b'<linearGradient id="g"><stop offset="0" stop-color="#123"/></linearGradient>'
    kept = logo.read(
        HEAD + b">" + drawn + b'<path d="M0 0h9" style="fill:url(#g);stroke:#abc"/></svg>'
    ).content

    assert b'fill="url(#g)"' in kept
    assert b'stroke="#abc"' in kept
    assert b"style" not in kept


@pytest.mark.parametrize("filler", [b" ", b"a", b"a:", b"a: ", b";"])
def test_a_style_as_long_as_the_file_may_be_keeps_nobody_waiting(filler: bytes) -> None:
    began = time.process_time()

    kept = logo.read(
        HEAD + b">" + SQUARE + b'<path style="' + filler * (40_000 // len(filler)) + b'"/></svg>'
    )

    assert time.process_time() - began < 2
    assert b"style" not in kept.content


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b"", "logo-missing"),
        (b"GIF89a", "logo-type"),
        (b"<html><svg></svg></html>", "logo-type"),
        (HEAD + b">", "logo-broken"),
        (HEAD + b"><script/></svg>", "logo-broken"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + HEAD + b">" + SQUARE + b"</svg>", "logo-type"),
        (HEAD + b">" + SQUARE * 700 + b"</svg>", "logo-large"),
        (b"\x89PNG\r\n\x1a\nnothing", "logo-broken"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * logo.SENT_BYTES_MAX, "logo-large"),
    ],
)
def test_what_is_no_logo_says_why(sent: bytes, why: str) -> None:
    with pytest.raises(WrongLogo) as refused:
        logo.read(sent)

    assert refused.value.details == {"logo": why}


def test_a_png_is_made_anew_small_and_without_what_came_along() -> None:
    kept = logo.read(a_png(1200, 600) + b"<?php harm ?>")

    assert kept.media_type == logo.PNG
    assert b"harm" not in kept.content
    with Image.open(io.BytesIO(kept.content)) as picture:
        assert picture.size == (192, 96)
    assert len(kept.content) <= logo.KEPT_BYTES_MAX
