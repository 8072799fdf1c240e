"""Python callables that JavaScript calls.

JavaScript knows a callable by a number. The table from numbers to callables is held by the MiniRacer, and the table of
MiniRacers holds them weakly: so a callable that refers to its MiniRacer is a cycle that Python's collector sees. Cycles
through both heaps (a JavaScript object kept by a callable that this very object keeps) it does not see: `close` breaks
them.
"""

from __future__ import annotations

import sys
from ctypes import ArgumentError, byref, c_void_p, sizeof
from sys import modules
from types import BuiltinFunctionType, FunctionType, MethodType

from . import _ffi
from ._ffi import Value
from ._greenlets import enter, inside
from ._lost import callback, end_javascript, note
from ._objects import JSObject
from ._runtime import numbers
from ._structs import Call, FunctionOptions
from ._thrown import FORGET_ERROR, as_error, thrown_value, with_causes
from ._types import JSUndefined
from ._values import DECODERS, INT32_HEAD, encode, put_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from weakref import ref

    from ._context import Context

_owners: dict[int, ref[Context]] = {}  # by a callable's number
_calls: dict[int, tuple[Call, Value]] = {}  # views of the memory of calls, which recurs, by address
_arguments: dict[tuple[int, int], list[Value]] = {}
_VIEWS = 512


def call_views(address: int) -> tuple[Call, Value]:
    """A call and its result."""
    known = _calls.get(address)
    if known is None:
        if len(_calls) >= _VIEWS:
            _calls.clear()
        call = Call.from_address(address)
        known = _calls[address] = call, call.result
    return known


def argument_views(call: Call) -> list[Value]:
    """A call's arguments."""
    at, count = call.arguments, call.argument_count
    views = _arguments.get((at, count))
    if views is None:
        if len(_arguments) >= _VIEWS:
            _arguments.clear()
        views = list((Value * count).from_address(at)) if count else []
        if count <= 16:
            _arguments[at, count] = views
    return views


def _run(number: int, address: int) -> int:
    """The one callback of all host functions: miniracer_callback."""
    thread = before = 0
    try:
        if "greenlet" in modules:
            thread, before = enter()
        context = _owners[number]()
        function, receiver = context._functions[number]  # type: ignore[union-attr]
        call, result = _calls.get(address) or call_views(address)
        count = call.argument_count
        arguments = []
        if receiver:
            this = call.this_value
            arguments.append(DECODERS[this.tag](context, this, False))
        if count:
            for view in _arguments.get((call.arguments, count)) or argument_views(call):
                tag = view.tag
                arguments.append(view.int32 if tag == 3 else DECODERS[tag](context, view, False))
        value = function(*arguments)
        if type(value) is int and -0x80000000 <= value <= 0x7FFFFFFF:
            result.head = INT32_HEAD
            result.int32 = value
        elif value is not JSUndefined:
            _give(context, address, value)
        return 0
    except BaseException as exception:
        try:
            return _throw(_owners.get(number), address, exception)
        except RecursionError:  # no room even for that call: the library then throws an Error of its own
            return 1
    finally:
        if thread:
            inside[thread] = before


def _run_class(number: int, address: int) -> int:
    """The one callback of all classes: as a function, or by `new`, which gives the instance by reference."""
    thread = before = 0
    try:
        if "greenlet" in modules:
            thread, before = enter()
        call, _ = call_views(address)
        if not call.flags & _ffi.CALL_CONSTRUCT:
            return _run(number, address)
        from ._wrap import by_reference

        context: Any = _owners[number]()
        cls, _ = context._functions[number]
        view = Value()
        made = cls(*[DECODERS[argument.tag](context, argument, False) for argument in argument_views(call)])
        seen = by_reference(context, made)
        keep = encode(context, view, seen)
        if view.tag != _ffi.OBJECT:
            raise TypeError(f"a Python {type(made).__name__} is no object in JavaScript: call it without new")
        status = context._engine.c.call_return(address, byref(view))
        del keep, seen
        if status:
            raise context._failure_of(status)
        return 0
    except BaseException as exception:
        try:
            return _throw(_owners.get(number), address, exception)
        except RecursionError:
            return 1
    finally:
        if thread:
            inside[thread] = before


def _give(context: Any, address: int, value: Any) -> None:
    view = Value()
    keep = encode(context, view, value)
    status = context._engine.c.call_return(address, byref(view))
    del keep
    if status:
        raise context._failure_of(status)


def _throw(owner: ref[Context] | None, address: int, exception: BaseException) -> int:
    """Hands an exception to JavaScript."""
    try:
        context = owner() if owner is not None else None
        if context is None:
            return 1
        engine = context._engine
        if not isinstance(exception, Exception):
            # KeyboardInterrupt, SystemExit and their like are not for the guest to catch: all JavaScript on this
            # thread ends, and they go on where it was called.
            end_javascript(exception)
            return 1
        made = thrown_value(context, exception) or with_causes(context, exception)
        if made is not None and engine.c.call_throw(address, byref(made)) == 0:
            return 1
        kind, name, message, key = as_error(exception)
        engine.c.call_throw_error(address, kind, byref(name), byref(message), key, FORGET_ERROR)
    except (ArgumentError, MemoryError, RecursionError):  # no room for it: the library throws an Error of its own
        pass
    except BaseException as another:  # a signal's handler came between
        end_javascript(another)
    return 1


def _forget_function(number: int | None) -> None:
    """miniracer_finalizer of host functions. Runs on whatever thread leaves the isolate."""
    owner = _owners.pop(number or 0, None)
    context = owner() if owner is not None else None
    if context is not None:
        function, _ = context._functions.pop(number, (None, False))  # type: ignore[arg-type]
        key = _identity(function)
        if context._known.get(key) == number:
            del context._known[key]


