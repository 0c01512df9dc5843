"""What a programme version plans, with the titles that requirements are said with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.requirements import AnyRequirement
from lms.core.db import Words
from lms.curriculum.models import AssessmentForm, AssessmentInstrument, Epa, ProgrammeVersion
from lms.curriculum.plans import (
    PlanInWords,
    asked_at_stages,
    entries_of,
    instruments_of,
    plan_of,
    rules_of,
    scales_asked,
    titles_of,
)
from lms.curriculum.queries.shared import INSTRUMENTS, Vocabulary, scales_by_id
from lms.curriculum.schemas.requirement_checks import observed_entries


def plan_in_words(epa: Epa, named: Iterable[Epa], words: Vocabulary) -> PlanInWords:
    """Return the plan behind the requirements of an EPA, given the EPAs that these name.

    Needs the EPA in full, with its programme version.
    """
    version = epa.programme_version
    others: dict[tuple[str, ...], Words] = {("epa", one.key): one.title for one in named}
    return PlanInWords(
        plan=plan_of(version),
        stages={one.stage.key: one.stage.title for one in epa.required_levels},
        instruments=dict(words.of_kind(INSTRUMENTS)),
        forms={row.form_key: row.form.title for row in epa.requirements if row.form_key and row.form},
        conditions=dict(words.of_kind("evidence_conditions")),
        titles={**titles_of(version), **others},
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What a programme asks beside its EPAs: by the place of the rule of its diploma, and by stage."""

    rules: Mapping[int, AnyRequirement]
    stages: Mapping[str, Sequence[AnyRequirement]]
    named: PlanInWords


def asked_by(
    session: Session, version: ProgrammeVersion, words: Vocabulary, kinds: Collection[AssessmentInstrument]
) -> Asked:
    """Return what rules and stages of a programme ask, given all instruments; no statement where they ask nothing.

    Else one for the scales, where levels are asked, and one for forms of other programmes, where such are named.

    Needs the version in full, with its stages and EPAs.
    """
    named = PlanInWords(
        plan=plan_of(version),
        stages={one.key: one.title for one in version.stages},
        instruments=dict(words.of_kind(INSTRUMENTS)),
        forms=_form_titles(session, version),
        conditions=dict(words.of_kind("evidence_conditions")),
        titles={
            **titles_of(version),
            **{("epa", one.epa.key): one.epa.title for one in version.epa_references},
            **{("epa", one.key): one.title for one in version.epas},
        },
    )
    if not entries_of(version, version.stages):
        return Asked({}, {}, named)
    scales = scales_by_id(session, scales_asked(version, version.stages))
    ways = instruments_of(version, kinds, scales)
    rules = enumerate(rules_of(version, ways))
    return Asked(
        {place: rule.requirement for place, rule in rules if rule.requirement is not None},
        asked_at_stages(version.stages, ways),
        named,
    )


def _form_titles(session: Session, version: ProgrammeVersion) -> Mapping[str, Words]:
    """Return the titles of the forms that rules and stages name; those of other programmes are asked for."""
    own = {one.key: one.title for one in version.forms}
    named = {one["form"] for one in observed_entries(entries_of(version, version.stages)) if one["form"]} - own.keys()
    if not named:
        return own
    forms = select(AssessmentForm.key, AssessmentForm.title).where(AssessmentForm.key.in_(named))
    return own | {row.key: row.title for row in session.execute(forms.order_by(AssessmentForm.id))}
