"""A town whose Stellen work on the reference processes, for the stories in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from working_town import Town, served_town


@pytest.fixture(scope="package")
def town(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path, browser: Any) -> Iterator[Town]:
    """Köln, served."""
    with served_town(tmp_path_factory.mktemp("town"), migrated_file, browser) as town:
        yield town
