"""Templates call what they call without detours, and mean the same by it."""

from __future__ import annotations

from flask import Flask
from jinja2 import pass_context
from jinja2.runtime import Context

SAID = "{% macro said(word) %}{{ word }}{% endmacro %}"
KIND = "{{ said('<b>').__class__.__name__ }}"


def test_a_macro_is_markup_only_where_the_caller_escapes(app: Flask) -> None:
    with app.test_request_context("/"):
        page = app.jinja_env.from_string(SAID + KIND)
        mail = app.jinja_env.from_string(SAID + "{% autoescape false %}" + KIND + "{% endautoescape %}")
        assert (page.render(), mail.render()) == ("Markup", "str")


def test_what_asks_for_the_context_gets_it(app: Flask) -> None:
    @pass_context
    def known(context: Context, name: str) -> str:
        return str(context[name])

    with app.test_request_context("/"):
        assert app.jinja_env.from_string("{{ known('word') }}").render(known=known, word="here") == "here"
