// The one place that knows how V8's versions differ. Everything else is written against the interface below.
#pragma once

#include <libplatform/libplatform.h>
#include <v8.h>

#include <vector>

// Not in V8's public headers, but exported. Weak, so that a V8 without it is no obstacle.
namespace v8::internal {
class LocalHeap {
 public:
  __attribute__((weak)) static LocalHeap* Current();
};
class V8 {
 public:
  __attribute__((weak)) static v8::Platform* GetCurrentPlatform();
};
namespace compiler {
class TypeCache {
 public:
  __attribute__((weak)) static const TypeCache* Get();
};
}  // namespace compiler
namespace wasm {
class WasmCodeManager {
 public:
  __attribute__((weak)) void InitializeMemoryProtectionKeyPermissionsIfSupported() const;
};
__attribute__((weak)) WasmCodeManager* GetWasmCodeManager();
}  // namespace wasm
}  // namespace v8::internal

namespace miniracer {

// Has V8 make what its compiler keeps for the whole process in a zone of its own, before zones belong to isolates. False
// where it cannot be asked to.
inline bool MakeSharedZones() {
  auto* get = &v8::internal::compiler::TypeCache::Get;
  return get != nullptr && get() != nullptr;
}

// V8 10 keeps WebAssembly's code under a key of the processor's (pkeys(7)), and lets the thread look at it that makes an isolate.
// So may the others only by this: those that were there before V8 ran, and who jumps out of a signal's handler, where the
// system takes all keys away.
inline void LetThreadReadCode() {
#if V8_MAJOR_VERSION < 11
  using v8::internal::wasm::WasmCodeManager;
  auto* get = &v8::internal::wasm::GetWasmCodeManager;
  void (WasmCodeManager::*let)() const = &WasmCodeManager::InitializeMemoryProtectionKeyPermissionsIfSupported;
  WasmCodeManager* manager = get != nullptr && let != nullptr ? get() : nullptr;
  if (manager != nullptr) (manager->*let)();
#endif
}

// Whether the collector looks at the calling thread's stack, a worker's, which compiles JavaScript. True where nobody can tell.
inline bool SeenByCollector() {
  auto* current = &v8::internal::LocalHeap::Current;
  return current == nullptr || current() != nullptr;
}

// Whether the blocks that V8 has of the C library for an isolate are the isolate's alone as long as it has nothing to do with
// WebAssembly, and come back by the same ways. V8 11 keeps the types of all modules in one place, also of those that are only
// validated; and where it is built as C++20, some of its strings are freed by the C++ library.
inline constexpr bool kOwnsMalloced = V8_MAJOR_VERSION < 11;

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

// What V8 needs to be told for `import ... assert { type: 'json' }`, which `with` has replaced since.
#if V8_MAJOR_VERSION >= 12
inline constexpr const char* kImportFlag = "";
#else
inline constexpr const char* kImportFlag = "--harmony-import-assertions";
#endif

// How often a loop in code that is not optimised looks whether it is to end. V8 10 does so each time that the code has run 132
// KiB of bytecode, which can be seconds where a built-in function does the work; in V8 11 each turn of a loop looks. The
// other numbers leave it to the same amount of work when code is optimised.
#if V8_MAJOR_VERSION < 11
inline constexpr const char* kLookFlags =
    "--interrupt-budget=4224 --ticks-before-optimization=96 --bytecode-size-allowance-per-tick=4800";
#else
inline constexpr const char* kLookFlags = "";
#endif

inline v8::ScriptOrigin MakeModuleOrigin([[maybe_unused]] v8::Isolate* isolate, v8::Local<v8::Value> name, int line,
                                         int column) {
#if V8_MAJOR_VERSION >= 12
  return v8::ScriptOrigin(name, line, column, false, -1, {}, false, false, true);
#else
  return v8::ScriptOrigin(isolate, name, line, column, false, -1, {}, false, false, true);
#endif
}

// What stands after `with`, or `assert` in old engines: key, value and source offset in turn.
inline v8::Local<v8::FixedArray> AttributesOf(v8::Local<v8::ModuleRequest> request) {
#if V8_MAJOR_VERSION >= 12
  return request->GetImportAttributes();
#else
  return request->GetImportAssertions();
#endif
}

inline v8::Local<v8::Module> NewSyntheticModule(v8::Isolate* isolate, v8::Local<v8::String> name,
                                                const std::vector<v8::Local<v8::String>>& exports,
                                                v8::Module::SyntheticModuleEvaluationSteps evaluate) {
#if V8_MAJOR_VERSION >= 12
  return v8::Module::CreateSyntheticModule(
      isolate, name, v8::MemorySpan<const v8::Local<v8::String>>(exports.data(), exports.size()), evaluate);
#else
  return v8::Module::CreateSyntheticModule(isolate, name, exports, evaluate);
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

// Whether V8 has made the object as an ordinary one (ECMA-262 10.1) that holds nothing but its properties, whatever a guest
// may have made of its prototype.
inline bool IsOrdinary(v8::Local<v8::Object> object) {
  using v8::internal::Internals;
#if V8_MAJOR_VERSION >= 12
  auto address = v8::internal::ValueHelper::ValueAsAddress(*object);
#else
  auto address = *reinterpret_cast<v8::internal::Address*>(*object);
#endif
  return Internals::GetInstanceType(address) == Internals::kJSObjectType;
}

inline v8::Maybe<bool> SetPrototypeOf(v8::Local<v8::Context> context, v8::Local<v8::Object> object,
                                      v8::Local<v8::Value> prototype) {
#if V8_MAJOR_VERSION >= 13
  return object->SetPrototypeV2(context, prototype);
#else
  return object->SetPrototype(context, prototype);
#endif
}

// Whether the guest can change how much memory there is.
inline bool IsResizable([[maybe_unused]] const v8::BackingStore& store) {
#if V8_MAJOR_VERSION >= 11
  return store.IsResizableByUserJavaScript();
#else
  return false;
#endif
}

// Only who has the key can detach the buffer from now on, where V8 has keys.
inline void SetDetachKey([[maybe_unused]] v8::Local<v8::ArrayBuffer> buffer,
                         [[maybe_unused]] v8::Local<v8::Value> key) {
#if V8_MAJOR_VERSION >= 11
  buffer->SetDetachKey(key);
#endif
}

// `key`: empty where the buffer was given none. False when it has another one.
inline bool Detach(v8::Local<v8::ArrayBuffer> buffer, [[maybe_unused]] v8::Local<v8::Value> key) {
#if V8_MAJOR_VERSION >= 11
  return buffer->Detach(key).FromMaybe(false);
#else
  buffer->Detach();
  return true;
#endif
}

}  // namespace miniracer
