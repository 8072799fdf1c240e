// Writes a graph of values as docs/graph.md tells. Runs in the hidden realm: what it uses is out of the guest's reach, and
// nothing of it is handed to the guest. Guest code runs only where reading a property runs it. That code may encode, too,
// so all that belongs to one graph is put aside meanwhile.
'use strict';
(function (native, kinds) {
  const { classify, ordinary, text, bigint, bytes, entries, unbox, pattern } = native;
  const { isArray } = Array;
  const { keys: keysOf, getPrototypeOf } = Object;
  const DROP = 1, HANDLE = 2;
  const TOO_LARGE = 107, WRONG_TYPE = 103;
  const SHORT = 64;       // a string up to here is copied without a call of native code
  const KEPT = 4194304;   // the largest buffer that is kept for the next graph
  const DENSE = 1024;     // an array up to this length is written as a list, whatever holes it has
  const NAME = /^[A-Za-z_$][\w$]*$/;

  let buffer = null, view, position, capacity;
  let objects, names, count;      // what has been written and can be referred to: its number, and how many there are
  let kept, keptNumbers;          // the keys last written on each level, with their numbers
  let path, depth, nodes, handles;
  let flags, maxDepth, maxNodes, maxBytes, plain;
  let spare = null;

  class Failure {
    constructor(status, message) {
      this.status = status;
      this.message = message;
    }
  }

  function where() {
    let result = 'value';
    for (let i = 1; i <= depth; ++i) {
      const step = path[i];
      if (typeof step === 'number') result += `[${step}]`;
      else if (typeof step === 'object') result += `.<entry ${step.entry}>`;
      else result += NAME.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
      if (result.length > 200 && i < depth) return `${result.slice(0, 200)}...`;
    }
    return result;
  }

  function fail(status, what) { throw new Failure(status, `${where()}: ${what}`); }

  // Room for so many bytes more.
  function ensure(room) {
    if (position + room > capacity) grow(room);
  }

  function grow(room) {
    const needed = position + room;
    // Room is asked for generously: three bytes for a character. What is written is held to the limit at the end, too.
    if (position > maxBytes || needed > 4 * maxBytes + 1024) tooManyBytes();
    let size = capacity * 2;
    while (size < needed) size *= 2;
    const larger = new Uint8Array(size);
    larger.set(buffer);
    use(larger);
  }

  function tooManyBytes() { fail(TOO_LARGE, `the encoded form is larger than ${maxBytes} bytes`); }

  function use(array) {
    buffer = array;
    capacity = array.length;
    view = new DataView(array.buffer);
  }

  function byte(code) {
    ensure(1);
    buffer[position++] = code;
  }

  // Native code that writes where there is room and else says how much it needs.
  function natively(write, value) {
    let end = write(buffer, position, value);
    if (end < 0) {
      ensure(-end);
      end = write(buffer, position, value);
    }
    position = end;
  }

  function string(value) {
    const length = value.length;
    if (length > SHORT) return natively(text, value);
    if (position + SHORT + 2 > capacity) grow(SHORT + 2);
    const to = buffer;
    let at = position;
    to[at++] = 0x8c;  // SHORT_BINUNICODE
    to[at++] = length;
    for (let i = 0; i < length; ++i) {
      const unit = value.charCodeAt(i);
      if (unit >= 0x80) return natively(text, value);
      to[at++] = unit;
    }
    position = at;
  }

  function number(value) {
    if (position + 10 > capacity) grow(10);
    const small = value | 0;
    if (small === value && (small !== 0 || 1 / value > 0)) {
      if (small >= 0 && small < 256) {
        buffer[position] = 0x4b;  // BININT1
        buffer[position + 1] = small;
        position += 2;
      } else if (small >= 0 && small < 65536) {
        buffer[position] = 0x4d;  // BININT2
        buffer[position + 1] = small;
        buffer[position + 2] = small >> 8;
        position += 3;
      } else {
        buffer[position] = 0x4a;  // BININT
        view.setInt32(position + 1, small, true);
        position += 5;
      }
    } else if (value >= -9007199254740992 && value <= 9007199254740992 && Math.floor(value) === value && value !== 0) {
      const high = Math.floor(value / 4294967296);
      buffer[position] = 0x8a;  // LONG1
      buffer[position + 1] = 8;
      view.setUint32(position + 2, value - high * 4294967296, true);
      view.setInt32(position + 6, high, true);
      position += 10;
    } else {
      buffer[position] = 0x47;  // BINFLOAT
      view.setFloat64(position + 1, value);
      position += 9;
    }
  }

  function integer(value) {
    if (BigInt.asIntN(64, value) !== value) return natively(bigint, value);
    ensure(13);
    buffer[position] = 0x8b;  // LONG4
    view.setInt32(position + 1, 8, true);
    view.setBigInt64(position + 5, value, true);
    position += 13;
  }

  function refer(number) {
    ensure(5);
    if (number < 256) {
      buffer[position] = 0x68;  // BINGET
      buffer[position + 1] = number;
      position += 2;
    } else {
      buffer[position] = 0x6a;  // LONG_BINGET
      view.setUint32(position + 1, number, true);
      position += 5;
    }
  }

  // Gives what was written last a number.
  function remember(object) {
    byte(0x94);  // MEMOIZE
    objects.set(object, count++);
  }

  // A string that is likely to come again. Gives its number.
  function name(value) {
    let number = names.get(value);
    if (number !== undefined) {
      refer(number);
      return number;
    }
    string(value);
    byte(0x94);
    number = count++;
    names.set(value, number);
    return number;
  }

  const NOTHING = {};  // stands for `undefined` among the objects

  function nothing() {
    const known = objects.get(NOTHING);
    if (known !== undefined) return refer(known);
    byte(0x4e);  // NONE
    byte(0x51);  // BINPERSID
    remember(NOTHING);
  }

  // The end of a tuple of so many, which is a persistent id.
  function identify(object, length) {
    ensure(2);
    buffer[position++] = 0x84 + length;  // TUPLE1, TUPLE2, TUPLE3
    buffer[position++] = 0x51;           // BINPERSID
    remember(object);
  }

  // What has no form. False: it is left out.
  function formless(value, what) {
    if ((flags & HANDLE) !== 0) {
      const known = objects.get(value);
      if (known !== undefined) {
        refer(known);
        return true;
      }
      name('handle');
      number(handles.length);
      handles.push(value);
      identify(value, 2);
      return true;
    }
    if ((flags & DROP) !== 0) return false;
    return fail(WRONG_TYPE, `${what} has no form in a graph`);
  }

  // Writes a value and gives true, or leaves it out and gives false.
  function write(value) {
    if (++nodes > maxNodes) fail(TOO_LARGE, `more than ${maxNodes} values`);
    switch (typeof value) {
      case 'string':
        string(value);
        return true;
      case 'number':
        number(value);
        return true;
      case 'boolean':
        if (position === capacity) grow(1);
        buffer[position++] = value ? 0x88 : 0x89;  // NEWTRUE, NEWFALSE
        return true;
      case 'undefined':
        nothing();
        return true;
      case 'bigint':
        integer(value);
        return true;
      case 'object':
        if (value !== null) return object(value);
        byte(0x4e);  // NONE
        return true;
      case 'symbol':
        return formless(value, 'a symbol');
      default:
        return formless(value, 'a function');
    }
  }

  function writeOrNothing(value) {
    if (!write(value)) nothing();
  }

  function object(value) {
    const known = objects.get(value);
    if (known !== undefined) {
      refer(known);
      return true;
    }
    if (depth >= maxDepth) fail(TOO_LARGE, `nested deeper than ${maxDepth} levels`);
    if (isArray(value)) {
      list(value);
    } else if (getPrototypeOf(value) === plain && ordinary(value)) {
      record(value);
    } else {
      return special(value);
    }
    return true;
  }

  function record(value) {
    ensure(2);
    buffer[position++] = 0x7d;  // EMPTY_DICT
    remember(value);
    items(value, keysOf(value));
  }

  // The properties of these names. Siblings mostly have the same keys in the same order, so that those last written on a
  // level tell the numbers without a look-up.
  function items(value, keys) {
    const length = keys.length;
    if (length === 0) return;
    const level = ++depth;
    if (level >= kept.length) addLevels();
    const last = kept[level], numbers = keptNumbers[level];
    byte(0x28);  // MARK
    for (let i = 0; i < length; ++i) {
      const key = keys[i];
      path[level] = key;
      const property = value[key];
      const start = position, startCount = count;
      if (last[i] === key) {
        const number = numbers[i];
        if (number < 256) {
          if (start + 2 > capacity) grow(2);
          buffer[start] = 0x68;  // BINGET
          buffer[start + 1] = number;
          position = start + 2;
        } else {
          refer(number);
        }
      } else {
        numbers[i] = name(key);
        last[i] = key;
      }
      if (!write(property)) {
        position = start;
        if (count !== startCount) {
          count = startCount;
          names.delete(key);
          last[i] = null;
        }
      }
    }
    byte(0x75);  // SETITEMS
    depth = level - 1;
  }

  function addLevels() {
    while (kept.length <= depth) {
      kept.push([]);
      keptNumbers.push([]);
    }
  }

  function list(value) {
    const length = lengthOf(value);
    if (length > DENSE && isSparse(value, length)) return sparse(value, length);
    ensure(2);
    buffer[position++] = 0x5d;  // EMPTY_LIST
    remember(value);
    if (length > 0) elements(value, length, 0x65);  // APPENDS
  }

  function elements(value, length, opcode) {
    const level = ++depth;
    byte(0x28);  // MARK
    for (let i = 0; i < length; ++i) {
      path[level] = i;
      writeOrNothing(value[i]);
    }
    byte(opcode);
    depth = level - 1;
  }

  // A Proxy of an Array may say anything.
  function lengthOf(value) {
    const length = value.length;
    if (typeof length !== 'number' || !(length >= 0)) return 0;
    return length <= 4294967295 ? Math.floor(length) : 4294967295;
  }

  // Whether there are more than four holes to an element as far as one has to look.
  function isSparse(value, length) {
    let holes = 0;
    for (let i = 0; i < length; ++i) {
      if (!(i in value) && ++holes > DENSE + 4 * (i - holes)) return true;
    }
    return false;
  }

  function sparse(value, length) {
    name('sparse');
    number(length);
    identify(value, 2);
    const level = ++depth;
    byte(0x28);  // MARK
    for (const key of keysOf(value)) {
      const index = key >>> 0;
      if (index === 4294967295 || `${index}` !== key) break;  // indices come first
      path[level] = index;
      number(index);
      writeOrNothing(value[index]);
    }
    byte(0x75);  // SETITEMS
    depth = level - 1;
  }

  // Whether Python's notion of equal keys is JavaScript's, so that they may be in a dict or a set: of the types that it
  // can hash, booleans and BigInts would meet Numbers.
  function isSimple(key) { return typeof key === 'string' || typeof key === 'number' || key === null; }

  function everySimple(list, step) {
    for (let i = 0; i < list.length; i += step) {
      if (!isSimple(list[i])) return false;
    }
    return true;
  }

  function map(value) {
    const list = entries(value);
    if (everySimple(list, 2)) {
      ensure(2);
      buffer[position++] = 0x28;  // MARK
      buffer[position++] = 0x64;  // DICT
      remember(value);
    } else {
      name('map');
      identify(value, 1);
    }
    if (list.length === 0) return;
    const level = ++depth;
    byte(0x28);  // MARK
    for (let i = 0; i < list.length; i += 2) {
      path[level] = { entry: i / 2 };
      const start = position, startCount = count;
      if (!write(list[i])) continue;
      // A key that was only just given its number stays: `undefined` takes the value's place.
      if (!write(list[i + 1])) {
        if (count === startCount) position = start;
        else nothing();
      }
    }
    byte(0x75);  // SETITEMS
    depth = level - 1;
  }

  function set(value) {
    const list = entries(value);
    if (everySimple(list, 1)) {
      byte(0x8f);  // EMPTY_SET
      remember(value);
    } else {
      name('set');
      identify(value, 1);
    }
    if (list.length === 0) return;
    const level = ++depth;
    byte(0x28);  // MARK
    for (let i = 0; i < list.length; ++i) {
      path[level] = { entry: i };
      write(list[i]);
    }
    byte(0x90);  // ADDITEMS
    depth = level - 1;
  }

  function textOr(value, otherwise) {
    if (typeof value === 'string') string(value);
    else if (otherwise === null) byte(0x4e);  // NONE
    else string(otherwise);
  }

  function error(value) {
    const title = value.name, message = value.message, stack = value.stack;
    ensure(1);
    buffer[position++] = 0x28;  // MARK
    name('error');
    textOr(title, 'Error');
    textOr(message, '');
    textOr(stack, null);
    ensure(2);
    buffer[position++] = 0x74;  // TUPLE
    buffer[position++] = 0x51;  // BINPERSID
    remember(value);
    const keys = keysOf(value).filter((key) => key !== 'name' && key !== 'message' && key !== 'stack');
    for (const key of ['cause', 'errors']) {
      if (Object.hasOwn(value, key) && !keys.includes(key)) keys.push(key);
    }
    items(value, keys);
  }

  // What messages call it.
  const FORMLESS = {
    __proto__: null, [kinds.PROMISE]: 'a promise', [kinds.WEAK_MAP]: 'a WeakMap', [kinds.WEAK_SET]: 'a WeakSet',
    [kinds.WEAK_REF]: 'a WeakRef', [kinds.GENERATOR]: 'a generator', [kinds.ITERATOR]: 'an iterator',
    [kinds.WASM]: 'an object of WebAssembly', [kinds.HOST]: 'an object of the host',
  };

  function special(value) {
    const kind = classify(value);
    switch (kind) {
      case kinds.PLAIN:
      case kinds.PROXY:
      case kinds.ARGUMENTS:
      case kinds.MODULE_NAMESPACE:
        record(value);
        return true;
      case kinds.DATE:
        name('date');
        number(unbox(value));
        identify(value, 2);
        return true;
      case kinds.REGEXP: {
        const [source, flags] = pattern(value);
        name('regexp');
        string(source);
        string(flags);
        identify(value, 3);
        return true;
      }
      case kinds.ERROR:
        error(value);
        return true;
      case kinds.MAP:
        map(value);
        return true;
      case kinds.SET:
        set(value);
        return true;
      case kinds.BOXED: {
        const primitive = unbox(value);
        if (typeof primitive === 'symbol') return formless(value, 'a symbol object');
        name('boxed');
        write(primitive);
        identify(value, 2);
        return true;
      }
      case kinds.ARRAY_BUFFER:
        return memory('arraybuffer', value);
      case kinds.SHARED_ARRAY_BUFFER:
        return memory('sharedarraybuffer', value);
      case kinds.DATA_VIEW:
        return memory('dataview', value);
      case kinds.TYPED_ARRAY: {
        const element = unbox(value);
        if (element === kinds.UINT8) {
          natively(bytes, value);
          remember(value);
          return true;
        }
        if (element === 0) return formless(value, 'a typed array of this kind');
        name('typedarray');
        number(element);
        natively(bytes, value);
        identify(value, 3);
        return true;
      }
      default:
        return formless(value, FORMLESS[kind] ?? 'an object of this kind');
    }
  }

  function memory(tag, value) {
    name(tag);
    natively(bytes, value);
    identify(value, 2);
    return true;
  }

  function graph(value) {
    ensure(11);
    buffer[position++] = 0x80;  // PROTO
    buffer[position++] = 4;
    buffer[position++] = 0x95;  // FRAME: lets Python read the rest at once
    position += 8;
    writeOrNothing(value);
    byte(0x2e);  // STOP
    view.setBigUint64(3, BigInt(position - 11), true);
    if (position > maxBytes) tooManyBytes();
    return [buffer, position, handles];
  }

  // Puts one graph's variables aside, which may be in use, and gives what puts them back.
  function putAside() {
    const saved = [buffer, position, objects, names, count, kept, keptNumbers, path, depth, nodes, handles, flags,
      maxDepth, maxNodes, maxBytes, plain];
    return () => {
      let array;
      [array, position, objects, names, count, kept, keptNumbers, path, depth, nodes, handles, flags, maxDepth, maxNodes,
        maxBytes, plain] = saved;
      if (array !== null) use(array);
      else buffer = null;
    };
  }

  function encode(value, prototype, options, depthLimit, nodeLimit, byteLimit) {
    const putBack = putAside();
    try {
      use(spare !== null ? spare : new Uint8Array(65536));
      spare = null;
      position = 0;
      objects = new Map();
      names = new Map();
      count = 0;
      kept = [];
      keptNumbers = [];
      path = ['value'];
      depth = 0;
      nodes = 0;
      handles = [];
      plain = prototype;
      flags = options;
      maxDepth = depthLimit;
      maxNodes = nodeLimit;
      maxBytes = byteLimit;
      const result = graph(value);
      if (capacity <= KEPT) spare = buffer;
      return result;
    } finally {
      putBack();
    }
  }

  // Shows the engine once what there is to expect, or it would optimize these functions for the first values that come, to
  // throw that away at the first of another kind.
  function practise() {
    const sample = [];
    for (let i = 0; i < 40; ++i) {
      const tags = [undefined, null, -i, 1000 + i, -0, 4294967296 * i, `tag ${i}`];
      sample.push({ id: i, name: `a name ${i}`, score: i * 1.37, active: i % 2 === 0, tags, [`own ${i * 7}`]: i << 20 });
    }
    spare = new Uint8Array(256);
    encode(sample, Object.prototype, 0, 1000, Infinity, Infinity);
    spare = null;
  }

  practise();
  return encode;
})
