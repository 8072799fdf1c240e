// Writes the pickles of docs/graph.md, opcode by opcode, into memory of the C library's.
#pragma once

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <algorithm>
#include <bit>
#include <new>

#include "pickle.h"

namespace miniracer {

class PickleWriter {
 public:
  // Throws std::bad_alloc, as all of it.
  explicit PickleWriter(size_t capacity) { Grow(capacity); }
  ~PickleWriter() { free(data_); }
  PickleWriter(const PickleWriter&) = delete;

  // Room for so many bytes more, which all that writes takes for granted.
  void Need(size_t bytes) {
    if (bytes > capacity_ - size_) Grow(bytes);
  }
  uint8_t* at() { return data_ + size_; }
  void Wrote(size_t bytes) { size_ += bytes; }
  void Unwrite(size_t bytes) { size_ -= bytes; }
  size_t size() const { return size_; }

  void Begin() {
    static constexpr char kHead[] = "\x80\x04\x95\0\0\0\0\0\0\0";
    memcpy(at(), kHead, sizeof kHead);
    Wrote(kFrameEnd);
  }
  void End() {
    Byte(kStop);
    uint64_t framed = size_ - kFrameEnd;
    for (int i = 0; i < 8; ++i) data_[3 + i] = static_cast<uint8_t>(framed >> (8 * i));
  }
  // What was written, for free(): as large as it needs to be.
  uint8_t* Release() {
    void* fitted = realloc(data_, size_);
    auto* released = fitted != nullptr ? static_cast<uint8_t*>(fitted) : data_;
    data_ = nullptr;
    return released;
  }

  void Byte(uint8_t byte) { data_[size_++] = byte; }
  void Integer(int32_t value) {
    if (value < 0 || value > 0xffff) {
      Byte(kBinInt);
      Little(static_cast<uint32_t>(value), 4);
    } else if (value > 0xff) {
      Byte(kBinInt2);
      Little(static_cast<uint32_t>(value), 2);
    } else {
      Byte(kBinInt1);
      Byte(static_cast<uint8_t>(value));
    }
  }
  // As the walker decides: 32 bits, a whole number of 53 bits, any other.
  void Number(double value) {
    bool whole = trunc(value) == value && !(value == 0 && signbit(value));
    if (whole && value >= INT32_MIN && value <= INT32_MAX) return Integer(static_cast<int32_t>(value));
    if (whole && fabs(value) <= 9007199254740992.0) {
      Byte(kLong1);
      Byte(8);
      return Little(static_cast<uint64_t>(static_cast<int64_t>(value)), 8);
    }
    Byte(kBinFloat);
    auto bits = std::bit_cast<uint64_t>(value);
    for (int i = 56; i >= 0; i -= 8) Byte(static_cast<uint8_t>(bits >> i));
  }
  void BigInt(int64_t value) {
    Byte(kLong4);
    Little(8, 4);
    Little(static_cast<uint64_t>(value), 8);
  }
  void Refer(uint32_t number) {
    Byte(number < 256 ? kBinGet : kLongBinGet);
    Little(number, number < 256 ? 1 : 4);
  }

 private:
  static constexpr size_t kFrameEnd = 11;

  void Little(uint64_t number, int bytes) {
    for (int i = 0; i < bytes; ++i) Byte(static_cast<uint8_t>(number >> (8 * i)));
  }
  void Grow(size_t bytes) {
    size_t larger = std::max(2 * capacity_, size_ + bytes);
    void* data = realloc(data_, larger);
    if (data == nullptr) throw std::bad_alloc();
    data_ = static_cast<uint8_t*>(data);
    capacity_ = larger;
  }

  uint8_t* data_ = nullptr;
  size_t size_ = 0, capacity_ = 0;
};

}  // namespace miniracer
