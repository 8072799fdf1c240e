// Looking at objects without anything of the guest's or the host's being run by it.
#pragma once

#include "v8_compat.h"

namespace miniracer {

// While it is there, calling JavaScript or a function of the host's throws: an accessor does not run.
class Quiet {
 public:
  explicit Quiet(v8::Isolate* v8) : scripts_(v8, v8::Isolate::DisallowJavascriptExecutionScope::THROW_ON_FAILURE) {
    here_ = true;
  }
  ~Quiet() { here_ = false; }
  Quiet(const Quiet&) = delete;

  static bool here() { return here_; }
  // For functions of ours that a guest can make an accessor of and whose effects are seen.
  static bool Refuses(v8::Isolate* v8) {
    if (here_) v8->ThrowException(v8::Null(v8));
    return here_;
  }
  // The thread jumped over where it was.
  static void Forget() { here_ = false; }

 private:
  v8::Isolate::DisallowJavascriptExecutionScope scripts_;
  static thread_local bool here_ __attribute__((tls_model("initial-exec")));
};

}  // namespace miniracer
