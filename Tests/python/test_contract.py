"""native/abi/abi.txt, the list of all that the contract promises, against everything that repeats a part of it."""

from __future__ import annotations

import ctypes
import re
from pathlib import Path

import pytest

from miniracer import _ffi, _structs, load_library

PREFIX = "MINIRACER_"


def _in_c(name: str) -> str:
    """LibraryInfo -> miniracer_library_info"""
    return "miniracer" + re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", name)


STRUCTS = {_in_c(cls.__name__): cls for cls in _structs.STRUCTS.values()}

#: Fields of miniracer_value.as that Python reads and writes under another name.
RENAMED = {"data": "text", "words": "address"}


@pytest.fixture(scope="module")
def listed(checkout: Path) -> dict[str, dict[str, list[int]]]:
    """The list: kind -> name -> numbers."""
    found: dict[str, dict[str, list[int]]] = {}
    for line in (checkout / "native" / "abi" / "abi.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            kind, name, *numbers = line.split()
            found.setdefault(kind, {})[name] = [int(number) for number in numbers]
    return found


@pytest.fixture(scope="module")
def header(checkout: Path) -> str:
    """The header without its comments."""
    text = (checkout / "native" / "include" / "miniracer.h").read_text()
    return re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)


def test_the_list_is_whole(listed: dict[str, dict[str, list[int]]]) -> None:
    assert {"constant", "enum", "field", "function", "struct"} <= set(listed)
    assert listed["struct"]["miniracer_value"] == [16, 8]


def test_python_declares_every_function(
    listed: dict[str, dict[str, list[int]]],
) -> None:
    assert set(_ffi.FUNCTIONS) == set(listed["function"])
    assert {since for _, _, since in _ffi.FUNCTIONS.values()} == {1, 2, 3}
    for name in _ffi.FUNCTIONS:
        restype, argtypes = _ffi.declared(name)
        ctypes.CFUNCTYPE(restype, *argtypes)  # refuses what is no type


def test_python_declares_every_struct(listed: dict[str, dict[str, list[int]]]) -> None:
    assert set(STRUCTS) == set(listed["struct"])
    for name, cls in STRUCTS.items():
        assert [ctypes.sizeof(cls), ctypes.alignment(cls)] == listed["struct"][name], name


def test_python_declares_every_field(listed: dict[str, dict[str, list[int]]]) -> None:
    for name, place in listed["field"].items():
        struct, field, *inner = name.split(".")
        cls = STRUCTS[struct]
        if inner:  # miniracer_value.as, whose fields are Value's own in Python
            field = RENAMED.get(inner[0], inner[0])
        if name == "miniracer_value.as":
            assert place == [_ffi.Value.int64.offset, 8]
        else:
            declared = getattr(cls, field)
            assert [declared.offset, declared.size] == place, name
    for struct, cls in STRUCTS.items():
        if cls is not _ffi.Value:
            assert [f"{struct}.{field[0]}" for field in cls._fields_] == sorted(
                (name for name in listed["field"] if name.startswith(f"{struct}.")),
                key=listed["field"].__getitem__,
            )


def test_python_has_the_right_numbers(listed: dict[str, dict[str, list[int]]]) -> None:
    numbers = {name: number for kind in ("enum", "constant") for name, (number,) in listed[kind].items()}
    seen = 0
    for name, value in vars(_ffi).items():
        if name.isupper() and isinstance(value, int) and name != "TYPE_CHECKING":
            assert value == numbers[PREFIX + name], name
            seen += 1
    assert seen > 50
    features = {name for name in numbers if name.startswith("MINIRACER_FEATURE_")}
    assert {f"MINIRACER_FEATURE_{name.upper()}" for name in _ffi.FEATURES.values()} == features
    for bit, name in _ffi.FEATURES.items():
        assert numbers[f"MINIRACER_FEATURE_{name.upper()}"] == bit
    for number, cls in _structs.STRUCTS.items():
        (name,) = (name for name, declared in STRUCTS.items() if declared is cls)
        assert numbers[name.replace("miniracer_", "MINIRACER_STRUCT_").upper()] == number


def test_every_status_is_known_to_python(
    listed: dict[str, dict[str, list[int]]],
) -> None:
    statuses = {name for name, (number,) in listed["enum"].items() if number >= 100}
    assert {name for name in statuses if not hasattr(_ffi, name[len(PREFIX) :])} == set()


def test_swift_lists_every_function(listed: dict[str, dict[str, list[int]]], checkout: Path) -> None:
    table = (checkout / "Sources" / "CMiniRacer" / "functions.h").read_text()
    names = re.findall(r"^ *X\((\w+), *(\d+), *[01]\)", table, flags=re.MULTILINE)
    assert sorted(f"miniracer_{name}" for name, _ in names) == sorted(listed["function"])
    assert {since for _, since in names} == {"1", "2", "3"}


def test_the_header_declares_every_function(listed: dict[str, dict[str, list[int]]], header: str) -> None:
    declared = re.findall(r"MINIRACER_API\s+[\w\s*]+?\b(miniracer_\w+)\(", header)
    assert sorted(declared) == sorted(listed["function"])


def test_the_header_has_the_right_numbers(listed: dict[str, dict[str, list[int]]], header: str) -> None:
    enums = dict(re.findall(r"\b(MINIRACER_\w+) = (\d+)", header))
    assert {name: [int(number)] for name, number in enums.items()} == listed["enum"]
    constants = dict(re.findall(r"#define (MINIRACER_\w+) (\w+)", header))
    for name, (number,) in listed["constant"].items():
        largest = {2**64 - 1: "UINT64_MAX", 2**32 - 1: "UINT32_MAX"}
        assert constants[name] == largest.get(number, str(number))


def test_the_header_has_every_struct_and_field(listed: dict[str, dict[str, list[int]]], header: str) -> None:
    structs = re.findall(r"typedef struct (\w+) \{(.*?)\n\} \1;", header, flags=re.DOTALL)
    assert sorted(name for name, _ in structs) == sorted(listed["struct"])
    for struct, body in structs:
        fields = set(re.findall(r"(\w+);", body)) | ({"as"} if struct == "miniracer_value" else set())
        assert fields == {name.split(".")[-1] for name in listed["field"] if name.startswith(f"{struct}.")}, struct


def test_the_binary_has_every_function(listed: dict[str, dict[str, list[int]]]) -> None:
    library = ctypes.CDLL(load_library().path)
    assert [name for name in listed["function"] if not hasattr(library, name)] == []
    assert not hasattr(library, "miniracer_no_such_function")


def test_the_binary_has_the_same_sizes_and_number(
    listed: dict[str, dict[str, list[int]]],
) -> None:
    functions = load_library().functions
    assert functions.abi_version() == listed["constant"]["MINIRACER_ABI_VERSION"][0] == _ffi.ABI_VERSION
    for struct, (size, _) in listed["struct"].items():
        (number,) = listed["enum"][struct.replace("miniracer_", "MINIRACER_STRUCT_").upper()]
        assert functions.struct_size(number) == size, struct
    assert functions.struct_size(0) == functions.struct_size(1000) == 0


def test_the_binary_names_every_status(listed: dict[str, dict[str, list[int]]]) -> None:
    name_of = load_library().functions.status_name
    for name, (number,) in listed["enum"].items():
        if number >= 100:
            assert name_of(number).decode() == name[len(PREFIX) :].lower()
    assert name_of(12345) == b"unknown"
