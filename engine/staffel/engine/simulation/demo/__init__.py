"""Demo data from the real engine under a virtual clock. Its accounts exist in the demo alone."""

from __future__ import annotations

from staffel.engine.simulation.demo.build import SEED, DemoReport, Progress, build_demo
from staffel.engine.simulation.demo.models import REFERENCE
from staffel.engine.simulation.demo.organisation import DEMO_PASSWORD, SignInHint, sign_ins
from staffel.engine.simulation.demo.towns import read_towns

__all__ = [
    "DEMO_PASSWORD",
    "REFERENCE",
    "SEED",
    "DemoReport",
    "Progress",
    "SignInHint",
    "build_demo",
    "read_towns",
    "sign_ins",
]
