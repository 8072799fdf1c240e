"""TypeScript to JavaScript with the real compiler, and what it has to say about the source."""

import sys
from pathlib import Path

from _checkout import library
from miniracer import MiniRacer

COMPILE = """(function (name, source) {
  const library = 'interface Array<T> {} interface String {} interface Boolean {} interface Number {}' +
    'interface Function {} interface CallableFunction {} interface NewableFunction {} interface Object {}' +
    'interface IArguments {} interface RegExp {} interface TemplateStringsArray {}';
  const files = {[name]: source, 'lib.d.ts': library};
  let output = '';
  const program = ts.createProgram([name], {target: ts.ScriptTarget.ES2020, module: ts.ModuleKind.ES2020}, {
    fileExists: file => file in files,
    readFile: file => files[file],
    getSourceFile: (file, target) => file in files ? ts.createSourceFile(file, files[file], target) : undefined,
    getDefaultLibFileName: () => 'lib.d.ts',
    writeFile: (file, text) => { output = text; },
    getCurrentDirectory: () => '',
    getCanonicalFileName: file => file,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\\n',
  });
  program.emit();
  const diagnostics = ts.getPreEmitDiagnostics(program).map(diagnostic => {
    const {line, character} = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start);
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\\n');
    return `${diagnostic.file.fileName}:${line + 1}:${character + 1}: TS${diagnostic.code}: ${text}`;
  });
  return {output, diagnostics};
})"""

path = Path(sys.argv[1] if len(sys.argv) > 1 else "Examples/greeting.ts")
with MiniRacer() as js:
    js.eval(library("typescript"))
    result = js.eval(COMPILE)(path.name, path.read_text(encoding="utf-8"))
    print(result["output"], end="")
    for diagnostic in result["diagnostics"]:
        print(diagnostic)
