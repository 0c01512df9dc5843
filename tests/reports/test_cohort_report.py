"""The cohort report: the same figures as the cohort's page, on the web, in every file and from the command."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.cli import main
from lms.core.audit import AuditEntry, trail_of
from lms.core.db import database, transaction
from lms.progress.queries import cohort_matrix
from lms.progress.values import Selection, Shown
from lms.reports.cohort_report import cohort_report
from lms.reports.tables import Cell, Table
from tests.factories import NOW, TODAY, Ward, make_cohort, make_user
from tests.pages import Browser, text_of
from tests.reports.cohorts import EXPIRED_SINCE, Class
from tests.reports.examples import csv_lines, rows_of_csv, rows_of_json, rows_of_xlsx

ClientOf = Callable[[User | None], Browser]
BACK = {"csv": rows_of_csv, "xlsx": rows_of_xlsx, "json": rows_of_json}


@pytest.fixture
def classroom(session: Session) -> Class:
    return Class(session)


def table_of(session: Session, classroom: Ward, *, on: date = TODAY, **selection: object) -> Table:
    """Return the report in English, asked by the lead."""
    session.refresh(classroom.cohort, ["organisation"])
    matrix = cohort_matrix(session, classroom.cohort.id, on=on)
    with force_locale("en"):
        return cohort_report(
            session,
            classroom.cohort,
            matrix,
            selection=Selection(**selection),  # type: ignore[arg-type]
            asked_by=classroom.lead.name,
            asked_at=NOW,
        )


def cells_of(table: Table, trainee: str) -> dict[str, Cell]:
    """Return the cells of one trainee by the key of their column."""
    (row,) = (row for row in table.rows if str(row[0]).startswith(trainee))
    return dict(zip((column.key for column in table.columns), row, strict=True))


def test_a_trainee_has_place_days_trainers_and_sums(session: Session, classroom: Class) -> None:
    cells = cells_of(table_of(session, classroom), classroom.trainee.name)
    enrolment = classroom.enrolment
    assert cells["department"] == classroom.department.name
    assert cells["organisation"] == classroom.organisation.name
    assert cells["trainers"] == f"{classroom.trainer.name}, {classroom.second_trainer.name}"
    assert (cells["starts_on"], cells["planned_end_on"]) == (enrolment.starts_on, enrolment.planned_end_on)
    assert (cells["ended_on"], cells["end_reason"], cells["track"]) == (None, None, None)
    assert (cells["reached"], cells["waiting"]) == (1, 1)
    assert isinstance(cells["asked"], int)
    assert cells["asked"] > 1


def test_a_level_in_force_and_an_expired_one_stand_apart(session: Session, classroom: Class) -> None:
    table = table_of(session, classroom)
    names = ("level", "expired_level", "decided_on", "valid_until", "assessments")
    in_force, expired = (
        [cells_of(table, name)[f"onc-k1.{key}"] for key in names] for name in (classroom.trainee.name, "Eva")
    )
    assert in_force == ["4", None, TODAY - timedelta(days=20), TODAY + timedelta(days=300), 0]
    assert expired == [None, "4", TODAY - timedelta(days=90), EXPIRED_SINCE, 0]


def test_the_report_of_an_earlier_day_shows_what_was_in_force_then(session: Session, classroom: Class) -> None:
    table = table_of(session, classroom, on=EXPIRED_SINCE)
    assert cells_of(table, "Eva")["onc-k1.level"] == "4"
    table = table_of(session, classroom, on=TODAY - timedelta(days=30))
    assert cells_of(table, classroom.trainee.name)["onc-k1.level"] is None


def test_the_report_has_the_figures_of_the_cohort_matrix(session: Session, classroom: Class) -> None:
    matrix = cohort_matrix(session, classroom.cohort.id, on=TODAY)
    table = table_of(session, classroom)
    for row in matrix.rows:
        cells = cells_of(table, row.name)
        assert (cells["reached"], cells["asked"], cells["waiting"]) == (row.reached, row.asked, row.waiting)
        for column, cell in zip(matrix.columns, row.cells, strict=True):
            if column.scale and cell:
                in_force = cell.in_force
                assert cells[f"{column.key}.level"] == (in_force.code if in_force else None)
                assert cells[f"{column.key}.assessments"] == cell.rating_count


def test_no_two_columns_have_one_key(session: Session, classroom: Class) -> None:
    keys = [column.key for column in table_of(session, classroom).columns]
    assert len(keys) == len(set(keys))


def test_an_end_is_told_with_its_reason(session: Session, classroom: Class) -> None:
    cells = cells_of(table_of(session, classroom), "Gijs")
    assert (cells["ended_on"], cells["end_reason"]) == (TODAY - timedelta(days=5), "Left the programme")


@pytest.mark.parametrize(
    ("selection", "names"),
    [
        ({"shown": Shown.ENDED}, ["Gijs"]),
        ({"name": "eva"}, ["Eva"]),
        ({"shown": Shown.CURRENT, "name": "hyper"}, ["=HYPERLINK(1)"]),
        ({"track": "none-such"}, []),
    ],
)
def test_filters_choose_trainees(
    session: Session, classroom: Class, selection: dict[str, Any], names: list[str]
) -> None:
    rows = table_of(session, classroom, **selection).rows
    assert [str(row[0]).split()[0] for row in rows if str(row[0]) != classroom.trainee.name] == names


def test_the_filters_and_the_codes_are_explained(session: Session, classroom: Class) -> None:
    about = table_of(session, classroom, department=classroom.department.name, shown=Shown.CURRENT).about
    assert [(remark.key, remark.value) for remark in about.filters] == [
        ("department", classroom.department.name),
        ("shown", "only who has not ended"),
    ]
    legend = {remark.key: remark.value for remark in about.legend}
    assert "onc-k1" in legend
    assert any(key.endswith(".4") for key in legend)


def test_the_report_costs_one_statement_beside_the_matrix(
    session: Session, classroom: Class, statements: list[str]
) -> None:
    session.refresh(classroom.cohort, ["organisation"])
    matrix = cohort_matrix(session, classroom.cohort.id, on=TODAY)
    before = len(statements)
    with force_locale("en"):
        cohort_report(session, classroom.cohort, matrix, selection=Selection(), asked_by="", asked_at=NOW)
    assert len(statements) - before == 1


# On the web.


def test_the_page_shows_every_cell(client_of: ClientOf, session: Session, classroom: Class, today: date) -> None:
    page = client_of(classroom.lead).get(f"/cohorts/{classroom.cohort.id}/report")
    table = table_of(session, classroom)
    (shown,) = page.tree.iter("table")
    header = [text_of(cell) for cell in shown.iter("th") if cell.get("scope") == "col"]
    assert header == [column.title for column in table.columns]
    lines = [[cell for cell in line if cell.tag in {"th", "td"}] for line in shown.iter("tr")][1:]
    assert [[_read(cell) for cell in line] for line in lines] == [
        ["" if cell is None else str(cell) for cell in row] for row in table.rows
    ]
    for words in ("Asked by", classroom.lead.name, "State on", "20 Nov 2026", "None: everybody is in it"):
        assert words in page.text


def _read(cell: object) -> str:
    """Return what stands in a cell of the page; of a day what a machine reads."""
    times = list(cell.iter("time"))  # type: ignore[attr-defined]
    return times[0].get("datetime") if times else text_of(cell)  # type: ignore[arg-type]


def test_the_page_filters_by_its_address(client_of: ClientOf, classroom: Class, today: date) -> None:
    path = f"/cohorts/{classroom.cohort.id}/report?shown=ended&on=nonsense&start=x&department=&name=G"
    page = client_of(classroom.lead).get(path)
    assert "Trainees 1 to 1 of 1" in page.text
    assert "only who has ended" in page.text
    nobody = client_of(classroom.lead).get(f"/cohorts/{classroom.cohort.id}/report?name=zzz")
    assert "No trainees with these filters." in nobody.text


def test_a_long_cohort_has_pages(
    client_of: ClientOf, classroom: Class, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.reports.views.ROWS_ON_A_PAGE", 3)
    first = client_of(classroom.lead).get(f"/cohorts/{classroom.cohort.id}/report?shown=all&name=e")
    assert "Next trainees" in first.text
    (onward,) = (link for link in first.links() if "start=3" in link)
    assert "name=e" in onward
    second = client_of(classroom.lead).get(onward)
    assert "Earlier trainees" in second.text
    assert "Next trainees" not in second.text


@pytest.mark.parametrize("to", BACK)
def test_a_file_from_the_web_is_the_report_cell_for_cell(
    client_of: ClientOf, session: Session, classroom: Class, today: date, to: str
) -> None:
    answer = client_of(classroom.lead).send_raw(f"/cohorts/{classroom.cohort.id}/report/file", {"format": to})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=cohort-report-")
    assert answer.headers["Content-Disposition"].endswith(f"-2026-11-20.{to}")
    assert answer.headers["Cache-Control"] == "no-store"
    table = table_of(session, classroom)
    rows = [tuple(_unescaped(cell, to) for cell in row) for row in BACK[to](answer.data, table.columns)]
    assert rows == list(table.rows)


def _unescaped(cell: Cell, to: str) -> Cell:
    """Return a text without the apostrophe that a CSV file puts before a formula."""
    return cell[1:] if to == "csv" and isinstance(cell, str) and cell.startswith("'=") else cell


def test_the_button_on_the_page_takes_its_filters_along(
    client_of: ClientOf, session: Session, classroom: Class, today: date
) -> None:
    browser = client_of(classroom.auditor)
    page = browser.get(f"/cohorts/{classroom.cohort.id}/report?name=Eva&on=2026-11-19")
    form = page.form("/report/file")
    answer = browser.send_raw(form.get("action", ""), page.filled(form, {"format": "json"}), token=False)
    document = json.loads(answer.data)
    assert [row["trainee"].split()[0] for row in document["rows"]] == ["Eva"]
    assert document["about"]["on"] == "2026-11-19"
    (entry,) = trail_of(session, subject=classroom.cohort.id)
    assert (entry.action, entry.actor_id) == ("report.exported", classroom.auditor.id)
    assert entry.facts == {
        "after": {
            "report": "cohort-report",
            "format": "json",
            "on": "2026-11-19",
            "rows": 1,
            "filters": {"name": "Eva"},
        }
    }


def test_a_page_is_not_noted_and_a_strange_format_is_refused(
    client_of: ClientOf, session: Session, classroom: Class, today: date
) -> None:
    browser = client_of(classroom.lead)
    browser.get(f"/cohorts/{classroom.cohort.id}/report")
    page = browser.post(f"/cohorts/{classroom.cohort.id}/report/file", {"format": "text"}, status=422)
    assert "This is not stored yet" in page.text
    assert trail_of(session, subject=classroom.cohort.id) == []


READERS = {"lead": 200, "committee_member": 200, "auditor": 200, "trainer": 404, "administrator": 404, "trainee": 404}


@pytest.mark.parametrize("role", READERS)
def test_who_may_read_and_take_away(client_of: ClientOf, classroom: Class, today: date, role: str) -> None:
    browser = client_of(getattr(classroom, role))
    path = f"/cohorts/{classroom.cohort.id}/report"
    assert browser.raw(path).status_code == READERS[role]
    assert browser.send_raw(f"{path}/file", {"format": "csv"}).status_code == READERS[role]


def test_somebody_of_another_hospital_finds_nothing(client_of: ClientOf, session: Session, classroom: Class) -> None:
    elsewhere = Ward(session)
    client_of(elsewhere.lead).get(f"/cohorts/{classroom.cohort.id}/report", status=404)


def test_the_report_speaks_dutch(app: Flask, session: Session, classroom: Class, today: date) -> None:
    classroom.lead.language = "nl"
    session.flush()
    page = Browser(app, classroom.lead, language="nl").get(f"/cohorts/{classroom.cohort.id}/report")
    assert "Cohortrapport" in page.heading
    assert "niveau dat geldt" in page.text


# From the command line.


@pytest.fixture
def installation(own_database: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    with own_database.app_context():
        monkeypatch.setenv("DATABASE_URL", database.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("SECRET_KEY", "only for tests, " * 4)
    monkeypatch.setenv("BEKWAAM_MODE", "test")
    monkeypatch.setattr("lms.core.clock.now", lambda: NOW)
    return own_database


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["report", "cohort", *arguments])


def filled(app: Flask) -> tuple[str, str, Table]:
    """Fill the installation and return the key of the cohort, the lead's address, and the report."""
    with app.app_context(), transaction() as session:
        classroom = Class(session)
        return str(classroom.cohort.id), classroom.lead.email, table_of(session, classroom)


