"""Forms about welfare budgets, what to say when something must be mended, and sending one twice."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final
from uuid import uuid4

from app.access import once
from app.access.actor import Actor
from app.errors import DomainError, Forbidden, Invalid, NotFound
from app.http import Opened
from app.welfare.schemas import Because, Key, NewGrant, NewPlan, NewReceipt, NewSpending, Told
from web.forms import Form, blank, say
from web.i18n import N_
from web.welfare_words import LATER, REFUSALS

AMOUNT: Final = N_("Vul een bedrag in tot en met 450 euro, bijvoorbeeld 12,50.")
OP: Final = "page welfare"


class PlanForm(NewPlan):
    """A plan, sent once."""

    key: Key


class SpendingForm(NewSpending):
    """A spending, sent once."""

    key: Key


class ReceiptForm(NewReceipt):
    """A receipt, sent once; the file comes beside it."""

    key: Key


class GrantForm(NewGrant):
    """An amount, sent once."""

    key: Key


say(
    PlanForm,
    doel=N_("Schrijf op wat u wilt bereiken, in uw eigen woorden."),
    wens=N_("Schrijf in een paar woorden wat u daarvoor nodig heeft."),
    waarom=N_("Schrijf op waarom dit u helpt."),
    bedrag=AMOUNT,
    persoon=N_("Kies voor wie het is."),
)
for _model in (SpendingForm, ReceiptForm):
    say(
        _model,
        wat=N_("Schrijf op wat het is, bijvoorbeeld tien zwemlessen."),
        bedrag=AMOUNT,
        datum=N_("Vul de dag in die op de bon staat."),
        bon=N_("Kies een foto of PDF van uw bon."),
        **{
            "file-missing": N_("Kies een foto of PDF van uw bon."),
            "file-large": N_("Dit bestand is te groot. Een foto mag 10 MB zijn, een PDF 5 MB."),
            "file-type": N_("Dit is geen foto of PDF die wij kunnen bewaren. Maak een foto van uw bon."),
            "file-broken": N_("Dit bestand is stuk. Maak een nieuwe foto van uw bon."),
            "not-in-period": N_("Kies een dag waarop het budget liep, en die al geweest is."),
        },
    )
say(
    GrantForm,
    bedrag=AMOUNT,
    van=N_("Vul de eerste dag in."),
    totEnMet=N_("Vul de laatste dag in."),
    **{
        "period-past": N_("Kies een laatste dag die nog komt, na de eerste."),
        "period-long": N_("Kies hoogstens een jaar."),
        "value_error": N_("Vul een eerste en een laatste dag in."),
    },
)
say(Because, reden=N_("Schrijf op waarom niet. De inwoner leest dit."))
say(
    Told,
    tekst=N_("Schrijf op wat het bracht, in uw eigen woorden."),
    geholpen=N_("Kies één van de drie."),
    meerMensen=N_("Kies één van de drie."),
)


def fresh(**values: object) -> Form[Any]:
    """A form that was not sent yet."""
    return blank(sleutel=str(uuid4()), **values)


def sent_once(
    session: Opened, actor: Actor, form: Form[Any], act: Callable[[], str], file: bytes = b""
) -> str | None:
    """Where the act leads, now or when the same form came before; None with what to mend in the form.

    What is refused leaves nothing behind, so that the mended form may be sent under the same key.
    """
    if form.value is None:
        return None
    said = form.value.model_dump_json() + sha256(file).hexdigest()
    operation, key = f"{OP} {type(form.value).__name__}", str(form.value.key)
    try:
        with session.begin_nested():
            earlier = once.first_answer(session, actor, operation, key, said)
            if earlier is not None:
                return earlier
            path = act()
            once.remember(session, actor, operation, key, 303, path)
            return path
    except (NotFound, Forbidden):
        raise
    except DomainError as refusal:
        mend(form, refusal)
        return None


def mend(form: Form[Any], refusal: DomainError) -> Form[Any]:
    """What the service refused, as a sentence beside the field or above the form."""
    if isinstance(refusal, Invalid) and refusal.details:
        return form.refused(refusal)
    return form.refuse("", REFUSALS.get(refusal.code, LATER))
