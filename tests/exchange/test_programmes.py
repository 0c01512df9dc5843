"""Programmes as CASE packages: valid by the official schema, whole, and the same after a journey through a database."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.catalogue import catalogue_files
from competencies.packages import NodeKind, Package, end_of
from lms.accounts.models import User
from lms.curriculum.models import ProgrammeVersion, Publication, Retirement
from lms.curriculum.queries import document_of
from lms.exchange import actions
from lms.exchange.case.addresses import ROOT, with_base
from lms.exchange.case.codec import CASE
from lms.exchange.case.reading import package_of
from lms.exchange.case.texts import OWN, without_remarks
from lms.exchange.case.writing import case_of, written
from lms.exchange.models import FrameworkPackage
from lms.exchange.moodle.codec import MOODLE
from lms.exchange.queries.packages import package_in_full
from lms.exchange.queries.programmes import package_of_version
from tests.curriculum.test_contexts import CONTEXTS
from tests.exchange.files import imported
from tests.exchange.packages import CONFORMANCE
from tests.factories import NOW, TODAY, Ward, programme_version
from tests.pages import Browser

SCHEMA = CONFORMANCE / "case-v1p1-cfpackage.schema.json"
PROGRAMMES = sorted(key for key in catalogue_files() if key not in {"scales", "vocabulary"})
BASE = "https://bekwaam.example"


@pytest.fixture(scope="module")
def problems() -> Callable[[Any], list[str]]:
    """Return a function that says what the official schema has against a package."""
    if not SCHEMA.exists():
        pytest.skip(f"the official schema is not there: {SCHEMA}")
    import jsonschema

    schema = json.loads(SCHEMA.read_text())
    validator = jsonschema.Draft201909Validator(schema, format_checker=jsonschema.FormatChecker())
    return lambda package: [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(package)]


def exported(session: Session, programme: str) -> Package:
    return package_of_version(session, programme_version(session, programme), base=BASE)


def items(package: Package, kind: str) -> dict[str, Mapping[str, Any]]:
    """Return what the items of a type say, by their statement."""
    return {node.title: node.data for node in package.of(NodeKind.ITEM) if node.data["CFItemType"] == kind}


def test_the_shipped_programmes_are_seven() -> None:
    assert len(PROGRAMMES) == 7


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_every_shipped_programme_is_valid_by_the_official_schema(
    session: Session, programme: str, problems: Callable[[Any], list[str]]
) -> None:
    assert problems(case_of(exported(session, programme))) == []


def test_a_framework_of_moodle_is_valid_by_the_official_schema_too(problems: Callable[[Any], list[str]]) -> None:
    sample = CONFORMANCE.parent / "moodle/competency-framework.csv"
    if not sample.exists():
        pytest.skip(f"the framework of Moodle is not there: {sample}")
    assert problems(case_of(MOODLE.read(sample.read_bytes(), sample.name).package)) == []


def test_the_schema_finds_a_wrong_package(session: Session, problems: Callable[[Any], list[str]]) -> None:
    wrong = case_of(exported(session, "opleiders"))
    del wrong["CFItems"][0]["fullStatement"]
    assert problems(wrong)


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_export_import_export_gives_the_same_bytes(
    session: Session, programme: str, client_of: Callable[[User | None], Browser]
) -> None:
    first = written(exported(session, programme))
    stored = imported(client_of(Ward(session).lead), session, json.loads(first))
    assert written(package_in_full(session, stored)) == first


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_identifiers_are_unique_and_every_association_inside_leads_somewhere(session: Session, programme: str) -> None:
    package = exported(session, programme)
    package_of(case_of(package), "x")
    known = {package.identifier, *(node.identifier for node in package.of(NodeKind.ITEM))}
    referred = len(document_of(session, programme_version(session, programme).id)["epa_refs"])
    outside = [
        node
        for node in package.of(NodeKind.ASSOCIATION)
        if not {end_of(node, "originNodeURI"), end_of(node, "destinationNodeURI")} <= known
    ]
    assert len(outside) == referred


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_every_epa_is_there_whole_and_the_rest_of_the_programme_with_the_package(
    session: Session, programme: str
) -> None:
    document = document_of(session, programme_version(session, programme).id)
    package = exported(session, programme)
    epas = [node.data["extensions"][OWN] for node in package.of(NodeKind.ITEM) if node.data["CFItemType"] == "EPA"]
    assert {**package.rest["extensions"][OWN], "epas": epas} == without_remarks(document)


def test_identifiers_and_addresses_are_the_same_for_ever(session: Session) -> None:
    package = package_of_version(session, programme_version(session, "opleiders"), base=BASE)
    version = programme_version(session, "opleiders").version
    assert version == "2026.1-draft"
    assert package.identifier == "327067e1-166d-5455-8a06-26361c0f479d"
    assert package.document["uri"] == f"{BASE}{ROOT}/CFDocuments/{package.identifier}"


def test_the_choices_of_an_epa_stand_under_it_with_their_rules(session: Session) -> None:
    package = exported(session, "oncologieverpleegkundige")
    option = items(package, "Reikwijdte-optie")["Stamceltransplantatie (solide tumor)"]
    epa = next(one for one in items(package, "EPA").values() if one["humanCodingScheme"] == "LZ-ONC-2")
    parents = {
        end_of(node, "originNodeURI"): end_of(node, "destinationNodeURI") for node in edges(package, "isChildOf")
    }
    assert parents[parents[option["identifier"]]] == epa["identifier"]
    assert epa["extensions"][OWN]["scope"][0]["rules"]
    assert "### Beperkingen" in epa["notes"]
    assert option["alternativeLabel"] == "Stem cell transplant (solid tumour)"


def edges(package: Package, kind: str) -> list[Any]:
    return [node for node in package.of(NodeKind.ASSOCIATION) if node.data["associationType"] == kind]


def test_the_levels_of_a_scale_are_a_rubric_that_says_when_each_is_expected_and_gives_no_score(
    session: Session,
) -> None:
    package = exported(session, "oncologieverpleegkundige")
    (rubric,) = package.of(NodeKind.RUBRIC)
    criterion = next(one for one in rubric.data["CFRubricCriteria"] if one["category"] == "LZ-ONC-2")
    levels = criterion["CFRubricCriterionLevels"]
    assert [level["position"] for level in levels] == [1, 2, 3, 4, 5]
    assert [level.get("feedback", "") != "" for level in levels] == [False, False, True, True, False]
    assert not any("score" in level for level in levels)


def test_frameworks_bring_their_domains_indicators_and_licence_and_the_crosswalks_join_them(session: Session) -> None:
    package = exported(session, "medisch-leiderschap")
    assert len(items(package, "Raamwerk")) >= 4
    assert items(package, "Indicator")
    assert any("Platform Medisch Leiderschap" in node.data["licenseText"] for node in package.of(NodeKind.LICENCE))
    (grouping,) = package.of(NodeKind.GROUPING)
    crosswalk = [node for node in package.of(NodeKind.ASSOCIATION) if "CFAssociationGroupingURI" in node.data]
    assert {node.data["CFAssociationGroupingURI"]["identifier"] for node in crosswalk} == {grouping.identifier}
    assert len(crosswalk) > 20


def test_an_epa_of_another_programme_is_named_by_its_address_there(session: Session) -> None:
    there = {node.identifier for node in exported(session, "medisch-leiderschap").of(NodeKind.ITEM)}
    package = exported(session, "imagine2")
    referred = {end_of(node, "destinationNodeURI") for node in edges(package, "isRelatedTo")} & there
    assert len(referred) == 4


def test_remarks_for_those_who_keep_the_curriculum_stay_in_the_house(session: Session) -> None:
    text = written(exported(session, "oncologieverpleegkundige")).decode()
    note = next(epa["note"] for epa in document_of(session, programme_version(session).id)["epas"] if epa["note"])
    assert note not in text


def test_every_version_is_offered_once_and_the_same_as_its_file(session: Session) -> None:
    versions = session.scalars(select(ProgrammeVersion)).all()
    assert actions.offer_programmes(session, at=NOW) == len(versions)
    assert actions.offer_programmes(session, at=NOW) == 0
    for version in versions:
        stored = session.scalars(
            select(FrameworkPackage).where(FrameworkPackage.programme_version_id == version.id)
        ).one()
        assert stored.public
        offered = with_base(case_of(package_in_full(session, stored)), BASE)
        assert package_of(offered, "x") == package_of(case_of(package_of_version(session, version, base=BASE)), "x")


def test_a_package_of_ours_reads_without_a_remark_but_for_what_lies_elsewhere(session: Session) -> None:
    assert CASE.read(written(exported(session, "functielaborant")), "x").remarks == ()


def life_of(session: Session, *, effective_on: date | None = None, retired_on: date | None = None) -> ProgrammeVersion:
    """Return a shipped version that was published, or retired, on that day."""
    version, ward = programme_version(session, "opleiders"), Ward(session)
    if effective_on is not None:
        facts = {"published_by_id": ward.lead.id, "reviewed_by_id": ward.lead.id, "published_at": NOW, "note": "New"}
        session.add(Publication(programme_version_id=version.id, effective_on=effective_on, **facts))
    if retired_on is not None:
        facts = {"retired_by_id": ward.lead.id, "recorded_at": NOW + timedelta(hours=1), "reason": "Old"}
        session.add(Retirement(programme_version_id=version.id, retired_on=retired_on, **facts))
    session.flush()
    return version


def test_a_version_is_not_offered_before_it_counts(session: Session) -> None:
    version = life_of(session, effective_on=TODAY + timedelta(days=1))
    actions.offer_programmes(session, at=NOW)
    assert offered_package(session, version) is None
    actions.offer_programmes(session, at=NOW + timedelta(days=1))
    stored = offered_package(session, version)
    assert stored is not None
    assert stored.document["statusStartDate"] == (TODAY + timedelta(days=1)).isoformat()


def test_a_version_that_is_retired_is_offered_anew_and_says_so(
    session: Session, problems: Callable[[Any], list[str]]
) -> None:
    actions.offer_programmes(session, at=NOW)
    version = life_of(session, retired_on=TODAY)
    before = offered_package(session, version)
    assert before is not None
    key, version_before = before.id, before.version
    assert actions.offer_programmes(session, at=NOW + timedelta(hours=2)) == 1
    after = offered_package(session, version)
    assert after is not None
    assert (after.id, after.version) == (key, version_before + 1)
    assert (after.document["adoptionStatus"], after.document["statusEndDate"]) == ("Deprecated", TODAY.isoformat())
    assert problems(case_of(package_of_version(session, version, base=BASE))) == []
    assert actions.offer_programmes(session, at=NOW + timedelta(hours=3)) == 0


def offered_package(session: Session, version: ProgrammeVersion) -> FrameworkPackage | None:
    return session.scalars(
        select(FrameworkPackage).where(FrameworkPackage.programme_version_id == version.id)
    ).one_or_none()


def test_the_list_of_contexts_goes_along(session: Session) -> None:
    version = programme_version(session, "opleiders")
    version.contexts = CONTEXTS
    session.flush()
    package = package_of_version(session, version, base=BASE)
    assert package.rest["extensions"][OWN]["contexts"] == CONTEXTS
