"""A trainee's history in one enrolment: what was done, asked and answered, in the order in which it came about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from competencies.activities import REFLECTION_NOTE
from competencies.observations import ActivityKind, AssessmentStatus, Observation
from competencies.requirements import observed_in
from lms.core.clock import day_of
from lms.demo import texts
from lms.demo.answers import fill_in
from lms.demo.chance import Chance
from lms.demo.enrolments import Enrolment
from lms.demo.growth import Path, answer_days
from lms.demo.people import Assessor
from lms.demo.programmes import Need, Part
from lms.demo.records import Activity, Assessment, Decision

WITHDRAWN, DECLINED, FORGOTTEN = 0.02, 0.035, 0.01
"""The shares of requests that are taken back, declined, or never looked at."""
NOT_OBSERVED = 0.012
"""The share, of those that are declined, whose assessor did not see it."""
EXTENDED = 0.65
"""The share of requests that are given more time, of those that would expire."""
REFLECTION = "reflection"
ONE_DAY = timedelta(days=1)


class Dossier:
    """Everything of one enrolment up to and including its last day."""

    def __init__(self, chance: Chance, enrolment: Enrolment, *, last_day: date) -> None:
        self.chance = chance
        self.enrolment = enrolment
        self.last_day = last_day
        self.activities: list[Activity] = []
        self.assessments: list[Assessment] = []
        self.decisions: list[Decision] = []
        self.seen: defaultdict[UUID, list[Observation]] = defaultdict(list)
        self.end = datetime.combine(last_day, time(21), UTC)
        self._turn = chance.randrange(len(enrolment.raters))

    def latest(self) -> datetime:
        """Return the moment of the last thing that happened."""
        logged = (one.created_at for one in self.activities)
        answered = (one.answered_at or one.requested_at for one in self.assessments)
        decided = (one.recorded_at for one in self.decisions)
        return max(*logged, *answered, *decided, self.enrolment.created_at, self.enrolment.created_at)

    def next_rater(self) -> Assessor:
        """Return whom the trainee asks next: colleagues take turns, a guide comes in between now and then."""
        if self.chance.happens(0.2):
            return self.chance.choice(self.enrolment.guides)
        self._turn += 1
        return self.enrolment.raters[self._turn % len(self.enrolment.raters)]

    def log(
        self, kind: ActivityKind, day: date, parts: list[Part], *, quantity: int = 1, at_once: bool = False
    ) -> Activity | None:
        """Log an activity some hours or days after the act; nothing comes of it when the history ends before."""
        logged_on = day if at_once else day + timedelta(days=int(self.chance.days(0.5, 1.0)))
        if day < self.enrolment.starts_on or logged_on > self.last_day:
            return None
        at = self.chance.moment(logged_on, between=(17, 20) if logged_on == day else (7, 20))
        reflects = kind is ActivityKind.REFLECTION
        said = self.chance.choice(texts.REFLECTIONS if reflects else texts.NOTES[kind])
        department = self.enrolment.department_id
        if self.chance.happens(0.15):
            department = self.chance.choice(self.enrolment.group.place.departments)
        note = REFLECTION_NOTE if reflects else said
        made = Activity(self.chance.key(at), kind, day, department, note, quantity, at, parts)
        self.activities.append(made)
        if reflects:
            made.reflection = said
            self._note_reflection(made)
        return made

    def hold_reflections(self, counted: Collection[UUID], at: datetime) -> None:
        """Keep reflections as they were when they counted for a decision."""
        for one in self.activities:
            if one.kind is ActivityKind.REFLECTION and one.id in counted and one.rated_at is None:
                one.rated_at = at

    def _note_reflection(self, made: Activity) -> None:
        for part in made.parts:
            form = min(
                (one.form for one in observed_in(part.requirements) if one.instrument == REFLECTION and one.form),
                default=None,
            )
            self.seen[part.epa_id].append(
                Observation(
                    id=made.id,
                    epa_id=part.epa_id,
                    activity_id=made.id,
                    instrument=REFLECTION,
                    form=form,
                    observed_on=made.performed_on,
                    assessor_id=self.enrolment.trainee_id,
                    by_trainee=True,
                    answered_at=made.created_at,
                )
            )

    def ask(self, activity: Activity, path: Path, need: Need, assessor: Assessor) -> Assessment:
        """Ask the assessor about the activity; most answer some days later, some do not."""
        at = activity.created_at + timedelta(minutes=2 + 50 * self.chance.random())
        asked = Assessment(self.chance.key(at), activity, path.part, need, assessor.id, at)
        self.assessments.append(asked)
        share = 1.0 if path.sure else self.chance.random()
        day = max(activity.performed_on + timedelta(days=int(answer_days(self.chance, assessor))), at.date())
        answered_at = max(self.chance.moment(day), at + timedelta(minutes=10 + 60 * self.chance.random()))
        answered_at = self._in_time(asked, answered_at, sure=path.sure)
        if share < FORGOTTEN or answered_at > self.end or day_of(answered_at) > asked.expires_on:
            self._leave(asked)
            return asked
        if share < FORGOTTEN + WITHDRAWN:
            asked.close(AssessmentStatus.WITHDRAWN, answered_at)
        elif share < FORGOTTEN + WITHDRAWN + DECLINED:
            self.decline(asked, answered_at)
            if share < FORGOTTEN + WITHDRAWN + NOT_OBSERVED:
                asked.say_not_observed()
        else:
            self._answer(asked, path, assessor, answered_at)
        return asked

    def _in_time(self, asked: Assessment, answered_at: datetime, *, sure: bool) -> datetime:
        """Return when it is answered: what would come too late is given more time, if anybody thinks of it."""
        last = asked.expires_on
        extended_at = self.chance.moment(last - timedelta(days=1))
        if day_of(answered_at) <= last or extended_at > self.end or not (sure or self.chance.happens(EXTENDED)):
            return answered_at
        asked.extended_at = extended_at
        days = self.chance.randrange(1, (asked.expires_on - last).days + 1)
        return self.chance.moment(last + timedelta(days=days))

    def _leave(self, asked: Assessment) -> None:
        """Let it wait, or expire once its last day has passed."""
        if asked.expires_on < self.last_day:
            asked.close(AssessmentStatus.EXPIRED, datetime.combine(asked.expires_on + ONE_DAY, time(5, 11), UTC))

    def decline(self, asked: Assessment, at: datetime) -> None:
        """Let the assessor decline."""
        asked.decline_reason = self.chance.choice(texts.DECLINES)
        asked.close(AssessmentStatus.DECLINED, at)

    def ask_oneself(self, activity: Activity, path: Path, need: Need) -> None:
        """Let the trainee answer in their own round of feedback."""
        trainee_id = self.enrolment.trainee_id
        self.ask(activity, Path(path.part, path.begins, path.days, sure=True), need, Assessor(trainee_id, 0.0, 0.05))

    def _answer(self, asked: Assessment, path: Path, assessor: Assessor, at: datetime) -> None:
        fill_in(self.chance, asked, path, assessor, at)
        if seen := asked.observation(self.enrolment.trainee_id):
            self.seen[path.part.epa_id].append(seen)
