"""A region's files are read whole, or every wrong line is named."""

from pathlib import Path

import pytest

from app.places.csv_files import BadRow, Wrong
from app.places.import_csv import (
    FACTS,
    BadFiles,
    MunicipalityRow,
    NeighbourhoodRow,
    NeighbourRow,
    read_region,
)

MUNICIPALITIES = """\
code,naam,provincie,extra,lat,lon,land_km2,inwoners_2022,pct_65plus_2022
GM0001,"Aa, Bee en Cee",Brabant,x,51.5,5.5,30.5,1000,20.0
GM0002,'s-Dorp,Brabant,x,51.6,5.6,40,2000,25.5
"""
POSTCODES = """\
pc4,plaats,gemeente_code,lat,lon,ook_in,inwoners_2021,pct_65plus_2021,pct_75plus_2021
1000,Aa,GM0001,51.51,5.51,,500,20.1,9.9
1001,Bee,GM0001,51.52,5.52,GM0002,,,
"""
NEIGHBOURS = """\
code,buur,grens_m
GM0001,GM0002,1234
GM0002,GM0001,1234
"""


def files(directory: Path, **changed: str | bytes | None) -> Path:
    contents = {"gemeenten": MUNICIPALITIES, "pc4": POSTCODES, "gemeente_buren": NEIGHBOURS} | changed
    for name, content in contents.items():
        if content is not None:
            raw = content.encode() if isinstance(content, str) else content
            (directory / f"{name}.csv").write_bytes(raw)
    return directory


def mistakes(directory: Path) -> list[tuple[str, int, str, Wrong]]:
    with pytest.raises(BadFiles) as refused:
        read_region(directory)
    return [(row.file, row.line, row.column, row.reason) for row in refused.value.rows]


def test_right_files_become_rows(tmp_path: Path) -> None:
    region = read_region(files(tmp_path))
    assert region.municipalities[0] == MunicipalityRow(
        1, "Aa, Bee en Cee", "Brabant", 51.5, 5.5, 30.5, 1000, 20.0
    )
    assert region.neighbourhoods[1] == NeighbourhoodRow(1001, "Bee", 1, 51.52, 5.52, (2,), None, None, None)
    assert region.neighbours == (NeighbourRow(1, 2, 1234), NeighbourRow(2, 1, 1234))


def test_a_byte_order_mark_windows_line_ends_and_blank_lines_do_not_matter(tmp_path: Path) -> None:
    windows = b"\xef\xbb\xbf" + MUNICIPALITIES.replace("\n", "\r\n\r\n").encode()
    assert read_region(files(tmp_path, gemeenten=windows)) == read_region(files(tmp_path))


def test_of_several_years_the_newest_counts(tmp_path: Path) -> None:
    newer = "".join(
        f"{line},{tail}\n"
        for line, tail in zip(MUNICIPALITIES.splitlines(), ["inwoners_2030", "1500", "2500"], strict=True)
    )
    assert read_region(files(tmp_path, gemeenten=newer)).municipalities[0].residents == 1500


