"""`bekwaam search`: is the index what the curriculum says, and make it anew."""

from __future__ import annotations

import sys

import click

from lms.core import db
from lms.search import actions

DIFFERENT = 1


@click.group()
def search() -> None:
    """Check the search index, and make it anew."""


@search.command(epilog="Exit codes: 0 equal, 1 something differs.")
def check() -> None:
    """Compare every entry and word of the index with the curriculum, and change nothing."""
    if found := actions.differences(db.session()):
        click.echo(f"{found} entries and words differ from the curriculum: run bekwaam search rebuild.", err=True)
        sys.exit(DIFFERENT)
    click.echo("The index says what the curriculum says.")


@search.command(epilog="Exit codes: 0 done.")
def rebuild() -> None:
    """Make the index anew from the curriculum, and say how many entries and words were different."""
    with db.transaction() as session:
        found = actions.differences(session)
        actions.rebuild(session)
    click.echo(f"Made the index anew; {found} entries and words were different.")
