/* Loaders whose `resolve` takes its time: it gives a promise of the URL. */
#include <stdlib.h>

#include "modules.h"

/* A fresh context; `resolve` tells what it is asked in `asked`, and promises an answer that `answer` gives. */
static void start_promising(void) {
  start();
  EXECUTE(context,
          "globalThis.asked = []; globalThis.jobs = {};"
          "globalThis.resolve = (specifier, referrer, attributes) => {"
          "  asked.push([specifier, referrer ?? '-', attributes.type ?? '-'].join(' '));"
          "  return new Promise((f, r) => { jobs[specifier] = { f, r }; }); };"
          "globalThis.answer = (specifier, url) => { jobs[specifier].f(url); }; 0");
  OK(set_loader("(...all) => resolve(...all)", "load", NULL, NULL));
}

#define CHECK_ASKED(expected) CHECK_SCRIPT_TEXT(context, "asked.splice(0).join()", expected)
#define CHECK_LOADED(expected) CHECK_SCRIPT_TEXT(context, "loaded.splice(0).join()", expected)

/* ---- What goes well ---- */

static void names_come_later(void) {
  start_promising();
  EXECUTE(context,
          "files['x:a'] = `import b from 'b'; import c from 'c'; import d from 'd' assert { type: 'json' };"
          "  export default [b, c, d]`;"
          "files['x:b'] = `import 'c'; export default import('e').then(m => m.default)`;"
          "files['x:c'] = `export default 3`; files['x:d'] = `4`; files['x:e'] = `export default 5`; 0");
  import("a");
  CHECK_ASKED("a - -");
  CHECK_LOADED("");
  EXECUTE(context, "answer('a', 'x:a'); 0");
  CHECK_LOADED("x:a");
  CHECK_ASKED("b x:a -,c x:a -,d x:a json"); /* at once, none waits for another */
  EXECUTE(context, "answer('c', 'x:c'); 0");
  CHECK_LOADED("x:c");
  EXECUTE(context, "answer('d', 'x:d'); answer('b', 'x:b'); 0");
  CHECK_ASKED("c x:b -");
  CHECK_SCRIPT_TEXT(context, "typeof ok", "undefined");
  EXECUTE(context, "answer('c', 'x:c'); 0");
  CHECK_LOADED("x:d,x:b");
  CHECK_ASKED("e x:b -");
  EXECUTE(context, "answer('e', 'x:e'); ok.default[0].then(e => log.push(e, ...ok.default.slice(1))); 0");
  CHECK_LOG("5,3,4");
}

/* From the host, and for a module whose text is here. */
static void promises_of_the_host(void) {
  start();
  miniracer_value promise = undefined(), url = text("x:n"), result = undefined();
  OK(miniracer_promise_new(context, &promise, NULL));
  set_global(context, "later", &promise);
  EXECUTE(context, "files['x:n'] = 'export const n = 7'; 0");
  OK(set_loader("() => later", "load", NULL, NULL));
  miniracer_script module = script("import { n } from 'n'; globalThis.seen = n;");
  module.name = text("main");
  OK(miniracer_context_evaluate_module(context, &module, NULL, &result, NULL));
  CHECK_SCRIPT_TEXT(context, "typeof seen", "undefined");
  OK(miniracer_promise_settle(context, promise.as.handle, MINIRACER_PROMISE_FULFILLED, &url, NULL, NULL));
  CHECK_SCRIPT(context, "seen", 7);
  release(&result);
  release(&promise);
}

static void imports_share_what_they_wait_for(void) {
  start_promising();
  EXECUTE(context,
          "files.one = `import 'x'; import 'y'`; files.two = `import 'x'`; files.X = `log.push('ran')`; files.Y = '';"
          "for (let i = 0; i < 3; ++i) import('x').then(() => log.push(i)); 0");
  CHECK_ASKED("x test.js -");
  EXECUTE(context, "answer('x', 'X'); 0");
  CHECK_LOG("ran,0,1,2");
  /* The same module, and a graph of another import that needs it. */
  EXECUTE(context, "log.length = 0; import('one').then(() => log.push('one')); answer('one', 'one'); 0");
  CHECK_ASKED("one test.js -,x one -,y one -");
  EXECUTE(context, "import('two').then(() => log.push('two')); answer('two', 'one'); 0");
  CHECK_ASKED("two test.js -");
  EXECUTE(context, "answer('x', 'X'); 0");
  CHECK_LOG("");
  EXECUTE(context, "answer('y', 'Y'); 0");
  CHECK_LOG("one,two");
}