def entries(app: Flask, cohort: str) -> list[AuditEntry]:
    with app.app_context():
        return [entry for entry in trail_of(database.session) if str(entry.subject_id) == cohort]  # type: ignore[arg-type]


@pytest.mark.parametrize("to", BACK)
def test_the_command_writes_the_same_cells(installation: Flask, tmp_path: Path, to: str) -> None:
    cohort, lead, table = filled(installation)
    file = tmp_path / f"report.{to}"
    result = run(cohort, "--format", to, "--output", str(file), "--language", "en", "--as", lead)
    assert result.exit_code == 0, result.output
    assert f"Wrote 4 trainees to {file}." in result.stderr
    rows = [tuple(_unescaped(cell, to) for cell in row) for row in BACK[to](file.read_bytes(), table.columns)]
    assert rows == list(table.rows)
    assert file.stat().st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == [file]
    (entry,) = entries(installation, cohort)
    assert entry.facts["after"]["format"] == to


def test_the_command_shows_a_table_on_the_terminal(installation: Flask) -> None:
    cohort, _lead, table = filled(installation)
    result = run(cohort, "--shown", "ended", "--language", "en")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].startswith("Trainee")
    assert lines[2].startswith("Gijs Gone")
    assert "Asked by: The operator of this installation" in lines
    assert "Report: " + table.title in lines
    (entry,) = entries(installation, cohort)
    assert entry.actor_id is None


