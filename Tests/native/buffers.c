/* Binary data: JavaScript's memory in the host's hands and the host's in JavaScript's, without copies. */
#include <pthread.h>

#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

static miniracer_buffer *open_buffer(const miniracer_value *object) {
  miniracer_buffer *buffer = NULL;
  REQUIRE_OK(miniracer_buffer_open(context, object->as.handle, &buffer, NULL));
  return buffer;
}

static miniracer_buffer *open_script(const char *source) {
  miniracer_value object = EVALUATE(context, source);
  miniracer_buffer *buffer = open_buffer(&object);
  release(&object);
  return buffer;
}

static miniracer_buffer_options buffer_options(void *data, uint64_t length, int *finalized) {
  miniracer_buffer_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.data = data;
  options.length = length;
  if (finalized != NULL) options.finalize = count_finalized, options.userdata = finalized;
  return options;
}

static miniracer_value new_buffer(const miniracer_buffer_options *options) {
  miniracer_value buffer = undefined();
  REQUIRE_OK(miniracer_array_buffer_new(context, options, &buffer, NULL));
  return buffer;
}

/* Collects until what V8 frees on other threads is freed. */
static void settle(const int *finalized, int expected) {
  for (int i = 0; i < 100 && __atomic_load_n(finalized, __ATOMIC_SEQ_CST) != expected; ++i) {
    collect_all(isolate);
    sleep_for(MILLISECOND);
  }
  EXECUTE(context, "0");
  CHECK_INT(expected, __atomic_load_n(finalized, __ATOMIC_SEQ_CST));
}

/* ---- JavaScript's memory ---- */

