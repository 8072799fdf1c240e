// Making objects, and their properties.
#pragma once

#include "miniracer.h"
#include "scope.h"

namespace miniracer {

miniracer_status NewObject(Scope& scope, miniracer_value* result);
miniracer_status NewArray(Scope& scope, const miniracer_value* elements, uint32_t count, miniracer_value* result);
miniracer_status NewDate(Scope& scope, double time, miniracer_value* result);
miniracer_status DateTime(Scope& scope, miniracer_handle date, double* time);
miniracer_status ObjectHash(Scope& scope, miniracer_handle object, int32_t* hash);
miniracer_status ClassName(Scope& scope, miniracer_handle object, miniracer_value* name);
miniracer_status StrictEquals(Scope& scope, const miniracer_value& a, const miniracer_value& b, int32_t* equal);
miniracer_status ToText(Scope& scope, const miniracer_value& value, miniracer_value* result);

miniracer_status GetProperty(Scope& scope, miniracer_handle object, const miniracer_value& key,
                             miniracer_value* result);
miniracer_status SetProperty(Scope& scope, miniracer_handle object, const miniracer_value& key,
                             const miniracer_value& value);
miniracer_status HasProperty(Scope& scope, miniracer_handle object, const miniracer_value& key, int32_t* present);
miniracer_status DeleteProperty(Scope& scope, miniracer_handle object, const miniracer_value& key, int32_t* deleted);
miniracer_status Keys(Scope& scope, miniracer_handle object, uint32_t flags, miniracer_value** keys, uint32_t* count);

// A value as a property key.
miniracer_status KeyToJs(Scope& scope, const miniracer_value& key, v8::Local<v8::Value>* result);

}  // namespace miniracer
