"""What people may do to reflections; which exist for them is for the queries and the policies of the database."""

from __future__ import annotations

from lms.accounts.models import User
from lms.reflections.models import Reflection


def is_writer(user: User, reflection: Reflection) -> bool:
    """Whether it is the person who wrote it: they alone change it and choose who reads it."""
    return reflection.writer_id == user.id
