"""All tables. `METADATA` is the whole schema; the migrations lead to the same."""

from __future__ import annotations

from staffel.engine.store.tables.agreements import Signature
from staffel.engine.store.tables.base import Row
from staffel.engine.store.tables.breaking_points import BreakingPoint
from staffel.engine.store.tables.casework import (
    Case,
    CaseStatus,
    CheckOutcome,
    Draft,
    Event,
    Handover,
    HandoverStatus,
    Notice,
    NoticeKind,
    Task,
    TaskCheck,
    TaskStatus,
)
from staffel.engine.store.tables.comments import Comment
from staffel.engine.store.tables.consents import Consent, ConsentEnd, ConsentForm
from staffel.engine.store.tables.corrections import Correction
from staffel.engine.store.tables.desk import AddedTask, SavedFilter, Substitution
from staffel.engine.store.tables.documents import Document
from staffel.engine.store.tables.intake import Batch, BatchRow, BatchRowStatus
from staffel.engine.store.tables.links import CaseLink
from staffel.engine.store.tables.mail import MailChoice, Mailed, MailSetting
from staffel.engine.store.tables.models import Artefact, ModelVersion, Process, VersionState
from staffel.engine.store.tables.organisation import (
    ClosingDay,
    Competence,
    Municipality,
    Team,
    Unit,
    UnitContact,
)
from staffel.engine.store.tables.people import (
    Account,
    Audit,
    Membership,
    SignIn,
    SignInFailure,
    Token,
    Webhook,
)
from staffel.engine.store.tables.waiting import (
    Incident,
    Message,
    StepDeadline,
    Subscription,
    SubscriptionKind,
    Timer,
    Work,
)

METADATA = Row.metadata

__all__ = [
    "METADATA",
    "Account",
    "AddedTask",
    "Artefact",
    "Audit",
    "Batch",
    "BatchRow",
    "BatchRowStatus",
    "BreakingPoint",
    "Case",
    "CaseLink",
    "CaseStatus",
    "CheckOutcome",
    "ClosingDay",
    "Comment",
    "Competence",
    "Consent",
    "ConsentEnd",
    "ConsentForm",
    "Correction",
    "Document",
    "Draft",
    "Event",
    "Handover",
    "HandoverStatus",
    "Incident",
    "MailChoice",
    "MailSetting",
    "Mailed",
    "Membership",
    "Message",
    "ModelVersion",
    "Municipality",
    "Notice",
    "NoticeKind",
    "Process",
    "SavedFilter",
    "SignIn",
    "SignInFailure",
    "Signature",
    "StepDeadline",
    "Subscription",
    "SubscriptionKind",
    "Substitution",
    "Task",
    "TaskCheck",
    "TaskStatus",
    "Team",
    "Timer",
    "Token",
    "Unit",
    "UnitContact",
    "VersionState",
    "Webhook",
    "Work",
]
