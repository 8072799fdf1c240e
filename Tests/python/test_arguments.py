"""Arguments of the wrong type: each is a TypeError that names the parameter and what was given."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from miniracer import JSSymbol, MiniRacer, init_mini_racer, load_library, mini_racer, to_python

#: (parameter, what is given, the call)
CALLS: list[tuple[str, Any, Callable[[Any, Any], Any]]] = [
    ("code", b"1", lambda mr, x: mr.eval(x)),
    ("code", None, lambda mr, x: asyncio.run(mr.eval_async(x))),
    ("code", 5, lambda mr, x: asyncio.run(mr.eval_cancelable(x))),
    ("timeout", "1", lambda mr, x: mr.eval("1", timeout=x)),
    ("timeout_sec", "1", lambda mr, x: mr.eval("1", timeout_sec=x)),
    ("timeout_sec", object(), lambda mr, x: mr.eval("() => 1")(timeout_sec=x)),
    ("timeout_sec", True, lambda mr, x: mr.eval("class A {}; A").new(timeout_sec=x)),
    ("cpu_time", [], lambda mr, x: mr.eval("1", cpu_time=x)),
    ("max_memory", "1", lambda mr, x: MiniRacer(max_memory=x)),
    ("clock_resolution", [], lambda mr, x: MiniRacer(clock_resolution=x)),
    ("filename", 5, lambda mr, x: mr.eval("1", filename=x)),
    ("line", "5", lambda mr, x: mr.eval("1", filename="a", line=x)),
    ("column", 1.5, lambda mr, x: mr.eval("1", filename="a", column=x)),
    ("source_map", {}, lambda mr, x: mr.eval("1", filename="a", source_map=x)),
    ("source_map", {}, lambda mr, x: asyncio.run(mr.eval_async("1", filename="a", source_map=x))),
    ("source_map", {}, lambda mr, x: mr.eval_module("1", source_map=x)),
    ("expr", 5, lambda mr, x: mr.execute(x)),
    ("expr", 5, lambda mr, x: mr.call(x)),
    ("func", 5, lambda mr, x: mr.function(x)),
    ("func", 5, lambda mr, x: mr.wrap_py_function(x)),
    ("name", 5, lambda mr, x: mr.function(len, name=x)),
    ("length", "5", lambda mr, x: mr.function(len, length=x)),
    ("names", 5, lambda mr, x: mr.wrap({}, names=x)),
    ("names", "abc", lambda mr, x: mr.wrap({}, names=x)),
    ("class_name", 5, lambda mr, x: mr.wrap({}, class_name=x)),
    ("name", 5, lambda mr, x: mr.expose(x, {})),
    ("buffer", 5, lambda mr, x: mr.lend(x)),
    ("data", "text", lambda mr, x: mr.array_buffer(x)),
    ("kind", 5, lambda mr, x: mr.typed_array(x, b"")),
    ("byte_offset", "0", lambda mr, x: mr.typed_array("Uint8Array", b"", x)),
    ("length", "0", lambda mr, x: mr.typed_array("Uint8Array", b"", 0, x)),
    ("module", 5, lambda mr, x: mr.wasm(x)),
    ("obj", 5, lambda mr, x: mr.define(x, "a", 1)),
    ("getter", 5, lambda mr, x: mr.define(mr.globals, "a", getter=x)),
    ("setter", 5, lambda mr, x: mr.define(mr.globals, "a", setter=x)),
    ("obj", {}, lambda mr, x: mr.descriptor(x, "a")),
    ("obj", None, lambda mr, x: mr.prototype(x)),
    ("obj", "x", lambda mr, x: mr.set_prototype(x, None)),
    ("prototype", 5, lambda mr, x: mr.set_prototype(mr.globals, x)),
    ("depth", "2", lambda mr, x: mr.inspect(1, x)),
    ("width", "80", lambda mr, x: mr.inspect(1, width=x)),
    ("specifier", None, lambda mr, x: mr.import_module(x)),
    ("specifier", 5, lambda mr, x: asyncio.run(mr.import_module_async(x))),
    ("referrer", 5, lambda mr, x: mr.import_module("a", referrer=x)),
    ("source", b"1", lambda mr, x: mr.eval_module(x)),
    ("name", 5, lambda mr, x: mr.eval_module("1", x)),
    ("load", 5, lambda mr, x: mr.set_module_loader(load=x)),
    ("resolve", "x", lambda mr, x: mr.set_module_loader(resolve=x)),
    ("meta", {}, lambda mr, x: mr.set_module_loader(meta=x)),
    ("modules", [], lambda mr, x: mr.set_module_loader(modules=x)),
    ("root", 5, lambda mr, x: mr.set_module_root(x)),
    ("packages", "/", lambda mr, x: mr.set_module_root("/", packages=x)),
    ("packages", 5, lambda mr, x: mr.set_module_root("/", packages=[x])),
    ("conditions", 5, lambda mr, x: mr.set_module_root("/", conditions=[x])),
    ("limit", "5", lambda mr, x: mr.set_hard_memory_limit(x)),
    ("limit", None, lambda mr, x: mr.set_soft_memory_limit(x)),
    ("timeout", "5", lambda mr, x: mr.eval("Promise.resolve(1)").get(timeout=x)),
    ("unconvertible", 5, lambda mr, x: to_python(mr.globals, x)),
    ("description", 5, lambda mr, x: JSSymbol(x)),
    ("key", 5, lambda mr, x: JSSymbol.for_key(x)),
    ("library", 5, lambda mr, x: MiniRacer(library=x)),
    ("library", 5, lambda mr, x: load_library(x)),
    ("flags", "--jitless", lambda mr, x: init_mini_racer(flags=x)),
    ("console", 5, lambda mr, x: MiniRacer(console=x)),
    ("on_event", 5, lambda mr, x: MiniRacer(on_event=x)),
    ("on_unhandled", 5, lambda mr, x: MiniRacer(on_unhandled=x)),
    ("event_loop", 5, lambda mr, x: mini_racer(x)),
    ("preset", 5, lambda mr, x: MiniRacer(preset=x)),
    ("allow_eval", "no", lambda mr, x: MiniRacer(allow_eval=x)),
    ("memory_limit", 1.5, lambda mr, x: MiniRacer(memory_limit=x)),
    ("grace", "1", lambda mr, x: MiniRacer(grace=x)),
    ("max_handles", "5", lambda mr, x: MiniRacer(max_handles=x)),
    ("stack_limit", "5", lambda mr, x: MiniRacer(stack_limit=x)),
    ("modules", 5, lambda mr, x: MiniRacer(modules=x)),
]


@pytest.mark.parametrize(("name", "given", "call"), CALLS, ids=lambda part: part if isinstance(part, str) else "")
def test_the_message(mr: MiniRacer, name: str, given: Any, call: Callable[[Any, Any], Any]) -> None:
    with pytest.raises(TypeError) as caught:
        call(mr, given)
    said = str(caught.value)
    assert said.startswith(f"{name}: ")
    assert said.endswith(f"needed, not {type(given).__name__}")
    assert mr.eval("1") == 1
