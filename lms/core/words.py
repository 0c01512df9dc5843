"""Words: the one place that translates, with the labels of everything that has a code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

from babel import Locale
from flask import g
from flask_babel import format_date, get_locale
from flask_babel.speaklater import LazyString

from competencies.errors import RuleBroken

__all__ = [
    "LABELS",
    "LANGUAGES",
    "RULES",
    "SEVERAL",
    "_",
    "_l",
    "current_language",
    "in_language",
    "label",
    "ngettext",
    "rule_text",
    "several",
]

LANGUAGES = ("nl", "en")
TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"
SOURCE = "en"
"""The language that messages are written in, and that is spoken where nobody reads."""


def _(message: str, **facts: object) -> str:
    """Return a message in the reader's language, with its facts filled in."""
    said = _catalogue().gettext(message)
    return said % facts if facts else said


def ngettext(one: str, many: str, num: int, **facts: object) -> str:
    """Return a message for one or for many in the reader's language, with its facts and the number filled in."""
    return unfilled(one, many, num) % {"num": num, **facts}


def unfilled(one: str, many: str, num: int) -> str:
    """Return a message for one or for many in the reader's language, its placeholders as they are."""
    return _catalogue().ngettext(one, many, num)


def _l(message: str, **facts: object) -> LazyString:
    """Return a message that is said in the language of whoever reads it, when they do."""
    return LazyString(_, message, **facts)


def _catalogue() -> NullTranslations:
    locale = _locale()
    return _translations(locale.language if locale is not None else SOURCE)


def _locale() -> Locale | None:
    """Return the locale of this reader: where flask-babel keeps it once it was asked, which saves its own detours."""
    try:
        kept: Locale | None = getattr(vars(g._get_current_object()).get("_flask_babel"), "babel_locale", None)  # noqa: SLF001
    except RuntimeError:
        return None
    return kept or get_locale()


@cache
def _translations(language: str) -> NullTranslations:
    """Return the messages of a language; those that it has no words for stay as they are written."""
    return translation("messages", TRANSLATIONS, [language], fallback=True)


