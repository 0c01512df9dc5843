"""A CASE package from its JSON: whatever it holds is kept, and only what nothing can be done with is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from competencies.packages import Node, NodeKind, Package, end_of
from lms.core.words import _
from lms.curriculum.schemas.problems import CurriculumRefused, Path, Problem, spelled
from lms.exchange.case.names import DEFINITION_LISTS, DEFINITIONS, DOCUMENT, LIST_OF, LISTS, REQUIRED

LONGEST_IDENTIFIER = 500


def package_of(value: Any, name: str) -> Package:
    """Return the package of a JSON value; raise CurriculumRefused with everything in it that cannot be taken."""
    return _Reader(name).read(value)


class _Reader:
    """Reads one package and gathers what is wrong with it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []

    def read(self, value: Any) -> Package:
        """Return the package, or raise with every problem found."""
        if not isinstance(value, dict) or DOCUMENT not in value:
            self._refuse((), _("This is not a CASE package: it has no CFDocument."))
            raise CurriculumRefused(self.problems)
        document = self._object(value[DOCUMENT], (DOCUMENT,))
        nodes = [*self._nodes_in(value, LISTS, ()), *self._definitions(value)]
        if self.problems:
            raise CurriculumRefused(self.problems)
        return Package(document, nodes, _rest_of(value))

    def _refuse(self, path: Path, message: str) -> None:
        self.problems.append(Problem(self.name, None, spelled(path), message))

    def _object(self, value: Any, path: Path) -> dict[str, Any]:
        """Return an object that has an identifier; refuse anything else."""
        if not isinstance(value, dict):
            self._refuse(path, _("This must be an object."))
            return {}
        identifier = value.get("identifier")
        if not isinstance(identifier, str) or not identifier.strip():
            self._refuse((*path, "identifier"), _("This has no identifier."))
        elif len(identifier) > LONGEST_IDENTIFIER:
            self._refuse((*path, "identifier"), _("This identifier is too long."))
        return value

    def _definitions(self, value: Mapping[str, Any]) -> Iterator[Node]:
        definitions = value.get(DEFINITIONS)
        if isinstance(definitions, dict):
            yield from self._nodes_in(definitions, DEFINITION_LISTS, (DEFINITIONS,))
        elif definitions is not None:
            self._refuse((DEFINITIONS,), _("This must be an object."))

    def _nodes_in(self, value: Mapping[str, Any], lists: Mapping[str, NodeKind], path: Path) -> Iterator[Node]:
        for list_name, kind in lists.items():
            listed = value.get(list_name)
            if isinstance(listed, list):
                yield from self._nodes(listed, kind, (*path, list_name))
            elif listed is not None:
                self._refuse((*path, list_name), _("This must be a list."))

    def _nodes(self, listed: list[Any], kind: NodeKind, path: Path) -> Iterator[Node]:
        seen: set[str] = set()
        for number, one in enumerate(listed):
            before = len(self.problems)
            data = self._object(one, (*path, number))
            if len(self.problems) > before:
                continue
            identifier = data["identifier"]
            if identifier in seen:
                message = _("The identifier %(identifier)s is here twice.", identifier=identifier)
                self._refuse((*path, number, "identifier"), message)
            seen.add(identifier)
            yield Node(kind, identifier, data)


def _rest_of(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a package without its document and nodes: which lists it has, and what nobody knows."""
    rest = {key: [] if key in LISTS and isinstance(inner, list) else inner for key, inner in value.items()}
    del rest[DOCUMENT]
    if isinstance(definitions := rest.get(DEFINITIONS), dict):
        rest[DEFINITIONS] = {
            key: [] if key in DEFINITION_LISTS and isinstance(inner, list) else inner
            for key, inner in definitions.items()
        }
    return rest


def remarks_on(package: Package, name: str) -> Iterator[Problem]:
    """Yield what a reader of the package should know and what stops nothing: one remark for each kind of thing."""
    for (list_name, field), count in _lacking(package).items():
        message = _("%(count)s times there is no %(field)s, which the standard asks for.", count=count, field=field)
        yield Problem(name, None, list_name, message)
    known = {package.identifier, *(node.identifier for node in package.of(NodeKind.ITEM))}
    ends = ("originNodeURI", "destinationNodeURI")
    outside = sum(any(end_of(node, end) not in known for end in ends) for node in package.of(NodeKind.ASSOCIATION))
    if outside:
        message = _("%(count)s associations lead outside this package. They are kept as they are.", count=outside)
        yield Problem(name, None, "CFAssociations", message)


def _lacking(package: Package) -> Counter[tuple[str, str]]:
    """Count the fields that the standard asks for and that are not there, by list and field."""
    lacking = Counter((DOCUMENT, field) for field in REQUIRED[DOCUMENT] if package.document.get(field) is None)
    for node in package.nodes:
        list_name = LIST_OF[node.kind]
        lacking.update((list_name, field) for field in REQUIRED[list_name] if node.data.get(field) is None)
    return lacking


def looks_like_case(content: bytes) -> bool:
    """Whether a file names the document of a CASE package, in any encoding that JSON may have."""
    return any(f'"{DOCUMENT}"'.encode(encoding) in content for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
