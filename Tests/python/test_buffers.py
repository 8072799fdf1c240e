"""Binary data: JavaScript's memory in Python and Python's in JavaScript, without copies."""

from __future__ import annotations

import array
import gc
import hashlib
import struct
import sys
import threading
from typing import Any

import pytest

from miniracer import (
    JSArrayBuffer,
    JSClosedException,
    JSDataView,
    JSSharedArrayBuffer,
    JSTypedArray,
    JSTypeError,
    JSValueError,
    MiniRacer,
)

KINDS = {
    "Int8Array": "b",
    "Uint8Array": "B",
    "Uint8ClampedArray": "B",
    "Int16Array": "h",
    "Uint16Array": "H",
    "Int32Array": "i",
    "Uint32Array": "I",
    "Float32Array": "f",
    "Float64Array": "d",
    "BigInt64Array": "q",
    "BigUint64Array": "Q",
}


@pytest.mark.parametrize("kind", KINDS)
def test_typed_arrays_are_seen_as_what_they_are(mr: MiniRacer, kind: str) -> None:
    suffix = "n" if kind.startswith("Big") else ""
    typed = mr.eval(f"var t = new {kind}([1{suffix}, 2{suffix}, 100{suffix}]); t")
    assert type(typed) is JSTypedArray
    view = typed.memoryview()
    assert (view.format, view.shape, view.readonly) == (KINDS[kind], (3,), False)
    view[0] = 7
    assert mr.eval("Number(t[0])") == 7
    mr.eval(f"t[1] = 8{suffix}")
    assert (view[1], typed[1], typed[-1], len(typed)) == (8, 8, 100, 3)
    typed[2] = 9
    assert typed.tolist() == list(typed) == [7, 8, 9]
    assert typed[1:].tolist() == [8, 9]
    typed[:2] = [1, 2]
    assert mr.eval("Number(t[1])") == 2
    assert bytes(typed) == view.tobytes()
    assert mr.eval(f"new {kind}(0)").tolist() == []


def test_array_buffers_and_data_views(mr: MiniRacer) -> None:
    buffer = mr.eval("var b = new ArrayBuffer(8); b")
    assert type(buffer) is JSArrayBuffer
    buffer[0] = 255
    buffer[1:3] = b"ab"
    assert bytes(buffer) == b"\xffab" + bytes(5)
    assert (len(buffer), buffer.nbytes, buffer.format) == (8, 8, "B")
    view = mr.eval("new DataView(b, 1, 2)")
    assert type(view) is JSDataView
    assert (bytes(view), view.byte_offset, view.getUint8(0)) == (b"ab", 1, 97)
    assert view.buffer == buffer


def test_numpy(mr: MiniRacer) -> None:
    numpy = pytest.importorskip("numpy")
    typed = mr.eval("var t = new Float64Array(4); t")
    seen = numpy.asarray(typed)
    assert seen.dtype == numpy.float64
    seen[:] = [1, 2, 3, 4]
    assert mr.eval("t.reduce((a, b) => a + b)") == 10
    assert numpy.frombuffer(mr.eval("new Uint16Array([1, 2])").memoryview(), dtype=numpy.uint16).tolist() == [1, 2]
    assert numpy.asarray(mr.eval("new BigInt64Array([5n])").memoryview()).dtype == numpy.int64
    matrix = numpy.arange(6, dtype=numpy.float32)
    with mr.lend(matrix) as lent:
        mr.eval("t => { t[0] = 0.5 }")(lent)
    assert matrix[0] == 0.5
    with pytest.raises(JSValueError, match="C-contiguous"):
        mr.lend(matrix[::2])


