"""Preparing moves, consenting to them, and moving trainees with all that they earned."""

from lms.moves.actions.cohorts import consent_for
from lms.moves.actions.mappings import change_mapping, prepare_move
from lms.moves.actions.moving import ON_RECORD, carried_pairs, move_trainees

__all__ = ["ON_RECORD", "carried_pairs", "change_mapping", "consent_for", "move_trainees", "prepare_move"]
