"""Which earlier declaration a move would bring back into force over a later decision."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from competencies.decisions import Decision, in_force
from competencies.versions.recognition import Decisions, Recognition

Heirs = Collection[tuple[UUID, UUID]]
"""Each EPA that was followed before, with one that took its place by any move."""


def revived(found: Iterable[Recognition], decisions: Decisions, heirs: Heirs, *, on: date) -> UUID | None:
    """Return the first new EPA whose own declaration would hold again although an heir has a later decision.

    A trainee who moves back finds what was decided there before, and what is still to begin there. Where an heir was
    decided on since, that must be recognised for the EPA; else the move would take back a decision without a word.
    """
    recognitions = list(found)
    own = {decision.id for one in recognitions for decision in decisions.get(one.epa_id, ())}
    return next((one.epa_id for one in recognitions if _revives(one, decisions, heirs, own, on)), None)


def _revives(one: Recognition, decisions: Decisions, heirs: Heirs, own: Collection[UUID], on: date) -> bool:
    """Return whether it would; what heirs hold of decisions on the new EPAs themselves (`own`) is nothing later."""
    line = [replace(each, overtaken_on=None) for each in decisions.get(one.epa_id, ())]
    days = {on, *(each.decided_on for each in line if each.decided_on > on)}
    holding = [held for held in (in_force(line, on=day) for day in days) if held is not None]
    recognised = {decision.id for part in one.recognised for decision in part.decisions}
    lost = [each for each in _last_words(one.epa_id, decisions, heirs, own) if each.id not in recognised]
    return any(_when(each) > _when(held) for each in lost for held in holding)


def _last_words(epa_id: UUID, decisions: Decisions, heirs: Heirs, own: Collection[UUID]) -> Iterable[Decision]:
    """Return the newest decision on each heir of the EPA that none on what became of that heir came after."""
    found = {
        heir: [each for each in decisions.get(heir, ()) if each.id not in own] for epa, heir in heirs if epa == epa_id
    }
    newest = {heir: max(taken, key=_when) for heir, taken in found.items() if taken}
    for heir, last in newest.items():
        if not any((heir, other) in heirs and _when(later) > _when(last) for other, later in newest.items()):
            yield last


def _when(decision: Decision) -> tuple[date, datetime, UUID]:
    return decision.decided_on, decision.recorded_at, decision.id
