// What the named sets of an isolate's options stand for.
#pragma once

#include "miniracer.h"

namespace miniracer {

// False: there is no such preset. `options` starts as zeroes, which is MINIRACER_PRESET_TRUSTED.
bool FillPreset(uint32_t preset, miniracer_isolate_options* options);

}  // namespace miniracer