static void opening(void) {
  const struct {
    const char *source;
    uint32_t subtype, element, flags;
    uint64_t byte_length, byte_offset, length;
  } cases[] = {
      {"new ArrayBuffer(10)", MINIRACER_OBJECT_ARRAY_BUFFER, MINIRACER_ELEMENT_NONE, 0, 10, 0, 10},
      {"new SharedArrayBuffer(8)", MINIRACER_OBJECT_SHARED_ARRAY_BUFFER, MINIRACER_ELEMENT_NONE,
       MINIRACER_BUFFER_SHARED, 8, 0, 8},
      {"new DataView(new ArrayBuffer(10), 3, 5)", MINIRACER_OBJECT_DATA_VIEW, MINIRACER_ELEMENT_NONE, 0, 5, 3, 5},
      {"new Int8Array(3)", MINIRACER_OBJECT_TYPED_ARRAY, MINIRACER_ELEMENT_INT8, 0, 3, 0, 3},
      {"new Uint8Array(300)", MINIRACER_OBJECT_TYPED_ARRAY, MINIRACER_ELEMENT_UINT8, 0, 300, 0, 300},
      {"new Uint8ClampedArray(3)", MINIRACER_OBJECT_TYPED_ARRAY, MINIRACER_ELEMENT_UINT8_CLAMPED, 0, 3, 0, 3},
      {"new Int16Array(3)", MINIRACER_OBJECT_TYPED_ARRAY, MINIRACER_ELEMENT_INT16, 0, 6, 0, 3},
      {"new Uint16Array(3)", MINIRACER_OBJECT_TYPED_ARRAY, MINIRACER_ELEMENT_UINT16, 0, 6, 0, 3},
      {"new Int32Array(new ArrayBuffer(64), 16, 4)", MINIRACER_OBJECT_TYPED_ARRAY, MINIRACER_ELEMENT_INT32, 0, 16, 16,
       4},
      {"new Uint32Array(new SharedArrayBuffer(64), 16)", MINIRACER_OBJECT_TYPED_ARRAY, MINIRACER_ELEMENT_UINT32,
       MINIRACER_BUFFER_SHARED, 48, 16, 12},
      {"new Float32Array(3)", MINIRACER_OBJECT_TYPED_ARRAY, MINIRACER_ELEMENT_FLOAT32, 0, 12, 0, 3},
      {"new Float64Array(3)", MINIRACER_OBJECT_TYPED_ARRAY, MINIRACER_ELEMENT_FLOAT64, 0, 24, 0, 3},
      {"new BigInt64Array(3)", MINIRACER_OBJECT_TYPED_ARRAY, MINIRACER_ELEMENT_BIGINT64, 0, 24, 0, 3},
      {"new BigUint64Array(3)", MINIRACER_OBJECT_TYPED_ARRAY, MINIRACER_ELEMENT_BIGUINT64, 0, 24, 0, 3},
      {"new ArrayBuffer(0)", MINIRACER_OBJECT_ARRAY_BUFFER, MINIRACER_ELEMENT_NONE, 0, 0, 0, 0},
      {"new Uint8Array(0)", MINIRACER_OBJECT_TYPED_ARRAY, MINIRACER_ELEMENT_UINT8, 0, 0, 0, 0},
      {"new Uint8Array(new ArrayBuffer(4), 4)", MINIRACER_OBJECT_TYPED_ARRAY, MINIRACER_ELEMENT_UINT8, 0, 0, 4, 0},
      {"new WebAssembly.Memory({initial: 1})", MINIRACER_OBJECT_ARRAY_BUFFER, MINIRACER_ELEMENT_NONE, 0, 65536, 0,
       65536},
      {"new WebAssembly.Memory({initial: 1, maximum: 2, shared: true})", MINIRACER_OBJECT_SHARED_ARRAY_BUFFER,
       MINIRACER_ELEMENT_NONE, MINIRACER_BUFFER_SHARED, 65536, 0, 65536},
  };
  for (size_t i = 0; i < COUNT(cases); ++i) {
    int failed_before = failed_checks;
    miniracer_buffer *buffer = open_script(cases[i].source);
    CHECK_INT(sizeof *buffer, buffer->struct_size);
    CHECK_INT(cases[i].subtype, buffer->subtype);
    CHECK_INT(cases[i].element, buffer->element);
    CHECK_INT(cases[i].flags, buffer->flags);
    CHECK_INT(cases[i].byte_length, buffer->byte_length);
    CHECK_INT(cases[i].byte_offset, buffer->byte_offset);
    CHECK_INT(cases[i].length, buffer->length);
    CHECK(buffer->data != NULL);
    if (failed_checks != failed_before) fprintf(stderr, "  with %s\n", cases[i].source);
    miniracer_buffer_free(buffer);
  }
  miniracer_buffer *none = NULL;
  miniracer_value object = EVALUATE(context, "({byteLength: 8})"), symbol = EVALUATE(context, "Symbol()");
  CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_buffer_open(context, object.as.handle, &none, NULL));
  CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_buffer_open(context, symbol.as.handle, &none, NULL));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_buffer_open(context, 5, &none, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_buffer_open(context, object.as.handle, NULL, NULL));
  CHECK(none == NULL);
  release(&object);
  release(&symbol);
  miniracer_buffer_free(NULL);
}

/* Both sides see the same bytes, for as long as the host holds them. */
static void sharing_bytes(void) {
  miniracer_buffer *buffer = open_script("globalThis.floats = new Float64Array([1, 2, 3, 4]).subarray(1)");
  double *floats = buffer->data;
  CHECK(floats[0] == 2 && floats[2] == 4);
  floats[1] = 42;
  CHECK_SCRIPT(context, "floats[0] = 7; floats[1]", 42);
  CHECK(floats[0] == 7);
  EXECUTE(context, "floats = null");
  for (int i = 0; i < 3; ++i) collect_all(isolate);
  CHECK(floats[0] == 7 && floats[1] == 42);
  floats[2] = 5;
  miniracer_buffer_free(buffer);
  buffer = open_script("globalThis.memory = new WebAssembly.Memory({initial: 1})");
  memset(buffer->data, 'x', buffer->byte_length);
  CHECK_SCRIPT(context, "memory.grow(3); new Uint8Array(memory.buffer)[65535]", 'x');
  memset(buffer->data, 'y', buffer->byte_length); /* its buffer as it was then */
  miniracer_buffer_free(buffer);
}

static void *free_elsewhere(void *buffer) {
  miniracer_buffer_free(buffer);
  return NULL;
}

