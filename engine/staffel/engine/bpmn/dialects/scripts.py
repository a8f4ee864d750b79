"""Script tasks: FEEL as it is, one Python assignment or one JUEL expression translated, everything else refused."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.dialects.dialect import name_of
from staffel.engine.bpmn.dialects.formulas import Untranslatable, is_juel, juel_to_feel, python_to_feel
from staffel.engine.bpmn.dialects.zeebe import NAMESPACE
from staffel.engine.bpmn.source import child, text_of
from staffel.engine.bpmn.words import in_english, in_german
from staffel.engine.findings import Severity

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.model import Extension
    from staffel.engine.bpmn.reader.context import Context

_ASSIGNMENT: Final = re.compile(r"\s*([^\W\d]\w*)\s*=(?!=)(.*)\Z", re.DOTALL)
FEEL: Final = "feel"


def read_script(
    context: Context, element: etree._Element, extension: Extension
) -> tuple[str | None, str, Extension]:
    """The script as FEEL, its language, and the extension with the variable that gets the result."""
    language = (element.get("scriptFormat") or "").strip()
    zeebe = element.find(f"{{*}}extensionElements/{{{NAMESPACE}}}script")
    if zeebe is not None:
        return (zeebe.get("expression") or "").strip().removeprefix("=").strip() or None, FEEL, extension
    text = text_of(child(element, "script"))
    if not text:
        return None, language, extension
    try:
        feel, result = _translate(text, language, python=context.python)
    except Untranslatable as reason:
        _refuse(context, element, language, reason)
        return text, language, extension
    if feel != text:
        _tell(context, element, text, feel)
    return feel, FEEL, extension if result is None else replace(extension, result_variable=result)


def _translate(text: str, language: str, *, python: bool) -> tuple[str, str | None]:
    name = language.lower()
    if "python" in name or (python and not name):
        if (assignment := _ASSIGNMENT.match(text)) is None:
            raise Untranslatable(
                "übersetzt wird nur eine einzelne Zuweisung „name = Ausdruck“",
                'only a single assignment "name = expression" is translated',
            )
        return python_to_feel(assignment[2]), assignment[1]
    if name and "feel" not in name and not (is_juel(text) and "juel" in name):
        raise Untranslatable(
            f"die Skriptsprache „{language[:60]}“ wird nicht ausgeführt",
            f'the script language "{language[:60]}" is not executed',
        )
    return (juel_to_feel(text) if is_juel(text) else text.removeprefix("=").strip()), None


def _tell(context: Context, element: etree._Element, text: str, feel: str) -> None:
    context.report.add(
        "expression-translated",
        Severity.HINT,
        element,
        (f"Das Skript wurde übersetzt in FEEL: {feel}", f"The script became FEEL: {feel}"),
        (
            "Bitte prüfen, ob die Übersetzung dasselbe meint.",
            "Please check that the translation means the same.",
        ),
        layer="dialect",
        was=text,
        became=feel,
    )


def _refuse(context: Context, element: etree._Element, language: str, reason: Untranslatable) -> None:
    named = name_of(language) or "–"
    context.report.error(
        "script-not-translatable",
        element,
        (
            f"Erwartet wird ein FEEL-Ausdruck als Skript, gefunden: Skript ({named}) an: {in_german(element)}. Es lässt "
            f"sich nicht übersetzen, denn {reason.de}.",
            f"Expected a FEEL expression as script, found: script ({named}) at: {in_english(element)}. It cannot be "
            f"translated: {reason.en}.",
        ),
        (
            'Das Skript als FEEL-Ausdruck schreiben (scriptFormat="feel") oder eine Service-Aufgabe daraus machen.',
            'Write the script as a FEEL expression (scriptFormat="feel") or turn it into a service task.',
        ),
        layer="dialect",
        was=named,
    )
