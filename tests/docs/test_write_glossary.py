"""The writer of the glossary's tables changes the rows and nothing else."""

from tests.docs.write_glossary import with_rows

PAGE = """# Words

## Names

A sentence.

| Dutch |
|---|
| `oud` |

## States

| Dutch |
|---|
| `open` |
"""


def test_rows_are_put_in_the_place_of_those_that_stood_there() -> None:
    page = with_rows(PAGE, "Names", ["| `nieuw` |", "| `nog een` |"])

    assert page == PAGE.replace("| `oud` |", "| `nieuw` |\n| `nog een` |")


def test_the_last_table_of_the_page_can_be_written_too() -> None:
    assert with_rows(PAGE, "States", ["| `dicht` |"]) == PAGE.replace("`open`", "`dicht`")
