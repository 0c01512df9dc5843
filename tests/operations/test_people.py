"""Opening a new installation from the terminal: organisations, accounts and first roles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy.orm import Session

from competencies.people import Role
from lms.accounts.passwords import matches
from lms.accounts.queries import user_by_email
from lms.operations.people import account, give_role, organisation
from lms.operations.refusals import CannotRun
from lms.organisations.permissions import duties_of

Run = Callable[..., Result]
PASSWORD = "a long enough password"


@pytest.fixture
def run(app: Flask, session: Session) -> Run:
    """Return what runs a command as the terminal does, inside the app."""

    def _run(command: click.Command, *arguments: str, typed: str = "") -> Result:
        result = CliRunner().invoke(command, list(arguments), input=typed)
        session.expire_all()
        return result

    return _run


def test_an_operator_opens_an_installation(run: Run, session: Session, today: date) -> None:
    assert run(organisation, "create", "Noord").exit_code == 0
    assert run(account, "create", "first@example.org", "First Person", typed=f"{PASSWORD}\n{PASSWORD}\n").exit_code == 0
    assert run(give_role, "first@example.org", "organisation_administrator", "Noord").exit_code == 0
    user = user_by_email(session, "first@example.org")
    assert user is not None
    assert matches(PASSWORD, user.password_hash)
    assert duties_of(user.id, on=today).has(Role.ORGANISATION_ADMINISTRATOR)


def test_a_regional_coordinator_gets_the_role_in_an_alliance(run: Run, session: Session, today: date) -> None:
    run(organisation, "create", "Oost")
    run(organisation, "create", "West", "--kind", "ambulance_service")
    assert run(organisation, "ally", "Samen", "Oost", "West").exit_code == 0
    run(account, "create", "region@test.example.org", "Coordinator", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert run(give_role, "region@test.example.org", "regional_coordinator", "Samen").exit_code == 0
    user = user_by_email(session, "region@test.example.org")
    assert user is not None
    assert duties_of(user.id, on=today).has(Role.REGIONAL_COORDINATOR)


def test_the_password_is_neither_shown_nor_short(run: Run) -> None:
    shown = run(account, "create", "a@example.org", "A", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert PASSWORD not in shown.output
    short = run(account, "create", "b@example.org", "B", typed="short\nshort\n")
    assert isinstance(short.exception, CannotRun)


@pytest.mark.parametrize(
    ("command", "arguments", "typed", "said"),
    [
        (give_role, ("nobody@example.org", "trainer", "Noord"), "", "Nobody has an account"),
        (account, ("password", "nobody@example.org"), f"{PASSWORD}\n{PASSWORD}\n", "Nobody has an account"),
        (organisation, ("ally", "Samen", "Nergens"), "", "no organisation called"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    run: Run, command: click.Command, arguments: tuple[str, ...], typed: str, said: str
) -> None:
    refused = run(command, *arguments, typed=typed)
    assert isinstance(refused.exception, CannotRun)
    assert said in str(refused.exception)


def test_a_new_password_opens_the_account(run: Run, session: Session) -> None:
    run(account, "create", "c@example.org", "C", typed=f"{PASSWORD}\n{PASSWORD}\n")
    changed = "another long password"
    assert run(account, "password", "c@example.org", typed=f"{changed}\n{changed}\n").exit_code == 0
    user = user_by_email(session, "c@example.org")
    assert user is not None
    assert matches(changed, user.password_hash)
