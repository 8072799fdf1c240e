/* ES modules with functions of the host's as the loader. */
#include "modules.h"

/* ---- Graphs ---- */

static void static_imports(void) {
  start();
  EXECUTE(context,
          "files['a.js'] = `import { b } from './lib/b.js'; import c, { d } from './lib/c.js';"
          "  log.push('a'); export const sum = b + c + d; export default 7;`;"
          "files['lib/b.js'] = `import { d } from './c.js'; log.push('b'); export const b = d * 10;`;"
          "files['lib/c.js'] = `log.push('c'); export default 1; export let d = 2;`;");
  import("a.js");
  CHECK_LOG("c,b,a");
  CHECK_SCRIPT(context, "ok.sum", 23);
  CHECK_SCRIPT(context, "ok.default", 7);
  CHECK_SCRIPT_TEXT(context, "loaded.join()", "a.js,lib/b.js,lib/c.js");
  /* Each module is loaded and evaluated once. */
  EXECUTE(context, "globalThis.first = ok; 0");
  import_from("../a.js", "x/y.js");
  CHECK_SCRIPT_TEXT(context, "String(ok === first)", "true");
  CHECK_LOG("c,b,a");
  CHECK_SCRIPT(context, "loaded.length", 3);
}

static void cycles_and_live_bindings(void) {
  start();
  EXECUTE(context,
          "files.a = `import { b } from 'b'; export let a = 1; export function up() { a += b(); }`;"
          "files.b = `import { a } from 'a'; export const b = () => a + 1;`;"
          "files.self = `import * as me from 'self'; export const x = 5; export const same = () => me.x;`;");
  import("a");
  CHECK_SCRIPT(context, "ok.up(); ok.a", 3);
  import("self");
  CHECK_SCRIPT(context, "ok.same()", 5);
}

/* The host, which looks into a module in the middle of a cycle, sees what JavaScript sees there. */
static miniracer_status seen_early;
static char early_message[100];

static int32_t look(void *userdata, miniracer_call *call) {
  (void)userdata;
  miniracer_value key = text("late"), value = undefined();
  miniracer_error *error = NULL;
  seen_early = miniracer_object_get(call->context, call->arguments[0].as.handle, &key, NULL, &value, &error);
  if (error != NULL)
    snprintf(early_message, sizeof early_message, "%.*s", (int)error->message.length,
             (const char *)error->message.as.data);
  miniracer_error_free(error);
  release(&value);
  return 0;
}

static void not_initialized_yet(void) {
  start();
  define(context, "look", look, NULL);
  EXECUTE(
      context,
      "files.late = `import 'early'; export let late = 1`; files.early = `import * as it from 'late'; look(it)`; 0");
  import("late");
  CHECK_SCRIPT(context, "ok.late", 1);
  CHECK_STATUS(MINIRACER_EXCEPTION, seen_early);
  CHECK(strcmp(early_message, "Cannot access 'late' before initialization") == 0);
}

/* What the library answers an import with tells the place of it as frames do, too. */
static void places_of_imports(void) {
  start();
  EXECUTE(context, "files.a = `\n  import 'css' assert { type: 'css' }`; files.css = ''; 0");
  import("a");
  CHECK_SCRIPT_TEXT(context, "error.stack.split('\\n')[1].trim()", "at a:2:10");
}

static void top_level_await(void) {
  start();
  EXECUTE(context,
          "globalThis.gate = new Promise(open => { globalThis.open = open; });"
          "files.a = `import { v } from 'slow'; import 'fast'; log.push('a'); export default v;`;"
          "files.slow = `log.push('slow'); export const v = await gate; log.push('went on');`;"
          "files.fast = `log.push('fast');`;");
  import("a");
  CHECK_LOG("slow,fast");
  EXECUTE(context, "open(42)");
  OK(miniracer_isolate_run_microtasks(isolate, NULL, NULL));
  CHECK_LOG("slow,fast,went on,a");
  CHECK_SCRIPT(context, "ok.default", 42);
  EXECUTE(context, "files.late = `await null; throw new RangeError('late')`;");
  import("late");
  CHECK_ERROR("RangeError: late");
}

