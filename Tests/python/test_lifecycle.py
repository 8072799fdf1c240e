"""Closing, the end of the process, Ctrl-C, fork."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
import weakref

import pytest
from conftest import Script

from miniracer import JSClosedException, JSSymbol, MiniRacer, mini_racer


def test_close() -> None:
    mr = MiniRacer()
    obj, array, f = mr.eval("({a: 1})"), mr.eval("[1]"), mr.eval("() => 1")
    mr.close()
    mr.close()
    for use in (
        lambda: mr.eval("1"),
        lambda: obj["a"],
        lambda: array[0],
        f,
        lambda: hash(obj),
        lambda: mr.globals,
    ):
        with pytest.raises(JSClosedException, match="closed"):
            use()
    with pytest.raises(JSClosedException):
        mr.heap_stats()
    assert repr(obj) == "<JSMappedObject closed>"
    assert "closed" in repr(mr)
    with pytest.raises(JSClosedException):
        mr.eval("f => 1").__call__(lambda: 1)


def test_collections_can_be_cleaned_after_close() -> None:
    mr = MiniRacer()
    known = [
        mr.eval(code) for code in ("var o = {}; o", "[1]", "() => 1", "new Date(NaN)", "Symbol('s')", "Symbol.iterator")
    ]
    again = mr.eval("o")
    hashes = [hash(one) for one in known]
    kept = set(known)
    by_object = dict.fromkeys(known, 1)
    assert again in kept
    assert JSSymbol.iterator in kept
    mr.close()
    assert [hash(one) for one in known] == hashes
    assert again not in kept  # whether it is the same nobody can tell any more
    assert JSSymbol.iterator not in kept
    for one in known:
        assert one == one
        assert one not in (again, JSSymbol.iterator)
        kept.discard(one)
        del by_object[one]
    assert not kept
    assert not by_object


def test_with() -> None:
    with MiniRacer() as mr:
        assert mr.eval("1") == 1
    with pytest.raises(JSClosedException):
        mr.eval("1")
    with mini_racer() as mr:
        assert mr.eval("1") == 1
    with pytest.raises(JSClosedException):
        mr.eval("1")


def test_objects_keep_their_mini_racer() -> None:
    array = MiniRacer().eval("[1, 2, 3]")
    gc.collect()
    assert list(array) == [1, 2, 3]
    array.insert(0, 0)
    gone = weakref.ref(array._context)
    del array
    assert gone() is None  # at once, without the collector


def test_many_come_and_go() -> None:
    for _ in range(200):
        assert MiniRacer().eval("1") == 1


EXITS = {
    "nothing but a context": "mr = MiniRacer()",
    "after some work": "mr = MiniRacer(); o = mr.eval('({a: [1]})'); mr.globals['f'] = print",
    "closed": "mr = MiniRacer(); mr.eval('1'); mr.close()",
    "in a cycle": "mr = MiniRacer(); mr.globals['f'] = lambda: mr; mr.me = mr",
    "a daemon thread runs JavaScript": """
mr = MiniRacer(); go = threading.Event(); mr.globals['go'] = go.set
threading.Thread(target=mr.eval, args=('go(); for (;;);',), daemon=True).start(); go.wait()""",
    "a daemon thread runs JavaScript that calls Python": """
mr = MiniRacer(); go = threading.Event(); mr.globals['f'] = lambda x: go.set() or x
threading.Thread(target=mr.eval, args=('for (;;) f(1)',), daemon=True).start(); go.wait()""",
    "a daemon thread is in Python in JavaScript": """
mr = MiniRacer(); go = threading.Event(); mr.globals['f'] = lambda: go.set() or time.sleep(30)
threading.Thread(target=mr.eval, args=('f()',), daemon=True).start(); go.wait()""",
    "daemon threads start over and over": """
def work():
    while True:
        try: MiniRacer().eval('1')
        except Exception: pass
for _ in range(3): threading.Thread(target=work, daemon=True).start()
time.sleep(0.2)""",
    "threads wait for a busy one": """
mr = MiniRacer(); go = threading.Event(); mr.globals['go'] = go.set
threading.Thread(target=mr.eval, args=('go(); for (;;);',), daemon=True).start(); go.wait()
for _ in range(3): threading.Thread(target=mr.eval, args=('1',), daemon=True).start()
time.sleep(0.05)""",
    "sys.exit in a callback": """
mr = MiniRacer(); mr.globals['bye'] = lambda: sys.exit(0); mr.eval('try { bye() } catch {}')""",
    "used by another atexit function": """
