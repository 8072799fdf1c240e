"""Puts the checkout's native library into the package and says what machines the wheel is for."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent
DIST = CHECKOUT / "dist"
SCRATCH = CHECKOUT / "build" / "python"  # keeps setuptools' leavings out of the source tree

# Wheels are the same bytes each time unless somebody asks for a date.
os.environ.setdefault("SOURCE_DATE_EPOCH", "315532800")


def native_libraries() -> list[Path]:
    """The files of dist/lib, which is built first if it is not there."""
    if not (DIST / "lib" / "libminiracer.so").exists():
        print("dist/lib is missing: running build.sh", flush=True)
        if subprocess.run([str(CHECKOUT / "build.sh")], check=False).returncode:
            raise SystemExit("build.sh failed: see above; the package needs the native library that it makes")
    return sorted(path for path in (DIST / "lib").iterdir() if ".so" in path.name)


# The manylinux_2_N that a libstdc++ version belongs to, as auditwheel's policies have it.
LIBSTDCXX = {28: 31, 29: 34, 30: 35, 31: 38, 32: 38, 33: 39}


def platform_tag() -> str:
    """manylinux of the newest glibc and libstdc++ that any of the bundled libraries asks for."""
    newest = 0
    for path in native_libraries():
        data = path.read_bytes()
        newest = max([newest, *(int(minor) for minor in re.findall(rb"\0GLIBC_2\.(\d+)(?=[.\0])", data))])
        for version in re.findall(rb"\0GLIBCXX_3\.4\.(\d+)(?=\0)", data):
            newest = max(newest, LIBSTDCXX.get(int(version), 0 if int(version) < 28 else 99))
    machine = platform.machine()
    return f"manylinux_2_{newest}_{machine}" if 0 < newest < 99 else f"linux_{machine}"


class BuildPy(build_py):
    """Copies the native libraries, the version and the hostile suite's cases beside the modules."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        package = Path(self.build_lib) / "miniracer"
        shutil.rmtree(package / "lib", ignore_errors=True)
        (package / "lib").mkdir(parents=True)
        for path in native_libraries():
            shutil.copy(path, package / "lib" / path.name)
        shutil.copy(CHECKOUT / "VERSION", package / "VERSION")
        shutil.rmtree(package / "hostile", ignore_errors=True)
        (package / "hostile").mkdir()
        for path in sorted((CHECKOUT / "Tests" / "hostile").glob("*.js")):
            shutil.copy(path, package / "hostile" / path.name)


class Wheel(bdist_wheel):
    """Tags the wheel, and adds the licences of what it carries."""

    def finalize_options(self) -> None:
        super().finalize_options()
        self.root_is_pure = False

    def get_tag(self) -> tuple[str, str, str]:
        return "py3", "none", platform_tag()

    def write_wheelfile(self, wheelfile_base: str, generator: str = "miniracer") -> None:
        super().write_wheelfile(wheelfile_base, generator)
        licenses = Path(wheelfile_base) / "licenses"
        licenses.mkdir(exist_ok=True)
        shutil.copy(CHECKOUT / "LICENSE", licenses / "LICENSE")
        if (DIST / "licenses").is_dir():
            shutil.copytree(DIST / "licenses", licenses / "bundled", dirs_exist_ok=True)


class Binary(Distribution):
    def has_ext_modules(self) -> bool:
        return True


SCRATCH.mkdir(parents=True, exist_ok=True)
setup(
    version=(CHECKOUT / "VERSION").read_text().strip(),
    distclass=Binary,
    cmdclass={"build_py": BuildPy, "bdist_wheel": Wheel},
    options={"build": {"build_base": str(SCRATCH)}, "egg_info": {"egg_base": str(SCRATCH)}},
)
