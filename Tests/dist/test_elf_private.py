"""The tool that makes libraries private: what it changes, and what it refuses and leaves alone."""

import ctypes
import os
import subprocess

import pytest
from conftest import compile_program, elf_private

BASE = """
__thread int base_count;
int base_value(void) { return 40; }
int xase_value(void) { return 1; }
int base_unused(void) { return base_value() + ++base_count; }
"""
TOP = """
#include <stdlib.h>
extern __thread int base_count;
int base_value(void), xase_value(void);
int top(void) { free(malloc(1)); return base_value() + xase_value() + ++base_count; }
"""


class Pair:
    """Two small libraries; the first needs the second."""

    def __init__(self, folder, top=TOP, base=BASE, flags=("-Wl,--hash-style=gnu",), name="libbase.so"):
        shared = ["-shared", "-fPIC", "-O0", "-Wl,-z,lazy", *flags]
        self.folder = folder
        self.base = self.library(name, base, *shared, f"-Wl,-soname,{name}")
        self.top = self.library("libtop.so", top, *shared, self.base, "-Wl,-rpath,$ORIGIN", "-Wl,-z,undefs")

    def library(self, name, text, *flags):
        source = self.folder / f"{name}.c"
        source.write_text(text)
        return compile_program("CC", self.folder / name, source, *flags)

    def separate(self):
        return elf_private("separate", self.top, self.base)

    def bytes(self):
        return [path.read_bytes() if path.exists() else None for path in (self.top, self.base)]


@pytest.fixture
def pair(tmp_path):
    return Pair(tmp_path)


def exports(path):
    return set(elf_private("exports", path).stdout.split())


def refused(pair, why):
    before = pair.bytes()
    run = pair.separate()
    assert run.returncode == 1, run.stderr
    assert why in run.stderr, run.stderr
    assert pair.bytes() == before


def test_it_separates(tmp_path):
    pair = Pair(tmp_path, name="libseparated.so")
    assert "base_unused" in exports(pair.base)
    run = pair.separate()
    assert run.returncode == 0, run.stderr
    assert exports(pair.top) == {"top"}
    assert exports(pair.base) == {".ase_value", ":ase_value", ".ase_count"}
    assert ctypes.CDLL(pair.top).top() == 42


def test_versions_are_kept(tmp_path):
    script = tmp_path / "versions"
    script.write_text("BASE_1 { base_*; xase_*; }; BASE_2 { base_new; } BASE_1;")
    base = BASE + "int base_new(void) { return 2; }"
    top = TOP.replace("xase_value", "base_new")
    flags = ("-Wl,--hash-style=gnu", f"-Wl,--version-script={script}")
    pair = Pair(tmp_path, top.replace("int top", "int base_top"), base, flags, "libversioned.so")
    run = pair.separate()
    assert run.returncode == 0, run.stderr
    assert {".ase_value", ".ase_new", ".ase_count"} <= exports(pair.base)
    assert ctypes.CDLL(pair.top).base_top() == 43


def overwrite(path, offset, data):
    content = bytearray(path.read_bytes())
    content[offset : offset + len(data)] = data
    path.write_bytes(content)


REFUSALS = {
    "not an ELF file": lambda path: path.write_text("hello"),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:5000]),
    "not a 64-bit little-endian": lambda path: overwrite(path, 4, b"\1"),
    "not a shared library": lambda path: overwrite(path, 16, b"\1"),
    "unknown machine": lambda path: overwrite(path, 18, b"\x28"),
    "cannot be read": lambda path: path.unlink(),
}


@pytest.mark.parametrize("which", ["top", "base"])
@pytest.mark.parametrize("why", REFUSALS)
def test_it_refuses_what_it_does_not_understand(pair, why, which):
    REFUSALS[why](getattr(pair, which))
    refused(pair, why)


def test_it_refuses_a_second_time(pair):
    assert pair.separate().returncode == 0
    refused(pair, "already private")


def test_it_refuses_the_older_hash_table(tmp_path):
    refused(Pair(tmp_path, flags=("-Wl,--hash-style=both",)), "DT_HASH")


def test_it_refuses_a_user_of_a_missing_name(tmp_path):
    refused(Pair(tmp_path, top="int nope(void); int top(void) { return nope(); }"), "needs nope")


def test_it_refuses_a_missing_library(pair):
    before = pair.bytes()
    run = elf_private("separate", pair.top)
    assert run.returncode == 1, run.stderr
    assert "needs base_" in run.stderr, run.stderr
    assert pair.bytes() == before


def test_usage():
    tool = os.path.join(os.environ["MINIRACER_TEST_NATIVE"], "release", "elf-private")
    assert subprocess.run([tool], check=False, capture_output=True).returncode == 64
    assert elf_private("frobnicate", "x").returncode == 64
