"""Frameworks of Moodle: read whole or refused at the line and column, and given back letter for letter."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session

from competencies.packages import Node, NodeKind, Package, places_of
from lms.curriculum.schemas.problems import CurriculumRefused
from lms.exchange.models import PackageFile
from lms.exchange.moodle.codec import MOODLE
from lms.exchange.moodle.csv_text import rows_of as csv_rows
from lms.exchange.moodle.csv_text import written
from lms.exchange.moodle.from_packages import moodle_of
from lms.exchange.moodle.from_packages import rows_of as rows_for_moodle
from lms.exchange.moodle.html import text_of
from lms.exchange.moodle.reading import read
from lms.exchange.moodle.rows import TITLES, Row
from lms.exchange.package_files import file_of as package_file
from lms.exchange.queries.packages import package_in_full
from tests.exchange.packages import make_public, small_package
from tests.factories import make_organisation

SAMPLE = Path(__file__).parents[3] / "shared/conformance/moodle/competency-framework.csv"

SCALE = '[{"scaleid":"3"},{"id":1,"scaledefault":0,"proficient":0},{"id":2,"scaledefault":1,"proficient":1}]'
TOP = Row("", "F", "Framework", "<p>All of it</p>", "1", "No,Yes", SCALE, is_framework="1", taxonomy="competency")
PARTS = (
    Row("", "A", "First", '<p>One &amp; "two"</p>\n<ul><li>three</li></ul>', rule_outcome="0", rule_config="null"),
    Row("A", "A.1", "Below it", "plain, text", "2", related="B,C%2CD", exported_id="12"),
    Row("", "B", "Zoë’s €", "", "1", "Low,High", SCALE),
    Row("B", "C,D", "With a comma", rule_type="core_competency\\competency_rule_all", rule_outcome="2"),
)


def file_of(*rows: Row) -> bytes:
    return written((TITLES, *rows)).encode()


WHOLE = file_of(TOP, *PARTS)


@pytest.fixture(autouse=True)
def english(session: Session) -> Iterator[None]:
    with force_locale("en"):
        yield


def problems_of(content: bytes) -> list[str]:
    with pytest.raises(CurriculumRefused) as refused:
        read(content, "f.csv")
    return [str(problem) for problem in refused.value.errors]


@pytest.fixture
def sample() -> bytes:
    if not SAMPLE.exists():
        pytest.skip(f"The framework that Moodle exported is not there: {SAMPLE}")
    return SAMPLE.read_bytes()


def test_what_moodle_exported_is_given_back_byte_for_byte(sample: bytes) -> None:
    imported = MOODLE.read(sample, "framework.csv")
    assert imported.remarks == ()
    assert moodle_of(imported.package) == sample


def test_the_sample_is_a_framework_of_twenty_epas_on_five_levels(sample: bytes) -> None:
    package = MOODLE.read(sample, "framework.csv").package
    assert package.title == "EPA catalogue"
    assert [node.data["humanCodingScheme"] for node in package.of(NodeKind.ITEM)][:2] == ["EPA01", "EPA02"]
    assert len(places_of(package)) == 20
    (scale,) = package.of(NodeKind.RUBRIC)
    levels = scale.data["CFRubricCriteria"][0]["CFRubricCriterionLevels"]
    assert [level["quality"] for level in levels][-2:] == ["Unsupervised", "Supervises others"]


def test_everything_of_a_framework_comes_back_the_same() -> None:
    framework = read(WHOLE, "f.csv")
    assert (framework.top, framework.competencies) == (TOP, PARTS)
    assert moodle_of(MOODLE.read(WHOLE, "f.csv").package) == WHOLE


def test_a_second_import_is_equal_to_the_first() -> None:
    assert MOODLE.read(WHOLE, "a.csv").package == MOODLE.read(WHOLE, "b.csv").package


def test_parents_and_references_become_associations() -> None:
    package = MOODLE.read(WHOLE, "f.csv").package
    titles = {node.identifier: node.title for node in package.of(NodeKind.ITEM)}
    assert [(titles[place.identifier], place.depth) for place in places_of(package)] == [
        ("First", 0),
        ("Below it", 1),
        ("Zoë’s €", 0),
        ("With a comma", 1),
    ]
    related = [node for node in package.of(NodeKind.ASSOCIATION) if node.data["associationType"] == "isRelatedTo"]
    assert [one.data["destinationNodeURI"]["title"] for one in related] == ["Zoë’s €", "With a comma"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_encodings_and_line_ends_of_other_programs_are_understood(
    delimiter: str, encoding: str, end: str
) -> None:
    text = StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows([TITLES, TOP, *PARTS])
    framework = read(text.getvalue().encode(encoding), "f.csv")
    assert (framework.top, framework.competencies) == (TOP, PARTS)


def test_titles_in_another_language_are_told_by_their_place() -> None:
    content = WHOLE.decode().replace("Parent ID number", "Bovenliggend ID").encode()
    assert read(content, "f.csv").competencies == PARTS


def test_the_line_with_which_excel_names_the_delimiter_is_passed_over() -> None:
    assert read(b"sep=,\n" + WHOLE, "f.csv").competencies == PARTS


REFUSED: dict[str, tuple[bytes, str]] = {
    "no framework": (file_of(*PARTS), "f.csv:1: Is framework: No row of this file stands for the framework itself."),
    "two frameworks": (
        file_of(TOP, TOP._replace(idnumber="G")),
        "f.csv:3: Is framework: A file holds one framework, and this is a second one.",
    ),
    "no scale": (
        file_of(TOP._replace(scale_values="", scale_configuration="")),
        "f.csv:2: Scale values: A framework needs a scale.",
    ),
    "a scale of one value": (
        file_of(TOP._replace(scale_values="Yes")),
        "f.csv:2: Scale configuration: A scale has at least two values, and none of them is empty.",
    ),
    "a configuration that is no JSON": (
        file_of(TOP._replace(scale_configuration="[")),
        "f.csv:2: Scale configuration: This is not the configuration of a scale as Moodle writes it.",
    ),
    "a configuration that nests without end": (
        file_of(TOP._replace(scale_configuration="[" * 9000)),
        "f.csv:2: Scale configuration: This is not the configuration of a scale as Moodle writes it.",
    ),
    "a configuration of other values": (
        file_of(TOP._replace(scale_configuration=SCALE.replace('"id":2', '"id":3'))),
        "f.csv:2: Scale configuration: The configuration names a value that the scale does not have.",
    ),
    "a scale without a default": (
        file_of(TOP._replace(scale_configuration=SCALE.replace('"scaledefault":1', '"scaledefault":0'))),
        "f.csv:2: Scale configuration: One value must be the default, and one or more must be proficient.",
    ),
    "an empty ID number": (file_of(TOP, Row("", " ", "x")), "f.csv:3: ID number: This may not be empty."),
    "an empty name": (file_of(TOP, Row("", "x", "")), "f.csv:3: Short name: This may not be empty."),
    "an ID number twice": (
        file_of(TOP, PARTS[0], PARTS[0]),
        "f.csv:5: ID number: A is in this list twice.",
    ),
    "a parent that is not there": (
        file_of(TOP, Row("Z", "x", "x")),
        "f.csv:3: Parent ID number: There is no competency Z in this file.",
    ),
    "a circle": (
        file_of(TOP, Row("b", "a", "a"), Row("a", "b", "b"), Row("b", "c", "c")),
        "f.csv:3: Parent ID number: This competency stands below itself.",
    ),
    "a format of texts that is none": (
        file_of(TOP, Row("", "x", "x", "", "9")),
        "f.csv:3: Description format: This must be 0, 1, 2 or 4.",
    ),
    "an outcome that is none": (
        file_of(TOP, Row("", "x", "x", rule_outcome="9")),
        "f.csv:3: Rule outcome (optional): This must be 0, 1, 2 or 3.",
    ),
    "too few columns": (b"a,b\n1,2\n", "f.csv:1: This is no framework of Moodle: its first line must name 14 columns."),
    "a row that is too short": (WHOLE + b"x,y\n", "f.csv:8: This row has 2 columns; it should have 14."),
    "a row that is too long": (WHOLE + b"," * 14 + b"z\n", "f.csv:8: This row has 15 columns; it should have 14."),
    "an empty file": (b"", "f.csv:1: This is no framework of Moodle: its first line must name 14 columns."),
    "a quote without end": (WHOLE + b'"x\n', "f.csv:8: This field begins with a quote and does not end with one."),
    "NULs": (WHOLE + b"\x00", "f.csv: This is not a text file: it holds bytes that no text has."),
    "noise": (bytes(range(256)) * 100, "f.csv: This is not a text file: it holds bytes that no text has."),
    "letters of another system": (
        file_of(TOP) + "caf\u00e9".encode("mac_roman"),
        "f.csv:3: It is not certain which letters these are. Save the file as UTF-8 and hand it in again.",
    ),
    "two encodings in one file": (
        WHOLE + b"caf\xe9",
        "f.csv:6: It is not certain which letters these are. Save the file as UTF-8 and hand it in again.",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_framework_is_refused_for(what: str) -> None:
    content, problem = REFUSED[what]
    assert problem in problems_of(content)


def test_every_problem_is_named() -> None:
    assert len(problems_of(file_of(TOP, Row("Z", "x", ""), Row("Y", "x", "y", "", "9")))) == 4


def test_what_moodle_would_cut_off_or_pass_over_is_remarked() -> None:
    remarks = read(file_of(TOP, Row("", "x", "n" * 101, related="nowhere")), "f.csv").remarks
    assert [str(one) for one in remarks] == [
        "f.csv:3: Short name: Moodle keeps no more than 100 characters of this.",
        "f.csv:3: Cross-referenced competency ID numbers: There is no competency nowhere in this file.",
    ]


def test_a_quote_after_a_backslash_is_read_as_php_wrote_it() -> None:
    row = Row("", "x", "x", '<a href=\\"y\\">z</a> and "quotes"')
    assert read(file_of(TOP, row), "f.csv").competencies == (row,)


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\\\x00"), max_size=20)


@given(st.lists(st.lists(cells, min_size=3, max_size=3).filter(any), max_size=5))
def test_whatever_is_written_is_read_back_as_the_same(rows: list[list[str]]) -> None:
    assert [row for _line, row in csv_rows(written(rows), ",")] == rows


def test_html_is_shown_as_its_words_alone() -> None:
    html = (
        '<p>One &amp; <b>two</b></p><script>alert(1)</script><ul><li>three</li></ul><img src="x" onerror="y">four<br>'
    )
    assert text_of(html, "1") == "One & two\nthree\nfour"
    assert text_of("1 < 2 & 3", "2") == "1 < 2 & 3"


def test_a_package_is_made_for_moodle_from_the_file_that_was_kept_or_else_from_its_rows(
    session: Session, statements: list[str]
) -> None:
    stored = make_public(session, small_package(), make_organisation(session))
    statements.clear()
    content = package_file(session, stored, "moodle", base="https://epa.example").content
    assert len(statements) == 1
    session.execute(delete(PackageFile))
    assert package_file(session, stored, "moodle", base="").content == content
    assert moodle_of(package_in_full(session, stored)) == content


def test_a_package_from_elsewhere_becomes_a_framework_that_moodle_takes() -> None:
    package = Package(
        {"identifier": "d", "title": "From elsewhere", "description": "A\nB < C"},
        (
            item("1", "Long " * 40, humanCodingScheme="K.1"),
            item("2", "Short", humanCodingScheme="same", notes="More"),
            item("3", "Other", humanCodingScheme="same"),
            link("isChildOf", "2", "1"),
            link("isRelatedTo", "3", "1"),
        ),
    )
    top, first, second, third = rows_for_moodle(package)
    assert (top.idnumber, top.description) == ("d", "<p>A</p><p>B &lt; C</p>")
    assert (first.idnumber, len(first.short_name), first.description.count("Long")) == ("K.1", 100, 40)
    assert (second.parent, second.idnumber, second.description) == ("K.1", "2", "<p>More</p>")
    assert (third.idnumber, third.related) == ("3", "K.1")
    assert read(moodle_of(package), "f.csv").remarks == ()


def item(key: str, statement: str, **more: str) -> Node:
    return Node(NodeKind.ITEM, key, {"identifier": key, "fullStatement": statement, **more})


def link(kind: str, origin: str, destination: str) -> Node:
    ends = {"originNodeURI": {"identifier": origin}, "destinationNodeURI": {"identifier": destination}}
    return Node(NodeKind.ASSOCIATION, f"{origin}{destination}", {"associationType": kind, **ends})


@pytest.mark.parametrize(
    ("content", "name", "is_ours"),
    [
        (WHOLE, "f", True),
        (WHOLE.decode().encode("utf-16"), "f", True),
        (b"x", "f.CSV", True),
        (b'{"a": [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]}', "f.json", False),
        (b"", "", False),
    ],
)
def test_a_framework_is_recognised_by_its_columns_or_its_name(content: bytes, name: str, is_ours: bool) -> None:
    assert MOODLE.recognises(content, name) is is_ours
