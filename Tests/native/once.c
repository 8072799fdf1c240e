/* What V8 makes once for the whole process is made to its end, whatever becomes of the run that came to it first: the others
 * need it, too. Each child of this process, in which V8 has not started, is at it for the first time. */
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

/* What V8 and ICU know of languages, of which each kind is found out on its own. */
static const char formats[] =
    "new Intl.NumberFormat('de').format(1); new Intl.DateTimeFormat('de').format(0); new "
    "Intl.Collator('de').compare('a', 'b');"
    "new Intl.PluralRules('de').select(1); new Intl.Segmenter('de'); new Intl.ListFormat('de');"
    "new Intl.RelativeTimeFormat('de'); new Intl.DisplayNames('de', {type: 'language'}); 'a'.localeCompare('b', 'fr');"
    "/\\p{L}[^\\w]/iu.test('x'); 6";

static int child(uint64_t timeout) {
  REQUIRE_OK(miniracer_init(NULL, NULL));
  miniracer_isolate_options options = isolate_options();
  options.grace = 1;
  miniracer_isolate hasty = isolate_with(&options), patient = new_isolate();
  miniracer_context context = new_context(hasty);
  miniracer_run_options run = with_timeout(timeout);
  run_status(context, formats, &run);
  OK(miniracer_isolate_dispose(hasty));
  context = new_context(patient);
  run = with_timeout(10 * SECOND);
  OK(run_status(context, formats, &run));
  OK(miniracer_isolate_dispose(patient));
  return test_result();
}

int main(void) {
  for (int i = 1; i <= 40; ++i) {
    pid_t made = fork();
    REQUIRE(made >= 0);
    if (made == 0) {
      alarm(60);
      _exit(child((uint64_t)i * MILLISECOND / 2));
    }
    int status = -1;
    CHECK(waitpid(made, &status, 0) == made);
    if (!CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0)) fprintf(stderr, "  after %d us\n", i * 500);
  }
  return test_result();
}
