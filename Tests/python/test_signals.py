"""Signal handlers that raise while JavaScript calls Python: nothing of what they raise is lost.

Python calls them between two bytecodes, the first one of this package's callbacks included, before any `try`.
"""

from __future__ import annotations

import sys

import pytest
from conftest import Script

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")

HEAD = """
import os, signal, sys, threading, time
from collections import Counter
from miniracer import *

signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background ignores it

class X(Exception): pass
def handler(*_): raise X

def outcome(work):
    try: work()
    except BaseException as error: return type(error).__name__
    return 'returned'
"""


def test_ctrl_c_while_javascript_calls_python(script: Script) -> None:
    done = script(
        HEAD
        + """
mr = MiniRacer(timeout_sec=10)
mr.globals['f'] = lambda: 1
def press(delay):
    time.sleep(delay)
    os.kill(os.getpid(), signal.SIGINT)
seen, works = Counter(), 0
for turn in range(60):
    thread = threading.Thread(target=press, args=(0.002 + 0.00013 * turn,))
    def run():
        thread.start()
        mr.eval('for (;;) f()')
    seen[outcome(run)] += 1
    works += mr.eval('6 * 7') == 42  # the thread that ends JavaScript for Ctrl-C may be late: not this
    thread.join()
print(dict(seen), works)
"""
    )
    assert (done.stdout, done.stderr) == ("{'KeyboardInterrupt': 60} 60\n", "")


@pytest.mark.parametrize("script_text", ["for (;;) f()", "for (let i = 0; i < 200; i++) f()", "for (;;) new C()"])
def test_a_handler_that_raises_while_javascript_calls_python(script: Script, script_text: str) -> None:
    done = script(
        HEAD
        + f"""
signal.signal(signal.SIGALRM, handler)
mr = MiniRacer(timeout_sec=10)
class C: pass
mr.globals['f'] = lambda: 1
mr.globals['C'] = C
def run():
    end = time.monotonic() + 10
    while time.monotonic() < end: mr.eval({script_text!r})
seen = Counter()
for turn in range(60):
    def start():
        signal.setitimer(signal.ITIMER_REAL, 0.003 + 0.00013 * turn)
        run()
    seen[outcome(start)] += 1
    assert mr.eval('6 * 7') == 42
print(dict(seen))
"""
    )
    assert (done.stdout, done.stderr) == ("{'X': 60}\n", "")


# A trace function raises where a handler would: as a callback is entered.
RAISING = (
    HEAD
    + """
def raising(name, error, work):
    def trace(frame, event, _):
        if frame.f_code.co_name == name:
            sys.settrace(None)
            raise error
    sys.settrace(trace)
    try: return outcome(work)
    finally: sys.settrace(None)
mr = MiniRacer(timeout_sec=10)
"""
)


@pytest.mark.parametrize("error", ["X", "KeyboardInterrupt", "SystemExit"])
@pytest.mark.parametrize(
    ("callback", "text"),
    [
        ("_run", "for (;;) try { f() } catch {}"),
        ("_run_class", "for (;;) try { new C() } catch {}"),
        ("_access", "for (;;) try { o.a } catch {}"),
        ("_throw", "for (;;) try { fail() } catch {}"),
        ("as_error", "for (;;) try { fail() } catch {}"),
        ("_run", "f()"),
        ("_throw", "try { fail() } catch {}"),
    ],
)
def test_an_exception_on_entry_of_a_callback(script: Script, callback: str, text: str, error: str) -> None:
    done = script(
        RAISING
        + f"""
class C: a = 1
def fail(): raise ValueError
mr.globals.update(f=lambda: 1, C=C, o=mr.wrap(C()), fail=fail)
print(raising({callback!r}, {error}(), lambda: mr.eval({text!r})), mr.eval('6 * 7'))
f = mr.eval('() => {{ {text} }}')
print(raising({callback!r}, {error}(), f), mr.eval('6 * 7'))
mr.globals['inner'] = lambda: mr.eval({text!r})
print(raising({callback!r}, {error}(), lambda: mr.eval('for (;;) inner()')), mr.eval('6 * 7'))
"""
    )
    assert (done.stdout, done.stderr) == (f"{error} 42\n" * 3, "")


