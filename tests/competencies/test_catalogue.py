"""The catalogue as it ships: its files, and that every word it uses is a word of the domain."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from competencies.catalogue import SHARED, catalogue_files, programme_files
from competencies.curricula import EpaType, ProgrammeKind, ProgrammeStatus, Provenance, ResultKind
from competencies.requirements import MULTI_SOURCE_FEEDBACK
from competencies.scales import Level, Scale

PROGRAMMES = {
    "academic-alliance": 0,
    "functielaborant": 23,
    "imagine2": 0,
    "mbo-verpleegkunde-bbl": 7,
    "medisch-leiderschap": 8,
    "oncologieverpleegkundige": 9,
    "opleiders": 3,
}


def content_of(path: Path) -> dict[str, Any]:
    """Return what a YAML file holds."""
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def test_the_catalogue_is_seven_programmes_and_what_they_share() -> None:
    assert set(programme_files()) == set(PROGRAMMES)
    assert set(catalogue_files()) == set(PROGRAMMES) | SHARED
    assert all(path.is_file() for path in catalogue_files().values())


@pytest.mark.parametrize(("name", "epas"), PROGRAMMES.items())
def test_a_programme_uses_the_words_of_the_domain(name: str, epas: int) -> None:
    content = content_of(programme_files()[name])
    assert content["programme"]["kind"] in set(ProgrammeKind)
    assert content["programme"]["status"] in set(ProgrammeStatus)
    assert content["programme"]["provenance"] in set(Provenance)
    assert len(content["epas"]) == epas
    assert {epa["type"] for epa in content["epas"]} <= set(EpaType)


def test_the_vocabulary_matches_the_enumerations() -> None:
    vocabulary = content_of(catalogue_files()["vocabulary"])
    blocks = ("epa_types", "programme_kinds", "provenance", "instruments", "evidence_conditions")
    words = {block: {entry["key"] for entry in vocabulary[block]} for block in blocks}
    assert words["epa_types"] == set(EpaType)
    assert words["programme_kinds"] == set(ProgrammeKind)
    assert words["provenance"] == set(Provenance)
    assert all(key.startswith("min_") for key in words["evidence_conditions"])
    assert {entry["result"] for entry in vocabulary["instruments"]} == set(ResultKind)
    assert MULTI_SOURCE_FEEDBACK in words["instruments"]


@pytest.mark.parametrize(
    ("key", "entrusted"),
    [("nl-bekwaamheid-5", {"4", "5"}), ("chen-sublevels", {"4", "5"}), ("qi-progress", set()), ("rubric-3", set())],
)
def test_every_scale_that_ships_is_sound(key: str, entrusted: set[str]) -> None:
    [raw] = [scale for scale in content_of(catalogue_files()["scales"])["scales"] if scale["id"] == key]
    levels = tuple(
        Level(
            scale_key=key,
            scale_version=raw["version"],
            code=level["code"],
            rank=level["rank"],
            title=level["title"],
            meaning=level["meaning"],
            entrusted=level["entrusted"],
        )
        for level in raw["levels"]
    )
    scale = Scale(
        key=key,
        version=raw["version"],
        title=raw["title"],
        levels=levels,
        questions=raw["questions"],
        entrusted_from=raw["entrusted_from"],
    )
    from_first = scale.entrusted_from and scale.level(scale.entrusted_from)
    assert {level.code for level in levels if level.entrusted} == entrusted
    assert {level.code for level in levels if from_first and level.is_at_least(from_first)} == entrusted
