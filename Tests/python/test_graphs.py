"""Deep copies, both ways."""

from __future__ import annotations

import array
import collections
import datetime
import enum
import math
import pickle
import sys
from typing import Any

import pytest
from conftest import Script

from miniracer import (
    JSBigInt,
    JSConversionException,
    JSErrorValue,
    JSEvalException,
    JSFunction,
    JSMapEntries,
    JSPattern,
    JSSetValues,
    JSSymbol,
    JSTimeoutException,
    JSUndefined,
    JSValueError,
    MiniRacer,
    to_python,
)
from miniracer._graph import graph_options

UTC = datetime.timezone.utc


@pytest.mark.parametrize(
    ("code", "copy"),
    [
        (
            "({a: 1, b: [true, null, 'x', {c: 2.5}]})",
            {"a": 1, "b": [True, None, "x", {"c": 2.5}]},
        ),
        ("[undefined, , 3]", [JSUndefined, JSUndefined, 3]),
        (
            "[2**31, -(2**31) - 1, 2**53, 2**60]",
            [2**31, -(2**31) - 1, 2**53, float(2**60)],
        ),
        ("[5n, -(10n ** 40n)]", [5, -(10**40)]),
        ("['', 'é日😀', 'a\\0b', '\\ud800']", ["", "é日😀", "a\0b", "\ud800"]),
        (
            "[new Date(0), new Date(8.64e15)]",
            [datetime.datetime(1970, 1, 1, tzinfo=UTC), 8.64e15],
        ),
        ("new Map([['a', 1], [2, new Map()]])", {"a": 1, 2: {}}),
        ("new Set(['a', 1, null])", {"a", 1, None}),
        ("new Map([[{k: 1}, 'v'], [true, 1]])", [({"k": 1}, "v"), (True, 1)]),
        ("new Set([{k: 1}, [2]])", [{"k": 1}, [2]]),
        (
            "[new Uint8Array([1, 2]), new Float64Array([0.5])]",
            [b"\1\2", array.array("d", [0.5])],
        ),
        ("[new ArrayBuffer(2), new DataView(new ArrayBuffer(1))]", [b"\0\0", b"\0"]),
        ("[/a+/gi]", [JSPattern("a+", "gi")]),
        ("[new Number(1), new String('s'), Object(5n)]", [1, "s", 5]),
        (
            "(() => { class P { constructor() { this.x = 1 } get y() { return 2 } } return [new P()] })()",
            [{"x": 1}],
        ),
        ("new Proxy({a: 1}, {})", {"a": 1}),
        ("(function () { return arguments })(1, 2)", {"0": 1, "1": 2}),
    ],
)
def test_out_of_javascript(mr: MiniRacer, code: str, copy: Any) -> None:
    result = mr.eval(code).to_python()
    assert result == copy
    assert pickle.loads(pickle.dumps(result)) == copy


def test_zero_and_nan(mr: MiniRacer) -> None:
    zero, nan = mr.eval("[-0, NaN]").to_python()
    assert math.copysign(1, zero) == -1
    assert math.isnan(nan)


def test_errors_are_copied(mr: MiniRacer) -> None:
    (error,) = mr.eval("[Object.assign(new RangeError('far', {cause: new Error('why')}), {code: 7})]").to_python()
    assert isinstance(error, JSErrorValue)
    assert (error.name, error.message, error.properties["code"]) == (
        "RangeError",
        "far",
        7,
    )
    assert isinstance(error.__cause__, JSErrorValue)
    back = pickle.loads(pickle.dumps(error))
    assert (back.name, back.properties["cause"].message) == ("RangeError", "why")


def test_sharing_and_cycles(mr: MiniRacer) -> None:
    copy = mr.eval("const s = [1], o = {a: s, b: s}; o.self = o; o").to_python()
    assert copy["a"] is copy["b"]
    assert copy["self"] is copy
    shared: list[Any] = [1]
    cycle: dict[str, Any] = {"a": shared, "b": [shared]}
    cycle["self"] = cycle
    assert mr.eval("x => x.a === x.b[0] && x.self === x")(cycle) is True


def test_sparse_arrays(mr: MiniRacer) -> None:
    sparse = to_python(mr.eval("const a = []; a[5] = 'x'; a[1e6] = 'y'; a"))
    assert (dict(sparse), sparse.length) == ({5: "x", 1_000_000: "y"}, 1_000_001)


