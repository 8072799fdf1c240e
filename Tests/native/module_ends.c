/* Imports that meet a deadline, and graphs as deep as they come. */
#include <pthread.h>

#include "modules.h"

static void deadlines(void) {
  miniracer_run_options run = with_timeout(50 * MILLISECOND);
  miniracer_value name = text("spin"), promise = undefined();
  start();
  EXECUTE(context, "files.spin = `for (;;);`; files.user = `import 'spin'`; files.fine = `export default 1`; 0");
  CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_context_import(context, &name, NULL, &run, &promise, NULL));
  import("fine");
  CHECK_SCRIPT(context, "ok.default", 1);
  import("spin"); /* not run again, nor hidden */
  CHECK_ERROR("Error: the evaluation of spin was ended: the run took longer than its timeout");
  import("user");
  CHECK_ERROR("Error: the evaluation of spin was ended: the run took longer than its timeout");
  OK(set_loader(NULL, "url => { if (globalThis.good) return 'export default 2'; for (;;); }", NULL, NULL));
  name = text("slow");
  CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_context_import(context, &name, NULL, &run, &promise, NULL));
  EXECUTE(context, "globalThis.good = true");
  import("slow");
  CHECK_SCRIPT(context, "ok.default", 2);
  /* A source that came, but whose reaction went down with its run. */
  EXECUTE(context, "globalThis.good = false; globalThis.later = new Promise(f => { globalThis.come = f }); 0");
  OK(set_loader(NULL, "url => later", NULL, NULL));
  import("lost");
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "come('export default 3'); for (;;);", &run));
  import("lost");
  CHECK_SCRIPT(context, "ok.default", 3);
}

static void deep_graphs(void) {
  start();
  EXECUTE(context,
          "globalThis.count = 0;"
          "globalThis.load = url => { const n = +url; return n === 0 ? 'count++' : `import '${n - 1}'; count++;`; };"
          "globalThis.cycle = url => { const n = +url.slice(1);"
          "  return `import 'c${(n + 1) % 1000}'; count++; export default ${n};`; }; 0");
  OK(set_loader(NULL, "load", NULL, NULL));
  import("5000");
  CHECK_SCRIPT(context, "count", 5001);
  OK(set_loader(NULL, "cycle", NULL, NULL));
  import("c0");
  CHECK_SCRIPT(context, "count", 6001);
  /* More than any stack holds: an error, and V8 is as before. */
  OK(set_loader(NULL, "url => load(url)", NULL, NULL));
  import("100000");
  CHECK_SCRIPT_TEXT(context, "globalThis.ok ? 'fine' : error.name", "RangeError");
  import("7");
  CHECK_ERROR("undefined");
  /* With a top-level await at the end, which fulfils or rejects all that waits for it. */
  EXECUTE(
      context,
      "globalThis.load = url => { const [kind, n] = url.split(/(?<=[a-z])(?=[0-9])/);"
      "  return +n !== 0 ? `import '${kind}${n - 1}'; count++;` : kind === 'good' ? 'await 0' : 'await 0; throw 5'; };"
      "count = 0; 0");
  import("good900");
  CHECK_SCRIPT(context, "count", 900);
  import("bad900");
  CHECK_ERROR("5");
  import("good5000");
  CHECK_SCRIPT_TEXT(context, "globalThis.ok ? 'fine' : String(error instanceof RangeError)", "true");
  import("good100000");
  CHECK_SCRIPT_TEXT(context, "globalThis.ok ? 'fine' : String(error instanceof RangeError)", "true");
}

/* V8 passes the rejection on by recursion, which no stack holds for ever: there is a limit to how many may wait. */
static void many_wait_for_one(void) {
  start();
  EXECUTE(context,
          "globalThis.gate = new Promise((_, no) => { globalThis.no = no; });"
          "globalThis.load = url => url === '0' ? 'await gate' : `import '${url - 1}'; import '0';`;"
          "globalThis.refused = globalThis.rejected = 0; 0");
  OK(set_loader(NULL, "load", NULL, NULL));
  EXECUTE(context,
          "for (let i = 0, last = Promise.resolve(); i < 1200; ++i) last = last.then(() => { import('' + i).catch("
          "e => { if (e === 'no') ++rejected; else if (e instanceof RangeError) ++refused; }); }); 0");
  CHECK_SCRIPT(context, "refused", 200);
  CHECK_SCRIPT(context, "rejected", 0);
  EXECUTE(context, "no('no'); 0");
  CHECK_SCRIPT(context, "rejected", 1000);
  /* Those that wait side by side are not counted. */
  EXECUTE(context,
          "globalThis.load = url => url === 'w' ? Array.from({length: 2000}, (_, i) => `import 'w${i}';`).join('')"
          "  : 'await 0'; 0");
  OK(set_loader(NULL, "url => load(url)", NULL, NULL));
  import("w");
  CHECK_SCRIPT_TEXT(context, "typeof ok", "object");
}