/* A promise that is fulfilled is as good as its value: nothing waits, and the order of microtasks is that of a string. */
static void fulfilled_promises(void) {
  const char *resolvers[] = {"s => s", "async s => s"};
  for (size_t i = 0; i < COUNT(resolvers); ++i) {
    start();
    EXECUTE(context, "files.a = `import 'b'; log.push('a')`; files.b = `log.push('b')`; 0");
    OK(set_loader(resolvers[i], "load", NULL, NULL));
    EXECUTE(context,
            "let p = Promise.resolve(); for (let i = 0; i < 5; ++i) p = p.then(() => log.push(i));"
            "import('a').then(() => log.push('done')); log.push(loaded.join('+')); 0");
    CHECK_LOG("a+b,0,b,a,1,done,2,3,4");
  }
}

/* ECMA-262 HostLoadImportedModule: what a module has imported is the same each time, whatever `resolve` says by then. */
static void the_same_module_each_time(void) {
  const char *resolvers[] = {"s => s + ++count", "s => Promise.resolve().then(() => s + ++count)"};
  for (size_t i = 0; i < COUNT(resolvers); ++i) {
    start();
    EXECUTE(context,
            "globalThis.count = 0;"
            "files.m1 = `import { url } from 'n'; export const get = s => import(s); export { url };`;"
            "globalThis.load = url => files[url] ?? (url[0] === 'f' ? Promise.reject('no') : "
            "`export const url = import.meta.url`); 0");
    OK(set_loader(resolvers[i], "load", NULL, NULL));
    import("m");
    CHECK_SCRIPT_TEXT(context, "ok.url", "n2");
    EXECUTE(
        context,
        "globalThis.run = async () => {"
        "  for (const s of ['n', 'x', 'x', 'n']) log.push((await ok.get(s)).url);"
        "  for (const m of await Promise.all([ok.get('y'), ok.get('y')])) log.push(m.url);"
        "  for (const s of ['f', 'f']) await ok.get(s).catch(e => log.push(e + count));" /* that may be tried again */
        "}; run(); 0");
    CHECK_LOG("n2,x3,x3,n2,y4,y4,no5,no6");
    /* A script with no name is no module: it is the host's business. */
    EXECUTE(context, "log.length = 0; import('x').then(m => log.push(m.url)); 0");
    CHECK_LOG("x7");
  }
}

static void another_loader_meanwhile(void) {
  start_promising();
  EXECUTE(context, "files.old = files.new = 'export default import.meta.url'; 0");
  EXECUTE(context, "import('a').then(m => log.push(m.default)); 0");
  OK(set_loader("s => 'new'", "load", NULL, NULL));
  EXECUTE(context, "import('a').then(m => log.push(m.default)); 0");
  EXECUTE(context, "answer('a', 'old'); 0");
  CHECK_LOG("new,old");
}

/* ---- What goes wrong ---- */

static void rejections(void) {
  start_promising();
  EXECUTE(context, "files.a = `\\n  import 'b'`; import('a').catch(e => log.push(e)); answer('a', 'a'); 0");
  EXECUTE(context, "import('a').catch(e => log.push('and ' + e)); answer('a', 'a'); jobs.b.r('offline'); 0");
  CHECK_LOG("offline,and offline");
  CHECK_ASKED("a test.js -,b a -,a test.js -");
  EXECUTE(context, "files.B = ''; import('a').then(() => log.push('well')); answer('a', 'a'); 0"); /* asked again */
  CHECK_ASKED("a test.js -,b a -");
  EXECUTE(context, "answer('b', 'B'); 0");
  CHECK_LOG("offline,and offline,well");
}

/* The innermost frame of a host's error is the import that met it. */
static void errors_tell_who_imported(void) {
  static int mine;
  const char *cases[][2] = {
      {"log.push(1);\n  import 'none'", "Error: offline\n    at user.js:2:10"},
      {"\n\nawait import('none')", "Error: offline\n    at user.js:3:1"},
  };
  for (size_t i = 0; i < COUNT(cases); ++i) {
    start();
    miniracer_value source = text(cases[i][0]), later = undefined(), message = text("offline");
    OK(miniracer_promise_new(context, &later, NULL));
    set_global(context, "later", &later);
    set_global(context, "source", &source);
    OK(set_loader("s => s === 'none' ? later : s", "() => source", NULL, NULL));
    import("user.js");
    OK(miniracer_promise_reject_error(context, later.as.handle, MINIRACER_THROW_ERROR, NULL, &message, &mine, NULL,
                                      NULL, NULL));
    release(&later);
    CHECK_SCRIPT_TEXT(context, "error.stack", cases[i][1]);
    miniracer_error *error = NULL;
    miniracer_value result = undefined();
    CHECK_STATUS(MINIRACER_EXCEPTION, evaluate(context, "throw error", NULL, &result, &error));
    CHECK(error->host_error == &mine);
    miniracer_error_free(error);
  }
}

