"""The addresses of the charts: drawn once, kept, and sent again only when the figures changed."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from competencies.entrustment import Decision
from competencies.scales import Level
from lms.accounts.models import User
from lms.charts.levels import Declared
from lms.core import pictures as kept
from lms.progress import pictures
from tests.factories import NOW, TODAY, Ward, epa_of
from tests.pages import Browser
from tests.progress.history import decided, rated

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


def levels_path(session: Session, ward: Ward) -> str:
    return f"/enrolments/{ward.enrolment.id}/epas/{epa_of(session, 'onc-k2').id}/levels.svg"


def heat_path(ward: Ward) -> str:
    return f"/cohorts/{ward.cohort.id}/heat-map.svg"


def again(browser: Browser, path: str, etag: str) -> int:
    return browser.client.get(path, headers={"If-None-Match": etag}).status_code


def test_a_picture_is_svg_for_this_person_only(session: Session, ward: Ward, client_of: ClientOf) -> None:
    answer = client_of(ward.trainee).raw(levels_path(session, ward))
    assert answer.status_code == 200
    assert answer.content_type == "image/svg+xml; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    assert ET.fromstring(answer.data).tag.endswith("svg")


@pytest.mark.parametrize("path_of", [levels_path, lambda _session, ward: heat_path(ward)])
def test_a_browser_gets_a_picture_again_only_when_it_changed(
    session: Session, ward: Ward, client_of: ClientOf, path_of: Callable[[Session, Ward], str]
) -> None:
    browser, path = client_of(ward.lead), path_of(session, ward)
    etag = browser.raw(path).headers["ETag"]
    assert again(browser, path, etag) == 304
    decided(session, ward)
    assert again(browser, path, etag) == 200


def test_a_rating_changes_the_picture_of_levels(session: Session, ward: Ward, client_of: ClientOf) -> None:
    browser, path = client_of(ward.trainee), levels_path(session, ward)
    before = browser.raw(path)
    rated(session, ward, on=TODAY - timedelta(days=4))
    after = browser.raw(path)
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.data.count(b"<use ") == before.data.count(b"<use ") + 1


def test_a_picture_is_drawn_once(
    session: Session, ward: Ward, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, path = client_of(ward.lead), heat_path(ward)
    first = browser.raw(path)

    def never(*_facts: object, **_more: object) -> bytes:
        raise AssertionError("drawn twice")

    monkeypatch.setattr(pictures, "draw_cohort", never)
    assert browser.raw(path).data == first.data


def test_the_picture_of_a_cohort_that_was_renamed_has_the_new_name(
    session: Session, ward: Ward, client_of: ClientOf
) -> None:
    browser, path = client_of(ward.lead), heat_path(ward)
    etag = browser.raw(path).headers["ETag"]
    ward.cohort.name = "Another name"
    assert again(browser, path, etag) == 200
    assert "Another name" in browser.raw(path).text


def test_sizes_languages_and_choices_are_pictures_of_their_own(
    session: Session, ward: Ward, client_of: ClientOf
) -> None:
    browser, path = client_of(ward.lead), heat_path(ward)
    etags = {browser.raw(f"{path}{query}").headers["ETag"] for query in ("", "?size=narrow", "?name=nobody")}
    ward.lead.language = "nl"
    session.flush()
    assert len(etags | {browser.raw(path).headers["ETag"]}) == 4


def test_a_kept_picture_takes_few_statements(
    session: Session, ward: Ward, client_of: ClientOf, statements: list[str]
) -> None:
    browser, path = client_of(ward.lead), heat_path(ward)
    browser.raw(path)
    statements.clear()
    browser.raw(path)
    assert len(statements) <= 3


def test_what_is_kept_has_a_limit(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_KEPT", 2)
    monkeypatch.setattr(kept, "_kept", type(kept._kept)())
    drawn: list[str] = []

    def draw(name: str) -> bytes:
        drawn.append(name)
        return name.encode()

    for name in ("a", "b", "a", "c", "a", "b"):
        kept._drawn_once(name, lambda name=name: draw(name))  # type: ignore[misc]
    assert drawn == ["a", "b", "c", "b"]


def level(rank: int) -> Level:
    return Level(scale_key="s", scale_version=1, code=str(rank), rank=rank, title={"en": "x"}, meaning={})


def decision(rank: int, decided_on: date, valid_until: date | None = None, recorded_at: datetime = NOW) -> Decision:
    return Decision(
        id=uuid4(),
        epa_id=uuid4(),
        level=level(rank),
        decided_on=decided_on,
        valid_until=valid_until,
        decided_by=uuid4(),
        recorded_at=recorded_at,
    )


def day(number: int) -> date:
    return date(2026, 1, 1) + timedelta(days=number)


def test_a_decision_holds_until_the_next_one_begins_or_it_expires() -> None:
    decisions = [decision(3, day(0), day(400)), decision(4, day(50), day(80)), decision(5, day(200))]
    assert pictures.periods_in_force(decisions, until=day(300)) == [
        Declared(day(0), day(50), 3),
        Declared(day(50), day(80), 4),
        Declared(day(200), day(300), 5),
    ]


def test_a_decision_that_has_not_begun_is_not_drawn() -> None:
    assert pictures.periods_in_force([decision(3, day(10))], until=day(9)) == []


def test_of_two_decisions_of_one_day_the_one_recorded_last_is_drawn() -> None:
    first, second = decision(3, day(0)), decision(4, day(0), recorded_at=NOW + timedelta(hours=1))
    assert pictures.periods_in_force([second, first], until=day(9)) == [Declared(day(0), day(9), 4)]
