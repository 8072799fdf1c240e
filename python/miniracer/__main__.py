"""``python -m miniracer selftest``: proves the installed library against guests that try to harm their host."""

from __future__ import annotations

import sys

USAGE = "usage: python -m miniracer selftest [--cases FOLDER] [--filter TEXT] [--list]\n"


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["selftest"]:
        from ._selftest import main as selftest

        return selftest(arguments[1:])
    helped = arguments in (["--help"], ["-h"], ["help"])
    (sys.stdout if helped else sys.stderr).write(USAGE)
    return 0 if helped else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
