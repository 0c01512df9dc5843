"""Assessing a group at once, unasked: one act that several trainees did, and an answer for each, all or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from competencies.observations import ActivityKind
from lms.accounts.permissions import me
from lms.assessments import queries
from lms.assessments.forms import AnswerForm, form_for
from lms.assessments.permissions import can_start
from lms.assessments.queries.starting import MOST_LISTED
from lms.assessments.start_forms import ActFields
from lms.assessments.start_values import WayToStart, Witnessed
from lms.assessments.starting import start
from lms.assessments.values import levels_of
from lms.assessments.views.blueprint import bp
from lms.assessments.views.starting import FIELDS, chosen_way
from lms.cohorts.models import Enrolment
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.answers import answered, done
from lms.core.keys import derived, uuid7
from lms.core.words import _, in_language, ngettext
from lms.curriculum.values import applies_to
from lms.logbook.queries import offered_to
from lms.logbook.values import Offered
from lms.organisations.permissions import my_duties
from lms.standings.actions import hold_standings

MOST_IN_A_GROUP = 30
CONFLICTS = frozenset({"form_used", "changed_meanwhile"})


@dataclass(frozen=True, slots=True)
class Row:
    """One trainee of the group with the form for them; an empty one says that nothing was seen of them."""

    enrolment: Enrolment
    form: AnswerForm

    @property
    def is_filled(self) -> bool:
        """Return whether anything was chosen or typed."""
        return any(text.strip() for text in self.form.typed().values())


@bp.get("/assessments/start/group")
@signed_in
def choose_group() -> ResponseReturnValue:
    """Let a trainer choose a group, and tick who of it was there."""
    authorize(can_start(my_duties()))
    groups = _groups(queries.trainees_to_assess(db.session(), me().id, on=clock.today(), most=MOST_LISTED))
    chosen = groups.get(request.args.get("group", ""))
    return render_template("assessments/choose_group.html", groups=groups, chosen=chosen, most=MOST_IN_A_GROUP)


@dataclass(frozen=True, slots=True)
class Group:
    """Trainees who follow the same version of a programme, in a cohort or at a department."""

    title: str
    programme: str
    enrolments: list[Enrolment]


def _groups(enrolments: Sequence[Enrolment]) -> Mapping[str, Group]:
    """Return the groups of two or more by their key: cohorts first, then departments."""
    groups: dict[str, Group] = {}
    for of_cohort in (True, False):
        for one in enrolments:
            place = one.cohort if of_cohort else one.department
            key = f"{place.id}.{one.programme_version_id}.{one.cohort.organisation_id}"
            programme = in_language(one.programme_version.short_title)
            title = place.name if of_cohort else f"{one.department.name}, {one.department.organisation.name}"
            groups.setdefault(key, Group(title, programme, [])).enrolments.append(one)
    return {key: group for key, group in groups.items() if len(group.enrolments) > 1}


@bp.route("/assessments/start/together", methods=["GET", "POST"])
@signed_in
def start_group() -> ResponseReturnValue:
    """Let a trainer write down what a group did and assess each on one screen: all that is filled in or nothing."""
    enrolments = _chosen()
    offered = _offered(enrolments)
    ways = queries.ways_to_start(db.session(), offered)
    way = chosen_way(ways, None)
    form = _act_form(enrolments, way, offered)
    rows = [Row(one, _answer_form(one, way)) for one in enrolments]
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        filled = [row for row in rows if row.is_filled]
        sound = [row.form.validate() for row in filled]
        if filled and all(sound):
            try:
                return _given(_give(form, filled, enrolments, way, offered))
            except RuleBroken as broken:
                rows = [Row(one, row.form) for one, row in zip(_chosen(), rows, strict=True)]
                status = 409 if broken.code in CONFLICTS else 422
        elif not filled:
            form.form_errors.append(_("Fill in at least one of these."))
    page = render_template(
        "assessments/start_group.html",
        form=form,
        rows=rows,
        ways=ways,
        way=way,
        levels=levels_of(way.scale, way.direction),
        keys=[str(one.id) for one in enrolments],
    )
    return answered(page, status, form)


def _chosen() -> Sequence[Enrolment]:
    """Return the trainees who are named, by name: each within reach, and all of one group."""
    keys = set(request.values.getlist("trainee", type=UUID))
    within_reach = queries.trainees_to_assess(db.session(), me().id, on=clock.today(), among=keys)
    groups = _groups(within_reach).values()
    together = len(keys) == len(within_reach) == 1 or any(len(one.enrolments) == len(keys) for one in groups)
    return found(within_reach if together and len(keys) <= MOST_IN_A_GROUP else None)


def _offered(enrolments: Sequence[Enrolment]) -> Offered:
    """Return what there is to choose from for all of them: they follow one version, maybe on several tracks."""
    offered = offered_to(db.session(), enrolments[0], on=clock.today())
    for_all = {key: epa for key, epa in offered.epas.items() if all(applies_to(epa, one.track) for one in enrolments)}
    return replace(offered, epas=for_all)


def _act_form(enrolments: Sequence[Enrolment], way: WayToStart, offered: Offered) -> ActFields:
    known = {
        "key": str(uuid7()),
        "kind": ActivityKind.PATIENT_CONTACT,
        "performed_on": clock.today(),
        "department": enrolments[0].department_id,
    }
    return ActFields(data=known).offer(offered, way.offers.keys())


def _answer_form(enrolment: Enrolment, way: WayToStart) -> AnswerForm:
    kind = form_for(way.instrument.result, way.scale, way.direction, {}, way.items)
    return kind(prefix=f"{enrolment.id}-", meta={"csrf": False})


def _give(
    form: ActFields, filled: Sequence[Row], enrolments: Sequence[Enrolment], way: WayToStart, offered: Offered
) -> int:
    """Give all of them or none and return how many; each trainee has a key that follows from the one of the form.

    They are given in the order in which others lock them.
    """
    numbers = {key: number for number, key in enumerate(sorted(one.id for one in enrolments))}
    account, opened, now = form.account(), form.opened_as, clock.now()
    with db.transaction() as session:
        hold_standings(session, [(row.enrolment.id, epa_id) for row in filled for epa_id in account.epa_ids])
        for row in sorted(filled, key=lambda one: one.enrolment.trainee_id):
            seen = Witnessed(account=account, way=way, answer=row.form.answer())
            key = derived(opened, numbers[row.enrolment.id])
            try:
                start(session, row.enrolment, seen, key=key, offered=offered, by=me(), on=clock.today(), at=now)
            except RuleBroken as broken:
                field = FIELDS.get(broken.code)
                (form if field in form else row.form).refuse(broken, field if field in form else None)
                raise
    return len(filled)


def _given(count: int) -> ResponseReturnValue:
    """Answer that so many assessments are given."""
    said = ngettext("%(num)d assessment is given.", "%(num)d assessments are given.", count)
    return done(said, url_for(".given"))
