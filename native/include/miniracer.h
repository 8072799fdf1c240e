/*
 * miniracer.h - V8 behind a flat C interface.
 *
 * This header is the contract between libminiracer.so and every host, in any language. It is plain C99 and holds
 * nothing of V8. The rules, once, for all functions below:
 *
 *  1. Status. A function that can fail returns a miniracer_status, 0 being success, and writes results through
 *     out-parameters, which it leaves untouched on failure. There is one status per reason. Treat a code that you do
 *     not know by its range: 1xx the host misused the interface, 2xx the guest threw, 3xx a limit ended the run,
 *     4xx lifecycle, 5xx internal.
 *
 *  2. Errors. A function with a `miniracer_error **error` parameter stores there, on failure, a record of what went
 *     wrong, which the caller owns and frees with miniracer_error_free. On success *error is left untouched. error
 *     may be NULL; *error may stay NULL when memory ran out, so start it as NULL. Making a record runs no guest code.
 *
 *  3. Identities. Isolates, contexts and JavaScript objects are 64-bit numbers, never pointers. Zero is none of them. A
 *     number that was released, disposed of, made by another isolate or simply made up is answered with
 *     MINIRACER_INVALID_HANDLE or MINIRACER_CLOSED, never with undefined behaviour. Do not take them apart.
 *
 *  4. Ownership. What a function writes into a miniracer_value for you is yours: pass it to miniracer_value_release
 *     when you are done. What you pass in stays yours and is read only during the call. Releasing works from any
 *     thread, a garbage collector's included, and waits for no running script.
 *
 *  5. Threads. Any thread may call any function on any isolate. An isolate's lock, taken by each call, lets one
 *     thread in at a time; JavaScript runs on the calling thread. miniracer_isolate_lock holds it over a batch. A host
 *     function called from JavaScript may call back into its own isolate, to any depth the stack allows. On a stack
 *     that is not the thread's own (a coroutine's) there must be 256 KiB below each call: where such a stack ends is
 *     not known.
 *
 *  6. Guest code. Functions that can run JavaScript take `const miniracer_run_options *run` and keep its limits (NULL:
 *     the isolate's defaults). The others cannot run guest code.
 *
 *  7. Growth. Structs that can grow begin with `uint32_t struct_size`, which the writer sets to sizeof. Fields are only
 *     appended and zero means default. A library given a longer struct than it knows accepts it if the unknown tail is
 *     zero, and otherwise answers MINIRACER_UNKNOWN_FIELD. No struct has more than 64 KiB: a struct_size beyond that,
 *     or below 4, is INVALID_ARGUMENT. miniracer_value is frozen.
 *
 *  8. Callbacks come as (function, void *userdata, void (*finalize)(void *userdata)). finalize, where not NULL, is
 *     called exactly once, also when the call that was given it fails. It runs in that failing call, in
 *     miniracer_error_free or miniracer_buffer_free, or on a thread that is just leaving or disposing of an isolate and
 *     no longer holds its lock; it may call any function here. No callback may longjmp over the library, and none but a
 *     host function and a host object's may throw C++ exceptions. One that ends its thread (pthread_exit,
 *     pthread_cancel), as an interpreter does with threads that outlive it, is not unwound: the thread stays in the
 *     callback for ever, with the locks that it holds.
 *
 *  9. fork. In the child everything made before answers MINIRACER_FORKED; new isolates work. A fork waits, up to a
 *     second, for other threads that are in miniracer_init, or make or free an isolate. One while another thread compiles
 *     JavaScript may leave a lock of V8's taken in the child, as with any threaded program.
 *
 * 10. The library never prints, never exits, and is never unloaded.
 *
 * Sources relied upon: V8's public headers (v8-isolate.h, v8-function.h, v8-exception.h) and ECMA-262, named where
 * used.
 */
#ifndef MINIRACER_H
#define MINIRACER_H

#include <stdint.h>

#if defined(__GNUC__)
#define MINIRACER_API __attribute__((visibility("default")))
#else
#define MINIRACER_API
#endif

/* Callbacks may be called on any thread: Swift must not infer an actor for them. */
#if defined(__has_attribute)
#if __has_attribute(swift_attr)
#define MINIRACER_SENDABLE __attribute__((swift_attr("@Sendable")))
#endif
#endif
#ifndef MINIRACER_SENDABLE
#define MINIRACER_SENDABLE
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The number of this contract. It grows by one with each set of additions and nothing is ever removed, so a library at
 * N serves every host built for 1..N. */
#define MINIRACER_ABI_VERSION 3

/* ---- Statuses ---------------------------------------------------------------------------------------------------- */

typedef int32_t miniracer_status;

enum {
  MINIRACER_OK = 0,

  /* The host misused the interface. */
  MINIRACER_INVALID_ARGUMENT = 100, /* NULL or out of range where a value is needed; the record names the parameter */
  MINIRACER_INVALID_HANDLE = 101,   /* never issued, released, or of another isolate */
  MINIRACER_INVALID_TEXT = 102,     /* malformed UTF-8; the record tells the byte */
  MINIRACER_WRONG_TYPE = 103,       /* the handle's object cannot do this: calling what is no function, ... */
  MINIRACER_UNKNOWN_FIELD = 104,    /* a struct carries fields that this binary does not know */
  MINIRACER_UNKNOWN_FLAG = 105,     /* a flag bit or V8 flag that this binary does not know */
  MINIRACER_TOO_LATE = 106,         /* V8 is running and its flags are fixed */
  MINIRACER_TOO_LARGE = 107,        /* text, list or number beyond what the engine can hold */
  MINIRACER_NOT_LOCKED = 108,       /* unlock by a thread that does not hold the lock */
  MINIRACER_NOT_SUPPORTED = 109,    /* this binary or engine cannot do it */
  MINIRACER_WOULD_DEADLOCK = 110,   /* waiting, inside of JavaScript, for JavaScript that can only run after it */

  /* The guest threw. */
  MINIRACER_EXCEPTION = 200,    /* an uncaught exception */
  MINIRACER_SYNTAX_ERROR = 201, /* the source text did not compile; nothing of it ran */

  /* A limit ended the run. */
  MINIRACER_TIMEOUT = 300,
  MINIRACER_CPU_TIME = 301,
  MINIRACER_OUT_OF_MEMORY = 302,
  MINIRACER_CANCELLED = 303,
  MINIRACER_TOO_MANY_HANDLES = 304, /* miniracer_isolate_options.maximum_handles */

  /* Lifecycle. */
  MINIRACER_NOT_INITIALIZED = 400, /* miniracer_init has not succeeded */
  MINIRACER_CLOSED = 401,          /* the isolate or context is disposed of, or was while the call ran */
  MINIRACER_FORKED = 402,          /* the isolate was made before fork(); use a new one in the child */
  MINIRACER_ENGINE_DEAD = 403,     /* V8 gave this isolate up, or a run that would not end was cut off: it can only be
                                      disposed of; others work on. The record says why. */

  /* Internal. */
  MINIRACER_INTERNAL = 500,
  MINIRACER_HOST_OUT_OF_MEMORY = 501 /* the system gives the process no more memory, or no more threads */
};

/* ---- Values ------------------------------------------------------------------------------------------------------ */

typedef uint64_t miniracer_isolate; /* one heap, one lock; holds contexts */
typedef uint64_t miniracer_context; /* one global object in an isolate */
typedef uint64_t miniracer_handle;  /* a reference that keeps one JavaScript object or symbol alive */

/* What miniracer_value.tag says. Frozen: new kinds of values become new subtypes of MINIRACER_OBJECT. */
enum {
  MINIRACER_UNDEFINED = 0, /* a zeroed miniracer_value is undefined */
  MINIRACER_NULL = 1,
  MINIRACER_BOOLEAN = 2, /* as.int32: 0 or 1 */
  MINIRACER_INT32 = 3,   /* as.int32; output: every Number that is an int32 and not -0 */
  MINIRACER_DOUBLE = 4,  /* as.number; output: every other Number */
  MINIRACER_STRING = 5,  /* as.data, length code units; subtype: the encoding */
  MINIRACER_BIGINT = 6,  /* subtype: MINIRACER_BIGINT_INT64 or _WORDS */
  MINIRACER_SYMBOL = 7,  /* as.handle */
  MINIRACER_OBJECT = 8   /* as.handle; subtype: what kind of object */
};

/* Subtypes of MINIRACER_STRING. Output is Latin-1 when every code unit is below 256, else UTF-16 in native byte order,
 * so that lone surrogates and NULs survive. Input may be any of the three; UTF-8 must be well-formed. */
enum {
  MINIRACER_LATIN1 = 0, /* length counts bytes */
  MINIRACER_UTF16 = 1,  /* length counts 16-bit units; data must be 2-byte aligned */
  MINIRACER_UTF8 = 2    /* length counts bytes; input only */
};

/* Subtypes of MINIRACER_BIGINT. */
enum {
  MINIRACER_BIGINT_INT64 = 0, /* as.int64; output: every BigInt that fits */
  MINIRACER_BIGINT_WORDS = 1  /* as.words: length 64-bit words, least significant first; the sign is in the flags */
};