/* Depths around what a stack of 8 MiB just holds. */
static void depths(void) {
  const char *names[] = {"f12000", "r12000", "f30000", "r30000"};
  for (size_t i = 0; i < COUNT(names); ++i) {
    start();
    OK(set_loader(
        NULL,
        "url => { const n = +url.slice(1); if (n === 0) return url[0] === 'r' ? 'await 0; throw 5' : 'await 0';"
        "  return `import '${url[0]}${n - 1}'`; }",
        NULL, NULL));
    import(names[i]);
    CHECK_SCRIPT_TEXT(context, "globalThis.ok || error === 5 || error instanceof RangeError ? 'well' : String(error)",
                      "well");
  }
}

/* What a run takes along as it is ended is not what others wait for. */
static void imports_in_a_run_that_is_ended(void) {
  miniracer_run_options run = with_timeout(20 * MILLISECOND);
  start();
  EXECUTE(context, "files['a.js'] = 'export const a = 1'; 0");
  CHECK_STATUS(MINIRACER_TIMEOUT,
               run_status(context, "import('a.js').then(m => { globalThis.ok = m }); for (;;);", &run));
  EXECUTE(context, "0");
  CHECK_SCRIPT(context, "ok.a", 1);
  EXECUTE(context, "var promise; 0");
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context,
                                             "files['b.js'] = 'export const b = 2';"
                                             "promise = import('b.js'); for (;;);",
                                             &run));
  EXECUTE(context, "promise.then(m => { globalThis.ok = m.b }); 0");
  CHECK_SCRIPT(context, "ok", 2);
  /* The source comes, and an evaluation ends, in such a run. */
  EXECUTE(context, "var tell; files['c.js'] = new Promise(f => { tell = f }); promise = import('c.js'); 0");
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "tell('export const c = 3'); for (;;);", &run));
  EXECUTE(context, "promise.then(m => { globalThis.ok = m.c }); 0");
  CHECK_SCRIPT(context, "ok", 3);
  EXECUTE(context,
          "var go; var gate = new Promise(f => { go = f });"
          "files['d.js'] = 'await gate; export const d = 4'; promise = import('d.js'); 0");
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "for (;;);", &run));
  EXECUTE(context, "go(); promise.then(m => { globalThis.ok = m.d }); 0");
  CHECK_SCRIPT(context, "ok", 4);
}

/* What a module imports as it runs is its own, though it runs as a microtask: only what promise reactions began goes with a
 * run that is ended. */
static void imports_of_a_module_in_such_a_run(void) {
  miniracer_run_options run = with_timeout(20 * MILLISECOND);
  start();
  EXECUTE(context,
          "globalThis.come = {}; globalThis.main = `log.push('main'); Promise.resolve().then(() => { for (;;); });"
          " await import('lazy'); log.push('got');`; 0");
  OK(set_loader(NULL, "url => new Promise(f => { come[url] = f })", NULL, NULL));
  EXECUTE(context, "globalThis.promise = import('main'); 0");
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "come.main(main)", &run));
  EXECUTE(context, "come.lazy(`log.push('lazy')`); promise.then(() => log.push('done')); 0");
  CHECK_SCRIPT_TEXT(context, "log.join()", "main,lazy,got,done");
}

static int run_reactions(void *userdata, miniracer_call *call) {
  (void)call;
  miniracer_run_options run = with_timeout(20 * MILLISECOND);
  *(miniracer_status *)userdata = miniracer_isolate_run_microtasks(isolate, &run, NULL);
  return 0;
}

/* A nested run that is ended takes nothing along of the one around it, which goes on. */
static void a_nested_run_that_is_ended(void) {
  miniracer_isolate_options options = isolate_options();
  options.flags = MINIRACER_ISOLATE_EXPLICIT_MICROTASKS;
  miniracer_isolate other = isolate;
  isolate = isolate_with(&options);
  context = new_context(isolate);
  EXECUTE(context, loader_source);
  OK(set_loader(NULL, "url => new Promise(f => { globalThis.come = f })", NULL, NULL));
  miniracer_status status = MINIRACER_OK;
  define(context, "run", run_reactions, &status);
  EXECUTE(context, "Promise.resolve().then(() => import('x').then(() => log.push('x'))); run()");
  CHECK_STATUS(MINIRACER_OK, status);
  EXECUTE(context,
          "Promise.resolve().then(() => import('x').then(() => log.push('again'))); run();"
          "Promise.resolve().then(() => { for (;;); }); run()");
  CHECK_STATUS(MINIRACER_TIMEOUT, status);
  EXECUTE(context, "come('0')");
  for (int i = 0; i < 5; ++i) OK(miniracer_isolate_run_microtasks(isolate, NULL, NULL));
  CHECK_SCRIPT_TEXT(context, "log.join()", "x,again");
  OK(miniracer_context_dispose(context));
  OK(miniracer_isolate_dispose(isolate));
  isolate = other;
  context = 0;
}

