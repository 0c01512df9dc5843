"""`bekwaam programmes`: check and load files from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competencies.catalogue import FOLDER
from lms.curriculum.models import ProgrammeVersion
from lms.curriculum.schemas.files import read_file
from lms.curriculum.schemas.writing import as_json
from lms.operations.programmes import REFUSED, programmes


def ran(*arguments: str | Path) -> Result:
    return CliRunner().invoke(programmes, [str(argument) for argument in arguments], catch_exceptions=False)


def versions(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(ProgrammeVersion)) or 0


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    file = tmp_path / "opleiders.yaml"
    file.write_text((FOLDER / "opleiders.yaml").read_text().replace("2026.1-draft", "2026.2-draft"))
    return file


def test_a_file_is_loaded_once(session: Session, newer: Path) -> None:
    first, second = ran("load", newer), ran("load", newer)
    assert (first.exit_code, first.stdout) == (0, "Loaded: opleiders\n")
    assert (second.exit_code, second.stdout) == (0, "Loaded already: opleiders\n")
    assert versions(session) == 8


def test_the_catalogue_is_loaded_already(session: Session) -> None:
    result = ran("load", "--catalogue")
    assert result.exit_code == 0
    assert result.stdout.count("Loaded already: ") == 9


def test_checking_loads_nothing(session: Session, newer: Path) -> None:
    result = ran("check", newer)
    assert (result.exit_code, result.stdout) == (0, "Everything is in order.\n")
    assert versions(session) == 7


@pytest.mark.parametrize("command", ["load", "check"])
def test_a_wrong_file_is_refused_with_every_problem_at_its_line(command: str, session: Session, newer: Path) -> None:
    newer.write_text(newer.read_text().replace("  status: draft", "  status: vast\n  colour: red"))
    result = ran(command, newer)
    assert result.exit_code == REFUSED
    assert result.stderr.splitlines() == [
        f"{newer}:8: programme.status: This must be one of: draft, adopted, retired.",
        f"{newer}:9: programme.colour: This key is not known here.",
        "2 problems: nothing is loaded.",
    ]
    assert versions(session) == 7


def test_one_wrong_file_keeps_all_others_out(session: Session, newer: Path, tmp_path: Path) -> None:
    wrong, missing = tmp_path / "wrong.yaml", tmp_path / "missing.yaml"
    wrong.write_text("a: 1\na: 2\n")
    result = ran("load", newer, wrong, missing)
    assert result.exit_code == REFUSED
    assert f"{wrong}:2: a: This key is here twice." in result.stderr
    assert f"{missing}: This file cannot be opened: No such file or directory." in result.stderr
    assert versions(session) == 7


def test_a_published_version_that_changed_is_refused(session: Session, newer: Path) -> None:
    newer.write_text((FOLDER / "opleiders.yaml").read_text().replace("min: 6, max: 9", "min: 7, max: 9"))
    result = ran("load", newer)
    assert result.exit_code == REFUSED
    assert result.stderr.startswith("Version 2026.1-draft of opleiders is loaded already, with other content.")


def test_the_problems_are_said_in_dutch_on_request(session: Session, newer: Path) -> None:
    newer.write_text(newer.read_text().replace("  status: draft", "  staat: draft"))
    result = ran("check", newer, "--language", "nl")
    assert "Deze sleutel ontbreekt." in result.stderr
    assert "2 problemen: er is niets geladen." in result.stderr


def test_loading_nothing_is_wrong_use(session: Session) -> None:
    assert ran("load").exit_code == 2
    assert ran("check").exit_code == 2


def test_a_file_in_json_is_loaded_as_one_in_yaml(session: Session, newer: Path) -> None:
    file = newer.with_suffix(".json")
    file.write_bytes(as_json(read_file(newer).data))
    assert ran("load", file).stdout == "Loaded: opleiders\n"
    assert ran("load", newer).stdout == "Loaded already: opleiders\n"
