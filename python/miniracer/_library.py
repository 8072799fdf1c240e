"""Finds, opens and checks the native library.

Searched in this order: an explicit path; the environment's MINIRACER_LIBRARY (set but unusable is an error, never a
silent fall-back); the package's own `lib` folder; the `dist/lib` of the checkout this file is in; the system's loader.
The library is opened RTLD_NOW | RTLD_LOCAL and never closed.
"""

from __future__ import annotations

import ctypes
import os
import sys

from . import _ffi
from ._checks import wrong
from ._errors import LibNotFoundError, NotSupportedError
from ._threads import allocate_lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

ENVIRONMENT = "MINIRACER_LIBRARY"
FILE_NAME = "libminiracer.dylib" if sys.platform == "darwin" else "libminiracer.so"
PREFIX = "miniracer_"


class _Unusable(Exception):
    """Why one candidate will not do."""


def _refusal(path: str) -> str | None:
    """Clear words for what the system's loader says of a file. It knows bare names itself."""
    from . import _elf

    return _elf.problem(path) if path != FILE_NAME else None


class Functions:
    """The contract's functions as attributes, named without their prefix and declared with their argument types."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def __getattr__(self, name: str) -> Any:
        """Binds a function when it is first asked for: a process that is just starting needs few of them."""
        if PREFIX + name not in _ffi.FUNCTIONS:
            raise AttributeError(f"the contract has no function {PREFIX}{name}")
        function = self._library._bind(PREFIX + name)
        setattr(self, name, function)
        return function


class Library:
    """An open native library that passed the handshake. Get one from :func:`load_library`."""

    def __init__(self, path: str) -> None:
        try:
            self._dll = ctypes.CDLL(path, mode=os.RTLD_NOW | os.RTLD_LOCAL)
        except OSError as error:
            raise _Unusable(_refusal(path) or f"the system's loader refused it: {error}") from None
        #: Where it was found: a path, or a bare name that the system's loader resolved.
        self.path = path
        self.abi_version = self._handshake()
        self.functions = Functions(self)
        #: Used by the runtime: what Python keeps for each library.
        self.engine: Any = None

    def _handshake(self) -> int:
        """Checks the ABI number, the frozen struct and the symbols; returns the binary's ABI number."""
        for name in ("miniracer_abi_version", "miniracer_struct_size"):
            if not hasattr(self._dll, name):
                raise _Unusable(f"it is no libminiracer: the function {name} is missing")
        self._dll.miniracer_abi_version.restype = ctypes.c_uint32
        abi = int(self._dll.miniracer_abi_version())
        if abi == 0:
            raise _Unusable("its ABI number is 0, which no library may have")
        size = ctypes.c_uint32
        self._dll.miniracer_struct_size.restype = size
        self._dll.miniracer_struct_size.argtypes = [size]
        seen, wanted = int(self._dll.miniracer_struct_size(_ffi.STRUCT_VALUE)), ctypes.sizeof(_ffi.Value)
        if seen != wanted:
            raise _Unusable(
                f"struct layout mismatch: its miniracer_value has {seen} bytes, this package's has {wanted}"
            )
        missing = [n for n, (_, _, since) in _ffi.FUNCTIONS.items() if since <= abi and not hasattr(self._dll, n)]
        if missing:
            raise _Unusable(f"it says ABI {abi}, but functions of it are missing: {', '.join(missing)}")
        return abi

    def _bind(self, name: str, typed: bool = True) -> Any:
        since = _ffi.FUNCTIONS[name][2]
        if not hasattr(self._dll, name):
            message = f"{name} is not supported by this binary (ABI {self.abi_version}, needs {since}): {self.path}"

            def not_supported(*_: object) -> Any:
                raise NotSupportedError(message)

            return not_supported
        function = self._dll[name]
        restype, argtypes = _ffi.declared(name)
        function.restype = restype
        if typed:
            function.argtypes = argtypes
        return function

    def fast(self, name: str) -> Any:
        """The function without argument types, which makes a call twice as fast. Every argument must be a ctypes
        object of exactly the declared type, what `from_param` of that made, None for NULL, or an int for a 32-bit
        parameter."""
        return self._bind(PREFIX + name, typed=False)

    def needs(self, abi: int, what: str) -> None:
        """Raises NotSupportedError where the binary is older than what is asked of it."""
        if self.abi_version < abi:
            raise NotSupportedError(
                f"{what} is not supported by this binary (ABI {self.abi_version}, needs {abi}): {self.path}"
            )

    def info(self) -> dict[str, Any]:
        """Facts about the binary: library_version, engine_name, engine_version, build_id, features, limits."""
        from ._structs import LibraryInfo

        raw = LibraryInfo(struct_size=ctypes.sizeof(LibraryInfo))
        status = self.functions.library_get_info(ctypes.byref(raw))
        if status:
            raise NotSupportedError(f"the library does not tell about itself (status {status}): {self.path}")
        facts: dict[str, Any] = {}
        for name in ("library_version", "engine_name", "engine_version", "build_id"):
            facts[name] = (getattr(raw, name) or b"").decode("ascii", "replace")
        features = raw.features
        return {
            "path": self.path,
            "abi_version": self.abi_version,
            **facts,
            "features": tuple(name for bit, name in _ffi.FEATURES.items() if features & bit),
            "maximum_string_length": raw.maximum_string_length,
            "maximum_handles": raw.maximum_handles,
        }

    def __repr__(self) -> str:
        return f"<miniracer.Library {self.path!r}, ABI {self.abi_version}>"


