Object.prototype.toJSON = () => 1; Array.prototype[Symbol.iterator] = null; Promise.prototype.then = 1;
Error.prepareStackTrace = (e, s) => s; Map.prototype.get = () => { throw 1 };
({ get a() { throw 2 }, toString() { throw 3 }, [Symbol.toPrimitive]() { throw 4 } })