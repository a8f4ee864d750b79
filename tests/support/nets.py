"""Small models told in a line: `nodes` as `id:kind`, `flows` as `from to`, separated by `|`; conditions by themselves."""

from __future__ import annotations

from staffel.engine.bpmn import read_bpmn
from staffel.engine.kernel import Program, compile_model
from staffel.engine.soundness import check_soundness

KINDS = {
    "start": "startEvent",
    "end": "endEvent",
    "user": "userTask",
    "service": "serviceTask",
    "script": "scriptTask",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "or": "inclusiveGateway",
    "event": "eventBasedGateway",
}
TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"


def net(nodes: str, flows: str, more: str = "") -> str:
    """A process as text. At exclusive and inclusive splits every flow has a condition of its own, the last is the default."""
    pairs = [pair.split() for pair in flows.split("|")]
    out: dict[str, list[str]] = {}
    for source, target in pairs:
        out.setdefault(source, []).append(f"{source}_{target}")
    parts = []
    choosing = set()
    for node in nodes.split():
        name, kind = node.split(":")
        default = ""
        if kind in {"xor", "or"} and len(out.get(name, ())) > 1:
            choosing.add(name)
            default = f' default="{out[name][-1]}"'
        body = "<script>1</script>" if kind == "script" else ""
        parts.append(f'<{KINDS[kind]} id="{name}"{default}>{body}</{KINDS[kind]}>')
    for source, target in pairs:
        flow = f"{source}_{target}"
        asks = source in choosing and flow != out[source][-1]
        condition = f"<conditionExpression>{flow} = 1</conditionExpression>" if asks else ""
        parts.append(
            f'<sequenceFlow id="{flow}" sourceRef="{source}" targetRef="{target}">{condition}</sequenceFlow>'
        )
    return "".join(parts) + more


def definitions(body: str, roots: str = "") -> bytes:
    """The process in a file."""
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">'
        f'{roots}<process id="P" name="Probe" isExecutable="true">{body}</process></definitions>'
    ).encode()


def program(body: str, roots: str = "") -> Program:
    """The process compiled; it has no errors."""
    reading = read_bpmn(definitions(body, roots))
    assert reading.definitions is not None, reading.findings
    return compile_model(reading.definitions, "P").program


def told(body: str, roots: str = "") -> list[tuple[str, str]]:
    """Code and element of every finding of soundness."""
    return [(each.code, each.element) for each in check_soundness(program(body, roots))]