_lock = allocate_lock()
_open: dict[str, Library] = {}
_defaults: dict[str, Library] = {}


def _candidates() -> Iterator[tuple[str, str]]:
    """(path or name, what is wrong with it already) for each place that is searched without an explicit path."""
    here = os.path.dirname(os.path.abspath(__file__))
    packaged = os.path.join(here, "lib", FILE_NAME)
    yield packaged, "" if os.path.lexists(packaged) else "no such file"
    checkout = os.path.dirname(os.path.dirname(here))
    no_checkout = "" if os.path.isdir(os.path.join(checkout, "native")) else "this package is not inside a checkout"
    yield os.path.join(checkout, "dist", "lib", FILE_NAME), no_checkout
    yield FILE_NAME, ""


def _open_checked(path: str) -> Library:
    """Opens one candidate or raises _Unusable. A bare file name is left to the system's loader."""
    library = _open.get(path)
    if library is None:
        library = _open[path] = Library(path)
    return library


def load_library(path: str | os.PathLike[str] | None = None) -> Library:
    """Opens the native library, or returns the one that is open already. Any thread.

    path: the file to open and no other. None: search, as the module's documentation tells.
    Raises LibNotFoundError, whose text and ``tried`` name every place tried and why it did not do.
    """
    if path is not None and not isinstance(path, (str, os.PathLike)):
        raise wrong("library", "a path", path)
    with _lock:
        if path is not None:
            return _open_only(os.path.abspath(os.fspath(path)), "")
        named = os.environ.get(ENVIRONMENT, "")
        if named in _defaults:
            return _defaults[named]
        _defaults[named] = library = _open_only(os.path.abspath(named), ENVIRONMENT) if named else _search()
        return library


def _open_only(path: str, origin: str) -> Library:
    try:
        return _open_checked(path)
    except _Unusable as why:
        source = f"The library that {origin} names cannot be used" if origin else "The library cannot be used"
        raise LibNotFoundError(f"{source}: {path}: {why}", ((path, str(why)),)) from None


def _search() -> Library:
    tried: list[tuple[str, str]] = []
    for path, problem in _candidates():
        try:
            if problem:
                raise _Unusable(problem)
            return _open_checked(path)
        except _Unusable as why:
            tried.append((path, str(why)))
    lines = "".join(f"\n  {path}: {why}" for path, why in tried)
    hint = f"\nBuild it with ./build.sh in the checkout, or name one in {ENVIRONMENT}."
    raise LibNotFoundError(f"No usable native library. Tried:{lines}{hint}", tuple(tried))


def _after_fork_in_child() -> None:
    """Who holds it is not here."""
    global _lock
    _lock = allocate_lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
