/* Graphs of values and JSON across the C interface, for growing numbers of records. */
#include "cases.h"
#include "host.h"

struct graphs {
  struct host host;
  const char *source;
  miniracer_value records; /* an array of them */
  miniracer_graph *graph;  /* the same, encoded */
  miniracer_value json;    /* the same, as text */
};

static void graph_encode(void *data, uint64_t count) {
  struct graphs *state = data;
  while (count-- > 0) {
    miniracer_graph *graph;
    check(miniracer_graph_encode(state->host.context, &state->records, NULL, NULL, &graph, NULL), "graph_encode");
    miniracer_graph_free(graph);
  }
}

static void graph_decode(void *data, uint64_t count) {
  struct graphs *state = data;
  while (count-- > 0) {
    const miniracer_graph *graph = state->graph;
    miniracer_value result;
    check(miniracer_graph_decode(state->host.context, graph->data, graph->length, NULL, 0, NULL, NULL, &result, NULL),
          "graph_decode");
    miniracer_value_release(&result, 1);
  }
}

static void json_stringify(void *data, uint64_t count) {
  struct graphs *state = data;
  while (count-- > 0) {
    miniracer_value result;
    check(miniracer_json_stringify(state->host.context, &state->records, 0, NULL, &result, NULL), "json_stringify");
    miniracer_value_release(&result, 1);
  }
}

static void json_parse(void *data, uint64_t count) {
  struct graphs *state = data;
  while (count-- > 0) {
    miniracer_value result;
    check(miniracer_json_parse(state->host.context, &state->json, &result, NULL), "json_parse");
    miniracer_value_release(&result, 1);
  }
}

struct first {
  const struct graphs *state;
  Operation operation;
};

/* In an isolate that has done nothing yet but make the records. */
static double first_time(void *data) {
  const struct first *first = data;
  struct graphs fresh = *first->state;
  start(&fresh.host);
  fresh.records = evaluate(&fresh.host, fresh.source, NULL);
  double begun = Seconds();
  first->operation(&fresh, 1);
  double took = Seconds() - begun;
  check(miniracer_isolate_dispose(fresh.host.isolate), "dispose");
  return took;
}

static void measure(const char *operation, Operation run, const char *records, struct graphs *state) {
  char name[80];
  struct first first = {state, run};
  snprintf(name, sizeof name, "%s, %s", operation, records);
  Measure(name, run, state);
  snprintf(name, sizeof name, "%s, %s, first", operation, records);
  MeasureFirst(name, first_time, &first);
}

static void measure_all(const char *records, int count) {
  struct graphs state;
  char source[400];
  snprintf(source, sizeof source, RECORDS, count);
  state.source = source;
  start(&state.host);
  state.records = evaluate(&state.host, source, NULL);
  check(miniracer_graph_encode(state.host.context, &state.records, NULL, NULL, &state.graph, NULL), "graph_encode");
  check(miniracer_json_stringify(state.host.context, &state.records, 0, NULL, &state.json, NULL), "json_stringify");
  measure("graph_encode", graph_encode, records, &state);
  measure("graph_decode", graph_decode, records, &state);
  measure("json_stringify", json_stringify, records, &state);
  measure("json_parse", json_parse, records, &state);
  miniracer_graph_free(state.graph);
  miniracer_value_release(&state.json, 1);
  check(miniracer_isolate_dispose(state.host.isolate), "dispose");
}

int main(void) {
  miniracer_init_options init = {0};
  init.struct_size = sizeof init;
  check(miniracer_init(&init, NULL), "init");
  measure_all("1 record", 1);
  measure_all("10 records", 10);
  measure_all("1,000 records", 1000);
  measure_all("10,000 records", 10000);
  return 0;
}
