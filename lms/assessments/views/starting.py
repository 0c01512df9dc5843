"""Assessing what nobody asked for: the assessor chooses the trainee, writes down what was done and rates it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from competencies.observations import ActivityKind
from lms.accounts.permissions import me
from lms.assessments import queries, start_drafts
from lms.assessments.models import StartDraft
from lms.assessments.permissions import can_start
from lms.assessments.queries.starting import MOST_LISTED
from lms.assessments.start_forms import StartForm, start_form_for
from lms.assessments.start_values import WayToStart, Witnessed, texts_in, typed_before, words_elsewhere
from lms.assessments.starting import start
from lms.assessments.values import levels_of
from lms.assessments.views.blueprint import bp
from lms.cohorts.models import Enrolment
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.answers import answered, done, is_for_script
from lms.core.forms import stripped
from lms.core.keys import uuid7
from lms.core.templating import moment
from lms.core.words import _, rule_text
from lms.logbook.queries import offered_to
from lms.logbook.values import Offered
from lms.organisations.permissions import my_duties

FIELDS = {
    "activity_in_future": "performed_on",
    "activity_before_enrolment": "performed_on",
    "activity_after_enrolment": "performed_on",
    "department_not_involved": "department",
    "epa_not_offered": "epa",
    "instrument_not_offered": "epa",
}
"""The field that a broken rule is about."""
CONFLICTS = frozenset({"draft_elsewhere", "form_used"})


@bp.get("/assessments/start")
@signed_in
def start_one() -> ResponseReturnValue:
    """Let a trainer choose whom to assess: those they guide and assessed lately first, then all by place."""
    authorize(can_start(my_duties()))
    session, today, named = db.session(), clock.today(), stripped(request.args.get("name"))
    within_reach = queries.trainees_to_assess(session, me().id, on=today, named=named)
    first = {
        _("You guide"): queries.guided_today(session, me().id, on=today),
        _("You assessed them lately"): queries.assessed_lately(session, me().id, on=today),
    }
    return render_template(
        "assessments/start.html",
        groups=_in_groups(within_reach, first),
        named=named,
        cut=len(within_reach) >= MOST_LISTED,
    )


def _in_groups(
    enrolments: Sequence[Enrolment], first: Mapping[str, frozenset[UUID]]
) -> Mapping[str, Sequence[Enrolment]]:
    """Return the enrolments by group, each once: the groups that come first, then by organisation and department."""
    left, groups = list(enrolments), {}
    for title, keys in first.items():
        groups[title] = [one for one in left if one.id in keys]
        left = [one for one in left if one.id not in keys]
    for one in sorted(left, key=lambda one: (one.department.organisation.name, one.department.name)):
        groups.setdefault(f"{one.department.organisation.name}, {one.department.name}", []).append(one)
    return {title: group for title, group in groups.items() if group}


@bp.route("/assessments/start/<uuid:enrolment_id>", methods=["GET", "POST"])
@signed_in
def start_of(enrolment_id: UUID) -> ResponseReturnValue:
    """Let a trainer write down what a trainee did and assess it, in one step; sent twice it is given once."""
    enrolment = _one(enrolment_id)
    offered = offered_to(db.session(), enrolment, on=clock.today())
    ways = queries.ways_to_start(db.session(), offered)
    if not ways:
        return render_template("assessments/start_of.html", enrolment=enrolment, ways=ways)
    draft = _draft_of(enrolment)
    way = chosen_way(ways, draft)
    form = _form(enrolment, way, offered, draft)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            return _given(_start(form, enrolment, ways, way, offered))
        except RuleBroken as broken:
            enrolment = _one(enrolment_id)
            status = _refused(form, broken)
    return answered(_page(form, enrolment, ways, way), status, form)


def _one(enrolment_id: UUID) -> Enrolment:
    return found(queries.one_to_assess(db.session(), me().id, enrolment_id, on=clock.today()))


def _draft_of(enrolment: Enrolment) -> StartDraft | None:
    return start_drafts.draft_of(db.session(), enrolment.id, me())


def chosen_way(ways: Sequence[WayToStart], draft: StartDraft | None) -> WayToStart:
    """Return the way that is asked for, or was typed in, or that the EPA that is asked for has; else the first one."""
    key = request.args.get("way") or (draft.typed.get("way") if draft else None)
    epa_id = request.args.get("epa", type=UUID)
    asked_for = (one for one in ways if one.key == key)
    return found(next(asked_for, next((one for one in ways if epa_id in one.offers), next(iter(ways), None))))


def _form(enrolment: Enrolment, way: WayToStart, offered: Offered, draft: StartDraft | None) -> StartForm:
    """Return the form with what was typed before, else with today and the trainee's own department."""
    known: dict[str, object] = {
        "key": str(uuid7()),
        "kind": ActivityKind.PATIENT_CONTACT,
        "performed_on": request.args.get("on", type=date.fromisoformat) or clock.today(),
        "department": request.args.get("department", type=UUID) or enrolment.department_id,
        "epa": request.args.get("epa", type=UUID),
    }
    if draft is not None and request.method == "GET":
        known |= {"revision": str(draft.revision)} | typed_before(draft.typed)
    form = start_form_for(way)(data=known)
    form.offer(offered, way.offers.keys())
    return form


