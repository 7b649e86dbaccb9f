"""Pages as they leave: safe, whole, and with a number to call."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from tests.clients import TestClient
from tests.web.preview import SITE
from web.rendering import TEMPLATES_DIR, environment, next_path

TEMPLATES = sorted(path.relative_to(TEMPLATES_DIR).as_posix() for path in TEMPLATES_DIR.rglob("*.html"))
PATHS = ("/", "/helpen", "/hulpvragen/nieuw", "/status-vraag", "/mijn/roosjes", "/bureau", "/bureau/zaak",
         "/bureau/cijfers", "/leeg", "/zo-werkt-het", "/privacy", "/toegankelijkheid", "/contact")  # fmt: skip
STATUSES = (403, 404, 409, 410, 422, 429, 500, 503)


@pytest.mark.parametrize("path", [*PATHS, *(f"/fout/{status}" for status in STATUSES)])
def test_a_page_has_one_heading_a_language_and_the_telephone(resident: TestClient, path: str) -> None:
    html = resident.get(path).text
    assert len(re.findall("<h1", html)) == 1
    assert '<html lang="nl"' in html
    assert '<a class="skip" href="#inhoud">' in html
    if "bureau" not in path:
        assert html.count(SITE.phone_href) >= 2


@pytest.mark.parametrize("status", STATUSES)
def test_an_error_keeps_its_status(resident: TestClient, status: int) -> None:
    answer = resident.get(f"/fout/{status}")
    assert answer.status_code == status
    assert f"Zeg er dit bij: <b>{status}</b>" in " ".join(answer.text.split())


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_holds_no_inline_style_or_handler(template: str) -> None:
    source = (TEMPLATES_DIR / template).read_text()
    assert not re.search(r"\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|https?://(?!www\.w3\.org)", source)
    assert "| safe" not in source or template == "macros/icons.html"


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_template_compiles(template: str, lang: str) -> None:
    environment(lang).get_template(template)


def test_the_english_page_is_english(visitor: TestClient) -> None:
    visitor.cookies.set("__Host-taal", "en")
    html = visitor.get("/privacy").text
    assert '<html lang="en"' in html
    assert "What we know about you" in html
    assert "Wat wij van u weten" not in html


def test_a_missing_name_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        environment("nl").from_string("{{ nobody_gave_this }}").render()


def test_what_people_type_is_escaped_and_stays_literal() -> None:
    typed = "<script>alert(1)</script>{{7*7}}${7*7}'\""
    html = (
        environment("nl").from_string("{{ typed }} {{ _('Bel %(name)s:', name=typed) }}").render(typed=typed)
    )
    assert "<script>" not in html
    assert "49" not in html
    assert "{{7*7}}" in html


def test_typed_text_is_inert_in_every_field(visitor: TestClient) -> None:
    csrf = re.search(r'name="csrf" value="([^"]+)"', visitor.get("/hulpvragen/nieuw").text)
    assert csrf
    evil = '"><img src=x onerror=alert(1)></textarea><script>alert(1)</script>'
    fields = dict.fromkeys(("thema", "titel", "tekst", "postcode", "telefoon", "afstand", "hoe"), evil)
    answer = visitor.post("/hulpvragen/nieuw", data={"csrf": csrf[1], **fields})
    assert answer.status_code == 422
    assert "<img" not in answer.text
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_a_form_that_must_be_mended_leads_to_each_field(visitor: TestClient) -> None:
    csrf = re.search(r'name="csrf" value="([^"]+)"', visitor.get("/hulpvragen/nieuw").text)
    assert csrf
    html = visitor.post(
        "/hulpvragen/nieuw", data={"csrf": csrf[1], "titel": "Heg", "tijden": ["5", "6"]}
    ).text
    assert "Kijk dit na" in html
    links = re.findall(r'href="#(veld-\w+)"', html)
    assert links == ["veld-thema", "veld-postcode", "veld-telefoon"]
    for link in links:
        assert f'id="{link}"' in html
    assert 'value="Heg"' in html
    assert len(re.findall(r'name="tijden" value="[56]" checked', html)) == 2


def test_ids_on_a_page_are_unique(resident: TestClient) -> None:
    for path in PATHS:
        ids = re.findall(r'\sid="([^"]+)"', resident.get(path).text)
        assert len(ids) == len(set(ids)), path


def test_the_first_page_is_light(resident: TestClient) -> None:
    html = resident.get("/")
    assets = [resident.get(path) for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', html.text)]
    assert sum(len(answer.content) for answer in (html, *assets)) < 100_000


def test_one_menu_item_is_the_current_one(resident: TestClient) -> None:
    assert resident.get("/mijn/roosjes").text.count('class="wnav"') == 1
    head = resident.get("/mijn/roosjes").text.split("</header>")[0]
    assert re.findall(r'<a href="([^"]+)" aria-current="page">', head.split('class="tools"')[0]) == [
        "/mijn/roosjes"
    ]


def test_a_page_that_does_not_exist_is_in_no_menu(visitor: TestClient) -> None:
    assert 'href="/activiteiten"' not in visitor.get("/").text.split("</header>")[0]


@pytest.mark.parametrize(
    ("path", "cookie"), [("/taal/en", "__Host-taal=en"), ("/thema/donker", "__Host-thema=donker")]
)
def test_a_choice_is_remembered_and_one_stays_where_one_was(
    visitor: TestClient, path: str, cookie: str
) -> None:
    csrf = re.search(r'name="csrf" value="([^"]+)"', visitor.get("/privacy").text)
    assert csrf
    answer = visitor.post(path, data={"csrf": csrf[1], "volgende": "/privacy?a=b"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/privacy?a=b")
    assert cookie in answer.headers["set-cookie"]


def test_an_unknown_choice_does_not_exist(visitor: TestClient) -> None:
    csrf = re.search(r'name="csrf" value="([^"]+)"', visitor.get("/privacy").text)
    assert csrf
    assert visitor.post("/taal/fr", data={"csrf": csrf[1]}).status_code == 404


@pytest.mark.parametrize("path", ["/", "/mijn/vragen", "/mijn?a=b#c", "/a/b-c_d.e", "/zoek?q=%20x"])
def test_a_path_of_ours_is_followed(path: str) -> None:
    assert next_path(path) == path


@pytest.mark.parametrize(
    "path",
    ["", None, "//evil", "/\\evil", "https:evil", "https://evil", "/%0d%0aSet-Cookie:x", "/\t/evil", "\t//evil",
     "javascript:alert(1)", "evil", "@evil", "/a//evil@b", "/ /evil", "/é", "/%5cevil", "/\r\nx", "http:/evil",
     "///evil", "/" + "a" * 2000],
)  # fmt: skip
def test_any_other_path_is_not(path: str | None) -> None:
    assert next_path(path) == "/"


def test_security_txt_says_where_and_until_when(visitor: TestClient) -> None:
    text = visitor.get("/.well-known/security.txt").text
    assert re.search(r"^Contact: https://testserver/contact$", text, re.M)
    assert re.search(r"^Expires: \d{4}-\d\d-\d\dT[\d:]{8}Z$", text, re.M)


@pytest.mark.parametrize("path", ["/hulpvragen", "/hulpaanbod"])
def test_search_engines_keep_out_of_what_neighbours_ask_and_offer(visitor: TestClient, path: str) -> None:
    assert f"Disallow: {path}\n" in visitor.get("/robots.txt").text


def test_the_sheet_has_the_same_dark_colours_twice() -> None:
    sheet = (Path(TEMPLATES_DIR).parent / "static/zve.css").read_text()
    media = re.search(r":root:not\(\[data-theme=light\]\)\{color-scheme:dark;\n(.*?)\}\}", sheet, re.S)
    own = re.search(r":root\[data-theme=dark\]\{color-scheme:dark;\n(.*?)\}", sheet, re.S)
    assert media
    assert own
    assert media[1] == own[1]


def test_a_page_for_two_visitors_has_two_tokens(visitor_app: Callable[[], TestClient]) -> None:
    tokens = {re.findall(r'name="csrf" value="([^"]+)"', visitor_app().get("/").text)[0] for _ in range(2)}
    assert len(tokens) == 2
