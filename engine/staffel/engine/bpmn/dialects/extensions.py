"""Reads the extension of an element in whatever dialects the file mixes; the registry of dialects stands here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.dialects.camunda7 import CAMUNDA_7, REPLACED_BY_TOPIC
from staffel.engine.bpmn.dialects.dialect import Dialect
from staffel.engine.bpmn.dialects.effects import refuse
from staffel.engine.bpmn.dialects.flowable import FLOWABLE
from staffel.engine.bpmn.dialects.leftovers import Leftovers
from staffel.engine.bpmn.dialects.spiffworkflow import SPIFFWORKFLOW
from staffel.engine.bpmn.dialects.staffel import STAFFEL_DIALECT, check_shape
from staffel.engine.bpmn.dialects.zeebe import ZEEBE
from staffel.engine.bpmn.model import Extension
from staffel.engine.bpmn.words import BPMN, BPMNDI, DC, DI, XSI, local, namespace

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.reader.context import Context

DIALECTS: Final[tuple[Dialect, ...]] = (STAFFEL_DIALECT, CAMUNDA_7, ZEEBE, FLOWABLE, SPIFFWORKFLOW)
_BY_NAMESPACE: Final = {uri: dialect for dialect in DIALECTS for uri in dialect.namespaces}
_TOPIC: Final = f"{{{BPMN}}}extensionElements/{{{next(iter(STAFFEL_DIALECT.namespaces))}}}topic"
READ_ELSEWHERE: Final = frozenset({"collection", "elementVariable", "loopCharacteristics"})
"""What a loop of another tool says; the reader of loops takes it."""
# Engines whose extensions are program code, and that no table here knows.
_ENGINES: Final = frozenset({"http://www.jboss.org/drools", "http://www.bonitasoft.org/ns/bpmn"})
_STANDARD: Final = frozenset({"", BPMN, BPMNDI, DC, DI, XSI, "http://www.w3.org/XML/1998/namespace"})
# Colours, modeller settings and the like: they concern the drawing only.
_DRAWING: Final = (
    "http://camunda.org/schema/modeler",
    "http://bpmn.io/schema/bpmn/biocolor",
    "http://www.omg.org/spec/BPMN/non-normative",
    "http://www.w3.org/2000/xmlns",
)


@dataclass(frozen=True, slots=True)
class ExtensionReader:
    """Translates extension elements and attributes; what has no counterpart goes to `leftovers`."""

    leftovers: Leftovers

    def __call__(self, context: Context, element: etree._Element) -> Extension:
        """The extension of `element`, its event definitions and loop included."""
        extension = _defaults(element)
        for owner in _carriers(element):
            for key, value in owner.attrib.items():
                extension = self._attribute(context, element, str(key), str(value), extension)
            for item in owner.iterfind("{" + BPMN + "}extensionElements/{*}*"):
                extension = self._element(context, element, item, extension)
        if extension.form_fields and extension.form is None:
            return replace(
                extension, form=element.get("id")
            )  # its form is generated under the element's own name
        return extension

    def _attribute(
        self, context: Context, element: etree._Element, key: str, value: str, extension: Extension
    ) -> Extension:
        uri, _, name = key[1:].rpartition("}") if key.startswith("{") else ("", "", key)
        if uri in _STANDARD or uri.startswith(_DRAWING):
            return extension
        dialect = _BY_NAMESPACE.get(uri)
        if dialect is STAFFEL_DIALECT:
            self._staffel_attribute(context, element, name)
        elif dialect is None:
            self.leftovers.add_foreign(_prefix(element, uri), f"@{name}", element)
        elif name in dialect.attributes:
            changed = dialect.attributes[name](context, element, value, extension)
            self._note(dialect, name, element, carried=changed is not extension)
            return changed
        elif value.strip() != "false":
            self._note(dialect, name, element, carried=name in READ_ELSEWHERE)
            self._leave(context, dialect, element, name)
        return extension

    def _element(
        self, context: Context, element: etree._Element, item: etree._Element, extension: Extension
    ) -> Extension:
        uri, name = namespace(item), local(item)
        if uri.startswith(_DRAWING):
            return extension
        dialect = _BY_NAMESPACE.get(uri)
        if dialect is STAFFEL_DIALECT:
            check_shape(context, item, element)
        if uri in _ENGINES:
            refuse(context.report, _prefix(item, uri), name, item)
        elif dialect is None:
            self.leftovers.add_foreign(_prefix(item, uri), name, element)
        elif name in dialect.elements:
            changed = dialect.elements[name](context, item, extension)
            self._note(dialect, name, element, carried=changed is not extension or name in READ_ELSEWHERE)
            return changed
        elif dialect is not STAFFEL_DIALECT:
            self._leave(context, dialect, element, item)
        return extension

    def _note(self, dialect: Dialect, name: str, owner: etree._Element, *, carried: bool) -> None:
        if carried and dialect is not STAFFEL_DIALECT:
            self.leftovers.carry(dialect.name, name, owner)

    def _leave(
        self, context: Context, dialect: Dialect, owner: etree._Element, item: etree._Element | str
    ) -> None:
        """Report an element or attribute that is not carried over: an error unless all goes on here as with it."""
        name = item if isinstance(item, str) else local(item)
        replaced = name in REPLACED_BY_TOPIC and owner.find(_TOPIC) is not None
        if name in dialect.harmless or replaced:
            self.leftovers.add(dialect.name, name, owner)
        elif name not in dialect.silent:
            refuse(context.report, dialect.name, name, owner if isinstance(item, str) else item)

    @staticmethod
    def _staffel_attribute(context: Context, element: etree._Element, name: str) -> None:
        context.report.error(
            "extension-unknown",
            element,
            (
                f"Gefunden: das Attribut staffel:{name}. Staffel kennt nur Elemente in extensionElements.",
                f"Found: the attribute staffel:{name}. Staffel knows only elements inside extensionElements.",
            ),
            (
                "Die Angabe als Element in extensionElements schreiben.",
                "Write it as an element in extensionElements.",
            ),
            layer="dialect",
        )


def _carriers(element: etree._Element) -> Iterator[etree._Element]:
    """The element and the children whose vendor attributes belong to it."""
    yield element
    for child in element:
        name = local(child)
        if name.endswith(("EventDefinition", "LoopCharacteristics")) or name == "script":
            yield child


def _defaults(element: etree._Element) -> Extension:
    """Camunda 7 and Flowable hand nothing to a called process or back unless the model says so."""
    says = any(
        local(item) in {"in", "out"} for item in element.iterfind("{" + BPMN + "}extensionElements/{*}*")
    )
    return (
        replace(Extension(), take_all=False, give_all=False)
        if says and local(element) == "callActivity"
        else Extension()
    )


def _prefix(element: etree._Element, uri: str) -> str:
    for prefix, meaning in element.nsmap.items():
        if meaning == uri and prefix:
            return str(prefix)
    return uri or "?"
