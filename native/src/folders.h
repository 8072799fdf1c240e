// Reading files below some folders and nowhere else.
#pragma once

#include <string>
#include <vector>

namespace miniracer {

// What it promises: text is read only from a regular file whose real path, links followed, is in one of the folders: as it
// was when the file was opened, and by the kernel's word (/proc/self/fd) where there is one. Whether a file exists outside
// cannot be told from the answers.
class Folders {
 public:
  enum class Is { kNothing = 0, kFile = 1, kFolder = 2, kOther = 3, kOutside = 4 };

  // False: no folder.
  bool Add(const std::string& folder);
  const std::vector<std::string>& list() const { return real_; }

  Is Look(const std::string& path) const;
  // The real path of what Look says is there.
  std::string Real(const std::string& path) const;
  // What Look calls outside, for people: where it leads.
  std::string WhereOutside(const std::string& path) const;
  // The whole file, well-formed UTF-8 without a byte order mark. False: `why` tells.
  bool Read(const std::string& path, std::string* text, std::string* why) const;

 private:
  bool Inside(const std::string& path) const;
  bool InsideAsGiven(const std::string& path) const;

  std::vector<std::string> real_;
  std::vector<std::string> given_;  // the host may name a folder by a link
};

}  // namespace miniracer
