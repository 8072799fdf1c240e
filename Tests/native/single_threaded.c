/* The engine without worker threads of its own, started by many threads at once. */
#include <dirent.h>
#include <pthread.h>

#include "test.h"

static void *start(void *unused) {
  miniracer_init_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.flags = MINIRACER_INIT_SINGLE_THREADED;
  OK(miniracer_init(&options, NULL));
  return unused;
}

static int threads_named(const char *name) {
  int count = 0;
  DIR *tasks = opendir("/proc/self/task");
  REQUIRE(tasks != NULL);
  for (struct dirent *entry; (entry = readdir(tasks)) != NULL;) {
    char path[300], comm[64] = "";
    snprintf(path, sizeof path, "/proc/self/task/%s/comm", entry->d_name);
    FILE *file = fopen(path, "r");
    if (file == NULL) continue;
    if (fgets(comm, sizeof comm, file) != NULL && strstr(comm, name) != NULL) ++count;
    fclose(file);
  }
  closedir(tasks);
  return count;
}

int main(void) {
  pthread_t threads[8];
  for (size_t i = 0; i < COUNT(threads); ++i) pthread_create(&threads[i], NULL, start, NULL);
  for (size_t i = 0; i < COUNT(threads); ++i) pthread_join(threads[i], NULL);
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  CHECK_SCRIPT(context, "let s = 0; for (let i = 0; i < 3e6; ++i) s = (s + i) % 1000; s", 0);
  EXECUTE(context, "for (let i = 0; i < 1e5; ++i) globalThis['k' + i % 1000] = {i}");
  collect_all(isolate);
  miniracer_run_options brief = with_timeout(20 * MILLISECOND);
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "for (;;);", &brief));
  CHECK_SCRIPT(context, "1 + 1", 2);
  CHECK_INT(0, threads_named("miniracer-work"));
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
