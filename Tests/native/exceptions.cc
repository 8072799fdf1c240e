// A host in C++ that forgets to catch.
#include <stdexcept>

#include "test.h"

namespace {

int32_t ThrowOutOfHere(void* userdata, miniracer_call*) {
  if (userdata == nullptr) throw 42;
  throw std::runtime_error("out of here");
}

// An Error for the guest, and nothing else.
void Exceptions() {
  miniracer_context context = new_context(new_isolate());
  int mark = 0;
  define(context, "number", ThrowOutOfHere, nullptr);
  define(context, "error", ThrowOutOfHere, &mark);
  CHECK_SCRIPT_TEXT(context, "try { error() } catch (e) { `${e}` }",
                    "Error: the host function threw a C++ exception: out of here");
  CHECK_SCRIPT_TEXT(context, "try { [1].map(number) } catch (e) { `${e}` }",
                    "Error: the host function threw a C++ exception");
  CHECK_SCRIPT(context, "6 * 7", 42);
  OK(miniracer_isolate_dispose(isolate_of(context)));
}

}  // namespace

int main() {
  RUN(Exceptions);
  return test_result();
}
