"""Cases, tasks, handovers: what people and programs do with them. One transaction per call, rights first."""

from __future__ import annotations

from staffel.engine.cases.added_tasks import add_task
from staffel.engine.cases.awaited import awaited_by, enter_message
from staffel.engine.cases.batches import (
    cancel_batch,
    forget_batches,
    plan_batch,
    refuse_row,
    start_row,
    waiting_rows,
)
from staffel.engine.cases.breaking_points import report_breaking_point
from staffel.engine.cases.calendars import (
    add_closing_day,
    closing_days,
    keeps_closing_days,
    remove_closing_day,
)
from staffel.engine.cases.care import cancel_case, retry_incident, set_variables
from staffel.engine.cases.comments import write_comment
from staffel.engine.cases.consents import due_consents, expire_consent, record_consent, revoke_consent
from staffel.engine.cases.corrections import acknowledge_correction
from staffel.engine.cases.data_protection import delete_rejected_data, due_deletions
from staffel.engine.cases.deadlines import extend_deadline, resume_deadline, suspend_deadline
from staffel.engine.cases.desk import delete_filter, filters_of, postpone_task, save_filter
from staffel.engine.cases.documents import (
    due_removals,
    forget_document,
    keep_document,
    remove_document,
    reserve_document,
)
from staffel.engine.cases.due import due_timers, fire_due_timers, fire_timer
from staffel.engine.cases.endpoints import Call, endpoints_waited_for, take_call, waiting_calls
from staffel.engine.cases.escalation import due_escalations, escalate, escalate_due, forget_ended, remind
from staffel.engine.cases.handovers import (
    accept_handover,
    acknowledge_handover,
    inform_person,
    note_read,
    offer_handover,
    read_at,
    record_conversation,
    request_supplement,
    return_handover,
    supplement_handover,
    withdraw_handover,
)
from staffel.engine.cases.linking import start_linked_case
from staffel.engine.cases.mailing import (
    Mail,
    choose_mail,
    due_mails,
    forget_mailed,
    mail_refused,
    mail_sent,
    mail_setting,
    take_mail,
)
from staffel.engine.cases.messages import (
    Delivery,
    broadcast_signal,
    deliver_kept_message,
    deliver_kept_messages,
    deliver_message,
    expire_messages,
    kept_messages,
)
from staffel.engine.cases.repairing import preview_repair, repair_case, repairable
from staffel.engine.cases.second_check import confirm_task, give_task_back
from staffel.engine.cases.starting import start_case
from staffel.engine.cases.substitution import arrange_substitution, end_substitution, take_over_task
from staffel.engine.cases.tasks import (
    begin_task,
    claim_task,
    complete_task,
    drop_task,
    read_draft,
    release_task,
    save_draft,
    throw_task_error,
)
from staffel.engine.cases.work import (
    WorkItem,
    complete_work,
    extend_work,
    fail_work,
    fetch_work,
    throw_work_error,
)

__all__ = [
    "Call",
    "Delivery",
    "Mail",
    "WorkItem",
    "accept_handover",
    "acknowledge_correction",
    "acknowledge_handover",
    "add_closing_day",
    "add_task",
    "arrange_substitution",
    "awaited_by",
    "begin_task",
    "broadcast_signal",
    "cancel_batch",
    "cancel_case",
    "choose_mail",
    "claim_task",
    "closing_days",
    "complete_task",
    "complete_work",
    "confirm_task",
    "delete_filter",
    "delete_rejected_data",
    "deliver_kept_message",
    "deliver_kept_messages",
    "deliver_message",
    "drop_task",
    "due_consents",
    "due_deletions",
    "due_escalations",
    "due_mails",
    "due_removals",
    "due_timers",
    "end_substitution",
    "endpoints_waited_for",
    "enter_message",
    "escalate",
    "escalate_due",
    "expire_consent",
    "expire_messages",
    "extend_deadline",
    "extend_work",
    "fail_work",
    "fetch_work",
    "filters_of",
    "fire_due_timers",
    "fire_timer",
    "forget_batches",
    "forget_document",
    "forget_ended",
    "forget_mailed",
    "give_task_back",
    "inform_person",
    "keep_document",
    "keeps_closing_days",
    "kept_messages",
    "mail_refused",
    "mail_sent",
    "mail_setting",
    "note_read",
    "offer_handover",
    "plan_batch",
    "postpone_task",
    "preview_repair",
    "read_at",
    "read_draft",
    "record_consent",
    "record_conversation",
    "refuse_row",
    "release_task",
    "remind",
    "remove_closing_day",
    "remove_document",
    "repair_case",
    "repairable",
    "report_breaking_point",
    "request_supplement",
    "reserve_document",
    "resume_deadline",
    "retry_incident",
    "return_handover",
    "revoke_consent",
    "save_draft",
    "save_filter",
    "set_variables",
    "start_case",
    "start_linked_case",
    "start_row",
    "supplement_handover",
    "suspend_deadline",
    "take_call",
    "take_mail",
    "take_over_task",
    "throw_task_error",
    "throw_work_error",
    "waiting_calls",
    "waiting_rows",
    "withdraw_handover",
    "write_comment",
]
