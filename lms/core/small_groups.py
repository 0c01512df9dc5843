"""Numbers about people who must not be recognised in them: small groups are left out."""

from __future__ import annotations

from collections.abc import Mapping

SMALLEST_GROUP = 5
"""Fewer people than this could be recognised in a number."""


def without_small(counts: Mapping[str, int], smallest: int = SMALLEST_GROUP) -> dict[str, int | None]:
    """Return the counts of one whole with null for groups under `smallest`; nobody stays 0.

    The whole gives away how many are left out together. Where that is one group, or several that are small together
    as two of one person each are, the next smallest goes too. Of a whole that is small itself nothing is shown.
    """
    if sum(counts.values()) < smallest:
        return dict.fromkeys(counts)
    hidden = {key for key, count in counts.items() if 0 < count < smallest}
    if hidden and (len(hidden) == 1 or sum(counts[key] for key in hidden) < smallest):
        rest = [key for key, count in counts.items() if count and key not in hidden]
        hidden |= {min(rest, key=lambda key: counts[key])}
    return {key: None if key in hidden else count for key, count in counts.items()}