static void dynamic_imports(void) {
  start();
  EXECUTE(context,
          "files['d/a.js'] = `export const b = (await import('./b.js')).default;`;"
          "files['d/b.js'] = `export default 8;`;"
          "import('d/a.js').then(m => log.push(m.b)); 0");
  CHECK_LOG("8");
  miniracer_script named = script("import('./b.js').then(m => log.push(m.default)); 0");
  miniracer_value result = undefined();
  named.name = text("d/script.js");
  OK(miniracer_context_evaluate(context, &named, NULL, &result, NULL));
  CHECK_LOG("8,8");
  EXECUTE(context, "import({ toString() { throw 'no name' } }).catch(e => log.push(e)); 0");
  CHECK_LOG("8,8,no name");
  EXECUTE(context, "new Function(\"return import('d/b.js')\")().then(m => log.push(m.default)); 0");
  CHECK_LOG("8,8,no name,8");
}

static void promised_sources(void) {
  start();
  EXECUTE(context,
          "globalThis.jobs = {};"
          "globalThis.load = url => { loaded.push(url); return new Promise((f, r) => { jobs[url] = { f, r }; }); }; 0");
  OK(set_loader(NULL, "load", NULL, NULL));
  EXECUTE(context,
          "import('a').then(m => log.push('one ' + m.x), log.push);"
          "import('a').then(m => log.push('two ' + m.x)); 0");
  CHECK_SCRIPT_TEXT(context, "loaded.join()", "a");
  EXECUTE(context, "jobs.a.f(`import { x } from 'b'; import 'c'; export { x }`); 0");
  CHECK_SCRIPT_TEXT(context, "loaded.join()", "a,b,c");
  EXECUTE(context, "jobs.c.f(``); jobs.c.f('resolved twice'); jobs.c.r('and rejected'); 0");
  CHECK_LOG("");
  EXECUTE(context, "jobs.b.f({ source: `export let x = 3` }); 0");
  CHECK_LOG("one 3,two 3");
  /* What was rejected may be tried again. */
  EXECUTE(context, "import('d').catch(e => log.push(e)); import('d').catch(e => log.push(e)); jobs.d.r('busy'); 0");
  CHECK_LOG("one 3,two 3,busy,busy");
  EXECUTE(context, "import('d').then(m => log.push(m.default)); jobs.d.f(`export default 1`); 0");
  CHECK_LOG("one 3,two 3,busy,busy,1");
}

static void json_and_exports(void) {
  start();
  EXECUTE(context,
          "files.data = '{\"a\": [1, 2]}';"
          "files.more = { source: '[3]', type: 'json' };"
          "files.code = { source: 'export default 1', type: 'module' };"
          "files.bad = '{';"
          "globalThis.host = { exports: { default: 5, twice: x => 2 * x, get read() { return log.push('read'); } } };"
          "files.host = host;"
          "files.a = `import data from 'data' assert { type: 'json' }; import five, { twice, read } from 'host';"
          "  import more from 'more'; export default [data.a[1], five, twice(4), read, more[0]].join();`;");
  import("a");
  CHECK_SCRIPT_TEXT(context, "ok.default", "2,5,8,1,3");
  CHECK_LOG("read");
  EXECUTE(context, "files.b = `import x from 'code' assert { type: 'json' };`;");
  import("b");
  CHECK_ERROR("Error: Cannot import \"code\" from b:1:15: it is a module and no JSON");
  EXECUTE(context, "files.c = `import x from 'bad' assert { type: 'json' };`;");
  import("c");
  CHECK_SCRIPT_TEXT(context, "error.name + error.message.slice(0, 48)",
                    "SyntaxErrorCannot import \"bad\" from c:1:15: bad is not JSON");
  EXECUTE(context, "files.d = `import { missing } from 'host';`;");
  import("d");
  CHECK_ERROR("SyntaxError: The requested module 'host' does not provide an export named 'missing' (d:1:10)");
}

/* Any text is the name of an export, that of an index, too. */
static void indexes_exported(void) {
  start();
  EXECUTE(context,
          "files.host = { exports: { 1: 'one', b: 'two', 4294967294: 'last', 4294967295: 'no index' } };"
          "files.list = { exports: ['zero', , 'two'] };"
          "files.a = `import { '1' as one, b, '4294967294' as last } from 'host'; import * as all from 'host';"
          "  import { '0' as zero } from 'list'; import * as list from 'list';"
          "  export default [one, b, last, zero, all[1], all['1'], list[2], Object.keys(all), "
          "Object.keys(list)].join();`;");
  import("a");
  CHECK_SCRIPT_TEXT(context, "ok.default", "one,two,last,zero,one,one,two,1,4294967294,4294967295,b,0,2");
}