static void outliving(void) {
  miniracer_isolate other = new_isolate();
  miniracer_context inside = new_context(other);
  miniracer_value arrays[2] = {EVALUATE(inside, "new Uint8Array([1, 2, 3])"),
                               EVALUATE(inside, "new WebAssembly.Memory({initial: 1})")};
  miniracer_buffer *buffers[2] = {NULL, NULL};
  for (int i = 0; i < 2; ++i) OK(miniracer_buffer_open(inside, arrays[i].as.handle, &buffers[i], NULL));
  OK(miniracer_isolate_dispose(other));
  for (int i = 0; i < 2; ++i) {
    unsigned char *data = buffers[i]->data;
    data[1] += 40;
    CHECK_INT(i == 0 ? 42 : 40, data[1]);
    pthread_t thread;
    REQUIRE(pthread_create(&thread, NULL, free_elsewhere, buffers[i]) == 0);
    pthread_join(thread, NULL);
  }
}

/* ---- Making ---- */

static void making(void) {
  uint64_t before = statistics_of(isolate).array_buffers;
  miniracer_buffer_options options = buffer_options(NULL, 1000, NULL);
  miniracer_value made = new_buffer(&options);
  CHECK_INT(MINIRACER_OBJECT_ARRAY_BUFFER, made.subtype);
  CHECK_INT(before + 1000, statistics_of(isolate).array_buffers);
  set_global(context, "made", &made);
  CHECK_SCRIPT(context, "made.byteLength + new Uint8Array(made).reduce((a, b) => a + b)", 1000);
  release(&made);
  char data[] = "copied";
  int finalized = 0;
  options = buffer_options(data, 6, &finalized);
  options.flags = MINIRACER_BUFFER_NEW_COPY;
  made = new_buffer(&options);
  CHECK_INT(1, finalized); /* nothing is held */
  set_global(context, "made", &made);
  data[0] = 'X';
  CHECK_SCRIPT_TEXT(context, "String.fromCharCode(...new Uint8Array(made))", "copied");
  release(&made);
  options = buffer_options(NULL, 16, NULL);
  options.flags = MINIRACER_BUFFER_NEW_SHARED;
  made = new_buffer(&options);
  CHECK_INT(MINIRACER_OBJECT_SHARED_ARRAY_BUFFER, made.subtype);
  set_global(context, "made", &made);
  CHECK_SCRIPT(context, "Atomics.add(new Int32Array(made), 1, 5); new Int32Array(made)[1]", 5);
  release(&made);
  options = buffer_options(NULL, 0, NULL);
  made = new_buffer(&options);
  miniracer_buffer *buffer = open_buffer(&made);
  CHECK(buffer->data != NULL && buffer->byte_length == 0);
  miniracer_buffer_free(buffer);
  release(&made);
}

static void views(void) {
  miniracer_buffer_options options = buffer_options(NULL, 24, NULL);
  for (uint32_t shared = 0; shared < 2; ++shared) {
    options.flags = shared ? MINIRACER_BUFFER_NEW_SHARED : 0;
    miniracer_value memory = new_buffer(&options), view = undefined();
    for (uint32_t element = MINIRACER_ELEMENT_NONE; element <= MINIRACER_ELEMENT_BIGUINT64; ++element) {
      OK(miniracer_typed_array_new(context, memory.as.handle, element, 8, 2, &view, NULL));
      miniracer_buffer *buffer = open_buffer(&view);
      CHECK_INT(element, buffer->element);
      CHECK_INT(2, buffer->length);
      CHECK_INT(8, buffer->byte_offset);
      CHECK_INT(element == MINIRACER_ELEMENT_NONE ? MINIRACER_OBJECT_DATA_VIEW : MINIRACER_OBJECT_TYPED_ARRAY,
                view.subtype);
      miniracer_buffer_free(buffer);
      release(&view);
    }
    miniracer_handle handle = memory.as.handle;
    OK(miniracer_typed_array_new(context, handle, MINIRACER_ELEMENT_FLOAT64, 24, 0, &view, NULL));
    release(&view);
    const uint64_t bad[][2] = {{4, 1},
                               {8, 3},
                               {24, 1},
                               {32, 0},
                               {0, 4},
                               {0, UINT64_MAX},
                               {UINT64_MAX, 1},
                               {UINT64_MAX - 7, 1},
                               {0, UINT64_MAX / 8 + 2}};
    for (size_t i = 0; i < COUNT(bad); ++i) {
      CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_typed_array_new(context, handle, MINIRACER_ELEMENT_FLOAT64,
                                                                         bad[i][0], bad[i][1], &view, NULL));
    }
    CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_typed_array_new(context, handle, 99, 0, 1, &view, NULL));
    release(&memory);
  }
  miniracer_value object = EVALUATE(context, "new Uint8Array(8)"), view = undefined();
  CHECK_STATUS(MINIRACER_WRONG_TYPE,
               miniracer_typed_array_new(context, object.as.handle, MINIRACER_ELEMENT_UINT8, 0, 8, &view, NULL));
  release(&object);
}

