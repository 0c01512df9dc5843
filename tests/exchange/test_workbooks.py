"""Programmes in workbooks: the same after writing and reading, errors at their cell, hostile files refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from flask_babel import force_locale
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from sqlalchemy.orm import Session

from competencies.catalogue import catalogue_files
from lms.curriculum.schemas.fields import LONGEST_TEXT
from lms.curriculum.schemas.files import read_file
from lms.curriculum.schemas.problems import CurriculumRefused
from lms.exchange.xlsx.codec import WORKBOOKS
from lms.exchange.xlsx.layout import sheets
from lms.exchange.xlsx.words import COLUMNS, SHEETS, SILENT
from lms.exchange.xlsx.writing import workbook_of

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
LISTS = {"instruments": [("kpb", "Korte praktijkbeoordeling")], "levels": [("3", "Indirecte supervisie")]}
PROGRAMMES = {
    name: data
    for name, file in catalogue_files().items()
    if (data := read_file(file).data)["schema"] == "bekwaam-curriculum/1"
}
ONCOLOGY = PROGRAMMES["oncologieverpleegkundige"]


@pytest.fixture(autouse=True)
def english(session: Session) -> Iterator[None]:
    with force_locale("en"):
        yield


def book_of(data: dict[str, Any]) -> bytes:
    return workbook_of(data, LISTS, about="A programme", at=AT)


def changed(change: Callable[[Workbook], None], data: dict[str, Any] = ONCOLOGY) -> bytes:
    """Return the workbook of a programme after somebody worked on it."""
    book = load_workbook(BytesIO(book_of(data)))
    change(book)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def problems_of(content: bytes) -> list[str]:
    with pytest.raises(CurriculumRefused) as refused:
        WORKBOOKS.read(content, "f.xlsx")
    return [str(problem) for problem in refused.value.errors]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_shipped_programme_is_the_same_after_writing_and_reading(name: str, language: str) -> None:
    with force_locale(language):
        assert WORKBOOKS.read(book_of(PROGRAMMES[name]), "f.xlsx").data == PROGRAMMES[name]


def test_a_workbook_that_another_program_saved_holds_the_same() -> None:
    assert WORKBOOKS.read(changed(lambda book: None), "f.xlsx").data == ONCOLOGY


def test_the_same_programme_gives_the_same_bytes() -> None:
    assert book_of(ONCOLOGY) == book_of(deepcopy(ONCOLOGY))


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), min_size=1)
texts = texts.filter(str.strip).filter(lambda text: "_x000D_" not in text)  # How other programs write a return.
awkward = st.sampled_from(["=1+1", "+31", "-1", "@x", "'x", "_x000A_", "a\\nb", "\\", "3", "1e5", "true", " x ", "&<>"])


@settings(deadline=None, max_examples=25)
@given(st.lists(texts | awkward, max_size=4), texts | awkward)
def test_texts_of_any_kind_come_back_letter_for_letter(items: list[str], text: str) -> None:
    data = deepcopy(ONCOLOGY)
    data["epas"][0]["description"] |= {"knowledge": {"nl": items}, "risks": {"nl": text}}
    with force_locale("en"):
        description = WORKBOOKS.read(book_of(data), "f.xlsx").data["epas"][0]["description"]
    assert (description["knowledge"], description["risks"]) == ({"nl": items}, {"nl": text})


def test_a_list_that_is_empty_on_purpose_stays_apart_from_one_that_is_not_there() -> None:
    data = deepcopy(ONCOLOGY)
    data["epas"][0]["entry_requirements"] = []
    data["epas"][1] |= {"description": data["epas"][1]["description"] | {"activities": {"nl": []}}}
    data["programme"]["duration_months"]["sources"] = []
    del data["programme"]["study_load"]["sources"]
    assert WORKBOOKS.read(book_of(data), "f.xlsx").data == data


def test_requirements_of_every_kind_stand_in_rows_with_what_is_inside_them_below() -> None:
    data = deepcopy(ONCOLOGY)
    observed = {"instrument": "kpb", "form": None, "min_count": 3, "min_assessors": 2, "min_level": "4"}
    demanding = {
        **observed,
        "stage": None,
        "within_months": 12,
        "assessor_roles": {"programme_lead": 1},
        "spread": [{"over": "department", "min_different": 2}, {"over": "complexity", "min_different": 3}],
        "max_simulated": 0,
        "conditions": {"rounds": 2},
    }
    hours = {"kind": "hours", "of": "practice", "min_hours": 1200, "min_percent_in_one_organisation": 60}
    tests = {"kind": "tests", "min_count": 1, "tests": []}
    both = {"kind": "all_of", "of": [tests, {**observed, "stage": None}, observed]}
    some = {"kind": "n_of", "n": 1, "of": [{"kind": "declaration", "epa": "x", "scope": {"sites": ["a", "b"]}}, both]}
    data["epas"][0]["evidence"] = [demanding, some, {**hours, "stage": None}, {"kind": "external_diploma"}]
    data["stages"][0]["requirements"] = []
    data["stages"][1]["requirements"] = [hours, {"kind": "any_of", "of": [tests]}]
    rule = {"rule": "requirement", "requirement": some, "provenance": "draft", "sources": []}
    data["completion"] = [*data["completion"], rule, {**rule, "requirement": hours}]
    read = WORKBOOKS.read(book_of(data), "f.xlsx")
    assert read.data == data
    assert read.source
    page = load_workbook(BytesIO(book_of(data)))["Evidence"]
    numbers = [row[1].value for row in page.iter_rows(min_row=4) if row[0].value == data["epas"][0]["key"]]
    assert numbers == ["1", "2", "2.1", "2.2", "2.2.1", "2.2.2", "2.2.3", "3", "4"]
    place = read.source.problem(("epas", 0, "evidence", 1, "of", 1, "of", 2, "min_count"), "x")
    assert place.path == "Evidence!F10"


def test_no_cell_is_a_formula() -> None:
    data = deepcopy(ONCOLOGY)
    data["epas"][0]["note"] = "=HYPERLINK(A1)"
    page = load_workbook(BytesIO(book_of(data)))["EPAs"]
    (cell,) = [cell for row in page for cell in row if cell.value == "=HYPERLINK(A1)"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_titles_stay_in_sight_and_choices_are_offered() -> None:
    book = load_workbook(BytesIO(book_of(ONCOLOGY)))
    page = book["Expected levels"]
    assert (page.freeze_panes, page["C2"].value, page["C3"].value) == ("B4", "Level", "level")
    rules = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in page.data_validations.dataValidation}
    assert rules["C4"] == "Lists!$F$4"
    assert book["Lists"]["F4"].value == "Indirecte supervisie (3)"
    keys = f"EPAs!$A$4:$A${4 + len(ONCOLOGY['epas']) + 1000}"
    assert rules["A4"].endswith(f",0,0,MAX(1,COUNTA({keys})),1)")
    first = rules["A4"].removeprefix("OFFSET(Lists!").partition(",")[0].replace("$", "")
    epa = ONCOLOGY["epas"][0]
    assert load_workbook(BytesIO(book_of(ONCOLOGY)), data_only=True)["Lists"][first].value == (
        f"{epa['title']['en']} ({epa['key']})"
    )
    title = next(cell.column_letter for cell in book["EPAs"][3] if cell.value == "title.en")
    assert f'EPAs!{title}4&" ("&EPAs!A4&")"' in book["Lists"][first].value
    assert page.protection.sheet
    assert page["A4"].protection.locked
    assert not page["B4"].protection.locked


def test_the_empty_workbook_says_what_to_do_and_is_read_as_a_programme_without_content() -> None:
    content = workbook_of({"programme": {"version": "1"}}, LISTS, about="A new programme", at=AT)
    book = load_workbook(BytesIO(content))
    assert book.sheetnames[:3] == ["Read me", "Programme", "Tracks"]
    data = WORKBOOKS.read(content, "f.xlsx").data
    assert (data["programme"]["version"], data["epas"], data["cohort"]) == ("1", [], None)
    assert data["programme"]["provenance"] == "draft"


def test_what_people_type_is_understood() -> None:
    def type_a_stage(book: Workbook) -> None:
        book["Stages"].append(["year-9", None, "Jaar 9", "Year 9"])
        book["Expected levels"].append([ONCOLOGY["epas"][0]["key"], "year-9", 4])
        book["Placements"].append([" place ", "Plek", "Place", "JA", 2.0])
        book["Programme"]["C4"] = ONCOLOGY["programme"]["key"]

    data = WORKBOOKS.read(changed(type_a_stage), "f.xlsx").data
    assert data["stages"][-1] == {
        "key": "year-9",
        "order": len(ONCOLOGY["stages"]) + 1,
        "title": {"nl": "Jaar 9", "en": "Year 9"},
        "provenance": "draft",
    }
    assert data["epas"][0]["required_levels"][-1] == {"stage": "year-9", "level": "4"}
    placement = data["placements"][-1]
    assert (placement["key"], placement["mandatory"], placement["min_count"]) == ("place", True, 2)
    assert (placement["settings"], placement["note"]) == ([], None)


def set_cell(page: str, cell: str, value: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book[page][cell] = value

    return change


def append(page: str, *cells: object) -> Callable[[Workbook], None]:
    return lambda book: book[page].append(list(cells))


def a_sheet_of_ones_own(book: Workbook) -> None:
    book.create_sheet("Mine").append(["something"])


def the_same_sheet_twice(book: Workbook) -> None:
    book.copy_worksheet(book["Stages"])


AT_CELLS: dict[str, tuple[Callable[[Workbook], None], str]] = {
    "a formula": (set_cell("EPAs", "F5", "=A1"), "f.xlsx: EPAs!F5: This cell holds a formula."),
    "an error": (set_cell("EPAs", "F5", "#REF!"), "f.xlsx: EPAs!F5: This cell holds an error (#REF!)."),
    "an unknown column": (set_cell("Stages", "G3", "colour"), "f.xlsx: Stages!G3: This key is not known here."),
    "a column twice": (set_cell("Stages", "G3", "key"), "f.xlsx: Stages!G3: This key is here twice."),
    "a value beside the table": (set_cell("Stages", "H5", "x"), "f.xlsx: Stages!H5: This column has no name in row 3."),
    "an unknown field": (set_cell("Programme", "A5", "colour"), "f.xlsx: Programme!A5: This key is not known here, or"),
    "a sheet of one's own": (a_sheet_of_ones_own, "f.xlsx: Mine!A1: This sheet is not known"),
    "a sheet twice": (the_same_sheet_twice, "f.xlsx: Stages Copy!A1: Two sheets have this name in their first cell."),
    "a row of nothing": (append("Expected levels", None, "x", "3"), "Expected levels!A"),
    "a row of nobody": (append("Expected levels", "nobody", "x", "3"), "There is no row with the key nobody"),
    "a source twice": (append("Sources", "slingeland", "https://x.nl/"), "slingeland is in this list twice."),
    "a part of no requirement": (append("Evidence", "onc-k1", "9.1"), "There is no requirement with number 9 above."),
    "a map without colons": (
        set_cell("Evidence", "J4", "rounds 2"),
        "Evidence!J4: Write a line for each, with a colon",
    ),
}


@pytest.mark.parametrize("what", AT_CELLS)
def test_a_workbook_is_refused_at_the_cell_for(what: str) -> None:
    change, problem = AT_CELLS[what]
    assert any(problem in one for one in problems_of(changed(change)))


def test_a_problem_of_the_file_is_said_at_its_cell() -> None:
    source = WORKBOOKS.read(book_of(ONCOLOGY), "f.xlsx").source
    assert source
    page = load_workbook(BytesIO(book_of(ONCOLOGY)))["EPAs"]
    names = {cell.value: cell.coordinate[:-1] for cell in page[3]}
    assert str(source.problem(("epas", 2, "description", "risks", "en"), "x")) == (
        f"f.xlsx: EPAs!{names['description.risks.en']}6: x"
    )
    assert str(source.problem(("epas", 2, "description", "risks"), "x")) == (
        f"f.xlsx: EPAs!{names['description.risks.nl']}6: x"
    )
    assert str(source.problem(("programme", "title"), "x")).startswith("f.xlsx: Programme!C")
    assert str(source.problem(("sources", "slingeland"), "x")).startswith("f.xlsx: Sources!A")


def packed(**members: bytes) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_member(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook with one of its members changed."""
    with ZipFile(BytesIO(book_of(ONCOLOGY))) as archive:
        return packed(
            **{one: change(archive.read(one)) if one == name else archive.read(one) for one in archive.namelist()}
        )