def test_a_terminal_shows_how_far_the_report_is(
    installation: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cohort, _lead, _table = filled(installation)
    arguments = (cohort, "--format", "csv", "--output", str(tmp_path / "report.csv"), "--language", "en")
    assert "Writing the report" not in run(*arguments).stderr
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "Writing the report" in run(*arguments).stderr


def test_the_command_takes_the_name_of_a_cohort_and_speaks_dutch(installation: Flask) -> None:
    cohort, _lead, table = filled(installation)
    name = table.title.removeprefix("Cohort report: ").rpartition(", ")[0]
    result = run(name, "--format", "csv", "--name", "Eva", "--on", "2026-11-19")
    assert result.exit_code == 0, result.output
    assert csv_lines(result.stdout_bytes)[0][0] == "Student"
    assert entries(installation, cohort)[0].facts["after"]["on"] == "2026-11-19"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none-such"], "There is no cohort with the name or key none-such."),
        (["{cohort}", "--as", "nobody@example.org"], "There is no account with the e-mail address nobody@example.org."),
        (["{cohort}", "--department", "Nowhere"], "--department Nowhere is not in this cohort; there is: "),
        (["{cohort}", "--track", "north"], "--track north is not in this cohort; there is: none."),
        (["{cohort}", "--format", "pdf"], "Invalid value for '--format'"),
    ],
)
def test_a_slip_is_refused_in_a_sentence(installation: Flask, arguments: list[str], said: str) -> None:
    cohort, _lead, _table = filled(installation)
    result = run(*(argument.format(cohort=cohort) for argument in arguments))
    assert result.exit_code == 2
    assert said in result.stderr
    assert entries(installation, cohort) == []