/* Subtypes of MINIRACER_OBJECT. A number that you do not know is an object like any other. */
enum {
  MINIRACER_OBJECT_PLAIN = 0,
  MINIRACER_OBJECT_ARRAY = 1,
  MINIRACER_OBJECT_FUNCTION = 2,
  MINIRACER_OBJECT_ERROR = 3,
  MINIRACER_OBJECT_DATE = 4,
  MINIRACER_OBJECT_REGEXP = 5,
  MINIRACER_OBJECT_PROMISE = 6,
  MINIRACER_OBJECT_MAP = 7,
  MINIRACER_OBJECT_SET = 8,
  MINIRACER_OBJECT_WEAK_MAP = 9,
  MINIRACER_OBJECT_WEAK_SET = 10,
  MINIRACER_OBJECT_WEAK_REF = 11,
  MINIRACER_OBJECT_ARRAY_BUFFER = 12,
  MINIRACER_OBJECT_SHARED_ARRAY_BUFFER = 13,
  MINIRACER_OBJECT_TYPED_ARRAY = 14,
  MINIRACER_OBJECT_DATA_VIEW = 15,
  MINIRACER_OBJECT_PROXY = 16,
  MINIRACER_OBJECT_GENERATOR = 17,
  MINIRACER_OBJECT_BOXED = 18, /* new Number(1), new String(''), ... */
  MINIRACER_OBJECT_ARGUMENTS = 19,
  MINIRACER_OBJECT_MODULE_NAMESPACE = 20,
  MINIRACER_OBJECT_WASM = 21,    /* WebAssembly.Module, .Memory, .Table, .Global, .Instance, .Tag */
  MINIRACER_OBJECT_HOST = 22,    /* made by miniracer_host_object_new */
  MINIRACER_OBJECT_ITERATOR = 23 /* made by the engine: [].values(), new Map().keys(), ''.matchAll(...); since ABI 3 */
};

/* miniracer_value.flags. Bits that you do not know mean nothing to you; send none of them. */
enum {
  MINIRACER_VALUE_OWNED = 1,    /* miniracer_value_release has something to give back; set by the library only */
  MINIRACER_VALUE_NEGATIVE = 2, /* the sign of MINIRACER_BIGINT_WORDS */
  MINIRACER_VALUE_CALLABLE = 4, /* an object with [[Call]] */
  MINIRACER_VALUE_ASYNC = 8     /* an async function */
};

/* One JavaScript value on the border. 16 bytes, the same on every platform, frozen. */
typedef struct miniracer_value {
  uint8_t tag;
  uint8_t subtype;
  uint16_t flags;
  uint32_t length; /* STRING: code units. BIGINT_WORDS: words. OBJECT_ARRAY, output: elements. Else 0. */
  union {
    int32_t int32;
    int64_t int64;
    double number;
    const void *data;
    const uint64_t *words;
    miniracer_handle handle;
  } as;
} miniracer_value;

/* Gives back what each of the values owns (text, words, a handle) and makes each of them undefined. Values that own
 * nothing are fine, stale handles are ignored. Any thread, at any time; waits for nothing. */
MINIRACER_API void miniracer_value_release(miniracer_value *values, uint64_t count);

/* ---- The library ------------------------------------------------------------------------------------------------- */

/* What miniracer_library_info.features says. */
enum {
  MINIRACER_FEATURE_INTL = 1, /* ECMA-402 */
  MINIRACER_FEATURE_WEBASSEMBLY = 2,
  MINIRACER_FEATURE_SHARED_MEMORY = 4,   /* SharedArrayBuffer, Atomics */
  MINIRACER_FEATURE_DEBUG_BUILD = 8,     /* built with assertions */
  MINIRACER_FEATURE_SANITIZER_BUILD = 16 /* built with a sanitizer */
};

typedef struct miniracer_library_info {
  uint32_t struct_size; /* in: the caller's sizeof; out: the bytes filled */
  uint32_t abi_version; /* as miniracer_abi_version */
  uint64_t features;    /* MINIRACER_FEATURE_* bits */
  /* NUL-terminated ASCII that lives as long as the process. */
  const char *library_version;    /* semantic version of the library, "0.1.0" */
  const char *engine_name;        /* "V8" */
  const char *engine_version;     /* "10.2.154.26-node.36" */
  const char *build_id;           /* names the inputs of the build, hexadecimal */
  uint64_t maximum_string_length; /* code units */
  uint64_t maximum_handles;       /* live ones in one isolate */
} miniracer_library_info;

/* Numbers of the structs in this header, for miniracer_struct_size. */
enum {
  MINIRACER_STRUCT_VALUE = 1,
  MINIRACER_STRUCT_LIBRARY_INFO = 2,
  MINIRACER_STRUCT_INIT_OPTIONS = 3,
  MINIRACER_STRUCT_FRAME = 4,
  MINIRACER_STRUCT_ERROR = 5,
  MINIRACER_STRUCT_ISOLATE_OPTIONS = 6,
  MINIRACER_STRUCT_HEAP_STATISTICS = 7,
  MINIRACER_STRUCT_CONTEXT_OPTIONS = 8,
  MINIRACER_STRUCT_RUN_OPTIONS = 9,
  MINIRACER_STRUCT_SCRIPT = 10,
  MINIRACER_STRUCT_CALL = 11,
  MINIRACER_STRUCT_FUNCTION_OPTIONS = 12,
  MINIRACER_STRUCT_PROPERTY = 13,
  MINIRACER_STRUCT_BUFFER = 14,
  MINIRACER_STRUCT_BUFFER_OPTIONS = 15,
  MINIRACER_STRUCT_HOST_OBJECT_OPTIONS = 16,
  MINIRACER_STRUCT_GRAPH = 17,
  MINIRACER_STRUCT_GRAPH_OPTIONS = 18,
  MINIRACER_STRUCT_MODULE_LOADER = 19,
  MINIRACER_STRUCT_FILE_LOADER = 20,
  MINIRACER_STRUCT_INSPECT_OPTIONS = 21,
  MINIRACER_STRUCT_ISOLATE_EVENT = 22,
  MINIRACER_STRUCT_PROCESS_STATISTICS = 23
};

/* MINIRACER_ABI_VERSION as the binary was built. Before anything else, any thread. */
MINIRACER_API uint32_t miniracer_abi_version(void);

/* The size in bytes of a struct as the binary knows it, 0 for a number that it does not know. A host whose
 * miniracer_value differs in size must not go on. Before anything else, any thread. */
MINIRACER_API uint32_t miniracer_struct_size(uint32_t structure);

/* Facts about the binary. Works before miniracer_init. INVALID_ARGUMENT: info is NULL or its struct_size too small. */
MINIRACER_API miniracer_status miniracer_library_get_info(miniracer_library_info *info);

/* The name of a status in lower case, "timeout" say; "unknown" for others. NUL-terminated ASCII, lives for ever. */
MINIRACER_API const char *miniracer_status_name(miniracer_status status);

/* miniracer_init_options.flags. */
enum {
  MINIRACER_INIT_SINGLE_THREADED = 1, /* no worker threads: compiling and collecting happen on the calling threads */
  MINIRACER_INIT_JITLESS = 2,         /* V8 makes no machine code at run time: slower, and a smaller target. There is no
                                         WebAssembly then. */
  MINIRACER_INIT_NO_SIGNALS = 4       /* the library takes no signal: a run inside of a built-in function that never
                                         looks up is not cut off (see MINIRACER_EVENT_UNRESPONSIVE), and a fault of
                                         V8's ends the process. Without it the library takes SIGSEGV and one real-time
                                         signal that has no handler; where the host takes the latter back, and where
                                         none is left, nothing is cut off. */
};

typedef struct miniracer_init_options {
  uint32_t struct_size;
  uint32_t flags;           /* MINIRACER_INIT_* bits */
  uint32_t worker_threads;  /* 0: the number of processors less one, at least 1 and at most 4. They start with the first
                               isolate; where the system gives fewer, there are fewer, and where it gives none, no
                               isolate. */
  uint32_t v8_flags_length; /* bytes */
  const char *v8_flags;     /* V8's command line flags separated by spaces, "--jitless --stack-size=500" */
} miniracer_init_options;

struct miniracer_error; /* below */

/* Starts V8, once for the process. Idempotent and thread-safe: further calls succeed, unless they ask for something
 * that the running engine does not have. options may be NULL. UNKNOWN_FLAG: a flag bit or V8 flag that is not known,
 * the record names it; TOO_LATE: V8 runs already and these V8 flags or threads were not asked for at its start;
 * INVALID_ARGUMENT, UNKNOWN_FIELD; FORKED: in the child of a fork that came while another thread was long in here. */
MINIRACER_API miniracer_status miniracer_init(const miniracer_init_options *options, struct miniracer_error **error);

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

/* miniracer_frame.flags. */
enum {
  MINIRACER_FRAME_EVAL = 1,
  MINIRACER_FRAME_CONSTRUCTOR = 2,
  MINIRACER_FRAME_WASM = 4,
  MINIRACER_FRAME_GUEST = 8,  /* code with a script of its own, as against the engine's */
  MINIRACER_FRAME_ASYNC = 16, /* was waiting (await) for what the frames before it did; of rejections only */
  MINIRACER_FRAME_NATIVE = 32 /* a function of the engine's own, "Array.forEach" say: no file, line 0. Told where
                                 `stack` has it and the guest has neither read nor replaced that */
};

/* One frame of a JavaScript stack, innermost first. */
typedef struct miniracer_frame {
  miniracer_value function; /* STRING, or UNDEFINED for top-level and anonymous code */
  miniracer_value file;     /* STRING, or UNDEFINED */
  int32_t line;             /* from 1; 0: unknown */
  int32_t column;           /* from 1, in UTF-16 units; 0: unknown */
  uint32_t flags;           /* MINIRACER_FRAME_* bits */
  uint32_t reserved;
} miniracer_frame;

/* miniracer_error.flags. */
enum {
  MINIRACER_ERROR_NATIVE = 1,   /* the thrown value is a real Error object (ECMA-262 [[ErrorData]]) */
  MINIRACER_ERROR_REJECTION = 2 /* the reason of a rejected promise that nothing handled */
};

/* What an error says. Written by the library, read by the host, freed by miniracer_error_free with all it points to.
 * Text in it is borrowed from it. Of names of errors, functions and files there are 1,000 UTF-16 units, of the message 2^20,
 * and "..." in place of the rest. */
