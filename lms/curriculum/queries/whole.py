"""A programme version whole, for its page: few statements, however many EPAs it has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, false, or_, select
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

VERSION_ID = bindparam("version_id", type_=Uuid)


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
    version = session.scalars(_version(), {"version_id": version_id}).one_or_none()
    if version is None:
        return None
    whole = _with_parts(session, version)
    _fill_epas(session, version, _epas_in_a_table())
    return whole


@cache
def _version() -> Select[ProgrammeVersion]:
    return (
        select(ProgrammeVersion)
        .where(ProgrammeVersion.id == VERSION_ID)
        .options(
            undefer_group("in_full"),
            joinedload(ProgrammeVersion.programme),
            joinedload(ProgrammeVersion.default_scale),
        )
    )


def _with_parts(session: Session, version: ProgrammeVersion) -> WholeProgramme:
    """Load the stages, forms and frameworks of a version, and return it with its other versions and the instruments.

    One statement: each of its rows holds one thing, as nothing of one kind joins with anything of another.
    """
    rows = session.execute(_parts(), {"version_id": version.id, "programme_id": version.programme_id}).all()
    for number, name in enumerate(("stages", "forms", "frameworks")):
        set_committed_value(version, name, _in_order(row[number] for row in rows))
    editions = [edition(row[4], row[5], row[6], row[7], row[8]) for row in rows if row[4]]
    return WholeProgramme(version, in_time(editions), tuple(_in_order(row[3] for row in rows)))


@cache
def _parts() -> Select[*tuple[Any, ...]]:
    stage, form, framework = (
        aliased(model, select(model).where(model.programme_version_id == VERSION_ID).subquery())
        for model in (Stage, AssessmentForm, Framework)
    )
    programme_id = bindparam("programme_id", type_=Uuid)
    others = version_lines().where(ProgrammeVersion.programme_id == programme_id).subquery()
    columns = (others.c.id, others.c.version, others.c.loaded_at, others.c.effective_on, others.c.retired_on)
    return (
        select(stage, form, framework, AssessmentInstrument, *columns)
        .select_from(stage)
        .join(form, false(), full=True)
        .join(framework, false(), full=True)
        .join(AssessmentInstrument, false(), full=True)
        .join(others, false(), full=True)
    )


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
    _fill_epas(session, version, _epas(*loads))


@cache
def _epas_in_a_table() -> Select[*tuple[Any, ...]]:
    return _epas(*_IN_A_TABLE)


def _epas(*loads: ExecutableOption) -> Select[*tuple[Any, ...]]:
    home = aliased(ProgrammeVersion)
    refers = (EpaReference.epa_id == Epa.id) & (EpaReference.programme_version_id == VERSION_ID)
    return (
        select(Epa, EpaReference, home)
        .outerjoin(EpaReference, refers)
        .outerjoin(home, (home.id == Epa.programme_version_id) & EpaReference.id.is_not(None))
        .where(or_(Epa.programme_version_id == VERSION_ID, EpaReference.id.is_not(None)))
        .order_by(EpaReference.position, Epa.position)
        .options(*loads, joinedload(home.programme))
    )


def _fill_epas(session: Session, version: ProgrammeVersion, asked: Select[*tuple[Any, ...]]) -> None:
    rows: Iterable[Any] = session.execute(asked, {"version_id": version.id}).unique()
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
