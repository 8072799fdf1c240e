"""Reads the header of an ELF file, to say in clear words why the system's loader would refuse it."""

from __future__ import annotations

import os
import struct
import sys

_MACHINES = {3: "i386", 8: "mips", 21: "ppc64", 22: "s390x", 40: "arm", 62: "x86_64", 183: "aarch64", 243: "riscv64"}
_THIS = {"amd64": "x86_64", "arm64": "aarch64", "armv7l": "arm", "i686": "i386", "ppc64le": "ppc64"}


def problem(path: str) -> str | None:
    """Why the file at `path` cannot be loaded into this process, or None if its header looks right."""
    try:
        with open(path, "rb") as file:
            header = file.read(20)
    except FileNotFoundError:
        return "the link points nowhere" if os.path.islink(path) else "no such file"
    except IsADirectoryError:
        return "it is a folder"
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    if not sys.platform.startswith("linux"):
        return None
    if not header:
        return "the file is empty"
    if header[:4] != b"\x7fELF":
        return "not an ELF file"
    if len(header) < 20:
        return "the file is cut off"
    bits = {1: 32, 2: 64}.get(header[4], 0)
    order = {1: "little", 2: "big"}.get(header[5], "")
    kind, machine = struct.unpack(">HH" if order == "big" else "<HH", header[16:20])
    built = _MACHINES.get(machine, f"machine {machine}")
    machine_here = os.uname().machine.lower()
    this = _THIS.get(machine_here, machine_here)
    own_bits = 64 if sys.maxsize > 2**32 else 32
    if this in _MACHINES.values() and built != this and not (this == "x86_64" and own_bits == 32 and built == "i386"):
        return f"built for {built}, this process is {this}"
    if bits != own_bits:
        return f"built for {bits} bits, this process has {own_bits}"
    if order != sys.byteorder:
        return f"built for {order}-endian machines, this process is {sys.byteorder}-endian"
    if kind != 3:
        return "an ELF file, but not a shared library"
    return None
