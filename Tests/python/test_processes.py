"""fork in all its forms, and how interpreters end."""

from __future__ import annotations

import sys

import pytest
from conftest import Script

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="fork")

QUIET = {"PYTHONWARNINGS": "ignore"}  # Python 3.12 and later say that forking with threads is dangerous

HEAD = """
import os, sys, threading, time
from miniracer import *

def child(work):
    '''Runs `work` in a forked child; its exit status.'''
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            sys.stdout.flush()
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
"""


def test_fork_before_v8_runs(script: Script) -> None:
    done = script(
        HEAD
        + """
load_library()
print(child(lambda: print(MiniRacer().eval('6 * 7'))), MiniRacer().eval('1'))
""",
        **QUIET,
    )
    assert (done.stdout, done.stderr) == ("42\n0 1\n", "")


@pytest.mark.parametrize("module", ["_library", "_runtime", "_aio"])
def test_fork_while_another_thread_holds_a_lock(script: Script, module: str) -> None:
    done = script(
        HEAD
        + f"""
from miniracer import _aio, _library, _runtime
held, over = threading.Event(), threading.Event()
def hold():
    with {module}._lock: held.set(); over.wait()
thread = threading.Thread(target=hold); thread.start(); held.wait()
async def answer(): return 42
def work():
    mr = MiniRacer()
    mr.globals['answer'] = answer
    print(mr.eval('answer()').get(timeout=20))
print(child(work))
over.set(); thread.join()
""",
        **QUIET,
    )
    assert (done.stdout, done.stderr) == ("42\n0\n", "")


def test_fork_in_a_callable_that_javascript_calls(script: Script) -> None:
    done = script(
        HEAD
        + """
mr = MiniRacer()
def work():
    try: mr.eval('1')
    except JSForkedException: print('forked', MiniRacer().eval('6 * 7'))
mr.globals['fork'] = lambda: child(work)
print(mr.eval('fork()'), mr.eval('fork() + 1'))
""",
        **QUIET,
    )
    assert (done.stdout, done.stderr) == ("forked 42\nforked 42\n0 1\n", "")


def test_fork_while_another_thread_runs_javascript(script: Script) -> None:
    done = script(
        HEAD
        + """
mr = MiniRacer()
go = threading.Event(); mr.globals['go'] = go.set
thread = threading.Thread(target=lambda: print(mr.eval('go(); for (const t = Date.now() + 1000; Date.now() < t;); 7')))
thread.start(); go.wait()
def work():
    for use in (lambda: mr.eval('1'), mr.heap_stats, mr.cancel, mr.close):
        try: use()
        except JSForkedException: pass
    assert MiniRacer().eval('6 * 7') == 42
print([child(work) for _ in range(5)])
thread.join()
print(mr.eval('8'))
""",
        **QUIET,
    )
    assert (done.stdout, done.stderr) == ("[0, 0, 0, 0, 0]\n7\n8\n", "")


def test_a_child_counts_its_own(script: Script) -> None:
    done = script(
        HEAD
        + """
kept = MiniRacer(), MiniRacer()
def work():
    print(process_statistics()['isolates'])
    with MiniRacer(): print(process_statistics()['isolates'])
    print(process_statistics()['isolates'])
print(child(work), process_statistics()['isolates'])
""",
        **QUIET,
    )
    assert (done.stdout.split(), done.stderr) == ("0 1 0 0 2".split(), "")


def test_children_of_children(script: Script) -> None:
    done = script(
        HEAD
        + """
mr = MiniRacer()
def inner():
    for old in (mr, middle):
        try: old.eval('1')
        except JSForkedException as error: print(error.status)
    print(MiniRacer().eval('6 * 7'))
def outer():
    global middle
    middle = MiniRacer()
    print(child(inner), middle.eval('2'))
print(child(outer), mr.eval('1'))
""",
        **QUIET,
    )
    assert (done.stdout.split(), done.stderr) == (["402", "402", "42", "0", "2", "0", "1"], "")