import atexit; mr = MiniRacer(); atexit.register(lambda: mr.eval('1'))""",
    "objects in a module that goes late": """
sys.mr = MiniRacer(); sys.o = sys.mr.eval('[1]'); sys.f = sys.mr.function(len)""",
    "at exit, a promise waits": "mr = MiniRacer(); mr.eval('new Promise(() => {})')",
    "timers that call Python": """
mr = MiniRacer(); go = threading.Event(); mr.globals['f'] = go.set
mr.eval('setInterval(() => f(), 1)'); go.wait()""",
    "a timer is in Python": """
mr = MiniRacer(); go = threading.Event(); mr.globals['f'] = lambda: go.set() or time.sleep(0.5)
mr.eval('setTimeout(() => f(), 1)'); go.wait()""",
    "a timer runs for ever": """
mr = MiniRacer(); go = threading.Event(); mr.globals['f'] = go.set
mr.eval('setTimeout(() => { f(); for (;;); }, 1)'); go.wait()""",
    "a thread waits for a promise": """
mr = MiniRacer(); p = mr.eval('new Promise(() => {})')
threading.Thread(target=p.get, daemon=True).start(); time.sleep(0.05)""",
    "a coroutine that JavaScript waits for": """
import asyncio; mr = MiniRacer(); mr.globals['sleep'] = lambda: asyncio.sleep(30)
mr.eval('sleep()'); time.sleep(0.05)""",
    "asyncio.run was cut off": """
import asyncio; mr = MiniRacer()
async def main():
    task = asyncio.ensure_future(mr.eval_async('for (;;);')); await asyncio.sleep(0.05)
asyncio.run(main())""",
    "memory that is lent and seen": """
mr = MiniRacer(); sys.a = bytearray(8); sys.l = mr.lend(sys.a); sys.v = sys.l.memoryview()
sys.w = mr.eval('new Uint8Array(4)').memoryview(); mr.globals['l'] = sys.l""",
    "wrapped objects": "mr = MiniRacer(); mr.expose('d', {'mr': mr}); mr.me = mr.eval('d')",
    "symbols, maps and modules": """
mr = MiniRacer(modules={'m': {'x': 1}})
sys.o = [mr.import_module('m'), mr.eval('new Map([[1, 2]])'), JSSymbol('x')]
mr.globals[sys.o[2]] = mr.eval('({})').get(JSSymbol.iterator)""",
}


@pytest.mark.parametrize("case", EXITS)
def test_the_interpreter_exits_cleanly(script: Script, case: str) -> None:
    begun = time.monotonic()
    done = script(f"import sys, threading, time\nfrom miniracer import *\n{EXITS[case]}\nprint('end', flush=True)")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ("" if "sys.exit" in case else "end\n")
    assert done.stderr == ""
    assert time.monotonic() - begun < 20


def test_a_fresh_process_imports_little(script: Script) -> None:
    """Each of these takes a good part of the time that a process has until its first result."""
    done = script("""
import ctypes, sys
before = set(sys.modules)
from miniracer import MiniRacer
MiniRacer().eval('1')
slow = 'array asyncio collections contextlib datetime enum functools inspect json operator pickle re signal '
slow += 'threading typing'
print(set(slow.split()) & (set(sys.modules) - before))
import miniracer
print(miniracer.JSStackFrame.__name__, MiniRacer.json_impl.__name__, *MiniRacer().eval('[new Date(0)]'))
""")
    assert done.stdout == "set()\nJSStackFrame json 1970-01-01 00:00:00+00:00\n", done.stderr


def _interrupt(script: Script, source: str, wait: str = "ready\n") -> tuple[int, str, str]:
    # A test run that was started in the background ignores SIGINT, and so would its children.
    process = script.start("import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n" + source)
    assert process.stdout is not None
    assert process.stdout.readline() == wait
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    try:
        out, err = process.communicate(timeout=30)
    except Exception:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    return process.returncode, out, err


def test_ctrl_c_ends_javascript_and_the_context_works_on(script: Script) -> None:
    code, out, err = _interrupt(
        script,
        """
from miniracer import MiniRacer
mr = MiniRacer()
print('ready', flush=True)
for _ in range(2):
    try:
        mr.eval('for (;;);')
    except KeyboardInterrupt:
        print('interrupted', mr.eval('1 + 1'))
        break
