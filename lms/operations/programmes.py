"""The operator's commands on curriculum files, to run inside the app: check some, load some, load all that ship."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click
from flask_babel import force_locale

from competencies.catalogue import catalogue_files
from competencies.errors import RuleBroken
from lms.core import clock, db
from lms.core.words import LANGUAGES, _, ngettext, rule_text
from lms.curriculum.actions import CatalogueSummary, load_files
from lms.curriculum.schemas.files import read_file
from lms.curriculum.schemas.problems import CurriculumRefused, Problem
from lms.curriculum.schemas.source import Document
from lms.operations.programme_files import export, schema, workbook
from lms.search.actions import index_missing

REFUSED = 9
"""The exit code when a file is refused."""

EXIT_CODES = "Exit codes: 0 in order, 2 wrong use, 9 refused; every problem is said as file:line: path: message."

FILES = click.argument("files", nargs=-1, type=click.Path(path_type=Path))
LANGUAGE = click.option("--language", type=click.Choice(LANGUAGES), default="en", help="The language of the messages.")


@click.group()
def programmes() -> None:
    """Check and load curriculum files, and write them."""


for _command in (export, schema, workbook):
    programmes.add_command(_command)


@programmes.command(epilog=EXIT_CODES)
@FILES
@click.option("--catalogue", is_flag=True, help="Load the files that ship with Bekwaam.")
@LANGUAGE
def load(files: tuple[Path, ...], *, catalogue: bool, language: str) -> None:
    """Load curriculum FILES: all of them, or nothing when one is refused.

    Scales, vocabulary and programmes may come in any order. What is loaded already stays as it is.
    """
    chosen = [*files, *(catalogue_files().values() if catalogue else ())]
    if not chosen:
        raise click.UsageError("Name a file, or use --catalogue.")
    with force_locale(language):
        summary = _loaded(chosen, keep=True)
        for name in summary.loaded:
            click.echo(_("Loaded: %(name)s", name=name))
        for name in summary.unchanged:
            click.echo(_("Loaded already: %(name)s", name=name))


@programmes.command(epilog=EXIT_CODES)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@LANGUAGE
def check(files: tuple[Path, ...], language: str) -> None:
    """Say whether curriculum FILES could be loaded, and load nothing."""
    with force_locale(language):
        _loaded(files, keep=False)
        click.echo(_("Everything is in order."))


def _loaded(files: Sequence[Path], *, keep: bool) -> CatalogueSummary:
    """Load the files and return what that did; undo it again unless it is to be kept. Leave when one is refused."""
    try:
        with db.transaction() as session:
            summary = load_files(session, _read(files), by=None, at=clock.now())
            if keep:
                index_missing(session)
            else:
                session.rollback()
    except CurriculumRefused as refused:
        _leave(refused.errors)
    except RuleBroken as broken:
        click.echo(rule_text(broken), err=True)
        sys.exit(REFUSED)
    return summary


def _read(files: Sequence[Path]) -> list[Document]:
    """Return the documents of the files, or raise CurriculumRefused with what cannot be read in any of them."""
    documents: list[Document] = []
    problems: list[Problem] = []
    for file in files:
        try:
            documents.append(read_file(file))
        except CurriculumRefused as refused:
            problems += refused.errors
    if problems:
        raise CurriculumRefused(problems)
    return documents


def _leave(problems: Sequence[Problem]) -> NoReturn:
    for problem in problems:
        click.echo(str(problem), err=True)
    click.echo(
        ngettext("%(num)s problem: nothing is loaded.", "%(num)s problems: nothing is loaded.", len(problems)), err=True
    )
    sys.exit(REFUSED)
