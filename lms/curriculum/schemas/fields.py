"""The kinds of value that the files of the catalogue hold; nothing is converted, only accepted or refused."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, cast

from marshmallow import RAISE, Schema, ValidationError, fields

from competencies.curricula import Provenance as Origin
from lms.core.words import LANGUAGES, _, _l

LONGEST_TEXT = 4000
LARGEST_NUMBER = 100_000

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", re.ASCII)
_CONTROL = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\ud800-\\udfff]")
YEAR_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
ADDRESS = re.compile(r"https?://[^\s<>\"]{3,1000}")

_MESSAGES = {
    "required": _l("This key is missing."),
    "null": _l("This may not be empty."),
    "type": _l("This must be a map of keys."),
    "unknown": _l("This key is not known here."),
    "invalid": _l("This must be a list."),
}
"""What marshmallow says in our words, found in the reader's language when they are shown."""

OF_SCHEMA = cast("dict[str, str]", _MESSAGES)
OF_FIELD = cast("dict[str, str | list[Any] | dict[Any, Any]]", _MESSAGES)


class Block(Schema):
    """A map with these keys and no others."""

    class Meta:
        """An unknown key is refused."""

        unknown = RAISE

    error_messages = OF_SCHEMA


@cache
def ready(kind: type[Schema]) -> Schema:
    """Return the schema of a kind, made once: it keeps nothing of what it looks at, and making it copies all fields."""
    return kind()


class Value(fields.Field[Any]):
    """A value that stays as it is in the file, when `accept` takes it."""

    default_error_messages = OF_FIELD

    def __init__(self, *, optional: bool = False, nullable: bool = False) -> None:
        super().__init__(required=not optional, allow_none=nullable, validate=self.accept)

    def accept(self, value: Any) -> None:
        """Raise ValidationError for a value that is not of this kind."""
        raise NotImplementedError


class Text(Value):
    """A text with something in it."""

    def accept(self, value: Any) -> None:
        """Refuse what is not text, empty, too long, or holds control characters."""
        if not isinstance(value, str):
            raise ValidationError(_("This must be text; put it between quotes."))
        if not value.strip():
            raise ValidationError(_("This may not be empty."))
        if len(value) > LONGEST_TEXT:
            raise ValidationError(_("This text is longer than %(most)s characters.", most=LONGEST_TEXT))
        if _CONTROL.search(value):
            raise ValidationError(_("This text holds control characters."))


class Key(Text):
    """A key that identifies something."""

    def accept(self, value: Any) -> None:
        """Refuse a text that cannot be a key."""
        super().accept(value)
        if not KEY.fullmatch(value):
            raise ValidationError(_("A key holds letters, digits, dots, dashes and underscores."))


class YearMonth(Text):
    """A month such as 2021-06."""

    def accept(self, value: Any) -> None:
        """Refuse what is not a month."""
        super().accept(value)
        if not YEAR_MONTH.fullmatch(value):
            raise ValidationError(_("This must be a year and month, such as 2021-06."))


class Day(Text):
    """A day such as 2021-06-30."""

    def accept(self, value: Any) -> None:
        """Refuse what is not a day of the calendar."""
        super().accept(value)
        if not (DAY.fullmatch(value) and _is_day(value)):
            raise ValidationError(_("This must be a day, such as 2021-06-30."))


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


class OneOf(Text):
    """One of a few words that the product knows."""

    def __init__(
        self, choices: type[StrEnum] | Collection[str], *, optional: bool = False, nullable: bool = False
    ) -> None:
        super().__init__(optional=optional, nullable=nullable)
        self.choices = [str(choice) for choice in choices]

    def accept(self, value: Any) -> None:
        """Refuse any other word."""
        super().accept(value)
        if value not in self.choices:
            raise ValidationError(_("This must be one of: %(choices)s.", choices=", ".join(self.choices)))


class Provenance(OneOf):
    """Where a block comes from."""

    def __init__(self, *, optional: bool = False) -> None:
        super().__init__(Origin, optional=optional)


class Flag(Value):
    """True or false."""

    def accept(self, value: Any) -> None:
        """Refuse all but true and false."""
        if not isinstance(value, bool):
            raise ValidationError(_("This must be true or false."))


class Always(Value):
    """A value that can only be this one."""

    def __init__(self, only: str | bool) -> None:
        super().__init__()
        self.only = only

    def accept(self, value: Any) -> None:
        """Refuse every other value."""
        if type(value) is not type(self.only) or value != self.only:
            raise ValidationError(_("This must be %(only)s.", only=str(self.only).lower()))


