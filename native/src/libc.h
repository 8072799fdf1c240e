// The C library's own functions: what a program has put in their place, a sanitizer's for instance, are others.
#pragma once

#include <signal.h>

namespace miniracer::Libc {

// What moves and fills memory: these call nobody, hold nothing and have no frame.
constexpr const char* kLeaves[] = {"memset", "memcpy", "memmove", "memcmp"};

// Null: there is none of that name.
void* Find(const char* name);

// sigaction, for handlers that do not return. ThreadSanitizer keeps signals back until the thread makes a call that it knows
// of, as nobody does who is to be cut off.
int SignalAction(int signal, const struct sigaction* next, struct sigaction* there);

}  // namespace miniracer::Libc
