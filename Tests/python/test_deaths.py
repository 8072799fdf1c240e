"""A MiniRacer that dies tells why, to all who wait for it and to all who come later."""

from __future__ import annotations

import pytest
from conftest import Script

#: Each in a process of its own: what a dead isolate leaves behind is not for other tests to count.
HEAD = """
import asyncio, threading, time
from miniracer import *

STUCK = 'Array.prototype.fill.call({length: 2 ** 40}, 0)'

def told(wait):
    try: print('came back', wait())
    except JSEngineDeadException as error: print('dead', error.status, bool(error.reason), error.reason in str(error))
    except BaseException as error: print(type(error).__name__, error)

async def told_async(awaitable):
    try: print('came back', await asyncio.wait_for(awaitable, 20))
    except JSEngineDeadException as error: print('dead', error.status, bool(error.reason), error.reason in str(error))
    except BaseException as error: print(type(error).__name__, error)

async def value_of(promise):
    return await promise

def mortal():
    return MiniRacer(timeout_sec=0.2, grace=0.05)
"""

DEAD = "dead 403 True True\n"


def test_who_comes_later(script: Script) -> None:
    done = script(
        HEAD
        + """
mr = mortal()
promise, function = mr.eval('new Promise(() => {})'), mr.eval('() => 1')
told(lambda: mr.eval(STUCK))
told(lambda: promise.get(timeout=5))
told(lambda: mr.new_promise())

async def main():
    await told_async(value_of(promise))
    await told_async(mr.eval_async('1'))
    await told_async(function.call_async())
    await told_async(mr.eval_module_async('export {}'))
    mr.close()
    await told_async(mr.eval_async('1'))
    await told_async(value_of(promise))

asyncio.run(main())
"""
    )
    closed = "JSClosedException this MiniRacer is closed\n"
    assert (done.stdout, done.stderr) == (7 * DEAD + 2 * closed, "")


def test_who_awaits_while_it_dies(script: Script) -> None:
    done = script(
        HEAD
        + """
async def main():
    mr = mortal()
    promise = mr.eval('new Promise(() => {})')
    waiting = [asyncio.ensure_future(told_async(value_of(promise))) for _ in range(3)]
    await asyncio.sleep(0.05)
    runs = [asyncio.ensure_future(told_async(mr.eval_async(code))) for code in (STUCK, '1', '2')]
    await asyncio.gather(*waiting, *runs)

asyncio.run(main())
"""
    )
    assert (done.stdout, done.stderr) == (6 * DEAD, "")


def test_who_awaits_while_a_timer_kills_it(script: Script) -> None:
    done = script(
        HEAD
        + """
async def main():
    mr = mortal()
    promise = mr.eval('new Promise(() => {})')
    mr.eval(f'setTimeout(() => {STUCK}, 50)')
    await told_async(value_of(promise))

asyncio.run(main())
"""
    )
    assert (done.stdout, done.stderr) == (DEAD, "")


def test_who_waits_without_a_loop(script: Script) -> None:
    done = script(
        HEAD
        + """
mr = mortal()
promise = mr.eval('new Promise(() => {})')
mr.eval(f'setTimeout(() => {STUCK}, 50)')
told(lambda: promise.get(timeout=20))
"""
    )
    assert (done.stdout, done.stderr) == (DEAD, "")


@pytest.mark.parametrize("way", ["promise.get(timeout=20)", "asyncio.run(value_of(promise))"])
def test_who_waits_as_it_is_closed(script: Script, way: str) -> None:
    """Which is no death."""
    done = script(
        HEAD
        + f"""
mr = mortal()
promise = mr.eval('new Promise(() => {{}})')
threading.Timer(0.1, mr.close).start()
try: {way}
except JSEngineDeadException: print('dead')
except JSClosedException as error: print('closed')
"""
    )
    assert (done.stdout, done.stderr) == ("closed\n", "")