static void import_meta(void) {
  start();
  OK(set_loader("(specifier, referrer, attributes) => { log.push(specifier, referrer); return 'x:' + specifier; }",
                "url => files[url.slice(2)]", "(meta, url) => { meta.extra = url + '!'; }", NULL));
  EXECUTE(context,
          "files.m = `export default [import.meta.url, import.meta.resolve('n'), import.meta.extra].join();`;");
  import("m");
  CHECK_SCRIPT_TEXT(context, "ok.default", "x:m,x:n,x:m!");
  CHECK_LOG("m,,n,x:m");
  OK(set_loader(NULL, "load", "(meta) => { throw new Error('no meta'); }", NULL));
  EXECUTE(context, "files.n = `import.meta`;");
  import("n");
  CHECK_ERROR("Error: no meta");
}

/* ---- Failures ---- */

static void failures(void) {
  start();
  EXECUTE(context, "files.a = `\\n  import 'gone';`; files.syntax = `export let x = ;`; files.b = `import 'syntax'`;");
  import("a");
  CHECK_ERROR("Error: no module gone"); /* what the loader threw */
  import("b");
  CHECK_ERROR("SyntaxError: Unexpected token ';' (syntax:1:16)");
  EXECUTE(context, "files.gone = ''; files.syntax = 'export let x;'; 0");
  import("a"); /* failures are not kept */
  CHECK_ERROR("undefined");
  import("b");
  CHECK_ERROR("undefined");
  EXECUTE(context, "files.thrower = `log.push('ran'); throw new TypeError('mine');`; files.c = `import 'thrower';`;");
  import("thrower");
  CHECK_ERROR("TypeError: mine");
  EXECUTE(context, "globalThis.first = error; 0");
  import("c"); /* but an evaluation is */
  CHECK_SCRIPT_TEXT(context, "String(error === first) + log", "trueran");
  EXECUTE(context, "log.length = 0; files.t = `import 'u'; export let then;`; 0");
  import("");
  CHECK_ERROR("Error: no module ");
}

static void garbage(void) {
  const char *given[] = {"undefined", "null", "5", "{}", "{ source: 5 }", "Symbol()", "{ source: '', type: 'php' }"};
  start();
  for (size_t i = 0; i < COUNT(given); ++i) {
    char source[200];
    snprintf(source, sizeof source, "files.a = (%s); 0", given[i]);
    EXECUTE(context, source);
    import("a");
    CHECK_SCRIPT_TEXT(context, "error.message.slice(0, 44)", "Cannot import \"a\": the loader's `load` gave ");
  }
  EXECUTE(context, "files.a = { get source() { throw 'getter' } }; 0");
  import("a");
  CHECK_ERROR("getter");
  OK(set_loader("() => 5", "load", NULL, NULL));
  import("a");
  CHECK_ERROR("Error: Cannot import \"a\": the loader's `resolve` gave no URL");
  OK(set_loader("() => { throw 'resolve' }", "load", NULL, NULL));
  import("a");
  CHECK_ERROR("resolve");
  EXECUTE(context, "files.p = `import.meta.resolve('x')`; 0");
}

static void no_loader(void) {
  context = new_context(isolate);
  import("a");
  CHECK_ERROR("Error: Cannot import \"a\": the context has no module loader");
  miniracer_script module = script("export const x = 1; globalThis.x = x; globalThis.self = this;");
  miniracer_value result = undefined();
  OK(miniracer_context_evaluate_module(context, &module, NULL, &result, NULL));
  CHECK_INT(MINIRACER_OBJECT_PROMISE, result.subtype);
  release(&result);
  CHECK_SCRIPT_TEXT(context, "x + typeof self", "1undefined");
}

