// Objects whose properties are the host's.
#pragma once

#include "miniracer.h"
#include "scope.h"

namespace miniracer {

// Takes over options.userdata when it succeeds.
miniracer_status NewHostObject(Scope& scope, const miniracer_host_object_options& options, miniracer_value* result);
miniracer_status FindHostObject(Scope& scope, void* userdata, miniracer_value* result);
miniracer_status HostUserdata(Scope& scope, miniracer_handle object, void** userdata);

// To be asked before anything else is done with an object by a function that must not call the host.
bool IsHostObject(v8::Local<v8::Object> object);
// Of a host object: the class_name that the host gave; else empty.
v8::Local<v8::String> HostClassName(v8::Isolate* v8, v8::Local<v8::Object> object);

}  // namespace miniracer
