"""The other formats all the way: handed in, previewed at line and cell, applied, and taken away again."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.catalogue import catalogue_files
from lms.accounts.models import User
from lms.authoring.models import Draft
from lms.curriculum.schemas.files import read_file
from lms.curriculum.schemas.writing import as_json, as_yaml
from lms.exchange.models import FrameworkPackage, ImportState
from lms.exchange.register import CODECS, codec_of
from lms.exchange.xlsx.writing import workbook_of
from tests.exchange.files import apply, hand_in, lines, press_import, read
from tests.exchange.test_moodle import WHOLE
from tests.factories import NOW, Ward
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]
DATA = read_file(catalogue_files()["opleiders"]).data
NEWER = DATA | {"programme": DATA["programme"] | {"version": "2026.2-draft"}}


def book(data: dict[str, object]) -> bytes:
    return workbook_of(data, {}, about="A programme", at=NOW)


FILES = {"f.yaml": as_yaml, "f.json": as_json, "f.xlsx": book}


@pytest.fixture
def lead(session: Session, client_of: ClientOf) -> Browser:
    return client_of(Ward(session).lead)


def test_each_format_knows_its_own_files() -> None:
    files = {"xlsx": book(DATA), "yaml": as_yaml(DATA), "json": as_json(DATA), "moodle": WHOLE}
    for key, content in files.items():
        codec = codec_of(content, f"file.{key.replace('moodle', 'csv')}")
        assert codec
        assert codec.key == key
    assert {codec.key for codec in CODECS} == {*files, "case"}


@pytest.mark.parametrize("name", FILES)
def test_a_programme_becomes_a_draft_from_each_of_our_formats(name: str, lead: Browser, session: Session) -> None:
    hand_in(lead, FILES[name](NEWER), name=name)
    one = read(session)
    assert one.state is ImportState.READY
    assert [line for line in lines(session, one) if line[0] in {"new", "changed", "removed"}] != []
    press_import(lead, one.id)
    assert apply(session).state is ImportState.APPLIED
    assert len(session.scalars(select(Draft)).all()) == 1


@pytest.mark.parametrize("name", FILES)
def test_a_programme_that_is_there_already_changes_nothing(name: str, lead: Browser, session: Session) -> None:
    hand_in(lead, FILES[name](DATA), name=name)
    one = read(session)
    assert not one.counts.keys() & {"new", "changed", "removed"}


def test_errors_of_a_workbook_are_said_at_their_cell(lead: Browser, session: Session) -> None:
    filled = load_workbook(BytesIO(book(NEWER)))
    filled["EPAs"]["B4"] = "=1+1"
    file = BytesIO()
    filled.save(file)
    hand_in(lead, file.getvalue(), name="f.xlsx")
    one = read(session)
    assert one.state is ImportState.REFUSED
    assert "EPAs!B4" in lead.get(f"/imports/{one.id}").text


def test_what_a_workbook_still_lacks_is_said_at_its_cell(lead: Browser, session: Session) -> None:
    filled = load_workbook(BytesIO(book(NEWER)))
    filled["Expected levels"]["B4"] = "nowhere"
    file = BytesIO()
    filled.save(file)
    hand_in(lead, file.getvalue(), name="f.xlsx")
    one = read(session)
    assert one.state is ImportState.READY
    assert "Expected levels!B4" in lead.get(f"/imports/{one.id}").text


def test_a_framework_of_moodle_is_stored_and_given_back_letter_for_letter(lead: Browser, session: Session) -> None:
    hand_in(lead, WHOLE, name="framework.csv")
    press_import(lead, read(session).id)
    stored = session.get_one(FrameworkPackage, apply(session).result_id)
    answer = lead.send_raw(f"/packages/{stored.id}/file", {"format": "moodle"})
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.data == WHOLE
    hand_in(lead, WHOLE, name="framework.csv")
    assert not read(session).counts.keys() & {"new", "changed", "removed"}
