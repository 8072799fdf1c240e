// What the isolates that died have cost the process.
#pragma once

#include <cstdint>

#include "miniracer.h"

namespace miniracer::Deaths {

void CountOne();
// Bytes of a dead isolate's.
void Count(uint64_t given_back, uint64_t left_behind);
void Report(miniracer_process_statistics* statistics);

}  // namespace miniracer::Deaths
