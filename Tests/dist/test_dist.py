"""dist/ is self-contained, private, relocatable and says what it is made of."""

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


@pytest.mark.skipif(manifest("libnode") == [["plain"]], reason="a plain libnode shares its names with the host's")
def test_a_host_with_a_v8_of_its_own(tmp_path):
    lib = os.environ["MINIRACER_TEST_V8_LIB"]
    include = os.environ["MINIRACER_TEST_V8_INCLUDE"]
    flags = ["-std=c++20", "-fno-rtti", "-rdynamic", f"-I{DIST}/include", f"-isystem{include}"]
    rpath = [f"-L{lib}", f"-Wl,--disable-new-dtags,-rpath,{lib},-rpath-link,{lib}"]
    clash = compile_program("CXX", tmp_path / "clash", *flags, HERE / "clash.cc", *rpath, "-lnode", "-ldl", "-pthread")
    command = [clash, DIST / "lib/libminiracer.so", SOURCE]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, "1 42 2\n", "")


def test_the_manifest_is_true():
    files = {name: digest for name, digest in manifest("file")}
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
