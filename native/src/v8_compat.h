// The one place that knows how V8's versions differ. Everything else is written against the interface below.
#pragma once

#include <libplatform/libplatform.h>
#include <v8.h>

// Not in V8's public headers, but exported. Weak, so that a V8 without it is no obstacle.
namespace v8::internal {
class V8 {
 public:
  __attribute__((weak)) static v8::Platform* GetCurrentPlatform();
};
}  // namespace v8::internal

namespace miniracer {

// Whether somebody else in the process started this very V8: another copy of this library that shares its libnode.
inline bool EngineRunsElsewhere() {
  auto* current = &v8::internal::V8::GetCurrentPlatform;
  return current != nullptr && current() != nullptr;
}

inline v8::ScriptOrigin MakeScriptOrigin([[maybe_unused]] v8::Isolate* isolate, v8::Local<v8::Value> name, int line,
                                         int column) {
#if V8_MAJOR_VERSION >= 12
  return v8::ScriptOrigin(name, line, column);
#else
  return v8::ScriptOrigin(isolate, name, line, column);
#endif
}

// True when the characters of a string can be had as Latin-1 without a scan.
inline bool IsOneByte(v8::Local<v8::String> string) { return string->IsOneByte() || string->ContainsOnlyOneByte(); }

inline void WriteOneByte(v8::Isolate* isolate, v8::Local<v8::String> string, uint8_t* buffer, int length) {
#if V8_MAJOR_VERSION >= 13
  string->WriteOneByteV2(isolate, 0, static_cast<uint32_t>(length), buffer);
#else
  string->WriteOneByte(isolate, buffer, 0, length, v8::String::NO_NULL_TERMINATION);
#endif
}

inline void WriteTwoByte(v8::Isolate* isolate, v8::Local<v8::String> string, uint16_t* buffer, int length) {
#if V8_MAJOR_VERSION >= 13
  string->WriteV2(isolate, 0, static_cast<uint32_t>(length), buffer);
#else
  string->Write(isolate, buffer, 0, length, v8::String::NO_NULL_TERMINATION);
#endif
}

// The prototype without running a Proxy trap.
inline v8::Local<v8::Value> PrototypeOf(v8::Local<v8::Object> object) {
#if V8_MAJOR_VERSION >= 13
  return object->GetPrototypeV2();
#else
  return object->GetPrototype();
#endif
}

}  // namespace miniracer
