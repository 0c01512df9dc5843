"""What the parts of one programme file can refer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lms.curriculum.schemas.known import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the EPAs of one file can refer to: the keys of the file itself and what is loaded.

    `epas` gives the EPAs of the file with the one that each is nested in; `contexts` how many of each kind the file
    lists, nothing where it has no list.
    """

    known: Known
    stages: list[str]
    tracks: set[str]
    forms: Mapping[str, str]
    domains: Mapping[str, frozenset[str]]
    elements: Mapping[str, frozenset[str]]
    epas: Mapping[str, str | None]
    contexts: Mapping[str, int]
