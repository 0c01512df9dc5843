"""Reading YAML: plain data as it was written, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask_babel import force_locale
from sqlalchemy.orm import Session

from lms.curriculum.schemas.files import read_file
from lms.curriculum.schemas.problems import CurriculumRefused
from lms.curriculum.schemas.source import LARGEST_FILE, read

REFUSED = {
    "a key that is there twice": (b"a: 1\nb:\n  c: 1\n  c: 2\n", "f:4: b.c: This key is here twice."),
    "an anchor": (b"a: &x 1\n", "f:1: a: Anchors (&) and aliases (*) are not allowed; write the text out."),
    "an alias": (b"a: 1\nb: *x\n", "f:2: b: Anchors (&) and aliases (*) are not allowed; write the text out."),
    "a tag": (b"a: !!python/name:os.system x\n", "f:1: a: Tags (!) are not allowed."),
    "a second document": (b"a: 1\n---\nb: 2\n", "f:3: A file holds one document, without a second after ---."),
    "a list as key": (b"? [a]\n: 1\n", "f:1: A key must be a plain word."),
    "bytes that are no text": (b"a: 1\nb: \xff\n", "f:2: This is not text in UTF-8."),
    "a control character": (b"a: 1\nb: \x01\n", "f:2: This file holds a character that YAML does not allow."),
    "what is not YAML": (b"a: 1\nb: [1,\n", "This is not YAML:"),
    "a file that is too large": (b"a" * (LARGEST_FILE + 1), "f: This file is larger than 2 MB."),
}


@pytest.fixture(autouse=True)
def english(session: Session) -> Iterator[None]:
    with force_locale("en"):
        yield


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_is_refused_for(what: str) -> None:
    content, problem = REFUSED[what]
    with pytest.raises(CurriculumRefused) as refused:
        read(content, name="f")
    assert problem in str(refused.value)


def test_deep_nesting_is_refused_before_it_hurts() -> None:
    with pytest.raises(CurriculumRefused, match="nested too deeply"):
        read(b"a: " + b"[" * 100_000, name="f")


def test_a_small_file_cannot_swell() -> None:
    laughs = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(CurriculumRefused) as refused:
        read(laughs.encode(), name="f")
    assert len(refused.value.errors) == 25


def test_every_duplicate_is_named() -> None:
    with pytest.raises(CurriculumRefused) as refused:
        read(b"a: 1\na: 2\nb: 1\nb: 2\n", name="f")
    assert [problem.line for problem in refused.value.errors] == [2, 4]


def test_only_null_truth_and_plain_numbers_are_not_text() -> None:
    text = """
    level: 3a
    quoted: '3'
    number: 3
    half: 0.5
    version: 2026.1-draft
    month: 2021-06
    day: 2021-06-30
    country: no
    agreed: yes
    clock: 12:30
    power: 1e3
    endless: .inf
    nothing:
    null: true
    digits: 12345678901234567890
    """
    assert read(text.encode(), name="f").data == {
        "level": "3a",
        "quoted": "3",
        "number": 3,
        "half": 0.5,
        "version": "2026.1-draft",
        "month": "2021-06",
        "day": "2021-06-30",
        "country": "no",
        "agreed": "yes",
        "clock": "12:30",
        "power": "1e3",
        "endless": ".inf",
        "nothing": None,
        "null": True,
        "digits": "12345678901234567890",
    }


def test_each_value_knows_its_line() -> None:
    document = read(b"a:\n  - b: 1\n    c: 2\n  - d: 3\n", name="f")
    assert document.line_of(("a", 0, "c")) == 3
    assert document.line_of(("a", 1)) == 4
    assert document.line_of(("a", 1, "missing", 7)) == 4
    assert document.line_of(("nothing",)) == 1


def test_an_empty_file_holds_nothing() -> None:
    assert read(b"", name="f").data is None


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CurriculumRefused, match="cannot be opened: No such file or directory"):
        read_file(tmp_path / "nowhere.yaml")
