"""WebAssembly, by what the engine made and not by what a guest may have made of the global of that name."""

from __future__ import annotations

from ._context import WASM
from ._errors import NotSupportedError
from ._kinds import JSWasm
from ._types import JSUndefined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._context import Context


def instance(context: Context, module: Any, imports: Any) -> Any:
    """See `MiniRacer.wasm`."""
    if WASM not in context._helpers:
        raise NotSupportedError("this MiniRacer has no WebAssembly")
    compiled = isinstance(module, JSWasm)
    return context._helper(WASM, module, compiled, JSUndefined if imports is None else imports)