def test_figures_that_cbs_keeps_secret_are_unknown(tmp_path: Path) -> None:
    secret = POSTCODES.replace("500,20.1,9.9", "-99997,-99997,-99995")
    assert read_region(files(tmp_path, pc4=secret)).neighbourhoods[0].residents is None


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("1771,Geldrop,Brabant,x,51.4,5.5,30,1000,20", "code", Wrong.CODE),
        ("GM17711,Geldrop,Brabant,x,51.4,5.5,30,1000,20", "code", Wrong.CODE),
        ("GM0001,Geldrop,Brabant,x,51.4,5.5,30,1000,20", "code", Wrong.DUPLICATE),
        ("GM0003,,Brabant,x,51.4,5.5,30,1000,20", "naam", Wrong.EMPTY),
        ("GM0003,\u200b,Brabant,x,51.4,5.5,30,1000,20", "naam", Wrong.EMPTY),
        (f"GM0003,{'x' * 81},Brabant,x,51.4,5.5,30,1000,20", "naam", Wrong.TEXT),
        ("GM0003,Geldrop,Brabant,x,5.5,5.5,30,1000,20", "lat", Wrong.OUTSIDE),
        ("GM0003,Geldrop,Brabant,x,51.4,51.4,30,1000,20", "lon", Wrong.OUTSIDE),
        ("GM0003,Geldrop,Brabant,x,51.4,nan,30,1000,20", "lon", Wrong.NUMBER),
        ("GM0003,Geldrop,Brabant,x,1e400,5.5,30,1000,20", "lat", Wrong.NUMBER),
        ("GM0003,Geldrop,Brabant,x,51.4,5.5,30,1000.5,20", "inwoners_*", Wrong.NUMBER),
        ("GM0003,Geldrop,Brabant,x,51.4,5.5,30,,20", "inwoners_*", Wrong.NUMBER),
        ("GM0003,Geldrop,Brabant,x,51.4,5.5,30,1000,101", "pct_65plus_*", Wrong.NUMBER),
        ("GM0003,Geldrop,Brabant,x,51.4,5.5,-1,1000,20", "land_km2", Wrong.NUMBER),
        ("GM0003,Geldrop,Brabant,x,51.4,5.5,30,1000", "", Wrong.COLUMNS),
        ("GM0003,Gel\0drop,Brabant,x,51.4,5.5,30,1000,20", "", Wrong.NUL),
        ('GM0003,"Geldrop,Brabant,x,51.4,5.5,30,1000,20', "", Wrong.NOT_CSV),
    ],
)
def test_a_wrong_municipality_is_named_with_its_line(
    tmp_path: Path, line: str, column: str, reason: Wrong
) -> None:
    assert mistakes(files(tmp_path, gemeenten=f"{MUNICIPALITIES}{line}\n")) == [
        ("gemeenten.csv", 4, column, reason)
    ]


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("1000,Aa,GM0001,51.5,5.5,,1,1,1", "pc4", Wrong.DUPLICATE),
        ("0999,Aa,GM0001,51.5,5.5,,1,1,1", "pc4", Wrong.PC4),
        ("10000,Aa,GM0001,51.5,5.5,,1,1,1", "pc4", Wrong.PC4),
        ("1002,Aa,GM0009,51.5,5.5,,1,1,1", "gemeente_code", Wrong.UNKNOWN),
        ("1002,Aa,GM0001,51.5,5.5,GM0002|GM0009,1,1,1", "ook_in", Wrong.UNKNOWN),
        ("1002,Aa,GM0001,51.5,5.5,GM0002;GM0001,1,1,1", "ook_in", Wrong.CODE),
        ("1002,Aa,GM0001,51.5,5.5,GM0001,1,1,1", "ook_in", Wrong.DUPLICATE),
        ("1002,Aa,GM0001,51.5,5.5,,veel,1,1", "inwoners_*", Wrong.NUMBER),
    ],
)
def test_a_wrong_postcode_is_named_with_its_line(
    tmp_path: Path, line: str, column: str, reason: Wrong
) -> None:
    assert mistakes(files(tmp_path, pc4=f"{POSTCODES}{line}\n")) == [("pc4.csv", 4, column, reason)]


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("GM0001,GM0002,5", "buur", Wrong.DUPLICATE),
        ("GM0001,GM0001,5", "buur", Wrong.DUPLICATE),
        ("GM0001,GM0002,-5", "grens_m", Wrong.NUMBER),
    ],
)
def test_a_wrong_border_is_named_with_its_line(tmp_path: Path, line: str, column: str, reason: Wrong) -> None:
    assert mistakes(files(tmp_path, gemeente_buren=f"{NEIGHBOURS}{line}\n")) == [
        ("gemeente_buren.csv", 4, column, reason)
    ]


def test_a_border_is_told_in_both_directions(tmp_path: Path) -> None:
    one_way = "".join(NEIGHBOURS.splitlines(keepends=True)[:2])
    assert mistakes(files(tmp_path, gemeente_buren=one_way)) == [
        ("gemeente_buren.csv", 2, "buur", Wrong.ONE_WAY)
    ]


