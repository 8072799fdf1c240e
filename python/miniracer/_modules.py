"""ES modules: importing them, and where they come from."""

from __future__ import annotations

import os
from ctypes import byref, sizeof

from . import _ffi
from ._errors import JSValueError
from ._runtime import run_limits
from ._types import JSUndefined
from ._values import put_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from ._context import Context
    from ._objects import JSMappedObject
    from ._runtime import Slot

    class _Base(Context):
        """What Modules is mixed into."""
else:
    _Base = object


class Modules(_Base):
    """The part of a MiniRacer that knows modules."""

    _module_table: dict[str, Any] | None = None
    _module_resolve: Callable[..., Any] | None = None
    _module_load: Callable[..., Any] | None = None
    _module_meta: Callable[..., Any] | None = None
    _module_files: tuple[str, str, str, bool] | None = None

    # ---- Importing ---------------------------------------------------------------------------------------------------

    def import_module(
        self,
        specifier: str,
        *,
        referrer: str | None = None,
        timeout_sec: float | None = None,
        cpu_time: float | None = None,
    ) -> Any:
        """``await import(specifier)``, waiting for it: the module's namespace, exports being items and attributes.

        >>> with MiniRacer(module_root="site") as mr:
        ...     mr.import_module("./main.js").render("page")

        referrer: the URL that relative specifiers are relative to. Raises JSPromiseError where it is not found, does
        not compile or throws, or the very exception that a Python loader raised.
        """
        return self._import(self._context_import, specifier, referrer, timeout_sec, cpu_time)

    async def import_module_async(
        self,
        specifier: str,
        *,
        referrer: str | None = None,
        timeout_sec: float | None = None,
        cpu_time: float | None = None,
    ) -> Any:
        """`import_module` that does not block the asyncio loop."""
        return await self._import_async(self._context_import, specifier, referrer, timeout_sec, cpu_time)

    def eval_module(
        self, source: str, name: str = "main.mjs", *, timeout_sec: float | None = None, cpu_time: float | None = None
    ) -> Any:
        """Runs the text of an ES module, waiting for its top-level awaits, and gives its namespace.

        >>> mr.eval_module("export const answer = 42").answer
        42

        name: its URL, which no other module may have: the default does for one module.
        """
        return self._import(self._context_evaluate_module, source, name, timeout_sec, cpu_time)

    async def eval_module_async(
        self, source: str, name: str = "main.mjs", *, timeout_sec: float | None = None, cpu_time: float | None = None
    ) -> Any:
        """`eval_module` that does not block the asyncio loop."""
        return await self._import_async(self._context_evaluate_module, source, name, timeout_sec, cpu_time)

    def _import(
        self, begin: Any, text: str, other: str | None, timeout_sec: float | None, cpu_time: float | None
    ) -> Any:
        slot = self._engine.take(self)
        slot.run.timeout, slot.run.cpu_time = run_limits(self._engine, timeout_sec, cpu_time)
        status = begin(slot, text, other)
        slot.run.timeout = slot.run.cpu_time = 0
        promise: Any = self._decode(slot.result) if not status else None
        self._finish(slot, status)
        return promise.get(timeout=timeout_sec)

    async def _import_async(
        self, begin: Any, text: str, other: str | None, timeout_sec: float | None, cpu_time: float | None
    ) -> Any:
        from ._aio import run

        limits = run_limits(self._engine, timeout_sec, cpu_time)

        def work(slot: Slot) -> Any:
            slot.run.timeout, slot.run.cpu_time = limits
            try:
                status = begin(slot, text, other)
            finally:
                slot.run.timeout = slot.run.cpu_time = 0
            return self._result(slot, status)

        return await (await run(self, work))

    def _context_import(self, slot: Slot, specifier: str, referrer: str | None) -> int:
        name, base = _ffi.Value(), _ffi.Value()
        put_text(name, specifier)
        if referrer is not None:
            put_text(base, referrer)
        return int(
            self._engine.c.context_import(
                self._id, byref(name), byref(base), slot.run_ref, slot.result_ref, slot.error_ref
            )
        )

    def _context_evaluate_module(self, slot: Slot, source: str, name: str | None) -> int:
        script = _ffi.Script(struct_size=sizeof(_ffi.Script))
        put_text(script.source, source)
        put_text(script.name, name or "main.mjs")
        return int(
            self._engine.c.context_evaluate_module(
                self._id, byref(script), slot.run_ref, slot.result_ref, slot.error_ref
            )
        )

    # ---- Where they come from ----------------------------------------------------------------------------------------

    def set_module_loader(
        self,
        *,
        resolve: Callable[[str, str], Any] | None = None,
        load: Callable[[str], Any] | None = None,
        meta: Callable[[JSMappedObject, str], Any] | None = None,
        modules: Mapping[str, Any] | None = None,
    ) -> None:
        """Where `import` finds modules. Any of the functions may be a coroutine function, but for `resolve` and `meta`.

        >>> mr.set_module_loader(load=lambda url: sources[url], modules={"host:clock": {"now": time.time}})
        >>> mr.import_module("host:clock").now()

        resolve(specifier, referrer): the module's URL; None: not mine. Without one, ./ and ../ are joined to the
        referrer, and other specifiers are URLs themselves.
        load(url): its source text, or a dict: {"source": text, "type": "module" or "json", "sourceMap": json}, or
        {"exports": {...}} for a module that Python makes; None: no such module. Each is loaded once.
        meta(meta, url): fills in import.meta.
        modules: host-made modules by name; each a mapping of export names to values, callables included.

        With a module root, these are asked first, and what they do not know comes from the files.
        """
        self._module_resolve, self._module_load, self._module_meta = resolve, load, meta
        if modules is not None:
            self._module_table = dict(modules)
        self._install_loader()

    def set_module_root(
        self,
        root: str | os.PathLike[str],
        *,
        packages: Sequence[str | os.PathLike[str]] = (),
        conditions: Sequence[str] = (),
        require: bool = False,
    ) -> None:
        """Lets modules come from files below a folder; nothing outside of it is read.

        packages: more folders, each with packages in it as node_modules has them. conditions: of package.json's
        exports, beside "import" and "default". require: globalThis.require, and CommonJS modules. JSValueError: no such
        folder.
        """
        paths = [os.path.abspath(os.fspath(path)) for path in packages]
        if any(":" in path for path in paths):
            raise JSValueError("the path of a folder with packages must not have a ':' in it")
        folder = os.path.abspath(os.fspath(root))
        self._module_files = folder, ":".join(paths), ",".join(conditions), require
        self._install_loader()

    def _start_modules(
        self, modules: Any, root: Any, packages: Sequence[Any], conditions: Sequence[str], require: bool
    ) -> None:
        self._module_table = dict(modules) if modules else None
        if root is not None:
            self.set_module_root(root, packages=packages, conditions=conditions, require=require)
        else:
            self._install_loader()

    def _install_loader(self) -> None:
        table, resolve, load, meta = self._module_table, self._module_resolve, self._module_load, self._module_meta
        files = self._module_files
        keep: list[Any] = []

        def put(view: _ffi.Value, value: Any) -> None:
            keep.append((value, self._encode(view, value)))

        def resolved(specifier: str, referrer: str = "", *_: Any) -> Any:
            if table is not None and specifier in table:
                return specifier
            url = resolve(specifier, referrer) if resolve is not None else None
            return JSUndefined if url is None else url

        def loaded(url: str, *_: Any) -> Any:
            if table is not None and url in table:
                return {"exports": dict(table[url])}
            if load is None:
                raise ModuleNotFoundError(f"no module {url!r}")
            return _checked(url, load(url))

        if files is None:
            from ._structs import ModuleLoader

            loader = ModuleLoader(struct_size=sizeof(ModuleLoader))
            if resolve is not None:
                put(loader.resolve, self._host_function(lambda s, r="", *_: _joined(resolved(s, r), s, r), "resolve"))
            if load is not None or table is not None:
                put(loader.load, self._host_function(loaded, "load"))
            if meta is not None:
                put(loader.meta, self._host_function(meta, "meta"))
            self._plain_call(self._engine.c.context_set_module_loader, byref(loader))
        else:
            from ._structs import FileLoader

            folder, packages, conditions, require = files
            options = FileLoader(struct_size=sizeof(FileLoader), flags=_ffi.FILES_REQUIRE if require else 0)
            put_text(options.root, folder)
            if packages:
                put_text(options.packages, packages)
            if conditions:
                put_text(options.conditions, conditions)
            if table is not None or resolve is not None:
                put(options.resolve, self._host_function(resolved, "resolve"))
                put(options.load, self._host_function(loaded, "load"))
            if meta is not None:
                put(options.meta, self._host_function(meta, "meta"))
            self._plain_call(self._engine.c.context_set_file_loader, byref(options))
        keep.clear()


def _joined(url: Any, specifier: str, referrer: str) -> Any:
    """What the library does by itself where there is no `resolve`, for what that one leaves."""
    if url is not JSUndefined:
        return url
    if not specifier.startswith(("./", "../")):
        return specifier
    from urllib.parse import urljoin

    return urljoin(referrer, specifier)


def _checked(url: str, found: Any) -> Any:
    if found is None:
        raise ModuleNotFoundError(f"no module {url!r}")
    if hasattr(type(found), "__await__"):

        async def later() -> Any:
            return _checked(url, await found)

        return later()
    return found
