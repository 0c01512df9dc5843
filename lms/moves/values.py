"""What a move is made of: the EPAs of both versions, and the mapping between them as it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from competencies.versions import EpaMapping, EpaOfVersion, ScaleChange, scale_changes
from lms.curriculum.values import ProgrammeEpa, scale_of, scope_groups_of, shown_code_of


def epa_of_version(part: ProgrammeEpa) -> EpaOfVersion:
    """Return an EPA of a programme version as a mapping looks at it."""
    epa = part.epa
    return EpaOfVersion(
        id=epa.id,
        key=epa.key,
        code=shown_code_of(epa).code,
        title=epa.title,
        scale=scale_of(epa.scale) if epa.scale else None,
        groups=scope_groups_of(epa),
    )


def stored(mapping: EpaMapping) -> list[dict[str, Any]]:
    """Return a mapping as it is stored."""
    return [
        {"kind": line.kind.value, "old": [str(one) for one in line.old], "new": [str(one) for one in line.new]}
        for line in mapping.lines
    ]


@dataclass(frozen=True, slots=True)
class BothVersions:
    """The EPAs of the version that a move starts from and of the one it goes to, each in the order of its programme."""

    old: tuple[EpaOfVersion, ...]
    new: tuple[EpaOfVersion, ...]

    @property
    def by_id(self) -> Mapping[UUID, EpaOfVersion]:
        """Return every EPA by its id."""
        return {epa.id: epa for epa in (*self.old, *self.new)}

    def changes_of_scale(self, mapping: EpaMapping) -> tuple[ScaleChange, ...]:
        """Return the EPAs that are rated on another scale after the move."""
        return scale_changes(mapping, old=self.old, new=self.new)
