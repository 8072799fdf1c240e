/// The JavaScript half of inspecting: looks at values and writes down what it sees, for `ProbeReader` to read.
///
/// It is compiled before any guest code runs and takes the built-ins it needs then, so nothing a guest redefines later
/// changes what it does. From then on it runs no guest code: it reads property descriptors instead of properties, stops at
/// proxies, and calls nothing but what it took. Hence its manners:
///
/// - no array is grown, iterated with `for of`, spread or destructured (setters on `Array.prototype`, `Symbol.iterator`);
/// - fields of a descriptor are read only after `has` (getters on `Object.prototype`);
/// - strings are only ever concatenated, and pass through the `JSON.stringify` that was taken.
///
/// Only the host can tell a proxy from its target: `kindOf` is a host function that answers with `ObjectKind` numbers.
enum ProbeSource {
  static let fileName = "miniracer:inspect"

  static let text = #"""
    (function (kindOf) {
      'use strict';
      const { apply, getOwnPropertyDescriptor: descriptorOf, getPrototypeOf, setPrototypeOf, ownKeys } = Reflect;
      const toObject = Object;
      const hasOwn = Object.prototype.hasOwnProperty;
      const propertyIsEnumerable = Object.prototype.propertyIsEnumerable;
      const quote = JSON.stringify;
      const TheError = Error;
      const defineProperty = Reflect.defineProperty;
      const { slice, startsWith, includes } = String.prototype;
      const ObjectPrototype = Object.prototype;
      const FunctionPrototype = Function.prototype;
      const ArrayPrototype = Array.prototype;
      const bind = Function.prototype.bind;
      const functionToString = Function.prototype.toString;
      const getterOf = (object, name) => {
        const descriptor = object && descriptorOf(object, name);
        return descriptor && descriptor.get;
      };
      const symbolDescription = getterOf(Symbol.prototype, 'description');
      const toStringTag = Symbol.toStringTag;
      const dateToISO = Date.prototype.toISOString;
      const dateGetTime = Date.prototype.getTime;
      const regExpSource = getterOf(RegExp.prototype, 'source');
      const regExpFlags = [
        ['d', 'hasIndices'], ['g', 'global'], ['i', 'ignoreCase'], ['m', 'multiline'], ['s', 'dotAll'],
        ['u', 'unicode'], ['v', 'unicodeSets'], ['y', 'sticky'],
      ].map(([flag, name]) => ({ flag, get: getterOf(RegExp.prototype, name) })).filter(({ get }) => get);
      const valueOfs = [
        ['Number', Number.prototype.valueOf], ['String', String.prototype.valueOf],
        ['Boolean', Boolean.prototype.valueOf], ['BigInt', BigInt.prototype.valueOf],
        ['Symbol', Symbol.prototype.valueOf],
      ].map(([name, valueOf]) => ({ name, valueOf }));
      const TheMap = Map;
      const { get: mapGet, set: mapSet, delete: mapDelete, entries: mapEntries } = Map.prototype;
      const mapSize = getterOf(Map.prototype, 'size');
      const mapNext = getPrototypeOf(new Map().entries()).next;
      const setValues = Set.prototype.values;
      const setSize = getterOf(Set.prototype, 'size');
      const setNext = getPrototypeOf(new Set().values()).next;
      const deref = typeof WeakRef === 'function' ? WeakRef.prototype.deref : undefined;
      const typedArray = getPrototypeOf(Uint8Array).prototype;
      const typedLength = getterOf(typedArray, 'length');
      const typedTag = getterOf(typedArray, toStringTag);
      const viewLength = getterOf(DataView.prototype, 'byteLength');
      const viewOffset = getterOf(DataView.prototype, 'byteOffset');
      const viewBuffer = getterOf(DataView.prototype, 'buffer');
      const bufferLength = getterOf(ArrayBuffer.prototype, 'byteLength');
      const sharedLength =
        typeof SharedArrayBuffer === 'function' ? getterOf(SharedArrayBuffer.prototype, 'byteLength') : undefined;
      const Bytes = Uint8Array;
      const stackGetter = getterOf(new Error(), 'stack'); // an accessor in newer engines
      const ThePromise = Promise;
      const promiseThen = Promise.prototype.then;
      const speciesGetter = getterOf(Promise, Symbol.species);
      const species = Symbol.species;
      const TheWeakMap = WeakMap;
      const { get: weakGet, set: weakSet, has: weakHas } = WeakMap.prototype;

      // The numbers of `ObjectKind`.
      const ARRAY = 1, FUNCTION = 2, ERROR = 3, DATE = 4, REGEXP = 5, PROMISE = 6, MAP = 7, SET = 8, WEAK_MAP = 9,
        WEAK_SET = 10, WEAK_REF = 11, BUFFER = 12, SHARED_BUFFER = 13, TYPED_ARRAY = 14, DATA_VIEW = 15, PROXY = 16,
        BOXED = 18, ARGUMENTS = 19;
      const MAXIMUM_CHAIN = 100, LARGE = 100000;

      const has = (object, key) => apply(hasOwn, object, [key]);
      const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';
      const isPlainPrototype = (value) =>
        value === ObjectPrototype || value === ArrayPrototype || value === FunctionPrototype;
      const isProxy = (value) => !isPlainPrototype(value) && kindOf(value) === PROXY;
      const none = { __proto__: null };

      // The value of an own data property, or `none`. The object must not be a proxy.
      function ownData(object, key) {
        const descriptor = descriptorOf(object, key);
        return descriptor !== undefined && has(descriptor, 'value') ? descriptor.value : none;
      }

      // The same along the prototypes. `undefined` where a getter or a proxy is in the way.
      function findData(object, key) {
        for (let i = 0; i < MAXIMUM_CHAIN && object !== null; i++) {
          if (isProxy(object)) return undefined;
          const descriptor = descriptorOf(object, key);
          if (descriptor !== undefined) return has(descriptor, 'value') ? descriptor.value : undefined;
          object = getPrototypeOf(object);
        }
        return undefined;
      }

      const textOr = (value, otherwise) => (typeof value === 'string' ? value : otherwise);
      const nameOf = (aFunction) => (isProxy(aFunction) ? '' : textOr(ownData(aFunction, 'name'), ''));
      const symbolText = (symbol) => {
        const description = apply(symbolDescription, symbol, []);
        return description === undefined ? 'Symbol()' : 'Symbol(' + description + ')';
      };

      // The name of the class whose prototype the object inherits from; `null` where there is none.
      function constructorName(object) {
        let prototype = getPrototypeOf(object);
        for (let i = 0; i < MAXIMUM_CHAIN && prototype !== null; i++) {
          if (isProxy(prototype)) return 'Object';
          const constructor = ownData(prototype, 'constructor');
          if (typeof constructor === 'function' && !isProxy(constructor)) {
            const name = nameOf(constructor);
            if (name !== '' && ownData(constructor, 'prototype') === prototype) return name;
          }
          prototype = getPrototypeOf(prototype);
        }
        return null;
      }

      function stackOf(error) {
        const descriptor = descriptorOf(error, 'stack');
        if (descriptor !== undefined) {
          if (has(descriptor, 'value')) return typeof descriptor.value === 'string' ? descriptor.value : undefined;
          if (stackGetter !== undefined && descriptor.get === stackGetter) {
            return textOr(apply(stackGetter, error, []), undefined);
          }
        }
        return undefined;
      }

      // The engine calls Error.prepareStackTrace, a guest's function, when a stack is first read: put it out of the way.
      function withoutStackHook(read, error) {
        const hook = descriptorOf(TheError, 'prepareStackTrace');
        if (hook === undefined) return read(error);
        if (!hook.configurable) return undefined;
        setPrototypeOf(hook, null); // or a getter on Object.prototype would be asked for what the descriptor lacks
        const bare = { __proto__: null, value: undefined, configurable: true, writable: true, enumerable: true };
        defineProperty(TheError, 'prepareStackTrace', bare);
        try {
          return read(error);
        } finally {
          defineProperty(TheError, 'prepareStackTrace', hook);
        }
      }

      // What promises turned into, filled in by reactions of ours: { state, value }.
      const promises = new TheWeakMap();
      let promisesAdded = false;

      // `then` looks up `constructor` and `Symbol.species`: only where both are the built-in ones does it run no guest code.
      function watch(promise) {
        if (apply(weakHas, promises, [promise])) return;
        if (getPrototypeOf(promise) !== ThePromise.prototype || has(promise, 'constructor')) return;
        if (ownData(ThePromise.prototype, 'constructor') !== ThePromise) return;
        const hook = descriptorOf(ThePromise, species);
        if (hook === undefined || !has(hook, 'get') || hook.get !== speciesGetter) return;
        const record = { __proto__: null, state: 'unknown', value: undefined };
        apply(weakSet, promises, [promise, record]);
        apply(promiseThen, promise, [
          (value) => { record.state = 'fulfilled'; record.value = value; },
          (value) => { record.state = 'rejected'; record.value = value; },
        ]);
        promisesAdded = true;
      }

      // One description. Everything below appends to `out`, in the order in which ProbeReader reads.
      let allSettled, out, path, ids, nextID, depthLimit, nodesLeft, textLeft, itemLimit, stringLimit, propertyLimit;

      const int = (number) => { out += number + ';'; };
      const text = (string) => { out += quote(string); };

      function cut(string) {
        const limit = string.length < stringLimit ? string.length : stringLimit;
        const length = limit < textLeft ? limit : textLeft;
        textLeft -= length;
        return length === string.length ? string : apply(slice, string, [0, length]);
      }

      function value(item, depth) {
        nodesLeft--;
        switch (typeof item) {
          case 'undefined': out += 'u'; return;
          case 'boolean': out += item ? 't' : 'f'; return;
          case 'number': out += 'd' + (item === 0 && 1 / item < 0 ? '-0' : item) + ';'; return;
          case 'bigint': out += 'b'; text(cut('' + item)); return;
          case 'symbol': out += 'y'; text(cut(symbolText(item))); return;
          case 'string': {
            const shown = cut(item);
            out += 's'; text(shown); int(item.length - shown.length);
            return;
          }
        }
        if (item === null) out += 'n';
        else object(item, depth);
      }

      function kindOfObject(item) {
        const kind = kindOf(item);
        if (kind !== 0 || deref === undefined || findData(item, toStringTag) !== 'WeakRef') return kind;
        try { // older engines do not tell weak references from plain objects
          apply(deref, item, []);
          return WEAK_REF;
        } catch {
          return kind;
        }
      }

      function object(item, depth) {
        const known = apply(mapGet, path, [item]);
        if (known !== undefined) { out += 'r'; int(known); return; }
        const kind = kindOfObject(item);
        let id = apply(mapGet, ids, [item]);
        if (id === undefined) apply(mapSet, ids, [item, (id = nextID++)]);
        out += 'o'; int(id); int(kind);
        if (kind === PROXY) { // whatever one asks of it, a trap answers
          text(typeof item === 'function' ? 'Function' : 'Object');
          return;
        }
        const constructor = constructorName(item);
        if (constructor === null) out += '~';
        else text(cut(constructor));
        const ownTag = descriptorOf(item, toStringTag);
        text(ownTag !== undefined && ownTag.enumerable ? '' : cut(textOr(findData(item, toStringTag), '')));
        apply(mapSet, path, [item, id]);
        contents(item, kind, depth);
        apply(mapDelete, path, [item]);
      }

      // size; base; "beyond the depth" flag; items until '.', how many more; properties until '.', how many more
      function contents(item, kind, depth) {
        let size = 0, base = '', keys, first = 0;
        switch (kind) {
          case ARRAY: size = item.length; break;
          case ARGUMENTS: { const length = ownData(item, 'length'); size = typeof length === 'number' ? length : 0; break; }
          case TYPED_ARRAY: size = apply(typedLength, item, []); base = apply(typedTag, item, []); break;
          case FUNCTION: base = functionText(item); break;
          case ERROR: base = errorText(item); break;
          case DATE: { const t = apply(dateGetTime, item, []); base = t === t ? apply(dateToISO, item, []) : 'Invalid Date'; break; }
          case REGEXP: base = regExpText(item); break;
          case MAP: size = apply(mapSize, item, []); break;
          case SET: size = apply(setSize, item, []); break;
          case BUFFER: size = apply(bufferLength, item, []); break;
          case SHARED_BUFFER: size = sharedLength === undefined ? 0 : apply(sharedLength, item, []); break;
          case DATA_VIEW:
            try { size = apply(viewLength, item, []); } catch { base = 'detached'; }
            break;
          case PROMISE: {
            watch(item);
            const record = apply(weakGet, promises, [item]);
            base = record === undefined ? 'unknown' : record.state;
            // What has not answered by the time all microtasks have run is pending.
            if (record !== undefined && base === 'unknown' && allSettled) base = 'pending';
            break;
          }
          case BOXED: base = boxedName(item); break;
        }
        int(size);
        text(cut(base));

        const indexed = kind === ARRAY || kind === ARGUMENTS || kind === TYPED_ARRAY;
        // Listing the keys of a huge list means making a string of each index: its extra properties are left out.
        keys = indexed && size > LARGE && !isSparse(item, size) ? [] : ownKeys(item);
        if (indexed || (kind === BOXED && base === 'String')) while (first < keys.length && isIndex(keys[first])) first++;
        let shown = 0;
        const wanted = { __proto__: null };
        for (let i = first; i < keys.length && shown <= propertyLimit; i++) {
          if (isShown(item, keys[i], kind, base)) wanted[shown++] = i;
        }
        const hasItems = size > 0 && kind !== FUNCTION && kind !== DATA_VIEW;
        if (depth > depthLimit && (shown > 0 || hasItems || kind === PROMISE || kind === WEAK_REF)) {
          out += '1';
          return;
        }
        out += '0';
        items(item, kind, base, size, keys, first, depth);

        let written = 0;
        for (; written < shown && written < propertyLimit && nodesLeft > 0; written++) {
          property(item, keys[wanted[written]], depth);
        }
        out += '.';
        int(written === shown ? 0 : keys.length - wanted[written]);
      }

      // Index keys come first, in ascending order (ECMA-262 OrdinaryOwnPropertyKeys).
      function isIndex(key) {
        if (typeof key !== 'string') return false;
        const index = key >>> 0;
        return '' + index === key && index !== 4294967295;
      }

      function isSparse(item, size) {
        for (let i = 0; i < size && i <= itemLimit; i++) if (!has(item, i)) return true;
        return false;
      }

      function isShown(item, key, kind, base) {
        if (kind === ERROR) {
          if (key === 'cause' || key === 'errors') return true;
          if (key === 'stack') return false;
          if (key === 'message' || key === 'name') {
            const own = ownData(item, key);
            if (typeof own === 'string' && apply(includes, base, [own])) return false;
          }
        }
        try {
          return apply(propertyIsEnumerable, item, [key]);
        } catch {
          return true; // an export of a module that has not been evaluated yet
        }
      }

      function property(item, key, depth) {
        if (typeof key === 'symbol') { out += 'Y'; text(cut(symbolText(key))); }
        else { out += 'K'; text(cut(key)); }
        let descriptor;
        try {
          descriptor = descriptorOf(item, key);
        } catch {
          out += '0!';
          return;
        }
        if (descriptor === undefined) { out += '0!'; return; }
        out += descriptor.enumerable ? '0' : '1';
        if (has(descriptor, 'value')) { value(descriptor.value, depth + 1); return; }
        const get = descriptor.get !== undefined, set = descriptor.set !== undefined;
        out += get ? (set ? 'B' : 'G') : 'S';
      }

      function items(item, kind, base, size, keys, first, depth) {
        let more = 0;
        switch (kind) {
          case ARRAY:
          case ARGUMENTS:
            more = arrayItems(item, size, keys, first, depth);
            break;
          case TYPED_ARRAY: {
            let i = 0;
            for (; i < size && i < itemLimit && nodesLeft > 0; i++) value(item[i], depth + 1);
            more = size - i;
            break;
          }
          case MAP: {
            const iterator = apply(mapEntries, item, []);
            let i = 0;
            for (; i < size && i < itemLimit && nodesLeft > 0; i++) {
              const entry = apply(mapNext, iterator, []).value;
              out += 'p';
              value(entry[0], depth + 1);
              value(entry[1], depth + 1);
            }
            more = size - i;
            break;
          }
          case SET: {
            const iterator = apply(setValues, item, []);
            let i = 0;
            for (; i < size && i < itemLimit && nodesLeft > 0; i++) value(apply(setNext, iterator, []).value, depth + 1);
            more = size - i;
            break;
          }
          case BUFFER:
          case SHARED_BUFFER: {
            let i = 0;
            try {
              const bytes = new Bytes(item, 0, size < itemLimit ? size : itemLimit);
              for (; i < size && i < itemLimit; i++) value(bytes[i], depth + 1);
            } catch {
              out += '!'; // detached
            }
            more = size - i;
            break;
          }
          case DATA_VIEW:
            if (base === '') {
              value(apply(viewOffset, item, []), depth + 1);
              value(apply(viewBuffer, item, []), depth + 1);
            }
            break;
          case PROMISE: {
            const record = apply(weakGet, promises, [item]);
            if (record !== undefined && record.state !== 'unknown') value(record.value, depth + 1);
            break;
          }
          case WEAK_REF:
            if (deref !== undefined) value(apply(deref, item, []), depth + 1);
            break;
          case BOXED:
            for (let i = 0; i < valueOfs.length; i++) {
              if (valueOfs[i].name === base) value(apply(valueOfs[i].valueOf, item, []), depth + 1);
            }
            break;
        }
        out += '.';
        int(more);
      }

      // Runs of missing elements count as one item each.
      function arrayItems(item, size, keys, keyCount, depth) {
        let written = 0, index = 0, key = 0;
        while (index < size && written < itemLimit && nodesLeft > 0) {
          const descriptor = descriptorOf(item, index);
          if (descriptor === undefined) {
            while (key < keyCount && keys[key] >>> 0 < index) key++;
            const next = key < keyCount ? keys[key] >>> 0 : size;
            if (next <= index) return size - index;
            out += 'h'; int(next - index);
            index = next;
          } else {
            if (has(descriptor, 'value')) value(descriptor.value, depth + 1);
            else {
              const get = descriptor.get !== undefined, set = descriptor.set !== undefined;
              out += get ? (set ? 'B' : 'G') : 'S';
            }
            index++;
          }
          written++;
        }
        return size - index;
      }

      // "class A extends B" or the function's name behind a '='.
      function functionText(item) {
        const name = nameOf(item);
        const source = apply(functionToString, item, []);
        if (!apply(startsWith, source, ['class']) || !apply(includes, ' {\n\t/', [source[5]])) return '=' + name;
        const parent = getPrototypeOf(item);
        const parentName = parent !== null && typeof parent === 'function' ? nameOf(parent) : '';
        return 'class ' + (name === '' ? '(anonymous)' : name) +
          (parentName !== '' ? ' extends ' + parentName : parent === null ? ' extends null' : '');
      }

      function errorText(item) {
        const stack = withoutStackHook(stackOf, item);
        if (stack !== undefined && stack !== '') return stack;
        const name = textOr(findData(item, 'name'), 'Error');
        const message = textOr(findData(item, 'message'), '');
        return message === '' ? name : name + ': ' + message;
      }

      function regExpText(item) {
        let string = '/' + apply(regExpSource, item, []) + '/';
        for (let i = 0; i < regExpFlags.length; i++) {
          if (apply(regExpFlags[i].get, item, [])) string += regExpFlags[i].flag;
        }
        return string;
      }

      function boxedName(item) {
        for (let i = 0; i < valueOfs.length; i++) {
          try {
            apply(valueOfs[i].valueOf, item, []);
            return valueOfs[i].name;
          } catch { }
        }
        return 'Object';
      }

      return { __proto__: null, describe, complete, addConsole };

      // Describes the arguments after the limits; `settled`: microtasks run to their end before and after.
      // Begins with '+' when promises were met for the first time: their states
      // are known once microtasks have run.
      function describe(settled, depth, maximumItems, maximumString, maximumProperties, maximumNodes, maximumText) {
        // Inspecting from within inspecting cannot happen, as no guest code runs; an end in the middle (a deadline) can.
        out = '';
        path = new TheMap(); // the objects around the one being looked at
        ids = new TheMap();
        nextID = 1;
        promisesAdded = false;
        allSettled = settled;
        depthLimit = depth;
        itemLimit = maximumItems;
        stringLimit = maximumString;
        propertyLimit = maximumProperties;
        nodesLeft = maximumNodes;
        textLeft = maximumText;
        for (let i = 7; i < arguments.length; i++) value(arguments[i], 0);
        const result = (promisesAdded ? '+' : '-') + out;
        out = path = ids = undefined;
        return result;
      }

      // The names of properties that begin with `prefix`, on the value that `root` and the names after it lead to.
      function complete(prefix, root) {
        let subject = root;
        for (let i = 2; i < arguments.length; i++) {
          if (subject === undefined || subject === null) return '';
          subject = findData(toObject(subject), arguments[i]);
        }
        if (subject === undefined || subject === null) return '';
        let object = toObject(subject), left = 10000;
        out = '';
        for (let i = 0; i < MAXIMUM_CHAIN && object !== null && !isProxy(object); i++) {
          const length = ownData(object, 'length');
          const keys = typeof length === 'number' && length > LARGE && typeof object !== 'function' ? [] : ownKeys(object);
          for (let k = 0; k < keys.length && left > 0; k++) {
            if (typeof keys[k] !== 'string' || isIndex(keys[k]) || !apply(startsWith, keys[k], [prefix])) continue;
            text(keys[k]);
            left--;
          }
          object = getPrototypeOf(object);
        }
        const result = out;
        out = undefined;
        return result;
      }

      // Writers are the host's function bound to its first argument: no code here that a guest could get between.
      function addConsole(write) {
        const console = {};
        const add = (name, channel) => {
          const writer = apply(bind, write, [undefined, channel]);
          defineProperty(writer, 'name', { value: name, configurable: true });
          console[name] = writer;
        };
        add('log', 'out'); add('info', 'out'); add('debug', 'out'); add('dir', 'out');
        add('warn', 'error'); add('error', 'error');
        add('assert', 'assert');
        add('group', 'group'); add('groupEnd', 'groupEnd');
        const hidden = (name, value) =>
          defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true });
        hidden('console', console);
        hidden('print', console.log);
      }
    })
    """#
}