def test_what_has_no_form(mr: MiniRacer) -> None:
    value = mr.eval("({a: {b: [1, () => 2]}, s: Symbol('x')})")
    with pytest.raises(JSConversionException, match=r"value\.a\.b\[1\]: a function"):
        value.to_python()
    assert value.to_python(unconvertible="drop") == {"a": {"b": [1, JSUndefined]}}
    live = to_python(value, unconvertible="handle")
    assert isinstance(live["a"]["b"][1], JSFunction)
    assert live["a"]["b"][1]() == 2
    assert isinstance(live["s"], JSSymbol)
    with pytest.raises(JSValueError, match="unconvertible is one of"):
        value.to_python(unconvertible="ignore")
    with pytest.raises(JSConversionException, match="deeper than 2"):
        mr.eval("[[[1]]]").to_python(max_depth=2)
    with pytest.raises(JSValueError, match="max_depth"):
        value.to_python(max_depth=0)
    assert to_python(5) == 5


def test_getters_run_and_may_fail(mr: MiniRacer) -> None:
    assert mr.eval("({get a() { return 1 }, toJSON() { return 'not asked' }, b: 2})").to_python(
        unconvertible="drop"
    ) == {"a": 1, "b": 2}
    with pytest.raises(JSEvalException, match="no"):
        mr.eval("({get a() { throw new Error('no') }})").to_python()
    with pytest.raises(JSTimeoutException):
        mr.eval("({get a() { for (;;); }})").to_python(timeout_sec=0.03)


def test_into_javascript(mr: MiniRacer) -> None:
    class Level(enum.IntEnum):
        HIGH = 3

    class Pair(collections.UserList[int]):
        pass

    value = {
        "set": {1},
        "frozen": frozenset(["a"]),
        "date": datetime.datetime(1970, 1, 1, tzinfo=UTC),
        "small": 2**53,
        "big": 2**53 + 1,
        "ordered": collections.OrderedDict(z=1, a=2),
        "enum": Level.HIGH,
        "pair": Pair([1, 2]),
        "range": range(3),
        "bytes": b"abc",
        "array": array.array("d", [0.5]),
        "error": ValueError("x"),
        "live": mr.eval("var live = {}; live"),
        "callable": lambda a: a + 1,
        "symbol": JSSymbol.iterator,
        "none": JSUndefined,
    }
    check = mr.eval("""v => ({
        set: v.set instanceof Set && v.set.has(1), frozen: v.frozen.has('a'), date: v.date.getTime() === 0,
        small: typeof v.small === 'number', big: v.big === 2n ** 53n + 1n,
        ordered: Object.keys(v.ordered).join() === 'z,a', enum: v.enum === 3, range: v.range.length === 3,
        pair: Array.isArray(v.pair) && v.pair[1] === 2, bytes: v.bytes instanceof Uint8Array && v.bytes[0] === 97,
        array: v.array instanceof Float64Array && v.array[0] === .5, error: v.error instanceof Error,
        name: v.error.name === 'ValueError' && v.error.message === 'x', live: v.live === live,
        callable: v.callable(1) === 2, symbol: v.symbol === Symbol.iterator,
        none: v.none === undefined && 'none' in v})""")
    assert {name for name, good in check(value).items() if not good} == set()
    assert mr.eval("x => x instanceof Set && [...x].join()")({"only"}) == "only"


def test_what_goes_in_comes_out(mr: MiniRacer) -> None:
    value = {
        "a": [1, -1, 2**40, 0.5, "é", None, True, [], {}],
        "s": {1, 2},
        "b": b"xyz",
    }
    assert mr.copy(value).to_python() == value


def test_deep_and_large(mr: MiniRacer) -> None:
    deep: list[Any] = []
    for _ in range(300):
        deep = [deep]
    assert mr.copy(deep).to_python() == deep
    assert mr.eval("x => x.length")([0] * 1_000_000) == 1_000_000
    text = "é" * 2_000_000
    assert mr.copy([text]).to_python() == [text]


def _nested(depth: int, around: Any) -> Any:
    value: Any = around([])
    for _ in range(depth - 1):
        value = around([value])
    return value


@pytest.mark.parametrize("around", [list, tuple, lambda items: dict(enumerate(items)), collections.UserList])
def test_as_deep_as_the_documents_say(mr: MiniRacer, around: Any) -> None:
    count = mr.eval("x => { let n = 0; for (; x; n++) x = x[0]; return n }")
    for depth in (400, 600, 1000):
        assert count(_nested(depth, around)) == depth
    for depth in (1001, 50_000):
        with pytest.raises(JSConversionException, match="deeper than 1000 levels"):
            count(_nested(depth, around))
    assert count(mr.copy(_nested(5000, around), max_depth=5000)) == 5000


