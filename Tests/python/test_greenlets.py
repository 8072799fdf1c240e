"""gevent and eventlet, which put greenlets in the place of threads. Where they are not installed, something like them
tells as much."""

from __future__ import annotations

import importlib.util
import sys

import pytest
from conftest import Script

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")

needs_gevent = pytest.mark.skipif(importlib.util.find_spec("gevent") is None, reason="gevent is not installed")

#: As gevent.monkey.patch_all() and eventlet.monkey_patch() do.
PATCHED = """
import signal, sys, _thread
from types import ModuleType, SimpleNamespace

signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background ignores it
names = 'allocate_lock', 'get_ident', 'start_new_thread'
real = {name: getattr(_thread, name) for name in names}
def patch(name, **functions):
    package, _, part = name.partition('.')
    module = ModuleType(name)
    module.__dict__.update(functions)
    sys.modules.update({package: ModuleType(package), name: module})
    for name in names: setattr(_thread, name, lambda *args, function=real[name]: patched(function, *args))
def patched(function, *args):
    assert function is not real['start_new_thread'], 'no thread'
    return function(*args)
"""


@pytest.mark.parametrize(
    "patch",
    [
        "patch('gevent.monkey', get_original=lambda module, name: real[name] if module == '_thread' else 0)",
        "patch('eventlet.patcher', original=lambda module: SimpleNamespace(**real) if module == '_thread' else 0)",
    ],
)
def test_threads_are_real_where_others_take_their_place(script: Script, patch: str) -> None:
    done = script(
        f"""
{PATCHED}
{patch}
from miniracer import *
from miniracer import _interrupt, _runtime, _threads
print([getattr(_threads, name) is real[name] for name in names], _runtime.get_ident is real['get_ident'])
mr = MiniRacer()
async def answer(): return 42
mr.globals['answer'] = answer
print(mr.eval('answer()').get(timeout=20), _interrupt._pipe is not None)
""",
    )
    assert (done.stdout, done.stderr) == ("[True, True, True] True\n42 True\n", "")


@needs_gevent
def test_gevent_goes_on_after_the_first_miniracer(script: Script) -> None:
    done = script(
        """
import gevent.monkey; gevent.monkey.patch_all()
import time, gevent
from miniracer import *
mr = MiniRacer()
print(mr.eval('6 * 7'))
time.sleep(0.01)
ticks = []
ticking = gevent.spawn(lambda: [(ticks.append(1), gevent.sleep(0.01)) for _ in range(1000)])
long = 'for (const t = Date.now() + 300; Date.now() < t;); 7'
print(gevent.get_hub().threadpool.apply(mr.eval, (long,)), len(ticks) > 3)
ticking.kill()
"""
    )
    assert (done.stdout, done.stderr) == ("42\n7 True\n", "")


#: Greenlets: B comes, in the middle of a callable that A's JavaScript calls. `as_b` calls something as B.
IMITATED = """
import sys
from types import ModuleType
class Greenlet: pass
A, B = Greenlet(), Greenlet()
now = A
sys.modules['greenlet'] = greenlet = ModuleType('greenlet')
greenlet.getcurrent = lambda: now
def as_b(function, *args):
    global now
    now = B
    try: return function(*args)
    finally: now = A
"""
REAL = """
from greenlet import greenlet
def as_b(function, *args):
    result = greenlet(lambda: outcome(lambda: function(*args))).switch()
    if isinstance(result, Exception): raise result
    return result
def outcome(work):
    try: return work()
    except Exception as error: return error
"""
CASES = """
from miniracer import *
mr, other = MiniRacer(), MiniRacer()
obj = mr.eval('({get a() { return 1 }})')
uses = {
    'eval': lambda: mr.eval('1'), 'another eval': lambda: other.eval('1'), 'get': lambda: obj['a'],
    'set': lambda: mr.globals.update(b=1), 'garbage': mr.low_memory_notification, 'new': MiniRacer,
    'copy': obj.to_python, 'function': lambda: mr.globals.update(f=len),
}
refused = []
def visit():
    for name, use in uses.items():
        use()  # A may
        try: as_b(use)
        except JSDeadlockException as error:
            assert 'threadpool' in str(error)
            refused.append(name)
class C:
    def __init__(self): visit()
class D:
    @property
    def a(self): return visit()
mr.globals.update(visit=visit, C=C, d=mr.wrap(D()))
for code in ('visit()', 'new C()', 'd.a', 'new Promise(resolve => setTimeout(() => resolve(visit()), 1))'):
    value = mr.eval(code)
    if isinstance(value, JSPromise): value.get(timeout=20)
    print(refused == list(uses), as_b(mr.eval, '6 * 7'), mr.eval('6 * 7'))
    refused.clear()
"""
EXPECTED = "True 42 42\n" * 4


