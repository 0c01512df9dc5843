"""In which ways an activity can be assessed, and whom one may ask."""

from uuid import UUID, uuid4

import pytest

from competencies.curricula import ResultKind
from competencies.errors import RuleBroken
from competencies.observations import ActivityKind
from competencies.requests import LIKELIEST, Offer, check_request, likeliest, offers_for, same_way
from competencies.requirements import Requirement

INSTRUMENTS = ("kpb", "osats", "cbd", "msf", "learner_feedback", "reflection", "logbook", "simulation", "project")
EPA, TRAINEE, TRAINER = uuid4(), uuid4(), uuid4()


def requirement(
    instrument: str, *, form: str | None = None, min_assessors: int = 1, narrative: bool = False
) -> Requirement:
    result = ResultKind.NARRATIVE if narrative else ResultKind.LEVEL
    return Requirement(instrument=instrument, result=result, form=form, min_count=2, min_assessors=min_assessors)


def names(offers: tuple[Offer, ...]) -> list[str]:
    return [offer.instrument for offer in offers]


def test_what_the_programme_requires_comes_first_and_once_then_the_likeliest() -> None:
    required = [requirement("cbd"), requirement("kpb"), requirement("cbd")]
    offers = offers_for(ActivityKind.PROCEDURE, required, INSTRUMENTS)
    assert names(offers)[:2] == ["kpb", "cbd"]
    assert [offer.required for offer in offers] == [True, True] + [False] * (len(offers) - 2)
    assert names(offers)[2:4] == ["osats", "logbook"]
    assert len(names(offers)) == len(set(names(offers)))


def test_each_form_that_the_programme_names_is_a_way_of_its_own() -> None:
    required = [requirement("kpb", form="handover"), requirement("kpb", form="leadership")]
    offers = offers_for(ActivityKind.SHIFT, required, INSTRUMENTS)
    assert [(one.instrument, one.form) for one in offers if one.instrument == "kpb"] == [
        ("kpb", "handover"),
        ("kpb", "leadership"),
    ]


@pytest.mark.parametrize("kind", [kind for kind in ActivityKind if kind is not ActivityKind.FEEDBACK_ROUND])
def test_only_a_round_gathers_feedback_of_many(kind: ActivityKind) -> None:
    assert "msf" not in names(offers_for(kind, [requirement("msf", narrative=True)], INSTRUMENTS))


def test_a_round_gathers_feedback_and_nothing_else() -> None:
    offers = offers_for(ActivityKind.FEEDBACK_ROUND, [requirement("kpb")], INSTRUMENTS)
    assert names(offers) == ["msf", "learner_feedback"]


def test_a_reflection_that_counts_by_itself_is_not_asked_for() -> None:
    alone = requirement("reflection", min_assessors=0, narrative=True)
    read = requirement("reflection", min_assessors=1, narrative=True)
    assert offers_for(ActivityKind.REFLECTION, [alone], INSTRUMENTS) == ()
    assert names(offers_for(ActivityKind.REFLECTION, [read], INSTRUMENTS)) == ["reflection"]
    assert "reflection" not in names(offers_for(ActivityKind.SHIFT, [read], INSTRUMENTS))


def test_the_proposal_is_a_required_way_that_suits_the_kind_else_a_free_one() -> None:
    required = [requirement("cbd"), requirement("kpb")]
    assert likeliest(ActivityKind.SHIFT, offers_for(ActivityKind.SHIFT, required, INSTRUMENTS)) == Offer(
        "kpb", None, required=True
    )
    simulation = offers_for(ActivityKind.SIMULATION, required, INSTRUMENTS)
    assert likeliest(ActivityKind.SIMULATION, simulation) == Offer("simulation", None, required=False)
    only = (Offer("cbd", None, required=True),)
    assert likeliest(ActivityKind.COURSE, only) == only[0]
    assert likeliest(ActivityKind.COURSE, ()) is None


def test_every_kind_has_likeliest_instruments() -> None:
    assert LIKELIEST.keys() == set(ActivityKind)


def test_one_choice_serves_an_epa_with_another_form() -> None:
    offers = (Offer("kpb", "handover", required=True), Offer("kpb", "leadership", required=True))
    assert same_way(offers, "kpb", "leadership") == offers[1]
    assert same_way(offers, "kpb", None) == offers[0]
    with pytest.raises(RuleBroken, match="instrument_not_offered"):
        same_way(offers, "cbd", None)


@pytest.mark.parametrize(
    ("instrument", "assessor", "epa", "code"),
    [
        ("kpb", TRAINER, EPA, None),
        ("msf", TRAINEE, EPA, None),
        ("kpb", TRAINEE, EPA, "own_assessment"),
        ("kpb", uuid4(), EPA, "assessor_not_available"),
        ("kpb", TRAINER, uuid4(), "epa_not_of_activity"),
        ("osats", TRAINER, EPA, "instrument_not_offered"),
    ],
)
def test_a_request_goes_to_a_trainer_about_an_epa_in_a_way_that_is_offered(
    instrument: str, assessor: UUID, epa: UUID, code: str | None
) -> None:
    offered = (Offer("kpb", None, required=True), Offer("msf", None, required=True))
    refused = None
    try:
        check_request(
            Offer(instrument, None, required=True),
            offers=offered,
            epa_id=epa,
            epas=[EPA],
            assessor_id=assessor,
            trainee_id=TRAINEE,
            # The trainee being a trainer too changes nothing.
            assessors={TRAINER, TRAINEE},
        )
    except RuleBroken as broken:
        refused = broken.code
    assert refused == code
