// Arguments.
#include "abi_world.h"

namespace fuzz {

namespace {

alignas(8) const char kBytes[64] = "constructor\0\xff\xfe\xd8\x00\xdc\x00";

// What scripts are made of; the input's own bytes are a script too.
const char* const kSources[] = {
    "1",
    "'text'",
    "'\\u{1f600}'",
    "2n ** 100n",
    "-0",
    "({a: 1, get b() { return this }})",
    "[1, , 'x']",
    "Symbol('s')",
    "(a, b) => [a, b]",
    "class C { constructor(a) { this.a = a } }; C",
    "new Map([[1, {}]])",
    "new Set([1])",
    "new Date(5)",
    "/x/g",
    "new Error('e', {cause: new Error('c')})",
    "Promise.resolve(1)",
    "Promise.reject(new Error('r'))",
    "new Promise(() => {})",
    "new ArrayBuffer(64)",
    "new Uint8Array(16)",
    "new DataView(new ArrayBuffer(8))",
    "new SharedArrayBuffer(8)",
    "new Proxy({}, {get() { return 1 }, ownKeys() { throw 1 }})",
    "new Proxy(function() {}, {})",
    "throw new TypeError('t')",
    "throw {toString() { throw 1 }}",
    "for (;;);",
    "function f() { f() } f()",
    "new Array(1e6).fill().map(() => ({}))",
    "let = ",
    "function* g() { yield 1 } g()",
    "(async () => { await 1; throw new Error('later') })()",
    "setTimeout(() => { throw 1 }, 0)",
    "setInterval(() => {}, 1)",
    "queueMicrotask(() => { throw 2 })",
    "import('./a.mjs')",
    "Object.freeze({a: 1})",
    "new WeakMap()",
    "new Number(1)",
    "(function() { return arguments })(1)",
    "globalThis",
    "new WebAssembly.Memory({initial: 1})",
    "structuredClone(new Map([[1, [2]]]))",
    "console.log('%o', globalThis)",
    "Object.prototype.x = 1",
    "Array.prototype[Symbol.iterator] = null",
    "Promise.prototype.then = () => {}",
    "({then(r) { r(1) }})",
    "Error.prepareStackTrace = () => { throw 1 }",
    "globalThis.h && h(1, {}, 'x')",
    "new h(1)",
    "h.x = 1; delete h.x; Object.keys(h)",
    "[...h]",
    "JSON.stringify(h)",
    "`${h}`",
};

}  // namespace

miniracer_isolate World::Isolate() {
  switch (in.Below(32)) {
    case 30:
      return in.Number(8);
    case 31:
      return contexts[in.Below(kContexts)];
    case 29:
      return all_isolates[in.Below(static_cast<uint32_t>(all_isolates.size()))];
    default:
      return isolates[in.Below(kIsolates)];
  }
}

miniracer_context World::Context() {
  uint32_t choice = in.Byte();
  if (choice == 255) return in.Number(8);
  if (choice == 254) return isolates[0];
  if (choice == 253) return 0;
  now_ = static_cast<int>(choice % kIsolates);
  return contexts[choice % kContexts];
}

miniracer_handle World::Handle() {
  uint32_t choice = in.Byte();
  if (choice == 255) return in.Number(8);
  if (choice == 254) return 0;
  if (choice == 253) return contexts[0];
  if (choice > 248 && !stale_.empty()) return stale_[in.Below(static_cast<uint32_t>(stale_.size()))];
  const auto& kept = kept_[choice > 240 ? 1 - now_ : now_];
  for (size_t i = 0; i < kept.size(); ++i) {
    const miniracer_value& value = kept[(choice + i) % kept.size()];
    if (value.tag == MINIRACER_OBJECT || value.tag == MINIRACER_SYMBOL) return value.as.handle;
  }
  return choice;
}

const miniracer_value* World::TextValue() {
  if (in.OneIn(16)) return Value();
  miniracer_value value = Undefined();
  if (in.OneIn(3)) {
    static const char* const names[] = {"iterator", "a", "length", "h", "prototype", "0", "then", "__proto__"};
    value = Text(*KeepText(names[in.Below(8)]));
  } else {
    std::string* text = KeepText(in.Bytes(in.Below(24)));
    value = Text(*text, static_cast<int>(in.Below(3)));
    if (value.subtype == MINIRACER_UTF16) value.length /= 2;
  }
  return &values_.emplace_back(value);
}

miniracer_value World::AnyValue() {
  miniracer_value value = Undefined();
  switch (in.Below(10)) {
    case 0:
      return value;
    case 1:
      value.tag = MINIRACER_BOOLEAN;
      value.as.int32 = in.Byte();
      return value;
    case 2:
      return Int32(static_cast<int32_t>(in.Number(in.OneIn(4) ? 4 : 1)));
    case 3: {
      value.tag = MINIRACER_DOUBLE;
      uint64_t bits = in.Number(8);
      memcpy(&value.as.number, &bits, sizeof bits);
      return value;
    }
    case 4: {
      const miniracer_value* text = TextValue();
      return text != nullptr ? *text : value;
    }
    case 5:
      value.tag = MINIRACER_BIGINT;
      value.subtype = MINIRACER_BIGINT_WORDS;
      value.flags = in.Below(2) ? MINIRACER_VALUE_NEGATIVE : 0;
      value.length = in.Below(8);
      value.as.data = kBytes;
      return value;
    case 6: {  // as no host should; memory is as much as it says
      value.tag = static_cast<uint8_t>(in.Below(16));
      value.subtype = static_cast<uint8_t>(in.Below(40));
      value.flags = static_cast<uint16_t>(in.Number(2));
      value.length = in.Below(8);
      value.as.data = in.OneIn(4) ? nullptr : kBytes + in.Below(2);
      return value;
    }
    default: {
      value.tag = MINIRACER_OBJECT;
      value.as.handle = Handle();
      for (const auto& kept : kept_) {
        for (const miniracer_value& one : kept) {
          if (one.as.handle == value.as.handle) value.tag = one.tag;
        }
      }
      if (value.tag != MINIRACER_OBJECT && value.tag != MINIRACER_SYMBOL) value.tag = MINIRACER_OBJECT;
      return value;
    }
  }
}

const miniracer_value* World::Value() {
  if (in.OneIn(48)) return nullptr;
  miniracer_value value = AnyValue();
  return &values_.emplace_back(value);
}

const miniracer_value* World::Values(uint32_t* count) {
  *count = in.Below(5);
  if (in.OneIn(24)) return nullptr;
  std::vector<miniracer_value> list;
  for (uint32_t i = 0; i < *count; ++i) list.push_back(AnyValue());
  return lists_.emplace_back(std::move(list)).data();
}

const miniracer_run_options* World::Run() {
  if (in.Below(3) == 0) return nullptr;
  miniracer_run_options run = RunFor((1 + in.Below(5)) * kMillisecond);
  if (in.OneIn(8)) run.timeout = in.Below(2);
  if (in.OneIn(6)) run.cancel = Cancel();
  if (in.OneIn(32)) run.flags = in.Byte();
  if (in.OneIn(16)) run.cpu_time = 1 + in.Number(4);
  return Struct(run);
}

miniracer_value World::Source() {
  if (in.OneIn(12)) return AnyValue();
  if (in.OneIn(6)) return AnyText(*KeepText(in.Bytes(in.Below(64))));
  return Text(*KeepText(kSources[in.Below(sizeof kSources / sizeof *kSources)]));
}

void World::Keep(const miniracer_value& value) {
  auto& kept = kept_[now_];
  if (kept.size() >= 48) Forget();
  kept.push_back(value);
}

void World::Forget() {
  auto& kept = kept_[now_];
  if (kept.empty()) return;
  size_t which = in.Below(static_cast<uint32_t>(kept.size()));
  miniracer_value& value = kept[which];
  if (value.tag == MINIRACER_OBJECT || value.tag == MINIRACER_SYMBOL) stale_.push_back(value.as.handle);
  miniracer_value_release(&value, 1);
  REQUIRE(value.tag == MINIRACER_UNDEFINED, "released, and still something");
  kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(which));
}

}  // namespace fuzz