def test_all_mistakes_of_all_files_are_reported_together(tmp_path: Path) -> None:
    directory = files(
        tmp_path,
        gemeenten=MUNICIPALITIES.replace("51.5,5.5", "0,0").replace("'s-Dorp", ""),
        pc4=POSTCODES.replace("1000,", "abc,").replace("GM0002", "GM0009"),
        gemeente_buren=None,
    )
    assert mistakes(directory) == [
        ("gemeenten.csv", 2, "lat", Wrong.OUTSIDE),
        ("gemeenten.csv", 2, "lon", Wrong.OUTSIDE),
        ("gemeenten.csv", 3, "naam", Wrong.EMPTY),
        ("pc4.csv", 2, "pc4", Wrong.PC4),
        ("pc4.csv", 3, "ook_in", Wrong.UNKNOWN),
        ("gemeente_buren.csv", 0, "", Wrong.MISSING_FILE),
    ]


def test_a_line_is_counted_as_an_editor_does(tmp_path: Path) -> None:
    broken = MUNICIPALITIES.replace("Aa, Bee", "Aa,\n Bee") + "bad,Dee,Brabant,x,51.5,5.5,30,1,1\n"
    assert mistakes(files(tmp_path, gemeenten=broken)) == [("gemeenten.csv", 5, "code", Wrong.CODE)]


def test_every_missing_column_is_named(tmp_path: Path) -> None:
    header = MUNICIPALITIES.replace("naam", "name").replace("inwoners_2022", "inwoners")
    wrong = mistakes(files(tmp_path, gemeenten=header))
    assert [row[2:] for row in wrong if row[0] == "gemeenten.csv"] == [
        ("naam", Wrong.MISSING_COLUMN),
        ("inwoners_*", Wrong.MISSING_COLUMN),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (MUNICIPALITIES.replace("'s-Dorp", "Súdwest").encode("latin-1"), Wrong.ENCODING),
        (MUNICIPALITIES.replace(",", ";"), Wrong.SEMICOLONS),
        (MUNICIPALITIES.encode("utf-16"), Wrong.MISSING_COLUMN),
        ("", Wrong.MISSING_COLUMN),
        (b"x" * 20_000_001, Wrong.TOO_LARGE),
        (b"x" * 200_000, Wrong.NOT_CSV),
        (b"\0" * 100, Wrong.MISSING_COLUMN),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: str | bytes, reason: Wrong) -> None:
    assert mistakes(files(tmp_path, gemeenten=content))[0][3] == reason


def test_a_mistake_reads_as_a_sentence() -> None:
    bad = BadRow("pc4.csv", 7, Wrong.PC4, "pc4", "56\x1b4")
    assert str(bad) == "pc4.csv:7: pc4='56\\x1b4' no postcode of four digits"
    assert str(BadRow("pc4.csv", 0, Wrong.MISSING_FILE)) == "pc4.csv: the file is missing or cannot be read"


def test_the_demonstration_region_is_whole() -> None:
    region = read_region(FACTS)
    names = {row.id: row.name for row in region.municipalities}
    assert len(names) == 21
    assert names[1771] == "Geldrop-Mierlo"
    assert "Nuenen, Gerwen en Nederwetten" in names.values()
    assert {row.municipality_id for row in region.neighbourhoods} == set(names)
    assert len(region.neighbourhoods) == 139
    assert sum(row.residents for row in region.municipalities) == 791_075
    pairs = {(row.municipality_id, row.neighbour_id) for row in region.neighbours}
    assert {one for one, _ in pairs} == set(names)
    assert {(other, one) for one, other in pairs} == pairs


def test_the_demonstration_region_names_its_source() -> None:
    assert "CBS/Kadaster, CC BY 4.0 · Postcodes en plaatsen: GeoNames" in (FACTS / "README.md").read_text(
        encoding="utf-8"
    )
