/* host LIBRARY SOURCE: prints what SOURCE evaluates to, then the files that are mapped. */
#include "evaluate.h"

int main(int count, char **arguments) {
  int answer, problem;
  char line[4096];
  FILE *maps;
  if (count != 3) return 64;
  problem = evaluate(arguments[1], arguments[2], &answer);
  if (problem != 0) return problem;
  printf("%d\n", answer);
  maps = fopen("/proc/self/maps", "r");
  while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
    const char *file = strchr(line, '/');
    if (file != NULL) fputs(file, stdout);
  }
  return 0;
}
