"""Decision tables edited, cell by cell or as a spreadsheet: a new draft of the model with the table in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from staffel.api.decisions.schemas import Checked, ColumnEdit, TableEdit
from staffel.api.decisions.service import Found, find_decision, finding_out, named
from staffel.api.models.queries import read_files
from staffel.api.models.schemas import Upload
from staffel.api.models.service import new_draft
from staffel.engine.actor import Actor
from staffel.engine.dmn import DecisionModel, HitPolicy, Problem, check_table, read_dmn
from staffel.engine.dmn.spreadsheet import (
    KINDS,
    Column,
    Sheet,
    SpreadsheetRefused,
    decision_of,
    from_xlsx,
    put_table,
    sheet_of,
    to_xlsx,
)
from staffel.engine.errors import Refusal
from staffel.engine.library.versions import may_design
from staffel.engine.store import Database, Transaction


class SheetNotUsable(Refusal):
    """The spreadsheet cannot be used as this decision's table."""

    status, code = 422, "sheet-not-usable"
    text_de = "Die Tabelle lässt sich nicht als Tabelle dieser Entscheidung verwenden."


def write_spreadsheet(
    tx: Transaction, *, actor: Actor, version_id: UUID, decision: str, file: str | None = None
) -> bytes:
    """The decision's table as xlsx. Raises `NotFound`, `SheetNotUsable` where it is no table."""
    found = find_decision(tx, actor=actor, version_id=version_id, decision=decision, file=file)
    try:
        return to_xlsx(found.content, decision)
    except SpreadsheetRefused as err:
        raise SheetNotUsable(err.message_en, text_de=err.message_de) from err


def replace_table(
    database: Database,
    *,
    actor: Actor,
    now: datetime,
    version_id: UUID,
    decision: str,
    sheet: bytes,
    file: str | None = None,
) -> Upload:
    """A new draft of the model in which the sheet's table takes the place of the decision's; all else is the same.

    Raises `NotAllowed`, `NotFound`, `SheetNotUsable`.
    """
    may_design(actor)
    files = database.read(read_files, actor=actor, version_id=version_id)
    found = named(files, decision, file)
    try:
        about = decision_of(sheet)
        if about not in {found.decision.id, found.decision.name}:
            raise SheetNotUsable(
                f"The sheet is about the decision '{about}', not '{decision}'.",
                text_de=f"Die Tabelle gehört zur Entscheidung „{about}“, nicht zu „{decision}“.",
            )
        changed = from_xlsx(sheet, found.content)
    except SpreadsheetRefused as err:
        raise SheetNotUsable(err.message_en, text_de=err.message_de) from err
    return new_draft(
        database, actor=actor, now=now, version_id=version_id, files={**files, found.file: changed}
    )


def check_edit(
    tx: Transaction,
    *,
    actor: Actor,
    version_id: UUID,
    decision: str,
    edit: TableEdit,
    file: str | None = None,
) -> Checked:
    """What would be found in the edited table; nothing is kept. Raises `NotFound`, `SheetNotUsable`."""
    files = read_files(tx, actor=actor, version_id=version_id)
    found = named(files, decision, file)
    changed = _edited(found, edit)
    others = {path: data for path, data in files.items() if path.endswith(".dmn") and path != found.file}
    model, problems = read_dmn(changed, imports={p.rpartition("/")[2]: data for p, data in others.items()})
    table = None if model is None else model.decisions[found.decision.id].table
    added = () if model is None else _added(found, model)
    told = dict.fromkeys((*added, *problems, *(() if table is None else check_table(table))))
    return Checked(findings=[finding_out(each) for each in told])


