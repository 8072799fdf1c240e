// Forks of the process: what they wait for, and how the child begins anew.
#pragma once

#include <cstdint>

namespace miniracer::Forks {

// Grows by one in the child of every fork: what carries an older number belongs to the parent.
uint32_t Epoch();

// While it is there, the calling thread starts V8, or makes or frees an isolate, with locks of V8's that a child would
// never get. A fork waits for its end, for a while, and lets nobody begin meanwhile.
class Section {
 public:
  Section();
  ~Section();
  Section(const Section&) = delete;

  // The thread jumped over where it was.
  static void Forget();
};

// Whether this is the child of a fork that another thread's start of V8 was too long for: there is no starting it here.
bool CutStart();

}  // namespace miniracer::Forks
