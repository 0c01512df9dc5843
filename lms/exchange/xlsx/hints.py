"""The hints of a workbook: how each kind of cell is filled in."""

from __future__ import annotations

from lms.core.words import _, _l
from lms.curriculum.schemas.fields import Days, Many, MapOf, Provenance, Text, Texts, Whole, Words, YearMonth
from lms.exchange.xlsx.choices import FromList, FromSheet, YesOrNo, choice_for
from lms.exchange.xlsx.choices import Words as Few
from lms.exchange.xlsx.layout import Column, Sheet

ABOUT = (
    _l("Every sheet is a list of the programme, and every row one thing in it. Begin with Programme, Stages and EPAs."),
    _l("Row 3 holds the names of the columns, and the first cell the name of the sheet: leave them as they are."),
    _l("A key is short, without spaces, and never changes; other sheets use it to say what their rows belong to."),
    _l(
        "In a cell with several keys, put commas between them. In a cell with several texts, begin a new line for each."
    ),
    _l("Cells with a grey ground are keys that are in use. Changing one means a new item and the loss of the old one."),
    _l(
        "Where a list opens beside a cell, choose from it. Every choice says what it means, with its key behind it; "
        "typing the key alone is enough."
    ),
    _l("Write levels, codes and dates as text, such as 3a or 2021-06. Formulas are not read."),
    _l("An empty cell means unknown or none. A sheet that is taken out means that there is nothing of the kind."),
    _l("When you hand the workbook in, you first see what it changes, and every error with its cell."),
)
"""What the first sheet says."""

_OWN: dict[str, object] = {
    "competencies": _l("A line for each framework, with its areas: canmeds-nl: communication, collaboration"),
    "local_code": _l("Your own code, where no official one is known. A proposal begins with CONCEPT-."),
    "official_code": _l("Leave this empty unless the owner of the programme gave the code."),
    "order": _l("Leave this empty to number the rows as they stand."),
    "provenance": _l("Leave this empty for a draft of your own."),
    "provenance_by_field": _l("A line for each field with another provenance: title: sourced"),
}


def is_long(sheet: Sheet, name: str) -> bool:
    """Whether a column holds texts of people, which need room."""
    column = _column(sheet, name)
    if column is None or column.path[-1] in {"official_code", "local_code", "version", "code"}:
        return False
    return isinstance(column.field, Words | MapOf) or type(column.field) is Text


def hint_for(sheet: Sheet, name: str) -> str:
    """Return how the cells of that column are filled in."""
    column = _column(sheet, name)
    if column is None:
        return _("The key of the row in the other sheet that this row belongs to.") if sheet.outers else ""
    own = _OWN.get(column.path[-1]) or _OWN.get(column.path[0] if column.path[0] == "provenance_by_field" else "")
    return " ".join(filter(None, (_needed(column), str(own) if own else _kind(sheet, column))))


def _column(sheet: Sheet, name: str) -> Column | None:
    return next((column for column in sheet.columns if column.name == name), None)


def _needed(column: Column) -> str:
    if len(column.path) == (2 if column.language else 1) and column.field.required and not column.field.allow_none:
        if isinstance(column.field, Words):
            return _("Needed.") if column.language in column.field.needed else ""
        return "" if isinstance(column.field, Many | MapOf | Provenance) or column.path[-1] == "order" else _("Needed.")
    return ""


def _kind(sheet: Sheet, column: Column) -> str:
    field = column.field
    if isinstance(field, Words):
        return _("A line for each.") if isinstance(field.inner, Texts) else _("Text.")
    if isinstance(field, Many):
        return _("A line for each.") if type(field.inner) is Text else _("Keys with commas between them.")
    if isinstance(field, MapOf):
        return _("A line for each, with a colon after the key: key: value.")
    if isinstance(field, YearMonth):
        return _("Year and month, such as 2021-06.")
    if isinstance(field, Whole | Days):
        return _("A number.")
    return _of_choice(sheet, column) or (_("Text.") if type(field) is Text else _("A key: short, without spaces."))


def _of_choice(sheet: Sheet, column: Column) -> str:
    match choice_for(sheet, column.name):
        case YesOrNo() | Few() | FromList():
            return _("Choose from the list.")
        case FromSheet():
            return _("Choose from the list: it has what stands in the other sheet.")
    return ""
