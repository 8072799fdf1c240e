#include "stretches.h"

#include <cstdint>

#include "loaded_library.h"

namespace miniracer::Stretches {
namespace {

// Both classes and their calls are V8's own. Found before V8 runs; null where it has none of that name.
constexpr const char* kCallOnce = "_ZN2v84base12CallOnceImplEPSt6atomicIhESt8functionIFvvEE";
constexpr const char* kBeginWriting = "_ZN2v88internal4wasm19CodeSpaceWriteScopeC1EPNS1_12NativeModuleE";
constexpr const char* kEndWriting = "_ZN2v88internal4wasm19CodeSpaceWriteScopeD1Ev";

void (*call_once)(void* once, void* make) = nullptr;
void (*begin_writing)(void* scope, void* module) = nullptr;
void (*end_writing)(void* scope) = nullptr;

struct Here {
  uint32_t making;
  uint32_t writing;
  void* outermost;  // what V8 notes that the thread writes by
};

constinit thread_local Here here __attribute__((tls_model("initial-exec"))) = {};

// What was left half made nobody makes any more, and whoever needs it waits for ever.
void CallOnce(void* once, void* make) {
  ++here.making;
  call_once(once, make);
  --here.making;
}

// A thread that V8 takes for one that may write already would have no leave to, the next time.
void BeginWriting(void* scope, void* module) {
  if (here.writing++ == 0) here.outermost = scope;
  begin_writing(scope, module);
}

void EndWriting(void* scope) {
  end_writing(scope);
  --here.writing;
}

template <class Function>
bool Find(const LoadedLibrary& engine, const char* name, Function** function) {
  *function = reinterpret_cast<Function*>(engine.Resolve(name));
  return *function != nullptr;
}

}  // namespace

void Watch(const LoadedLibrary& engine) {
  const Replacement once[] = {Replace(kCallOnce, CallOnce)};
  if (Find(engine, kCallOnce, &call_once)) engine.Redirect(once);
  const Replacement writing[] = {Replace(kBeginWriting, BeginWriting), Replace(kEndWriting, EndWriting)};
  if (Find(engine, kBeginWriting, &begin_writing) && Find(engine, kEndWriting, &end_writing)) engine.Redirect(writing);
}

bool Inside() { return (here.making | here.writing) != 0; }

void Leave() {
  if (here.writing != 0) end_writing(here.outermost);
  here = {};
}

}  // namespace miniracer::Stretches
