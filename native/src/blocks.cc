#include "blocks.h"

#include <new>
#include <utility>
#include <vector>

#include "pages.h"

namespace miniracer {

void Blocks::Add(void* memory, size_t size, std::shared_ptr<PageAccount> account, Owner owner, FreeFn free) {
  try {
    std::lock_guard<std::mutex> guard(mutex_);
    all_.insert_or_assign(memory, Block{size, std::move(account), owner, free});
  } catch (const std::bad_alloc&) {  // it stays, and nobody counts it
  }
}

void Blocks::Remove(void* memory) {
  std::lock_guard<std::mutex> guard(mutex_);
  all_.erase(memory);
}

Freed Blocks::FreeAll(const PageAccount* account, bool shares) {
  Freed freed;
  std::vector<std::pair<void*, FreeFn>> going;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    for (auto one = all_.begin(); one != all_.end();) {
      const auto& [memory, block] = *one;
      if (block.account.get() != account) {
        ++one;
        continue;
      }
      bool mine = block.owner == Owner::kKnown || (block.owner == Owner::kIsolate && !shares);
      (mine ? freed.gone : freed.left) += block.size;
      if (mine) going.emplace_back(memory, block.free);
      one = all_.erase(one);
    }
  }
  for (auto [memory, free] : going) free(memory);
  return freed;
}

}  // namespace miniracer
