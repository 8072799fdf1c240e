#include "stretches.h"

#include <cstdint>

#include "loaded_library.h"

// V8's own, exported by it. Weak, so that a V8 without them is no obstacle; and named here, so that they keep a name in a
// library whose names are made private.
extern "C" {
__attribute__((weak)) void V8CallOnce(void* once,
                                      void* make) __asm__("_ZN2v84base12CallOnceImplEPSt6atomicIhESt8functionIFvvEE");
__attribute__((weak)) void V8BeginWriting(void* scope, void* module) __asm__(
    "_ZN2v88internal4wasm19CodeSpaceWriteScopeC1EPNS1_12NativeModuleE");
__attribute__((weak)) void V8EndWriting(void* scope) __asm__("_ZN2v88internal4wasm19CodeSpaceWriteScopeD1Ev");
}

namespace miniracer::Stretches {
namespace {

struct Here {
  uint32_t making;
  uint32_t writing;
  void* outermost;  // what V8 notes that the thread writes by
};

constinit thread_local Here here __attribute__((tls_model("initial-exec"))) = {};

// What was left half made nobody makes any more, and whoever needs it waits for ever.
void CallOnce(void* once, void* make) {
  ++here.making;
  V8CallOnce(once, make);
  --here.making;
}

// A thread that V8 takes for one that may write already would have no leave to, the next time.
void BeginWriting(void* scope, void* module) {
  if (here.writing++ == 0) here.outermost = scope;
  V8BeginWriting(scope, module);
}

void EndWriting(void* scope) {
  V8EndWriting(scope);
  --here.writing;
}

}  // namespace

void Watch(const LoadedLibrary& engine) {
  const OwnReplacement all[] = {
      Replace(V8CallOnce, CallOnce),
      Replace(V8BeginWriting, BeginWriting),
      Replace(V8EndWriting, EndWriting),
  };
  engine.Redirect(all);
}

bool Inside() { return (here.making | here.writing) != 0; }

void Leave() {
  if (here.writing != 0) V8EndWriting(here.outermost);
  here = {};
}

}  // namespace miniracer::Stretches
