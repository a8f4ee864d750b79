"""What runs an event loop of its own, run in a thread of its own: in that of the tests the browser's loop may be running."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def apart(work: Callable[P, T]) -> Callable[P, T]:
    """The same work, done in another thread."""

    @wraps(work)
    def there(*args: P.args, **kwargs: P.kwargs) -> T:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(work, *args, **kwargs).result()

    return there
