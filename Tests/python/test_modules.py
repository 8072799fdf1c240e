"""ES modules: from Python, from functions, from files."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from miniracer import (
    JSClosedException,
    JSEvalException,
    JSModule,
    JSParseException,
    JSPromiseError,
    JSTimeoutException,
    JSValueError,
    MiniRacer,
)


def test_a_module_from_text(mr: MiniRacer) -> None:
    module = mr.eval_module(
        "export const answer = await Promise.resolve(42); export default x => x + 1",
        "main.mjs",
    )
    assert type(module) is JSModule
    assert module.answer == 42
    assert module["default"](1) == 2
    assert sorted(module) == ["answer", "default"]
    with pytest.raises(JSEvalException, match="TypeError"):
        module["answer"] = 1


def test_modules_of_pythons(mr: MiniRacer) -> None:
    with MiniRacer(modules={"host:clock": {"now": lambda: 5, "zone": "UTC", "default": {"deep": [1]}}}) as mr:
        module = mr.eval_module("""
            import clock, {now, zone} from 'host:clock';
            export const text = `${zone} ${now()} ${clock.deep[0]}`""")
        assert module.text == "UTC 5 1"
        assert mr.import_module("host:clock").now() == 5
        with pytest.raises(ModuleNotFoundError, match="host:other"):
            mr.import_module("host:other")


def test_a_loader(mr: MiniRacer) -> None:
    sources = {
        "https://e.org/main.js": "import {b} from './lib/b.js'; export const url = import.meta.url, all = b + 1",
        "https://e.org/lib/b.js": "export const b = 1",
    }
    loaded: list[str] = []

    def load(url: str) -> str | None:
        loaded.append(url)
        return sources.get(url)

    mr.set_module_loader(load=load)
    module = mr.import_module("https://e.org/main.js")
    assert (module.url, module.all) == ("https://e.org/main.js", 2)
    assert mr.import_module("https://e.org/main.js") == module
    assert loaded == list(sources)
    with pytest.raises(ModuleNotFoundError, match="nothing"):
        mr.import_module("nothing")


def test_asynchronous_loaders(mr: MiniRacer) -> None:
    async def load(url: str) -> Any:
        await asyncio.sleep(0.005)
        if url == "json":
            return {"source": '{"a": [1]}', "type": "json"}
        return "export const x = 1" if url == "x" else None

    async def main() -> None:
        mr.set_module_loader(
            load=load,
            resolve=lambda specifier, referrer: specifier.removeprefix("app:"),
        )
        assert (await mr.import_module_async("app:x")).x == 1
        assert (await mr.import_module_async("json"))["default"]["a"][0] == 1
        module = await mr.eval_module_async("export * from 'app:x'; export const y = 2", "y.mjs")
        assert (module.x, module.y) == (1, 2)
        with pytest.raises(ModuleNotFoundError):
            await mr.import_module_async("nowhere")

    asyncio.run(main())


def test_asynchronous_resolvers(mr: MiniRacer) -> None:
    sources = {
        "app/main.mjs": "export {b} from './b.mjs'; export const load = () => import('late')",
        "app/b.mjs": "export const b = 1",
        "late!": "export const c = import.meta.url",
    }
    asked: list[tuple[str, str]] = []

    async def resolve(specifier: str, referrer: str) -> Any:
        asked.append((specifier, referrer or "-"))
        await asyncio.sleep(0.005)
        if specifier == "number":
            return 5
        if specifier == "gone":
            raise LookupError("nobody knows it")
        return f"{specifier}!" if specifier == "late" else None

    async def main() -> None:
        mr.set_module_loader(load=sources.get, resolve=resolve, modules={"host:x": {"y": 2}})
        module, again = await asyncio.gather(*(mr.import_module_async("app/main.mjs") for _ in range(2)))
        assert module == again
        assert asked == [("app/main.mjs", "-"), ("./b.mjs", "app/main.mjs")]
        assert module.b == 1
        assert [(await module.load()).c for _ in range(2)] == ["late!", "late!"]
        assert asked[2:] == [("late", "app/main.mjs")]  # a module that imports the same again gets the same
        assert (await mr.import_module_async("host:x")).y == 2
        with pytest.raises(JSPromiseError, match="the loader's `resolve` gave no URL"):
            await mr.import_module_async("number")
        with pytest.raises(LookupError, match="nobody knows it") as caught:
            await mr.eval_module_async("\nimport 'gone'", "user.mjs")
        assert caught.value.js_stack.splitlines()[1] == "    at user.mjs:2:8"  # type: ignore[attr-defined]
        with pytest.raises(JSPromiseError, match=r"TypeError: .* for which import.meta.resolve\(\) cannot wait"):
            await mr.eval_module_async("import.meta.resolve('late')", "meta.mjs")

    asyncio.run(main())


def test_a_resolver_that_never_answers(mr: MiniRacer) -> None:
    async def resolve(specifier: str, referrer: str) -> str:
        if specifier != "fine":
            await asyncio.sleep(3600)
        return specifier

    async def main() -> None:
        mr.set_module_loader(load=lambda url: "export const x = 1", resolve=resolve)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(mr.import_module_async("never"), 0.02)
        waiting = asyncio.ensure_future(mr.eval_module_async("import 'never'", "user.mjs"))
        await asyncio.sleep(0.005)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (await mr.import_module_async("fine")).x == 1
        waiting = asyncio.ensure_future(mr.import_module_async("other"))
        await asyncio.sleep(0.005)
        mr.close()
        with pytest.raises(JSClosedException):
            await waiting

    asyncio.run(main())


def test_files_and_an_asynchronous_resolver(tmp_path: Path) -> None:
    (tmp_path / "a.mjs").write_text("export {b} from './b.mjs'; export {c} from 'virtual:c'")
    (tmp_path / "b.mjs").write_text("export const b = 1")

    async def resolve(specifier: str, referrer: str) -> str | None:
        return specifier if specifier.startswith("virtual:") else None

    async def main() -> None:
        with MiniRacer(module_root=tmp_path) as mr:
            mr.set_module_loader(resolve=resolve, load=lambda url: "export const c = 2")
            module = await mr.import_module_async("./a.mjs")
            assert (module.b, module.c) == (1, 2)

    asyncio.run(main())


def test_errors_of_the_host_tell_who_imported(mr: MiniRacer) -> None:
    broken = OSError("the disk is gone")

    def load(url: str) -> str:
        if url == "user.mjs":
            return "globalThis.used = 1;\nimport 'data'"
        raise broken

    mr.set_module_loader(load=load)
    with pytest.raises(OSError, match="the disk is gone") as caught:
        mr.import_module("user.mjs")
    assert caught.value is broken
    assert caught.value.js_stack.splitlines() == ["OSError: the disk is gone", "    at user.mjs:2:8"]  # type: ignore[attr-defined]


def test_a_wait_for_an_import_that_is_ended(mr: MiniRacer) -> None:
    mr.set_module_loader(load={"spin": "for (;;);"}.get)
    with pytest.raises(JSTimeoutException):
        mr.eval("var spin = import('spin'); 0", timeout_sec=0.05)
    with pytest.raises(JSPromiseError, match="the import of spin was ended: the run took longer than its timeout"):
        mr.eval("spin").get(timeout=10)


def test_import_meta(mr: MiniRacer) -> None:
    mr.set_module_loader(
        load=lambda url: "export const {name, url} = import.meta",
        meta=lambda meta, url: meta.update(name=f"is {url}"),
    )
    module = mr.import_module("m")
    assert (module.name, module.url) == ("is m", "m")


def test_what_goes_wrong(mr: MiniRacer) -> None:
    with pytest.raises(JSParseException, match="SyntaxError") as caught:
        mr.eval_module("export const = 1", "broken.mjs")
    assert (caught.value.file, caught.value.line) == ("broken.mjs", 1)
    with pytest.raises(JSPromiseError, match="RangeError: thrown"):
        mr.eval_module("throw new RangeError('thrown')", "thrown.mjs")
    with pytest.raises(JSEvalException):
        mr.import_module("./nothing.js")
    with pytest.raises(JSValueError):
        MiniRacer(module_root="/no/such/folder")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with modules, a package and a secret beside it."""
    site = tmp_path / "site"
    package = site / "node_modules" / "greet"
    package.mkdir(parents=True)
    (site / "main.mjs").write_text(
        "import hi from 'greet'; import data from './data.json' assert {type: 'json'};\n"
        "export const text = hi(data.name)"
    )
    (site / "data.json").write_text(json.dumps({"name": "Ada"}))
    (package / "package.json").write_text(json.dumps({"name": "greet", "type": "module", "exports": "./index.js"}))
    (package / "index.js").write_text("export default name => `Hello, ${name}!`")
    (site / "old.cjs").write_text("exports.twice = x => 2 * x")
    (tmp_path / "secret.mjs").write_text("export const secret = 1")
    return site