typedef struct miniracer_error {
  uint32_t struct_size;    /* as the library knows it: newer fields are there only if it is large enough */
  miniracer_status status; /* as the function returned */
  uint32_t flags;          /* MINIRACER_ERROR_* bits */
  uint32_t frame_count;
  uint32_t frame_size;         /* bytes from one frame to the next; may be larger than sizeof(miniracer_frame) */
  int32_t line;                /* where it was thrown, or the syntax error begins; from 1; 0: unknown */
  int32_t column;              /* from 1, in UTF-16 units; 0: unknown */
  int32_t end_column;          /* one past the last column of the place; 0: unknown */
  miniracer_value name;        /* "TypeError"; the class of what was thrown as far as it can be told; else UNDEFINED */
  miniracer_value message;     /* always a STRING: the error's own message, or what was thrown as text */
  miniracer_value file;        /* the script's name, or UNDEFINED */
  miniracer_value source_line; /* the text of that line, or UNDEFINED */
  miniracer_value stack;       /* "name: message" and a line "    at f (file:line:column)" per frame, or UNDEFINED */
  miniracer_value thrown;      /* EXCEPTION: the thrown value; take it by copying it and setting its tag to UNDEFINED */
  const miniracer_frame *frames;
  const struct miniracer_error *cause; /* the own data property `cause`, where it is an Error, or NULL */
  void *host_error; /* what miniracer_call_throw_error was given, or NULL; alive as long as this record is */
} miniracer_error;

/* Frees a record, its causes and the thrown value, if not taken. NULL is fine. Any thread; waits for nothing. */
MINIRACER_API void miniracer_error_free(miniracer_error *error);

/* Gives `userdata` back to the host; see rule 8. */
typedef MINIRACER_SENDABLE void (*miniracer_finalizer)(void *userdata);

/* ---- Isolates ---------------------------------------------------------------------------------------------------- */

/* miniracer_isolate_options.flags. */
enum {
  MINIRACER_ISOLATE_EXPLICIT_MICROTASKS = 1, /* promise reactions run only in miniracer_isolate_run_microtasks and
                                                _run_pending; otherwise also whenever the outermost call ends */
  MINIRACER_ISOLATE_BACKGROUND_LOOP = 2,     /* the library runs the event loop; see there */
  MINIRACER_ISOLATE_NO_EVAL = 4,             /* eval and the constructors of functions from text throw an EvalError */
  MINIRACER_ISOLATE_NO_WEBASSEMBLY = 8,      /* contexts have no WebAssembly */
  MINIRACER_ISOLATE_NO_SHARED_MEMORY = 16    /* contexts have no SharedArrayBuffer and no Atomics */
};

/* What miniracer_isolate_event.kind says. */
enum {
  MINIRACER_EVENT_MEMORY_WARNING = 1, /* memory grew past memory_warning; told again after it fell below */
  MINIRACER_EVENT_UNRESPONSIVE = 2,   /* a run did not end when told to, and cannot be cut off where it is: its thread
                                         stays in the engine. Told once a run. */
  MINIRACER_EVENT_DEAD = 3            /* the isolate is ENGINE_DEAD from now on */
};

typedef struct miniracer_isolate_event {
  uint32_t struct_size; /* as the library knows it */
  uint32_t kind;        /* MINIRACER_EVENT_* */
  miniracer_isolate isolate;
  uint64_t memory;  /* MEMORY_WARNING: bytes, as miniracer_heap_statistics.memory */
  uint64_t overdue; /* UNRESPONSIVE: nanoseconds since the run was told to end */
  const char *text; /* DEAD: why, as V8 says it; NUL-terminated ASCII, lives until the callback returns. Else NULL */
} miniracer_isolate_event;

/* DEAD is told by the call that it happened in, before that returns; the others on a thread of the library's own, while the
 * run goes on, and what happens several times before it is told then is told once, with the latest numbers. That may be
 * after the isolate was disposed of, but is before event_finalize. May call any function here. */
typedef MINIRACER_SENDABLE void (*miniracer_event_callback)(void *userdata, const miniracer_isolate_event *event);

typedef struct miniracer_isolate_options {
  uint32_t struct_size;
  uint32_t flags; /* MINIRACER_ISOLATE_* bits */
  uint64_t
      heap_limit;   /* bytes of V8's heap at which a run is ended with OUT_OF_MEMORY; 0: V8's default, by the machine */
  uint64_t timeout; /* nanoseconds a run may take by default, and a function without run options may wait for the lock;
                       0: no limit */
  uint64_t stack_limit; /* bytes of stack that guest code may use; 0: what the calling thread has, less a reserve */
  uint64_t cpu_time; /* nanoseconds of processor time of its own thread that a run may take by default; 0: no limit */
  uint64_t memory_limit;   /* bytes of miniracer_heap_statistics.memory at which a run is ended with OUT_OF_MEMORY, and
                              beyond which the engine gets nothing; 0: heap_limit, if that is set, else no limit */
  uint64_t memory_warning; /* the same number at which the host is told by `event`; 0: never */
  uint64_t grace; /* nanoseconds after which a run that was told to end and did not is cut off, which leaves the
                              isolate ENGINE_DEAD; its thread must have run for half of that; 0: 250 ms;
                              MINIRACER_NO_TIMEOUT: never */
  uint64_t clock_resolution; /* nanoseconds to which Date and performance.now are rounded down; 0: as they come;
                                MINIRACER_FROZEN_CLOCK: they stand still while a run lasts */
  uint32_t maximum_handles;  /* live miniracer_handles; 0: as many as there can be (miniracer_library_info) */
  uint32_t maximum_timers;   /* pending ones of setTimeout, setInterval and setImmediate; one more is a RangeError;
                                0: 100,000 */
  uint32_t maximum_modules;  /* modules of one context; one more is an error of its import; 0: 100,000 */
  uint32_t maximum_promises; /* of miniracer_promise_new that are not settled yet; one more is TOO_MANY_HANDLES;
                                0: 1,000,000 */
  uint64_t maximum_console; /* bytes of text that console.* may hand to the host in one turn of the host's; what is more
                                is left out, and a last line says so; 0: no limit */
  miniracer_event_callback event; /* NULL: none */
  void *event_userdata;
  miniracer_finalizer event_finalize; /* once the isolate is gone */
} miniracer_isolate_options;

#define MINIRACER_FROZEN_CLOCK UINT64_MAX

/* Presets of miniracer_isolate_options. */
enum {
  MINIRACER_PRESET_TRUSTED = 0,  /* the defaults: all zero */
  MINIRACER_PRESET_UNTRUSTED = 1 /* for code that somebody else wrote: no eval, no WebAssembly, no shared memory; 1 s,
                                    1 s of processor time, 128 MiB; a clock of 1 ms; small caps. docs/limits.md tells
                                    each. V8 without its compilers is the process's choice: MINIRACER_INIT_JITLESS. */
};

/* Fills in the options that a preset stands for: *options afterwards has the caller's struct_size, and whatever it
 * says may be changed before it is used. INVALID_ARGUMENT: no such preset, options NULL or its struct_size too small. */
MINIRACER_API miniracer_status miniracer_isolate_options_preset(uint32_t preset, miniracer_isolate_options *options);

/* Makes an isolate. options may be NULL. The isolate lives until miniracer_isolate_dispose. INVALID_ARGUMENT: a heap
 * limit below 4 MiB, for one; UNKNOWN_FIELD, UNKNOWN_FLAG, NOT_INITIALIZED, HOST_OUT_OF_MEMORY. */
MINIRACER_API miniracer_status miniracer_isolate_new(const miniracer_isolate_options *options,
                                                     miniracer_isolate *isolate, miniracer_error **error);

/* Closes an isolate with all in it: its numbers are void at once, threads that wait for it get CLOSED, a run in it is
 * ended with CLOSED. Never waits: the last thread that is inside, or this one when nobody is, frees the heap. Safe
 * inside a host function of the same isolate. CLOSED: it was so already. INVALID_HANDLE, FORKED. */
MINIRACER_API miniracer_status miniracer_isolate_dispose(miniracer_isolate isolate);

/* Holds the isolate for the calling thread until as many unlocks, so that calls in between need not lock. Waits while
 * another thread is inside. A thread that ends with locks gives them back; the process's first, though, ends with the
 * process. What a callback locks inside of a call, or on a thread of the library's, is undone as it returns.
 * INVALID_HANDLE, CLOSED, FORKED. */
MINIRACER_API miniracer_status miniracer_isolate_lock(miniracer_isolate isolate);

/* Locks on several isolates are undone in reverse order. NOT_LOCKED: the calling thread has no miniracer_isolate_lock to
 * undo, or a later one on another isolate. */
MINIRACER_API miniracer_status miniracer_isolate_unlock(miniracer_isolate isolate);

/* Ends with CANCELLED the run whose run options carry this `cancel` pointer, with the runs nested in it; with NULL,
 * whatever runs on the isolate now, from the outermost run inwards. A run that is not there is no error, and no later
 * run is hit: set *cancel to non-zero first, and a run that only begins later sees it. Any thread; never waits. */
MINIRACER_API miniracer_status miniracer_isolate_cancel(miniracer_isolate isolate, const uint32_t *cancel);

/* Changes miniracer_isolate_options.heap_limit, for a run that is under way, too (from a host function) and all later
 * ones; 0: as the isolate was made with. A limit below what is in use now takes effect as far as V8 can: it keeps a
 * quarter of that as slack. Waits while another thread is inside. INVALID_ARGUMENT: below 4 MiB. */
MINIRACER_API miniracer_status miniracer_isolate_set_heap_limit(miniracer_isolate isolate, uint64_t bytes);

/* Kinds of miniracer_isolate_collect_garbage. */
enum {
  MINIRACER_COLLECT_HINT = 0, /* memory is getting scarce: collect when convenient */
  MINIRACER_COLLECT_FULL = 1  /* collect all that can be, now */
};

