"""`python -m benchmarks.importing`: how long a framework of 20,000 items in 50 MB takes until it is imported."""

from __future__ import annotations

import json
import logging
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import click
import structlog
from sqlalchemy import create_engine, pool

from benchmarks.machine import description
from competencies.packages import stable_identifier
from competencies.people import OrganisationKind
from lms.accounts.models import User
from lms.app import create_app
from lms.core import clock
from lms.core.db import database, transaction
from lms.exchange import actions
from lms.exchange.case.writing import written
from lms.exchange.jobs import apply_import, read_import
from lms.exchange.models import FrameworkPackage, Import, ImportState
from lms.exchange.queries.packages import package_in_full
from lms.operations.installation import available
from lms.operations.migrate import migrate
from lms.organisations.models import Organisation
from lms.settings import Settings

ITEMS = 20_000
MEGABYTES = 48
AIM = 30.0
WHEN = "2026-01-01T00:00:00+00:00"


def made(items: int, megabytes: int, *, word: str) -> bytes:
    """Return a package of so many items in a tree of hundreds, as a file of about that size."""
    filling = (word + " ") * max((megabytes * 1024 * 1024 // items - 900) // (len(word) + 1), 1)
    document = _node("document", title="Large", creator="A benchmark")
    nodes = [_node(f"item {one}", fullStatement=f"{one} {word}", notes=filling) for one in range(items)]
    edges = [
        _node(
            f"edge {one}",
            associationType="isChildOf",
            originNodeURI=_link(nodes[one]),
            destinationNodeURI=_link(nodes[one // 100] if one >= 100 else document),
        )
        for one in range(items)
    ]
    package = {"CFDocument": document, "CFItems": nodes, "CFAssociations": edges}
    return json.dumps(package).encode()


def _node(name: str, **fields: Any) -> dict[str, Any]:
    identifier = stable_identifier("benchmark", name)
    return {"identifier": identifier, "uri": f"https://x.example/{identifier}", "lastChangeDateTime": WHEN} | fields


def _link(node: dict[str, Any]) -> dict[str, Any]:
    return {"title": node.get("fullStatement", ""), "identifier": node["identifier"], "uri": node["uri"]}


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--items", default=ITEMS, show_default=True, help="How many items the framework has.")
@click.option("--megabytes", default=MEGABYTES, show_default=True, help="How large its file is.")
def main(items: int, megabytes: int) -> None:
    """Measure an import on a database of its own, which is gone afterwards."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    first, second = made(items, megabytes, word="competence"), made(items, megabytes, word="competency")
    click.echo(f"{items} items, {len(first) / 1024 / 1024:.0f} MB; {description()}")
    with _database() as place:
        _time("read, check and compare", lambda: _read(first, place))
        _time("import", _apply, place)
        _time("read again: nothing changes", lambda: _read(first, place))
        _time("read a newer file: everything changes", lambda: _read(second, place))
        _time("import the newer file", _apply, place)
        _time("write it as a file", _write, place)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    click.echo(f"{'most memory':40} {peak:8} MB")


def _time(what: str, work: Callable[..., object], *arguments: object) -> None:
    began = time.perf_counter()
    work(*arguments)
    took = time.perf_counter() - began
    click.echo(f"{what:40} {took:8.2f} s{'' if took < AIM else '  over the aim'}")


class _Place:
    """The organisation and the person that files are for and from."""

    def __init__(self) -> None:
        with transaction() as session:
            at = clock.now()
            lead = User(name="Lead", email="lead@bench.example", created_at=at)
            hospital = Organisation(name="Hospital", kind=OrganisationKind.HOSPITAL, created_at=at)
            session.add_all([lead, hospital])
            session.flush()
            self.lead_id, self.hospital_id = lead.id, hospital.id
        self.import_id: UUID | None = None


@contextmanager
def _database() -> Iterator[_Place]:
    with TemporaryDirectory() as folder, available(Settings(data_folder=Path(folder))) as settings:
        migrate(create_engine(settings.database_url or "", poolclass=pool.NullPool))
        app = create_app(settings)
        with app.app_context():
            yield _Place()
            database.session.remove()
            database.engine.dispose()


def _read(content: bytes, place: _Place) -> None:
    with transaction() as session:
        one = actions.hand_in(
            session,
            content,
            name="large.json",
            codec="case",
            owner={"organisation_id": place.hospital_id, "alliance_id": None},
            language="nl",
            by=session.get_one(User, place.lead_id),
            at=clock.now(),
        )
        place.import_id = one.id
    read_import(import_id=str(place.import_id))
    with transaction() as session:
        one = session.get_one(Import, place.import_id)
        if one.state is not ImportState.READY:
            raise click.ClickException(f"The import is {one.state}.")


def _apply(place: _Place) -> None:
    with transaction() as session:
        one = session.get_one(Import, place.import_id)
        actions.ask_to_apply(session, one, seen=one.compared_with, by=place.lead_id, at=clock.now())
    apply_import(import_id=str(place.import_id), user_id=str(place.lead_id))
    with transaction() as session:
        if session.get_one(Import, place.import_id).state is not ImportState.APPLIED:
            raise click.ClickException("The import is not applied.")


def _write(place: _Place) -> None:
    with transaction() as session:
        stored = session.query(FrameworkPackage).filter_by(organisation_id=place.hospital_id).one()
        written(package_in_full(session, stored))


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.importing")
