"""The words of the editor: what sections, parts and fields are called, and what belongs under which heading."""

from __future__ import annotations

from typing import Any

from lms.authoring.shapes import Shape
from lms.core.words import LABELS, _, _l, in_language

LANGUAGE_NAMES = {"nl": "Nederlands", "en": "English"}
"""The languages of texts, each in its own words."""

SECTIONS: dict[str, tuple[object, object]] = {
    "programme": (_l("Facts of the programme"), _l("Facts of the programme")),
    "stages": (_l("Stages"), _l("Stage")),
    "epas": (_l("EPAs"), _l("EPA")),
    "epa_refs": (_l("EPAs of other programmes"), _l("EPA of another programme")),
    "forms": (_l("Assessment forms"), _l("Assessment form")),
    "entry_requirements": (_l("Entry requirements"), _l("Entry requirement")),
    "exemptions": (_l("Exemptions"), _l("Exemption")),
    "phases": (_l("Phases"), _l("Phase")),
    "placements": (_l("Placements"), _l("Placement")),
    "contexts": (_l("Patient groups, complexity and settings"), _l("Patient group, complexity or setting")),
    "modules": (_l("Modules"), _l("Module")),
    "learning_activities": (_l("Learning activities"), _l("Learning activity")),
    "completion": (_l("When the programme is completed"), _l("Rule for completing")),
    "cohort": (_l("Plan of the cohort"), _l("Plan of the cohort")),
    "frameworks": (_l("Competency frameworks"), _l("Competency framework")),
    "crosswalk": (_l("What corresponds between frameworks"), _l("Correspondence")),
    "sources": (_l("Sources"), _l("Sources")),
}
"""The sections of a draft in the order of its overview: what all of it is called, and one part of it."""


def sections_label(section: str) -> str:
    """Return what a section is called."""
    return str(SECTIONS[section][0])


def section_label(section: str) -> str:
    """Return what one part of a section is called."""
    return str(SECTIONS[section][1])


def part_name(section: str, data: Any, around: Any = None) -> str:
    """Return the name of a part as a list shows it: its own title or text, else what it is.

    `around` has the words for the keys of parts that have no title of their own.
    """
    held = data if isinstance(data, dict) else {}
    if section in {"programme", "cohort", "sources"}:
        return section_label(section)
    words = held.get("title") or held.get("text")
    named = in_language(words) if isinstance(words, dict) else ""
    rest = [_said(name, held, around) for name in ("rule", "epa", "from_domain") if held.get(name)]
    return named or next(iter(rest), "") or _("%(part)s without a name", part=section_label(section))


def _said(name: str, held: dict[str, Any], around: Any) -> str:
    """Return the words for the key that a part has instead of a title."""
    words: Any = None
    if around is not None and name == "rule":
        words = around.vocabulary.titles.get(("completion_rules", held["rule"]))
    elif around is not None and name == "epa":
        words = dict(around.epas.get(held.get("programme") or "", ())).get(held["epa"])
    elif name == "rule" and held["rule"] in LABELS["RuleKind"]:
        return str(LABELS["RuleKind"][held["rule"]])
    return in_language(words) or str(held[name])


