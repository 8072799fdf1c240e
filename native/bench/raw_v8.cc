// The yardstick: the same work written against V8's C++ interface, with nothing of ours in between.
#include <libplatform/libplatform.h>
#include <setjmp.h>
#include <v8.h>

#include <memory>

#include "cases.h"

namespace {

struct State {
  v8::Isolate* isolate;
  v8::Global<v8::Context> context;
  v8::Global<v8::Function> add;
  v8::Global<v8::Function> loop;
};

[[noreturn]] void Fail(const char* what) {
  fprintf(stderr, "raw_v8: %s\n", what);
  exit(1);
}

v8::Local<v8::Value> Run(State* state, const char* source) {
  v8::Isolate* isolate = state->isolate;
  v8::Local<v8::Context> context = state->context.Get(isolate);
  v8::Local<v8::String> text = v8::String::NewFromUtf8(isolate, source).ToLocalChecked();
  return v8::Script::Compile(context, text).ToLocalChecked()->Run(context).ToLocalChecked();
}

// What a careful embedder writes for one call: scopes, a TryCatch, arguments in, a number out.
void CallOnce(State* state) {
  v8::Isolate* isolate = state->isolate;
  v8::HandleScope handles(isolate);
  v8::Local<v8::Context> context = state->context.Get(isolate);
  v8::Context::Scope entered(context);
  v8::TryCatch caught(isolate);
  v8::Local<v8::Value> arguments[] = {v8::Integer::New(isolate, 1), v8::Integer::New(isolate, 2)};
  v8::Local<v8::Value> result;
  bool done = state->add.Get(isolate)->Call(context, v8::Undefined(isolate), 2, arguments).ToLocal(&result);
  if (!done || !result->IsInt32() || result.As<v8::Int32>()->Value() != 3) Fail("f(1, 2) is not 3");
}

void EvaluateOnce(State* state) {
  v8::Isolate* isolate = state->isolate;
  v8::HandleScope handles(isolate);
  v8::Context::Scope entered(state->context.Get(isolate));
  v8::TryCatch caught(isolate);
  if (Run(state, "1+1").As<v8::Int32>()->Value() != 2) Fail("1+1 is not 2");
}

void CallHeld(void* state, uint64_t count) {
  while (count-- > 0) CallOnce(static_cast<State*>(state));
}
void CallLocked(void* data, uint64_t count) {
  auto* state = static_cast<State*>(data);
  while (count-- > 0) {
    v8::Locker locker(state->isolate);
    v8::Isolate::Scope inside(state->isolate);
    CallOnce(state);
  }
}
void EvaluateHeld(void* state, uint64_t count) {
  while (count-- > 0) EvaluateOnce(static_cast<State*>(state));
}
void EvaluateLocked(void* data, uint64_t count) {
  auto* state = static_cast<State*>(data);
  while (count-- > 0) {
    v8::Locker locker(state->isolate);
    v8::Isolate::Scope inside(state->isolate);
    EvaluateOnce(state);
  }
}
// What marks a call of the interface as the place to come back to.
void Mark(void*, uint64_t count) {
  static jmp_buf place;
  while (count-- > 0) {
    if (_setjmp(place) != 0) Fail("nobody jumps here");
    __asm__ volatile("" ::: "memory");
  }
}
void Callback(const v8::FunctionCallbackInfo<v8::Value>& info) {
  info.GetReturnValue().Set(info[0].As<v8::Int32>()->Value() + 1);
}
void CallbackLoop(void* data, uint64_t count) {
  auto* state = static_cast<State*>(data);
  v8::Isolate* isolate = state->isolate;
  v8::HandleScope handles(isolate);
  v8::Local<v8::Context> context = state->context.Get(isolate);
  v8::Local<v8::Value> n = v8::Number::New(isolate, static_cast<double>(count));
  if (state->loop.Get(isolate)->Call(context, v8::Undefined(isolate), 1, &n).IsEmpty()) Fail("loop");
}
void NewContext(void* data, uint64_t count) {
  auto* state = static_cast<State*>(data);
  while (count-- > 0) {
    v8::HandleScope handles(state->isolate);
    if (v8::Context::New(state->isolate).IsEmpty()) Fail("context");
  }
}
void NewIsolate(void*, uint64_t count) {
  while (count-- > 0) {
    std::unique_ptr<v8::ArrayBuffer::Allocator> allocator(v8::ArrayBuffer::Allocator::NewDefaultAllocator());
    v8::Isolate::CreateParams parameters;
    parameters.array_buffer_allocator = allocator.get();
    v8::Isolate* isolate = v8::Isolate::New(parameters);
    {
      v8::Isolate::Scope inside(isolate);
      v8::HandleScope handles(isolate);
      if (v8::Context::New(isolate).IsEmpty()) Fail("context");
    }
    isolate->Dispose();
  }
}

State* NewState() {
  v8::Isolate::CreateParams parameters;
  parameters.array_buffer_allocator = v8::ArrayBuffer::Allocator::NewDefaultAllocator();
  auto* state = new State;
  state->isolate = v8::Isolate::New(parameters);
  return state;
}

void Fill(State* state) {
  v8::Isolate* isolate = state->isolate;
  v8::HandleScope handles(isolate);
  v8::Local<v8::Context> context = v8::Context::New(isolate);
  v8::Context::Scope entered(context);
  state->context.Reset(isolate, context);
  state->add.Reset(isolate, Run(state, "(function (a, b) { return a + b; })").As<v8::Function>());
  v8::Local<v8::Function> callback = v8::Function::New(context, Callback).ToLocalChecked();
  context->Global()->Set(context, v8::String::NewFromUtf8Literal(isolate, "host"), callback).Check();
  const char* loop = "(function (n) { let x = 0; for (let i = 0; i < n; i++) x = host(x); return x; })";
  state->loop.Reset(isolate, Run(state, loop).As<v8::Function>());
}

}  // namespace

int main() {
  std::unique_ptr<v8::Platform> platform = v8::platform::NewDefaultPlatform();
  v8::V8::InitializePlatform(platform.get());
  v8::V8::Initialize();
  // An isolate that ever saw a v8::Locker wants one always, so the held cases have one of their own.
  State* held = NewState();
  {
    v8::Isolate::Scope inside(held->isolate);
    Fill(held);
    Measure("call, isolate held", CallHeld, held);
    Measure("evaluate, isolate held", EvaluateHeld, held);
    Measure("callback", CallbackLoop, held);
    Measure("new context", NewContext, held);
  }
  State* locked = NewState();
  {
    v8::Locker locker(locked->isolate);
    v8::Isolate::Scope inside(locked->isolate);
    Fill(locked);
  }
  Measure("call", CallLocked, locked);
  Measure("evaluate", EvaluateLocked, locked);
  Measure("new isolate and context", NewIsolate, nullptr);
  Measure("mark to come back to", Mark, nullptr);
  fflush(stdout);
  _Exit(0);
}
