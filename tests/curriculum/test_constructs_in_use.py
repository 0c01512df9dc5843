"""The shipped programmes use every construct that their data names: in the database, in the domain, on their pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.catalogue import programme_files
from competencies.errors import RuleBroken
from competencies.frameworks import crosswalk
from competencies.scope import check_scope
from lms.accounts.models import User
from lms.curriculum import queries
from lms.curriculum.crosswalks import correspondences_of, framework_of
from lms.curriculum.models import Epa, Framework, ProgrammeVersion
from lms.curriculum.plans import plan_of
from lms.curriculum.schemas.files import read_file
from lms.curriculum.values import expected_levels_of
from tests.factories import epa_of, make_user
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]
FILES: dict[str, dict[str, Any]] = {name: read_file(path).data for name, path in programme_files().items()}
EPAS = {epa["key"]: epa for data in FILES.values() for epa in data["epas"]}


def whole(session: Session, key: str) -> ProgrammeVersion:
    latest = queries.latest_version_of(session, key)
    assert latest is not None
    found = queries.whole_programme(session, latest.id)
    assert found is not None
    return found.version


@pytest.mark.parametrize(
    ("chosen", "refused"),
    [
        (["chemotherapy"], None),
        (["surgery", "immunotherapy"], None),
        (["stem_cell_transplant_solid"], None),
        ([], "scope_too_few"),
        (["surgery"], "scope_total_too_low"),
        (["stem_cell_transplant_haematological"], "scope_option_elsewhere"),
        (["surgery", "stem_cell_transplant_haematological"], "scope_option_elsewhere"),
    ],
)
def test_the_scope_of_the_one_epa_that_is_known_in_full_is_judged(
    session: Session, chosen: list[str], refused: str | None
) -> None:
    epa = epa_of(session, "onc-k2")
    assert epa.official_code == "LZ-ONC-2"
    groups = queries.scope_of(session, epa)
    assert len(groups[0].options) == 12
    if refused is None:
        check_scope(groups, {"treatment": chosen})
        return
    with pytest.raises(RuleBroken) as broken:
        check_scope(groups, {"treatment": chosen})
    assert broken.value.code == refused


def test_every_scope_of_every_file_is_a_value_of_the_domain(session: Session) -> None:
    for epa in session.scalars(select(Epa)):
        groups = queries.scope_of(session, epa)
        stored = EPAS[epa.key]["scope"]
        assert [len(group.options) for group in groups] == [len(group["options"]) for group in stored]
        assert [len(group.rules) for group in groups] == [len(group["rules"]) for group in stored]
        elsewhere = [rule.then_belongs_to for group in groups for rule in group.rules if rule.then_belongs_to]
        assert all(other.title and other.id for other in elsewhere)


def test_the_placement_in_three_settings_is_planned_and_shown(session: Session, client_of: ClientOf) -> None:
    version = whole(session, "oncologieverpleegkundige")
    (placement,) = plan_of(version).placements
    assert placement.mandatory
    assert placement.settings == ("outpatient", "ward", "home_care")
    assert placement.min_settings == 3
    words = client_of(make_user(session, language="en")).get(f"/programmes/{version.id}").text
    assert "Care-chain placement" in words
    assert all(setting in words for setting in ("Outpatient clinic", "Ward", "Home care"))


def test_the_mark_of_several_functions_is_that_of_the_files(session: Session) -> None:
    marked = {epa.key for epa in session.scalars(select(Epa)) if epa.function_transcending}
    assert marked == {key for key, epa in EPAS.items() if epa["function_transcending"]}
    assert len(marked) == 17


def test_levels_per_stage_are_those_of_the_files_and_never_go_down(session: Session) -> None:
    for data in FILES.values():
        version = queries.latest_version_of(session, data["programme"]["key"])
        assert version is not None
        for part in queries.epas_of_version(session, version.id):
            expected = expected_levels_of(part.epa)
            wanted = [(one["stage"], one["level"]) for one in EPAS[part.epa.key]["required_levels"]]
            assert [(one.stage, one.level.code) for one in expected] == wanted
            ranks = [one.level.rank for one in expected]
            assert ranks == sorted(ranks)


def test_the_crosswalks_read_both_ways_between_all_four_frameworks(session: Session) -> None:
    version = whole(session, "medisch-leiderschap")
    rows = [queries.one_framework(session, row.id) for row in version.frameworks]
    frameworks = {row.key: framework_of(row) for row in rows if row}
    assert list(frameworks) == ["rml", "canmeds-leader", "leads", "mlcf"]
    known = tuple(correspondences_of(version.crosswalk))
    assert len(known) == sum(len(keys) for line in version.crosswalk for keys in line["to"].values()) == 36
    for one in frameworks.values():
        for other in frameworks.values():
            if one is not other:
                found = crosswalk(one, other, known)
                assert len(found.gaps) < len(found.rows), (one.key, other.key)
                assert found.is_indirect == ("rml" not in {one.key, other.key})


def test_every_framework_says_who_owns_it_and_what_may_be_done_with_it(session: Session) -> None:
    for row in session.scalars(select(Framework).where(Framework.programme_version_id.is_not(None))):
        assert row.owner, row.key
        assert row.licence_note, row.key