static void misuse(void) {
  start();
  miniracer_error *error = NULL;
  miniracer_value result = undefined(), name = text("a"), five = int32(5);
  miniracer_module_loader loader = module_loader();
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_set_module_loader(context, NULL, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_set_module_loader(context, &loader, &error));
  CHECK_TEXT("loader.load: a function is needed", error->message);
  miniracer_error_free(error);
  loader.load = five;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_set_module_loader(context, &loader, NULL));
  loader.flags = 1;
  CHECK_STATUS(MINIRACER_UNKNOWN_FLAG, miniracer_context_set_module_loader(context, &loader, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_import(context, NULL, NULL, NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_import(context, &five, NULL, NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_import(context, &name, &five, NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_import(context, &name, NULL, NULL, NULL, NULL));
  miniracer_script module = script("export default 1");
  OK(miniracer_context_evaluate_module(context, &module, NULL, &result, NULL));
  release(&result);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_evaluate_module(context, &module, NULL, &result, NULL));
  module.name = undefined();
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_evaluate_module(context, &module, NULL, &result, NULL));
  module = script("export default = 1");
  module.line = 10;
  module.name = text("bad.js");
  error = NULL;
  CHECK_STATUS(MINIRACER_SYNTAX_ERROR, miniracer_context_evaluate_module(context, &module, NULL, &result, &error));
  CHECK_TEXT("bad.js", error->file);
  CHECK_INT(10, error->line);
  miniracer_error_free(error);
}

static void module_from_text(void) {
  start();
  EXECUTE(context, "files['lib/b'] = `export default 4;`; 0");
  miniracer_script module = script("import b from './b'; export default b + 1; globalThis.seen = import.meta.url + b;");
  miniracer_value promise = undefined();
  module.name = text("lib/main");
  OK(miniracer_context_evaluate_module(context, &module, NULL, &promise, NULL));
  release(&promise);
  CHECK_SCRIPT_TEXT(context, "seen", "lib/main4");
  import("./lib/main");
  CHECK_SCRIPT(context, "ok.default", 5);
}

/* ---- Host functions as loaders ---- */

static int32_t load_here(void *userdata, miniracer_call *call) {
  int *calls = userdata;
  miniracer_value message = text("not in the shop"), source = text("export { default } from 'two';");
  ++*calls;
  if (is_text(&call->arguments[0], "one")) return miniracer_call_return(call, &source);
  OK(miniracer_call_throw_error(call, MINIRACER_THROW_TYPE_ERROR, NULL, &message, calls, count_finalized));
  return 1;
}

static void host_errors_are_themselves(void) {
  static int calls; /* outlives the errors that carry it */
  start();
  define(context, "hostLoad", load_here, &calls);
  OK(set_loader(NULL, "hostLoad", NULL, NULL));
  import("one");
  CHECK_ERROR("TypeError: not in the shop");
  CHECK_INT(2, calls);
  miniracer_error *error = NULL;
  miniracer_value result = undefined();
  CHECK_STATUS(MINIRACER_EXCEPTION, evaluate(context, "throw error", NULL, &result, &error));
  CHECK(error->host_error == &calls);
  miniracer_error_free(error);
}

static int32_t resolve_here(void *userdata, miniracer_call *call) {
  if (!is_text(&call->arguments[0], "none")) return miniracer_call_return(call, &call->arguments[0]);
  miniracer_value message = text("no such shop");
  miniracer_call_throw_error(call, MINIRACER_THROW_ERROR, NULL, &message, userdata, NULL);
  return 1;
}

/* The innermost frame of a host's error is the import that met it. */
static void host_errors_tell_who_imported(void) {
  static int calls;
  const char *cases[][3] = {
      {"log.push(1);\n  import 'two'", "2", "TypeError: not in the shop\n    at user.js:2:10"},
      {"import 'none'", "1", "Error: no such shop\n    at user.js:1:8"},
      {"\n\nawait import('none')", "3", "Error: no such shop\n    at user.js:3:1"},
      {"import 'later'", "1", "TypeError: closed\n    at user.js:1:8"},
  };
  for (size_t i = 0; i < COUNT(cases); ++i) {
    start();
    miniracer_value source = text(cases[i][0]), later = undefined(), message = text("closed");
    OK(miniracer_promise_new(context, &later, NULL));
    set_global(context, "later", &later);
    set_global(context, "source", &source);
    define(context, "hostLoad", load_here, &calls);
    define(context, "hostResolve", resolve_here, &calls);
    OK(set_loader("hostResolve", "url => url === 'user.js' ? source : url === 'later' ? later : hostLoad(url)", NULL,
                  NULL));
    import("user.js");
    OK(miniracer_promise_reject_error(context, later.as.handle, MINIRACER_THROW_TYPE_ERROR, NULL, &message, &calls,
                                      NULL, NULL, NULL));
    release(&later);
    CHECK_SCRIPT_TEXT(context, "error.stack.split('\\n').slice(0, 2).join('\\n')", cases[i][2]);
    miniracer_value promise = EVALUATE(context, "promise"), result = undefined();
    miniracer_error *error = NULL;
    CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_promise_wait(context, promise.as.handle, NULL, &result, &error));
    CHECK(error->host_error == &calls);
    CHECK_TEXT("user.js", error->file);
    CHECK_INT(atoi(cases[i][1]), error->line);
    REQUIRE(error->frame_count >= 1);
    CHECK_TEXT("user.js", error->frames[0].file);
    CHECK_INT(error->line, error->frames[0].line);
    CHECK_INT(error->column, error->frames[0].column);
    if (error->frame_count == 1) CHECK_TEXT(cases[i][2], error->stack);
    miniracer_error_free(error);
    release(&promise);
  }
}

