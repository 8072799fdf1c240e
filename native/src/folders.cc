#include "folders.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>

#include "text.h"

namespace miniracer {
namespace {

constexpr off_t kMostBytes = off_t{64} << 20;

// Empty where there is nothing. No path has a NUL: it would be cut there. What is longer than a path can be is not even
// looked at: a guest may ask for millions of folders in each other.
std::string RealPath(const std::string& path) {
  if (path.empty() || path.size() >= PATH_MAX || path.find('\0') != std::string::npos) return {};
  std::unique_ptr<char, decltype(&free)> real(realpath(path.c_str(), nullptr), free);
  return real == nullptr ? std::string() : std::string(real.get());
}

bool IsBelow(const std::string& path, const std::string& folder) {
  if (folder == "/") return true;
  return path.compare(0, folder.size(), folder) == 0 && (path.size() == folder.size() || path[folder.size()] == '/');
}

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  operator int() const { return descriptor_; }

 private:
  const int descriptor_;
};

}  // namespace

bool Folders::Add(const std::string& folder) {
  std::string real = RealPath(folder);
  struct stat facts;
  if (real.empty() || stat(real.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode)) return false;
  real_.push_back(std::move(real));
  given_.push_back(folder);
  while (given_.back().size() > 1 && given_.back().back() == '/') given_.back().pop_back();
  return true;
}

bool Folders::Inside(const std::string& path) const {
  for (const std::string& folder : real_) {
    if (IsBelow(path, folder)) return true;
  }
  return false;
}

bool Folders::InsideAsGiven(const std::string& path) const {
  // ".." would make a comparison of texts mean nothing.
  if ((path + '/').find("/../") != std::string::npos) return false;
  for (const std::string& folder : given_) {
    if (IsBelow(path, folder)) return true;
  }
  return Inside(path);
}

Folders::Is Folders::Look(const std::string& path) const {
  if (!InsideAsGiven(path)) return Is::kOutside;
  std::string real = RealPath(path);
  if (real.empty()) {
    // Where it would be, were it there.
    for (std::string above = path; real.empty() && above.size() > 1;) {
      size_t slash = above.rfind('/');
      above.resize(slash == std::string::npos ? 0 : slash == 0 ? 1 : slash);
      real = RealPath(above);
    }
    return Inside(real) ? Is::kNothing : Is::kOutside;
  }
  if (!Inside(real)) return Is::kOutside;
  struct stat facts;
  if (lstat(real.c_str(), &facts) != 0) return Is::kNothing;
  return S_ISREG(facts.st_mode) ? Is::kFile : S_ISDIR(facts.st_mode) ? Is::kFolder : Is::kOther;
}

std::string Folders::Real(const std::string& path) const {
  std::string real = RealPath(path);
  return Inside(real) ? real : std::string();
}

std::string Folders::WhereOutside(const std::string& path) const {
  if (InsideAsGiven(path)) {
    // The first part of it that leads out, and no more.
    for (size_t at = path.find('/', 1);; at = path.find('/', at + 1)) {
      std::string part = path.substr(0, at), real = RealPath(part);
      if (InsideAsGiven(part) && !real.empty() && !Inside(real)) {
        return part + " leads to " + real + ", which is outside of the loader's folders";
      }
      if (at == std::string::npos) break;
    }
  }
  return path + " is outside of the loader's folders";
}

bool Folders::Read(const std::string& path, std::string* text, std::string* why) const {
  auto fail = [&](const std::string& problem) {
    *why = path + ": " + problem;
    return false;
  };
  std::string real = Real(path);
  if (real.empty()) return fail("no such file in the loader's folders");
  struct stat facts;
  // Looked at first: merely to open a device may do something.
  if (stat(real.c_str(), &facts) != 0) return fail(strerror(errno));
  if (!S_ISREG(facts.st_mode)) return fail("not a regular file");
  File file(open(real.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (file < 0) return fail(strerror(errno));
  if (fstat(file, &facts) != 0) return fail(strerror(errno));
  if (!S_ISREG(facts.st_mode)) return fail("not a regular file");
  // Folders on the way may have become links since.
  char link[PATH_MAX];
  std::string self = "/proc/self/fd/" + std::to_string(static_cast<int>(file));
  ssize_t length = readlink(self.c_str(), link, sizeof link);
  if (length > 0 && !Inside(std::string(link, static_cast<size_t>(length)))) return fail("it has just moved elsewhere");
  if (facts.st_size > kMostBytes) return fail("more than 64 MiB");
  std::string data;
  char buffer[1 << 16];
  for (;;) {
    ssize_t got = read(file, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(strerror(errno));
    if (got == 0) break;
    data.append(buffer, static_cast<size_t>(got));
    if (data.size() > static_cast<size_t>(kMostBytes)) return fail("more than 64 MiB");
  }
  if (size_t good = WellFormedPrefix(data); good != data.size()) {
    return fail("ill-formed UTF-8 at byte " + std::to_string(good));
  }
  if (data.compare(0, 3, "\xEF\xBB\xBF") == 0) data.erase(0, 3);
  *text = std::move(data);
  return true;
}

}  // namespace miniracer
