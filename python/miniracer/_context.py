"""One isolate with one context, and every crossing that Python makes into it.

The methods here take and give converted values; what they mean to a user is told by MiniRacer's parts and in
_objects. The three that run hot, `_evaluate`, `_call` and `_get`, are written out flat on purpose.
"""

from __future__ import annotations

import sys
from _weakref import ref
from ctypes import byref, c_double, c_uint32, c_uint64, c_void_p, sizeof
from time import monotonic, thread_time

from . import _ffi
from ._errors import JSKeyError, MiniRacerBaseException, NotSupportedError
from ._ffi import Value
from ._interrupt import watch_again
from ._limits import attach_events
from ._lost import Hook, arm
from ._records import failure, failure_without_context
from ._runtime import ARGUMENTS, Engine, Slot, nanoseconds, run_limits, watched
from ._threads import get_ident
from ._types import JSUndefined
from ._values import DECODERS, INT32_HEAD, KEYS, LATIN1_HEAD, encode, new_key, put_key, put_text

#: What gives the exports of a WebAssembly instance. It takes what it uses before a guest can redefine it: see _wasm.
WASM = """'use strict';
(({ Module, Instance }, { getOwnPropertyDescriptor }, { apply }) => {
  const { get } = getOwnPropertyDescriptor(Instance.prototype, 'exports');
  return (module, compiled, imports) => apply(get, new Instance(compiled ? module : new Module(module), imports), []);
})(WebAssembly, Object, Reflect)"""

#: Characters of source text that an idle slot may keep alive.
SMALL = 4096

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from ._objects import JSObject