def _start(form: StartForm, enrolment: Enrolment, ways: Sequence[WayToStart], way: WayToStart, offered: Offered) -> str:
    """Give the assessment and return the name of the trainee."""
    seen, name = Witnessed(account=form.account(), way=way, answer=form.answer()), enrolment.trainee.name
    now, sent = clock.now(), texts_in(ways, form.words())
    with db.transaction() as session:
        start(session, enrolment, seen, key=form.opened_as, offered=offered, by=me(), on=clock.today(), at=now)
        start_drafts.close(session, enrolment.id, by=me(), seen=form.seen, sent=sent)
    return name


def _given(name: str) -> ResponseReturnValue:
    said = _("Your assessment of %(name)s is given. They are told, and see what you wrote.", name=name)
    return done(said, url_for(".given"))


def _refused(form: StartForm, broken: RuleBroken) -> int:
    """Put the refusal into the form and return its status; a form that was used or damaged is opened anew."""
    form.refuse(broken, FIELDS.get(broken.code))
    if broken.code in {"form_damaged", "form_used"}:
        form.open_anew()
    return 409 if broken.code in CONFLICTS else 422


def _page(form: StartForm, enrolment: Enrolment, ways: Sequence[WayToStart], way: WayToStart) -> str:
    """Return the page of the form; what was typed elsewhere meanwhile stands above it."""
    draft = _draft_of(enrolment)
    elsewhere = words_elsewhere(draft, ways, form.words(), seen=form.seen)
    form.revision.data = str(draft.revision if draft else 0)
    return render_template(
        "assessments/start_of.html",
        enrolment=enrolment,
        ways=ways,
        way=way,
        form=form,
        draft=draft,
        elsewhere=elsewhere,
        levels=levels_of(way.scale, way.direction),
    )


@bp.post("/assessments/start/<uuid:enrolment_id>/draft")
@signed_in
def save_start(enrolment_id: UUID) -> ResponseReturnValue:
    """Save what a trainer typed so far: by itself while they type, or by a button."""
    enrolment = _one(enrolment_id)
    offered = offered_to(db.session(), enrolment, on=clock.today())
    ways = queries.ways_to_start(db.session(), offered)
    way = chosen_way(ways, None)
    form, now, here = _form(enrolment, way, offered, None), clock.now(), url_for(".start_of", enrolment_id=enrolment_id)
    if not form.is_storable():
        said = " ".join(str(one) for field in form for one in field.errors)
        return (jsonify(message=said) if is_for_script() else _page(form, enrolment, ways, way)), 422
    try:
        with db.transaction() as session:
            typed = form.typed() | {"way": way.key}
            revision = start_drafts.save(
                session, enrolment_id, typed, key=form.opened_as, seen=form.seen, by=me(), at=now
            )
    except RuleBroken as broken:
        _refused(form, broken)
        told = jsonify(message=rule_text(broken), url=here, label=_("look at it"))
        return (told if is_for_script() else _page(form, _one(enrolment_id), ways, way)), 409
    if is_for_script():
        return jsonify(message=_("Saved at %(time)s", time=moment(now).rpartition(" ")[2]), revision=revision)
    flash(_("Your draft is saved. Only you see it."), "done")
    return redirect(here)


@bp.post("/assessments/start/<uuid:enrolment_id>/discard")
@signed_in
def discard_start(enrolment_id: UUID) -> ResponseReturnValue:
    """Let a trainer throw away what they typed and did not give."""
    enrolment = _one(enrolment_id)
    with db.transaction() as session:
        start_drafts.forget(session, enrolment.id, me())
    flash(_("Your draft is gone."), "done")
    return redirect(url_for(".start_of", enrolment_id=enrolment_id))
