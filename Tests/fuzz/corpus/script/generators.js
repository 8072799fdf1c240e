function* g() { try { yield 1; yield* [2, 3] } finally { return 4 } }
[...g(), g().return(5), (async function* () {})()]