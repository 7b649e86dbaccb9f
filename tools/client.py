"""The client package in Python, written from the description of the API; `make client`.

    python -m tools.client [FOLDER]        default build/client

``clients/python`` holds what is written by hand; from the OpenAPI come ``schemas.py`` (a TypedDict for each schema) and
``api.py`` (a method for each operation, a class for each tag). The generators there are need a version of typer that
goes against ours, or leave keys, problems and pages to whoever calls; this one reads what our description uses, and
raises for anything else.
"""

import keyword
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import indent
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
BY_HAND: Final = ROOT / "clients" / "python"
PACKAGE: Final = "zorgvoorelkaar_client"
PLAIN: Final = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
HEADERS: Final = {"Idempotency-Key", "Geen-BSN"}
MADE: Final = '"""Made by tools/client.py from the description of the API. Do not change: make it anew."""\n'
Schema = Mapping[str, Any]


class NotUnderstood(ValueError):
    """The description uses something that this generator does not know yet."""


def document() -> dict[str, Any]:
    """The description, without a program that serves it."""
    import app.models  # noqa: F401 - all tables, before the first route
    from app.api import story
    from app.api.openapi import describe

    return describe(story(), "/api/v1")


def name_of(schema: str) -> str:
    """The name of a class."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^0-9A-Za-z]+", schema))


def snake(name: str) -> str:
    """``getHulpvragenEen`` as ``get_hulpvragen_een``; a word of the language gets a line behind it."""
    plain = re.sub(r"[^0-9a-z]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()).strip("_")
    return f"{plain}_" if keyword.iskeyword(plain) else plain


def type_of(schema: Schema, prefix: str = "") -> str:
    """A schema as a type; ``prefix`` stands before the names of the classes."""
    if "$ref" in schema:
        return prefix + name_of(str(schema["$ref"]).rpartition("/")[2])
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    if "enum" in schema:
        some = ", ".join(map(repr, schema["enum"]))
        return f"Literal[{some}]"
    for kind in ("anyOf", "oneOf"):
        if kind in schema:
            return _either(type_of(one, prefix) for one in schema[kind])
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return _either(type_of({**schema, "type": kind}, prefix) for kind in kinds)
    return _of_kind(str(kinds), schema, prefix)


def _of_kind(kind: str, schema: Schema, prefix: str) -> str:
    if kind in PLAIN:
        return "bytes" if schema.get("format") == "binary" or "contentMediaType" in schema else PLAIN[kind]
    if kind == "array":
        return f"list[{type_of(schema.get('items', {}), prefix)}]"
    if kind == "object":
        values = {} if "properties" in schema else schema.get("additionalProperties", True)
        return f"dict[str, {type_of(values, prefix) if isinstance(values, Mapping) and values else 'Any'}]"
    if kind == "None" and not set(schema) - {"title", "description", "default"}:
        return "Any"
    raise NotUnderstood(str(dict(schema)))


def _either(types: Iterator[str]) -> str:
    return " | ".join(dict.fromkeys(types))


def schemas_of(described: Schema) -> str:
    """``schemas.py``."""
    lines = [MADE, "from typing import Any, Literal, NotRequired, TypedDict", ""]
    for name, schema in sorted(described["components"]["schemas"].items()):
        if "properties" in schema:
            required = set(schema.get("required", ()))
            lines += ["", f'{name_of(name)} = TypedDict("{name_of(name)}", {{']
            for key, value in schema["properties"].items():
                kind = type_of(value)
                lines.append(f'    "{key}": {_quoted(kind if key in required else f"NotRequired[{kind}]")},')
            lines.append("})")
        else:
            lines += ["", f"{name_of(name)} = {type_of(schema)}"]
    exported = ", ".join(f'"{name_of(name)}"' for name in sorted(described["components"]["schemas"]))
    return "\n".join([*lines, "", f"__all__ = [{exported}]", ""])


def _quoted(kind: str) -> str:
    """As a text: a class may stand further on."""
    return '"' + kind.replace('"', '\\"') + '"'


@dataclass(slots=True)
class Operation:
    """One method of the client."""

    method: str
    path: str
    described: Schema
    names: dict[str, str] = field(default_factory=dict)
    """Of Python, by those of the API."""

    def __post_init__(self) -> None:
        for one in self.parameters("path") + self.parameters("query"):
            self.names[one["name"]] = snake(one["name"])

    def parameters(self, where: str) -> list[Schema]:
        """Those of one kind."""
        return [one for one in self.described.get("parameters", ()) if one["in"] == where]

    @property
    def name(self) -> str:
        """Of the method."""
        return snake(self.described["operationId"])

    @property
    def headers(self) -> set[str]:
        """Those that the client knows what to do with."""
        found = {one["name"] for one in self.parameters("header")}
        if found - HEADERS:
            raise NotUnderstood(f"{self.name}: {found - HEADERS}")
        return found

    @property
    def answer(self) -> str:
        """The type of what comes back."""
        kinds = [
            type_of(answer["content"]["application/json"]["schema"], "schemas.")
            if "content" in answer
            else "None"
            for status, answer in self.described["responses"].items()
            if status.startswith("2")
        ]
        return _either(iter(kinds))

    @property
    def body(self) -> tuple[str, bool, bool] | None:
        """The type of what is sent, whether it must be, and whether files go with it."""
        sent = self.described.get("requestBody")
        if sent is None:
            return None
        ((media, content),) = sent["content"].items()
        files = media == "multipart/form-data"
        kind = "Mapping[str, Any]" if files else type_of(content["schema"], "schemas.")
        return kind, bool(sent.get("required")), files

    @property
    def is_paged(self) -> bool:
        """Whether there is a next page."""
        return {"pagina", "aantal"} <= set(self.names)


def methods_of(one: Operation) -> Iterator[str]:
    """The method, and for a list the one that goes through all its pages."""
    body, said = one.body, one.described
    plain = [f"{one.names[p['name']]}: {_argument(p)}" for p in one.parameters("path")]
    if body is not None:
        plain.append(f"body: {body[0]}{'' if body[1] else ' | None = None'}")
    query = [
        f"{one.names[p['name']]}: {_argument(p)}{'' if p.get('required') else ' | None = None'}"
        for p in one.parameters("query")
    ]
    extra = ["key: str | None = None"] if "Idempotency-Key" in one.headers else []
    extra += ["no_bsn: bool = False"] if "Geen-BSN" in one.headers else []
    extra += ["files: Mapping[str, Any]"] if body is not None and body[2] else []
    told = _sentence(said)
    called = f"self._calls.call({_call(one, body)})"
    does = called if one.answer == "None" else f"answer: {one.answer} = {called}\n    return answer"
    yield _method(one.name, plain, query + extra, one.answer, told, does)
    if one.is_paged:
        row = re.fullmatch(r"list\[(.*)\]", one.answer)
        fewer = [text for text in query if not text.startswith("pagina:")]
        passed = _query(one, without="pagina")
        yield _method(
            f"every_{one.name}", plain, fewer, f"Iterator[{row[1] if row else 'Any'}]", f"{told} Alle bladzijden.",
            f"return self._calls.every({_path(one)}, {passed})",
        )  # fmt: skip


def _method(name: str, plain: list[str], named: list[str], answer: str, told: str, does: str) -> str:
    arguments = ["self", *plain, *(["*", *named] if named else [])]
    return f'def {name}({", ".join(arguments)}) -> {answer}:\n    """{told}"""\n    {does}\n'


def _argument(parameter: Schema) -> str:
    schema = dict(parameter["schema"])
    kinds = schema.get("type")
    if isinstance(kinds, list):
        schema["type"] = next(kind for kind in kinds if kind != "null")
    return type_of(schema, "schemas.")


def _sentence(said: Schema) -> str:
    words = str(said.get("description") or said["summary"]).split("\n\n")[0].replace("\n", " ")
    return words.replace("\\", " ").replace('"', "'").strip() + ("" if words.endswith((".", ")")) else ".")


def _path(one: Operation) -> str:
    path = re.sub(r"{(\w+)}", lambda found: f"{{in_path({one.names[found[1]]})}}", one.path)
    return f'f"{path}"' if "{" in path else f'"{path}"'


def _query(one: Operation, without: str = "") -> str:
    pairs = (
        f'"{p["name"]}": {one.names[p["name"]]}' for p in one.parameters("query") if p["name"] != without
    )
    return "{" + ", ".join(pairs) + "}"


def _call(one: Operation, body: tuple[str, bool, bool] | None) -> str:
    words = [f'"{one.method.upper()}"', _path(one)]
    words += [f"query={_query(one)}"] if one.parameters("query") else []
    words += ["body=body"] if body else []
    words += ["files=files"] if body and body[2] else []
    words += ["keyed=True", "key=key"] if "Idempotency-Key" in one.headers else []
    words += ["no_bsn=no_bsn"] if "Geen-BSN" in one.headers else []
    return ", ".join(words)


def operations_of(described: Schema) -> dict[str, list[Operation]]:
    """By tag, in the order of the description."""
    found: dict[str, list[Operation]] = {}
    for path, methods in described["paths"].items():
        for method, said in methods.items():
            found.setdefault(said["tags"][0], []).append(Operation(method, path, said))
    return found


def api_of(described: Schema) -> str:
    """``api.py``."""
    words = {tag["name"]: tag["description"] for tag in described["tags"]}
    lines = [
        MADE,
        "from collections.abc import Iterator, Mapping",
        "from typing import Any, Literal",
        "",
        f"from {PACKAGE} import schemas",
        f"from {PACKAGE}.calling import Calls, in_path",
        "",
    ]
    tags = operations_of(described)
    for tag, operations in tags.items():
        lines += ["", f"class {name_of(tag)}:", f'    """{words[tag]}"""', ""]
        lines += ["    def __init__(self, calls: Calls) -> None:", "        self._calls = calls", ""]
        lines += [indent(method, "    ") for one in operations for method in methods_of(one)]
    lines += [
        "",
        "class Api(Calls):",
        '    """Every operation, by the heading under which the description has it."""',
        "",
    ]
    for tag in tags:
        lines += [
            "    @property",
            f"    def {snake(tag)}(self) -> {name_of(tag)}:",
            f'        """{words[tag]}"""',
        ]
        lines += [f"        return {name_of(tag)}(self)", ""]
    return "\n".join(lines)


def write(folder: Path) -> Path:
    """The whole package, as it can be built and imported; the folder that holds it."""
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(BY_HAND, folder, ignore=shutil.ignore_patterns("__pycache__"))
    described = document()
    (folder / PACKAGE / "schemas.py").write_text(schemas_of(described))
    (folder / PACKAGE / "api.py").write_text(api_of(described))
    settings = folder / "pyproject.toml"
    version = described["info"]["version"]
    settings.write_text(settings.read_text().replace('version = "0"', f'version = "{version}"'))
    return folder


if __name__ == "__main__":
    print(write(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "client"))
