"""What a file format is to us: something that recognises its files and reads them into one of three values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from competencies.packages import Package
from lms.curriculum.schemas.problems import Problem
from lms.curriculum.schemas.source import Document

Fill = Callable[[dict[str, Any], dict[str, Any] | None], dict[str, Any]]
"""Lays what a file holds over the version it is based on (None: there is none yet)."""


def as_it_is(data: dict[str, Any], _base: dict[str, Any] | None) -> dict[str, Any]:
    """Return the data of a file that holds a programme whole."""
    return data


@dataclass(frozen=True, slots=True)
class ImportedProgramme:
    """A programme in the format of the catalogue, whole or in part; `remarks` are said and stop nothing."""

    data: dict[str, Any]
    source: Document | None = None
    fill: Fill = as_it_is
    remarks: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedPackage:
    """A framework package; `remarks` are said and stop nothing."""

    package: Package
    remarks: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedShared:
    """The scales or the vocabulary, which all programmes share."""

    source: Document


Imported = ImportedProgramme | ImportedPackage | ImportedShared


class Codec(Protocol):
    """A file format; reading is pure and happens in the language of whoever handed the file in."""

    @property
    def key(self) -> str:
        """The word that is stored with an import."""

    @property
    def title(self) -> object:
        """What people call it, in their language when it is shown."""

    @property
    def extensions(self) -> tuple[str, ...]:
        """How the names of its files end, such as .json."""

    def recognises(self, content: bytes, name: str) -> bool:
        """Whether this looks like one of its files; cheap, and never raises."""

    def read(self, content: bytes, name: str) -> Imported:
        """Return what the file holds; raise CurriculumRefused with everything that is wrong with it."""
