"""What a draft can refer to outside itself, with its words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from lms.authoring.editing import Around
from lms.authoring.editing.choices import ScaleWords
from lms.core.db import Words
from lms.curriculum.models import CompetencyDomain, RatingScale
from lms.curriculum.queries import Loaded


def around(document: dict[str, Any], loaded: Loaded) -> Around:
    """Return what surrounds the parts of a document: what they can refer to, and how it is called."""
    key = (document.get("programme") or {}).get("key")
    return Around(
        document=document,
        known=loaded.known(),
        vocabulary=loaded.vocabulary,
        scales=[_in_words(scale) for scale in loaded.scales],
        frameworks={domain.framework.key: domain.framework.title for domain in loaded.domains},
        domains=_domains(loaded.domains),
        forms={key: loaded.forms[key].title for key in sorted(loaded.forms)},
        epas=_epas(loaded, without=key),
    )


def _in_words(scale: RatingScale) -> ScaleWords:
    return ScaleWords(
        key=scale.key,
        version=scale.version,
        title=scale.title,
        levels=[(level.code, level.title) for level in scale.levels],
    )


def _domains(domains: Iterable[CompetencyDomain]) -> dict[str, list[tuple[str, Words]]]:
    """Return the domains of every framework, those that all programmes share first."""
    found: defaultdict[str, dict[str, Words]] = defaultdict(dict)
    shared = []
    for domain in domains:
        found[domain.framework.key][domain.key] = domain.title
        if domain.framework.programme_version_id is None:
            shared.append(domain.framework.key)
    order = dict.fromkeys([*shared, *sorted(found)])
    return {framework: list(found[framework].items()) for framework in order}


def _epas(loaded: Loaded, *, without: str | None) -> dict[str, list[tuple[str, Words]]]:
    """Return the EPAs of all other programmes in their newest versions, by programme."""
    found: defaultdict[str, list[tuple[str, Words]]] = defaultdict(list)
    for row in loaded.epas:
        if row.programme != without:
            found[row.programme].append((row.key, row.title))
    return dict(found)
