// TextEncoder, TextDecoder, atob and btoa: the parts that are bytes and not objects.
#pragma once

#include "realm.h"

namespace miniracer {

void AddEncodingNatives(Isolate& isolate, v8::Local<v8::Object> natives);

// The bytes of an ArrayBuffer, SharedArrayBuffer or a view on one; false for other values.
bool BytesOf(v8::Local<v8::Value> value, uint8_t** data, size_t* length);

}  // namespace miniracer
