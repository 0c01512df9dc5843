"""Days of the calendar, counted in whole months."""

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date


def months_from(day: date, months: int) -> date:
    """Return the same day so many calendar months on (back when negative), or the last day of a shorter month.

    A day that no calendar has, after a mistyped year, is the last or the first one that it has.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if year > MAXYEAR:
        return date.max
    if year < MINYEAR:
        return date.min
    return date(year, month, min(day.day, monthrange(year, month)[1]))
