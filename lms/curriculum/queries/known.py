"""What is loaded already, as what a new file may refer to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CTE, CompoundSelect, Select, String, literal, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session, contains_eager, joinedload

from competencies.curricula import Instrument, ResultKind
from lms.core.db import Words
from lms.curriculum.models import (
    AssessmentForm,
    CompetencyDomain,
    Epa,
    Framework,
    Programme,
    ProgrammeVersion,
    RatingScale,
)
from lms.curriculum.queries.programmes import later_programmes_first, newest_versions
from lms.curriculum.queries.shared import INSTRUMENTS, RESERVED_ACTIONS, Vocabulary, Word, words
from lms.curriculum.schemas.known import Known
from lms.curriculum.schemas.shared import TERM_KINDS


class Offered(NamedTuple):
    """A form or an EPA that a version of a programme offers to others; `on` is an instrument, or the id of a scale."""

    kind: str
    programme: str
    version: str
    key: str
    id: UUID
    title: Words
    on: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Everything that a file or a draft can refer to outside itself; of programmes the newest versions.

    Scales come by their place and version, domains so that the last of a key is meant, EPAs by programme and place.
    """

    scales: Sequence[RatingScale]
    words: Sequence[Word]
    domains: Sequence[CompetencyDomain]
    offered: Sequence[Offered]

    @property
    def instruments(self) -> dict[str, Instrument]:
        """The instruments by key."""
        return {word.key: _instrument(word) for word in self.words if word.kind == INSTRUMENTS}

    @property
    def forms(self) -> dict[str, Offered]:
        """The form that each key means: of the programme that had the key first, in its newest version."""
        return {one.key: one for one in self.offered if one.kind == FORM}

    @property
    def epas(self) -> list[Offered]:
        """The EPAs of the newest versions, by programme and place."""
        return sorted((one for one in self.offered if one.kind == EPA), key=lambda one: one.programme)

    @property
    def vocabulary(self) -> Vocabulary:
        """The words for the keys that programmes use."""
        return Vocabulary({(word.kind, word.key): word.title for word in self.words})

    def newest_scales(self) -> dict[str, RatingScale]:
        """Return the newest version of every scale, by its key."""
        return {scale.key: scale for scale in sorted(self.scales, key=lambda scale: scale.version)}

    def known(self) -> Known:
        """Return what the checker of files asks for."""
        ranks = {scale.id: {level.code: level.rank for level in scale.levels} for scale in self.scales}
        return Known(
            scales={(scale.key, scale.version): ranks[scale.id] for scale in self.scales},
            instruments=self.instruments,
            terms=_terms(self.words),
            reserved_actions=frozenset(word.key for word in self.words if word.kind == RESERVED_ACTIONS),
            domains=_grouped((domain.framework.key, domain.key) for domain in self.domains),
            elements=_grouped((domain.framework.key, one["id"]) for domain in self.domains for one in domain.elements),
            forms={key: str(form.on) for key, form in self.forms.items()},
            epas={(epa.programme, epa.key): ranks[UUID(epa.on)] if epa.on else None for epa in self.epas},
        )


def _instrument(word: Word) -> Instrument:
    more = word.more
    return Instrument(word.key, ResultKind(more["result"]), more["scale_key"], more["direct_observation"])


def loaded(session: Session) -> Loaded:
    """Return everything that a file can refer to outside itself, in four statements."""
    return Loaded(
        scales=session.scalars(_scales()).unique().all(),
        words=words(session),
        domains=newest_domains(session),
        offered=_offered(session),
    )


@cache
def _scales() -> Select[RatingScale]:
    scales = select(RatingScale).options(joinedload(RatingScale.levels))
    return scales.order_by(RatingScale.position, RatingScale.version)


def known(session: Session) -> Known:
    """Return the scales, words, frameworks, forms and EPAs that are loaded; of programmes the newest versions."""
    return loaded(session).known()


def _terms(found: Iterable[Word]) -> dict[str, frozenset[str]]:
    pairs = ((word.kind, word.key) for word in found if word.kind in TERM_KINDS)
    return dict.fromkeys(TERM_KINDS, frozenset[str]()) | _grouped(pairs)


def newest_domains(session: Session) -> Sequence[CompetencyDomain]:
    """Return the domains of the newest frameworks, each with its framework, so that the last of a key is meant.

    That is a shared one, else that of the programme that had the key first; a later one comes after an earlier.
    """
    return session.scalars(_newest_domains()).all()


@cache
def _newest_domains() -> Select[CompetencyDomain]:
    return (
        select(CompetencyDomain)
        .join(CompetencyDomain.framework)
        .outerjoin(ProgrammeVersion, ProgrammeVersion.id == Framework.programme_version_id)
        .outerjoin(ProgrammeVersion.programme)
        .where(Framework.programme_version_id.is_(None) | Framework.programme_version_id.in_(newest_versions()))
        .options(contains_eager(CompetencyDomain.framework))
        .order_by(
            Framework.programme_version_id.is_(None),
            later_programmes_first(),
            Framework.position,
            CompetencyDomain.position,
        )
    )


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for group, key in pairs:
        groups[group].add(key)
    return {group: frozenset(keys) for group, keys in groups.items()}


FORM, EPA = "form", "epa"


def _offered(session: Session) -> list[Offered]:
    """Return the forms and EPAs of the newest versions, each programme in its order, later programmes first."""
    return [Offered(*row[:7]) for row in session.execute(_forms_and_epas())]


@cache
def _forms_and_epas() -> CompoundSelect[*tuple[Any, ...]]:
    newest = newest_versions().cte("newest")
    forms = _offers(FORM, AssessmentForm, AssessmentForm.instrument_key, newest)
    rows = forms.union_all(_offers(EPA, Epa, sql_cast(Epa.scale_id, String), newest))
    return rows.order_by(rows.selected_columns.first.desc(), rows.selected_columns.position)


def _offers(kind: str, model: type[AssessmentForm | Epa], on: Any, newest: CTE) -> Select[Any]:
    return (
        select(
            literal(kind).label("kind"),
            Programme.key.label("programme"),
            ProgrammeVersion.version,
            model.key,
            model.id,
            model.title,
            on.label("on"),
            Programme.id.label("first"),
            model.position.label("position"),
        )
        .join(ProgrammeVersion, ProgrammeVersion.id == model.programme_version_id)
        .join(ProgrammeVersion.programme)
        .where(model.programme_version_id.in_(select(newest.c.id)))
    )
