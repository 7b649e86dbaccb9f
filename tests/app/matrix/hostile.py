"""The village once more, in a copy of its own, where whatever anybody wrote is an attack on whoever reads it."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import text

from app.privacy.register import REGISTER, Sort
from tests.app.conftest import rows_of
from tests.app.matrix.asking import Asking
from tests.databases import Database, Server
from tests.sites import a_program, a_site

WORDS = "Ria zz9\"'><zz9 onzz9=1>{{7*7}}%(s)s</title></textarea></script></zz9>"
"""Ends a value between either quotes, a tag, and what holds text only."""
SIGN = "zz9"
MORE = re.compile(r"</?zz9|zz9[\"']|onzz9=1(>|&gt;)49")
"""What a page would hold on which some of it is more than words."""
OF_PEOPLE = (Sort.WORDS, Sort.NAME)
BESIDE = {
    ("contact", "street"), ("contact", "house_number"), ("house_rules", "text"), ("house_rules", "changed"),
    ("agreement", "insurance"), ("organisation", "name"), ("cheque_desk", "name"), ("audit_reason", "reason"),
}  # fmt: skip
"""Typed by somebody too, though they stand in the register as something else."""
IN_NOTICES = """
    UPDATE notice SET params = (
        SELECT json_object_agg(key, CASE WHEN key = 'title' THEN to_jsonb(CAST(:words AS text)) ELSE value END)
        FROM jsonb_each(params::jsonb))
    WHERE params::jsonb ? 'title'"""


@contextmanager
def hostile(asking: Asking, server: Server) -> Iterator[tuple[Asking, set[tuple[str, str]]]]:
    """A village like this one that goes away again, and the columns that had words to replace."""
    village = asking.village
    state = village.site.state
    # whoever holds a connection keeps a database from being copied
    state.database.engine.dispose()
    village.database.owner.dispose()
    with server.copied(village.database, "hostile") as database:
        reached = poison(database)
        program = a_program(database.app_url, pool_size=2)
        theirs = Asking(replace(village, site=a_site(state.settings, program), database=database))
        yield theirs, reached
        theirs.loop.close()
        program.close()


def fields(database: Database) -> set[tuple[str, str]]:
    """Every column with words of people: table and name."""
    said = {
        (table.name, name)
        for table in REGISTER.values()
        for name, column in table.columns.items()
        if column.sort in OF_PEOPLE
    }
    columns = rows_of(
        database,
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type = 'text'",
    )
    return {(table, name) for table, name in columns} & (said | BESIDE)


def poison(database: Database) -> set[tuple[str, str]]:
    """Replace whatever anybody wrote; in which columns somebody had."""
    reached = set()
    with database.owner.begin() as owner:
        for table, name in sorted(fields(database)):
            # what may never change again does so here
            owner.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            written = text(f"UPDATE {table} SET {name} = :words WHERE {name} <> ''")
            if owner.execute(written, {"words": WORDS}).rowcount:
                reached.add((table, name))
        owner.execute(text(IN_NOTICES), {"words": WORDS})
    return reached


def copy_page(packed: bytes) -> str:
    """The page in the copy of somebody's own data."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return archive.read("mijn-gegevens.html").decode("utf-8")


def on_paper(document: bytes) -> str:
    """The letters of a PDF, without what stands between them. Nothing in it does anything."""
    import pypdfium2
    import pypdfium2.raw as raw

    with pypdfium2.PdfDocument(document) as paper:
        assert raw.FPDFDoc_GetJavaScriptActionCount(paper) == 0
        pages = (paper[number].get_textpage() for number in range(len(paper)))
        return "".join("".join(page.get_text_bounded().split()) for page in pages)
