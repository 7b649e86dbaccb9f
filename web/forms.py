"""Forms: one Pydantic model reads what was typed, and everything typed comes back with what to mend.

    forms.say(NewHelpRequest, titel=N_("Schrijf in een paar woorden wat u nodig heeft."))

    @router.post("/nieuw")
    def post(request: Request, session: Writing, form: Submitted[NewHelpRequest]) -> Response:
        if form.value is None:
            return page(request, "help_requests/new.html", status=422, form=form)
        return see_other(f"/hulpvragen/{service.post(session, form.value).id}")

The same page before anything was typed gets ``form=blank()``, or ``filled(model)`` when it changes what is
there. ``Submitted`` also checks the CSRF token (403). A field left empty counts as not given, so that a box
that may be ticked is ``bool = False`` in the model; a field that the model has not is refused when it forbids
extras. Three names belong to the form itself and never reach the model: ``csrf``, ``formulier`` (a one-time
id, see ``form.id``) and ``knop`` (which button was pressed, see ``form.button``).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Any, Final, Generic, TypeVar, get_args, get_origin

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from app.errors import DomainError
from app.privacy import bsn
from app.text import Typed
from web import i18n
from web.security import CSRF_FIELD, csrf_checked
from web.sentences import BSN, OWN_SENTENCES, sentence
from web.typed import typed

BUTTON_FIELD: Final = "knop"
ID_FIELD: Final = "formulier"
NO_BSN_FIELD: Final = "geenBsn"
"""Ticked when a number that looks like a BSN is none."""
_OURS: Final = frozenset({CSRF_FIELD, BUTTON_FIELD, ID_FIELD, NO_BSN_FIELD})
_SEVERAL: Final = (list, set, frozenset, tuple)
_TICKED: Final[dict[str, str | bool]] = {"ja": True, "nee": False}

M = TypeVar("M", bound=BaseModel)


@dataclass(slots=True)
class Form(Generic[M]):
    """What was typed, what it means (``value``, or None), and per field what to mend.

    ``errors`` maps a field's name to a sentence in the visitor's language; the key "" is the form as a whole.
    """

    values: Mapping[str, list[str]] = field(default_factory=dict)
    value: M | None = None
    errors: dict[str, str] = field(default_factory=dict)
    lang: str = i18n.DUTCH
    model: type[BaseModel] | None = None
    mark: str = ""
    """Before the ids of its fields, where a page has several forms with a field of one name."""

    def get(self, name: str, default: str = "") -> str:
        """The last value typed in this field."""
        return (self.values.get(name) or [default])[-1]

    def all(self, name: str) -> list[str]:
        """Every value of a field that takes several."""
        return list(self.values.get(name, []))

    def has(self, name: str, option: object) -> bool:
        """Whether this option was ticked or picked."""
        return str(option) in self.values.get(name, [])

    @property
    def button(self) -> str:
        """The value of the button that was pressed, when it is named ``knop``."""
        return self.get(BUTTON_FIELD)

    @property
    def id(self) -> str:
        """The one-time id of this form, the same when it is sent again."""
        return self.get(ID_FIELD)

    def bsn_in(self, name: str) -> bool:
        """Whether this field came back for what may be a BSN; there may be no other reason."""
        return name in self.errors and name not in bsn.NUMBERS and bsn.find(self.get(name)) is not None

    def among(self, others: object) -> "Form[M]":
        """The same, for one of several forms of a page: its ids are its own."""
        return replace(self, mark=f"{others}-")

    def refuse(self, name: str, dutch_sentence: str, **values: object) -> "Form[M]":
        """Add what to mend, for what only the route knows; the value is then no longer there."""
        self.errors.setdefault(name, i18n.translate(self.lang, dutch_sentence, **values))
        self.value = None
        return self

    def refused(self, error: DomainError) -> "Form[M]":
        """Take over what a service refused: ``details`` maps a field to a reason code."""
        for name, code in (error.details or {"": error.code}).items():
            self.errors.setdefault(name, sentence(self.model, name, code, {}, self.lang))
        self.value = None
        return self


if TYPE_CHECKING:
    Submitted = Form
else:

    class Submitted:
        """``form: Submitted[Model]`` in a route: the posted form, read into the model."""

        def __class_getitem__(cls, model: type[BaseModel]) -> Any:
            return Annotated[Form[model], Depends(_reader(model), scope="function")]


def blank(**values: object) -> Form[Any]:
    """A form before anything was typed, or with a first proposal for some fields."""
    return Form({name: _strings(value) for name, value in values.items()})


def filled(model: BaseModel) -> Form[Any]:
    """A form that shows what is there, to be changed."""
    return blank(**model.model_dump(mode="json", by_alias=True))


def say(model: type[BaseModel], **sentences: str) -> None:
    """What to say (Dutch message ids) when one of these fields is left out or cannot be read."""
    OWN_SENTENCES.setdefault(model, {}).update(sentences)


def read(model: type[M], values: Mapping[str, list[str]], lang: str = i18n.DUTCH) -> Form[M]:
    """Read typed fields into the model; never raises for what was typed."""
    form: Form[M] = Form(values, lang=lang, model=model)
    try:
        form.value = model.model_validate(_given(model, values))
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            name = str(error["loc"][0]) if error["loc"] else ""
            if error["type"] == "extra_forbidden":
                name = ""
            reason = error["type"]
            if reason in ("too_short", "too_long") and isinstance(error["input"], str):
                reason = f"string_{reason}"  # text that was cleaned first is measured as a list is
            said = sentence(model, name, reason, error.get("ctx", {}), lang)
            form.errors.setdefault(name, said)
        form.errors = _in_order(model, form.errors)
    if not any(values.get(NO_BSN_FIELD, [])):
        _look_for_bsn(form, model, values)
    return form


def _look_for_bsn(form: Form[M], model: type[M], values: Mapping[str, list[str]]) -> None:
    """A text that may hold a BSN comes back before it goes anywhere, as it was typed.

    Keys, tickets and choices that a form carries along are no words of anybody, though their digits may pass the test.
    """
    words = {
        _alias(name, info)
        for name, info in model.model_fields.items()
        if any(isinstance(mark, Typed) for mark in info.metadata) or _takes_words(info.annotation)
    }
    for name in sorted(words & values.keys()):
        if name not in bsn.NUMBERS and any(bsn.find(typed_value) for typed_value in values[name]):
            form.refuse(name, BSN)


def _reader(model: type[M]) -> Callable[..., Any]:
    async def submitted(request: Request, _checked: Annotated[None, Depends(csrf_checked)]) -> Form[M]:
        sent = await typed(request)
        return read(model, sent.values if sent else {}, i18n.language(request))

    return submitted


def _given(model: type[BaseModel], values: Mapping[str, list[str]]) -> dict[str, Any]:
    """What the model gets: lists where it wants several, and nothing for a field left empty."""
    fields = {_alias(name, info): info.annotation for name, info in model.model_fields.items()}
    several = {name for name, annotation in fields.items() if _meets(annotation, _SEVERAL)}
    ticks = {name for name, annotation in fields.items() if _meets(annotation, (bool,))}
    given: dict[str, Any] = {}
    for name, typed_values in values.items():
        meant = [value for value in typed_values if value.strip()]
        if name in _OURS or not meant:
            continue
        # Twice a field that takes one value is no accident of a browser: let the model refuse it.
        given[name] = meant if name in several or len(meant) > 1 else meant[0]
    for name in ticks & given.keys():
        given[name] = _TICKED.get(given[name], given[name]) if isinstance(given[name], str) else given[name]
    return given


def _takes_words(annotation: Any) -> bool:
    """Whether somebody may type words here, or in one of several lines."""
    return isinstance(annotation, Typed) or any(map(_takes_words, get_args(annotation)))


def _alias(name: str, info: FieldInfo) -> str:
    return info.validation_alias if isinstance(info.validation_alias, str) else info.alias or name


def _meets(annotation: Any, kinds: tuple[type, ...]) -> bool:
    """Whether the field is of one of these kinds, also when it may be absent."""
    options = getattr(annotation, "__args__", ()) if get_origin(annotation) not in _SEVERAL else ()
    return any((get_origin(kind) or kind) in kinds for kind in (annotation, *options))


def _in_order(model: type[BaseModel], errors: dict[str, str]) -> dict[str, str]:
    """Errors in the order in which the fields stand in the form, the whole form's last."""
    places = {_alias(name, info): place for place, (name, info) in enumerate(model.model_fields.items())}
    return dict(sorted(errors.items(), key=lambda item: places.get(item[0], len(places))))


def _strings(value: object) -> list[str]:
    if value is None or value is False:
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, Iterable):
        return [str(item) for item in value]
    return ["ja" if value is True else str(value)]