""",
    )
    assert (code, out, err) == (0, "interrupted 2\n", "")


def test_ctrl_c_in_a_callback(script: Script) -> None:
    code, out, err = _interrupt(
        script,
        """
import time
from miniracer import MiniRacer
mr = MiniRacer()
mr.globals['sleep'] = time.sleep
print('ready', flush=True)
try:
    mr.eval('for (;;) try { sleep(60) } catch {}')
except KeyboardInterrupt:
    print('interrupted', mr.eval('1 + 1'))
""",
    )
    assert (code, out, err) == (0, "interrupted 2\n", "")


def test_ctrl_c_ends_waiting_for_a_promise(script: Script) -> None:
    code, out, err = _interrupt(
        script,
        """
from miniracer import MiniRacer
mr = MiniRacer()
promise = mr.eval('new Promise(() => {})')
print('ready', flush=True)
try:
    promise.get()
except KeyboardInterrupt:
    print('interrupted', mr.eval('1 + 1'))
""",
    )
    assert (code, out, err) == (0, "interrupted 2\n", "")


def test_ctrl_c_leaves_other_threads_alone(script: Script) -> None:
    code, out, err = _interrupt(
        script,
        """
import threading, time
from miniracer import MiniRacer
mr, other = MiniRacer(), MiniRacer()
result = []
slow = 'for (const t = Date.now() + 1000; Date.now() < t;); 7'
thread = threading.Thread(target=lambda: result.append(other.eval(slow)))
thread.start()
print('ready', flush=True)
try:
    mr.eval('for (;;);')
except KeyboardInterrupt:
    thread.join()
    print('interrupted', result)
""",
    )
    assert (code, out, err) == (0, "interrupted [7]\n", "")


def test_ctrl_c_ends_the_wait_for_another_threads_run(script: Script) -> None:
    code, out, err = _interrupt(
        script,
        """
import threading
from miniracer import JSClosedException, MiniRacer
mr = MiniRacer()
mr.globals['ready'] = lambda: print('ready', flush=True)
ended = []
def run():
    try:
        mr.eval('ready(); for (;;);', timeout_sec=20)
    except JSClosedException:
        ended.append(1)
thread = threading.Thread(target=run, daemon=True)
thread.start()
try:
    while True:
        mr.eval('1')
except KeyboardInterrupt:
    print('interrupted', ended)
mr.close()
thread.join()
""",
    )
    assert (code, out, err) == (0, "interrupted []\n", "")


def test_a_handler_of_ones_own_is_left_alone(script: Script) -> None:
    code, out, _ = _interrupt(
        script,
        """
import signal
from miniracer import MiniRacer
seen = []
mr = MiniRacer()
signal.signal(signal.SIGINT, lambda *a: seen.append(1))
print('ready', flush=True)
print(mr.eval("for (const t = Date.now() + 1000; Date.now() < t;); 'not ended'"), seen)
""",
    )
    assert (code, out) == (0, "not ended [1]\n")


@pytest.mark.skipif(sys.platform != "linux", reason="fork")
def test_fork(script: Script) -> None:
    done = script(
        """
import os
from miniracer import JSForkedException, MiniRacer
mr = MiniRacer()
obj = mr.eval('({a: 1})')
mr.eval('setInterval(() => {}, 1)')
child = os.fork()
if child == 0:
    try:
        mr.eval('1')
    except JSForkedException as error:
        print(error, flush=True)
    try:
        obj['a']
    except JSForkedException:
        print('so do objects', flush=True)
    print(MiniRacer().eval('40 + 2'), flush=True)
    print(MiniRacer().eval('new Promise(resolve => setTimeout(resolve, 5, "timers too"))').get(timeout=10), flush=True)
    raise SystemExit(3)
print(os.WEXITSTATUS(os.waitpid(child, 0)[1]), obj['a'], mr.eval('2'))
print(mr.eval('new Promise(resolve => setTimeout(resolve, 5, "the parent goes on"))').get(timeout=10))
""",
        PYTHONWARNINGS="ignore",  # Python 3.12 and later say that forking with threads is dangerous
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "this MiniRacer was made before fork(); make a new one in the child process",
        "so do objects",
        "42",
        "timers too",
        "3 1 2",
        "the parent goes on",
    ]


def test_multiprocessing(script: Script) -> None:
    done = script(
        """
import concurrent.futures, multiprocessing
from miniracer import MiniRacer
def work(n):
    with MiniRacer() as mr:
        return mr.eval(f'{n} * 2')
