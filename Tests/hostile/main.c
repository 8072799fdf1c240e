/* miniracer_selftest: each case in a process of its own, and a table of what came of them. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hostile.h"

static const char usage[] =
    "usage: miniracer_selftest [--cases FOLDER] [--filter TEXT] [--list]\n"
    "Runs the cases whose group/name has TEXT in it, each in a process of its own. $MINIRACER_LIBRARY names the "
    "library that\n"
    "is tested, if it is not the one that this program was built with; $MINIRACER_SELFTEST_SCALE how many times as "
    "long as\n"
    "usual everything may take. Exit status: 0 all is well, 1 a case failed, 2 used wrongly.\n";

typedef struct arguments {
  const char *program, *folder, *filter, *name;
  int list;
} arguments;

static int read_arguments(int count, char **list, arguments *given) {
  given->program = list[0];
  given->folder = MINIRACER_HOSTILE_CASES;
  given->filter = "";
  for (int i = 1; i < count; ++i) {
    if (strcmp(list[i], "--list") == 0) {
      given->list = 1;
    } else if (strcmp(list[i], "--filter") == 0 && i + 1 < count) {
      given->filter = list[++i];
    } else if (strcmp(list[i], "--cases") == 0 && i + 1 < count) {
      given->folder = list[++i];
    } else if (strcmp(list[i], "--case") == 0 && i + 1 < count) {
      given->name = list[++i];
    } else {
      return 0;
    }
  }
  return 1;
}

/* ---- The child ---- */

static int be_child(const hostile_cases *cases, const char *name) {
  static hostile_result result;
  for (int i = 0; i < cases->count; ++i) {
    if (strcmp(cases->list[i].name, name) != 0) continue;
    run_case(&cases->list[i], &result);
    printf("%s\t%s\t%s\t%ld\t%ld\t%ld\t%s\n", name, result.outcome, result.after, result.milliseconds, result.peak,
           result.left, result.problem);
    return 0;
  }
  fprintf(stderr, "no such case: %s\n", name);
  return 2;
}

/* The library under test goes before the one that was linked: of one soname, only the first is loaded. */
static void choose_library(void) {
  const char *library = getenv("MINIRACER_LIBRARY");
  struct stat chosen, linked;
  if (library == NULL || *library == 0) return;
  if (stat(library, &chosen) == 0 && stat(MINIRACER_LINKED_LIBRARY, &linked) == 0 && chosen.st_ino == linked.st_ino &&
      chosen.st_dev == linked.st_dev) {
    return;
  }
  setenv("LD_PRELOAD", library, 1);
}

static pid_t start_child(const arguments *given, const char *name, int *output) {
  int ends[2];
  if (pipe(ends) != 0) return -1;
  pid_t child = fork();
  if (child == 0) {
    setpgid(0, 0);
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    choose_library();
    execl("/proc/self/exe", given->program, "--cases", given->folder, "--case", name, (char *)NULL);
    _exit(127);
  }
  close(ends[1]);
  if (child > 0) setpgid(child, child);
  *output = ends[0];
  return child;
}

/* ---- The parent ---- */

static uint64_t milliseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

static uint64_t patience(const hostile_case *tested) {
  uint64_t second = 1000000000, timeout = tested->timeout == UNLIMITED ? second : tested->timeout;
  return (uint64_t)((double)((timeout + tested->grace) / 1000000 + 20000) * time_scale());
}

/* What the child says until it ends, or until it is killed; 0 then. */
static int listen_to(int output, pid_t child, uint64_t until, char *text, size_t size) {
  size_t length = 0;
  int killed = 0;
  while (1) {
    uint64_t now = milliseconds();
    if (now >= until && !killed) {
      kill(-child, SIGKILL);
      killed = 1;
    }
    struct pollfd waited = {output, POLLIN, 0};
    int ready = poll(&waited, 1, killed ? 1000 : (int)(until - now));
    if (ready == 0 && killed) break;
    if (ready <= 0) continue;
    ssize_t count = read(output, text + length, size - 1 - length);
    if (count <= 0) break;
    length += (size_t)count;
    if (length + 1 == size) break;
  }
  text[length] = 0;
  kill(-child, SIGKILL);
  return !killed;
}

static void copy_field(char **line, char *field, size_t size) {
  char *end = *line + strcspn(*line, "\t\n");
  snprintf(field, size, "%.*s", (int)(end - *line), *line);
  *line = *end == '\t' ? end + 1 : end;
}

