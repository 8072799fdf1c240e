// Values as text for people, in the layout of Node's util.inspect. Runs in the hidden realm, so its own objects are as the
// engine made them; of the objects it looks at it reads nothing but descriptors, and it stops at Proxies and objects of the
// host's, so that none of their code runs.
'use strict';
(function (native) {
  const { getOwnPropertyDescriptor: descriptorOf, getPrototypeOf, ownKeys } = Reflect;
  const call = Function.prototype.call.bind(Function.prototype.call);
  const { symbolText, escape, clean, quote, plural, paint, unpainted, widthOf, inColumns } = native.text;
  const getter = (object, name) => descriptorOf(object, name).get;
  const hasOwn = (object, key) => call(Object.prototype.hasOwnProperty, object, key);

  // MINIRACER_OBJECT_*
  const ARRAY = 1, FUNCTION = 2, ERROR = 3, DATE = 4, REGEXP = 5, PROMISE = 6, MAP = 7, SET = 8, WEAK_MAP = 9,
    WEAK_SET = 10, WEAK_REF = 11, BUFFER = 12, SHARED_BUFFER = 13, TYPED_ARRAY = 14, DATA_VIEW = 15, PROXY = 16,
    BOXED = 18, ARGUMENTS = 19, NAMESPACE = 20, HOST = 22;
  const BUILT_IN = {
    __proto__: null, [ARRAY]: 'Array', [FUNCTION]: 'Function', [ERROR]: 'Error', [DATE]: 'Date', [REGEXP]: 'RegExp',
    [PROMISE]: 'Promise', [MAP]: 'Map', [SET]: 'Set', [WEAK_MAP]: 'WeakMap', [WEAK_SET]: 'WeakSet',
    [WEAK_REF]: 'WeakRef', [BUFFER]: 'ArrayBuffer', [SHARED_BUFFER]: 'SharedArrayBuffer', [DATA_VIEW]: 'DataView',
  };
  const CHAIN = 100; // how far prototypes are followed
  const COMPACT = 3;
  const NO_DATA = Symbol();

  const typedArray = getPrototypeOf(Uint8Array.prototype);
  const typedTag = getter(typedArray, Symbol.toStringTag);
  const typedLength = getter(typedArray, 'length');
  const dataViewLength = getter(DataView.prototype, 'byteLength');
  const dataViewOffset = getter(DataView.prototype, 'byteOffset');
  const dataViewBuffer = getter(DataView.prototype, 'buffer');
  const mapSize = getter(Map.prototype, 'size');
  const setSize = getter(Set.prototype, 'size');
  const regExpSource = getter(RegExp.prototype, 'source');
  const regExpFlags = [
    ['d', 'hasIndices'], ['g', 'global'], ['i', 'ignoreCase'], ['m', 'multiline'], ['s', 'dotAll'], ['u', 'unicode'],
    ['v', 'unicodeSets'], ['y', 'sticky'],
  ].filter(([, name]) => name in RegExp.prototype).map(([flag, name]) => [flag, getter(RegExp.prototype, name)]);
  const unboxed = [['Number', Number], ['String', String], ['Boolean', Boolean], ['BigInt', BigInt], ['Symbol', Symbol]]
    .map(([name, type]) => [name, type.prototype.valueOf]);

  // The engine's text of a stack frame, and of a stack, as it makes it where nobody set Error.prepareStackTrace.
  Error.prepareStackTrace = (error, sites) => sites[0];
  const siteText = new Error().stack.toString;
  delete Error.prepareStackTrace;
  function writeStack(text, sites) {
    for (let i = 0; i < sites.length; i++) text += `\n    at ${call(siteText, sites[i])}`;
    return text;
  }

  // ---- What can be told of an object ----

  // What is not to be asked for anything: code would run.
  function isOpaque(value) {
    const kind = native.subtype(value);
    return kind === PROXY || kind === HOST;
  }

  const kindOf = native.subtype;

  // The value of an own data property, or NO_DATA. The object must not be a Proxy.
  function own(object, key) {
    const descriptor = descriptorOf(object, key);
    return descriptor !== undefined && hasOwn(descriptor, 'value') ? descriptor.value : NO_DATA;
  }

  // The same along the prototypes; undefined where an accessor or a Proxy is in the way.
  function find(object, key) {
    for (let i = 0; i < CHAIN && object !== null && !isOpaque(object); i++) {
      const descriptor = descriptorOf(object, key);
      if (descriptor !== undefined) return hasOwn(descriptor, 'value') ? descriptor.value : undefined;
      object = getPrototypeOf(object);
    }
    return undefined;
  }

  function nameOf(func) {
    const name = isOpaque(func) ? '' : own(func, 'name');
    return typeof name === 'string' ? name : '';
  }

  // The class whose prototype the object inherits from; null where there is none.
  function className(object) {
    let prototype = getPrototypeOf(object);
    for (let i = 0; i < CHAIN && prototype !== null; i++) {
      if (isOpaque(prototype)) return 'Object';
      const constructor = own(prototype, 'constructor');
      if (typeof constructor === 'function' && !isOpaque(constructor)) {
        const name = nameOf(constructor);
        if (name !== '' && own(constructor, 'prototype') === prototype) return name;
      }
      prototype = getPrototypeOf(prototype);
    }
    return null;
  }

  function tagOf(object) {
    const mine = descriptorOf(object, Symbol.toStringTag);
    const tag = mine !== undefined && mine.enumerable ? '' : find(object, Symbol.toStringTag);
    return typeof tag === 'string' ? tag : '';
  }

  // ---- One inspection ----

  class Inspection {
    constructor(options) {
      this.depth = options.depth ?? 2;
      this.hidden = options.hidden ?? false; // properties that are not enumerable, too
      this.items = options.items ?? 100;
      this.breakLength = options.breakLength ?? 80;
      this.paint = options.colors ? paint : (text) => text;
      this.properties = 1000;
      this.string = 10000;
      this.text = Math.min(1000000, options.text ?? Infinity); // characters in all, and objects and other values
      this.nodes = Math.min(20000, this.text + 1);
      this.path = new Set(); // the objects around the one that is looked at
      this.circular = new Map(); // objects that contain themselves, numbered in the order in which that shows
      this.indentation = 0;
      this.level = 0; // the depth of the object looked at last: short ones are put on one line only near the leaves
    }

    cut(text) {
      const length = Math.min(text.length, this.string, this.text);
      this.text -= length;
      return length === text.length ? text : text.slice(0, length);
    }

    value(value, depth) {
      this.nodes--;
      switch (typeof value) {
        case 'string': return this.quoted(value, depth);
        case 'number': return this.paint(Object.is(value, -0) ? '-0' : `${value}`, 'number');
        case 'bigint': return this.paint(this.bigint(value), 'bigint');
        case 'symbol': return this.paint(clean(this.cut(symbolText(value))), 'symbol');
        case 'boolean': case 'undefined': return this.paint(`${value}`, typeof value);
      }
      if (value === null) return this.paint('null', 'null');
      if (native.subtype(value) === PROXY) {
        value = native.target(value);
        if (value === null) return this.paint('<Revoked Proxy>', 'special');
      }
      if (this.path.has(value)) {
        if (!this.circular.has(value)) this.circular.set(value, this.circular.size + 1);
        return this.paint(`[Circular *${this.circular.get(value)}]`, 'special');
      }
      this.path.add(value);
      try {
        return this.object(value, kindOf(value), depth);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        return this.paint('[Object: nested too deeply]', 'special'); // the stack is used up
      } finally {
        this.path.delete(value);
      }
    }

    bigint(value) {
      // Its decimal digits take time that grows with the square of their number.
      if (BigInt.asIntN(65536, value) !== value) return '[BigInt of more than 65535 bits]';
      return this.cut(`${value}`) + 'n';
    }

    quoted(value, depth) {
      const shown = this.cut(value);
      let text;
      if (depth > 0 && shown.length > 16 && shown.length > this.breakLength - this.indentation - 4 &&
          shown.includes('\n')) {
        text = shown.split(/(?<=\n)/).map((line) => this.paint(quote(line), 'string'))
          .join(` +\n${' '.repeat(this.indentation + 2)}`);
      } else {
        text = this.paint(quote(shown), 'string');
      }
      const more = value.length - shown.length;
      return more > 0 ? `${text}... ${plural(more, 'character', 'characters')}` : text;
    }

    nested(body) {
      this.indentation += 2;
      try {
        return body();
      } finally {
        this.indentation -= 2;
      }
    }

    object(object, kind, depth) {
      if (kind === HOST) {
        const name = native.hostClass(object) ?? className(object) ?? 'null prototype';
        return this.paint(`[Host: ${clean(this.cut(name))}]`, 'special');
      }
      const shape = this.shape(object, kind);
      const list = kind === ARRAY || kind === ARGUMENTS || kind === TYPED_ARRAY;
      const indexed = list || (kind === BOXED && shape.box === 'String');
      let all = indexed ? native.extraKeys(object) : ownKeys(object);
      const keys = [], last = []; // an error's cause comes last
      let unseen = 0;
      for (const key of all) {
        if (!this.isShown(object, key, kind, shape)) continue;
        if (kind === ERROR && (key === 'cause' || key === 'errors')) last.push(key);
        else if (keys.length < this.properties) keys.push(key);
        else unseen++;
      }
      all = undefined;
      keys.push(...last);
      const filled = shape.size > 0;
      if (depth > this.depth && (filled || keys.length > 0 || kind === PROMISE || kind === WEAK_REF)) {
        return this.paint(`[${shape.name}]`, 'special');
      }
      if (!filled && keys.length === 0 && !shape.always) {
        if (shape.base === undefined) return shape.open + shape.close;
        return shape.color === undefined ? shape.base : this.paint(shape.base, shape.color);
      }

      this.level = depth + 1;
      let output = this.contents(object, kind, shape, depth + 1);
      const numeric = list && keys.length === 0 && shape.numeric;
      let written = 0;
      for (; written < keys.length && this.nodes > 0; written++) {
        output.push(this.property(object, keys[written], depth + 1));
      }
      unseen += keys.length - written;
      if (unseen > 0) output.push(`... ${plural(unseen, 'property', 'properties')}`);
      let base = shape.base ?? '';
      if (this.circular.has(object)) {
        const reference = this.paint(`<ref *${this.circular.get(object)}>`, 'special');
        base = base === '' ? reference : `${reference} ${base}`;
      }
      if (list && output.length > 6) {
        const room = this.breakLength - this.indentation;
        const grid = inColumns(output, room, numeric, shape.more && keys.length === 0);
        return this.layOut(grid, grid.length !== output.length, base, shape, depth + 1);
      }
      return this.layOut(output, false, base, shape, depth + 1);
    }

    // How an object of a kind is put: what comes first, which braces, and whether there is always something in between.
    shape(object, kind) {
      const shape = { __proto__: null, open: '{', close: '}', base: undefined, name: '', size: 0, always: false };
      const constructor = className(object);
      const typed = kind === TYPED_ARRAY ? call(typedTag, object) : undefined;
      const builtIn = typed ?? BUILT_IN[kind] ?? 'Object';
      const tag = typed ?? tagOf(object);
      const prefix = (size) => {
        const count = size === undefined ? '' : `(${size})`;
        if (constructor === null) {
          const tagText = tag === '' || tag === builtIn ? '' : ` [${clean(this.cut(tag))}]`;
          shape.name = `${builtIn}${count}: null prototype${tagText}`;
          return `[${shape.name}] `;
        }
        const tagText = tag === '' || tag === constructor ? '' : ` [${clean(this.cut(tag))}]`;
        shape.name = `${clean(this.cut(constructor))}${count}${tagText}`;
        return `${shape.name} `;
      };
      const lead = prefix();
      // A subclass of a built-in says so before its text.
      const named = (text) => (shape.name === builtIn ? text : lead + text);
      switch (kind) {
        case ARRAY:
          shape.size = object.length;
          shape.open = (constructor === 'Array' && tag === '' ? '' : prefix(shape.size)) + '[';
          shape.close = ']';
          prefix();
          break;
        case TYPED_ARRAY:
          shape.size = call(typedLength, object);
          shape.open = prefix(shape.size) + '[';
          shape.close = ']';
          prefix();
          break;
        case ARGUMENTS: {
          const length = own(object, 'length');
          shape.size = typeof length === 'number' && length > 0 ? Math.min(Math.trunc(length), 2 ** 32 - 1) : 0;
          shape.open = '[Arguments] [';
          shape.close = ']';
          break;
        }
        case MAP:
        case SET:
          shape.size = call(kind === MAP ? mapSize : setSize, object);
          shape.open = prefix(shape.size) + '{';
          prefix();
          break;
        case FUNCTION:
          shape.base = this.functionText(object, constructor, tag);
          shape.color = 'special';
          break;
        case REGEXP:
          shape.base = named(clean(regExpText(object)));
          shape.color = 'regexp';
          break;
        case DATE: {
          const time = call(Date.prototype.getTime, object);
          shape.base = named(time === time ? call(Date.prototype.toISOString, object) : 'Invalid Date');
          shape.color = 'date';
          break;
        }
        case ERROR:
          shape.base = this.errorText(object, constructor);
          break;
        case BOXED:
          this.boxed(object, constructor, shape);
          break;
        case NAMESPACE:
          shape.open = '[Module: null prototype] {';
          break;
        case BUFFER: case SHARED_BUFFER: case PROMISE: case WEAK_MAP: case WEAK_SET: case WEAK_REF: case DATA_VIEW:
          shape.open = lead + '{';
          shape.always = true;
          break;
        default:
          if (shape.name === 'Object') break;
          shape.preview = native.entries(object);
          if (shape.preview !== undefined) { // an iterator of a Map or Set
            shape.size = 1;
            shape.open = `[${tag.replace(/ Iterator$/, '')} ${shape.preview.pairs ? 'Entries' : 'Iterator'}] {`;
          } else {
            shape.open = lead + '{';
          }
      }
      return shape;
    }

    functionText(func, constructor, tag) {
      const name = this.cut(nameOf(func));
      const source = call(Function.prototype.toString, func);
      let text;
      if (/^class[ {\n\t/]/.test(source)) {
        text = `[class ${name === '' ? '(anonymous)' : name}`;
        const parent = getPrototypeOf(func);
        const parentName = typeof parent === 'function' ? this.cut(nameOf(parent)) : '';
        if (parentName !== '') text += ` extends ${parentName}`;
        else if (parent === null) text += ' extends null';
        text += ']';
      } else {
        const types = ['AsyncFunction', 'GeneratorFunction', 'AsyncGeneratorFunction'];
        const type = constructor === null ? 'Function (null prototype)'
          : types.includes(constructor) ? constructor : 'Function';
        text = `[${type}${name === '' ? ' (anonymous)' : `: ${name}`}]`;
        if (constructor !== null && constructor !== type) text += ` ${this.cut(constructor)}`;
      }
      if (tag !== '' && tag !== constructor) text += ` [${this.cut(tag)}]`;
      return clean(text);
    }

    errorText(error, constructor) {
      const name = find(error, 'name'), message = find(error, 'message');
      let header = typeof name === 'string' ? name : 'Error';
      if (typeof message === 'string' && message !== '') header += header === '' ? message : `: ${message}`;
      header = header.slice(0, 1000000);
      const own = native.stack(error, header, writeStack);
      // Where `stack` is an accessor of the engine's, its text is not for the asking.
      let stack = own ?? header + native.frames(error);
      if (stack === '') stack = header;
      stack = this.cut(stack).replace(/\n    at (?:[^\n]* \()?miniracer:[^\n]*/g, '');
      // `class ParseError extends Error` inherits the name "Error": the class tells more.
      const shown = /^(\w*Error)(?=:|\n|$)/.exec(stack)?.[1];
      if (constructor !== null && shown !== undefined && shown !== constructor) {
        const type = this.cut(constructor);
        stack = (type.includes(shown) ? type : `${type} [${shown}]`) + stack.slice(shown.length);
      }
      // Without frames there are no lines that tell a message from what is around it: brackets do.
      if (!stack.includes('\n    at ')) stack = `[${stack}]`;
      stack = stack.replace(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/g, escape);
      return this.indentation === 0 ? stack : stack.replaceAll('\n', `\n${' '.repeat(this.indentation)}`);
    }

    boxed(object, constructor, shape) {
      for (const [name, valueOf] of unboxed) {
        try {
          const primitive = call(valueOf, object);
          const type = constructor === null ? ' (null prototype)' : constructor === name ? '' : ` (${constructor})`;
          shape.base = `[${name}${clean(type)}: ${unpainted(this.value(primitive, 0))}]`;
          shape.color = name.toLowerCase();
          shape.box = name;
          return;
        } catch { }
      }
      shape.base = '[Object]';
    }

    isShown(object, key, kind, shape) {
      if (kind === ERROR) {
        if (key === 'cause' || key === 'errors') return true;
        if (key === 'stack') return false;
        if (key === 'message' || key === 'name') {
          const text = own(object, key);
          if (typeof text === 'string' && shape.base.includes(clean(text))) return false;
        }
      }
      if (this.hidden) return !(kind === BOXED && key === 'length');
      if (kind === NAMESPACE) return typeof key === 'string';
      return call(Object.prototype.propertyIsEnumerable, object, key);
    }

    property(object, key, depth) {
      let descriptor, failed = false;
      try {
        descriptor = descriptorOf(object, key);
      } catch {
        failed = true; // an export of a module that has not been evaluated yet
      }
      const enumerable = failed || descriptor === undefined || descriptor.enumerable;
      const short = this.cut(typeof key === 'symbol' ? symbolText(key) : key);
      const name = typeof key === 'symbol' ? `[${this.paint(clean(short), 'symbol')}]`
        : !enumerable ? `[${clean(short)}]`
          : /^[a-zA-Z_][a-zA-Z_0-9]*$/.test(short) ? short : this.paint(quote(short), 'string');
      if (failed) return `${name}: ${this.paint('<uninitialized>', 'special')}`;
      return `${name}: ${this.nested(() => this.described(descriptor, depth))}`;
    }

    described(descriptor, depth) {
      if (descriptor === undefined) return this.paint('undefined', 'undefined');
      if (hasOwn(descriptor, 'value')) return this.value(descriptor.value, depth);
      const { get, set } = descriptor;
      if (get === undefined && set === undefined) return this.paint('undefined', 'undefined');
      return this.paint(get === undefined ? '[Setter]' : set === undefined ? '[Getter]' : '[Getter/Setter]', 'special');
    }

    // The entries that are no properties.
    contents(object, kind, shape, depth) {
      switch (kind) {
        case ARRAY:
        case ARGUMENTS: return this.nested(() => this.elements(object, shape, depth));
        case TYPED_ARRAY: {
          const shown = Math.min(shape.size, this.items), output = [];
          for (let i = 0; i < shown; i++) output.push(this.value(object[i], depth));
          this.addMore(output, shape, shape.size - shown);
          shape.numeric = true;
          return output;
        }
        case MAP: return this.nested(() => this.iterated(call(Map.prototype.entries, object), true, shape, depth));
        case SET: return this.nested(() => this.iterated(call(Set.prototype.values, object), false, shape, depth));
        case BUFFER:
        case SHARED_BUFFER: return this.bytes(object);
        case DATA_VIEW: return this.dataView(object, depth);
        case WEAK_MAP:
        case WEAK_SET: return [this.paint('<items unknown>', 'special')];
        case WEAK_REF: return this.nested(() => [this.value(call(WeakRef.prototype.deref, object), depth)]);
        case PROMISE: return this.nested(() => {
          const { state, result } = native.promise(object);
          if (state === 0) return [this.paint('<pending>', 'special')];
          return [(state === 2 ? `${this.paint('<rejected>', 'special')} ` : '') + this.value(result, depth)];
        });
      }
      if (shape.preview === undefined) return [];
      const { list, pairs } = shape.preview;
      return this.nested(() => {
        const output = [];
        const step = pairs ? 2 : 1, count = list.length / step, shown = Math.min(count, this.items);
        for (let i = 0; i < shown && this.nodes > 0; i++) {
          const first = this.value(list[i * step], depth);
          output.push(pairs ? `[ ${first}, ${this.value(list[i * step + 1], depth)} ]` : first);
        }
        this.addMore(output, shape, count - output.length);
        return output;
      });
    }

    addMore(output, shape, count) {
      if (count <= 0) return;
      output.push(`... ${plural(count, 'item', 'items')}`);
      shape.more = true;
    }

    iterated(iterator, pairs, shape, depth) {
      const output = [];
      for (const entry of iterator) {
        if (output.length >= this.items || this.nodes <= 0) break;
        output.push(pairs ? `${this.value(entry[0], depth)} => ${this.value(entry[1], depth)}`
          : this.value(entry, depth));
      }
      this.addMore(output, shape, shape.size - output.length);
      return output;
    }

    // Runs of missing elements count as one entry each.
    elements(array, shape, depth) {
      const output = [];
      let index = 0, keys;
      shape.numeric = true;
      while (index < shape.size && output.length < this.items && this.nodes > 0) {
        const descriptor = descriptorOf(array, index);
        if (descriptor !== undefined) {
          const type = typeof descriptor.value;
          if (type !== 'number' && type !== 'bigint') shape.numeric = false;
          output.push(this.described(descriptor, depth));
          index++;
          continue;
        }
        let next = index + 1;
        const near = Math.min(shape.size, index + 10000);
        while (next < near && !hasOwn(array, next)) next++;
        if (next === near && next < shape.size) {
          keys ??= ownKeys(array); // indexes come first, in ascending order
          let low = 0, high = keys.length; // in which it is monotonous that a key is no index from `next` on
          const isAfter = (key) => {
            const number = typeof key === 'string' ? key >>> 0 : NaN;
            return `${number}` !== key || number >= shape.size || number >= next;
          };
          while (low < high) {
            const middle = (low + high) >>> 1;
            if (isAfter(keys[middle])) high = middle;
            else low = middle + 1;
          }
          const key = keys[low], number = key >>> 0;
          next = typeof key === 'string' && `${number}` === key && number < shape.size ? number : shape.size;
        }
        output.push(this.paint(`<${next - index} empty item${next - index === 1 ? '' : 's'}>`, 'undefined'));
        shape.numeric = false;
        index = next;
      }
      this.addMore(output, shape, shape.size - index);
      return output;
    }

    bytes(buffer) {
      let view;
      try {
        view = new Uint8Array(buffer);
      } catch {
        return this.detached();
      }
      const shown = Math.min(view.length, this.items);
      let text = '';
      for (let i = 0; i < shown; i++) text += `${i > 0 ? ' ' : ''}${view[i].toString(16).padStart(2, '0')}`;
      if (view.length > shown) text += ` ... ${plural(view.length - shown, 'byte', 'bytes')}`;
      return [`${this.paint('[Uint8Contents]', 'special')}: <${text}>`, this.length(view.length)];
    }

    length(bytes) {
      return `byteLength: ${this.paint(`${bytes}`, 'number')}`;
    }

    detached() {
      return [this.paint('(detached)', 'special'), this.length(0)];
    }

    dataView(view, depth) {
      let length;
      try {
        length = call(dataViewLength, view);
      } catch {
        return this.detached();
      }
      return this.nested(() => [
        this.length(length), `byteOffset: ${this.paint(`${call(dataViewOffset, view)}`, 'number')}`,
        `buffer: ${this.value(call(dataViewBuffer, view), depth)}`,
      ]);
    }

    // ---- Lines ----

    layOut(output, isGrid, base, shape, depth) {
      const prefix = base === '' ? shape.open : `${base} ${shape.open}`;
      if (this.level - depth < COMPACT && !isGrid) {
        const start = output.length + this.indentation + shape.open.length + unpainted(base).length + 10;
        let length = output.length + start;
        for (const entry of output) length += unpainted(entry).length;
        if (length <= this.breakLength && !base.includes('\n') && !output.some((entry) => entry.includes('\n'))) {
          return `${prefix} ${output.join(', ')} ${shape.close}`;
        }
      }
      const line = `\n${' '.repeat(this.indentation)}`;
      return `${prefix}${line}  ${output.join(`,${line}  `)}${line}${shape.close}`;
    }
  }

  function regExpText(regExp) {
    let text = `/${call(regExpSource, regExp)}/`;
    for (const [flag, get] of regExpFlags) if (call(get, regExp)) text += flag;
    return text;
  }

  const inspect = (value, options) => new Inspection(options).value(value, 0);
  return {
    __proto__: null, inspect, isOpaque, own, NO_DATA, kindOf, widthOf, symbolText, frames: native.frames,
    // By miniracer_inspect_options, in which 0 is the default.
    inspectBy: (value, levels, width, flags) => inspect(value, {
      depth: levels === 0 ? undefined : levels === 2 ** 32 - 1 ? Infinity : levels - 1,
      breakLength: width === 0 ? undefined : width, colors: (flags & 1) !== 0,
    }),
  };
})
