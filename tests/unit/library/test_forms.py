"""What a form takes from a person."""

from __future__ import annotations

from decimal import Decimal

import pytest

from staffel.engine.library.forms import Form, ValuesRefused

AMOUNT = Form({"type": "object", "properties": {"miete": {"type": "number", "multipleOf": 0.01}}})


@pytest.mark.parametrize("typed", [19.99, 0.29, 1111.11, 540, Decimal("0.07")])
def test_every_amount_in_whole_cents_is_taken(typed: float) -> None:
    assert AMOUNT.read({"miete": typed}) == {"miete": Decimal(str(typed))}


def test_a_fraction_of_a_cent_is_refused_at_its_field() -> None:
    with pytest.raises(ValuesRefused) as refused:
        AMOUNT.read({"miete": 19.999})

    assert refused.value.details["fields"][0]["field"] == "miete"
    assert refused.value.details["fields"][0]["code"] == "multipleOf"