def test_files(site: Path) -> None:
    with MiniRacer(module_root=site, modules={"host:x": {"y": 1}}) as mr:
        assert mr.import_module("./main.mjs").text == "Hello, Ada!"
        assert mr.import_module("host:x").y == 1
        with pytest.raises(JSPromiseError):
            mr.import_module("../secret.mjs")
        assert mr.eval("typeof require") == "undefined"


def test_import_meta_of_files(site: Path) -> None:
    (site / "meta.mjs").write_text("export const extra = import.meta.extra")
    with MiniRacer(module_root=site) as mr:
        mr.set_module_loader(meta=lambda meta, url: meta.__setitem__("extra", url.rsplit("/", 1)[-1]))
        assert mr.import_module("./meta.mjs").extra == "meta.mjs"


def test_attributes_come_to_who_takes_them(mr: MiniRacer) -> None:
    seen: list[object] = []

    def resolve(specifier: str, referrer: str, attributes: dict[str, str]) -> str:
        seen.append((specifier, attributes))
        return specifier

    def load(url: str, attributes: dict[str, str]) -> object:
        seen.append((url, attributes))
        return (
            {"source": "[1]", "type": "json"}
            if attributes
            else "import j from 'data' assert {type: 'json'}; export {j}"
        )

    mr.set_module_loader(resolve=resolve, load=load)
    assert mr.import_module("main").j[0] == 1
    assert seen == [("main", {}), ("main", {}), ("data", {"type": "json"}), ("data", {"type": "json"})]


