"""A way of hearing from us for each group of notices, as somebody chooses it or says it at the desk."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field

from app.notifications.groups import NAMES, Group, Way
from app.notifications.wishes import Choice
from app.schemas import Incoming
from web.forms import Form
from web.i18n import translate
from web.notice_words import WAYS


class Ways(Incoming):
    """A way for each group; what is left out stays as it was."""

    yes: Annotated[Way | None, Field(alias="ja-of-nee")] = None
    agreed: Annotated[Way | None, Field(alias="afspraken")] = None
    safety: Annotated[Way | None, Field(alias="veiligheid")] = None
    messages: Annotated[Way | None, Field(alias="gesprekken")] = None
    reminders: Annotated[Way | None, Field(alias="herinneringen")] = None
    requests: Annotated[Way | None, Field(alias="vragen")] = None
    helping: Annotated[Way | None, Field(alias="helpen")] = None
    after: Annotated[Way | None, Field(alias="daarna")] = None
    roosjes: Annotated[Way | None, Field(alias="roosjes")] = None
    tips: Annotated[Way | None, Field(alias="tips")] = None

    def chosen(self) -> dict[Group, Way]:
        """By group."""
        said = self.model_dump(by_alias=True)
        return {group: said[group.value] for group in Group if said.get(group.value) is not None}


def offered(
    choices: Iterable[Choice], form: Form[Any], lang: str
) -> list[tuple[Choice, str, str, list[tuple[str, str]]]]:
    """Of each group the choice, its name, the way that is ticked, and the ways there are."""
    return [
        (
            one, NAMES[one.group].of(lang), form.get(one.group.value, one.way.value),
            [(way.value, translate(lang, WAYS[way])) for way in one.ways],
        )
        for one in choices
    ]  # fmt: skip
