/* What concerns a whole process: its end, fork, signals, limits of the system's, and isolates beside each other. */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../native/test.h"
#include "misuse.h"

int process_failures(void) { return failed_checks; }

static miniracer_context running;

static void *run_for_ever(void *unused) {
  run_status(running, "for (let a = {};; a = { a: 1 });", NULL);
  return unused;
}

static void start_run(void) {
  pthread_t thread;
  running = new_context(new_isolate());
  pthread_create(&thread, NULL, run_for_ever, NULL);
  pthread_detach(thread);
  sleep_for(50 * MILLISECOND);
}

/* ---- The end of the process ---- */

void exit_while_running(void) {
  for (int i = 0; i < 3; ++i) start_run();
  exit(test_result());
}

static int32_t leave(void *userdata, miniracer_call *call) {
  (void)userdata, (void)call;
  exit(test_result());
}

void exit_in_callback(void) {
  miniracer_context context = new_context(new_isolate());
  define(context, "leave", leave, NULL);
  run_status(context, "leave()", NULL);
  CHECK(!"left");
}

void exit_with_lock(void) {
  start_run();
  OK(miniracer_isolate_lock(new_isolate()));
  exit(test_result());
}

/* ---- fork ---- */

static void must_work(void) {
  miniracer_isolate isolate = new_isolate();
  CHECK_SCRIPT(new_context(isolate), "6 * 7", 42);
  OK(miniracer_isolate_dispose(isolate));
}

static void in_child(void (*check)(void)) {
  int status = -1;
  pid_t child = fork();
  if (child == 0) {
    alarm(15);
    check();
    _exit(test_result());
  }
  waitpid(child, &status, 0);
  CHECK_INT(0, status);
}

static void inherits(void) {
  CHECK_STATUS(MINIRACER_FORKED, run_status(running, "1", NULL));
  must_work();
}

void fork_before_start(void) {
  in_child(must_work);
  must_work();
}

void fork_after_start(void) {
  running = new_context(new_isolate());
  in_child(inherits);
  CHECK_SCRIPT(running, "6 * 7", 42);
}

void fork_during_run(void) {
  start_run();
  sleep_for(SECOND); /* a thread that compiles may hold a lock of V8's: the header says so */
  in_child(inherits);
  OK(miniracer_isolate_dispose(isolate_of(running)));
  must_work();
}

static int32_t fork_here(void *userdata, miniracer_call *call) {
  (void)userdata, (void)call;
  in_child(inherits);
  return 0;
}

void fork_in_callback(void) {
  running = new_context(new_isolate());
  define(running, "f", fork_here, NULL);
  CHECK_SCRIPT(running, "f(); 42", 42);
}

/* ---- The start ---- */

static miniracer_init_options init_options(uint32_t flags, const char *v8_flags) {
  miniracer_init_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.flags = flags;
  options.v8_flags = v8_flags;
  options.v8_flags_length = (uint32_t)strlen(v8_flags);
  return options;
}

void not_initialized(void) {
  miniracer_isolate isolate = 0;
  miniracer_value value = undefined();
  value.tag = MINIRACER_OBJECT;
  value.flags = MINIRACER_VALUE_OWNED;
  value.as.handle = 123456789;
  CHECK_STATUS(MINIRACER_NOT_INITIALIZED, miniracer_isolate_new(NULL, &isolate, NULL));
  CHECK(miniracer_isolate_dispose(1) != MINIRACER_OK);
  CHECK(run_status(1, "1", NULL) != MINIRACER_OK);
  release(&value);
  must_work();
}

void start_again_otherwise(void) {
  must_work();
  miniracer_init_options options = init_options(MINIRACER_INIT_SINGLE_THREADED, "");
  CHECK_STATUS(MINIRACER_TOO_LATE, miniracer_init(&options, NULL));
  options = init_options(0, "--stack-size=100");
  CHECK_STATUS(MINIRACER_TOO_LATE, miniracer_init(&options, NULL));
  must_work();
}

void unknown_flags(void) {
  miniracer_init_options options = init_options(UINT32_C(1) << 31, "");
  CHECK_STATUS(MINIRACER_UNKNOWN_FLAG, miniracer_init(&options, NULL));
  options = init_options(0, "--no-such-flag-of-v8");
  CHECK_STATUS(MINIRACER_UNKNOWN_FLAG, miniracer_init(&options, NULL));
  must_work();
}

/* ---- Limits of the system's ---- */

