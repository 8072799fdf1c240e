// Scripts: bytes as JavaScript under 20 ms and 32 MB, with everything that a context can have; then what hosts do with a
// result: encode it, show it, make text of it, and let timers and reactions run.
#include <stdlib.h>
#include <string.h>

#include <string>

#include "fuzz.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size) __attribute__((weak));

namespace {

using namespace fuzz;

constexpr uint64_t kTimeout = 20 * kMillisecond;

void Expect(miniracer_status status, miniracer_error* error, std::initializer_list<miniracer_status> also = {}) {
  CheckRecord(status, error);
  bool expected = IsEnd(status);
  for (miniracer_status other : also) expected = expected || status == other;
  REQUIRE(expected, miniracer_status_name(status));
}

void UseResult(miniracer_context context, const miniracer_value& value) {
  miniracer_run_options run = RunFor(kTimeout);
  miniracer_error* error = nullptr;
  for (uint32_t flags : {0, int{MINIRACER_GRAPH_DROP}, int{MINIRACER_GRAPH_HANDLE}}) {
    miniracer_graph_options options{};
    options.struct_size = sizeof options;
    options.flags = flags;
    options.max_bytes = 1 << 20;
    miniracer_graph* graph = nullptr;
    miniracer_status status = miniracer_graph_encode(context, &value, &options, &run, &graph, &error);
    Expect(status, error, {MINIRACER_WRONG_TYPE, MINIRACER_TOO_LARGE});
    error = nullptr;
    if (status == MINIRACER_OK) {
      Owned copy;
      status = miniracer_graph_decode(context, graph->data, graph->length, graph->handles, graph->handle_count, nullptr,
                                      &run, &copy, &error);
      Expect(status, error, {MINIRACER_TOO_LARGE});
      error = nullptr;
    }
    miniracer_graph_free(graph);
  }
  miniracer_inspect_options all{sizeof all, MINIRACER_INSPECT_COLORS, 6, 40};
  Owned plain, coloured, text, json;
  miniracer_status status = miniracer_value_inspect(context, &value, nullptr, &run, &plain, &error);
  Expect(status, error, {MINIRACER_TOO_LARGE});
  error = nullptr;
  status = miniracer_value_inspect(context, &value, &all, &run, &coloured, &error);
  Expect(status, error, {MINIRACER_TOO_LARGE});
  error = nullptr;
  status = miniracer_value_to_string(context, &value, &run, &text, &error);
  Expect(status, error, {MINIRACER_TOO_LARGE});
  error = nullptr;
  status = miniracer_json_stringify(context, &value, 2, &run, &json, &error);
  Expect(status, error, {MINIRACER_TOO_LARGE});
}

int32_t Say(void*, miniracer_call* call) {
  REQUIRE(call->argument_count == 3, "what console.* hands over");
  return 0;
}

miniracer_context NewFullContext(miniracer_isolate isolate) {
  miniracer_context_options options{};
  options.struct_size = sizeof options;
  options.flags = MINIRACER_CONTEXT_TIMERS | MINIRACER_CONTEXT_CONSOLE | MINIRACER_CONTEXT_WEB;
  options.console = Say;
  miniracer_context context = 0;
  REQUIRE(miniracer_context_new(isolate, &options, &context, nullptr) == MINIRACER_OK, "no context");
  return context;
}

// What a mutation puts in: pieces of programs, `$` being where a byte of chance chooses a name.
const char* const kPieces[] = {
    "for (let $ of $) { $ }",
    "for (let $ in $) $;",
    "try { $ } catch ($) { $ } finally { $ }",
    "class $ extends $ { #p = $; get $() { return $ } }",
    "function* $() { yield* $ }",
    "async function $() { await $; }",
    "($) => $",
    "new Proxy($, { get() { return $ } })",
    "new Proxy($, { ownKeys() { throw $ } })",
    "Reflect.construct($, [], $)",
    "Object.defineProperty($, '$', { get() { $ } })",
    "Promise.reject($)",
    "new Promise(($) => $).then($, $)",
    "Promise.all([$, $])",
    "setTimeout(() => { $ }, 1)",
    "queueMicrotask(() => $)",
    "structuredClone($)",
    "console.log($, '%o %s %d %j', $)",
    "console.table([$])",
    "throw $;",
    "new Error($, { cause: $ })",
    "new AggregateError([$, $])",
    "Error.prepareStackTrace = ($, s) => $;",
    "$.stack",
    "new Map([[$, $]])",
    "new Set([$])",
    "new WeakRef($)",
    "new ArrayBuffer($)",
    "new Uint8Array($).subarray($)",
    "new DataView($)",
    "new SharedArrayBuffer($)",
    "Atomics.wait($, 0, 0, 1)",
    "new RegExp('$', 'gimsuy').exec($)",
    "'$'.replace(/$/g, $)",
    "JSON.parse($)",
    "JSON.stringify($)",
    "BigInt($) ** 9n",
    "Symbol('$')",
    "Symbol.for('$')",
    "[...$]",
    "`$${$}`",
    "$?.$ ?? $",
    "delete $.$",
    "with ($) { $ }",
    "eval('$')",
    "Function('$')()",
    "import('$')",
    "new URL('$', $)",
    "new URLSearchParams($)",
    "new TextDecoder('$').decode($)",
    "new TextEncoder().encode($)",
    "atob($)",
    "btoa($)",
    "new AbortController().abort($)",
    "AbortSignal.timeout(1)",
    "new EventTarget().dispatchEvent(new Event('$'))",
    "new DOMException($, '$')",
    "crypto.getRandomValues($)",
    "performance.now()",
    "new FinalizationRegistry($).register($, $)",
    "new WebAssembly.Module($)",
    "new Array($).fill($)",
    "Array.prototype.$ = $;",
    "Object.setPrototypeOf($, $)",
    "Object.freeze($)",
    "globalThis.$ = $;",
    "$[Symbol.iterator] = $;",
    "$[Symbol.toPrimitive] = $;",
    "$.then = $;",
    "$.constructor = { [Symbol.species]: $ };",
    "$.toJSON = $;",
};
const char* const kNames[] = {
    "a",
    "b",
    "f",
    "this",
    "globalThis",
    "undefined",
    "null",
    "0",
    "-1",
    "1e9",
    "NaN",
    "''",
    "'x'",
    "[]",
    "{}",
    "({})",
    "() => a",
    "1n",
    "Object",
    "Array",
    "Promise",
    "Proxy",
    "Symbol.iterator",
    "Error",
    "Map",
    "length",
    "prototype",
    "constructor",
    "arguments",
    "console",
    "URL",
};

std::string Piece(uint32_t seed) {
  std::string made;
  auto next = [&seed] { return seed = seed * 1664525 + 1013904223, seed >> 8; };
  for (const char* at = kPieces[next() % (sizeof kPieces / sizeof *kPieces)]; *at != 0; ++at) {
    if (*at != '$') {
      made += *at;
    } else {
      made += kNames[next() % (sizeof kNames / sizeof *kNames)];
    }
  }
  return made;
}

}  // namespace

