"""What is asked about drafts."""

from lms.authoring.queries.owners import Owner, owner_of_programme, owner_with

__all__ = [
    "Owner",
    "owner_of_programme",
    "owner_with",
]
