"""Decision tables as spreadsheets (xlsx), because rules are agreed on in spreadsheets: out, and back into the DMN file.

One sheet. The head, a line each: decision, hit policy, aggregation, valid from, valid to, Rechtsstand, legal bases. Then
five lines that describe the columns (kind, heading, expression or name, type, allowed values, default), then a line per
rule: its id, tests, outputs, annotations as FEEL texts. Every cell is text, so nothing is a formula; what a person types
as number, day or truth is read as the FEEL text of it.
"""

from __future__ import annotations

from staffel.engine.dmn.spreadsheet.giving_back import decision_of, from_xlsx, put_table
from staffel.engine.dmn.spreadsheet.layout import KINDS, Column, Sheet, SpreadsheetRefused
from staffel.engine.dmn.spreadsheet.writing import sheet_of, to_xlsx

__all__ = [
    "KINDS",
    "Column",
    "Sheet",
    "SpreadsheetRefused",
    "decision_of",
    "from_xlsx",
    "put_table",
    "sheet_of",
    "to_xlsx",
]
