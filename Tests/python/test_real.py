"""Real JavaScript libraries, as Debian packages them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from miniracer import JSEvalException, MiniRacer

pytestmark = pytest.mark.real
Read = Callable[[str], str]


def load(mr: MiniRacer, name: str, javascript: Read) -> None:
    mr.eval(javascript(name), filename=f"{name}.js", timeout_sec=60)


def test_marked(mr: MiniRacer, javascript: Read) -> None:
    load(mr, "marked", javascript)
    render = mr.eval("typeof marked === 'function' ? marked : marked.parse")
    assert render("# Title\n\n* one\n* *two*\n") == (
        '<h1 id="title">Title</h1>\n<ul>\n<li>one</li>\n<li><em>two</em></li>\n</ul>\n'
    )


def test_handlebars_with_a_python_helper(mr: MiniRacer, javascript: Read) -> None:
    load(mr, "handlebars", javascript)
    handlebars = mr.globals.Handlebars
    prices = {"tea": 2.5, "cake": 4}
    handlebars.registerHelper("price", lambda name, options: f"{prices[name]:.2f} EUR")
    template = handlebars.compile("{{#each things}}{{this}}: {{price this}}; {{/each}}{{{note}}}")
    assert template({"things": ["tea", "cake"], "note": "<b>é</b>"}) == "tea: 2.50 EUR; cake: 4.00 EUR; <b>é</b>"
    with pytest.raises(KeyError, match="rum"):
        template({"things": ["rum"]})


def test_katex_to_mathml(mr: MiniRacer, javascript: Read) -> None:
    load(mr, "katex", javascript)
    katex = mr.globals.katex
    assert katex.renderToString("x^2", {"output": "mathml"}) == (
        '<span class="katex"><math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mrow><msup><mi>x</mi>'
        '<mn>2</mn></msup></mrow><annotation encoding="application/x-tex">x^2</annotation></semantics></math></span>'
    )
    with pytest.raises(JSEvalException, match="KaTeX parse error") as error:
        katex.renderToString("\\frac{1}")
    assert error.value.value["position"] == 8


def test_lodash(mr: MiniRacer, javascript: Read) -> None:
    load(mr, "lodash", javascript)
    lodash = mr.globals["_"]
    assert lodash.chunk([1, 2, 3, 4, 5], 2) == [[1, 2], [3, 4], [5]]
    grouped = lodash.groupBy(["one", "two", "three"], lambda word, *_: len(word))
    assert grouped == {3: ["one", "two"], 5: ["three"]}
    assert list(lodash.sortBy([{"n": 2}, {"n": 1}], "n")) == [{"n": 1}, {"n": 2}]
    assert lodash.isEqual({"a": [1]}, {"a": [1]}) is True


def test_highlight(mr: MiniRacer, javascript: Read) -> None:
    mr.eval("var window = globalThis")  # it looks for a browser
    load(mr, "highlight", javascript)
    result = mr.globals.hljs.highlight("javascript", "let x = 1")
    assert result.value == ('<span class="hljs-keyword">let</span> x = <span class="hljs-number">1</span>')
    assert result["language"] == "javascript"


def test_typescript_with_diagnostics(mr: MiniRacer, javascript: Read) -> None:
    load(mr, "typescript", javascript)
    ts = mr.globals.ts
    source = "enum Colour { Red }\nconst f = (x: number): string => `${x}`;\nlet y: = 5;\n"
    done = ts.transpileModule(
        source,
        {
            "reportDiagnostics": True,
            "compilerOptions": {"target": ts.ScriptTarget.ES2020},
        },
    )
    assert "const f = (x) => `${x}`;" in done.outputText
    assert 'Colour[Colour["Red"] = 0] = "Red";' in done.outputText
    (diagnostic,) = done.diagnostics
    position = ts.getLineAndCharacterOfPosition(diagnostic.file, diagnostic.start)
    assert (diagnostic.messageText, position.line, position.character) == (
        "Type expected.",
        2,
        7,
    )


def test_babel(mr: MiniRacer, javascript: Read) -> None:
    mr.globals.process = {
        "env": {},
        "argv": [],
        "platform": "linux",
        "versions": {"node": "18.0.0"},
    }  # built for Node
    mr.eval("process.cwd = () => '/'; var os = {release: () => '1'}, tty = {isatty: () => false}")
    load(mr, "babel", javascript)
    code = mr.globals.Babel.transform("const f = (x) => x ** 2;", {"presets": ["env"]}).code
    assert code == '"use strict";\n\nvar f = function f(x) {\n  return Math.pow(x, 2);\n};'