def test_greenlets_are_refused_while_another_is_in_a_callable(script: Script) -> None:
    done = script(IMITATED + CASES)
    assert (done.stdout, done.stderr) == (EXPECTED, "")


@pytest.mark.skipif(importlib.util.find_spec("greenlet") is None, reason="greenlet is not installed")
def test_real_greenlets_are_refused_likewise(script: Script) -> None:
    done = script(REAL + CASES)
    assert (done.stdout, done.stderr) == (EXPECTED, "")


def test_greenlets_that_come_later(script: Script) -> None:
    """greenlet is imported once MiniRacers and functions are there."""
    done = script(
        f"""
from miniracer import *
mr, other = MiniRacer(), MiniRacer()
mr.globals['visit'] = lambda: as_b(other.eval, '1')
text = 'try {{ visit() }} catch (e) {{ e.name }}'
as_b = lambda function, *args: function(*args)
print(mr.eval(text))
{IMITATED}
print(mr.eval(text), as_b(mr.eval, '6 * 7'))
"""
    )
    assert (done.stdout, done.stderr) == ("1\nJSDeadlockException 42\n", "")


@needs_gevent
def test_gevent_switches_in_a_callable(script: Script) -> None:
    done = script(
        """
import gevent
from miniracer import *
a, b = MiniRacer(), MiniRacer()
for mr in (a, b): mr.globals['nap'] = gevent.sleep
def run(mr, code):
    try: return mr.eval(code)
    except JSDeadlockException: return 'refused'
both = [gevent.spawn(run, a, 'nap(0.05); 1'), gevent.spawn(run, b, 'nap(0.1); 2')]
gevent.joinall(both)
print([one.value for one in both], run(b, 'nap(0.01); 3'))
killed = gevent.spawn(run, a, 'nap(60)')
gevent.sleep(0.01)
print(run(b, '4'))
a.close()
killed.kill()
print(run(b, '5'))
pool = gevent.get_hub().threadpool
print([pool.spawn(run, b, f'nap(0.01); {n}').get() for n in (6, 7)])
"""
    )
    assert (done.stdout, done.stderr) == ("[1, 'refused'] 3\nrefused\n5\n[6, 7]\n", "")


@needs_gevent
def test_a_nested_callable_switches(script: Script) -> None:
    """The stack of nested runs is put away, and others' frames take the place, while the watchdog looks at them."""
    done = script(
        """
from greenlet import getcurrent, greenlet
import time
from miniracer import *

main = getcurrent()

def scribble(depth):
    return list(map(scribble, [depth - 1])) if depth else time.sleep(0.02)

def interrupted(work):
    def outcome():
        try: return work()
        except JSTimeoutException as error: return error
    other = greenlet(outcome)
    other.switch()  # until the callable switches back
    for _ in range(10): scribble(40)
    return other.switch(7)

with MiniRacer(timeout_sec=20) as mr:
    mr.globals['switching'] = main.switch
    mr.globals['again'] = lambda n, limit: mr.eval(f'again_({n}, {limit})', timeout_sec=limit + n / 100, cpu_time=limit)
    mr.eval('function again_(n, limit) { return n ? again(n - 1, limit) : switching() }')
    print(interrupted(lambda: mr.eval('again(5, 10)')))
    print(interrupted(lambda: mr.eval('again(5, 0.1)')))
    print(mr.eval('6 * 7'))
"""
    )
    assert (done.stdout, done.stderr) == ("7\nJavaScript was terminated by timeout\n42\n", "")
