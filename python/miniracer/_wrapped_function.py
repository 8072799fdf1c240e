"""What PyMiniRacer's `wrap_py_function` gives."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from ._giving import Giving
    from ._objects import JSFunction


class WrappedFunction:
    """What `wrap_py_function` returns. Entering it gives the JavaScript function."""

    def __init__(self, owner: Giving, func: Callable[..., Any]) -> None:
        self._owner = owner
        self._func: Callable[..., Any] | None = func
        self._running: set[Any] = set()

    def _call(self, *args: Any) -> Any:
        func = self._func
        if func is None:
            raise ReferenceError("this Python function is not available any more")
        value = func(*args)
        return self._awaited(value) if hasattr(type(value), "__await__") else value

    async def _awaited(self, value: Awaitable[Any]) -> Any:
        import asyncio

        task = asyncio.current_task()
        self._running.add(task)
        try:
            return await value
        finally:
            self._running.discard(task)

    def __enter__(self) -> JSFunction:
        from ._host import length_of, name_of

        return self._owner.function(self._call, name=name_of(self._func), length=max(0, length_of(self._func)))

    def __exit__(self, *_: object) -> None:
        self._func = None

    async def __aenter__(self) -> JSFunction:
        import asyncio

        self._owner._loop = asyncio.get_running_loop()
        return self.__enter__()

    async def __aexit__(self, *_: object) -> None:
        """Calls that are still under way are cancelled, as PyMiniRacer does it."""
        self._func = None
        for task in list(self._running):
            task.get_loop().call_soon_threadsafe(task.cancel)
