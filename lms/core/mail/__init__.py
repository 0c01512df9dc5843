"""Mail: written in the transaction of the use case, sent by a job, at least once and recognisably the same."""

from lms.core.mail.models import AddressRefusal, Mail, MailState
from lms.core.mail.sending import post

__all__ = ["AddressRefusal", "Mail", "MailState", "post"]
