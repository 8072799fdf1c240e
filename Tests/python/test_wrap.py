"""Python objects by reference."""

from __future__ import annotations

import collections
import dataclasses
import gc
import gzip
import io
import math
import tempfile
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from miniracer import (
    JSClosedException,
    JSEvalException,
    JSMappedObject,
    JSValueError,
    MiniRacer,
)


class Account:
    def __init__(self, owner: str, balance: int) -> None:
        self.owner = owner
        self.balance = balance
        self._pin = 1234

    @property
    def rich(self) -> bool:
        return self.balance > 1000

    def deposit(self, amount: int) -> int:
        if amount <= 0:
            raise ValueError("nothing to deposit")
        self.balance += amount
        return self.balance

    def __len__(self) -> int:
        return 3

    def __iter__(self) -> Iterator[str]:
        return iter(["a", "b", "c"])


def test_objects_show_their_public_attributes(mr: MiniRacer) -> None:
    account = Account("Ada", 10)
    mr.expose("account", account)
    assert mr.eval("account.owner + account.deposit(5) + account.rich") == "Ada15false"
    mr.eval("account.balance *= 100; account.note = 'new'")
    assert (account.balance, account.note) == (1500, "new")  # type: ignore[attr-defined]
    assert mr.eval("[account._pin, '_pin' in account, account.nothing, 'owner' in account]").to_python()[1:] == [
        False,
        mr.eval("undefined"),
        True,
    ]
    assert mr.eval("Object.keys(account).join()") == "owner,balance,note,rich"
    assert mr.eval("delete account.note; 'note' in account") is False
    assert not hasattr(account, "note")
    assert mr.eval("[...account].join() + account.length") == "a,b,c3"
    assert mr.eval("String(account)") == "[object Account]"
    with pytest.raises(ValueError, match="nothing to deposit"):
        mr.eval("account.deposit(0)")
    with pytest.raises(AttributeError):
        mr.eval("'use strict'; account.rich = true")


def test_they_are_the_same_on_both_sides(mr: MiniRacer) -> None:
    account = Account("Ada", 10)
    mr.globals["one"] = mr.wrap(account)
    mr.globals["two"] = mr.wrap(account)
    assert mr.eval("one === two && one.deposit === two.deposit") is True
    assert mr.eval("one") is account
    assert mr.eval("f => f(one)")(lambda given: given is account) is True
    assert mr.eval("({deep: [one]})")["deep"][0] is account


def test_dicts_show_their_items(mr: MiniRacer) -> None:
    config: dict[Any, Any] = {
        "depth": 3,
        "inner": {"list": [1, 2]},
        7: "seven",
        "keys": "item",
    }
    mr.expose("config", config)
    assert mr.eval("config.depth + config.inner.list[1] + config[7] + config.keys") == "5sevenitem"
    mr.eval("config.depth++; config.inner.list.push(3); config.inner.fresh = null; delete config[7]")
    assert config == {
        "depth": 4,
        "inner": {"list": [1, 2, 3], "fresh": None},
        "keys": "item",
    }
    assert mr.eval("JSON.stringify(config)") == '{"depth":4,"inner":{"list":[1,2,3],"fresh":null},"keys":"item"}'
    assert mr.eval("Object.entries(config).length + typeof config.toString") == "3function"
    assert mr.eval("config.inner === config.inner") is True
    frozen = mr.wrap(config, read_only=True)
    with pytest.raises(JSEvalException, match="TypeError"):
        mr.eval("'use strict'; x => { x.depth = 1 }")(frozen)
    assert mr.eval("x => x.depth")(frozen) == 4


def test_lists_are_arrays(mr: MiniRacer) -> None:
    items: list[Any] = [3, 1, 2]
    mr.expose("items", items)
    assert mr.eval("items.length + items.map(x => x * 2).join() + items.indexOf(1)") == "36,2,41"
    assert mr.eval("let s = 0; for (const x of items) s += x; s") == 6
    mr.eval("items.push('last'); items[0] = {a: 1}; items.sort; items.length = 3")
    assert items[1:] == [1, 2]
    assert isinstance(items[0], JSMappedObject)
    mr.eval("items.splice(0, 1); items.reverse()")
    assert items == [2, 1]
    assert mr.eval("JSON.stringify(items)") == "[2,1]"
    assert mr.eval("x => x[0] + x.length")(mr.wrap((5, 6))) == 7
    with pytest.raises(JSEvalException, match="TypeError"):
        mr.eval("'use strict'; x => { x[0] = 1 }")(mr.wrap((5, 6)))


