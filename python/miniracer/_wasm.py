"""WebAssembly, by what the engine made and not by what a guest may have made of the global of that name."""

from __future__ import annotations

from ._context import WASM
from ._errors import JSEvalException, NotSupportedError
from ._kinds import JSWasm
from ._types import JSUndefined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._context import Context

_LINES = WASM.split("\n")


def instance(context: Context, module: Any, imports: Any) -> Any:
    """See `MiniRacer.wasm`."""
    if WASM not in context._helpers:
        raise NotSupportedError("this MiniRacer has no WebAssembly")
    compiled = isinstance(module, JSWasm)
    try:
        return context._helper(WASM, module, compiled, JSUndefined if imports is None else imports)
    except JSEvalException as exception:
        if exception.file is None and exception.source_line in _LINES:
            _tell_of_arguments(exception)
        raise


def _tell_of_arguments(exception: JSEvalException) -> None:
    """What the engine says of the bytes or the imports, without the place in this package's script."""
    about = "module" if "WebAssembly.Module()" in exception.message else "imports"
    what = f"{exception.name}: {exception.message}"
    outer = (
        (exception.stack or "").removeprefix(what).lstrip("\n").split("\n")[1:]
    )  # where JavaScript was calling Python
    exception.stack = "\n".join([what, *outer])
    exception._frames = exception._frames[1:]
    exception.line = exception.column = exception.end_column = 0
    exception.source_line = None
    exception.args = (f"{about}: {exception.stack}",)
