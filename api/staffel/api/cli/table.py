"""`staffel table`: decision tables to spreadsheets and back."""

from __future__ import annotations

import argparse
from pathlib import Path

from staffel.api.cli.output import Exit, say_error
from staffel.engine.dmn.spreadsheet import SpreadsheetRefused, from_xlsx, to_xlsx


def configure(parser: argparse.ArgumentParser) -> None:
    """Options and help of the command."""
    parts = parser.add_subparsers(dest="part", required=True, metavar="export|import")
    out = parts.add_parser("export", help="write the table of a decision as xlsx")
    out.add_argument("file", metavar="FILE", type=Path, help="a DMN file (1.1 to 1.5)")
    out.add_argument("--decision", required=True, metavar="NAME", help="name or id of the decision")
    back = parts.add_parser("import", help="put the table of an xlsx into its DMN file")
    back.add_argument("file", metavar="SHEET", type=Path, help="the spreadsheet")
    back.add_argument("--into", required=True, metavar="FILE", type=Path, help="the DMN file it belongs to")
    for each in (out, back):
        each.add_argument("-o", "--output", required=True, metavar="OUT", type=Path, help="the file to write")
    parser.epilog = (
        "examples:\n"
        "  staffel table export dt-1-1.dmn --decision umstellungszeitpunkt -o dt-1-1.xlsx\n"
        "  staffel table import dt-1-1.xlsx --into dt-1-1.dmn -o dt-1-1.dmn\n\n"
        "The layout of the sheet stands in docs/modelling.md. Check the result with `staffel check`."
    )


def run(arguments: argparse.Namespace) -> Exit:
    """Read, turn, write."""
    data = arguments.file.read_bytes()
    try:
        if arguments.part == "export":
            made = to_xlsx(data, arguments.decision)
        else:
            made = from_xlsx(data, arguments.into.read_bytes())
    except SpreadsheetRefused as err:
        say_error(err.message_en)
        return Exit.NO
    arguments.output.write_bytes(made)
    return Exit.DONE