if __name__ == '__main__':
    mr = MiniRacer()
    context = multiprocessing.get_context('fork')
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as pool:
        print(list(pool.map(work, range(4))), mr.eval('1'))
"""
    )
    assert done.stdout == "[0, 2, 4, 6] 1\n", done.stderr


LOOP = """
import asyncio, signal
from miniracer import MiniRacer
mr = MiniRacer()
async def main():
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, print)
    await asyncio.sleep(0.2)
    loop.remove_signal_handler(signal.SIGTERM)
"""


@pytest.mark.parametrize("run", ["mr.eval('for (;;);')", "f()", "mr.eval('new Promise(() => {})').get()"])
def test_ctrl_c_after_an_event_loop_took_the_signals(script: Script, run: str) -> None:
    code, out, err = _interrupt(
        script,
        f"""{LOOP}
f = mr.eval('() => {{ for (;;); }}')
asyncio.run(main())
print('ready', flush=True)
try:
    {run}
except KeyboardInterrupt:
    print('interrupted', mr.eval('1 + 1'))
""",
    )
    assert (code, out, err) == (0, "interrupted 2\n", "")


def test_the_wakeup_descriptor_of_others_is_left_alone(script: Script) -> None:
    done = script(
        """
import signal, socket, time
from miniracer import MiniRacer
signal.signal(signal.SIGINT, signal.default_int_handler)
mr = MiniRacer()
ours = signal.set_wakeup_fd(-1)
ends = socket.socketpair()
ends[1].setblocking(False)
signal.set_wakeup_fd(ends[1].fileno())
for _ in range(5):
    mr.eval('1')
    time.sleep(0.05)
print(signal.set_wakeup_fd(-1) == ends[1].fileno(), end=' ')
signal.set_wakeup_fd(ends[1].fileno())
ends[1].close()
time.sleep(0.2)
mr.eval('1')  # nobody's any more
print(signal.set_wakeup_fd(-1) == ours)
"""
    )
    assert (done.stdout, done.stderr) == ("True True\n", "")


@pytest.mark.skipif(sys.platform != "linux", reason="fork")
def test_a_forked_child_keeps_the_wakeup_descriptor_of_others(script: Script) -> None:
    done = script(
        """
import os, signal, socket
from miniracer import MiniRacer
signal.signal(signal.SIGINT, signal.default_int_handler)
mr = MiniRacer()
signal.set_wakeup_fd(-1)
ends = socket.socketpair()
ends[1].setblocking(False)
signal.set_wakeup_fd(ends[1].fileno())
if os.fork() == 0:
    print(signal.set_wakeup_fd(-1) == ends[1].fileno(), flush=True)
    os._exit(0)
os.wait()
""",
        PYTHONWARNINGS="ignore",
    )
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_no_descriptor_is_free(script: Script) -> None:
    done = script(
        """
import os, resource, signal, threading
from miniracer import MiniRacer
signal.signal(signal.SIGINT, signal.default_int_handler)
def make(): print(MiniRacer().eval('6 * 7'))
thread = threading.Thread(target=make); thread.start(); thread.join()  # loads the library, and watches no signal
taken = []
resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
try:
    while True: taken.append(os.open('/dev/null', 0))
except OSError: pass
make()
os.close(taken.pop())  # one is not enough
make()
print(signal.set_wakeup_fd(-1))
os.close(taken.pop())
make()
print(signal.set_wakeup_fd(-1) != -1)
"""
    )
    assert (done.stdout, done.stderr) == ("42\n42\n42\n-1\n42\nTrue\n", "")


def test_ctrl_c_outside_of_javascript_ends_nothing_later(script: Script) -> None:
    done = script(
        """
import os, signal, time
from miniracer import MiniRacer
signal.signal(signal.SIGINT, signal.default_int_handler)
mr = MiniRacer()
def press(): os.kill(os.getpid(), signal.SIGINT)
mr.globals['press'] = press
def seen(work):
    try: return work()
    except KeyboardInterrupt: return 'interrupted'
for _ in range(3):
    outside = seen(lambda: (press(), time.sleep(5)))
    time.sleep(0.05)
    print(outside, seen(lambda: mr.eval('press(); for (;;);')), end=' ')
    print(seen(lambda: mr.eval('for (const t = Date.now() + 100; Date.now() < t;); 7')))
    time.sleep(1.1)  # so that none is taken for another
"""
    )
    assert (done.stdout, done.stderr) == ("interrupted interrupted 7\n" * 3, "")
