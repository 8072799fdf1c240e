#include "web.h"

#include <errno.h>
#include <sys/random.h>

#include <memory>
#include <string>

#include "clone.h"
#include "encoding.h"
#include "text.h"

namespace miniracer {
namespace {

using Info = v8::FunctionCallbackInfo<v8::Value>;

void Now(const Info& info) { info.GetReturnValue().Set(static_cast<double>(IsolateOf(info).GuestNow()) / 1e6); }

void WallClock(const Info& info) { info.GetReturnValue().Set(IsolateOf(info).GuestWallClock()); }

// ---- Randomness ----

// False: the system gave none, which Linux only does where it is not up yet.
bool Randomize(uint8_t* data, size_t length) {
  while (length > 0) {
    ssize_t got = getrandom(data, length, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    data += got;
    length -= static_cast<size_t>(got);
  }
  return true;
}

void ThrowNoRandomness(v8::Isolate* v8) {
  v8->ThrowException(v8::Exception::Error(Ascii(v8, "the system gave no random bytes")));
}

// Fills a typed array of integers; else says what is wrong with it.
void FillRandomly(const Info& info) {
  v8::Isolate* v8 = info.GetIsolate();
  v8::Local<v8::Value> array = info[0];
  uint8_t* data = nullptr;
  size_t length = 0;
  constexpr size_t kQuota = 65536;
  auto answer = [&](const char* problem) { info.GetReturnValue().Set(Ascii(v8, problem)); };
  if (!array->IsArrayBufferView()) return answer("view");
  bool integers = array->IsInt8Array() || array->IsUint8Array() || array->IsUint8ClampedArray() ||
                  array->IsInt16Array() || array->IsUint16Array() || array->IsInt32Array() || array->IsUint32Array() ||
                  array->IsBigInt64Array() || array->IsBigUint64Array();
  if (!integers) return answer("type");
  if (!BytesOf(array, &data, &length)) return answer("view");
  if (length > kQuota) return answer("quota");
  if (!Randomize(data, length)) ThrowNoRandomness(v8);
}

// RFC 9562, version 4.
void RandomUuid(const Info& info) {
  uint8_t bytes[16];
  if (!Randomize(bytes, sizeof bytes)) return ThrowNoRandomness(info.GetIsolate());
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3f) | 0x80);
  std::string text;
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += "0123456789abcdef"[bytes[i] >> 4];
    text += "0123456789abcdef"[bytes[i] & 0x0f];
  }
  info.GetReturnValue().Set(Ascii(info.GetIsolate(), text));
}

// ---- URLs ----

// Bytes, given as the characters of a string, as UTF-8.
void DecodeUtf8(const Info& info) {
  auto string = info[0].As<v8::String>();
  std::string bytes(static_cast<size_t>(string->Length()), '\0');
  v8::Isolate* v8 = info.GetIsolate();
  if (!bytes.empty()) WriteOneByte(v8, string, reinterpret_cast<uint8_t*>(bytes.data()), string->Length());
  v8::Local<v8::String> text;
  bool made = v8::String::NewFromUtf8(v8, bytes.data(), v8::NewStringType::kNormal, static_cast<int>(bytes.size()))
                  .ToLocal(&text);
  if (made) info.GetReturnValue().Set(text);
}

v8::MaybeLocal<v8::Value> HostsArgument(Isolate& isolate) {
  v8::Local<v8::Object> natives = v8::Object::New(isolate.v8());
  AddNative<DecodeUtf8>(isolate, natives, "utf8");
  return natives;
}

v8::MaybeLocal<v8::Value> ParserArgument(Isolate& isolate) {
  return HiddenTool(isolate, "url_hosts", HostsArgument).FromMaybe(v8::Local<v8::Object>());
}

// An operation of url_parser.js, on strings and on records that only the class URL sees.
void Url(const Info& info) {
  v8::Isolate* v8 = info.GetIsolate();
  Isolate& isolate = IsolateOf(info);
  v8::Local<v8::Object> parser;
  v8::Local<v8::Value> result, arguments[4];
  int count = std::min(info.Length(), 4);
  for (int i = 0; i < count; ++i) arguments[i] = info[i];
  if (HiddenTool(isolate, "url_parser", ParserArgument).ToLocal(&parser) &&
      CallHidden(isolate, parser, count, arguments).ToLocal(&result)) {
    return info.GetReturnValue().Set(result);
  }
  if (isolate.limits.ending() == MINIRACER_OK) {
    v8->ThrowException(v8::Exception::RangeError(Ascii(v8, "Maximum call stack size exceeded")));
  }
}

v8::MaybeLocal<v8::Value> RunWith(Scope& scope, const char* script, int count, v8::Local<v8::Value> arguments[]) {
  v8::Local<v8::Value> function;
  if (!RunOwnScript(scope.isolate, script).ToLocal(&function)) return {};
  return function.As<v8::Function>()->Call(scope.context, v8::Undefined(scope.v8), count, arguments);
}

}  // namespace

bool InstallWeb(Scope& scope) {
  Isolate& isolate = scope.isolate;
  v8::Local<v8::Object> natives = v8::Object::New(scope.v8), parser;
  if (!HiddenTool(isolate, "url_parser", ParserArgument).ToLocal(&parser)) return false;
  AddNative<Now>(isolate, natives, "now");
  AddNative<WallClock>(isolate, natives, "wallClock");
  AddNative<FillRandomly>(isolate, natives, "randomize");
  AddNative<RandomUuid>(isolate, natives, "randomUUID");
  AddNative<Clone>(isolate, natives, "clone");
  AddNative<Url>(isolate, natives, "url");
  AddEncodingNatives(isolate, natives);
  v8::Local<v8::Value> arguments[3] = {natives}, nothing;  // natives, what web.js gives, what events.js gives
  if (!RunWith(scope, "web", 0, nullptr).ToLocal(&arguments[1])) return false;
  if (!RunWith(scope, "events", 2, arguments).ToLocal(&arguments[2])) return false;
  for (const char* script : {"encoding", "url", "utilities"}) {
    if (!RunWith(scope, script, 3, arguments).ToLocal(&nothing)) return false;
  }
  return true;
}

}  // namespace miniracer