LABELS: dict[str, dict[str, object]] = {
    "Role": {
        "trainee": _l("Trainee"),
        "trainer": _l("Trainer"),
        "programme_lead": _l("Programme lead"),
        "committee_member": _l("Committee member"),
        "organisation_administrator": _l("Organisation administrator"),
        "regional_coordinator": _l("Regional coordinator"),
        "auditor": _l("Auditor"),
    },
    "OrganisationKind": {
        "hospital": _l("Hospital"),
        "ambulance_service": _l("Ambulance service"),
        "training_institute": _l("Training institute"),
    },
    "EndReason": {
        "completed": _l("Completed"),
        "dropped_out": _l("Left the programme"),
        "transferred": _l("Transferred"),
    },
    "ActivityKind": {
        "patient_contact": _l("Patient contact"),
        "procedure": _l("Procedure"),
        "simulation": _l("Simulation"),
        "case_discussion": _l("Case discussion"),
        "course": _l("Course"),
        "project": _l("Project"),
        "shift": _l("Shift"),
        "reflection": _l("Reflection"),
        "feedback_round": _l("360 feedback round"),
    },
    "AssessmentStatus": {
        "requested": _l("Waiting"),
        "submitted": _l("Given"),
        "declined": _l("Declined"),
        "not_observed": _l("Not observed"),
        "withdrawn": _l("Withdrawn"),
        "disowned": _l("Not given by this person"),
        "expired": _l("Expired"),
    },
    "Identity": {
        "account": _l("Signed in"),
        "known_address": _l("Link sent by e-mail"),
        "shown_code": _l("Code on the trainee’s screen"),
    },
    "LinkState": {
        "open": _l("Can be answered"),
        "used": _l("Used"),
        "withdrawn": _l("Withdrawn"),
        "expired": _l("Expired"),
    },
    "ConcernState": {
        "noted": _l("Written down"),
        "talked": _l("Talked over"),
        "closed": _l("Closed"),
    },
    "ConcernStep": {
        "talked": _l("Talk with the trainee"),
        "followed_up": _l("Follow-up"),
        "corrected": _l("Correction"),
        "closed": _l("Closing"),
    },
    "Leaning": {
        "lower": _l("You rate lower than others did the same trainees."),
        "higher": _l("You rate higher than others did the same trainees."),
        "no_difference": _l("No difference can be seen."),
    },
    "TrustFactor": {
        "ability": _l("Ability"),
        "humility": _l("Knowing one’s limits and asking for help"),
        "integrity": _l("Integrity"),
        "reliability": _l("Reliability"),
        "adequate_exposure": _l("Enough practice to judge"),
    },
    "CoachingMark": {
        "behaviour": _l("what you saw"),
        "suggestion": _l("what to try next"),
        "link": _l("why that follows"),
    },
    "ItemKind": {
        "level": _l("Level"),
        "rubric": _l("Rubric"),
        "yes_no": _l("Yes or no"),
        "short_text": _l("Short text"),
        "long_text": _l("Long text"),
        "counter": _l("Number"),
    },
    "Direction": {"retrospective": _l("Looking back"), "prospective": _l("Looking ahead")},
    "EpaType": {
        "basic": _l("Basic EPA"),
        "core": _l("Core EPA"),
        "specific": _l("Specific EPA"),
        "cross_epa": _l("Cross-EPA activity"),
    },
    "GoalState": {
        "open": _l("Working on it"),
        "reached": _l("Reached"),
        "continued": _l("Goes on"),
    },
    "Cover": {
        "declared": _l("Declared competent"),
        "same_code": _l("Declared competent elsewhere on the same EPA"),
        "cross_function": _l("Declared competent for another function; here after a short induction"),
        "exempted": _l("Exempted"),
        "may_be_exempted": _l("May be exempted once the proof is approved"),
    },
    "NotCovering": {
        "not_begun": _l("Not in force yet"),
        "expired": _l("Expired"),
        "suspended": _l("Suspended"),
        "other_version": _l("Given on another version of this EPA"),
        "other_scale": _l("Given on another scale"),
        "below_level": _l("Below the level that is asked here"),
        "other_scope": _l("Given for other options than are asked here"),
    },
    "EntryKind": {
        "programme": _l("Programme"),
        "epa": _l("EPA"),
        "competency": _l("Competency"),
        "package": _l("Framework"),
    },
    "EpaDemand": {"required": _l("Required"), "optional": _l("Optional")},
    "FileKind": {
        "pdf": _l("PDF"),
        "jpeg": _l("Photo (JPEG)"),
        "png": _l("Image (PNG)"),
        "webp": _l("Image (WebP)"),
        "docx": _l("Word document"),
        "xlsx": _l("Excel workbook"),
        "pptx": _l("PowerPoint presentation"),
        "odt": _l("OpenDocument text"),
        "ods": _l("OpenDocument spreadsheet"),
        "odp": _l("OpenDocument presentation"),
    },
    "Provenance": {
        "sourced": _l("Sourced"),
        "adapted": _l("Adapted from a source"),
        "inferred": _l("Inferred"),
        "draft": _l("Draft"),
        "placeholder": _l("Text still unknown"),
    },
    "Relation": {
        "exact": _l("The same"),
        "close": _l("Nearly the same"),
        "broader": _l("Broader"),
        "narrower": _l("Narrower"),
        "related": _l("Corresponds"),
    },
    "MappingKind": {
        "same": _l("Same"),
        "split": _l("Split"),
        "merged": _l("Merged"),
        "new": _l("New"),
        "dropped": _l("Dropped"),
    },
    "Unrecognised": {
        "undecided": _l("nothing was declared"),
        "suspended": _l("the declaration is suspended"),
        "other_scale": _l("the new EPA is rated on another scale"),
        "scope_asks_more": _l("the new scope asks more than what was declared"),
        "not_all_in_force": _l("not every merged EPA has a declaration in force"),
    },
    "ProgrammeStatus": {"draft": _l("Draft"), "adopted": _l("Adopted"), "retired": _l("Retired")},
    "ProgrammeKind": {
        "epa_route": _l("EPA learning route"),
        "theme_track": _l("Theme track"),
        "cohort": _l("Cohort programme"),
        "work_learning": _l("Work-learning programme"),
    },
    "ResultKind": {
        "level": _l("A level"),
        "pass_fail": _l("Passed or not"),
        "narrative": _l("Feedback in words"),
        "count": _l("A confirmed number"),
        "conditions": _l("Conditions that are met"),
    },
    "SetBy": {
        "assessor": _l("The assessor"),
        "decision_body": _l("Who decides"),
        "team": _l("The team"),
        "faculty": _l("The faculty"),
    },
    "SetAside": {
        "in_the_future": _l("Dated after this day"),
        "too_long_ago": _l("Longer ago than counts"),
        "other_form": _l("Another form than the one asked for"),
        "not_confirmed": _l("Not confirmed by an assessor"),
        "other_scale": _l("Rated on another scale"),
        "below_level": _l("Below the level that is asked for"),
        "not_passed": _l("Not passed"),
        "conditions_unmet": _l("Does not meet all conditions"),
        "too_few_answers": _l("Too few answers in this round"),
        "too_many_simulated": _l("More simulated ones than count"),
        "withdrawn": _l("Withdrawn"),
        "twice": _l("Counted already"),
        "not_of_plan": _l("Not part of the programme"),
        "more_than_exempted": _l("More than may be exempted"),
        "more_than_planned": _l("More than the programme plans"),
    },
    "Obstacle": {
        "not_declared": _l("Not declared yet"),
        "not_begun": _l("The declaration still has to begin"),
        "expired": _l("The declaration has expired"),
        "suspended": _l("The declaration is suspended"),
        "other_scale": _l("Declared on another scale"),
        "below_level": _l("Declared below the level that is asked for"),
        "other_scope": _l("Declared for another scope"),
        "requirements_unmet": _l("Its requirements are not met yet"),
        "not_of_plan": _l("Not part of the programme"),
    },
    "AttainmentKind": {
        "hours": _l("Hours"),
        "placement": _l("Placement"),
        "session": _l("Session or course"),
        "product": _l("Product"),
        "test": _l("Test"),
        "external_diploma": _l("Diploma from elsewhere"),
        "exempt_hours": _l("Exemption from hours"),
        "exempt_epa": _l("Exemption from an EPA"),
    },
    "AttainmentState": {
        "waiting": _l("Waits for confirmation"),
        "confirmed": _l("Confirmed"),
        "refused": _l("Not confirmed"),
        "withdrawn": _l("Withdrawn"),
    },
    "HoursOf": {"practice": _l("Practice"), "theory": _l("Theory"), "self_study": _l("Self-study")},
    "Context": {
        "department": _l("Department"),
        "patient_group": _l("Patient group"),
        "complexity": _l("Complexity"),
        "setting": _l("Setting"),
    },
    "Combination": {"all_of": _l("All of these"), "any_of": _l("One of these"), "n_of": _l("Some of these")},
    "RuleKind": {
        "all_epas_of_type": _l("All EPAs of a type"),
        "min_epas_of_type": _l("A number of EPAs of a type"),
        "cross_epa_completed": _l("The cross-EPA learning activities"),
        "placements_completed": _l("The placements"),
        "attendance": _l("Attendance"),
        "deliverables_completed": _l("The products of the programme"),
        "external_diploma": _l("The diploma of the school"),
        "study_load_completed": _l("The hours of the study load"),
        "requirement": _l("Another requirement"),
    },
    "Change": {
        "new": _l("New"),
        "changed": _l("Changed"),
        "removed": _l("Removed"),
        "unchanged": _l("Unchanged"),
        "problem": _l("Problem"),
        "remark": _l("Remark"),
    },
    "ImportKind": {
        "programme": _l("Programme"),
        "package": _l("Framework"),
        "scales": _l("Scales"),
        "vocabulary": _l("Vocabulary"),
    },
    "ImportPhase": {
        "waiting": _l("Waits for a worker"),
        "reading": _l("reading the file"),
        "comparing": _l("comparing with what is stored"),
        "keeping": _l("keeping the preview"),
        "storing": _l("storing"),
    },
    "ImportState": {
        "waiting": _l("Waits to be read"),
        "reading": _l("Being read"),
        "ready": _l("Ready to look at"),
        "refused": _l("Refused"),
        "applying": _l("Being imported"),
        "applied": _l("Imported"),
        "failed": _l("Went wrong"),
    },
    "NodeKind": {
        "item": _l("Item"),
        "association": _l("Association"),
        "concept": _l("Concept"),
        "subject": _l("Subject"),
        "licence": _l("Licence"),
        "item_type": _l("Type of item"),
        "grouping": _l("Group of associations"),
        "rubric": _l("Rubric"),
    },
    "DecisionState": {
        "in_force": _l("In force"),
        "suspended": _l("Suspended"),
        "expired": _l("Expired"),
        "superseded": _l("Superseded"),
        "upcoming": _l("Not yet in force"),
    },
    "DraftState": {
        "draft": _l("In the making"),
        "in_review": _l("In review"),
        "approved": _l("Approved"),
        "published": _l("Published"),
        "discarded": _l("Discarded"),
    },
    "DraftStep": {
        "edit": _l("change it"),
        "submit": _l("ask for a review"),
        "approve": _l("approve it"),
        "send_back": _l("send it back"),
        "publish": _l("publish it"),
        "discard": _l("discard it"),
    },
    "Verdict": {"approved": _l("Approved"), "sent_back": _l("Sent back")},
    "EditKind": {
        "saved": _l("Stored"),
        "conflicting": _l("Kept beside a newer text"),
        "removed": _l("Taken out"),
    },
}
"""The words of every enum that a page shows, by the name of the enum and the value of its member."""

