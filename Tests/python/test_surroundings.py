"""Small stacks, little address space, no /proc, two copies of the library, hundreds of threads."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import Script

from miniracer import JSEvalException, JSTimeoutException, MiniRacer, load_library

linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")

DEEP = "function deep(n) { return deep(n + 1) + 1 }; deep(0)"

BUSY = f"""
from miniracer import *
mr = MiniRacer(); mr.globals['f'] = lambda x: x + 1
def deep(code):
    try: mr.eval(code)
    except JSEvalException as error: return error.name
def work():
    print(mr.eval('1 + 1'), mr.eval('f(1)'), mr.eval('JSON.stringify([1, [2]])'), mr.eval('/(a+)+b/.test("aaab")'))
    print(deep({DEEP!r}), deep('(function again() {{ f(1); return again() + 1 }})()'))
    print(deep('JSON.parse("[".repeat(1e6))'))
    with MiniRacer() as own:
        print(own.eval('[3, 1, 2].sort().join()'), own.eval_module('export const x = 1').x)
"""
SAID = ["2 2 [1,[2]] True", "RangeError RangeError", "SyntaxError", "1,2,3 1"]


@pytest.mark.parametrize("kilobytes", [64, 128, 256])
def test_threads_with_small_stacks(script: Script, kilobytes: int) -> None:
    done = script(f"""{BUSY}
import threading
threading.stack_size({kilobytes} * 1024)
threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads: thread.start(); thread.join()
""")
    assert (done.returncode, done.stdout.splitlines(), done.stderr) == (0, SAID * 3, "")


@linux
@pytest.mark.parametrize("gigabytes", [4, 16])
def test_little_address_space(script: Script, gigabytes: int) -> None:
    """ulimit -v, as batch systems set it."""
    done = script(f"""
import resource
resource.setrlimit(resource.RLIMIT_AS, ({gigabytes} * 2 ** 30,) * 2)
{BUSY}
work()
sys_many = [MiniRacer() for _ in range(10)]
print([mr.eval('1') for mr in sys_many])
try: MiniRacer(max_memory=64 * 2 ** 20).eval('const a = []; for (;;) a.push(new Array(1000).fill({{}}))')
except JSOOMException as error: print(error)
print(mr.eval("'works on'"))
""")
    assert (done.returncode, done.stdout.splitlines(), done.stderr) == (
        0,
        [*SAID, str([1] * 10), "JavaScript memory limit reached", "works on"],
        "",
    )


def inside(lead: list[str], source: str) -> subprocess.CompletedProcess[str]:
    """Runs Python source by way of another program, whose environment reaches it or not."""
    try:
        able = subprocess.run([*lead, "true"], capture_output=True, text=True, timeout=20)
    except FileNotFoundError:
        pytest.skip(f"there is no {lead[0]} program")
    if able.returncode:
        pytest.skip(f"this machine gives no {lead[0]}: {able.stderr.strip()}")
    package = str(Path(sys.modules["miniracer"].__file__ or "").resolve().parents[1])
    program = f"import sys; sys.path.insert(0, {package!r})\n{source}"
    return subprocess.run([*lead, sys.executable, "-c", program], capture_output=True, text=True, timeout=60)


@linux
def test_without_proc() -> None:
    """In a mount namespace of its own, with nothing in /proc."""
    lead = [
        "unshare",
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        'mount -t tmpfs none /proc && exec "$@"',
        "sh",
    ]
    busy = BUSY.replace("MiniRacer()", f"MiniRacer(library={load_library().path!r})")
    done = inside(lead, f"import os; assert os.listdir('/proc') == []\n{busy}\nwork()")
    assert (done.returncode, done.stdout.splitlines(), done.stderr) == (0, SAID, "")


@linux
def test_in_a_container_of_128_megabytes() -> None:
    """A scope of systemd's, as a container is one. Without a limit of its own a MiniRacer is a good neighbour there."""
    lead = ["systemd-run", "--user", "--scope", "--quiet", "-p", "MemoryMax=128M", "-p", "MemorySwapMax=0"]
    source = f"""
from miniracer import *
for _ in range(3):
    mr = MiniRacer(library={load_library().path!r}, memory_limit=32 * 2 ** 20)
    try: mr.eval('const a = []; for (;;) a.push([a])')
    except JSOOMException as error: print(error)
"""
    done = inside(lead, source)
    assert (done.returncode, done.stdout.splitlines()) == (0, ["JavaScript memory limit reached"] * 3), done.stderr


def test_two_copies_of_the_library(script: Script, tmp_path: Path) -> None:
    """Where they share a V8, the second one says so; where each has its own, both work. The first works on."""
    path = Path(load_library().path)
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in path.parent.glob("*.so*"):
        shutil.copy(file, copy)
    done = script(f"""
from miniracer import *
first = MiniRacer(library={str(path)!r})
try:
    second = MiniRacer(library={str(copy / path.name)!r})
    print(second.eval('6 * 7'))
except LibAlreadyInitializedError as error:
    print('another copy' in str(error) and 42)
print(first.eval('1 + 1'))
""")
    assert (done.returncode, done.stdout, done.stderr) == (0, "42\n2\n", "")


def test_hundreds_of_threads_over_ten_contexts() -> None:
    racers = [MiniRacer() for _ in range(10)]
    for number, mr in enumerate(racers):
        mr.eval(f"var me = {number}, calls = 0")
        mr.globals["host"] = lambda x, number=number: (number, x)[1]

    def work(seed: int) -> int:
        chance = random.Random(seed)
        for _ in range(20):
            number = chance.randrange(10)
            mr = racers[number]
            what = chance.randrange(4)
            if what == 0:
                assert mr.eval("calls++; me") == number
            elif what == 1:
                assert mr.eval(f"calls++; host({seed})") == seed
            elif what == 2:
                with pytest.raises(JSEvalException, match=f"no {seed}"):
                    mr.eval(f"calls++; throw new Error('no {seed}')")
            else:
                with pytest.raises(JSTimeoutException):
                    mr.eval("for (;;);", timeout_sec=0.001)
        return 20

    before = threading.active_count()
    with ThreadPoolExecutor(200) as pool:
        assert sum(pool.map(work, range(200))) == 4000
    assert 2000 < sum(mr.eval("calls") for mr in racers) < 4000
    for mr in racers:
        mr.close()
    assert threading.active_count() <= before
