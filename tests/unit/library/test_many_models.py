"""`staffel check` takes thousands of models in one run: what was read of one is forgotten with it."""

from __future__ import annotations

import gc
import tracemalloc

from tests.unit.bpmn.models import chain, model

from staffel.engine.library.bundle import check_bundle

MOST_KEPT = 2_000
"""Bytes a model; one of these leaves some 100,000 behind when all of it is kept."""


def check(first: int, last: int) -> None:
    for number in range(first, last):
        tasks = (f'userTask id="T{number}_{each}" name="Schritt {number} {each}"' for each in range(5))
        check_bundle({"m.bpmn": model(chain(*tasks))})


def test_checking_many_models_keeps_no_memory() -> None:
    check(0, 300)  # caches of bounded size are filled by then
    gc.collect()
    tracemalloc.start()
    try:
        check(300, 310)
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        check(310, 410)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (after - before) / 100 < MOST_KEPT
