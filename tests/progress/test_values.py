"""A cohort as trainees by EPAs: what is reached, who is chosen, in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from competencies.curricula import EpaType, ExpectedLevel
from competencies.scales import Level, Scale
from lms.progress.values import EMPTY, Cell, CohortMatrix, EpaInProgramme, Order, Selection, Shown, TraineeRow

TODAY = date(2026, 11, 20)
LEVELS = tuple(
    Level(scale_key="s", scale_version=1, code=str(rank), rank=rank, title={"en": "x"}, meaning={})
    for rank in range(1, 6)
)
SCALE = Scale(key="s", version=1, title={"en": "x"}, levels=LEVELS, questions={})
EPA = EpaInProgramme(
    epa_id=uuid4(),
    key="k1",
    code="CONCEPT-K1",
    is_concept=True,
    title={"en": "Care"},
    type=EpaType.CORE,
    tracks=(),
    scale=SCALE,
    expected=(ExpectedLevel("midway", LEVELS[2]), ExpectedLevel("end", LEVELS[3])),
    requirements=(),
    is_reference=False,
    is_optional=False,
)


def row(name: str, cell: Cell | None = EMPTY, **facts: object) -> TraineeRow:
    made = TraineeRow(
        enrolment_id=uuid4(),
        trainee_id=uuid4(),
        name=name,
        department="Ward A",
        track=None,
        starts_on=TODAY - timedelta(days=100),
        planned_end_on=TODAY + timedelta(days=100),
        ended_on=None,
        end_reason=None,
        cells=(cell,),
        reached=int(cell is not None and EPA.is_reached_by(cell.in_force)),
        asked=1,
        last_rated_on=None,
        waiting=cell.waiting if cell else 0,
    )
    return replace(made, **facts)  # type: ignore[arg-type]


def matrix(*rows: TraineeRow) -> CohortMatrix:
    return CohortMatrix(uuid4(), TODAY, (EPA,), rows)


def names(chosen: CohortMatrix) -> list[str]:
    return [one.name for one in chosen.rows]


@pytest.mark.parametrize(("rank", "stage"), [(None, "midway"), (2, "midway"), (3, "end"), (4, None), (5, None)])
def test_the_next_expectation_is_the_first_that_is_not_reached(rank: int | None, stage: str | None) -> None:
    expected = EPA.next_expected(LEVELS[rank - 1] if rank else None)
    assert (expected.stage if expected else None) == stage


def test_an_expired_level_is_not_in_force() -> None:
    assert Cell(level=LEVELS[3]).in_force == LEVELS[3]
    assert Cell(level=LEVELS[3], is_expired=True).in_force is None


def test_the_concept_mark_is_not_part_of_the_short_code() -> None:
    assert EPA.short_code == "K1"


def test_a_concept_code_is_marked_where_there_is_little_room() -> None:
    assert EPA.marked_code == "K1 (c)"
    assert replace(EPA, code="LZ-ONC-2", is_concept=False).marked_code == "LZ-ONC-2"


def test_an_official_code_is_shown_whole() -> None:
    assert replace(EPA, code="LZ-ONC-2").short_code == "LZ-ONC-2"


def test_a_summary_counts_every_trainee_once() -> None:
    (summary,) = matrix(
        row("Anna", Cell(level=LEVELS[3])),
        row("Bram", Cell(level=LEVELS[4])),
        row("Chaima", Cell(level=LEVELS[1], waiting=2)),
        row("Daan", Cell(level=LEVELS[3], is_expired=True)),
        row("Elif"),
        row("Femke", None),
    ).summary
    assert (summary.trainees, summary.asked, summary.reached) == (5, 5, 2)
    assert summary.by_level == {"1": 0, "2": 1, "3": 0, "4": 1, "5": 1}
    assert (summary.expired, summary.without, summary.waiting) == (1, 1, 1)
    assert sum(summary.by_level.values()) + summary.expired + summary.without == summary.trainees


COHORT = matrix(
    row("Anna", Cell(level=LEVELS[3]), department="Ward B"),
    row("Bram", starts_on=TODAY - timedelta(days=300), track="heart"),
    row("Chaima", ended_on=TODAY - timedelta(days=1)),
    row("Daan", Cell(level=LEVELS[3]), ended_on=TODAY),
)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), ["Anna", "Bram", "Chaima", "Daan"]),
        (Selection(descending=True), ["Daan", "Chaima", "Bram", "Anna"]),
        (Selection(name="AN"), ["Anna", "Daan"]),
        (Selection(department="Ward B"), ["Anna"]),
        (Selection(track="heart"), ["Bram"]),
        (Selection(shown=Shown.CURRENT), ["Anna", "Bram", "Daan"]),
        (Selection(shown=Shown.ENDED), ["Chaima"]),
        (Selection(order=Order.START), ["Bram", "Anna", "Chaima", "Daan"]),
        (Selection(order=Order.REACHED, descending=True), ["Anna", "Daan", "Bram", "Chaima"]),
        (Selection(order=Order.REACHED), ["Bram", "Chaima", "Anna", "Daan"]),
        (Selection(name="nobody"), []),
    ],
)
def test_a_selection_chooses_and_sorts(selection: Selection, expected: list[str]) -> None:
    assert names(COHORT.only(selection)) == expected


@pytest.mark.parametrize(
    "selection",
    [
        Selection(),
        Selection(
            name="Anna", department="Ward B", track="heart", shown=Shown.ENDED, order=Order.START, descending=True
        ),
    ],
)
def test_a_selection_survives_its_address(selection: Selection) -> None:
    assert Selection.of(selection.as_arguments()) == selection


def test_what_an_address_does_not_know_means_the_default() -> None:
    assert Selection.of({"shown": "x", "order": "y", "descending": "z"}) == Selection()


def test_the_same_order_again_turns_it_around() -> None:
    once = Selection().sorted_by(Order.REACHED)
    assert (once.order, once.descending) == (Order.REACHED, False)
    assert once.sorted_by(Order.REACHED).descending
    assert not once.sorted_by(Order.REACHED).sorted_by(Order.START).descending
