"""ES modules: importing them, and where they come from."""

from __future__ import annotations

import os
from _collections_abc import Mapping
from ctypes import byref, sizeof

from . import _ffi
from ._checks import function, text, text_or_none, wrong
from ._errors import JSValueError
from ._host import length_of
from ._objects import JSObject
from ._runtime import run_limits
from ._types import JSUndefined
from ._values import put_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
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
        names = text("specifier", specifier), text_or_none("referrer", referrer)
        return self._import(self._context_import, *names, timeout_sec, cpu_time)

    async def import_module_async(
        self,
        specifier: str,
        *,
        referrer: str | None = None,
        timeout_sec: float | None = None,
        cpu_time: float | None = None,
    ) -> Any:
        """`import_module` that does not block the asyncio loop."""
        names = text("specifier", specifier), text_or_none("referrer", referrer)
        return await self._import_async(self._context_import, *names, timeout_sec, cpu_time)

    def eval_module(
        self,
        source: str,
        name: str = "main.mjs",
        *,
        timeout_sec: float | None = None,
        cpu_time: float | None = None,
        source_map: str | None = None,
    ) -> Any:
        """Runs the text of an ES module, waiting for its top-level awaits, and gives its namespace.

        >>> mr.eval_module("export const answer = 42").answer
        42

        name: its URL, which no other module may have: the default does for one module. source_map: as in `eval`.
        """
        return self._import(
            self._evaluation(source_map), text("source", source), text("name", name), timeout_sec, cpu_time
        )

    async def eval_module_async(
        self,
        source: str,
        name: str = "main.mjs",
        *,
        timeout_sec: float | None = None,
        cpu_time: float | None = None,
        source_map: str | None = None,
    ) -> Any:
        """`eval_module` that does not block the asyncio loop."""
        begin = self._evaluation(source_map)
        return await self._import_async(begin, text("source", source), text("name", name), timeout_sec, cpu_time)

    def _import(
        self, begin: Any, first: str, other: str | None, timeout_sec: float | None, cpu_time: float | None
    ) -> Any:
        slot = self._engine.take(self)
        slot.run.timeout, slot.run.cpu_time = run_limits(self._engine, timeout_sec, cpu_time)
        status = begin(slot, first, other)
        slot.run.timeout = slot.run.cpu_time = 0
        return self._finish_with_value(slot, status).get(timeout=timeout_sec)

    async def _import_async(
        self, begin: Any, first: str, other: str | None, timeout_sec: float | None, cpu_time: float | None
    ) -> Any:
        from ._aio import run

        promise = await run(self, lambda slot: self._result(slot, begin(slot, first, other)), timeout_sec, cpu_time)
        return await promise

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

    def _evaluation(self, source_map: str | None) -> Callable[[Slot, str, str | None], int]:
        text_or_none("source_map", source_map)

        def begin(slot: Slot, source: str, name: str | None) -> int:
            script = _ffi.Script(struct_size=sizeof(_ffi.Script))
            put_text(script.source, source)
            put_text(script.name, name or "main.mjs")
            if source_map is not None:
                put_text(script.source_map, source_map)
            return int(
                self._engine.c.context_evaluate_module(
                    self._id, byref(script), slot.run_ref, slot.result_ref, slot.error_ref
                )
            )

        return begin

    # ---- Where they come from ----------------------------------------------------------------------------------------

    def set_module_loader(
        self,
        *,
        resolve: Callable[..., Any] | None = None,
        load: Callable[..., Any] | None = None,
        meta: Callable[[JSMappedObject, str], Any] | None = None,
        modules: Mapping[str, Any] | None = None,
    ) -> None:
        """Where `import` finds modules. `resolve` and `load` may be coroutine functions.

        >>> mr.set_module_loader(load=lambda url: sources[url], modules={"host:clock": {"now": time.time}})
        >>> mr.import_module("host:clock").now()

        resolve(specifier, referrer): the module's URL; None: not mine. Without one, ./ and ../ are joined to the
        referrer, and other specifiers are URLs themselves. Where it is a coroutine function, import.meta.resolve and
        require throw a TypeError: they cannot wait.
        load(url): its source text, or a dict: {"source": text, "type": "module" or "json", "sourceMap": json}, or
        {"exports": {...}} for a module that Python makes; None: no such module. Each is loaded once.
        meta(meta, url): fills in import.meta.
        Both are given the import's attributes, a dict of str, as one argument more if they take one: resolve(specifier,
        referrer, attributes), load(url, attributes).
        modules: host-made modules by name; each a mapping of export names to values, callables included.

        With a module root, `modules` and `resolve` are asked first, and what they do not know comes from the files.
        `load` gives what `resolve` named; a `load` alone is refused with JSValueError there.
        """
        for name, given in (("resolve", resolve), ("load", load), ("meta", meta)):
            if given is not None:
                function(name, given)
        table = self._module_table if modules is None else _table(modules)
        self._change_loader(_module_resolve=resolve, _module_load=load, _module_meta=meta, _module_table=table)

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
        for name, given in (("packages", packages), ("conditions", conditions)):
            if isinstance(given, (str, bytes)):
                raise wrong(name, "a sequence of str", given)
        conditions = [text("conditions", condition) for condition in conditions]
        paths = [_path("packages", path) for path in packages]
        if any(":" in path for path in paths):
            raise JSValueError("the path of a folder with packages must not have a ':' in it")
        folder = _path("root", root)
        self._change_loader(_module_files=(folder, ":".join(paths), ",".join(conditions), require))

    def _start_modules(
        self, modules: Any, root: Any, packages: Sequence[Any], conditions: Sequence[str], require: bool
    ) -> None:
        table = _table(modules) if modules else None
        if root is None:
            for name, given in (("packages", packages), ("conditions", conditions), ("require", require)):
                if given:
                    raise JSValueError(f"{name} is for modules from files: it needs a module_root")
            if table is not None:
                self._change_loader(_module_table=table)
            return
        self._module_table = table
        self.set_module_root(root, packages=packages, conditions=conditions, require=require)

    def _change_loader(self, **changes: Any) -> None:
        """Installs a loader, or leaves everything as it was."""
        before = {name: getattr(self, name) for name in changes}
        self.__dict__.update(changes)
        try:
            if self._module_files is not None and self._module_load is not None and self._module_resolve is None:
                raise JSValueError("with a module root, load needs a resolve: it is asked for what that one names")
            self._install_loader()
        except BaseException:
            self.__dict__.update(before)
            raise

    def _install_loader(self) -> None:
        table, resolve, load, meta = self._module_table, self._module_resolve, self._module_load, self._module_meta
        files = self._module_files
        keep: list[Any] = []

        def put(view: _ffi.Value, value: Any) -> None:
            keep.append((value, self._encode(view, value)))

        def resolved(specifier: str, referrer: str = "", attributes: Any = None) -> Any:
            if table is not None and specifier in table:
                return specifier
            url = resolve(*_taken(resolve, specifier, referrer, attributes)) if resolve is not None else None
            return _named(url, specifier, None if files is not None else referrer)

        def loaded(url: str, attributes: Any = None) -> Any:
            if table is not None and url in table:
                return {"exports": dict(table[url])}
            if load is None:
                raise ModuleNotFoundError(f"no module {url!r}")
            return _checked(url, load(*_taken(load, url, attributes)))

        if files is None:
            from ._structs import ModuleLoader

            loader = ModuleLoader(struct_size=sizeof(ModuleLoader))
            if resolve is not None:
                put(loader.resolve, self._host_function(resolved, "resolve"))
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


