"""What is missing or wrong in a draft, at the part and the field where it can be put right."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lms.authoring.documents import PROGRAMME
from lms.authoring.editing import part_name, sections_label
from lms.authoring.editing.labels import LANGUAGE_NAMES, SECTIONS, field_label
from lms.authoring.editing.nodes import field_id, name_of
from lms.authoring.editing.rows import shape_at
from lms.authoring.keys import NAMES
from lms.authoring.models import DraftPart
from lms.authoring.shapes import Kind, part_shape, section_shapes
from lms.core.words import _
from lms.curriculum.schemas.checking import check_programme
from lms.curriculum.schemas.known import Known
from lms.curriculum.schemas.problems import CurriculumRefused, Path
from lms.curriculum.schemas.source import Document

STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that stands in the way of publishing: in which part, at which field, and what."""

    section: str
    part_id: UUID | None
    part: str
    field: str
    anchor: str
    message: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """Everything that stands in the way of publishing; `whole` is false while texts that are missing hide the rest."""

    findings: Sequence[Finding]
    by_part: Mapping[UUID, Mapping[Path, Sequence[str]]]
    whole: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.findings

    def of(self, part_id: UUID) -> Mapping[Path, Sequence[str]]:
        """Return what is wrong with a part, by the path of its field."""
        return self.by_part.get(part_id, {})


def checklist(
    document: dict[str, Any], parts: Sequence[DraftPart], known: Known, *, taken: Sequence[str] = ()
) -> Checklist:
    """Return what stands in the way of publishing a draft; `taken` are the versions that its programme has already."""
    ordered = _in_order(parts)
    problems = _without_given([*_own(document, taken), *problems_of(document, known)])
    by_part: defaultdict[UUID, dict[Path, list[str]]] = defaultdict(dict)
    findings = []
    for path, message in problems:
        part, inside = _part_at(ordered, path)
        findings.append(_finding(part, path, inside, message))
        if part is not None:
            by_part[part.id].setdefault(inside, []).append(message)
    order = list(SECTIONS)
    findings.sort(key=lambda one: order.index(one.section) if one.section in order else len(order))
    return Checklist(findings, by_part, whole=not problems)


def _without_given(problems: list[tuple[Path, str]]) -> list[tuple[Path, str]]:
    """Return the problems but for a key of a block that lacks more: nobody fills it in, it is made of the title."""
    lacking = {path[:-1] for path, _message in problems if path and path[-1] not in NAMES}
    wider = {path[:number] for path in lacking for number in range(len(path) + 1)}
    return [(path, said) for path, said in problems if not path or path[-1] not in NAMES or path[:-1] not in wider]


def problems_of(document: dict[str, Any], known: Known) -> list[tuple[Path, str]]:
    """Return everything that the one checker of programmes says of a document, with the path."""
    try:
        check_programme(Document(_("Draft"), document, {}), known)
    except CurriculumRefused as refused:
        return [(_path_of(problem.path), problem.message) for problem in refused.errors]
    return []


def _path_of(spelled: str) -> Path:
    """Return the path that a problem spells, such as `epas[3].evidence[0].min_level`."""
    return tuple(int(number) if number else name for number, name in STEP.findall(spelled))


def _own(document: dict[str, Any], taken: Sequence[str]) -> list[tuple[Path, str]]:
    """Return what the checker of files cannot know: a version that is there already, a programme without EPAs."""
    version = (document.get(PROGRAMME) or {}).get("version")
    found: list[tuple[Path, str]] = []
    if version in taken:
        found.append(((PROGRAMME, "version"), _("This programme has a version %(version)s already.", version=version)))
    if not document.get("epas") and not document.get("epa_refs"):
        found.append((("epas",), _("A programme needs at least one EPA.")))
    return found


def _in_order(parts: Sequence[DraftPart]) -> dict[str, list[DraftPart]]:
    ordered: defaultdict[str, list[DraftPart]] = defaultdict(list)
    for part in sorted(parts, key=lambda one: one.position):
        ordered[part.section].append(part)
    return ordered


def _part_at(ordered: Mapping[str, list[DraftPart]], path: Path) -> tuple[DraftPart | None, Path]:
    """Return the part that a path of the document leads into, and the path inside it."""
    section = str(path[0]) if path else ""
    parts = ordered.get(section, [])
    if section not in section_shapes() or not parts:
        return None, path[1:]
    if section_shapes()[section].kind is not Kind.MANY:
        return parts[0], path[1:]
    number = path[1] if len(path) > 1 else None
    return (parts[number], path[2:]) if isinstance(number, int) and number < len(parts) else (None, path[1:])


def _finding(part: DraftPart | None, path: Path, inside: Path, message: str) -> Finding:
    section = str(path[0]) if path else ""
    named = part_name(part.section, part.data) if part else sections_label(section) if section in SECTIONS else section
    return Finding(
        section=section,
        part_id=part.id if part else None,
        part=named,
        field=field_said(section, inside) if part else "",
        anchor=field_id(name_of(inside)),
        message=message,
    )


def field_said(section: str, inside: Path) -> str:
    """Return the path of a field in words: its block, the number of its row, its own name and its language."""
    said: list[str] = []
    shape = part_shape(section)
    for number, step in enumerate(inside):
        if isinstance(step, int):
            said.append(str(step + 1))
        elif step in LANGUAGE_NAMES:
            said.append(LANGUAGE_NAMES[step])
        else:
            try:
                shape_of = shape_at(shape, inside[: number + 1])
                said.append(field_label(shape_of.block, shape_of.name))
            except (StopIteration, AttributeError, IndexError):
                said.append(str(step))
    return " › ".join(said)
