"""What a browser sends about mail."""

from __future__ import annotations

from datetime import time

from wtforms import RadioField, SelectChoice, TimeField
from wtforms.validators import InputRequired, Optional, ValidationError

from lms.core.forms import Form
from lms.core.words import _, _l
from lms.notices.models import Delivery
from lms.notices.values import Wishes
from lms.notices.words import DELIVERIES


class MailForm(Form):
    """When a person wants mail, and the hours in which nothing is sent."""

    delivery = RadioField(
        _l("Mail about your notices"),
        choices=[SelectChoice(kind.value, words) for kind, words in DELIVERIES.items()],
        validators=[InputRequired(_l("Choose one of these."))],
    )
    quiet_from = TimeField(_l("No mail from"), validators=[Optional()])
    quiet_until = TimeField(_l("No mail until"), validators=[Optional()])

    @classmethod
    def of(cls, wishes: Wishes) -> MailForm:
        """Return the form as it stands for these wishes."""
        return cls(delivery=wishes.delivery.value, quiet_from=wishes.quiet_from, quiet_until=wishes.quiet_until)

    def validate_quiet_from(self, _field: TimeField) -> None:
        """Ask for both hours or none."""
        if self.quiet_until.data is None:
            raise ValidationError(_("Fill in both hours, or leave both empty."))

    def validate_quiet_until(self, _field: TimeField) -> None:
        """Ask for both hours or none."""
        if self.quiet_from.data is None:
            raise ValidationError(_("Fill in both hours, or leave both empty."))

    @property
    def chosen(self) -> Delivery:
        """Return when mail is wanted."""
        return Delivery(self.delivery.data)

    @property
    def quiet(self) -> tuple[time, time] | None:
        """Return the quiet hours, or none."""
        if self.quiet_from.data is None or self.quiet_until.data is None:
            return None
        return self.quiet_from.data, self.quiet_until.data
