function f() { throw new TypeError('far', { cause: new Error('near') }) }
try { f() } catch (e) { e.more = e; e }