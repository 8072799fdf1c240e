"""What Python does goes on whatever a guest made of its world, and no guest gets hold of another one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from test_wasm import MODULE

from miniracer import JSArray, JSEvalException, JSTimeoutException, JSUndefined, MiniRacer, NotSupportedError

#: Bends a world: its functions say "owned", and so does what is missing in any object.
BEND = """{
  const functions = [], {defineProperty} = Object;
  for (const made of [Object, Function, Array, Promise, Reflect, JSON, Symbol, String, Number, WebAssembly])
    for (const home of [made, made.prototype])
      for (const key of home ? Reflect.ownKeys(home) : []) {
        const {configurable, value} = Object.getOwnPropertyDescriptor(home, key);
        if (configurable && typeof value === 'function' && key !== 'constructor') functions.push({home, key});
      }
  for (const key of ['callee', 'call', 'done', 'exports', '__proto__'])
    defineProperty(Object.prototype, key, {get() { return () => 'owned' }, set() { throw 'owned' }});
  const {length} = functions;
  for (let i = 0; i < length; i++) defineProperty(functions[i].home, functions[i].key, {value: () => 'owned'});
}"""


@pytest.fixture
def bent() -> MiniRacer:
    mr = MiniRacer(timeout_sec=20)
    mr.eval(BEND)
    return mr


def test_call_with_functions_redefined(bent: MiniRacer) -> None:
    assert bent.call("(x) => x", 5) == 5
    assert bent.call("(...a) => a", 1, [2], {"a": None}) == [1, [2], {"a": None}]
    assert bent.call("f => typeof f", None) == "object"
    assert bent.execute("[1, {a: 2}]") == [1, {"a": 2}]


def test_what_call_calls_has_the_global_object(mr: MiniRacer) -> None:
    mr.eval("var me = this, o = {sloppy() { return this === me }, strict() { 'use strict'; return this === me }}")
    for expression in ("o.sloppy", "o.strict", "() => this === me", "function () { return this === me } // a comment"):
        assert mr.call(expression) is True
    assert mr.call("Math.min, Math.max", 1, 2) == 2
    assert mr.call("((f) => () => f.name)(function () {})") == ""
    for wrong, error in (("nothing", "ReferenceError"), ("1", "TypeError"), ("x) => (", "SyntaxError")):
        with pytest.raises(JSEvalException) as caught:
            mr.call(wrong, 1)
        assert caught.value.name == error


def test_webassembly_redefined(bent: MiniRacer) -> None:
    bent.eval("WebAssembly = {Module: class {}, Instance: class { exports = 'owned' }}; 0")
    exports = bent.wasm(MODULE, {"env": {"log": print}})
    assert exports["add"](2, 3) == 5
    with MiniRacer() as mr:
        prototype = mr.eval("WebAssembly.Instance.prototype")
        module = mr.eval("bytes => new WebAssembly.Module(bytes)")(MODULE)
        mr.define(prototype, "exports", getter=lambda this: "owned")
        mr.define(mr.eval("WebAssembly.Module"), mr.eval("Symbol.hasInstance"), lambda *_: False)
        assert mr.wasm(module, {"env": {"log": print}})["add"](2, 3) == 5


def test_no_webassembly() -> None:
    with MiniRacer(webassembly=False) as mr, pytest.raises(NotSupportedError, match="has no WebAssembly"):
        mr.wasm(MODULE)


def test_list_methods_with_arrays_redefined(bent: MiniRacer) -> None:
    array = bent.eval("[1, 2]")
    array.insert(0, 0)
    array.append(3)
    array.extend([4, 5])
    array[1:2] = [8, 9]
    assert array.pop() == 5
    del array[0]
    assert list(array) == [8, 9, 2, 3, 4]
    assert bent.eval("x => { let sum = 0; for (const y of x) sum += y; return sum }")(bent.wrap({1: 2}.keys())) == 1


# ---- Other worlds ----------------------------------------------------------------------------------------------------

CHANGES: dict[str, Callable[[JSArray], Any]] = {
    "insert": lambda array: array.insert(0, 1),
    "extend": lambda array: array.extend([1]),
    "append": lambda array: array.append(1),
    "pop": lambda array: array.pop(),
    "del": lambda array: array.__delitem__(0),
    "slice": lambda array: array.__setitem__(slice(0, 1), [7, 8]),
    "steps": lambda array: array.__delitem__(slice(None, None, 2)),
    "clear": lambda array: array.clear(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_refusing_array_throws_is_of_the_guests_world(mr: MiniRacer, change: str) -> None:
    mr.globals["change"] = CHANGES[change]
    said = mr.eval("""
        const array = Object.freeze([1, 2, 3]);
        try { change(array); 'nothing thrown' } catch (error) {
          [error.constructor === TypeError, error instanceof TypeError,
           error.constructor.constructor('return this')() === globalThis, array.join()].join()
        }
    """)
    assert said == "true,true,true,1,2,3"


@pytest.mark.parametrize("change", CHANGES)
def test_the_guests_species_is_not_asked(mr: MiniRacer, change: str) -> None:
    mr.eval("var asked = 0, array = [1, 2, 3]")
    mr.eval("array.constructor = {get [Symbol.species]() { asked++; return Array }}")
    CHANGES[change](mr.eval("array"))
    assert mr.eval("asked") == 0


# ---- All kinds of arrays ---------------------------------------------------------------------------------------------


def test_holes_stay_holes(mr: MiniRacer) -> None:
    array = mr.eval("var sparse = [0, , 2, , , 5]; sparse")
    array.insert(1, "new")
    assert mr.eval("Object.keys(sparse).join() + ' ' + sparse.length") == "0,1,3,6 7"
    del array[0]
    assert mr.eval("Object.keys(sparse).join() + ' ' + sparse.length") == "0,2,5 6"
    array[1:3] = []
    assert mr.eval("Object.keys(sparse).join() + ' ' + sparse.length") == "0,3 4"
    assert list(array) == ["new", JSUndefined, JSUndefined, 5]


def test_an_array_that_is_nearly_all_holes_ends_with_its_time() -> None:
    with MiniRacer(timeout_sec=0.1) as mr:
        array = mr.eval("var far = []; far[4e9] = 1; far")
        with pytest.raises(JSTimeoutException):
            array.insert(0, 1)
        assert mr.eval("far.length > 4e9")


def test_setters_among_the_elements_run(mr: MiniRacer) -> None:
    array = mr.eval("""
        var wrote = [], array = [1, 2, 3];
        Object.defineProperty(array, 1, {get: () => 'got', set: x => wrote.push(x), configurable: true}); array
    """)
    array.insert(0, 0)
    assert mr.eval("wrote.join() + ' ' + array.join()") == "1 0,got,got,3"


def test_sealed_arrays_take_nothing_more(mr: MiniRacer) -> None:
    for seal in ("seal", "preventExtensions"):
        array = mr.eval(f"Object.{seal}([1, 2, 3])")
        for grow in (lambda array: array.insert(0, 1), lambda array: array.extend([1])):
            with pytest.raises(JSEvalException, match="not extensible"):
                grow(array)
        assert list(array) == [1, 2, 3]


def test_proxies_of_arrays_among_the_prototypes(mr: MiniRacer) -> None:
    array = mr.eval("""
        var seen = [];
        Object.setPrototypeOf([1, 2], new Proxy(Array.prototype, {has(t, k) { seen.push(k); return k in t }}))
    """)
    del array[0]
    assert list(array) == [2]
    with pytest.raises(JSEvalException, match="revoked"):
        mr.eval("var r = Proxy.revocable([], {}); r.revoke(); Object.setPrototypeOf([, 1], r.proxy)").insert(0, 1)


def test_more_than_a_call_has_arguments(mr: MiniRacer) -> None:
    array = mr.eval("['first', 'last']")
    array[1:1] = range(100_000)
    assert (len(array), array[0], array[1], array[100_000], array[-1]) == (100_002, "first", 0, 99_999, "last")
    array[1:-1] = []
    assert array == ["first", "last"]
    array.extend(range(70_000))
    assert array[-1] == 69_999
