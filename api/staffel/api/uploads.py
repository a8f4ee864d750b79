"""Files of a multipart request, read and judged before a route sees them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, File, Form, Request, UploadFile

from staffel.api.archives import read_files
from staffel.api.csrf import FIELD
from staffel.api.problems import Malformed

_FIELDS = frozenset({"files", "process", "lanes", "name", "local", FIELD})


@dataclass(frozen=True, slots=True)
class UploadedModel:
    """A bundle as it was sent. `lanes` binds lanes (by id) to kinds of Stellen."""

    files: Mapping[str, bytes]
    process: str | None
    name: str | None
    lanes: Mapping[str, str]
    local: bool


async def _uploaded_model(
    request: Request,
    *,
    files: Annotated[
        list[UploadFile], File(description="A BPMN file, several files of a bundle, or a zip archive of them")
    ],
    process: Annotated[
        str | None, Form(max_length=200, description="Which process, of a file with several")
    ] = None,
    name: Annotated[str | None, Form(max_length=200, description="A name of one's own")] = None,
    lanes: Annotated[
        str, Form(max_length=20_000, description='Lane ids and kinds of Stellen as JSON: `{"Lane_1": "ABH"}`')
    ] = "{}",
    local: Annotated[bool, Form(description="A variant of one's own municipality; else for all")] = False,
) -> UploadedModel:
    """The bundle of a request. Raises `Malformed`, `FileRefused`."""
    unknown = set(await request.form()) - _FIELDS
    if unknown:
        raise Malformed(f"Expected the fields {', '.join(sorted(_FIELDS))}; found also {sorted(unknown)}.")
    contents = [(file.filename or "", await file.read()) for file in files]
    return UploadedModel(read_files(contents), process or None, name or None, _lanes(lanes), local)


def _lanes(text: str) -> dict[str, str]:
    try:
        lanes = json.loads(text)
    except json.JSONDecodeError as err:
        raise Malformed("Expected lanes as a JSON object of texts.") from err
    if not isinstance(lanes, dict) or not all(isinstance(kind, str) for kind in lanes.values()):
        raise Malformed("Expected lanes as a JSON object of texts.")
    return lanes


Uploaded = Annotated[UploadedModel, Depends(_uploaded_model)]
