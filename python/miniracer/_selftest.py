"""The hostile suite's parent: each case in a process of its own, and a table of what came of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass

from ._cases import Case, folder, read

USAGE = """usage: python -m miniracer selftest [--cases FOLDER] [--filter TEXT] [--list]
Runs the cases whose group/name has TEXT in it, each in a process of its own. $MINIRACER_LIBRARY names the library that
is tested; $MINIRACER_SELFTEST_SCALE how many times as long as usual everything may take. Exit status: 0 all is well,
1 a case failed, 2 used wrongly.
"""


@dataclass
class Result:
    """What the child of a case said, and what is wrong with it."""

    outcome: str = "-"
    after: str = "-"
    milliseconds: int = 0
    peak: int = 0  # KB
    left: int = 0  # KB
    problem: str = ""

    def line(self, name: str) -> str:
        return "\t".join(
            map(str, (name, self.outcome, self.after, self.milliseconds, self.peak, self.left, self.problem))
        )

    @classmethod
    def of(cls, line: str, name: str) -> Result | None:
        """A child's line, or None where it is none."""
        fields = line.rstrip("\n").split("\t")
        if len(fields) != 7 or fields[0] != name:
            return None
        return cls(fields[1], fields[2], int(fields[3]), int(fields[4]), int(fields[5]), fields[6])


def scale() -> float:
    """How many times as long as usual everything may take. Raises ValueError where that is no number that can be."""
    text = os.environ.get("MINIRACER_SELFTEST_SCALE") or "1"
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= 10000:
        raise ValueError(f"MINIRACER_SELFTEST_SCALE is a number above 0 and at most 10000, and not {text!r}")
    return number


def run(case: Case, cases_folder: str) -> Result:
    """A case in a process of its own."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    path = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-m", "miniracer", "selftest", "--cases", cases_folder, "--case", case.name]
    child = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
    )
    hung = False
    try:
        said, complaint = child.communicate(timeout=(case.most + case.grace + 20) * scale())
    except subprocess.TimeoutExpired:
        hung = True
        os.killpg(child.pid, signal.SIGKILL)
        said, complaint = child.communicate()
    except BaseException:
        os.killpg(child.pid, signal.SIGKILL)
        raise
    result = Result.of(said.splitlines()[-1] if said else "", case.name)
    told = result is not None
    result = result or Result()
    if hung:
        result.problem = "hung, and was killed"
    elif child.returncode < 0:
        result.problem = f"died of signal {-child.returncode}"
    elif child.returncode:
        result.problem = f"exit status {child.returncode}"
    elif not told:
        result.problem = "said nothing"
    if complaint and (hung or child.returncode or not told):
        result.problem += f": {complaint.splitlines()[-1][:200]}"
    return result


def _table(results: list[tuple[Case, Result]]) -> None:
    form = "{:<42} {:<34} {:<24} {:<8} {:>8} {:>8}  {}".format
    print(form("case", "expected", "seen", "after", "ms", "peak MB", "").rstrip())
    for case, result in results:
        problem = f"FAILED: {result.problem}" if result.problem else ""
        print(
            form(
                case.path,
                case.expect,
                result.outcome,
                result.after,
                result.milliseconds,
                result.peak >> 10,
                problem,
            ).rstrip()
        )


def _run_all(cases: list[Case], cases_folder: str) -> int:
    results: list[tuple[Case, Result]] = []
    for number, case in enumerate(cases, 1):
        sys.stderr.write(f"[{number:3}/{len(cases)}] {case.path}")
        sys.stderr.flush()
        result = run(case, cases_folder)
        results.append((case, result))
        problem = f"  FAILED: {result.problem}" if result.problem else ""
        sys.stderr.write(f": {result.outcome}, {result.milliseconds} ms{problem}\n")
    _table(results)
    failures = sum(bool(result.problem) for _, result in results)
    print(f"{len(cases)} cases, {failures} failed")
    return 1 if failures else 0


def _child(cases: list[Case], name: str) -> int:
    from ._case import run_case

    for case in cases:
        if case.name == name:
            print(run_case(case).line(name), flush=True)
            return 0
    sys.stderr.write(f"no such case: {name}\n")
    return 2


def main(arguments: list[str]) -> int:
    given = {"--cases": folder(), "--filter": "", "--case": ""}
    listing = False
    rest = iter(arguments)
    for argument in rest:
        if argument == "--list":
            listing = True
        elif argument in given and (value := next(rest, None)) is not None:
            given[argument] = value
        else:
            sys.stderr.write(USAGE)
            return 2
    try:
        scale()
        cases = read(given["--cases"])
    except (ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if given["--case"]:
        return _child(cases, given["--case"])
    chosen = [case for case in cases if given["--filter"] in case.path]
    if not chosen:
        sys.stderr.write(f"no case has {given['--filter']} in its name\n")
        return 2
    if listing:
        print("".join(f"{case.path}\t{case.why}\n" for case in chosen), end="")
        return 0
    return _run_all(chosen, given["--cases"])
