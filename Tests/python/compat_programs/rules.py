"""A price list whose rules are JavaScript: eval, call, execute, objects, arrays, errors, timeouts."""

import json
from datetime import datetime, timezone
from decimal import Decimal

import miniracer as py_mini_racer

RULES = """
var prices = {tea: 2.5, cake: 4};
function total(order) {
    return order.lines.reduce((sum, line) => sum + prices[line.what] * line.count, 0);
}
var rules = {
    discount: function (amount) { return amount > this.limit ? amount * 0.9 : amount; },
    limit: 10,
    since: new Date(86400000),
};
var log = [];
"""


class DecimalEncoder(json.JSONEncoder):
    def default(self, o):
        return float(o) if isinstance(o, Decimal) else super().default(o)


ctx = py_mini_racer.MiniRacer()
ctx.eval(RULES)

order = {"lines": [{"what": "tea", "count": 2}, {"what": "cake", "count": Decimal("1.5")}]}
print("total", ctx.call("total", order, encoder=DecimalEncoder))
print("names", sorted(ctx.execute("Object.keys(prices)")))

rules = ctx.eval("rules")
print("limit", rules["limit"], sorted(rules.keys()), "limit" in rules)
print("discount", rules["discount"](20, this=rules))
rules["limit"] = 100
print("discount", rules["discount"](20, this=rules), ctx.eval("rules.limit"))
print("since", rules["since"] == datetime(1970, 1, 2, tzinfo=timezone.utc))
del rules["limit"]
try:
    rules["limit"]
except KeyError as error:
    print("gone", isinstance(error, py_mini_racer.JSKeyError))

log = ctx.eval("log")
for item in ("a", None, 3, True):
    log.append(item)
log.insert(1, "b")
del log[0]
print("log", list(log), len(log), "b" in log, log[-1] is True)
try:
    del log[10]
except py_mini_racer.JSArrayIndexError as error:
    print("index", error)

print(
    "undefined",
    ctx.eval("undefined") is py_mini_racer.JSUndefined,
    bool(py_mini_racer.JSUndefined),
)
print("symbol", isinstance(ctx.eval("Symbol('x')"), py_mini_racer.JSSymbol))
print("same", ctx.eval("rules") == rules or hash(ctx.eval("rules")) == hash(rules))
print("text", ctx.eval("'\\u2764 ' + 'x'.repeat(3)"))

for code in ("1 +", "nothing.here", "throw new RangeError('far')"):
    try:
        ctx.eval(code)
    except py_mini_racer.JSParseException as error:
        print("parse", str(error).splitlines()[0])
    except py_mini_racer.JSEvalException as error:
        print("eval", str(error).splitlines()[0])
for run in (
    lambda: ctx.eval("while (true) {}", timeout_sec=0.1),
    lambda: ctx.eval("() => { for (;;); }")(timeout_sec=0.1),
):
    try:
        run()
    except py_mini_racer.JSTimeoutException as error:
        print("timeout", error, isinstance(error, TimeoutError))

data = ctx.eval("new Uint8Array([1, 2, 3]).buffer")
data[0] = 7
print("bytes", bytes(data), len(data))
print(
    "promise",
    ctx.eval("new Promise((resolve) => setTimeout(() => resolve(42), 10))").get(timeout=10),
)
try:
    ctx.eval("Promise.reject(new Error('no'))").get()
except py_mini_racer.JSPromiseError as error:
    print("rejected", error.reason.splitlines()[0])
ctx.close()