def test_deep_from_deep_within(mr: MiniRacer) -> None:
    """The recursion limit is Python's, and not that of what is copied."""
    count = mr.eval("x => { let n = 0; for (; x; n++) x = x[0]; return n }")

    def call(depth: int) -> Any:
        return call(depth - 1) if depth else count(_nested(900, list))

    assert call(sys.getrecursionlimit() - 300) == 900

    class Endless(collections.abc.Mapping):  # type: ignore[type-arg]
        def __getitem__(self, key: str) -> Any:
            return Endless()

        def __iter__(self) -> Any:
            return iter(["more"])

        def __len__(self) -> int:
            return 1

    with pytest.raises(JSConversionException, match="nested deeper than 1000 levels"):
        mr.copy(Endless())


def test_what_is_deep_keeps_its_shape(mr: MiniRacer) -> None:
    """Beyond Python's recursion limit, and with a key beyond 2**53, another writer is at work."""
    shared = ["shared"]
    cycle: list[Any] = []
    tied = (1, cycle, 2, 3)
    cycle.append(tied)
    frozen = frozenset(range(3000))
    value = {
        "shared": [shared, {"again": shared}],
        "tied": tied,
        "empty": [(), [], {}, set(), frozenset()],
        "frozen": frozen,
        "long": list(range(5000)),
        "wide": dict.fromkeys(map(str, range(2500)), 0),
        "map": JSMapEntries([(1, "int"), ("1", "text"), (2**60, "big")]),
        "set": JSSetValues([[1], 2]),
        "sparse": mr.eval("const holes = []; holes[5000] = 'x'; holes").to_python(),
        "error": mr.eval("Object.assign(new TypeError('q'), {code: 7})").to_python(),
        "raised": ValueError("x"),
        "date": datetime.datetime(1970, 1, 1, tzinfo=UTC),
        "bytes": b"x" * 100_000,
        "text": "é" * 100_000,
        "pattern": JSPattern("a+", "g"),
        "live": mr.eval("var live = {}; live"),
        "number": [1, -1, 2**40, 2**60, 0.5, True, None, JSUndefined, JSBigInt(5)],
    }
    check = mr.eval("""v => ({
        shared: v.shared[0] === v.shared[1].again && v.shared[0][0] === 'shared',
        tied: v.tied.length === 4 && v.tied[1][0] === v.tied, frozen: v.frozen.size === 3000,
        empty: v.empty.map(x => x.length ?? x.size ?? Object.keys(x).length).join() === '0,0,0,0,0',
        long: v.long.length === 5000 && v.long[4999] === 4999, wide: Object.keys(v.wide).length === 2500,
        map: v.map.get(1) + v.map.get('1') + v.map.get(2n ** 60n) === 'inttextbig' && v.map.size === 3,
        set: v.set instanceof Set && v.set.size === 2,
        sparse: v.sparse.length === 5001 && Object.keys(v.sparse).join() === '5000',
        error: v.error instanceof TypeError && v.error.message === 'q' && v.error.code === 7,
        raised: v.raised.name === 'ValueError', date: v.date.getTime() === 0, bytes: v.bytes.length === 100000,
        text: v.text.length === 100000, pattern: String(v.pattern) === '/a+/g', live: v.live === live,
        number: v.number.map(String).join() === '1,-1,1099511627776,1152921504606846976,0.5,true,null,undefined,5'})""")
    for given in (value, {2**60: 0, **value}, {**value, "deep": _nested(900, list)}):
        assert {name for name, good in check(given).items() if not good} == set()


def test_every_buffer_and_container_in_a_list(mr: MiniRacer) -> None:
    values = [
        bytearray(b"ab"),
        memoryview(b"ab"),
        memoryview(bytearray(b"abcd"))[::2],
        array.array("h", [1]),
        array.array("u", "é"),
        range(2),
        frozenset([1]),
        collections.deque([1, 2]),
        collections.Counter("a"),
        {"k": 1}.keys(),
    ]
    shown = [mr.inspect(value) for value in values]
    assert shown == [
        "Uint8Array(2) [ 97, 98 ]",
        "Uint8Array(2) [ 97, 98 ]",
        "Uint8Array(2) [ 97, 99 ]",
        "Int16Array(1) [ 1 ]",
        "[ 'é' ]",
        "[ 0, 1 ]",
        "Set(1) { 1 }",
        "[ 1, 2 ]",
        "{ a: 1 }",
        "Set(1) { 'k' }",
    ]
    assert [mr.inspect(value) for value in mr.copy(values)] == shown
    assert [mr.inspect(mr.copy({"in": value})["in"]) for value in values] == shown
    with pytest.raises(JSConversionException, match=r"value\[1\]: a Python type has no counterpart"):
        mr.copy([1, set])