static void no_names(void) {
  const char *given[] = {"undefined", "null", "5", "{}", "Symbol()", "new String('a')"};
  start_promising();
  for (size_t i = 0; i < COUNT(given); ++i) {
    char source[200];
    EXECUTE(context, "files.a = `import 'b'`; 0");
    import("a");
    EXECUTE(context, "answer('a', 'a'); 0");
    snprintf(source, sizeof source, "answer('b', %s); 0", given[i]);
    EXECUTE(context, source);
    CHECK_ERROR("Error: Cannot import \"b\" from a:1:8: the loader's `resolve` gave no URL");
  }
  /* A thenable is no promise. */
  OK(set_loader("s => ({ then(f) { f(s); } })", "load", NULL, NULL));
  import("c");
  CHECK_ERROR("Error: Cannot import \"c\": the loader's `resolve` gave no URL");
}

/* HTML: import.meta.resolve is synchronous. */
static void import_meta_resolve(void) {
  start();
  EXECUTE(context, "files.m = `export const f = s => import.meta.resolve(s); export default import.meta`; 0");
  OK(set_loader("async s => { if (s === 'bad') throw 'nobody is told'; return s; }", "load", NULL, NULL));
  import("m");
  EXECUTE(context, "for (const s of ['x', 'bad']) try { ok.f(s) } catch (e) { log.push(e) } 0");
  CHECK_LOG(
      "TypeError: Cannot import \"x\" from m: the loader's `resolve` is asynchronous, for which import.meta.resolve() "
      "cannot wait,"
      "TypeError: Cannot import \"bad\" from m: the loader's `resolve` is asynchronous, for which "
      "import.meta.resolve() "
      "cannot wait");
  uint64_t next = 0;
  OK(miniracer_isolate_run_pending(isolate, NULL, &next, NULL)); /* nor is the host told of the promise */
}

/* ---- Files ---- */

static void with_files(void) {
  if (context != 0) OK(miniracer_context_dispose(context));
  context = new_context(isolate);
  EXECUTE(context, "globalThis.log = []; 0");
  char folder[] = "/tmp/miniracer-names-XXXXXX", path[100];
  REQUIRE(mkdtemp(folder) != NULL);
  snprintf(path, sizeof path, "%s/a.mjs", folder);
  FILE *file = fopen(path, "wb");
  REQUIRE(file != NULL && fputs("export { default } from 'host:x'", file) >= 0 && fclose(file) == 0);
  miniracer_file_loader loader;
  memset(&loader, 0, sizeof loader);
  loader.struct_size = sizeof loader;
  loader.flags = MINIRACER_FILES_REQUIRE;
  loader.root = text(folder);
  loader.resolve = EVALUATE(context, "s => Promise.resolve().then(() => s.startsWith('host:') ? s : undefined)");
  loader.load = EVALUATE(context, "url => `export default '${url}'`");
  OK(miniracer_context_set_file_loader(context, &loader, NULL));
  release(&loader.resolve);
  release(&loader.load);
  import("./a.mjs"); /* `resolve` says "not mine": the file it is */
  CHECK_SCRIPT_TEXT(context, "ok.default", "host:x");
  EXECUTE(context,
          "try { require('host:x') } catch (e) { log.push(e.message.replace(/from .*: the/, 'from ROOT: the')) } 0");
  CHECK_LOG(
      "Cannot require \"host:x\" from ROOT: the loader's `resolve` is asynchronous, for which require() cannot wait");
  CHECK(remove(path) == 0 && remove(folder) == 0);
}

/* ---- Runs that are ended, and ends ---- */

static void names_that_never_come(void) {
  start_promising();
  miniracer_run_options run = with_timeout(20 * MILLISECOND);
  miniracer_value name = text("never"), promise = undefined(), result = undefined();
  EXECUTE(context, "files.fine = 'export default 1'; files.user = `import 'never'`; 0");
  OK(miniracer_context_import(context, &name, NULL, NULL, &promise, NULL));
  CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_promise_wait(context, promise.as.handle, &run, &result, NULL));
  release(&promise);
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "import('user'); answer('user', 'user'); for (;;);", &run));
  import("fine");
  EXECUTE(context, "answer('fine', 'fine'); 0");
  CHECK_SCRIPT(context, "ok.default", 1);
  EXECUTE(context, "files.N = ''; import('never').then(() => log.push('it came')); answer('never', 'N'); 0");
  CHECK_LOG("it came");
}

