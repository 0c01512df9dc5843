"""Reading the index, and the curriculum that it is made of."""

from lms.search.queries.results import Result, results
from lms.search.queries.scope import findable
from lms.search.queries.source import shared_frameworks, versions
from lms.search.queries.words import corrected, words_alike

__all__ = ["Result", "corrected", "findable", "results", "shared_frameworks", "versions", "words_alike"]
