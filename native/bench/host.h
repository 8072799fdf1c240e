/* What the programs share that work through the C interface. */
#ifndef MINIRACER_BENCH_HOST_H
#define MINIRACER_BENCH_HOST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "miniracer.h"

struct host {
  miniracer_isolate isolate;
  miniracer_context context;
};

static inline void check(miniracer_status status, const char* what) {
  if (status == MINIRACER_OK) return;
  fprintf(stderr, "%s: %s\n", what, miniracer_status_name(status));
  exit(1);
}

static inline miniracer_value text(const char* ascii) {
  miniracer_value value = {0};
  value.tag = MINIRACER_STRING;
  value.length = (uint32_t)strlen(ascii);
  value.as.data = ascii;
  return value;
}

static inline miniracer_value evaluate(const struct host* host, const char* source, const miniracer_run_options* run) {
  miniracer_script script = {0};
  miniracer_value result;
  script.struct_size = sizeof script;
  script.source = text(source);
  check(miniracer_context_evaluate(host->context, &script, run, &result, NULL), source);
  return result;
}

static inline void start(struct host* host) {
  check(miniracer_isolate_new(NULL, &host->isolate, NULL), "isolate");
  check(miniracer_context_new(host->isolate, NULL, &host->context, NULL), "context");
}

#endif
