"""Which earlier declaration a move would bring back into force over a later decision."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from competencies.decisions import Decision, in_force
from competencies.versions.recognition import Decisions, Recognition

Heirs = Collection[tuple[UUID, UUID]]
"""Each EPA that was followed before, with one that took its place."""


def revived(found: Iterable[Recognition], decisions: Decisions, heirs: Heirs, *, on: date) -> UUID | None:
    """Return the first new EPA whose own declaration would hold again although an heir has a later decision.

    A trainee who moves back finds what was decided there before. Where an heir was decided on since, that must be
    recognised for the EPA; else the move would take back a decision without a word.
    """
    recognitions = list(found)
    own = {decision.id for one in recognitions for decision in decisions.get(one.epa_id, ())}
    return next((one.epa_id for one in recognitions if _revives(one, decisions, heirs, own, on)), None)


def _revives(one: Recognition, decisions: Decisions, heirs: Heirs, own: Collection[UUID], on: date) -> bool:
    """Return whether it would; what heirs hold of decisions on the new EPAs themselves (`own`) is nothing later."""
    held = in_force((replace(own, overtaken_on=None) for own in decisions.get(one.epa_id, ())), on=on)
    if held is None:
        return False
    recognised = {decision.id for part in one.recognised for decision in part.decisions}
    of_heirs = (
        [each for each in decisions.get(heir, ()) if each.id not in own] for epa, heir in heirs if epa == one.epa_id
    )
    newest = [max(each, key=_when) for each in of_heirs if each]
    return any(_when(each) > _when(held) and each.id not in recognised for each in newest)


def _when(decision: Decision) -> tuple[date, datetime, UUID]:
    return decision.decided_on, decision.recorded_at, decision.id
