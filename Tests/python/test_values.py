"""Each row of the value table, both ways."""

from __future__ import annotations

import collections
import datetime
import enum
import math
import pickle
import sys
import types
from typing import Any

import pytest

from miniracer import (
    JSArray,
    JSArrayBuffer,
    JSBigInt,
    JSConversionException,
    JSDataView,
    JSDate,
    JSError,
    JSEvalException,
    JSFunction,
    JSGenerator,
    JSMap,
    JSMappedObject,
    JSObject,
    JSPromise,
    JSProxy,
    JSRegExp,
    JSSet,
    JSSharedArrayBuffer,
    JSSymbol,
    JSTypedArray,
    JSUndefined,
    JSUndefinedType,
    JSValueError,
    JSWasm,
    MiniRacer,
)

UTC = datetime.timezone.utc


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("undefined", JSUndefined),
        ("null", None),
        ("true", True),
        ("false", False),
        ("0", 0),
        ("-2147483648", -(2**31)),
        ("2147483647", 2**31 - 1),
        ("2147483648", 2**31),
        ("-2147483649", -(2**31) - 1),
        ("2**53", 2**53),
        ("-(2**53)", -(2**53)),
        ("2**53 + 2", float(2**53 + 2)),
        ("1e300", 1e300),
        ("1.5", 1.5),
        ("-0", -0.0),
        ("Infinity", math.inf),
        ("-Infinity", -math.inf),
        ("5n", 5),
        ("-5n", -5),
        ("2n**63n", 2**63),
        ("-(2n**63n)", -(2**63)),
        ("-(2n**64n)", -(2**64)),
        ("3n**500n", 3**500),
        ("''", ""),
        ("'abc'", "abc"),
        ("'\\xff'", "\xff"),
        ("'\\u0100'", "\u0100"),
        ("'\\u{1f600}'", "😀"),
        ("'a\\0b'", "a\0b"),
        ("'\\ud800x'", "\ud800x"),
        ("new Date(0)", datetime.datetime(1970, 1, 1, tzinfo=UTC)),
        (
            "new Date(-1)",
            datetime.datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
        ),
        (
            "new Date(253402300799999)",
            datetime.datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
        ),
    ],
)
def test_from_javascript(mr: MiniRacer, code: str, value: object) -> None:
    result = mr.eval(code)
    assert result == value
    assert type(result) is type(value) or (isinstance(value, int) and type(result) is JSBigInt)
    if isinstance(value, float):
        assert math.copysign(1, result) == math.copysign(1, value)


def test_nan(mr: MiniRacer) -> None:
    assert math.isnan(mr.eval("NaN"))
    assert mr.eval("x => Number.isNaN(x)")(math.nan) is True


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (JSUndefined, "undefined"),
        (None, "object:null"),
        (True, "boolean:true"),
        (7, "number:7"),
        (2**31, "number:2147483648"),
        (2**53, "number:9007199254740992"),
        (2**53 + 1, "bigint:9007199254740993"),
        (-(2**63), "bigint:-9223372036854775808"),
        (-(2**64) - 1, "bigint:-18446744073709551617"),
        (10**50, f"bigint:{10**50}"),
        (JSBigInt(5), "bigint:5"),
        (1.5, "number:1.5"),
        (1.0, "number:1"),
        (-0.0, "number:-0"),
        (math.inf, "number:Infinity"),
        ("", "string:"),
        ("aé", "string:aé"),
        ("日本", "string:日本"),
        ("a\0b", "string:a\0b"),
        ("\ud800", "string:\ud800"),
    ],
)
def test_to_javascript(mr: MiniRacer, value: object, shown: str) -> None:
    show = mr.eval("x => x === undefined ? 'undefined' : typeof x + ':' + (Object.is(x, -0) ? '-0' : String(x))")
    assert show(value) == shown


def test_what_goes_in_comes_out(mr: MiniRacer) -> None:
    same = mr.eval("x => x")
    rng: list[Any] = [
        0,
        1,
        -1,
        2**31,
        2**53,
        -(2**53),
        2**53 + 1,
        2**200,
        -(2**200),
        0.1,
        "x",
        "é",
        "\udfff",
        None,
        True,
    ]
    for value in rng:
        back = same(value)
        assert back == value, value
        assert isinstance(back, type(value))
    big = "x" * 10_000_000 + "é"
    assert same(big) == big


def test_very_long_texts(mr: MiniRacer) -> None:
    same, length = mr.eval("x => x"), mr.eval("x => x.length")
    for text in ("x" * 100_000_000, "日" * 50_000_000):
        assert length(text) == len(text)
        assert same(text) == text


@pytest.mark.parametrize("code", ["'x'.repeat(2 ** 24)", "'\u65e5'.repeat(2 ** 23)"])
def test_a_long_text_is_copied_once(mr: MiniRacer, code: str) -> None:
    tracemalloc = pytest.importorskip("tracemalloc")
    tracemalloc.start()
    try:
        text = mr.eval(code)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1.6 * sys.getsizeof(text)  # Python decodes UTF-16 with half as much again at hand


