"""What every template may use: the reader's words and dates, and nothing undefined."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from types import FunctionType
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask, current_app, request, url_for
from flask.templating import Environment as FlaskEnvironment
from flask_babel import format_timedelta
from jinja2 import StrictUndefined
from jinja2.runtime import Context as JinjaContext
from jinja2.runtime import Macro
from markupsafe import Markup

from lms.core import words
from lms.core.addresses import path_to
from lms.core.clock import HERE, day_of
from lms.core.devices import device_name
from lms.core.logs import request_id
from lms.core.words import current_language, in_language, label, several


class Context(JinjaContext):
    """What a template knows while it is rendered, calling what it calls mostly without looking for how."""

    def call(self, called: Callable[..., Any], /, *args: Any, **facts: Any) -> Any:
        """Return what is called answers: of a macro or a plain function at once, of others as Jinja finds out."""
        if (kind := type(called)) is Macro:
            args = (self.eval_ctx, *args)
        elif kind is not FunctionType or hasattr(called, "jinja_pass_arg"):
            return super().call(called, *args, **facts)
        facts.pop("_loop_vars", None)
        facts.pop("_block_vars", None)
        return called(*args, **facts)


class Environment(FlaskEnvironment):
    """Templates that share one set of names: to join sets for each `from … import` takes longer than most macros."""

    context_class = Context

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the names that a template finds; those of all, unless it is given some of its own."""
        return super().make_globals(d) if d else self.globals


def init_app(app: Flask) -> None:
    """Set up the templates: undefined is an error, and these names and filters are there."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {"day": day, "moment": moment, "ago": ago, "label": label, "words": in_language}
    app.jinja_env.filters["several"] = several
    app.jinja_env.filters |= {"device_name": device_name, "decimalformat": decimal}
    app.jinja_env.globals |= {"_": said, "ngettext": said_of}
    app.jinja_env.globals |= {"current_language": current_language, "request_id": request_id, "asset": asset}
    app.jinja_env.globals["url_for"] = path_to


def said(message: str, **facts: object) -> Markup:
    """Return a message as a page says it: its own words are ours and go as they are, its facts are escaped."""
    marked = Markup(words._(message))  # noqa: S704
    return marked % facts if "%" in marked else marked


def said_of(one: str, many: str, num: int, **facts: object) -> Markup:
    """Return a message for one or for many as a page says it, with its facts escaped."""
    return Markup(words.unfilled(one, many, num)) % {"num": num, **facts}  # noqa: S704


def day(value: date | None) -> str:
    """Return a day in the reader's language: 3 Nov 2026."""
    if isinstance(value, datetime):
        value = day_of(value)
    return _day_in(current_language(), value) if value else ""


@lru_cache(maxsize=4096)
def _day_in(language: str, value: date) -> str:
    return format_date(value, "d MMM y", locale=language)


def moment(value: datetime | None) -> str:
    """Return a moment in the reader's language and the region's time: 3 Nov 2026 14:05."""
    return _moment_in(current_language(), value) if value else ""


@lru_cache(maxsize=4096)
def _moment_in(language: str, value: datetime) -> str:
    return format_datetime(value, "d MMM y HH:mm", tzinfo=HERE, locale=language)


def decimal(value: Decimal | float) -> str:
    """Return a number as the reader's language writes it: 1.234,5."""
    return _decimal_in(current_language(), value)


@lru_cache(maxsize=4096)
def _decimal_in(language: str, value: Decimal | float) -> str:
    return format_decimal(value, locale=language)


def ago(value: datetime, now: datetime) -> str:
    """Return how long before `now` that was: 3 days; a larger unit only from two of it, so that 11 days stay 11."""
    return str(format_timedelta(now - value, granularity="minute", threshold=2))


def asset(name: str) -> str:
    """Return the address of a static file, with its version, so that a browser may keep it for a year."""
    return _asset(request.script_root, current_app.config["ASSETS_VERSION"], name)


@lru_cache(maxsize=256)
def _asset(_root: str, version: str, name: str) -> str:
    return url_for("static", filename=name, v=version)
