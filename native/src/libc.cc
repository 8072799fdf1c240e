#include "libc.h"

#include <dlfcn.h>

namespace miniracer::Libc {

void* Find(const char* name) {
  void* libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
  return libc == nullptr ? nullptr : dlsym(libc, name);
}

int SignalAction(int signal, const struct sigaction* next, struct sigaction* there) {
#ifdef __SANITIZE_THREAD__
  return reinterpret_cast<decltype(&sigaction)>(Find("sigaction"))(signal, next, there);
#else
  return sigaction(signal, next, there);
#endif
}

}  // namespace miniracer::Libc
