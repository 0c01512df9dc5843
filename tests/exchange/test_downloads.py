"""Taking programmes away: every format of every shipped programme, noted in the record, on page and command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator
from sqlalchemy.orm import Session

from competencies.catalogue import catalogue_files
from lms.accounts.models import User
from lms.core.audit import trail_of
from lms.curriculum.models import CatalogueFile
from lms.curriculum.schemas.files import read_file
from lms.curriculum.schemas.json_source import read_json
from lms.curriculum.schemas.source import read
from lms.exchange.moodle.reading import read as read_moodle
from lms.exchange.moodle.scales import scale_of
from lms.exchange.programme_files import FORMATS
from lms.exchange.xlsx.codec import WORKBOOKS
from lms.operations.programmes import programmes
from tests.factories import Ward, programme_version
from tests.pages import Browser

PROGRAMMES = sorted(key for key in catalogue_files() if key not in {"scales", "vocabulary"})
DATA = {key: read_file(file).data for key, file in catalogue_files().items()}


@pytest.fixture
def lead(session: Session, client_of: Callable[[User | None], Browser]) -> Browser:
    return client_of(Ward(session).lead)


def taken(browser: Browser, session: Session, programme: str, to: str) -> bytes:
    version = programme_version(session, programme)
    answer = browser.send_raw(f"/programmes/{version.id}/file", {"format": to})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith(FORMATS[to].ending)
    assert answer.content_type == FORMATS[to].media_type
    return bytes(answer.data)


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_every_programme_is_the_same_in_each_of_our_own_formats(
    programme: str, lead: Browser, session: Session
) -> None:
    assert read(taken(lead, session, programme, "yaml"), name="f").data == DATA[programme]
    assert read_json(taken(lead, session, programme, "json"), name="f").data == DATA[programme]
    assert WORKBOOKS.read(taken(lead, session, programme, "xlsx"), "f").data == DATA[programme]


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_every_programme_is_a_framework_that_moodle_takes(programme: str, lead: Browser, session: Session) -> None:
    framework = read_moodle(taken(lead, session, programme, "moodle"), "f.csv")
    data = DATA[programme]
    assert framework.remarks == ()
    assert framework.top.idnumber == f"{programme} {data['programme']['version']}"
    epas = [row for row in framework.competencies if not row.parent and row.description]
    assert len(epas) == len(data["epas"]) + len(data["epa_refs"])


def test_the_level_that_entrusts_is_the_default_in_moodle_and_enough(lead: Browser, session: Session) -> None:
    framework = read_moodle(taken(lead, session, "oncologieverpleegkundige", "moodle"), "f.csv")
    scale = scale_of(framework.top)
    assert scale.names[3:] == ("4 Independent", "5 Supervises others")
    assert (scale.default, scale.proficient) == (4, frozenset({4, 5}))
    official = next(row for row in framework.competencies if row.short_name.startswith("LZ-ONC-2 "))
    assert "canmeds-nl/" in official.related
    assert official.description.startswith("<h4>Specification</h4><p>")
    concept = next(row for row in framework.competencies if row.idnumber == "onc-k1")
    assert "(concept)" in concept.short_name


def test_case_is_a_package_of_the_programme(lead: Browser, session: Session) -> None:
    package = json.loads(taken(lead, session, "opleiders", "case"))
    assert package["CFDocument"]["identifier"]
    assert package["CFItems"]


def test_taking_a_programme_away_is_noted(lead: Browser, session: Session) -> None:
    taken(lead, session, "opleiders", "xlsx")
    version = programme_version(session, "opleiders")
    *_earlier, entry = trail_of(session, subject=version.programme_id)
    assert (entry.action, entry.target_id) == ("programme.taken_away", version.id)
    assert entry.facts["after"] == {"key": "opleiders", "version": version.version, "format": "xlsx"}


def test_the_page_of_a_programme_offers_every_format_and_refuses_others(lead: Browser, session: Session) -> None:
    version = programme_version(session, "opleiders")
    page = lead.get(f"/programmes/{version.id}")
    assert "this is noted in the audit record" in page.text
    assert all(f'value="{key}"' in page.source for key in FORMATS)
    assert "Choose a format." in lead.post(f"/programmes/{version.id}/file", {"format": "pdf"}).text


@pytest.mark.parametrize("name", ["scales", "vocabulary"])
def test_what_all_programmes_share_is_taken_away_the_same_and_noted(name: str, lead: Browser, session: Session) -> None:
    as_yaml = lead.send_raw("/shared-files", {"format": f"{name}.yaml"})
    as_json = lead.send_raw("/shared-files", {"format": f"{name}.json"})
    assert read(as_yaml.data, name="f").data == read_json(as_json.data, name="f").data == DATA[name]
    file = session.query(CatalogueFile).filter_by(name=name).one()
    assert [entry.facts["after"] for entry in trail_of(session, subject=file.id)][1:] == [
        {"format": "yaml"},
        {"format": "json"},
    ]


def test_the_empty_workbook_is_offered_where_files_are_handed_in(lead: Browser, session: Session) -> None:
    assert "/imports/workbook" in lead.get("/imports").links()
    answer = lead.raw("/imports/workbook")
    assert answer.headers["Content-Disposition"] == "attachment; filename=programme.xlsx"
    data = WORKBOOKS.read(answer.data, "f").data
    assert data["programme"]["default_scale"] == {"id": "nl-bekwaamheid-5", "version": 1}


def test_everybody_may_read_the_schema_of_our_format(client_of: Callable[[User | None], Browser]) -> None:
    answer = client_of(None).raw("/schemas/bekwaam-curriculum-1")
    assert answer.content_type == "application/schema+json"
    Draft202012Validator(json.loads(answer.text)).validate(DATA["opleiders"])
    again = client_of(None).client.get(
        "/schemas/bekwaam-curriculum-1", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304
    assert client_of(None).raw("/schemas/other").status_code == 404


def ran(*arguments: str | Path) -> Result:
    return CliRunner().invoke(programmes, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.mark.parametrize("to", FORMATS)
def test_the_operator_writes_a_programme_to_a_file(to: str, session: Session, tmp_path: Path) -> None:
    file = tmp_path / "programme"
    result = ran("export", "imagine2", "--format", to, "--output", file)
    assert (result.exit_code, result.stdout) == (0, "")
    assert file.stat().st_size > 1000
    version = programme_version(session, "imagine2")
    entry = trail_of(session, subject=version.programme_id)[-1]
    assert (entry.action, entry.actor_id) == ("programme.taken_away", None)


def test_a_version_can_be_named(session: Session) -> None:
    version = programme_version(session, "imagine2").version
    result = ran("export", "imagine2", "--version", version)
    assert read(result.stdout_bytes, name="f").data == DATA["imagine2"]
    assert ran("export", "imagine2", "--version", "1999").exit_code == 2


def test_scales_and_vocabulary_are_written_as_yaml_and_json_only(session: Session) -> None:
    assert read(ran("export", "scales").stdout_bytes, name="f").data == DATA["scales"]
    assert read_json(ran("export", "vocabulary", "--format", "json").stdout_bytes, name="f").data == DATA["vocabulary"]
    assert ran("export", "scales", "--format", "xlsx").exit_code == 2


def test_schema_and_workbook_are_written_too(session: Session, tmp_path: Path) -> None:
    assert json.loads(ran("schema").stdout)["title"] == "bekwaam-curriculum/1"
    assert json.loads(ran("schema", "bekwaam-scales/1").stdout)["title"] == "bekwaam-scales/1"
    assert ran("workbook", "--output", tmp_path / "empty.xlsx", "--language", "en").exit_code == 0
    assert WORKBOOKS.read((tmp_path / "empty.xlsx").read_bytes(), "f").data["epas"] == []


def test_a_programme_that_is_not_there_and_a_place_that_is_not_there_are_refused(
    session: Session, tmp_path: Path
) -> None:
    assert ran("export", "nothing").exit_code == 2
    assert ran("export", "imagine2", "--output", tmp_path / "nowhere" / "f").exit_code == 10
