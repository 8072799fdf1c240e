// structuredClone (https://html.spec.whatwg.org), crypto (https://w3c.github.io/webcrypto), performance
// (https://w3c.github.io/hr-time).
'use strict';
(function (native, { expose, finish, required, dictionary, data, list, DOMException }, { EventTarget, start }) {
  const { defineProperty } = Reflect;
  const TheTypeError = TypeError;
  const ours = { __proto__: null };

  const cannotClone = (message) => new DOMException(message, 'DataCloneError');
  const functions = {
    structuredClone(value, options = undefined) {
      required(arguments.length, 1, 'structuredClone');
      const { transfer } = dictionary(options, 'structuredClone: options');
      const given = list();
      if (transfer !== undefined) {
        for (const object of transfer) {
          if ((typeof object !== 'object' && typeof object !== 'function') || object === null) {
            throw new TheTypeError('structuredClone: what is to be transferred is not an object');
          }
          given[given.length] = object;
        }
      }
      return native.clone(value, given, cannotClone);
    },
  };
  defineProperty(globalThis, 'structuredClone', data(functions.structuredClone, true));

  class Crypto {
    #brand;
    constructor(key = undefined) {
      if (key !== ours) throw new TheTypeError('Illegal constructor');
    }
    getRandomValues(array) {
      this.#brand;
      required(arguments.length, 1, 'getRandomValues');
      const problem = native.randomize(array);
      if (problem === 'type') throw new DOMException('The array is not one of integers', 'TypeMismatchError');
      if (problem === 'view') throw new TheTypeError('getRandomValues: not an ArrayBufferView');
      if (problem === 'quota') throw new DOMException('More than 65536 bytes are asked for', 'QuotaExceededError');
      return array;
    }
    randomUUID() {
      this.#brand;
      return native.randomUUID();
    }
  }
  finish(Crypto);
  defineProperty(Crypto, 'length', { __proto__: null, value: 0, configurable: true });

  const origin = native.wallClock() - (native.now() - start);
  class Performance extends EventTarget {
    #brand;
    constructor(key = undefined) {
      if (key !== ours) throw new TheTypeError('Illegal constructor');
      super();
    }
    now() {
      this.#brand;
      return native.now() - start;
    }
    get timeOrigin() {
      this.#brand;
      return origin;
    }
    toJSON() {
      this.#brand;
      return { timeOrigin: origin };
    }
  }
  finish(Performance);
  defineProperty(Performance, 'length', { __proto__: null, value: 0, configurable: true });

  const accessor = (name, value) => {
    const { get } = Object.getOwnPropertyDescriptor({ get [name]() { return value; } }, name);
    defineProperty(globalThis, name, { __proto__: null, get, enumerable: true, configurable: true });
  };
  expose('Crypto', Crypto);
  accessor('crypto', new Crypto(ours));
  expose('Performance', Performance);
  const performance = new Performance(ours);
  defineProperty(globalThis, 'performance', data(performance, true));
})
