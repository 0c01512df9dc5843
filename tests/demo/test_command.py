"""`bekwaam demo`, as an operator types it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, pool, select
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.accounts.passwords import DEMO_PASSWORD, matches
from lms.demo.commands import demo
from lms.operations.app_commands import in_app
from lms.operations.refusals import ExitCode


def test_the_command_loads_once_and_refuses_the_second_time_in_one_sentence(
    copy_of_filled: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = copy_of_filled()
    monkeypatch.setenv("DATABASE_URL", url)
    first = CliRunner().invoke(in_app(demo), ["--size", "S", "--seed", "3"])
    assert (first.exit_code, first.output) == (0, "Loaded the demonstration of size S.\n")
    second = CliRunner().invoke(in_app(demo), ["--size", "S"])
    assert second.exit_code == ExitCode.REFUSED
    assert second.stderr.count("\n") == 1
    assert "already" in second.stderr
    with Session(create_engine(url, poolclass=pool.NullPool)) as session:
        trainee = session.scalars(select(User).where(User.email == "trainee@example.org")).one()
        assert matches(DEMO_PASSWORD, trainee.password_hash)
