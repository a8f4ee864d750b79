"""Small DMN files for the tests."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(*parts: str, namespace: str = NAMESPACE, own: str = "urn:test") -> bytes:
    """A DMN file with these parts."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="{namespace}" namespace="{own}" name="test">'
        + "\n".join(parts)
        + "</definitions>"
    ).encode()


def input_data(name: str, kind: str = "Any") -> str:
    """An input."""
    return f'<inputData id="i_{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>'


def requires(*names: str, tag: str = "requiredInput", prefix: str = "i_") -> str:
    """Information requirements."""
    return "".join(
        f'<informationRequirement><{tag} href="#{prefix}{name}"/></informationRequirement>' for name in names
    )


def literal(text: str) -> str:
    """A literal expression."""
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def decision(name: str, body: str, *inputs: str, kind: str = "") -> str:
    """A decision that reads inputs."""
    reference = f' typeRef="{kind}"' if kind else ""
    return f'<decision id="d_{name}" name="{name}"><variable name="{name}"{reference}/>{requires(*inputs)}{body}</decision>'


def table(
    inputs: Sequence[tuple[str, str]],
    rules: Sequence[Sequence[str]],
    *,
    outputs: Sequence[str] = ("",),
    policy: str = "UNIQUE",
    aggregation: str = "",
    allowed: str = "",
    labels: Sequence[str] = (),
    default: str = "",
) -> str:
    """A decision table; a rule is its tests followed by its outputs."""
    columns = "".join(
        f"<input label={quoteattr(label)}><inputExpression typeRef={quoteattr(kind)}><text>{escape(text)}</text>"
        "</inputExpression></input>"
        for (text, kind), label in zip(inputs, labels or [text for text, _ in inputs], strict=True)
    )
    values = f"<outputValues><text>{escape(allowed)}</text></outputValues>" if allowed else ""
    values += f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
    columns += "".join(f"<output name={quoteattr(name)}>{values}</output>" for name in outputs)
    rows = "".join(
        f'\n<rule id="r{number}">'
        + "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in rule[: len(inputs)])
        + "".join(f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in rule[len(inputs) :])
        + "</rule>"
        for number, rule in enumerate(rules, 1)
    )
    attributes = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable id="t" hitPolicy="{policy}"{attributes}>{columns}{rows}</decisionTable>'
