"""What a browser sends about moves: where each new EPA comes from, and who moves with which reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from wtforms import BooleanField, IntegerField, SelectChoice, SelectField
from wtforms.widgets import HiddenInput

from competencies.versions import EpaMapping, EpaOfVersion, mapping_from
from lms.cohorts.models import Cohort, Enrolment
from lms.core.forms import Form, key_or_none, long_text, required, several
from lms.core.words import _, _l, in_language, ngettext
from lms.moves.values import BothVersions
from lms.organisations.models import Organisation

MOST_SOURCES = 8
"""So many EPAs can be merged into one; nobody merges more."""


class MappingForm(Form):
    """Where each EPA of the new version comes from; its fields are made by `mapping_form`, some for each EPA."""

    version = IntegerField(default=0, widget=HiddenInput())
    organisation = SelectField(_l("Organisation"), coerce=key_or_none, validators=[required()])

    def sources(self, epa: EpaOfVersion) -> list[SelectField]:
        """Return the questions about one new EPA."""
        return [field for field in self if field.name.startswith(f"from_{epa.id.hex}_")]

    def mapping(self, versions: BothVersions) -> EpaMapping:
        """Return what was chosen. Raises `RuleBroken` epa_split_and_merged."""
        chosen = {epa.id: [field.data for field in self.sources(epa) if field.data] for epa in versions.new}
        return mapping_from(chosen, old=versions.old, new=versions.new)


def mapping_form(
    versions: BothVersions,
    mapping: EpaMapping,
    places: Sequence[Organisation],
    sent: Mapping[str, Any],
    **stored: Any,
) -> MappingForm:
    """Return a form with a question for each source of each new EPA, and one more so that another can be merged in."""
    choices = [SelectChoice(str(epa.id), line_of(epa)) for epa in versions.old]
    fields: dict[str, Any] = {}
    for epa in versions.new:
        sources = mapping.sources_of(epa.id)
        asked = sum(name.startswith(f"from_{epa.id.hex}_") for name in sent)
        for number in range(min(max(len(sources) + 1, asked, 2), MOST_SOURCES)):
            stored[f"from_{epa.id.hex}_{number}"] = sources[number] if number < len(sources) else None
            fields[f"from_{epa.id.hex}_{number}"] = _source_field(number, choices)
    form: MappingForm = type("MappingFormOfVersions", (MappingForm,), fields)(
        organisation=places[0].id if len(places) == 1 else None, **stored
    )
    offered = [SelectChoice(str(place.id), place.name) for place in places]
    nothing_yet = [SelectChoice("", _("Choose an organisation"))] if len(places) > 1 else []
    form.organisation.choices = [*nothing_yet, *offered]
    return form


def line_of(epa: EpaOfVersion) -> str:
    """Return an EPA in one line: its code and its title in the reader's language."""
    return f"{epa.code} {in_language(epa.title)}"


def _source_field(number: int, choices: Collection[SelectChoice]) -> SelectField:
    label, nothing = (_l("Comes from"), _("nothing: it is new")) if number == 0 else (_l("and from"), _("no other"))
    return SelectField(label, coerce=key_or_none, choices=[SelectChoice("", nothing), *choices])


class ConsentForm(Form):
    """Who moves, and why; at the mapping that was read."""

    version = IntegerField(widget=HiddenInput())
    trainees = several(_l("Trainees"), _l("Choose at least one trainee."))
    reason = long_text(_l("Reason"), optional=False, render_kw={"rows": 3})
    cohorts = BooleanField()

    def offer(self, enrolments: Sequence[Enrolment], to_version: str) -> ConsentForm:
        """Fill the list of trainees, and name the version that new ones start on."""
        self.trainees.choices = [(str(one.id), one.trainee.name) for one in enrolments]
        self.cohorts.label.text = _(
            "Whoever is enrolled in these cohorts from now on starts on version %(version)s", version=to_version
        )
        return self


class CohortConsentForm(Form):
    """Which cohort moves as a whole, and why; at the mapping that was read."""

    version = IntegerField(widget=HiddenInput())
    cohort = SelectField(_l("Cohort"), coerce=key_or_none, validators=[required()])
    reason = long_text(_l("Reason"), optional=False, render_kw={"rows": 3})
    new_ones_too = BooleanField()

    def offer(self, cohorts: Sequence[tuple[Cohort, int]], to_version: str) -> CohortConsentForm:
        """Fill the list of cohorts, and name the version that new trainees start on."""
        self.cohort.choices = [
            SelectChoice("", _("Choose a cohort")),
            *(SelectChoice(str(one.id), _people_of(one, count)) for one, count in cohorts),
        ]
        self.new_ones_too.label.text = _(
            "Whoever is enrolled in this cohort from now on starts on version %(version)s", version=to_version
        )
        return self


def _people_of(cohort: Cohort, count: int) -> str:
    return ngettext("%(name)s (%(num)s trainee)", "%(name)s (%(num)s trainees)", count, name=cohort.name)
