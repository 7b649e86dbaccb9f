"""Asking for somebody else in a real browser: the pages are looked at with axe, in every window."""

import pytest

from app.access.actor import Actor
from app.access.sign_in import open_session
from app.help_requests.schemas import NewHelpRequest
from app.representations import service
from app.representations.models import RepresentationKind
from app.representations.schemas import ForAnother, Other
from tests.app.factories import SHOWN, a_member_of_staff, a_person, a_representation, a_request, act
from tests.browser.acting import Stage
from tests.browser.sizes import SIZES
from tests.browser.test_distribution import looked_at
from web.security import SESSION_COOKIE

pytestmark = pytest.mark.browser
GREET = {"voornaam": "Greet", "postcode": "5664 HJ", "telefoon": "06 12345678"}
WALK = {"categorie": "samen-op-pad", "titel": "Samen naar de weekmarkt"}


def test_the_pages_of_acting_for_another_are_right_in_every_window(stage: Stage, axe_source: str) -> None:
    with stage.program.transaction() as session:
        karin, annie = a_person(session, first_name="Karin"), a_person(session, first_name="Annie")
        marja = a_member_of_staff(stage.database, session)
        row = a_representation(session, marja, karin, annie, kind=RepresentationKind.AUTHORISED).id
        a_representation(session, marja, annie, karin)
        asked = a_request(session, act(session, annie)).id
        question = NewHelpRequest.model_validate(WALK)
        other = Other.model_validate(GREET)
        service.ask(session, act(session, karin), ForAnother.model_construct(other=other, question=question))
    seen = [
        *((karin, None, path) for path in ("/mijn/namens", "/mijn/gegevens")),
        *(
            (karin, row, path)
            for path in (f"/mijn/vragen/{asked}", "/mijn/namens", "/mijn/gegevens", "/mijn/roosjes/alles")
        ),
        *((marja, None, path) for path in ("/bureau/namens", f"/bureau/mensen/{annie.person_id}/namens")),
    ]
    wrong = {}
    for width, theme in SIZES:
        for who, representation, path in seen:
            found = _look(stage, axe_source, (who, representation), path, (width, theme))
            if found:
                wrong[(width, path)] = found
    assert wrong == {}


def _look(
    stage: Stage, axe_source: str, who: tuple[Actor, object], path: str, window: tuple[int, str]
) -> list[str]:
    with stage.program.transaction() as session:
        token = open_session(session, who[0].person_id, who[1], proof=SHOWN)  # type: ignore[arg-type]
    context = stage.browser.new_context(
        base_url=stage.site.address, viewport={"width": window[0], "height": 900}, color_scheme=window[1],  # type: ignore[arg-type]
        bypass_csp=True,
    )  # fmt: skip
    host = stage.site.address.replace("http:", "https:")
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": host, "secure": True}])
    page = context.new_page()
    page.goto(path)
    found = looked_at(page, axe_source)
    context.close()
    return found
