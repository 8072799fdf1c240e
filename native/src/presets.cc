#include "presets.h"

namespace miniracer {

bool FillPreset(uint32_t preset, miniracer_isolate_options* options) {
  if (preset == MINIRACER_PRESET_TRUSTED) return true;
  if (preset != MINIRACER_PRESET_UNTRUSTED) return false;
  constexpr uint64_t kSecond = 1'000'000'000;
  options->flags = MINIRACER_ISOLATE_NO_EVAL | MINIRACER_ISOLATE_NO_WEBASSEMBLY | MINIRACER_ISOLATE_NO_SHARED_MEMORY;
  options->timeout = kSecond;
  options->cpu_time = kSecond;
  options->memory_limit = uint64_t{128} << 20;
  options->clock_resolution = kSecond / 1000;
  options->maximum_handles = 10'000;
  options->maximum_timers = 1'000;
  options->maximum_modules = 1'000;
  options->maximum_promises = 1'000;
  options->maximum_console = uint64_t{1} << 20;
  return true;
}

}  // namespace miniracer
