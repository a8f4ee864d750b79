"""Tokens to tree (DMN 1.5 §10.3.1.2), by precedence climbing with a bound on nesting."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from staffel.engine.feel import tree
from staffel.engine.feel.dates import parse_date, parse_datetime, parse_duration, parse_time
from staffel.engine.feel.lexer import Token, refuse
from staffel.engine.feel.names import STOP_WORDS, Names
from staffel.engine.feel.tokens import Tokens
from staffel.engine.feel.tree import Node, Test
from staffel.engine.feel.type_parser import read_type
from staffel.engine.feel.types import FeelType

_OR, _AND, _COMPARISON, _SUM, _PRODUCT, _POWER = range(1, 7)
_COMPARISONS = frozenset(("=", "!=", "<", "<=", ">", ">="))
_RANKS = {
    "or": _OR,
    "and": _AND,
    "between": _COMPARISON,
    "in": _COMPARISON,
    "+": _SUM,
    "-": _SUM,
    "*": _PRODUCT,
    "/": _PRODUCT,
    "**": _POWER,
    **dict.fromkeys(_COMPARISONS, _COMPARISON),
}
_LITERALS = {"true": True, "false": False, "null": None}
_KEYWORDS = frozenset(("if", "for", "some", "every", "function"))
_EXPRESSION_ENDS = frozenset(
    (".", ")", "]", "}", ",", "", "..", ":", "*", "/", "+", ">", "<", "=", "!=", ">=", "<=")
)


class Parser:
    """One pass over the tokens of one text."""

    def __init__(self, text: str, names: Names, types: Mapping[str, FeelType]) -> None:
        self.on = Tokens(text, names)
        self.types = types
        for name in types:
            names.add(name)

    # --- whole texts

    def whole_expression(self) -> Node:
        """The text as one expression."""
        node = self._expression()
        self.on.expect_end()
        return node

    def whole_tests(self) -> tree.Tests:
        """The text as unary tests."""
        if self.on.at("-") and self.on.after.kind == "end":
            return tree.Tests(0, 1, (), False)
        if self.on.at("not") and self.on.after.text == "(":
            self.on.index += 2
            tests = self._tests()
            if self.on.take(")") and self.on.now.kind == "end":
                return tree.Tests(0, self.on.height(0, *tests), tests, True)
            self.on.index = 0
        tests = self._tests()
        self.on.expect_end()
        return tree.Tests(0, self.on.height(0, *tests), tests, False)

    def _tests(self) -> tuple[Test, ...]:
        found = [self._test()]
        while self.on.take(","):
            found.append(self._test())
        return tuple(found)

    def _test(self) -> Test:
        token = self.on.now
        if token.kind == "symbol" and token.text in _COMPARISONS:
            self.on.index += 1
            operand = self._expression(_SUM)
            return Test(token.start, self.on.height(token.start, operand), token.text, operand)
        operand = self._expression()
        return Test(token.start, self.on.height(token.start, operand), "", operand)

    # --- operators

    def _expression(self, rank: int = _OR) -> Node:
        self.on.enter()
        node = self._operators(self._operand(), rank)
        self.on.leave()
        return node

    def _operators(self, left: Node, rank: int) -> Node:
        while True:
            token = self.on.now
            if token.kind == "word" and token.text == "instance":
                left = self._instance_of(left)
                continue
            found = _RANKS.get(token.text, 0) if token.kind in {"symbol", "word"} else 0
            if found < rank or not found:
                return left
            if token.text == "between":
                left = self._between(left)
            elif token.text == "in":
                left = self._in(left)
            elif found == _COMPARISON:
                self.on.index += 1
                right = self._expression(_SUM)
                left = tree.Compare(
                    token.start, self.on.height(token.start, left, right), token.text, left, right
                )
            elif found in {_OR, _AND}:
                left = self._logic(left, token.text, found)
            else:
                left = self._chain(left, found)

    def _logic(self, left: Node, word: str, rank: int) -> Node:
        at, operands = self.on.now.start, [left]
        while self.on.take(word):
            operands.append(self._expression(rank + 1))
        return tree.Logic(at, self.on.height(at, *operands), word, tuple(operands))

    def _chain(self, left: Node, rank: int) -> Node:
        at, rest = self.on.now.start, list[tuple[str, Node]]()
        while (token := self.on.now).kind == "symbol" and _RANKS.get(token.text) == rank:
            self.on.index += 1
            rest.append((token.text, self._expression(rank + 1)))
        return tree.Chain(at, self.on.height(at, left, *(node for _, node in rest)), left, tuple(rest))

    def _between(self, left: Node) -> Node:
        at = self.on.next().start
        low = self._expression(_SUM)
        self.on.expect_word("and")
        high = self._expression(_SUM)
        return tree.Between(at, self.on.height(at, left, low, high), left, low, high)

    def _in(self, left: Node) -> Node:
        at = self.on.next().start
        token = self.on.now
        if token.text in _COMPARISONS and token.kind == "symbol":
            tests: tuple[Test, ...] = (self._test(),)
        elif token.text == "(" and token.kind == "symbol":
            inner = self._parenthesis(in_tests=True)
            if isinstance(inner, tuple):
                tests = inner
            else:
                operand = self._operators(self._postfix(inner), _SUM)
                tests = (Test(token.start, operand.height, "", operand),)
        else:
            operand = self._expression(_SUM)
            tests = (Test(token.start, operand.height, "", operand),)
        return tree.In(at, self.on.height(at, left, *tests), left, tests)

    def _instance_of(self, left: Node) -> Node:
        at = self.on.next().start
        self.on.expect_word("of")
        return tree.InstanceOf(at, self.on.height(at, left), left, read_type(self.on, self.types))

    # --- operands

    def _operand(self) -> Node:
        token = self.on.now
        if token.kind == "symbol" and token.text == "-":
            self.on.index += 1
            operand = self._expression(_POWER + 1)
            return tree.Negate(token.start, self.on.height(token.start, operand), operand)
        return self._postfix(self._primary(token))

    def _postfix(self, node: Node) -> Node:
        while (token := self.on.now).kind == "symbol":
            if token.text == ".":
                self.on.index += 1
                node = tree.Path(token.start, self.on.height(token.start, node), node, self.on.name())
            elif token.text == "[" and not self._closes_range():
                self.on.index += 1
                condition = self._expression()
                self.on.expect("]")
                node = tree.Filter(token.start, self.on.height(token.start, node, condition), node, condition)
            elif token.text == "(":
                node = self._call(node)
            else:
                break
        return node

    def _closes_range(self) -> bool:
        """Whether a `[` ends a range (`]1..5[`): nothing that could be a filter follows."""
        after = self.on.after
        return after.text in _EXPRESSION_ENDS or (after.kind == "word" and after.text in STOP_WORDS)

    def _primary(self, token: Token) -> Node:  # noqa: PLR0911 - a line per kind of token
        match token.kind:
            case "number" | "string":
                self.on.index += 1
                return tree.Literal(token.start, 1, token.value)
            case "at":
                return self._at_literal(self.on.next())
            case "word":
                return self._word(token)
        match token.text:
            case "(":
                inner = self._parenthesis(in_tests=False)
                return inner if isinstance(inner, Node) else self.on.unexpected(token)
            case "[":
                return self._bracket(token)
            case "]":
                self.on.index += 1
                return self._range_rest(token, self._expression(_SUM), included=False)
            case "{":
                return self._context(token)
        return self.on.unexpected(token)

    def _word(self, token: Token) -> Node:
        if self.on.names.match(self.on.tokens, self.on.index) is None:
            if token.text in _LITERALS:
                self.on.index += 1
                return tree.Literal(token.start, 1, _LITERALS[token.text])
            keyword = self._keywords().get(token.text) if token.text in _KEYWORDS else None
            if keyword is not None:
                self.on.index += 1
                return keyword(token)
            if token.text in STOP_WORDS:
                return self.on.unexpected(token)
        return tree.Name(token.start, 1, self.on.name())

    def _keywords(self) -> Mapping[str, Callable[[Token], Node]]:
        return {
            "if": self._if,
            "for": self._for,
            "some": self._quantified,
            "every": self._quantified,
            **({"function": self._function} if self.on.after.text == "(" else {}),
        }

    def _at_literal(self, token: Token) -> Node:
        for read in (parse_datetime, parse_date, parse_time, parse_duration):
            if (value := read(token.value)) is not None:
                return tree.Literal(token.start, 1, value)
        refuse(
            self.on.text,
            token.start,
            f"{token.text} ist weder Datum noch Uhrzeit noch Dauer.",
            f"{token.text} is neither a date nor a time nor a duration.",
            '@"2026-01-31"',
            '@"P1M"',
        )

    # --- brackets

    def _parenthesis(self, *, in_tests: bool) -> Node | tuple[Test, ...]:
        """`(x)`, `(a..b]`, `(< 5)`; after `in` also `(test, test)`."""
        token = self.on.next()
        first = self._test()
        if not first.operator and self.on.at(".."):
            return self._range_rest(token, first.operand, included=False)
        if in_tests and (first.operator or self.on.at(",")):
            tests = [first]
            while self.on.take(","):
                tests.append(self._test())
            self.on.expect(")")
            return tuple(tests)
        self.on.expect(")")
        return self._half_range(first) if first.operator else first.operand

    def _half_range(self, test: Test) -> Node:
        end, at, height = test.operand, test.at, test.height
        match test.operator:
            case "<" | "<=":
                return tree.RangeNode(at, height, None, end, False, test.operator == "<=")
            case ">" | ">=":
                return tree.RangeNode(at, height, end, None, test.operator == ">=", False)
        return tree.RangeNode(at, height, end, end, test.operator == "=", test.operator == "=", test.operator)

    def _bracket(self, token: Token) -> Node:
        self.on.index += 1
        if self.on.take("]"):
            return tree.ListNode(token.start, 1, ())
        items = [self._expression()]
        if self.on.at(".."):
            return self._range_rest(token, items[0], included=True)
        while self.on.take(","):
            items.append(self._expression())
        self.on.expect("]")
        return tree.ListNode(token.start, self.on.height(token.start, *items), tuple(items))

    def _range_rest(self, token: Token, low: Node, *, included: bool) -> Node:
        self.on.expect("..")
        high = self._expression(_SUM)
        close = self.on.now
        if close.text not in {"]", ")", "["}:
            self.on.expected(
                close, "„]“ oder „)“ als Ende des Bereichs", "']' or ')' to end the range", "]", ")"
            )
        self.on.index += 1
        height = self.on.height(token.start, low, high)
        return tree.RangeNode(token.start, height, low, high, included, close.text == "]")

    def _context(self, token: Token) -> Node:
        self.on.index += 1
        entries = list[tuple[str, Node]]()
        while not self.on.take("}"):
            if entries:
                self.on.expect(",")
            key = self.on.key(":", ",", "}")
            self.on.expect(":")
            self.on.names.add(key)
            entries.append((key, self._expression()))
        return tree.ContextNode(
            token.start, self.on.height(token.start, *(node for _, node in entries)), tuple(entries)
        )

    def _call(self, function: Node) -> Node:
        at = self.on.next().start
        arguments, names = list[Node](), list[str]()
        named = self.on.starts_with_key()
        while not self.on.take(")"):
            if arguments:
                self.on.expect(",")
            if named:
                names.append(self.on.key(":", ",", ")"))
                self.on.expect(":")
            arguments.append(self._expression())
        height = self.on.height(at, function, *arguments)
        return tree.Call(at, height, function, tuple(arguments), tuple(names) if named else None)

    # --- keywords

    def _if(self, token: Token) -> Node:
        condition = self._expression()
        self.on.expect_word("then")
        then = self._expression()
        self.on.expect_word("else")
        otherwise = self._expression()
        return tree.If(
            token.start, self.on.height(token.start, condition, then, otherwise), condition, then, otherwise
        )

    def _for(self, token: Token) -> Node:
        iterators = self._iterators()
        self.on.expect_word("return")
        body = self._expression()
        return tree.For(token.start, self.on.height(token.start, body, *iterators), iterators, body)

    def _quantified(self, token: Token) -> Node:
        iterators = self._iterators()
        self.on.expect_word("satisfies")
        condition = self._expression()
        return tree.Quantified(
            token.start, self.on.height(token.start, condition, *iterators), token.text, iterators, condition
        )

    def _iterators(self) -> tuple[tree.Iterator, ...]:
        found = list[tree.Iterator]()
        while not found or self.on.take(","):
            at = self.on.now.start
            name = self.on.key("in", "return", "satisfies")
            self.on.names.add(name)
            self.on.expect_word("in")
            domain = self._expression()
            end = self._expression() if self.on.take("..") else None
            height = self.on.height(at, domain, *([end] if end else []))
            found.append(tree.Iterator(at, height, name, domain, end))
        return tuple(found)

    def _function(self, token: Token) -> Node:
        self.on.expect("(")
        names = list[str]()
        types: list[FeelType | None] = []
        while not self.on.take(")"):
            if names:
                self.on.expect(",")
            names.append(self.on.key(":", ",", ")"))
            self.on.names.add(names[-1])
            types.append(read_type(self.on, self.types) if self.on.take(":") else None)
        external = self.on.take("external")
        body = self._expression()
        return tree.FunctionNode(
            token.start,
            self.on.height(token.start, body),
            tuple(names),
            tuple(types),
            None if external else body,
        )