def _path(name: str, path: Any) -> str:
    if not isinstance(path, (str, os.PathLike)):
        raise wrong(name, "a path", path)
    return os.path.abspath(os.fsdecode(path))


def _table(modules: Any) -> dict[str, Any]:
    """Modules of the host's by name."""
    if not isinstance(modules, Mapping):
        raise wrong("modules", "a mapping of names to mappings", modules)
    for name, exports in modules.items():
        _check_exports(f"modules[{text('modules', name)!r}]", exports)
    return dict(modules)


def _check_exports(where: str, exports: Any) -> None:
    if not isinstance(exports, Mapping):
        raise wrong(where, "a mapping of export names to values", exports)
    for name in exports:
        text(f"{where}: an export's name", name)


def _taken(function: Any, *arguments: Any) -> list[Any]:
    """The arguments, without the attributes at their end for a function that takes none."""
    *most, attributes = arguments
    if length_of(function) < len(arguments):
        return most
    return [*most, {} if attributes is None or attributes is JSUndefined else attributes.to_python()]


def _named(url: Any, specifier: str, referrer: str | None) -> Any:
    """What `resolve` said, or will say. What it leaves is for the library's files, or without a referrer of theirs done
    as the library does by itself where there is no `resolve`."""
    if hasattr(type(url), "__await__"):

        async def later() -> Any:
            return _named(await url, specifier, referrer)

        return later()
    if url is not None and url is not JSUndefined:
        return url
    if referrer is None:
        return JSUndefined
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
    if isinstance(found, Mapping) and "exports" in found:
        exports = found["exports"]
        if not isinstance(exports, JSObject):
            _check_exports(f"load({url!r})", exports)
    return found