/* ---- The host's memory ---- */

static void lending(void) {
  for (uint32_t shared = 0; shared < 2; ++shared) {
    double data[4] = {1, 2, 3, 4};
    int finalized = 0;
    miniracer_buffer_options options = buffer_options(data, sizeof data, &finalized);
    options.flags = shared ? MINIRACER_BUFFER_NEW_SHARED : 0;
    miniracer_value lent = new_buffer(&options);
    set_global(context, "lent", &lent);
    CHECK_SCRIPT(context, "const floats = new Float64Array(lent); floats[0] = 9; floats[1] + floats[3]", 6);
    CHECK(data[0] == 9);
    EXECUTE(context, "0");
    miniracer_buffer *buffer = open_buffer(&lent);
    CHECK(buffer->data == data);
    release(&lent);
    OK(miniracer_context_dispose(context));
    context = new_context(isolate);
    for (int i = 0; i < 5; ++i) collect_all(isolate);
    CHECK_INT(0, finalized); /* the host's own view holds it */
    miniracer_buffer_free(buffer);
    CHECK_INT(1, finalized);
  }
  int finalized = 0;
  double data = 1;
  miniracer_buffer_options options = buffer_options(&data, sizeof data, &finalized);
  miniracer_value lent = new_buffer(&options);
  release(&lent);
  settle(&finalized, 1);
  options.finalize = NULL; /* nobody needs to be told */
  lent = new_buffer(&options);
  release(&lent);
  collect_all(isolate);
}

static void detaching(void) {
  uint64_t data[] = {0, 0};
  int finalized = 0;
  miniracer_buffer_options options = buffer_options(data, sizeof data, &finalized);
  miniracer_value lent = new_buffer(&options);
  set_global(context, "lent", &lent);
  EXECUTE(context, "var view = new Uint8Array(lent), rest = new DataView(lent); view[0] = 7");
  OK(miniracer_array_buffer_detach(context, lent.as.handle, NULL));
  CHECK_INT(1, finalized);
  CHECK_SCRIPT(context, "view[0] = 8; lent.byteLength + view.length + view.byteLength", 0);
  CHECK_INT(7, *(char *)data);
  OK(miniracer_array_buffer_detach(context, lent.as.handle, NULL));
  miniracer_buffer *buffer = open_buffer(&lent);
  CHECK_INT(MINIRACER_BUFFER_DETACHED, buffer->flags);
  CHECK(buffer->data == NULL && buffer->byte_length == 0 && buffer->length == 0);
  miniracer_buffer_free(buffer);
  miniracer_value view = EVALUATE(context, "view");
  buffer = open_buffer(&view);
  CHECK_INT(MINIRACER_BUFFER_DETACHED, buffer->flags);
  CHECK_INT(MINIRACER_ELEMENT_UINT8, buffer->element);
  miniracer_buffer_free(buffer);
  CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_array_buffer_detach(context, view.as.handle, NULL));
  CHECK_STATUS(MINIRACER_WRONG_TYPE,
               miniracer_typed_array_new(context, lent.as.handle, MINIRACER_ELEMENT_UINT8, 0, 0, &view, NULL));
  release(&view);
  release(&lent);
  /* What the host holds open it keeps. */
  finalized = 0;
  lent = new_buffer(&options);
  buffer = open_buffer(&lent);
  OK(miniracer_array_buffer_detach(context, lent.as.handle, NULL));
  CHECK_INT(0, finalized);
  CHECK(buffer->data == data);
  release(&lent);
  pthread_t thread;
  REQUIRE(pthread_create(&thread, NULL, free_elsewhere, buffer) == 0);
  pthread_join(thread, NULL);
  CHECK_INT(1, finalized);
  const char *others[] = {"new SharedArrayBuffer(8)", "new WebAssembly.Memory({initial: 1}).buffer", "({})"};
  for (size_t i = 0; i < COUNT(others); ++i) {
    lent = EVALUATE(context, others[i]);
    CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_array_buffer_detach(context, lent.as.handle, NULL));
    release(&lent);
  }
}