class Whole(Value):
    """A whole number from `least` up."""

    def __init__(
        self, least: int = 0, most: int = LARGEST_NUMBER, *, optional: bool = False, nullable: bool = False
    ) -> None:
        super().__init__(optional=optional, nullable=nullable)
        self.least, self.most = least, most

    def accept(self, value: Any) -> None:
        """Refuse what is not a whole number, too small or too large."""
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValidationError(_("This must be a whole number, without quotes."))
        if not self.least <= value <= self.most:
            raise ValidationError(_("This must be from %(least)s to %(most)s.", least=self.least, most=self.most))


class Days(Value):
    """A number of days, also half ones."""

    def accept(self, value: Any) -> None:
        """Refuse what is not a positive number."""
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise ValidationError(_("This must be a number, without quotes."))
        if not 0 < value <= LARGEST_NUMBER:
            raise ValidationError(_("This must be more than 0."))


class Words(Value):
    """A text by language: Dutch always, English and no other language beside it."""

    needed: tuple[str, ...] = ("nl",)
    inner: Value = Text()

    def accept(self, value: Any) -> None:
        """Refuse a map that lacks a needed language, has an unknown one, or holds something else than texts."""
        if not isinstance(value, dict):
            raise ValidationError(_("This must be a map of languages."))
        problems: dict[str, list[str]] = {
            language: [_("The text in this language is missing.")] for language in self.needed if language not in value
        }
        for language, text in value.items():
            problems |= self._problems_in(language, text)
        if problems:
            raise ValidationError(cast("dict[str, Any]", problems))

    def _problems_in(self, language: str, text: Any) -> dict[str, Any]:
        if language not in LANGUAGES:
            return {language: [_("This language is not known here.")]}
        try:
            self.inner.accept(text)
        except ValidationError as refusal:
            return {language: refusal.messages}
        return {}


class Title(Words):
    """A name by language, in Dutch and in English."""

    needed = LANGUAGES


class Many(fields.List[Any]):
    """A list of such values."""

    default_error_messages = OF_FIELD

    def __init__(self, inner: fields.Field[Any], *, least: int = 0, optional: bool = False) -> None:
        super().__init__(inner, required=not optional)
        self.least = least

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValidationError(_("This must be a list."))
        if len(value) < self.least:
            raise ValidationError(_("This list may not be empty."))
        return list(super()._deserialize(value, attr, data, **kwargs) or [])


class Texts(Value):
    """A list of texts."""

    def accept(self, value: Any) -> None:
        """Refuse what is not a list of texts, with the number of each wrong one."""
        if not isinstance(value, list):
            raise ValidationError(_("This must be a list."))
        problems: dict[int, Any] = {}
        for number, text in enumerate(value):
            try:
                Text().accept(text)
            except ValidationError as refusal:
                problems[number] = refusal.messages
        if problems:
            raise ValidationError(cast("dict[str, Any]", problems))


class TextsByLanguage(Words):
    """Short texts by language: `{nl: [...]}`."""

    inner = Texts()


class MapOf(Value):
    """A map with keys of the file's own choice, and one kind of value."""

    def __init__(self, inner: Value | Many, *, optional: bool = False) -> None:
        super().__init__(optional=optional)
        self.inner = inner

    def accept(self, value: Any) -> None:
        """Refuse what is not such a map, with the key of each wrong value."""
        if not isinstance(value, dict):
            raise ValidationError(_("This must be a map of keys."))
        problems: dict[str, Any] = {}
        for key, inside in value.items():
            try:
                Key().accept(key)
                self.inner.deserialize(inside)
            except ValidationError as refusal:
                problems[key] = refusal.messages
        if problems:
            raise ValidationError(problems)


class Address(Text):
    """A web address."""

    def accept(self, value: Any) -> None:
        """Refuse what is not a web address."""
        super().accept(value)
        if not ADDRESS.fullmatch(value):
            raise ValidationError(_("This must be a web address that starts with http:// or https://."))


def block(schema: type[Schema], *, optional: bool = False, nullable: bool = False) -> fields.Nested:
    """Return the field of a block inside a block."""
    return fields.Nested(schema, required=not optional, allow_none=nullable, error_messages=OF_FIELD)


def blocks(schema: type[Schema], *, least: int = 0, optional: bool = False) -> Many:
    """Return the field of a list of blocks."""
    return Many(block(schema), least=least, optional=optional)


def source_keys() -> Many:
    """Return the field of the sources that a block names."""
    return Many(Key())


def provenance_marks() -> MapOf:
    """Return the field of the provenance by dotted path."""
    return MapOf(Provenance())
