// What V8's library, and ICU for it, take of the C library: counted for the isolate that the thread works for, and bounded.
#pragma once

namespace miniracer {

class LoadedLibrary;

namespace EngineMemory {

// Before V8 is initialised. What cannot be found in the library's table is not counted.
void Count(const LoadedLibrary& engine);

// For what V8 hands over to be freed.
void Free(void* memory);

// An isolate's memory is to go back to the system with it: the C library keeps what it got piece by piece.
void Trim();

}  // namespace EngineMemory

}  // namespace miniracer
