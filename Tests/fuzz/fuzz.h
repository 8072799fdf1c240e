// What the fuzz targets share: the engine, the bytes of an input taken piece by piece, and what is true of every call.
#pragma once

#include <miniracer.h>
#include <stddef.h>
#include <stdint.h>

#include <string>

namespace fuzz {

constexpr uint64_t kMillisecond = 1'000'000;

// Tells what is wrong and aborts, which is how a target reports a finding.
[[noreturn]] void Die(const char* file, int line, const std::string& what);
#define REQUIRE(condition, what)                                                          \
  do {                                                                                    \
    if (!(condition)) fuzz::Die(__FILE__, __LINE__, #condition ": " + std::string(what)); \
  } while (0)

// Starts V8 with worker threads of its own left out, so that an input does the same each time.
void Start();

// An input, taken from its front. Where it is used up, everything is zero.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : at_(data), end_(data + size) {}

  bool empty() const { return at_ == end_; }
  uint8_t Byte() { return at_ == end_ ? 0 : *at_++; }
  uint32_t Below(uint32_t limit) { return limit <= 1 ? 0 : Byte() % limit; }
  bool OneIn(uint32_t count) { return Below(count) == 1; }  // false where the input is used up
  uint64_t Number(int bytes) {
    uint64_t number = 0;
    while (bytes-- > 0) number = number << 8 | Byte();
    return number;
  }
  std::string Bytes(size_t count);
  std::string Rest() { return Bytes(static_cast<size_t>(end_ - at_)); }
  // Up to the next byte of zero, which is skipped.
  std::string Piece();

 private:
  const uint8_t* at_;
  const uint8_t* const end_;
};

// ---- Values ----

inline miniracer_value Undefined() { return miniracer_value{}; }
inline miniracer_value Int32(int32_t number) {
  miniracer_value value{};
  value.tag = MINIRACER_INT32;
  value.as.int32 = number;
  return value;
}
inline miniracer_value Text(const std::string& text, int encoding = MINIRACER_UTF8) {
  miniracer_value value{};
  value.tag = MINIRACER_STRING;
  value.subtype = static_cast<uint8_t>(encoding);
  value.length = static_cast<uint32_t>(text.size());
  value.as.data = text.data();
  return value;
}
miniracer_value Text(std::string&&, int encoding = MINIRACER_UTF8) = delete;  // the text must outlive the value
// UTF-8 if it is, else Latin-1: any bytes are text.
miniracer_value AnyText(const std::string& bytes);
bool IsUtf8(const std::string& bytes);

// The library's own, released as it goes.
struct Owned : miniracer_value {
  Owned() : miniracer_value{} {}
  ~Owned() { miniracer_value_release(this, 1); }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
};
// Of Latin-1 text its bytes, of UTF-16 its bytes too, after a mark.
std::string Copy(const miniracer_value& text);

// ---- Isolates ----

struct Limits {
  uint64_t timeout = 20 * kMillisecond;
  uint64_t memory = 32 << 20;
};
miniracer_isolate NewIsolate(const Limits& limits, uint32_t flags = 0);
miniracer_context NewContext(miniracer_isolate isolate, uint32_t flags = 0);
miniracer_run_options RunFor(uint64_t timeout);

// Whether a run may end like this whatever the guest does.
bool IsEnd(miniracer_status status);
// Rule 2: a failure's record says the same status and has a message. Frees it.
void CheckRecord(miniracer_status status, miniracer_error* error);

}  // namespace fuzz
