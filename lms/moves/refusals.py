"""What forbids a move: told before anybody consents, and enforced when somebody does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from competencies.errors import RuleBroken
from competencies.versions import Recognition, revived
from competencies.versions.recognition import Decisions
from lms.cohorts.models import Enrolment, EnrolmentMove
from lms.cohorts.values import tracks_of
from lms.curriculum.models import ProgrammeVersion, Publication
from lms.moves.values import BothVersions


def check_begun(publication: Publication | None, version: ProgrammeVersion, *, on: date) -> None:
    """Accept a version that counts by that day, or raise version_not_yet_effective; one from a file counts at once."""
    if publication is not None and publication.effective_on > on:
        raise RuleBroken("version_not_yet_effective", version=version.version, effective_on=publication.effective_on)


def check_follows(
    enrolment: Enrolment,
    version: ProgrammeVersion,
    versions: BothVersions,
    found: Iterable[Recognition],
    decided: Decisions,
    moves: Iterable[EnrolmentMove],
    *,
    on: date,
) -> None:
    """Accept a trainee whom the new version has a place for; needs the trainee.

    Raises `RuleBroken` track_unknown where it has not their track, or move_revives_decision where an earlier
    declaration would hold over a later one. `found` is what is recognised, `moves` are those of the trainee until now.
    """
    if enrolment.track is not None and enrolment.track not in tracks_of(version):
        raise RuleBroken("track_unknown", track=enrolment.track)
    heirs = {(UUID(old), UUID(new)) for move in moves for old, new in move.carried}
    back = revived(found, decided, heirs, on=on)
    if back is not None:
        raise RuleBroken("move_revives_decision", epa=versions.by_id[back].code, trainee=enrolment.trainee.name)
