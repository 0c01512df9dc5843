"""Reading JSON: plain data, every value at its line, and nothing that JSON does not say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask_babel import force_locale
from sqlalchemy.orm import Session

from lms.curriculum.schemas.json_source import read_json
from lms.curriculum.schemas.problems import CurriculumRefused
from lms.curriculum.schemas.source import LARGEST_FILE

REFUSED = {
    "a key that is there twice": (b'{"a": 1,\n"b": {"c": 1,\n"c": 2}}', "f:3: b.c: This key is here twice."),
    "a missing comma": (b'{"a": 1\n"b": 2}', "f:2: A comma or } is missing here."),
    "a comma too many": (b"[1,\n2,]", "f:2: Nothing comes after the last comma."),
    "a key without quotes": (b"{a: 1}", "f:1: A key must stand between double quotes."),
    "a missing colon": (b'{"a" 1}', "f:1: a: A colon must come after a key."),
    "a number that is none": (b'{"a": NaN}', "f:1: a: This is not JSON"),
    "a number without end": (b'{"a": 1e999}', "f:1: a: This is not JSON"),
    "digits without end": (b'{"a": ' + b"1" * 5000 + b"}", "f:1: a: This is not JSON"),
    "a number with a zero before it": (b'{"a": 01}', "f:1: a: This is not JSON"),
    "a list that does not end": (b'{"a": [1, 2', "f:1: a: A comma or ] is missing here."),
    "a text that does not end": (b'{"a": "b', "f:1: a: This text does not end"),
    "a control character": (b'{"a": "b\x01"}', "f:1: a: This text does not end, or holds a sign"),
    "a NUL": (b'{"a": \x00}', "f:1: a: This is not JSON"),
    "more than one value": (b"{}\n{}", "f:2: A file holds one value; there is more after it."),
    "an empty file": (b"", "f:1: This is not JSON"),
    "bytes that are no text": (b'{"a":\n"\xff"}', "f:2: This is not text in UTF-8."),
    "a file that is too large": (b" " * (LARGEST_FILE + 1), "f: This file is larger than 2 MB."),
}


@pytest.fixture(autouse=True)
def english(session: Session) -> Iterator[None]:
    with force_locale("en"):
        yield


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_is_refused_for(what: str) -> None:
    content, problem = REFUSED[what]
    with pytest.raises(CurriculumRefused) as refused:
        read_json(content, name="f")
    assert problem in str(refused.value)


@pytest.mark.parametrize("deep", [b"[" * 1_000_000, b'{"a":' * 300_000])
def test_deep_nesting_is_refused_before_it_hurts(deep: bytes) -> None:
    with pytest.raises(CurriculumRefused, match="nested too deeply"):
        read_json(deep, name="f")


def test_every_duplicate_is_named() -> None:
    with pytest.raises(CurriculumRefused) as refused:
        read_json(b'{"a": 1,\n"a": 2,\n"b": 1,\n"b": 2}', name="f")
    assert [problem.line for problem in refused.value.errors] == [2, 4]


def test_each_value_knows_its_line() -> None:
    document = read_json(b'{"a": [\n{"b": 1,\n "c":\n2},\n{"d": 3}]}', name="f")
    assert document.line_of(("a", 0, "c")) == 3
    assert document.line_of(("a", 1)) == 5
    assert document.line_of(("a", 1, "missing", 7)) == 5
    assert document.line_of(("nothing",)) == 1


def test_numbers_truth_and_texts_are_what_they_are() -> None:
    text = b'\xef\xbb\xbf {"a": -1, "b": 0.5, "c": true, "d": null, "e": "\\u00e9\\n\\"", "f": [], "g": {}} \n'
    assert read_json(text, name="f").data == {
        "a": -1,
        "b": 0.5,
        "c": True,
        "d": None,
        "e": 'é\n"',
        "f": [],
        "g": {},
    }