class Context:
    """An isolate with its context. Closed by `close`, by the collector, or at the end of the process."""

    def __init__(
        self,
        engine: Engine,
        options: _ffi.IsolateOptions,
        features: int = 0,
        console: Any = None,
        on_event: Any = None,
        background: bool = True,
    ) -> None:
        """features: MINIRACER_CONTEXT_*. console, on_event, background: see `MiniRacer`."""
        self._closed = True  # until it is made
        self._engine = engine
        self._functions: dict[int, tuple[Any, bool]] = {}  # Python callables that JavaScript knows, by number
        self._known: dict[Any, int] = {}  # the numbers of those that are one function each time
        self._hosted: dict[int, Any] = {}  # Python objects that JavaScript knows, by number
        self._symbols: dict[Any, Any] = {}
        self._on_unhandled: Any = None
        self._on_event: Any = None
        self._loop: Any = None  # the asyncio loop that was last used with this
        self._tasks: set[Any] = set()  # coroutines that JavaScript waits for
        self._waits: set[Any] = set()  # for promises, by threads whose asyncio loop stands still meanwhile
        self._helpers: dict[str, c_uint64] = {}
        self._reached_memory_limit = False
        self._memory_limit = options.memory_limit or options.heap_limit  # of all memory, in bytes; 0: none
        self._first_limit = (
            None if options.memory_limit else options.heap_limit
        )  # where it is the heap's, which changes
        self._handler = 0  # the number of what is told of unhandled rejections
        self._weak = ref(self, engine.contexts.discard)
        engine.contexts.add(self._weak)
        modern = engine.library.abi_version >= 2
        if modern and background:
            options.flags |= _ffi.ISOLATE_BACKGROUND_LOOP
        self._background = background
        self._on_wake: Any = None  # what is called when a turn of the event loop is worth it, where that is the host's
        self._waker = 0  # the number that the library calls it by
        if on_event is not None:
            attach_events(self, options, on_event)
        self._isolate, self._id, error = c_uint64(), c_uint64(), c_void_p()
        if engine.leaving():
            raise SystemExit  # the process ends, and this daemon thread with it
        status = engine.c.isolate_new(byref(options), byref(self._isolate), byref(error))
        if status:
            raise failure_without_context(engine, status, error)
        self._closed = False
        if features & ~_ffi.CONTEXT_TIMERS and not modern:
            self.close()
            raise NotSupportedError(f"this binary has no globals of the web: {engine.library.path}")
        world = _ffi.ContextOptions(struct_size=sizeof(_ffi.ContextOptions), flags=features if modern else 0)
        if console is not None:
            from ._console import attach

            attach(self, world, console)
        status = engine.c.context_new(self._isolate, byref(world), byref(self._id), byref(error))
        if status:
            self.close()
            raise failure_without_context(engine, status, error)
        self._fast_id = c_uint64.from_param(self._id.value)  # converted once, for what `Library.fast` gives
        if not options.flags & _ffi.ISOLATE_NO_WEBASSEMBLY:
            self._prepare_helper(WASM)

    def close(self) -> None:
        """Closes the isolate with all in it. Idempotent; any thread; waits for nobody."""
        if not self._closed:
            self._closed = True
            try:
                self._engine.dispose(self._isolate)
            finally:
                self._forget_handler()
                self._forget_waker()
                self._helpers.clear()
                self._symbols.clear()
                if self._tasks:
                    from ._aio import cancel_tasks

                    cancel_tasks(self)

    def _forget_handler(self) -> None:
        if self._handler:
            from ._unhandled import forget_handler

            forget_handler(self._handler)

    def _forget_waker(self) -> None:
        if self._waker:
            from ._event_loop import forget_waker

            forget_waker(self._waker)

    def __del__(self) -> None:
        try:
            self.close()
        except Exception:  # half-made, or the interpreter is being taken down
            pass

    # ---- The hot ones ------------------------------------------------------------------------------------------------

    def _evaluate(self, code: str, timeout_sec: float | None, cpu_time: float | None = None) -> Any:
        engine = self._engine
        try:
            slot = engine.free.pop()
        except IndexError:
            slot = Slot(engine)
        slot.owner = self._weak
        slot.thread = thread = get_ident()
        if type(sys.unraisablehook) is not Hook:
            arm()
        if thread == watched.thread and monotonic() > watched.due:
            watch_again()
        try:
            source, units = slot.source, len(code)
            if units <= SMALL and code.isascii():
                source.head = LATIN1_HEAD
                source.length = units
                source.text = code.encode()
            else:
                put_text(source, code)
            if timeout_sec is None and cpu_time is None:
                status = engine.evaluate(self._fast_id, slot.script_ref, slot.run_ref, slot.result_ref, slot.error_ref)
            else:
                slot.run.timeout, slot.run.cpu_time = run_limits(engine, timeout_sec, cpu_time)
                status = engine.evaluate(self._fast_id, slot.script_ref, slot.run_ref, slot.result_ref, slot.error_ref)
                slot.run.timeout = slot.run.cpu_time = 0
            if units > SMALL:
                source.text = None
            if status:
                value: Any = failure(self, status, slot)
            else:
                result = slot.result
                tag = result.tag
                value = result.int32 if tag == 3 else DECODERS[tag](self, result, True)
            if slot.interrupt is not None:
                raise failure(self, _ffi.OK, slot)
        except BaseException:
            engine.drop(slot)
            raise
        engine.free.append(slot)
        if status:
            try:
                raise value
            finally:
                del value  # its traceback has this frame: a cycle, which would keep what the frames hold
        return value

    def _call(
        self,
        function: c_uint64,
        args: tuple[Any, ...],
        this: Any,
        timeout_sec: float | None,
        cpu_time: float | None = None,
    ) -> Any:
        engine = self._engine
        try:
            slot = engine.free.pop()
        except IndexError:
            slot = Slot(engine)
        slot.owner = self._weak
        slot.thread = thread = get_ident()
        if type(sys.unraisablehook) is not Hook:
            arm()
        if thread == watched.thread and monotonic() > watched.due:
            watch_again()
        try:
            count = len(args)
            if count <= ARGUMENTS:
                array_ref, views = slot.arguments_ref, slot.views
            else:
                array = (Value * count)()
                array_ref, views = byref(array), list(array)
            keep: list[Any] | None = None
            at = 0
            for value in args:
                if type(value) is int and -0x80000000 <= value <= 0x7FFFFFFF:
                    view = views[at]
                    view.head = INT32_HEAD
                    view.int32 = value
                else:
                    kept = encode(self, views[at], value)
                    if kept is not None:
                        keep = [kept] if keep is None else [*keep, kept]
                at += 1  # noqa: SIM113 - much faster than a zip of the two
            this_ref = None
            if this is not JSUndefined:
                kept = encode(self, slot.value, this)
                this_ref = slot.value_ref
                if kept is not None:
                    keep = [kept] if keep is None else [*keep, kept]
            limited = timeout_sec is not None or cpu_time is not None
            if limited:
                slot.run.timeout, slot.run.cpu_time = run_limits(engine, timeout_sec, cpu_time)
            status = engine.function_call(
                self._fast_id, function, this_ref, array_ref, count, slot.run_ref, slot.result_ref, slot.error_ref
            )
            if keep is not None:
                for view in views[:count]:
                    view.text = None
                slot.value.text = None
            if limited:
                slot.run.timeout = slot.run.cpu_time = 0
            if status:
                value = failure(self, status, slot)
            else:
                result = slot.result
                tag = result.tag
                value = result.int32 if tag == 3 else DECODERS[tag](self, result, True)
            if slot.interrupt is not None:
                raise failure(self, _ffi.OK, slot)
        except BaseException:
            engine.drop(slot)
            raise
        engine.free.append(slot)
        if status:
            try:
                raise value
            finally:
                del value  # its traceback has this frame: a cycle, which would keep what the frames hold
        return value

    def _get(self, target: JSObject, key: Any) -> Any:
        engine = self._engine
        try:
            slot = engine.free.pop()
        except IndexError:
            slot = Slot(engine)
        slot.owner = self._weak
        slot.thread = get_ident()
        if type(key) is str:
            key_ref = KEYS.get(key) or new_key(key)
        elif type(key) is int and 0 <= key <= 0x7FFFFFFF:
            slot.index.int32 = key
            key_ref = slot.index_ref
        else:
            key_ref = self._key(slot, key)
        status = engine.object_get(
            self._fast_id, target._handle, key_ref, slot.run_ref, slot.result_ref, slot.error_ref
        )
        if status:
            self._finish(slot, status)
        result = slot.result
        tag = result.tag
        value = result.int32 if tag == 3 else DECODERS[tag](self, result, True)
        if slot.interrupt is not None:
            self._raise(slot, _ffi.OK)
        engine.free.append(slot)
        return value

    # ---- The others --------------------------------------------------------------------------------------------------

    def _finish(self, slot: Slot, status: int) -> None:
        """Gives the slot back, or raises what the call failed of."""
        if status or slot.interrupt is not None:
            self._raise(slot, status)
        self._engine.free.append(slot)

    def _finish_with_value(self, slot: Slot, status: int) -> Any:
        """The same for a call that has a result, which this gives."""
        value = self._decode(slot.result) if not status else None
        self._finish(slot, status)
        return value

    def _raise(self, slot: Slot, status: int, rejection: bool = False) -> NoReturn:
        exception = failure(self, status, slot, rejection)
        self._engine.drop(slot)
        try:
            raise exception
        finally:
            del exception  # as in _evaluate

    def _failure_of(self, status: int, error: c_void_p | None = None) -> BaseException:
        """The exception for a call that used no slot."""
        slot = Slot(self._engine)
        if error is not None:
            slot.error.value = error.value
        return failure(self, status, slot)

    def _decode(self, value: Value) -> Any:
        return DECODERS[value.tag](self, value, True)

    def _construct(
        self, function: c_uint64, args: tuple[Any, ...], timeout_sec: float | None, cpu_time: float | None
    ) -> Any:
        array = (Value * len(args))()
        keep = [encode(self, view, value) for view, value in zip(array, args)]
        slot = self._engine.take(self)
        slot.run.timeout, slot.run.cpu_time = run_limits(self._engine, timeout_sec, cpu_time)
        status = self._engine.c.function_construct(
            self._id, function, array, len(args), slot.run_ref, slot.result_ref, slot.error_ref
        )
        slot.run.timeout = slot.run.cpu_time = 0
        del keep
        return self._finish_with_value(slot, status)

    def _key(self, slot: Slot, key: Any) -> Any:
        """What to pass for a property key."""
        if type(key) is str:
            return KEYS.get(key) or new_key(key)
        if not put_key(self, slot.key, key):
            self._engine.drop(slot)
            raise JSKeyError(f"a property key is a str, an int or a JSSymbol, not {key!r}")
        return slot.key_ref

    def _set(self, target: JSObject, key: Any, value: Any) -> None:
        engine = self._engine
        slot = engine.take(self)
        try:
            key_ref = self._key(slot, key)
            keep = encode(self, slot.value, value)
            status = engine.object_set(self._id, target._handle, key_ref, slot.value_ref, slot.run_ref, slot.error_ref)
        except BaseException:
            engine.drop(slot)
            raise
        if keep is not None:
            slot.value.text = None
        self._finish(slot, status)

    def _has(self, target: JSObject, key: Any) -> bool:
        slot = self._engine.take(self)
        key_ref = self._key(slot, key)
        status = self._engine.c.object_has(
            self._id, target._handle, key_ref, slot.run_ref, slot.number_ref, slot.error_ref
        )
        found = slot.number.value != 0
        self._finish(slot, status)
        return found

    def _delete(self, target: JSObject, key: Any) -> bool:
        slot = self._engine.take(self)
        key_ref = self._key(slot, key)
        status = self._engine.c.object_delete(
            self._id, target._handle, key_ref, slot.run_ref, slot.number_ref, slot.error_ref
        )
        done = slot.number.value != 0
        self._finish(slot, status)
        return done

    def _keys(self, target: JSObject, flags: int = _ffi.KEYS_INHERITED) -> list[Any]:
        slot = self._engine.take(self)
        keys, count = c_void_p(), c_uint32()
        status = self._engine.c.object_keys(
            self._id, target._handle, flags, slot.run_ref, byref(keys), byref(count), slot.error_ref
        )
        self._finish(slot, status)
        return self._take_list(keys, count)

    def _equals(self, one: JSObject, other: JSObject) -> bool:
        slot = self._engine.take(self)
        a, b = Value(head=one._head, handle=one._handle.value), Value(head=other._head, handle=other._handle.value)
        status = self._engine.c.value_equals(self._id, byref(a), byref(b), slot.number_ref, slot.error_ref)
        equal = slot.number.value != 0
        self._finish(slot, status)
        return equal

    def _hash(self, target: JSObject) -> int:
        slot = self._engine.take(self)
        status = self._engine.c.object_get_hash(self._id, target._handle, slot.number_ref, slot.error_ref)
        number = int(slot.number.value)
        self._finish(slot, status)
        return number

    def _value_call(self, function: Any, *between: Any) -> Any:
        """For functions of the form (context, ..., result, error)."""
        slot = self._engine.take(self)
        return self._finish_with_value(slot, function(self._id, *between, slot.result_ref, slot.error_ref))

    def _plain_call(self, function: Any, *between: Any) -> None:
        """For functions of the form (context, ..., error)."""
        slot = self._engine.take(self)
        self._finish(slot, function(self._id, *between, slot.error_ref))

    def _run_call(self, function: Any, *between: Any) -> None:
        """For functions of the form (context, ..., run, error)."""
        slot = self._engine.take(self)
        self._finish(slot, function(self._id, *between, slot.run_ref, slot.error_ref))

    def _list_call(self, function: Any, *between: Any) -> list[Any]:
        """For functions of the form (context, ..., values, count, error)."""
        slot = self._engine.take(self)
        values, count = c_void_p(), c_uint32()
        self._finish(slot, function(self._id, *between, byref(values), byref(count), slot.error_ref))
        return self._take_list(values, count)

    def _take_list(self, values: c_void_p, count: c_uint32) -> list[Any]:
        if not values.value:
            return []
        try:
            views = (Value * count.value).from_address(values.value)
            return [DECODERS[view.tag](self, view, False) for view in views]
        finally:
            self._engine.c.values_free(values, count)

    def _run_value_call(self, function: Any, *between: Any) -> Any:
        """For functions of the form (context, ..., run, result, error)."""
        slot = self._engine.take(self)
        status = function(self._id, *between, slot.run_ref, slot.result_ref, slot.error_ref)
        return self._finish_with_value(slot, status)

    def _result(self, slot: Slot, status: int) -> Any:
        """The value of a call whose slot is given back, or not, by others."""
        value = self._decode(slot.result) if not status else None
        if status or slot.interrupt is not None:
            raise failure(self, status, slot)
        return value

    def _encode(self, view: Value, value: Any) -> Any:
        return encode(self, view, value)

    def _userdata(self, handle: Any) -> int:
        """The number that a host object or host function was made with."""
        found = c_void_p()
        self._plain_call(self._engine.c.host_object_get_userdata, handle, byref(found))
        return found.value or 0

    def _instance_of(self, value: Any, constructor: JSObject) -> bool:
        view = Value()
        keep = encode(self, view, value)
        slot = self._engine.take(self)
        status = self._engine.c.value_instance_of(
            self._id, byref(view), constructor._handle, slot.run_ref, slot.number_ref, slot.error_ref
        )
        del keep
        is_one = slot.number.value != 0
        self._finish(slot, status)
        return is_one

    def _running_loop(self) -> Any:
        """The asyncio loop that runs in this thread, if any."""
        asyncio = sys.modules.get("asyncio")
        return asyncio._get_running_loop() if asyncio is not None else None

    def _helper(self, code: str, *args: Any) -> Any:
        """Calls a function of this package's in this MiniRacer's context. `code` must be the same text each time, refer
        to no global and call no method, so that nothing the guest does comes between; unless it was prepared."""
        return self._call(self._helper_handle(code), args, JSUndefined, None)

    def _helper_handle(self, code: str) -> c_uint64:
        known = self._helpers.get(code)
        if known is None:
            known = self._helpers[code] = self._make_helper(code, 0)
        return known

    def _make_helper(self, code: str, limit: int) -> c_uint64:
        """The handle alone: an object would be a cycle. limit: in nanoseconds, of both kinds."""
        slot = self._engine.take(self)
        slot.run.timeout = limit
        slot.run.cpu_time = limit if self._engine.library.abi_version >= 3 else 0
        status = self._script(slot, code, None, 0, 0)
        slot.run.timeout = slot.run.cpu_time = 0
        handle = c_uint64(slot.result.handle)
        self._finish(slot, status)
        return handle

    def _prepare_helper(self, code: str) -> None:
        """Before any guest code runs. There is none where it cannot be made."""
        try:
            self._helpers[code] = self._make_helper(code, _ffi.NO_TIMEOUT)
        except MiniRacerBaseException:
            pass

    def _class_name(self, target: JSObject) -> str:
        return str(self._value_call(self._engine.c.object_get_class_name, target._handle))

    def _global(self) -> Any:
        return self._value_call(self._engine.c.context_get_global)

    def _to_string(self, target: JSObject) -> str:
        value = Value(head=target._head, handle=target._handle.value)
        return str(self._value_call(self._engine.c.value_to_string, byref(value), None))

    def _new_date(self, time: float) -> JSObject:
        """A JSDate, although a datetime could tell it: its handle is what is wanted."""
        from ._kinds import JSDate

        slot = self._engine.take(self)
        status = self._engine.c.date_new(self._id, time, slot.result_ref, slot.error_ref)
        head, handle = slot.result.head, slot.result.handle
        self._finish(slot, status)
        return JSDate._adopt(self, head, handle)

    def _date_time(self, date: Any) -> float:
        slot = self._engine.take(self)
        time = c_double()
        status = self._engine.c.date_get_time(self._id, date, byref(time), slot.error_ref)
        self._finish(slot, status)
        return time.value

    def _json_parse(self, text: str) -> Any:
        view = Value()
        put_text(view, text)
        return self._value_call(self._engine.c.json_parse, byref(view))

    def _script(
        self, slot: Slot, code: str, filename: str | None, line: int, column: int, source_map: str | None = None
    ) -> int:
        """Evaluates under the slot's run options; returns the status and leaves the value in the slot."""
        script = slot.script
        if filename is not None:
            put_text(script.name, filename)
        if source_map is not None:
            put_text(script.source_map, source_map)
        script.line, script.column = line, column
        put_text(slot.source, code)
        try:
            return int(self._engine.evaluate(self._id, slot.script_ref, slot.run_ref, slot.result_ref, slot.error_ref))
        finally:
            slot.source.text = None
            script.name = script.source_map = Value()
            script.line = script.column = 0

    def _evaluate_named(
        self,
        code: str,
        timeout_sec: float | None,
        cpu_time: float | None,
        place: tuple[str | None, int, int, str | None],
    ) -> Any:
        slot = self._engine.take(self)
        try:
            slot.run.timeout, slot.run.cpu_time = run_limits(self._engine, timeout_sec, cpu_time)
            status = self._script(slot, code, *place)
            slot.run.timeout = slot.run.cpu_time = 0
            value = self._decode(slot.result) if not status else None
        except BaseException:
            self._engine.drop(slot)
            raise
        self._finish(slot, status)
        return value

    def _json_of(self, code: str, timeout_sec: float | None, cpu_time: float | None) -> Any:
        """JSON.stringify of what a script comes to, by the engine's own JSON; JSUndefined where that is undefined."""
        slot = self._engine.take(self)
        json = Value()
        begun, used = monotonic(), thread_time()
        try:
            slot.run.timeout, slot.run.cpu_time = run_limits(self._engine, timeout_sec, cpu_time)
            status = self._script(slot, code, None, 0, 0)
            if not status:
                if timeout_sec is not None:
                    slot.run.timeout = nanoseconds(max(0.0, timeout_sec - (monotonic() - begun)))
                if cpu_time is not None:
                    slot.run.cpu_time = nanoseconds(max(0.0, cpu_time - (thread_time() - used)))
                status = self._engine.c.json_stringify(
                    self._id, slot.result_ref, 0, slot.run_ref, byref(json), slot.error_ref
                )
                self._engine.c.value_release(slot.result_ref, 1)
            slot.run.timeout = slot.run.cpu_time = 0
        except BaseException:
            self._engine.drop(slot)
            raise
        self._finish(slot, status)
        return self._decode(json)

    def _host_function(
        self, function: Any, name: str | None = None, length: int | None = None, receiver: bool = False
    ) -> Any:
        from ._host import function_for, new_function

        if name is None and length is None and not receiver:
            return function_for(self, function)
        return new_function(self, function, name, length, receiver)
