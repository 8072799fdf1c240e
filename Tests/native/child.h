/* A test that runs in the child of a fork. */
#ifndef CHILD_H
#define CHILD_H

#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

/* A child that takes longer than `seconds` is killed. */
static inline void in_child(void (*test)(void), unsigned seconds) {
  fflush(NULL);
#ifdef __SANITIZE_ADDRESS__
  sleep_for(100 * MILLISECOND); /* its allocator must not be at work in a thread that is just starting */
#endif
  pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    alarm(seconds);
    failed_checks = 0;
    test();
    fflush(NULL);
    _exit(test_result());
  }
  int status = -1;
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK_INT(0, WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status));
}

#endif