def test_views_outlive_everything() -> None:
    mr = MiniRacer()
    typed = mr.eval("var t = new Uint8Array([1, 2, 3]); t")
    view = typed.memoryview()
    part = view[1:]
    mr.eval("t = null")
    del typed, view
    mr.close()
    del mr
    gc.collect()
    part[0] = 9
    assert part.tolist() == [9, 3]
    with MiniRacer() as again:
        kept = again.eval("var b = new ArrayBuffer(2); b").memoryview()
        again.eval("b = null")
        again.low_memory_notification()
        kept[0] = 5
        assert kept[0] == 5


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="PyPy has PEP 688 from 3.12 on")
def test_the_buffer_protocol(mr: MiniRacer) -> None:
    typed: Any = mr.eval("var t = new Uint16Array([1, 2]); t")
    view = memoryview(typed)
    assert (view.tolist(), view.format) == ([1, 2], "H")
    view[0] = 7
    assert mr.eval("t[0]") == 7
    data: Any = mr.eval("new Uint8Array([97, 98, 99, 100]).buffer")
    assert struct.unpack("<HH", data) == (0x6261, 0x6463)
    assert b"".join([data, data]) == b"abcdabcd"
    assert hashlib.md5(data).digest() == hashlib.md5(b"abcd").digest()
    assert memoryview(mr.eval("new DataView(new ArrayBuffer(4), 1, 2)")).nbytes == 2
    assert memoryview(mr.eval("new ArrayBuffer(0)")).nbytes == 0
    assert mr.eval("x => x")([data])[0] == data  # and is still no bytes to this package
    del typed, data
    gc.collect()
    assert view.tolist() == [7, 2]


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="PyPy has PEP 688 from 3.12 on")
def test_the_buffer_of_what_is_closed() -> None:
    with MiniRacer() as mr:
        data: Any = mr.eval("new ArrayBuffer(4)")
    with pytest.raises(JSClosedException if sys.version_info >= (3, 12) else SystemError):
        memoryview(data)


def test_the_members_of_a_memoryview(mr: MiniRacer) -> None:
    data = mr.eval("var b = new Uint8Array([97, 98, 99, 100]).buffer; b")
    for name in (name for name in dir(memoryview) if not name.startswith("_")):
        assert hasattr(data, name), name
    assert data[0:1].tobytes() == b"a"
    assert data[:2] == b"ab"
    assert data[::2] == b"ac"
    data[:2][1] = 66
    assert data == b"aBcd" == data
    assert data == memoryview(b"aBcd")
    assert data != bytearray(b"abcd")
    assert data not in (4, "aBcd", None)
    assert data == mr.eval("b")  # objects are compared as JavaScript does it
    assert data != mr.eval("b.slice()")
    assert mr.eval("b") in {data}
    assert (data.hex(), data.hex("-", 2)) == ("61426364", "6142-6364")
    assert data.cast("H").tolist() == list(struct.unpack("HH", data.tobytes()))
    assert data.cast("B", [2, 2]).shape == (2, 2)
    assert data.toreadonly().readonly
    assert not data.readonly
    assert data.tobytes(order="C") == b"aBcd"
    data.release()
    assert data.tolist() == [97, 66, 99, 100]
    assert (data.index(99), data.count(7)) == (2, 0)
    view = memoryview(data.tobytes())
    for name in ("itemsize", "ndim", "shape", "strides", "suboffsets", "contiguous", "c_contiguous", "f_contiguous"):
        assert getattr(data, name) == getattr(view, name), name
    assert mr.eval("new Float64Array([1, 2, 3])")[1:].format == "d"


def test_detaching(mr: MiniRacer) -> None:
    buffer = mr.eval("var b = new ArrayBuffer(4); b")
    view = buffer.memoryview()
    assert not buffer.detached
    buffer.detach()
    assert buffer.detached
    assert (len(buffer), bytes(buffer), mr.eval("b.byteLength")) == (0, b"", 0)
    assert len(view) == 4  # no longer what JavaScript sees, but there
    with pytest.raises(JSTypeError):
        mr.eval("new SharedArrayBuffer(4)").detach()


def test_shared_memory(mr: MiniRacer) -> None:
    shared = mr.eval("var s = new SharedArrayBuffer(4); s")
    assert type(shared) is JSSharedArrayBuffer
    assert shared.shared
    shared[0] = 1
    assert mr.eval("new Uint8Array(s)[0]") == 1
    view = shared.memoryview()
    thread = threading.Timer(0.02, view.__setitem__, [0, 42])
    thread.start()
    assert (
        mr.eval(
            "const a = new Uint8Array(s); while (Atomics.load(a, 0) !== 42); 'seen'",
            timeout_sec=20,
        )
        == "seen"
    )
    thread.join()


