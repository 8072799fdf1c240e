"""The JavaScript stack as data. A module of its own because few ask for it and typing is slow to import."""

from __future__ import annotations

from typing import NamedTuple, Optional


class JSStackFrame(NamedTuple):
    """One frame of a JavaScript stack."""

    function: Optional[str]
    """The function's name; None for top-level and anonymous code."""
    file: Optional[str]
    """The script's name, or None."""
    line: int
    """From 1; 0 where it is not known."""
    column: int
    """From 1, in UTF-16 units; 0 where it is not known."""
    is_eval: bool = False
    is_constructor: bool = False
    is_wasm: bool = False
    is_guest: bool = True
    """False for the engine's own code."""
    is_async: bool = False
    """True for a frame of an async function that was waiting for what the frames before it did."""
    is_native: bool = False
    """True for a function of the engine's own, ``Array.forEach`` say: no file, line 0."""