FIELDS: dict[tuple[str, str], object] = {
    ("", "accreditation"): _l("Accreditation"),
    ("", "activities"): _l("Activities"),
    ("", "adopted"): _l("Adopted in"),
    ("", "assignment"): _l("Assignment"),
    ("", "at_stage"): _l("At stage"),
    ("", "attendance_min_percent"): _l("Least attendance (%)"),
    ("", "assessor_roles"): _l("Of these assessors, at least so many with the role"),
    ("", "attitudes"): _l("Attitudes"),
    ("", "audience"): _l("For whom"),
    ("", "average"): _l("On average"),
    ("", "big_registered"): _l("For people with a BIG registration"),
    ("", "capacity"): _l("How many people can take part"),
    ("", "choose_max"): _l("Choose at most"),
    ("", "choose_min"): _l("Choose at least"),
    ("", "client_roles"): _l("Roles of clients"),
    ("", "cluster"): _l("Cluster"),
    ("", "code"): _l("Code"),
    ("", "competencies"): _l("Most relevant competencies"),
    ("", "composition"): _l("Composition"),
    ("", "conditions"): _l("Conditions"),
    ("ContextBlock", "kind"): _l("What it is"),
    ("", "content_confidential"): _l("What is said stays in the group"),
    ("", "contract_hours_per_week_min"): _l("Contract hours a week"),
    ("", "count"): _l("How many"),
    ("", "czo_programme"): _l("CZO programme"),
    ("", "days"): _l("Days"),
    ("", "decision"): _l("What the decision is judged on"),
    ("", "default_scale"): _l("Rating scale"),
    ("", "deliverables"): _l("What has to be handed in"),
    ("", "description"): _l("Description"),
    ("", "dimensions"): _l("Dimensions"),
    ("", "domains"): _l("Domains"),
    ("", "duration_min"): _l("Minutes that it takes"),
    ("", "duration_months"): _l("Duration in months"),
    ("", "editions"): _l("Editions"),
    ("", "elements"): _l("Elements"),
    ("", "element"): _l("Element"),
    ("", "entry_requirements"): _l("What somebody needs before this EPA"),
    ("", "epa"): _l("EPA"),
    ("", "exemption_limits"): _l("Limits of exemption"),
    ("", "practice_percent_max"): _l("Exempt at most so much of the practice (%)"),
    ("", "theory_percent_max"): _l("Exempt at most so much of the theory (%)"),
    ("", "epas"): _l("EPAs"),
    ("", "evidence"): _l("Requirements on the evidence"),
    ("", "experience"): _l("Experience"),
    ("", "follow_up_months"): _l("Months after which there is a follow-up"),
    ("", "form"): _l("Form"),
    ("", "format"): _l("Format"),
    ("", "from_domain"): _l("Domain"),
    ("", "from_framework"): _l("Framework"),
    ("", "function_groups"): _l("Groups of functions"),
    ("", "function_transcending"): _l("Function-transcending: the same for several functions (FO)"),
    ("", "functions"): _l("Functions"),
    ("", "fzo_fundable"): _l("Funded as an FZO programme"),
    ("", "grants"): _l("Frees from"),
    ("", "group_norm"): _l("Size of a group that works"),
    ("", "if_selected"): _l("Whoever chooses"),
    ("", "inactivity_months"): _l("Lapses after so many months without practice"),
    ("", "indicators"): _l("Indicators"),
    ("", "information_sources"): _l("What progress and the decision are judged on"),
    ("", "instrument"): _l("Instrument"),
    ("", "items"): _l("What the assessor looks at"),
    ("", "kickoff_days"): _l("Days of the kick-off"),
    ("", "kind"): _l("Kind"),
    ("", "knowledge"): _l("Knowledge"),
    ("", "label"): _l("Name"),
    ("", "level"): _l("Level"),
    ("", "level_tag"): _l("Level of leadership"),
    ("", "levels"): _l("Levels"),
    ("", "licence_note"): _l("Licence"),
    ("", "limitations"): _l("Limitations"),
    ("", "local_code"): _l("Own code"),
    ("", "log"): _l("What is kept of the talks"),
    ("", "mandatory"): _l("Compulsory"),
    ("", "max"): _l("At most"),
    ("", "meetings"): _l("Number of meetings"),
    ("", "mentoring"): _l("Mentoring"),
    ("", "min"): _l("At least"),
    ("", "max_simulated"): _l("Simulated ones that count, at most"),
    ("", "min_assessors"): _l("Different assessors"),
    ("", "min_count"): _l("At least so many"),
    ("", "min_different"): _l("At least so many different ones"),
    ("", "min_hours"): _l("Hours, at least"),
    ("", "min_level"): _l("Lowest level that counts"),
    ("", "min_per_function_group"): _l("Least places for a group of functions"),
    ("", "min_percent"): _l("At least so many per cent"),
    ("", "min_percent_in_one_organisation"): _l("Of these, in one organisation at least (%)"),
    ("", "min_settings"): _l("Different settings, at least"),
    ("", "modules"): _l("Modules"),
    ("", "moments"): _l("At which stages"),
    ("", "n"): _l("How many of these"),
    ("", "months"): _l("Valid for so many months"),
    ("", "msf_rounds"): _l("360 feedback rounds"),
    ("", "note"): _l("Note for editors, not shown to trainees"),
    ("", "number"): _l("Number"),
    ("", "of"): _l("Requirements"),
    ("HoursEntry", "of"): _l("Hours of"),
    ("", "official_code"): _l("Official code"),
    ("", "options"): _l("Options"),
    ("", "organisations"): _l("Organisations"),
    ("", "outputs"): _l("What it results in"),
    ("", "over"): _l("Different in"),
    ("", "owner"): _l("Owner"),
    ("", "pairing"): _l("How mentors are found"),
    ("", "parent"): _l("Part of the EPA"),
    ("", "part"): _l("Part"),
    ("", "participants"): _l("Participants"),
    ("", "partners"): _l("Partners"),
    ("", "parts"): _l("Parts"),
    ("", "peer_groups"): _l("Groups of participants"),
    ("", "per_organisation"): _l("Places for each organisation"),
    ("", "placement"): _l("Placement"),
    ("", "practice_hours_min"): _l("Hours of practice, at least"),
    ("", "privacy"): _l("Privacy"),
    ("", "products"): _l("Products"),
    ("", "programme"): _l("Programme"),
    ("", "progress"): _l("What progress is judged on"),
    ("", "progress_scale"): _l("Scale of its progress"),
    ("", "provenance"): _l("Where the text comes from"),
    ("", "provenance_by_field"): _l("Fields that come from elsewhere"),
    ("", "providers"): _l("Providers"),
    ("", "quota"): _l("How places are divided"),
    ("", "rater_groups"): _l("Who answers"),
    ("", "record_fields"): _l("What the file of a trainee must hold"),
    ("", "regulation"): _l("Law and funding"),
    ("", "relation"): _l("How they correspond"),
    ("", "release_rule"): _l("When the answers are shown"),
    ("", "renewal"): _l("What renewal asks"),
    ("", "repeat"): _l("Times"),
    ("", "required_levels"): _l("Level expected at each stage"),
    ("", "requirement"): _l("Requirement"),
    ("EpaReferenceBlock", "requirement"): _l("Asked here"),
    ("", "requirements"): _l("What must be met at this stage"),
    ("", "requires"): _l("Comes after"),
    ("", "reserved_actions"): _l("Reserved actions (Wet BIG)"),
    ("", "risks"): _l("Risks if it goes wrong"),
    ("", "rule"): _l("Rule"),
    ("", "rules"): _l("Rules for choosing"),
    ("", "scale"): _l("Rating scale"),
    ("", "scope"): _l("Scope: what a declaration covers"),
    ("", "selection"): _l("Selection"),
    ("", "sessions"): _l("Sessions"),
    ("", "settings"): _l("Settings"),
    ("", "short_title"): _l("Short title"),
    ("", "size"): _l("Size"),
    ("", "skills"): _l("Skills"),
    ("", "sources"): _l("Sources"),
    ("", "specification"): _l("Specification"),
    ("", "sponsor"): _l("Who asks for it"),
    ("", "spread"): _l("Spread"),
    ("", "stage"): _l("Stage"),
    ("", "start"): _l("Start"),
    ("", "start_note"): _l("Note on the start"),
    ("", "status"): _l("Status"),
    ("", "study_load"): _l("Study load"),
    ("", "requests"): _l("Requests for an assessment"),
    ("", "first_reminder_days"): _l("First reminder, after so many days"),
    ("", "second_reminder_days"): _l("Second reminder, after so many days"),
    ("", "expiry_days"): _l("Expires after so many days"),
    ("", "extension_days"): _l("So many days more, once"),
    ("", "summary"): _l("Summary"),
    ("", "team_size"): _l("Size of a team"),
    ("", "tests"): _l("Tests"),
    ("", "text"): _l("Text"),
    ("", "then_belongs_to"): _l("is at the wrong place: it belongs to"),
    ("", "then_min_total"): _l("must choose at least so many in all"),
    ("", "then_requires"): _l("must also choose"),
    ("", "then_site_needs"): _l("must work at a place with"),
    ("", "theory_hours_min"): _l("Hours of theory, at least"),
    ("", "theory_percent"): _l("Percentage of theory"),
    ("", "title"): _l("Title"),
    ("", "to"): _l("Corresponds with"),
    ("", "tracks"): _l("Tracks"),
    ("", "type"): _l("Type"),
    ("", "types"): _l("Types of EPA"),
    ("", "validity"): _l("Expiry"),
    ("", "value"): _l("Hours"),
    ("", "version"): _l("Version"),
    ("", "when"): _l("When"),
    ("", "within_months"): _l("Only what was seen in the last months"),
    ("", "within_track"): _l("Only EPAs of the trainee’s own track count"),
}
"""What the fields are called, by block and name; without a block in every block that does not say otherwise."""

