"""What a browser sends about cohorts, enrolments and trainers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wtforms import DateField, IntegerField, SelectChoice, SelectField, StringField
from wtforms.validators import Email, Optional
from wtforms.widgets import HiddenInput

from competencies.people import EndReason
from lms.accounts.models import User
from lms.cohorts.values import Words, months_of
from lms.core.forms import (
    LONGEST_LINE,
    Form,
    key_or_none,
    long_text,
    no_longer_than,
    required,
    required_line,
    stripped,
)
from lms.core.words import _, _l, in_language, label
from lms.curriculum.models import ProgrammeVersion
from lms.organisations.models import Department, Organisation

Choices = list[SelectChoice]


def _nothing_yet(words: str) -> SelectChoice:
    """Return the first line of a list, which chooses nothing."""
    return SelectChoice("", words)


def _people(users: Iterable[User]) -> Choices:
    return [_nothing_yet(_("Choose a person")), *(SelectChoice(str(user.id), user.name) for user in users)]


class CohortForm(Form):
    """A new cohort."""

    unguarded = frozenset({"name"})

    programme_version = SelectField(_l("Programme"), coerce=key_or_none, validators=[required()])
    organisation = SelectField(_l("Organisation"), coerce=key_or_none, validators=[required()])
    name = required_line(_l("Name of the cohort"))
    starts_on = DateField(_l("Start"), validators=[required()])
    planned_end_on = DateField(
        _l("Planned end"),
        validators=[Optional()],
        description=_l("Leave this empty to take the length of the programme."),
    )
    lead = SelectField(_l("Lead"), coerce=key_or_none, validators=[required()])

    def offer(
        self, versions: Iterable[ProgrammeVersion], organisations: Iterable[Organisation], leads: Iterable[User]
    ) -> CohortForm:
        """Fill the lists of programmes, organisations and leads."""
        lines = (SelectChoice(str(version.id), _with_length(version)) for version in versions)
        self.programme_version.choices = [_nothing_yet(_("Choose a programme")), *lines]
        places = (SelectChoice(str(place.id), place.name) for place in organisations)
        self.organisation.choices = [_nothing_yet(_("Choose an organisation")), *places]
        self.lead.choices = _people(leads)
        return self


def _with_length(version: ProgrammeVersion) -> str:
    months, title = months_of(version), in_language(version.short_title)
    return _("%(title)s (%(months)s months)", title=title, months=months) if months else title


class CohortEditForm(Form):
    """What may change about a cohort, at the version that was read."""

    unguarded = frozenset({"name"})

    version = IntegerField(widget=HiddenInput())
    name = required_line(_l("Name of the cohort"))
    starts_on = DateField(_l("Start"), validators=[required()])
    planned_end_on = DateField(_l("Planned end"), validators=[required()])
    lead = SelectField(_l("Lead"), coerce=key_or_none, validators=[required()])

    def offer(self, leads: Iterable[User]) -> CohortEditForm:
        """Fill the list of leads."""
        self.lead.choices = _people(leads)
        return self


class PlaceForm(Form):
    """The department, the track and the dates of a trainee in a cohort."""

    department = SelectField(_l("Department"), coerce=key_or_none, validators=[required()])
    track = SelectField(_l("Track"), coerce=lambda value: value or None, validators=[required()])
    starts_on = DateField(_l("Start"), validators=[required()])
    planned_end_on = DateField(_l("Planned end"), validators=[required()])

    def offer_place(self, departments: Iterable[Department], tracks: Mapping[str, Words]) -> None:
        """Fill the lists of departments and tracks; without tracks in the programme there is no such question."""
        self.department.choices = [
            _nothing_yet(_("Choose a department")),
            *(SelectChoice(str(place.id), place.name, optgroup=place.organisation.name) for place in departments),
        ]
        if tracks:
            lines = (SelectChoice(key, in_language(title)) for key, title in tracks.items())
            self.track.choices = [_nothing_yet(_("Choose a track")), *lines]
        else:
            del self.track

    @property
    def chosen_track(self) -> str | None:
        """The key of the track, or None in a programme without tracks."""
        return self.track.data if "track" in self else None


class EnrolForm(PlaceForm):
    """Who is enrolled in a cohort, where and when, and a first trainer."""

    unguarded = frozenset({"email", "name"})

    email = StringField(
        _l("E-mail address of the trainee"),
        validators=[required(), no_longer_than(LONGEST_LINE), Email(_l("This is not an e-mail address."))],
        filters=[stripped],
        render_kw={"inputmode": "email"},
    )
    name = StringField(
        _l("Name"),
        validators=[no_longer_than(LONGEST_LINE)],
        filters=[stripped],
        description=_l("Only for somebody without an account: it is made with this name."),
    )
    trainer = SelectField(
        _l("Trainer"), coerce=key_or_none, description=_l("More trainers can be added after the enrolment.")
    )

    def offer(
        self,
        departments: Iterable[Department],
        tracks: Mapping[str, Words],
        trainers: Iterable[tuple[User, Organisation]],
    ) -> EnrolForm:
        """Fill the lists."""
        self.offer_place(departments, tracks)
        self.trainer.choices = _trainers(trainers, _("No trainer yet"))
        return self


class EnrolmentForm(PlaceForm):
    """What may change about an enrolment, at the version that was read."""

    version = IntegerField(widget=HiddenInput())

    def offer(self, departments: Iterable[Department], tracks: Mapping[str, Words]) -> EnrolmentForm:
        """Fill the lists."""
        self.offer_place(departments, tracks)
        return self


class GuidanceForm(Form):
    """A trainer and the days of guidance."""

    trainer = SelectField(_l("Trainer"), coerce=key_or_none, validators=[required()])
    starts_on = DateField(_l("From"), validators=[required()])
    ends_on = DateField(_l("Until and including"), validators=[Optional()])

    def offer(self, trainers: Iterable[tuple[User, Organisation]]) -> GuidanceForm:
        """Fill the list of trainers."""
        self.trainer.choices = _trainers(trainers, _("Choose a trainer"))
        return self


class EndForm(Form):
    """The last day of an enrolment and why it ended."""

    ended_on = DateField(_l("Last day"), validators=[required()])
    reason = SelectField(
        _l("Reason"), coerce=lambda value: EndReason(value) if value else None, validators=[required()]
    )

    def offer(self) -> EndForm:
        """Fill the list of reasons."""
        reasons = (SelectChoice(reason.value, label(reason)) for reason in EndReason)
        self.reason.choices = [_nothing_yet(_("Choose a reason")), *reasons]
        return self


def _trainers(trainers: Iterable[tuple[User, Organisation]], nobody: str) -> Choices:
    return [
        _nothing_yet(nobody),
        *(SelectChoice(str(user.id), user.name, optgroup=place.name) for user, place in trainers),
    ]


class RetirementForm(Form):
    """From when nobody begins on a version any more, and why."""

    retired_on = DateField(_l("No new cohorts from"), validators=[required()])
    reason = long_text(_l("Reason"), optional=False)
