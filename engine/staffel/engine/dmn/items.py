"""Item definitions as FEEL types (DMN 1.5 §7.3.2): components, collections, constraints, functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lxml import etree

from staffel.engine.dmn.source import Source, child, children, name_of, text_of
from staffel.engine.feel import FeelError, UnaryTests, Value, parse_unary_tests
from staffel.engine.feel.tree import Literal
from staffel.engine.feel.types import (
    ANY,
    NUMBER,
    SIMPLE_TYPES,
    Constrained,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
)

_ALIASES: Mapping[str, FeelType] = {
    **SIMPLE_TYPES,
    **dict.fromkeys(("integer", "long", "double", "decimal", "float", "int"), NUMBER),
}


class Items:
    """The types that a file defines or imports, by name (imported ones as `import.name`)."""

    def __init__(self, source: Source, imported: Mapping[str, Items]) -> None:
        self.source = source
        self.types: dict[str, FeelType] = {}
        self.names: set[str] = set()
        self.allowed: dict[str, UnaryTests] = {}
        """The allowed values of types that are no collections, for checks and priorities."""
        for prefix, items in imported.items():
            lead = f"{prefix}." if prefix else ""
            self.types.update({f"{lead}{name}": kind for name, kind in items.types.items()})
            self.names |= items.names
        for definition in children(source.root, "itemDefinition"):
            self._define(definition)

    def resolve(self, reference: str | None, element: etree._Element) -> FeelType | None:
        """The type a `typeRef` names; None where there is none, with a problem where it is unknown."""
        if not reference:
            return None
        name = " ".join(reference.split())
        for candidate in (name, name.partition(":")[2]):
            kind = self.types.get(candidate) or _ALIASES.get(candidate)
            if kind is not None:
                return kind
        self.source.report(
            "type-unknown",
            element,
            f"Der Typ „{name}“ ist nicht definiert. Bitte eine Itemdefinition mit diesem Namen anlegen.",
            f"The type '{name}' is not defined. Add an item definition of this name.",
        )
        return None

    def _define(self, definition: etree._Element) -> None:
        name = name_of(definition)
        cell: list[FeelType] = []

        def base() -> FeelType:
            if not cell:
                cell.append(ANY)  # a definition in terms of itself is taken as Any where it closes the circle
                cell[0] = self._structure(definition)
            return cell[0]

        self.types[name] = Constrained(name, base, self._constraint(definition, "typeConstraint"))
        if definition.get("isCollection") != "true":
            self._keep_allowed(name, text_of(child(definition, "allowedValues")))
        self._collect_names(definition)

    def _keep_allowed(self, name: str, text: str | None) -> None:
        try:
            if text and text.strip():
                self.allowed[name] = parse_unary_tests(text.strip())
        except FeelError:
            return  # reported where the constraint is compiled

    def _collect_names(self, definition: etree._Element) -> None:
        for component in definition.iter("{*}itemComponent"):
            self.names.add(name_of(component))

    def _structure(self, definition: etree._Element) -> FeelType:
        """The type without its constraint on the whole."""
        item = self._item(definition)
        allows = self._constraint(definition, "allowedValues")
        if allows is not None:
            item = Constrained(name_of(definition), _constant(item), allows)
        return ListType(item) if definition.get("isCollection") == "true" else item

    def _item(self, definition: etree._Element) -> FeelType:
        components = tuple(children(definition, "itemComponent"))
        if components:
            return ContextType(tuple((name_of(part), self._part(part)) for part in components))
        function = child(definition, "functionItem")
        if function is not None:
            result = self.resolve(function.get("outputTypeRef"), function) or ANY
            given = tuple(
                self.resolve(part.get("typeRef"), part) or ANY for part in children(function, "parameters")
            )
            return FunctionType(given, result)
        return self.resolve(type_reference(definition), definition) or ANY

    def _part(self, component: etree._Element) -> FeelType:
        kind = self._structure(component)
        allows = self._constraint(component, "typeConstraint")
        return Constrained(name_of(component), _constant(kind), allows) if allows else kind

    def _constraint(self, definition: etree._Element, tag: str) -> Callable[[Value], bool] | None:
        element = child(definition, tag)
        text = text_of(element)
        if element is None or not text or not text.strip():
            return None
        try:
            tests = parse_unary_tests(text.strip(), names=self.names)
        except FeelError as err:
            self.source.report_feel(err, text, element)
            return None
        return lambda value: tests.matches(value, {}) is True


def type_reference(element: etree._Element) -> str | None:
    """The `typeRef` as attribute (DMN 1.2 on) or as element (DMN 1.1)."""
    found = child(element, "typeRef")
    return element.get("typeRef") or (found.text if found is not None else None)


def _constant(kind: FeelType) -> Callable[[], FeelType]:
    return lambda: kind


def literals(tests: UnaryTests | None) -> tuple[Value, ...]:
    """The values that a list of allowed values names one by one; empty where it does not."""
    return tuple(
        test.operand.value
        for test in getattr(tests and tests.tree, "tests", ())
        if isinstance(test.operand, Literal) and not test.operator
    )
