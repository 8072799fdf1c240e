#include "properties.h"

#include <string>
#include <string_view>

#include "errors.h"
#include "host_calls.h"
#include "objects.h"
#include "text.h"
#include "values.h"

namespace miniracer {

// ---- Symbols ----

namespace {

struct WellKnown {
  std::string_view name;
  v8::Local<v8::Symbol> (*get)(v8::Isolate*);
};

// Those that V8's interface has.
constexpr WellKnown kWellKnown[] = {
    {"asyncIterator", v8::Symbol::GetAsyncIterator},
    {"hasInstance", v8::Symbol::GetHasInstance},
    {"isConcatSpreadable", v8::Symbol::GetIsConcatSpreadable},
    {"iterator", v8::Symbol::GetIterator},
    {"match", v8::Symbol::GetMatch},
    {"replace", v8::Symbol::GetReplace},
    {"search", v8::Symbol::GetSearch},
    {"split", v8::Symbol::GetSplit},
    {"toPrimitive", v8::Symbol::GetToPrimitive},
    {"toStringTag", v8::Symbol::GetToStringTag},
    {"unscopables", v8::Symbol::GetUnscopables},
};

// A property of a global of the hidden realm, which guests cannot have changed; empty where there is none.
v8::Local<v8::Value> Intrinsic(Scope& scope, const char* global, v8::Local<v8::String> name) {
  v8::Local<v8::Context> realm = HiddenRealm(scope.isolate);
  v8::Local<v8::Value> holder, found;
  if (realm.IsEmpty() || !realm->Global()->Get(realm, Ascii(scope.v8, global)).ToLocal(&holder)) return {};
  auto object = holder.As<v8::Object>();
  bool own = object->HasOwnProperty(realm, name).FromMaybe(false);
  return own && object->Get(realm, name).ToLocal(&found) ? found : v8::Local<v8::Value>();
}

// All realms of an isolate have the same.
v8::Local<v8::Symbol> WellKnownSymbol(Scope& scope, v8::Local<v8::String> name) {
  std::string text = Utf8(scope.v8, name);
  for (const WellKnown& one : kWellKnown) {
    if (one.name == text) return one.get(scope.v8);
  }
  v8::Local<v8::Value> found = Intrinsic(scope, "Symbol", name);
  return !found.IsEmpty() && found->IsSymbol() ? found.As<v8::Symbol>() : v8::Local<v8::Symbol>();
}

}  // namespace

miniracer_status NewSymbol(Scope& scope, uint32_t kind, const miniracer_value* description, miniracer_value* result) {
  v8::Local<v8::String> text;
  bool given = description != nullptr && description->tag != MINIRACER_UNDEFINED;
  if (given) {
    miniracer_status status = TextToJs(scope, *description, "description", v8::NewStringType::kInternalized, &text);
    if (status != MINIRACER_OK) return status;
  } else if (kind != MINIRACER_SYMBOL_UNIQUE) {
    return scope.Fail(MINIRACER_INVALID_ARGUMENT, "description: only a unique symbol can be without");
  }
  v8::Local<v8::Symbol> symbol;
  switch (kind) {
    case MINIRACER_SYMBOL_UNIQUE:
      symbol = v8::Symbol::New(scope.v8, text);
      break;
    case MINIRACER_SYMBOL_REGISTERED:
      symbol = v8::Symbol::For(scope.v8, text);
      break;
    case MINIRACER_SYMBOL_WELL_KNOWN:
      symbol = WellKnownSymbol(scope, text);
      if (symbol.IsEmpty()) return scope.Fail(MINIRACER_INVALID_ARGUMENT, "description: no well-known symbol");
      break;
    default:
      return scope.Fail(MINIRACER_INVALID_ARGUMENT, "kind: unknown number " + std::to_string(kind));
  }
  return ToHost(scope, symbol, result);
}

miniracer_status SymbolDescription(Scope& scope, miniracer_handle handle, miniracer_value* description) {
  v8::Local<v8::Value> value;
  if (miniracer_status status = Resolve(scope, handle, "symbol", &value); status != MINIRACER_OK) return status;
  if (!value->IsSymbol()) return scope.Fail(MINIRACER_WRONG_TYPE, "symbol: this is an object");
  return ToHost(scope, value.As<v8::Symbol>()->Description(scope.v8), description);
}

// ---- Descriptors ----

namespace {

miniracer_status ObjectAndName(Scope& scope, miniracer_handle handle, const miniracer_value& key,
                               v8::Local<v8::Object>* object, v8::Local<v8::Name>* name) {
  v8::Local<v8::Value> converted;
  miniracer_status status = ResolveObject(scope, handle, "object", object);
  if (status == MINIRACER_OK) status = KeyToJs(scope, key, &converted);
  if (status != MINIRACER_OK) return status;
  if (converted->IsName()) {
    *name = converted.As<v8::Name>();
    return MINIRACER_OK;
  }
  v8::Local<v8::String> text;  // of a number
  if (!converted->ToString(scope.context).ToLocal(&text)) return scope.Thrown();
  *name = text;
  return MINIRACER_OK;
}

miniracer_status AccessorToJs(Scope& scope, const miniracer_value& value, const char* what,
                              v8::Local<v8::Value>* result) {
  if (miniracer_status status = ToJs(scope, value, what, result); status != MINIRACER_OK) return status;
  bool callable = (*result)->IsObject() && result->As<v8::Object>()->IsCallable();
  return callable || (*result)->IsUndefined()
             ? MINIRACER_OK
             : scope.Fail(MINIRACER_WRONG_TYPE, std::string(what) + ": a function or undefined is needed");
}

// A field of a descriptor that the engine made. Asked for as an own property: Object.prototype is in the guest's hands.
bool Field(Scope& scope, v8::Local<v8::Object> descriptor, std::string_view name, v8::Local<v8::Value>* value) {
  v8::Local<v8::String> key = Ascii(scope.v8, name);
  return descriptor->HasOwnProperty(scope.context, key).FromMaybe(false) &&
         descriptor->Get(scope.context, key).ToLocal(value);
}

}  // namespace

miniracer_status DefineProperty(Scope& scope, miniracer_handle handle, const miniracer_value& key,
                                const miniracer_property& property) {
  constexpr uint32_t kKnown = MINIRACER_PROPERTY_WRITABLE | MINIRACER_PROPERTY_ENUMERABLE |
                              MINIRACER_PROPERTY_CONFIGURABLE | MINIRACER_PROPERTY_ACCESSOR;
  auto has = [&](uint32_t flag) { return (property.flags & flag) != 0; };
  if ((property.flags & ~kKnown) != 0) return scope.Fail(MINIRACER_UNKNOWN_FLAG, "property.flags: unknown bits");
  if (has(MINIRACER_PROPERTY_ACCESSOR) && has(MINIRACER_PROPERTY_WRITABLE)) {
    return scope.Fail(MINIRACER_INVALID_ARGUMENT, "property.flags: an accessor is not writable");
  }
  v8::Local<v8::Object> object;
  v8::Local<v8::Name> name;
  v8::Local<v8::Value> value, getter, setter;
  miniracer_status status = ObjectAndName(scope, handle, key, &object, &name);
  if (status == MINIRACER_OK && has(MINIRACER_PROPERTY_ACCESSOR)) {
    status = AccessorToJs(scope, property.getter, "property.getter", &getter);
    if (status == MINIRACER_OK) status = AccessorToJs(scope, property.setter, "property.setter", &setter);
  } else if (status == MINIRACER_OK) {
    status = ToJs(scope, property.value, "property.value", &value);
  }
  if (status != MINIRACER_OK) return status;
  auto define = [&](v8::PropertyDescriptor&& descriptor) {
    descriptor.set_enumerable(has(MINIRACER_PROPERTY_ENUMERABLE));
    descriptor.set_configurable(has(MINIRACER_PROPERTY_CONFIGURABLE));
    bool defined;
    if (!object->DefineProperty(scope.context, name, descriptor).To(&defined)) return scope.Thrown();
    if (defined) return miniracer_status{MINIRACER_OK};
    ThrowTypeError(scope.v8, "the object refuses this definition of the property");
    return scope.Thrown();
  };
  return has(MINIRACER_PROPERTY_ACCESSOR) ? define(v8::PropertyDescriptor(getter, setter))
                                          : define(v8::PropertyDescriptor(value, has(MINIRACER_PROPERTY_WRITABLE)));
}

miniracer_status GetOwnProperty(Scope& scope, miniracer_handle handle, const miniracer_value& key,
                                miniracer_property* property, int32_t* present) {
  v8::Local<v8::Object> object;
  v8::Local<v8::Name> name;
  miniracer_status status = ObjectAndName(scope, handle, key, &object, &name);
  if (status != MINIRACER_OK) return status;
  v8::Local<v8::Value> described, field;
  if (!object->GetOwnPropertyDescriptor(scope.context, name).ToLocal(&described)) return scope.Thrown();
  *present = described->IsObject();
  if (*present == 0) return MINIRACER_OK;
  auto descriptor = described.As<v8::Object>();
  auto flag = [&](std::string_view name_of_it, uint32_t bit) {
    if (Field(scope, descriptor, name_of_it, &field) && field->IsTrue()) property->flags |= bit;
  };
  flag("writable", MINIRACER_PROPERTY_WRITABLE);
  flag("enumerable", MINIRACER_PROPERTY_ENUMERABLE);
  flag("configurable", MINIRACER_PROPERTY_CONFIGURABLE);
  if (Field(scope, descriptor, "value", &field)) return ToHost(scope, field, &property->value);
  property->flags |= MINIRACER_PROPERTY_ACCESSOR;
  if (Field(scope, descriptor, "get", &field)) status = ToHost(scope, field, &property->getter);
  if (status == MINIRACER_OK && Field(scope, descriptor, "set", &field)) {
    status = ToHost(scope, field, &property->setter);
  }
  return status;
}

// ---- Prototypes ----

miniracer_status GetPrototype(Scope& scope, miniracer_handle handle, miniracer_value* prototype) {
  v8::Local<v8::Object> object;
  if (miniracer_status status = ResolveObject(scope, handle, "object", &object); status != MINIRACER_OK) return status;
  while (object->IsProxy()) {
    v8::Local<v8::Value> target = object.As<v8::Proxy>()->GetTarget();
    if (!target->IsObject()) return ToHost(scope, v8::Null(scope.v8), prototype);  // revoked
    object = target.As<v8::Object>();
  }
  return ToHost(scope, PrototypeOf(object), prototype);
}

namespace {

// Throws an error that the engine made in the hidden realm again as one of the context's. False for all else.
bool Translate(Scope& scope, v8::TryCatch* caught) {
  if (!caught->Exception()->IsNativeError()) return false;
  auto thrown = caught->Exception().As<v8::Object>();
  v8::Local<v8::Context> realm = HiddenRealm(scope.isolate), home;
  v8::Local<v8::Value> message;
  if (!thrown->GetCreationContext().ToLocal(&home) || home != realm) return false;
  if (!thrown->Get(realm, Ascii(scope.v8, "message")).ToLocal(&message) || !message->IsString()) return false;
  auto text = message.As<v8::String>();
  auto own = IsRangeError(scope.v8, thrown) ? v8::Exception::RangeError(text) : v8::Exception::TypeError(text);
  caught->Reset();
  scope.v8->ThrowException(own);
  caught->ReThrow();
  return true;
}

}  // namespace

// V8's own function would swallow what a Proxy's trap throws.
miniracer_status SetPrototype(Scope& scope, miniracer_handle handle, const miniracer_value& prototype) {
  v8::Local<v8::Object> object;
  v8::Local<v8::Value> wanted;
  miniracer_status status = ResolveObject(scope, handle, "object", &object);
  if (status == MINIRACER_OK) status = ToJs(scope, prototype, "prototype", &wanted);
  if (status != MINIRACER_OK) return status;
  if (!wanted->IsObject() && !wanted->IsNull()) {
    return scope.Fail(MINIRACER_INVALID_ARGUMENT, "prototype: an object or null is needed");
  }
  v8::Local<v8::Value> set = Intrinsic(scope, "Reflect", Ascii(scope.v8, "setPrototypeOf")), done;
  if (set.IsEmpty()) return MINIRACER_INTERNAL;
  v8::Local<v8::Value> arguments[] = {object, wanted};
  bool ended = false;
  {
    v8::TryCatch caught(scope.v8);
    if (!set.As<v8::Function>()->Call(scope.context, v8::Undefined(scope.v8), 2, arguments).ToLocal(&done)) {
      ended = caught.HasTerminated();
      if (!ended && !Translate(scope, &caught)) caught.ReThrow();
    }
  }
  if (ended) {  // which cannot be thrown again
    scope.isolate.limits.KeepEnding();
    EndNow(scope);
  }
  if (done.IsEmpty()) return scope.Thrown();
  if (done->IsTrue()) return MINIRACER_OK;
  ThrowTypeError(scope.v8, "the object refuses this prototype");
  return scope.Thrown();
}

miniracer_status InstanceOf(Scope& scope, const miniracer_value& value, miniracer_handle handle, int32_t* is) {
  v8::Local<v8::Value> converted;
  v8::Local<v8::Object> constructor;
  miniracer_status status = ToJs(scope, value, "value", &converted);
  if (status == MINIRACER_OK) status = ResolveObject(scope, handle, "constructor", &constructor);
  if (status != MINIRACER_OK) return status;
  bool answer;
  if (!converted->InstanceOf(scope.context, constructor).To(&answer)) return scope.Thrown();
  *is = answer;
  return MINIRACER_OK;
}

}  // namespace miniracer
