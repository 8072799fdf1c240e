// The one way into the host's code: every callback is called by it.
#pragma once

#include <cxxabi.h>
#include <unistd.h>

namespace miniracer {

// The host may end the thread in there, as CPython does, until 3.14, with threads that would go on while the
// interpreter ends. glibc ends a thread by unwinding its stack, and neither V8's frames nor ours may be unwound: the
// thread stays here for ever, with all that it holds, which is what CPython lets such threads do since
// (python/cpython#87135).
template <class Function, class... Arguments>
auto CallHost(Function* function, Arguments... arguments) {
  try {
    return function(arguments...);
  } catch (abi::__forced_unwind&) {
    for (;;) pause();
  }
}

}  // namespace miniracer
