"""FEEL and decision tables: microseconds per evaluation and per parse, beside what other rule engines take here.

The peers are taken where they are installed (`uv pip install --group bench`; `feelin` with `npm install --prefix var/bench
feelin`); what is missing is told with its reason. Each says the same in its own language and must give the same value.
A time is the least of several rounds in which the contestants take turns: the least is what the work itself takes.
"""

from __future__ import annotations

import gc
import importlib
import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from staffel.engine import dmn, feel

HERE = Path(__file__).parent
NODE_MODULES = HERE.parents[1] / "var" / "bench" / "node_modules"
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DATA: Mapping[str, Any] = {
    "betrag": 1500,
    "vollstaendig": False,
    "status": "offen",
    "antrag": {"alter": 34, "ort": "Köln", "eingang": "2026-03-02"},
    "posten": [{"nr": number, "betrag": number * 3 % 100} for number in range(100)],
}


@dataclass(frozen=True)
class Text:
    """One expression in FEEL, CEL and the language of zen-engine, and its value. Empty: the language cannot say it."""

    feel: str
    cel: str
    zen: str
    value: Any


TEXTS = {
    "condition_number": Text(
        "betrag > 1000 and not(vollstaendig)",
        "betrag > 1000 && !vollstaendig",
        "betrag > 1000 and not vollstaendig",
        True,
    ),
    "condition_list": Text(
        'status in ("neu", "offen")', 'status in ["neu", "offen"]', "status in ['neu', 'offen']", True
    ),
    "condition_path": Text(
        'antrag.alter >= 18 and antrag.ort = "Köln"',
        'antrag.alter >= 18 && antrag.ort == "Köln"',
        "antrag.alter >= 18 and antrag.ort == 'Köln'",
        True,
    ),
    "date": Text(
        'date(antrag.eingang) + duration("P28D") > date("2026-03-15")',
        'timestamp(antrag.eingang + "T00:00:00Z") + duration("672h") > timestamp("2026-03-15T00:00:00Z")',
        "date(antrag.eingang) + duration('28d') > date('2026-03-15')",
        True,
    ),
    "filter_100": Text(
        "count(posten[betrag > 50])",
        "size(posten.filter(p, p.betrag > 50))",
        "len(filter(posten, #.betrag > 50))",
        49,
    ),
}
ROWS = 20


@dataclass
class Peer:
    """Another engine: what evaluates and what parses each text, or why it is not here."""

    evaluate: dict[str, Callable[[], Any]] = field(default_factory=dict)
    parse: dict[str, Callable[[], Any]] = field(default_factory=dict)
    missing: str = ""


def staffel() -> Peer:
    """Ours, the table included."""
    peer = Peer()
    data = feel.from_json(dict(DATA))
    names = tuple(data)
    for name, text in TEXTS.items():
        parsed = feel.parse(text.feel, names=names)
        peer.evaluate[name] = partial(parsed.evaluate, data, now=NOW)
        peer.parse[name] = partial(feel.parse, text.feel, names=names)
    file = table()
    model, findings = dmn.read_dmn(file)
    assert model is not None, findings
    peer.evaluate["table_20"] = lambda: model.evaluate("Stufe", data, now=NOW).value
    peer.parse["table_20"] = lambda: dmn.read_dmn(file)
    return peer


def table() -> bytes:
    """A table of twenty rules over two inputs; the last but one applies."""
    rules = "".join(
        f"<rule id='r{row}'><inputEntry><text>[{row * 80}..{row * 80 + 80})</text></inputEntry>"
        f'<inputEntry><text>"neu", "offen"</text></inputEntry><outputEntry><text>{row}</text></outputEntry></rule>'
        for row in range(ROWS)
    )
    inputs = "".join(
        f"<input><inputExpression typeRef='{kind}'><text>{name}</text></inputExpression></input>"
        for name, kind in (("betrag", "number"), ("status", "string"))
    )
    given = "".join(f"<inputData id='i_{name}' name='{name}'/>" for name in ("betrag", "status"))
    needs = "".join(
        f"<informationRequirement><requiredInput href='#i_{name}'/></informationRequirement>"
        for name in ("betrag", "status")
    )
    return (
        "<definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/' namespace='b' name='b'>"
        f"{given}<decision id='Stufe' name='Stufe'>{needs}<decisionTable hitPolicy='UNIQUE'>{inputs}<output/>{rules}"
        "</decisionTable></decision></definitions>"
    ).encode()


