#include "console_budget.h"

#include <string>

#include "isolate.h"
#include "text.h"

namespace miniracer {

void ConsoleBudget::Keep(v8::Isolate* v8, v8::Local<v8::Function> sink) {
  if (sink_.IsEmpty()) sink_.Reset(v8, sink);
}

void ConsoleBudget::LeaveOut(v8::Isolate* v8, v8::Local<v8::Function> sink) {
  Keep(v8, sink);
  ++left_out_;
}

void ConsoleBudget::Cut(v8::Isolate* v8, v8::Local<v8::Function> sink) {
  Keep(v8, sink);
  ++cut_;
}

// No guest code: the sink is the host's function.
void ConsoleBudget::Tell(Isolate& isolate) {
  v8::Isolate* v8 = isolate.v8();
  v8::HandleScope handles(v8);
  v8::Local<v8::Function> sink = sink_.Get(v8);
  auto count = [](uint64_t number) { return std::to_string(number) + (number == 1 ? " message" : " messages"); };
  std::string text = "console: more than " + std::to_string(maximum_) + " bytes at once: ";
  if (cut_ != 0) text += count(cut_) + " cut short";
  if (cut_ != 0 && left_out_ != 0) text += ", ";
  if (left_out_ != 0) text += count(left_out_) + " left out";
  sink_.Reset();  // first: the host may call back
  used_ = left_out_ = cut_ = 0;
  v8::Local<v8::Context> context;
  if (!sink->GetCreationContext().ToLocal(&context)) return;
  v8::Context::Scope entered(context);
  v8::TryCatch caught(v8);  // there is nobody to throw at
  v8::Local<v8::Value> told[] = {v8::Integer::New(v8, MINIRACER_CONSOLE_WARNING), Ascii(v8, "warn"), Ascii(v8, text)};
  [[maybe_unused]] bool done = !sink->Call(context, v8::Undefined(v8), 3, told).IsEmpty();
}

void ConsoleTurn::End() {
  try {
    isolate_->console.Tell(*isolate_);
  } catch (const std::bad_alloc&) {  // then nobody is told
  }
}

}  // namespace miniracer
