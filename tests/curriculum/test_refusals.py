"""A wrong file is refused whole, with every problem at its path and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask_babel import force_locale
from sqlalchemy.orm import Session

from competencies.catalogue import FOLDER, programme_files
from lms.curriculum import queries
from lms.curriculum.schemas.checking import check_programme, check_scales, check_vocabulary, kind_of
from lms.curriculum.schemas.files import read_file
from lms.curriculum.schemas.known import Known
from lms.curriculum.schemas.problems import CurriculumRefused, Problem
from lms.curriculum.schemas.source import Document, read


@dataclass(frozen=True)
class Wrong:
    """A file of the catalogue with one text of it replaced, and the problem that this makes."""

    file: str
    old: str
    new: str
    path: str
    message: str
    line: str | None = None

    def __str__(self) -> str:
        return f"{self.path}-{self.message[:30]}"


MISTAKES = [Wrong(**row) for row in read_file(Path(__file__).parent / "mistakes.yaml").data]
KNOWN: list[Known] = []


@pytest.fixture(autouse=True)
def english(session: Session) -> Iterator[None]:
    with force_locale("en"):
        yield


@pytest.fixture
def known(session: Session) -> Known:
    """What is loaded; asked of the database once, as it is the same for every test."""
    if not KNOWN:
        KNOWN.append(queries.known(session))
    return KNOWN[0]


def changed(wrong: Wrong) -> tuple[Document, int]:
    """Return the document with the change, and the line that the problem should stand on."""
    text = (FOLDER / f"{wrong.file}.yaml").read_text()
    at = text.index(wrong.old)
    text = text[:at] + wrong.new + text[at + len(wrong.old) :]
    place = at
    if wrong.line is not None:
        place = text.rfind(wrong.line, 0, at) if wrong.line in text[:at] else text.index(wrong.line, at)
    return read(text.encode(), name="wrong.yaml"), text.count("\n", 0, place) + 1


def test_the_files_of_the_catalogue_have_no_problem(known: Known) -> None:
    for file in programme_files().values():
        check_programme(read_file(file), known)


@pytest.mark.parametrize("wrong", MISTAKES, ids=str)
def test_each_kind_of_mistake_is_named_at_its_path_and_line(wrong: Wrong, known: Known) -> None:
    document, line = changed(wrong)
    with pytest.raises(CurriculumRefused) as refused:
        check_programme(document, known)
    assert Problem("wrong.yaml", line, wrong.path, wrong.message) in refused.value.errors


def test_a_shape_that_was_right_once_is_judged_again_when_anything_in_it_changes(known: Known) -> None:
    document = read_file(programme_files()["opleiders"])
    check_programme(document, known)
    check_programme(document, known)
    title = document.data["programme"].pop("title")
    with pytest.raises(CurriculumRefused):
        check_programme(document, known)
    document.data["programme"]["title"] = title | {"en": 1}
    with pytest.raises(CurriculumRefused):
        check_programme(document, known)
    document.data["programme"]["title"] = title
    check_programme(document, known)


def test_every_mistake_of_a_file_is_named_at_once(known: Known) -> None:
    text = (FOLDER / "opleiders.yaml").read_text()
    text = text.replace("level: '3'", "level: '8'").replace("functions: [opleider]", "functions: [niemand]")
    with pytest.raises(CurriculumRefused) as refused:
        check_programme(read(text.encode(), name="wrong.yaml"), known)
    assert len(refused.value.errors) == 6
    assert [problem.line for problem in refused.value.errors] == sorted(
        problem.line or 0 for problem in refused.value.errors
    )
    assert "wrong.yaml:77: epas[0].functions[0]: The vocabulary has no function niemand." in str(refused.value)


def test_the_problems_are_said_in_the_language_of_the_reader(known: Known) -> None:
    text = (FOLDER / "opleiders.yaml").read_text().replace("status: draft", "staat: draft")
    with force_locale("nl"), pytest.raises(CurriculumRefused) as refused:
        check_programme(read(text.encode(), name="wrong.yaml"), known)
    assert {problem.message for problem in refused.value.errors} == {
        "Deze sleutel ontbreekt.",
        "Deze sleutel is hier niet bekend.",
    }


SCALES = [
    (
        "        rank: 2\n        title: {nl: Directe",
        "        rank: 1\n        title: {nl: Directe",
        "scales[0].levels[1].rank",
        "The levels must stand in the order of their ranks.",
    ),
    ("entrusted_from: '4'", "entrusted_from: '6'", "scales[0].entrusted_from", "The scale has no level 6."),
    (
        "entrusted: true",
        "entrusted: false",
        "scales[0].levels[3].entrusted",
        "This must be true from the level of entrusted_from on, and false below it.",
    ),
    (
        "parent_scale: nl-bekwaamheid-5",
        "parent_scale: nl-bekwaamheid-6",
        "scales[1].parent_scale",
        "There is no scale nl-bekwaamheid-6.",
    ),
    ("parent: '1'", "parent: '7'", "scales[1].levels[0].parent", "The scale has no level 7."),
    ("never_average: true", "never_average: false", "scales[0].never_average", "This must be true."),
    ("code: '2'", "code: '1'", "scales[0].levels[1]", "1 is in this list twice."),
    (
        "set_by: [assessor, decision_body]",
        "set_by: [computer]",
        "scales[0].set_by[0]",
        "This must be one of: assessor, decision_body, team, faculty.",
    ),
]


@pytest.mark.parametrize(("old", "new", "path", "message"), SCALES)
def test_a_mistake_in_the_scales_is_named(old: str, new: str, path: str, message: str) -> None:
    text = (FOLDER / "scales.yaml").read_text().replace(old, new, 1)
    with pytest.raises(CurriculumRefused) as refused:
        check_scales(read(text.encode(), name="scales.yaml"))
    assert (path, message) in {(problem.path, problem.message) for problem in refused.value.errors}


VOCABULARY = [
    ("    scale: rubric-3", "    scale: rubric-4", "instruments[12].scale", "There is no scale rubric-4."),
    (
        "    result: level",
        "    result: count",
        "instruments[0].scale",
        "An instrument has a scale when its result is a level, and only then.",
    ),
    ("  - key: osats", "  - key: kpb", "instruments[1]", "kpb is in this list twice."),
    ("epa_types:", "epa_soorten:", "epa_soorten", "This key is not known here."),
]


@pytest.mark.parametrize(("old", "new", "path", "message"), VOCABULARY)
def test_a_mistake_in_the_vocabulary_is_named(old: str, new: str, path: str, message: str) -> None:
    text = (FOLDER / "vocabulary.yaml").read_text().replace(old, new, 1)
    with pytest.raises(CurriculumRefused) as refused:
        check_vocabulary(read(text.encode(), name="vocabulary.yaml"), {"rubric-3"})
    assert (path, message) in {(problem.path, problem.message) for problem in refused.value.errors}


def test_a_file_must_say_what_it_is() -> None:
    with pytest.raises(CurriculumRefused, match=r"what\.yaml:1: schema: The key schema must say what the file is"):
        kind_of(read(b"schema: something-else/1\n", name="what.yaml"))
