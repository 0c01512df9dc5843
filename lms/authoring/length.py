"""The form-length meter: how long the form that is written now would keep a rater."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from competencies.form_length import FormLength, form_length
from lms.curriculum.schemas.known import Known


def length_of(section: str, data: Any, known: Known) -> FormLength | None:
    """Return how long a form takes, by its longest language; None for a part that is no form, or has no instrument."""
    instrument = known.instruments.get(data.get("instrument") or "") if section == "forms" else None
    if instrument is None:
        return None
    return form_length(instrument.result, [_words_in(item) for item in data.get("items") or ()])


def _words_in(item: Mapping[str, Any]) -> int:
    return max((len(str(text).split()) for text in (item.get("title") or {}).values()), default=0)
