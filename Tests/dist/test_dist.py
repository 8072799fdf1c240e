"""dist/ is self-contained, private, relocatable and says what it is made of."""

import ctypes
import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import DIST, HERE, ROOT, compile_program, elf_private, patchelf

LIBRARIES = sorted((DIST / "lib").glob("*.so*"))
# What every Linux has, and what must be the host's own.
SYSTEM = re.compile(r"(lib(c|m|dl|rt|pthread|gcc_s|stdc\+\+)|ld-linux[\w-]*)(-[\d.]+)?\.so[\d.]*")
SOURCE = "new Intl.NumberFormat('de').format(1234.5) === '1.234,5' ? 40 + 2 : -1"


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def manifest(kind):
    lines = [line.split() for line in (DIST / "MANIFEST").read_text().splitlines()]
    return [line[1:] for line in lines if line[0] == kind]


private = pytest.mark.skipif(manifest("libnode") == [["plain"]], reason="plain libraries share names with the host's")


def test_exports_are_ours_alone():
    names = elf_private("exports", DIST / "lib/libminiracer.so").stdout.split()
    assert "miniracer_abi_version" in names
    assert [name for name in names if not name.startswith("miniracer_")] == []


def test_private_libraries_have_names_of_their_own():
    for library in LIBRARIES:
        assert patchelf("--print-soname", library) == [library.name]
        if library.name != "libminiracer.so":
            assert re.search(r"-[0-9a-f]{8}\.so\.\d", library.name), library


def test_everything_needed_is_beside_or_the_systems():
    beside = {library.name for library in LIBRARIES}
    for library in LIBRARIES:
        needed = set(patchelf("--print-needed", library))
        assert all(SYSTEM.fullmatch(name) for name in needed - beside), library
        if needed & beside:
            assert patchelf("--print-rpath", library) == ["$ORIGIN"], library


def test_no_path_of_this_checkout_is_left():
    for library in LIBRARIES:
        assert str(ROOT).encode() not in library.read_bytes(), library


def test_a_moved_copy_works_with_an_empty_environment(host, moved):
    command = [host, moved / "lib/libminiracer.so", SOURCE]
    run = subprocess.run(command, check=False, env={}, cwd="/", capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    answer, *files = run.stdout.splitlines()
    assert answer == "42"
    for file in map(Path, files):
        if ".so" in file.name and not file.is_relative_to(moved):
            assert SYSTEM.fullmatch(file.name), file


@private
def test_nothing_of_the_private_libraries_can_be_found():
    for library in LIBRARIES:
        if library.name != "libminiracer.so":
            names = elf_private("exports", library).stdout.split()
            assert [name for name in names if re.match(r"\w", name)] == [], library
    library = ctypes.CDLL(DIST / "lib/libminiracer.so")
    assert library.miniracer_abi_version() > 0
    for name in ("uv_mutex_init", "OPENSSL_init_crypto", "u_charsToUChars_72", "deflate", "_ZN2v82V810GetVersionEv"):
        assert not hasattr(library, name), name


@private
def test_a_host_with_functions_of_such_names(tmp_path):
    """Every name that the libraries have from each other is the host's too, and ends it when called or read."""
    libnode = Path(os.environ["MINIRACER_TEST_V8_LIB"]) / "libnode.so"
    ldd = subprocess.run(
        ["ldd", libnode],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"LD_LIBRARY_PATH": str(libnode.parent)},
    )
    needed = re.findall(r"(\S+) => (/\S+)", ldd.stdout)
    originals = [libnode, *(path for soname, path in needed if not SYSTEM.fullmatch(soname))]
    names = {name for path in originals for name in elf_private("exports", path).stdout.split()}
    systems = [ctypes.CDLL(name) for name in ("libc.so.6", "libstdc++.so.6")]
    plain = re.compile(r"(?!_ZN?K?St|_ZT[ISV]N?St|_ZGVNSt)[A-Za-z_]\w*")
    names = {name for name in names if plain.fullmatch(name) and not any(hasattr(system, name) for system in systems)}
    assert {"uv_mutex_init", "OPENSSL_init_crypto", "u_strlen_72", "deflate", "icudt72_dat"} <= names
    poison = tmp_path / "poison.c"
    lines = [f'__asm__(".globl {name}\\n.set {name}, poison");' for name in sorted(names)]
    poison.write_text("\n".join(["void poison(void) { __builtin_trap(); }", *lines, ""]))
    sources = [HERE / "host.c", poison]
    host = compile_program("CC", tmp_path / "host", "-std=gnu99", "-rdynamic", f"-I{DIST}/include", *sources, "-ldl")
    run = subprocess.run([host, DIST / "lib/libminiracer.so", SOURCE], check=False, capture_output=True, text=True)
    assert (run.returncode, run.stdout.split("\n")[0], run.stderr) == (0, "42", "")


