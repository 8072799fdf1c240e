/* Heap snapshots: JSON for Chrome's developer tools, in pieces. */
#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

struct snapshot {
  char *text;
  size_t length;
  int pieces;
  int most; /* of the pieces that it takes; 0: all */
};

static int32_t append(void *userdata, const void *data, uint64_t length) {
  struct snapshot *snapshot = userdata;
  ++snapshot->pieces;
  snapshot->text = realloc(snapshot->text, snapshot->length + length + 1);
  REQUIRE(snapshot->text != NULL);
  memcpy(snapshot->text + snapshot->length, data, length);
  snapshot->length += length;
  snapshot->text[snapshot->length] = '\0';
  return snapshot->pieces == snapshot->most;
}

static void writing(void) {
  struct snapshot snapshot = {NULL, 0, 0, 0};
  EXECUTE(context, "class VeryOwnClassName {} globalThis.kept = new VeryOwnClassName");
  OK(miniracer_isolate_write_heap_snapshot(isolate, append, &snapshot, NULL));
  REQUIRE(snapshot.text != NULL);
  CHECK(strncmp(snapshot.text, "{\"snapshot\":{\"meta\":", 20) == 0);
  CHECK(strstr(snapshot.text, "\"VeryOwnClassName\"") != NULL);
  size_t ascii = 0;
  while (ascii < snapshot.length && (unsigned char)snapshot.text[ascii] < 0x80) ++ascii;
  CHECK(ascii == snapshot.length);
  miniracer_value json = bytes(snapshot.text, snapshot.length, MINIRACER_UTF8), parsed = undefined();
  OK(miniracer_json_parse(context, &json, &parsed, NULL)); /* the whole of it is one text */
  set_global(context, "parsed", &parsed);
  CHECK_SCRIPT_TEXT(context, "String(parsed.snapshot.node_count > 1000)", "true");
  release(&parsed);
  free(snapshot.text);
}

static void stopping(void) {
  struct snapshot snapshot = {NULL, 0, 0, 1};
  CHECK_STATUS(MINIRACER_CANCELLED, miniracer_isolate_write_heap_snapshot(isolate, append, &snapshot, NULL));
  CHECK_INT(1, snapshot.pieces);
  free(snapshot.text);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_write_heap_snapshot(isolate, NULL, NULL, NULL));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_isolate_write_heap_snapshot(1, append, NULL, NULL));
}

static int32_t write_inside(void *userdata, miniracer_call *call) {
  (void)call;
  OK(miniracer_isolate_write_heap_snapshot(isolate, append, userdata, NULL));
  return 0;
}

static void inside_of_javascript(void) {
  struct snapshot snapshot = {NULL, 0, 0, 0};
  define(context, "writeInside", write_inside, &snapshot);
  EXECUTE(context, "(function nameOnTheStack() { const local = {}; writeInside(); return local; })()");
  CHECK(snapshot.length > 1000);
  free(snapshot.text);
}

int main(void) {
  isolate = new_isolate();
  context = new_context(isolate);
  RUN(writing);
  RUN(stopping);
  RUN(inside_of_javascript);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
