"""What a field may refer to: the words that all programmes share, and the parts of the draft itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from competencies.curricula import EPA_SCALE
from lms.authoring.editing.labels import CHOICES
from lms.authoring.shapes import Kind, Shape
from lms.core.db import Words
from lms.core.words import LABELS, _, in_language
from lms.curriculum.queries import Vocabulary
from lms.curriculum.schemas.known import Known
from lms.curriculum.schemas.requirements import ROLES

Data = dict[str, Any]


class Option(NamedTuple):
    """One choice of a field; `group` is what it stands under."""

    value: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleWords:
    """A version of a scale in words, its levels from low to high."""

    key: str
    version: int
    title: Words
    levels: Sequence[tuple[str, Words]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What surrounds a part: the document, what is loaded, and their words.

    `domains` are those of frameworks outside the draft by framework, `epas` the EPAs of other programmes by programme.
    """

    document: Data
    known: Known
    vocabulary: Vocabulary
    scales: Sequence[ScaleWords]
    frameworks: Mapping[str, Words]
    domains: Mapping[str, Sequence[tuple[str, Words]]]
    forms: Mapping[str, Words]
    epas: Mapping[str, Sequence[tuple[str, Words]]]

    def terms(self, kind: str) -> list[Option]:
        """Return the words of the vocabulary of that kind."""
        return [Option(key, in_language(title)) for (one, key), title in self.vocabulary.titles.items() if one == kind]

    def items(self, section: str) -> list[Option]:
        """Return the parts of a section of the draft by their key."""
        return titled(self.document.get(section) or ())

    def all_domains(self) -> list[tuple[str, str, list[Option]]]:
        """Return every framework with its domains: those of the draft first, then those that are loaded."""
        own = {one["id"]: one for one in self.document.get("frameworks") or () if one.get("id")}
        found = [
            (key, in_language(one.get("title")) or key, titled(one.get("domains") or (), key="id"))
            for key, one in own.items()
        ]
        return found + [
            (key, in_language(self.frameworks[key]), [Option(domain, in_language(title)) for domain, title in domains])
            for key, domains in self.domains.items()
            if key not in own
        ]


def titled(blocks: Iterable[Data], key: str = "key") -> list[Option]:
    """Return blocks with a title as choices."""
    return [Option(one[key], in_language(one.get("title")) or one[key]) for one in blocks if one.get(key)]


Chain = Sequence[Data]
"""The blocks around a field, from the part itself inwards."""


def options_for(shape: Shape, around: Around, chain: Chain) -> list[Option] | None:
    """Return what the field can be, or None where it is free text."""
    if shape.kind is Kind.CHOICE:
        return _words_of(shape, around)
    found = _CHOICES.get((shape.block, shape.name)) or _CHOICES.get(("", shape.name))
    return found(around, chain) if found else None


def _words_of(shape: Shape, around: Around) -> list[Option]:
    if shape.name == "rule":
        titles = around.vocabulary.titles
        ours = LABELS["RuleKind"]
        return [
            Option(one, in_language(titles.get(("completion_rules", one))) or str(ours.get(one, one)))
            for one in shape.choices
        ]
    enum = _ENUMS.get((shape.block, shape.name)) or _ENUMS.get(("", shape.name), "")
    words = LABELS.get(enum) or CHOICES.get(shape.name, {})
    return [Option(one, str(words.get(one, one))) for one in shape.choices if (enum, one) not in _NOT_OFFERED]


_ENUMS = {
    ("", "provenance"): "Provenance",
    ("", "provenance_by_field"): "Provenance",
    ("", "type"): "EpaType",
    ("", "types"): "EpaType",
    ("ProgrammeBlock", "status"): "ProgrammeStatus",
    ("ProgrammeBlock", "kind"): "ProgrammeKind",
    ("EpaReferenceBlock", "requirement"): "EpaDemand",
    ("", "of"): "HoursOf",
    ("", "over"): "Context",
    ("ContextBlock", "kind"): "Context",
    ("", "relation"): "Relation",
}
_NOT_OFFERED = {("ProgrammeStatus", "retired")}


def choice_said(name: str, value: Any) -> str:
    """Return what a word of the file is called that is chosen from a list of the product; nothing for any other."""
    words = LABELS.get(_ENUMS.get(("", name), "")) if isinstance(value, str) else None
    return str(words.get(value, "")) if words else ""


def _terms(kind: str) -> Callable[[Around, Chain], list[Option]]:
    return lambda around, _chain: around.terms(kind)


def _roles(_around: Around, _chain: Chain) -> list[Option]:
    return [Option(role, str(LABELS["Role"][role])) for role in ROLES]


def _items(section: str) -> Callable[[Around, Chain], list[Option]]:
    return lambda around, _chain: around.items(section)


def _tracks(around: Around, _chain: Chain) -> list[Option]:
    return titled((around.document.get("programme") or {}).get("tracks") or ())


def _sources(around: Around, _chain: Chain) -> list[Option]:
    return [Option(key, f"{key}: {url}") for key, url in (around.document.get("sources") or {}).items()]


def _forms(around: Around, _chain: Chain) -> list[Option]:
    own = around.items("forms")
    mine = {option.value for option in own}
    elsewhere = _("Forms of other programmes")
    return own + [Option(key, in_language(title), elsewhere) for key, title in around.forms.items() if key not in mine]


def _epas(around: Around, _chain: Chain) -> list[Option]:
    return around.items("epas") + [
        Option(one["epa"], _epa_title(around, one)) for one in around.document.get("epa_refs") or () if one.get("epa")
    ]


