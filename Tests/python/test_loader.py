"""Finding, checking and swapping the native library. Stand-ins are made with the C compiler."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import CHECKOUT, Script

from miniracer import (
    LibNotFoundError,
    MiniRacer,
    NotSupportedError,
    _ffi,
    _library,
    _structs,
    init_mini_racer,
    load_library,
)

CC = os.environ.get("CC") or "cc"


@pytest.fixture
def stand_in(tmp_path: Path) -> Callable[..., Path]:
    """Makes a library that has every function of the contract and does nothing."""

    def make(
        name: str = "libminiracer.so",
        abi: int = 1,
        value_size: int = 16,
        without: tuple[str, ...] = (),
    ) -> Path:
        special = (
            "miniracer_abi_version",
            "miniracer_struct_size",
            "miniracer_status_name",
        )
        lines = [
            "#include <stdint.h>",
            'const char *miniracer_status_name(int32_t s) { return "not_supported"; }',
        ]
        if special[0] not in without:
            lines.append(f"uint32_t miniracer_abi_version(void) {{ return {abi}; }}")
        if special[1] not in without:
            lines.append(f"uint32_t miniracer_struct_size(uint32_t n) {{ return n == 1 ? {value_size} : 0; }}")
        lines += [f"int32_t {f}(void) {{ return 109; }}" for f in _ffi.FUNCTIONS if f not in (*special, *without)]
        source = tmp_path / f"{name}.c"
        source.write_text("\n".join(lines))
        path = tmp_path / name
        subprocess.run([CC, "-shared", "-fPIC", "-o", path, source], check=True)
        return path

    return make


def refusal(path: Path) -> str:
    with pytest.raises(LibNotFoundError) as caught:
        load_library(path)
    assert caught.value.tried[0][0] == str(path)
    assert caught.value.tried[0][1] in str(caught.value)
    return caught.value.tried[0][1]


def test_the_library_that_is_there() -> None:
    library = load_library()
    assert library.abi_version >= 1
    info = library.info()
    assert info["engine_name"] == "V8"
    assert info["maximum_string_length"] > 2**20
    assert load_library() is library
    assert load_library(library.path) is library
    with MiniRacer(library=library.path) as mr:
        assert mr.library is library
        assert info["engine_version"].startswith(mr.v8_version)
        assert len([int(number) for number in mr.v8_version.split(".")]) == 4
    assert init_mini_racer(ignore_duplicate_init=True) is library


def test_no_such_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "absent.so") == "no such file"
    (tmp_path / "dangling.so").symlink_to(tmp_path / "nowhere")
    assert refusal(tmp_path / "dangling.so") == "the link points nowhere"
    assert refusal(tmp_path) == "it is a folder"


def test_not_a_library(tmp_path: Path) -> None:
    path = tmp_path / "x.so"
    path.write_text("just text, and enough of it")
    assert refusal(path) == "not an ELF file"
    path.write_bytes(b"")
    assert refusal(path) == "the file is empty"
    path.write_bytes(b"\x7fELF\x02\x01")
    assert refusal(path) == "the file is cut off"


def test_wrong_architecture(stand_in: Callable[..., Path]) -> None:
    path = stand_in()
    header = bytearray(path.read_bytes())
    own = header[18]
    header[18] = 62 if own == 183 else 183
    path.write_bytes(header)
    names = {62: "x86_64", 183: "aarch64"}
    assert refusal(path) == f"built for {names[header[18]]}, this process is {names[own]}"
    header[18] = own
    header[4] = 1
    path.write_bytes(header)
    assert refusal(path) == "built for 32 bits, this process has 64"


def test_an_executable_is_no_library(tmp_path: Path) -> None:
    source = tmp_path / "main.c"
    source.write_text("int main(void) { return 0; }")
    subprocess.run([CC, "-no-pie", "-o", tmp_path / "main", source], check=True)
    assert refusal(tmp_path / "main") == "an ELF file, but not a shared library"


def test_a_library_cut_off(stand_in: Callable[..., Path]) -> None:
    path = stand_in()
    path.write_bytes(path.read_bytes()[:300])
    assert refusal(path).startswith("the system's loader refused it: ")


def test_a_library_of_something_else(stand_in: Callable[..., Path]) -> None:
    path = stand_in(without=("miniracer_abi_version",))
    assert refusal(path) == "it is no libminiracer: the function miniracer_abi_version is missing"


def test_a_symbol_missing(stand_in: Callable[..., Path]) -> None:
    path = stand_in(without=("miniracer_object_get", "miniracer_json_parse"))
    assert refusal(path) == "it says ABI 1, but functions of it are missing: miniracer_json_parse, miniracer_object_get"


def test_abi_numbers(stand_in: Callable[..., Path]) -> None:
    assert "ABI number is 0" in refusal(stand_in("zero.so", abi=0))
    assert load_library(stand_in("newer.so", abi=7)).abi_version == 7  # the contract: newer ones serve older hosts


def test_struct_layout(stand_in: Callable[..., Path]) -> None:
    why = "struct layout mismatch: its miniracer_value has 24 bytes, this package's has 16"
    assert refusal(stand_in("large.so", value_size=24)) == why
    assert "has 0 bytes" in refusal(stand_in("none.so", value_size=0))


def test_an_older_library_lacks_one_function(stand_in: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    newer = {**_ffi.FUNCTIONS, "miniracer_fly": ("status", "u64", 2)}
    path = stand_in()
    monkeypatch.setattr(_ffi, "FUNCTIONS", newer)
    library = load_library(path)
    why = re.escape(f"miniracer_fly is not supported by this binary (ABI 1, needs 2): {path}")
    with pytest.raises(NotSupportedError, match=why):
        library.functions.fly(1)
    with pytest.raises(NotSupportedError, match=why):
        library.fast("fly")(1)
    assert library.functions.isolate_dispose(0) == 109  # the others work
    monkeypatch.setattr(_library, "_open", {})
    too_new = stand_in("claims.so", abi=2, without=("miniracer_fly",))
    assert refusal(too_new) == "it says ABI 2, but functions of it are missing: miniracer_fly"


def test_a_library_that_refuses_everything(stand_in: Callable[..., Path]) -> None:
    with pytest.raises(NotSupportedError):
        MiniRacer(library=stand_in())


SHOW = "import miniracer\ntry: print(miniracer.load_library().path)\nexcept miniracer.LibNotFoundError as e: print(e)"


def test_the_environment_names_it(script: Script, stand_in: Callable[..., Path]) -> None:
    path = stand_in("other.so")
    assert script(SHOW, MINIRACER_LIBRARY=str(path)).stdout == f"{path}\n"


def test_the_environments_is_never_fallen_back_from(script: Script, tmp_path: Path) -> None:
    path = tmp_path / "broken.so"
    path.write_text("broken, and long enough for a header")
    wanted = f"The library that MINIRACER_LIBRARY names cannot be used: {path}: not an ELF file\n"
    assert script(SHOW, MINIRACER_LIBRARY=str(path)).stdout == wanted
    assert "no such file" in script(SHOW, MINIRACER_LIBRARY=str(tmp_path / "absent.so")).stdout
    assert script(SHOW, MINIRACER_LIBRARY="").stdout == script(SHOW).stdout  # empty is not set


def test_every_place_tried_is_named(script: Script, checkout: Path, tmp_path: Path) -> None:
    package = tmp_path / "lonely" / "miniracer"
    shutil.copytree(
        checkout / "python" / "miniracer",
        package,
        ignore=shutil.ignore_patterns("__pycache__", "lib"),
    )
    source = f"import sys; sys.path.insert(0, {str(package.parent)!r})\n{SHOW}"
    lines = script(source).stdout.splitlines()
    assert lines[0] == "No usable native library. Tried:"
    assert lines[1] == f"  {package}/lib/libminiracer.so: no such file"
    assert lines[2] == f"  {tmp_path}/dist/lib/libminiracer.so: this package is not inside a checkout"
    assert lines[3].startswith("  libminiracer.so: the system's loader refused it: ")
    assert "MINIRACER_LIBRARY" in lines[4]


def test_the_order_of_places(script: Script, stand_in: Callable[..., Path], checkout: Path, tmp_path: Path) -> None:
    package = tmp_path / "copy" / "python" / "miniracer"
    shutil.copytree(
        checkout / "python" / "miniracer",
        package,
        ignore=shutil.ignore_patterns("__pycache__", "lib"),
    )
    (tmp_path / "copy" / "native").mkdir()
    source = f"import sys; sys.path.insert(0, {str(package.parent)!r})\n{SHOW}"
    system, dist, beside = (
        tmp_path / "system",
        tmp_path / "copy" / "dist" / "lib",
        package / "lib",
    )
    for folder in (system, dist, beside):  # each place comes before the one before it
        folder.mkdir(parents=True)
        shutil.copy(stand_in(), folder)
        found = script(source, LD_LIBRARY_PATH=str(system)).stdout.strip()
        assert found == ("libminiracer.so" if folder is system else str(folder / "libminiracer.so"))
    (beside / "libminiracer.so").write_text("broken, so that the search goes on")
    assert script(source).stdout.strip() == str(dist / "libminiracer.so")


def test_another_real_binary(script: Script, tmp_path: Path) -> None:
    """The whole folder moved elsewhere is a binary of its own."""
    real = Path(load_library().path)
    moved = tmp_path / "moved"
    shutil.copytree(real.parent, moved)
    source = "from miniracer import MiniRacer; mr = MiniRacer(); print(mr.library.path, mr.eval('40 + 2'))"
    done = script(source, MINIRACER_LIBRARY=str(moved / real.name))
    assert done.stdout == f"{moved / real.name} 42\n", done.stderr


def test_init_flags(script: Script) -> None:
    done = script(
        """
