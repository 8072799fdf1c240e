"""`python -m miniracer selftest`: the hostile suite as an installed package runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Script

from miniracer import _cases, _selftest


def selftest(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "miniracer", "selftest", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        env={**Script.environment(), **environment},
    )


CASE = """\
// Cases for the tests of the runner.

//! case: sum
//! expect: ok 42
//! why: it is
40 + 2

//! case: late
//! timeout: 50ms
//! expect: timeout or engine_dead
//! why: an endless loop ends
for (;;);

//! case: wrong
//! expect: exception TypeError
//! why: it throws something else
//! action: call
() => { throw new RangeError('x') }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "some.js").write_text(CASE)
    return tmp_path


def test_the_table_and_the_exit_status(folder: Path) -> None:
    done = selftest("--cases", str(folder))
    assert done.returncode == 1, done.stderr
    *_, sum_, late, wrong, last = done.stdout.splitlines()
    assert sum_.split()[:6] == ["some/sum", "ok", "42", "ok", "42", "usable"]
    assert late.split()[:6] == ["some/late", "timeout", "or", "engine_dead", "timeout", "usable"]
    assert "exception RangeError" in wrong
    assert wrong.endswith("FAILED: expected exception TypeError")
    assert last == "3 cases, 1 failed"
    assert "[  3/3] some/wrong: exception RangeError" in done.stderr
    assert selftest("--cases", str(folder), "--filter", "some/s").returncode == 0


def test_listing(folder: Path) -> None:
    done = selftest("--cases", str(folder), "--list", "--filter", "late")
    assert (done.returncode, done.stdout) == (0, "some/late\tan endless loop ends\n")


def test_one_case_in_this_process(folder: Path) -> None:
    done = selftest("--cases", str(folder), "--case", "sum")
    result = _selftest.Result.of(done.stdout, "sum")
    assert result is not None, done.stderr
    assert (result.outcome, result.after, result.problem) == ("ok 42", "usable", "")
    assert selftest("--cases", str(folder), "--case", "none").returncode == 2


def outcome(folder: Path, case: str) -> str:
    (folder / "one.js").write_text(f"//! case: one\n//! why: x\n//! expect: ok\n//! timeout: 200ms\n{case}\n")
    result = _selftest.Result.of(selftest("--cases", str(folder), "--case", "one").stdout, "one")
    assert result is not None
    return result.outcome


def test_turns_of_the_loop(tmp_path: Path) -> None:
    timers = "//! action: turn\n//! options: timers\n"
    assert outcome(tmp_path, f"{timers}setInterval(() => {{}}, 1)") == "ok undefined"
    assert outcome(tmp_path, f"{timers}setTimeout(() => {{ throw new TypeError('x') }})") == "exception TypeError"
    assert outcome(tmp_path, f"{timers}setInterval(() => {{ for (;;); }})") == "timeout"
    stuck = "setTimeout(() => Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1))"
    assert outcome(tmp_path, timers + stuck) == "engine_dead"


def test_outcomes(tmp_path: Path) -> None:
    assert outcome(tmp_path, "1 / 4") == "ok 0.25"
    assert outcome(tmp_path, "'a\\n'") == 'ok "a."'
    assert outcome(tmp_path, "1n << 100000n") == "ok"


def test_used_wrongly(folder: Path, tmp_path: Path) -> None:
    for arguments in (
        ["--frobnicate"],
        ["--filter"],
        ["--filter", "no such case"],
        ["--cases", str(tmp_path / "none")],
    ):
        done = selftest(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr
    done = subprocess.run(
        [sys.executable, "-m", "miniracer"], capture_output=True, text=True, env=Script.environment(), timeout=60
    )
    assert (done.returncode, done.stderr.split()[0]) == (2, "usage:")


@pytest.mark.parametrize("scale", ["abc", "inf", "nan", "0", "-1", "1e9"])
def test_a_scale_that_is_none(folder: Path, scale: str) -> None:
    done = selftest("--cases", str(folder), MINIRACER_SELFTEST_SCALE=scale)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"MINIRACER_SELFTEST_SCALE is a number above 0 and at most 10000, and not '{scale}'\n"


@pytest.mark.parametrize("scale", ["", "0.5", "20"])
def test_a_scale(folder: Path, scale: str) -> None:
    assert selftest("--cases", str(folder), "--filter", "sum", MINIRACER_SELFTEST_SCALE=scale).returncode == 0


def test_a_child_that_dies_is_a_failed_case(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (case, *_) = _cases.read(str(folder))
    monkeypatch.setenv("MINIRACER_LIBRARY", str(folder / "none.so"))
    result = _selftest.run(case, str(folder))
    assert result.problem.startswith("exit status 1: ")
    assert "none.so" in result.problem


def test_the_cases_of_the_project(checkout: Path) -> None:
    cases = _cases.read(str(checkout / "Tests" / "hostile"))
    assert len(cases) > 100
    assert Path(_cases.folder()).resolve() == checkout / "Tests" / "hostile"
    assert all(case.body.strip() and case.expect and case.why for case in cases)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["time/catch-the-end", "errors/throw-message-getter", "conversion/host-get-trap-loop"])
def test_some_of_them(name: str) -> None:
    done = selftest("--filter", name)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1\n", "1: code before the first case"),
        ("//! case: A\n", "1: no name: A"),
        ("//! case: a\n//! why: x\n1\n", "3: a has no expect"),
        ("//! case: a\n//! why: x\n//! expect: ok\n\n", "4: a has no body"),
        ("//! case: a\n//! why: x\n//! why: y\n", "3: a second why"),
        ("//! case: a\n//! color: red\n", "2: no directive here: color"),
        ("//! case: a\n//! timeout: 1m\n", "2: timeout cannot be: 1m"),
        ("//! case: a\n//! options: timers  web\n", "2: options cannot be: timers  web"),
        ("//! case: a\n//! after: gone\n", "2: after cannot be: gone"),
        ("//! case: a\n//! why: x\n//! expect: ok\n1\n//! grace: 1s\n", "5: no directive here: grace"),
        ("//!case: a\n", "1: not a directive"),
        ("//! case: a\n//! why: x\n//! expect: ok\n1\r\n", "1: not ASCII with lines ended by LF"),
    ],
)
def test_files_that_are_not_of_the_form(text: str, why: str) -> None:
    with pytest.raises(_cases.BadCase) as caught:
        _cases.parse(text, "x.js")
    assert str(caught.value) == f"x.js:{why}"


def test_a_name_is_there_once(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("//! case: a\n//! why: x\n//! expect: ok\n1\n")
    (tmp_path / "b.js").write_text("//! case: a\n//! why: x\n//! expect: ok\n1\n")
    with pytest.raises(_cases.BadCase, match=r"a is in .*a.js already"):
        _cases.read(str(tmp_path))


def test_directives() -> None:
    text = "//! case: a\n//! why: x\n//! expect: ok\n//! cpu: 100ms\n//! memory: 64MB\n//! clock: frozen\n"
    (case,) = _cases.parse(text + "//! options: timers no_eval\n//! timeout: none\n1\n", "group.js")
    assert (case.path, case.cpu, case.memory, case.clock) == ("group/a", 0.1, 64 * 2**20, "frozen")
    assert (case.options, case.most) == ({"timers", "no_eval"}, 0.1)


def test_the_package_does_not_import_it(script: Script) -> None:
    done = script("import sys, miniracer; print([n for n in sys.modules if 'selftest' in n or '_case' in n])")
    assert done.stdout == "[]\n", done.stderr
