"""DMN files to models: safe XML, elements, references, imports; every fault becomes a problem with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lxml import etree

from staffel.engine.dmn.compiler import Compiler, converted, first_box, function_code
from staffel.engine.dmn.graph import Decision, Graph, InputData, Key, Requirement, Service, put
from staffel.engine.dmn.hits import CompiledTable, compile_table
from staffel.engine.dmn.items import Items, type_reference
from staffel.engine.dmn.model import DecisionModel
from staffel.engine.dmn.source import (
    VERSIONS,
    Source,
    child,
    children,
    identity,
    is_dmn,
    line_of,
    local,
    name_of,
)
from staffel.engine.dmn.tables import read_table
from staffel.engine.dmn.validity import read_validity
from staffel.engine.feel.builtins import FUNCTION_VALUES
from staffel.engine.feel.errors import Problem
from staffel.engine.feel.mistakes import name_hint
from staffel.engine.feel.run import DEFAULT_BUDGET, Run
from staffel.engine.feel.scope import Code, Scope, Top
from staffel.engine.feel.types import Constrained, FeelType, FunctionType
from staffel.engine.xml import XmlRefused, parse_xml

_REQUIRED = ("requiredInput", "requiredDecision", "requiredKnowledge")
_MAX_IMPORTS = 50


@dataclass(frozen=True, slots=True)
class UnknownName(Problem):
    """A name that an element reads and that is nowhere, or not required by the element."""

    name: str = ""


def read_dmn(
    xml: bytes, *, imports: Mapping[str, bytes] | None = None
) -> tuple[DecisionModel | None, tuple[Problem, ...]]:
    """Read a DMN file (1.1 to 1.5). `imports` are the files it imports, by namespace or file name.

    The model is None where the file cannot be read at all. A model with problems of severity `error` still decides
    what is sound in it, but must not be put into force.
    """
    graph = Graph()
    reading = _Reading(graph, imports or {})
    part = reading.read(xml)
    problems = tuple(problem for source in reading.sources for problem in source.problems)
    if part is None:
        return None, (*reading.refusals, *problems)
    model = DecisionModel(part.source.namespace, name_of(part.source.root), graph)
    return model, (*reading.refusals, *problems)


class _Reading:
    """One reading of a file with everything it imports; each namespace is read once."""

    def __init__(self, graph: Graph, files: Mapping[str, bytes]) -> None:
        self.graph = graph
        self.files = files
        self.sources: list[Source] = []
        self.refusals: list[Problem] = []
        self.parts: dict[str, _Part | None] = {}
        self.roots: dict[str, etree._Element] | None = None

    def read(self, xml: bytes) -> _Part | None:
        root = self.parse(xml)
        return None if root is None else self.part(root)

    def parse(self, xml: bytes) -> etree._Element | None:
        try:
            root = parse_xml(xml)
        except XmlRefused as err:
            self.refusals.append(Problem(err.code, err.message_de, err.message_en, line=err.line))
            return None
        if is_dmn(root) and local(root) == "definitions":
            return root
        found = str(root.tag)[:200]
        self.refusals.append(
            Problem(
                "dmn-namespace",
                f"Erwartet wird eine DMN-Datei ({', '.join(VERSIONS.values())}), gefunden: {found}.",
                f"Expected a DMN file ({', '.join(VERSIONS.values())}), found: {found}.",
                line=line_of(root),
            )
        )
        return None

    def part(self, root: etree._Element) -> _Part | None:
        """The part of the graph that a file makes; None while it is being read (a circle of imports)."""
        namespace = root.get("namespace", "")
        if namespace in self.parts or len(self.parts) > _MAX_IMPORTS:
            return self.parts.get(namespace)
        self.parts[namespace] = None
        source = Source(root)
        self.sources.append(source)
        made = _Part(self, source)
        self.parts[namespace] = made
        return made

    def imported(self, element: etree._Element) -> etree._Element | None:
        """The root of an imported file, found by namespace, location or among all files given."""
        namespace, location = element.get("namespace", ""), element.get("locationURI", "")
        for name in (namespace, location, location.rpartition("/")[2]):
            if name and name in self.files:
                return self.parse(self.files[name])
        if self.roots is None:
            parsed = [self.parse(data) for data in self.files.values()]
            self.roots = {root.get("namespace", ""): root for root in parsed if root is not None}
        return self.roots.get(namespace)


class _Part:
    """One file: what it defines goes into the graph."""

    def __init__(self, reading: _Reading, source: Source) -> None:
        self.graph = reading.graph
        self.source = source
        self.names = {
            name_of(element)
            for element in children(
                source.root, "inputData", "decision", "businessKnowledgeModel", "decisionService"
            )
        }
        self.prefixes: dict[str, str] = {}
        imported = dict[str, Items]()
        for element in children(source.root, "import"):
            self._import(reading, element, imported)
        self.items = Items(source, imported)
        self.compiler = Compiler(source, self.items, self.names, self._table_code)
        self.tables: dict[str, CompiledTable] = {}
        self.knowledge: list[tuple[etree._Element, dict[str, object]]] = []
        for read in (
            self._inputs,
            self._functions,
            self._decisions,
            self._services,
            self._link,
            self._circles,
        ):
            read()

    def _import(self, reading: _Reading, element: etree._Element, imported: dict[str, Items]) -> None:
        if element.get("importType") not in VERSIONS:
            return
        name, namespace = name_of(element), element.get("namespace", "")
        root = reading.imported(element)
        part = reading.part(root) if root is not None else None
        if part is None:
            self.source.report(
                "import-missing",
                element,
                f"Die eingebundene Datei „{name}“ ({namespace}) fehlt. Bitte zusammen mit dieser hochladen.",
                f"The imported file '{name}' ({namespace}) is missing. Upload it together with this one.",
            )
            return
        self.prefixes[namespace] = name
        imported[name] = part.items
        self.names |= {name, *part.names}

    def key(self, href: str) -> Key:
        """The element an `href` names."""
        namespace, _, identifier = href.rpartition("#")
        return namespace or self.source.namespace, identifier

    def _own(self, element: etree._Element) -> Key:
        return self.source.namespace, element.get("id") or name_of(element)

    def _inputs(self) -> None:
        for element in children(self.source.root, "inputData"):
            variable = child(element, "variable")
            reference = type_reference(variable) if variable is not None else None
            kind = self.items.resolve(reference, element)
            key = self._own(element)
            self.graph.inputs[key] = InputData(key, variable_name(element), kind, reference)

    def _functions(self) -> None:
        for element in children(self.source.root, "businessKnowledgeModel"):
            logic = child(element, "encapsulatedLogic")
            name = variable_name(element)
            if logic is None:
                self.compiler.faulty(element, "expression-missing", "ohne Ausdruck", "without an expression")
                continue
            frame = dict[str, object]()
            scope = self._top(element)
            function = function_code(self.compiler, logic, scope, name)(frame, _run())
            if function is None:
                continue
            result = _result_type(self._type_of(element))
            self.graph.functions[self._own(element)] = replace(function, result_type=result)
            self.knowledge.append((element, frame))
            self._unknown_names(element, scope)

    def _unknown_names(self, element: etree._Element, scope: Top) -> None:
        """Report names that the element reads although it does not require them."""
        for name in sorted(scope.needs - scope.known - FUNCTION_VALUES.keys() - scope.unknown_calls):
            hint_de, hint_en = name_hint(name, scope.known)
            if not hint_de:
                hint_de = " Fügen Sie es als Eingabe oder Entscheidung ein und verbinden Sie es (informationRequirement)."
                hint_en = " Add it as an input or decision and connect it (informationRequirement)."
            self.source.problems.append(
                UnknownName(
                    "unknown-name",
                    f"„{name_of(element)}“ liest „{name}“, das es nicht gibt oder das nicht mit ihm verbunden ist.{hint_de}",
                    f"'{name_of(element)}' reads '{name}', which does not exist or is not connected to it.{hint_en}",
                    element=identity(element),
                    line=line_of(element),
                    name=name,
                )
            )

    def _type_of(self, element: etree._Element) -> FeelType | None:
        variable = child(element, "variable")
        return self.items.resolve(type_reference(variable), element) if variable is not None else None

    def _decisions(self) -> None:
        for element in children(self.source.root, "decision"):
            key, name = self._own(element), variable_name(element)
            scope = self._top(element)
            code = self.compiler.only_box(element, scope, element)
            code = converted(code, self._type_of(element), name)
            box = first_box(element)
            variable = child(element, "variable")
            decision = Decision(
                key,
                name,
                code,
                tuple(self._requirements(element, "requiredInput", "requiredDecision")),
                self.tables.get(_path(box)) if box is not None else None,
                type_reference(variable) if variable is not None else None,
                (_plain(child(element, "question")) or "").strip(),
                line_of(element),
                read_validity(element, self.source),
            )
            self.graph.decisions[key] = decision
            self.knowledge.append((element, decision.knowledge))
            self._unknown_names(element, scope)

    def _table_code(self, compiler: Compiler, element: etree._Element, scope: Scope) -> Code:
        owner = element.getparent()
        while owner is not None and local(owner) not in {"decision", "businessKnowledgeModel", "definitions"}:
            owner = owner.getparent()
        try:
            table = read_table(element, name_of(owner) if owner is not None else "")
        except ValueError:
            policy = element.get("hitPolicy", "")
            return compiler.faulty(
                element,
                "hit-policy-unknown",
                f"mit unbekannter Trefferregel {policy}",
                f"of unknown policy {policy}",
            )
        wide = [
            rule
            for rule in table.rules
            if len(rule.tests) != len(table.inputs) or len(rule.outputs) != len(table.outputs)
        ]
        if wide or not table.outputs:
            return compiler.faulty(element, "table-shape", "nicht rechteckig", "not rectangular")
        made = compile_table(compiler, table, scope)
        self.tables[_path(element)] = made
        return made.run

    def _services(self) -> None:
        for element in children(self.source.root, "decisionService"):
            key = self._own(element)
            outputs = tuple(self._references(element, "outputDecision"))
            given = [*self._references(element, "inputData"), *self._references(element, "inputDecision")]
            parameters: list[tuple[str, Key, FeelType | None]] = []
            for needed in given:
                item = self.graph.inputs.get(needed)
                decision = self.graph.decisions.get(needed)
                name = item.name if item else decision.name if decision else needed[1]
                kind = (
                    item.type
                    if item
                    else self.items.resolve(decision.type_name if decision else None, element)
                )
                parameters.append((name, needed, kind))
            service = Service(key, variable_name(element), outputs, tuple(parameters))
            self.graph.services[key] = service
            function = self.graph.service_function(service)
            self.graph.functions[key] = replace(function, result_type=_result_type(self._type_of(element)))

    def _link(self) -> None:
        """Give every element the functions that it requires."""
        for element, frame in self.knowledge:
            for needed in self._requirements(element, "requiredKnowledge"):
                function = self.graph.functions.get(needed.key)
                if function is not None:
                    put(frame, needed.path, function)

    def _top(self, element: etree._Element) -> Top:
        """The scope of an element: what it requires, with the parameters of the functions among that."""
        top = Top(FUNCTION_VALUES, self._required_names(element))
        for requirement in children(element, "knowledgeRequirement"):
            for key in self._references(requirement, "requiredKnowledge"):
                found = self._by_id().get(key[1]) if key[0] == self.source.namespace else None
                logic = child(found, "encapsulatedLogic")
                if found is not None and logic is not None:
                    parameters = tuple(name_of(each) for each in children(logic, "formalParameter"))
                    top.signatures[variable_name(found)] = parameters
        return top

    def _required_names(self, element: etree._Element) -> frozenset[str]:
        return frozenset(needed.path[0] for needed in self._requirements(element, *_REQUIRED, quiet=True))

    def _requirements(self, element: etree._Element, *tags: str, quiet: bool = False) -> list[Requirement]:
        found = list[Requirement]()
        for requirement in children(
            element, "informationRequirement", "knowledgeRequirement", "authorityRequirement"
        ):
            if local(requirement) == "authorityRequirement":
                continue
            for key in self._references(requirement, *tags):
                path = self._path(key)
                if path is not None:
                    found.append(Requirement(key, path))
                elif not quiet:
                    self.source.report(
                        "reference-unknown",
                        element,
                        f"„{name_of(element)}“ verweist auf „{key[1]}“, das es nicht gibt.",
                        f"'{name_of(element)}' refers to '{key[1]}', which does not exist.",
                    )
        return found

    def _references(self, element: etree._Element, *tags: str) -> list[Key]:
        return [self.key(each.get("href", "")) for each in children(element, *tags)]

    def _path(self, key: Key) -> tuple[str, ...] | None:
        if key[0] == self.source.namespace:
            element = self._by_id().get(key[1])
            return None if element is None else (variable_name(element),)
        graph = self.graph
        found = graph.inputs.get(key) or graph.decisions.get(key) or graph.functions.get(key)
        prefix = self.prefixes.get(key[0])
        return None if found is None or prefix is None else (*([prefix] if prefix else []), found.name)

    def _by_id(self) -> dict[str, etree._Element]:
        if not hasattr(self, "_ids"):
            self._ids = {each.get("id") or name_of(each): each for each in children(self.source.root)}
        return self._ids

    def _circles(self) -> None:
        """Report decisions that need themselves; they are null."""
        graph = self.graph
        for decision in graph.decisions.values():
            if decision.key[0] != self.source.namespace:
                continue
            plan = graph.plan(tuple(needed.key for needed in decision.requires))
            if decision.key in plan:
                element = self._by_id()[decision.id]
                decision.code = self.compiler.faulty(
                    element, "decision-circle", "von sich selbst abhängig", "dependent on itself"
                )
        graph.plans.clear()


def variable_name(element: etree._Element) -> str:
    """The name under which others read the element."""
    variable = child(element, "variable")
    return (name_of(variable) if variable is not None else "") or name_of(element)


def _result_type(kind: FeelType | None) -> FeelType | None:
    """The type of a function's result, whether its variable names that or the type of the function."""
    base = kind
    for _ in range(20):
        if not isinstance(base, Constrained):
            break
        base = base.base()
    return base.result if isinstance(base, FunctionType) else kind


def _path(element: etree._Element) -> str:
    return str(element.getroottree().getpath(element))


def _plain(element: etree._Element | None) -> str | None:
    return None if element is None else "".join(str(part) for part in element.itertext())


def _run() -> Run:
    return Run("", DEFAULT_BUDGET, None, None)