def _added(found: Found, model: DecisionModel) -> Iterator[Problem]:
    """Tell which inputs the file gets with the table."""
    known = {each.key for each in found.model.inputs_of(found.decision.id)}
    for each in model.inputs_of(found.decision.id):
        if each.key not in known:
            yield Problem(
                "input-added",
                f"Die Entscheidung liest neu die Eingabe „{each.name}“ ({each.type_name or 'Any'}) und wird mit ihr "
                "verbunden. Der Vorgang muss diesen Wert liefern.",
                f"The decision newly reads the input '{each.name}' ({each.type_name or 'Any'}) and is connected "
                "with it. The case has to supply this value.",
                severity="hint",
            )


def edit_table(
    database: Database,
    *,
    actor: Actor,
    now: datetime,
    version_id: UUID,
    decision: str,
    edit: TableEdit,
    file: str | None = None,
) -> Upload:
    """A new draft of the model with the edited table. Raises `NotAllowed`, `NotFound`, `SheetNotUsable`."""
    may_design(actor)
    files = database.read(read_files, actor=actor, version_id=version_id)
    found = named(files, decision, file)
    return new_draft(
        database,
        actor=actor,
        now=now,
        version_id=version_id,
        files={**files, found.file: _edited(found, edit)},
    )


def read_sheet(
    tx: Transaction, *, actor: Actor, version_id: UUID, decision: str, file: str | None = None
) -> Sheet:
    """The table as lines of texts, to be edited. Raises `NotFound`, `SheetNotUsable`."""
    found = find_decision(tx, actor=actor, version_id=version_id, decision=decision, file=file)
    try:
        return sheet_of(found.content, decision)
    except SpreadsheetRefused as err:
        raise SheetNotUsable(err.message_en, text_de=err.message_de) from err


def _edited(found: Found, edit: TableEdit) -> bytes:
    try:
        sheet = sheet_of(found.content, found.decision.id)
        columns = sheet.columns if edit.columns is None else _columns(edit.columns)
        _need_cells(edit, len(columns) + 1)
        head = {
            **sheet.head,
            "hitPolicy": edit.hit_policy,
            "aggregation": _aggregation(edit, sheet),
            "validFrom": edit.valid_from.isoformat() if edit.valid_from else "",
            "validTo": edit.valid_to.isoformat() if edit.valid_to else "",
            "legalState": edit.legal_state,
            "legalBasis": "; ".join(edit.legal_bases),
        }
        rules = tuple(tuple(cells) for cells in edit.rules)
        return put_table(Sheet(sheet.decision, head, columns, rules), found.content)
    except SpreadsheetRefused as err:
        raise SheetNotUsable(err.message_en, text_de=err.message_de) from err


def _columns(columns: list[ColumnEdit]) -> tuple[Column, ...]:
    order = [[*KINDS].index(each.kind) for each in columns]
    if order != sorted(order) or KINDS.keys() - {"annotation"} - {each.kind for each in columns}:
        raise SheetNotUsable(
            f"Expected inputs, then outputs, then annotations, found {', '.join(each.kind for each in columns) or 'none'}.",
            text_de="Erwartet werden Spalten für Eingaben, dann Ausgaben, dann Anmerkungen; von den ersten beiden "
            f"mindestens je eine. Gefunden: {', '.join(KINDS[each.kind] for each in columns) or 'keine'}.",
        )
    return tuple(
        Column(KINDS[each.kind], each.label, each.text, each.type, each.allowed, each.default)
        for each in columns
    )


def _aggregation(edit: TableEdit, sheet: Sheet) -> str:
    """Only COLLECT sums up."""
    if edit.hit_policy != HitPolicy.COLLECT:
        return ""
    return sheet.head["aggregation"] if edit.aggregation is None else edit.aggregation


def _need_cells(edit: TableEdit, width: int) -> None:
    for number, cells in enumerate(edit.rules, 1):
        if len(cells) != width:
            raise SheetNotUsable(
                f"Rule {number} has {len(cells)} cells; expected its id and {width - 1}.",
                text_de=f"Regel {number} hat {len(cells)} Zellen; erwartet werden die Kennung und {width - 1}.",
            )
