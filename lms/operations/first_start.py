"""A database made ready to serve: its tables up to date, the shipped programmes in it, and once the demonstration."""

from __future__ import annotations

import sys
from functools import partial

import click
from sqlalchemy import create_engine, pool, select
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.accounts.passwords import DEMO_PASSWORD, hash_of
from lms.core import clock, files
from lms.curriculum.actions import load_catalogue
from lms.curriculum.schemas.problems import CurriculumRefused
from lms.operations.migrate import migrate
from lms.operations.refusals import CannotRun, ExitCode
from lms.organisations.models import Organisation
from lms.search.actions import index_missing
from lms.settings import Mode, Settings


def prepare(settings: Settings) -> None:
    """Bring the database of these settings up to date; what is there already stays as it is."""
    click.echo("Bringing the tables and the programmes up to date", err=True)
    engine = create_engine(settings.database_url or "", poolclass=pool.NullPool)
    migrate(engine)
    # Without the app: importing it takes longer than all of this.
    with Session(engine) as session, session.begin():
        _load_programmes(session)
        if settings.mode is Mode.DEMO and session.scalar(select(Organisation.id).limit(1)) is None:
            _load_demonstration(session, settings)


def _load_programmes(session: Session) -> None:
    try:
        summary = load_catalogue(session, by=None, at=clock.now())
    except CurriculumRefused as refused:
        raise CannotRun(ExitCode.REFUSED, f"The shipped programmes are not in order:\n{refused}") from refused
    except RuleBroken as broken:
        named = ", ".join(f"{name} {fact}" for name, fact in broken.facts.items())
        raise CannotRun(
            ExitCode.REFUSED,
            f"A shipped file says something else than this database holds under the same version ({named}): "
            "give the changed file a new version.",
        ) from broken
    if summary.loaded:
        click.echo(f"Loaded the programmes {', '.join(summary.loaded)}", err=True)
    index_missing(session)


def _load_demonstration(session: Session, settings: Settings) -> None:
    """Fill a database in which nobody is yet; imported here, as only a first start needs it."""
    from lms.demo.loading import load_demo
    from lms.demo.sizes import Size

    with click.progressbar(length=100, label="Loading the demonstration (once)", file=sys.stderr) as bar:
        load_demo(
            session,
            size=Size.S,
            seed=1,
            today=clock.today(),
            at=clock.now(),
            password_hash=hash_of(DEMO_PASSWORD),
            progress=lambda done, total: bar.update(100 * done // total - bar.pos),
            keep_file=partial(files.put, to=files.opened(settings)),
        )
