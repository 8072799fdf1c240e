async function f(x) { await null; throw x }
f(1); Promise.reject(new Error('alone')); setTimeout(() => f(2)); Promise.all([1, f(3)])