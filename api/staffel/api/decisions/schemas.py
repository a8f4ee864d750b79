"""Shapes of decisions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from staffel.api.schemas import Input, JsonValues, Output


class DecisionSummary(Output):
    """A decision of a model version."""

    id: str
    name: str
    question: str
    file: str
    hit_policy: str | None = Field(description="null where it is no table")
    valid_from: date | None = Field(description="First day of the facts that it judges; null: no limit")
    valid_to: date | None
    legal_state: str = Field(description="Rechtsstand")
    legal_bases: list[str]


class DecisionInput(Output):
    """A value that the decision reads from outside."""

    name: str
    type: str | None = Field(examples=["number"])
    choices: list[str] = Field(description="The values of a closed list of texts; else empty")


class TableColumn(Output):
    """A column of a table."""

    label: str
    type: str | None
    allowed: str | None


class TableRule(Output):
    """A row of a table, its cells in FEEL."""

    number: int
    tests: list[str]
    outputs: list[str]
    annotations: list[str]


class TableOut(Output):
    """A decision table."""

    hit_policy: str
    aggregation: str | None
    inputs: list[TableColumn]
    outputs: list[TableColumn]
    rules: list[TableRule]


class TableFinding(Output):
    """What the check of a table found."""

    code: str
    severity: str
    text_de: str
    text_en: str
    example: dict[str, Any] = Field(
        description="Inputs at which it shows, by the column's expression; '…' is any value that no cell names"
    )
    rules: list[int] = Field(description="Numbers of the rules at fault, from 1")


class GraphPart(Output):
    """An element of the decision requirements graph."""

    id: str
    name: str
    kind: str = Field(examples=["decision", "inputData", "businessKnowledgeModel", "knowledgeSource"])
    type: str
    requires: list[str] = Field(description="Ids; of another file with its namespace in front: `urn:…#id`")
    file: str = Field(
        description="The DMN file that it stands in: the decision's own or one that this imports"
    )
    decision: str | None = Field(
        description="Id by which it can be read from this version; null: no decision"
    )


class DecisionDetail(DecisionSummary):
    """A decision with its table and what the check of it found."""

    inputs: list[DecisionInput]
    requires: list[str] = Field(description="Names of the inputs and decisions that it reads directly")
    table: TableOut | None
    logic: list[str] = Field(description="The texts of what is no table, in order")
    findings: list[TableFinding]
    graph: list[GraphPart] = Field(
        description="What the file's decisions need, in the order of the file, then what they need of imported files"
    )
    released_at: datetime | None = Field(
        description="When this version of the rules was released with its model (freigegeben_am); null: a draft"
    )
    released_by: str | None = Field(description="Name of the person who released it (freigegeben_von)")


class Trial(Input):
    """Inputs to try a decision with; nothing is kept."""

    inputs: JsonValues = Field(
        examples=[{"alter": 30, "antrag_am": "2026-06-01"}],
        description="Dates, times and durations as texts; the type that the decision declares says what they are",
    )
    key_date: date | None = Field(
        default=None,
        description="Picks the dated rules and is what `today()` gives; when left out today, or with `file` the day "
        "nearest to today on which its rules hold",
    )


class Tried(Output):
    """What came out, and why."""

    value: Any
    explanation: dict[str, Any] = Field(description="As it is stored with a case")
    file: str = Field(description="The DMN file whose rules were taken")
    key_date: date
    in_force: bool = Field(
        description="Whether these rules hold on the key date; false only where `file` chose them"
    )


class CaseOutcome(Output):
    """A case of a test set: what was expected, what came out."""

    name: str
    file: str
    key_date: date | None
    inputs: dict[str, Any]
    expected: Any
    found: Any
    rules: list[int] = Field(description="Numbers of the rules that applied, from 1")
    passed: bool
    faults_de: list[str]
    faults_en: list[str]


class TestSets(Output):
    """What the test sets of a version say of a decision."""

    cases: list[CaseOutcome]
    of_other_versions: int = Field(description="Cases whose key date picks rules of another file")
    unmet: list[int] = Field(description="Numbers of the rules that applied in no case")


class CellChange(Output):
    """A cell, column or hit policy that changed."""

    label: str
    before: str
    after: str


class RuleChangeOut(Output):
    """A rule that came, went or changed; numbers count from 1, null where the rule is not."""

    before: int | None
    after: int | None
    cells: list[CellChange]


class Changes(Output):
    """What changed against the version in force; `against` is its number, null where there is none to compare."""

    against: int | None
    added: int
    removed: int
    changed: int
    columns: list[CellChange]
    rules: list[RuleChangeOut]
    logic: list[CellChange]


class ColumnEdit(Input):
    """A column as it is to be; what does not apply to its kind is left out."""

    kind: Literal["input", "output", "annotation"]
    label: str = Field(default="", max_length=300)
    text: str = Field(default="", max_length=4000, description="Expression of an input, name of an output")
    type: str = Field(default="", max_length=200, examples=["number"])
    allowed: str = Field(default="", max_length=4000, description="Allowed values in FEEL")
    default: str = Field(default="", max_length=4000, description="Output where no rule applies, in FEEL")


class TableEdit(Input):
    """The rules of a table as they are to be: per rule its id and the FEEL texts of all its cells."""

    hit_policy: str = Field(max_length=20, examples=["FIRST"])
    aggregation: str | None = Field(
        default=None, max_length=20, examples=["SUM"], description="As it is when left out"
    )
    columns: list[ColumnEdit] | None = Field(
        default=None, max_length=199, description="Inputs, outputs, annotations; as they are when left out"
    )
    valid_from: date | None = None
    valid_to: date | None = None
    legal_state: str = Field(default="", max_length=500)
    legal_bases: list[Annotated[str, Field(max_length=300)]] = Field(default=[], max_length=50)
    rules: list[list[Annotated[str, Field(max_length=4000)]]] = Field(
        max_length=5000, description="Id (may be empty), tests, outputs, annotations"
    )


class Checked(Output):
    """What the check of an edited table found; nothing is kept."""

    findings: list[TableFinding]
