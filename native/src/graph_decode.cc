// The values that an encoded graph tells of: parsed, written anew for V8's deserializer, and what that has no form for put
// in by hand. Nothing of the guest's runs: properties are defined, on objects that no guest has seen yet.
#include <string.h>

#include <algorithm>
#include <memory>
#include <new>
#include <set>
#include <string>
#include <vector>

#include "buffers.h"
#include "errors.h"
#include "graph.h"
#include "graph_parse.h"
#include "graph_write.h"
#include "isolate.h"
#include "pickle.h"
#include "text.h"
#include "values.h"

namespace miniracer {
namespace {

class Decoder final : public v8::ValueDeserializer::Delegate {
 public:
  Decoder(Scope& scope, const EncodedGraph& graph, const GraphLimits& limits)
      : scope_(scope),
        v8_(scope.v8),
        graph_(graph),
        parser_(graph.data, graph.length),
        writer_(parser_, limits, [this](const GraphPart& part) { return IsOdd(part); }) {}

  miniracer_status Decode(miniracer_value* result);
  v8::MaybeLocal<v8::Object> ReadHostObject(v8::Isolate* v8) override;

 private:
  bool IsOdd(const GraphPart& part) const {
    v8::Local<v8::Value> value = Handle(part);
    return !value->IsObject() || value->IsProxy();
  }
  // Throws GraphProblem.
  v8::Local<v8::Value> Handle(const GraphPart& part) const;
  v8::Local<v8::String> Text(const GraphNode& node) const;
  v8::Local<v8::Value> Name(const GraphNode& key) const;
  v8::Local<v8::Value> Primitive(const GraphNode& node) const;
  v8::MaybeLocal<v8::Value> Make(const GraphPart& part);
  v8::Local<v8::Value> MakeBuffer(const GraphPart& part);
  v8::Local<v8::Value> MakeView(const GraphPart& part, v8::Local<v8::ArrayBuffer> buffer, size_t length);
  v8::Local<v8::Value> MakeError(const GraphPart& part);
  bool Define(v8::Local<v8::Object> object, const char* name, v8::Local<v8::Value> value);
  bool Finish(v8::Local<v8::Array> all);
  bool Fill(v8::Local<v8::Object> target, v8::Local<v8::Object> holder);
  miniracer_status Refused(const v8::TryCatch& caught);
  std::string FindDuplicate() const;
  [[noreturn]] static void Malformed(const GraphPart& part, const std::string& what) {
    throw GraphProblem{MINIRACER_INVALID_ARGUMENT, "data: at byte " + std::to_string(part.offset) + ": " + what};
  }

