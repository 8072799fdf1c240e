// URL, URLSearchParams (https://url.spec.whatwg.org). The parser is in the hidden realm: see url_parser.js.
'use strict';
(function (native, { uncurry, list, expose, finish, required }) {
  const { apply, defineProperty, getPrototypeOf, ownKeys, setPrototypeOf, getOwnPropertyDescriptor } = Reflect;
  const { url: ask, wellFormed } = native;
  const TheTypeError = TypeError;
  const iteratorSymbol = Symbol.iterator;
  const sort = uncurry(Array.prototype.sort);
  const slice = uncurry(String.prototype.slice);

  let paramsOf, setParams, makeParams;

  class URLSearchParams {
    #list = list(); // names and values in turn
    #url = null; // the record of the URL that this is the query of
    static {
      paramsOf = (params) => params.#list;
      setParams = (params, query) => params.#replace(query);
      makeParams = (record, query) => {
        const params = new URLSearchParams();
        params.#replace(query);
        params.#url = record;
        return params;
      };
    }
    #replace(query) {
      const parsed = query === null ? list() : ask('parseForm', query), all = list();
      for (let i = 0; i < parsed.length; i++) all[i] = parsed[i];
      this.#list = all;
    }
    #update() {
      if (this.#url !== null) ask('set', 'query', this.#url, ask('writeForm', this.#list));
    }
    #filter(keep) {
      const all = this.#list, left = list();
      for (let i = 0; i < all.length; i += 2) {
        if (!keep(all[i], all[i + 1])) continue;
        left[left.length] = all[i];
        left[left.length] = all[i + 1];
      }
      this.#list = left;
    }
    constructor(init = '') {
      const all = this.#list;
      if ((typeof init === 'object' && init !== null) || typeof init === 'function') {
        const method = init[iteratorSymbol];
        if (method !== undefined && method !== null) {
          if (typeof method !== 'function') throw new TheTypeError('URLSearchParams: not iterable');
          const pairs = { __proto__: null, [iteratorSymbol]: () => apply(method, init, []) };
          for (const pair of pairs) {
            if ((typeof pair !== 'object' && typeof pair !== 'function') || pair === null) {
              throw new TheTypeError('URLSearchParams: a pair is not iterable');
            }
            const parts = list();
            for (const part of pair) parts[parts.length] = wellFormed(`${part}`);
            if (parts.length !== 2) throw new TheTypeError('URLSearchParams: a pair does not have two elements');
            all[all.length] = parts[0];
            all[all.length] = parts[1];
          }
        } else {
          const keys = ownKeys(init);
          for (let i = 0; i < keys.length; i++) {
            const descriptor = getOwnPropertyDescriptor(init, keys[i]);
            if (descriptor === undefined || !descriptor.enumerable) continue;
            const name = wellFormed(`${keys[i]}`), value = wellFormed(`${init[keys[i]]}`);
            let at = 0; // names that became the same are one
            while (at < all.length && all[at] !== name) at += 2;
            all[at] = name;
            all[at + 1] = value;
          }
        }
      } else {
        const text = wellFormed(`${init}`);
        const prefixed = text !== '' && text[0] === '?'; // past its end a text has what Object.prototype has
        this.#replace(prefixed ? slice(text, 1) : text);
      }
    }
    get size() { return this.#list.length / 2; }
    append(name, value) {
      const all = this.#list;
      required(arguments.length, 2, 'append');
      const key = wellFormed(`${name}`), text = wellFormed(`${value}`);
      all[all.length] = key;
      all[all.length] = text;
      this.#update();
    }
    delete(name, value = undefined) {
      this.#list;
      required(arguments.length, 1, 'delete');
      const key = wellFormed(`${name}`), text = value === undefined ? undefined : wellFormed(`${value}`);
      this.#filter((its, value) => its !== key || (text !== undefined && value !== text));
      this.#update();
    }
    get(name) {
      const all = this.#list;
      required(arguments.length, 1, 'get');
      const key = wellFormed(`${name}`);
      for (let i = 0; i < all.length; i += 2) if (all[i] === key) return all[i + 1];
      return null;
    }
    getAll(name) {
      const all = this.#list;
      required(arguments.length, 1, 'getAll');
      const key = wellFormed(`${name}`), values = [];
      for (let i = 0, count = 0; i < all.length; i += 2) {
        if (all[i] !== key) continue;
        defineProperty(values, count++,
          { __proto__: null, value: all[i + 1], writable: true, enumerable: true, configurable: true });
      }
      return values;
    }
    has(name, value = undefined) {
      const all = this.#list;
      required(arguments.length, 1, 'has');
      const key = wellFormed(`${name}`), text = value === undefined ? undefined : wellFormed(`${value}`);
      for (let i = 0; i < all.length; i += 2) {
        if (all[i] === key && (text === undefined || all[i + 1] === text)) return true;
      }
      return false;
    }
    set(name, value) {
      this.#list;
      required(arguments.length, 2, 'set');
      const key = wellFormed(`${name}`), text = wellFormed(`${value}`);
      let found = false;
      this.#filter((its) => its !== key || !(found || (found = true, false)));
      const all = this.#list;
      if (!found) {
        all[all.length] = key;
        all[all.length] = text;
      }
      for (let i = 0; i < all.length; i += 2) if (all[i] === key) all[i + 1] = text;
      this.#update();
    }
    sort() {
      const all = this.#list, pairs = list(), sorted = list();
      for (let i = 0; i < all.length; i += 2) pairs[i / 2] = { __proto__: null, name: all[i], value: all[i + 1] };
      sort(pairs, (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
      for (let i = 0; i < pairs.length; i++) {
        sorted[2 * i] = pairs[i].name;
        sorted[2 * i + 1] = pairs[i].value;
      }
      this.#list = sorted;
      this.#update();
    }
    forEach(callback, thisArgument = undefined) {
      this.#list;
      required(arguments.length, 1, 'forEach');
      if (typeof callback !== 'function') throw new TheTypeError('forEach: the callback is not a function');
      for (let i = 0; i < this.#list.length; i += 2) {
        apply(callback, thisArgument, [this.#list[i + 1], this.#list[i], this]);
      }
    }
    toString() { return ask('writeForm', this.#list); }
    entries() { return iterate(this, 'entries'); }
    keys() { return iterate(this, 'keys'); }
    values() { return iterate(this, 'values'); }
  }
  for (const [name, length] of [['delete', 1], ['has', 1], ['forEach', 1]]) {
    defineProperty(URLSearchParams.prototype[name], 'length', { __proto__: null, value: length, configurable: true });
  }
  finish(URLSearchParams);
  defineProperty(URLSearchParams.prototype, iteratorSymbol,
    { __proto__: null, value: URLSearchParams.prototype.entries, writable: true, configurable: true });

  // Iterators look at the list as it is at each step.
  let next;
  class Iterating {
    #params;
    #kind;
    #index = 0;
    constructor(params, kind) {
      this.#params = params;
      this.#kind = kind;
    }
    static {
      next = (iterator) => {
        const all = paramsOf(iterator.#params), i = iterator.#index;
        if (i >= all.length) return { value: undefined, done: true };
        iterator.#index += 2;
        const kind = iterator.#kind;
        return { value: kind === 'keys' ? all[i] : kind === 'values' ? all[i + 1] : [all[i], all[i + 1]], done: false };
      };
    }
  }
  const iteratorPrototype = {
    __proto__: getPrototypeOf(getPrototypeOf([][iteratorSymbol]())),
    next() { return next(this); },
  };
  defineProperty(iteratorPrototype, Symbol.toStringTag,
    { __proto__: null, value: 'URLSearchParams Iterator', configurable: true });
  function iterate(params, kind) {
    paramsOf(params); // a TypeError where it is none
    const made = new Iterating(params, kind);
    setPrototypeOf(made, iteratorPrototype); // from where the class cannot be reached
    return made;
  }

  class URL {
    #record;
    #params = null;
    constructor(url, base = undefined) {
      required(arguments.length, 1, 'URL');
      const text = wellFormed(`${url}`), from = base === undefined ? undefined : wellFormed(`${base}`);
      this.#record = ask('parse', text, from);
      if (this.#record === undefined) {
        throw new TheTypeError(from === undefined ? `Invalid URL: ${text}` : `Invalid URL: ${text} (base ${from})`);
      }
    }
    static canParse(url, base = undefined) {
      required(arguments.length, 1, 'URL.canParse');
      return ask('parse', wellFormed(`${url}`), base === undefined ? undefined : wellFormed(`${base}`)) !== undefined;
    }
    static parse(url, base = undefined) {
      required(arguments.length, 1, 'URL.parse');
      const text = wellFormed(`${url}`), from = base === undefined ? undefined : wellFormed(`${base}`);
      const record = ask('parse', text, from);
      if (record === undefined) return null;
      const made = new URL('about:blank');
      made.#record = record;
      return made;
    }
    #set(name, value) {
      ask('set', name, this.#record, wellFormed(`${value}`));
    }
    #query() {
      if (this.#params !== null) setParams(this.#params, ask('get', 'query', this.#record));
    }
    get href() { return ask('get', 'href', this.#record); }
    set href(value) {
      this.#record;
      const text = wellFormed(`${value}`), record = ask('parse', text);
      if (record === undefined) throw new TheTypeError(`Invalid URL: ${text}`);
      ask('assign', this.#record, record);
      this.#query();
    }
    get origin() { return ask('get', 'origin', this.#record); }
    get protocol() { return ask('get', 'protocol', this.#record); }
    set protocol(value) { this.#set('protocol', value); }
    get username() { return ask('get', 'username', this.#record); }
    set username(value) { this.#set('username', value); }
    get password() { return ask('get', 'password', this.#record); }
    set password(value) { this.#set('password', value); }
    get host() { return ask('get', 'host', this.#record); }
    set host(value) { this.#set('host', value); }
    get hostname() { return ask('get', 'hostname', this.#record); }
    set hostname(value) { this.#set('hostname', value); }
    get port() { return ask('get', 'port', this.#record); }
    set port(value) { this.#set('port', value); }
    get pathname() { return ask('get', 'pathname', this.#record); }
    set pathname(value) { this.#set('pathname', value); }
    get search() { return ask('get', 'search', this.#record); }
    set search(value) {
      this.#set('search', value);
      this.#query();
    }
    get searchParams() {
      return this.#params ??= makeParams(this.#record, ask('get', 'query', this.#record));
    }
    get hash() { return ask('get', 'hash', this.#record); }
    set hash(value) { this.#set('hash', value); }
    toString() { return ask('get', 'href', this.#record); }
    toJSON() { return ask('get', 'href', this.#record); }
  }
  finish(URL);
  expose('URL', URL);
  expose('URLSearchParams', URLSearchParams);
})