from miniracer import *
try: init_mini_racer(flags=['--no-such-flag'])
except JSValueError as e: print('no-such-flag' in str(e))
init_mini_racer(flags=['--jitless', '--stack-size=600'])
print(MiniRacer().eval('typeof WebAssembly'))
try: init_mini_racer(flags=['--stack-size=700'])
except LibAlreadyInitializedError as e: print(e)
"""
    )
    assert done.stdout.splitlines()[0] == "True", done.stderr
    assert done.stdout.splitlines()[-1] == "MiniRacer was already initialized before the call to init_mini_racer"


def test_the_declarations_are_those_of_the_header(checkout: Path, tmp_path: Path) -> None:
    """Sizes, offsets, constants and function names, as the C compiler sees them."""
    header = checkout / "native" / "include" / "miniracer.h"
    text = header.read_text()
    declared = set(re.findall(r"MINIRACER_API\s+[\w\s*]*?(miniracer_\w+)\(", text))
    assert declared == set(_ffi.FUNCTIONS)
    lines = [
        "#include <stddef.h>",
        "#include <stdio.h>",
        f'#include "{header}"',
        "int main(void) {",
    ]
    expected: list[str] = []
    for number, struct in _structs.STRUCTS.items():
        name = "miniracer_" + re.sub(r"(?<!^)(?=[A-Z])", "_", struct.__name__).lower()
        lines.append(f'printf("{name} %zu\\n", sizeof({name}));')
        expected.append(f"{name} {ctypes.sizeof(struct)}")
        constant = name.upper().replace("MINIRACER_", "MINIRACER_STRUCT_")
        lines.append(f'printf("{constant} %d\\n", (int){constant});')
        expected.append(f"{constant} {number}")
        names = [field[0] for field in struct._fields_]
        if struct is _ffi.Value:
            names = ["tag", "subtype", "flags", "length"]
        for field in names:
            lines.append(f'printf("{name}.{field} %zu\\n", offsetof({name}, {field}));')
            expected.append(f"{name}.{field} {getattr(struct, field).offset}")
    assert _ffi.Value.handle.offset == 8
    for name in re.findall(r"^  MINIRACER_(\w+) = ", text, re.M):
        if isinstance(getattr(_ffi, name, None), int):
            lines.append(f'printf("MINIRACER_{name} %lld\\n", (long long)MINIRACER_{name});')
            expected.append(f"MINIRACER_{name} {getattr(_ffi, name)}")
    lines.append('printf("ABI %d\\n", MINIRACER_ABI_VERSION); return 0; }')
    expected.append(f"ABI {_ffi.ABI_VERSION}")
    source = tmp_path / "layout.c"
    source.write_text("\n".join(lines))
    subprocess.run([CC, "-o", tmp_path / "layout", source], check=True)
    seen = subprocess.run([tmp_path / "layout"], check=True, capture_output=True, text=True).stdout.splitlines()
    assert seen == expected


def test_a_development_build(script: Script) -> None:
    """The development build: the same sources, but over the unmodified libnode."""
    native = Path(os.environ.get("MINIRACER_TEST_NATIVE", CHECKOUT / "build" / "native"))
    other = native / "release" / "libminiracer.so"
    assert other.exists(), f"{other} is not there: ./build.sh makes it"
    source = "from miniracer import MiniRacer, load_library; print(MiniRacer().eval('6 * 7'), load_library().path)"
    done = script(source, MINIRACER_LIBRARY=str(other))
    assert (done.returncode, done.stdout) == (0, f"42 {other}\n"), done.stderr
