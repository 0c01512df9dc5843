"""Two versions of a programme, with trainees on the first, for the tests of moves."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from competencies.versions import EpaMapping, mapping_from
from lms.accounts.models import User
from lms.cohorts.models import Enrolment, EnrolmentMove, VersionMove
from lms.curriculum.actions import load_programme
from lms.curriculum.models import Epa, Programme, ProgrammeVersion
from lms.curriculum.queries import document_of
from lms.curriculum.schemas.source import Document
from lms.moves import queries
from lms.moves.actions import move_trainees, prepare_move
from lms.organisations.permissions import duties_of
from lms.standings.models import Standing
from lms.standings.queries import standings_of
from tests.factories import NOW, TODAY, Ward, programme_version

LATER = NOW + timedelta(hours=1)
ORIGINS = {
    "onc-k1": ["onc-k1"],
    "onc-k2a": ["onc-k2"],
    "onc-k2b": ["onc-k2"],
    "onc-k34": ["onc-k3", "onc-k4"],
    "onc-k9": [],
    "onc-s1": ["onc-s1"],
    "onc-s2": ["onc-s2"],
    "onc-s3": ["onc-s3"],
    "onc-eol": ["onc-eol"],
}
"""Where each EPA of the newer version comes from; onc-k5 is dropped."""


def newer_document(session: Session) -> dict[str, Any]:
    """Return the oncology programme with one EPA reworded, one split, two merged, one dropped and one new."""
    shipped = select(ProgrammeVersion.id).join(Programme).where(Programme.key == "oncologieverpleegkundige")
    first = session.scalars(shipped.order_by(ProgrammeVersion.loaded_at)).first()
    assert first is not None
    data = deepcopy(document_of(session, first))
    data["programme"]["version"] = "2027.1"
    old = {epa["key"]: epa for epa in data["epas"]}
    names = {"onc-k2a": "onc-k2", "onc-k2b": "onc-k2", "onc-k34": "onc-k3", "onc-k9": "onc-k5"}
    data["epas"] = [_renamed(old[names.get(key, key)], key, order) for order, key in enumerate(ORIGINS, 1)]
    phases = {"onc-k2": ["onc-k2a", "onc-k2b"], "onc-k3": ["onc-k34"], "onc-k4": [], "onc-k5": ["onc-k9"]}
    for phase in data["phases"]:
        if phase.get("epas"):
            phase["epas"] = [new for key in phase["epas"] for new in phases.get(key, [key])]
    return data


def _renamed(epa: dict[str, Any], key: str, order: int) -> dict[str, Any]:
    known = {"key": key, "order": order, "title": {"nl": f"Nieuwe tekst van {key}", "en": f"New text of {key}"}}
    if key == epa["key"]:
        return epa | {"order": order, "title": known["title"]}
    return epa | known | {"official_code": None, "local_code": f"CONCEPT-{key.upper()}"}


class Moving(Ward):
    """A ward whose programme has a newer version."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.old = programme_version(session)

    def publish(self, session: Session, *, only_for: Mapping[str, str] = MappingProxyType({})) -> ProgrammeVersion:
        """Load the newer version; what is told of the old one by EPA keys must be told before.

        `only_for` gives the track of the EPAs that it has for one track only; then it has a track "ward" too.
        """
        data = newer_document(session)
        if only_for:
            titles = {key: {"nl": key, "en": key} for key in ("ward", *only_for.values())}
            data["programme"]["tracks"] = [{"key": key, "title": title} for key, title in titles.items()]
            for epa in data["epas"]:
                epa["tracks"] = [only_for[epa["key"]]] if epa["key"] in only_for else []
        document = Document("newer.yaml", data, {})
        loaded = load_programme(session, document, by=None, at=LATER)
        self.new = session.get_one(ProgrammeVersion, loaded.version_id)
        self.old = session.get_one(ProgrammeVersion, self.cohort.programme_version_id)
        return self.new

    def epa(self, session: Session, key: str, version: ProgrammeVersion | None = None) -> Epa:
        """Return an EPA of the newer version, or of another one."""
        of = (version or self.new).id
        return session.scalars(select(Epa).where(Epa.programme_version_id == of, Epa.key == key)).one()

    def mapping(self, session: Session) -> EpaMapping:
        """Return what became of each EPA."""
        both = queries.both_versions(session, self.old.id, self.new.id)
        old, new = ({epa.key: epa.id for epa in side} for side in (both.old, both.new))
        origins = {new[key]: [old[one] for one in sources] for key, sources in ORIGINS.items()}
        return mapping_from(origins, old=both.old, new=both.new)

    def prepared(self, session: Session) -> VersionMove:
        """Return a move from the old version to the new one, loaded as a view loads it."""
        move = prepare_move(
            session,
            from_version=self.old,
            to_version=self.new,
            organisation=self.organisation,
            mapping=self.mapping(session),
            versions=queries.both_versions(session, self.old.id, self.new.id),
            by=self.lead,
            at=LATER,
        )
        return self.loaded_move(session, move.id)

    def loaded_move(self, session: Session, move_id: UUID) -> VersionMove:
        found = queries.one_move(session, duties_of(self.lead.id, on=TODAY), move_id)
        assert found is not None
        return found

    def moved(
        self,
        session: Session,
        move: VersionMove | None = None,
        *enrolments: Enrolment,
        by: User | None = None,
        at: datetime = LATER,
        **options: Any,
    ) -> EnrolmentMove:
        """Move the ward's trainee, or these, and return the first of the moves."""
        used = move or self.prepared(session)
        by = by or self.lead
        chosen = [one.id for one in enrolments or (self.enrolment,)]
        return move_trainees(
            session,
            used,
            queries.followers_by_id(session, used, chosen, by=by.id),
            versions=queries.both_versions(session, used.from_version_id, used.to_version_id),
            version=options.pop("version", used.version),
            reason=options.pop("reason", "The old version ends this year."),
            by=by,
            at=at,
            **options,
        )[0]

    def standing(self, session: Session, epa: Epa) -> Standing | None:
        session.expire_all()
        return standings_of(session, [self.enrolment.id]).get((self.enrolment.id, epa.id))


def with_cohort(session: Session, enrolment: Enrolment) -> Enrolment:
    """Return the enrolment with its cohort and programme, as pages load it."""
    return session.scalars(
        select(Enrolment)
        .where(Enrolment.id == enrolment.id)
        .options(joinedload(Enrolment.cohort), joinedload(Enrolment.programme_version))
        .execution_options(populate_existing=True)
    ).one()
