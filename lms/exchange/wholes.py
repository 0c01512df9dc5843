"""A programme version with everything that a file of another format needs of what stands outside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.core.db import Words
from lms.core.words import in_language

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Whole:
    """A programme as its file holds it; `epas` are its own and then those of other programmes that it refers to.

    `scales` are blocks of the file of scales, `areas` the names of the competencies by framework and key; the name of a
    framework itself stands under the empty key.
    """

    document: Data
    epas: tuple[Data, ...]
    scales: Mapping[tuple[str, int], Data]
    areas: Mapping[tuple[str, str], Words]

    def scale(self, reference: Mapping[str, Any]) -> Data:
        """Return the scale that a reference names."""
        return self.scales[reference["id"], reference["version"]]

    def area(self, framework: str, key: str) -> str:
        """Return the name of a competency, or of a framework, in the reader's language; without one its key."""
        return in_language(self.areas.get((framework, key))) or key or framework
