"""Tests of the Python package. They read as examples.

The checkout's package is tested, or, with MINIRACER_TEST_INSTALLED set, the one that is installed in this Python.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
if not os.environ.get("MINIRACER_TEST_INSTALLED"):
    sys.path.insert(0, str(CHECKOUT / "python"))

from miniracer import MiniRacer  # noqa: E402


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="many times as many rounds in test_soak.py")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "real: runs a real JavaScript library")
    config.addinivalue_line("markers", "slow: takes seconds")


@pytest.fixture
def mr() -> Iterator[MiniRacer]:
    with MiniRacer() as racer:
        yield racer


@pytest.fixture(scope="session")
def checkout() -> Path:
    return CHECKOUT


@pytest.fixture(scope="session")
def javascript() -> Callable[[str], str]:
    """The text of a real library by its plain name, "marked" say."""
    folder = Path(os.environ.get("MINIRACER_TEST_JS") or CHECKOUT / "build" / "js")

    def read(name: str) -> str:
        path = folder / f"{name}.js"
        if not path.is_file():
            pytest.fail(f"{path} is missing: ./build.sh test fetches it")
        return path.read_text(encoding="utf-8")

    return read


#: A process that takes longer hangs.
SECONDS = 30


class Script:
    """Runs Python source in a process of its own."""

    @staticmethod
    def environment(**more: str) -> dict[str, str]:
        variables = {
            **os.environ,
            **more,
            "PYTHONFAULTHANDLER": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        if not os.environ.get("MINIRACER_TEST_INSTALLED"):
            variables["PYTHONPATH"] = str(CHECKOUT / "python")
        return variables

    def start(self, source: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", source],
            env=self.environment(**environment),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def __call__(self, source: str, **environment: str) -> subprocess.CompletedProcess[str]:
        process = self.start(source, **environment)
        try:
            out, err = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            pytest.fail(f"the process hangs\n{out}\n{err}")
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)


@pytest.fixture
def script() -> Script:
    return Script()


def wait_for(condition: Callable[[], object]) -> None:
    """For what another thread does."""
    deadline = time.monotonic() + 20
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.005)
    assert condition()


def older_library(folder: Path, abi: int) -> Path:
    """A library that has what that number of the contract had, and answers every call with success."""
    from miniracer import _ffi

    names = [name for name, (_, _, since) in _ffi.FUNCTIONS.items() if since <= abi]
    lines = ["#include <stdint.h>", f"uint32_t miniracer_abi_version(void) {{ return {abi}; }}"]
    lines.append("uint32_t miniracer_struct_size(uint32_t number) { return number == 1 ? 16 : 0; }")
    lines += [f"int32_t {name}(void) {{ return 0; }}" for name in names[2:]]
    source, library = folder / "older.c", folder / "libolder.so"
    source.write_text("\n".join(lines))
    subprocess.run([os.environ.get("CC") or "cc", "-shared", "-fPIC", "-o", library, source], check=True)
    return library
