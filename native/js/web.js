// What the scripts of the web group share, and DOMException (https://webidl.spec.whatwg.org). They run in the guest's
// context before the guest does. Whatever they use later they take now, since guests redefine built-ins: no method of an
// intrinsic is called on an object, no array iterated or spread, and lists have no prototype, whose setters could be the
// guest's.
'use strict';
(function () {
  const { apply, defineProperty, ownKeys, setPrototypeOf } = Reflect;
  const { bind, call } = Function.prototype;
  const uncurry = apply(bind, bind, [call]);
  const captureStackTrace = Error.captureStackTrace;
  const TheError = Error, TheTypeError = TypeError;

  function list() {
    const made = [];
    setPrototypeOf(made, null);
    return made;
  }
  const data = (value, enumerable = false) =>
    ({ __proto__: null, value, writable: true, enumerable, configurable: true });
  const expose = (name, value) => defineProperty(globalThis, name, data(value));

  // A class as Web IDL makes it: its members are enumerable, and its prototype has a tag.
  function finish(Class, constants) {
    const prototype = Class.prototype;
    for (const key of ownKeys(prototype)) {
      if (typeof key === 'string' && key !== 'constructor') {
        defineProperty(prototype, key, { __proto__: null, enumerable: true });
      }
    }
    for (const key of ownKeys(Class)) {
      if (key === 'length' || key === 'name' || key === 'prototype') continue;
      defineProperty(Class, key, { __proto__: null, enumerable: true });
    }
    for (const key of constants === undefined ? [] : ownKeys(constants)) {
      const constant = { __proto__: null, value: constants[key], enumerable: true };
      defineProperty(Class, key, constant);
      defineProperty(prototype, key, constant);
    }
    defineProperty(prototype, Symbol.toStringTag, { __proto__: null, value: Class.name, configurable: true });
    return Class;
  }

  function required(given, wanted, what) {
    if (given >= wanted) return;
    throw new TheTypeError(`${what}: ${wanted} argument${wanted === 1 ? '' : 's'} required, but only ${given} present`);
  }

  // A Web IDL dictionary: the object itself, or one without properties.
  function dictionary(value, what) {
    if (value === undefined || value === null) return { __proto__: null };
    if (typeof value === 'object' || typeof value === 'function') return value;
    throw new TheTypeError(`${what}: not an object`);
  }

  const codes = {
    __proto__: null, IndexSizeError: 1, HierarchyRequestError: 3, WrongDocumentError: 4, InvalidCharacterError: 5,
    NoModificationAllowedError: 7, NotFoundError: 8, NotSupportedError: 9, InUseAttributeError: 10,
    InvalidStateError: 11, SyntaxError: 12, InvalidModificationError: 13, NamespaceError: 14, InvalidAccessError: 15,
    TypeMismatchError: 17, SecurityError: 18, NetworkError: 19, AbortError: 20, URLMismatchError: 21,
    QuotaExceededError: 22, TimeoutError: 23, InvalidNodeTypeError: 24, DataCloneError: 25,
  };

  // Instances are the engine's errors, with stacks. `name` and `message` are own data properties too, as errors have them,
  // so that whoever looks without running code finds them.
  let nameOf, messageOf;
  class Given {
    constructor(object) {
      return object;
    }
  }
  class Fields extends Given { // private fields on an object that is there already
    #name;
    #message;
    static {
      nameOf = (error) => error.#name;
      messageOf = (error) => error.#message;
    }
    constructor(error, name, message) {
      super(error);
      this.#name = name;
      this.#message = message;
    }
  }
  class DOMException {
    constructor(message = '', options = 'Error') {
      const text = `${message}`, given = typeof options === 'object' && options !== null;
      const name = given && options.name === undefined ? 'Error' : `${given ? options.name : options}`;
      const error = new TheError();
      setPrototypeOf(error, new.target.prototype);
      new Fields(error, name, text);
      const own = (value) => ({ __proto__: null, value, configurable: true });
      defineProperty(error, 'name', own(name));
      defineProperty(error, 'message', own(text));
      if (given && 'cause' in options) defineProperty(error, 'cause', data(options.cause));
      captureStackTrace(error, DOMException);
      return error;
    }
    get name() {
      return nameOf(this);
    }
    get message() {
      return messageOf(this);
    }
    get code() {
      return codes[nameOf(this)] ?? 0;
    }
  }
  setPrototypeOf(DOMException.prototype, Error.prototype);
  finish(DOMException, {
    INDEX_SIZE_ERR: 1, DOMSTRING_SIZE_ERR: 2, HIERARCHY_REQUEST_ERR: 3, WRONG_DOCUMENT_ERR: 4,
    INVALID_CHARACTER_ERR: 5, NO_DATA_ALLOWED_ERR: 6, NO_MODIFICATION_ALLOWED_ERR: 7, NOT_FOUND_ERR: 8,
    NOT_SUPPORTED_ERR: 9, INUSE_ATTRIBUTE_ERR: 10, INVALID_STATE_ERR: 11, SYNTAX_ERR: 12,
    INVALID_MODIFICATION_ERR: 13, NAMESPACE_ERR: 14, INVALID_ACCESS_ERR: 15, VALIDATION_ERR: 16,
    TYPE_MISMATCH_ERR: 17, SECURITY_ERR: 18, NETWORK_ERR: 19, ABORT_ERR: 20, URL_MISMATCH_ERR: 21,
    QUOTA_EXCEEDED_ERR: 22, TIMEOUT_ERR: 23, INVALID_NODE_TYPE_ERR: 24, DATA_CLONE_ERR: 25,
  });
  defineProperty(DOMException, 'length', { __proto__: null, value: 0, configurable: true });
  expose('DOMException', DOMException);

  return { __proto__: null, uncurry, list, data, expose, finish, required, dictionary, DOMException };
})
