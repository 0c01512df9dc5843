"""The cohort report: every trainee of a cohort with their level in force on every EPA of the programme.

It is made from the cohort matrix, so the report holds the same figures as the cohort's page and its heat map.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from uuid import UUID

from sqlalchemy.orm import Session

from lms.cohorts.models import Cohort
from lms.core.words import _, in_language, label, ngettext
from lms.progress.queries import outlines_of
from lms.progress.values import Cell as Standing
from lms.progress.values import CohortMatrix, EpaInProgramme, Roll, Selection, Shown, TraineeRow
from lms.reports.queries import Workplace, workplaces_of
from lms.reports.tables import About, Cell, Column, ColumnKind, Remark, Row, Table

KEY, VERSION = "cohort-report", 2

Tracks = Mapping[str, str]
"""The titles of the tracks of the programme in the reader's language, by key."""


def cohort_report(
    session: Session,
    cohort: Cohort,
    matrix: CohortMatrix,
    *,
    selection: Selection,
    roll: Roll | None = None,
    asked_by: str,
    asked_at: datetime,
) -> Table:
    """Return the report on the trainees of a selection of the cohort's matrix, in the reader's language.

    With the roll of the whole cohort, the matrix holds a part of the selection, and the report is on these trainees;
    its legend is of all. One statement, besides those for a programme that was not asked for before; needs the cohort's
    organisation.
    """
    tracks = tracks_of(session, cohort)
    about = About(asked_by, asked_at, matrix.on, _filters(selection, tracks), tuple(_legend(matrix, roll)))
    shown = [trainee.enrolment_id for trainee in matrix.rows] if roll else None
    places = workplaces_of(session, cohort.id, on=matrix.on, only=shown)
    matrix = matrix if roll else matrix.only(selection)
    return Table(
        key=KEY,
        version=VERSION,
        title=_(
            "Cohort report: %(cohort)s, %(organisation)s", cohort=cohort.name, organisation=cohort.organisation.name
        ),
        columns=(*_own_columns(), *chain.from_iterable(map(_epa_columns, matrix.columns))),
        rows=tuple(_row(trainee, matrix, places, tracks) for trainee in matrix.rows),
        about=about,
    )


def tracks_of(session: Session, cohort: Cohort) -> Tracks:
    """Return the tracks of the cohort's programme."""
    outline = outlines_of(session, [cohort.programme_version_id])[cohort.programme_version_id]
    return {key: in_language(title) for key, title in outline.tracks.items()}


def _own_columns() -> tuple[Column, ...]:
    """Return the columns about the trainee."""
    return (
        Column("trainee", _("Trainee")),
        Column("department", _("Department")),
        Column("organisation", _("Organisation")),
        Column("track", _("Track")),
        Column("version", _("Version of the programme")),
        Column("starts_on", _("Start"), ColumnKind.DATE),
        Column("planned_end_on", _("Planned end"), ColumnKind.DATE),
        Column("ended_on", _("Ended on"), ColumnKind.DATE),
        Column("end_reason", _("Reason of ending")),
        Column("trainers", _("Trainers")),
        Column("reached", _("EPAs at the level of their declaration"), ColumnKind.NUMBER),
        Column("asked", _("EPAs of the programme with a level"), ColumnKind.NUMBER),
        Column("waiting", _("Assessments that wait"), ColumnKind.NUMBER),
    )


def _epa_columns(epa: EpaInProgramme) -> Iterator[Column]:
    """Return the columns about one EPA; without a scale nothing is declared and only assessments are counted."""
    key, group = _key_of(epa), _code_of(epa)
    if epa.scale is not None:
        yield Column(f"{key}.level", _("level in force"), ColumnKind.LEVEL, group)
        yield Column(f"{key}.expired_level", _("expired level"), ColumnKind.LEVEL, group)
        yield Column(f"{key}.decided_on", _("declared on"), ColumnKind.DATE, group)
        yield Column(f"{key}.valid_until", _("valid until"), ColumnKind.DATE, group)
    yield Column(f"{key}.assessments", _("assessments given"), ColumnKind.NUMBER, group)


