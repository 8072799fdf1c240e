// Stands in for libFuzzer where the compiler has none: runs every file that is named, or is in a folder that is named, then
// small changes of them, the same ones each time, for MINIRACER_FUZZ_SECONDS. Each goes to the file MINIRACER_FUZZ_KEEP first, so
// that the last one is there after a crash.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

int Run(const std::string& input) {
  return LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
}

void Change(std::mt19937& random, const std::vector<std::string>& inputs, std::string* input) {
  for (int i = 1 + static_cast<int>(random() % 4); i > 0; --i) {
    size_t at = input->empty() ? 0 : random() % input->size();
    switch (random() % 4) {
      case 0:
        if (!input->empty()) (*input)[at] = static_cast<char>(random());
        break;
      case 1:
        input->insert(at, 1, static_cast<char>(random()));
        break;
      case 2:
        input->erase(at, random() % 8);
        break;
      default: {
        const std::string& other = inputs[random() % inputs.size()];
        size_t from = other.empty() ? 0 : random() % other.size();
        input->insert(at, other, from, random() % 32);
      }
    }
  }
}

}  // namespace

int main(int count, char** arguments) {
  std::vector<std::filesystem::path> files;
  for (int i = 1; i < count; ++i) {
    if (!std::filesystem::is_directory(arguments[i])) {
      files.push_back(arguments[i]);
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator(arguments[i])) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> inputs;
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
    Run(inputs.back());
  }
  if (inputs.empty()) {
    fprintf(stderr, "usage: %s FILE|FOLDER...\n", arguments[0]);
    return 64;
  }
  const char *seconds = getenv("MINIRACER_FUZZ_SECONDS"), *keep = getenv("MINIRACER_FUZZ_KEEP");
  auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds == nullptr ? 0 : atof(seconds));
  std::mt19937 random(1);
  size_t runs = inputs.size();
  for (; std::chrono::steady_clock::now() < end; ++runs) {
    std::string input = inputs[random() % inputs.size()];
    Change(random, inputs, &input);
    if (keep != nullptr) std::ofstream(keep, std::ios::binary) << input;
    Run(input);
  }
  printf("%zu runs\n", runs);
  return 0;
}
