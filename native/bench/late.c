/* How late a run ends after its deadline, in milliseconds: the median and the worst of many runs.
 *
 *   bench_late [V8 FLAGS]     bench_late '--interrupt-budget=135168 --ticks-before-optimization=3' */
#include "cases.h"
#include "host.h"

enum { RUNS = 40 };
static const uint64_t timeout = 2000000;

static int ascending(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return difference < 0 ? -1 : difference > 0;
}

static void late(const char *name, const char *source) {
  double by[RUNS];
  for (int i = 0; i < RUNS; ++i) {
    struct host host;
    miniracer_script script = {0};
    miniracer_run_options run = {0};
    miniracer_value result;
    start(&host);
    script.struct_size = sizeof script;
    script.source = text(source);
    run.struct_size = sizeof run;
    run.timeout = timeout;
    double begun = Seconds();
    miniracer_status status = miniracer_context_evaluate(host.context, &script, &run, &result, NULL);
    by[i] = (Seconds() - begun) * 1e3 - (double)timeout / 1e6;
    if (status != MINIRACER_TIMEOUT) check(status == MINIRACER_OK ? MINIRACER_INTERNAL : status, name);
    check(miniracer_isolate_dispose(host.isolate), "dispose");
  }
  qsort(by, RUNS, sizeof by[0], ascending);
  printf("%s\t%.2f\t%.2f\n", name, by[RUNS / 2], by[RUNS - 1]);
  fflush(stdout);
}

int main(int argc, char **argv) {
  miniracer_init_options init = {0};
  init.struct_size = sizeof init;
  if (argc > 1) {
    init.v8_flags = argv[1];
    init.v8_flags_length = (uint32_t)strlen(argv[1]);
  }
  check(miniracer_init(&init, NULL), "init");
  printf("a timeout of 2 ms ends too late by, ms\tmedian\tworst\n");
  late("an empty loop", "for (;;);");
  late("a loop around Array.prototype.fill", "for (;;) new Array(1e4).fill({});");
  late("a loop around Array.prototype.sort", "for (;;) [5, 2, 4, 1, 3].sort().map(String).join();");
  late("a regular expression that backtracks", "/^(a+)+$/.test('a'.repeat(40) + 'b');");
  late("jobs that make jobs", "(function again() { Promise.resolve().then(again); })();");
  return 0;
}