def _epa_title(around: Around, reference: Data) -> str:
    titles = dict(around.epas.get(reference.get("programme", ""), ()))
    return in_language(titles.get(reference["epa"])) or reference["epa"]


def _programmes(around: Around, _chain: Chain) -> list[Option]:
    return [Option(key, key) for key in around.epas]


def _epas_elsewhere(around: Around, _chain: Chain) -> list[Option]:
    return [
        Option(key, in_language(title), programme) for programme, epas in around.epas.items() for key, title in epas
    ]


def _parents(around: Around, chain: Chain) -> list[Option]:
    """Return the EPAs that this one can be a part of: all others of the draft."""
    return [option for option in around.items("epas") if option.value != chain[0].get("key")]


def _all_epas(around: Around, chain: Chain) -> list[Option]:
    return around.items("epas") + _epas_elsewhere(around, chain)


def _elements(_around: Around, chain: Chain) -> list[Option]:
    """Return the elements of the domain around an indicator."""
    domain = next((block for block in reversed(chain) if "elements" in block), {})
    return titled(domain.get("elements") or (), key="id")


def _requires(around: Around, _chain: Chain) -> list[Option]:
    return around.items("phases") + around.terms("phase_conditions")


def _parts(around: Around, _chain: Chain) -> list[Option]:
    return titled((around.document.get("cohort") or {}).get("parts") or ())


def _scale_keys(around: Around, _chain: Chain) -> list[Option]:
    newest = {scale.key: scale for scale in around.scales}
    return [Option(key, in_language(scale.title)) for key, scale in newest.items()]


def _frameworks(around: Around, _chain: Chain) -> list[Option]:
    return [Option(key, title) for key, title, _domains in around.all_domains()]


def _domains(around: Around, _chain: Chain) -> list[Option]:
    return [Option(one.value, one.label, title) for _key, title, domains in around.all_domains() for one in domains]


def _of_the_group(_around: Around, chain: Chain) -> list[Option]:
    """Return the options of the scope group around a rule."""
    group = next((block for block in reversed(chain) if "options" in block), {})
    return titled(group.get("options") or ())


def _of_the_framework(name: str) -> Callable[[Around, Chain], list[Option]]:
    return lambda _around, chain: titled(chain[0].get(name) or (), key="id")


def _levels(around: Around, chain: Chain) -> list[Option]:
    """Return the levels of the scale of the part, and of the scale that the instrument has of its own."""
    scale = next((block["scale"] for block in reversed(chain) if isinstance(block.get("scale"), dict)), None)
    scale = scale or (around.document.get("programme") or {}).get("default_scale") or {}
    wanted = [one for one in around.scales if (one.key, one.version) == (scale.get("id"), scale.get("version"))]
    instrument = around.known.instruments.get(chain[-1].get("instrument") or "")
    if instrument and instrument.scale_key not in {None, EPA_SCALE}:
        wanted = [one for one in around.scales if one.key == instrument.scale_key][-1:]
    return [Option(code, f"{code} · {in_language(title)}") for one in wanted for code, title in one.levels]


_CHOICES: dict[tuple[str, str], Callable[[Around, Chain], list[Option]]] = {
    ("", "at_stage"): _items("stages"),
    ("", "assessor_roles"): _roles,
    ("", "audience"): _terms("audiences"),
    ("", "conditions"): _terms("evidence_conditions"),
    ("", "form"): _forms,
    ("", "functions"): _terms("functions"),
    ("", "instrument"): _terms("instruments"),
    ("", "level_tag"): _terms("leadership_levels"),
    ("", "min_level"): _levels,
    ("", "moments"): _items("stages"),
    ("", "modules"): _items("modules"),
    ("", "placement"): _items("placements"),
    ("", "reserved_actions"): _terms("reserved_actions"),
    ("", "sources"): _sources,
    ("", "stage"): _items("stages"),
    ("", "tests"): _items("learning_activities"),
    ("", "products"): _items("learning_activities"),
    ("", "tracks"): _tracks,
    ("AssignmentBlock", "kind"): _terms("assignment_kinds"),
    ("AssignmentBlock", "progress_scale"): _scale_keys,
    ("BelongsToBlock", "epa"): _all_epas,
    ("BelongsToBlock", "programme"): _programmes,
    ("CrosswalkBlock", "from_domain"): _domains,
    ("CrosswalkBlock", "from_framework"): _frameworks,
    ("DeclarationEntry", "epa"): _epas,
    ("DomainBlock", "dimensions"): _of_the_framework("dimensions"),
    ("EpaBlock", "parent"): _parents,
    ("EpaReferenceBlock", "epa"): _epas_elsewhere,
    ("EpaReferenceBlock", "programme"): _programmes,
    ("FormBlock", "scale"): _scale_keys,
    ("GrantsBlock", "epas"): _items("epas"),
    ("IndicatorBlock", "element"): _elements,
    ("IndicatorBlock", "level"): _of_the_framework("levels"),
    ("LearningActivityBlock", "kind"): _terms("activity_kinds"),
    ("MentoringBlock", "pairing"): _terms("mentor_pairings"),
    ("ModuleBlock", "part"): _parts,
    ("OrganisationsBlock", "kind"): _terms("organisation_kinds"),
    ("PhaseBlock", "epas"): _epas,
    ("PhaseBlock", "requires"): _requires,
    ("ScopeRuleBlock", "if_selected"): _of_the_group,
    ("ScopeRuleBlock", "then_requires"): _of_the_group,
    ("ScopeRuleBlock", "then_site_needs"): _terms("site_attributes"),
    ("SessionBlock", "format"): _terms("session_formats"),
}
"""Where the choices of a field come from, by its block and name; without a block for every field of that name."""
