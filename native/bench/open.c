/* Opens a library of ours and asks it for its number, if one is named, and nothing else: for what a start costs, timed from
 * outside. Linked with nothing of ours. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>

int main(int argc, char **argv) {
  if (argc < 2) return 0;
  void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  void *found = library != NULL ? dlsym(library, "miniracer_abi_version") : NULL;
  if (found == NULL) {
    fprintf(stderr, "open: %s\n", dlerror());
    return 1;
  }
  uint32_t (*version)(void);
  *(void **)&version = found; /* as POSIX has it, dlsym(3) */
  return version() > 0 ? 0 : 1;
}
