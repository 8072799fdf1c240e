/* What the benchmark programs of this folder share: a timer, rounds, and one line of output per case:
 *
 *   case <tab> nanoseconds per operation
 *
 * Each case is run in rounds of about 20 ms and the fastest one counts: the machine's noise only ever adds. */
#ifndef MINIRACER_BENCH_CASES_H
#define MINIRACER_BENCH_CASES_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static inline double Seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* An array of so many records of five fields, for printf: the same in every host. */
#define RECORDS                                                              \
  "Array.from({length: %d}, (_, i) => ({id: i, name: 'record number ' + i, " \
  "score: i * 1.5 + 0.25, active: i %% 3 === 0, tags: ['tag' + i %% 7, 'all']}))"

typedef void (*Operation)(void* state, uint64_t count);

/* Runs `operation` with growing counts until a round is long enough, then `rounds` of those. */
static inline void Measure(const char* name, Operation operation, void* state) {
  uint64_t count = 1;
  double took = 0, best = 1e9;
  int rounds = 15;
  for (;;) {
    double start = Seconds();
    operation(state, count);
    took = Seconds() - start;
    if (took > 0.02) break;
    count = took < 0.001 ? count * 8 : (uint64_t)((double)count * 0.025 / took) + 1;
  }
  for (int i = 0; i < rounds; ++i) {
    double start = Seconds();
    operation(state, count);
    took = (Seconds() - start) / (double)count;
    if (took < best) best = took;
  }
  printf("%s\t%.1f\n", name, best * 1e9);
  fflush(stdout);
}

/* What happens once in an isolate: `first` makes one anew each time and gives the seconds of what counts. */
static inline void MeasureFirst(const char* name, double (*first)(void* state), void* state) {
  double best = 1e9;
  for (int i = 0; i < 7; ++i) {
    double took = first(state);
    if (took < best) best = took;
  }
  printf("%s\t%.1f\n", name, best * 1e9);
  fflush(stdout);
}

/* Resident memory in KiB, from /proc. */
static inline double ResidentKiB(void) {
  FILE* file = fopen("/proc/self/statm", "r");
  long total = 0, resident = 0;
  if (file == NULL || fscanf(file, "%ld %ld", &total, &resident) != 2) resident = 0;
  if (file != NULL) fclose(file);
  return (double)resident * 4.0;
}

#endif
