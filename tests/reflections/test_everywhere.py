"""A marked reflection is on no page, in no answer and in no file but those of its writer and of whom it is shared with.

The walk looks for a marked concern on the same way. The same search finds a mark that stands in the note of an
activity, so that finding nothing says something.
"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lms.reflections.actions import revoke, share
from tests.factories import NOW
from tests.walking import BY_LINK, Found, Walk

WRITERS_OWN = {"reflections.edit", "reflections.reflection", "reflections.reflections"}
"""The pages on which a writer reads their own."""
GUIDES = {"trainer", "second_trainer", "lead"}
"""Who guides the trainee, and reads a concern on its page alone."""


@pytest.fixture
def walk(app: Flask, session: Session, today: object, monkeypatch: pytest.MonkeyPatch) -> Walk:
    """Return the walk; forms need no token here."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return Walk(app, session)


def test_nobody_finds_them_on_any_route_but_the_writer_and_those_who_guide_on_their_own_pages(walk: Walk) -> None:
    found = walk.opened()
    reflections = {one for one in found if one.mark == "reflection"}
    assert {one for one in reflections if one.reader != "trainee"} == set()
    assert {one.endpoint for one in reflections} == WRITERS_OWN
    assert found - reflections == {Found("concern", reader, "GET", "concerns.concern") for reader in GUIDES}


def test_nobody_is_answered_with_it_whatever_they_post(walk: Walk) -> None:
    others = walk.posted("trainer", "lead", "auditor", "coordinator", "lead elsewhere")
    own = walk.posted("trainee")
    assert {one for one in others | own if one.mark == "concern"} == set()
    assert others == set()
    assert {one.endpoint for one in own} <= WRITERS_OWN | {"reflections.share"}


def test_shared_it_is_found_by_that_one_reader_on_that_one_page_and_after_taking_back_nowhere(walk: Walk) -> None:
    trainer, near = walk.world.here.trainer, ("trainer", "second_trainer", "lead")
    share(walk.session, walk.reflection, reader_id=trainer.id, readers=[trainer], by=walk.writer, at=NOW)
    assert found_reflection(walk, *near) == {Found("reflection", "trainer", "GET", "reflections.reflection")}
    revoke(walk.session, walk.reflection, reader_id=trainer.id, by=walk.writer, at=NOW)
    assert found_reflection(walk, *near) == set()


def found_reflection(walk: Walk, *readers: str) -> set[Found]:
    return {one for one in walk.opened(*readers) if one.mark == "reflection"}


def test_the_same_walk_finds_what_stands_in_the_logbook(walk: Walk) -> None:
    walk.about.note = f"Seen by others: {walk.marks['reflection'].word}"
    found = found_reflection(walk, "trainer", "lead", "trainer elsewhere", "nobody")
    assert {one.reader for one in found if one.endpoint not in BY_LINK} == {"trainer", "lead"}
    assert {"logbook.activity", "assessments.assessment", *BY_LINK} <= {one.endpoint for one in found}
