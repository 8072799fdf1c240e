"""The tool that makes libnode private: what it changes, and what it refuses and leaves alone."""

import os
import subprocess

import pytest
from conftest import compile_program, elf_private


def overwrite(path, offset, data):
    content = bytearray(path.read_bytes())
    content[offset : offset + len(data)] = data
    path.write_bytes(content)


def test_it_binds_and_renames(libnode):
    before = set(elf_private("exports", libnode).stdout.split())
    bound = elf_private("bind", libnode)
    assert bound.returncode == 0 and int(bound.stderr.split()[1]) > 10000, bound.stderr
    assert set(elf_private("exports", libnode).stdout.split()) == before
    renamed = elf_private("rename", libnode)
    assert renamed.returncode == 0, renamed.stderr
    after = set(elf_private("exports", libnode).stdout.split())
    assert after == {name.replace("2v8", "2mr").replace("5cppgc", "5mrpgc") for name in before}
    assert not any("2v8" in name for name in after)


REFUSALS = {
    "not an ELF file": lambda path: path.write_text("hello"),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:1000000]),
    "not a 64-bit little-endian": lambda path: overwrite(path, 4, b"\1"),
    "not a shared library": lambda path: overwrite(path, 16, b"\1"),
    "unknown machine": lambda path: overwrite(path, 18, b"\x28"),
    "cannot be read": lambda path: path.unlink(),
}


@pytest.mark.parametrize("command", ["bind", "rename"])
@pytest.mark.parametrize("why", REFUSALS)
def test_it_refuses_what_it_does_not_understand(libnode, why, command):
    REFUSALS[why](libnode)
    before = libnode.read_bytes() if libnode.exists() else None
    run = elf_private(command, libnode)
    assert run.returncode == 1 and why in run.stderr, run.stderr
    assert (libnode.read_bytes() if libnode.exists() else None) == before


def test_it_refuses_a_second_rename(libnode):
    assert elf_private("rename", libnode).returncode == 0
    before = libnode.read_bytes()
    run = elf_private("rename", libnode)
    assert run.returncode == 1 and "already renamed" in run.stderr
    assert libnode.read_bytes() == before


def test_it_refuses_a_user_of_a_missing_name(libnode, tmp_path):
    source = tmp_path / "user.c"
    source.write_text('extern int nope(void) __asm__("_ZN2v84nopeEv"); int user(void) { return nope(); }')
    user = compile_program("CC", tmp_path / "user.so", "-shared", "-fPIC", "-Wl,--hash-style=gnu", source)
    before = libnode.read_bytes(), user.read_bytes()
    run = elf_private("rename", libnode, user)
    assert run.returncode == 1 and "_ZN2mr4nopeEv" in run.stderr
    assert (libnode.read_bytes(), user.read_bytes()) == before


def test_usage():
    tool = os.path.join(os.environ["MINIRACER_TEST_NATIVE"], "release", "elf-private")
    assert subprocess.run([tool], check=False, capture_output=True).returncode == 64
    assert elf_private("frobnicate", "x").returncode == 64
