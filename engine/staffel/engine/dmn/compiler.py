"""Boxed expressions to code (DMN 1.5 §7.3, §10.2.2). A part that cannot be compiled is null with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from lxml import etree

from staffel.engine.dmn.items import Items, type_reference
from staffel.engine.dmn.source import Source, child, children, identity, is_dmn, local, name_of, text_of
from staffel.engine.feel import FeelError, Function, Value
from staffel.engine.feel.builtins import FEEL_NAMES
from staffel.engine.feel.calls import apply
from staffel.engine.feel.coercion import coerce
from staffel.engine.feel.compiler import compile_node
from staffel.engine.feel.errors import Problem
from staffel.engine.feel.expression import UnaryTests
from staffel.engine.feel.loops import Domain, collected, decided, filtered
from staffel.engine.feel.names import Names
from staffel.engine.feel.parser import Parser
from staffel.engine.feel.run import Run
from staffel.engine.feel.scope import Code, Item, Locals, Scope, outward, top_of
from staffel.engine.feel.static import problems_of
from staffel.engine.feel.types import FeelType, kind_of

MAX_BOXES = 40
_MISMATCH = object()
_FEEL = ("", "feel", "FEEL")
BOXES = frozenset(
    (
        "literalExpression", "context", "invocation", "list", "relation", "functionDefinition",
        "decisionTable", "conditional", "filter", "for", "every", "some",
    )
)  # fmt: skip


class Compiler:
    """Compiles the expressions of one file."""

    def __init__(
        self,
        source: Source,
        items: Items,
        names: Iterable[str],
        table: Callable[[Compiler, etree._Element, Scope], Code],
    ) -> None:
        self.table = table
        self.source = source
        self.items = items
        self._base = Names((*names, *items.names, *items.types), FEEL_NAMES)
        self.depth = 0

    def box(self, element: etree._Element, scope: Scope) -> Code:
        """The code of a boxed expression, its result converted to its `typeRef`."""
        self.depth += 1
        try:
            if self.depth > MAX_BOXES:
                return self.faulty(element, "box-depth", "zu tief geschachtelt", "nested too deeply")
            code = _BOXES[local(element)](self, element, scope)
        finally:
            self.depth -= 1
        return self.typed(code, element, local(element))

    def only_box(self, element: etree._Element | None, scope: Scope, owner: etree._Element) -> Code:
        """The code of the one boxed expression inside `element`."""
        found = first_box(element)
        if found is None:
            return self.faulty(owner, "expression-missing", "ohne Ausdruck", "without an expression")
        return self.box(found, scope)

    def faulty(self, element: etree._Element, code: str, german: str, english: str) -> Code:
        """Report a part that cannot be executed; its code gives null."""
        what = name_of(element) or local(element)
        self.source.report(code, element, f"„{what}“ ist {german}.", f"'{what}' is {english}.")
        return lambda _frame, run: run.null(None, "missing-part", what)

    def typed(self, code: Code, element: etree._Element, label: str) -> Code:
        """The code with its result converted to the element's type; null where it does not conform."""
        kind = self.items.resolve(type_reference(element), element)
        return converted(code, kind, name_of(element) or label)

    def text(self, text: str, element: etree._Element, scope: Scope) -> Code:
        """The code of FEEL text."""
        try:
            code = compile_node(self._parser(text, scope).whole_expression(), scope)
        except FeelError as err:
            self.source.report_feel(err, text, element)
            short = text.strip()[:80]
            return lambda _frame, run: run.null(None, "missing-part", short)
        self._report(problems_of(top_of(scope), text), text, element)
        return placed(code, text, identity(element))

    def tests(self, text: str, element: etree._Element, scope: Scope) -> UnaryTests | None:
        """Unary tests in a scope; None where they are faulty."""
        try:
            tests = UnaryTests(text, self._parser(text, scope).whole_tests(), scope)
        except FeelError as err:
            self.source.report_feel(err, text, element)
            return None
        self._report((*tests.faults, *problems_of(top_of(scope), text)), text, element)
        return tests

    def _report(self, problems: Iterable[Problem], text: str, element: etree._Element) -> None:
        """Report what is certainly wrong with a text that can be parsed."""
        for problem in problems:
            self.source.report_problem(problem, text, element)

    def _parser(self, text: str, scope: Scope) -> Parser:
        names = Names(base=self._base)
        inner: Scope | None = scope
        while isinstance(inner, Locals | Item):
            for name in inner.slots if isinstance(inner, Locals) else ():
                names.add(name)
            inner = inner.outer
        return Parser(text, names, self.items.types)


def placed(code: Code, text: str, element: str) -> Code:
    """The code with the place that problems in it refer to."""

    def run_placed(frame: Any, run: Run) -> Value:
        before = run.text, run.element
        run.text, run.element = text, element
        value = code(frame, run)
        run.text, run.element = before
        return value

    return run_placed


def converted(code: Code, kind: FeelType | None, label: str) -> Code:
    """The code with its result as one of the type."""
    if kind is None:
        return code

    def run_converted(frame: Any, run: Run) -> Value:
        value = code(frame, run)
        if value is None:
            return None
        fitting = coerce(value, kind, _MISMATCH)
        return run.null(None, "value-type", label, kind, kind_of(value)) if fitting is _MISMATCH else fitting

    return run_converted


def first_box(element: etree._Element | None) -> etree._Element | None:
    """The boxed expression directly inside an element."""
    if element is None:
        return None
    return next((each for each in element if is_dmn(each) and local(each) in BOXES), None)


