"""Model to program: every element, flow and scope joined by reference, every expression parsed, every fault found."""

from __future__ import annotations

from staffel.engine.kernel.compiler.compile import compile_model

__all__ = ["compile_model"]