  Scope& scope_;
  v8::Isolate* const v8_;
  const EncodedGraph& graph_;
  GraphParser parser_;
  GraphWriter writer_;
  v8::ValueDeserializer* deserializer_ = nullptr;
  std::string problem_;  // of a part that V8 asked for
  miniracer_status problem_status_ = MINIRACER_INVALID_ARGUMENT;
};

v8::Local<v8::Value> Decoder::Handle(const GraphPart& part) const {
  auto number = static_cast<uint64_t>(part.arguments[0].integer);
  if (number >= graph_.handle_count) {
    Malformed(part, "the handle " + std::to_string(number) + " of " + std::to_string(graph_.handle_count));
  }
  v8::Local<v8::Value> value;
  std::string what = "handles[" + std::to_string(number) + "]";
  miniracer_status status = ToJs(scope_, graph_.handles[number], what.c_str(), &value);
  if (status != MINIRACER_OK) throw GraphProblem{status, scope_.problem};
  return value;
}

v8::Local<v8::String> Decoder::Text(const GraphNode& node) const {
  std::u16string units = Utf16(parser_, node);
  v8::Local<v8::String> text;
  bool made = units.size() <= static_cast<size_t>(v8::String::kMaxLength) &&
              v8::String::NewFromTwoByte(v8_, reinterpret_cast<const uint16_t*>(units.data()),
                                         v8::NewStringType::kNormal, static_cast<int>(units.size()))
                  .ToLocal(&text);
  if (!made) throw GraphProblem{MINIRACER_TOO_LARGE, "data: a text of " + std::to_string(units.size()) + " code units"};
  return text;
}

v8::Local<v8::Value> Decoder::Name(const GraphNode& key) const {
  if (key.kind == GraphNode::kText) return Text(key);
  return Ascii(v8_, std::to_string(key.integer));
}

v8::Local<v8::Value> Decoder::Primitive(const GraphNode& node) const {
  switch (node.kind) {
    case GraphNode::kTrue:
    case GraphNode::kFalse:
      return v8::BooleanObject::New(v8_, node.kind == GraphNode::kTrue);
    case GraphNode::kInteger:
      return v8::NumberObject::New(v8_, static_cast<double>(node.integer));
    case GraphNode::kDouble:
      return v8::NumberObject::New(v8_, node.number);
    case GraphNode::kText:
      return v8::StringObject::New(v8_, Text(node));
    default: {
      std::vector<uint64_t> words(node.length / 8 + 1);
      bool negative = node.length != 0 && (node.bytes[node.length - 1] & 0x80) != 0;
      if (negative) std::fill(words.begin(), words.end(), ~uint64_t{0});
      memcpy(words.data(), node.bytes, node.length);
      for (uint64_t carry = 1, i = 0; negative && i < words.size(); ++i) {
        words[i] = ~words[i] + carry;
        carry = carry != 0 && words[i] == 0;
      }
      v8::Local<v8::BigInt> bigint;
      if (words.size() > (1u << 24) - 1 ||
          !v8::BigInt::NewFromWords(scope_.context, negative, static_cast<int>(words.size()), words.data())
               .ToLocal(&bigint)) {
        throw GraphProblem{MINIRACER_TOO_LARGE, "data: a number of " + std::to_string(node.length) + " bytes"};
      }
      return bigint->ToObject(scope_.context).ToLocalChecked();
    }
  }
}

v8::Local<v8::Value> Decoder::MakeView(const GraphPart& part, v8::Local<v8::ArrayBuffer> buffer, size_t length) {
  if (part.kind == GraphPart::kDataView) return v8::DataView::New(buffer, 0, length);
  int64_t element = part.kind == GraphPart::kBytes ? int64_t{MINIRACER_ELEMENT_UINT8} : part.arguments[0].integer;
  size_t size = element >= MINIRACER_ELEMENT_INT8 && element <= MINIRACER_ELEMENT_UINT8_CLAMPED  ? 1
                : element == MINIRACER_ELEMENT_INT16 || element == MINIRACER_ELEMENT_UINT16      ? 2
                : element >= MINIRACER_ELEMENT_INT32 && element <= MINIRACER_ELEMENT_FLOAT32     ? 4
                : element >= MINIRACER_ELEMENT_FLOAT64 && element <= MINIRACER_ELEMENT_BIGUINT64 ? 8
                                                                                                 : 0;
  if (size == 0) Malformed(part, "a typed array of the unknown kind " + std::to_string(element));
  if (length % size != 0) Malformed(part, "bytes that are no whole number of elements");
  size_t count = length / size;
  if (count > v8::TypedArray::kMaxLength) throw GraphProblem{MINIRACER_TOO_LARGE, "data: a typed array"};
  switch (element) {
    case MINIRACER_ELEMENT_INT8:
      return v8::Int8Array::New(buffer, 0, count);
    case MINIRACER_ELEMENT_UINT8:
      return v8::Uint8Array::New(buffer, 0, count);
    case MINIRACER_ELEMENT_UINT8_CLAMPED:
      return v8::Uint8ClampedArray::New(buffer, 0, count);
    case MINIRACER_ELEMENT_INT16:
      return v8::Int16Array::New(buffer, 0, count);
    case MINIRACER_ELEMENT_UINT16:
      return v8::Uint16Array::New(buffer, 0, count);
    case MINIRACER_ELEMENT_INT32:
      return v8::Int32Array::New(buffer, 0, count);
    case MINIRACER_ELEMENT_UINT32:
      return v8::Uint32Array::New(buffer, 0, count);
    case MINIRACER_ELEMENT_FLOAT32:
      return v8::Float32Array::New(buffer, 0, count);
    case MINIRACER_ELEMENT_FLOAT64:
      return v8::Float64Array::New(buffer, 0, count);
    case MINIRACER_ELEMENT_BIGINT64:
      return v8::BigInt64Array::New(buffer, 0, count);
    default:
      return v8::BigUint64Array::New(buffer, 0, count);
  }
}

v8::Local<v8::Value> Decoder::MakeBuffer(const GraphPart& part) {
  const GraphPart* bytes =
      part.kind == GraphPart::kBytes ? &part : part.arguments[part.kind == GraphPart::kTypedArray].part;
  size_t length = bytes->size;
  bool is_shared = part.kind == GraphPart::kSharedArrayBuffer;
  std::shared_ptr<v8::BackingStore> store = Allocate(scope_, is_shared, length, bytes->bytes);
  if (store == nullptr) {
    throw GraphProblem{MINIRACER_OUT_OF_MEMORY, "data: there is no room for " + std::to_string(length) + " bytes"};
  }
  if (is_shared) return v8::SharedArrayBuffer::New(v8_, store);
  v8::Local<v8::ArrayBuffer> buffer = v8::ArrayBuffer::New(v8_, store);
  if (part.kind == GraphPart::kArrayBuffer) return buffer;
  return MakeView(part, buffer, length);
}

bool Decoder::Define(v8::Local<v8::Object> object, const char* name, v8::Local<v8::Value> value) {
  return object->DefineOwnProperty(scope_.context, Ascii(v8_, name), value, v8::DontEnum).FromMaybe(false);
}

v8::Local<v8::Value> Decoder::MakeError(const GraphPart& part) {
  static constexpr struct {
    const char* name;
    v8::Local<v8::Value> (*make)(v8::Local<v8::String>);
  } kConstructors[] = {
      {"Error", [](v8::Local<v8::String> message) { return v8::Exception::Error(message); }},
      {"TypeError", [](v8::Local<v8::String> message) { return v8::Exception::TypeError(message); }},
      {"RangeError", [](v8::Local<v8::String> message) { return v8::Exception::RangeError(message); }},
      {"ReferenceError", [](v8::Local<v8::String> message) { return v8::Exception::ReferenceError(message); }},
      {"SyntaxError", [](v8::Local<v8::String> message) { return v8::Exception::SyntaxError(message); }},
  };
  const auto& [name, message, stack] = part.arguments;
  std::string called(reinterpret_cast<const char*>(name.bytes), name.length);
  v8::Local<v8::Object> error;
  for (const auto& one : kConstructors) {
    if (called == one.name) error = one.make(Text(message)).As<v8::Object>();
  }
  if (error.IsEmpty()) {
    error = v8::Exception::Error(Text(message)).As<v8::Object>();
    Define(error, "name", Text(name));
  }
  if (stack.kind == GraphNode::kText) Define(error, "stack", Text(stack));
  return error;
}

v8::MaybeLocal<v8::Value> Decoder::Make(const GraphPart& part) {
  switch (part.kind) {
    case GraphPart::kDate: {
      const GraphNode& time = part.arguments[0];
      return v8::Date::New(scope_.context,
                           time.kind == GraphNode::kInteger ? static_cast<double>(time.integer) : time.number);
    }
    case GraphPart::kRegExp: {
      int flags = 0;
      const GraphNode& letters = part.arguments[1];
      for (uint32_t i = 0; i < letters.length; ++i) {
        int found = 0;
        for (size_t j = 0; j < kRegExpFlagCount; ++j) {
          if (kRegExpFlags[j].letter == letters.bytes[i]) found = kRegExpFlags[j].flag;
        }
        if (found == 0) Malformed(part, "a flag that regular expressions do not have here");
        flags |= found;
      }
      v8::Local<v8::RegExp> regexp;
      v8::TryCatch swallow(v8_);
      if (!v8::RegExp::New(scope_.context, Text(part.arguments[0]), static_cast<v8::RegExp::Flags>(flags))
               .ToLocal(&regexp)) {
        Malformed(part, "a regular expression that is none here");
      }
      return regexp;
    }
    case GraphPart::kError:
      return MakeError(part);
    case GraphPart::kBoxed:
      return Primitive(part.arguments[0]);
    case GraphPart::kHandle:
      return Handle(part);
    default:
      return MakeBuffer(part);
  }
}

v8::MaybeLocal<v8::Object> Decoder::ReadHostObject(v8::Isolate*) {
  // No C++ exception may pass through V8.
  v8::EscapableHandleScope handles(v8_);
  try {
    // Written as V8 writes numbers, in order.
    uint32_t number = 0;
    v8::Local<v8::Value> made;
    if (!deserializer_->ReadUint32(&number) || number >= writer_.hosts().size()) return {};
    if (!Make(*writer_.hosts()[number]).ToLocal(&made) || !made->IsObject()) return {};
    return handles.Escape(made.As<v8::Object>());
  } catch (const GraphProblem& found) {
    problem_ = found.text;
    problem_status_ = found.status;
  } catch (const std::bad_alloc&) {
    problem_ = "data: no memory";
    problem_status_ = MINIRACER_HOST_OUT_OF_MEMORY;
  }
  return {};
}

// The items of an Error, or of a collection that V8 could not make.
bool Decoder::Fill(v8::Local<v8::Object> target, v8::Local<v8::Object> holder) {
  v8::Local<v8::Context> context = scope_.context;
  if (holder->IsArray()) {
    uint32_t count = holder.As<v8::Array>()->Length();
    bool map = target->IsMap();
    for (uint32_t i = 0; i < count; i += map ? 2 : 1) {
      v8::HandleScope handles(v8_);
      v8::Local<v8::Value> key, value;
      if (!holder->Get(context, i).ToLocal(&key)) return false;
      if (!map) {
        if (target.As<v8::Set>()->Add(context, key).IsEmpty()) return false;
      } else if (!holder->Get(context, i + 1).ToLocal(&value) ||
                 target.As<v8::Map>()->Set(context, key, value).IsEmpty()) {
        return false;
      }
    }
    return true;
  }
  v8::Local<v8::Array> names;
  if (!holder->GetOwnPropertyNames(context, v8::SKIP_SYMBOLS, v8::KeyConversionMode::kConvertToString)
           .ToLocal(&names)) {
    return false;
  }
  for (uint32_t i = 0; i < names->Length(); ++i) {
    v8::HandleScope handles(v8_);
    v8::Local<v8::Value> name, value;
    if (!names->Get(context, i).ToLocal(&name) || !holder->Get(context, name).ToLocal(&value)) return false;
    bool hidden = name->StrictEquals(Ascii(v8_, "cause")) || name->StrictEquals(Ascii(v8_, "errors"));
    if (!target->DefineOwnProperty(context, name.As<v8::Name>(), value, hidden ? v8::DontEnum : v8::None)
             .FromMaybe(false)) {
      return false;
    }
  }
  return true;
}

// `all` is as GraphRest tells.
bool Decoder::Finish(v8::Local<v8::Array> all) {
  v8::Local<v8::Context> context = scope_.context;
  const GraphRest& rest = writer_.rest();
  auto fills = static_cast<uint32_t>(rest.fills.size());
  for (uint32_t i = 0; i < rest.patches.size(); ++i) {
    v8::HandleScope handles(v8_);
    const GraphRest::Patch& patch = rest.patches[i];
    v8::Local<v8::Value> parent;
    if (!all->Get(context, 1 + 2 * fills + i).ToLocal(&parent)) return false;
    auto object = parent.As<v8::Object>();
    v8::Local<v8::Value> value = Handle(*patch.handle);
    bool done = patch.named ? object->DefineOwnProperty(context, Name(patch.key).As<v8::Name>(), value).FromMaybe(false)
                            : object->CreateDataProperty(context, patch.index, value).FromMaybe(false);
    if (!done) return false;
  }
  for (uint32_t i = 0; i < rest.sparse.size(); ++i) {
    v8::HandleScope handles(v8_);
    v8::Local<v8::Value> array;
    if (!all->Get(context, 1 + 2 * fills + static_cast<uint32_t>(rest.patches.size()) + i).ToLocal(&array))
      return false;
    v8::Local<v8::Value> length = v8::Number::New(v8_, static_cast<double>(rest.sparse[i]->arguments[0].integer));
    if (!array.As<v8::Object>()->Set(context, Ascii(v8_, "length"), length).FromMaybe(false)) return false;
  }
  for (uint32_t i = 0; i < fills; ++i) {
    v8::HandleScope handles(v8_);
    v8::Local<v8::Value> holder, target;
    if (!all->Get(context, 1 + i).ToLocal(&holder) || !all->Get(context, 1 + fills + i).ToLocal(&target)) return false;
    if (!Fill(target.As<v8::Object>(), holder.As<v8::Object>())) return false;
  }
  return true;
}

// V8 refuses two properties of one name; all else that is wrong was found before.
std::string Decoder::FindDuplicate() const {
  for (const GraphPart* part = parser_.parts(); part != nullptr; part = part->previous) {
    if (part->kind != GraphPart::kDict && part->kind != GraphPart::kError && part->kind != GraphPart::kSparse) continue;
    std::set<std::string> names;
    for (const GraphItems* items = part->first; items != nullptr; items = items->next) {
      for (uint64_t i = 0; i < items->count; i += 2) {
        const GraphNode& key = items->nodes[i];
        bool text = key.kind == GraphNode::kText;
        if (!text && key.kind != GraphNode::kInteger) continue;
        std::string name =
            text ? std::string(reinterpret_cast<const char*>(key.bytes), key.length) : std::to_string(key.integer);
        if (names.insert(name).second) continue;
        return "data: at byte " + std::to_string(part->offset) + ": what begins here has the key '" + name + "' twice";
      }
    }
  }
  return {};
}

miniracer_status Decoder::Refused(const v8::TryCatch& caught) {
  if (caught.HasTerminated()) {
    scope_.terminated = true;
    return MINIRACER_INTERNAL;
  }
  if (!problem_.empty()) return scope_.Fail(problem_status_, problem_);
  if (caught.HasCaught() && IsRangeError(v8_, caught.Exception())) {
    return scope_.Fail(MINIRACER_TOO_LARGE, "data: nested deeper than the stack allows, or larger than V8 can hold");
  }
  std::string duplicate = FindDuplicate();
  if (!duplicate.empty()) return scope_.Fail(MINIRACER_INVALID_ARGUMENT, duplicate);
  return scope_.Fail(MINIRACER_INTERNAL, "data: V8 could not make the values");
}

miniracer_status Decoder::Decode(miniracer_value* result) {
  GraphNode root = parser_.Parse();
  v8::Local<v8::Value> value;
  bool handle = root.kind == GraphNode::kPart && root.part->kind == GraphPart::kHandle;
  if (handle) {
    value = Handle(*root.part);
  } else {
    writer_.Write(root);
    v8::TryCatch caught(v8_);
    v8::ValueDeserializer deserializer(v8_, writer_.data(), writer_.size(), this);
    deserializer_ = &deserializer;
    v8::Local<v8::Value> all;
    bool done = deserializer.ReadHeader(scope_.context).FromMaybe(false) &&
                deserializer.ReadValue(scope_.context).ToLocal(&all) && all->IsArray() && Finish(all.As<v8::Array>()) &&
                all.As<v8::Array>()->Get(scope_.context, 0).ToLocal(&value);
    if (!done) return Refused(caught);
  }
  return ToHost(scope_, value, result);
}

}  // namespace

miniracer_status DecodeGraph(Scope& scope, const EncodedGraph& graph, const GraphLimits& limits,
                             miniracer_value* result) {
  if (graph.length > limits.bytes) {
    return scope.Fail(MINIRACER_TOO_LARGE,
                      "data: " + std::to_string(graph.length) + " bytes, more than " + std::to_string(limits.bytes));
  }
  try {
    return Decoder(scope, graph, limits).Decode(result);
  } catch (const GraphProblem& problem) {
    return scope.Fail(problem.status, problem.text);
  }
}

}  // namespace miniracer
