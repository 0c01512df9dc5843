"""What a file would change, worked out against what is stored now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from competencies.packages import Package
from lms.authoring.shapes import misfits, section_shapes
from lms.core.words import _
from lms.curriculum.actions.content import content_hash
from lms.curriculum.queries import document_of, known, latest_version_of
from lms.curriculum.schemas.checking import check_programme
from lms.curriculum.schemas.problems import CurriculumRefused, Problem
from lms.curriculum.schemas.source import Document
from lms.exchange.actions.shared import SharedPlan, shared_plan
from lms.exchange.codecs import Imported, ImportedPackage, ImportedProgramme, ImportedShared
from lms.exchange.comparing import Line, Preview, changes_between, things_of_package, things_of_programme
from lms.exchange.models import Change, FrameworkPackage, Import, ImportKind, ImportLine, ImportPhase
from lms.exchange.progress import Tell, counted, in_silence
from lms.exchange.queries.packages import package_in_full, package_of_owner

AT_ONCE = 2000
MOST_PROBLEMS = 1000


@dataclass(frozen=True, slots=True)
class PackagePlan:
    """A package that is to be stored, in the place of the stored one where there is one."""

    preview: Preview
    package: Package
    stored: FrameworkPackage | None


@dataclass(frozen=True, slots=True)
class ProgrammePlan:
    """A programme that is to become a draft, based on its newest version where there is one."""

    preview: Preview
    data: dict[str, Any]
    based_on: UUID | None


Plan = PackagePlan | ProgrammePlan | SharedPlan


def owner_of(one: Import) -> dict[str, UUID | None]:
    """Return the columns that say for whom an import is."""
    return {"organisation_id": one.organisation_id, "alliance_id": one.alliance_id}


def plan_of(session: Session, one: Import, imported: Imported, tell: Tell = in_silence) -> Plan:
    """Return what importing would do now; raise CurriculumRefused for what can never be imported."""
    tell(ImportPhase.COMPARING, 0, 0)
    if isinstance(imported, ImportedPackage):
        return _package_plan(session, one, imported, tell)
    if isinstance(imported, ImportedShared):
        return shared_plan(session, one, imported)
    return _programme_plan(session, one, imported)


def _package_plan(session: Session, one: Import, imported: ImportedPackage, tell: Tell) -> PackagePlan:
    package = imported.package
    stored = package_of_owner(session, owner_of(one), package.identifier)
    before = package_in_full(session, stored) if stored else None
    after = things_of_package(package)
    lines = changes_between(things_of_package(before), after)
    changes = counted(lines, ImportPhase.COMPARING, len(after), tell)
    preview = Preview(
        kind=ImportKind.PACKAGE,
        title=package.title,
        target_key=package.identifier,
        base_hash=stored.content_hash if stored else b"",
        lines=(*changes, *_remarks(imported.remarks)),
    )
    return PackagePlan(preview, package, stored)


def _programme_plan(session: Session, one: Import, imported: ImportedProgramme) -> ProgrammePlan:
    block = imported.data.get("programme")
    key = block.get("key") if isinstance(block, dict) else None
    version = latest_version_of(session, key) if isinstance(key, str) else None
    base = document_of(session, version.id) if version else None
    data = imported.fill(imported.data, base)
    source = imported.source or Document(one.file_name, data, {})
    document = replace(source, name=one.file_name, data=data)
    _refuse_misfits(document)
    title = data["programme"].get("title") or {}
    preview = Preview(
        kind=ImportKind.PROGRAMME,
        title=str(title.get(one.language) or title.get("nl") or key or one.file_name),
        target_key=str(key or one.id),
        base_hash=b"" if base is None else content_hash(base),
        lines=(
            *changes_between(things_of_programme(base), things_of_programme(data)),
            *_remarks((*imported.remarks, *_still_to_do(session, document))),
        ),
    )
    return ProgrammePlan(preview, data, version.id if version else None)


def _refuse_misfits(document: Document) -> None:
    """Refuse what can be no text of a draft; what is missing can be filled in there."""
    shapes = section_shapes()
    if not isinstance(document.data.get("programme"), dict):
        raise CurriculumRefused([document.problem(("programme",), _("This key is missing."))])
    misfitting = [
        document.problem(path, message)
        for name, value in document.data.items()
        if name in shapes
        for path, message in misfits(shapes[name], value, (name,))
    ]
    if misfitting:
        raise CurriculumRefused(misfitting)


def _still_to_do(session: Session, document: Document) -> Iterator[Problem]:
    """Yield what has to be put right before the draft can be published."""
    try:
        check_programme(document, known(session))
    except CurriculumRefused as refusal:
        yield from refusal.errors


def _remarks(remarks: Iterable[Problem]) -> Iterator[Line]:
    return (_said(Change.REMARK, remark) for remark in remarks)


def refusal_lines(refusal: CurriculumRefused) -> tuple[Line, ...]:
    """Return a line for each thing that is wrong with a file, a thousand at most."""
    return tuple(_said(Change.PROBLEM, problem) for problem in refusal.errors[:MOST_PROBLEMS])


def _said(change: Change, problem: Problem) -> Line:
    line = "" if problem.line is None else str(problem.line)
    return Line(change, line, problem.path, problem.message)


def keep_preview(session: Session, one: Import, preview: Preview, tell: Tell = in_silence) -> None:
    """Keep a preview with an import, in the place of the one that it had."""
    one.kind, one.title, one.target_key = preview.kind, preview.title, preview.target_key
    one.base_hash = preview.base_hash
    keep_lines(session, one, preview.lines, tell)


def keep_lines(session: Session, one: Import, lines: Iterable[Line], tell: Tell = in_silence) -> None:
    """Keep lines with an import, in the place of those that it had, and count them."""
    session.execute(delete(ImportLine).where(ImportLine.import_id == one.id))
    rows = [_row(one.id, position, line) for position, line in enumerate(lines)]
    for start in range(0, len(rows), AT_ONCE):
        tell(ImportPhase.KEEPING, start, len(rows))
        session.execute(insert(ImportLine), rows[start : start + AT_ONCE])
    one.counts = dict(Counter(row["change"].value for row in rows))


def _row(import_id: UUID, position: int, line: Line) -> dict[str, Any]:
    return {
        "import_id": import_id,
        "position": position,
        "change": line.change,
        "kind": line.kind,
        "key": line.key,
        "title": line.title,
        "fields": list(line.fields),
    }
