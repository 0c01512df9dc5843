"""The pages of invitations: inviting, showing a code, answering by a link, and saying that it was not you."""

from lms.invitations.views import answering, codes, inviting, receipts
from lms.invitations.views.blueprint import bp

__all__ = ["answering", "bp", "codes", "inviting", "receipts"]
