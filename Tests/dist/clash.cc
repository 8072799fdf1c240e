// clash LIBRARY SOURCE: a host that has Debian's libnode in its global scope and runs V8 itself. It opens LIBRARY too, and
// both engines go on working.
#include <libplatform/libplatform.h>
#include <v8.h>

#include <memory>

#include "evaluate.h"

static int run(v8::Isolate* isolate, v8::Local<v8::Context> context, const char* source) {
  auto text = v8::String::NewFromUtf8(isolate, source).ToLocalChecked();
  auto script = v8::Script::Compile(context, text).ToLocalChecked();
  return script->Run(context).ToLocalChecked()->Int32Value(context).FromJust();
}

int main(int count, char** arguments) {
  if (count != 3) return 64;
  auto platform = v8::platform::NewDefaultPlatform();
  v8::V8::InitializePlatform(platform.get());
  v8::V8::Initialize();
  v8::Isolate::CreateParams parameters;
  std::unique_ptr<v8::ArrayBuffer::Allocator> allocator(v8::ArrayBuffer::Allocator::NewDefaultAllocator());
  parameters.array_buffer_allocator = allocator.get();
  v8::Isolate* isolate = v8::Isolate::New(parameters);
  {
    v8::Isolate::Scope entered(isolate);
    v8::HandleScope handles(isolate);
    auto context = v8::Context::New(isolate);
    v8::Context::Scope inside(context);
    const int before = run(isolate, context, "var seen = 1; seen");
    int ours = 0;
    if (int problem = evaluate(arguments[1], arguments[2], &ours)) return problem;
    const int after = run(isolate, context, "seen + 1");
    std::printf("%d %d %d\n", before, ours, after);
  }
  isolate->Dispose();
  return 0;
}
