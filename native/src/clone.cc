#include "clone.h"

#include <memory>
#include <new>
#include <unordered_map>
#include <vector>

#include "buffers.h"
#include "engine_memory.h"
#include "text.h"

namespace miniracer {
namespace {

// What bytes cannot carry: shared memory and compiled modules stay the same in the clone.
struct Shared {
  std::vector<std::shared_ptr<v8::BackingStore>> buffers;
  std::vector<v8::CompiledWasmModule> modules;
};

class Writing final : public v8::ValueSerializer::Delegate {
 public:
  Writing(v8::Isolate* v8, v8::Local<v8::Function> error, Shared& shared) : v8_(v8), error_(error), shared_(shared) {}

  void ThrowDataCloneError(v8::Local<v8::String> message) override {
    v8::Local<v8::Value> text = message, error;
    if (error_->Call(v8_->GetCurrentContext(), v8::Undefined(v8_), 1, &text).ToLocal(&error)) {
      v8_->ThrowException(error);
    }
  }

  v8::Maybe<bool> WriteHostObject(v8::Isolate*, v8::Local<v8::Object>) override {
    ThrowDataCloneError(Ascii(v8_, "An object of the host's cannot be cloned"));
    return v8::Just(false);  // V8 looks for the exception first
  }

  v8::Maybe<uint32_t> GetSharedArrayBufferId(v8::Isolate*, v8::Local<v8::SharedArrayBuffer> buffer) override {
    // Asked once for each. The handle is V8's own, which gives it up before the whole is written.
    return Keep(shared_.buffers, [&] { return buffer->GetBackingStore(); });
  }

  v8::Maybe<uint32_t> GetWasmModuleTransferId(v8::Isolate*, v8::Local<v8::WasmModuleObject> module) override {
    return Keep(shared_.modules, [&] { return module->GetCompiledModule(); });
  }

 private:
  // Where it is in the list. No C++ exception may pass through V8.
  template <class List, class Make>
  v8::Maybe<uint32_t> Keep(List& list, Make&& make) {
    try {
      list.push_back(make());
      return v8::Just(static_cast<uint32_t>(list.size() - 1));
    } catch (const std::bad_alloc&) {
      ThrowDataCloneError(Ascii(v8_, "The process is out of memory"));
      return v8::Just(uint32_t{0});  // V8 looks for the exception first
    }
  }

  v8::Isolate* v8_;
  v8::Local<v8::Function> error_;
  Shared& shared_;
};

class Reading final : public v8::ValueDeserializer::Delegate {
 public:
  explicit Reading(Shared& shared) : shared_(shared) {}

  v8::MaybeLocal<v8::SharedArrayBuffer> GetSharedArrayBufferFromId(v8::Isolate* v8, uint32_t id) override {
    if (id >= shared_.buffers.size()) return {};
    return v8::SharedArrayBuffer::New(v8, shared_.buffers[id]);
  }

  v8::MaybeLocal<v8::WasmModuleObject> GetWasmModuleFromId(v8::Isolate* v8, uint32_t id) override {
    if (id >= shared_.modules.size()) return {};
    return v8::WasmModuleObject::FromCompiledModule(v8, shared_.modules[id]);
  }

 private:
  Shared& shared_;
};

// Memory that the host lends must stay where the host can take it back.
bool MayTransfer(v8::Isolate* v8, v8::Local<v8::ArrayBuffer> buffer) {
  return buffer->IsDetachable() && !buffer->WasDetached() && !IsLent(v8, buffer);
}

void Detach(v8::Local<v8::ArrayBuffer> buffer) {
#if V8_MAJOR_VERSION >= 11
  [[maybe_unused]] bool done = buffer->Detach(v8::Local<v8::Value>()).FromMaybe(false);
#else
  buffer->Detach();
#endif
}

using Bytes = std::unique_ptr<uint8_t, decltype(&EngineMemory::Free)>;

// What is to be transferred, or an exception.
bool TransferList(v8::Isolate* v8, v8::Local<v8::Array> list, Writing& writing,
                  std::vector<v8::Local<v8::ArrayBuffer>>* buffers) {
  v8::Local<v8::Context> context = v8->GetCurrentContext();
  std::unordered_multimap<int, v8::Local<v8::Value>> seen;  // by hash: there may be very many
  for (uint32_t i = 0; i < list->Length(); ++i) {
    v8::Local<v8::Value> one;
    if (!list->Get(context, i).ToLocal(&one)) return false;
    const char* problem = nullptr;
    if (!one->IsArrayBuffer()) {
      problem = "What is to be transferred is not an ArrayBuffer";
    } else if (!MayTransfer(v8, one.As<v8::ArrayBuffer>())) {
      problem = "An ArrayBuffer cannot be transferred: it is detached, or its memory is not its own";
    }
    int hash = one.As<v8::Object>()->GetIdentityHash();
    for (auto [at, end] = seen.equal_range(hash); at != end; ++at) {
      if (at->second == one) problem = "An ArrayBuffer is to be transferred twice";
    }
    seen.emplace(hash, one);
    if (problem != nullptr) {
      writing.ThrowDataCloneError(Ascii(v8, problem));
      return false;
    }
    buffers->push_back(one.As<v8::ArrayBuffer>());
  }
  return true;
}

}  // namespace

void Clone(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::Isolate* v8 = info.GetIsolate();
  v8::Local<v8::Context> context = v8->GetCurrentContext();
  Shared shared;
  Writing writing(v8, info[2].As<v8::Function>(), shared);
  std::vector<v8::Local<v8::ArrayBuffer>> buffers;
  if (!TransferList(v8, info[1].As<v8::Array>(), writing, &buffers)) return;

  v8::ValueSerializer serializer(v8, &writing);
  serializer.WriteHeader();
  for (uint32_t i = 0; i < buffers.size(); ++i) serializer.TransferArrayBuffer(i, buffers[i]);
  if (!serializer.WriteValue(context, info[0]).FromMaybe(false)) return;
  std::pair<uint8_t*, size_t> written = serializer.Release();
  Bytes bytes(written.first, EngineMemory::Free);

  // Getters of the value's may have detached some meanwhile.
  for (v8::Local<v8::ArrayBuffer> buffer : buffers) {
    if (!MayTransfer(v8, buffer))
      return writing.ThrowDataCloneError(Ascii(v8, "An ArrayBuffer was detached meanwhile"));
  }
  Reading reading(shared);
  v8::ValueDeserializer deserializer(v8, bytes.get(), written.second, &reading);
  for (uint32_t i = 0; i < buffers.size(); ++i) {
    std::shared_ptr<v8::BackingStore> store = buffers[i]->GetBackingStore();
    Detach(buffers[i]);
    deserializer.TransferArrayBuffer(i, v8::ArrayBuffer::New(v8, std::move(store)));
  }
  v8::Local<v8::Value> clone;
  if (deserializer.ReadHeader(context).FromMaybe(false) && deserializer.ReadValue(context).ToLocal(&clone)) {
    info.GetReturnValue().Set(clone);
  }
}

}  // namespace miniracer
