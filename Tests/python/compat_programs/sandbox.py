"""Limits and figures: memory, heap statistics and snapshots, versions, initialization."""

import miniracer as py_mini_racer

library = py_mini_racer.init_mini_racer(ignore_duplicate_init=True)
try:
    py_mini_racer.init_mini_racer()
except py_mini_racer.LibAlreadyInitializedError as error:
    print("init", error)
print("flags", all(isinstance(flag, str) for flag in py_mini_racer.DEFAULT_V8_FLAGS))

with py_mini_racer.MiniRacer() as ctx:
    print("version", ctx.v8_version[0].isdigit())
    stats = ctx.heap_stats()
    for key in (
        "total_physical_size",
        "used_heap_size",
        "total_heap_size",
        "heap_size_limit",
    ):
        print(key, stats[key] > 0)
    ctx.set_soft_memory_limit(1 << 40)
    print("soft", ctx.was_soft_memory_limit_reached())
    ctx.set_hard_memory_limit(64 << 20)
    try:
        ctx.eval(
            "let a = []; while (true) { a.push(new Array(1000).fill(a.length)); }",
            timeout_sec=60,
        )
    except py_mini_racer.JSOOMException as error:
        print("memory", error, ctx.was_hard_memory_limit_reached())

strict = py_mini_racer.StrictMiniRacer()
strict.low_memory_notification()
snapshot = strict.heap_snapshot()
print("snapshot", sorted(snapshot)[:3])
print("nested", strict.eval("var o = {a: {b: [1, [2]]}}; o")["a"]["b"][1][0])
strict.close()
