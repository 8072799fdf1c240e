"""How much memory a MiniRacer takes, and may take."""

from __future__ import annotations

from ctypes import byref, sizeof

from . import _ffi
from ._checks import whole
from ._context import Context
from ._limits import checked_heap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar

    from ._structs import HeapStatistics


class Memory(Context):
    """The part of MiniRacer that is about memory."""

    json_impl: ClassVar[Any]
    _soft_limit = 0
    _soft_limit_seen = False
    _soft_limit_peak = 0  # the most memory that there was before the limit was set

    def set_hard_memory_limit(self, limit: int) -> None:
        """Sets the bytes of V8's heap at which a run is ended with JSOOMException; 0 is the limit it was made with.

        At any time, a callable that JavaScript calls included; waits while another thread is inside. The limit must be
        4 MiB at least, and one below what is in use now leaves a quarter of that as slack.
        """
        self.was_soft_memory_limit_reached()  # a run that met the limit before tells of this one, too: see there
        status = self._engine.c.isolate_set_heap_limit(self._isolate, checked_heap("limit", limit))
        if status:
            raise self._failure_of(status)
        self._reached_memory_limit = False
        if self._first_limit is not None:
            self._memory_limit = limit or self._first_limit

    def set_soft_memory_limit(self, limit: int) -> None:
        """Sets the bytes that `was_soft_memory_limit_reached` compares with; 0 is none. Nothing is ended by it."""
        self._soft_limit = whole("limit", limit, 0, 2**64 - 1)
        self._soft_limit_seen = False
        self._soft_limit_peak = self._statistics().memory_peak if limit else 0

    def was_hard_memory_limit_reached(self) -> bool:
        """True once a run was ended with JSOOMException, until another limit is set."""
        return self._reached_memory_limit

    def was_soft_memory_limit_reached(self) -> bool:
        """True once memory was above the soft limit: the heap now or at an earlier such call, the peak of all memory
        since the limit was set, or what a run was to have that was ended with JSOOMException."""
        if self._soft_limit and not self._soft_limit_seen:
            self._soft_limit_seen = self._is_above_soft_limit()
        return self._soft_limit_seen

    def _is_above_soft_limit(self) -> bool:
        raw, limit = self._statistics(), self._soft_limit
        if raw.heap_used > limit or raw.memory_peak > max(limit, self._soft_limit_peak):
            return True
        # V8 ends a run some way below the limit, when what it asks for would not fit.
        return self._reached_memory_limit and limit <= max(raw.heap_limit, raw.memory_limit)

    def low_memory_notification(self) -> None:
        """Asks V8 to collect garbage. Waits while another thread is inside."""
        slot = self._engine.take(self)  # callables are forgotten meanwhile, and a signal's handler may raise: see _lost
        self._finish(slot, self._engine.c.isolate_collect_garbage(self._isolate, _ffi.COLLECT_FULL))

    def heap_stats(self) -> dict[str, int]:
        """V8's figures in bytes, named as V8 does, and counts of live handles and contexts.

        memory is the one number that limits count: the pages that V8 holds for this MiniRacer, ArrayBuffers,
        WebAssembly memories, and what the library keeps for it. memory_limit: the one in force; 0: none. memory_peak:
        the most it ever was. webassembly_memory: what is accessible of WebAssembly memories.
        """
        raw = self._statistics()
        figures = {
            "total_physical_size": raw.heap_physical,
            "used_heap_size": raw.heap_used,
            "total_heap_size": raw.heap_committed,
            "heap_size_limit": raw.heap_limit,
            "array_buffers_size": raw.array_buffers,
            "external_memory": raw.external,
            "malloced_memory": raw.engine_malloced,
            "peak_malloced_memory": raw.engine_malloced_peak,
            "number_of_handles": raw.handle_count,
            "number_of_contexts": raw.context_count,
            "number_of_detached_contexts": raw.detached_context_count,
        }
        if self._engine.library.abi_version >= 3:
            figures["memory"] = raw.memory
            figures["memory_limit"] = raw.memory_limit
            figures["memory_peak"] = raw.memory_peak
            figures["webassembly_memory"] = raw.webassembly
            figures["total_heap_size_executable"] = raw.heap_executable
        return figures

    def heap_snapshot(self, file: Any = None) -> Any:
        """A snapshot of the heap as Chrome's developer tools read it: as data, or, with a binary file that is open for
        writing, into that, in pieces."""
        from ._callbacks import snapshot

        if file is not None:
            snapshot(self, file.write)
            return None
        pieces: list[bytes] = []
        snapshot(self, pieces.append)
        return self.json_impl.loads(b"".join(pieces))

    def _statistics(self) -> HeapStatistics:
        from ._structs import HeapStatistics

        raw = HeapStatistics(struct_size=sizeof(HeapStatistics))
        status = self._engine.c.isolate_get_heap_statistics(self._isolate, byref(raw))
        if status:
            raise self._failure_of(status)
        return raw