/* An import that is itself at work in such a run cannot go on: the next one rejects it. */
static void imports_that_are_ended(void) {
  const char *cases[][2] = {
      {"a.js", "for (;;);"},         {"b.js", "import 'spin.js'; export default 1"},
      {"c.js", "for (;;); await 0"}, {"d.js", "import 'await.js'; for (;;);"},
      {"e.js", "import 'load.js'"},
  };
  miniracer_run_options run = with_timeout(20 * MILLISECOND);
  uint64_t next = 0;
  while (miniracer_isolate_run_pending(isolate, NULL, &next, NULL) != MINIRACER_OK) continue; /* what others left */
  for (size_t i = 0; i < COUNT(cases); ++i) {
    start();
    EXECUTE(context,
            "files['spin.js'] = 'for (;;);'; files['await.js'] = 'await 0';"
            "Object.defineProperty(files, 'load.js', { get() { for (;;); } }); 0");
    miniracer_value name = text(cases[i][0]), source = text(cases[i][1]);
    set_global(context, "name", &name);
    set_global(context, "source", &source);
    EXECUTE(context, "files[name] = source; var promise, error, again; 0");
    run_status(context, "promise = import(name); 0", &run);
    EXECUTE(context, "promise.catch(e => { error = e }); 0");
    CHECK_SCRIPT_TEXT(context,
                      "error.message === `the import of ${name} was ended: the run took longer than its timeout`"
                      "  ? 'told' : String(error)",
                      "told");
    /* Nobody else is told: whoever ran it has been. */
    OK(miniracer_isolate_run_pending(isolate, NULL, &next, NULL));
  }
}

static void *wait_for_import(void *argument) {
  miniracer_value result = undefined();
  miniracer_error *error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION,
               miniracer_promise_wait(context, *(miniracer_handle *)argument, NULL, &result, &error));
  CHECK_TEXT("the import of wait.js was ended: the run was cancelled", error->message);
  miniracer_error_free(error);
  return NULL;
}

static int32_t cancel_own_run(void *flag, miniracer_call *call) {
  (void)call;
  __atomic_store_n((uint32_t *)flag, 1, __ATOMIC_SEQ_CST);
  OK(miniracer_isolate_cancel(isolate, flag));
  return 0;
}

/* The host waits for an import, and another thread's run takes it along. */
static void a_wait_for_an_import_that_is_ended(void) {
  uint32_t flag = 0;
  start();
  define(context, "cancel", cancel_own_run, &flag);
  EXECUTE(context, "var go; files['wait.js'] = new Promise(f => { go = f }); 0");
  miniracer_value promise = EVALUATE(context, "import('wait.js')");
  pthread_t thread;
  REQUIRE(pthread_create(&thread, NULL, wait_for_import, &promise.as.handle) == 0);
  sleep_for(20 * MILLISECOND);
  miniracer_run_options run = with_timeout(0);
  run.cancel = &flag;
  CHECK_STATUS(MINIRACER_CANCELLED, run_status(context, "go('cancel(); for (;;);'); 0", &run));
  REQUIRE(pthread_join(thread, NULL) == 0);
  release(&promise);
}

/* V8 fails a check where it is told to end as it begins to evaluate a module: it is told a moment later. */
static void ended_at_any_moment(void) {
  for (int i = 0; i < 300; ++i) {
    isolate = new_isolate();
    context = new_context(isolate);
    OK(set_loader(NULL, "url => url === 'main' ? 'for (let i = 0; ; ++i) await import(`${i}`)' : ''", NULL, NULL));
    miniracer_run_options run = with_timeout(MILLISECOND + (uint64_t)(i % 100) * (MILLISECOND / 100));
    CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "import('main'); 0", &run));
    OK(miniracer_isolate_dispose(isolate));
  }
}

int main(void) {
  start_modules();
  RUN(deadlines);
  RUN(deep_graphs);
  RUN(many_wait_for_one);
  RUN(depths);
  RUN(imports_in_a_run_that_is_ended);
  RUN(imports_of_a_module_in_such_a_run);
  RUN(imports_that_are_ended);
  RUN(a_nested_run_that_is_ended);
  RUN(a_wait_for_an_import_that_is_ended);
  OK(miniracer_isolate_dispose(isolate));
  RUN(ended_at_any_moment);
  return test_result();
}
