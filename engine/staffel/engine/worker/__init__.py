"""What happens without anybody asking: due timers, kept messages. Any number of processes may run it at once."""

from __future__ import annotations

from staffel.engine.worker.loop import Worker, run_due

__all__ = ["Worker", "run_due"]
