// What is in a heap, for people to look at.
#pragma once

#include "isolate.h"
#include "miniracer.h"

namespace miniracer {

miniracer_status WriteHeapSnapshot(Isolate& isolate, miniracer_writer writer, void* userdata);

}  // namespace miniracer
