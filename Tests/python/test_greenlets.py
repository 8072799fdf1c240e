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
