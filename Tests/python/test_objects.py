"""Objects as mappings, with attributes."""

from __future__ import annotations

import copy
import gc
import pickle
from collections.abc import MutableMapping

import pytest

from miniracer import (
    JSEvalException,
    JSKeyError,
    JSMappedObject,
    JSObject,
    JSSymbol,
    JSTimeoutException,
    JSTypeError,
    JSUndefined,
    MiniRacer,
)


def test_reads_and_writes_go_through(mr: MiniRacer) -> None:
    obj = mr.eval("var o = {a: 1, b: {c: 2}}; o")
    assert isinstance(obj, MutableMapping)
    obj["a"] = "x"
    obj["b"]["c"] += 1
    obj["new"] = None
    del obj["a"]
    assert mr.eval("JSON.stringify(o)") == '{"b":{"c":3},"new":null}'


def test_the_rest_of_a_mapping(mr: MiniRacer) -> None:
    obj = mr.eval("({a: 1, b: 2, 7: 3})")
    assert list(obj) == [7, "a", "b"]
    assert len(obj) == 3
    assert dict(obj.items()) == {7: 3, "a": 1, "b": 2}
    assert list(obj.values()) == [3, 1, 2]
    assert "a" in obj
    assert 7 in obj
    assert "7" in obj
    assert "toString" in obj  # JavaScript's `in`
    assert "z" not in obj
    assert (1, 2) not in obj
    assert obj.get("z", 5) == 5
    assert obj.pop("a") == 1
    assert obj.setdefault("d", 4) == 4
    obj.update(e=5)
    assert obj == {7: 3, "b": 2, "d": 4, "e": 5}
    obj.clear()
    assert len(obj) == 0
    assert not obj


def test_keys_that_are_words_of_javascript(mr: MiniRacer) -> None:
    obj = mr.eval("var words = {null: 1, undefined: 2, true: 3, false: 4}; words")
    keys = [None, JSUndefined, True, False]
    assert [obj[key] for key in keys] == [1, 2, 3, 4]
    assert [obj.get(key) for key in keys] == [1, 2, 3, 4]
    assert all(key in obj for key in keys)
    for key in keys:
        obj[key] = str(key)
    assert mr.eval("Object.values(words).join()") == "None,JSUndefined,True,False"
    assert obj.pop(None) == "None"
    del obj[JSUndefined]
    del obj[True]
    assert obj.setdefault(None, 5) == 5
    assert obj == {"false": "False", "null": 5}
    mr.define(obj, None, 6)
    assert mr.descriptor(obj, None)["value"] == 6


def test_missing_keys(mr: MiniRacer) -> None:
    obj = mr.eval("({there: undefined})")
    assert obj["there"] is mr.eval("undefined")
    for wrong in ("gone", 5, (1, 2), None, b"x"):
        with pytest.raises(JSKeyError):
            obj[wrong]
        with pytest.raises(KeyError):
            del obj[wrong]


def test_inherited_keys_are_listed_as_for_in_does(mr: MiniRacer) -> None:
    assert list(mr.eval("Object.create({z: 1}, {y: {value: 2, enumerable: true}, x: {value: 3}})")) == ["y", "z"]


def test_properties_that_cannot_be_changed(mr: MiniRacer) -> None:
    frozen = mr.eval("Object.freeze({a: 1})")
    with pytest.raises(JSEvalException, match="TypeError"):
        frozen["a"] = 2
    with pytest.raises(JSTypeError, match="deleted"):
        del frozen["a"]


def test_getters_and_proxies_run_and_may_throw(mr: MiniRacer) -> None:
    obj = mr.eval("({get a() { return 5 }, get b() { throw new RangeError('no') }})")
    assert obj["a"] == 5
    with pytest.raises(JSEvalException, match="RangeError: no"):
        obj["b"]
    proxy = mr.eval("new Proxy({}, {get(t, k) { return 'got ' + String(k) }, has() { return true }})")
    assert proxy["x"] == "got x"


def test_getters_are_under_the_default_timeout() -> None:
    with MiniRacer(timeout_sec=0.05) as mr:
        obj = mr.eval("({get a() { for (;;); }})")
        with pytest.raises(JSTimeoutException):
            obj["a"]
        assert mr.eval("1") == 1


def test_attributes(mr: MiniRacer) -> None:
    obj = mr.eval("var o = {size: 1, keys: 'js', _secret: 2}; o")
    assert obj.size == 1
    obj.size = 2
    obj.fresh = 3
    del obj.fresh
    assert mr.eval("o.size + ',' + ('fresh' in o)") == "2,false"
    assert callable(obj.keys)  # Python's method; the property is obj["keys"]
    assert obj["keys"] == "js"
    with pytest.raises(AttributeError, match=r"obj\['keys'\]"):
        obj.keys = 1
    with pytest.raises(AttributeError):
        _ = obj._secret
    with pytest.raises(AttributeError):
        _ = obj.nothing
    with pytest.raises(AttributeError):
        del obj.nothing
    assert not hasattr(obj, "__array_interface__")


def test_methods_read_as_attributes_are_bound(mr: MiniRacer) -> None:
    counter = mr.eval(
        "({n: 5, get() { return this === undefined ? 'none' : this.n }, up() { 'use strict'; return this }})"
    )
    assert counter.up() == counter
    assert counter["up"]() is mr.eval("undefined")
    assert counter["get"](this=counter) == 5
    assert mr.eval("new Map([[1, 2]])").size == 1
    assert mr.eval("f => f()")(counter.up) is mr.eval("undefined")


