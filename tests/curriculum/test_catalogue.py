"""The programmes that ship: whole in the database, and the same when they come out again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from competencies.catalogue import FOLDER, programme_files
from competencies.curricula import EpaType
from competencies.requirements import observed_in
from lms.core.db import Base
from lms.curriculum import models, queries
from lms.curriculum.models import EpaDemand
from lms.curriculum.requirements import requirements_of
from lms.curriculum.schemas.files import read_file
from lms.curriculum.values import applies_to, scale_of, scope_groups_of, shown_code_of

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


COUNTED: dict[str, tuple[type[Base], Callable[[dict[str, Any]], int]]] = {
    "EPAs": (models.Epa, lambda data: len(data["epas"])),
    "stages": (models.Stage, lambda data: len(data["stages"])),
    "forms": (models.AssessmentForm, lambda data: len(data["forms"])),
    "references": (models.EpaReference, lambda data: len(data["epa_refs"])),
    "requirements": (models.EpaRequirement, lambda data: sum(len(epa["evidence"]) for epa in data["epas"])),
    "levels": (models.RequiredLevel, lambda data: sum(len(epa["required_levels"]) for epa in data["epas"])),
    "competencies": (
        models.EpaCompetency,
        lambda data: sum(len(keys) for epa in data["epas"] for keys in epa["competencies"].values()),
    ),
}


@pytest.mark.parametrize("what", COUNTED)
def test_the_database_holds_as_many_as_the_files(what: str, session: Session) -> None:
    model, count = COUNTED[what]
    in_files = sum(count(data_of(file)) for file in PROGRAMMES.values())
    assert in_files > 0
    assert session.scalar(select(func.count()).select_from(model)) == in_files


def test_the_frameworks_and_their_domains_are_those_of_the_files_and_the_shared_one(session: Session) -> None:
    frameworks = [framework for file in PROGRAMMES.values() for framework in data_of(file)["frameworks"]]
    areas = data_of(FOLDER / "vocabulary.yaml")["competency_framework"]["areas"]
    assert session.scalar(select(func.count()).select_from(models.Framework)) == len(frameworks) + 1
    domains = sum(len(framework["domains"]) for framework in frameworks) + len(areas)
    assert session.scalar(select(func.count()).select_from(models.CompetencyDomain)) == domains


def test_the_modules_and_sessions_are_those_of_the_files(session: Session) -> None:
    stored: list[list[Any]] = list(session.scalars(select(models.ProgrammeVersion.modules)))
    modules = [module for file in PROGRAMMES.values() for module in data_of(file)["modules"]]
    assert sum(map(len, stored)) == len(modules) == 31
    assert sum(len(module["sessions"]) for version in stored for module in version) == 76


def test_every_epa_has_a_text_in_each_of_the_eight_parts(session: Session) -> None:
    epas = session.scalars(select(models.Epa).options(selectinload(models.Epa.competencies))).all()
    assert len(epas) == 50
    for epa in epas:
        texts: list[dict[str, Any]] = [
            epa.title,
            epa.specification,
            epa.limitations,
            epa.risks,
            epa.knowledge,
            epa.skills,
            epa.attitudes,
        ]
        texts += [epa.experience, epa.information_sources["progress"], epa.information_sources["decision"]]
        assert all(text["nl"] for text in texts), epa.key
        assert epa.competencies, epa.key
        assert (epa.validity is None) == (epa.type is EpaType.CROSS_EPA), epa.key


def test_the_domain_values_of_every_epa_can_be_made(session: Session) -> None:
    versions = {version.id: version.programme.key for version in queries.programmes(session)}
    parts = queries.epas_of_versions(session, versions)
    names = {versions[version_id]: len(epas) for version_id, epas in parts.items()}
    assert names == {
        "academic-alliance": 3,
        "functielaborant": 23,
        "imagine2": 4,
        "mbo-verpleegkunde-bbl": 7,
        "medisch-leiderschap": 8,
        "oncologieverpleegkundige": 9,
        "opleiders": 3,
    }
    for part in (one for epas in parts.values() for one in epas):
        assert len(requirements_of(part.epa)) == len(part.epa.requirements) > 0
        assert len(scope_groups_of(part.epa)) == len(part.epa.scope)
        assert (part.declaration_level is None) == (part.epa.scale is None)
        assert shown_code_of(part.epa).is_concept == (part.epa.official_code is None)


def test_a_programme_may_ask_less_of_an_epa_than_its_own_programme(session: Session) -> None:
    asked = {}
    for key in ("medisch-leiderschap", "imagine2"):
        version = queries.latest_version_of(session, key)
        assert version is not None
        parts = queries.epas_of_version(session, version.id)
        asked[key] = next(one for one in parts if one.epa.key == "lead-06")
    assert [one.declaration_level and one.declaration_level.code for one in asked.values()] == ["4", "3"]
    assert [one.demand for one in asked.values()] == [EpaDemand.REQUIRED, EpaDemand.REQUIRED]
    assert [one.is_reference for one in asked.values()] == [False, True]


def test_a_minimum_level_is_on_the_scale_that_the_instrument_rates_on(session: Session) -> None:
    version = queries.latest_version_of(session, "opleiders")
    assert version is not None
    epa = next(one.epa for one in queries.epas_of_version(session, version.id) if one.epa.key == "train-02")
    scales = [(one.instrument, one.minimum and one.minimum.scale_key) for one in observed_in(requirements_of(epa))]
    assert scales == [("kpb", "nl-bekwaamheid-5"), ("product", "rubric-3")]


def test_epas_in_bulk_take_six_statements(session: Session, statements: list[str]) -> None:
    ids = [version.id for version in queries.programmes(session)]
    session.expunge_all()
    statements.clear()
    queries.epas_of_versions(session, ids)
    assert len(statements) == 6


def test_people_on_a_track_take_the_epas_of_that_track_and_of_all(session: Session) -> None:
    version = queries.latest_version_of(session, "functielaborant")
    assert version is not None
    epas = [one.epa for one in queries.epas_of_version(session, version.id)]
    tracks = {tuple(epa.tracks) for epa in epas if applies_to(epa, "heart_function")}
    assert tracks == {(), ("heart_function",)}
    assert {tuple(epa.tracks) for epa in epas if applies_to(epa, None)} == {()}


def test_forms_are_those_of_the_programme_and_those_that_its_epas_use(session: Session) -> None:
    keys = {}
    for key in ("opleiders", "imagine2", "medisch-leiderschap"):
        version = queries.latest_version_of(session, key)
        assert version is not None
        keys[key] = [form.key for form in queries.forms_of_version(session, version.id)]
    assert keys["opleiders"] == ["kpb-leadership", "learner-feedback", "reflection", "report-review"]
    assert "qi-rubric" in keys["imagine2"]
    assert len(keys["medisch-leiderschap"]) == 9


def test_the_newest_scale_is_found_by_its_key(session: Session) -> None:
    rubric = queries.latest_scale(session, "rubric-3")
    assert rubric is not None
    assert [level.code for level in scale_of(rubric).levels] == ["1", "2", "3"]
    assert queries.latest_scale(session, "sterren") is None
    assert queries.scales_by_id(session, [rubric.id]) == {rubric.id: rubric}
