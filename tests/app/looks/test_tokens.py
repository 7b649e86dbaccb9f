"""Design tokens of NL Design System are read in each of their shapes, and every line is accounted for."""

import json

import pytest

from app.errors import Invalid
from app.looks import tokens
from app.looks.tokens import Outcome, Role

TREE = {
    "utrecht": {
        "button": {"primary-action": {"background-color": {"value": "{voorbeeld.color.blue.500}"}}},
        "link": {"color": {"$value": "rgb(0, 51, 102)", "$type": "color"}},
        "document": {"font-family": {"value": "Arial"}},
        "iets": {"anders": {"value": "#123456"}},
    },
    "voorbeeld": {"color": {"blue": {"500": {"value": "#00A0E1"}}, "primary": {"value": "#ff0000"}}},
}


@pytest.mark.parametrize(
    "typed",
    [
        json.dumps(TREE),
        json.dumps(
            {"utrecht-button-primary-action-background-color": "#00a0e1", "utrecht-link-color": "#036"}
        ),
        json.dumps(
            {
                "nl": {
                    "button": {"primary": {"background-color": {"value": "#00a0e1"}}},
                    "link": {"color": "#003366"},
                }
            }
        ),
        ".thema { --utrecht-button-primary-action-background-color: #00A0E1; --utrecht-link-color: #003366 }",
        "--of-color-primary: #00a0e1;\n--of-button-primary-bg: var(--of-color-primary);\n--of-link-fg: #003366;",
        json.dumps(
            {
                "utrechtButtonPrimaryActionBackgroundColor": "#00a0e1",
                "utrechtLinkColor": "hsl(210, 100%, 20%)",
            }
        ),
    ],
)
def test_button_and_link_are_found_whatever_shape_the_file_has(typed: str) -> None:
    read = tokens.read(typed)

    assert (read.of(Role.ROSE), read.of(Role.GREEN)) == ("#00a0e1", "#003366")


def test_every_line_says_what_became_of_it() -> None:
    said = {line.name: line.outcome for line in tokens.read(json.dumps(TREE)).lines}

    assert said == {
        "utrecht.button.primary-action.background-color": Outcome.TAKEN,
        "utrecht.link.color": Outcome.TAKEN,
        "voorbeeld.color.primary": Outcome.SECOND,
        "utrecht.document.font-family": Outcome.OURS,
        "utrecht.iets.anders": Outcome.UNKNOWN,
        "voorbeeld.color.blue.500": Outcome.UNKNOWN,
    }


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "tokens-missing"),
        ("hallo", "tokens-form"),
        ("{", "tokens-form"),
        ("[1]", "tokens-form"),
        ("{}", "tokens-none"),
        ("[" * 50_000, "tokens-form"),
        ("x" * 200_001, "tokens-large"),
        (json.dumps({str(number): "#123456" for number in range(7000)}), "tokens-large"),
    ],
)
def test_what_holds_no_tokens_says_why(typed: str, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        tokens.read(typed)

    assert refused.value.details == {"tokens": why}


def test_references_in_a_circle_end() -> None:
    circle = {
        "utrecht": {"link": {"color": {"value": "{a.b}"}}},
        "a": {"b": {"value": "{utrecht.link.color}"}},
    }

    assert tokens.read(json.dumps(circle)).of(Role.GREEN) == ""