def test_unknown_attributes(site: Path) -> None:
    with MiniRacer(module_root=site) as mr:
        with pytest.raises(
            JSPromiseError, match=r"TypeError: Cannot import .* modules of the type 'css' are not known"
        ):
            mr.eval_module("import './data.json' assert {type: 'css'}", "sheet.mjs")
        with pytest.raises(JSParseException, match=r"from key.mjs:1:8: the attribute 'integrity' is not known"):
            mr.eval_module("import './data.json' assert {integrity: 'x'}", "key.mjs")


def test_require(site: Path) -> None:
    with MiniRacer(module_root=site, require=True) as mr:
        assert mr.eval("require('./old.cjs').twice(21)") == 42


def test_a_root_with_a_loader(tmp_path: Path) -> None:
    (tmp_path / "a.mjs").write_text("import {b} from 'host:b'; import {c} from 'virtual:c'; export const all = b + c")
    with MiniRacer(module_root=tmp_path, modules={"host:b": {"b": 1}}) as mr:
        mr.set_module_loader(
            resolve=lambda specifier, referrer: specifier if specifier.startswith("virtual:") else None,
            load=lambda url: "export const c = 2",
        )
        assert mr.import_module("./a.mjs").all == 3
        with pytest.raises(JSValueError, match="load needs a resolve"):
            mr.set_module_loader(load=lambda url: "")
        with pytest.raises(JSValueError, match="root"):
            mr.set_module_root(tmp_path / "nowhere")
        (tmp_path / "d.mjs").write_text("export {all} from './a.mjs'; export {c} from 'virtual:c'")
        assert mr.import_module("./d.mjs").c == 2  # all of that left it as it was
    for name, value in (("packages", ["/"]), ("conditions", ["x"]), ("require", True)):
        with pytest.raises(JSValueError, match=f"{name} is for modules from files"):
            MiniRacer(**{name: value})  # type: ignore[arg-type]


def test_an_export_s_name_may_be_a_number() -> None:
    exports = {"0": 1, "1": "one", "default": 2}
    with MiniRacer(modules={"numbers": exports}) as mr:
        numbers = mr.import_module("numbers")
        assert (numbers["0"], numbers[1], numbers.default) == (1, "one", 2)
        assert mr.eval_module("import { '0' as zero } from 'numbers'; export { zero }", "main.js").zero == 1
        mr.set_module_loader(load=lambda url: {"exports": exports})
        assert mr.import_module("loaded")[0] == 1


def test_names_of_exports(mr: MiniRacer) -> None:
    for exports, said in (
        ({1: 2}, "an export's name: a str is needed, not int"),
        (5, "a mapping of export names to values is needed, not int"),
    ):
        mr.set_module_loader(load=lambda url, exports=exports: {"exports": exports})
        with pytest.raises(TypeError, match=said):
            mr.import_module(f"bad {said}")
        with pytest.raises(TypeError, match=rf"modules\['m'\].*{said}"):
            MiniRacer(modules={"m": exports})

    async def later(url: str) -> Any:
        return {"exports": {2: 3}}

    mr.set_module_loader(load=later)
    with pytest.raises(TypeError, match=r"load\('m'\): an export's name: a str is needed, not int"):
        mr.import_module("m")


def test_source_maps_of_modules_and_of_asynchronous_scripts(mr: MiniRacer) -> None:
    # One mapping: the first column of the first line is line 7 of a.ts.
    source_map = json.dumps({"version": 3, "sources": ["a.ts"], "names": [], "mappings": "AAMA"})
    failing = "throw new Error('mapped')"

    async def main() -> None:
        for running in (
            mr.eval_async(failing, filename="async.js", source_map=source_map),
            mr.eval_module_async(failing, "async.mjs", source_map=source_map),
        ):
            with pytest.raises(JSEvalException) as caught:
                await running
            assert (caught.value.file, caught.value.line) == ("a.ts", 7)

    asyncio.run(main())
    with pytest.raises(JSEvalException) as caught:
        mr.eval_module(failing, "sync.mjs", source_map=source_map)
    assert (caught.value.file, caught.value.line) == ("a.ts", 7)
