"""What comes of a round: the conversation that opens its report, and the goals that are set with it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from competencies.multisource import GoalState, check_conversation
from lms.accounts.models import User
from lms.core.audit import record
from lms.core.clock import day_of
from lms.multisource.models import FeedbackRound, Goal
from lms.notices.actions import notify, settle
from lms.notices.models import NoticeKind


def plan_conversation(
    session: Session,
    round_: FeedbackRound,
    *,
    on: date,
    guide_id: UUID,
    guides: Collection[User],
    by: User,
    at: datetime,
) -> None:
    """Plan the conversation, or plan it otherwise; from then on the trainee and that guide read the report.

    `guides` are those who guide the trainee today. Raises `RuleBroken` conversation_past or reader_not_guide.
    """
    check_conversation(on, today=day_of(at))
    if guide_id not in {one.id for one in guides}:
        raise RuleBroken("reader_not_guide")
    session.execute(select(FeedbackRound.id).where(FeedbackRound.id == round_.id).with_for_update())
    before = {"conversation_on": round_.conversation_on, "guide": round_.guide_id}
    round_.conversation_on, round_.guide_id = on, guide_id
    session.flush()
    settle(session, NoticeKind.FEEDBACK_CONVERSATION, NoticeKind.FEEDBACK_CLOSED, about=round_.id, at=at)
    record(
        session,
        "feedback.conversation_planned",
        subject=round_.trainee_id,
        by=by.id,
        at=at,
        target=round_.id,
        before={key: value for key, value in before.items() if value is not None},
        after={"conversation_on": on, "guide": guide_id},
    )
    notify(session, guide_id, NoticeKind.FEEDBACK_CONVERSATION, about=round_.id, by=by.id, at=at)


def set_goal(
    session: Session, round_: FeedbackRound, *, what: str, seen_by: str, due_on: date, by: User, at: datetime
) -> Goal:
    """Keep what the trainee is going to do; the record says that there is a goal and not which."""
    goal = Goal(round_id=round_.id, what=what, seen_by=seen_by, due_on=due_on, written_by_id=by.id, written_at=at)
    session.add(goal)
    session.flush()
    record(session, "feedback.goal_set", subject=round_.trainee_id, by=by.id, at=at, target=goal.id)
    return goal


def settle_goal(session: Session, goal: Goal, *, state: GoalState, by: User, at: datetime) -> None:
    """Keep what became of a goal; needs the round. What was reached can still go on, and the other way round."""
    before, goal.state, goal.settled_at = goal.state, state, at
    session.flush()
    sides = {"before": {"state": before}, "after": {"state": state}}
    record(session, "feedback.goal_settled", subject=goal.round.trainee_id, by=by.id, at=at, target=goal.id, **sides)
