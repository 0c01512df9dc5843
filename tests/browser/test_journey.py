"""The whole loop in a real browser, in both languages: from an activity on a phone to the same cell in every file."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lms.core import clock
from lms.reports.formats import Format
from lms.reports.tables import Column, ColumnKind, Row
from tests.browser.serving import Site
from tests.browser.visiting import LAPTOP, PHONE, People, has_sideways_scroll
from tests.reports.examples import rows_of_csv, rows_of_json, rows_of_xlsx
from tests.words import Words, words_in

pytestmark = pytest.mark.browser

TRAINEE, TRAINER, LEAD = "trainee@example.org", "trainer@example.org", "lead@example.org"
RATED, READY, READY_KEY = "LZ-ONC-2", "ONC-K3", "onc-k3"
"""The EPA that is assessed, and the one of the demonstration trainee whose requirements are met."""
READ_BACK = {Format.CSV: rows_of_csv, Format.XLSX: rows_of_xlsx, Format.JSON: rows_of_json}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_from_an_activity_to_the_report(people: People, own_site: Site, language: str) -> None:
    said = words_in(language)
    with people.page_of(TRAINEE, language, PHONE) as trainee, people.page_of(TRAINER, language, PHONE) as trainer:
        trainer.goto("/")
        note = f"Infuus aangelegd ({language})"
        activity = log_and_ask(trainee, said, note=note, of=name_on(trainer))
        rate(trainer, said, note=note, comment="Rustig & zeker; “let op je tempo”.")
        read_rating(trainee, said, activity)
        level = decide(trainer, said, trainee_name=name_on(trainee))
        read_decision(trainee, said, level)
        trainee_name = name_on(trainee)
    with people.page_of(LEAD, language, LAPTOP) as lead:
        see_in_cohort(lead, trainee_name, level)
        compare_files(lead, own_site, said, trainee_name, level)


def name_on(page: Page) -> str:
    """Return the name of who is signed in, as the page says it."""
    return page.locator(".account a").inner_text() or page.locator(".account a").text_content() or ""


def arrived(page: Page, heading: str | re.Pattern[str]) -> None:
    """Wait for the page with that heading, which must fit its window."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert not has_sideways_scroll(page)


def log_and_ask(page: Page, said: Words, *, note: str, of: str) -> str:
    """Log an activity, ask for an assessment of it, and return the address of the activity."""
    page.goto("/")
    page.get_by_role("link", name=said("Log an activity")).first.click()
    arrived(page, said("Log an activity"))
    page.locator("#note").fill(note)
    page.locator("#kind").select_option("procedure")
    page.get_by_role("checkbox", name=re.compile(rf"\b{RATED}\b")).check()
    page.get_by_role("button", name=said("Log"), exact=True).click()
    arrived(page, said("Ask for an assessment"))
    page.locator("#assessors").select_option(label=of)
    page.locator("#way").select_option("kpb:")
    page.get_by_role("button", name=said("Ask"), exact=True).click()
    arrived(page, note)
    expect(page.get_by_role("status")).to_contain_text(said("The assessment is asked for."))
    expect(page.get_by_role("link", name=of)).to_be_visible()
    return page.url


def rate(page: Page, said: Words, *, note: str, comment: str) -> None:
    """Find the request in the queue and answer it."""
    page.goto("/")
    page.get_by_role("button", name=said("Menu")).click()
    page.get_by_role("navigation").get_by_role("link", name=said("To assess")).click()
    arrived(page, said("To assess"))
    page.get_by_role("listitem").filter(has_text=note).get_by_role("link").click()
    arrived(page, re.compile(re.escape(said("Assess %(name)s").replace("%(name)s", ""))))
    page.locator("input[name=level][value='3']").check()
    page.locator("#comment").fill(comment)
    page.get_by_role("button", name=said("Give this assessment")).click()
    arrived(page, said("To assess"))
    expect(page.get_by_role("listitem").filter(has_text=note)).to_have_count(0)


def read_rating(page: Page, said: Words, activity: str) -> None:
    """Read what was given, with its words."""
    page.goto(activity)
    page.locator(".entries").get_by_role("link").click()
    expect(page.get_by_role("main")).to_contain_text("Rustig & zeker; “let op je tempo”.")
    expect(page.locator("main .level b")).to_have_text("3")
    assert not has_sideways_scroll(page)


def decide(page: Page, said: Words, *, trainee_name: str) -> str:
    """Decide on the EPA that is ready, at the level that the programme asks, and return its code."""
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name=trainee_name).first.click()
    page.get_by_role("row").filter(has_text=re.compile(rf"\b{READY}\b")).get_by_role("link").first.click()
    expect(page.get_by_role("main")).to_contain_text(said("Requirements met"))
    assert not has_sideways_scroll(page)
    page.get_by_role("link", name=said("Decide on this EPA")).click()
    arrived(page, re.compile(READY))
    expect(page.get_by_role("main")).to_contain_text(said("All requirements are met"))
    level = page.locator("input[name=level]:checked").get_attribute("value") or ""
    page.locator("#remark").fill("Alle bewijs bekeken.")
    page.get_by_role("button", name=said("Record the decision")).click()
    expect(page.get_by_role("status")).to_contain_text(
        said("The decision is recorded, with the evidence that counted.")
    )
    expect(page.get_by_role("main")).to_contain_text(said("All requirements were met."))
    assert not has_sideways_scroll(page)
    return level


def read_decision(page: Page, said: Words, level: str) -> None:
    """See as a trainee that the level is in force."""
    page.goto("/")
    page.get_by_role("link", name=said("The whole programme")).click()
    row = page.get_by_role("row").filter(has_text=re.compile(rf"\b{READY}\b"))
    expect(row.locator(".level b")).to_have_text(level)


def see_in_cohort(page: Page, trainee_name: str, level: str) -> None:
    """Find the level in the matrix of the cohort."""
    page.goto("/")
    page.get_by_role("main").locator(".entries").get_by_role("link").first.click()
    matrix = page.locator("table.heat")
    codes = matrix.locator("thead th").all_inner_texts()
    column = next(at for at, code in enumerate(codes) if READY in code)
    row = matrix.get_by_role("row").filter(has_text=trainee_name)
    expect(row.locator("th, td").nth(column)).to_have_text(level)


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
    assert (mine[f"{READY_KEY}.level"], mine[f"{READY_KEY}.decided_on"]) == (level, clock.today())


def taken_away(page: Page, to: Format, folder: Path) -> bytes:
    """Return the file that the page gives."""
    with page.expect_download() as coming:
        page.get_by_role("button", name=to.upper(), exact=True).click()
    file = folder / coming.value.suggested_filename
    coming.value.save_as(file)
    assert file.suffix == f".{to}"
    return file.read_bytes()


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
