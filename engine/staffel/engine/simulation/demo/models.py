"""The reference processes, uploaded and put in force, with the municipalities' variants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
import yaml

from staffel.engine import library
from staffel.engine.actor import Actor
from staffel.engine.store import Transaction
from staffel.processes import MUNICIPALITIES, read_bundle

REFERENCE = MUNICIPALITIES.parent
"""The folder of the reference processes."""
BLOCKS = "bausteine"
CALLED = (
    "einwilligung_einholen",
    "unterlagen_nachfordern",
    "anhoerung",
    "bescheid_und_bekanntgabe",
    "fallkonferenz",
    "wiedervorlage",
    "fallabschluss",
)
"""The reusable sub-processes that the demo needs, those that others of them call first."""
_MANIFEST = "process.yaml"


class ReferenceModel(msgspec.Struct, frozen=True):
    """A folder of the reference processes. A variant names the model it varies and the municipalities that use it.

    `called` marks a sub-process that others call: no case of the demo is one.
    """

    name: str
    files: Mapping[str, bytes]
    variant_of: str | None
    municipalities: tuple[str, ...]
    called: bool = False


def read_models(folder: Path) -> list[ReferenceModel]:
    """The reference processes of the folder: sub-processes before what calls them, common ones before variants."""
    models = [
        ReferenceModel(name, read_bundle(folder / BLOCKS / name), None, (), called=True)
        for name in CALLED
        if (folder / BLOCKS / name).is_dir()
    ]
    for manifest in sorted(folder.glob(f"*/{_MANIFEST}")):
        said = yaml.safe_load(manifest.read_bytes())
        variant_of = said.get("variante_von")
        served = tuple(str(ags) for ags in said.get("kommunen", ())) if variant_of else ()
        models.append(ReferenceModel(manifest.parent.name, read_bundle(manifest.parent), variant_of, served))
    return sorted(models, key=lambda model: (not model.called, model.variant_of is not None))


def put_in_force(
    tx: Transaction, models: Sequence[ReferenceModel], designers: Mapping[str, Actor], now: datetime
) -> dict[str, str]:
    """Upload every model; a variant is uploaded by each municipality that uses it. The process keys by folder, without called ones.

    Raises `ValueError` for a variant that is another process: it could not be compared.
    """
    keys: dict[str, str] = {}
    anyone = next(iter(designers.values()))
    for model in models:
        checked = library.check_upload(tx, actor=anyone, now=now, files=model.files)
        for ags in model.municipalities or (None,):
            actor = designers[ags] if ags else anyone
            version = library.upload(tx, actor=actor, now=now, checked=checked, municipality=ags)
            library.put_in_force(tx, actor=actor, now=now, version_id=version)
            key = library.deployed(tx, version).process_key
            if model.variant_of is not None and key != keys[model.variant_of]:
                raise ValueError(
                    f"Expected {model.name} to be the process {keys[model.variant_of]} that it varies, found {key}."
                    " Give the BPMN process the same id."
                )
            keys.setdefault(model.name, key)
    return {model.name: keys[model.name] for model in models if model.variant_of is None and not model.called}