def test_lending(mr: MiniRacer) -> None:
    data = bytearray(b"abcd")
    with mr.lend(data) as view:
        assert mr.eval("v => { v[0] = 65; return v.constructor.name }")(view) == "Uint8Array"
        with pytest.raises(BufferError):
            data.append(1)
    assert view.detached
    data.append(33)  # given back
    assert data == b"Abcd!"
    kept = mr.lend(array.array("d", [1.5, 2.5]))
    mr.globals["kept"] = kept
    assert mr.eval("[kept.constructor.name, kept[1]].join()") == "Float64Array,2.5"
    assert type(mr.lend(bytearray(2), raw=True)) is JSArrayBuffer
    with pytest.raises(JSValueError, match="no typed array"):
        mr.lend(memoryview(bytearray(16)).cast("B").cast("P"))
    with pytest.raises(TypeError, match="buffer: an object that exports a buffer is needed, not list"):
        mr.lend([1, 2])


def test_lent_memory_is_given_back_once_it_is_garbage(mr: MiniRacer) -> None:
    data = bytearray(8)
    mr.eval("x => { globalThis.lent = x }")(mr.lend(data))
    mr.eval("lent = null")
    for _ in range(3):
        gc.collect()
        mr.low_memory_notification()
        mr.eval("1")
    data.append(1)


def test_lent_memory_is_given_back_at_close() -> None:
    data = bytearray(8)
    with MiniRacer() as mr:
        mr.globals["lent"] = mr.lend(data)
    gc.collect()
    data.append(1)


def test_bytes_are_copied(mr: MiniRacer) -> None:
    data = b"abc"
    assert mr.eval("x => { x[0] = 0; return [x.constructor.name, x.length].join() }")(data) == "Uint8Array,3"
    assert data == b"abc"
    changed = bytearray(b"abc")
    mr.eval("x => { x[0] = 0 }")(changed)
    assert changed == b"abc"
    assert mr.eval("x => x.constructor.name + x")(array.array("h", [1, -2])) == "Int16Array1,-2"
    assert bytes(mr.lend(b"abc")) == b"abc"  # read only: a copy, too
    assert mr.eval("v => v.deep[0].length")({"deep": [b"12345"]}) == 5


def test_new_ones(mr: MiniRacer) -> None:
    assert bytes(mr.array_buffer(3)) == bytes(3)
    assert bytes(mr.array_buffer(b"xyz")) == b"xyz"
    assert type(mr.array_buffer(4, shared=True)) is JSSharedArrayBuffer
    assert mr.typed_array("Int16Array", b"\1\0\2\0").tolist() == [1, 2]
    buffer = mr.array_buffer(8)
    assert len(mr.typed_array("Float32Array", buffer, 4)) == 1
    assert type(mr.typed_array("DataView", buffer, 2, 4)) is JSDataView
    with pytest.raises(JSValueError, match="no typed array 'Int7Array'"):
        mr.typed_array("Int7Array", b"")
    with pytest.raises(JSValueError):
        mr.typed_array("Float64Array", buffer, 4)


def test_elements_are_whole_ones(mr: MiniRacer) -> None:
    for data in (mr.array_buffer(12), bytes(12)):
        with pytest.raises(JSValueError, match="the 12 bytes are not a multiple of 8, as a Float64Array needs them"):
            mr.typed_array("Float64Array", data)
        with pytest.raises(JSValueError, match="12 bytes"):
            mr.typed_array("Float64Array", data, 8)
        assert len(mr.typed_array("Float64Array", data, 0, 1)) == 1
        assert len(mr.typed_array("Float32Array", data)) == 3
        assert mr.typed_array("DataView", data, 5).nbytes == 7
    with pytest.raises(JSValueError, match="byte_offset"):
        mr.typed_array("Float64Array", bytes(16), 4)
    with pytest.raises(JSValueError, match="16 bytes"):
        mr.typed_array("Float64Array", bytes(16), 24)
    assert len(mr.typed_array("Float64Array", b"")) == len(mr.typed_array("Float64Array", bytes(16), 16)) == 0


def test_closed(mr: MiniRacer) -> None:
    typed = mr.eval("new Uint8Array(3)")
    mr.close()
    for use in (
        typed.memoryview,
        typed.detach,
        lambda: typed[0],
        lambda: mr.lend(bytearray(1)),
    ):
        with pytest.raises(JSClosedException):
            use()
