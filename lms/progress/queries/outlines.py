"""The outlines of programmes, kept in the process: a version never changes once it is loaded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from threading import Lock
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer_group

from lms.cohorts.values import tracks_of
from lms.curriculum.models import AssessmentForm, EpaDemand, ProgrammeVersion, Stage, VocabularyTerm
from lms.curriculum.plans import asked_at_stages, instruments_of, plan_of, rules_of, scales_asked, titles_of
from lms.curriculum.queries import epas_of_versions, instruments, scales_by_id
from lms.curriculum.requirements import requirements_of
from lms.curriculum.values import ProgrammeEpa, scale_of, scope_groups_of, shown_code_of
from lms.progress.values import EpaInProgramme, ProgrammeOutline, Words

MOST_KEPT = 200
_kept: dict[UUID, ProgrammeOutline] = {}
_lock = Lock()


def outlines_of(session: Session, version_ids: Collection[UUID]) -> Mapping[UUID, ProgrammeOutline]:
    """Return the outline of each programme version; no statement for those that were asked before in this process."""
    unknown = [version_id for version_id in version_ids if version_id not in _kept]
    loaded = _loaded(session, unknown) if unknown else {}
    found = {version_id: loaded.get(version_id) or _kept[version_id] for version_id in version_ids}
    _keep(loaded)
    return found


def forget() -> None:
    """Forget all outlines."""
    with _lock:
        _kept.clear()


def _keep(loaded: Mapping[UUID, ProgrammeOutline]) -> None:
    with _lock:
        if len(_kept) + len(loaded) > MOST_KEPT:
            _kept.clear()
        _kept.update(loaded)


def _loaded(session: Session, version_ids: Collection[UUID]) -> dict[UUID, ProgrammeOutline]:
    """Return the outlines from the database, in eleven to thirteen statements whatever their number."""
    epas = epas_of_versions(session, version_ids)
    versions = session.scalars(
        select(ProgrammeVersion).where(ProgrammeVersion.id.in_(version_ids)).options(undefer_group("in_full"))
    ).all()
    used = frozenset(version_ids) | {one.epa.programme_version_id for parts in epas.values() for one in parts}
    stages = session.scalars(select(Stage).where(Stage.programme_version_id.in_(used))).all()
    forms = session.scalars(select(AssessmentForm).where(AssessmentForm.programme_version_id.in_(used))).all()
    kinds = instruments(session)
    titles = {key: row.title for key, row in kinds.items()}
    conditions = select(VocabularyTerm.key, VocabularyTerm.title).where(VocabularyTerm.kind == "evidence_conditions")
    condition_titles = {row.key: row.title for row in session.execute(conditions)}
    asked = set[UUID]().union(*(scales_asked(one, _of_version(stages, one)) for one in versions))
    scales = scales_by_id(session, asked) if asked else {}
    ways = {version.id: instruments_of(version, kinds.values(), scales) for version in versions}
    return {
        version.id: ProgrammeOutline(
            epas=tuple(_epa(part, version) for part in epas[version.id]),
            tracks=tracks_of(version),
            stages=_titles(stages, version.id),
            instruments=titles,
            forms=_titles(forms, version.id),
            conditions=condition_titles,
            plan=plan_of(version, epas[version.id]),
            rules=rules_of(version, ways[version.id]),
            of_stages=asked_at_stages(_of_version(stages, version), ways[version.id]),
            titles=titles_of(version, epas[version.id]),
            version=version.version,
            title_of_programme=version.title,
            loaded_at=version.loaded_at,
        )
        for version in versions
    }


def _of_version(stages: Iterable[Stage], version: ProgrammeVersion) -> list[Stage]:
    return [stage for stage in stages if stage.programme_version_id == version.id]


def _titles(rows: Iterable[Stage | AssessmentForm], version_id: UUID) -> dict[str, Words]:
    """Return the titles by key; where two programmes have the same key, the own one."""
    own_last = sorted(rows, key=lambda row: row.programme_version_id == version_id)
    return {row.key: row.title for row in own_last}


def _epa(part: ProgrammeEpa, version: ProgrammeVersion) -> EpaInProgramme:
    epa = part.epa
    shown = shown_code_of(epa)
    return EpaInProgramme(
        epa_id=epa.id,
        key=epa.key,
        code=shown.code,
        is_concept=shown.is_concept,
        title=epa.title,
        type=epa.type,
        tracks=tuple(epa.tracks),
        scale=scale_of(epa.scale) if epa.scale else None,
        expected=part.expected,
        requirements=requirements_of(epa),
        is_reference=part.is_reference,
        is_optional=part.demand is EpaDemand.OPTIONAL,
        version=version.version,
        groups=scope_groups_of(epa),
    )