def _literal(compiler: Compiler, element: etree._Element, scope: Scope) -> Code:
    language = element.get("expressionLanguage", "")
    if language not in _FEEL and not language.rstrip("/").upper().endswith("FEEL"):
        return compiler.faulty(
            element,
            "language",
            f"nicht in FEEL geschrieben ({language})",
            f"not written in FEEL ({language})",
        )
    text = text_of(element)
    if text is None or not text.strip():
        return compiler.faulty(element, "expression-missing", "leer", "empty")
    return compiler.text(text, element, scope)


def _context(compiler: Compiler, element: etree._Element, scope: Scope) -> Code:
    inner = Locals(scope)
    entries = list[tuple[str | None, Code]]()
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        code = compiler.only_box(entry, inner, entry)
        if variable is None:
            entries.append((None, code))
            break
        name = name_of(variable)
        if name in inner.slots:
            return compiler.faulty(element, "duplicate-key", f"doppelt ({name})", f"a duplicate ({name})")
        entries.append((name, compiler.typed(code, variable, name)))
        inner.add(name)

    def run_context(frame: Any, run: Run) -> Value:
        own, made = [frame], dict[str, Value]()
        for name, code in entries:
            value = code(own, run)
            if name is None:
                return value
            own.append(value)
            made[name] = value
        return made

    return run_context


def _invocation(compiler: Compiler, element: etree._Element, scope: Scope) -> Code:
    function = compiler.only_box(element, scope, element)
    bindings = list[tuple[str, Code]]()
    for binding in children(element, "binding"):
        parameter = child(binding, "parameter")
        if parameter is not None:
            bindings.append((name_of(parameter), compiler.only_box(binding, scope, binding)))
    names = tuple(name for name, _ in bindings)

    def run_invocation(frame: Any, run: Run) -> Value:
        found = function(frame, run)
        if type(found) is not Function:
            return run.null(None, "not-a-function", name_of(element) or "invocation")
        return apply(run, 0, found, [code(frame, run) for _, code in bindings], names)

    return run_invocation


def _list(compiler: Compiler, element: etree._Element, scope: Scope) -> Code:
    items = tuple(compiler.box(each, scope) for each in element if is_dmn(each) and local(each) in BOXES)
    return lambda frame, run: [item(frame, run) for item in items]


def _relation(compiler: Compiler, element: etree._Element, scope: Scope) -> Code:
    columns = tuple(name_of(column) for column in children(element, "column"))
    rows = tuple(
        tuple(compiler.box(each, scope) for each in row if is_dmn(each) and local(each) in BOXES)
        for row in children(element, "row")
    )
    if any(len(row) != len(columns) for row in rows) or len(set(columns)) != len(columns):
        return compiler.faulty(element, "relation-shape", "nicht rechteckig", "not rectangular")
    return lambda frame, run: [
        {name: code(frame, run) for name, code in zip(columns, row, strict=True)} for row in rows
    ]


def _function(compiler: Compiler, element: etree._Element, scope: Scope) -> Code:
    return function_code(compiler, element, scope, "function")


def function_code(compiler: Compiler, element: etree._Element, scope: Scope, name: str) -> Code:
    """The code of a function definition: a value that remembers its frame. Java and PMML are refused."""
    if element.get("kind", "FEEL") != "FEEL":
        compiler.faulty(element, "external-function", "eine externe Funktion", "an external function")
        return lambda _frame, run: run.null(None, "external-function")
    parameters = tuple(children(element, "formalParameter"))
    names = tuple(name_of(parameter) for parameter in parameters)
    types = tuple(compiler.items.resolve(type_reference(each), each) for each in parameters)
    body = compiler.only_box(element, Locals(scope, names), element)

    def run_definition(frame: Any, _run: Run) -> Value:
        def call(run: Run, values: Sequence[Value]) -> Value:
            run.enter(20, 0)
            result = body([frame, *values], run)
            run.depth += 20
            return result

        return Function(name, names, call, types)

    return run_definition


def _conditional(compiler: Compiler, element: etree._Element, scope: Scope) -> Code:
    condition, then, otherwise = (
        compiler.only_box(child(element, part), scope, element) for part in ("if", "then", "else")
    )

    def run_conditional(frame: Any, run: Run) -> Value:
        found = condition(frame, run)
        if found is not None and type(found) is not bool:
            return run.null(None, "not-boolean", kind_of(found))
        return (then if found else otherwise)(frame, run)

    return run_conditional


def _filter(compiler: Compiler, element: etree._Element, scope: Scope) -> Code:
    base = compiler.only_box(child(element, "in"), scope, element)
    condition = compiler.only_box(child(element, "match"), Item(scope), element)
    return filtered(base, condition, 0)


def _iteration(compiler: Compiler, element: etree._Element, scope: Scope) -> Code:
    word = local(element)
    inner = Locals(scope, ("partial", " ".join(element.get("iteratorVariable", "").split())))
    domains = (Domain(outward(compiler.only_box(child(element, "in"), scope, element)), None, 0),)
    tag = "return" if word == "for" else "satisfies"
    body = compiler.only_box(child(element, tag), inner, element)
    return collected(domains, body, 0) if word == "for" else decided(domains, body, word == "some", 0)


_BOXES: Mapping[str, Callable[[Compiler, etree._Element, Scope], Code]] = {
    "literalExpression": _literal,
    "context": _context,
    "invocation": _invocation,
    "list": _list,
    "decisionTable": lambda compiler, element, scope: compiler.table(compiler, element, scope),
    "relation": _relation,
    "functionDefinition": _function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iteration,
    "every": _iteration,
    "some": _iteration,
}
