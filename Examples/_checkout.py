"""Where the examples find the package and the libraries."""

import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT / "python"))

#: JavaScript packages, as node_modules has them, and where Debian's links in there lead.
PACKAGES = [CHECKOUT / "build/js/usr/share" / name for name in ("nodejs", "javascript")]


def library(name: str) -> str:
    """The source text of a JavaScript library."""
    path = CHECKOUT / "build" / "js" / f"{name}.js"
    if not path.exists():
        sys.exit(f"{path} is not there. ./build.sh run run Examples/markdown.js README.md fetches the libraries.")
    return path.read_text(encoding="utf-8")
