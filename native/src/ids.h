// Identities: the 64-bit numbers that stand for isolates, contexts and JavaScript objects. A number is never reused
// within its isolate, so what was released stays invalid for good.
#pragma once

#include <cstdint>

namespace miniracer {

enum class IdKind : uint32_t { kIsolate = 1, kContext = 2, kHandle = 3 };

// kind 2 bits | serial of the isolate 18 bits | generation 20 bits | index 24 bits
struct Id {
  static constexpr uint32_t kSerialBits = 18;
  static constexpr uint32_t kGenerationBits = 20;
  static constexpr uint32_t kIndexBits = 24;
  static constexpr uint32_t kSerials = 1u << kSerialBits;
  static constexpr uint32_t kGenerations = 1u << kGenerationBits;
  static constexpr uint32_t kIndexes = 1u << kIndexBits;

  static constexpr uint64_t Make(IdKind kind, uint32_t serial, uint32_t generation, uint32_t index) {
    return static_cast<uint64_t>(kind) << 62 | static_cast<uint64_t>(serial) << 44 |
           static_cast<uint64_t>(generation) << 24 | index;
  }
  static constexpr bool Is(uint64_t id, IdKind kind) { return id >> 62 == static_cast<uint64_t>(kind); }
  static constexpr uint32_t Serial(uint64_t id) { return static_cast<uint32_t>(id >> 44) & (kSerials - 1); }
  static constexpr uint32_t Generation(uint64_t id) { return static_cast<uint32_t>(id >> 24) & (kGenerations - 1); }
  static constexpr uint32_t Index(uint64_t id) { return static_cast<uint32_t>(id) & (kIndexes - 1); }
};

}  // namespace miniracer
