"""pip install makes a package that works from any folder, with nothing around it."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(os.environ.get("MINIRACER_TEST_INSTALLED")),
        reason="tests an installed package already",
    ),
]


def run(*command: str | Path, **options: object) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return str(done.stdout)


def test_wheel_and_install(checkout: Path, tmp_path: Path) -> None:
    run(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "-w",
        tmp_path,
        checkout / "python",
    )
    (wheel,) = tmp_path.glob("*.whl")
    name, version, python, abi, system = wheel.stem.split("-")
    assert (name, python, abi) == ("miniracer", "py3", "none")
    assert version == (checkout / "VERSION").read_text().strip()
    assert system.startswith(("manylinux_2_", "linux_"))
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        assert {item.date_time[0] for item in archive.infolist()} == {1980}
    assert {
        "miniracer/lib/libminiracer.so",
        "miniracer/py.typed",
        "miniracer/VERSION",
    } <= names
    cases = {f"miniracer/hostile/{path.name}" for path in (checkout / "Tests" / "hostile").glob("*.js")}
    assert cases
    assert cases == {item for item in names if item.startswith("miniracer/hostile/")}
    assert any(item.endswith("licenses/LICENSE") for item in names)
    assert any("licenses/bundled/libnode" in item for item in names)
    assert not any("__pycache__" in item for item in names)

    target = tmp_path / "venv"
    venv.create(target, with_pip=False, symlinks=True)
    installed = target / "bin" / "python"
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        installed,
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        wheel,
    )
    source = "import miniracer as m; r = m.MiniRacer(); print(m.__version__, r.eval('40 + 2'), r.library.path)"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shown = run("/usr/bin/env", "-i", installed, "-c", source, cwd=elsewhere).split()
    assert shown[:2] == [version, "42"]
    assert shown[2].startswith(str(target))
    shown = run("/usr/bin/env", "-i", installed, "-m", "miniracer", "selftest", "--filter", "while-true", cwd=elsewhere)
    assert "time/while-true " in shown
    assert ", 0 failed" in shown