@private
def test_a_host_with_a_v8_of_its_own(tmp_path):
    lib = os.environ["MINIRACER_TEST_V8_LIB"]
    include = os.environ["MINIRACER_TEST_V8_INCLUDE"]
    flags = ["-std=c++20", "-fno-rtti", "-rdynamic", f"-I{DIST}/include", f"-isystem{include}"]
    rpath = [f"-L{lib}", f"-Wl,--disable-new-dtags,-rpath,{lib},-rpath-link,{lib}"]
    clash = compile_program("CXX", tmp_path / "clash", *flags, HERE / "clash.cc", *rpath, "-lnode", "-ldl", "-pthread")
    command = [clash, DIST / "lib/libminiracer.so", SOURCE]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, "1 42 2\n", "")


# What the library watches in the others, it finds by names, and these are private here.
@pytest.mark.parametrize("case", ["memory/intl-grows", "depth/recursion-catches-in-depth"])
def test_the_others_are_watched_under_their_private_names(case):
    selftest = Path(os.environ["MINIRACER_TEST_NATIVE"]) / "release/miniracer_selftest"
    command = [selftest, "--filter", case, "--cases", ROOT / "Tests/hostile"]
    environment = {**os.environ, "MINIRACER_LIBRARY": str(DIST / "lib/libminiracer.so")}
    run = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("program", ["once", "webassembly_threads"])
def test_so_are_the_functions_of_v8_itself(program):
    test = Path(os.environ["MINIRACER_TEST_NATIVE"]) / f"release/test_{program}"
    environment = {**os.environ, "LD_PRELOAD": str(DIST / "lib/libminiracer.so")}
    run = subprocess.run([test], check=False, capture_output=True, text=True, env=environment)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_manifest_is_true():
    files = dict(manifest("file"))
    present = [path for folder in ("lib", "include") for path in (DIST / folder).iterdir()]
    assert files == {str(path.relative_to(DIST)): sha256(path) for path in present}
    packages = manifest("package")
    assert any(name.startswith("libnode") for name, _, _ in packages)
    downloads = ROOT / "build/debian/debs"
    if manifest("v8-from") == [["debian-packages"]]:
        assert {digest for _, _, digest in packages} <= {sha256(deb) for deb in downloads.glob("*.deb")}


def test_every_bundled_package_has_its_licence():
    for name, _, _ in manifest("package"):
        assert name.endswith("-dev") or (DIST / "licenses" / name).stat().st_size > 0


def test_the_same_inputs_give_the_same_bytes(tmp_path):
    copy = tmp_path / "another checkout"
    copy.mkdir()
    for name in ("native", "scripts"):
        shutil.copytree(ROOT / name, copy / name)
    for name in ("build.sh", "VERSION", "LICENSE"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, copy / name)
    (copy / "build").mkdir()
    (copy / "build/debian").symlink_to(ROOT / "build/debian")
    subprocess.run([copy / "build.sh"], check=True)
    assert (copy / "dist/MANIFEST").read_text() == (DIST / "MANIFEST").read_text()
