"""The whole loop in a real browser, in both languages: from an activity on a phone to the same cell in every file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lms.core import clock
from lms.reports.formats import Format
from lms.reports.tables import Column, ColumnKind, Row
from tests.browser.serving import Site
from tests.browser.steps import (
    LEAD,
    READY,
    TRAINEE,
    TRAINER,
    decide,
    log_and_ask,
    name_on,
    rate,
    read_decision,
    read_rating,
    see_in_cohort,
    taken_away,
)
from tests.browser.visiting import LAPTOP, PHONE, People
from tests.reports.examples import rows_of_csv, rows_of_json, rows_of_xlsx
from tests.words import Words, words_in

pytestmark = pytest.mark.browser

READ_BACK = {Format.CSV: rows_of_csv, Format.XLSX: rows_of_xlsx, Format.JSON: rows_of_json}
COMMENT = "Rustig & zeker; “let op je tempo”."


@pytest.mark.parametrize("language", ["nl", "en"])
def test_from_an_activity_to_the_report(people: People, own_site: Site, language: str) -> None:
    said = words_in(language)
    with people.page_of(TRAINEE, language, PHONE) as trainee, people.page_of(TRAINER, language, PHONE) as trainer:
        trainer.goto("/")
        note = f"Infuus aangelegd ({language})"
        activity = log_and_ask(trainee, said, note=note, of=name_on(trainer))
        rate(trainer, said, note=note, comment=COMMENT)
        read_rating(trainee, activity, comment=COMMENT)
        level = decide(trainer, said, trainee_name=name_on(trainee))
        read_decision(trainee, said, level)
        trainee_name = name_on(trainee)
    with people.page_of(LEAD, language, LAPTOP) as lead:
        see_in_cohort(lead, trainee_name, level)
        compare_files(lead, own_site, said, trainee_name, level)


def compare_files(page: Page, site: Site, said: Words, trainee_name: str, level: str) -> None:
    """Take the report away in every format, from the page and by the command, and compare them cell by cell."""
    cohort = page.url.rpartition("/")[2]
    page.get_by_role("link", name=said("Cohort report")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        page.get_by_role("link", name="Oncologie").inner_text()
    )
    from_page = {to: taken_away(page, to, site.folder) for to in READ_BACK}
    by_command = {to: written(site, cohort, to, page.locator("html").get_attribute("lang")) for to in READ_BACK}
    columns = columns_of(from_page[Format.JSON])
    tables = [READ_BACK[to](file, columns) for files in (from_page, by_command) for to, file in files.items()]
    assert len(tables) == 6
    assert all(table == tables[0] for table in tables)
    assert shown_on(page) == [[column.title for column in columns], *map(as_shown, tables[0])]
    mine = dict(zip((column.key for column in columns), row_of(trainee_name, tables[0]), strict=True))
    assert (mine[f"{READY.lower()}.level"], mine[f"{READY.lower()}.decided_on"]) == (level, clock.today())


def written(site: Site, cohort: str, to: Format, language: str | None) -> bytes:
    """Return the file that the operator's command writes."""
    file = site.folder / f"by-command.{to}"
    command = [str(Path(sys.executable).with_name("bekwaam")), "report", "cohort", cohort]
    options = [f"--format={to}", f"--output={file}", f"--language={language}", f"--as={LEAD}"]
    subprocess.run([*command, *options], env=site.environment, check=True, capture_output=True)
    return file.read_bytes()


def columns_of(content: bytes) -> tuple[Column, ...]:
    """Return the columns that a JSON file says it has."""
    return tuple(Column(one["key"], one["title"], ColumnKind(one["kind"])) for one in json.loads(content)["columns"])


def shown_on(page: Page) -> list[list[str]]:
    """Return the table of the page, days as they are meant for machines."""
    cells = "row => [...row.cells].map(cell => cell.querySelector('time')?.dateTime ?? cell.innerText.trim())"
    shown: list[list[str]] = page.locator("main table").evaluate(f"table => [...table.rows].map({cells})")
    return shown


def as_shown(row: Row) -> list[str]:
    """Return the cells of a row as a page says them."""
    return ["" if cell is None else str(cell) for cell in row]


def row_of(name: str, table: list[Row]) -> Row:
    """Return the row of that trainee."""
    return next(row for row in table if row[0] == name)
