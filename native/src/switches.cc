#include "switches.h"

#include "host_calls.h"
#include "text.h"

namespace miniracer {
namespace {

constexpr uint32_t kSwitches =
    MINIRACER_ISOLATE_NO_EVAL | MINIRACER_ISOLATE_NO_WEBASSEMBLY | MINIRACER_ISOLATE_NO_SHARED_MEMORY;

v8::MaybeLocal<v8::Object> ObjectAt(v8::Local<v8::Context> context, v8::Local<v8::Object> object, const char* name) {
  v8::Local<v8::Value> value;
  if (!object->Get(context, Ascii(context->GetIsolate(), name)).ToLocal(&value) || !value->IsObject()) return {};
  return value.As<v8::Object>();
}

bool Remove(v8::Local<v8::Context> context, v8::Local<v8::Object> object, const char* name) {
  return object->Delete(context, Ascii(context->GetIsolate(), name)).FromMaybe(false);
}

// WebAssembly.Memory.prototype.buffer for memory that is not shared; V8's own getter is the data.
void UnsharedBuffer(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::Isolate* v8 = info.GetIsolate();
  v8::Local<v8::Value> buffer;
  if (!info.Data().As<v8::Function>()->Call(v8->GetCurrentContext(), info.This(), 0, nullptr).ToLocal(&buffer)) return;
  if (buffer->IsSharedArrayBuffer()) return ThrowTypeError(v8, "shared memory is switched off");
  info.GetReturnValue().Set(buffer);
}

// A shared memory of WebAssembly's, made by its constructor or exported by a module, must not show its SharedArrayBuffer.
bool HideSharedMemories(v8::Local<v8::Context> context) {
  v8::Isolate* v8 = context->GetIsolate();
  v8::Local<v8::Object> webassembly, memory, prototype;
  if (!ObjectAt(context, context->Global(), "WebAssembly").ToLocal(&webassembly)) return true;
  if (!ObjectAt(context, webassembly, "Memory").ToLocal(&memory)) return true;
  if (!ObjectAt(context, memory, "prototype").ToLocal(&prototype)) return true;
  v8::Local<v8::String> name = Ascii(v8, "buffer");
  v8::Local<v8::Value> descriptor, getter;
  v8::Local<v8::Function> guarded;
  if (!prototype->GetOwnPropertyDescriptor(context, name).ToLocal(&descriptor) || !descriptor->IsObject()) return false;
  if (!descriptor.As<v8::Object>()->Get(context, Ascii(v8, "get")).ToLocal(&getter) || !getter->IsFunction()) {
    return false;
  }
  if (!v8::Function::New(context, UnsharedBuffer, getter, 0, v8::ConstructorBehavior::kThrow).ToLocal(&guarded)) {
    return false;
  }
  guarded->SetName(Ascii(v8, "get buffer"));
  prototype->SetAccessorProperty(name, guarded);
  return Remove(context, prototype, "toFixedLengthBuffer") && Remove(context, prototype, "toResizableBuffer");
}

// Asked before the first byte of a module is looked at.
bool MayUseWebAssembly(v8::Local<v8::Context> context, v8::Local<v8::String>) {
  Isolate& isolate = Isolate::Of(context->GetIsolate());
  if ((isolate.flags() & MINIRACER_ISOLATE_NO_WEBASSEMBLY) != 0) return false;
  isolate.pages()->SetShares();
  return true;
}

}  // namespace

bool HasSwitches(uint32_t flags) { return (flags & kSwitches) != 0; }

void SetSwitches(v8::Isolate* v8, uint32_t flags) {
  v8->SetAllowWasmCodeGenerationCallback(MayUseWebAssembly);
  if ((flags & MINIRACER_ISOLATE_NO_SHARED_MEMORY) != 0) v8->SetAllowAtomicsWait(false);
}

bool ApplySwitches(Isolate& isolate, v8::Local<v8::Context> context) {
  uint32_t flags = isolate.flags();
  v8::Local<v8::Object> global = context->Global();
  if ((flags & MINIRACER_ISOLATE_NO_EVAL) != 0) context->AllowCodeGenerationFromStrings(false);
  if ((flags & MINIRACER_ISOLATE_NO_WEBASSEMBLY) != 0 && !Remove(context, global, "WebAssembly")) return false;
  if ((flags & MINIRACER_ISOLATE_NO_SHARED_MEMORY) == 0) return true;
  v8::Local<v8::Object> buffer, prototype;
  // Buffers that the host hands in must not lead to it.
  bool hidden =
      !ObjectAt(context, global, "SharedArrayBuffer").ToLocal(&buffer) ||
      (ObjectAt(context, buffer, "prototype").ToLocal(&prototype) && Remove(context, prototype, "constructor"));
  return hidden && Remove(context, global, "SharedArrayBuffer") && Remove(context, global, "Atomics") &&
         HideSharedMemories(context);
}

}  // namespace miniracer