def test_modules_classes_and_callables(mr: MiniRacer) -> None:
    mr.expose("math", math)
    assert mr.eval("math.sqrt(16) + Math.floor(math.pi)") == 7
    mr.expose("Account", Account)
    assert mr.eval("const a = new Account('Alan', 1); a.deposit(1)") == 2
    assert isinstance(mr.eval("a"), Account)
    with pytest.raises(ValueError, match="math domain error"):
        mr.eval("math.sqrt(-1)")
    counter: collections.Counter[str] = collections.Counter("hello")
    assert mr.eval("c => c.l")(mr.wrap(counter)) == 2


def test_what_may_be_seen(mr: MiniRacer) -> None:
    @dataclasses.dataclass
    class Point:
        x: int
        y: int
        _z: int = 3

    point = Point(1, 2)
    keys = mr.eval("p => Object.keys(p).join()")
    assert keys(mr.wrap(point)) == "x,y"
    assert keys(mr.wrap(point, private=True)).startswith("x,y,_z")
    narrow = mr.wrap(point, names=["x"], class_name="Narrow")
    assert keys(narrow) == "x"
    assert mr.eval("p => [p.x, p.y, String(p)].join()")(narrow) == "1,,[object Narrow]"
    assert mr.eval("p => typeof p.__class__ + typeof p.constructor")(mr.wrap(point)) == "undefinedfunction"


def test_read_only_goes_all_the_way_down(mr: MiniRacer) -> None:
    account = Account("Ada", 10)
    account.log = [{"n": 1}]  # type: ignore[attr-defined]
    data = {"list": [[1]], "dict": {"a": {}}, "account": account, "each": {1}}
    frozen = mr.wrap(data, read_only=True)
    for code in (
        "x.list.push(2)",
        "x.list[0][0] = 2",
        "x.dict.a.b = 1",
        "x.account.balance = 0",
        "x.account.log[0].n = 2",
        "for (const inner of x.list) inner.push(2)",
    ):
        with pytest.raises(JSEvalException, match="TypeError"):
            mr.eval(f"x => {{ {code} }}")(frozen)
    for iterable in ([[1]], iter([[1]])):
        with pytest.raises(JSEvalException, match="TypeError"):
            mr.eval("x => { for (const inner of x) inner.push(2) }")(mr.wrap(iterable, read_only=True))
    assert mr.eval("x => x.list[0] === x.list[0] && x.account.log[0].n")(frozen) == 1
    mr.eval("x => x.account.log[0].n = 2")(mr.wrap(data))
    assert account.log == [{"n": 2}]  # type: ignore[attr-defined]


def test_names_are_of_one_object(mr: MiniRacer) -> None:
    outer = Account("Ada", 10)
    outer.inner = Account("Alan", 20)  # type: ignore[attr-defined]
    assert mr.eval("x => [x.balance, x.inner.balance].join()")(mr.wrap(outer, names=["inner"])) == ",20"


def test_names_of_a_mapping_are_its_keys(mr: MiniRacer) -> None:
    data: dict[Any, Any] = {"a": 1, "secret": 2, 7: "seven", 8: "eight"}
    mr.expose("narrow", data, names=["a", "7", "fresh"])
    assert mr.eval("[narrow.a, narrow.secret, narrow[7], narrow[8], 'secret' in narrow].join()") == "1,,seven,,false"
    assert mr.eval("Object.keys(narrow).join() + JSON.stringify(narrow)") == '7,a{"7":"seven","a":1}'
    mr.eval("narrow.a = 3; narrow.fresh = 4; delete narrow[7]; delete narrow.secret; delete narrow[8]")
    with pytest.raises(JSEvalException, match="TypeError"):
        mr.eval("'use strict'; narrow.secret = 5")
    assert data == {"a": 3, "secret": 2, 8: "eight", "fresh": 4}
    assert mr.eval("x => Object.keys(x).length")(mr.wrap(data, names=[])) == 0


