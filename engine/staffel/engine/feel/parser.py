"""Tokens to tree (DMN 1.5 §10.3.1.2), by precedence climbing with a bound on nesting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NoReturn

from staffel.engine.feel import tree
from staffel.engine.feel.dates import parse_date, parse_datetime, parse_duration, parse_time
from staffel.engine.feel.lexer import Token, refuse, tokens
from staffel.engine.feel.names import STOP_WORDS, Names, closest
from staffel.engine.feel.tree import Node, Test
from staffel.engine.feel.types import (
    ANY,
    SIMPLE_TYPES,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    RangeType,
)

MAX_HEIGHT = 100
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
_NAME_SYMBOLS = frozenset("-+*/.'")
_EXPRESSION_ENDS = frozenset(
    (".", ")", "]", "}", ",", "", "..", ":", "*", "/", "+", ">", "<", "=", "!=", ">=", "<=")
)


class Parser:
    """One pass over the tokens of one text."""

    def __init__(self, text: str, names: Iterable[str], types: Mapping[str, FeelType]) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.index = 0
        self.depth = 0
        self.names = Names(names)
        self.types = types
        self.last_name = ""
        for name in (*types, *SIMPLE_TYPES):
            self.names.add(name)

    # --- whole texts

    def whole_expression(self) -> Node:
        """The text as one expression."""
        node = self._expression()
        self._expect_end()
        return node

    def whole_tests(self) -> tree.Tests:
        """The text as unary tests."""
        if self._at("-") and self.tokens[self.index + 1].kind == "end":
            return tree.Tests(0, 1, (), False)
        if self._at("not") and self.tokens[self.index + 1].text == "(":
            self.index += 2
            tests = self._tests()
            if self._take(")") and self.tokens[self.index].kind == "end":
                return tree.Tests(0, self._height(0, *tests), tests, True)
            self.index = 0
        tests = self._tests()
        self._expect_end()
        return tree.Tests(0, self._height(0, *tests), tests, False)

    def _tests(self) -> tuple[Test, ...]:
        found = [self._test()]
        while self._take(","):
            found.append(self._test())
        return tuple(found)

    def _test(self) -> Test:
        token = self.tokens[self.index]
        if token.kind == "symbol" and token.text in _COMPARISONS:
            self.index += 1
            operand = self._expression(_SUM)
            return Test(token.start, self._height(token.start, operand), token.text, operand)
        operand = self._expression()
        return Test(token.start, self._height(token.start, operand), "", operand)

    # --- operators

    def _expression(self, rank: int = _OR) -> Node:
        self.depth += 1
        if self.depth > MAX_HEIGHT:
            self._too_deep(self.tokens[self.index].start)
        node = self._operators(self._operand(), rank)
        self.depth -= 1
        return node

    def _operators(self, left: Node, rank: int) -> Node:
        while True:
            token = self.tokens[self.index]
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
                self.index += 1
                right = self._expression(_SUM)
                left = tree.Compare(
                    token.start, self._height(token.start, left, right), token.text, left, right
                )
            elif found in {_OR, _AND}:
                left = self._logic(left, token.text, found)
            else:
                left = self._chain(left, found)

    def _logic(self, left: Node, word: str, rank: int) -> Node:
        at, operands = self.tokens[self.index].start, [left]
        while self._take_word(word):
            operands.append(self._expression(rank + 1))
        return tree.Logic(at, self._height(at, *operands), word, tuple(operands))

    def _chain(self, left: Node, rank: int) -> Node:
        at, rest = self.tokens[self.index].start, list[tuple[str, Node]]()
        while (token := self.tokens[self.index]).kind == "symbol" and _RANKS.get(token.text) == rank:
            self.index += 1
            rest.append((token.text, self._expression(rank + 1)))
        return tree.Chain(at, self._height(at, left, *(node for _, node in rest)), left, tuple(rest))

    def _between(self, left: Node) -> Node:
        at = self._next().start
        low = self._expression(_SUM)
        self._expect_word("and")
        high = self._expression(_SUM)
        return tree.Between(at, self._height(at, left, low, high), left, low, high)

    def _in(self, left: Node) -> Node:
        at = self._next().start
        token = self.tokens[self.index]
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
        return tree.In(at, self._height(at, left, *tests), left, tests)

    def _instance_of(self, left: Node) -> Node:
        at = self._next().start
        self._expect_word("of")
        return tree.InstanceOf(at, self._height(at, left), left, self._type())

    # --- operands

    def _operand(self) -> Node:
        token = self.tokens[self.index]
        if token.kind == "symbol" and token.text == "-":
            self.index += 1
            operand = self._expression(_POWER + 1)
            return tree.Negate(token.start, self._height(token.start, operand), operand)
        return self._postfix(self._primary(token))

    def _postfix(self, node: Node) -> Node:
        while (token := self.tokens[self.index]).kind == "symbol":
            if token.text == ".":
                self.index += 1
                node = tree.Path(token.start, self._height(token.start, node), node, self._name())
            elif token.text == "[" and not self._closes_range():
                self.index += 1
                condition = self._expression()
                self._expect("]")
                node = tree.Filter(token.start, self._height(token.start, node, condition), node, condition)
            elif token.text == "(":
                node = self._call(node)
            else:
                break
        return node

    def _closes_range(self) -> bool:
        """Whether a `[` ends a range (`]1..5[`): nothing that could be a filter follows."""
        after = self.tokens[self.index + 1]
        return after.text in _EXPRESSION_ENDS or (after.kind == "word" and after.text in STOP_WORDS)

    def _primary(self, token: Token) -> Node:  # noqa: PLR0911 - a line per kind of token
        match token.kind:
            case "number" | "string":
                self.index += 1
                return tree.Literal(token.start, 1, token.value)
            case "at":
                return self._at_literal(self._next())
            case "word":
                return self._word(token)
        match token.text:
            case "(":
                inner = self._parenthesis(in_tests=False)
                return inner if isinstance(inner, Node) else self._unexpected(token)
            case "[":
                return self._bracket(token)
            case "]":
                self.index += 1
                return self._range_rest(token, self._expression(_SUM), included=False)
            case "{":
                return self._context(token)
        return self._unexpected(token)

    def _word(self, token: Token) -> Node:
        if self.names.match(self.tokens, self.index) is None:
            if token.text in _LITERALS:
                self.index += 1
                return tree.Literal(token.start, 1, _LITERALS[token.text])
            keyword = self._keywords().get(token.text)
            if keyword is not None:
                self.index += 1
                return keyword(token)
            if token.text in STOP_WORDS:
                return self._unexpected(token)
        return tree.Name(token.start, 1, self._name())

    def _keywords(self) -> Mapping[str, Callable[[Token], Node]]:
        return {
            "if": self._if,
            "for": self._for,
            "some": self._quantified,
            "every": self._quantified,
            **({"function": self._function} if self.tokens[self.index + 1].text == "(" else {}),
        }

    def _name(self) -> str:
        """A name of one or more words: the longest known one, then every word that follows."""
        token = self.tokens[self.index]
        if token.kind != "word":
            self._expected(token, "einen Namen", "a name")
        name, count = self.names.match(self.tokens, self.index) or (token.text, 1)
        self.index += count
        while (
            name != "?"
            and self.tokens[self.index].kind == "word"
            and self.tokens[self.index].text not in STOP_WORDS
        ):
            name = f"{name} {self.tokens[self.index].text}"
            self.index += 1
        self.last_name = name
        return name

    def _key(self, *ends: str) -> str:
        """A name that is being defined: everything up to one of `ends`."""
        start = self.index
        if self.tokens[start].kind == "string":
            self.index += 1
            return str(self.tokens[start].value)
        if self.tokens[start].kind != "word":
            self._expected(self.tokens[start], "einen Namen", "a name")
        while self.tokens[self.index].text not in ends and self.tokens[self.index].kind != "end":
            self.index += 1
        span = self.text[self.tokens[start].start : self.tokens[self.index - 1].end]
        return " ".join(span.split())

    def _at_literal(self, token: Token) -> Node:
        for read in (parse_datetime, parse_date, parse_time, parse_duration):
            if (value := read(token.value)) is not None:
                return tree.Literal(token.start, 1, value)
        refuse(
            self.text,
            token.start,
            f"{token.text} ist weder Datum noch Uhrzeit noch Dauer.",
            f"{token.text} is neither a date nor a time nor a duration.",
            '@"2026-01-31"',
            '@"P1M"',
        )

    # --- brackets

    def _parenthesis(self, *, in_tests: bool) -> Node | tuple[Test, ...]:
        """`(x)`, `(a..b]`, `(< 5)`; after `in` also `(test, test)`."""
        token = self._next()
        first = self._test()
        if not first.operator and self._at(".."):
            return self._range_rest(token, first.operand, included=False)
        if in_tests and (first.operator or self._at(",")):
            tests = [first]
            while self._take(","):
                tests.append(self._test())
            self._expect(")")
            return tuple(tests)
        self._expect(")")
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
        self.index += 1
        if self._take("]"):
            return tree.ListNode(token.start, 1, ())
        items = [self._expression()]
        if self._at(".."):
            return self._range_rest(token, items[0], included=True)
        while self._take(","):
            items.append(self._expression())
        self._expect("]")
        return tree.ListNode(token.start, self._height(token.start, *items), tuple(items))

    def _range_rest(self, token: Token, low: Node, *, included: bool) -> Node:
        self._expect("..")
        high = self._expression(_SUM)
        close = self.tokens[self.index]
        if close.text not in {"]", ")", "["}:
            self._expected(
                close, "„]“ oder „)“ als Ende des Bereichs", "']' or ')' to end the range", "]", ")"
            )
        self.index += 1
        height = self._height(token.start, low, high)
        return tree.RangeNode(token.start, height, low, high, included, close.text == "]")

    def _context(self, token: Token) -> Node:
        self.index += 1
        entries = list[tuple[str, Node]]()
        while not self._take("}"):
            if entries:
                self._expect(",")
            key = self._key(":", ",", "}")
            self._expect(":")
            self.names.add(key)
            entries.append((key, self._expression()))
        return tree.ContextNode(
            token.start, self._height(token.start, *(node for _, node in entries)), tuple(entries)
        )

    def _call(self, function: Node) -> Node:
        at = self._next().start
        arguments, names = list[Node](), list[str]()
        named = self._starts_with_key()
        while not self._take(")"):
            if arguments:
                self._expect(",")
            if named:
                names.append(self._key(":", ",", ")"))
                self._expect(":")
            arguments.append(self._expression())
        height = self._height(at, function, *arguments)
        return tree.Call(at, height, function, tuple(arguments), tuple(names) if named else None)

    def _starts_with_key(self) -> bool:
        index = self.index
        if self.tokens[index].kind not in {"word", "string"}:
            return False
        while (
            self.tokens[index].kind in {"word", "number", "string"}
            or self.tokens[index].text in _NAME_SYMBOLS
        ):
            index += 1
        return self.tokens[index].text == ":" and self.tokens[index].kind == "symbol"

    # --- keywords

    def _if(self, token: Token) -> Node:
        condition = self._expression()
        self._expect_word("then")
        then = self._expression()
        self._expect_word("else")
        otherwise = self._expression()
        return tree.If(
            token.start, self._height(token.start, condition, then, otherwise), condition, then, otherwise
        )

    def _for(self, token: Token) -> Node:
        iterators = self._iterators()
        self._expect_word("return")
        body = self._expression()
        return tree.For(token.start, self._height(token.start, body, *iterators), iterators, body)

    def _quantified(self, token: Token) -> Node:
        iterators = self._iterators()
        self._expect_word("satisfies")
        condition = self._expression()
        return tree.Quantified(
            token.start, self._height(token.start, condition, *iterators), token.text, iterators, condition
        )

    def _iterators(self) -> tuple[tree.Iterator, ...]:
        found = list[tree.Iterator]()
        while not found or self._take(","):
            at = self.tokens[self.index].start
            name = self._key("in", "return", "satisfies")
            self.names.add(name)
            self._expect_word("in")
            domain = self._expression()
            end = self._expression() if self._take("..") else None
            height = self._height(at, domain, *([end] if end else []))
            found.append(tree.Iterator(at, height, name, domain, end))
        return tuple(found)

    def _function(self, token: Token) -> Node:
        self._expect("(")
        names = list[str]()
        types: list[FeelType | None] = []
        while not self._take(")"):
            if names:
                self._expect(",")
            names.append(self._key(":", ",", ")"))
            self.names.add(names[-1])
            types.append(self._type() if self._take(":") else None)
        external = self._take_word("external")
        body = self._expression()
        return tree.FunctionNode(
            token.start,
            self._height(token.start, body),
            tuple(names),
            tuple(types),
            None if external else body,
        )

    # --- types

    def _type(self) -> FeelType:
        self.depth += 1
        if self.depth > MAX_HEIGHT:
            self._too_deep(self.tokens[self.index].start)
        token = self.tokens[self.index]
        kind = self._structured(token.text) or self._named_type(token)
        self.depth -= 1
        return kind

    def _structured(self, word: str) -> FeelType | None:
        if word not in {"list", "range", "context", "function"} or self.tokens[self.index + 1].text != "<":
            return None
        self.index += 2
        if word == "context":
            return self._context_type()
        if word == "function":
            return self._function_type()
        item = self._type()
        self._expect(">")
        return ListType(item) if word == "list" else RangeType(item)

    def _context_type(self) -> FeelType:
        fields = list[tuple[str, FeelType]]()
        while not self._take(">"):
            if fields:
                self._expect(",")
            name = self._key(":", ",", ">")
            self._expect(":")
            fields.append((name, self._type()))
        return ContextType(tuple(fields))

    def _function_type(self) -> FeelType:
        parameters = list[FeelType]()
        while not self._take(">"):
            if parameters:
                self._expect(",")
            parameters.append(self._type())
        self._expect("->")
        return FunctionType(tuple(parameters), self._type())

    def _named_type(self, token: Token) -> FeelType:
        name = self._name()
        while self._take("."):
            name = f"{name}.{self._name()}"
        kind = self.types.get(name) or SIMPLE_TYPES.get(name)
        if kind is None and name == "function":
            return FunctionType((), ANY)
        if kind is None:
            known = (*self.types, *SIMPLE_TYPES)
            refuse(
                self.text,
                token.start,
                f"Der Typ „{name}“ ist nicht bekannt.",
                f"The type '{name}' is not known.",
                suggestion=closest(name, known),
            )
        return kind

    # --- tokens

    def _at(self, text: str) -> bool:
        token = self.tokens[self.index]
        return token.text == text and token.kind in {"symbol", "word"}

    def _next(self) -> Token:
        token = self.tokens[self.index]
        self.index += 1
        return token

    def _take(self, symbol: str) -> bool:
        if self._at(symbol):
            self.index += 1
            return True
        return False

    _take_word = _take

    def _expect(self, symbol: str) -> None:
        if not self._take(symbol):
            self._expected(self.tokens[self.index], f"„{symbol}“", f"'{symbol}'", symbol)

    def _expect_word(self, word: str) -> None:
        if not self._take(word):
            misspelt = [part for part in self.last_name.split() if closest(part, [word])]
            suggestion = word if misspelt else None
            self._expected(self.tokens[self.index], f"„{word}“", f"'{word}'", word, suggestion=suggestion)

    def _expect_end(self) -> None:
        token = self.tokens[self.index]
        if token.kind != "end":
            self._expected(
                token, "einen Operator oder das Ende", "an operator or the end", "and", "or", "=", "+"
            )

    def _unexpected(self, token: Token) -> NoReturn:
        self._expected(
            token, "einen Wert, einen Namen oder „(“", "a value, a name or '('", "value", "name", "("
        )

    def _expected(
        self, token: Token, german: str, english: str, *expected: str, suggestion: str | None = None
    ) -> NoReturn:
        found = token.text[:40]
        found_de, found_en = (f"„{found}“", f"'{found}'") if found else ("das Ende", "the end")
        refuse(
            self.text,
            token.start,
            f"Erwartet wird {german}, gefunden: {found_de}.",
            f"Expected {english}, found {found_en}.",
            *(expected or ("name",)),
            suggestion=suggestion,
        )

    def _height(self, at: int, *children: Node) -> int:
        height = 1 + max((child.height for child in children), default=0)
        if height > MAX_HEIGHT:
            self._too_deep(at)
        return height

    def _too_deep(self, at: int) -> NoReturn:
        refuse(
            self.text,
            at,
            f"Der Ausdruck ist tiefer als {MAX_HEIGHT} Stufen geschachtelt.",
            f"The expression is nested deeper than {MAX_HEIGHT} levels.",
        )