LAUGHS = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def with_entities(content: bytes) -> bytes:
    head, rest = content.split(b"?>", 1)
    return head + b"?>" + LAUGHS + rest.replace(b"</v>", b"&b;</v>", 1)


HOSTILE: dict[str, bytes] = {
    "entities that swell in a sheet": with_member("xl/worksheets/sheet2.xml", with_entities),
    "entities that swell in the texts": with_member("xl/sharedStrings.xml", with_entities),
    "entities that swell in the book": with_member("xl/workbook.xml", with_entities),
    "an archive that swells": packed(**{"xl/workbook.xml": b"0" * 60_000_000}),
    "an archive of other things": packed(hello=b"world"),
    "half an archive": book_of(ONCOLOGY)[:5000],
    "noise": b"PK\x03\x04" + bytes(range(256)) * 200_000,
    "nothing": b"",
    "XML that does not end": with_member("xl/worksheets/sheet2.xml", lambda content: content[:500]),
    "a sheet of rows without end": with_member(
        "xl/worksheets/sheet3.xml",
        lambda content: content.replace(b"</sheetData>", b'<row r="9">' + b"<c><v>1</v></c>" * 9 + b"</row>" * 1),
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_workbook_is_refused_in_words_for(what: str) -> None:
    assert problems_of(HOSTILE[what])


def test_a_workbook_of_too_many_rows_is_refused() -> None:
    def fill(book: Workbook) -> None:
        for number in range(60_001):
            book["Stages"].append([f"s{number}"])

    assert problems_of(changed(fill, PROGRAMMES["opleiders"])) == ["f.xlsx: This file holds more than 60000 rows."]


def test_a_text_that_no_cell_can_hold_is_not_cut_off() -> None:
    data = deepcopy(ONCOLOGY)
    data["epas"][0]["description"]["knowledge"] = {"nl": ["x" * LONGEST_TEXT] * 9}
    with pytest.raises(ValueError, match="characters a cell"):
        book_of(data)


def test_an_abbreviation_stays_one_inside_a_title() -> None:
    page = load_workbook(BytesIO(book_of(ONCOLOGY)))["Programme"]
    titles = {page.cell(cell.row, 1).value: page.cell(cell.row, 2).value for cell in page["A"]}
    assert titles["regulation.big_registered"] == "Law and funding: BIG register"
    assert titles["default_scale.version"] == "Default scale: version"


def test_every_sheet_and_column_has_a_title() -> None:
    named = {name for sheet in sheets() for column in sheet.columns for name in column.path}
    languages = {"nl", "en"}
    assert {sheet.code for sheet in sheets()} <= SHEETS.keys()
    assert all(len(str(title)) <= 31 for title in SHEETS.values())
    assert named - languages <= COLUMNS.keys() | SILENT


def test_what_is_chosen_from_a_list_is_read_as_its_key_and_what_is_only_written_stays() -> None:
    epa, stage = ONCOLOGY["epas"][0]["key"], ONCOLOGY["stages"][0]["key"]

    def choose(book: Workbook) -> None:
        row = [f"Iets (of wat) ({epa})", f"Eind jaar 1 ({stage})", "Indirecte supervisie (3)"]
        book["Expected levels"].append(row)
        book["Stages"].append(["jaar-9", None, "Jaar 9 (laatste)", "Year 9 (last)"])
        book["EPAs"]["A4"].value = epa
        book["Programme"]["C4"] = ONCOLOGY["programme"]["key"]
        status = next(cell.row for cell in book["Programme"]["A"] if cell.value == "status")
        book["Programme"][f"C{status}"] = "Concept (draft)"

    data = WORKBOOKS.read(changed(choose), "f.xlsx").data
    assert data["epas"][0]["required_levels"][-1] == {"stage": stage, "level": "3"}
    assert data["stages"][-1]["title"] == {"nl": "Jaar 9 (laatste)", "en": "Year 9 (last)"}
    assert data["programme"]["status"] == "draft"


def test_choices_of_the_product_say_what_they_mean_in_the_language_of_the_reader() -> None:
    with force_locale("nl"):
        lists = load_workbook(BytesIO(book_of(ONCOLOGY)))["Lijsten"]
    said = {cell.value for row in lists.iter_rows() for cell in row if isinstance(cell.value, str)}
    assert {"Concept (draft)", "Vastgesteld (adopted)"} <= said
    assert not [one for one in said if one.endswith("(core)") and one.startswith("core")]
