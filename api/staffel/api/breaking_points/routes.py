"""Reports of breaking points."""

from __future__ import annotations

from fastapi import APIRouter, status

from staffel.api.analysis.routes import First, Last, Municipalities, Process
from staffel.api.analysis.service import period_of
from staffel.api.breaking_points.schemas import BreakingPointIn, BreakingPointsOut, TroubleOut
from staffel.api.breaking_points.service import read_breaking_points
from staffel.api.dependencies import Asked
from staffel.engine import cases
from staffel.engine.cases.breaking_points import Trouble

router = APIRouter(tags=["analysis"])


@router.post("/breaking-points", status_code=status.HTTP_204_NO_CONTENT, summary="Report a breaking point")
def report_breaking_point(body: BreakingPointIn, asked: Asked) -> None:
    """Kept are process, step, kinds of Stellen, municipality, month and trouble; no case, no person, no time."""
    asked.database.run(cases.report_breaking_point, actor=asked.actor, now=asked.now, **body.model_dump())


@router.get("/analysis/breaking-points", summary="Count reported breaking points")
def count_breaking_points(
    asked: Asked, *, process: Process, municipalities: Municipalities, first: First, last: Last
) -> list[BreakingPointsOut]:
    """Per step and municipality, the most frequent first. Fewer than five reports are not shown."""
    found = asked.database.read(
        read_breaking_points,
        actor=asked.actor,
        process=process,
        municipalities=municipalities,
        period=period_of(first, last),
    )
    return [
        BreakingPointsOut(
            municipality=each.municipality,
            element=each.element,
            name=each.name,
            reports=each.reports,
            troubles=[
                TroubleOut(trouble=Trouble(trouble), reports=count) for trouble, count in each.troubles
            ],
            other_kinds=list(each.other_kinds),
        )
        for each in found
    ]
