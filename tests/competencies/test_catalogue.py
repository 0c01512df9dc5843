"""The catalogue as it ships: its files, and that every word it uses is a word of the domain."""

from collections.abc import Iterator
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


SOURCES = Path(__file__).parents[3] / "shared" / "domain"
"""The data that the catalogue was made from, beside the project where it is kept."""


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the data that the catalogue was made from is not here")
@pytest.mark.parametrize("name", sorted(catalogue_files()))
def test_nothing_of_the_source_is_lost_or_reworded(name: str) -> None:
    source = content_of(SOURCES / f"{name}.yaml" if name in SHARED else SOURCES / "curricula" / f"{name}.yaml")
    ours = content_of(catalogue_files()[name])
    assert list(lost(source, ours, name)) == []


def lost(source: Any, ours: Any, path: str) -> Iterator[str]:
    """Yield where ours lacks something of the source or says something else; what ours adds is its own."""
    if isinstance(source, dict) and isinstance(ours, dict):
        for key, inside in source.items():
            yield from lost(inside, ours.get(key, "nothing"), f"{path}.{key}")
    elif isinstance(source, list) and isinstance(ours, list):
        kept = iter(ours)
        for number, item in enumerate(source):
            same = (other for other in kept if named(other) == named(item))
            yield from lost(item, next(same, "nothing"), f"{path}[{number}]")
    elif source != ours and not path.endswith(".programme.version"):
        yield path


def named(item: Any) -> object:
    """Return what identifies an item of a list: what it says of itself under one of these names, or itself whole."""
    names = ("key", "id", "code", "rule", "if_selected", "stage", "from_domain", "instrument", "level")
    return next((item[name] for name in names if name in item), item) if isinstance(item, dict) else item


def test_an_option_of_another_epa_is_named_with_the_epa_where_it_belongs() -> None:
    epas = {epa["key"]: epa for epa in content_of(programme_files()["oncologieverpleegkundige"])["epas"]}
    [rule] = [rule for rule in epas["onc-k2"]["scope"][0]["rules"] if "then_belongs_to" in rule]
    assert (rule["provenance"], rule["sources"]) == ("sourced", ["epareg-onc2"])
    elsewhere = epas[rule["then_belongs_to"]["epa"]]
    assert rule["if_selected"] in {option["key"] for option in elsewhere["scope"][0]["options"]}


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