MINIRACER_API miniracer_status miniracer_isolate_collect_garbage(miniracer_isolate isolate, uint32_t kind);

/* Bytes, except where a count is named. */
typedef struct miniracer_heap_statistics {
  uint32_t struct_size; /* in: the caller's sizeof; out: the bytes filled */
  uint32_t reserved;
  uint64_t heap_used;
  uint64_t heap_committed;
  uint64_t heap_limit;
  uint64_t heap_physical;
  uint64_t array_buffers;   /* backing stores allocated for the guest's ArrayBuffers */
  uint64_t external;        /* what V8 was told of memory outside of its heap */
  uint64_t engine_malloced; /* V8's own zones and tables */
  uint64_t engine_malloced_peak;
  uint64_t handle_count;           /* live miniracer_handles */
  uint64_t context_count;          /* contexts not disposed of */
  uint64_t detached_context_count; /* disposed of, still reachable from JavaScript */
  uint64_t memory;          /* the one number that limits count: pages that V8 holds for this isolate, ArrayBuffers,
                               WebAssembly memories, what Intl's objects take of ICU, what V8 took in small blocks since
                               the run began, and what the library keeps for it (handles, host functions, timers) */
  uint64_t memory_limit;    /* as in force; 0: none */
  uint64_t memory_peak;     /* the most it ever was */
  uint64_t webassembly;     /* WebAssembly memories: what is accessible of them */
  uint64_t heap_executable; /* of heap_committed, what is for code */
} miniracer_heap_statistics;

MINIRACER_API miniracer_status miniracer_isolate_get_heap_statistics(miniracer_isolate isolate,
                                                                     miniracer_heap_statistics *statistics);

struct miniracer_run_options; /* below */

/* What the isolates that died have cost this process. Any thread. */
typedef struct miniracer_process_statistics {
  uint32_t struct_size; /* in: the caller's sizeof; out: the bytes filled */
  uint32_t reserved;
  uint64_t isolate_count; /* not disposed of, dead ones included */
  uint64_t deaths;        /* isolates that became ENGINE_DEAD */
  uint64_t given_back;    /* bytes of theirs that the system has back */
  uint64_t left_behind;   /* bytes of theirs that stay: the engine's own tables, whose state is unknown, and after
                             WebAssembly all that others may share; known to about 20 KiB a death */
} miniracer_process_statistics;

/* INVALID_ARGUMENT: statistics is NULL or its struct_size too small. Before anything else, any thread. */
MINIRACER_API miniracer_status miniracer_process_get_statistics(miniracer_process_statistics *statistics);

/* Runs promise reactions and other microtasks until none is left. An error that one of them throws is not reported
 * here: ECMA-262 has them reject promises. Ends as any run does: TIMEOUT, CANCELLED, OUT_OF_MEMORY. */
MINIRACER_API miniracer_status miniracer_isolate_run_microtasks(miniracer_isolate isolate,
                                                                const struct miniracer_run_options *run,
                                                                miniracer_error **error);

/* ---- Contexts and evaluation ------------------------------------------------------------------------------------- */

/* miniracer_context_options.flags: what the global object has beyond ECMAScript, WebAssembly and a silent console. */
enum {
  MINIRACER_CONTEXT_TIMERS = 1,  /* setTimeout, setInterval, setImmediate, their clear...s, queueMicrotask */
  MINIRACER_CONTEXT_CONSOLE = 2, /* console.* writes to `console` below; set if that is not NULL */
  MINIRACER_CONTEXT_WEB = 4,     /* structuredClone, TextEncoder, TextDecoder, URL, URLSearchParams, atob, btoa, crypto
                                    (getRandomValues, randomUUID), performance.now, AbortController, AbortSignal,
                                    EventTarget, Event, DOMException */
  MINIRACER_CONTEXT_CONSOLE_COLORS = 8 /* values in what console.* says are coloured: see MINIRACER_INSPECT_COLORS */
};

/* Severities of what console.* says. */
enum {
  MINIRACER_CONSOLE_DEBUG = 0, /* debug, time and count */
  MINIRACER_CONSOLE_INFO = 1,  /* log, info, dir, table, group, trace */
  MINIRACER_CONSOLE_WARNING = 2,
  MINIRACER_CONSOLE_ERROR = 3 /* error, a failed assert */
};

struct miniracer_call; /* below, with what these two promise */
typedef MINIRACER_SENDABLE int32_t (*miniracer_callback)(void *userdata, struct miniracer_call *call);

typedef struct miniracer_context_options {
  uint32_t struct_size;
  uint32_t flags; /* MINIRACER_CONTEXT_* bits */
  /* Where console.* goes: a host function as in miniracer_function_options, called with (INT32 severity, STRING method,
   * STRING text), the text formatted, indented by its groups and without the last newline. NULL: nowhere. finalize is
   * called once the context is collected. */
  miniracer_callback console;
  void *console_userdata;
  miniracer_finalizer console_finalize;
} miniracer_context_options;

/* Makes a context: a fresh global object with ECMAScript's built-ins, WebAssembly and what the options say. options may
 * be NULL. Objects may be shared between the contexts of one isolate. */
MINIRACER_API miniracer_status miniracer_context_new(miniracer_isolate isolate,
                                                     const miniracer_context_options *options,
                                                     miniracer_context *context, miniracer_error **error);

/* Closes a context. Its objects live on while handles or other contexts hold them. Any thread; waits for no script. */
MINIRACER_API miniracer_status miniracer_context_dispose(miniracer_context context);

/* The isolate that a context is in. */
MINIRACER_API miniracer_status miniracer_context_get_isolate(miniracer_context context, miniracer_isolate *isolate);

/* The global object (ECMA-262 globalThis). */
MINIRACER_API miniracer_status miniracer_context_get_global(miniracer_context context, miniracer_value *global,
                                                            miniracer_error **error);

/* Limits of one run. */
#define MINIRACER_NO_TIMEOUT UINT64_MAX

typedef struct miniracer_run_options {
  uint32_t struct_size;
  uint32_t flags;         /* none yet */
  uint64_t timeout;       /* nanoseconds from the call on, waiting for the lock included; 0: the isolate's default;
                             MINIRACER_NO_TIMEOUT: none. A nested run ends with the one around it at the latest. */
  const uint32_t *cancel; /* the host's flag, read atomically: a run that finds it non-zero as it begins is CANCELLED;
                             also the run's name for miniracer_isolate_cancel. NULL: none */
  uint64_t cpu_time;      /* nanoseconds of the calling thread's processor time from the call on; 0: the isolate's
                             default; MINIRACER_NO_TIMEOUT: none */
} miniracer_run_options;

typedef struct miniracer_script {
  uint32_t struct_size;
  uint32_t flags;             /* none yet */
  miniracer_value source;     /* STRING */
  miniracer_value name;       /* STRING: the file name in stacks and errors; UNDEFINED: none */
  int32_t line;               /* of the first character, from 1; 0 means 1 */
  int32_t column;             /* of the first character, from 1; 0 means 1 */
  miniracer_value source_map; /* STRING: a source map (ECMA-426, JSON; no index map) of the script; errors then show the
                                 original positions. It needs a name, and counts for it in this context until the next
                                 script of that name, or until 10,000 others came. UNDEFINED: none */
} miniracer_script;

/* Runs a script (ECMA-262 ScriptEvaluation) and gives its completion value. SYNTAX_ERROR: it did not compile.
 * Microtasks run before it returns (see MINIRACER_ISOLATE_EXPLICIT_MICROTASKS), under the same limits. */
MINIRACER_API miniracer_status miniracer_context_evaluate(miniracer_context context, const miniracer_script *script,
                                                          const miniracer_run_options *run, miniracer_value *result,
                                                          miniracer_error **error);

/* ---- Values in a context ----------------------------------------------------------------------------------------- */

/* a === b (ECMA-262 IsStrictlyEqual); *equal becomes 0 or 1. */
MINIRACER_API miniracer_status miniracer_value_equals(miniracer_context context, const miniracer_value *a,
                                                      const miniracer_value *b, int32_t *equal,
                                                      miniracer_error **error);

/* String(value): runs toString and the like; of a symbol its description in "Symbol()". */
MINIRACER_API miniracer_status miniracer_value_to_string(miniracer_context context, const miniracer_value *value,
                                                         const miniracer_run_options *run, miniracer_value *result,
                                                         miniracer_error **error);

/* JSON.parse(text) and JSON.stringify(value, undefined, indent), by the engine and not by what the guest made of the
 * global JSON. Stringify gives UNDEFINED where JSON.stringify does. indent: spaces, 0 to 10. */
MINIRACER_API miniracer_status miniracer_json_parse(miniracer_context context, const miniracer_value *text,
                                                    miniracer_value *result, miniracer_error **error);
MINIRACER_API miniracer_status miniracer_json_stringify(miniracer_context context, const miniracer_value *value,
                                                        uint32_t indent, const miniracer_run_options *run,
                                                        miniracer_value *result, miniracer_error **error);

/* ---- Objects ----------------------------------------------------------------------------------------------------- */

/* {} */
MINIRACER_API miniracer_status miniracer_object_new(miniracer_context context, miniracer_value *result,
                                                    miniracer_error **error);

/* [...elements] */
MINIRACER_API miniracer_status miniracer_array_new(miniracer_context context, const miniracer_value *elements,
                                                   uint32_t count, miniracer_value *result, miniracer_error **error);

/* new Date(time), time in milliseconds since 1970-01-01T00:00:00Z; and its time value, NaN for an invalid date.
 * WRONG_TYPE: the object is no Date. */
MINIRACER_API miniracer_status miniracer_date_new(miniracer_context context, double time, miniracer_value *result,
                                                  miniracer_error **error);
