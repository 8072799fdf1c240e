"""What Python gives to JavaScript on purpose: functions, objects and memory by reference, promises, copies."""

from __future__ import annotations

from . import _ffi
from ._checks import buffer, function, text, text_or_none, whole, wrong
from ._context import Context
from ._objects import JSObject
from ._wrapped_function import WrappedFunction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from ._buffers import JSBuffer
    from ._objects import JSFunction, JSMappedObject
    from ._promises import Resolver
    from ._types import PyJsFunctionType


class Giving(Context):
    """The part of MiniRacer that makes things for JavaScript."""

    def function(
        self, func: Callable[..., Any], *, name: str | None = None, length: int | None = None, this: bool = False
    ) -> JSFunction:
        """A JavaScript function that calls a Python callable, on the thread that runs the JavaScript.

        Passing a callable as an argument, or setting it as a property, does the same with the defaults. What it raises
        is thrown into JavaScript as an Error with the class's name, the message and its ``__cause__`` as `cause`; what
        JavaScript does not catch comes out as the same exception, with the JavaScript stack as ``js_stack`` (and a
        note, from Python 3.11 on).
        KeyboardInterrupt, SystemExit and their like end the JavaScript instead and cannot be caught there. A class can
        be called by `new`, which gives the instance by reference, as `wrap` does.

        name, length: what the function has in JavaScript. this: hand `this` over as the first argument.
        """
        text_or_none("name", name)
        if length is not None:
            whole("length", length, 0, 2**31 - 1)
        made: JSFunction = self._host_function(function("func", func), name, length, this)
        return made

    def wrap_py_function(self, func: Callable[..., Any] | PyJsFunctionType) -> WrappedFunction:
        """`function` for a `with` or `async with` block: when it is left, calls from JavaScript fail."""
        return WrappedFunction(self, function("func", func))

    def wrap(
        self,
        obj: Any,
        *,
        read_only: bool = False,
        private: bool = False,
        names: Iterable[str] | None = None,
        class_name: str | None = None,
    ) -> JSMappedObject:
        """A JavaScript object that stands for a Python object, by reference: nothing is copied.

        >>> config = {"depth": 3}
        >>> mr.globals["config"] = mr.wrap(config)
        >>> mr.eval("config.depth += 1; Object.keys(config)")  # writes to the dict

        A mapping shows its items; a sequence is an Array with its elements; any other object, a class and a module too,
        shows its attributes, is called where it is callable, and is iterated (`for ... of`, `for await`) where Python
        iterates it. What comes out of it is given by reference as well. Where JavaScript gives it back to Python, it is
        the very object again. One Python object is one JavaScript object as long as JavaScript holds it, and is kept
        until then; `close` breaks cycles through both heaps.

        An iterator has `next`, as JavaScript's have, and a class is called by `new` and tested by `instanceof`.

        read_only: JavaScript may not write, nor to what it reads from it; methods are called as ever, and may change
        what they like. The others are for this object alone, and not for what comes out of it. private: names with a
        leading underscore, too. names: these attributes, or items of a mapping, and no others; JSValueError for a
        sequence, whose elements have none. class_name: what Object.prototype.toString says. What is wrapped with other
        options is another object in JavaScript.
        """
        from ._wrap import wrap

        text_or_none("class_name", class_name)
        if isinstance(names, str) or not (names is None or hasattr(names, "__iter__")):
            raise wrong("names", "an iterable of str", names)
        allowed = None if names is None else frozenset(text("names", name) for name in names)
        return wrap(self, obj, read_only=read_only, private=private, names=allowed, class_name=class_name)

    def expose(self, name: str, obj: Any, **options: Any) -> JSMappedObject:
        """`wrap`, and a global variable of that name."""
        text("name", name)
        made = self.wrap(obj, **options)
        self._global()[name] = made
        return made

    def lend(self, buffer: Any, *, raw: bool = False) -> JSBuffer:
        """The memory of a bytearray, array.array, numpy array, ... as the typed array that has the same elements,
        without a copy: both sides see what the other writes. What is read only, as bytes are, is copied.

        >>> with mr.lend(samples) as view:   # detached at the end of the block
        ...     mr.eval("v => v.sort()")(view)

        raw: as an ArrayBuffer. The object exports its buffer, so that a bytearray cannot be resized, until JavaScript
        and all views have let go of it: after `detach` or the `with` block, or when they are collected. JSValueError
        where the memory is not in one piece or no typed array has such elements.
        """
        from ._buffers import new_buffer

        return new_buffer(self, buffer, "buffer", copy=False, typed=not raw)

    def array_buffer(self, data: Any, *, shared: bool = False) -> JSBuffer:
        """A new ArrayBuffer, or SharedArrayBuffer, with a copy of a Python buffer; with zeros for an int."""
        from ._buffers import new_buffer

        return new_buffer(self, bytes(data) if isinstance(data, int) else data, copy=True, shared=shared)

    def typed_array(self, kind: str, data: Any, byte_offset: int = 0, length: int | None = None) -> JSBuffer:
        """A typed array, "Float64Array" say, or "DataView", over a JSArrayBuffer or over a copy of a Python buffer.

        length: elements; None: all that there are, and JSValueError where the bytes are no whole number of them.
        """
        from ._buffers import JSArrayBuffer, element_named, elements_in, new_buffer, new_view

        element = element_named(text("kind", kind))
        whole("byte_offset", byte_offset, 0, 2**53)
        buffer = data if isinstance(data, JSArrayBuffer) else new_buffer(self, data, copy=True)
        if length is None:
            length = elements_in(buffer.nbytes, byte_offset, element)
        whole("length", length, 0, 2**53)
        return new_view(self, buffer, element, byte_offset, length)

    def wasm(self, module: Any, imports: Mapping[str, Any] | None = None) -> JSMappedObject:
        """Compiles WebAssembly (bytes, or a WebAssembly.Module) and gives the exports of a new instance.

        >>> exports = mr.wasm(open("sum.wasm", "rb").read(), {"env": {"log": print}})
        >>> exports.sum(1, 2)
        >>> exports.memory.memoryview()[:4] = b"abcd"   # a Memory, without a copy

        NotSupportedError where there is no WebAssembly.
        """
        if not isinstance(module, JSObject):
            buffer("module", module)
        from ._wasm import instance

        made: JSMappedObject = instance(self, module, imports)
        return made

    def new_promise(self) -> Resolver:
        """A pending promise with what settles it."""
        from ._promises import Resolver

        return Resolver(self._value_call(self._engine.c.promise_new))

    def copy(
        self, value: Any, *, max_depth: int = 1000, max_nodes: int | None = None, max_bytes: int | None = None
    ) -> Any:
        """A deep copy of Python data in JavaScript, as passing it as an argument makes one; cycles and shared
        references are kept. The limits are those of `to_python`."""
        from ._graph import graph_options
        from ._graph_in import copy_in, is_data

        options = graph_options(self, max_depth, max_nodes, max_bytes)
        if is_data(value):
            return copy_in(self, value, options)
        view = _ffi.Value()
        keep = self._encode(view, value)
        return keep if isinstance(keep, JSObject) else value
