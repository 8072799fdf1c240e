"""What the checkout shows as examples runs and says what is said of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import Script

from miniracer import JSTimeoutException, load_library

CC = os.environ.get("CC") or "cc"


def block(path: Path, language: str, containing: str) -> str:
    """The code block of a page that contains some text."""
    blocks = re.findall(
        rf"^```{language}\n(.*?)^```$",
        path.read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    (found,) = (text for text in blocks if containing in text)
    return str(found)


def run(checkout: Path, *command: str | Path) -> str:
    """What a command prints in the checkout's folder."""
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, ""), f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.real
def test_invoice(checkout: Path, javascript: Callable[[str], str]) -> None:
    javascript("handlebars")  # fails with a hint where it is not there
    assert run(checkout, sys.executable, "Examples/invoice.py") == (
        "Dear Ada,\n- Tea: 3.50 EUR\n- Cake &amp; &lt;cream&gt;: 12.05 EUR\n"
    )


@pytest.mark.real
def test_typescript(checkout: Path, javascript: Callable[[str], str]) -> None:
    javascript("typescript")
    out = run(checkout, sys.executable, "Examples/typescript.py", "Examples/greeting.ts")
    assert out.splitlines()[:2] == [
        'export const greet = (guest) => `Welcome${guest.visits ? " back" : ""}, ${guest.name}!`;',
        'greet({ nme: "Ada" });',
    ]
    assert re.search(
        r"^greeting\.ts:8:9: TS\d+: .*'nme' does not exist in type 'Guest'",
        out,
        re.MULTILINE | re.DOTALL,
    )
    assert run(checkout, sys.executable, "Examples/typescript.py") == out


def test_page(checkout: Path) -> None:
    assert run(checkout, sys.executable, "Examples/page.py") == (
        "<h1>Orders of Ada &#38; Co.</h1>\n<ul>\n  <li>Tea: 3.50 EUR</li>\n  <li>&#60;Cake&#62;: 12.05 EUR</li>\n"
        "</ul>\n<p>2 orders, 15.55 EUR</p>\n"
    )


def test_rules(checkout: Path) -> None:
    assert run(checkout, sys.executable, "Examples/rules.py").splitlines() == [
        "gift.js: JavaScript was terminated by timeout",
        "points.js:1:9: Cannot destructure property 'points' of 'customer(...).card' as it is undefined.",
        "shipping.js: no such city: Leeds",
        "tax.js:1:28: Unexpected token ')'",
        "{'discount': 10}",
    ]


@pytest.mark.real
def test_plot(checkout: Path, tmp_path: Path, javascript: Callable[[str], str]) -> None:
    javascript("marked")  # fails with a hint where the libraries are not there
    assert run(checkout, sys.executable, "Examples/plot.py", tmp_path / "plot.svg") == ""
    svg = (tmp_path / "plot.svg").read_text(encoding="utf-8")
    assert svg == (checkout / "docs" / "images" / "plot.svg").read_text(encoding="utf-8")
    tags = [element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()]
    assert (tags.count("circle"), tags.count("text")) == (21 + 1, 11 + 7 + 5)


@pytest.mark.real
@pytest.mark.parametrize("page", ["values", "functions", "async", "modules", "buffers", "host-objects", "limits"])
def test_the_python_of_a_page(page: str, checkout: Path, script: Script, javascript: Callable[[str], str]) -> None:
    javascript("marked")
    text = (checkout / "docs" / f"{page}.md").read_text(encoding="utf-8")
    source = "\n".join(re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    done = script(f"import os; os.chdir({str(checkout)!r})\n{source}")
    said = re.findall(r"print\(.*\)  # (.*)$", source, re.MULTILINE)
    assert said
    assert (done.stdout.splitlines(), done.stderr) == (said, "")


def test_the_python_of_the_readme(checkout: Path, script: Script) -> None:
    source = block(checkout / "README.md", "python", "from miniracer import")
    said = re.findall(r"print\(.*\)  # (.*)$", source, re.MULTILINE)
    assert len(said) >= 2
    assert f"# raises {JSTimeoutException.__name__}; js works on" in source.splitlines()[-1]
    last = source.splitlines()[-1]
    indent = last[: len(last) - len(last.lstrip())]
    caught = (
        f"{indent}try:\n{indent}{last}\n{indent}except Exception as error:\n"
        f"{indent}    print(type(error).__name__, js.eval('40 + 2'))\n"
    )
    done = script(source.replace(last + "\n", caught))
    assert done.stderr == ""
    assert done.stdout.splitlines() == [*said, "JSTimeoutException 42"]
    assert "JSTimeoutException" in script(source).stderr.splitlines()[-1]


def test_the_python_of_the_package_s_page(checkout: Path, script: Script) -> None:
    source = block(checkout / "python" / "README.md", "python", "from miniracer import")
    done = script(source)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_c_of_the_abi_page(checkout: Path, tmp_path: Path) -> None:
    source = block(checkout / "docs" / "abi.md", "c", "int main(void)")
    (tmp_path / "host.c").write_text(source.replace("dist/lib/libminiracer.so", load_library().path))
    program = tmp_path / "host"
    run(
        checkout,
        CC,
        "-std=c11",
        "-Wall",
        "-Werror",
        "-I",
        "native/include",
        "-o",
        program,
        tmp_path / "host.c",
        "-ldl",
    )
    assert run(checkout, program) == "".join(f"{said}\n" for said in re.findall(r"printf.*/\* (.*) \*/", source))
