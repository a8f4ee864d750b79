"""Cases, tasks, handovers: what people and programs do with them. One transaction per call, rights first."""

from __future__ import annotations

from staffel.engine.cases.batches import (
    cancel_batch,
    forget_batches,
    plan_batch,
    refuse_row,
    start_row,
    waiting_rows,
)
from staffel.engine.cases.care import cancel_case, retry_incident, set_variables
from staffel.engine.cases.due import due_timers, fire_due_timers, fire_timer
from staffel.engine.cases.handovers import (
    accept_handover,
    acknowledge_handover,
    offer_handover,
    return_handover,
    withdraw_handover,
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
from staffel.engine.cases.starting import start_case
from staffel.engine.cases.tasks import (
    begin_task,
    claim_task,
    complete_task,
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
    "Delivery",
    "WorkItem",
    "accept_handover",
    "acknowledge_handover",
    "begin_task",
    "broadcast_signal",
    "cancel_batch",
    "cancel_case",
    "claim_task",
    "complete_task",
    "complete_work",
    "deliver_kept_message",
    "deliver_kept_messages",
    "deliver_message",
    "due_timers",
    "expire_messages",
    "extend_work",
    "fail_work",
    "fetch_work",
    "fire_due_timers",
    "fire_timer",
    "forget_batches",
    "kept_messages",
    "offer_handover",
    "plan_batch",
    "read_draft",
    "refuse_row",
    "release_task",
    "retry_incident",
    "return_handover",
    "save_draft",
    "set_variables",
    "start_case",
    "start_row",
    "throw_task_error",
    "throw_work_error",
    "waiting_rows",
    "withdraw_handover",
]