/* The isolate goes first: what it held is given back by then, what the host holds when it lets go. */
static void lending_and_disposing(void) {
  uint64_t data[2] = {0, 0};
  int finalized[2] = {0, 0};
  miniracer_isolate other = new_isolate();
  miniracer_context inside = new_context(other);
  miniracer_value lent[2] = {undefined(), undefined()};
  for (int i = 0; i < 2; ++i) {
    miniracer_buffer_options options = buffer_options(&data[i], 8, &finalized[i]);
    REQUIRE_OK(miniracer_array_buffer_new(inside, &options, &lent[i], NULL));
  }
  miniracer_buffer *buffer = NULL;
  OK(miniracer_buffer_open(inside, lent[1].as.handle, &buffer, NULL));
  OK(miniracer_isolate_dispose(other));
  CHECK_INT(1, finalized[0]);
  CHECK_INT(0, finalized[1]);
  OK(miniracer_isolate_lock(isolate)); /* inside of any isolate the host is told on leaving */
  miniracer_buffer_free(buffer);
  CHECK_INT(0, finalized[1]);
  OK(miniracer_isolate_unlock(isolate));
  CHECK_INT(1, finalized[1]);
}

static void finalize_and_call(void *userdata) {
  *(int *)userdata += 1;
  CHECK_SCRIPT(context, "40 + 2", 42); /* the lock is free */
}

static int32_t detach_argument(void *userdata, miniracer_call *call) {
  const int *finalized = userdata;
  OK(miniracer_array_buffer_detach(call->context, call->arguments[0].as.handle, NULL));
  CHECK_INT(0, *finalized);
  return 0;
}

static void finalizers_call(void) {
  uint64_t data = 0;
  int finalized = 0;
  define(context, "detach", detach_argument, &finalized);
  miniracer_buffer_options options = buffer_options(&data, 8, NULL);
  options.finalize = finalize_and_call, options.userdata = &finalized;
  miniracer_value lent = new_buffer(&options);
  set_global(context, "lent", &lent);
  release(&lent);
  CHECK_SCRIPT(context, "detach(lent); lent.byteLength", 0);
  CHECK_INT(1, finalized);
}

/* Guest code that drops lent memory on many paths at once. */
static void many(void) {
  static uint64_t data[2000];
  int finalized = 0;
  for (size_t i = 0; i < COUNT(data); ++i) {
    miniracer_buffer_options options = buffer_options(&data[i], 8, &finalized);
    miniracer_value lent = new_buffer(&options);
    set_global(context, "lent", &lent);
    release(&lent);
    if (i % 100 == 0) EXECUTE(context, "new Float64Array(lent)[0] = 1; for (let i = 0; i < 1e4; ++i) [i];");
  }
  EXECUTE(context, "lent = null");
  settle(&finalized, COUNT(data));
}

/* ---- Misuse ---- */

static void refused(miniracer_status expected, miniracer_buffer_options options) {
  int finalized = 0;
  miniracer_value made = undefined();
  miniracer_error *error = NULL;
  options.finalize = count_finalized, options.userdata = &finalized;
  CHECK_STATUS(expected, miniracer_array_buffer_new(context, &options, &made, &error));
  CHECK_INT(1, finalized);
  CHECK(error != NULL && error->message.length != 0);
  miniracer_error_free(error);
}

