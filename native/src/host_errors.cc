#include "host_errors.h"

#include <memory>

#include "errors.h"
#include "isolate.h"
#include "text.h"

namespace miniracer {

miniracer_status NewHostError(Scope& scope, const HostErrorParts& parts, v8::Local<v8::Value>* error) {
  if (parts.constructor > MINIRACER_THROW_SYNTAX_ERROR) {
    return scope.Fail(MINIRACER_INVALID_ARGUMENT, "constructor: none of MINIRACER_THROW_*");
  }
  // V8 defines no properties while it unwinds.
  if (miniracer_status status = scope.isolate.limits.ending(); status != MINIRACER_OK) return status;
  auto share = std::make_unique<std::shared_ptr<HostError>>(std::make_shared<HostError>());
  auto owned = std::make_unique<HostErrorLink>();
  v8::Local<v8::String> text = v8::String::Empty(scope.v8), name_text;
  auto convert = [&](const miniracer_value* from, const char* what, v8::Local<v8::String>* to) {
    bool given = from != nullptr && from->tag != MINIRACER_UNDEFINED;
    return given ? TextToJs(scope, *from, what, v8::NewStringType::kNormal, to) : MINIRACER_OK;
  };
  miniracer_status status = convert(parts.message, "message", &text);
  if (status == MINIRACER_OK) status = convert(parts.name, "name", &name_text);
  if (status != MINIRACER_OK) return status;

  using Make = v8::Local<v8::Value> (*)(v8::Local<v8::String>);
  constexpr Make kConstructors[] = {
      [](v8::Local<v8::String> m) { return v8::Exception::Error(m); },
      [](v8::Local<v8::String> m) { return v8::Exception::TypeError(m); },
      [](v8::Local<v8::String> m) { return v8::Exception::RangeError(m); },
      [](v8::Local<v8::String> m) { return v8::Exception::ReferenceError(m); },
      [](v8::Local<v8::String> m) { return v8::Exception::SyntaxError(m); },
  };
  auto made = kConstructors[parts.constructor](text).As<v8::Object>();
  if (!name_text.IsEmpty()) {
    // Defined, not set: Error.prototype may have a setter for it that is the guest's.
    auto defined = made->DefineOwnProperty(scope.Context(), Ascii(scope.v8, "name"), name_text, v8::DontEnum);
    if (!defined.FromMaybe(false)) return MINIRACER_INTERNAL;
  }
  auto link = v8::External::New(scope.v8, owned.get());
  if (made->SetPrivate(scope.Context(), scope.isolate.host_error_key.Get(scope.v8), link).IsNothing()) {
    return MINIRACER_INTERNAL;
  }
  (*share)->value = parts.host_error;
  (*share)->finalize = parts.finalize;
  owned->userdata = share.release();
  owned->finalize = [](void* given) { delete static_cast<std::shared_ptr<HostError>*>(given); };
  scope.isolate.Own(owned.release(), made);
  *error = made;
  return MINIRACER_OK;
}

}  // namespace miniracer
