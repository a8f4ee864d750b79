"""SpiffWorkflow as an oracle: on random structured models both wait, complete and end alike on every way (ADR-0002).

Left out is a join inside a loop: SpiffWorkflow 3.2 goes on there before all branches of the later pass have come, as what
came in the first pass counts once more (BPMN 2.0.2 §13.4.1: a token from each incoming flow). Other elements on which it is
known to leave the standard (link, compensation, complex gateway, interrupting event sub-processes, several start
events) are not drawn by `BLOCKS`.
"""

from __future__ import annotations

import os

from hypothesis import assume, given, settings
from lxml import etree
from tests.support.blocks import BLOCKS, Block, body_of, models
from tests.support.nets import definitions, program

from staffel.engine.portability.check import compare
from staffel.engine.portability.peer import Peer
from staffel.engine.portability.preparing import prepare
from staffel.engine.portability.sandbox import go
from staffel.engine.portability.ways import ways_of

EXAMPLES = settings(models(60), derandomize=not os.environ.get("STAFFEL_EXAMPLES"))
"""The same models every day, new ones at night: a fault of SpiffWorkflow found by chance must stop nobody's work."""


def joins_in_a_loop(block: Block, inside: bool = False) -> bool:
    """Whether several branches come together inside a loop."""
    if block[0] in {"parallel", "inclusive"} and inside:
        return True
    parts = block[1] if len(block) > 1 else ()
    return any(joins_in_a_loop(each, inside or block[0] == "loop") for each in parts)


@EXAMPLES
@given(block=BLOCKS)
def test_structured_models_do_the_same_on_spiffworkflow(block: Block) -> None:
    assume(not joins_in_a_loop(block))
    body = body_of(block)
    peer = Peer(etree.fromstring(prepare(definitions(body)).xml), "P")
    for way in ways_of(program(body), most_ways=6, most_acts=40):
        found = compare(way, go(peer, way))
        assert found is None, (found.element, found.text_en, found.path)


@EXAMPLES
@given(block=BLOCKS)
def test_the_oracle_sees_what_one_of_them_leaves_out(block: Block) -> None:
    """A model from which SpiffWorkflow's copy lacks the last flow: it never ends there."""
    body = body_of(block)
    head, _, last = body.rpartition("<sequenceFlow")
    peer = Peer(etree.fromstring(prepare(definitions(head)).xml), "P")
    way = ways_of(program(body), most_ways=1, most_acts=200)[0]
    assert 'targetRef="n2"' in last
    found = compare(way, go(peer, way))
    assert found is not None or not way[-1].ended
