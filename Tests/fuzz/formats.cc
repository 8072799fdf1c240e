// What reads bytes of the guest's or of a build tool's: source maps, URLs, text decoders, base64, JSON, modules with their
// import attributes, console's formats. The first byte chooses; each has something that must be so.
#include <string>
#include <vector>

#include "fuzz.h"

namespace {

using namespace fuzz;

// Each throws an Error named Broken where what must be so is not, and whatever it likes where the input is refused.
const char kChecks[] = R"js(
class Broken extends Error { name = 'Broken' }
const same = (a, b, what) => { if (a !== b) throw new Broken(`${what}: ${JSON.stringify(a)} is not ${JSON.stringify(b)}`); };
const checks = {
  url(text, base, part) {
    const url = base === '' ? new URL(text) : new URL(text, base);
    const opaque = !url.pathname.startsWith('/') && url.pathname.endsWith(' ');
    if (!opaque) same(new URL(url.href).href, url.href, 'href, read again');
    for (const name of ['protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash']) {
      url[name] = part;
      if (!/ $/.test(url.pathname)) same(new URL(url.href).href, url.href, name + ', set');
    }
    url.searchParams.append(part, text);
    same(url.searchParams.get(part) !== null, true, 'a parameter');
  },
  search(text) {
    const first = new URLSearchParams(text), again = new URLSearchParams(first.toString());
    same(JSON.stringify([...again]), JSON.stringify([...first]), 'parameters, read again');
    first.sort();
    same([...first].length, [...again].length, 'parameters, sorted');
  },
  decode(label, options, cut, bytes) {
    const whole = new TextDecoder(label, options).decode(bytes);
    const pieces = new TextDecoder(label, options);
    const at = Math.min(cut, bytes.byteLength);
    const text = pieces.decode(bytes.subarray(0, at), { stream: true }) + pieces.decode(bytes.subarray(at), { stream: true }) +
      pieces.decode();
    same(text, whole, 'text in pieces');
    if (options.fatal && options.ignoreBOM && pieces.encoding === 'utf-8') {
      same(String(new TextEncoder().encode(whole)), String(bytes), 'encoded again');
    }
  },
  encode(text) {
    const bytes = new TextEncoder().encode(text), into = new Uint8Array(bytes.length);
    const { read, written } = new TextEncoder().encodeInto(text, into);
    same(read, text.length, 'read');
    same(written, bytes.length, 'written');
    same(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd'), 'text');
    new TextEncoder().encodeInto(text, into.subarray(0, bytes.length >> 1));
  },
  base64(text) {
    const bytes = atob(text);
    same(atob(btoa(bytes)), bytes, 'bytes');
  },
  clone(text) {
    const value = JSON.parse(text);
    same(JSON.stringify(structuredClone(value)), JSON.stringify(value), 'a clone');
  },
  log(text, a, b) { console.log(text, a, b, [a], { b }); console.table([[a], { b }]); console.group(text); },
};
for (const name of Object.keys(checks)) globalThis[name] = checks[name];
)js";

miniracer_isolate isolate;
miniracer_context context;
int runs;

int32_t Say(void*, miniracer_call*) { return 0; }

miniracer_status Evaluate(miniracer_context in, const std::string& source, const std::string* map,
                          miniracer_value* result, miniracer_error** error) {
  std::string name = "https://example.com/made/main.js";
  miniracer_script script{};
  script.struct_size = sizeof script;
  script.source = AnyText(source);
  script.name = Text(name);
  if (map != nullptr) script.source_map = AnyText(*map);
  return miniracer_context_evaluate(in, &script, nullptr, result, error);
}

// As a guest may end: on a slow machine a format takes longer than its time.
bool IsDead() {
  miniracer_heap_statistics statistics{};
  statistics.struct_size = sizeof statistics;
  return miniracer_isolate_get_heap_statistics(isolate, &statistics) == MINIRACER_ENGINE_DEAD;
}

void Renew() {
  if (isolate != 0 && ++runs % 500 != 0 && !IsDead()) return;
  if (isolate != 0) REQUIRE(miniracer_isolate_dispose(isolate) == MINIRACER_OK, "");
  isolate = NewIsolate({.timeout = 500 * kMillisecond, .memory = 64 << 20});
  miniracer_context_options options{};
  options.struct_size = sizeof options;
  options.flags = MINIRACER_CONTEXT_WEB | MINIRACER_CONTEXT_CONSOLE;
  options.console = Say;
  REQUIRE(miniracer_context_new(isolate, &options, &context, nullptr) == MINIRACER_OK, "no context");
  Owned ignored;
  REQUIRE(Evaluate(context, kChecks, nullptr, &ignored, nullptr) == MINIRACER_OK, "the checks do not compile");
}

// Calls one of the checks.
void Check(const std::string& name, const std::vector<miniracer_value>& arguments) {
  Owned global, result;
  REQUIRE(miniracer_context_get_global(context, &global, nullptr) == MINIRACER_OK, "");
  miniracer_value key = Text(name);
  miniracer_error* error = nullptr;
  miniracer_status status = miniracer_object_call(context, global.as.handle, &key, arguments.data(),
                                                  static_cast<uint32_t>(arguments.size()), nullptr, &result, &error);
  if (error != nullptr && error->name.tag == MINIRACER_STRING && Copy(error->name) == "Broken") {
    REQUIRE(false, name + ": " + Copy(error->message));
  }
  CheckRecord(status, error);
  REQUIRE(IsEnd(status) || status == MINIRACER_TOO_LARGE, miniracer_status_name(status));
}

void Decode(Input& input) {
  static const char* const labels[] = {"utf-8", "utf-16le", "utf-16be", "latin1", "iso-8859-2", "ascii", "shift_jis"};
  uint8_t flags = input.Byte();
  std::string label = labels[flags % 7], bytes;
  if ((flags & 128) != 0) label = input.Piece();
  miniracer_value cut = Int32(input.Byte());
  bytes = input.Rest();
  bytes.reserve(8);  // lent memory lies at a multiple of 8 bytes: copied, so this need not
  Owned options, buffer, array;
  std::string fatal = "fatal", ignore = "ignoreBOM";
  REQUIRE(miniracer_object_new(context, &options, nullptr) == MINIRACER_OK, "");
  for (auto [key, bit] : {std::pair(&fatal, 32), std::pair(&ignore, 64)}) {
    miniracer_value name = Text(*key), truth = Int32((flags & bit) != 0);
    REQUIRE(miniracer_object_set(context, options.as.handle, &name, &truth, nullptr, nullptr) == MINIRACER_OK, "");
  }
  miniracer_buffer_options memory{};
  memory.struct_size = sizeof memory;
  memory.flags = MINIRACER_BUFFER_NEW_COPY;
  memory.data = bytes.data();
  memory.length = bytes.size();
  REQUIRE(miniracer_array_buffer_new(context, &memory, &buffer, nullptr) == MINIRACER_OK, "");
  REQUIRE(miniracer_typed_array_new(context, buffer.as.handle, MINIRACER_ELEMENT_UINT8, 0, bytes.size(), &array,
                                    nullptr) == MINIRACER_OK,
          "");
  Check("decode", {AnyText(label), options, cut, array});
}

// A script that throws in several places, and its map.
void SourceMaps(Input& input) {
  std::string map = input.Rest();
  Owned ignored;
  miniracer_error* error = nullptr;
  miniracer_status status =
      Evaluate(context,
               "function f(n) {\n  if (n > 0) { return f(n - 1); }\n\n  throw new Error('far');\n}\n"
               "try { f(1) } catch (e) { String(e.stack) }  f(2); // and so on",
               &map, &ignored, &error);
  CheckRecord(status, error);
  REQUIRE(status == MINIRACER_EXCEPTION || status == MINIRACER_INVALID_ARGUMENT, miniracer_status_name(status));
}

void Json(Input& input) {
  std::string text = input.Rest();
  miniracer_value given = AnyText(text);
  Owned value, written, again, twice;
  miniracer_error* error = nullptr;
  miniracer_status status = miniracer_json_parse(context, &given, &value, &error);
  CheckRecord(status, error);
  REQUIRE(IsEnd(status) || status == MINIRACER_SYNTAX_ERROR, miniracer_status_name(status));
  if (status != MINIRACER_OK) return;
  if (miniracer_json_stringify(context, &value, 1, nullptr, &written, nullptr) != MINIRACER_OK) return;
  REQUIRE(miniracer_json_parse(context, &written, &again, nullptr) == MINIRACER_OK, "what was written is no JSON");
  REQUIRE(miniracer_json_stringify(context, &again, 1, nullptr, &twice, nullptr) == MINIRACER_OK, "");
  REQUIRE(Copy(written) == Copy(twice), "written twice it is not the same");
}

// Modules by number, as a loader gives them.
struct Sources {
  std::vector<std::string> texts;
  std::vector<std::string> types;
};

int32_t Load(void* userdata, miniracer_call* call) {
  const auto* sources = static_cast<const Sources*>(userdata);
  std::string url =
      call->argument_count > 0 && call->arguments[0].tag == MINIRACER_STRING ? Copy(call->arguments[0]) : "";
  size_t number = url.empty() ? 0 : static_cast<uint8_t>(url.back());
  if (sources->texts.empty() || number % 5 == 4) return 1;
  miniracer_value source = AnyText(sources->texts[number % sources->texts.size()]);
  if (number % 2 == 0) return miniracer_call_return(call, &source), 0;
  Owned made;
  if (miniracer_object_new(call->context, &made, nullptr) != MINIRACER_OK) return 1;
  std::string names[] = {"source", "type", "sourceMap"};
  const std::string& type = sources->types[number % sources->types.size()];
  miniracer_value values[] = {source, AnyText(type), source};
  for (size_t i = 0; i < 2 + number / 2 % 2; ++i) {
    miniracer_value key = Text(names[i]);
    miniracer_object_set(call->context, made.as.handle, &key, &values[i], nullptr, nullptr);
  }
  miniracer_call_return(call, &made);
  return 0;
}

// Pieces of an input: what a loader says the types are, then the modules, the first of which is evaluated.
void Modules(Input& input) {
  Sources sources;
  sources.types = {"module", "json", input.Piece()};
  while (!input.empty() && sources.texts.size() < 8) sources.texts.push_back(input.Piece());
  miniracer_isolate own = NewIsolate({});
  miniracer_context in = NewContext(own);
  {
    Owned function, promise, imported;
    miniracer_function_options options{};
    options.struct_size = sizeof options;
    options.callback = Load;
    options.userdata = &sources;
    REQUIRE(miniracer_function_new(in, &options, &function, nullptr) == MINIRACER_OK, "");
    miniracer_module_loader loader{};
    loader.struct_size = sizeof loader;
    loader.load = function;
    REQUIRE(miniracer_context_set_module_loader(in, &loader, nullptr) == MINIRACER_OK, "");
    std::string first = sources.texts.empty() ? "" : sources.texts[0], name = "fuzz:0";
    miniracer_script script{};
    script.struct_size = sizeof script;
    script.source = AnyText(first);
    script.name = Text(name);
    miniracer_error* error = nullptr;
    miniracer_status status = miniracer_context_evaluate_module(in, &script, nullptr, &promise, &error);
    CheckRecord(status, error);
    REQUIRE(IsEnd(status) || status == MINIRACER_SYNTAX_ERROR, miniracer_status_name(status));
    miniracer_value specifier = AnyText(sources.types[2]);
    error = nullptr;
    status = miniracer_context_import(in, &specifier, nullptr, nullptr, &imported, &error);
    CheckRecord(status, error);
    if (status == MINIRACER_OK) {
      Owned settled;
      error = nullptr;
      status = miniracer_promise_wait(in, imported.as.handle, nullptr, &settled, &error);
      CheckRecord(status, error);
    }
  }
  REQUIRE(miniracer_isolate_dispose(own) == MINIRACER_OK, "");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Renew();
  Input input(data, size);
  static const char* const with_text[] = {"search", "encode", "base64", "clone"};
  uint8_t kind = input.Byte();
  if (kind >= 'a' && kind <= 'z') kind = static_cast<uint8_t>(kind - 'a');
  switch (kind % 10) {
    case 0:
      return SourceMaps(input), 0;
    case 1:
      return Decode(input), 0;
    case 2:
      return Json(input), 0;
    case 3:
      return Modules(input), 0;
    case 4: {
      std::string base = input.Piece(), part = input.Piece(), text = input.Rest();
      return Check("url", {AnyText(text), AnyText(base), AnyText(part)}), 0;
    }
    case 5: {
      std::string a = input.Piece(), b = input.Piece(), text = input.Rest();
      return Check("log", {AnyText(text), AnyText(a), AnyText(b)}), 0;
    }
    default: {
      std::string text = input.Rest();
      return Check(with_text[kind % 10 - 6], {AnyText(text)}), 0;
    }
  }
}
