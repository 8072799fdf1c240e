/* What stands beside a specifier: which attributes there are, who is told of them, and what answers them. */
#include <stddef.h>
#include <unistd.h>

#include "modules.h"

static void loaders_are_told(void) {
  start();
  OK(set_loader(
      "(specifier, referrer, attributes) => { log.push(JSON.stringify(attributes)); return specifier }",
      "(url, attributes) => { log.push(url, attributes.type, Object.getPrototypeOf(attributes)); return files[url] }",
      NULL, NULL));
  EXECUTE(context,
          "files.data = '[7]'; files.plain = 'export default 8'; files.sheet = { exports: { default: 9 } };"
          "files.a = `import data from 'data' assert { type: 'json' }; import plain from 'plain';"
          "  import sheet from 'sheet' assert { type: 'css' }; export default [data[0], plain, sheet].join();`;");
  import("a");
  CHECK_SCRIPT_TEXT(context, "ok.default", "7,8,9");
  CHECK_LOG("{},a,,,{\"type\":\"json\"},data,json,,{},plain,,,{\"type\":\"css\"},sheet,css,");
  /* A module of the same URL, as something else. */
  EXECUTE(context, "log.length = 0; import('sheet', { assert: { type: 'other' } }).then(m => log.push(m.default)); 0");
  CHECK_LOG("{\"type\":\"other\"},sheet,other,,9");
}

/* Whoever asks for data gets no code. */
static void unknown_types(void) {
  start();
  EXECUTE(context,
          "files.b = `log.push('ran')`; files.c = { source: `log.push('ran')`, type: 'module' };"
          "files.d = Promise.resolve(files.b); files.e = { source: `log.push('ran')` };"
          "for (const name of 'bcde') files['to_' + name] = `import x from '${name}' assert { type: 'css' }`;");
  import("to_b");
  CHECK_ERROR("TypeError: Cannot import \"b\" from to_b:1:15: modules of the type 'css' are not known");
  import("to_c");
  CHECK_ERROR("TypeError: Cannot import \"c\" from to_c:1:15: modules of the type 'css' are not known");
  import("to_d");
  CHECK_ERROR("TypeError: Cannot import \"d\" from to_d:1:15: modules of the type 'css' are not known");
  import("to_e");
  CHECK_ERROR("TypeError: Cannot import \"e\" from to_e:1:15: modules of the type 'css' are not known");
  EXECUTE(context, "globalThis.error = 0; import('b', { assert: { type: 'css' } }).catch(e => { error = e }); 0");
  CHECK_ERROR("TypeError: Cannot import \"b\" from test.js:1:23: modules of the type 'css' are not known");
  CHECK_LOG("");
  EXECUTE(context,
          "files.table = { source: '[1]', type: 'json' };"
          "import('table', { assert: { type: 'yaml' } }).then(m => log.push(m.default[0])); 0");
  CHECK_LOG("1"); /* data is what was asked for */
}

static void unknown_attributes(void) {
  start();
  EXECUTE(context,
          "files.b = ''; files.a = `\\n import 'b' assert { kind: 'x', type: 'json' }`;"
          "files.outer = `log.push('ran'); import 'a'`;");
  import("outer");
  CHECK_ERROR("SyntaxError: Cannot import \"b\" from a:2:9: the attribute 'kind' is not known");
  EXECUTE(context, "globalThis.error = 0; import('b', { assert: { kind: 'x' } }).catch(e => { error = e }); 0");
  CHECK_ERROR("TypeError: Cannot import \"b\" from test.js:1:23: the attribute 'kind' is not known");
  CHECK_SCRIPT_TEXT(context, "log.join() + loaded", "outer,a"); /* b was not asked for */
  miniracer_script made = script("import 'b' assert { kind: 'x' }");
  miniracer_value result = undefined();
  miniracer_error *error = NULL;
  CHECK_STATUS(MINIRACER_SYNTAX_ERROR, miniracer_context_evaluate_module(context, &made, NULL, &result, &error));
  REQUIRE(error != NULL);
  CHECK_TEXT("SyntaxError", error->name);
  CHECK_TEXT("Cannot import \"b\" from test.js:1:8: the attribute 'kind' is not known", error->message);
  miniracer_error_free(error);
}