def test_limits_on_what_comes_out(mr: MiniRacer) -> None:
    value = mr.eval("({a: [1, 2, 3], text: 'x'.repeat(1000)})")
    assert value.to_python(max_nodes=100, max_bytes=2000)["a"] == [1, 2, 3]
    with pytest.raises(JSConversionException, match="more than 4 values"):
        value.to_python(max_nodes=4)
    with pytest.raises(JSConversionException, match="larger than 500 bytes"):
        to_python(value, max_bytes=500)
    with pytest.raises(JSConversionException, match="more than 1000 values"):
        mr.eval("Array(5000).fill(0)").to_python(max_nodes=1000)


def test_limits_on_what_goes_in(mr: MiniRacer) -> None:
    value = {"a": [1, 2, 3], "text": "x" * 1000}
    assert mr.copy(value, max_nodes=100, max_bytes=2000)["a"] == [1, 2, 3]
    with pytest.raises(JSConversionException, match="value: more than 4 values"):
        mr.copy(value, max_nodes=4)
    with pytest.raises(JSConversionException, match="larger than 500 bytes"):
        mr.copy(value, max_bytes=500)
    with pytest.raises(JSConversionException, match="larger than 500 bytes"):
        mr.copy(b"x" * 1000, max_bytes=500)
    with pytest.raises(JSConversionException, match="deeper than 2"):
        mr.copy([[[1]]], max_depth=2)
    for endless in (range(10**20), range(10**9 * 2)):
        with pytest.raises(JSConversionException, match=r"value\[0\]: a range of more values"):
            mr.copy([endless])
        with pytest.raises(JSConversionException, match="value: a range of more values"):
            mr.eval("x => x")(endless)
    with pytest.raises(JSConversionException, match="a range of more values"):
        mr.copy(range(10**6), max_nodes=10)
    for name, wrong in (("max_depth", "5"), ("max_nodes", 1.5), ("max_bytes", [])):
        with pytest.raises(TypeError, match=f"{name}: an int is needed, not {type(wrong).__name__}"):
            mr.copy([], **{name: wrong})  # type: ignore[arg-type]
        with pytest.raises(TypeError, match=f"{name}: an int is needed, not {type(wrong).__name__}"):
            mr.eval("[]").to_python(**{name: wrong})


@pytest.mark.parametrize("limit", ["memory_limit", "max_memory"])
def test_a_copy_is_no_larger_than_the_memory_limit(limit: str) -> None:
    data = [b"x" * 10 * 2**20]
    with MiniRacer(**{limit: 8 * 2**20}) as mr:  # type: ignore[arg-type]
        for take in (mr.copy, mr.eval("x => x")):
            with pytest.raises(JSConversionException, match="larger than 8388608 bytes"):
                take(data)
        assert mr.eval("6 * 7") == 42
        assert graph_options(mr).max_bytes == 8 * 2**20  # of both ways
        assert graph_options(mr, max_bytes=2**30).max_bytes == 2**30
        mr.set_hard_memory_limit(64 * 2**20)
        if limit == "max_memory":  # which is of all memory, too
            assert len(mr.copy(data)[0]) == 10 * 2**20
        mr.set_hard_memory_limit(0)
        assert graph_options(mr).max_bytes == 8 * 2**20
    assert graph_options(MiniRacer(memory_limit=2**40)).max_bytes == 2**30


class Key(str, enum.Enum):
    NAME = "name"


class Number(enum.IntEnum):
    SEVEN = 7


class Plain(enum.Enum):
    A = "a"


