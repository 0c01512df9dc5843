"""A few invented files in the demonstration, with activities of the trainee who can sign in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.core.audit import record
from lms.core.files import key_of
from lms.core.keys import keys_from
from lms.demo.chance import Chance
from lms.demo.story import SIGN_IN
from lms.evidence.actions import facts_of
from lms.evidence.models import EvidenceFile
from lms.evidence.values import FileKind
from lms.logbook.models import Activity
from lms.organisations.models import Department

Keep = Callable[[str, bytes], None]
"""What keeps the bytes of a file under its key."""
NAMES = {FileKind.PDF: "verslag-nagesprek.pdf", FileKind.PNG: "schema-op-het-bord.png"}
WITHOUT_A_DATE: dict[FileKind, dict[str, Any]] = {FileKind.PDF: {"CreationDate": None}, FileKind.PNG: {}}


def show_files(session: Session, chance: Chance, *, keep: Keep, today: date) -> None:
    """Keep a report and a picture with the last activity that nobody assessed, and a report with one that was."""
    at = datetime.combine(today - timedelta(days=1), time(21, 50), UTC)
    held = [(activity, kind) for activity in _last(session, rated=False) for kind in NAMES]
    held += [(activity, FileKind.PDF) for activity in _last(session, rated=True)]
    with keys_from(lambda: UUID(str(chance.key(at)))):
        for activity, kind in held:
            _hold(session, activity, kind, keep=keep, at=at)


def _last(session: Session, *, rated: bool) -> Sequence[Activity]:
    trainee = select(User.id).where(User.email == SIGN_IN).scalar_subquery()
    is_rated = Activity.rated_at.is_not(None) if rated else Activity.rated_at.is_(None)
    latest: Select[Activity] = select(Activity).where(Activity.trainee_id == trainee, is_rated)
    return session.scalars(latest.order_by(Activity.performed_on.desc(), Activity.id.desc()).limit(1)).all()


def _hold(session: Session, activity: Activity, kind: FileKind, *, keep: Keep, at: datetime) -> None:
    place = session.scalars(select(Department.organisation_id).where(Department.id == activity.department_id)).one()
    content = _drawn(activity.note, kind)
    digest = hashlib.sha256(content).digest()
    file = EvidenceFile(
        activity_id=activity.id,
        owner_id=activity.trainee_id,
        organisation_id=place,
        kind=kind,
        name=NAMES[kind],
        size=len(content),
        hash=digest,
        given_hash=digest,
        added_at=at,
    )
    session.add(file)
    session.flush()
    keep(key_of(place, digest), content)
    subject = activity.trainee_id
    record(session, "evidence.added", subject=subject, by=subject, at=at, target=file.id, after=facts_of(file))


def _drawn(title: str, kind: FileKind) -> bytes:
    """Return a page with a few lines, the same for the same title."""
    figure, made = Figure(figsize=(5.8, 4.1)), BytesIO()
    FigureCanvasAgg(figure)
    figure.text(0.08, 0.85, title, size=13)
    for number, line in enumerate(("Wat ging goed", "Wat ik anders zou doen", "Wat ik nog wil leren"), 1):
        figure.text(0.08, 0.85 - 0.2 * number, f"{number}. {line} (verzonnen)", size=10)
    figure.savefig(made, format=kind.value, metadata=WITHOUT_A_DATE[kind])
    return made.getvalue()