/* What a run takes along as it is ended is not what others wait for. */
static void names_in_a_run_that_is_ended(void) {
  miniracer_run_options run = with_timeout(20 * MILLISECOND);
  start_promising();
  EXECUTE(context, "files.A = `import 'b'`; files.B = ''; import('a').then(() => log.push('well'), log.push); 0");
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "answer('a', 'A'); for (;;);", &run));
  EXECUTE(context, "0");
  CHECK_ASKED("a test.js -,b A -");
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "answer('b', 'B'); for (;;);", &run));
  EXECUTE(context, "0");
  CHECK_LOG("well");
  CHECK_STATUS(MINIRACER_TIMEOUT,
               run_status(context, "import('c').catch(e => log.push(e)); jobs.c.r('lost'); for (;;);", &run));
  EXECUTE(context, "0");
  CHECK_LOG("well,lost");
  /* An import that is itself at work in such a run cannot go on: the next one rejects it. */
  EXECUTE(context,
          "globalThis.spin = url => { for (;;); }; import('d').catch(e => log.push(e.message));"
          "import('d').catch(e => log.push(e.message)); 0");
  OK(set_loader("(...all) => resolve(...all)", "url => spin(url)", NULL, NULL));
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "log.length = 0; answer('d', 'D'); 0", &run));
  EXECUTE(context, "0");
  CHECK_LOG(
      "the import of d was ended: the run took longer than its timeout,"
      "the import of d was ended: the run took longer than its timeout");
}

static int32_t dispose_context(void *userdata, miniracer_call *call) {
  (void)userdata;
  OK(miniracer_context_dispose(call->context));
  return 0;
}

static void disposal_while_names_are_awaited(void) {
  start_promising();
  miniracer_value answer = undefined();
  import("a");
  answer = EVALUATE(context, "jobs.a.f");
  OK(miniracer_context_dispose(context));
  context = new_context(isolate);
  set_global(context, "answer", &answer);
  release(&answer);
  EXECUTE(context, "answer('a'); 0");
  /* In the middle of it. */
  start_promising();
  define(context, "gone", dispose_context, NULL);
  OK(set_loader("s => resolve(s, '', {})", "() => gone()", NULL, NULL));
  import("b");
  import("b");
  CHECK_STATUS(MINIRACER_OK, run_status(context, "answer('b', 'b'); 0", NULL));
  context = new_context(isolate);
  /* And the isolate. */
  miniracer_isolate before = isolate;
  start_modules();
  context = 0;
  start_promising();
  import("a");
  EXECUTE(context, "files.b = `import 'c'`; import('b'); answer('b', 'b'); 0");
  OK(miniracer_isolate_dispose(isolate));
  isolate = before;
  context = 0;
}

/* ---- Hostile guests ---- */

static void broken_promises(void) {
  start_promising();
  EXECUTE(context,
          "globalThis.broken = new Promise(() => {});"
          "Object.defineProperty(broken, 'constructor', { get() { throw 'mine' } });"
          "files.user = `import 'broken'; import 'more'`; 0");
  OK(set_loader("s => s === 'broken' ? broken : s", "load", NULL, NULL));
  import("broken");
  CHECK_ERROR("mine");
  import("user");
  CHECK_ERROR("mine");
}

static void as_many_as_modules(void) {
  miniracer_isolate before = isolate;
  miniracer_isolate_options options = isolate_options();
  options.maximum_modules = 10;
  isolate = isolate_with(&options);
  context = 0;
  start_promising();
  EXECUTE(context, "for (let i = 0; i < 12; ++i) import('m' + i).catch(e => log.push(e.message)); 0");
  CHECK_LOG(
      "Cannot import \"m10\" from test.js:1:41: `resolve` is at work for 10 imports, as many as the context may have "
      "modules,Cannot import \"m11\" from test.js:1:41: `resolve` is at work for 10 imports, as many as the context "
      "may "
      "have modules");
  EXECUTE(
      context,
      "files.m = 'export default 1'; log.length = 0; answer('m0', 'm'); import('m0').then(m => log.push(m.default));"
      "0");
  CHECK_LOG("1");
  OK(miniracer_isolate_dispose(isolate));
  isolate = before;
  context = 0;
}

int main(void) {
  start_modules();
  RUN(names_come_later);
  RUN(promises_of_the_host);
  RUN(imports_share_what_they_wait_for);
  RUN(fulfilled_promises);
  RUN(the_same_module_each_time);
  RUN(another_loader_meanwhile);
  RUN(rejections);
  RUN(errors_tell_who_imported);
  RUN(no_names);
  RUN(import_meta_resolve);
  RUN(with_files);
  RUN(names_that_never_come);
  RUN(names_in_a_run_that_is_ended);
  RUN(disposal_while_names_are_awaited);
  RUN(broken_promises);
  RUN(as_many_as_modules);
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