MINIRACER_API miniracer_status miniracer_date_get_time(miniracer_context context, miniracer_handle date, double *time,
                                                       miniracer_error **error);

/* Another handle for the same object or symbol, to be released on its own. Waits while another thread is inside. */
MINIRACER_API miniracer_status miniracer_handle_duplicate(miniracer_handle handle, miniracer_handle *duplicate);

/* A number that is the same for the same object or symbol each time and may be so for others: a hash. */
MINIRACER_API miniracer_status miniracer_object_get_hash(miniracer_context context, miniracer_handle object,
                                                         int32_t *hash, miniracer_error **error);

/* The name of the object's class, as far as it can be told without running guest code: "Object", "Map", "Point". */
MINIRACER_API miniracer_status miniracer_object_get_class_name(miniracer_context context, miniracer_handle object,
                                                               miniracer_value *name, miniracer_error **error);

/* Properties. A key is a STRING, a SYMBOL, or an INT32 or DOUBLE, which means what it means in object[key]. Getters,
 * setters and Proxy traps run. Symbols have no properties of their own here: WRONG_TYPE.
 *
 * get: object[key], UNDEFINED where there is none.
 * set: object[key] = value as in strict code: a refusal is an EXCEPTION (TypeError).
 * has: key in object, *present becomes 0 or 1.
 * delete: delete object[key] as in sloppy code, *deleted becomes 0 where the property cannot be deleted. */
MINIRACER_API miniracer_status miniracer_object_get(miniracer_context context, miniracer_handle object,
                                                    const miniracer_value *key, const miniracer_run_options *run,
                                                    miniracer_value *result, miniracer_error **error);
MINIRACER_API miniracer_status miniracer_object_set(miniracer_context context, miniracer_handle object,
                                                    const miniracer_value *key, const miniracer_value *value,
                                                    const miniracer_run_options *run, miniracer_error **error);
MINIRACER_API miniracer_status miniracer_object_has(miniracer_context context, miniracer_handle object,
                                                    const miniracer_value *key, const miniracer_run_options *run,
                                                    int32_t *present, miniracer_error **error);
MINIRACER_API miniracer_status miniracer_object_delete(miniracer_context context, miniracer_handle object,
                                                       const miniracer_value *key, const miniracer_run_options *run,
                                                       int32_t *deleted, miniracer_error **error);

/* Flags of miniracer_object_keys. 0: own enumerable string keys in order, as Object.keys gives them. */
enum {
  MINIRACER_KEYS_HIDDEN = 1,   /* non-enumerable ones as well */
  MINIRACER_KEYS_SYMBOLS = 2,  /* symbols as well */
  MINIRACER_KEYS_INHERITED = 4 /* those of the prototypes as well */
};

/* The keys as a list: index keys come as INT32 or DOUBLE, the others as STRING or SYMBOL. The caller owns the list and
 * frees it, values and all, with miniracer_values_free. An empty list may be NULL. */
MINIRACER_API miniracer_status miniracer_object_keys(miniracer_context context, miniracer_handle object, uint32_t flags,
                                                     const miniracer_run_options *run, miniracer_value **keys,
                                                     uint32_t *count, miniracer_error **error);

/* Releases each value and frees the list that the library allocated. NULL is fine. Any thread; waits for nothing. */
MINIRACER_API void miniracer_values_free(miniracer_value *values, uint32_t count);

/* object[key](...arguments) with `this` being the object, in one crossing. WRONG_TYPE: object[key] is not callable. */
MINIRACER_API miniracer_status miniracer_object_call(miniracer_context context, miniracer_handle object,
                                                     const miniracer_value *key, const miniracer_value *arguments,
                                                     uint32_t argument_count, const miniracer_run_options *run,
                                                     miniracer_value *result, miniracer_error **error);

/* ---- Functions --------------------------------------------------------------------------------------------------- */

/* function.call(this_value, ...arguments); this_value NULL means undefined. arguments may be NULL when there are none.
 * WRONG_TYPE: the object is not callable. */
MINIRACER_API miniracer_status miniracer_function_call(miniracer_context context, miniracer_handle function,
                                                       const miniracer_value *this_value,
                                                       const miniracer_value *arguments, uint32_t argument_count,
                                                       const miniracer_run_options *run, miniracer_value *result,
                                                       miniracer_error **error);

/* new function(...arguments). WRONG_TYPE: the object is no function; one that is no constructor is an EXCEPTION. */
MINIRACER_API miniracer_status miniracer_function_construct(miniracer_context context, miniracer_handle function,
                                                            const miniracer_value *arguments, uint32_t argument_count,
                                                            const miniracer_run_options *run, miniracer_value *result,
                                                            miniracer_error **error);

/* miniracer_call.flags. */
enum {
  MINIRACER_CALL_CONSTRUCT = 1, /* called by `new`; this_value is the new object */
  MINIRACER_CALL_NOT_MINE = 2   /* set by a host object's callback: there is no such property, look further */
};

/* A call of a host function. Lives until the callback returns. */
typedef struct miniracer_call {
  uint32_t struct_size;       /* as the library knows it */
  uint32_t flags;             /* MINIRACER_CALL_* bits */
  miniracer_context context;  /* where the function was made */
  miniracer_value *arguments; /* the library's until the callback returns. To keep one, take it: copy the value, then
                                 set its tag to UNDEFINED; it is yours to release from then on. */
  uint32_t argument_count;
  uint32_t operation;         /* of a host object's callback: MINIRACER_ACCESS_*; else 0 */
  miniracer_value this_value; /* for functions made with MINIRACER_FUNCTION_RECEIVER, else UNDEFINED; as arguments */
  miniracer_value result;     /* starts as UNDEFINED; put there anything but text and BIGINT_WORDS, for which there is
                                 miniracer_call_return. A handle in it stays the callback's to release later. */
} miniracer_call;

/* miniracer_callback: a host function. Runs on the thread that runs the JavaScript, with the isolate's lock held; may call any function
 * here. Returns 0 for success; anything else throws what miniracer_call_throw or miniracer_call_throw_error set, or an
 * Error of its own where they set nothing. If the run was ended meanwhile (timeout, cancel, dispose), calls into the
 * isolate say so, and whatever the callback returns is dropped. A C++ exception that leaves it is an Error with the
 * text of what(). */

/* miniracer_function_options.flags. */
enum {
  MINIRACER_FUNCTION_RECEIVER = 1,   /* hand over `this` */
  MINIRACER_FUNCTION_CONSTRUCTOR = 2 /* may be called by `new`; otherwise that is a TypeError. An object of the host's
                                        that it returns gets the prototype of the subclass that is made, if any. */
};

typedef struct miniracer_function_options {
  uint32_t struct_size;
  uint32_t flags; /* MINIRACER_FUNCTION_* bits */
  int32_t length; /* the function's `length` in JavaScript */
  uint32_t reserved;
  miniracer_value name; /* STRING: the function's `name`; UNDEFINED: none */
  miniracer_callback callback;
  void *userdata;
  miniracer_finalizer finalize; /* called once JavaScript can no longer reach the function; may be NULL */
} miniracer_function_options;

/* Makes a JavaScript function that calls the host. */
MINIRACER_API miniracer_status miniracer_function_new(miniracer_context context,
                                                      const miniracer_function_options *options,
                                                      miniracer_value *result, miniracer_error **error);

/* Inside a callback, on its thread: sets the result from any value, at once: text is copied, and a handle may be
 * released right after. Of this and `result`, what was set last counts. INVALID_ARGUMENT for anything but the innermost
 * call that is under way on the calling thread. */
MINIRACER_API miniracer_status miniracer_call_return(miniracer_call *call, const miniracer_value *value);

/* Inside a callback, on its thread: what to throw when it returns non-zero. `thrown` may be any value, that of a record
 * included: then an exception passes through the host as itself. */
MINIRACER_API miniracer_status miniracer_call_throw(miniracer_call *call, const miniracer_value *thrown);

/* The constructors that miniracer_call_throw_error knows. */
enum {
  MINIRACER_THROW_ERROR = 0,
  MINIRACER_THROW_TYPE_ERROR = 1,
  MINIRACER_THROW_RANGE_ERROR = 2,
  MINIRACER_THROW_REFERENCE_ERROR = 3,
  MINIRACER_THROW_SYNTAX_ERROR = 4
};

/* The same with a new Error made of a message and, where not UNDEFINED or NULL, a name. host_error is the host's own
 * error object: if the Error comes out uncaught, its record carries it, so that the host can raise it as itself.
 * finalize is called when JavaScript and all records have let go of it: where a record is the last, by the thread that
 * frees it. If the call fails, also because the run is being ended, it is called at once. */
MINIRACER_API miniracer_status miniracer_call_throw_error(miniracer_call *call, uint32_t constructor,
                                                          const miniracer_value *name, const miniracer_value *message,
                                                          void *host_error, miniracer_finalizer finalize);

/* ---- Symbols and properties -------------------------------------------------------------------------------------- */

/* Kinds of miniracer_symbol_new. */
enum {
  MINIRACER_SYMBOL_UNIQUE = 0,     /* Symbol(description) */
  MINIRACER_SYMBOL_REGISTERED = 1, /* Symbol.for(description) */
  MINIRACER_SYMBOL_WELL_KNOWN = 2  /* Symbol[description]: "iterator", "asyncIterator", "toStringTag", ... */
};

/* Makes or finds a symbol. description: STRING, or UNDEFINED or NULL for a unique one without. INVALID_ARGUMENT: no such
 * well-known symbol in this engine. */
MINIRACER_API miniracer_status miniracer_symbol_new(miniracer_context context, uint32_t kind,
                                                    const miniracer_value *description, miniracer_value *result,
                                                    miniracer_error **error);

/* A symbol's description: STRING or UNDEFINED. */
MINIRACER_API miniracer_status miniracer_symbol_get_description(miniracer_context context, miniracer_handle symbol,
                                                                miniracer_value *description, miniracer_error **error);

