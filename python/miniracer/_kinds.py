"""Kinds of objects that are seldom met, each with what Python can do with it beyond properties."""

from __future__ import annotations

import builtins

from ._buffers import memory_of
from ._errors import JSEvalException
from ._objects import JSMappedObject
from ._promises import JSPromise
from ._symbols import JSSymbol
from ._types import JSUndefined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

__all__ = ["JSDate", "JSError", "JSGenerator", "JSModule", "JSProxy", "JSRegExp", "JSWasm"]


class _Truthy(JSMappedObject):
    """An object that is no container in the first place."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return True


class JSDate(_Truthy):
    """A Date that a Python datetime cannot tell: an invalid one, or one outside of the years 1 to 9999."""

    __slots__ = ()

    @property
    def time(self) -> float:
        """Milliseconds since 1970-01-01T00:00:00Z; NaN for an invalid date."""
        return self._context._date_time(self._handle)


class JSError(_Truthy):
    """An Error that was not thrown but given as a value: ``error.name``, ``error.message``, ``error.stack``."""

    __slots__ = ()

    def __str__(self) -> str:
        return self._context._to_string(self)

    def to_exception(self) -> JSEvalException:
        """The exception that throwing it would have raised."""
        try:
            self._context._helper("(function (error) { throw error; })", self)
        except JSEvalException as exception:
            return exception.with_traceback(None)
        raise AssertionError("unreachable")


class JSRegExp(_Truthy):
    """A RegExp: ``r.source``, ``r.flags``, ``r.test(text)``, ``r.exec(text)``."""

    __slots__ = ()


class JSProxy(_Truthy):
    """A Proxy: its traps run as JavaScript's operations do."""

    __slots__ = ()


class JSModule(JSMappedObject):
    """A module's namespace: its exports as items and attributes, read only."""

    __slots__ = ()


class JSWasm(_Truthy):
    """A WebAssembly.Module or WebAssembly.Memory."""

    __slots__ = ()

    def memoryview(self) -> builtins.memoryview:
        """A Memory's bytes as they are now, writable. Growing it in JavaScript moves them elsewhere: ask again."""
        return memory_of(self)

    def __buffer__(self, flags: int) -> builtins.memoryview:
        return memory_of(self)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        import numpy  # type: ignore[import-not-found, unused-ignore]

        return numpy.asarray(memory_of(self), dtype=dtype)


class JSIterator(_Truthy):
    """An iterator that JavaScript made, as one of Python's: ``[].values()``, ``new Map().entries()``."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return self._step("next", JSUndefined)

    def _step(self, method: str, value: Any) -> Any:
        context = self._context
        result = context._get(self, method)(value, this=self)
        if isinstance(result, JSPromise):
            raise TypeError("an asynchronous generator: use `async for`")
        if context._get(result, "done"):
            raise StopIteration(context._get(result, "value"))
        return context._get(result, "value")


class JSGenerator(JSIterator):
    """A generator of JavaScript's as one of Python's; an asynchronous one for ``async for``."""

    __slots__ = ()

    def send(self, value: Any) -> Any:
        """Goes on with a value for the `yield` that it waits in."""
        return self._step("next", value)

    def throw(self, error: Any) -> Any:
        """Goes on by throwing at the `yield` that it waits in; an exception becomes an Error."""
        return self._step("throw", error)

    def close(self) -> None:
        """Ends it; its `finally` blocks run."""
        self._context._get(self, "return")(this=self)


def iterate(target: JSMappedObject) -> Iterator[Any]:
    """What `for (x of target)` goes through. A `for` that is left early closes JavaScript's iterator."""
    context = target._context
    method = context._get(target, JSSymbol.iterator)
    if method is JSUndefined or method is None:
        raise TypeError(f"this {target._kind()} has no Symbol.iterator")
    iterator = method(this=target)
    step = context._get(iterator, "next")
    ended = False
    try:
        while True:
            result = step(this=iterator)
            if context._get(result, "done"):
                ended = True
                return
            yield context._get(result, "value")
    except JSEvalException:
        ended = True
        raise
    finally:
        if not ended and not context._closed:
            close = context._get(iterator, "return")
            if close is not JSUndefined:
                close(this=iterator)