def test_a_name_that_several_cohorts_have_is_refused(installation: Flask) -> None:
    cohort, _lead, table = filled(installation)
    name = table.title.removeprefix("Cohort report: ").rpartition(", ")[0]
    with installation.app_context(), transaction() as session:
        elsewhere = Ward(session)
        elsewhere.cohort.name = name
    result = run(name)
    assert result.exit_code == 2
    assert f"Several cohorts are called {name}; name one by its key: " in result.stderr
    assert cohort in result.stderr


def test_an_account_that_may_not_read_is_refused(installation: Flask) -> None:
    cohort, _lead, _table = filled(installation)
    with installation.app_context(), transaction() as session:
        stranger = make_user(session).email
    result = run(cohort, "--as", stranger)
    assert result.exit_code == 9
    assert result.stderr == f"{stranger} may not read the trainees of this cohort.\n"
    assert entries(installation, cohort) == []


def test_a_file_that_cannot_be_written_leaves_nothing(installation: Flask, tmp_path: Path) -> None:
    cohort, _lead, _table = filled(installation)
    result = run(cohort, "--format", "json", "--output", str(tmp_path / "no" / "where.json"))
    assert result.exit_code == 10
    assert "The report cannot be written to" in result.stderr
    target = tmp_path / "folder"
    target.mkdir()
    result = run(cohort, "--format", "json", "--output", str(target))
    assert result.exit_code == 10
    assert list(tmp_path.iterdir()) == [target]
    assert list(target.iterdir()) == []


def test_an_empty_cohort_has_a_report(client_of: ClientOf, session: Session, classroom: Class) -> None:
    empty = make_cohort(session, classroom.organisation, classroom.lead)
    page = client_of(classroom.lead).get(f"/cohorts/{empty.id}/report")
    assert "No trainees with these filters." in page.text
