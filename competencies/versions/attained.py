"""Which attainments beside observations count on after a move to another version, and which stay behind."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from competencies.attainments import Attainment, AttainmentKind
from competencies.plans import Plan
from competencies.versions.mapping import EpaMapping

BY_EPA = AttainmentKind.EXEMPT_EPA
PIECES = frozenset({AttainmentKind.PRODUCT, AttainmentKind.TEST, AttainmentKind.EXTERNAL_DIPLOMA})


def carried_attainments(
    attainments: Iterable[Attainment], mapping: EpaMapping, keys: Mapping[UUID, str]
) -> tuple[Attainment, ...]:
    """Return what counts after the move: exemptions under the keys of what their EPAs became, all else as it is.

    An exemption from a split EPA frees from each part, one from merged EPAs only where all of them were exempted; then
    it counts no sooner and no longer than the weakest of these. `keys` names the EPAs of both versions.
    """
    known = tuple(attainments)
    freed = _exemptions(known)
    exempted = (
        replace(one, key=keys[new])
        for line in mapping.lines
        for new in line.new
        for one in _in_common([freed.get(keys[old], []) for old in line.old])
    )
    return (*(one for one in known if one.kind is not BY_EPA), *exempted)


def _exemptions(attainments: Iterable[Attainment]) -> Mapping[str | None, list[Attainment]]:
    """Return the exemptions from EPAs by key."""
    freed: defaultdict[str | None, list[Attainment]] = defaultdict(list)
    for one in attainments:
        if one.kind is BY_EPA:
            freed[one.key].append(one)
    return freed


def _in_common(sources: Sequence[list[Attainment]]) -> Sequence[Attainment]:
    """Return the exemptions that come of those from the old EPAs of one line; nothing where one has none."""
    if not sources or not all(sources):
        return ()
    return sources[0] if len(sources) == 1 else [_weakest([max(each, key=_worth) for each in sources])]


def _worth(one: Attainment) -> tuple[bool, bool, bool]:
    return one.withdrawn_on is None, one.confirmed_by is not None, one.passed


def _weakest(exemptions: Sequence[Attainment]) -> Attainment:
    """Return what exemptions have in common: confirmed, passed and not withdrawn only where all of them are."""
    last = max(exemptions, key=lambda one: (one.done_on, one.id))
    confirmed = all(one.confirmed_by is not None for one in exemptions)
    ends = [one.withdrawn_on for one in exemptions if one.withdrawn_on is not None]
    return replace(
        last,
        passed=all(one.passed for one in exemptions),
        confirmed_by=last.confirmed_by if confirmed else None,
        withdrawn_on=min(ends, default=None),
    )


def attained_behind(
    attainments: Iterable[Attainment],
    mapping: EpaMapping,
    keys: Mapping[UUID, str],
    *,
    plans: tuple[Plan, Plan],
    pieces: tuple[Collection[str], Collection[str]],
) -> tuple[Attainment, ...]:
    """Return what was of the old version and is nothing in the new one: exemptions, placements, sessions and pieces.

    `plans` and `pieces` (keys of products and learning activities) are those of the old and of the new version.
    """
    known = [one for one in attainments if one.withdrawn_on is None]
    freed = _exemptions(known)
    ended = {
        keys[old]
        for line in mapping.lines
        for old in line.old
        if not line.new or not all(freed.get(keys[one]) for one in line.old)
    }
    return tuple(
        one
        for one in known
        if (
            one.key in ended
            if one.kind is BY_EPA
            else _is_of(one, plans[0], pieces[0]) and not _is_of(one, plans[1], pieces[1])
        )
    )


def _is_of(one: Attainment, plan: Plan, pieces: Collection[str]) -> bool:
    """Return whether a version has what was attained; hours and what has only a name of its own are of any."""
    if one.key is None:
        return True
    if one.kind is AttainmentKind.PLACEMENT:
        placement = plan.placement(one.key)
        return placement is not None and (one.setting is None or one.setting in placement.settings)
    if one.kind is AttainmentKind.SESSION:
        return any(session.key == one.key for session in plan.sessions)
    return one.kind not in PIECES or one.key in pieces