/* V8 reserves addresses for each isolate: where there are none, making one is a status. */
void address_space_is_small(void) {
  must_work();
  if (is_sanitized()) return; /* which takes more for itself */
  struct rlimit limit = {UINT64_C(1) << 30, UINT64_C(1) << 30};
  REQUIRE(setrlimit(RLIMIT_AS, &limit) == 0);
  for (int i = 0; i < 100; ++i) {
    miniracer_isolate isolate = 0;
    miniracer_context context = 0;
    miniracer_status status = miniracer_isolate_new(NULL, &isolate, NULL);
    if (status == MINIRACER_OK) status = miniracer_context_new(isolate, NULL, &context, NULL);
    if (status == MINIRACER_OK) status = run_status(context, "new Array(1e5).fill({}).length", NULL);
    if (status == MINIRACER_OK) continue;
    CHECK(status == MINIRACER_HOST_OUT_OF_MEMORY || status == MINIRACER_OUT_OF_MEMORY ||
          status == MINIRACER_ENGINE_DEAD);
    return;
  }
}

void descriptors_are_gone(void) {
  while (open("/dev/null", O_RDONLY) >= 0) {
  }
  must_work();
}

/* ---- Signals ---- */

static volatile sig_atomic_t signals_seen;

static void count_signal(int number) {
  (void)number;
  ++signals_seen;
}

void signals_are_blocked(void) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, NULL);
  miniracer_context context = new_context(new_isolate());
  miniracer_run_options brief = with_timeout(200 * MILLISECOND);
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "for (;;);", &brief));
  CHECK_SCRIPT(context, "6 * 7", 42);
  OK(miniracer_isolate_dispose(isolate_of(context)));
}

/* The host's handlers and timers stay the host's, and its signals interrupt no run for good. */
void signal_handler_of_host(void) {
  static const int numbers[] = {SIGUSR1, SIGUSR2, SIGALRM, SIGPROF, SIGVTALRM, SIGCHLD};
  struct sigaction action, now_set;
  memset(&action, 0, sizeof action);
  action.sa_handler = count_signal;
  for (size_t i = 0; i < COUNT(numbers); ++i) sigaction(numbers[i], &action, NULL);
  must_work();
  for (size_t i = 0; i < COUNT(numbers); ++i) {
    sigaction(numbers[i], NULL, &now_set);
    CHECK(now_set.sa_handler == count_signal);
  }
  miniracer_context context = new_context(new_isolate());
  alarm(1);
  miniracer_run_options run = with_timeout(1500 * MILLISECOND);
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "for (;;);", &run));
  CHECK_INT(1, signals_seen);
  CHECK_SCRIPT(context, "6 * 7", 42);
  OK(miniracer_isolate_dispose(isolate_of(context)));
}

/* ---- Two copies ---- */

/* The same binary in another namespace of the linker's, or its second handle: both work, or the second says that it does not. */
void two_copies(void) {
  must_work();
  Dl_info info;
  REQUIRE(dladdr((void *)(uintptr_t)&miniracer_init, &info) != 0);
  void *copy = dlopen(info.dli_fname, RTLD_NOW | RTLD_LOCAL);
  REQUIRE(copy != NULL);
  uint32_t (*version)(void) = (uint32_t (*)(void))(uintptr_t)dlsym(copy, "miniracer_abi_version");
  if (CHECK(version != NULL)) CHECK_INT(MINIRACER_ABI_VERSION, version());
  dlclose(copy);
  must_work();
}

/* ---- Neighbours ---- */

static void *run_source(void *source) {
  miniracer_isolate_options options = isolate_options();
  options.timeout = SECOND;
  options.memory_limit = UINT64_C(64) << 20;
  miniracer_isolate isolate = 0;
  REQUIRE_OK(miniracer_isolate_new(&options, &isolate, NULL));
  CHECK(run_status(new_context(isolate), source, NULL) != MINIRACER_OK);
  OK(miniracer_isolate_dispose(isolate));
  return NULL;
}

/* While a guest does its worst, another isolate answers all the time, and soon. */
static void beside(const char *source) {
  miniracer_context context = new_context(new_isolate());
  EXECUTE(context, "globalThis.count = 0");
  pthread_t thread;
  REQUIRE(pthread_create(&thread, NULL, run_source, (void *)(uintptr_t)source) == 0);
  uint64_t begun = now(), longest = 0;
  for (int32_t i = 1; now() - begun < 2 * SECOND; ++i) {
    uint64_t before = now();
    CHECK_SCRIPT(context, "++count", i);
    uint64_t took = now() - before;
    if (took > longest) longest = took;
    sleep_for(5 * MILLISECOND);
  }
  pthread_join(thread, NULL);
  CHECK((double)longest < (double)SECOND * time_scale());
  OK(miniracer_isolate_dispose(isolate_of(context)));
}

void neighbour_of_loop(void) { beside("for (;;);"); }
void neighbour_of_stuck(void) { beside("Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1)"); }
void neighbour_of_memory(void) { beside("{ const a = []; for (;;) a.push([{}]); }"); }
void neighbour_of_burst(void) { beside("new Array(2 ** 27).fill(0)"); }