def test_keys_that_are_texts_or_integers_by_value(mr: MiniRacer) -> None:
    shared = [1]
    value: Any = {Key.NAME: shared, Number.SEVEN: shared, 2**60: [{Key.NAME: Key.NAME}], -(2**53) - 1: 0}
    value["self"] = value
    copied = mr.copy(value)
    assert list(copied) == [7, "name", "1152921504606846976", "-9007199254740993", "self"]
    assert mr.eval("x => x.self === x && x.name === x[7]")(copied) is True
    assert mr.inspect(copied[str(2**60)]) == "[ { name: 'name' } ]"
    calls = {Key.NAME: len, "same": len}
    assert mr.eval("x => x.name === x.same && x.name('abc')")(calls) == 3
    big = mr.copy({Key.NAME: mr.eval("new Map([[2n ** 60n, {}]])").to_python()})
    assert mr.inspect(big) == "{ name: Map(1) { 1152921504606846976n => {} } }"
    for key, what in ((Plain.A, "Plain"), (1.5, "float"), (b"k", "bytes"), (True, "bool"), (None, "NoneType")):
        with pytest.raises(JSConversionException, match=rf"value\['in'\]\[0\]: a key of type {what}"):
            mr.copy({"in": [{key: 1}], Key.NAME: 1})
    with pytest.raises(JSConversionException, match="'7' are one in JavaScript"):
        mr.copy({Number.SEVEN: 1, "7": 2})


def test_dates_at_the_end_of_the_calendar(mr: MiniRacer) -> None:
    west, east = (datetime.timezone(datetime.timedelta(hours=hours)) for hours in (-5, 5))
    last = datetime.datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=west)
    first = datetime.datetime(1, 1, 1, tzinfo=east)
    assert mr.inspect([last, first]) == "[ +010000-01-01T04:59:59.999Z, 0000-12-31T19:00:00.000Z ]"
    assert mr.eval("d => d.getTime()")(last) == 253402318799999


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_local_times_at_the_end_of_the_calendar(mr: MiniRacer, script: Script, zone: str) -> None:
    source = "import datetime as d, miniracer as m; print(m.MiniRacer().inspect([d.datetime.min, d.datetime.max]))"
    done = script(source, TZ=zone)
    first, last = done.stdout.strip("[] \n").split(", ")
    hours = datetime.timedelta(hours={"UTC": 0, "America/New_York": 5, "Asia/Tokyo": -9}[zone])
    assert mr.eval(f"Date.parse('{last}')") == 253402300799999 + hours // datetime.timedelta(milliseconds=1)
    assert abs(mr.eval(f"Date.parse('{first}')") + 62135596800000) < 86_400_000, done.stderr


def test_numpys_dates(mr: MiniRacer) -> None:
    numpy = pytest.importorskip("numpy")
    day = numpy.datetime64("2020-02-03")
    assert mr.inspect(day) == "2020-02-03T00:00:00.000Z"
    exact = [day, numpy.datetime64("2020-02-03T01:02:03.004000000"), numpy.datetime64("-010000")]
    assert mr.inspect(exact) == (
        "[\n  2020-02-03T00:00:00.000Z,\n  2020-02-03T01:02:03.004Z,\n  -010000-01-01T00:00:00.000Z\n]"
    )
    refused = {
        "whole milliseconds": numpy.datetime64("2020-02-03T01:02:03.000001"),
        "NaT": numpy.datetime64("NaT"),
        "no such year": numpy.datetime64(10**9, "Y"),
        "timedelta64.*is a number": numpy.timedelta64(1, "s"),
        r"list\(value\) has Dates": numpy.array(["2020-02-03"], "M8[D]"),
    }
    for said, value in refused.items():
        with pytest.raises(JSConversionException, match=said):
            mr.eval("x => x")(value)
        with pytest.raises(JSConversionException, match=rf"value\['in'\]\[0\]: .*{said}"):
            mr.copy({"in": [value]})
    assert mr.eval("o => o.when.getTime()")(mr.wrap({"when": day})) == 1580688000000


def test_numpys_numbers_and_keys(mr: MiniRacer) -> None:
    numpy = pytest.importorskip("numpy")
    assert (
        mr.inspect([numpy.float16(0.5), numpy.array(5), numpy.uint64(2**64 - 1)]) == "[ 0.5, 5, 18446744073709551615n ]"
    )
    assert mr.inspect({numpy.str_("a"): 1, numpy.int64(7): 2}) == "{ '7': 2, a: 1 }"
    every_other = numpy.arange(6, dtype=numpy.int32)[::2]
    assert mr.inspect(every_other) == mr.inspect([every_other])[2:-2] == "Int32Array(3) [ 0, 2, 4 ]"
    with pytest.raises(JSConversionException, match=r"value\[0\]: JavaScript has no typed array for elements"):
        mr.copy([numpy.array(["a"])])
