// The yardstick for graphs.c: V8's own ways to take values apart and to make them, under the names of what they stand beside.
#include <libplatform/libplatform.h>
#include <v8.h>

#include <memory>
#include <string>
#include <utility>

#include "cases.h"

namespace {

struct State {
  v8::Isolate* isolate;
  v8::Local<v8::Context> context;
  v8::Local<v8::Value> records;
  std::pair<uint8_t*, size_t> serialized;
  std::string json;
};

[[noreturn]] void Fail(const char* what) {
  fprintf(stderr, "raw_graphs: %s\n", what);
  exit(1);
}

std::pair<uint8_t*, size_t> Serialized(State* state) {
  v8::ValueSerializer serializer(state->isolate);
  serializer.WriteHeader();
  if (!serializer.WriteValue(state->context, state->records).FromMaybe(false)) Fail("serializer");
  return serializer.Release();
}

void Serialize(State* state) { free(Serialized(state).first); }

void Deserialize(State* state) {
  v8::ValueDeserializer deserializer(state->isolate, state->serialized.first, state->serialized.second);
  if (!deserializer.ReadHeader(state->context).FromMaybe(false)) Fail("header");
  if (deserializer.ReadValue(state->context).IsEmpty()) Fail("deserializer");
}

// The text ends up with the host and comes from there, as in graphs.c.
std::string Stringified(State* state) {
  v8::Local<v8::String> json = v8::JSON::Stringify(state->context, state->records).ToLocalChecked();
  v8::String::Utf8Value text(state->isolate, json);
  return std::string(*text, static_cast<size_t>(text.length()));
}

void Stringify(State* state) {
  if (Stringified(state).empty()) Fail("stringify");
}

void Parse(State* state) {
  const std::string& text = state->json;
  v8::Local<v8::String> json =
      v8::String::NewFromUtf8(state->isolate, text.data(), v8::NewStringType::kNormal, static_cast<int>(text.size()))
          .ToLocalChecked();
  if (v8::JSON::Parse(state->context, json).IsEmpty()) Fail("parse");
}

// Every value of a graph through V8's C++ interface: how many there are.
uint64_t Walk(State* state, v8::Local<v8::Value> value) {
  if (!value->IsObject()) return 1;
  v8::Local<v8::Object> object = value.As<v8::Object>();
  uint64_t values = 1;
  if (value->IsArray()) {
    uint32_t length = value.As<v8::Array>()->Length();
    for (uint32_t i = 0; i < length; ++i) {
      v8::HandleScope handles(state->isolate);
      values += Walk(state, object->Get(state->context, i).ToLocalChecked());
    }
    return values;
  }
  v8::Local<v8::Array> names =
      object
          ->GetOwnPropertyNames(state->context, static_cast<v8::PropertyFilter>(v8::ONLY_ENUMERABLE | v8::SKIP_SYMBOLS),
                                v8::KeyConversionMode::kConvertToString)
          .ToLocalChecked();
  for (uint32_t i = 0; i < names->Length(); ++i) {
    v8::HandleScope handles(state->isolate);
    v8::Local<v8::Value> name = names->Get(state->context, i).ToLocalChecked();
    values += Walk(state, object->Get(state->context, name).ToLocalChecked());
  }
  return values;
}

void WalkAll(State* state) {
  if (Walk(state, state->records) < 8) Fail("walk");
}

template <void (*Once)(State*)>
void Repeat(void* data, uint64_t count) {
  auto* state = static_cast<State*>(data);
  while (count-- > 0) {
    v8::HandleScope handles(state->isolate);
    Once(state);
  }
}

void MeasureAll(State* state, const char* records, int count) {
  v8::HandleScope handles(state->isolate);
  char source[400], name[80];
  snprintf(source, sizeof source, RECORDS, count);
  v8::Local<v8::String> text = v8::String::NewFromUtf8(state->isolate, source).ToLocalChecked();
  state->records = v8::Script::Compile(state->context, text).ToLocalChecked()->Run(state->context).ToLocalChecked();
  state->serialized = Serialized(state);
  state->json = Stringified(state);
  const std::pair<const char*, Operation> operations[] = {
      {"graph_encode", Repeat<Serialize>},
      {"graph_decode", Repeat<Deserialize>},
      {"json_stringify", Repeat<Stringify>},
      {"json_parse", Repeat<Parse>},
      {"read property by property", Repeat<WalkAll>},
  };
  for (auto& [operation, run] : operations) {
    snprintf(name, sizeof name, "%s, %s", operation, records);
    Measure(name, run, state);
  }
  free(state->serialized.first);
}

}  // namespace

int main() {
  std::unique_ptr<v8::Platform> platform = v8::platform::NewDefaultPlatform();
  v8::V8::InitializePlatform(platform.get());
  v8::V8::Initialize();
  v8::Isolate::CreateParams parameters;
  parameters.array_buffer_allocator = v8::ArrayBuffer::Allocator::NewDefaultAllocator();
  State state = {};
  state.isolate = v8::Isolate::New(parameters);
  {
    v8::Isolate::Scope inside(state.isolate);
    v8::HandleScope handles(state.isolate);
    state.context = v8::Context::New(state.isolate);
    v8::Context::Scope entered(state.context);
    MeasureAll(&state, "1 record", 1);
    MeasureAll(&state, "10 records", 10);
    MeasureAll(&state, "1,000 records", 1000);
    MeasureAll(&state, "10,000 records", 10000);
  }
  fflush(stdout);
  _Exit(0);
}
