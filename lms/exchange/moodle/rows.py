"""What stands in a row of Moodle's file, column by column, exactly as it is written there."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """One row: the framework itself, or a competency in it. Columns are told apart by place: titles are translated."""

    parent: str
    idnumber: str
    short_name: str
    description: str = ""
    description_format: str = "1"
    scale_values: str = ""
    scale_configuration: str = ""
    rule_type: str = ""
    rule_outcome: str = ""
    rule_config: str = ""
    related: str = ""
    exported_id: str = ""
    is_framework: str = ""
    taxonomy: str = ""

    @property
    def stands_for_framework(self) -> bool:
        """Whether this is the row of the framework itself."""
        return self.is_framework not in {"", "0"}

    @property
    def related_numbers(self) -> tuple[str, ...]:
        """The ID numbers of the competencies that this one refers to."""
        return tuple(one.replace("%2C", ",") for one in self.related.split(",") if one)


TITLES = Row(
    parent="Parent ID number",
    idnumber="ID number",
    short_name="Short name",
    description="Description",
    description_format="Description format",
    scale_values="Scale values",
    scale_configuration="Scale configuration",
    rule_type="Rule type (optional)",
    rule_outcome="Rule outcome (optional)",
    rule_config="Rule config (optional)",
    related="Cross-referenced competency ID numbers",
    exported_id="Exported ID (optional)",
    is_framework="Is framework",
    taxonomy="Taxonomy",
)
"""The header, as an English Moodle writes it."""

LONGEST_NAME = 100
"""So many characters Moodle keeps of an ID number and of a short name."""

TAXONOMY = "competency,competency,competency,competency"
"""What Moodle calls the parts of a framework, for each of its levels."""


def name_of(text: str) -> str:
    """Return a text as a name that Moodle keeps: one line, and cut off with a sign where it is too long."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_NAME else f"{line[: LONGEST_NAME - 1].rstrip()}…"