RULES: dict[str, object] = {
    # the domain
    "answered_before": _l("You answered this before, and that answer stays. What you typed now is not stored."),
    "assessment_step": _l("This assessment is “%(was)s” already; it can no longer become “%(to)s”."),
    "decided_in_future": _l("A decision can take effect on %(latest)s at the latest."),
    "decider_not_allowed": _l(
        "You may not decide on this trainee: that is for a current trainer or a committee member."
    ),
    "epa_split_and_merged": _l(
        "%(epa)s goes to several EPAs, and %(into)s takes in others too: then nobody can say which part went where. "
        "Choose one of the two."
    ),
    "epa_without_level": _l("This learning activity has no levels, so nothing can be declared on it."),
    "four_eyes": _l("You are the only one who assessed this. Somebody else must assess too, or decide."),
    "level_above_target": _l(
        "Level %(level)s is above what the programme asks (%(target)s). Give a reason to decide so."
    ),
    "level_unknown": _l("The scale has no level %(level)s."),
    "mapping_epa_missing": _l("%(epa)s does not stand in this mapping."),
    "mapping_epa_twice": _l("%(epa)s stands in this mapping twice."),
    "mapping_epa_unknown": _l("This mapping names an EPA that neither version has."),
    "mapping_used": _l("Trainees were moved by this mapping already: it stays as it is. Prepare another move."),
    "mapping_unsound": _l("A line of this mapping does not have the EPAs that its kind needs."),
    "move_reason_missing": _l("Say why these trainees move; they read it, and the record keeps it."),
    "move_revives_decision": _l(
        "An earlier declaration of %(trainee)s on %(epa)s would come into force again, although somebody decided later "
        "on what %(epa)s became. Let %(epa)s come from that EPA in the mapping, so that the later decision holds on. "
        "Where it does already, first decide on every EPA that is merged into it."
    ),
    "moved_meanwhile": _l(
        "Somebody moved one of these trainees, or ended an enrolment, after you opened this page. "
        "Nobody was moved now: look at the list again."
    ),
    "own_decision": _l("Nobody can decide about themselves."),
    "own_move": _l("Nobody moves themselves to another version. Ask another programme lead."),
    "quantity_negative": _l("A number of procedures cannot be below zero."),
    "requirements_unmet": _l(
        "%(unmet)s of %(requirements)s requirements are not met yet. Give a reason to decide anyway."
    ),
    "scale_mismatch": _l("Levels of two different scales cannot be compared."),
    "scale_unsound": _l("The levels of the scale %(scale)s are not in order."),
    "scope_option_elsewhere": _l("“%(option)s” does not belong to this EPA. It is decided on in “%(epa)s”."),
    "scope_option_requires": _l("“%(option)s” also needs “%(required)s”."),
    "scope_site_lacks": _l("“%(option)s” can only be chosen at a place that is accredited for it."),
    "scope_too_few": _l("Choose at least %(minimum)s under “%(group)s”; you chose %(chosen)s."),
    "scope_too_many": _l("Choose at most %(maximum)s under “%(group)s”; you chose %(chosen)s."),
    "scope_total_too_low": _l("With “%(option)s” choose at least %(minimum)s under “%(group)s”; you chose %(chosen)s."),
    "scope_unknown_group": _l("This EPA has no choice called “%(group)s”."),
    "scope_unknown_option": _l("“%(group)s” has no option “%(option)s”."),
    "valid_until_before_decision": _l(
        "A declaration cannot end on %(valid_until)s, before it begins on %(decided_on)s."
    ),
    # accounts and organisations
    "accreditation_dates": _l("The accreditation would end on %(until)s, before it starts on %(since)s."),
    "accreditation_ended": _l("This accreditation ends on %(ended_on)s already."),
    "accreditation_held": _l("The same is recorded here from %(starts_on)s on already. End that accreditation first."),
    "account_unknown": _l(
        "Nobody has an account with the e-mail address %(email)s. Ask the programme lead to enrol this person first."
    ),
    "department_exists": _l("There is a department with the name %(name)s already."),
    "email_taken": _l("There is an account with the e-mail address %(email)s already."),
    "role_dates": _l("The role would end on %(until)s, before it starts on %(since)s."),
    "role_ended": _l("This role ends on %(ended_on)s already."),
    "own_role": _l("Nobody can give themselves a role. Ask another administrator."),
    "no_trainer_today": _l(
        "You are no trainer here today, so your assessment cannot count. Decline, and the trainee asks somebody else."
    ),
    "quiet_all_day": _l("These hours would never end. Let them end at another time than they begin."),
    "role_held": _l("%(name)s holds the role %(role)s here already."),
    # logbook and assessments
    "activity_after_enrolment": _l("Your enrolment ended on %(ended_on)s. Choose that day or an earlier one."),
    "activity_before_enrolment": _l("Your enrolment began on %(starts_on)s. Choose that day or a later one."),
    "activity_in_future": _l("This day is still to come. Log an activity when it is done."),
    "activity_not_rated": _l("Nobody assessed this activity yet, so you can simply change it."),
    "activity_rated": _l(
        "This activity has been assessed and stays as it is. Correct it with a reason, or log a new one if you did "
        "something else."
    ),
    "activity_without_epa": _l("Choose at least one EPA."),
    "already_asked": _l("You have asked %(assessor)s for this already."),
    "already_asked_too": _l("The trainee asked %(assessor)s for the same already. Choose somebody else."),
    "answer_incomplete": _l("This assessment asks for: %(result)s. Fill that in."),
    "answer_unasked": _l("This assessment asks for: %(result)s. Leave out the rest."),
    "assessor_not_available": _l("This person is not a trainer here today. Choose somebody else."),
    "changed_meanwhile": _l("This was changed after you opened it. Look at it again; what you typed is still here."),
    "concern_after_enrolment": _l("This enrolment ended on %(ended_on)s. Choose that day or an earlier one."),
    "concern_before_enrolment": _l("This trainee began on %(starts_on)s. Choose that day or a later one."),
    "concern_in_future": _l("This day is still to come. Write down what you have seen."),
    "concern_step": _l("Somebody added something meanwhile, and this step no longer fits. Look at it again."),
    "follow_up_past": _l("This day has passed. Choose today or a later day."),
    "talk_before_seen": _l("You talked about something that was seen on %(seen_on)s. Choose that day or a later one."),
    "talk_in_future": _l("This day is still to come. Write the talk down once you had it."),
    "context_not_offered": _l("Your programme has no such choice under “%(context)s”. Choose another one."),
    "correction_empty": _l("Nothing is different from what stands there. Change what was wrong."),
    "correction_reason_missing": _l("Say why you correct this; who assessed it reads it."),
    "department_not_involved": _l("This department does not take part in your programme. Choose another one."),
    "draft_elsewhere": _l(
        "You wrote more about this in another tab or on another device. It stands above the form: take over what you "
        "want to keep, and send it again."
    ),
    "epa_asked": _l("You asked for an assessment of an EPA that you took out. Keep that EPA."),
    "epa_not_of_activity": _l("This activity is not about that EPA."),
    "epa_not_offered": _l("This EPA is not part of your programme. Choose another one."),
    "epa_of_earlier_version": _l(
        "This trainee was moved to another version of the programme, which has other EPAs. Decide on the EPA there."
    ),
    "extended_before": _l("This request was given more time before; that happens once."),
    "extension_by_link": _l("This request has a link with a time of its own. Send another link instead."),
    "fact_out_of_range": _l("Use a number from 0 to %(largest)s."),
    "form_damaged": _l("The form did not arrive whole. What you typed is still here: send it again."),
    "form_used": _l(
        "This form was sent before, so nothing was added now. What you typed is still here: "
        "send it again if you want to log it as well."
    ),
    "hand_on_personal": _l("This was asked of you alone. Answer it or decline, and the trainee asks somebody else."),
    "handed_on_too_often": _l(
        "This request went on %(most)s times already. Answer it or decline, and the trainee asks somebody else."
    ),
    "held_before": _l("%(assessor)s had this request before. Choose somebody else."),
    "instrument_not_offered": _l("This activity cannot be assessed in that way. Choose another way."),
    "item_missing": _l("The form asks for “%(item)s”. Fill that in."),
    "item_unfit": _l("The answer to “%(item)s” is not of the kind that the form asks for."),
    "item_unknown": _l("The form does not ask for “%(item)s”."),
    "link_of_another": _l(
        "This link was sent to another address. Is it not yours? Ask the trainee to send you a link of your own."
    ),
    "link_settled": _l("Something came of this link already. Look at the activity again."),
    "too_many_links": _l(
        "%(most)s links of yours are open, and that is as many as there may be. Withdraw one, or wait for an answer."
    ),
    "not_the_assessor": _l("Only the person who was asked can answer."),
    "over_limit": _l(
        "%(open)s requests wait for %(assessor)s, and %(limit)s is the most. Ask somebody else, or wait a few days."
    ),
    "own_assessment": _l("Nobody can assess themselves."),
    "performed_after_rating": _l("It was assessed on %(rated_on)s. Choose that day or an earlier one."),
    "quantity_out_of_range": _l("Use a number from 1 to %(largest)s."),
    "reason_missing": _l("Say why you decline, so that the trainee knows what to do."),
    "self_rating_given": _l("You rated yourself on this already, and that stays as it is."),
    "self_rating_late": _l(
        "An assessor gave their rating of this already. Whoever may have read it says no longer what they thought."
    ),
    "self_rating_of_another": _l("Only who did it rates themselves."),
    "series_empty": _l("Fill in how many times for at least one EPA."),
    "series_too_long": _l(
        "These would be %(activities)s activities at once; log at most %(largest)s. Choose fewer days or EPAs."
    ),
    "reflection_stays": _l(
        "A reflection that counted stays as it was written, and nothing else becomes one. Log a new activity."
    ),
    "reader_not_guide": _l("This person does not guide you today. Choose somebody who does."),
    "reflection_shared": _l("%(name)s can read this already."),
    "reflection_stays_reflection": _l("A reflection stays one, and nothing else becomes one. Write a new one."),
    "roster_changed": _l("Somebody imported another roster meanwhile. Look at what this one would change now."),
    "round_stays_round": _l("A feedback round stays one, and nothing else becomes one. Log a new activity."),
    # feedback rounds
    "conversation_past": _l("A conversation is planned for today or later."),
    "feedback_empty": _l("Nothing is filled in yet. Answer at least one question; leave out what you cannot tell."),
    "feedback_given": _l(
        "You answered in this round already. An answer cannot be changed: nobody knows which is yours."
    ),
    "rater_asked": _l("%(name)s is asked in this round already."),
    "round_closed": _l("This round is closed: nobody can be asked or answer any more."),
    "round_full": _l("At most %(most)s people can be asked in one round."),
    "round_incomplete": _l(
        "The round still needs %(missing)s answers to meet the minimum of each group. Until then it stays open until "
        "its last day."
    ),
    "round_open": _l("A round is open already. Close that one first."),
    "round_term": _l("The last day of a round is today or later, and at most %(longest)s days from now."),
    # attainments
    "amount_not_positive": _l("Fill in a number above zero."),
    "amount_out_of_range": _l("Use a number above 0 and up to %(most)s."),
    "attained_before_enrolment": _l("The enrolment began on %(starts_on)s. Choose that day or a later one."),
    "attained_in_future": _l("This day is still to come. Record it when it is done."),
    "attainment_settled": _l("This is “%(was)s” already. Look at it again."),
    "confirmed_by_recorder": _l("You recorded this yourself, so somebody else has to confirm it."),
    "exemption_not_offered": _l("The programme names no ground on which this EPA can be exempted."),
    "own_confirmation": _l("Nobody can confirm what they handed in themselves."),
    "refusal_reason_missing": _l("Say why you do not confirm it, so that the trainee knows what to do."),
    "proof_missing": _l("Say what the proof is, so that somebody else can check it."),
    "withdrawal_reason_missing": _l("Say why you take it back; the record keeps it with your reason."),
    # cohorts
    "account_closed": _l("The account of %(name)s is closed."),
    "cohort_exists": _l("%(organisation)s has a cohort with the name %(name)s already."),
    "department_elsewhere": _l("%(name)s is not a department of this organisation or of one in its alliances."),
    "end_before_start": _l("The enrolment cannot end before it starts on %(starts_on)s."),
    "end_in_future": _l("An enrolment ends today or on a day before; for a later day change the planned end."),
    "enrolment_after_cohort": _l("Start on %(planned_end_on)s at the latest: then the cohort ends."),
    "enrolment_ended": _l("This enrolment ended on %(ended_on)s and cannot be changed. Reopen it first."),
    "enrolment_open": _l("This enrolment has not ended, so there is nothing to reopen."),
    "guidance_before_start": _l("The trainer can guide from %(starts_on)s on, when the enrolment starts."),
    "guidance_dates": _l("The guidance would end on %(ends_on)s, before it starts on %(starts_on)s."),
    "guidance_ended": _l("This guidance ends on %(ended_on)s already."),
    "lead_not_allowed": _l("%(name)s is no programme lead of %(organisation)s today."),
    "name_needed": _l("Nobody has an account with this e-mail address yet. Fill in the name too, to make one."),
    "own_enrolment": _l("Nobody can enrol themselves. Ask another programme lead."),
    "plan_dates": _l("The planned end must be after the start."),
    "plan_start_far": _l("Choose a start between %(earliest)s and %(latest)s."),
    "plan_too_long": _l("Choose a planned end on %(latest)s at the latest."),
    "planned_end_needed": _l("This programme has no fixed length, so fill in the planned end."),
    "track_needed": _l("Choose a track: this programme has several."),
    "track_unknown": _l("This programme has no track “%(track)s”."),
    "trainee_enrolled": _l("%(name)s is in this cohort already."),
    "trainer_assigned": _l("%(name)s guides this trainee in these days already."),
    "trainer_is_trainee": _l("%(name)s cannot guide themselves."),
    "trainer_not_allowed": _l("%(name)s is no trainer in this organisation or its alliances today."),
    "version_not_yet_effective": _l(
        "Version %(version)s counts from %(effective_on)s. Nobody moves to it before that day."
    ),
    # entrustment
    "decided_before_enrolment": _l("A decision cannot take effect before the enrolment starts on %(starts_on)s."),
    "decided_after_enrolment": _l("A decision cannot take effect after the enrolment ended on %(ended_on)s."),
    "decided_before_last": _l("The last decision takes effect on %(decided_on)s. Choose that day or a later one."),
    "decided_meanwhile": _l(
        "Somebody else decided on this EPA after you opened this page. Look at that decision; what you typed is kept."
    ),
    # authoring
    "bound_otherwise": _l("Something that this refers to changed since it was approved. It has to be reviewed again."),
    "draft_four_eyes": _l(
        "You changed this draft since it was last approved, or asked for this review. Somebody else must look at it."
    ),
    "draft_incomplete": _l("%(problems)s things are still missing or wrong. Put them right before you ask."),
    "draft_step": _l("This draft is “%(was)s”, so nobody can %(step)s now."),
    "draft_without_owner": _l("You write programmes for no organisation or alliance today, so this has no place yet."),
    "part_in_use": _l("“%(part)s” is used in %(uses)s places, so it stays."),
    "publication_in_past": _l("A version counts from %(earliest)s at the earliest."),
    "remark_missing": _l("Say what has to change, so that the writers know what to do."),
    "retirement_in_past": _l("A version can be retired from %(earliest)s at the earliest."),
    "version_retired": _l("Version %(version)s is retired already, so nobody new starts on it."),
    "programme_of_others": _l(
        "The programme %(key)s belongs to somebody else. Make a copy of it as a programme of your own."
    ),
    # evidence
    "file_damaged": _l("This file is damaged or incomplete: it cannot be read to its end. Save or export it anew."),
    "file_empty": _l("This file is empty."),
    "file_heic": _l(
        "This photo is of the kind HEIC or AVIF, which not every computer can show. Send it as JPEG: on an iPhone "
        "under Settings, Camera, Formats, “Most compatible”."
    ),
    "file_holds_more": _l("There is something else in front of, behind or inside this file. Save or export it anew."),
    "file_incomplete": _l("Only a part of this file has come. Choose it again, and it goes on from where it was."),
    "file_infected": _l("The virus scanner refuses this file. It is not kept."),
    "file_kind_unknown": _l(
        "This is not a PDF, a photo (JPEG, PNG, WebP) or an Office document (docx, xlsx, pptx, odt, ods, odp); "
        "it seems to be: %(found)s."
    ),
    "file_longer": _l("More of this file has come than was said. Choose it again."),
    "file_markup": _l(
        "This is a web page or a drawing that can hold scripts (HTML, SVG, XML). Print it to PDF, or save it as PNG."
    ),
    "file_missing": _l("Choose a file."),
    "file_not_scanned": _l(
        "The virus scanner does not answer now, so this file is not kept. Nothing else is lost; "
        "try again in a few minutes."
    ),
    "file_old_office": _l(
        "This is an Office document of an old kind, or one with a password. Save it without a password as docx, xlsx "
        "or pptx, or as PDF."
    ),
    "file_password": _l("This file is protected with a password. Save it without one."),
    "file_swells": _l("This file would swell to more than we unpack. Make it smaller."),
    "file_too_large": _l("This file is larger than %(most)s MB, and that is the most. Make it smaller."),
    "files_too_many": _l("An activity holds %(most)s files at most. Take one away first."),
    "image_moves": _l("This picture moves. Send one that stands still."),
    "image_too_many_points": _l("This picture has more than %(most)s million points. Make it smaller."),
    "office_links": _l(
        "This document loads something from outside: a template, a picture or data from elsewhere. Save it as PDF."
    ),
    "office_macros": _l("This document holds macros or scripts. Save it without them, or as PDF."),
    "office_objects": _l("There are other files inside this document. Take them out, or save it as PDF."),
    "pdf_files": _l("There are other files inside this PDF. Print it to a new PDF without them."),
    "pdf_launch": _l("This PDF can start programs. Print it to a new PDF."),
    "pdf_packed": _l("This PDF is packed in a way that nobody can look through. Print it to a new PDF."),
    "pdf_script": _l("There is a script in this PDF, as in forms that calculate. Print it to a new PDF."),
    "pdf_sending": _l("This PDF is a form that sends what is filled in. Print it to a new PDF."),
    "upload_gone": _l("This file is no longer there: it waited for more than a day. Choose it again."),
    "uploads_too_many": _l("%(most)s files of yours are on their way, and that is as many as there may be today."),
    # exchange
    "draft_too_many_items": _l("%(items)s items have this type. A programme can begin with %(most)s EPAs at most."),
    "draft_without_items": _l("No item has this type any more. Choose another one."),
    "import_changes_nothing": _l("This file changes nothing, so there is nothing to import."),
    "import_not_ready": _l("This import is not waiting for a decision. Look at how far it is."),
    "preview_not_seen": _l(
        "Somebody else changed this after you opened the preview, so it is compared anew. Look at the new preview "
        "below."
    ),
    "too_many_waiting": _l(
        "%(waiting)s files of yours wait to be decided on, and that is as many as there may be. All of them are still "
        "here. Import some of them or take them back; then hand this one in again."
    ),
    "waiting_too_large": _l(
        "With this file more than %(most)s MB of yours would wait to be decided on. The %(waiting)s files that wait "
        "(%(stored)s MB) are still here. Import some of them or take them back; then hand this one in again."
    ),
    # curriculum
    "instrument_meaning": _l(
        "The instrument %(key)s is in use: what it results in may not change. Give it another key."
    ),
    "version_published": _l(
        "Version %(version)s of %(name)s is loaded already, with other content. Give the changed file a new version."
    ),
    "vocabulary_key_gone": _l(
        "The key %(key)s is gone from the file. Words may change, but keys that were loaded stay."
    ),
}
"""What a broken rule says to a person, by its code; the facts of the rule fill the placeholders."""


