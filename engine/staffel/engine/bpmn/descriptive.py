"""Models that were drawn to be read, not run: what they still lack, element by element.

A process whose `isExecutable` is off documents behaviour (BPMN 2.0.2 §10.2.1): it must not be put in force as if it were
complete. The faults that any model can have (conditions, timers, messages, lanes …) are found by the other checks;
`staffel.engine.library.todo` puts them together with these into one list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from staffel.engine.bpmn.model import NodeType
from staffel.engine.findings import Finding, Severity

if TYPE_CHECKING:
    from staffel.engine.bpmn.model import Definitions, Node, Process, Scope


def descriptive(definitions: Definitions, file: str) -> tuple[Finding, ...]:
    """What a model without any executable process and any condition lacks; nothing for all others."""
    processes = list(definitions.processes.values())
    if not processes or any(process.executable or _conditions(process.scope) for process in processes):
        return ()
    pools = {pool.process: pool.name for pool in definitions.participants if pool.name}
    return (
        *(_switched_off(process, pools.get(process.id), file) for process in processes),
        *(each for process in processes for node in process.scope.walk() for each in _missing(node, file)),
    )


def switched_off(definitions: Definitions, process: str, file: str) -> tuple[Finding, ...]:
    """The error of a process that the file itself calls not executable; nothing where `descriptive` tells it."""
    found = definitions.processes.get(process)
    if found is None or found.executable is not False or descriptive(definitions, file):
        return ()
    pools = {pool.process: pool.name for pool in definitions.participants if pool.name}
    name = " ".join((found.name or pools.get(process) or process).split())
    return (
        Finding(
            code="process-not-executable",
            severity=Severity.ERROR,
            text_de=f"Der Prozess „{name}“ ist als nicht ausführbar gekennzeichnet (isExecutable ist aus): Er beschreibt "
            "einen Ablauf und kann nicht in Kraft gesetzt werden.",
            text_en=f'The process "{name}" is marked as not executable (isExecutable is off): it describes a flow of work '
            "and cannot be put in force.",
            mend_de="Wenn er vollständig ist: im Zeichenprogramm am Prozess „Ausführbar“ einschalten und neu hochladen.",
            mend_en='If it is complete: switch on "Executable" at the process in the modelling tool and upload again.',
            element=process,
            line=found.line,
            file=file,
            layer="executability",
            rule="BPMN 10.2.1",
        ),
    )


def _conditions(scope: Scope) -> bool:
    scopes = [scope, *(node.body for node in scope.walk() if node.body is not None)]
    return any(flow.condition is not None for inner in scopes for flow in inner.flows.values())


def _switched_off(process: Process, pool: str | None, file: str) -> Finding:
    name = " ".join((process.name or pool or process.id).split())
    return Finding(
        code="descriptive-model",
        severity=Severity.ERROR,
        text_de=f"Der Prozess „{name}“ beschreibt einen Ablauf, ist aber nicht als ausführbar gekennzeichnet; so kann er "
        "durchgespielt, aber nicht in Kraft gesetzt werden.",
        text_en=f'The process "{name}" describes a flow of work but is not marked as executable; it can be played like '
        "this, but not be put in force.",
        mend_de="Die Liste abarbeiten, im Zeichenprogramm am Prozess „Ausführbar“ (isExecutable) einschalten "
        "und das Modell neu hochladen.",
        mend_en='Work through the list, switch on "Executable" (isExecutable) at the process in the modelling '
        "tool and upload the model again.",
        element=process.id,
        line=process.line,
        file=file,
        layer="executability",
        rule="BPMN 10.2.1",
    )


def _missing(node: Node, file: str) -> Iterator[Finding]:
    name = " ".join((node.name or node.id).split())
    if node.type is NodeType.TASK:
        yield _open(
            node,
            file,
            "task-type-missing",
            (
                f"Die Aufgabe „{name}“ sagt nicht, wer sie erledigt; beim Ausführen ginge der Vorgang darüber hinweg.",
                f'The task "{name}" does not say who does it; when run, the case would pass over it.',
            ),
            (
                "Die Art im Zeichenprogramm wählen: Benutzer-Aufgabe, wenn ein Mensch sie erledigt, Service-Aufgabe "
                "für ein Fachverfahren, Geschäftsregel-Aufgabe für eine Entscheidungstabelle.",
                "Choose the type in the modelling tool: user task if a person does it, service task for another "
                "system, business rule task for a decision table.",
            ),
        )
    if node.type is NodeType.USER_TASK and node.extension.form is None:
        yield _open(
            node,
            file,
            "form-missing",
            (
                f"Die Benutzer-Aufgabe „{name}“ hat kein Formular; wer sie erledigt, kann nichts eintragen.",
                f'The user task "{name}" has no form; who does it can enter nothing.',
            ),
            (
                "Soll etwas eingetragen werden: ein Formular unter forms/ beilegen und an der Aufgabe mit "
                "staffel:form nennen. Sonst bleibt es so.",
                "If something is to be entered: add a form under forms/ and name it at the task with staffel:form. "
                "Otherwise leave it.",
            ),
        )


def _open(node: Node, file: str, code: str, text: tuple[str, str], mend: tuple[str, str]) -> Finding:
    return Finding(
        code=code,
        severity=Severity.HINT,
        text_de=text[0],
        text_en=text[1],
        mend_de=mend[0],
        mend_en=mend[1],
        element=node.id,
        line=node.line,
        file=file,
        layer="executability",
    )
