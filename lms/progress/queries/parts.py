"""Some trainees of a cohort with their cells, and all of them in numbers: the database counts who is not shown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, Uuid, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from lms.cohorts.models import Enrolment
from lms.core.mail import AddressRefusal
from lms.notices.queries import refusals_among
from lms.progress.queries.cells import cells_of
from lms.progress.queries.matrix import AnyRow, Asked, Group, columns_of, matrix_of, row_of, trainees_of
from lms.progress.queries.outlines import outlines_of
from lms.progress.values import (
    CohortMatrix,
    CohortPart,
    CohortTotals,
    Order,
    ProgrammeOutline,
    Roll,
    Selection,
    summary_of,
)
from lms.standings.models import Standing

Kinds = Counter[tuple[UUID, str | None, str]]
"""How many trainees follow a version on a track in a department."""


def cohort_part(
    session: Session, cohort_id: UUID, selection: Selection, *, on: date, part: slice, counted: bool = False
) -> CohortPart:
    """Return the trainees of a selection that stand in a part of it; where `counted` with the totals of all of it.

    Two statements, three where counted, besides those for the outline of a programme that was not asked for before.
    Where the cells of all decide what is shown, they are read as for `cohort_matrix`, which takes its statements: where
    somebody was moved, the order is by what was reached, or a decision that would be counted is still to begin.
    """
    trainees = trainees_of(session, cohort_id)
    by_cells = selection.order is Order.REACHED or any(one.move_id for one in trainees)
    chosen = [] if by_cells else selection.chosen_of(trainees, on=on)
    shown = chosen[part]
    whole = len(chosen) == len(trainees)
    counts = (
        _counts(session, cohort_id, None if whole else chosen, on=on) if counted and len(shown) < len(trainees) else ()
    )
    if by_cells or counts is None or len(shown) == len(trainees):
        return CohortPart.of(matrix_of(session, cohort_id, trainees, on=on), selection, part)
    kinds = _kinds(trainees)
    outlines = outlines_of(session, {version_id for version_id, _track, _department in kinds})
    asked = Asked(columns_of(outlines, outlines, ()), outlines)
    cells = cells_of(session, _named([one.enrolment_id for one in shown]), asked.columns, on=on)
    rows = tuple(row_of(one, asked, cells.get(one.enrolment_id, {})) for one in shown)
    return CohortPart(
        matrix=CohortMatrix(cohort_id, on, asked.columns, rows),
        roll=_roll(kinds, outlines),
        trainees=tuple((one.trainee_id, one.name) for one in chosen),
        totals=_totals(asked, kinds if whole else _kinds(chosen), counts) if counted else None,
    )


def refused_of(session: Session, cohort_id: UUID, part: CohortPart) -> Sequence[tuple[str, AddressRefusal]]:
    """Return whose address refuses our mail, of all trainees of the selection, each with their name; one statement."""
    among = refusals_among(session, select(Enrolment.trainee_id).where(Enrolment.cohort_id == cohort_id))
    return [(name, among[key]) for key, name in part.trainees if key in among] if among else []


def _named(keys: Sequence[UUID]) -> Select[UUID]:
    """Select keys as one value: a list of a thousand would be a statement of a thousand."""
    return select(func.unnest(bindparam("keys", list(keys), type_=ARRAY(Uuid)), type_=Uuid))


def _kinds(trainees: Iterable[AnyRow]) -> Kinds:
    return Counter((one.version_id, one.track, one.department) for one in trainees)


def _roll(kinds: Kinds, outlines: Mapping[UUID, ProgrammeOutline]) -> Roll:
    followed = Counter[str]()
    for (version_id, _track, _department), number in kinds.items():
        followed[outlines[version_id].version] += number
    return Roll(
        count=kinds.total(),
        departments=tuple(sorted({department for _version, _track, department in kinds})),
        tracks=tuple(sorted({track for _version, track, _department in kinds if track})),
        followed=followed,
        somebody_moved=False,
    )


def _counts(
    session: Session, cohort_id: UUID, trainees: Sequence[AnyRow] | None, *, on: date
) -> Sequence[AnyRow] | None:
    """Return how many trainees, or of a whole cohort, stand how on each EPA, by version and track.

    None where a decision is still to begin.
    """
    among: dict[str, Any] = (
        {"cohort_id": cohort_id} if trainees is None else {"keys": [one.enrolment_id for one in trainees]}
    )
    counts = session.execute(_counting(named=trainees is not None), {"on": on, **among}).all()
    return None if any(one.is_to_begin for one in counts) else counts


@cache
def _counting(*, named: bool) -> Select[*tuple[Any, ...]]:
    on = bindparam("on", type_=Date)
    stands = (
        Enrolment.programme_version_id.label("version_id"),
        Enrolment.track,
        Standing.epa_id,
        Standing.level_code,
        (Standing.valid_until < on).label("is_expired"),
        (Standing.decided_on > on).label("is_to_begin"),
    )
    waiting = func.count().filter(Standing.waiting_count > 0).label("waiting")
    return (
        select(*stands, func.count().label("trainees"), waiting)
        .join(Enrolment, Enrolment.id == Standing.enrolment_id)
        .where(
            Enrolment.id == func.any(bindparam("keys", type_=ARRAY(Uuid)))
            if named
            else Enrolment.cohort_id == bindparam("cohort_id", type_=Uuid)
        )
        .group_by(*stands)
    )


def _totals(asked: Asked, kinds: Kinds, counts: Sequence[AnyRow]) -> CohortTotals:
    """Return the totals of trainees of whom nobody was moved, from the numbers by EPA."""
    sizes = Counter[Group]()
    for (version_id, track, _department), number in kinds.items():
        sizes[version_id, track] += number
    own = {group: {key for key, applies, _other in asked.of(group) if applies} for group in sizes}
    codes = {epa.epa_id: {level.code for level in epa.scale.levels} for epa in asked.columns if epa.scale}
    held: defaultdict[UUID, Counter[str]] = defaultdict(Counter)
    expired, waiting = Counter[UUID](), Counter[UUID]()
    for one in counts:
        if one.epa_id not in own[one.version_id, one.track]:
            continue
        waiting[one.epa_id] += one.waiting
        if one.is_expired:
            expired[one.epa_id] += one.trainees
        elif one.level_code in codes.get(one.epa_id, ()):
            held[one.epa_id][one.level_code] += one.trainees
    epas = tuple(
        summary_of(
            epa,
            trainees=sum(size for group, size in sizes.items() if epa.epa_id in own[group]),
            held=held[epa.epa_id],
            expired=expired[epa.epa_id],
            waiting=waiting[epa.epa_id],
        )
        for epa in asked.columns
    )
    return CohortTotals(
        trainees=kinds.total(),
        reached=sum(one.reached for one in epas),
        asked=sum(size * asked.count(group) for group, size in sizes.items()),
        epas=epas,
    )