/* An import inside of `load`, of the same and of another module. */
static int32_t load_nested(void *userdata, miniracer_call *call) {
  miniracer_value self = call->arguments[0], other = text("other"), promise = undefined();
  (void)userdata;
  miniracer_value source = text("export default 1;");
  OK(miniracer_context_import(call->context, &self, NULL, NULL, &promise, NULL));
  set_global(call->context, "selfImport", &promise);
  release(&promise);
  if (!is_text(&call->arguments[0], "other")) {
    OK(miniracer_context_import(call->context, &other, NULL, NULL, &promise, NULL));
    release(&promise);
    OK(miniracer_isolate_run_microtasks(isolate_of(call->context), NULL, NULL));
  }
  return miniracer_call_return(call, &source);
}

static void nested_imports(void) {
  start();
  define(context, "hostLoad", load_nested, NULL);
  OK(set_loader(NULL, "hostLoad", NULL, NULL));
  import("a");
  CHECK_SCRIPT(context, "ok.default", 1);
  EXECUTE(context, "selfImport.then(m => log.push(m.default)); 0");
  CHECK_LOG("1");
}

static int32_t run_microtasks(void *userdata, miniracer_call *call) {
  (void)userdata;
  OK(miniracer_isolate_run_microtasks(isolate_of(call->context), NULL, NULL));
  return 0;
}

/* A module that has others evaluated in the middle of its own evaluation. */
static void evaluation_in_evaluation(void) {
  start();
  define(context, "turn", run_microtasks, NULL);
  EXECUTE(context,
          "files.a = `import 'b'; import('a').then(m => log.push('a again')); turn(); log.push('a');`;"
          "files.b = `import('c').then(() => log.push('c done')); turn(); log.push('b');`;"
          "files.c = `import 'a'; log.push('c')`; 0");
  import("a");
  CHECK_SCRIPT_TEXT(context, "String(log.includes('a again') && log.includes('c done'))", "true");
}

static int32_t dispose_context(void *userdata, miniracer_call *call) {
  miniracer_status status = miniracer_context_dispose(call->context);
  CHECK_STATUS(++*(int *)userdata == 1 ? MINIRACER_OK : MINIRACER_CLOSED, status);
  miniracer_value source = text("import 'more'; export default 1;");
  return miniracer_call_return(call, &source);
}

static void disposal_while_loading(void) {
  start();
  int calls = 0;
  define(context, "hostLoad", dispose_context, &calls);
  OK(set_loader(NULL, "hostLoad", NULL, NULL));
  miniracer_value name = text("a"), promise = undefined();
  CHECK_STATUS(MINIRACER_OK, miniracer_context_import(context, &name, NULL, NULL, &promise, NULL));
  release(&promise);
  OK(miniracer_isolate_run_microtasks(isolate, NULL, NULL));
  context = new_context(isolate);
}

