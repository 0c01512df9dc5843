"""What is loaded already, as what a new file may refer to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from lms.curriculum.models import (
    AssessmentForm,
    CompetencyDomain,
    Epa,
    Framework,
    ProgrammeVersion,
    RatingScale,
    VocabularyTerm,
)
from lms.curriculum.queries.programmes import later_programmes_first, newest_versions
from lms.curriculum.queries.shared import instruments, reserved_actions
from lms.curriculum.schemas.known import Known, Ranks
from lms.curriculum.schemas.shared import TERM_KINDS
from lms.curriculum.values import instrument_of


def known(session: Session) -> Known:
    """Return the scales, words, frameworks, forms and EPAs that are loaded; of programmes the newest versions."""
    domains = newest_domains(session)
    return Known(
        scales=_scales(session),
        instruments={key: instrument_of(row) for key, row in instruments(session).items()},
        terms=_terms(session),
        reserved_actions=frozenset(action.key for action in reserved_actions(session)),
        domains=_grouped((domain.framework.key, domain.key) for domain in domains),
        elements=_grouped((domain.framework.key, one["id"]) for domain in domains for one in domain.elements),
        forms={key: form.instrument_key for key, form in newest_forms(session).items()},
        epas=_epas(session),
    )


def _ranks(scale: RatingScale) -> Ranks:
    return {level.code: level.rank for level in scale.levels}


def _scales(session: Session) -> dict[tuple[str, int], Ranks]:
    scales = session.scalars(select(RatingScale).options(selectinload(RatingScale.levels)))
    return {(scale.key, scale.version): _ranks(scale) for scale in scales}


def _terms(session: Session) -> dict[str, frozenset[str]]:
    pairs = session.execute(select(VocabularyTerm.kind, VocabularyTerm.key))
    return dict.fromkeys(TERM_KINDS, frozenset[str]()) | _grouped((kind, key) for kind, key in pairs)


def newest_domains(session: Session) -> Sequence[CompetencyDomain]:
    """Return the domains of the newest frameworks, each with its framework, so that the last of a key is meant.

    That is a shared one, else that of the programme that had the key first; a later one comes after an earlier.
    """
    return session.scalars(
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
    ).all()


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for group, key in pairs:
        groups[group].add(key)
    return {group: frozenset(keys) for group, keys in groups.items()}


def newest_forms(session: Session) -> dict[str, Row[str, UUID, str]]:
    """Return the id and the instrument of the form that each key means.

    That is the form of the programme that had the key first, in its newest version.
    """
    forms = session.execute(
        select(AssessmentForm.key, AssessmentForm.id, AssessmentForm.instrument_key)
        .join(ProgrammeVersion, ProgrammeVersion.id == AssessmentForm.programme_version_id)
        .join(ProgrammeVersion.programme)
        .where(AssessmentForm.programme_version_id.in_(newest_versions()))
        .order_by(later_programmes_first())
    )
    return {form.key: form for form in forms}


def _epas(session: Session) -> dict[tuple[str, str], Ranks | None]:
    epas = session.scalars(
        select(Epa)
        .where(Epa.programme_version_id.in_(newest_versions()))
        .options(
            joinedload(Epa.scale).selectinload(RatingScale.levels),
            joinedload(Epa.programme_version).joinedload(ProgrammeVersion.programme),
        )
    )
    return {(epa.programme_version.programme.key, epa.key): _ranks(epa.scale) if epa.scale else None for epa in epas}
