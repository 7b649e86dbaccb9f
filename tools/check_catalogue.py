"""Every Dutch sentence in code and templates has its translation; `--update` puts new ones in the catalogues.

The Dutch sentences are the keys themselves: a language is complete when it has a translation for each. Its
sentences may be spread over several files; `--update` puts the new ones into messages.po.
"""

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "web" / "locale"
SOURCES = {
    "app": [("**.py", "python"), ("categories/taxonomy.csv", "tools.check_catalogue:names")],
    "web": [("**.py", "python"), ("templates/**", "jinja2")],
}
# As web.rendering sets up its templates; otherwise the keys would differ by a space.
TEMPLATE_OPTIONS = {
    "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols",
    "trimmed": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
}
OPTIONS = {"templates/**": TEMPLATE_OPTIONS}
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")


def main(arguments: list[str]) -> int:
    """0 if all languages are complete. With --update they first get what is new, and lose what is gone."""
    template = extracted()
    failed = 0
    for folder in sorted(LOCALE.glob("*/LC_MESSAGES")):
        files = {path: read(path) for path in sorted({folder / "messages.po", *folder.glob("*.po")})}
        if "--update" in arguments:
            update(template, files)
        for complaint in complaints(template, list(files.values())):
            print(f"{folder.parent.relative_to(ROOT)}: {complaint}")
            failed = 1
    return failed


def update(template: Catalog, files: dict[Path, Catalog]) -> None:
    """Drop from the files what nothing says any more, and put what no file has into messages.po. A file in which that
    changes nothing stays as it was written."""
    changed = set()
    for path, catalogue in files.items():
        for message in [message for message in sentences(catalogue) if not known(template, message)]:
            catalogue.delete(message.id, message.context)
            changed.add(path)
    newest = next(path for path in files if path.name == "messages.po")
    for message in sentences(template):
        if not any(known(catalogue, message) for catalogue in files.values()):
            files[newest].add(message.id, None, message.locations, context=message.context)
            changed.add(newest)
    for path in changed:
        write(path, files[path])


def extracted() -> Catalog:
    """All sentences in code and templates, with where they stand."""
    catalogue = Catalog(project="ZorgvoorElkaar")
    for folder, methods in SOURCES.items():
        found = extract_from_dir(ROOT / folder, methods, OPTIONS, DEFAULT_KEYWORDS, strip_comment_tags=True)
        for name, line, message, comments, context in found:
            place = (f"{folder}/{name}", line)
            catalogue.add(message, None, [place], auto_comments=comments, context=context)
    return catalogue


def names(file: BinaryIO, *_: object, **__: object) -> Iterator[tuple[int, str, str, list[str]]]:
    """The names of categories and themes, which the database holds in Dutch as well; for Babel's extraction."""
    rows = csv.DictReader(file.read().decode().splitlines())
    for line, row in enumerate(rows, start=2):
        yield line, "", row["theme_name"], []
        yield line, "", row["name"], []


def complaints(template: Catalog, catalogues: list[Catalog]) -> Iterator[str]:
    """What is missing, left over, said twice, unsure, or has another placeholder."""
    for message in sentences(template):
        entries = [catalogue.get(message.id, message.context) for catalogue in catalogues]
        found = [entry for entry in entries if entry is not None]
        if not any(all(strings(translation)) for translation in found):
            yield f"no translation of {first(message)!r} ({where(message)})"
        if len(found) > 1:
            yield f"two files translate {first(message)!r}"
        if any(translation.fuzzy for translation in found):
            yield f"unsure about {first(message)!r}"
        if any(places(*strings(translation)) - places(*ids(message)) for translation in found):
            yield f"another placeholder in the translation of {first(message)!r}"
    for message in (message for catalogue in catalogues for message in sentences(catalogue)):
        if not known(template, message):
            yield f"nothing says {first(message)!r} any more"


def known(catalogue: Catalog, message: Message) -> bool:
    """Whether a catalogue has the sentence."""
    return catalogue.get(message.id, message.context) is not None


def sentences(catalogue: Catalog) -> Iterator[Message]:
    """All messages but the header."""
    return (message for message in catalogue if message.id)


def strings(message: Message) -> list[str]:
    """The translation, in all its plural forms."""
    string = message.string or ""
    return [string] if isinstance(string, str) else list(string)


def ids(message: Message) -> list[str]:
    """The sentence, or its singular and plural."""
    return [message.id] if isinstance(message.id, str) else list(message.id)


def first(message: Message) -> str:
    """The sentence, or its singular."""
    return ids(message)[0]


def where(message: Message) -> str:
    """The first place that says it."""
    return ":".join(map(str, message.locations[0])) if message.locations else "nowhere"


def places(*texts: str) -> set[str]:
    """The placeholders in these texts."""
    return {place for text in texts for place in PLACE.findall(text)}


def read(path: Path) -> Catalog:
    """A catalogue from its file, an empty one if there is no file yet."""
    if not path.exists():
        return Catalog(locale=path.parts[-3])
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def write(path: Path, catalogue: Catalog) -> None:
    """A catalogue to its file, without line numbers, which would change with every edit of the code."""
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, include_lineno=False, sort_output=True, ignore_obsolete=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
