"""The plan of a programme: what its requirements and the rules of its diploma refer to by key."""

from dataclasses import dataclass, field
from decimal import Decimal

from competencies.curricula import EpaType, ExpectedLevel
from competencies.exemptions import Ground, HoursLimits
from competencies.scales import Level, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedEpa:
    """An EPA as the programme asks for it; an optional one is offered and not asked."""

    key: str
    type: EpaType
    tracks: tuple[str, ...] = ()
    scale: Scale | None = None
    expected: tuple[ExpectedLevel, ...] = ()
    is_optional: bool = False

    def is_for(self, track: str | None) -> bool:
        """Return whether it is for people on that track; an EPA without tracks is for everybody."""
        return not self.tracks or track in self.tracks

    def level_at(self, stage: str | None) -> Level | None:
        """Return the level expected at a stage (null: of the declaration), or null where none is expected."""
        if stage is None:
            return self.expected[-1].level if self.expected else None
        return next((one.level for one in self.expected if one.stage == stage), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPlacement:
    """Work at other places: at least `min_count` placements, in at least `min_settings` different settings."""

    key: str
    mandatory: bool = True
    settings: tuple[str, ...] = ()
    min_count: int = 1
    min_settings: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSession:
    """A session of a module with all its days, repeats included; for everybody where its module has no tracks."""

    key: str
    module: str
    days: Decimal
    tracks: tuple[str, ...] = ()

    def is_for(self, track: str | None) -> bool:
        """Return whether it is for people on that track."""
        return not self.tracks or track in self.tracks


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyLoad:
    """The least hours of practice and of theory; null is not named."""

    practice_hours: int | None = None
    theory_hours: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a version of a programme consists of, as far as requirements refer to it."""

    epas: tuple[PlannedEpa, ...] = ()
    placements: tuple[PlannedPlacement, ...] = ()
    sessions: tuple[PlannedSession, ...] = ()
    deliverables: tuple[str, ...] = ()
    study_load: StudyLoad = field(default_factory=StudyLoad)
    limits: HoursLimits = field(default_factory=HoursLimits)
    grounds: tuple[Ground, ...] = ()

    def epa(self, key: str) -> PlannedEpa | None:
        """Return the EPA with that key, or null."""
        return next((epa for epa in self.epas if epa.key == key), None)

    def placement(self, key: str) -> PlannedPlacement | None:
        """Return the placement with that key, or null."""
        return next((one for one in self.placements if one.key == key), None)

    def sessions_of(self, modules: tuple[str, ...], track: str | None) -> tuple[PlannedSession, ...]:
        """Return the sessions of these modules for people on that track; none named are all."""
        return tuple(one for one in self.sessions if one.is_for(track) and (not modules or one.module in modules))