/* miniracer_property.flags. */
enum {
  MINIRACER_PROPERTY_WRITABLE = 1,
  MINIRACER_PROPERTY_ENUMERABLE = 2,
  MINIRACER_PROPERTY_CONFIGURABLE = 4,
  MINIRACER_PROPERTY_ACCESSOR = 8 /* getter and setter count, not value */
};

/* A property descriptor (ECMA-262 Property Descriptor). */
typedef struct miniracer_property {
  uint32_t struct_size; /* in: the caller's sizeof */
  uint32_t flags;       /* MINIRACER_PROPERTY_* bits */
  miniracer_value value;
  miniracer_value getter; /* a function or UNDEFINED */
  miniracer_value setter; /* likewise */
} miniracer_property;

/* Object.defineProperty(object, key, property): a refusal is an EXCEPTION (TypeError). Traps of a Proxy run. */
MINIRACER_API miniracer_status miniracer_object_define(miniracer_context context, miniracer_handle object,
                                                       const miniracer_value *key, const miniracer_property *property,
                                                       const miniracer_run_options *run, miniracer_error **error);

/* Object.getOwnPropertyDescriptor(object, key) without calling a getter; traps of a Proxy run. *present becomes 0 where
 * there is no such property of its own. The caller owns the values. */
MINIRACER_API miniracer_status miniracer_object_get_own_property(miniracer_context context, miniracer_handle object,
                                                                 const miniracer_value *key,
                                                                 const miniracer_run_options *run,
                                                                 miniracer_property *property, int32_t *present,
                                                                 miniracer_error **error);

/* The prototype, an object or NULL; of a Proxy its target's, as no trap runs. */
MINIRACER_API miniracer_status miniracer_object_get_prototype(miniracer_context context, miniracer_handle object,
                                                              miniracer_value *prototype, miniracer_error **error);

/* Object.setPrototypeOf(object, prototype): a refusal is an EXCEPTION (TypeError). */
MINIRACER_API miniracer_status miniracer_object_set_prototype(miniracer_context context, miniracer_handle object,
                                                              const miniracer_value *prototype,
                                                              const miniracer_run_options *run,
                                                              miniracer_error **error);

/* value instanceof constructor; *is becomes 0 or 1. Runs Symbol.hasInstance. */
MINIRACER_API miniracer_status miniracer_value_instance_of(miniracer_context context, const miniracer_value *value,
                                                           miniracer_handle constructor,
                                                           const miniracer_run_options *run, int32_t *is,
                                                           miniracer_error **error);

/* miniracer_inspect_options.flags. */
enum {
  MINIRACER_INSPECT_COLORS = 1 /* each kind of value in its colour, by ANSI escape sequences, as Node's util.inspect */
};

#define MINIRACER_INSPECT_ALL_LEVELS UINT32_MAX

typedef struct miniracer_inspect_options {
  uint32_t struct_size;
  uint32_t flags;  /* MINIRACER_INSPECT_* bits */
  uint32_t levels; /* of objects shown, the value's own being the first; 0: 3, as console.log shows;
                      MINIRACER_INSPECT_ALL_LEVELS: as many as there is stack for */
  uint32_t width;  /* of a line, in columns, as far as text can be broken; 0: 80 */
} miniracer_inspect_options;

/* The value as text for people, as console.log shows what is no string, cycles and long lists cut short, a string in quotes. options may be NULL. Getters are
 * not called, Proxies shown by their target; no method of the guest's runs. Objects of the host's are not asked anything:
 * [Host: name], by their class_name or else their prototype's constructor. */
MINIRACER_API miniracer_status miniracer_value_inspect(miniracer_context context, const miniracer_value *value,
                                                       const miniracer_inspect_options *options,
                                                       const miniracer_run_options *run, miniracer_value *result,
                                                       miniracer_error **error);

/* ---- Maps and Sets ----------------------------------------------------------------------------------------------- */

/* new Map() and new Set(), whatever the guest made of the globals. */
MINIRACER_API miniracer_status miniracer_map_new(miniracer_context context, miniracer_value *result,
                                                 miniracer_error **error);
MINIRACER_API miniracer_status miniracer_set_new(miniracer_context context, miniracer_value *result,
                                                 miniracer_error **error);

/* What a Map or a Set does, by the engine and not by its methods: no guest code runs. Keys are compared by ECMA-262
 * SameValueZero. WRONG_TYPE: the object is neither, or a Set where a Map is needed.
 *
 * get: a Map's value, UNDEFINED where there is none.   set: a Map's entry; for a Set value is NULL and key is added.
 * has, delete: *present becomes 0 or 1: whether it is or was there.
 * entries: a Map's keys and values in turn, a Set's values, in order; freed with miniracer_values_free. */
MINIRACER_API miniracer_status miniracer_collection_get_size(miniracer_context context, miniracer_handle collection,
                                                             uint32_t *size, miniracer_error **error);
MINIRACER_API miniracer_status miniracer_collection_get(miniracer_context context, miniracer_handle map,
                                                        const miniracer_value *key, miniracer_value *result,
                                                        miniracer_error **error);
MINIRACER_API miniracer_status miniracer_collection_set(miniracer_context context, miniracer_handle collection,
                                                        const miniracer_value *key, const miniracer_value *value,
                                                        miniracer_error **error);
MINIRACER_API miniracer_status miniracer_collection_has(miniracer_context context, miniracer_handle collection,
                                                        const miniracer_value *key, int32_t *present,
                                                        miniracer_error **error);
MINIRACER_API miniracer_status miniracer_collection_delete(miniracer_context context, miniracer_handle collection,
                                                           const miniracer_value *key, int32_t *present,
                                                           miniracer_error **error);
MINIRACER_API miniracer_status miniracer_collection_clear(miniracer_context context, miniracer_handle collection,
                                                          miniracer_error **error);
MINIRACER_API miniracer_status miniracer_collection_entries(miniracer_context context, miniracer_handle collection,
                                                            miniracer_value **entries, uint32_t *count,
                                                            miniracer_error **error);

/* ---- Buffers ----------------------------------------------------------------------------------------------------- */

/* What the elements of a typed array are. */
enum {
  MINIRACER_ELEMENT_NONE = 0, /* ArrayBuffer, SharedArrayBuffer, DataView: bytes */
  MINIRACER_ELEMENT_INT8 = 1,
  MINIRACER_ELEMENT_UINT8 = 2,
  MINIRACER_ELEMENT_UINT8_CLAMPED = 3,
  MINIRACER_ELEMENT_INT16 = 4,
  MINIRACER_ELEMENT_UINT16 = 5,
  MINIRACER_ELEMENT_INT32 = 6,
  MINIRACER_ELEMENT_UINT32 = 7,
  MINIRACER_ELEMENT_FLOAT32 = 8,
  MINIRACER_ELEMENT_FLOAT64 = 9,
  MINIRACER_ELEMENT_BIGINT64 = 10,
  MINIRACER_ELEMENT_BIGUINT64 = 11,
  MINIRACER_ELEMENT_FLOAT16 = 12 /* where the engine has it */
};

/* miniracer_buffer.flags. */
enum {
  MINIRACER_BUFFER_SHARED = 1,  /* of a SharedArrayBuffer: other threads may write at the same time */
  MINIRACER_BUFFER_DETACHED = 2 /* detached already: data is NULL and the lengths are 0 */
};

/* A view of a buffer's memory, no copy. The memory stays where it is and readable and writable until
 * miniracer_buffer_free, whatever becomes of the JavaScript objects, the context and the isolate: after a detach or a
 * transfer it may just no longer be what JavaScript sees. While JavaScript runs on another thread its writes race with
 * yours. */
typedef struct miniracer_buffer {
  uint32_t struct_size; /* as the library knows it */
  uint32_t flags;       /* MINIRACER_BUFFER_* bits */
  uint32_t subtype;     /* MINIRACER_OBJECT_ARRAY_BUFFER, _SHARED_ARRAY_BUFFER, _TYPED_ARRAY or _DATA_VIEW */
  uint32_t element;     /* MINIRACER_ELEMENT_* */
  void *data;           /* the first byte of the view, its offset counted in; never NULL unless detached */
  uint64_t byte_length;
  uint64_t byte_offset; /* within the ArrayBuffer */
  uint64_t length;      /* in elements; bytes where there are none */
} miniracer_buffer;

/* Opens a view on an ArrayBuffer, SharedArrayBuffer, typed array, DataView or WebAssembly.Memory (its buffer as it is
 * now). WRONG_TYPE: the object is none of these; NOT_SUPPORTED: a resizable buffer, whose memory may go. */
MINIRACER_API miniracer_status miniracer_buffer_open(miniracer_context context, miniracer_handle object,
                                                     miniracer_buffer **buffer, miniracer_error **error);

/* Any thread, at any time; waits for nothing. NULL is fine. */
MINIRACER_API void miniracer_buffer_free(miniracer_buffer *buffer);

/* miniracer_buffer_options.flags. */
enum {
  MINIRACER_BUFFER_NEW_SHARED = 1, /* a SharedArrayBuffer */
  MINIRACER_BUFFER_NEW_COPY = 2    /* copy `data` now and leave it alone */
};

typedef struct miniracer_buffer_options {
  uint32_t struct_size;
  uint32_t flags;  /* MINIRACER_BUFFER_NEW_* bits */
  void *data;      /* the host's memory, lent: JavaScript writes to it; it begins at a multiple of 8 bytes. NULL: new
                      memory, all zero */
  uint64_t length; /* bytes */
  miniracer_finalizer
      finalize; /* called once neither JavaScript nor a miniracer_buffer holds lent memory, soon where none is lent;
                   may be NULL */
  void *userdata;
} miniracer_buffer_options;

