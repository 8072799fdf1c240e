/* What the tests of ES modules share: a loader in JavaScript, and imports whose outcome is looked at. */
#ifndef MINIRACER_MODULES_H
#define MINIRACER_MODULES_H

#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

/* ---- A loader in JavaScript, over a table of sources: `files`, by URL ---- */

static const char loader_source[] =
    "globalThis.files = {};"
    "globalThis.log = [];"
    "globalThis.loaded = [];"
    "globalThis.load = (url, attributes) => {"
    "  loaded.push(url);"
    "  if (!(url in files)) throw new Error('no module ' + url);"
    "  return files[url];"
    "};";

static inline miniracer_module_loader module_loader(void) {
  miniracer_module_loader loader;
  memset(&loader, 0, sizeof loader);
  loader.struct_size = sizeof loader;
  return loader;
}

/* Sets the loader from what these expressions give; NULL leaves a function out. */
static inline miniracer_status set_loader(const char* resolve, const char* load, const char* meta,
                                          miniracer_error** error) {
  miniracer_module_loader loader = module_loader();
  if (resolve != NULL) loader.resolve = EVALUATE(context, resolve);
  if (load != NULL) loader.load = EVALUATE(context, load);
  if (meta != NULL) loader.meta = EVALUATE(context, meta);
  miniracer_status status = miniracer_context_set_module_loader(context, &loader, error);
  release(&loader.resolve);
  release(&loader.load);
  release(&loader.meta);
  return status;
}

/* A fresh context with the loader above. */
static inline void start(void) {
  if (context != 0) OK(miniracer_context_dispose(context));
  context = new_context(isolate);
  EXECUTE(context, loader_source);
  OK(set_loader(NULL, "load", NULL, NULL));
}

/* Imports, waits for nothing but microtasks, and leaves the outcome in `ok` or `error`. */
static inline void import_from(const char* specifier, const char* referrer) {
  miniracer_value name = text(specifier), from = referrer != NULL ? text(referrer) : undefined(), promise = undefined();
  miniracer_error* error = NULL;
  EXECUTE(context, "delete globalThis.ok; delete globalThis.error;");
  if (!OK(miniracer_context_import(context, &name, &from, NULL, &promise, &error))) print_error(error);
  miniracer_error_free(error);
  if (promise.tag != MINIRACER_OBJECT) return;
  CHECK_INT(MINIRACER_OBJECT_PROMISE, promise.subtype);
  set_global(context, "promise", &promise);
  release(&promise);
  EXECUTE(context, "promise.then(v => { globalThis.ok = v; }, e => { globalThis.error = e; }); 0");
  OK(miniracer_isolate_run_microtasks(isolate, NULL, NULL));
}

static inline void import(const char* specifier) { import_from(specifier, NULL); }

#define CHECK_LOG(expected) CHECK_SCRIPT_TEXT(context, "log.join()", expected)
#define CHECK_ERROR(expected) CHECK_SCRIPT_TEXT(context, "String(globalThis.error)", expected)

/* More modules than there may be by default: graphs are deep here. */
static inline void start_modules(void) {
  miniracer_isolate_options options = isolate_options();
  options.maximum_modules = 1000000;
  isolate = isolate_with(&options);
}

#endif
