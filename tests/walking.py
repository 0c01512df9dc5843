"""Everybody's way through all routes of an installation, in search of marked words that only some may read.

Every route of the policy is opened by every kind of person, here and at another organisation, with the addresses of
everything that belongs to the trainee; those who could come nearest post to it too, which is undone again. One walk
looks for all marks: one in a reflection of the trainee, one in a concern about them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from competencies.observations import ActivityKind
from lms.accounts.models import User
from lms.core.keys import uuid7
from lms.logbook.models import Activity
from lms.reflections.actions import write
from lms.reflections.models import Reflection
from tests.concerns.concerns import noted
from tests.core.test_policy import ELSEWHERE, LINES, World, undone
from tests.factories import NOW
from tests.logbook.activities import log_activity
from tests.pages import Browser
from tests.reflections.marks import Mark, marks_in

FILES: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "reports.cohort_report_file": ({"format": "csv"}, {"format": "xlsx"}, {"format": "json"}),
    "exchange.take_programme": tuple({"format": name} for name in ("xlsx", "yaml", "json", "case", "moodle")),
    "exchange.package_file": ({"format": "case"}, {"format": "moodle"}),
    "exchange.take_shared_file": ({"format": "yaml"}, {"format": "json"}),
}
"""What is posted to get a file, in every format."""
WORD = "overthinking"
"""What a reader may search for: it stands beside the marks."""
BY_LINK = {"invitations.answer"}
"""Whoever holds a link reads what they are asked to assess: the world has one, and this walk gives it to everybody."""


class Found(NamedTuple):
    """Whose mark was found by whom, and where."""

    mark: str
    reader: str
    method: str
    endpoint: str


class Walk:
    """Everybody's way through all routes of an installation in which two people wrote what only some may read."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.world = World(app, session)
        self.session = session
        self.marks = {"reflection": Mark(), "concern": Mark()}
        here = self.world.here
        self.writer = here.trainee
        self.about = session.get_one(Activity, self.world.keys["activity_id"])
        self.line = log_activity(session, here, "onc-k1", kind=ActivityKind.REFLECTION)
        self.reflection = self._written()
        self.concern = noted(session, here, text=self._marked("concern"))
        self.world.keys |= {"reflection_id": self.reflection.id, "concern_id": self.concern.id}
        self.readers: dict[str, User | None] = {
            "nobody": None,
            **self.world.people,
            "second_trainer": here.second_trainer,
            **{f"{role} elsewhere": getattr(self.world.there, role) for role in ELSEWHERE},
        }
        self.browsers = {name: Browser(app, person) for name, person in self.readers.items()}

    def _written(self) -> Reflection:
        text = self._marked("reflection")
        return write(self.session, text, key=uuid7(), about=self.about, line=self.line, by=self.writer, at=NOW)

    def _marked(self, name: str) -> str:
        return f"{WORD} {self.marks[name].word}\nand more"

    def opened(self, *readers: str) -> set[Found]:
        """Return where these people, or everybody when nobody is named, find a mark by opening pages and files."""
        return {
            Found(name, reader, "GET", endpoint)
            for reader in readers or self.readers
            for method, endpoint in LINES
            if method == "GET"
            for path in self._paths(endpoint)
            for name in marks_in(_everything_of(self.browsers[reader].answered("GET", path)), self.marks)
        }

    def posted(self, *readers: str) -> set[Found]:
        """Return where these people find a mark in the answer to what they post; all of it is undone again."""
        return {
            Found(name, reader, "POST", endpoint)
            for reader in readers
            for method, endpoint in LINES
            if method == "POST"
            for path in self._paths(endpoint)
            for sent in FILES.get(endpoint, ({},))
            for name in marks_in(self._posted(reader, path, sent), self.marks)
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