def test_a_bigint_stays_one(mr: MiniRacer) -> None:
    big = mr.eval("5n")
    assert big + 1 == 6
    assert mr.eval("x => typeof x")(big) == "bigint"
    assert mr.eval("x => typeof x")(big + 1) == "number"


def test_a_bigint_of_more_digits_than_python_writes(mr: MiniRacer) -> None:
    assert mr.eval("-(1n << 100000n)") == -(1 << 100000)
    assert mr.eval("x => x === 1n << 100000n")(1 << 100000)
    assert mr.eval("[1n << 100000n]").to_python() == [1 << 100000]


def test_datetimes(mr: MiniRacer) -> None:
    same, iso = mr.eval("x => x"), mr.eval("x => x.toISOString()")
    moment = datetime.datetime(2024, 2, 29, 12, 30, 15, 123000, tzinfo=UTC)
    assert same(moment) == moment
    assert iso(moment) == "2024-02-29T12:30:15.123Z"
    assert iso(moment.replace(microsecond=123999)) == "2024-02-29T12:30:15.123Z"
    assert iso(moment.astimezone(datetime.timezone(datetime.timedelta(hours=5)))) == "2024-02-29T12:30:15.123Z"
    naive = datetime.datetime(2024, 2, 29, 12, 30)
    assert same(naive) == naive.astimezone()
    for edge in (
        datetime.datetime.min.replace(tzinfo=UTC),
        datetime.datetime.max.replace(tzinfo=UTC, microsecond=0),
    ):
        assert same(edge) == edge


def test_dates_that_datetime_cannot_tell(mr: MiniRacer) -> None:
    invalid, far = mr.eval("new Date(NaN)"), mr.eval("new Date(8.64e15)")
    assert isinstance(invalid, JSDate)
    assert math.isnan(invalid.time)
    assert far.time == 8.64e15
    assert mr.eval("d => d.getTime()")(far) == 8640000000000000


@pytest.mark.parametrize(
    ("code", "cls"),
    [
        ("({})", JSMappedObject),
        ("[]", JSArray),
        ("() => 1", JSFunction),
        ("class A {}; A", JSFunction),
        ("new Proxy(() => 1, {})", JSFunction),
        ("Symbol()", JSSymbol),
        ("Promise.resolve()", JSPromise),
        ("new Map()", JSMap),
        ("new Set()", JSSet),
        ("/x/", JSRegExp),
        ("new Error('x')", JSError),
        ("new Number(1)", JSMappedObject),
        ("new ArrayBuffer(3)", JSArrayBuffer),
        ("new SharedArrayBuffer(3)", JSSharedArrayBuffer),
        ("new Uint8Array(3)", JSTypedArray),
        ("new DataView(new ArrayBuffer(3))", JSDataView),
        ("Object.create(null)", JSMappedObject),
        ("new Proxy({}, {})", JSProxy),
        ("(function* () {})()", JSGenerator),
        ("new WebAssembly.Memory({initial: 1})", JSWasm),
        ("new WeakMap()", JSMappedObject),
    ],
)
def test_objects(mr: MiniRacer, code: str, cls: type[JSObject]) -> None:
    value = mr.eval(code)
    assert type(value) is cls
    assert mr.eval("x => x")(value) == value


def test_lists_and_dicts_are_copied(mr: MiniRacer) -> None:
    text = mr.eval("x => JSON.stringify(x)")
    assert text([1, "a", None, True, [2.5], {"k": {"d": []}}]) == '[1,"a",null,true,[2.5],{"k":{"d":[]}}]'
    assert text((1, 2)) == "[1,2]"
    assert text(range(3)) == "[0,1,2]"
    assert text({"b": 1, "a": 2, 7: 3}) == '{"7":3,"b":1,"a":2}'
    assert text(collections.OrderedDict(z=1)) == '{"z":1}'
    assert text(types.MappingProxyType({"z": 1})) == '{"z":1}'
    assert text({"": [], "é\ud800": "\ud800"}) == '{"":[],"é\\ud800":"\\ud800"}'
    assert text([]) == "[]"


def test_what_json_has_no_word_for(mr: MiniRacer) -> None:
    value = {
        "nan": [math.nan],
        "big": {"n": 2**70},
        "when": datetime.datetime(1970, 1, 1, tzinfo=UTC),
        "none": JSUndefined,
        "live": mr.eval("var live = {}; live"),
        "add": lambda a, b: a + b,
    }
    check = """v => [Number.isNaN(v.nan[0]), v.big.n === 2n ** 70n, v.when.getTime() === 0,
                     'none' in v && v.none === undefined, v.live === live, v.add(1, 2) === 3].join()"""
    assert mr.eval(check)(value) == "true,true,true,true,true,true"