static void misuse(void) {
  uint64_t data[2] = {0, 0};
  refused(MINIRACER_TOO_LARGE, buffer_options(NULL, UINT64_MAX, NULL));
  refused(MINIRACER_TOO_LARGE, buffer_options(data, UINT64_C(1) << 53, NULL));
  refused(MINIRACER_INVALID_ARGUMENT, buffer_options((char *)data + 1, 8, NULL));
  refused(MINIRACER_INVALID_ARGUMENT, buffer_options((char *)(UINTPTR_MAX - 7), 16, NULL));
  miniracer_library_info info = {.struct_size = sizeof info};
  OK(miniracer_library_get_info(&info));
  if ((info.features & MINIRACER_FEATURE_SANITIZER_BUILD) == 0) { /* which ends the process instead */
    refused(MINIRACER_OUT_OF_MEMORY, buffer_options(NULL, UINT64_C(1) << 52, NULL));
  }
  miniracer_buffer_options options = buffer_options(data, 8, NULL);
  options.flags = 4;
  refused(MINIRACER_UNKNOWN_FLAG, options);
  options = buffer_options(data, 8, NULL);
  options.struct_size = 2;
  int finalized = 0;
  miniracer_value made = undefined();
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_array_buffer_new(context, &options, &made, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_array_buffer_new(context, NULL, &made, NULL));
  options = buffer_options(data, 8, &finalized);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_array_buffer_new(context, &options, NULL, NULL));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_array_buffer_new(0, &options, &made, NULL));
  CHECK_INT(2, finalized);
}

static miniracer_context new_browser(void) { return context_with(isolate, MINIRACER_CONTEXT_WEB); }

/* Wherever it lies in the value, and whatever lies around it. */
static void clones_share_shared_memory(void) {
  miniracer_context browser = new_browser();
  EXECUTE(browser,
          "const shared = i => { const made = new SharedArrayBuffer(8); new Uint8Array(made)[0] = i; return made; };"
          "globalThis.many = Array.from({length: 200}, (_, i) => ({ ['k' + i]: { s: shared(i), o: [{}, 1.5] } }));"
          "globalThis.clones = structuredClone(many);"
          "many.forEach((one, i) => { new Uint8Array(one['k' + i].s)[0]++; }); 0");
  CHECK_SCRIPT(browser, "clones.filter((one, i) => new Uint8Array(one['k' + i].s)[0] === i + 1).length", 200);
  CHECK_SCRIPT_TEXT(browser,
                    "const s = new SharedArrayBuffer(4), [a, b, c] = structuredClone([{s}, {s}, new Uint8Array(s)]);"
                    "`${a.s === b.s} ${c.buffer === a.s} ${a.s === s}`",
                    "true true false");
  OK(miniracer_context_dispose(browser));
}

/* However many there are: V8 cannot be interrupted meanwhile. */
static void many_are_transferred(void) {
  miniracer_context browser = new_browser();
  EXECUTE(browser, "globalThis.many = Array.from({length: 50000}, () => new ArrayBuffer(1)); 0");
  CHECK_SCRIPT(browser, "structuredClone(many, {transfer: many})[49999].byteLength + many[49999].byteLength", 1);
  CHECK_SCRIPT_TEXT(browser,
                    "const one = new ArrayBuffer(1);"
                    "try { structuredClone(1, {transfer: [one, new ArrayBuffer(1), one]}) } catch (e) { e.message }",
                    "An ArrayBuffer is to be transferred twice");
  OK(miniracer_context_dispose(browser));
}

/* What is lent stays where the host can take it back. */
static void lent_memory_is_not_transferred(void) {
  miniracer_context browser = new_browser();
  static uint64_t data[1];
  miniracer_buffer_options options = buffer_options(data, 8, NULL);
  miniracer_value lent = undefined();
  OK(miniracer_array_buffer_new(browser, &options, &lent, NULL));
  set_global(browser, "lent", &lent);
  CHECK_SCRIPT_TEXT(browser, "try { structuredClone(lent, {transfer: [lent]}) } catch (e) { e.name }",
                    "DataCloneError");
  CHECK_SCRIPT(browser, "structuredClone(lent).byteLength", 8);
  OK(miniracer_array_buffer_detach(browser, lent.as.handle, NULL));
  release(&lent);
  OK(miniracer_context_dispose(browser));
}

int main(void) {
  isolate = new_isolate();
  context = new_context(isolate);
  RUN(opening);
  RUN(sharing_bytes);
  RUN(outliving);
  RUN(making);
  RUN(views);
  RUN(lending);
  RUN(detaching);
  RUN(lending_and_disposing);
  RUN(finalizers_call);
  RUN(clones_share_shared_memory);
  RUN(many_are_transferred);
  RUN(lent_memory_is_not_transferred);
  RUN(many);
  RUN(misuse);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
