"""What a browser sends to the pages of exchange."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from lms.core.forms import Form, chosen_key, required
from lms.core.words import _l


class UploadForm(Form):
    """A file, and the organisation or alliance that it is for."""

    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file."))])
    place = SelectField(_l("For"), validators=[required()], coerce=chosen_key)

    def offer(self, places: Iterable[tuple[UUID, str]], *, accept: Iterable[str]) -> UploadForm:
        """Offer these places and names of files, and return the form."""
        self.place.choices = [SelectChoice(str(key), name) for key, name in places]
        self.file.render_kw = {"accept": ",".join(accept)}
        return self


class PackageFileForm(Form):
    """The format in which somebody takes a package away."""

    format = SelectField(_l("Format"))

    def offer(self, formats: Iterable[str]) -> PackageFileForm:
        """Offer these formats, and return the form."""
        self.format.choices = [SelectChoice(key, key) for key in formats]
        return self


class DraftForm(Form):
    """Which items of a framework become the EPAs of a new programme, and for whom it is."""

    item_type = RadioField(_l("Which items become EPAs?"), validators=[InputRequired(_l("Choose a type."))])
    place = SelectField(_l("For"), validators=[required()], coerce=chosen_key)

    def offer(self, places: Iterable[tuple[UUID, str]], types: Iterable[tuple[str, str]]) -> DraftForm:
        """Offer these places and types of items, and return the form."""
        self.place.choices = [SelectChoice(str(key), name) for key, name in places]
        self.item_type.choices = [SelectChoice(f"type:{name}", shown) for name, shown in types]
        return self

    @property
    def chosen_type(self) -> str:
        """The type that was chosen; "" for items without one."""
        return str(self.item_type.data).removeprefix("type:")
