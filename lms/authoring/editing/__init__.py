"""The editor of a part: fields read off the shape of the file, shown with what they hold, and read back again."""

from lms.authoring.editing.choices import Around, Option
from lms.authoring.editing.groups import groups_of
from lms.authoring.editing.labels import field_label, part_name, section_label, sections_label
from lms.authoring.editing.nodes import Group, Node
from lms.authoring.editing.reading import Answer, read_part
from lms.authoring.editing.rows import Step, step_from

__all__ = [
    "Answer",
    "Around",
    "Group",
    "Node",
    "Option",
    "Step",
    "field_label",
    "groups_of",
    "part_name",
    "read_part",
    "section_label",
    "sections_label",
    "step_from",
]