@pytest.mark.parametrize("error", ["X", "KeyboardInterrupt"])
@pytest.mark.parametrize("place", ["_settled", "_tell", "told"])
def test_a_promise_is_told_of_all_the_same(script: Script, place: str, error: str) -> None:
    done = script(
        RAISING
        + f"""
from miniracer._callbacks import watch
heard = []
def told(done, value): heard.append(value if done else type(value).__name__)
promise = mr.eval('new Promise(resolve => {{ globalThis.resolve = resolve }})')
watch(mr, promise._handle, told)
print(raising({place!r}, {error}(), lambda: mr.eval('resolve(5)')), heard, mr.eval('6 * 7'), mr.eval('7'), mr.eval('8'))
"""
    )
    heard = [5] if place == "_settled" else [error]
    assert (done.stdout, done.stderr) == (f"{error} {heard} 42 7 8\n", "")


def test_a_callable_that_is_let_go_of(script: Script) -> None:
    done = script(
        RAISING
        + """
import gc, weakref
class F:
    def __call__(self): pass
f = F(); gone = weakref.ref(f)
mr.globals['f'] = f
del f
print(raising('_forget_function', X(), mr.close), gone())
mr = MiniRacer()
mr.globals['f'] = F()
mr.eval('f = null')
print(raising('_forget_function', KeyboardInterrupt(), mr.low_memory_notification), mr.eval('6 * 7'))
"""
    )
    assert (done.stdout, done.stderr) == ("X None\nKeyboardInterrupt 42\n", "")


def test_a_heap_snapshot(script: Script) -> None:
    done = script(
        RAISING
        + """
import io
print(raising('piece', X(), lambda: mr.heap_snapshot(io.BytesIO())), mr.eval('6 * 7'))
"""
    )
    assert (done.stdout, done.stderr) == ("X 42\n", "")


def test_hooks_of_others(script: Script) -> None:
    """One that is set later is in the way of nothing, and is told of all else."""
    done = script(
        RAISING
        + """
def told(unraisable): print('told of', type(unraisable.exc_value).__name__)
mr.globals['f'] = lambda: 1
class Bad:
    def __del__(self): raise X
for _ in range(3):
    before, sys.unraisablehook = sys.unraisablehook, told
    print(raising('_run', X(), lambda: mr.eval('for (;;) f()')))
    Bad()
    sys.unraisablehook = before
"""
    )
    assert (done.stdout, done.stderr) == ("X\ntold of X\n" * 3, "")


def test_ctrl_c_is_not_taken_for_another_end(script: Script) -> None:
    """A run that Ctrl-C was to end, and that was over by then, leaves nothing to the next one."""
    done = script(
        HEAD
        + """
from miniracer import _runtime
mr = MiniRacer(timeout_sec=10)
def late():
    for engine in _runtime._engines: engine.interrupt_thread(main, None)
main = threading.get_ident()
mr.globals['f'] = late
print(outcome(lambda: mr.eval('for (;;) f()')))
mr.globals['f'] = mr.cancel
print(outcome(lambda: mr.eval('for (;;) f()')), mr.eval('6 * 7'))
"""
    )
    assert (done.stdout, done.stderr) == ("KeyboardInterrupt\nJSTerminatedException 42\n", "")


def test_a_thread_that_makes_miniracers_ends_quietly_with_the_process(script: Script) -> None:
    done = script(
        HEAD
        + """
from miniracer import _runtime
engine = MiniRacer()._engine
make = engine.c.context_new
def closed_meanwhile(isolate, *rest):
    engine.exiting = -1  # another thread
    engine.c.isolate_dispose(isolate)
    return make(isolate, *rest)
engine.c.context_new = closed_meanwhile
print(outcome(MiniRacer))
engine.exiting = 0
"""
    )
    assert (done.stdout, done.stderr) == ("SystemExit\n", "")


def test_threads_make_miniracers_as_the_process_ends(script: Script) -> None:
    for _ in range(5):
        done = script(
            HEAD
            + """
def make():
    while True:
        with MiniRacer() as mr: mr.eval('1')
for _ in range(3): threading.Thread(target=make, daemon=True).start()
time.sleep(0.05)
"""
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
