"""WebAssembly."""

from __future__ import annotations

import pytest

from miniracer import JSEvalException, MiniRacer

#: (module (import "env" "log" (func (param i32))) (memory (export "memory") 1)
#:   (func (export "add") (param i32 i32) (result i32) local.get 0 call 0 local.get 0 local.get 1 i32.add))
MODULE = bytes.fromhex(
    "0061736d01000000 010b0260017f0060027f7f017f 020b0103656e76036c6f670000 03020101 05030100 01"
    "0710 02 066d656d6f7279 0200 03616464 0001 0a0d010b00 2000 1000 2000 2001 6a 0b".replace(" ", "")
)


def test_an_instance(mr: MiniRacer) -> None:
    logged: list[int] = []
    exports = mr.wasm(MODULE, {"env": {"log": logged.append}})
    assert exports.add(2, 3) == 5
    assert logged == [2]
    exports.memory.memoryview()[:3] = b"abc"
    assert mr.eval("m => new Uint8Array(m.buffer)[1]")(exports.memory) == 98
    assert len(exports.memory.memoryview()) == 65536
    module = mr.eval("bytes => new WebAssembly.Module(bytes)")(MODULE)
    assert mr.wasm(module, {"env": {"log": print}}).memory


def test_what_is_wrong(mr: MiniRacer) -> None:
    with pytest.raises(JSEvalException) as caught:
        mr.wasm(b"nope")
    said = "WebAssembly.Module(): expected magic word 00 61 73 6d, found 6e 6f 70 65 @+0"
    assert str(caught.value) == f"module: CompileError: {said}"
    error = caught.value
    assert (error.name, error.message, error.stack) == ("CompileError", said, f"CompileError: {said}")
    assert (error.file, error.line, error.source_line, error.frames) == (None, 0, None, ())
    with pytest.raises(JSEvalException, match=r"^imports: TypeError: WebAssembly\.Instance"):
        mr.wasm(MODULE)
    with pytest.raises(JSEvalException, match=r'^imports: LinkError: .*"env"'):
        mr.wasm(MODULE, {"env": {}})

    def wasm() -> list[str]:
        with pytest.raises(JSEvalException) as caught:
            mr.wasm(b"nope")
        assert [frame.function for frame in caught.value.frames] == ["start", None]
        return str(caught.value).splitlines()[1:]

    mr.globals["wasm"] = wasm
    called = mr.eval("function start() { return wasm() }\nstart()")
    assert list(called) == ["    at start (<anonymous>:1:27)", "    at <anonymous>:2:1"]
    with pytest.raises(JSEvalException, match="mine") as caught:
        mr.wasm(MODULE, mr.eval("({ get env() { throw new Error('mine') } })"))
    assert caught.value.line == 1
