"""Learning paths: what of a programme somebody has already, by which proof, and what they would still need.

A declaration covers an EPA when it was given on that EPA, on one with the same official code, or on the same
cross-function EPA for another function (which then asks a short induction there). A ground for exemption does not cover
by itself: it says what may be exempted once the proof is approved.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from competencies.attainments import Attainment
from competencies.completion.rules import CompletionRule, RuleKind
from competencies.curricula import EpaType
from competencies.decisions import Decision, DecisionState, state_of
from competencies.errors import RuleBroken
from competencies.exemptions import Ground
from competencies.progress.reasons import reason_against
from competencies.scales import Level
from competencies.scope import ScopeGroup, check_scope


class Cover(StrEnum):
    """How an EPA of a path is covered, the strongest first."""

    DECLARED = "declared"
    SAME_CODE = "same_code"
    CROSS_FUNCTION = "cross_function"
    EXEMPTED = "exempted"
    MAY_BE_EXEMPTED = "may_be_exempted"

    @property
    def is_certain(self) -> bool:
        """Return whether nobody has to approve it first."""
        return self is not Cover.MAY_BE_EXEMPTED


class NotCovering(StrEnum):
    """Why a declaration on the EPA, or on its like elsewhere, does not cover it."""

    NOT_BEGUN = "not_begun"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    OTHER_VERSION = "other_version"
    OTHER_SCALE = "other_scale"
    BELOW_LEVEL = "below_level"
    OTHER_SCOPE = "other_scope"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEpa:
    """What tells whether two EPAs are the same: the programme and key that it has there, code, version and title."""

    id: UUID
    programme: str
    key: str
    version: str
    code: str | None
    title: Mapping[str, str] = field(hash=False)
    crosses_functions: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PathEpa:
    """An EPA that a path leads along; a null target is that of a cross-EPA activity, which is never declared."""

    epa: KnownEpa
    type: EpaType
    tracks: tuple[str, ...] = ()
    target: Level | None = None
    scope: tuple[ScopeGroup, ...] = ()

    def is_for(self, track: str | None) -> bool:
        """Return whether people on that track do it; an EPA without tracks is for everybody."""
        return not self.tracks or track in self.tracks


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A decision on an EPA that somebody has, and the programme that they followed then."""

    decision: Decision
    epa: KnownEpa
    following: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningPath:
    """A programme as a path: its EPAs in order, the rules of its diploma and the grounds for exemption."""

    programme: str
    epas: tuple[PathEpa, ...]
    rules: tuple[CompletionRule, ...] = ()
    grounds: tuple[Ground, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PathLine:
    """One EPA of the path: by what it is covered, or nothing; and which declarations do not cover it, and why."""

    epa: PathEpa
    cover: Cover | None = None
    proof: Declared | None = None
    exemption: Attainment | None = None
    ground: Ground | None = None
    set_aside: tuple[tuple[Declared, NotCovering], ...] = ()

    @property
    def is_covered(self) -> bool:
        """Return whether it is covered for certain."""
        return self.cover is not None and self.cover.is_certain

    @property
    def may_be_exempted(self) -> bool:
        """Return whether it is covered once an exemption is approved."""
        return self.cover is Cover.MAY_BE_EXEMPTED


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOnPath:
    """One rule of the diploma with the EPAs that it is about, and how many of these it asks; none for other rules."""

    rule: CompletionRule
    lines: tuple[PathLine, ...] = ()
    needed: int = 0

    @property
    def covered(self) -> int:
        """Return how many of the needed EPAs are covered for certain."""
        return min(self.needed, sum(line.is_covered for line in self.lines))

    @property
    def exemptible(self) -> int:
        """Return how many more are covered once exemptions are approved."""
        return min(self.needed - self.covered, sum(line.may_be_exempted for line in self.lines))

    @property
    def remaining(self) -> int:
        """Return how many EPAs are still needed when all exemptions are approved."""
        return self.needed - self.covered - self.exemptible


@dataclass(frozen=True, slots=True, kw_only=True)
class PathAnswer:
    """What somebody has of a path and would still need; `by_choice` are the EPAs that no rule asks for."""

    lines: tuple[PathLine, ...]
    rules: tuple[RuleOnPath, ...]
    by_choice: tuple[PathLine, ...]

    @property
    def remaining(self) -> int:
        """Return how many EPAs the rules still ask for, each rule by itself."""
        return sum(rule.remaining for rule in self.rules)


def what_remains(
    path: LearningPath,
    *,
    track: str | None,
    grounds: Collection[str] = (),
    declared: Sequence[Declared] = (),
    exempted: Iterable[Attainment] = (),
    on: date,
) -> PathAnswer:
    """Return what of the path is covered on that day and by what, and what somebody would still need.

    `grounds` are the keys of the qualifications that they have; `declared` are all decisions on them, ended or not;
    `exempted` the exemptions from EPAs of this programme in their file, of which those count that were confirmed.
    """
    chosen = [ground for ground in path.grounds if ground.key in grounds]
    free = {one.key: one for one in exempted if reason_against(one, on) is None}
    lines = tuple(_line(path, one, chosen, declared, free, on) for one in path.epas if one.is_for(track))
    rules = tuple(_on_path(rule, lines) for rule in path.rules)
    asked = {line.epa.epa.id for rule in rules for line in rule.lines}
    return PathAnswer(lines=lines, rules=rules, by_choice=tuple(line for line in lines if line.epa.epa.id not in asked))


def _line(
    path: LearningPath,
    epa: PathEpa,
    grounds: Iterable[Ground],
    declared: Sequence[Declared],
    exempted: Mapping[str | None, Attainment],
    on: date,
) -> PathLine:
    found, set_aside = _weighed(path, epa, declared, on)
    strongest = min(found, key=lambda pair: list(Cover).index(pair[0]), default=None)
    if strongest is not None:
        return PathLine(epa=epa, cover=strongest[0], proof=strongest[1], set_aside=set_aside)
    if (exemption := exempted.get(epa.epa.key)) is not None:
        return PathLine(epa=epa, cover=Cover.EXEMPTED, exemption=exemption, set_aside=set_aside)
    ground = next((one for one in grounds if one.covers(epa.epa.key, epa.type, epa.tracks)), None)
    cover = Cover.MAY_BE_EXEMPTED if ground else None
    return PathLine(epa=epa, cover=cover, ground=ground, set_aside=set_aside)


def _weighed(
    path: LearningPath, epa: PathEpa, declared: Sequence[Declared], on: date
) -> tuple[list[tuple[Cover, Declared]], tuple[tuple[Declared, NotCovering], ...]]:
    """Return the declarations that cover the EPA, and those on it or its like that do not, with the reason."""
    found: list[tuple[Cover, Declared]] = []
    set_aside: list[tuple[Declared, NotCovering]] = []
    for one in declared:
        cover = _likeness(path, epa.epa, one)
        siblings = [other.decision for other in declared if other.epa.id == one.epa.id]
        state = state_of(one.decision, siblings, on=on)
        if cover is None or state is DecisionState.SUPERSEDED:
            continue
        reason = _reason_against(epa, one, state)
        if reason is None:
            found.append((cover, one))
        else:
            set_aside.append((one, reason))
    return found, tuple(set_aside)


def _likeness(path: LearningPath, epa: KnownEpa, one: Declared) -> Cover | None:
    """Return how a declaration would cover the EPA, or null where it is about another EPA."""
    other = one.epa
    across = epa.crosses_functions and other.crosses_functions
    if other.id == epa.id or (other.programme, other.key) == (epa.programme, epa.key):
        return Cover.CROSS_FUNCTION if across and one.following != path.programme else Cover.DECLARED
    if epa.code is not None and other.code == epa.code:
        return Cover.CROSS_FUNCTION if across else Cover.SAME_CODE
    return Cover.CROSS_FUNCTION if across and other.title.get("nl") == epa.title.get("nl") else None


def _reason_against(epa: PathEpa, one: Declared, state: DecisionState) -> NotCovering | None:
    """Return why a declaration on the EPA or its like does not cover it, or null where it does."""
    not_now = {
        DecisionState.UPCOMING: NotCovering.NOT_BEGUN,
        DecisionState.EXPIRED: NotCovering.EXPIRED,
        DecisionState.SUSPENDED: NotCovering.SUSPENDED,
    }
    if state in not_now:
        return not_now[state]
    is_same = (one.epa.programme, one.epa.key) == (epa.epa.programme, epa.epa.key)
    if is_same and one.epa.version != epa.epa.version:
        return NotCovering.OTHER_VERSION
    if epa.target is None or not one.decision.level.shares_scale_with(epa.target):
        return NotCovering.OTHER_SCALE
    if not one.decision.level.is_at_least(epa.target):
        return NotCovering.BELOW_LEVEL
    return None if _scope_holds(epa.scope, one.decision.scope) else NotCovering.OTHER_SCOPE


def _scope_holds(groups: Sequence[ScopeGroup], chosen: Mapping[str, Collection[str]]) -> bool:
    """Return whether these options would do here; what the place must have is judged where somebody works."""
    anywhere = {rule.then_site_needs for group in groups for rule in group.rules if rule.then_site_needs}
    try:
        check_scope(groups, chosen, site_attributes=anywhere)
    except RuleBroken:
        return False
    return True


def _on_path(rule: CompletionRule, lines: Sequence[PathLine]) -> RuleOnPath:
    if not rule.kind.is_about_epas:
        return RuleOnPath(rule=rule)
    wanted = EpaType.CROSS_EPA if rule.kind is RuleKind.CROSS_EPA_COMPLETED else rule.type
    about = tuple(line for line in lines if line.epa.type is wanted)
    needed = rule.min_count if rule.kind is RuleKind.MIN_EPAS_OF_TYPE else len(about)
    return RuleOnPath(rule=rule, lines=about, needed=needed or 0)
