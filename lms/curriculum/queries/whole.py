"""A programme version whole, for its page: few statements, however many EPAs it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, load_only, undefer, undefer_group
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.base import ExecutableOption

from lms.curriculum.models import (
    AssessmentForm,
    AssessmentInstrument,
    Epa,
    EpaReference,
    Framework,
    ProgrammeVersion,
    RatingScale,
    RequiredLevel,
    ScaleLevel,
    Stage,
)
from lms.curriculum.queries.editions import Edition, edition, in_time, version_lines


@dataclass(frozen=True, slots=True)
class WholeProgramme:
    """A programme version with everything on its page.

    `editions` are all versions of the programme from the oldest on, `instruments` all that there are.
    """

    version: ProgrammeVersion
    editions: tuple[Edition, ...]
    instruments: tuple[AssessmentInstrument, ...]


def whole_programme(session: Session, version_id: UUID) -> WholeProgramme | None:
    """Return a programme version in full but for the evidence on its EPAs, or None; three statements.

    Of frameworks it has no domains, of EPAs only what a table of them shows.
    """
    version = session.scalars(
        select(ProgrammeVersion)
        .where(ProgrammeVersion.id == version_id)
        .options(
            undefer_group("in_full"),
            joinedload(ProgrammeVersion.programme),
            joinedload(ProgrammeVersion.default_scale),
        )
    ).one_or_none()
    if version is None:
        return None
    whole = _with_parts(session, version)
    fill_epas(session, version, *_IN_A_TABLE)
    return whole


def _with_parts(session: Session, version: ProgrammeVersion) -> WholeProgramme:
    """Load the stages, forms and frameworks of a version, and return it with its other versions and the instruments.

    One statement: each of its rows holds one thing, as nothing of one kind joins with anything of another.
    """
    own = (version.id,)
    stage, form, framework = (
        aliased(model, select(model).where(model.programme_version_id.in_(own)).subquery())
        for model in (Stage, AssessmentForm, Framework)
    )
    others = version_lines().where(ProgrammeVersion.programme_id == version.programme_id).subquery()
    columns = (others.c.id, others.c.version, others.c.loaded_at, others.c.effective_on, others.c.retired_on)
    rows = session.execute(
        select(stage, form, framework, AssessmentInstrument, *columns)
        .select_from(stage)
        .join(form, false(), full=True)
        .join(framework, false(), full=True)
        .join(AssessmentInstrument, false(), full=True)
        .join(others, false(), full=True)
    ).all()
    for number, name in enumerate(("stages", "forms", "frameworks")):
        set_committed_value(version, name, _in_order(row[number] for row in rows))
    editions = [edition(row[4], row[5], row[6], row[7], row[8]) for row in rows if row[4]]
    return WholeProgramme(version, in_time(editions), tuple(_in_order(row[3] for row in rows)))


def _in_order(found: Any) -> list[Any]:
    return sorted(filter(None, found), key=lambda one: one.position)


_IN_A_TABLE = (
    load_only(
        Epa.programme_version_id,
        Epa.key,
        Epa.parent_key,
        Epa.position,
        Epa.official_code,
        Epa.local_code,
        Epa.title,
        Epa.type,
        Epa.tracks,
        Epa.function_transcending,
        Epa.provenance,
        Epa.provenance_by_field,
    ),
    joinedload(Epa.scale).options(load_only(RatingScale.key), undefer(RatingScale.top_rank)),
    joinedload(Epa.required_levels)
    .joinedload(RequiredLevel.level)
    .load_only(ScaleLevel.rank, ScaleLevel.title, ScaleLevel.entrusted),
)


def fill_epas(session: Session, version: ProgrammeVersion, *loads: ExecutableOption) -> None:
    """Load the EPAs of a version, and those of other programmes that it refers to, with these loads, in one statement.

    Those of other programmes come with their home: its version and its programme.
    """
    home = aliased(ProgrammeVersion)
    refers = (EpaReference.epa_id == Epa.id) & (EpaReference.programme_version_id == version.id)
    rows = session.execute(
        select(Epa, EpaReference, home)
        .outerjoin(EpaReference, refers)
        .outerjoin(home, (home.id == Epa.programme_version_id) & EpaReference.id.is_not(None))
        .where(or_(Epa.programme_version_id == version.id, EpaReference.id.is_not(None)))
        .order_by(EpaReference.position, Epa.position)
        .options(*loads, joinedload(home.programme))
    ).unique()
    own: list[Epa] = []
    references: list[EpaReference] = []
    for epa, reference, origin in rows:
        if reference is None:
            own.append(epa)
            continue
        set_committed_value(epa, "programme_version", origin)
        set_committed_value(reference, "epa", epa)
        references.append(reference)
    set_committed_value(version, "epas", own)
    set_committed_value(version, "epa_references", references)
