/* ES modules, JSON and CommonJS from files, found as Node finds them, in a folder and nowhere else. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;
static char top[64]; /* of all that the tests write: top/root, top/packages, top/elsewhere */

/* ---- Files ---- */

static const char *path_of(const char *name) {
  static char paths[4][400];
  static int next;
  char *path = paths[next++ % 4];
  snprintf(path, sizeof paths[0], "%s/%s", top, name);
  return path;
}

static void write_bytes(const char *name, const void *data, size_t length) {
  char path[400];
  snprintf(path, sizeof path, "%s", path_of(name));
  for (char *slash = strchr(path + strlen(top) + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    mkdir(path, 0700);
    *slash = '/';
  }
  FILE *file = fopen(path, "wb");
  REQUIRE(file != NULL);
  CHECK(fwrite(data, 1, length, file) == length);
  CHECK(fclose(file) == 0);
}

static void write_file(const char *name, const char *data) { write_bytes(name, data, strlen(data)); }

static void make_link(const char *target, const char *name) { CHECK(symlink(target, path_of(name)) == 0); }

/* ---- Contexts with the loader ---- */

static miniracer_file_loader file_loader(void) {
  miniracer_file_loader loader;
  memset(&loader, 0, sizeof loader);
  loader.struct_size = sizeof loader;
  loader.flags = MINIRACER_FILES_REQUIRE;
  loader.root = text(path_of("root"));
  loader.packages = text(path_of("packages"));
  return loader;
}

static void start_with(const miniracer_file_loader *loader) {
  miniracer_error *error = NULL;
  if (context != 0) OK(miniracer_context_dispose(context));
  context = new_context(isolate);
  if (!OK(miniracer_context_set_file_loader(context, loader, &error))) print_error(error);
  miniracer_error_free(error);
  EXECUTE(context, "globalThis.log = []; 0");
}

static void start(void) {
  miniracer_file_loader loader = file_loader();
  start_with(&loader);
}

/* Imports, and leaves the outcome in `ok` or `error`. */
static void import(const char *specifier) {
  miniracer_value name = text(specifier), promise = undefined();
  EXECUTE(context, "delete globalThis.ok; delete globalThis.error;");
  OK(miniracer_context_import(context, &name, NULL, NULL, &promise, NULL));
  set_global(context, "promise", &promise);
  release(&promise);
  EXECUTE(context, "promise.then(v => { globalThis.ok = v; }, e => { globalThis.error = e; }); 0");
}

/* What a message says, with `top` as "~". */
static void check_message(int line, const char *source, const char *expected) {
  char script_text[1000];
  snprintf(script_text, sizeof script_text,
           "(() => { try { return String(%s) } catch (e) { return String(e.message) } })().replaceAll('%s', '~')",
           source, top);
  miniracer_value found = EVALUATE(context, script_text);
  check_text(__FILE__, line, expected, &found, source);
  release(&found);
}

#define CHECK_MESSAGE(source, expected) check_message(__LINE__, source, expected)
#define CHECK_IMPORT(specifier, source, expected) \
  do {                                            \
    import(specifier);                            \
    CHECK_MESSAGE(source, expected);              \
  } while (0)

/* ---- ES modules ---- */

static void paths_and_urls(void) {
  write_file("root/main.mjs",
             "import { b } from './lib/b.mjs'; import data from './data.json' assert { type: 'json' };"
             "export default b + data.n; export const { url } = import.meta;"
             "export const resolved = import.meta.resolve('./lib/b.mjs');");
  write_file("root/lib/b.mjs", "export const b = 40; export const stack = new Error('x').stack;");
  write_file("root/data.json", "\xef\xbb\xbf{\"n\": 2}");
  write_file("root/a b#c%.mjs", "export default import.meta.url;");
  start();
  CHECK_IMPORT("./main.mjs", "ok.default", "42");
  CHECK_MESSAGE("ok.url", "file://~/root/main.mjs");
  CHECK_MESSAGE("ok.resolved", "file://~/root/lib/b.mjs");
  CHECK_IMPORT("./lib/../lib/b.mjs", "ok.stack.split('\\n')[1].trim()", "at file://~/root/lib/b.mjs:1:43");
  EXECUTE(context, "globalThis.first = ok; 0");
  /* A script is looked from where its name would be, which counts from the root. */
  miniracer_script script = {0};
  script.struct_size = sizeof script;
  script.source = text("import('./b.mjs').then(m => { globalThis.near = m === first; }); 0");
  script.name = text("lib/script.js");
  miniracer_value zero = undefined();
  OK(miniracer_context_evaluate(context, &script, NULL, &zero, NULL));
  CHECK_MESSAGE("near", "true");
  CHECK_IMPORT(path_of("root/lib/b.mjs"), "ok === first", "true");
  char url[200];
  snprintf(url, sizeof url, "file://%s/root/lib/b.mjs", top);
  CHECK_IMPORT(url, "ok === first", "true");
  CHECK_IMPORT("./lib/b.mjs?fresh", "ok !== first && ok.b", "40");
  CHECK_IMPORT("./a%20b%23c%25.mjs", "ok.default", "file://~/root/a%20b%23c%25.mjs");
  CHECK_IMPORT(
      "./data.json", "error.message",
      "Cannot import \"./data.json\": file://~/root/data.json is JSON, which needs the attribute { type: 'json' }");
  CHECK_IMPORT("./none.mjs", "error.message + error.code",
               "Cannot import \"./none.mjs\": ~/root/none.mjs: no such fileERR_MODULE_NOT_FOUND");
  CHECK_IMPORT("./lib", "error.message",
               "Cannot import \"./lib\": ~/root/lib is a folder, and import needs the name of a file");
  write_file("root/bad.mjs", "\n import './none.mjs';");
  CHECK_IMPORT("./bad.mjs", "error.message",
               "Cannot import \"./none.mjs\" from file://~/root/bad.mjs:2:9: ~/root/none.mjs: no such file");
  CHECK_IMPORT("https://example.com/a.mjs", "error.message",
               "Cannot import \"https://example.com/a.mjs\": not a URL that the loader for files knows");
  CHECK_IMPORT("./x%2fy.mjs", "error.message", "Cannot import \"./x%2fy.mjs\": an encoded slash in a path");
  CHECK_IMPORT("./%zz.mjs", "error.message", "Cannot import \"./%zz.mjs\": ill-formed percent-encoding");
}

static void types_of_files(void) {
  write_file("root/esm/package.json", "{\"type\": \"module\"}");
  write_file("root/esm/a.js", "export default typeof require;");
  write_file("root/esm/c.cjs", "#!/usr/bin/env node\nmodule.exports = typeof require;");
  write_file("root/cjs/package.json", "{\"type\": \"commonjs\"}");
  write_file("root/cjs/a.js", "exports.kind = typeof module;");
  write_file("root/cjs/wrong.js", "export default 1;");
  write_file("root/any/esm.js", "export default this === undefined;");
  write_file("root/any/meta.js", "globalThis.meta = import.meta.url;");
  write_file("root/any/await.js", "globalThis.awaited = await 7;");
  write_file("root/any/cjs.js", "exports.kind = this === exports;");
  start();
  CHECK_IMPORT("./esm/a.js", "ok.default", "function"); /* the global one */
  CHECK_IMPORT("./esm/c.cjs", "ok.default", "function");
  CHECK_IMPORT("./cjs/a.js", "ok.kind + ok.default.kind", "objectobject");
  CHECK_IMPORT("./cjs/wrong.js", "error.name + ': ' + error.message",
               "SyntaxError: Unexpected token 'export' (file://~/root/cjs/wrong.js:1:1)");
  CHECK_IMPORT("./any/esm.js", "ok.default", "true");
  CHECK_IMPORT("./any/meta.js", "meta", "file://~/root/any/meta.js");
  CHECK_IMPORT("./any/await.js", "awaited", "7");
  CHECK_IMPORT("./any/cjs.js", "ok.kind", "true");
  /* Without require there is no CommonJS, and what might be either is a module. */
  miniracer_file_loader loader = file_loader();
  loader.flags = 0;
  start_with(&loader);
  CHECK_SCRIPT_TEXT(context, "typeof require", "undefined");
  CHECK_IMPORT("./any/esm.js", "ok.default", "true");
  CHECK_IMPORT(
      "./cjs/a.js", "error.message",
      "Cannot import \"./cjs/a.js\": file://~/root/cjs/a.js is a CommonJS module, which this loader does not run");
}

/* ---- Packages ---- */

static void package_exports(void) {
  write_file("root/node_modules/p/package.json",
             "{\"name\": \"p\", \"type\": \"module\", \"exports\": {"
             " \".\": {\"special\": \"./special.js\", \"require\": \"./main.cjs\", \"import\": \"./main.js\"},"
             " \"./sub\": [\"invalid\", \"./sub.js\"], \"./deep/*\": \"./src/*.js\", \"./deep/private/*\": null,"
             " \"./deep/*.css\": \"./src/*.style.js\", \"./out\": \"./../../main.mjs\" },"
             " \"imports\": {\"#inner\": \"./sub.js\", \"#q\": \"q\", \"#x/*\": \"./src/*.js\"}}");
  write_file("root/node_modules/p/main.js", "export default 'p'; export { default as q } from '#q';");
  write_file("root/node_modules/p/main.cjs", "module.exports = 'p for require';");
  write_file("root/node_modules/p/special.js", "export default 'special';");
  write_file("root/node_modules/p/sub.js",
             "export { default as self } from 'p'; export { default as x } from '#x/a/b';");
  write_file("root/node_modules/p/src/a/b.js", "export default 'deep';");
  write_file("root/node_modules/p/src/b.style.js", "export default 'style';");
  write_file("root/node_modules/p/src/private/c.js", "");
  write_file("root/node_modules/q/index.js", "module.exports = 'q of the root';");
  write_file("root/node_modules/@s/t/package.json", "{\"main\": \"lib\"}");
  write_file("root/node_modules/@s/t/lib/index.js", "exports.t = 't';");
  write_file("root/sub/deep/use.mjs", "export * from 'p'; export { default as q } from 'q';");
  write_file("root/sub/node_modules/q/index.js", "module.exports = 'q of sub';");
  write_file("packages/z/package.json", "{\"main\": \"./z\"}");
  write_file("packages/z/z.js", "module.exports = require('y') + 'z' + require('single');");
  write_file("packages/z/node_modules/y/index.js", "module.exports = 'y of z';");
  write_file("packages/single.js", "module.exports = 1;");
  start();
  CHECK_IMPORT("p", "ok.default + ', ' + ok.q", "p, q of the root");
  CHECK_SCRIPT_TEXT(context, "require('p')", "p for require");
  CHECK_IMPORT("p/sub", "ok.self + ok.x", "pdeep");
  CHECK_IMPORT("p/deep/a/b", "ok.default", "deep");
  CHECK_IMPORT("p/deep/b.css", "ok.default", "style");
  CHECK_IMPORT("p/deep/private/c", "error.message",
               "Cannot import \"p/deep/private/c\": ~/root/node_modules/p/package.json, exports: no "
               "\"./deep/private/c\" for import");
  CHECK_IMPORT("p/main.js", "error.message",
               "Cannot import \"p/main.js\": ~/root/node_modules/p/package.json, exports: no \"./main.js\" for import");
  CHECK_IMPORT("p/out", "error.message",
               "Cannot import \"p/out\": ~/root/node_modules/p/package.json, exports: the target "
               "\"./../../main.mjs\" is not allowed");
  CHECK_IMPORT("./sub/deep/use.mjs", "ok.q", "q of sub");
  CHECK_IMPORT("@s/t", "ok.t", "t");
  CHECK_IMPORT("@s/t/lib/index.js", "ok.t", "t");
  CHECK_SCRIPT_TEXT(context, "require('@s/t/lib').t", "t");
  CHECK_IMPORT("z", "ok.default", "y of zz1");
  CHECK_IMPORT("absent", "error.message",
               "Cannot import \"absent\": no package \"absent\" in ~/root/node_modules, the node_modules above it or "
               "~/packages");
  CHECK_IMPORT("#inner", "error.message", "Cannot import \"#inner\": no package.json above ~/root gives such a name");
  CHECK_IMPORT("node:fs", "error.message",
               "Cannot import \"node:fs\": a module of Node.js itself, which is not provided here");
  CHECK_IMPORT("fs", "error.message", "Cannot import \"fs\": a module of Node.js itself, which is not provided here");
  CHECK_IMPORT("p/../q", "error.message", "Cannot import \"p/../q\": .. in the path within a package");
  CHECK_IMPORT(".hidden", "error.message", "Cannot import \".hidden\": not the name of a package");
  miniracer_file_loader loader = file_loader();
  loader.conditions = text("other,special");
  start_with(&loader);
  CHECK_IMPORT("p", "ok.default", "special");
  write_file("root/node_modules/broken/package.json", "{");
  import("broken");
  CHECK_MESSAGE("error.message.includes('/root/node_modules/broken/package.json: ')", "true");
}

/* ---- CommonJS ---- */

static void commonjs(void) {
  write_file(
      "root/c/a.js",
      "exports.early = 1; const b = require('./b'); exports.b = b; exports.names = [__filename, __dirname].join();"
      "exports.id = [module.id === __filename, module.loaded, require.main === module, typeof require.cache].join();"
      "exports.data = require('./data').list[1]; exports.json = require('./data.json') === require('./data');");
  write_file("root/c/b.js",
             "exports.seen = require('./a.js').early; exports.late = () => require('./a').b === exports;");
  write_file("root/c/data.json", "{\"list\": [1, 2]}");
  write_file("root/c/throws.js", "log.push('throws'); throw new TypeError('mine');");
  write_file("root/c/bad.json", "[");
  write_file("root/c/syntax.cjs", "\n\n  let let = 1;");
  write_file("root/c/place.js", "\nmodule.exports = () => {\n  throw new Error('here'); };");
  write_file("root/c/missing.js",
             "try { require('optional') } catch (e) { exports.code = e.code; exports.text = e.message }");
  start();
  CHECK_MESSAGE("require('./c/a').names", "~/root/c/a.js,~/root/c");
  CHECK_MESSAGE("[require('./c/a').b.seen, require('./c/a').b.late(), require('./c/a').id].join(' ')",
                "1 true true,false,true,object");
  CHECK_MESSAGE("[require('./c/a').data, require('./c/a').json]", "2,true");
  CHECK_MESSAGE("require.resolve('./c/b')", "~/root/c/b.js");
  CHECK_MESSAGE("Object.keys(require.cache)[0]", "~/root/c/a.js");
  CHECK_MESSAGE("(delete require.cache[require.resolve('./c/b')], require('./c/b') !== require('./c/a').b)", "true");
  CHECK_MESSAGE("require('./c/throws')", "mine");
  CHECK_MESSAGE("require('./c/throws')", "mine");
  CHECK_MESSAGE("log", "throws,throws");
  CHECK_MESSAGE("require('./c/missing').code", "MODULE_NOT_FOUND");
  CHECK_MESSAGE("require('./c/missing').text",
                "Cannot require \"optional\" from file://~/root/c/missing.js:1:7: no package \"optional\" in "
                "~/root/c/node_modules, the node_modules above it or ~/packages");
  CHECK_MESSAGE("require('./c/bad').slice",
                "Cannot require \"./c/bad\" from file://~/root/: file://~/root/c/bad.json "
                "is not JSON: SyntaxError: Unexpected end of JSON input");
  CHECK_MESSAGE("require('./c/syntax.cjs')",
                "let is disallowed as a lexically bound name (file://~/root/c/syntax.cjs:3:7)");
  CHECK_MESSAGE("require()", "require: the specifier is no string");
  CHECK_MESSAGE("(() => { try { require('./c/place')() } catch (e) { return e.stack.split('\\n')[1].trim() } })()",
                "at module.exports (file://~/root/c/place.js:3:9)");
}

static void mixed(void) {
  write_file("root/m/lib.cjs",
             "log.push('lib'); exports.x = 1; exports.default = 'no'; exports['a-b'] = 2;"
             "Object.defineProperty(exports, 'bad', { enumerable: true, get() { throw 1 } });");
  write_file("root/m/use.mjs",
             "import lib, { x } from './lib.cjs'; log.push('use');"
             "export default [x, lib.default, Object.keys(await import('./lib.cjs'))].join();");
  write_file("root/m/function.cjs", "module.exports = function f() { return 'called' };");
  write_file("root/m/esm.mjs", "export const y = 2; export default 3;");
  write_file("root/m/named.mjs", "const it = () => 4; export { it as 'module.exports' };");
  write_file("root/m/slow.mjs", "await 0; export default 1;");
  write_file("root/m/needs.cjs", "module.exports = require('./esm.mjs').y;");
  write_file("root/m/a.cjs", "exports.early = 1; exports.b = require('./b.mjs').b;");
  write_file("root/m/b.mjs", "import a from './a.cjs'; export const b = a.early;");
  write_file("root/m/dynamic.cjs", "exports.p = import('./esm.mjs');");
  start();
  CHECK_IMPORT("./m/use.mjs", "ok.default", "1,no,a-b,bad,default,x");
  CHECK_MESSAGE("log", "lib,use");
  CHECK_IMPORT("./m/function.cjs", "ok.default()", "called");
  CHECK_MESSAGE("require('./m/esm.mjs').y + require('./m/esm.mjs').default", "5");
  CHECK_MESSAGE("require('./m/named.mjs')()", "4");
  CHECK_MESSAGE("require('./m/needs.cjs')", "2");
  CHECK_MESSAGE("require('./m/slow.mjs')",
                "Cannot require \"./m/slow.mjs\" from file://~/root/: it, or what it "
                "imports, has a top-level await, for which require() cannot wait");
  CHECK_MESSAGE("require('./m/a.cjs').b", "1");
  EXECUTE(context, "require('./m/dynamic.cjs').p.then(m => { globalThis.dynamic = m.default }); 0");
  CHECK_MESSAGE("dynamic", "3");
  EXECUTE(context,
          "globalThis.same = import(require.resolve('./m/esm.mjs')).then(m => m === require('./m/esm.mjs'))"
          ".then(v => { globalThis.same = v }); 0");
  CHECK_MESSAGE("same", "true");
}

/* ---- What the host provides ---- */

static void host_modules(void) {
  write_file("root/h/use.mjs",
             "import { readFileSync } from 'fs'; import text from 'virtual:text';"
             "export default readFileSync() + text;");
  write_file("root/h/use.cjs", "module.exports = require('fs').readFileSync() + require('virtual:text').default;");
  context = new_context(isolate);
  miniracer_file_loader loader = file_loader();
  loader.resolve =
      EVALUATE(context, "s => s === 'fs' || s === 'node:fs' ? 'host:fs' : s.startsWith('virtual:') ? s : undefined");
  loader.load = EVALUATE(context,
                         "url => url === 'host:fs' ? { exports: { readFileSync: () => 'read ' } } :"
                         " url === 'virtual:late' ? Promise.resolve().then(() => 'export default 1') :"
                         " 'export default \"' + url + '\"'");
  OK(miniracer_context_set_file_loader(context, &loader, NULL));
  release(&loader.resolve);
  release(&loader.load);
  CHECK_IMPORT("./h/use.mjs", "ok.default", "read virtual:text");
  CHECK_MESSAGE("require('./h/use.cjs')", "read virtual:text");
  CHECK_MESSAGE("require.resolve('node:fs')", "host:fs");
  CHECK_MESSAGE("require('virtual:late')",
                "Cannot require \"virtual:late\" from file://~/root/: it, or what it "
                "imports, is loaded asynchronously, for which require() cannot wait");
}

/* ---- Confinement ---- */

static void links(void) {
  write_file("elsewhere/secret.mjs", "export default 'secret';");
  write_file("elsewhere/lib/index.js", "module.exports = 'secret';");
  write_file("root/inside.mjs", "export default import.meta.url;");
  make_link("../elsewhere/secret.mjs", "root/out.mjs");
  make_link("../elsewhere", "root/outside");
  make_link("inside.mjs", "root/alias.mjs");
  make_link("loop.mjs", "root/loop.mjs");
  make_link("../../elsewhere/lib", "root/node_modules/astray");
  start();
  CHECK_IMPORT("./alias.mjs", "ok.default", "file://~/root/inside.mjs"); /* the real path is the name */
  const char *message =
      "Cannot import \"./out.mjs\": ~/root/out.mjs leads to ~/elsewhere/secret.mjs, which is outside "
      "of the loader's folders";
  CHECK_IMPORT("./out.mjs", "error.message", message);
  message = "~/root/outside leads to ~/elsewhere, which is outside of the loader's folders";
  CHECK_IMPORT("./outside/secret.mjs", "error.message.split(': ')[1]", message);
  CHECK_IMPORT("./outside/nothing.mjs", "error.message.split(': ')[1]",
               message); /* the same: nobody learns what is there */
  CHECK_IMPORT("../elsewhere/secret.mjs", "error.message.split(': ')[1]",
               "~/elsewhere/secret.mjs is outside of the loader's folders");
  CHECK_IMPORT("../elsewhere/nothing.mjs", "error.message.split(': ')[1]",
               "~/elsewhere/nothing.mjs is outside of the loader's folders");
  CHECK_IMPORT("astray", "error.message.split(': ')[1]",
               "~/root/node_modules/astray leads to ~/elsewhere/lib, which is outside of the loader's folders");
  CHECK_MESSAGE("require('astray')",
                "Cannot require \"astray\" from file://~/root/: ~/root/node_modules/astray leads to "
                "~/elsewhere/lib, which is outside of the loader's folders");
  CHECK_IMPORT("./loop.mjs", "error.message", "Cannot import \"./loop.mjs\": ~/root/loop.mjs: no such file");
  CHECK_IMPORT("/etc/passwd", "error.message",
               "Cannot import \"/etc/passwd\": /etc/passwd is outside of the loader's folders");
  CHECK_MESSAGE("require('/proc/self/environ')",
                "Cannot require \"/proc/self/environ\" from file://~/root/: "
                "/proc/self/environ is outside of the loader's folders");
  /* A root that is a link itself. */
  make_link("root", "rootlink");
  miniracer_file_loader loader = file_loader();
  loader.root = text(path_of("rootlink"));
  start_with(&loader);
  CHECK_IMPORT("./inside.mjs", "ok.default", "file://~/root/inside.mjs");
  CHECK_IMPORT(path_of("rootlink/inside.mjs"), "ok.default", "file://~/root/inside.mjs");
}

static void odd_files(void) {
  CHECK(mkfifo(path_of("root/fifo.mjs"), 0600) == 0);
  write_bytes("root/latin.mjs", "// caf\xe9", 7);
  write_file("root/huge.mjs", "");
  CHECK(truncate(path_of("root/huge.mjs"), 65 << 20) == 0);
  start();
  CHECK_IMPORT("./fifo.mjs", "error.message", "Cannot import \"./fifo.mjs\": ~/root/fifo.mjs is no regular file");
  CHECK_IMPORT("./latin.mjs", "error.message",
               "Cannot import \"./latin.mjs\": ~/root/latin.mjs: ill-formed UTF-8 at byte 6");
  CHECK_IMPORT("./huge.mjs", "error.message", "Cannot import \"./huge.mjs\": ~/root/huge.mjs: more than 64 MiB");
  CHECK_MESSAGE(
      "(() => { try { require('./main.mjs\\0b') } catch (e) { return e.message.endsWith('no such file or folder') } "
      "})()",
      "true");
}

/* ---- Hostile guests ---- */

static void nothing_leaks(void) {
  start();
  /* Everything that the guest can reach of `require` is of its own realm. */
  CHECK_MESSAGE("[require, require.resolve].every(f => f instanceof Function && f.constructor === Function)", "true");
  EXECUTE(context,
          "for (const f of [() => require('nope'), () => require('./nope'), () => require(5),"
          " () => require.resolve('#x'), () => require('./fifo.mjs')])"
          "  try { f(); log.push('?') } catch (e) { log.push(e instanceof Error, e.constructor.constructor === "
          "Function) } 0");
  CHECK_MESSAGE("log.every(v => v === true) && log.length", "10");
  CHECK_IMPORT("nope", "error.constructor === Error", "true");
  CHECK_IMPORT("./latin.mjs", "error.constructor === Error", "true");
  EXECUTE(context,
          "globalThis.deep = n => { try { return deep(n + 1) } catch (e) { try { require('nope') } catch (x) {"
          " if (x.constructor.constructor !== Function) log.push('leak') } throw e } };"
          "try { deep(0) } catch {} 0");
  CHECK_MESSAGE("log.includes('leak')", "false");
}

static void changed_intrinsics(void) {
  start();
  EXECUTE(
      context,
      "const evil = () => { log.push('called'); throw 'evil' };"
      "for (const o of [Object.prototype, Array.prototype, Function.prototype, String.prototype])"
      "  for (const k of ['resolve', 'cache', 'main', 'require', 'exports', 'kind', 'source', '0', 'extensions', "
      "'call',"
      "    'apply', 'split', 'slice', 'push', 'then', 'path', 'url'])"
      "    Object.defineProperty(o, k, { get: evil, set: evil, configurable: true });"
      "for (const k of ['Object', 'Array', 'Error', 'TypeError', 'Promise', 'Map', 'Set', 'String', 'JSON', 'RegExp',"
      "  'decodeURIComponent', 'encodeURIComponent']) globalThis[k] = evil;"
      "globalThis.result = require('./c/data').list[1] + require('@s/t').t; 0");
  miniracer_value result = EVALUATE(context, "result");
  CHECK_TEXT("2t", result);
  release(&result);
  CHECK_SCRIPT(context, "log.length", 0);
}

static void junk_in_the_cache(void) {
  start();
  CHECK_MESSAGE("(require.cache[require.resolve('./c/data')] = { exports: 'mine' }, require('./c/data'))", "mine");
  EXECUTE(context,
          "for (const junk of [null, 5, new Proxy({}, { get() { throw 'trap' } })])"
          " { require.cache[require.resolve('./c/data')] = junk; try { require('./c/data') } catch (e) { log.push(1) } "
          "} 0");
  CHECK_MESSAGE("log", "1,1");
  EXECUTE(context, "Object.freeze(require.cache); 0");
  CHECK_MESSAGE("typeof require('./c/place')", "Cannot add property ~/root/c/place.js, object is not extensible");
}

/* Sets another loader while CommonJS code of the first one runs. */
static int32_t set_another(void *userdata, miniracer_call *call) {
  miniracer_file_loader loader = file_loader();
  (void)userdata;
  OK(miniracer_context_set_file_loader(call->context, &loader, NULL));
  return 0;
}

static int32_t dispose(void *userdata, miniracer_call *call) {
  (void)userdata;
  OK(miniracer_context_dispose(call->context));
  return 0;
}

static void loaders_come_and_go(void) {
  write_file("root/swap.cjs", "another(); exports.a = require('./c/data').list[0];");
  write_file("root/dispose.cjs",
             "disposeContext(); try { require('./c/data') } catch (e) { exports.text = e.message }");
  start();
  define(context, "another", set_another, NULL);
  CHECK_MESSAGE("require('./swap.cjs').a", "1");
  CHECK_IMPORT("./swap.cjs", "ok.a", "1");
  define(context, "disposeContext", dispose, NULL);
  CHECK_MESSAGE("require('./dispose.cjs').text",
                "Cannot require \"./c/data\" from file://~/root/dispose.cjs: "
                "the context has no loader for files any more");
  context = 0;
  start();
  define(context, "disposeContext", dispose, NULL);
  miniracer_value name = text("./dispose.cjs"), promise = undefined();
  OK(miniracer_context_import(context, &name, NULL, NULL, &promise, NULL));
  release(&promise);
  context = 0;
}

/* What a loader has found and another one, or the same without CommonJS, is asked for. */
static void loaders_that_run_no_commonjs(void) {
  write_file("root/broken.cjs", "throw new Error('broken')");
  const char *outcome = "import('./broken.cjs').catch(e => { log.push(e.message.replace(/.*: /, '')) }); 0";
  start();
  EXECUTE(context, outcome);
  miniracer_file_loader files = file_loader();
  files.flags = 0;
  OK(miniracer_context_set_file_loader(context, &files, NULL));
  EXECUTE(context, outcome);
  miniracer_module_loader other;
  memset(&other, 0, sizeof other);
  other.struct_size = sizeof other;
  other.resolve = EVALUATE(context, "() => log.url");
  other.load = EVALUATE(context, "() => ''");
  EXECUTE(context, "log.url = require.resolve('./broken.cjs').replace(/^/, 'file://'); 0");
  OK(miniracer_context_set_module_loader(context, &other, NULL));
  release(&other.resolve);
  release(&other.load);
  EXECUTE(context, outcome);
  CHECK_SCRIPT_TEXT(context, "log.join()",
                    "broken,it is a CommonJS module, which the loader does not run,"
                    "it is a CommonJS module, which the loader does not run");
}

/* It takes time to look for what is in so many folders, but no more than for so many characters. */
static void very_long_paths(void) {
  start();
  miniracer_run_options run = with_timeout(10 * SECOND);
  CHECK_STATUS(MINIRACER_OK,
               run_status(context, "import('./' + 'a/'.repeat(1e6)).catch(() => log.push('none')); 0", &run));
  CHECK_SCRIPT_TEXT(context, "log.join()", "none");
}

static void limits(void) {
  write_file("root/spin.cjs", "for (;;);");
  write_file("root/self.cjs",
             "require.cache = {}; delete require.cache; for (const k in require.cache) ;"
             "module.exports = require('./self.cjs?' + Math.random());");
  miniracer_run_options run = with_timeout(50 * MILLISECOND);
  start();
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "require('./spin.cjs')", &run));
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "import('./spin.cjs')", &run));
  CHECK_MESSAGE("require('@s/t').t", "t");
  write_file("root/deep.cjs", "delete require.cache[__filename]; require(__filename);");
  CHECK_MESSAGE("(() => { try { require('./deep.cjs') } catch (e) { return /Maximum call stack/.test(e.message) } })()",
                "true");
}

