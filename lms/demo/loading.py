"""Loading the demonstration, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime
from itertools import count
from typing import cast
from uuid import UUID

import psycopg
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lms.core.garbage import without_collecting
from lms.demo.chance import Chance
from lms.demo.copying import Loader
from lms.demo.correcting import show_correction
from lms.demo.drafting import Drafted, show_draft, told
from lms.demo.exchanging import show_exchange
from lms.demo.filling import show_forms
from lms.demo.holding import Keep, show_files
from lms.demo.inviting import show_invitations
from lms.demo.listening import show_rounds
from lms.demo.measured import load_measured, measured_course, plans_for
from lms.demo.moving import show_moves
from lms.demo.programmes import courses
from lms.demo.region import Region
from lms.demo.rostering import show_roster
from lms.demo.rows import TABLES
from lms.demo.setting_aside import set_aside
from lms.demo.showing import PLANS, SHOWN, show
from lms.demo.sizes import EXTENTS, Size
from lms.organisations.models import Organisation

Progress = Callable[[int, int], None]


class CannotLoad(Exception):
    """The demonstration does not fit this database; the message says why and what to do."""


def load_demo(
    session: Session,
    *,
    size: Size,
    seed: int,
    today: date,
    at: datetime,
    password_hash: str,
    progress: Progress,
    keep_file: Keep | None = None,
) -> None:
    """Load the demonstration in the session's transaction; never commits.

    `password_hash` opens the fixed sign-ins and no other account. `progress` is told how many trainees are loaded, and
    of how many. `keep_file` keeps bytes under a key; without it there are no files. Raises `CannotLoad` where the
    programmes are not there yet, or a demonstration already is.
    """
    if session.scalar(select(Organisation.id).where(Organisation.demo).limit(1)):
        raise CannotLoad("There is demonstration data already: it can only be loaded into a database without.")
    known = courses(session)
    if missing := {plan.programme for plan in PLANS} - known.keys():
        raise CannotLoad(
            f"Load the programmes first (bekwaam programmes load): {', '.join(sorted(missing))} is missing."
        )
    extent, chance = EXTENTS[size], Chance(f"{seed}/region")
    region = Region(chance, extent=extent, today=today, password_hash=password_hash)
    measured = plans_for(extent)
    advance = _counting(progress, SHOWN + sum(plan.trainees for plan in measured))
    course = measured_course(session, known, at=at) if measured else None
    driver = driver_of(session)
    place, lead = (UUID(str(key)) for key in (region.places[0].id, region.places[0].lead_id))
    drafted = Drafted.of(seed, lead, at=at)
    aside = set_aside(driver, TABLES.values()) if measured else nullcontext()
    with aside, without_collecting(), Loader(driver) as loader:
        loader.take(region.rows)
        loader.take(list(told(drafted)))
        show(loader, known, region, seed=seed, today=today, advance=advance)
        if course is not None:
            load_measured(loader, course, region, measured, seed=seed, today=today, advance=advance)
    _show_work(session, drafted, seed=seed, place_id=place, lead_id=lead, today=today, at=at)
    if keep_file is not None:
        show_files(session, Chance(f"{seed}/files"), keep=keep_file, today=today)
    session.execute(text(f"ANALYZE {', '.join(TABLES.values())}"))


def _show_work(
    session: Session, drafted: Drafted, *, seed: int, place_id: UUID, lead_id: UUID, today: date, at: datetime
) -> None:
    """Let people do what is not part of every history: move, correct, invite, write a draft, exchange."""
    show_forms(session)
    show_moves(session, Chance(f"{seed}/moves"), place_id=place_id, lead_id=lead_id, today=today, at=at)
    show_correction(session, Chance(f"{seed}/correction"), today=today)
    show_invitations(session, Chance(f"{seed}/invitations"), at=at)
    show_rounds(session, Chance(f"{seed}/rounds"), today=today, at=at)
    show_roster(session, Chance(f"{seed}/roster"), at=at)
    show_draft(session, drafted, place_id=place_id)
    show_exchange(session, Chance(f"{seed}/exchange"), place_id=place_id, lead_id=lead_id, at=at)


def _counting(progress: Progress, total: int) -> Callable[[], None]:
    """Return a function that is called for every trainee and tells the progress."""
    done = count(1)
    return lambda: progress(next(done), total)


def driver_of(session: Session) -> psycopg.Connection:
    """Return the connection of the session's transaction as the driver knows it, for COPY."""
    session.flush()
    return cast("psycopg.Connection", session.connection().connection.driver_connection)