def test_shared_lists_stay_shared(mr: MiniRacer) -> None:
    shared = [1]
    assert mr.eval("v => v.a === v.b && v.a[0] === 1")({"a": shared, "b": shared}) is True
    assert mr.eval("v => v[0] === v[1].deep[0]")([shared, {"deep": [shared]}]) is True


def test_the_guest_cannot_come_between(mr: MiniRacer) -> None:
    mr.eval("Object.defineProperty(Object.prototype, 'a', {set() { throw 'caught' }, configurable: true})")
    mr.eval("Object.defineProperty(Array.prototype, '0', {set() { throw 'caught' }, configurable: true})")
    assert mr.eval("v => v.a + v.b[0].a")({"a": 1, "b": [{"a": 2}]}) == 3
    proto = mr.eval("v => Object.getPrototypeOf(v) === Object.prototype && Object.keys(v)[0] + v['__proto__'].x")
    assert proto({"__proto__": {"x": math.inf}}) == "__proto__Infinity"


def test_what_cannot_be_converted_is_named(mr: MiniRacer) -> None:
    same = mr.eval("x => x")
    with pytest.raises(JSConversionException, match="a Python object has no counterpart"):
        same(object())
    with pytest.raises(JSConversionException, match=r"value\['a'\]\[1\]: a Python complex"):
        same({"a": [1, 1j]})
    with pytest.raises(JSConversionException, match="key of type tuple"):
        same({(1, 2): 3})
    with pytest.raises(JSConversionException, match="keys '1' and 1 are one"):
        same({"1": 1, 1: 2})
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(JSConversionException, match="nested deeper than 1000 levels"):
        same(deep)
    with pytest.raises(JSConversionException, match="a Python date has"):
        same(datetime.date(2020, 1, 1))


def test_subclasses_and_look_alikes(mr: MiniRacer) -> None:
    class Colour(enum.IntEnum):
        RED = 3

    class Word(str):
        __slots__ = ()

        def __str__(self) -> str:
            return "not this"

    show = mr.eval("x => typeof x + ':' + x")
    assert show(Colour.RED) == "number:3"
    assert show(Word("w")) == "string:w"
    assert show([Colour.RED, Word("w")]) == "object:3,w"


def test_a_numpy_that_is_being_imported(mr: MiniRacer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", types.ModuleType("numpy"))
    assert mr.eval("x => typeof x")(iter([1])) == "object"
    assert mr.eval("x => typeof x[0]")([iter([1])]) == "object"


def test_numpy_scalars(mr: MiniRacer) -> None:
    numpy = pytest.importorskip("numpy")
    show = mr.eval("x => typeof x + ':' + x")
    assert show(numpy.int64(5)) == "number:5"
    assert show(numpy.float64(1.5)) == "number:1.5"
    assert show([numpy.int32(5)]) == "object:5"


def test_objects_of_another_mini_racer_are_refused(mr: MiniRacer) -> None:
    with MiniRacer() as other:
        stranger = other.eval("({})")
        with pytest.raises(JSValueError, match="another MiniRacer"):
            mr.eval("x => x")(stranger)
        with pytest.raises(JSValueError, match="another MiniRacer"):
            mr.globals["x"] = [stranger]


def test_undefined_is_one_and_false() -> None:
    assert not JSUndefined
    assert repr(JSUndefined) == "JSUndefined"
    assert pickle.loads(pickle.dumps(JSUndefined)) is JSUndefined
    assert JSUndefinedType() is JSUndefined


def test_error_objects(mr: MiniRacer) -> None:
    error = mr.eval("function f() { return new RangeError('far', {cause: new Error('why')}) }; f()")
    assert (error.name, error.message, str(error)) == (
        "RangeError",
        "far",
        "RangeError: far",
    )
    exception = error.to_exception()
    assert type(exception) is JSEvalException
    assert (exception.name, exception.frames[0].function, exception.value) == (
        "RangeError",
        "f",
        error,
    )
    assert exception.cause is not None
    show = mr.eval("e => [e instanceof Error, e.name, e.message].join()")
    assert show(ValueError("mine")) == "true,ValueError,mine"
    assert show(exception) == "true,RangeError,far"


def test_what_is_shown(mr: MiniRacer) -> None:
    assert mr.inspect(mr.eval("({a: [1, 'x'], m: new Map([[1, 2]])})")) == "{ a: [ 1, 'x' ], m: Map(1) { 1 => 2 } }"
    assert mr.inspect("text") == "'text'"
    nested = mr.eval("({a: {b: {c: {d: 1}}}})")
    assert mr.inspect(nested) == "{ a: { b: { c: [Object] } } }"
    assert mr.inspect(nested, depth=0) == "{ a: [Object] }"
    assert mr.inspect(nested, depth=None, width=20).count("\n") > 2
    assert mr.inspect(1, colors=True) == "\x1b[33m1\x1b[39m"