/* new ArrayBuffer(length), over the host's memory where it lends some. TOO_LARGE; OUT_OF_MEMORY. */
MINIRACER_API miniracer_status miniracer_array_buffer_new(miniracer_context context,
                                                          const miniracer_buffer_options *options,
                                                          miniracer_value *result, miniracer_error **error);

/* Takes the memory away from JavaScript: the buffer and its views have length 0 from now on, and lent memory is given
 * back, unless a miniracer_buffer holds it. A guest cannot transfer lent memory elsewhere. WRONG_TYPE: no ArrayBuffer, or
 * one that cannot be detached (WebAssembly's, shared ones). */
MINIRACER_API miniracer_status miniracer_array_buffer_detach(miniracer_context context, miniracer_handle buffer,
                                                             miniracer_error **error);

/* A typed array over an ArrayBuffer or SharedArrayBuffer; MINIRACER_ELEMENT_NONE: a DataView. INVALID_ARGUMENT: it does not
 * fit, or the offset is not a multiple of the element's size. length in elements. */
MINIRACER_API miniracer_status miniracer_typed_array_new(miniracer_context context, miniracer_handle buffer,
                                                         uint32_t element, uint64_t byte_offset, uint64_t length,
                                                         miniracer_value *result, miniracer_error **error);

/* ---- Host objects ------------------------------------------------------------------------------------------------ */

/* What a host object's callback is asked: miniracer_call.operation, with arguments[0] the key (STRING, SYMBOL, or INT32 or
 * DOUBLE for an index), except for KEYS, APPLY and CONSTRUCT. Setting MINIRACER_CALL_NOT_MINE in call->flags says that there
 * is no such property: GET and HAS look into the prototype, SET and DELETE are refused; of APPLY and CONSTRUCT, that the
 * object cannot be called like that. A refused SET is a TypeError, in sloppy code as well; so is a defineProperty that says
 * more than SET can. */
enum {
  MINIRACER_ACCESS_GET = 1,      /* result: the value */
  MINIRACER_ACCESS_SET = 2,      /* arguments[1]: the value */
  MINIRACER_ACCESS_HAS = 3,      /* result: BOOLEAN */
  MINIRACER_ACCESS_DELETE = 4,   /* result: BOOLEAN, false where it may not be deleted */
  MINIRACER_ACCESS_KEYS = 5,     /* result: an Array (OBJECT) of the enumerable string and index keys */
  MINIRACER_ACCESS_APPLY = 6,    /* called as a function: arguments; V8 does not tell `this`; result: the value */
  MINIRACER_ACCESS_CONSTRUCT = 7 /* called by `new`: arguments; result: an object */
};

/* miniracer_host_object_options.flags. */
enum {
  MINIRACER_HOST_OBJECT_CALLABLE = 1,  /* a function: APPLY and CONSTRUCT are asked */
  MINIRACER_HOST_OBJECT_READ_ONLY = 2, /* SET and DELETE are not asked but refused */
  MINIRACER_HOST_OBJECT_LIST = 4 /* asked for index keys and "length" only, its keys are those below its length; all
                                          else is its prototype's. JSON.stringify and concat take it for an array */
};

/* An object of the host's, seen from JavaScript. Its properties are the host's: enumerable, writable, configurable. */
typedef struct miniracer_host_object_options {
  uint32_t struct_size;
  uint32_t flags;              /* MINIRACER_HOST_OBJECT_* bits */
  miniracer_callback callback; /* as any host function; see MINIRACER_ACCESS_* */
  void *userdata;
  miniracer_finalizer finalize; /* called once JavaScript can no longer reach the object; may be NULL */
  miniracer_value prototype; /* an object or NULL; UNDEFINED: Object.prototype, with LIST Array.prototype, with CALLABLE
                                   Function.prototype, each as the engine made it */
  miniracer_value class_name; /* STRING: what Object.prototype.toString shows; UNDEFINED: "Object" */
} miniracer_host_object_options;

MINIRACER_API miniracer_status miniracer_host_object_new(miniracer_context context,
                                                         const miniracer_host_object_options *options,
                                                         miniracer_value *result, miniracer_error **error);

/* The live object or host function of this isolate made with this userdata, so that one host object is one object in
 * JavaScript; UNDEFINED where there is none, or no more. NULL finds nothing. */
MINIRACER_API miniracer_status miniracer_host_object_find(miniracer_context context, void *userdata,
                                                          miniracer_value *result, miniracer_error **error);

/* The userdata of a host object or host function. WRONG_TYPE: it is none. The pointer is alive as long as the object is. */
MINIRACER_API miniracer_status miniracer_host_object_get_userdata(miniracer_context context, miniracer_handle object,
                                                                  void **userdata, miniracer_error **error);

/* ---- Graphs ------------------------------------------------------------------------------------------------------ */

/* miniracer_graph_options.flags: what becomes of what has no form in a graph (functions, symbols, promises, WeakMaps, ...).
 * With none of these it is an error that names the path to it; not both at once. */
enum {
  MINIRACER_GRAPH_DROP = 1,  /* left out: in objects as if it were not there, in lists undefined */
  MINIRACER_GRAPH_HANDLE = 2 /* it crosses as a handle */
};

typedef struct miniracer_graph_options {
  uint32_t struct_size;
  uint32_t flags;     /* MINIRACER_GRAPH_* bits */
  uint32_t max_depth; /* levels of nesting; 0: 1000 */
  uint32_t reserved;
  uint64_t max_nodes; /* values; 0: no limit but the run's */
  uint64_t max_bytes; /* of the encoded form; 0: 1 GiB */
} miniracer_graph_options;

/* A whole graph of values in one piece, in the caller's hands. */
typedef struct miniracer_graph {
  uint32_t struct_size; /* as the library knows it */
  uint32_t handle_count;
  const void *data; /* the encoded form: docs/graph.md */
  uint64_t length;
  miniracer_value *handles; /* what crosses as a handle, by number; take one by copying it and setting its tag to
                               UNDEFINED */
} miniracer_graph;

/* Encodes a value with all it holds: shared references stay shared and cycles stay cycles. The form is a subset of Python's
 * pickle protocol 4, which many languages read fast; docs/graph.md tells it. Getters and Proxy traps run, toJSON does not.
 * WRONG_TYPE: something in it has no form; the record tells the path. TOO_LARGE: beyond a limit of the options. */
MINIRACER_API miniracer_status miniracer_graph_encode(miniracer_context context, const miniracer_value *value,
                                                      const miniracer_graph_options *options,
                                                      const miniracer_run_options *run, miniracer_graph **graph,
                                                      miniracer_error **error);
MINIRACER_API void miniracer_graph_free(miniracer_graph *graph);

/* Makes the values that an encoded graph tells of. `handles` are what its handle numbers mean, borrowed. Properties are
 * defined, not assigned: nothing of the guest's runs. INVALID_ARGUMENT: not such a form; the record tells the byte. */
MINIRACER_API miniracer_status miniracer_graph_decode(miniracer_context context, const void *data, uint64_t length,
                                                      const miniracer_value *handles, uint32_t handle_count,
                                                      const miniracer_graph_options *options,
                                                      const miniracer_run_options *run, miniracer_value *result,
                                                      miniracer_error **error);

/* ---- Promises ---------------------------------------------------------------------------------------------------- */

/* States of a promise. */
enum { MINIRACER_PROMISE_PENDING = 0, MINIRACER_PROMISE_FULFILLED = 1, MINIRACER_PROMISE_REJECTED = 2 };

/* A pending promise that the host settles. */
MINIRACER_API miniracer_status miniracer_promise_new(miniracer_context context, miniracer_value *promise,
                                                     miniracer_error **error);

/* Settles it, from any thread: FULFILLED resolves it with the value, adopting a promise or thenable as `resolve` does,
 * REJECTED rejects it. WRONG_TYPE: not made by miniracer_promise_new, or settled before. */
MINIRACER_API miniracer_status miniracer_promise_settle(miniracer_context context, miniracer_handle promise,
                                                        uint32_t state, const miniracer_value *value,
                                                        const miniracer_run_options *run, miniracer_error **error);

/* The same with a new Error, as miniracer_call_throw_error makes it; finalize likewise. */
MINIRACER_API miniracer_status miniracer_promise_reject_error(miniracer_context context, miniracer_handle promise,
                                                              uint32_t constructor, const miniracer_value *name,
                                                              const miniracer_value *message, void *host_error,
                                                              miniracer_finalizer finalize,
                                                              const miniracer_run_options *run,
                                                              miniracer_error **error);

/* What has become of a promise: *state, and in *result, unless NULL, the value or reason, UNDEFINED while it is pending. A
 * rejection that is read here counts as handled. */
MINIRACER_API miniracer_status miniracer_promise_get_state(miniracer_context context, miniracer_handle promise,
                                                           uint32_t *state, miniracer_value *result,
                                                           miniracer_error **error);

/* Told once that a promise is settled, as a promise reaction: by the thread that runs the JavaScript, the lock held; where
 * that run is ended first, in the next one. It may call any function here. FULFILLED: `value` is the library's until the callback returns; take it as an argument of a
 * miniracer_call. REJECTED: `error` is the callback's to free, and tells what a thrown error tells, `thrown` included. */
typedef MINIRACER_SENDABLE void (*miniracer_settled)(void *userdata, uint32_t state, miniracer_value *value,
                                                     miniracer_error *error);

/* Has `settled` called when the promise is, which may be long over: it is always called later, from the event loop or as
 * the outermost call ends. The promise counts as handled. Where the promise never settles, or the isolate goes first, only
 * finalize is called. Reading the promise's `constructor` can run guest code (ECMA-262 SpeciesConstructor),
 * and the call ends with the microtasks, callbacks among them: `run` bounds all of that. */
