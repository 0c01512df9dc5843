"""What became of each EPA from one version of a programme to another."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from competencies.errors import RuleBroken
from competencies.scales import Scale
from competencies.scope import ScopeGroup


class MappingKind(StrEnum):
    """What happened to EPAs between two versions."""

    SAME = "same"
    SPLIT = "split"
    MERGED = "merged"
    NEW = "new"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class EpaOfVersion:
    """An EPA as one version of a programme has it; one without levels has no scale."""

    id: UUID
    key: str
    code: str
    title: Mapping[str, str] = field(compare=False)
    scale: Scale | None = None
    groups: tuple[ScopeGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class MappingLine:
    """One thing that happened: which old EPAs became which new ones."""

    kind: MappingKind
    old: tuple[UUID, ...]
    new: tuple[UUID, ...]

    @property
    def is_sound(self) -> bool:
        """Return whether the numbers of old and new EPAs are those of its kind."""
        old, new = len(self.old), len(self.new)
        return {
            MappingKind.SAME: old == new == 1,
            MappingKind.SPLIT: old == 1 and new > 1,
            MappingKind.MERGED: old > 1 and new == 1,
            MappingKind.NEW: old == 0 and new == 1,
            MappingKind.DROPPED: old == 1 and new == 0,
        }[self.kind]


@dataclass(frozen=True)
class EpaMapping:
    """All that happened, each old and each new EPA in one line."""

    lines: tuple[MappingLine, ...]

    @cached_property
    def _by_new(self) -> Mapping[UUID, MappingLine]:
        return {new: line for line in reversed(self.lines) for new in line.new}

    @cached_property
    def _by_old(self) -> Mapping[UUID, MappingLine]:
        return {old: line for line in reversed(self.lines) for old in line.old}

    def sources_of(self, new: UUID) -> tuple[UUID, ...]:
        """Return the old EPAs that became this new one."""
        line = self._by_new.get(new)
        return line.old if line else ()

    def targets_of(self, old: UUID) -> tuple[UUID, ...]:
        """Return the new EPAs that this old one became."""
        line = self._by_old.get(old)
        return line.new if line else ()

    def kind_of(self, new: UUID) -> MappingKind:
        """Return what happened to become this new EPA."""
        line = self._by_new.get(new)
        return line.kind if line else MappingKind.NEW


@dataclass(frozen=True, slots=True)
class ScaleChange:
    """An EPA that is rated on another scale than the one it comes from: levels cannot be compared across it."""

    old: EpaOfVersion
    new: EpaOfVersion


def mapping_from(
    origins: Mapping[UUID, Collection[UUID]], *, old: Sequence[EpaOfVersion], new: Sequence[EpaOfVersion]
) -> EpaMapping:
    """Return the mapping where each new EPA comes from these old ones; who is named nowhere is dropped.

    Raises RuleBroken epa_split_and_merged for an old EPA that goes to several new ones of which one takes in others
    too: then nobody can say which part of it went where.
    """
    times = Counter(one for sources in origins.values() for one in frozenset(sources))
    codes = {one.id: one.code for one in (*old, *new)}
    known = [one.id for one in old]
    became: dict[tuple[UUID, ...], list[UUID]] = {}
    for epa in new:
        sources = tuple(sorted(frozenset(origins.get(epa.id, ())), key=_place_in(known)))
        several = next((one for one in sources if times[one] > 1), None)
        if len(sources) > 1 and several is not None:
            raise RuleBroken("epa_split_and_merged", epa=codes.get(several, str(several)), into=epa.code)
        became.setdefault(sources, []).append(epa.id)
    from_nothing = became.pop((), [])
    return EpaMapping(
        (
            *(_line(sources, into) for sources, into in became.items()),
            *(MappingLine(MappingKind.NEW, (), (key,)) for key in from_nothing),
            *(MappingLine(MappingKind.DROPPED, (key,), ()) for key in known if not times[key]),
        )
    )


def _place_in(known: Sequence[UUID]) -> Callable[[UUID], int]:
    places = {key: place for place, key in enumerate(known)}
    return lambda key: places.get(key, len(places))


def _line(sources: tuple[UUID, ...], into: Sequence[UUID]) -> MappingLine:
    """Return the line of old EPAs and what they became."""
    kind = MappingKind.MERGED if len(sources) > 1 else MappingKind.SPLIT if len(into) > 1 else MappingKind.SAME
    return MappingLine(kind, sources, tuple(into))


def check_mapping(mapping: EpaMapping, *, old: Iterable[EpaOfVersion], new: Iterable[EpaOfVersion]) -> None:
    """Accept a mapping with each EPA of both versions exactly once and lines of their kind, or raise RuleBroken.

    Codes: mapping_unsound for a line, mapping_epa_missing, mapping_epa_twice and mapping_epa_unknown for an EPA.
    """
    for line in mapping.lines:
        if not line.is_sound:
            raise RuleBroken("mapping_unsound", kind=line.kind, old=len(line.old), new=len(line.new))
    _check_side([one for line in mapping.lines for one in line.old], old)
    _check_side([one for line in mapping.lines for one in line.new], new)


def _check_side(named: Iterable[UUID], epas: Iterable[EpaOfVersion]) -> None:
    times, known = Counter(named), {one.id: one.code for one in epas}
    for key, count in times.items():
        if key not in known:
            raise RuleBroken("mapping_epa_unknown", epa=str(key))
        if count > 1:
            raise RuleBroken("mapping_epa_twice", epa=known[key])
    for key, code in known.items():
        if key not in times:
            raise RuleBroken("mapping_epa_missing", epa=code)


def check_move(*, trainee_id: UUID, by: UUID, reason: str, follows: UUID, since: UUID, has_ended: bool) -> None:
    """Accept a move of somebody else who still follows the version that it starts from, with a reason, or raise."""
    if by == trainee_id:
        raise RuleBroken("own_move", mover=by)
    if not reason.strip():
        raise RuleBroken("move_reason_missing")
    if has_ended or follows != since:
        raise RuleBroken("moved_meanwhile")


def scale_changes(
    mapping: EpaMapping, *, old: Iterable[EpaOfVersion], new: Iterable[EpaOfVersion]
) -> tuple[ScaleChange, ...]:
    """Return every pair of EPAs where the new one is rated on another scale, or another version of it."""
    before = {one.id: one for one in old}
    return tuple(
        ScaleChange(before[key], epa)
        for epa in new
        for key in mapping.sources_of(epa.id)
        if key in before and _scale(before[key]) != _scale(epa)
    )


def _scale(epa: EpaOfVersion) -> tuple[str, int] | None:
    return (epa.scale.key, epa.scale.version) if epa.scale else None


def suggested_mapping(*, old: Sequence[EpaOfVersion], new: Sequence[EpaOfVersion]) -> EpaMapping:
    """Return the mapping that the versions themselves suggest: by identity, key, code, then title; the rest is new."""
    origins: dict[UUID, list[UUID]] = {}
    left = list(old)
    for alike in (_same_identity, _same_key, _same_code, _same_title):
        for epa in new:
            origin = next((one for one in left if epa.id not in origins and alike(one, epa)), None)
            if origin is not None:
                origins[epa.id] = [origin.id]
                left.remove(origin)
    return mapping_from(origins, old=old, new=new)


def _same_identity(one: EpaOfVersion, other: EpaOfVersion) -> bool:
    return one.id == other.id


def _same_key(one: EpaOfVersion, other: EpaOfVersion) -> bool:
    return one.key == other.key


def _same_code(one: EpaOfVersion, other: EpaOfVersion) -> bool:
    return one.code.casefold() == other.code.casefold()


def _same_title(one: EpaOfVersion, other: EpaOfVersion) -> bool:
    shared = one.title.keys() & other.title.keys()
    return any(_folded(one.title[name]) == _folded(other.title[name]) for name in shared)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
