#include "deaths.h"

#include <atomic>

namespace miniracer::Deaths {
namespace {

std::atomic<uint64_t> deaths{0}, bytes_given_back{0}, bytes_left_behind{0};

}  // namespace

void CountOne() { deaths.fetch_add(1, std::memory_order_relaxed); }

void Count(uint64_t given_back, uint64_t left_behind) {
  bytes_given_back.fetch_add(given_back, std::memory_order_relaxed);
  bytes_left_behind.fetch_add(left_behind, std::memory_order_relaxed);
}

void Report(miniracer_process_statistics* statistics) {
  statistics->deaths = deaths.load(std::memory_order_relaxed);
  statistics->given_back = bytes_given_back.load(std::memory_order_relaxed);
  statistics->left_behind = bytes_left_behind.load(std::memory_order_relaxed);
}

}  // namespace miniracer::Deaths