static void misuse(void) {
  context = new_context(isolate);
  miniracer_error *error = NULL;
  miniracer_file_loader loader = file_loader();
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_set_file_loader(context, NULL, NULL));
  loader.root = undefined();
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_set_file_loader(context, &loader, NULL));
  loader.root = text("/does/not/exist");
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_set_file_loader(context, &loader, &error));
  CHECK_TEXT("loader.root: no folder: /does/not/exist", error->message);
  miniracer_error_free(error);
  loader.root = text(path_of("root/main.mjs"));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_set_file_loader(context, &loader, NULL));
  loader = file_loader();
  loader.packages = text("/tmp:/does/not/exist");
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_set_file_loader(context, &loader, NULL));
  loader = file_loader();
  loader.resolve = int32(5);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_set_file_loader(context, &loader, NULL));
  loader = file_loader();
  loader.flags = 64;
  CHECK_STATUS(MINIRACER_UNKNOWN_FLAG, miniracer_context_set_file_loader(context, &loader, NULL));
}

/* Where the guest was first, there is no global `require` to be had. */
static void a_require_of_the_guests(void) {
  miniracer_file_loader loader = file_loader();
  OK(miniracer_context_dispose(context));
  context = new_context(isolate);
  EXECUTE(context, "Object.defineProperty(globalThis, 'require', {value: 1}); 0");
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_set_file_loader(context, &loader, NULL));
  CHECK_SCRIPT(context, "require", 1);
}

int main(void) {
  char template[] = "/tmp/miniracer-files-XXXXXX";
  char command[128];
  REQUIRE(mkdtemp(template) != NULL);
  snprintf(top, sizeof top, "%s", template);
  mkdir(path_of("root"), 0700);
  mkdir(path_of("packages"), 0700);
  isolate = new_isolate();
  RUN(paths_and_urls);
  RUN(types_of_files);
  RUN(package_exports);
  RUN(commonjs);
  RUN(mixed);
  RUN(host_modules);
  RUN(links);
  RUN(odd_files);
  RUN(nothing_leaks);
  RUN(changed_intrinsics);
  RUN(junk_in_the_cache);
  RUN(loaders_come_and_go);
  RUN(loaders_that_run_no_commonjs);
  RUN(very_long_paths);
  RUN(limits);
  RUN(misuse);
  RUN(a_require_of_the_guests);
  OK(miniracer_isolate_dispose(isolate));
  snprintf(command, sizeof command, "rm -rf '%s'", top);
  CHECK(system(command) == 0);
  return test_result();
}