// Half the time, a piece of a program put before, after or in place of a word.
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned seed) {
  if (seed % 2 == 0 || size == 0) return LLVMFuzzerMutate(data, size, max_size);
  std::string source(reinterpret_cast<char*>(data), size);
  size_t begin = seed / 8 % size, end = begin;
  auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  while (begin > 0 && is_word(source[begin - 1])) --begin;
  while (end < size && is_word(source[end])) ++end;
  std::string piece = Piece(seed);
  switch (seed / 2 % 3) {
    case 0:
      source.insert(begin, piece);
      break;
    case 1:
      source.insert(end, ";\n" + piece);
      break;
    default:
      source.replace(begin, end - begin, piece);
  }
  if (source.size() > max_size) source.resize(max_size);
  memcpy(data, source.data(), source.size());
  return source.size();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string source(reinterpret_cast<const char*>(data), size);
  miniracer_isolate isolate = NewIsolate({.timeout = kTimeout, .memory = 32 << 20});
  miniracer_context context = NewFullContext(isolate);
  {
    std::string name = "fuzz.js";
    miniracer_script script{};
    script.struct_size = sizeof script;
    script.source = AnyText(source);
    script.name = Text(name);
    miniracer_run_options run = RunFor(kTimeout);
    Owned result;
    miniracer_error* error = nullptr;
    miniracer_status status = miniracer_context_evaluate(context, &script, &run, &result, &error);
    Expect(status, error, {MINIRACER_SYNTAX_ERROR, MINIRACER_TOO_LARGE});
    if (status == MINIRACER_OK) UseResult(context, result);
    uint64_t next = 0;
    for (int turn = 0; turn < 3 && next < kMillisecond; ++turn) {
      error = nullptr;
      status = miniracer_isolate_run_pending(isolate, &run, &next, &error);
      Expect(status, error);
      if (status != MINIRACER_OK) next = 0;
    }
  }
  REQUIRE(miniracer_isolate_dispose(isolate) == MINIRACER_OK, "");
  return 0;
}
