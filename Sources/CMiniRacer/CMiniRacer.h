/*
 * CMiniRacer.h - the contract as Swift sees it: its types, and a table of typed pointers to its functions.
 *
 * The binary is found and opened when the program runs, so nothing here may be called by name: the loader fills a
 * cminiracer_table with what it finds, and all calls go through it. No signature is repeated; `__typeof__` takes each from
 * miniracer.h.
 */
#ifndef CMINIRACER_H
#define CMINIRACER_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __linux__
#include <sys/auxv.h>
#endif

#include "../../native/include/miniracer.h"
#include "functions.h"

/* One pointer per function, in the list's order; NULL where the binary does not have it. */
typedef struct cminiracer_table {
#define CMINIRACER_FIELD(name, since, required) __typeof__(&miniracer_##name) name;
  CMINIRACER_FUNCTIONS(CMINIRACER_FIELD)
#undef CMINIRACER_FIELD
} cminiracer_table;

/* What the list says about the function at the same place in the table. */
typedef struct cminiracer_function {
  const char *symbol;
  uint32_t since;    /* the first ABI number that has it */
  uint32_t required; /* 1: nothing works without it */
} cminiracer_function;

static inline size_t cminiracer_function_count(void) {
  return sizeof(cminiracer_table) / sizeof(void (*)(void));
}

/* The list, cminiracer_function_count() entries. */
static inline const cminiracer_function *cminiracer_functions(void) {
  static const cminiracer_function functions[] = {
#define CMINIRACER_ENTRY(name, since, required) {"miniracer_" #name, since, required},
      CMINIRACER_FUNCTIONS(CMINIRACER_ENTRY)
#undef CMINIRACER_ENTRY
  };
  return functions;
}

/* Sets a flag that miniracer_run_options.cancel points at, which the library reads from other threads. */
static inline void cminiracer_flag_set(uint32_t *flag) {
  __atomic_store_n(flag, 1, __ATOMIC_SEQ_CST);
}

static inline uint32_t cminiracer_flag_get(const uint32_t *flag) {
  return __atomic_load_n(flag, __ATOMIC_SEQ_CST);
}

/* Swift's runtime: retains an object unless its last reference is gone already, which gives NULL. The language has this
 * only as part of its weak references. */
extern void *swift_tryRetain(void *object);

static inline _Bool cminiracer_try_retain(void *object) {
  return swift_tryRetain(object) != NULL;
}

/* The file that holds an address, NULL if none does. (dladdr, which glibc's header shows to _GNU_SOURCE only, and a header
 * cannot define that for the module that <dlfcn.h> belongs to.) */
typedef struct cminiracer_address {
  const char *file;
  void *base;
  const char *symbol;
  void *symbol_address;
} cminiracer_address;

#ifdef __linux__
extern int cminiracer_dladdr(const void *address, cminiracer_address *info) __asm__("dladdr");
#else
extern int cminiracer_dladdr(const void *address, cminiracer_address *info) __asm__("_dladdr");
#endif

/* The address of the frame that this is called in, and the lowest one of its thread's stack; 0: unknown. */
static inline uintptr_t cminiracer_frame_address(void) {
  return (uintptr_t)__builtin_frame_address(0);
}

#ifdef __linux__
extern int cminiracer_getattr(pthread_t thread, pthread_attr_t *attributes) __asm__("pthread_getattr_np");

static inline uintptr_t cminiracer_stack_end(void) {
  pthread_attr_t attributes;
  void *end = NULL;
  size_t size;
  if (cminiracer_getattr(pthread_self(), &attributes) != 0) return 0;
  pthread_attr_getstack(&attributes, &end, &size);
  pthread_attr_destroy(&attributes);
  return (uintptr_t)end;
}
#else
static inline uintptr_t cminiracer_stack_end(void) {
  pthread_t thread = pthread_self();
  return (uintptr_t)pthread_get_stackaddr_np(thread) - pthread_get_stacksize_np(thread);
}
#endif

#ifdef __linux__
/* Whether the process has more rights than who started it, so that the environment cannot be trusted. */
static inline int cminiracer_is_privileged(void) {
  return getauxval(AT_SECURE) != 0;
}

/* The name under which the kernel was asked to run this program. */
static inline const char *cminiracer_program_name(void) {
  return (const char *)getauxval(AT_EXECFN);
}
#endif

#endif /* CMINIRACER_H */