MINIRACER_API miniracer_status miniracer_promise_watch(miniracer_context context, miniracer_handle promise,
                                                       miniracer_settled settled, void *userdata,
                                                       miniracer_finalizer finalize, const miniracer_run_options *run,
                                                       miniracer_error **error);

/* Waits until the promise is settled and gives its value; a rejection is an EXCEPTION. Runs the event loop meanwhile, if no
 * other thread does, and lets other threads in while it sleeps. WOULD_DEADLOCK: one that is not settled, inside of
 * JavaScript, or with miniracer_isolate_lock held where the loop is the library's. */
MINIRACER_API miniracer_status miniracer_promise_wait(miniracer_context context, miniracer_handle promise,
                                                      const miniracer_run_options *run, miniracer_value *result,
                                                      miniracer_error **error);

/* ---- The event loop ---------------------------------------------------------------------------------------------- */

/* An isolate's loop has microtasks (ECMA-262 Jobs), tasks of the engine (asynchronous WebAssembly, Atomics.waitAsync,
 * FinalizationRegistry), timers, and tasks that the host posts. Who runs it:
 *
 *  - the host: it calls miniracer_isolate_run_pending, and its wake callback tells it when that is worth it;
 *  - or the library, with MINIRACER_ISOLATE_BACKGROUND_LOOP: on a thread of its own for the isolate, which exists only while
 *    there is something to do, and a second longer.
 *
 * Microtasks and engine tasks that are due also run as the outermost call on the isolate ends. */

/* One turn: what is due as it begins, and the microtasks after each. *next, unless NULL, becomes the nanoseconds until more
 * is due: 0 for now, a millisecond while the engine's own threads still work on something, MINIRACER_NO_TIMEOUT when nothing
 * waits. Where no handler is set (miniracer_isolate_set_unhandled), the oldest of the exceptions that it would have been told
 * of is the EXCEPTION of a turn that went well otherwise, one a turn; *next is told with it. Where next is NULL or the turn fails, the wake callback
 * is told of what is left instead. Any thread; WOULD_DEADLOCK inside of JavaScript. */
MINIRACER_API miniracer_status miniracer_isolate_run_pending(miniracer_isolate isolate,
                                                             const struct miniracer_run_options *run, uint64_t *next,
                                                             miniracer_error **error);

/* Told that a turn will be worth it in `delay` nanoseconds, or sooner than last told. On any thread, the lock held or not;
 * it must return soon and call nothing here but miniracer_isolate_post. */
typedef MINIRACER_SENDABLE void (*miniracer_wake)(void *userdata, miniracer_isolate isolate, uint64_t delay);

/* Sets the wake callback; the one before is finalized. NULL: none. INVALID_ARGUMENT: the isolate has a background loop. */
MINIRACER_API miniracer_status miniracer_isolate_set_wake(miniracer_isolate isolate, miniracer_wake wake,
                                                          void *userdata, miniracer_finalizer finalize);

/* Has the loop call `task(userdata)` in its next turn, without the isolate's lock where the turn is the outermost call.
 * Never waits. If the isolate goes first, only finalize is called. */
MINIRACER_API miniracer_status miniracer_isolate_post(miniracer_isolate isolate, miniracer_finalizer task,
                                                      void *userdata, miniracer_finalizer finalize);

/* Told of an exception that nobody else is told of: what a timer or a queued microtask threw, a promise that was rejected
 * and not handled by the end of a run, unless the host holds a handle of it (MINIRACER_ERROR_REJECTION), and, with a background loop, how a timer's run was ended
 * (TIMEOUT, ...). `error` is the callback's to free. The lock is held; it may call any function here. */
typedef MINIRACER_SENDABLE void (*miniracer_unhandled)(void *userdata, miniracer_context context,
                                                       miniracer_error *error);

/* Sets the handler; the one before is finalized. NULL: none, and what it would be told is kept, the last 1000 of it, for
 * miniracer_isolate_run_pending. Waits while another thread is inside. */
MINIRACER_API miniracer_status miniracer_isolate_set_unhandled(miniracer_isolate isolate, miniracer_unhandled unhandled,
                                                               void *userdata, miniracer_finalizer finalize);

/* Waits until no thread of the library's is inside of the host's code, at most `timeout` nanoseconds: for a host that is
 * about to take its own run-time down. Dispose of the isolates first. TIMEOUT; WOULD_DEADLOCK: called by such a thread, from
 * a wake callback or, with a background loop, a posted task. */
MINIRACER_API miniracer_status miniracer_library_drain(uint64_t timeout);

/* ---- Modules ----------------------------------------------------------------------------------------------------- */

/* How a context finds ES modules (ECMA-262 HostLoadImportedModule). The functions are JavaScript functions, most of the time
 * host functions; what they throw is what the import throws. An Error of the host's (miniracer_call_throw_error,
 * miniracer_promise_reject_error) tells who imported: the place is the first frame of its records, and of its `stack`. Each module is loaded once per context, by its URL. */
typedef struct miniracer_module_loader {
  uint32_t struct_size;
  uint32_t flags; /* none yet */
  /* (specifier, referrer URL, attributes) -> URL: a name that is the module's own; or a promise of it, for which imports
   * wait, while import.meta.resolve and `require` throw a TypeError. A module that imports the same again gets the same.
   * UNDEFINED: specifiers that begin with ./ or ../ are joined to the referrer, others are the URL. */
  miniracer_value resolve;
  /* (url, attributes) -> what the module is, or a promise of it:
   *   a string                    the source text of an ES module; of JSON where the attributes say { type: 'json' }
   *   { source, type, sourceMap } the same, type 'module' or 'json'
   *   { exports }                 a module of the host's: each own enumerable property is an export, `default` included
   * Where the attributes name another type, it is a TypeError of the import to answer with a module's text: whoever asks for
   * data gets no code. Attributes with other keys than `type` are refused before the loader is asked, a SyntaxError of the
   * module that they stand in and a TypeError of import(...).
   * Properties of the object's own, that is: Object.prototype is in the guest's hands. */
  miniracer_value load;
  /* (meta, url): fills in import.meta, which has `url` and `resolve` by then. UNDEFINED: nothing more. */
  miniracer_value meta;
} miniracer_module_loader;

/* Sets the loader; without one, and for what it does not know, imports are refused. */
MINIRACER_API miniracer_status miniracer_context_set_module_loader(miniracer_context context,
                                                                   const miniracer_module_loader *loader,
                                                                   miniracer_error **error);

/* miniracer_file_loader.flags. */
enum {
  MINIRACER_FILES_REQUIRE = 1 /* globalThis.require, and CommonJS modules in imports, as Node's packages expect it */
};

/* The loader for files. Paths in specifiers, URLs and errors are file: URLs of the real ones. */
typedef struct miniracer_file_loader {
  uint32_t struct_size;
  uint32_t flags;       /* MINIRACER_FILES_* bits */
  miniracer_value root; /* STRING: a folder; nothing outside of it is read, links that lead out included */
  /* More folders, each with packages in it as node_modules has them, separated by ':'; part of what may be read. */
  miniracer_value packages; /* STRING or UNDEFINED */
  /* Conditions of package.json's `exports` and `imports` beside "import", "require", "default": separated by ','. */
  miniracer_value conditions; /* STRING or UNDEFINED */
  /* Asked first, like miniracer_module_loader's: modules of the host's, say. `resolve` may answer undefined for "not mine",
   * and what `resolve` named is loaded by `load`. */
  miniracer_value resolve; /* a function or UNDEFINED */
  miniracer_value load;    /* a function or UNDEFINED */
  miniracer_value meta;    /* as miniracer_module_loader's: a function or UNDEFINED */
} miniracer_file_loader;

/* Sets a loader that reads files below `root`: ES modules (.mjs, .js in packages of "type": "module", or with import or export
 * in them), JSON modules (with the attribute { type: 'json' }; another type is a TypeError), and Node's packages (package.json
 * with exports, imports, main). INVALID_ARGUMENT: root is no folder, or globalThis.require cannot be redefined. */
MINIRACER_API miniracer_status miniracer_context_set_file_loader(miniracer_context context,
                                                                 const miniracer_file_loader *loader,
                                                                 miniracer_error **error);

/* import(specifier) as written in a script called `referrer` (STRING or UNDEFINED): *result is a promise of the module's
 * namespace, which has waited for top-level awaits. Rejected where the module is not found, does not compile or throws; and
 * by the next run, with an Error that tells why, where a run is ended in which it is being loaded or evaluated. What a module
 * was doing after a top-level await goes with the run, as that of an async function does: then the promise stays pending. */
MINIRACER_API miniracer_status miniracer_context_import(miniracer_context context, const miniracer_value *specifier,
                                                        const miniracer_value *referrer,
                                                        const miniracer_run_options *run, miniracer_value *result,
                                                        miniracer_error **error);

/* The same for a module whose text is here; its name is its URL, and a module of that URL must not be there yet. Source text
 * that does not compile is a SYNTAX_ERROR. */
MINIRACER_API miniracer_status miniracer_context_evaluate_module(miniracer_context context,
                                                                 const miniracer_script *script,
                                                                 const miniracer_run_options *run,
                                                                 miniracer_value *result, miniracer_error **error);

/* ---- Looking inside ---------------------------------------------------------------------------------------------- */

/* Given a piece of a snapshot; returns 0 to go on and anything else to stop. Must not call into the isolate. */
typedef MINIRACER_SENDABLE int32_t (*miniracer_writer)(void *userdata, const void *data, uint64_t length);

/* Writes a snapshot of the heap in the form that Chrome's developer tools read (JSON, ASCII). CANCELLED: the writer stopped
 * it. */
MINIRACER_API miniracer_status miniracer_isolate_write_heap_snapshot(miniracer_isolate isolate, miniracer_writer writer,
                                                                     void *userdata, miniracer_error **error);

#ifdef __cplusplus
}
#endif

#endif /* MINIRACER_H */