def _key_of(epa: EpaInProgramme) -> str:
    """Return the key of an EPA for machines; that of an earlier version beside a newer one says which."""
    return f"{epa.key}@{epa.told_version}" if epa.told_version else epa.key


def _code_of(epa: EpaInProgramme) -> str:
    """Return the code of an EPA for people, in the same way."""
    return _("%(epa)s, version %(version)s", epa=epa.code, version=epa.told_version) if epa.told_version else epa.code


def _row(trainee: TraineeRow, matrix: CohortMatrix, places: Mapping[UUID, Workplace], tracks: Tracks) -> Row:
    place = places[trainee.enrolment_id]
    own: Row = (
        trainee.name,
        trainee.department,
        place.organisation,
        tracks.get(trainee.track, trainee.track) if trainee.track else None,
        trainee.version,
        trainee.starts_on,
        trainee.planned_end_on,
        trainee.ended_on,
        label(trainee.end_reason) if trainee.end_reason else None,
        ", ".join(place.trainers) or None,
        trainee.reached,
        trainee.asked,
        trainee.waiting,
    )
    return (*own, *chain.from_iterable(map(_standing, matrix.columns, trainee.cells)))


def _standing(epa: EpaInProgramme, cell: Standing | None) -> tuple[Cell, ...]:
    """Return the cells about one EPA, all empty where it is not of the trainee's track."""
    assessments = cell.rating_count if cell else None
    if epa.scale is None:
        return (assessments,)
    if cell is None or cell.level is None:
        return (None, None, None, None, assessments)
    level = (None, cell.level.code) if cell.is_expired else (cell.level.code, None)
    return (*level, cell.decided_on, cell.valid_until, assessments)


def _filters(selection: Selection, tracks: Tracks) -> tuple[Remark, ...]:
    shown = {Shown.CURRENT: _("only who has not ended"), Shown.ENDED: _("only who has ended")}
    said = (
        Remark("name", _("Name contains"), selection.name),
        Remark("department", _("Department"), selection.department),
        Remark("track", _("Track"), tracks.get(selection.track, selection.track)),
        Remark("shown", _("Trainees"), shown.get(selection.shown, "")),
    )
    return tuple(remark for remark in said if remark.value)


def _legend(matrix: CohortMatrix, roll: Roll | None) -> Iterator[Remark]:
    """Return what the codes of levels and EPAs mean, and how the figures were counted."""
    scales = {epa.scale.key: epa.scale for epa in matrix.columns if epa.scale}
    for scale in scales.values():
        for level in scale.levels:
            name = _("Level %(code)s (%(scale)s)", code=level.code, scale=in_language(scale.title))
            yield Remark(f"{scale.key}.{level.code}", name, in_language(level.title))
    yield from _versions(matrix.versions, roll or matrix.roll)
    for epa in matrix.columns:
        title = _("%(title)s (text of version %(version)s)", title=in_language(epa.title), version=epa.version)
        yield Remark(_key_of(epa), _code_of(epa), title)
    counted = _(
        "Decisions count as they are in force on the day of the report; assessments are counted until it was made."
    )
    yield Remark("counting", _("Counting"), counted)


def _versions(versions: Iterable[str], roll: Roll) -> Iterator[Remark]:
    """Return who follows which version, and what became of the earlier one of who moved."""
    for version in versions:
        count = roll.followed.get(version, 0)
        said = ngettext("%(num)s trainee follows it", "%(num)s trainees follow it", count)
        yield Remark(f"version.{version}", _("Version %(version)s", version=version), said)
    if roll.somebody_moved:
        carried = _(
            "Who moved to a newer version has there what was recognised and what counts on of the earlier one; "
            "what does not stands with the EPAs of that earlier version."
        )
        yield Remark("moved", _("Moved trainees"), carried)
