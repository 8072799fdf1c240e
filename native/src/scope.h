// What a noun's function works in: a thread inside of an isolate, with a context at hand.
#pragma once

#include <string>

#include "isolate.h"
#include "v8_compat.h"

namespace miniracer {

struct Scope {
  Isolate& isolate;
  v8::Isolate* v8;
  v8::Local<v8::Context> context;  // empty in a host function, where hardly anything needs it: see Context
  miniracer_context id;
  ContextEntry* entry;  // stays where it is as long as the isolate; emptied when the context is disposed of
  std::string problem;  // what the host did wrong, for the record
  v8::Local<v8::Value> rejection = {};  // in place of an exception: the reason of a rejected promise
  bool terminated = false;              // a TryCatch of the noun's saw that the run is being ended
  ContextEntry* thrown_in = nullptr;    // whose code threw what is just being described; null: the context's

  v8::Local<v8::Context> Context() const { return context.IsEmpty() ? v8->GetCurrentContext() : context; }

  miniracer_status Fail(miniracer_status status, std::string text) {
    problem = std::move(text);
    return status;
  }
  // V8 threw: the caller's TryCatch has the rest.
  miniracer_status Thrown() const { return MINIRACER_EXCEPTION; }
};

}  // namespace miniracer
