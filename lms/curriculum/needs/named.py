"""What the words of requirements are taken from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from competencies.plans import Plan

Titles = Mapping[str, Mapping[str, str]]


class Named(Protocol):
    """The titles of what requirements name by key, and the plan of the programme."""

    @property
    def stages(self) -> Titles:
        """Return the titles of the stages."""

    @property
    def instruments(self) -> Titles:
        """Return the titles of the instruments."""

    @property
    def forms(self) -> Titles:
        """Return the titles of the forms."""

    @property
    def conditions(self) -> Titles:
        """Return the titles of the conditions."""

    @property
    def plan(self) -> Plan:
        """Return the plan of the programme."""

    def title(self, *name: str) -> str:
        """Return the title of a placement, setting, module, session, piece or EPA in the reader's language."""
