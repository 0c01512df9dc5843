"""What is asked about moves: the versions, who can move, and what it would mean for each."""

from lms.moves.queries.moves import (
    begins_later,
    both_versions,
    is_at_work,
    move_at_work,
    moved_by,
    moves_of_version,
    one_move,
    one_version,
    other_versions,
    places_with,
)
from lms.moves.queries.outlooks import outlooks_of
from lms.moves.queries.told import told_moves
from lms.moves.queries.trainees import (
    cohorts_of_followers,
    count_followers,
    followers,
    followers_by_id,
    followers_in,
)

__all__ = [
    "begins_later",
    "both_versions",
    "cohorts_of_followers",
    "count_followers",
    "followers",
    "followers_by_id",
    "followers_in",
    "is_at_work",
    "move_at_work",
    "moved_by",
    "moves_of_version",
    "one_move",
    "one_version",
    "other_versions",
    "outlooks_of",
    "places_with",
    "told_moves",
]