static int read_result(char *line, const char *name, hostile_result *result) {
  char field[128];
  copy_field(&line, field, sizeof field);
  if (strcmp(field, name) != 0) return 0;
  copy_field(&line, result->outcome, sizeof result->outcome);
  copy_field(&line, result->after, sizeof result->after);
  long *numbers[] = {&result->milliseconds, &result->peak, &result->left};
  for (int i = 0; i < 3; ++i) {
    copy_field(&line, field, sizeof field);
    *numbers[i] = strtol(field, NULL, 10);
  }
  copy_field(&line, result->problem, sizeof result->problem);
  return *line == '\n';
}

static void run_child(const arguments *given, const hostile_case *tested, hostile_result *result) {
  char text[4096];
  int output = -1, status = 0;
  memset(result, 0, sizeof *result);
  pid_t child = start_child(given, tested->name, &output);
  if (child < 0) {
    snprintf(result->problem, sizeof result->problem, "no process: %s", strerror(errno));
    return;
  }
  int ended = listen_to(output, child, milliseconds() + patience(tested), text, sizeof text);
  close(output);
  waitpid(child, &status, 0);
  int told = read_result(text, tested->name, result);
  if (!told) {
    strcpy(result->outcome, "-");
    strcpy(result->after, "-");
  }
  if (!ended) {
    snprintf(result->problem, sizeof result->problem, "hung, and was killed");
  } else if (WIFSIGNALED(status) && !(told && WTERMSIG(status) == SIGKILL)) {
    snprintf(result->problem, sizeof result->problem, "died of signal %d", WTERMSIG(status));
  } else if (WIFEXITED(status) && WEXITSTATUS(status) != 0) {
    snprintf(result->problem, sizeof result->problem, "exit status %d", WEXITSTATUS(status));
  } else if (!told && tested->whole) {
    strcpy(result->outcome, "ok"); /* it ended its process itself, and well */
  } else if (!told) {
    snprintf(result->problem, sizeof result->problem, "said nothing");
  }
}

static void print_table(hostile_case *const *cases, const hostile_result *results, int count) {
  printf("%-42s %-34s %-24s %-8s %8s %8s  %s\n", "case", "expected", "seen", "after", "ms", "peak MB", "");
  for (int i = 0; i < count; ++i) {
    char name[128];
    const hostile_result *result = &results[i];
    snprintf(name, sizeof name, "%s/%s", cases[i]->group, cases[i]->name);
    printf("%-42s %-34s %-24s %-8s %8ld %8ld  %s%s\n", name, cases[i]->expect, result->outcome, result->after,
           result->milliseconds, result->peak >> 10, *result->problem != 0 ? "FAILED: " : "", result->problem);
  }
}

static int run_all(const arguments *given, hostile_case *const *cases, int count) {
  hostile_result *results = calloc((size_t)count, sizeof *results);
  if (results == NULL) return 2;
  int failures = 0;
  for (int i = 0; i < count; ++i) {
    fprintf(stderr, "[%3d/%d] %s/%s", i + 1, count, cases[i]->group, cases[i]->name);
    fflush(stderr);
    run_child(given, cases[i], &results[i]);
    int failed = *results[i].problem != 0;
    failures += failed;
    fprintf(stderr, ": %s, %ld ms%s%s\n", results[i].outcome, results[i].milliseconds, failed ? "  FAILED: " : "",
            results[i].problem);
  }
  print_table(cases, results, count);
  printf("%d cases, %d failed\n", count, failures);
  free(results);
  return failures != 0;
}

int main(int count, char **list) {
  arguments given = {0};
  static hostile_cases cases; /* as long as the process: no leak */
  if (!read_arguments(count, list, &given)) {
    fputs(usage, stderr);
    return 2;
  }
  if (time_scale() == 0) {
    fprintf(stderr, "MINIRACER_SELFTEST_SCALE is a number above 0 and at most 10000, and not '%s'\n",
            getenv("MINIRACER_SELFTEST_SCALE"));
    return 2;
  }
  if (!read_cases(given.folder, &cases)) return 2;
  if (given.name != NULL) return be_child(&cases, given.name);
  hostile_case **chosen = calloc((size_t)cases.count + 1, sizeof *chosen);
  int number = 0;
  if (chosen == NULL) return 2;
  for (int i = 0; i < cases.count; ++i) {
    char name[256];
    snprintf(name, sizeof name, "%s/%s", cases.list[i].group, cases.list[i].name);
    if (strstr(name, given.filter) == NULL) continue;
    chosen[number++] = &cases.list[i];
    if (given.list) printf("%s\t%s\n", name, cases.list[i].why);
  }
  if (number == 0) fprintf(stderr, "no case has %s in its name\n", given.filter);
  int status = number == 0 ? 2 : given.list ? 0 : run_all(&given, chosen, number);
  free(chosen);
  return status;
}
