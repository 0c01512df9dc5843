"""A newer version of one programme in the demonstration, and the trainees of one cohort who were moved to it."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.versions import mapping_from
from lms.accounts.models import User
from lms.cohorts.models import VersionMove
from lms.core.keys import keys_from
from lms.curriculum.actions import load_programme
from lms.curriculum.models import ProgrammeVersion
from lms.curriculum.queries import document_of, latest_version_of
from lms.curriculum.schemas.source import Document
from lms.demo.chance import Chance
from lms.demo.noticing import keep_in_the_app
from lms.moves import queries
from lms.moves.actions import move_trainees, prepare_move
from lms.moves.queries.moves import WITH_VERSIONS
from lms.organisations.models import Organisation
from lms.search.actions import index_missing

PROGRAMME = "oncologieverpleegkundige"
VERSION = "2026.3-demo"
REASON = "De nieuwe versie past beter bij het werk op de dagbehandeling; met de studenten besproken."
CAME_FROM: dict[str, tuple[str, ...]] = {
    "onc-k1": ("onc-k1",),
    "onc-k2": ("onc-k2",),
    "onc-k3a": ("onc-k3",),
    "onc-k3b": ("onc-k3",),
    "onc-k4": ("onc-k4",),
    "onc-k6": (),
    "onc-s1": ("onc-s1",),
    "onc-s23": ("onc-s2", "onc-s3"),
    "onc-eol": ("onc-eol",),
}
"""Where each EPA of the newer version comes from; onc-k5 is no part of it any more."""
LIKE = {"onc-k6": "onc-k5"}
"""The EPA that a new one is described like, with words of its own."""
TITLES = {
    "onc-k1": {
        "nl": "Zorg dragen voor de zorgvrager en naasten in de diagnostische fase van kanker",
        "en": "Caring for the patient and those close to them in the diagnostic phase of cancer",
    },
    "onc-k3a": {
        "nl": "Zorg dragen voor de zorgvrager in de nazorgfase na kanker",
        "en": "Caring for the patient in the aftercare phase of cancer",
    },
    "onc-k3b": {
        "nl": "Zorg dragen voor de zorgvrager in de herstelfase na kanker",
        "en": "Caring for the patient in the recovery phase of cancer",
    },
    "onc-k6": {
        "nl": "Late gevolgen van kanker herkennen en bespreken",
        "en": "Recognising and discussing late effects of cancer",
    },
    "onc-s23": {
        "nl": "Consult voeren en systemische antitumortherapie uitvoeren op de dagbehandeling",
        "en": "Conducting consultations and administering systemic anti-cancer therapy in day care",
    },
}
CONTEXTS = (
    ("patient_group", "adults", {"nl": "Volwassenen", "en": "Adults"}),
    ("patient_group", "young", {"nl": "Jongvolwassenen (AYA)", "en": "Adolescents and young adults"}),
    ("patient_group", "elderly", {"nl": "Kwetsbare ouderen", "en": "Frail older people"}),
    ("complexity", "low", {"nl": "Laagcomplex", "en": "Low complexity"}),
    ("complexity", "high", {"nl": "Hoogcomplex", "en": "High complexity"}),
    ("setting", "day_care", {"nl": "Dagbehandeling", "en": "Day care"}),
    ("setting", "ward", {"nl": "Verpleegafdeling", "en": "Ward"}),
)
"""What the newer version lets a trainee say of an activity."""
MOST_MOVED = 3
A_MOMENT = timedelta(milliseconds=1)
"""So much later than the version that ships the newer one is loaded, at least: the newest counts as the newer one."""


def show_moves(session: Session, chance: Chance, *, place_id: UUID, lead_id: UUID, today: date, at: datetime) -> None:
    """Load the newer version, prepare the move to it at an organisation, and move some of its oldest cohort."""
    old = latest_version_of(session, PROGRAMME)
    if old is None:
        return
    began, moved_at = at - timedelta(days=12), datetime.combine(today - timedelta(days=1), time(21, 30), UTC)
    with keys_from(lambda: UUID(str(chance.key(began)))):
        document = Document(VERSION, _newer(document_of(session, old.id)), {})
        loaded = load_programme(session, document, by=None, at=max(began, old.loaded_at + A_MOMENT))
        lead = session.get_one(User, lead_id)
        move = _prepared(session, old, loaded.version_id, place_id, lead, at=moved_at - timedelta(hours=4))
    with keys_from(lambda: UUID(str(chance.key(moved_at)))):
        _move_some(session, move, lead, at=moved_at)
    keep_in_the_app(session)
    index_missing(session)


def _newer(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document of the newer version."""
    data = deepcopy(document)
    data["programme"]["version"] = VERSION
    old = {epa["key"]: epa for epa in data["epas"]}
    data["epas"] = [_epa(old, key, order) for order, key in enumerate(CAME_FROM, 1)]
    for phase in data["phases"]:
        if phase.get("epas"):
            phase["epas"] = [new for key in phase["epas"] for new in _first_of(key)]
    data["contexts"] = [
        {"kind": kind, "key": key, "title": title, "provenance": "draft"} for kind, key, title in CONTEXTS
    ]
    return data


def _first_of(key: str) -> list[str]:
    """Return the new EPAs that have the place of an old one: those of which it is the first origin, or the model."""
    return [new for new, origins in CAME_FROM.items() if (*origins, LIKE.get(new))[0] == key]


def _epa(old: dict[str, Any], key: str, order: int) -> dict[str, Any]:
    model: dict[str, Any] = old[(*CAME_FROM[key], LIKE.get(key))[0] or key]
    changed = {"key": key, "order": order, "title": TITLES.get(key, model["title"])}
    renamed = {} if key == model["key"] else {"official_code": None, "local_code": f"CONCEPT-{key.upper()}"}
    return model | changed | renamed


def _prepared(
    session: Session, old: ProgrammeVersion, new_id: UUID, place_id: UUID, lead: User, *, at: datetime
) -> VersionMove:
    """Prepare the move, as a programme lead does on the mapping screen."""
    versions = queries.both_versions(session, old.id, new_id)
    before, after = ({epa.key: epa.id for epa in side} for side in (versions.old, versions.new))
    origins = {after[key]: [before[one] for one in sources] for key, sources in CAME_FROM.items()}
    return prepare_move(
        session,
        from_version=old,
        to_version=session.get_one(ProgrammeVersion, new_id),
        organisation=session.get_one(Organisation, place_id),
        mapping=mapping_from(origins, old=versions.old, new=versions.new),
        versions=versions,
        by=lead,
        at=at,
    )


def _move_some(session: Session, prepared: VersionMove, lead: User, *, at: datetime) -> None:
    """Move the first trainees, by name, of the cohort that began first."""
    move = session.scalars(select(VersionMove).where(VersionMove.id == prepared.id).options(*WITH_VERSIONS)).one()
    waiting = queries.followers(session, move, by=lead.id).rows
    chosen = [one.id for one in waiting if one.cohort_id == waiting[0].cohort_id][:MOST_MOVED]
    move_trainees(
        session,
        move,
        queries.followers_by_id(session, move, chosen, by=lead.id),
        versions=queries.both_versions(session, move.from_version_id, move.to_version_id),
        version=move.version,
        reason=REASON,
        by=lead,
        at=at,
    )
