#include "buffers.h"

#include <string.h>

#include <memory>
#include <string>

#include "host_code.h"
#include "text.h"
#include "values.h"

namespace miniracer {

// ---- Memory that is lent ----

namespace {

constexpr uint64_t kMostBytes = (uint64_t{1} << 53) - 1;  // ECMA-262 ToIndex
constexpr uintptr_t kAlignment = 8;                       // of the widest element: Atomics need it

// What the calling thread gathers while it frees a miniracer_buffer; null: it does not.
thread_local Letter** gathered __attribute__((tls_model("initial-exec"))) = nullptr;

// Tells the host, on a thread that may hold the lock of an isolate: then it is told as it leaves.
void Finalize(const Finalizer& finalizer) {
  if (top_stay != nullptr) {
    top_stay->slot->isolate->finalizers.push_back(finalizer);
  } else {
    CallHost(finalizer.finalize, finalizer.userdata);
  }
}

// V8's deleter. Any thread of V8's may be here, in the middle of a collection.
void GiveBack(void*, size_t, void* data) {
  auto* lent = static_cast<Letter*>(data);
  std::shared_ptr<Mailbox> mailbox = std::move(lent->mailbox);
  mailbox->Return(lent);
  Finalizer finalizer = lent->finalizer;
  if (finalizer.finalize == nullptr) {
    delete lent;
  } else if (gathered != nullptr) {
    lent->next = *gathered;
    *gathered = lent;
  } else if (!mailbox->Post(lent)) {
    delete lent;
    Finalize(finalizer);
  }
}

v8::Local<v8::Private> LentMark(v8::Isolate* v8) { return v8::Private::ForApi(v8, Ascii(v8, "miniracer:lent")); }

v8::Local<v8::Value> DetachKey(v8::Isolate* v8) { return v8::Symbol::ForApi(v8, Ascii(v8, "miniracer:lent")); }

}  // namespace

bool IsLent(v8::Isolate* v8, v8::Local<v8::ArrayBuffer> buffer) {
  return buffer->HasPrivate(v8->GetCurrentContext(), LentMark(v8)).FromMaybe(true);
}

// ---- Opening ----

namespace {

// The host sees its first part.
struct OpenedBuffer : miniracer_buffer {
  explicit OpenedBuffer(std::shared_ptr<BufferAllocator> of) : miniracer_buffer{}, allocator(std::move(of)) {
    allocator->Open();
  }
  ~OpenedBuffer() {
    store.reset();
    allocator->Close();
  }
  const std::shared_ptr<BufferAllocator> allocator;
  std::shared_ptr<v8::BackingStore> store;
};

struct Element {
  bool (*is)(v8::Local<v8::Value> value);
  uint32_t size;
};

template <auto kQuestion>
bool Is(v8::Local<v8::Value> value) {
  return ((*value)->*kQuestion)();
}

// By MINIRACER_ELEMENT_*.
constexpr Element kElements[] = {
    {Is<&v8::Value::IsDataView>, 1},      {Is<&v8::Value::IsInt8Array>, 1},
    {Is<&v8::Value::IsUint8Array>, 1},    {Is<&v8::Value::IsUint8ClampedArray>, 1},
    {Is<&v8::Value::IsInt16Array>, 2},    {Is<&v8::Value::IsUint16Array>, 2},
    {Is<&v8::Value::IsInt32Array>, 4},    {Is<&v8::Value::IsUint32Array>, 4},
    {Is<&v8::Value::IsFloat32Array>, 4},  {Is<&v8::Value::IsFloat64Array>, 8},
    {Is<&v8::Value::IsBigInt64Array>, 8}, {Is<&v8::Value::IsBigUint64Array>, 8},
#if V8_MAJOR_VERSION >= 13
    {Is<&v8::Value::IsFloat16Array>, 2},
#endif
};
constexpr uint32_t kElementCount = sizeof kElements / sizeof *kElements;

bool IsAnyBuffer(v8::Local<v8::Value> value) { return value->IsArrayBuffer() || value->IsSharedArrayBuffer(); }

// A view's buffer. V8 types shared ones as ArrayBuffers as well; they answer the questions asked here alike.
struct View {
  v8::Local<v8::ArrayBuffer> buffer;
  uint64_t byte_offset;
  uint64_t byte_length;
};

bool FindView(v8::Local<v8::Object> object, View* view) {
  if (object->IsArrayBufferView()) {
    auto from = object.As<v8::ArrayBufferView>();
    *view = {from->Buffer(), from->ByteOffset(), from->ByteLength()};
    return true;
  }
  if (object->IsWasmMemoryObject()) {
    view->buffer = object.As<v8::WasmMemoryObject>()->Buffer();
  } else if (object->IsArrayBuffer()) {
    view->buffer = object.As<v8::ArrayBuffer>();
  } else if (object->IsSharedArrayBuffer()) {
    view->buffer = v8::Local<v8::Object>(object).As<v8::ArrayBuffer>();
  } else {
    return false;
  }
  view->byte_offset = 0;
  view->byte_length = view->buffer->ByteLength();
  return true;
}

uint32_t ElementOf(v8::Local<v8::Object> object) {
  for (uint32_t element = 1; element < kElementCount; ++element) {
    if (kElements[element].is(object)) return element;
  }
  return MINIRACER_ELEMENT_NONE;
}

uint32_t BufferSubtype(v8::Local<v8::Object> object, bool shared) {
  if (object->IsDataView()) return MINIRACER_OBJECT_DATA_VIEW;
  if (object->IsTypedArray()) return MINIRACER_OBJECT_TYPED_ARRAY;
  return shared ? MINIRACER_OBJECT_SHARED_ARRAY_BUFFER : MINIRACER_OBJECT_ARRAY_BUFFER;
}

}  // namespace

miniracer_status OpenBuffer(Scope& scope, miniracer_handle handle, miniracer_buffer** buffer) {
  v8::Local<v8::Object> object;
  if (miniracer_status status = ResolveObject(scope, handle, "object", &object); status != MINIRACER_OK) return status;
  View view;
  if (!FindView(object, &view)) {
    return scope.Fail(MINIRACER_WRONG_TYPE, "object: an ArrayBuffer, a view of one or a WebAssembly.Memory is needed");
  }
  static char nothing[kAlignment];  // what buffers of no bytes point to
  auto opened = std::make_unique<OpenedBuffer>(scope.isolate.buffers());
  opened->struct_size = sizeof(miniracer_buffer);
  bool shared = v8::Local<v8::Value>(view.buffer)->IsSharedArrayBuffer();
  opened->subtype = BufferSubtype(object, shared);
  opened->element = ElementOf(object);
  if (shared) opened->flags |= MINIRACER_BUFFER_SHARED;
  if (!shared && view.buffer->WasDetached()) {
    opened->flags |= MINIRACER_BUFFER_DETACHED;
    *buffer = opened.release();
    return MINIRACER_OK;
  }
  opened->store = view.buffer->GetBackingStore();
  if (IsResizable(*opened->store)) {
    return scope.Fail(MINIRACER_NOT_SUPPORTED, "object: its buffer is resizable, and memory that is there may go");
  }
  auto* data = static_cast<char*>(opened->store->Data());
  opened->data = data == nullptr ? nothing : data + view.byte_offset;
  opened->byte_length = view.byte_length;
  opened->byte_offset = view.byte_offset;
  opened->length = view.byte_length / kElements[opened->element].size;
  *buffer = opened.release();
  return MINIRACER_OK;
}

void FreeBuffer(miniracer_buffer* buffer) {
  Letter* over = nullptr;
  Letter** outer = gathered;
  gathered = &over;
  delete static_cast<OpenedBuffer*>(buffer);
  gathered = outer;
  if (over == nullptr) return;  // a buffer has one memory, and so at most one letter
  Finalizer finalizer = over->finalizer;
  delete over;
  Finalize(finalizer);
}

// ---- Making ----

namespace {

void FreeOurs(void* data, size_t length, void* allocator) {
  auto* ours = static_cast<std::shared_ptr<BufferAllocator>*>(allocator);
  (*ours)->Free(data, length);
  delete ours;
}

std::unique_ptr<v8::BackingStore> Wrap(bool shared, void* data, size_t length,
                                       v8::BackingStore::DeleterCallback deleter, void* deleter_data) {
  return shared ? v8::SharedArrayBuffer::NewBackingStore(data, length, deleter, deleter_data)
                : v8::ArrayBuffer::NewBackingStore(data, length, deleter, deleter_data);
}

}  // namespace

std::unique_ptr<v8::BackingStore> Allocate(Scope& scope, bool shared, uint64_t length, const void* copied) {
  auto allocator = std::make_unique<std::shared_ptr<BufferAllocator>>(scope.isolate.buffers());
  auto allocate = [&] {
    return copied == nullptr ? (*allocator)->Allocate(length) : (*allocator)->AllocateUninitialized(length);
  };
  void* data = allocate();
  if (data == nullptr) {  // what garbage holds may do
    scope.v8->LowMemoryNotification();
    data = allocate();
  }
  if (data == nullptr) return nullptr;
  if (copied != nullptr && length != 0) memcpy(data, copied, length);
  return Wrap(shared, data, length, FreeOurs, allocator.release());
}

miniracer_status NewArrayBuffer(Scope& scope, const miniracer_buffer_options& options, miniracer_value* result) {
  if (options.length > kMostBytes) {
    return scope.Fail(MINIRACER_TOO_LARGE, "options.length: " + std::to_string(options.length) +
                                               " bytes, a buffer can have " + std::to_string(kMostBytes));
  }
  bool shared = (options.flags & MINIRACER_BUFFER_NEW_SHARED) != 0;
  bool lent = options.data != nullptr && (options.flags & MINIRACER_BUFFER_NEW_COPY) == 0;
  auto address = reinterpret_cast<uintptr_t>(options.data);
  if (address + options.length < address) {
    return scope.Fail(MINIRACER_INVALID_ARGUMENT, "options.length: more bytes than there are behind data");
  }
  if (lent && address % kAlignment != 0) {
    return scope.Fail(MINIRACER_INVALID_ARGUMENT,
                      "options.data: lent memory must begin at a multiple of 8; this can be copied");
  }
  std::shared_ptr<v8::BackingStore> store;
  Letter* letter = nullptr;
  if (lent && options.finalize != nullptr) {
    auto made = std::make_unique<Letter>();
    made->mailbox = scope.isolate.mailbox;
    letter = made.release();
    letter->mailbox->Lend(letter);
    store = Wrap(shared, options.data, options.length, GiveBack, letter);
  } else if (lent) {
    store = Wrap(shared, options.data, options.length, v8::BackingStore::EmptyDeleter, nullptr);
  } else {
    store = Allocate(scope, shared, options.length, options.data);
    if (store == nullptr) {
      return scope.Fail(MINIRACER_OUT_OF_MEMORY,
                        "options.length: there is no room for " + std::to_string(options.length) + " bytes");
    }
  }
  v8::Local<v8::Object> made;
  if (shared) {
    made = v8::SharedArrayBuffer::New(scope.v8, store);
  } else {
    auto buffer = v8::ArrayBuffer::New(scope.v8, store);
    if (lent) {
      SetDetachKey(buffer, DetachKey(scope.v8));
      auto mark = buffer->SetPrivate(scope.context, LentMark(scope.v8), v8::True(scope.v8));
      if (!mark.FromMaybe(false)) return scope.Fail(MINIRACER_OUT_OF_MEMORY, "V8 has no room for the buffer");
    }
    made = buffer;
  }
  if (miniracer_status status = ToHost(scope, made, result); status != MINIRACER_OK) return status;
  if (letter != nullptr) {
    letter->finalizer = {options.userdata, options.finalize};
  } else if (options.finalize != nullptr) {
    scope.isolate.finalizers.push_back({options.userdata, options.finalize});  // nothing was lent, or it is not missed
  }
  return MINIRACER_OK;
}

miniracer_status DetachArrayBuffer(Scope& scope, miniracer_handle handle) {
  v8::Local<v8::Object> object;
  if (miniracer_status status = ResolveObject(scope, handle, "buffer", &object); status != MINIRACER_OK) return status;
  if (!object->IsArrayBuffer()) return scope.Fail(MINIRACER_WRONG_TYPE, "buffer: an ArrayBuffer is needed");
  auto buffer = object.As<v8::ArrayBuffer>();
  if (buffer->WasDetached()) return MINIRACER_OK;
  v8::Local<v8::Value> key;
  if (IsLent(scope.v8, buffer)) key = DetachKey(scope.v8);
  if (!buffer->IsDetachable() || !Detach(buffer, key)) {
    return scope.Fail(MINIRACER_WRONG_TYPE, "buffer: this one cannot be detached, as WebAssembly's");
  }
  return MINIRACER_OK;
}

namespace {

template <class Array, class Buffer>
v8::Local<v8::Object> Make(v8::Local<Buffer> buffer, size_t offset, size_t length) {
  return Array::New(buffer, offset, length);
}

template <class Buffer>
v8::Local<v8::Object> MakeView(v8::Local<Buffer> buffer, uint32_t element, size_t offset, size_t length) {
  using Maker = v8::Local<v8::Object> (*)(v8::Local<Buffer>, size_t, size_t);
  constexpr Maker kMakers[] = {
      Make<v8::DataView, Buffer>,          Make<v8::Int8Array, Buffer>,     Make<v8::Uint8Array, Buffer>,
      Make<v8::Uint8ClampedArray, Buffer>, Make<v8::Int16Array, Buffer>,    Make<v8::Uint16Array, Buffer>,
      Make<v8::Int32Array, Buffer>,        Make<v8::Uint32Array, Buffer>,   Make<v8::Float32Array, Buffer>,
      Make<v8::Float64Array, Buffer>,      Make<v8::BigInt64Array, Buffer>, Make<v8::BigUint64Array, Buffer>,
#if V8_MAJOR_VERSION >= 13
      Make<v8::Float16Array, Buffer>,
#endif
  };
  static_assert(sizeof kMakers / sizeof *kMakers == kElementCount);
  return kMakers[element](buffer, offset, length);
}

}  // namespace

miniracer_status NewTypedArray(Scope& scope, miniracer_handle handle, uint32_t element, uint64_t byte_offset,
                               uint64_t length, miniracer_value* result) {
  v8::Local<v8::Object> object;
  if (miniracer_status status = ResolveObject(scope, handle, "buffer", &object); status != MINIRACER_OK) return status;
  if (!IsAnyBuffer(object)) {
    return scope.Fail(MINIRACER_WRONG_TYPE, "buffer: an ArrayBuffer or SharedArrayBuffer is needed");
  }
  if (element > MINIRACER_ELEMENT_FLOAT16) {
    return scope.Fail(MINIRACER_INVALID_ARGUMENT, "element: unknown number " + std::to_string(element));
  }
  if (element >= kElementCount) return scope.Fail(MINIRACER_NOT_SUPPORTED, "element: this engine has no Float16Array");
  bool shared = object->IsSharedArrayBuffer();
  if (!shared && object.As<v8::ArrayBuffer>()->WasDetached()) {
    return scope.Fail(MINIRACER_WRONG_TYPE, "buffer: it is detached");
  }
  uint64_t have =
      shared ? object.As<v8::SharedArrayBuffer>()->ByteLength() : object.As<v8::ArrayBuffer>()->ByteLength();
  uint64_t size = kElements[element].size;
  if (byte_offset % size != 0) {
    return scope.Fail(MINIRACER_INVALID_ARGUMENT, "byte_offset: not a multiple of " + std::to_string(size));
  }
  if (byte_offset > have || length > (have - byte_offset) / size) {
    return scope.Fail(MINIRACER_INVALID_ARGUMENT,
                      "length: the buffer has no more than " + std::to_string(have) + " bytes");
  }
  if (element != MINIRACER_ELEMENT_NONE && length > v8::TypedArray::kMaxLength) {
    return scope.Fail(MINIRACER_TOO_LARGE,
                      "length: a typed array can have " + std::to_string(v8::TypedArray::kMaxLength) + " elements");
  }
  auto made = shared ? MakeView(object.As<v8::SharedArrayBuffer>(), element, byte_offset, length)
                     : MakeView(object.As<v8::ArrayBuffer>(), element, byte_offset, length);
  return ToHost(scope, made, result);
}

}  // namespace miniracer
