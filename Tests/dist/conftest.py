"""What the tests of dist/ share. ./build.sh test sets the environment."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "dist"
HERE = Path(__file__).parent


def elf_private(*arguments):
    tool = Path(os.environ["MINIRACER_TEST_NATIVE"]) / "release" / "elf-private"
    return subprocess.run([tool, *arguments], check=False, capture_output=True, text=True)


def patchelf(*arguments):
    tool = os.environ["MINIRACER_TEST_PATCHELF"]
    return subprocess.run([tool, *arguments], check=True, capture_output=True, text=True).stdout.split()


def compile_program(compiler, target, *arguments):
    subprocess.run([os.environ[compiler], "-o", target, *arguments], check=True)
    return target


@pytest.fixture(scope="session")
def host(tmp_path_factory):
    target = tmp_path_factory.mktemp("host") / "host"
    return compile_program("CC", target, "-std=gnu99", f"-I{DIST}/include", HERE / "host.c", "-ldl")


@pytest.fixture(scope="session")
def moved(tmp_path_factory):
    """A copy of dist/ in another folder."""
    target = tmp_path_factory.mktemp("else where") / "miniracer"
    shutil.copytree(DIST, target)
    return target
