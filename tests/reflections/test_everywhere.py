"""A marked reflection is on no page, in no answer and in no file but those of its writer and of whom it is shared with.

Every route of the policy is opened by every kind of person, here and at another organisation, with the addresses of
everything that belongs to the writer; those who could come nearest post to it too, which is undone again. The same
search finds a mark that stands in the note of an activity, so that finding nothing says something.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from competencies.observations import ActivityKind
from lms.accounts.models import User
from lms.core.keys import uuid7
from lms.logbook.models import Activity
from lms.reflections.actions import revoke, share, write
from lms.reflections.models import Reflection
from tests.core.test_policy import ELSEWHERE, LINES, World, undone
from tests.factories import NOW
from tests.logbook.activities import log_activity
from tests.pages import Browser
from tests.reflections.marks import Mark

WRITERS_OWN = {"reflections.edit", "reflections.reflection", "reflections.reflections"}
"""The pages on which a writer reads their own."""
FILES: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "reports.cohort_report_file": ({"format": "csv"}, {"format": "xlsx"}, {"format": "json"}),
    "exchange.take_programme": tuple({"format": name} for name in ("xlsx", "yaml", "json", "case", "moodle")),
    "exchange.package_file": ({"format": "case"}, {"format": "moodle"}),
    "exchange.take_shared_file": ({"format": "yaml"}, {"format": "json"}),
}
"""What is posted to get a file, in every format."""
WORD = "overthinking"
"""What a reader may search for: it stands beside the mark."""


BY_LINK = {"invitations.answer"}
"""Whoever holds a link reads what they are asked to assess: the world has one, and this walk gives it to everybody."""


class Found(NamedTuple):
    """Who found the mark, and where."""

    reader: str
    method: str
    endpoint: str


class Walk:
    """Everybody's way through all routes of an installation in which somebody wrote for themselves."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.world = World(app, session)
        self.session = session
        self.mark = Mark()
        here = self.world.here
        self.writer = here.trainee
        self.about = session.get_one(Activity, self.world.keys["activity_id"])
        self.line = log_activity(session, here, "onc-k1", kind=ActivityKind.REFLECTION)
        self.reflection = self._written()
        self.world.keys["reflection_id"] = self.reflection.id
        self.readers: dict[str, User | None] = {
            "nobody": None,
            **self.world.people,
            "second_trainer": here.second_trainer,
            **{f"{role} elsewhere": getattr(self.world.there, role) for role in ELSEWHERE},
        }
        self.browsers = {name: Browser(app, person) for name, person in self.readers.items()}

    def _written(self) -> Reflection:
        text = f"{WORD} {self.mark.word}\nand more"
        return write(self.session, text, key=uuid7(), about=self.about, line=self.line, by=self.writer, at=NOW)

    def opened(self, *readers: str) -> set[Found]:
        """Return where these people, or everybody when nobody is named, find the mark by opening pages and files."""
        return {
            Found(reader, "GET", endpoint)
            for reader in readers or self.readers
            for method, endpoint in LINES
            if method == "GET"
            for path in self._paths(endpoint)
            if self.mark.is_in(_everything_of(self.browsers[reader].answered("GET", path)))
        }

    def posted(self, *readers: str) -> set[Found]:
        """Return where these people find the mark in the answer to what they post; all of it is undone again."""
        return {
            Found(reader, "POST", endpoint)
            for reader in readers
            for method, endpoint in LINES
            if method == "POST"
            for path in self._paths(endpoint)
            for sent in FILES.get(endpoint, ({},))
            if self.mark.is_in(self._posted(reader, path, sent))
        }

    def _posted(self, reader: str, path: str, sent: Mapping[str, str]) -> bytes:
        """Return what somebody is answered, with a browser of its own: some of what is posted signs them out."""
        with undone(self.session):
            return _everything_of(Browser(self.world.app, self.readers[reader]).answered("POST", path, data=sent))

    def _paths(self, endpoint: str) -> list[str]:
        """Return the addresses of a route: for each thing of the writer's, and with what a reader may ask there."""
        asked: dict[str, dict[str, Any]] = {
            "search.search": {"q": WORD},
            "search.suggestions": {"q": WORD},
            "reflections.reflections": {"activity": self.line.id},
        }
        with self.world.app.test_request_context():
            rule = next(rule for rule in self.world.app.url_map.iter_rules() if rule.endpoint == endpoint)
            return [
                self.world.app.url_for(endpoint, **keys)
                for keys in (*self._keys(rule.arguments), asked.get(endpoint))
                if keys is not None
            ]

    def _keys(self, arguments: set[str]) -> Iterator[dict[str, Any]]:
        keys = {name: self.world.keys[name] for name in arguments}
        yield keys
        if "activity_id" in keys:
            yield keys | {"activity_id": self.line.id}


def _everything_of(answer: TestResponse) -> bytes:
    """Return the status, the headers and the whole body of an answer, and of what redirected to it."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    body = answer.get_data()
    answer.close()
    return body if body.startswith((b"PK", b"\x1f\x8b")) else f"{answer.status}\n{headers}\n".encode() + body


@pytest.fixture
def walk(app: Flask, session: Session, today: object, monkeypatch: pytest.MonkeyPatch) -> Walk:
    """Return the walk; forms need no token here."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return Walk(app, session)


def test_nobody_finds_it_on_any_route_but_the_writer_on_their_own_pages(walk: Walk) -> None:
    found = walk.opened()
    assert {one for one in found if one.reader != "trainee"} == set()
    assert {one.endpoint for one in found} == WRITERS_OWN


def test_nobody_is_answered_with_it_whatever_they_post(walk: Walk) -> None:
    assert walk.posted("trainer", "lead", "auditor", "coordinator", "lead elsewhere") == set()
    assert {one.endpoint for one in walk.posted("trainee")} <= WRITERS_OWN | {"reflections.share"}


def test_shared_it_is_found_by_that_one_reader_on_that_one_page_and_after_taking_back_nowhere(walk: Walk) -> None:
    trainer, near = walk.world.here.trainer, ("trainer", "second_trainer", "lead")
    share(walk.session, walk.reflection, reader_id=trainer.id, readers=[trainer], by=walk.writer, at=NOW)
    assert walk.opened(*near) == {Found("trainer", "GET", "reflections.reflection")}
    revoke(walk.session, walk.reflection, reader_id=trainer.id, by=walk.writer, at=NOW)
    assert walk.opened(*near) == set()


def test_the_same_walk_finds_what_stands_in_the_logbook(walk: Walk) -> None:
    walk.about.note = f"Seen by others: {walk.mark.word}"
    found = walk.opened("trainer", "lead", "trainer elsewhere", "nobody")
    assert {one.reader for one in found if one.endpoint not in BY_LINK} == {"trainer", "lead"}
    assert {"logbook.activity", "assessments.assessment", *BY_LINK} <= {one.endpoint for one in found}
