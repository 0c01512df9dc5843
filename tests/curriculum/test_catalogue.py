"""The programmes that ship: whole in the database, and the same when they come out again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from competencies.catalogue import FOLDER, programme_files
from lms.curriculum import queries
from lms.curriculum.schemas.source import read_file

PROGRAMMES = programme_files()


def data_of(file: Path) -> dict[str, Any]:
    data: dict[str, Any] = read_file(file).data
    return data


@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_programme_comes_out_of_the_database_as_it_stands_in_its_file(name: str, session: Session) -> None:
    data = data_of(PROGRAMMES[name])
    version = queries.latest_version_of(session, data["programme"]["key"])
    assert version is not None
    assert queries.document_of(session, version.id) == data


def test_the_scales_come_out_as_they_stand_in_their_file(session: Session) -> None:
    assert queries.scales_document(session) == data_of(FOLDER / "scales.yaml")


def test_the_vocabulary_comes_out_as_it_stands_in_its_file(session: Session) -> None:
    assert queries.vocabulary_document(session) == data_of(FOLDER / "vocabulary.yaml")
