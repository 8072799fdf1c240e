// Stretches of V8's that a thread goes through to their end: who jumps out of the midst leaves something behind that all
// isolates share.
#pragma once

namespace miniracer {

class LoadedLibrary;

namespace Stretches {

// Before V8 is initialised.
void Watch(const LoadedLibrary& engine);

// Whether the calling thread makes what V8 makes once for the whole process, or waits for that, or writes WebAssembly's code.
bool Inside();

// It jumps, since V8 itself gave up there.
void Leave();

}  // namespace Stretches

}  // namespace miniracer
