"""What pages about paper share: the sentences of a refusal, fresh keys, and addresses in a QR code."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import uuid4

from fastapi import Request

from app.cheques.papers import Printed
from app.cheques.schemas import (
    Handing,
    HandingOfCheque,
    LostPaper,
    NewDesk,
    NewPapers,
    NewProvider,
    NewSale,
    NewSeller,
    PayOut,
    Returning,
    Undone,
)
from app.errors import DomainError
from web import forms, treasury_words
from web.forms import Form
from web.i18n import N_

REFUSED: Final = N_("Deze code kan hier niet worden ingeleverd. Kijk of u hem goed overtypte, of bel ons.")
"""The one sentence for a paper that is unknown, used, given back, expired or of somewhere else."""
MISTYPED: Final = N_("Er zit een tikfout in de code. Het zijn 27 letters en cijfers, in groepjes van drie.")
SENT: Final = N_("Dit formulier is al verstuurd. Kijk of het goed staat.")
NUMBER: Final = N_("Dit nummer is niet van een papier dat nog open staat.")
_CODES: Final = {"paper-refused": REFUSED, "mistyped": MISTYPED, "key-used": SENT}

for _model in (Handing, HandingOfCheque, Returning):
    forms.say(_model, **_CODES, code=N_("Vul de code in die op het papier staat."))
forms.say(
    Returning, **{"paper-refused": N_("Deze cheque kan hier niet terug. Kijk of u de code goed overtypte.")}
)
forms.say(
    HandingOfCheque,
    organisatie=N_("Kies voor welke organisatie."),
    keer=N_("Kies een afspraak uit de lijst."),
    **{"paid-for": N_("Voor deze afspraak zijn alle cheques al ingeleverd.")},
)
forms.say(
    LostPaper,
    **{"paper-refused": NUMBER, "key-used": SENT},
    nummer=N_("Vul het nummer in dat op de bon staat."),
)
forms.say(
    Undone, **{"paper-refused": N_("Dat kan niet meer. Een cheque van deze bon is al ingeleverd of terug.")}
)
forms.say(NewSale, aantal=N_("Vul in hoeveel cheques, van 1 tot 40."), **{
    "key-used": SENT, "desk-closed": N_("Dit verkooppunt is gesloten."),
})  # fmt: skip
forms.say(NewDesk, naam=N_("Vul in hoe het verkooppunt heet."), adres=N_("Vul het adres in."), **{
    "taken": N_("Er is al een verkooppunt met deze naam."),
    "no-more-desks": N_("Er zijn al 63 verkooppunten. Meer kan niet."),
})  # fmt: skip
forms.say(NewSeller, persoon=N_("Kies wie daar verkoopt."))
forms.say(NewProvider, organisatie=N_("Kies een organisatie van uw gemeente."))
forms.say(PayOut, **{
    "not-that-many": N_("Zoveel cheques staan er niet meer open."), "key-used": SENT,
    "paid-by-its-own-municipality": N_("Deze organisatie krijgt haar geld van haar eigen gemeente."),
    "account-stands-still": treasury_words.REFUSALS["account-stands-still"],
})  # fmt: skip
forms.say(NewPapers, aantal=N_("Kies hoeveel papieren, van 1 tot 20."), minuten=N_("Kies hoeveel elk waard is."), **{
    "out-of-roosjes": N_("Zoveel kan nu niet. Kies iets minder, of bel ons."), "key-used": SENT,
})  # fmt: skip


def fresh(**values: object) -> Form[Any]:
    """An empty form with a key of its own."""
    return forms.blank(sleutel=str(uuid4()), **values)


def refused(form: Form[Any], error: DomainError) -> Form[Any]:
    """What a service refused, under the field of the code where it is about one; a spent key is replaced."""
    fields = form.model.model_fields if form.model is not None else {}
    aliases = {info.alias or name for name, info in fields.items()}
    if error.code == "paper-refused":
        error.details = {"code" if "code" in aliases else "nummer" if "nummer" in aliases else "": error.code}
    if error.code == "paid-for":
        error.details = {"keer": error.code}
    if error.code in ("out-of-roosjes", "not-that-many"):
        error.details = {"aantal": error.code}
    form.refused(error)
    if error.code == "key-used":
        form.values = {**form.values, "sleutel": [str(uuid4())]}
    return form


def status_of(error: DomainError) -> int:
    """422 for what was typed, else what the refusal says."""
    return 422 if error.status == 400 else error.status


def addresses(request: Request, kind: str, papers: Sequence[Printed]) -> list[tuple[int, str, str]]:
    """Number, code, and the address that its QR code opens: a page with a button."""
    base = request.app.state.settings.address
    return [(one.number, one.code, f"{base}/{kind}/{one.code.replace('-', '')}") for one in papers]
