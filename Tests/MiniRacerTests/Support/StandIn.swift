import Foundation

/// A binary made by the C compiler that serves as much of the contract as a test wants: scripts evaluate to a number.
struct StandIn {
  var abiVersion: UInt32 = 1
  var valueSize = "sizeof(miniracer_value)"
  var errorSize = "sizeof(miniracer_error)"
  var answer = 42
  /// Scripts are numbers of words of eight bytes in the isolate options, and evaluate to what is there; those above 1000 to
  /// the first half of it.
  var reflectsOptions = false
  /// Scripts evaluate to the number of error records that were made and not freed.
  var countsErrors = false
  /// Functions that it does not have, without "miniracer_".
  var without: Set<String> = []

  private static let required: [(name: String, signature: String, body: String)] = [
    ("abi_version", "uint32_t F(void)", "return ABI;"),
    (
      "struct_size", "uint32_t F(uint32_t s)",
      """
      return s == MINIRACER_STRUCT_VALUE ? VALUE : s == MINIRACER_STRUCT_ERROR ? ERROR
           : s == MINIRACER_STRUCT_FRAME ? sizeof(miniracer_frame) : s == MINIRACER_STRUCT_CALL ? sizeof(miniracer_call) : 0;
      """
    ),
    (
      "library_get_info", "int32_t F(miniracer_library_info *i)",
      "i->abi_version = ABI; i->engine_name = \"stand-in\"; return 0;"
    ),
    ("init", "int32_t F(const miniracer_init_options *o, miniracer_error **e)", "return 0;"),
    ("value_release", "void F(miniracer_value *v, uint64_t n)", ""),
    ("error_free", "void F(miniracer_error *e)", "errors -= e != 0; free(e);"),
    (
      "isolate_new", "int32_t F(const miniracer_isolate_options *o, miniracer_isolate *i, miniracer_error **e)",
      "size_t n = o->struct_size < sizeof seen ? o->struct_size : sizeof seen; memcpy(&seen, o, n); *i = 1; return 0;"
    ),
    ("isolate_dispose", "int32_t F(miniracer_isolate i)", "return 0;"),
    (
      "context_new",
      "int32_t F(miniracer_isolate i, const miniracer_context_options *o, miniracer_context *c, miniracer_error **e)",
      "*c = 2; return 0;"
    ),
    ("context_dispose", "int32_t F(miniracer_context c)", "return 0;"),
    (
      "context_get_global", "int32_t F(miniracer_context c, miniracer_value *v, miniracer_error **e)",
      "memset(v, 0, sizeof *v); v->tag = MINIRACER_OBJECT; v->as.handle = 3; return 0;"
    ),
    (
      "context_evaluate",
      """
      int32_t F(miniracer_context c, const miniracer_script *s, const miniracer_run_options *r, miniracer_value *v,
                miniracer_error **e)
      """,
      """
      memset(v, 0, sizeof *v);
      if (!REFLECTS) { v->tag = MINIRACER_INT32; v->as.int32 = ANSWER; return 0; }
      double place = atof(s->source.as.data);
      const char *at = (const char *)&seen + (size_t)((place < 1000 ? place : place - 1000) * 8);
      v->tag = MINIRACER_DOUBLE;
      v->as.number = place < 1000 ? (double)*(const uint64_t *)at : *(const uint32_t *)at;
      return 0;
      """
    ),
  ]

  /// What it has beyond the minimum.
  private static let more: [(name: String, signature: String, body: String)] = [
    (
      "isolate_write_heap_snapshot",
      "int32_t F(miniracer_isolate i, miniracer_writer w, void *u, miniracer_error **e)",
      """
      if (w(u, "{}", 2) == 0) return 0;
      *e = calloc(1, sizeof **e); ++errors; return MINIRACER_CANCELLED;
      """
    )
  ]

  private var source: String {
    var text = """
      #include <stdlib.h>
      #include <string.h>
      #include "miniracer.h"
      #define ABI \(abiVersion)u
      #define VALUE \(valueSize)
      #define ERROR \(errorSize)
      #define ANSWER \(countsErrors ? "errors" : "\(answer)")
      #define REFLECTS \(reflectsOptions ? 1 : 0)
      static miniracer_isolate_options seen;
      static int errors;

      """
    for (name, signature, body) in Self.required + Self.more where !without.contains(name) {
      text += "MINIRACER_API \(signature.replacing("F(", with: "miniracer_\(name)(")) { \(body) }\n"
    }
    return text
  }

  /// Compiles it to this path.
  func build(_ path: String) throws {
    let file = path + ".c"
    try source.write(toFile: file, atomically: true, encoding: .utf8)
    let include = checkout.appending(path: "native/include").path
    let compiler = try Child("cc", ["-shared", "-fPIC", "-O1", "-I", include, "-o", path, file])
    if compiler.exitCode != 0 { throw Failure(description: "cc: \(compiler.output)") }
  }

  struct Failure: Error, CustomStringConvertible { let description: String }
}
