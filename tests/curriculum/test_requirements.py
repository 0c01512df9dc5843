"""Requirements of every kind go into the tables and come out as they were written, and as values of the domain."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer_group

from competencies.attainments import AttainmentKind, HoursOf
from competencies.catalogue import FOLDER
from competencies.completion import RuleKind
from competencies.observations import ActivityKind, Context
from competencies.people import Role
from competencies.requests import offers_for
from competencies.requirements import (
    Combination,
    CombinedRequirement,
    DeclarationRequirement,
    HoursRequirement,
    PiecesRequirement,
    PlacementRequirement,
    ReflectionsRequirement,
    Requirement,
    SessionsRequirement,
    Spread,
)
from lms.curriculum import queries
from lms.curriculum.actions import load_programme
from lms.curriculum.models import Epa, ProgrammeVersion
from lms.curriculum.plans import plan_of
from lms.curriculum.requirements import requirements_of
from lms.curriculum.schemas.checking import check_programme
from lms.curriculum.schemas.files import read_file
from lms.curriculum.schemas.problems import CurriculumRefused
from lms.curriculum.schemas.source import Document
from lms.progress.queries.outlines import outlines_of
from tests.factories import NOW

Data = dict[str, Any]
LATER = NOW + timedelta(hours=1)
"""After the programmes that ship were loaded, so that a changed one is the newest."""

KPB: Data = {"instrument": "kpb", "form": None, "min_count": 2, "min_assessors": 1, "min_level": "4"}
STAGED = KPB | {"stage": None}
VARIED = STAGED | {
    "within_months": 12,
    "assessor_roles": {"programme_lead": 1},
    "spread": [{"over": "department", "min_different": 2}],
    "max_simulated": 0,
}
PRODUCT = {"instrument": "product", "form": None, "min_count": 1, "min_assessors": 1, "min_level": "2"}
HOURS: Data = {"kind": "hours", "of": "practice", "min_hours": 400, "min_percent_in_one_organisation": 60}
CHAIN = {"kind": "placement", "placement": "care_chain", "min_settings": 2}
ATTENDED = {"kind": "sessions", "modules": ["m1", "m2"], "min_percent": 80}
MADE: Data = {"kind": "products", "min_count": 1, "products": ["improvement-project"]}
PASSED: Data = {"kind": "tests", "min_count": 1, "tests": []}
WRITTEN = {"kind": "reflections", "min_count": 3, "stage": None}
ENTRUSTED = {"kind": "declaration", "epa": "onc-k2", "min_level": "3", "scope": {"treatment": ["surgery"]}}
DIPLOMA = {"kind": "external_diploma"}
SOME: Data = {
    "kind": "n_of",
    "n": 2,
    "stage": "end",
    "of": [KPB, {"kind": "any_of", "of": [PASSED, {"kind": "all_of", "of": [MADE, STAGED]}]}, WRITTEN],
}
ALL = [STAGED, VARIED, HOURS, CHAIN, ATTENDED, MADE, PASSED, WRITTEN, ENTRUSTED, DIPLOMA, SOME]


def oncology(**changes: Any) -> Data:
    """Return the oncology file as a new version, with other evidence, stage requirements or rules."""
    data: Data = deepcopy(read_file(FOLDER / "oncologieverpleegkundige.yaml").data)
    data["programme"]["version"] = "changed"
    data["epas"][0]["evidence"] = deepcopy(changes.get("evidence", data["epas"][0]["evidence"]))
    if "stage" in changes:
        data["stages"][1]["requirements"] = deepcopy(changes["stage"])
    rules = [{"rule": "requirement", "requirement": one} | OUR for one in deepcopy(changes.get("rules", []))]
    data["completion"] += rules
    return data


OUR = {"provenance": "draft", "sources": []}


def load(session: Session, data: Data) -> ProgrammeVersion:
    loaded = load_programme(session, Document("changed.yaml", data, {}), by=None, at=LATER)
    return session.scalars(
        select(ProgrammeVersion).where(ProgrammeVersion.id == loaded.version_id).options(undefer_group("in_full"))
    ).one()


def first_epa(session: Session, version: ProgrammeVersion) -> Epa:
    return session.scalars(
        select(Epa).where(Epa.programme_version_id == version.id, Epa.key == "onc-k1").options(*queries.WITH_EVIDENCE)
    ).one()


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.get("kind", "observations"))
def test_a_requirement_of_each_kind_comes_out_as_it_was_written(entry: Data, session: Session) -> None:
    data = oncology(evidence=[STAGED, entry, STAGED], stage=[_unstaged(entry)], rules=[_unstaged(entry)])
    assert queries.document_of(session, load(session, data).id) == data


def _unstaged(entry: Data) -> Data:
    return {name: value for name, value in entry.items() if name != "stage"}


def test_an_empty_list_at_a_stage_is_kept_and_none_stays_none(session: Session) -> None:
    data = oncology(stage=[])
    assert queries.document_of(session, load(session, data).id)["stages"] == data["stages"]


def test_rules_with_their_titles_and_modules_come_out_as_they_were_written(session: Session) -> None:
    data = oncology()
    data["completion"] += [
        {"rule": "requirement", "requirement": HOURS, "title": {"nl": "Uren", "en": "Hours"}} | OUR,
        {"rule": "study_load_completed"} | OUR,
        {"rule": "attendance", "min_percent": 80, "modules": ["m1"]} | OUR,
    ]
    assert queries.document_of(session, load(session, data).id) == data


def test_a_requirement_of_each_kind_is_a_value_of_the_domain(session: Session) -> None:
    asked = requirements_of(first_epa(session, load(session, oncology(evidence=ALL))))
    varied = asked[1]
    assert isinstance(varied, Requirement)
    assert (varied.within_months, dict(varied.assessor_roles), varied.max_simulated) == (
        12,
        {Role.PROGRAMME_LEAD: 1},
        0,
    )
    assert varied.spread == (Spread(Context.DEPARTMENT, 2),)
    assert asked[2:10] == (
        HoursRequirement(of=HoursOf.PRACTICE, min_hours=400, min_percent_in_one_organisation=60),
        PlacementRequirement(placement="care_chain", min_settings=2),
        SessionsRequirement(modules=("m1", "m2"), min_percent=80),
        PiecesRequirement(kind=AttainmentKind.PRODUCT, min_count=1, keys=("improvement-project",)),
        PiecesRequirement(kind=AttainmentKind.TEST),
        ReflectionsRequirement(min_count=3),
        DeclarationRequirement(epa="onc-k2", minimum="3", scope={"treatment": ["surgery"]}),
        PiecesRequirement(kind=AttainmentKind.EXTERNAL_DIPLOMA),
    )
    some = asked[10]
    assert isinstance(some, CombinedRequirement)
    assert (some.kind, some.needed, some.stage) == (Combination.N_OF, 2, "end")
    inner = some.of[1]
    assert isinstance(inner, CombinedRequirement)
    assert (inner.kind, inner.of[0]) == (Combination.ANY_OF, asked[6])
    deepest = inner.of[1]
    assert isinstance(deepest, CombinedRequirement)
    assert deepest.of == (asked[5], asked[0])


def test_a_minimum_at_a_stage_is_on_the_scale_of_the_programme_or_of_the_instrument(session: Session) -> None:
    version = load(session, oncology(stage=[KPB, PRODUCT], rules=[KPB]))
    outline = outlines_of(session, [version.id])[version.id]
    at_stage = [one.minimum for one in outline.of_stages["end"] if isinstance(one, Requirement) and one.minimum]
    assert [(one.scale_key, one.code) for one in at_stage] == [("nl-bekwaamheid-5", "4"), ("rubric-3", "2")]
    assert set(version.requirement_scales or {}) == {"product"}
    rule = outline.rules[-1].requirement
    assert isinstance(rule, Requirement)
    assert rule.minimum == at_stage[0]


def test_the_care_chain_asks_all_three_settings_and_hours_may_be_exempted_in_part(session: Session) -> None:
    plan = plan_of(load(session, oncology()))
    (chain,) = plan.placements
    assert (chain.min_settings, chain.settings) == (3, ("outpatient", "ward", "home_care"))
    assert (plan.limits.practice_percent, plan.limits.theory_percent) == (80, 100)
    assert (plan.study_load.practice_hours, plan.study_load.theory_hours) == (1200, 130)


def test_a_placement_without_a_number_of_settings_asks_as_many_as_it_must_be_done(session: Session) -> None:
    version = queries.latest_version_of(session, "mbo-verpleegkunde-bbl")
    assert version is not None
    plan = outlines_of(session, [version.id])[version.id].plan
    assert [(one.key, one.min_settings, len(one.settings)) for one in plan.placements] == [
        ("rotation", 2, 2),
        ("outside", 1, 3),
    ]


def test_every_rule_that_ships_is_known(session: Session) -> None:
    versions = [one.id for one in session.scalars(select(ProgrammeVersion))]
    kinds = {rule.kind for outline in outlines_of(session, versions).values() for rule in outline.rules}
    assert kinds == set(RuleKind) - {RuleKind.STUDY_LOAD_COMPLETED, RuleKind.REQUIREMENT}


DEEP: Data = {"kind": "any_of", "of": [{"kind": "any_of", "of": [{"kind": "any_of", "of": [SOME]}]}]}


@pytest.mark.parametrize(
    ("entry", "path", "message"),
    [
        ({"kind": "swims"}, "kind", "This must be one of: hours,"),
        ({"kind": ""}, "kind", "This must be one of: hours,"),
        (KPB, "stage", "This key is missing."),
        (STAGED | {"within_months": 0}, "within_months", "This must be from 1 to 240."),
        (STAGED | {"assessor_roles": {"trainee": 1}}, "assessor_roles", "This must be one of: trainer,"),
        (STAGED | {"spread": []}, "spread", "This list may not be empty."),
        (STAGED | {"spread": VARIED["spread"] * 2}, "spread", "Each context stands here once."),
        (STAGED | {"instrument": "msf", "min_level": None, "max_simulated": 1}, "max_simulated", "Rounds of feedback"),
        (STAGED | {"stage": "later"}, "stage", "This EPA expects no level at the stage later."),
        (STAGED | {"hours": 3}, "hours", "This key is not known here."),
        (HOURS | {"of": "sleep"}, "of", "This must be one of: practice, theory, self_study."),
        (HOURS | {"min_percent_in_one_organisation": 101}, "min_percent_in_one_organisation", "This must be from 1"),
        (CHAIN | {"placement": "moon"}, "placement", "The programme has no placement moon."),
        (CHAIN | {"min_settings": 4}, "min_settings", "There are fewer settings than that."),
        (ATTENDED | {"modules": ["m9"]}, "modules[0]", "The programme has no module m9."),
        (ATTENDED | {"min_count": 3}, "", "This asks one of these: min_percent, min_count."),
        (MADE | {"products": ["tower"]}, "products[0]", "The programme has no deliverable and no learning activity"),
        (MADE | {"min_count": 2}, "min_count", "There are fewer named than that."),
        (PASSED | {"tests": ["exam"]}, "tests[0]", "The programme has no learning activity exam."),
        (ENTRUSTED | {"epa": "onc-x"}, "epa", "There is no EPA onc-x."),
        (ENTRUSTED | {"min_level": "9"}, "min_level", "The scale has no level 9."),
        (ENTRUSTED | {"scope": {"meals": ["soup"]}}, "scope.meals", "This EPA has no choice called meals."),
        (
            ENTRUSTED | {"scope": {"treatment": ["leeches"]}},
            "scope.treatment[0]",
            "This group has no option leeches.",
        ),
        (SOME | {"n": 4}, "n", "There are fewer requirements than must be met."),
        ({"kind": "any_of", "of": []}, "of", "This list may not be empty."),
        ({"kind": "any_of", "of": [PASSED] * 21}, "of", "A combined requirement has at most 20 parts."),
        ({"kind": "any_of", "of": [KPB | {"stage": "end"}]}, "of[0].stage", "A stage stands only with a requirement"),
        ({"kind": "any_of", "of": [CHAIN | {"placement": "sun"}]}, "of[0].placement", "The programme has no placement"),
        (DEEP, "", "Requirements are combined at most 3 deep."),
    ],
)
def test_a_wrong_requirement_is_refused_at_its_place(entry: Data, path: str, message: str, session: Session) -> None:
    with force_locale("en"), pytest.raises(CurriculumRefused) as refused:
        check_programme(Document("changed.yaml", oncology(evidence=[entry]), {}), queries.known(session))
    (problem,) = refused.value.errors
    where = "epas[0].evidence[0]"
    assert problem.path == (f"{where}.{path}" if path else where)
    assert problem.message.startswith(message)


def test_a_stage_and_a_rule_say_what_is_wrong_at_their_own_place(session: Session) -> None:
    data = oncology(stage=[KPB | {"min_level": "9"}], rules=[HOURS | {"stage": "end"}])
    data["placements"][0]["min_settings"] = 4
    data["completion"].append({"rule": "attendance", "min_percent": 80, "modules": ["m9"]} | OUR)
    with force_locale("en"), pytest.raises(CurriculumRefused) as refused:
        check_programme(Document("changed.yaml", data, {}), queries.known(session))
    assert {(one.path, one.message) for one in refused.value.errors} == {
        ("stages[1].requirements[0].min_level", "The scale has no level 9."),
        (
            "completion[3].requirement.stage",
            "A stage stands only with a requirement of an EPA, and not inside a combined one.",
        ),
        ("placements[0].min_settings", "There are fewer settings than that."),
        ("completion[4].modules[0]", "The programme has no module m9."),
    }


def test_the_parts_of_combined_requirements_offer_ways_to_assess(session: Session) -> None:
    asked = requirements_of(first_epa(session, load(session, oncology(evidence=[SOME, WRITTEN]))))
    offers = offers_for(ActivityKind.PATIENT_CONTACT, asked, ["kpb", "osats"])
    assert [(one.instrument, one.required) for one in offers] == [("kpb", True), ("osats", False)]
