"""Our own format as an import: YAML and JSON, each told from what else is JSON, and refused at the line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask_babel import force_locale
from sqlalchemy.orm import Session

from competencies.catalogue import catalogue_files
from lms.curriculum.schemas.files import read_file
from lms.curriculum.schemas.problems import CurriculumRefused
from lms.curriculum.schemas.writing import as_json, as_yaml
from lms.exchange.codecs import ImportedProgramme
from lms.exchange.own.codec import JSON, YAML, OwnFormat

DATA = read_file(catalogue_files()["opleiders"]).data
FILES = {"f.yaml": (YAML, as_yaml(DATA)), "f.json": (JSON, as_json(DATA))}


@pytest.fixture(autouse=True)
def english(session: Session) -> Iterator[None]:
    with force_locale("en"):
        yield


@pytest.mark.parametrize("name", FILES)
def test_a_programme_is_read_whole_with_its_lines(name: str) -> None:
    codec, content = FILES[name]
    imported = codec.read(content, name)
    assert isinstance(imported, ImportedProgramme)
    assert imported.data == DATA
    assert imported.source
    line = imported.source.line_of(("epas", 1, "key"))
    assert line
    assert b"train-02" in content.splitlines()[line - 1]


@pytest.mark.parametrize(
    ("codec", "content", "name", "is_ours"),
    [
        (JSON, FILES["f.json"][1], "whatever", True),
        (JSON, b'{"CFDocument": {}}', "f.json", False),
        (JSON, FILES["f.yaml"][1], "f.yaml", False),
        (YAML, FILES["f.yaml"][1], "f.YML", True),
        (YAML, b"PK", "f.xlsx", False),
    ],
)
def test_a_file_is_recognised(codec: OwnFormat, content: bytes, name: str, is_ours: bool) -> None:
    assert codec.recognises(content, name) is is_ours


HOSTILE = {
    "a file that is no programme": (
        YAML,
        b"a: 1",
        "The key schema must say what the file is: bekwaam-curriculum/1, bekwaam-scales/1",
    ),
    "a list": (JSON, b"[]", "The key schema must say what the file is: bekwaam-curriculum/1, bekwaam-scales/1"),
    "a kind that nobody knows": (YAML, b"schema: bekwaam-scales/9", "The key schema must say what the file is"),
    "nesting without end": (YAML, b"[" * 1_000_000, "This is nested too deeply."),
    "maps without end": (YAML, b"{a: " * 300_000, "This is nested too deeply."),
    "nesting without end in JSON": (JSON, b"[" * 1_000_000, "This is nested too deeply."),
    "entities that swell": (YAML, b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "Anchors (&) and aliases (*)"),
    "an object of Python": (YAML, b"!!python/object/apply:os.system [ls]", "Tags (!) are not allowed."),
    "NULs": (YAML, b"a: \x00", "This file holds a character that YAML does not allow."),
    "UTF-16": (YAML, "a: 1".encode("utf-16"), "This is not text in UTF-8."),
    "Windows-1252": (YAML, "a: é".encode("cp1252"), "This is not text in UTF-8."),
    "noise": (YAML, bytes(range(256)) * 200_000, "This is not text in UTF-8."),
    "too much": (JSON, b" " * (50 * 1024 * 1024 + 1), "This file is larger than 50 MB."),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_file_is_refused_in_words_for(what: str) -> None:
    codec, content, message = HOSTILE[what]
    with pytest.raises(CurriculumRefused) as refused:
        codec.read(content, "f")
    assert message in str(refused.value)
