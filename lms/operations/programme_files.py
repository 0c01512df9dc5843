"""`bekwaam programmes export`, `schema` and `workbook`: programmes and what belongs to them, written to a file."""

from __future__ import annotations

import json
import sys

import click
from flask import current_app
from flask_babel import force_locale
from sqlalchemy.orm import Session

from lms.core import clock, db
from lms.core.words import LANGUAGES
from lms.curriculum.models import ProgrammeVersion
from lms.curriculum.queries import latest_version_of
from lms.curriculum.schemas.checking import SCHEMAS
from lms.curriculum.schemas.published import json_schema
from lms.exchange.actions.programmes import note_programme_taken_away, note_shared_file_taken_away
from lms.exchange.package_files import PackageFile
from lms.exchange.programme_files import FORMATS, SHARED, empty_workbook, programme_file, shared_file
from lms.exchange.queries.wholes import catalogue_file, version_called
from lms.reports.output import STANDARD_OUTPUT, place

NOT_WRITTEN = 10
SHARED_NAMES = frozenset(one.partition(".")[0] for one in SHARED)
EXIT_CODES = "Exit codes: 0 written, 2 wrong use: also a programme that is not there, 10 the file cannot be written."

OUTPUT = click.option("--output", default=STANDARD_OUTPUT, help="The file; - is the terminal.", show_default=True)
LANGUAGE = click.option(
    "--language", type=click.Choice(LANGUAGES), default="nl", show_default=True, help="Of titles, hints and Moodle."
)


@click.command(epilog=EXIT_CODES)
@click.argument("key")
@click.option("--version", "version", default=None, help="The version; the one that counts today where not given.")
@click.option("--format", "to", type=click.Choice(list(FORMATS)), default="yaml", show_default=True)
@OUTPUT
@LANGUAGE
def export(key: str, version: str | None, to: str, output: str, language: str) -> None:
    """Write the programme with that KEY to a file; the keys scales and vocabulary are what all programmes share.

    What is taken away is noted in the audit record, as taken by the operator.
    """
    with force_locale(language), db.transaction() as session:
        file = _shared(session, key, to) if key in SHARED_NAMES else _programme(session, key, version, to)
        _write(file, output)


def _programme(session: Session, key: str, version: str | None, to: str) -> PackageFile:
    found = version_called(session, key, version) if version else latest_version_of(session, key)
    if found is None:
        raise click.UsageError(f"There is no programme {key}{f' with a version {version}' if version else ''}.")
    return _noted(session, found, to)


def _noted(session: Session, version: ProgrammeVersion, to: str) -> PackageFile:
    note_programme_taken_away(session, version, to=to, by=None, at=clock.now())
    return programme_file(session, version, to, site=str(current_app.config["BEKWAAM"].public_url))


def _shared(session: Session, name: str, to: str) -> PackageFile:
    if f"{name}.{to}" not in SHARED:
        raise click.UsageError(f"The {name} can be written as yaml or json.")
    note_shared_file_taken_away(session, catalogue_file(session, name), to=to, by=None, at=clock.now())
    return shared_file(session, name, to)


@click.command(epilog=EXIT_CODES)
@click.argument("kind", type=click.Choice(list(SCHEMAS)), default="bekwaam-curriculum/1")
@OUTPUT
def schema(kind: str, output: str) -> None:
    """Write the JSON Schema of a KIND of curriculum file."""
    content = json.dumps(json_schema(kind), ensure_ascii=False, indent=2).encode() + b"\n"
    _write(PackageFile(kind, "application/schema+json", content), output)


@click.command(epilog=EXIT_CODES)
@OUTPUT
@LANGUAGE
def workbook(output: str, language: str) -> None:
    """Write the empty workbook in which somebody can write a new programme down."""
    with force_locale(language):
        _write(empty_workbook(db.session()), output)


def _write(file: PackageFile, output: str) -> None:
    if output == STANDARD_OUTPUT and file.name.endswith(".xlsx") and sys.stdout.isatty():
        raise click.UsageError("A workbook cannot be shown on a terminal: name a file with --output.")
    try:
        with place(output) as target:
            target.write(file.content)
    except OSError as wrong:
        click.echo(f"The file cannot be written to {output}: {wrong.strerror or wrong}.", err=True)
        sys.exit(NOT_WRITTEN)