def cel() -> Peer:
    """cel-python: pure Python, compiled to its own classes."""
    try:
        celpy = importlib.import_module("celpy")
    except ImportError:
        return Peer(missing="cel-python is not installed")
    peer, environment = Peer(), celpy.Environment()
    data = {name: celpy.json_to_cel(value) for name, value in DATA.items()}
    for name, text in TEXTS.items():
        program = _cel_program(environment, text.cel)
        peer.evaluate[name] = partial(program.evaluate, data)
        peer.parse[name] = partial(_cel_program, environment, text.cel)
    return peer


def _cel_program(environment: Any, text: str) -> Any:
    return environment.program(environment.compile(text))


def zen() -> Peer:
    """zen-engine: Rust behind a Python face, which takes all of the data over at each evaluation."""
    try:
        module = importlib.import_module("zen")
    except ImportError:
        return Peer(missing="zen-engine is not installed")
    peer, data = Peer(), dict(DATA)
    for name, text in TEXTS.items():
        expression = module.compile_expression(text.zen)
        peer.evaluate[name] = partial(expression.evaluate, data)
        peer.parse[name] = partial(module.compile_expression, text.zen)
    decision = module.ZenEngine().create_decision(json.dumps(_zen_table()))
    peer.evaluate["table_20"] = lambda: decision.evaluate(data)["result"]["stufe"]
    return peer


def _zen_table() -> dict[str, Any]:
    rules = [
        {"_id": f"r{row}", "a": f"[{row * 80}..{row * 80 + 80})", "b": "'neu','offen'", "o": str(row)}
        for row in range(ROWS)
    ]
    inputs = [{"id": "a", "name": "a", "field": "betrag"}, {"id": "b", "name": "b", "field": "status"}]
    content = {
        "hitPolicy": "first",
        "inputs": inputs,
        "outputs": [{"id": "o", "name": "o", "field": "stufe"}],
        "rules": rules,
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "t", "name": "t", "type": "decisionTableNode", "content": content},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "t", "type": "edge"},
        {"id": "2", "sourceId": "t", "targetId": "out", "type": "edge"},
    ]
    return {"nodes": nodes, "edges": edges}


def feelin() -> dict[str, Any]:
    """feelin on node, which parses at each evaluation: microseconds of both together, by text."""
    node = shutil.which("node")
    if node is None:
        return {"missing": "node is not installed"}
    if not (NODE_MODULES / "feelin").is_dir():
        return {"missing": "feelin is not installed (npm install --prefix var/bench feelin)"}
    given = {
        "beside": (NODE_MODULES.parent / "bench.js").as_uri(),
        "data": DATA,
        "texts": {name: {"text": text.feel, "value": text.value} for name, text in TEXTS.items()},
    }
    done = subprocess.run(
        [node, str(HERE / "feelin.mjs")],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        return {"missing": f"feelin failed: {done.stderr.strip()[-300:]}"}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measure_rules(rounds: int) -> dict[str, Any]:
    """Per engine and text: microseconds per evaluation and per parse; ours against cel-python's evaluation."""
    peers = {"staffel": staffel(), "cel-python": cel(), "zen-engine": zen()}
    found: dict[str, Any] = {
        name: {"missing": peer.missing} if peer.missing else {"evaluate_us": {}, "parse_us": {}}
        for name, peer in peers.items()
    }
    wanted = {name: text.value for name, text in TEXTS.items()} | {"table_20": ROWS - 2}
    for name, peer in peers.items():
        for text, work in peer.evaluate.items():
            value = work()
            assert value == wanted[text], f"{name} {text}: expected {wanted[text]}, found {value}"
    gc.collect()
    for part, slot in (("evaluate", "evaluate_us"), ("parse", "parse_us")):
        for text in wanted:
            works = {
                name: works[text] for name, peer in peers.items() if text in (works := getattr(peer, part))
            }
            for name, least in _turns(works, rounds):
                found[name][slot][text] = round(least * 1e6, 2)
    found["feelin"] = feelin()
    if not peers["cel-python"].missing:
        ours, theirs = found["staffel"]["evaluate_us"], found["cel-python"]["evaluate_us"]
        found["vs_cel_python"] = {text: round(theirs[text] / ours[text], 1) for text in theirs}
    return found


def _turns(works: Mapping[str, Callable[[], Any]], rounds: int) -> Iterator[tuple[str, float]]:
    """The least seconds of each, over turns of about two milliseconds."""
    least, numbers = {}, {}
    for name, work in works.items():
        started = time.perf_counter()
        work()
        numbers[name] = max(1, min(1_000, int(0.002 / (time.perf_counter() - started))))
        least[name] = float("inf")
    for _ in range(5 * rounds):
        for name, work in works.items():
            number = numbers[name]
            started = time.perf_counter()
            for _ in range(number):
                work()
            least[name] = min(least[name], (time.perf_counter() - started) / number)
    yield from least.items()
