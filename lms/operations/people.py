"""The operator's commands that open a new installation: its organisations, alliances, accounts and first roles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TypeVar

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from competencies.people import OrganisationKind, Role
from lms.accounts.actions import change_password, create_user
from lms.accounts.passwords import LONGEST, SHORTEST
from lms.accounts.queries import user_by_email
from lms.core import clock, db
from lms.core.words import rule_text
from lms.operations.refusals import CannotRun, ExitCode
from lms.organisations import actions
from lms.organisations.models import Alliance, Organisation

T = TypeVar("T", Organisation, Alliance)
DAY = click.DateTime(["%Y-%m-%d"])


@contextmanager
def changing() -> Iterator[Session]:
    """Open one change of the installation; a rule that is broken ends the command with its words."""
    try:
        with db.transaction() as session:
            yield session
    except RuleBroken as broken:
        raise CannotRun(ExitCode.REFUSED, rule_text(broken)) from broken


def named(session: Session, kind: type[T], name: str) -> T:
    """Return the organisation or alliance of that name; refuse one that is not there."""
    thing = session.scalar(select(kind).where(kind.name == name))
    if thing is None:
        raise CannotRun(ExitCode.REFUSED, f"There is no {kind.__name__.lower()} called “{name}”.")
    return thing


def asked_password() -> str:
    """Ask for a password twice; it is neither shown nor taken from the command line, where others could read it."""
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if not SHORTEST <= len(password) <= LONGEST:
        raise CannotRun(ExitCode.REFUSED, f"A password has {SHORTEST} to {LONGEST} characters.")
    return password


@click.group()
def account() -> None:
    """Make accounts and give them passwords."""


@account.command("create")
@click.argument("email")
@click.argument("name")
def create_account(email: str, name: str) -> None:
    """Make an account for NAME, who signs in with EMAIL and the password that this asks for."""
    password = asked_password()
    with changing() as session:
        create_user(session, email=email, name=name, password=password, by=None, at=clock.now())
    click.echo(f"{name} can sign in with {email}.")


@account.command("password")
@click.argument("email")
def set_password(email: str) -> None:
    """Give the account of EMAIL a new password and sign it out everywhere."""
    password = asked_password()
    with changing() as session:
        user = user_by_email(session, email)
        if user is None:
            raise RuleBroken("account_unknown", email=email)
        change_password(session, user, password=password, at=clock.now())
    click.echo(f"{email} has a new password and is signed out everywhere.")


@click.group()
def organisation() -> None:
    """Make organisations and alliances."""


@organisation.command("create")
@click.argument("name")
@click.option("--kind", type=click.Choice([kind.value for kind in OrganisationKind]), default="hospital")
def create_organisation(name: str, kind: str) -> None:
    """Make an organisation called NAME."""
    with changing() as session:
        actions.create_organisation(session, name=name, kind=OrganisationKind(kind), by=None, at=clock.now())
    click.echo(f"{name} is there.")


@organisation.command("ally")
@click.argument("alliance_name", metavar="ALLIANCE")
@click.argument("members", nargs=-1, required=True)
@click.option("--since", type=DAY, default=None, help="First day of membership; today where not given.")
def ally(alliance_name: str, members: tuple[str, ...], since: date | None) -> None:
    """Make the MEMBERS, by name, members of ALLIANCE, which is made where it is missing."""
    with changing() as session:
        now = clock.now()
        alliance = session.scalar(select(Alliance).where(Alliance.name == alliance_name))
        alliance = alliance or actions.create_alliance(session, name=alliance_name, by=None, at=now)
        for name in members:
            member = named(session, Organisation, name)
            actions.join_alliance(session, alliance, member, since=since or clock.day_of(now), by=None, at=now)
    click.echo(f"{alliance_name} has {len(members)} more members.")


@click.command("role")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.argument("place")
@click.option("--since", type=DAY, default=None, help="First day of the role; today where not given.")
def give_role(email: str, role: str, place: str, since: date | None) -> None:
    """Give the account of EMAIL a ROLE in PLACE: an organisation, or for a regional coordinator an alliance."""
    with changing() as session:
        user = user_by_email(session, email)
        if user is None:
            raise RuleBroken("account_unknown", email=email)
        now, regional = clock.now(), Role(role) is Role.REGIONAL_COORDINATOR
        actions.give_role(
            session,
            user,
            Role(role),
            alliance_id=named(session, Alliance, place).id if regional else None,
            organisation_id=None if regional else named(session, Organisation, place).id,
            since=since or clock.day_of(now),
            by=None,
            at=now,
        )
    click.echo(f"{email} is {role.replace('_', ' ')} in {place}.")
