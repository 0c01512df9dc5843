"""The pages of moves: the mapping, what it means and who moves, and what became of a trainee."""

from lms.moves.views import mapping, moving, reading
from lms.moves.views.blueprint import bp

__all__ = ["bp", "mapping", "moving", "reading"]
