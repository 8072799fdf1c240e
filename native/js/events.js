// EventTarget, Event, CustomEvent, AbortController, AbortSignal (https://dom.spec.whatwg.org), without a tree of nodes.
'use strict';
(function (native, { uncurry, list, data, expose, finish, required, dictionary, DOMException }) {
  const { apply, defineProperty } = Reflect;
  const TheMap = Map, TheTypeError = TypeError;
  const mapGet = uncurry(Map.prototype.get), mapSet = uncurry(Map.prototype.set);
  const setTimer = globalThis.setTimeout;
  const consoleError = globalThis.console?.error;
  const start = native.now();
  const now = native.now;

  // What a listener throws stops nobody else.
  function report(error) {
    if (typeof consoleError !== 'function') return;
    try {
      consoleError('Uncaught', error);
    } catch { }
  }

  // ---- Events ----

  let stateOf, isEvent;
  const trusted = { __proto__: null, enumerable: true, configurable: false, get() { return stateOf(this).trusted; } };
  defineProperty(trusted.get, 'name', { __proto__: null, value: 'get isTrusted', configurable: true });

  class Event {
    #state;
    static {
      stateOf = (event) => event.#state;
      isEvent = (value) => typeof value === 'object' && value !== null && #state in value;
    }
    constructor(type, options = undefined) {
      required(arguments.length, 1, 'Event');
      const given = dictionary(options, 'Event: options');
      this.#state = {
        __proto__: null, type: `${type}`, bubbles: !!given.bubbles, cancelable: !!given.cancelable,
        composed: !!given.composed, target: null, currentTarget: null, phase: 0, canceled: false, stopped: false,
        stoppedAtOnce: false, dispatching: false, passive: false, trusted: false, time: now() - start,
      };
      defineProperty(this, 'isTrusted', trusted);
    }
    get type() { return this.#state.type; }
    get target() { return this.#state.target; }
    get srcElement() { return this.#state.target; }
    get currentTarget() { return this.#state.currentTarget; }
    composedPath() { return this.#state.currentTarget === null ? [] : [this.#state.currentTarget]; }
    get eventPhase() { return this.#state.phase; }
    stopPropagation() { this.#state.stopped = true; }
    get cancelBubble() { return this.#state.stopped; }
    set cancelBubble(value) { if (value) this.#state.stopped = true; }
    stopImmediatePropagation() { this.#state.stopped = this.#state.stoppedAtOnce = true; }
    get bubbles() { return this.#state.bubbles; }
    get cancelable() { return this.#state.cancelable; }
    get returnValue() { return !this.#state.canceled; }
    set returnValue(value) { if (!value) preventDefault(this); }
    preventDefault() { if (this.#state.cancelable && !this.#state.passive) this.#state.canceled = true; }
    get defaultPrevented() { return this.#state.canceled; }
    get composed() { return this.#state.composed; }
    get timeStamp() { return this.#state.time; }
    initEvent(type, bubbles = false, cancelable = false) {
      required(arguments.length, 1, 'initEvent');
      const state = this.#state;
      const name = `${type}`;
      if (state.dispatching) return;
      state.type = name;
      state.bubbles = !!bubbles;
      state.cancelable = !!cancelable;
      state.canceled = state.stopped = state.stoppedAtOnce = false;
      state.target = null;
    }
  }
  const preventDefault = uncurry(Event.prototype.preventDefault);
  finish(Event, { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 });

  class CustomEvent extends Event {
    #detail;
    constructor(type, options = undefined) {
      required(arguments.length, 1, 'CustomEvent');
      super(type, options);
      this.#detail = dictionary(options, 'CustomEvent: options').detail ?? null;
    }
    get detail() { return this.#detail; }
  }
  finish(CustomEvent);

  // ---- Targets ----

  function captureOf(options) {
    return typeof options === 'boolean' ? options : !!dictionary(options, 'options').capture;
  }

  let listenersOf;
  class EventTarget {
    #listeners = new TheMap(); // by type: lists of records
    static {
      listenersOf = (target) => target.#listeners;
    }
    addEventListener(type, callback, options = undefined) {
      required(arguments.length, 2, 'addEventListener');
      const listeners = this.#listeners;
      const name = `${type}`;
      let once = false, passive = false, signal, capture;
      if (typeof options === 'boolean') {
        capture = options;
      } else {
        const given = dictionary(options, 'addEventListener: options');
        capture = !!given.capture;
        once = !!given.once;
        passive = !!given.passive;
        signal = given.signal;
        if (signal !== undefined && !isSignal(signal)) throw new TheTypeError('options.signal: not an AbortSignal');
      }
      if (callback === null || callback === undefined) return;
      if (typeof callback !== 'object' && typeof callback !== 'function') {
        throw new TheTypeError('addEventListener: the listener is not an object');
      }
      if (signal !== undefined && signalState(signal).aborted) return;
      let records = mapGet(listeners, name);
      if (records === undefined) mapSet(listeners, name, records = list());
      for (let i = 0; i < records.length; i++) {
        if (records[i].callback === callback && records[i].capture === capture) return;
      }
      const record = { __proto__: null, callback, capture, once, passive, removed: false };
      records[records.length] = record;
      if (signal !== undefined) addAlgorithm(signal, () => remove(listeners, name, record));
    }
    removeEventListener(type, callback, options = undefined) {
      required(arguments.length, 2, 'removeEventListener');
      const listeners = this.#listeners;
      const name = `${type}`, capture = captureOf(options);
      const records = mapGet(listeners, name);
      for (let i = 0; records !== undefined && i < records.length; i++) {
        const record = records[i];
        if (record.callback === callback && record.capture === capture) return remove(listeners, name, record);
      }
    }
    dispatchEvent(event) {
      required(arguments.length, 1, 'dispatchEvent');
      this.#listeners; // a TypeError where `this` is no EventTarget
      if (!isEvent(event)) throw new TheTypeError('dispatchEvent: not an Event');
      if (stateOf(event).dispatching) {
        throw new DOMException('The event is already being dispatched', 'InvalidStateError');
      }
      stateOf(event).trusted = false;
      return dispatch(this, event);
    }
  }
  finish(EventTarget);

  // Lists are replaced, never changed, while they may be walked along.
  function remove(listeners, name, record) {
    const records = mapGet(listeners, name), left = list();
    record.removed = true;
    for (let i = 0; records !== undefined && i < records.length; i++) {
      if (records[i] !== record) left[left.length] = records[i];
    }
    mapSet(listeners, name, left);
  }

  function dispatch(target, event) {
    const state = stateOf(event), listeners = listenersOf(target), records = mapGet(listeners, state.type);
    state.dispatching = true;
    state.target = state.currentTarget = target;
    state.phase = 2;
    const count = records === undefined ? 0 : records.length;
    for (let pass = 0; pass < 2 && !(pass === 1 && state.stopped); pass++) { // those that capture come first
      for (let i = 0; i < count && !state.stoppedAtOnce; i++) {
        const record = records[i];
        if (record.removed || record.capture !== (pass === 0)) continue;
        if (record.once) remove(listeners, state.type, record);
        state.passive = record.passive;
        try {
          if (typeof record.callback === 'function') {
            apply(record.callback, target, [event]);
          } else {
            const handle = record.callback.handleEvent;
            if (typeof handle !== 'function') throw new TheTypeError('handleEvent is not a function');
            apply(handle, record.callback, [event]);
          }
        } catch (error) {
          report(error);
        }
        state.passive = false;
      }
    }
    state.phase = 0;
    state.currentTarget = null;
    state.dispatching = state.stopped = state.stoppedAtOnce = false;
    return !state.canceled;
  }

  // ---- Aborting ----

  const ours = { __proto__: null };
  let signalState, isSignal;
  class AbortSignal extends EventTarget {
    #state = {
      __proto__: null, aborted: false, reason: undefined, algorithms: list(), dependents: list(), sources: list(),
      handler: null, record: undefined,
    };
    static {
      signalState = (signal) => signal.#state;
      isSignal = (value) => typeof value === 'object' && value !== null && #state in value;
    }
    constructor(key = undefined) {
      if (key !== ours) throw new TheTypeError('Illegal constructor');
      super();
    }
    static abort(reason = undefined) {
      const signal = new AbortSignal(ours);
      signal.#state.aborted = true;
      signal.#state.reason = reason === undefined ? aborted() : reason;
      return signal;
    }
    static any(signals) {
      required(arguments.length, 1, 'AbortSignal.any');
      const given = list();
      for (const signal of signals) {
        if (!isSignal(signal)) throw new TheTypeError('AbortSignal.any: not an AbortSignal');
        given[given.length] = signal;
      }
      const result = new AbortSignal(ours);
      for (let i = 0; i < given.length; i++) {
        if (!given[i].#state.aborted) continue;
        result.#state.aborted = true;
        result.#state.reason = given[i].#state.reason;
        return result;
      }
      for (let i = 0; i < given.length; i++) {
        const sources = given[i].#state.sources;
        if (sources.length === 0) depend(result, given[i]);
        for (let k = 0; k < sources.length; k++) depend(result, sources[k]);
      }
      return result;
    }
    get aborted() { return this.#state.aborted; }
    get reason() { return this.#state.reason; }
    throwIfAborted() { if (this.#state.aborted) throw this.#state.reason; }
    get onabort() { return this.#state.handler; }
    set onabort(value) {
      const state = this.#state, listeners = listenersOf(this);
      const handler = typeof value === 'function' || (typeof value === 'object' && value !== null) ? value : null;
      state.handler = handler;
      if (handler === null) {
        if (state.record !== undefined) remove(listeners, 'abort', state.record);
        state.record = undefined;
      } else if (state.record === undefined) {
        const callback = (event) => {
          if (typeof state.handler !== 'function') return;
          if (apply(state.handler, this, [event]) === false) preventDefault(event);
        };
        addListener(this, 'abort', callback);
        const records = mapGet(listeners, 'abort');
        state.record = records[records.length - 1];
      }
    }
  }
  const addListener = uncurry(EventTarget.prototype.addEventListener);
  const aborted = () => new DOMException('This operation was aborted', 'AbortError');
  if (typeof setTimer === 'function') {
    const methods = {
      timeout(milliseconds) {
        required(arguments.length, 1, 'AbortSignal.timeout');
        const delay = +milliseconds;
        if (!(delay >= 0 && delay <= 9007199254740991)) {
          throw new TheTypeError('AbortSignal.timeout: not a number of milliseconds');
        }
        const signal = new AbortSignal(ours);
        const end = () => abort(signal, new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
        setTimer(end, delay);
        return signal;
      },
    };
    defineProperty(AbortSignal, 'timeout', data(methods.timeout));
  }
  finish(AbortSignal);
  defineProperty(AbortSignal, 'length', { __proto__: null, value: 0, configurable: true });

  function depend(signal, source) {
    const { sources } = signalState(signal), { dependents } = signalState(source);
    for (let i = 0; i < sources.length; i++) if (sources[i] === source) return;
    sources[sources.length] = source;
    dependents[dependents.length] = signal;
  }

  function addAlgorithm(signal, algorithm) {
    const { algorithms } = signalState(signal);
    algorithms[algorithms.length] = algorithm;
  }

  function abort(signal, reason) {
    const state = signalState(signal);
    if (state.aborted) return;
    const hit = list();
    const mark = (one) => {
      const its = signalState(one);
      if (its.aborted) return;
      its.aborted = true;
      its.reason = state.reason;
      hit[hit.length] = one;
    };
    state.reason = reason === undefined ? aborted() : reason;
    mark(signal);
    for (let i = 0; i < state.dependents.length; i++) mark(state.dependents[i]);
    for (let i = 0; i < hit.length; i++) {
      const its = signalState(hit[i]), { algorithms } = its;
      its.algorithms = list();
      its.dependents = list();
      its.sources = list();
      for (let k = 0; k < algorithms.length; k++) algorithms[k]();
      const event = new Event('abort');
      stateOf(event).trusted = true;
      dispatch(hit[i], event);
    }
  }

  class AbortController {
    #signal = new AbortSignal(ours);
    get signal() { return this.#signal; }
    abort(reason = undefined) { abort(this.#signal, reason); }
  }
  finish(AbortController);

  expose('Event', Event);
  expose('CustomEvent', CustomEvent);
  expose('EventTarget', EventTarget);
  expose('AbortSignal', AbortSignal);
  expose('AbortController', AbortController);
  return { __proto__: null, EventTarget, start };
})
