"""Where things stand on the sheets of a workbook; rows and columns count from 0, as the writer counts them."""

from __future__ import annotations

TITLES_ROW, NAMES_ROW, FIRST_ROW = 1, 2, 3
"""Row 0 holds the code and the title of the sheet; in a form, the names stand in the first column."""

VALUE = 2
"""The column of a form that holds the values."""

ABOUT_CODE, LISTS_CODE = "about", "lists"
"""The sheets that hold nothing of the programme."""
