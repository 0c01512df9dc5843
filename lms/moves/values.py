"""What a move is made of: the EPAs of both versions, and the mapping between them as it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from competencies.versions import EpaMapping, EpaOfVersion, ScaleChange, scale_changes
from lms.progress.values import EpaInProgramme


def epa_of_version(epa: EpaInProgramme) -> EpaOfVersion:
    """Return an EPA of a programme version as a mapping looks at it."""
    return EpaOfVersion(id=epa.epa_id, key=epa.key, code=epa.code, title=epa.title, scale=epa.scale, groups=epa.groups)


def stored(mapping: EpaMapping) -> list[dict[str, Any]]:
    """Return a mapping as it is stored."""
    return [
        {"kind": line.kind.value, "old": [str(one) for one in line.old], "new": [str(one) for one in line.new]}
        for line in mapping.lines
    ]


@dataclass(frozen=True)
class BothVersions:
    """The EPAs of the version that a move starts from and of the one it goes to, each in the order of its programme."""

    old: tuple[EpaOfVersion, ...]
    new: tuple[EpaOfVersion, ...]

    @cached_property
    def by_id(self) -> Mapping[UUID, EpaOfVersion]:
        """Return every EPA by its id."""
        return {epa.id: epa for epa in (*self.old, *self.new)}

    @cached_property
    def keys(self) -> Mapping[UUID, str]:
        """Return the key of every EPA by its id."""
        return {one: epa.key for one, epa in self.by_id.items()}

    def changes_of_scale(self, mapping: EpaMapping) -> tuple[ScaleChange, ...]:
        """Return the EPAs that are rated on another scale after the move."""
        return scale_changes(mapping, old=self.old, new=self.new)
