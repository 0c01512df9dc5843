"""A trainee of 2024 still reads the EPA text of 2024: on pages, in exports and in decisions, also after a move."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy.orm import Session

from competencies.people import Role
from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.entrustment.models import Decision
from lms.progress.queries import cohort_matrix, cohort_part
from lms.progress.values import CohortPart, Selection
from tests.factories import NOW, TODAY, enrol, person_with
from tests.moves.examples import Moving
from tests.pages import Browser
from tests.progress.history import decided, rated

Clients = Callable[[User | None], Browser]
DAY = timedelta(days=1)
NEW_TEXT = "New text of onc-k1"


class Started(Moving):
    """A ward whose trainee was decided on under the old text, of which a newer one is published."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.text = self.title(session)
        rated(session, self, "onc-k1", "4")
        rated(session, self, "onc-k5", "3")
        self.decision: Decision = decided(session, self, "onc-k1", "4", on=TODAY - DAY)
        self.other: Decision = decided(session, self, "onc-k3", "5", on=TODAY - DAY)
        self.publish(session)

    def title(self, session: Session) -> str:
        return self.epa(session, "onc-k1", self.old).title["en"]

    def second(self, session: Session) -> Enrolment:
        """Return another trainee of the cohort, who started on the new version."""
        trainee = person_with(session, Role.TRAINEE, self.organisation, "Newcomer")
        enrolment = enrol(session, self.cohort, trainee, self.department)
        enrolment.programme_version_id = self.new.id
        session.flush()
        return enrolment


@pytest.fixture
def ward(session: Session) -> Started:
    return Started(session)


def exported(client: Browser, ward: Started, to: str) -> bytes:
    page = client.get(f"/cohorts/{ward.cohort.id}/report")
    values = page.filled(page.form("/report/file"), {}) | {"format": to}
    return client.send_raw(f"/cohorts/{ward.cohort.id}/report/file", values, token=False).get_data()


def test_who_started_on_the_old_version_reads_its_text_on_the_pages(
    session: Session, ward: Started, client_of: Clients
) -> None:
    trainee, old = client_of(ward.trainee), ward.epa(session, "onc-k1", ward.old)
    dossier = trainee.get(f"/enrolments/{ward.enrolment.id}/epas/{old.id}")
    assert dossier.heading == ward.text
    assert f"version {ward.old.version}" in dossier.text
    assert f"/epas/{old.id}" in dossier.links()
    text = trainee.get(f"/epas/{old.id}")
    assert (text.heading, NEW_TEXT in text.text) == (ward.text, False)
    trainee.get(f"/enrolments/{ward.enrolment.id}/epas/{ward.epa(session, 'onc-k1').id}", status=404)


def test_the_decision_keeps_the_text_it_was_taken_on_also_after_the_move(
    session: Session, ward: Started, client_of: Clients
) -> None:
    trainee = client_of(ward.trainee)
    for moved in (False, True):
        if moved:
            ward.moved(session, at=NOW + timedelta(hours=6))
        shown = trainee.get(f"/decisions/{ward.decision.id}")
        assert ward.text in shown.text
        assert f", version {ward.old.version}" in shown.text
        assert f"/epas/{ward.epa(session, 'onc-k1', ward.old).id}" in shown.links()
    assert f"Holds on in version 2027.1 for {NEW_TEXT}" in shown.text


@pytest.mark.parametrize("to", ["csv", "xlsx", "json"])
def test_the_export_states_the_text_and_the_version(
    session: Session, ward: Started, client_of: Clients, to: str
) -> None:
    file = exported(client_of(ward.lead), ward, to)
    if to == "xlsx":
        with ZipFile(BytesIO(file)) as book:
            text = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    else:
        text = file.decode()
    assert f"{ward.text} (text of version {ward.old.version})" in text
    assert NEW_TEXT not in text


def test_a_cohort_on_two_versions_shows_both_and_says_who_follows_which(
    session: Session, ward: Started, client_of: Clients
) -> None:
    ward.second(session)
    matrix = cohort_matrix(session, ward.cohort.id, on=TODAY)
    assert matrix.versions == ("2027.1", ward.old.version)
    assert dict(matrix.roll.followed) == {"2027.1": 1, ward.old.version: 1}
    part = cohort_part(session, ward.cohort.id, Selection(), on=TODAY, part=slice(0, 1), counted=True)
    assert part == CohortPart.of(matrix, Selection(), slice(0, 1))
    by_name = {row.trainee_id: row for row in matrix.rows}
    own = by_name[ward.trainee.id]
    of_old = [cell for epa, cell in zip(matrix.columns, own.cells, strict=True) if epa.told_version]
    of_new = [cell for epa, cell in zip(matrix.columns, own.cells, strict=True) if not epa.told_version]
    assert None not in of_old
    assert set(of_new) == {None}
    page = client_of(ward.lead).get(f"/cohorts/{ward.cohort.id}")
    assert f"version 2027.1 (1), version {ward.old.version} (1)" in page.text


def test_nothing_earned_vanishes_from_the_report_of_who_moved(
    session: Session, ward: Started, client_of: Clients, statements: list[str]
) -> None:
    ward.moved(session)
    data = json.loads(exported(client_of(ward.lead), ward, "json"))
    (row,) = data["rows"]
    assert (row["version"], row["onc-k1.level"], row["onc-k1.assessments"]) == ("2027.1", "4", 1)
    old = ward.old.version
    assert row[f"onc-k5@{old}.assessments"] == 1
    assert row[f"onc-k3@{old}.level"] == "5"
    assert f"onc-k1@{old}.level" not in row
    assert row["reached"] == 1
    statements.clear()
    whole = cohort_matrix(session, ward.cohort.id, on=TODAY)
    assert len(statements) == 4
    for part in (slice(0, 1), slice(1, 2)):
        found = cohort_part(session, ward.cohort.id, Selection(), on=TODAY, part=part, counted=True)
        assert found == CohortPart.of(whole, Selection(), part)
