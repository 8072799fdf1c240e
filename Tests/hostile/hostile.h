/* The hostile suite's C runner. README.md tells the form of the cases and what a runner does with one. */
#ifndef MINIRACER_HOSTILE_H
#define MINIRACER_HOSTILE_H

#include <stdint.h>
#include <stdio.h>

#define UNLIMITED UINT64_MAX

enum {
  ACTION_EVALUATE,
  ACTION_CALL,
  ACTION_CONSTRUCT,
  ACTION_GET,
  ACTION_SET,
  ACTION_HAS,
  ACTION_DELETE,
  ACTION_KEYS,
  ACTION_TO_STRING,
  ACTION_JSON,
  ACTION_GRAPH,
  ACTION_INSPECT,
  ACTION_KEEP,
  ACTION_PROMISE,
  ACTION_TURN,
  ACTION_MODULE
};

enum { AFTER_USABLE, AFTER_DEAD, AFTER_EITHER, AFTER_FULL };

/* Directives that override what a preset says, as bits of `given`. */
enum {
  GIVEN_TIMEOUT = 1,
  GIVEN_CPU = 2,
  GIVEN_GRACE = 4,
  GIVEN_MEMORY = 8,
  GIVEN_HEAP = 16,
  GIVEN_STACK = 32,
  GIVEN_HANDLES = 64,
  GIVEN_TIMERS = 128,
  GIVEN_MODULES = 256,
  GIVEN_CONSOLE = 512,
  GIVEN_CLOCK = 1024
};

typedef struct hostile_case {
  const char *group, *name, *why, *expect, *after_name;
  int action, after, line;
  uint64_t timeout, cpu, grace, clock; /* nanoseconds */
  uint64_t memory, heap, stack, console;
  uint64_t handles, timers, modules;
  uint32_t given, preset, isolate_flags, context_flags, init_flags;
  const char* body;
  void (*misuse)(void); /* a case in C in place of a body */
  int whole;            /* the misuse is the whole process: the runner starts no engine for it */
} hostile_case;

typedef struct hostile_cases {
  hostile_case* list;
  int count;
} hostile_cases;

/* What a child tells its parent. */
typedef struct hostile_result {
  char outcome[256], after[16], problem[1024];
  long milliseconds, peak, left; /* the last two in KB */
} hostile_result;

/* Reads each .js of a folder and adds the cases in C; 0 where one is not of the form, which is told on stderr. */
int read_cases(const char* folder, hostile_cases* cases);

/* Runs a case in this process. */
void run_case(const hostile_case* tested, hostile_result* result);

/* How many times as long as usual calls may take: $MINIRACER_SELFTEST_SCALE, 1 where it is not set, 0 where it is no number
 * above 0 and at most 10000. */
double time_scale(void);

/* Whether the library is a build with a sanitizer, which takes memory of its own. */
int is_sanitized(void);

/* The cases in C; the name of the last one is NULL. */
extern const hostile_case misuse_cases[];
/* How many of their checks failed, which stderr tells. */
int misuse_failures(void);

#endif
