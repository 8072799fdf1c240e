// The loader for files: Node's way from a specifier to a file, within folders that the host names, and CommonJS.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "folders.h"
#include "miniracer.h"
#include "scope.h"

namespace miniracer {

// Held by a shared pointer by whoever is at work in it: the host may set another loader meanwhile.
class Files {
 public:
  enum class Kind { kModule, kCommonJs, kJson };

  // INVALID_ARGUMENT: the root is no folder, ...
  static miniracer_status New(Scope& scope, const miniracer_file_loader& loader, std::shared_ptr<Files>* files);

  // The URL that a specifier means. False: `why` tells, or it is empty and the run is being ended.
  bool Resolve(Scope& scope, const std::u16string& specifier, const std::u16string& referrer, bool require,
               std::u16string* url, std::string* why);

  // The path of a file: URL, or undefined. Likewise.
  bool Path(Scope& scope, const std::u16string& url, v8::Local<v8::Value>* path, std::string* why);

  // The text of a file. Likewise.
  bool Load(Scope& scope, const std::u16string& url, Kind* kind, v8::Local<v8::String>* source, std::string* why);

  bool runs_commonjs() const { return require_; }
  // module.exports of a CommonJS module, which runs if it has not. Only where they are run. Throws.
  v8::MaybeLocal<v8::Value> Require(Scope& scope, const std::u16string& url);

  // The function around a CommonJS module's text. Throws.
  static v8::MaybeLocal<v8::Function> CompileCommonJs(Scope& scope, v8::Local<v8::String> source,
                                                      v8::Local<v8::Value> url);

  // CommonJS modules whose run a limit ended.
  void SetEnded(const std::u16string& path) { ended_.insert(path); }
  bool TakeEnded(const std::u16string& path) { return ended_.erase(path) != 0; }

  // A file that `require` opens. False: there are `most` already, and this is another one.
  bool Count(const std::u16string& url, uint32_t most) {
    if (opened_.size() >= most && opened_.count(url) == 0) return false;
    opened_.insert(url);
    return true;
  }

 private:
  bool Ask(Scope& scope, const v8::Global<v8::Function>& what, int count, v8::Local<v8::Value>* arguments,
           v8::Local<v8::Value>* answer, std::string* why);
  bool MakeResolver(Scope& scope, const std::string& conditions);
  miniracer_status MakeRequire(Scope& scope);
  static bool LooksLikeModule(Scope& scope, v8::Local<v8::String> source, v8::Local<v8::Value> url);

  static void Look(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void Real(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void Outside(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void Read(const v8::FunctionCallbackInfo<v8::Value>& info);

  Folders folders_;
  std::set<std::u16string> ended_;
  std::set<std::u16string> opened_;
  bool require_ = false;
  v8::Global<v8::Function> resolve_, path_, to_url_, type_;  // of the hidden realm
  v8::Global<v8::Function> load_;                            // of the guest's context
};

// The functions that native/js/commonjs.js is made of. Empty where it threw.
v8::MaybeLocal<v8::Object> StartCommonJs(Scope& scope);

}  // namespace miniracer