def test_limits_in_a_child(script: Script) -> None:
    """The thread that watches the clock is not there any more after a fork: another one is."""
    done = script(
        HEAD
        + """
mr = MiniRacer(timeout_sec=0.05)
try: mr.eval('for (;;);')
except JSTimeoutException: print('parent')
def work():
    for _ in range(3):
        try: MiniRacer(timeout_sec=0.05).eval('for (;;);')
        except JSTimeoutException: print('child')
print(child(work))
try: mr.eval('for (;;);')
except JSTimeoutException: print('parent')
""",
        **QUIET,
    )
    assert (done.stdout.split(), done.stderr) == (["parent", *["child"] * 3, "0", "parent"], "")


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing(script: Script, method: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("program")
    (folder / "program.py").write_text(f"""
import multiprocessing
from miniracer import MiniRacer
mr = MiniRacer() if __name__ == '__main__' else None
def work(n):
    with MiniRacer() as own:
        return own.eval(f'{{n}} * 2')
if __name__ == '__main__':
    with multiprocessing.get_context({method!r}).Pool(2) as pool:
        print(pool.map(work, range(6)), mr.eval('1'))
""")
    source = f"import runpy; runpy.run_path({str(folder / 'program.py')!r}, run_name='__main__')"
    done = script(f"import sys; sys.argv = [{str(folder / 'program.py')!r}]\n{source}", **QUIET)
    assert (done.stdout, done.stderr) == ("[0, 2, 4, 6, 8, 10] 1\n", "")


def test_a_server_that_loads_before_it_forks(script: Script) -> None:
    """As gunicorn --preload does it: the parent's MiniRacer is there in the workers, and says what it is."""
    done = script(
        HEAD
        + """
application = MiniRacer()                      # made while the application is loaded
application.eval('var greeting = "hello"')
own = None
def serve(number):
    global own
    if own is None:
        own = MiniRacer()
        own.eval('var greeting = "hello"')
    return own.eval(f'greeting + {number}')
def worker():
    try: application.eval('greeting')
    except JSForkedException as error: print(error)
    threads = [threading.Thread(target=serve, args=(n,)) for n in range(4)]
    serve(0); [t.start() for t in threads]; [t.join() for t in threads]
    print(serve(7))
print([child(worker) for _ in range(3)], application.eval('greeting'))
""",
        **QUIET,
    )
    said = ["this MiniRacer was made before fork(); make a new one in the child process", "hello7"]
    assert (done.stdout.splitlines(), done.stderr) == (said * 3 + ["[0, 0, 0] hello"], "")


def test_a_forked_child_that_ends_as_python_does(script: Script) -> None:
    """With atexit functions and destructors for what it inherited."""
    done = script(
        HEAD
        + """
mr = MiniRacer(); sys.o = mr.eval('({})'); mr.globals['f'] = print
mr.eval('setInterval(() => {}, 1)')
pid = os.fork()
if pid == 0:
    sys.exit(5)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), mr.eval('1'))
""",
        **QUIET,
    )
    assert (done.stdout, done.stderr) == ("5 1\n", "")


# ---- The end ---------------------------------------------------------------------------------------------------------

ENDS = {
    "never closed, and much in it": "mr = MiniRacer(); sys.o = [mr.eval('({})') for _ in range(1000)]",
    "never closed, in another thread": """
sys.made = []
thread = threading.Thread(target=lambda: sys.made.append(MiniRacer().eval('[1]'))); thread.start(); thread.join()""",
    "never closed, with a debugger's trace": "sys.settrace(lambda *a: None); mr = MiniRacer(); mr.eval('1')",
    "ten of them, half closed": """
sys.all = [MiniRacer() for _ in range(10)]
for mr in sys.all: mr.eval('setInterval(() => {}, 1)')
for mr in sys.all[::2]: mr.close()""",
    "a daemon thread in a limited run": """
mr = MiniRacer(timeout_sec=30, cpu_time=None); go = threading.Event(); mr.globals['go'] = go.set
threading.Thread(target=mr.eval, args=('go(); for (;;);',), daemon=True).start(); go.wait()""",
    "many daemon threads in JavaScript": """
mrs = [MiniRacer() for _ in range(5)]; ready = threading.Semaphore(0)
for mr in mrs:
    mr.globals['go'] = ready.release
    threading.Thread(target=mr.eval, args=('go(); for (;;);',), daemon=True).start()
for _ in mrs: ready.acquire()""",
    "a destructor that calls JavaScript": """
class Late:
    def __del__(self):
        try: self.f()
        except JSClosedException: pass
late = Late(); late.f = MiniRacer().eval('() => 1'); sys.late = late""",
    "an exception goes out": "mr = MiniRacer(); mr.eval('1'); threading.excepthook = print",
    "atexit functions, before and after": """
import atexit
mr = MiniRacer()
atexit.register(mr.close)
atexit.register(lambda: mr.eval('1') == 1 or os._exit(9))""",
    "a console, modules, a callback and a promise": """
mr = MiniRacer(console=print, modules={'m': {'x': 1}}, on_unhandled=print)
sys.p = [mr.new_promise(), mr.import_module('m'), mr.eval('import("m")')]""",
}


@pytest.mark.parametrize("case", ENDS)
def test_the_interpreter_ends(script: Script, case: str) -> None:
    done = script(f"import os, sys, threading, time\nfrom miniracer import *\n{ENDS[case]}\nprint('end', flush=True)")
    assert (done.returncode, done.stdout, done.stderr) == (0, "end\n", "")


def test_atexit_functions_run_last_come_first(script: Script) -> None:
    """What was registered after the package was imported finds its MiniRacers open."""
    done = script("""
import atexit
def early():
    try: mr.eval('1')
    except Exception as error: print(type(error).__name__)
atexit.register(early)
from miniracer import MiniRacer
mr = MiniRacer()
atexit.register(lambda: print(mr.eval('"still open"')))
""")
    assert (done.stdout, done.stderr) == ("still open\nJSClosedException\n", "")
