"""When two people both have time, in words: a few slots by name, many as a number."""

from app.categories.vocabulary import ALL_DAYTIME, Part, slot
from web.words import shared_times


def test_a_few_slots_are_named() -> None:
    assert shared_times(slot(0, Part.MORNING), "nl") == "maandagochtend"
    assert shared_times(slot(0, Part.MORNING) | slot(1, Part.AFTERNOON), "nl") == (
        "maandagochtend en dinsdagmiddag"
    )


def test_of_many_none_is_named_before_the_others() -> None:
    evenings = sum(slot(day, Part.EVENING) for day in range(5))
    assert shared_times(evenings, "nl") == "5 dagdelen"
    assert "maandag" not in shared_times(ALL_DAYTIME, "nl")