RUN = callback(_ffi.CALLBACK, _run)
RUN_CLASS = callback(_ffi.CALLBACK, _run_class)
FORGET_FUNCTION = callback(_ffi.FINALIZER, _forget_function, again=True)
note(JSObject.__del__, again=None)  # of arguments: they go while JavaScript runs


_HAS_REST = 4  # inspect.CO_VARARGS
_lengths: dict[str, int] = {}  # of builtins, by their signatures as text: methods are made anew each time they are read


def length_of(function: Any) -> int:
    """What a function of JavaScript's would have: the parameters before the first one with a default."""
    bound = type(function) is MethodType
    plain = function.__func__ if bound else function
    if type(plain) is not FunctionType:
        return _length_of_builtin(function) if type(function) is BuiltinFunctionType else _length_by_signature(function)
    code = plain.__code__
    if code.co_flags & _HAS_REST and hasattr(plain, "__wrapped__"):  # it takes what the wrapped one takes
        return _length_by_signature(function)
    length: int = code.co_argcount - len(plain.__defaults__ or ()) - bound
    return length


def _length_of_builtin(function: Any) -> int:
    text = getattr(function, "__text_signature__", None)
    if text is None:
        return 0
    length = _lengths.get(text)
    if length is None:
        length = _lengths[text] = _length_by_signature(function)
    return length


def _length_by_signature(function: Any) -> int:
    """Of classes, callable objects, partial functions and what is wrapped: slowly."""
    import inspect

    try:
        parameters = _signature(inspect, function).parameters.values()
    except Exception:  # there is none, or what tells it is code that fails
        return 0
    length = 0
    for parameter in parameters:
        positional = parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        if not positional or parameter.default is not parameter.empty:
            break
        length += 1
    return length


def _signature(inspect: Any, function: Any) -> Any:
    if sys.version_info >= (3, 14):
        import annotationlib

        # Else it evaluates the annotations, which may name what is imported for type checkers only.
        return inspect.signature(function, annotation_format=annotationlib.Format.FORWARDREF)
    return inspect.signature(function)


def name_of(function: Any) -> Any:
    name = getattr(function, "__name__", None)
    if name:
        return name
    from functools import partial

    while isinstance(function, partial):
        function = function.func
    return getattr(function, "__name__", None) or type(function).__name__


def _takes_memory(function: Any) -> bool:
    """Whether a callable is a method of a file, and JavaScript's buffers have no buffer protocol in this Python."""
    if sys.version_info >= (3, 12):
        return False
    owner = getattr(getattr(function, "__wrapped__", function), "__self__", None)
    return hasattr(type(owner), "write") and not isinstance(owner, JSObject)


def _with_memory(function: Any) -> Any:
    from ._buffers import JSBuffer

    return lambda *args: function(*[arg.memoryview() if isinstance(arg, JSBuffer) else arg for arg in args])


def new_function(
    context: Context, function: Any, name: str | None, length: int | None, receiver: bool, key: Any = None
) -> Any:
    """A JavaScript function that calls a Python callable. key: see `function_for`."""
    if name is None:
        name = name_of(function)
    if length is None:
        length = length_of(function)
    if _takes_memory(function):
        function, key = _with_memory(function), None
    is_class = isinstance(function, type) and not receiver
    number = next(numbers)
    options = FunctionOptions(
        struct_size=sizeof(FunctionOptions),
        flags=(_ffi.FUNCTION_RECEIVER if receiver else 0) | (_ffi.FUNCTION_CONSTRUCTOR if is_class else 0),
        length=max(0, length - bool(receiver and length)),
        callback=RUN_CLASS if is_class else RUN,
        userdata=number,
        finalize=FORGET_FUNCTION,
    )
    put_text(options.name, str(name))
    register(context, number, function, receiver)
    made, error = Value(), c_void_p()
    status = context._engine.c.function_new(context._id, byref(options), byref(made), byref(error))
    if status:  # the finalizer has been called
        raise context._failure_of(status, error)
    if key is not None:
        context._known[key] = number
    result = context._decode(made)
    if is_class:
        _define_instances(context, result, function)
    return result


def _define_instances(context: Context, constructor: Any, cls: type) -> None:
    """`instanceof` for a class."""
    from ._properties import define
    from ._symbols import JSSymbol

    if context._engine.library.abi_version >= 2:
        test = new_function(context, lambda value: isinstance(value, cls), "[Symbol.hasInstance]", 1, False)
        define(context, constructor, JSSymbol.has_instance, test, None, None, (False, False, False))


def register(context: Context, number: int, function: Any, receiver: bool = False) -> None:
    """Lets RUN call a callable by its number, until FORGET_FUNCTION is called with that."""
    context._functions[number] = (function, receiver)
    _owners[number] = context._weak


def _identity(function: Any) -> Any:
    """What tells a callable from others that live. A bound method is made anew each time it is read."""
    if isinstance(function, MethodType):
        return id(function.__func__), id(function.__self__)
    return id(function)


def function_for(context: Context, function: Any) -> Any:
    """The JavaScript function of a callable: the same one each time, as long as JavaScript knows it."""
    if context._engine.library.abi_version < 2:
        return new_function(context, function, None, None, False)
    key = _identity(function)
    number = context._known.get(key)
    if number is not None:
        found = context._value_call(context._engine.c.host_object_find, number)
        if found is not JSUndefined:
            return found
    return new_function(context, function, None, None, False, key)