HINTS: dict[tuple[str, str], object] = {
    ("", "adopted"): _l("Year and month, such as 2021-06."),
    ("", "start"): _l("A day, such as 2021-06-30."),
    ("", "tracks"): _l("None ticked: for everybody."),
    ("EpaBlock", "official_code"): _l("Only a code that its owner gave, such as LZ-ONC-2."),
    ("EpaBlock", "local_code"): _l("Shown as a concept code while there is no official one."),
    ("EpaBlock", "required_levels"): _l("The last one is the level of the declaration."),
    ("EpaBlock", "evidence"): _l("All of these must hold for a declaration. The numbers guide; people decide."),
    ("", "limitations"): _l("What it does not cover, and in which context it holds."),
    ("ProgrammeBlock", "version"): _l("The name of this version, such as 2026.2. Each version has its own."),
    ("ProgrammeBlock", "tracks"): _l("Variants of the programme with EPAs of their own."),
    ("", "provenance_by_field"): _l("The path of the field, such as title.nl."),
    ("ObservationsEntry", "min_assessors"): _l("0 where none is needed."),
    ("ObservationsEntry", "stage"): _l("None: for every declaration."),
    ("ObservationsEntry", "form"): _l("None: any form of the instrument."),
}
"""What helps to fill a field in."""

