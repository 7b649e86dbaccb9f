"""The check that no Dutch sentence goes without its translation."""

from pathlib import Path

from babel.messages.catalog import Catalog

from tools.check_catalogue import complaints, extracted, update


def a_catalogue(**translations: str) -> Catalog:
    catalogue = Catalog(locale="en")
    for sentence, translation in translations.items():
        catalogue.add(sentence.replace("_", " "), translation, [("web/menu.py", 1)])
    return catalogue


def test_a_translated_sentence_is_no_complaint() -> None:
    assert list(complaints(a_catalogue(Vraag_hulp=""), [a_catalogue(Vraag_hulp="Ask for help")])) == []


def test_a_sentence_without_translation_is_told_with_its_place() -> None:
    wanted = ["no translation of 'Vraag hulp' (web/menu.py:1)"]
    assert list(complaints(a_catalogue(Vraag_hulp=""), [])) == wanted
    assert list(complaints(a_catalogue(Vraag_hulp=""), [a_catalogue(Vraag_hulp="")])) == wanted


def test_a_translation_of_nothing_is_told() -> None:
    assert list(complaints(a_catalogue(), [a_catalogue(Weg="Gone")])) == ["nothing says 'Weg' any more"]


def test_two_files_with_the_same_sentence_are_told() -> None:
    one, other = a_catalogue(Ja="Yes"), a_catalogue(Ja="Yea")
    assert list(complaints(a_catalogue(Ja=""), [one, other])) == ["two files translate 'Ja'"]


def test_a_translation_with_another_placeholder_is_told() -> None:
    template, catalogue = Catalog(), Catalog(locale="en")
    template.add("Hallo %(naam)s")
    catalogue.add("Hallo %(naam)s", "Hello %(name)s")
    found = list(complaints(template, [catalogue]))
    assert found == ["another placeholder in the translation of 'Hallo %(naam)s'"]


def test_an_unsure_translation_is_told() -> None:
    catalogue = Catalog(locale="en")
    catalogue.add("Ja", "Yes", flags=["fuzzy"])
    assert list(complaints(a_catalogue(Ja=""), [catalogue])) == ["unsure about 'Ja'"]


def test_a_file_that_gets_and_loses_nothing_stays_as_it_was_written(tmp_path: Path) -> None:
    new, other = tmp_path / "messages.po", tmp_path / "other.po"
    other.write_text("# as somebody wrote it\n")

    update(a_catalogue(Ja="", Nee=""), {new: a_catalogue(), other: a_catalogue(Ja="Yes")})

    assert 'msgid "Nee"' in new.read_text()
    assert other.read_text() == "# as somebody wrote it\n"


def test_sentences_of_templates_and_of_code_are_found() -> None:
    places = {place.split("/")[1] for message in extracted() for place, _ in message.locations}
    assert "templates" in places
