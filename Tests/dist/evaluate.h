/* Opens a libminiracer.so as a host does and evaluates one expression, which must give an int32. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "miniracer.h"

#define LOAD(name) __typeof__(&name) name##_ = (__typeof__(&name))dlsym(library, #name)

static int evaluate(const char* path, const char* source, int* answer) {
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  LOAD(miniracer_abi_version);
  LOAD(miniracer_init);
  LOAD(miniracer_isolate_new);
  LOAD(miniracer_context_new);
  LOAD(miniracer_context_evaluate);
  LOAD(miniracer_isolate_dispose);
  if (miniracer_abi_version_() < MINIRACER_ABI_VERSION) return 2;

  miniracer_isolate isolate;
  miniracer_context context;
  miniracer_value result;
  miniracer_script script;
  memset(&script, 0, sizeof script);
  script.struct_size = sizeof script;
  script.source.tag = MINIRACER_STRING;
  script.source.subtype = MINIRACER_UTF8;
  script.source.length = (uint32_t)strlen(source);
  script.source.as.data = source;
  if (miniracer_init_(NULL, NULL) != MINIRACER_OK) return 3;
  if (miniracer_isolate_new_(NULL, &isolate, NULL) != MINIRACER_OK) return 4;
  if (miniracer_context_new_(isolate, NULL, &context, NULL) != MINIRACER_OK) return 5;
  if (miniracer_context_evaluate_(context, &script, NULL, &result, NULL) != MINIRACER_OK) return 6;
  if (miniracer_isolate_dispose_(isolate) != MINIRACER_OK) return 7;
  if (result.tag != MINIRACER_INT32) return 8;
  *answer = result.as.int32;
  return 0;
}