@pytest.mark.parametrize("names", [[], ["0", "length"]])
def test_elements_have_no_names(mr: MiniRacer, names: list[str]) -> None:
    with pytest.raises(JSValueError, match="names: a list has elements"):
        mr.wrap([1, 2], names=names)
    with pytest.raises(JSValueError, match="names: a range has elements"):
        mr.wrap(range(3), names=names)


def test_another_class_name_is_another_object(mr: MiniRacer) -> None:
    account = Account("Ada", 10)
    shown = mr.eval("x => String(x)")
    assert shown(mr.wrap(account)) == "[object Account]"
    assert shown(mr.wrap(account, class_name="Other")) == "[object Other]"
    assert mr.eval("x => x")(mr.wrap(account, class_name="Other")) is account


def test_instances(mr: MiniRacer) -> None:
    make = mr.eval("C => { const made = new C('Ada', 1); return [made, made instanceof C, {} instanceof C] }")
    for given in (Account, mr.wrap(Account)):
        made, is_one, other = make(given)
        assert isinstance(made, Account)
        assert (is_one, other) == (True, False)
    assert mr.eval("f => f('5') + typeof f + f.name")(int) == "5functionint"
    assert mr.eval("C => new C([1, 2]).length")(list) == 2
    with pytest.raises(TypeError, match="a Python int is no object in JavaScript"):
        mr.eval("C => new C('5')")(int)
    with pytest.raises(TypeError, match="missing 2 required positional arguments"):
        mr.eval("C => new C()")(Account)


def test_a_property_that_raises(mr: MiniRacer) -> None:
    class Sensor:
        def __init__(self) -> None:
            self.name = "one"

        @property
        def value(self) -> int:
            raise LookupError("no signal")

        @property
        def missing(self) -> int:
            raise AttributeError("missing")

    sensor = mr.wrap(Sensor())
    assert mr.eval("s => Object.keys(s).join() + ('value' in s) + ('missing' in s)")(sensor) == "name,valuetruefalse"
    with pytest.raises(LookupError, match="no signal"):
        mr.eval("s => s.value")(sensor)


def test_files_take_javascripts_bytes(mr: MiniRacer) -> None:
    file = io.BytesIO()
    mr.globals["file"] = mr.wrap(file)
    assert mr.eval("file.write(new Uint8Array([97, 98])) + file.write(new Uint8Array([99]).buffer)") == 3
    assert mr.eval("write => write(new Uint16Array([0x6564]))")(file.write) == 2
    assert file.getvalue() == b"abcde"
    kept: list[Any] = []
    mr.eval("keep => keep(new Uint8Array(1))")(kept.append)
    assert type(kept[0]).__name__ == "JSTypedArray"
    with tempfile.TemporaryFile() as temporary, gzip.GzipFile(fileobj=io.BytesIO(), mode="wb") as zipped:
        for one in (temporary, zipped):
            assert mr.eval("file => file.write(new Uint8Array(3))")(mr.wrap(one)) == 3


def test_iterators_have_next(mr: MiniRacer) -> None:
    closed: list[bool] = []

    def count() -> Iterator[Any]:
        try:
            got = yield 1
            yield got
            return "end"
        finally:
            closed.append(True)

    show = "JSON.stringify([g.next(), g.next('sent'), g.next(), g.next()])"
    shown = '[{"value":1,"done":false},{"value":"sent","done":false},{"value":"end","done":true},{"done":true}]'
    assert mr.eval(f"g => {show}")(count()) == shown
    assert mr.eval("g => { g.next(); return JSON.stringify(g.return(5)) }")(count()) == '{"value":5,"done":true}'
    assert closed == [True, True]
    assert mr.eval("g => { g.next(); return [...g].join() + typeof g.return }")(iter("abc")) == "b,cundefined"
    assert mr.eval("g => g.next().value.length")(iter([[1, 2]])) == 2
    with pytest.raises(LookupError):
        mr.eval("g => g.next()")(map({}.__getitem__, "a"))


def test_asynchronous_iterators_have_next(mr: MiniRacer) -> None:
    async def count() -> Any:
        got = yield 1
        yield got

    steps = mr.eval("async g => JSON.stringify([await g.next(), await g.next('sent'), await g.return(5)])")
    assert steps(count()).get(timeout=20) == (
        '[{"value":1,"done":false},{"value":"sent","done":false},{"value":5,"done":true}]'
    )


