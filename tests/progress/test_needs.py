"""Requirements in words: what is asked, what lacks, why it is met; in English and in Dutch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask_babel import force_locale

from competencies.curricula import ResultKind
from competencies.observations import Observation
from competencies.progress import epa_progress, progress_towards
from competencies.requirements import Requirement
from competencies.scales import Level
from lms.curriculum.needs import asked_words, needed_words, seen_words, still_needed, why_met
from lms.progress.values import ProgrammeOutline

ON = date(2026, 11, 20)
FIRST, SECOND = uuid4(), uuid4()
OUTLINE = ProgrammeOutline(
    epas=(),
    tracks={},
    stages={"end": {"nl": "Einde", "en": "End"}},
    instruments={
        "osats": {"nl": "OSATS", "en": "OSATS"},
        "msf": {"nl": "360-gradenfeedback", "en": "360 feedback"},
        "reflection": {"nl": "Reflectieverslag", "en": "Reflection report"},
        "knowledge_test": {"nl": "Kennistoets", "en": "Knowledge test"},
        "project": {"nl": "Verbeterproject", "en": "Improvement project"},
        "logbook": {"nl": "Logboek", "en": "Logbook"},
    },
    forms={"record": {"nl": "Dossier", "en": "Record"}},
    conditions={"min_cycles": {"nl": "Minimumaantal cycli", "en": "Minimum number of cycles"}},
)


@pytest.fixture(autouse=True)
def _english(app: Flask) -> Iterator[None]:
    with app.test_request_context(), force_locale("en"):
        yield


def level(rank: int) -> Level:
    return Level(scale_key="s", scale_version=1, code=str(rank), rank=rank, title={"en": "x"}, meaning={})


def seen(instrument: str = "osats", *, by: UUID | None = FIRST, rank: int | None = 4, **facts: object) -> Observation:
    known: dict[str, object] = {
        "id": uuid4(),
        "epa_id": uuid4(),
        "activity_id": uuid4(),
        "instrument": instrument,
        "observed_on": date(2026, 11, 3),
        "assessor_id": by,
        "by_trainee": by is None,
        "level": level(rank) if rank else None,
        "answered_at": datetime(2026, 11, 4, tzinfo=UTC),
    }
    return Observation(**(known | facts))  # type: ignore[arg-type]


OSATS = Requirement(instrument="osats", result=ResultKind.LEVEL, min_count=3, min_assessors=2, minimum=level(4))
ROUND = Requirement(instrument="msf", result=ResultKind.NARRATIVE, min_count=1, min_assessors=6)
REFLECTION = Requirement(instrument="reflection", result=ResultKind.NARRATIVE, min_count=1, min_assessors=0)
TEST = Requirement(instrument="knowledge_test", result=ResultKind.PASS_FAIL, min_count=1, min_assessors=0)
LOGBOOK = Requirement(instrument="logbook", result=ResultKind.COUNT, min_count=20, min_assessors=1)
PROJECT = Requirement(
    instrument="project",
    result=ResultKind.CONDITIONS,
    form="record",
    min_count=1,
    min_assessors=1,
    conditions={"min_cycles": 2},
)


@pytest.mark.parametrize(
    ("requirement", "words"),
    [
        (OSATS, "3 × OSATS at level 4 or higher, by 2 different assessors"),
        (ROUND, "1 round of 360 feedback with answers of at least 6 people"),
        (REFLECTION, "1 × Reflection report"),
        (TEST, "1 × Knowledge test, passed"),
        (LOGBOOK, "20 confirmed procedures"),
        (PROJECT, "1 × Improvement project – Record (Minimum number of cycles: 2)"),
    ],
)
def test_a_requirement_says_what_it_asks(requirement: Requirement, words: str) -> None:
    assert asked_words(requirement, OUTLINE) == words


ACTIVITY = uuid4()


@pytest.mark.parametrize(
    ("requirement", "observations", "words"),
    [
        (OSATS, [], "3 × OSATS at level 4 or higher, by 2 different assessors"),
        (OSATS, [seen()], "2 × OSATS at level 4 or higher, at least one by another assessor"),
        (OSATS, [seen(), seen(), seen()], "1 × OSATS at level 4 or higher, by another assessor"),
        (OSATS, [seen(), seen(by=SECOND)], "1 × OSATS at level 4 or higher"),
        (OSATS, [seen(), seen(), seen(by=SECOND)], ""),
        (ROUND, [], "1 round of 360 feedback with answers of at least 6 people"),
        (
            ROUND,
            [seen("msf", by=uuid4(), rank=None, activity_id=ACTIVITY) for _ in range(4)],
            "2 more answers in the open round of 360 feedback",
        ),
        (LOGBOOK, [seen("logbook", rank=None, quantity=12)], "8 confirmed procedures"),
        (REFLECTION, [seen("reflection", by=None, rank=None)], ""),
        (TEST, [seen("knowledge_test", rank=None, passed=False)], "1 × Knowledge test, passed"),
    ],
)
def test_what_lacks_is_the_least_that_still_meets_it(
    requirement: Requirement, observations: list[Observation], words: str
) -> None:
    assert needed_words(progress_towards(requirement, observations, on=ON), OUTLINE) == words


def test_the_same_in_dutch() -> None:
    with force_locale("nl"):
        item = progress_towards(OSATS, [seen(), seen(), seen()], on=ON)
        assert needed_words(item, OUTLINE) == "1 × OSATS op niveau 4 of hoger, door een andere beoordelaar"


def test_an_epa_names_its_smallest_step_and_how_many_follow() -> None:
    progress = epa_progress([OSATS, REFLECTION, TEST], [], target=None, stage=None, on=ON)
    assert still_needed(progress, OUTLINE) == "Still needed: 1 × Reflection report, and 2 requirements more."
    done = [seen("reflection", by=None, rank=None), seen("knowledge_test", rank=None, passed=True)]
    nearer = epa_progress([OSATS, REFLECTION, TEST], done, target=None, stage=None, on=ON)
    assert still_needed(nearer, OUTLINE).startswith("Still needed: 3 × OSATS at level 4 or higher")


def test_an_epa_that_lacks_nothing_says_so() -> None:
    progress = epa_progress([REFLECTION], [seen("reflection", by=None, rank=None)], target=None, stage=None, on=ON)
    assert still_needed(progress, OUTLINE) == "All requirements are met."
    assert why_met(progress, OUTLINE) == "Counted: Reflection report: 1 where 1 is asked."
    assert still_needed(epa_progress([], [], target=None, stage=None, on=ON), OUTLINE) == ""


def test_why_it_is_met_names_how_many_and_by_how_many() -> None:
    progress = epa_progress([OSATS], [seen(), seen(), seen(by=SECOND)], target=None, stage=None, on=ON)
    assert why_met(progress, OUTLINE) == "Counted: OSATS: 3 where 3 is asked, by 2 assessors."


@pytest.mark.parametrize(
    ("observation", "words"),
    [
        (seen(), "3 Nov 2026, level 4, by Anna"),
        (seen("knowledge_test", rank=None, passed=False), "3 Nov 2026, not passed, by Anna"),
        (seen("logbook", rank=None, quantity=12), "3 Nov 2026, 12 procedures, by Anna"),
        (seen("msf", rank=None), "3 Nov 2026, by Anna"),
        (
            replace(seen("msf", by=None, rank=None), by_trainee=False, answers=7),
            "feedback round closed on 3 Nov 2026, answers of 7 people",
        ),
        (seen("reflection", by=None, rank=None), "3 Nov 2026, own account"),
    ],
)
def test_an_observation_is_a_line(observation: Observation, words: str) -> None:
    assert seen_words(observation, {FIRST: "Anna"}) == words