def test_identity_is_that_of_javascript(mr: MiniRacer) -> None:
    a, again, b = mr.eval("var a = {}; a"), mr.eval("a"), mr.eval("({})")
    assert a == again
    assert a != b
    assert hash(a) == hash(again)
    assert len({a, again, b}) == 2
    assert a != 1
    with MiniRacer() as other:
        assert a != other.eval("({})")


def test_equal_to_a_dict_of_the_same_contents(mr: MiniRacer) -> None:
    assert mr.eval("({a: 1, b: {c: [1, 2]}})") == {"a": 1, "b": {"c": [1, 2]}}
    assert mr.eval("({a: 1})") != {"a": 2}


def test_repr_runs_no_guest_code(mr: MiniRacer) -> None:
    mr.eval("var ran = 0")
    trap = "{get(t, k) { ran++; for (;;); }, getPrototypeOf() { ran++; for (;;); }, ownKeys() { ran++; for (;;); }}"
    repr(mr.eval(f"new Proxy({{}}, {trap})"))
    repr(mr.eval("({get constructor() { ran++; return 1 }, get [Symbol.toStringTag]() { ran++; return 'x' }})"))
    assert mr.eval("ran") == 0
    assert repr(mr.eval("class Point {}; new Point")) == "<JSMappedObject Point>"


def test_neither_pickled_nor_copied(mr: MiniRacer) -> None:
    for thing in (mr.eval("({})"), mr.eval("[]"), mr.eval("() => 1"), mr):
        with pytest.raises(TypeError, match="neither pickled nor copied"):
            pickle.dumps(thing)
        with pytest.raises(TypeError, match="neither pickled nor copied"):
            copy.deepcopy(thing)
    with pytest.raises(TypeError, match="come from a MiniRacer"):
        JSMappedObject()


def test_handles_go_with_their_objects(mr: MiniRacer) -> None:
    make = mr.eval("() => ({})")
    before = mr.heap_stats()["number_of_handles"]
    kept = [make() for _ in range(100)]
    assert mr.heap_stats()["number_of_handles"] == before + 100
    assert all(isinstance(item, JSObject) for item in kept)
    kept.clear()
    gc.collect()
    mr.eval("1")
    assert mr.heap_stats()["number_of_handles"] == before


def test_dates_and_texts_leave_no_handles(mr: MiniRacer) -> None:
    f = mr.eval("(...a) => new Date()")
    before = mr.heap_stats()["number_of_handles"]
    for _ in range(50):
        f("x" * 100, [1], {"a": f}, 2**80)
    gc.collect()
    mr.low_memory_notification()
    mr.eval("1")
    assert mr.heap_stats()["number_of_handles"] == before


def test_instances(mr: MiniRacer) -> None:
    point = mr.eval("class Point {}; class Far extends Point {}; Point")
    assert isinstance(mr.eval("new Far()"), point)
    assert not isinstance(mr.eval("({})"), point)
    assert not isinstance(5, point)
    assert isinstance(mr.eval("[]"), mr.eval("Array"))
    with pytest.raises(JSEvalException, match="TypeError"):
        isinstance(mr.eval("({})"), mr.eval("() => 1"))


def test_descriptors(mr: MiniRacer) -> None:
    obj = mr.eval("var o = {a: 1, get b() { throw 'not called' }}; o")
    assert mr.descriptor(obj, "a") == {
        "value": 1,
        "writable": True,
        "enumerable": True,
        "configurable": True,
    }
    accessor = mr.descriptor(obj, "b")
    assert accessor is not None
    assert callable(accessor["getter"])
    assert accessor["setter"] is None
    assert mr.descriptor(obj, "toString") is None
    mr.define(obj, "fixed", 5, enumerable=True)
    mr.define(obj, JSSymbol.to_string_tag, "Mine")
    mr.define(
        obj,
        "double",
        getter=lambda this: 2 * this["a"],
        setter=lambda this, x: this.update(a=x / 2),
    )
    assert (
        mr.eval("o.double = 42; [Object.keys(o), o.double, o.a, String(o)].join()") == "a,b,fixed,42,21,[object Mine]"
    )
    with pytest.raises(JSEvalException, match="TypeError"):
        mr.eval("'use strict'; o.fixed = 6")
    with pytest.raises(JSEvalException, match="TypeError"):
        mr.define(obj, "fixed", 6)


def test_prototypes(mr: MiniRacer) -> None:
    obj = mr.eval("var base = {hello() { return 'hello' }}; var o = {}; o")
    assert mr.prototype(obj) == mr.eval("Object.prototype")
    mr.set_prototype(obj, mr.eval("base"))
    assert obj.hello() == "hello"
    mr.set_prototype(obj, None)
    assert mr.prototype(obj) is None


def test_what_cannot_be_deleted(mr: MiniRacer) -> None:
    frozen = mr.eval("Object.freeze({a: 1})")
    with pytest.raises(TypeError, match="does not let the property 'a' be deleted"):
        del frozen["a"]
    with pytest.raises(TypeError, match="does not let the property 'a' be deleted"):
        del frozen.a
    with pytest.raises(AttributeError, match="no attribute 'b'"):
        del frozen.b
    assert frozen.a == 1
