"""SpiffWorkflow as an oracle: on random structured models both wait, complete and end alike on every way (ADR-0002).

Nothing that `BLOCKS` draws is left out. The elements on which SpiffWorkflow 3.2 is known to leave the standard (link,
compensation, complex gateway, interrupting event sub-processes, several start events) are not drawn there.
"""

from __future__ import annotations

from hypothesis import given
from lxml import etree
from tests.support.blocks import BLOCKS, Block, body_of, models
from tests.support.nets import definitions, program

from staffel.engine.portability.check import compare
from staffel.engine.portability.peer import Peer
from staffel.engine.portability.preparing import prepare
from staffel.engine.portability.sandbox import go
from staffel.engine.portability.ways import ways_of


@models(60)
@given(block=BLOCKS)
def test_structured_models_do_the_same_on_spiffworkflow(block: Block) -> None:
    body = body_of(block)
    peer = Peer(etree.fromstring(prepare(definitions(body)).xml), "P")
    for way in ways_of(program(body), most_ways=6, most_acts=40):
        found = compare(way, go(peer, way))
        assert found is None, (found.element, found.text_en, found.path)


@models(60)
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