static void functions_of_closed_contexts(void) {
  start();
  EXECUTE(context,
          "files.m = `import.meta.resolve('y'); export const load = () => import('other'); export const f = s => "
          "import.meta.resolve(s)`;");
  import("m");
  miniracer_value module = EVALUATE(context, "ok");
  OK(miniracer_context_dispose(context));
  context = new_context(isolate);
  EXECUTE(context, "globalThis.log = []; 0");
  set_global(context, "m", &module);
  release(&module);
  EXECUTE(context,
          "m.load().then(() => log.push('?'), e => log.push(e.message)); try { m.f('x') } catch (e) { "
          "log.push(e.message) } 0");
  CHECK_LOG(
      "Cannot import \"x\" from m: the context is closed,Cannot import \"other\" from m:1:53: the context is closed");
}

static void pending_at_the_end(void) {
  miniracer_isolate other = new_isolate(), before = isolate;
  isolate = other;
  context = 0;
  start();
  EXECUTE(context, "files.a = new Promise(() => {}); files.b = `await new Promise(() => {})`; 0");
  import("a");
  import("b");
  CHECK_SCRIPT_TEXT(context, "String('ok' in globalThis || 'error' in globalThis)", "false");
  OK(miniracer_isolate_dispose(other));
  isolate = before;
  context = 0;
}

/* ---- Hostile guests and limits ---- */

static void patched_promises(void) {
  start();
  EXECUTE(context,
          "globalThis.settle = {};"
          "files.a = new Promise(f => { settle.a = f; });"
          "files.b = Promise.resolve(`export default 'secret'; await null;`);"
          "const spy = what => function () { log.push(what); throw new Error('spied'); };"
          "globalThis.then = Promise.prototype.then;"
          "Promise.prototype.then = spy('then'); Promise.prototype.catch = spy('catch');"
          "Object.defineProperty(Promise, Symbol.species, { get: spy('species') });"
          "Object.defineProperty(Promise.prototype, 'constructor', { get: spy('constructor') });"
          "globalThis.Promise = spy('Promise');"
          "Object.prototype.source = 'export default \"polluted\"'; Object.prototype.type = 'json'; 0");
  const char *names[] = {"a", "b"};
  for (size_t i = 0; i < COUNT(names); ++i) {
    miniracer_value name = text(names[i]), promise = undefined();
    OK(miniracer_context_import(context, &name, NULL, NULL, &promise, NULL));
    set_global(context, "promise", &promise);
    EXECUTE(context, "settle.a(`import x from 'b'; export default x + 1; await null`); 0");
    OK(miniracer_isolate_run_microtasks(isolate, NULL, NULL));
    CHECK_LOG("");
    release(&promise);
  }
  /* The promises are as they were, to those who have kept `then`. */
  EXECUTE(context,
          "Object.defineProperty(then, 'x', { value: 1 });"
          "Object.defineProperty(promise, 'constructor', { value: undefined });"
          "then.call(promise, m => log.push(m.default)); 0");
  CHECK_LOG("secret");
}

static void broken_promise(void) {
  start();
  EXECUTE(context,
          "files.a = new Promise(() => {}); Object.defineProperty(files.a, 'constructor', { get() { throw 'mine' } });"
          "files.b = Object.freeze(new Promise(f => { globalThis.settle = f })); 0");
  import("a");
  CHECK_ERROR("mine");
  import("b");
  EXECUTE(context, "settle('export default 6'); 0");
  CHECK_SCRIPT(context, "ok.default", 6);
}

int main(void) {
  start_modules();
  RUN(static_imports);
  RUN(cycles_and_live_bindings);
  RUN(not_initialized_yet);
  RUN(places_of_imports);
  RUN(top_level_await);
  RUN(dynamic_imports);
  RUN(promised_sources);
  RUN(json_and_exports);
  RUN(indexes_exported);
  RUN(import_meta);
  RUN(failures);
  RUN(garbage);
  RUN(no_loader);
  RUN(misuse);
  RUN(module_from_text);
  RUN(host_errors_are_themselves);
  RUN(host_errors_tell_who_imported);
  RUN(nested_imports);
  RUN(evaluation_in_evaluation);
  RUN(disposal_while_loading);
  RUN(functions_of_closed_contexts);
  RUN(patched_promises);
  RUN(broken_promise);
  RUN(pending_at_the_end);
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
