"""What the forms about checks share: the sentences for what was typed, and doing what they ask."""

from collections.abc import Callable
from typing import Any, Final

from fastapi import Request

from app.checks.schemas import NewCheck, NumberAsked, Withdrawn
from app.errors import Conflict, DomainError
from app.http import Opened
from web import forms
from web.forms import Form
from web.i18n import N_
from web.pages.desk_shell import refusal

NUMBER: Final = {
    "number-kvk": N_("Een KvK-nummer heeft 8 cijfers. Kijk of u er geen mist."),
    "number-big": N_("Een BIG-nummer heeft 11 cijfers. Kijk of u er geen mist."),
    "number-skj": N_("Een SKJ-nummer heeft 9 cijfers. Kijk of u er geen mist."),
    "not-here": N_("Hier hoort geen nummer bij. Maak dit veld leeg."),
}
forms.say(
    NewCheck,
    soort=N_("Kies wat u zag."),
    totEnMet=N_("Kies een laatste dag die na de eerste komt. Een ontheffing duurt hoogstens een jaar."),
    reden=N_("Schrijf op waarom dit tijdelijk niet nodig is."),
    organisatie=N_("Kies een organisatie van uw gemeente met een overeenkomst."),
    **NUMBER,
)
forms.say(Withdrawn, reden=N_("Schrijf op waarom dit niet meer telt."))
forms.say(NumberAsked, **NUMBER)


def tried(request: Request, session: Opened, form: Form[Any], act: Callable[[Any], object]) -> int:
    """Do it, or leave in the form what stands in the way; the status of the answer."""
    if form.value is None:
        return 422
    try:
        with session.begin_nested():
            act(form.value)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        if isinstance(error, Conflict):
            form.errors[""] = refusal(request, error)
        else:
            for name, code in error.details.items():
                if code in NUMBER:
                    form.refuse(name, NUMBER[code])
            form.refused(error)
        session.expire_all()
        return error.status if error.status in (409, 429) else 422
    return 303