/* ---- Files ---- */

static char folder[64];

static void write_file(const char *name, const char *data) {
  char path[100];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "wb");
  REQUIRE(file != NULL);
  CHECK(fputs(data, file) >= 0 && fclose(file) == 0);
}

/* `meta`: an expression, or NULL. */
static miniracer_status set_files(const char *meta, uint32_t size, miniracer_error **error) {
  miniracer_file_loader loader;
  memset(&loader, 0, sizeof loader);
  loader.struct_size = size;
  loader.root = text(folder);
  if (meta != NULL) loader.meta = EVALUATE(context, meta);
  miniracer_status status = miniracer_context_set_file_loader(context, &loader, error);
  release(&loader.meta);
  return status;
}

static void files(void) {
  start();
  OK(set_files(NULL, sizeof(miniracer_file_loader), NULL));
  write_file("style.css", "a {}");
  write_file("code.mjs", "globalThis.ran = true");
  write_file("one.mjs", "import './style.css' assert { type: 'css' }");
  write_file("two.mjs", "import './code.mjs' assert { type: 'css' }");
  write_file("three.mjs", "import './code.mjs' assert { integrity: 'x' }");
  EXECUTE(context, "globalThis.tail = (e) => e.name + e.message.slice(e.message.indexOf(': ')); 0");
  const char *wrong[] = {"./one.mjs", "./two.mjs"};
  for (int i = 0; i < 2; ++i) {
    import(wrong[i]);
    CHECK_SCRIPT_TEXT(context, "tail(error)", "TypeError: modules of the type 'css' are not known");
    CHECK_SCRIPT(context, "/from file:.*\\/(one|two).mjs:1:8: /.test(error.message) ? 1 : 0", 1);
  }
  import("./three.mjs");
  CHECK_SCRIPT_TEXT(context, "tail(error)", "SyntaxError: the attribute 'integrity' is not known");
  CHECK_SCRIPT_TEXT(context, "typeof ran", "undefined");
}

static void import_meta_of_files(void) {
  start();
  write_file("meta.mjs",
             "export default [import.meta.url.split('/').pop(), import.meta.extra, typeof import.meta.resolve]");
  OK(set_files("(meta, url) => { meta.extra = url === meta.url }", sizeof(miniracer_file_loader), NULL));
  import("./meta.mjs");
  CHECK_SCRIPT_TEXT(context, "ok.default.join()", "meta.mjs,true,function");
  start();
  OK(set_files("() => { throw new RangeError('no meta') }", sizeof(miniracer_file_loader), NULL));
  import("./meta.mjs");
  CHECK_ERROR("RangeError: no meta");
  start(); /* a host built before there was `meta` */
  OK(set_files("0", (uint32_t)offsetof(miniracer_file_loader, meta), NULL));
  import("./meta.mjs");
  CHECK_SCRIPT_TEXT(context, "ok.default.join()", "meta.mjs,,function");
  miniracer_error *error = NULL;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, set_files("({})", sizeof(miniracer_file_loader), &error));
  REQUIRE(error != NULL);
  CHECK_TEXT("loader.meta: a function is needed", error->message);
  miniracer_error_free(error);
}

int main(void) {
  char template[] = "/tmp/miniracer-attributes-XXXXXX", command[128];
  REQUIRE(mkdtemp(template) != NULL);
  snprintf(folder, sizeof folder, "%s", template);
  start_modules();
  RUN(loaders_are_told);
  RUN(unknown_types);
  RUN(unknown_attributes);
  RUN(files);
  RUN(import_meta_of_files);
  OK(miniracer_isolate_dispose(isolate));
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  CHECK(system(command) == 0);
  return test_result();
}