SEVERAL: dict[str, dict[str, object]] = {
    "EpaType": {
        "basic": _l("Basic EPAs"),
        "core": _l("Core EPAs"),
        "specific": _l("Specific EPAs"),
        "cross_epa": _l("Cross-EPA activities"),
    },
}
"""The words of an enum member over a list of what is of it."""


def several(member: Enum) -> str:
    """Return the words for what is of that enum member, in the reader's language."""
    return str(SEVERAL[type(member).__name__][member.value])


def label(member: Enum) -> str:
    """Return the words for an enum member in the reader's language."""
    return str(LABELS[type(member).__name__][member.value])


def rule_text(broken: RuleBroken) -> str:
    """Return what a broken rule says to the reader, with its facts filled in."""
    facts = {name: _said(fact) for name, fact in broken.facts.items()}
    return str(RULES[broken.code]) % facts


def _said(fact: object) -> object:
    """Return a fact of a rule as the reader would say it."""
    if isinstance(fact, Enum):
        return label(fact)
    if isinstance(fact, date):
        return format_date(fact, "d MMMM y")
    return in_language(fact) if isinstance(fact, Mapping) else fact


def current_language() -> str:
    """Return the language of this reader: nl or en."""
    locale = _locale()
    return locale.language if locale is not None else LANGUAGES[0]


def in_language(words: Mapping[str, str] | None) -> str:
    """Return a text in the reader's language, else in the language it is known in; nothing gives an empty text."""
    if not words:
        return ""
    return words.get(current_language()) or next(iter(words.values()))