ORIGIN = frozenset({"provenance", "provenance_by_field", "sources", "note"})
"""The fields that say where a block comes from."""

ENTRIES: dict[str, object] = {
    "": _l("Observations with an instrument"),
    "hours": _l("Hours"),
    "placement": _l("A placement"),
    "sessions": _l("Sessions attended"),
    "products": _l("Products handed in"),
    "tests": _l("Tests passed"),
    "reflections": _l("Reflections written"),
    "declaration": _l("A declaration on an EPA"),
    "external_diploma": _l("A diploma from elsewhere"),
    "all_of": _l("All of these"),
    "any_of": _l("One of these"),
    "n_of": _l("A number of these"),
}
"""What the kinds of requirement are called."""

CHOICES: dict[str, dict[str, object]] = {
    "kind": {"conversation_planned": _l("When the conversation about them is planned")},
    "log": {"counts_only": _l("Only how often they met")},
}
"""The words of choices that no list of the product has."""

GROUPS: dict[str, tuple[tuple[object, tuple[str, ...]], ...]] = {
    "EpaBlock": (
        (_l("1. Title"), ("title", "type", "official_code", "local_code", "version", "adopted", "parent")),
        (
            _l("2. Specification and limitations"),
            ("description.specification", "description.activities", "description.limitations", "scope"),
        ),
        (_l("3. Risks if it goes wrong"), ("description.risks",)),
        (_l("4. Most relevant competencies"), ("competencies",)),
        (
            _l("5. Knowledge, skills, attitudes and experience"),
            ("description.knowledge", "description.skills", "description.attitudes", "description.experience"),
        ),
        (
            _l("6. What progress and the decision are judged on"),
            ("description.information_sources", "evidence"),
        ),
        (_l("7. Level expected at each stage"), ("scale", "required_levels")),
        (_l("8. Expiry"), ("validity",)),
        (
            _l("For whom, and what the law reserves"),
            (
                "functions",
                "function_transcending",
                "tracks",
                "level_tag",
                "reserved_actions",
                "entry_requirements",
                "study_load",
            ),
        ),
    ),
    "ProgrammeBlock": (
        (_l("What it is"), ("title", "short_title", "summary", "audience", "kind", "status", "version")),
        (_l("How it is rated"), ("default_scale", "tracks", "requests")),
        (_l("Duration and load"), ("duration_months", "contract_hours_per_week_min", "study_load")),
        (_l("Law, funding and records"), ("regulation", "cluster", "record_fields")),
    ),
}
"""The headings of long parts, and the fields under each."""


def field_label(block: str, name: str) -> str:
    """Return what a field is called."""
    found = FIELDS.get((block, name)) or FIELDS.get(("", name))
    return str(found) if found is not None else name.replace("_", " ").capitalize()


def field_hint(block: str, name: str) -> str:
    """Return what helps to fill a field in; nothing for most."""
    found = HINTS.get((block, name)) or HINTS.get(("", name))
    return str(found) if found is not None else ""


def row_name(rows: Shape, data: Any, number: int, around: Any) -> str:
    """Return the name of a row: what its block says of itself, else its number."""
    held = data if isinstance(data, dict) else {}
    words = held.get("title") or held.get("text")
    named = in_language(words) if isinstance(words, dict) else str(held.get("label") or "")
    if not named and held.get("instrument"):
        titles = around.vocabulary.titles
        title = titles.get(("instruments", held["instrument"]))
        named = f"{held.get('min_count') or '?'} × {in_language(title) or held['instrument']}"
    if not named and held.get("kind") in ENTRIES:
        named = str(ENTRIES[held["kind"]])
    return named or _("%(field)s, number %(number)s", field=field_label(rows.block, rows.name), number=number + 1)