def test_no_way_into_python(mr: MiniRacer) -> None:
    def generate() -> Iterator[int]:
        yield 1

    async def generate_later() -> Any:
        yield 1

    for thing in (generate(), generate_later(), generate, generate.__code__):
        seen = mr.wrap(thing)
        names = "gi_frame gi_code ag_frame ag_code co_consts __globals__ __class__ __self__".split()
        assert [name for name in names if mr.eval("(x, name) => x[name] !== undefined")(seen, name)] == []
    assert mr.eval("f => Object.getOwnPropertyNames(f).join()")(generate) == "length,name"


def test_lists_do_not_grow_by_leaps(mr: MiniRacer) -> None:
    items = [1, 2]
    mr.expose("items", items)
    for code in ("items[2 ** 31] = 1", "items.length = 2 ** 32 - 1", "items[3] = 1"):
        with pytest.raises(IndexError):
            mr.eval(code)
    assert items == [1, 2]


def test_iterators(mr: MiniRacer) -> None:
    closed: list[bool] = []

    def count() -> Iterator[int]:
        try:
            yield from range(1000)
        finally:
            closed.append(True)

    take = mr.eval(
        "(items, n) => { const out = []; for (const x of items) { if (x >= n) break; out.push(x) } return out }"
    )
    assert list(take(count(), 3)) == [0, 1, 2]  # passed as it is, by reference
    assert closed == [True]
    assert mr.eval("items => [...items].length")(mr.wrap({1, 2, 3})) == 3
    assert mr.eval("items => Array.from(items, x => x + 1).join()")(iter([1, 2])) == "2,3"

    def fail() -> Iterator[int]:
        yield 1
        raise KeyError("in between")

    with pytest.raises(KeyError, match="in between"):
        mr.eval("items => [...items]")(fail())


def test_javascripts_iterators(mr: MiniRacer) -> None:
    generator = mr.eval("(function* () { const got = yield 1; yield got + 1; return 'end' })()")
    assert next(generator) == 1
    assert generator.send(41) == 42
    with pytest.raises(StopIteration) as end:
        next(generator)
    assert end.value.value == "end"
    assert list(mr.eval("(function* () { yield* 'abc' })()")) == ["a", "b", "c"]
    assert next(mr.eval("new Map([[1, 2]])").entries().iterate()) == [1, 2]
    mr.eval("var closed = 0; function* count() { try { for (let i = 0;; i++) yield i } finally { closed++ } }")
    for x in mr.eval("({[Symbol.iterator]: count})").iterate():
        if x == 2:
            break
    stopped = mr.eval("count()")
    next(stopped)
    stopped.close()
    gc.collect()
    assert mr.eval("closed") == 2
    with pytest.raises(TypeError, match=r"no Symbol\.iterator"):
        list(mr.eval("({})").iterate())
    with pytest.raises(TypeError, match="async for"):
        next(mr.eval("(async function* () {})()"))


def test_they_go_when_javascript_lets_go(mr: MiniRacer) -> None:
    account = Account("Ada", 1)
    gone = weakref.ref(account)
    mr.globals["account"] = mr.wrap(account)
    del account
    mr.low_memory_notification()
    assert mr.eval("account.owner") == "Ada"
    mr.eval("account = null")
    for _ in range(3):
        mr.low_memory_notification()
        mr.eval("1")
        gc.collect()
    assert gone() is None


def test_close_breaks_cycles_between_the_heaps() -> None:
    mr = MiniRacer()
    account = Account("Ada", 1)
    account.self = mr.expose("account", account)  # type: ignore[attr-defined]
    gone = weakref.ref(account)
    mr.close()
    del account
    mr = None  # type: ignore[assignment]
    gc.collect()
    assert gone() is None


def test_misuse(mr: MiniRacer) -> None:
    with pytest.raises(JSValueError, match="JavaScript's already"):
        mr.wrap(mr.eval("({})"))
    thing = mr.wrap({})
    mr.close()
    with pytest.raises(JSClosedException):
        mr.wrap({})
    with pytest.raises(JSClosedException):
        thing["a"]
