// What console.* says (https://console.spec.whatwg.org), in Node's words. Runs in the hidden realm: given what a guest
// passed to a method, it answers with a severity and a text, or undefined. It runs no guest code, so an object as a label or
// a number is inspected, where the standard would call its toString or valueOf.
'use strict';
(function ({ inspect, isOpaque, own, NO_DATA, kindOf, widthOf, symbolText, frames }) {
  const DEBUG = 0, INFO = 1, WARNING = 2, ERROR = 3;
  const { getOwnPropertyDescriptor: descriptorOf, ownKeys } = Reflect;
  const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';
  const boxed = [Number.prototype.valueOf, String.prototype.valueOf, BigInt.prototype.valueOf];

  let colors = false; // of the console that speaks
  let limit = Infinity; // characters that the host takes of what is said now
  let room = Infinity; // and how many are left: what is more is not put into words
  let whole = true; // nothing was cut so far

  // As much of a text as there is room for.
  function take(text) {
    if (text.length > room) {
      whole = false;
      text = text.slice(0, room);
    }
    room -= text.length;
    return text;
  }

  function shown(value, options) {
    if (room > 0) return take(inspect(value, { ...options, text: room }));
    whole = false;
    return '';
  }

  const show = (value) => (typeof value === 'string' ? take(value) : shown(value, { colors }));

  function textOf(value) {
    switch (typeof value) {
      case 'string': return value;
      case 'symbol': return symbolText(value);
    }
    return isObject(value) ? inspect(value, { depth: 0 }) : `${value}`;
  }

  function toNumber(value, convert) {
    if (typeof value === 'symbol') return 'NaN';
    if (typeof value === 'object' && value !== null) {
      let primitive = NaN;
      for (const valueOf of boxed) {
        try {
          primitive = valueOf.call(value);
        } catch { }
      }
      value = primitive;
    }
    if (typeof value === 'function') return 'NaN';
    if (typeof value === 'bigint') return inspect(convert === parseFloat ? Number(value) : value, {});
    return inspect(convert(value), {});
  }

  // What a specifier stands for.
  function specified(specifier, value) {
    if (room <= 0) return take(' ');
    switch (specifier) {
      case '%s': return take(typeof value === 'bigint' || Object.is(value, -0) ? inspect(value, {}) : textOf(value));
      case '%d': return toNumber(value, Number);
      case '%i': return toNumber(value, parseInt);
      case '%f': return toNumber(value, parseFloat);
      case '%o': return shown(value, { hidden: true, depth: 4, colors });
      case '%O': return shown(value, { colors });
      default: return ''; // %c: there are no styles
    }
  }

  function format(data) {
    let first = 0, text = '';
    if (typeof data[0] === 'string') {
      first = 1;
      text = take(data[0]);
      if (data.length > 1) {
        text = text.replace(/%[sdifoOc%]/g, (specifier) => {
          if (specifier === '%%') return '%';
          return first < data.length ? specified(specifier, data[first++]) : specifier;
        });
      }
      if (first < data.length) text += ' ';
    }
    for (let i = first; i < data.length; i++) {
      if (room <= 0) {
        whole = false;
        break;
      }
      text += (i > first ? ' ' : '') + show(data[i]);
    }
    return text;
  }

  // As Node words durations.
  function duration(milliseconds) {
    if (milliseconds < 1000) return `${Number(milliseconds.toFixed(3))}ms`;
    const seconds = milliseconds / 1000;
    if (seconds < 60) return `${seconds.toFixed(3)}s`;
    const two = (number) => `${number}`.padStart(2, '0');
    const rest = (seconds % 60).toFixed(3).padStart(6, '0'), minutes = Math.floor(seconds / 60);
    if (minutes < 60) return `${minutes}:${rest} (m:ss.mmm)`;
    return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(Math.floor(seconds % 60))} (h:mm:ss)`;
  }

  // ---- Tables ----

  // The entries of a row or a table, [key, value], without a getter called.
  function entriesOf(value) {
    const kind = kindOf(value);
    const entries = [];
    if (kind === 7 || kind === 8) {
      for (const entry of kind === 7 ? Map.prototype.entries.call(value) : Set.prototype.values.call(value)) {
        if (entries.length >= 1000) break;
        entries.push(kind === 7 ? entry : [`${entries.length}`, entry]);
      }
      return entries;
    }
    for (const key of ownKeys(value)) {
      if (typeof key !== 'string' || entries.length >= 1000) continue;
      const descriptor = descriptorOf(value, key);
      if (descriptor === undefined || !descriptor.enumerable) continue;
      entries.push([key, own(value, key), descriptor]);
    }
    return entries;
  }

  const short = (value) =>
    value === NO_DATA ? '[Getter]'
      : shown(value, { depth: isObject(value) ? 0 : 1, items: 3, breakLength: Infinity, colors });

  function drawn(head, rows) {
    const widths = head.map((title, column) =>
      Math.max(widthOf(title), ...rows.map((row) => widthOf(row[column] ?? ''))) + 2);
    const rule = (left, middle, right) => left + widths.map((width) => '\u2500'.repeat(width)).join(middle) + right;
    const line = (cells) => '\u2502' + widths.map((width, column) => {
      const cell = cells[column] ?? '';
      return ` ${cell}${' '.repeat(width - 1 - widthOf(cell))}`;
    }).join('\u2502') + '\u2502';
    let text = `${rule('\u250c', '\u252c', '\u2510')}\n${line(head)}\n${rule('\u251c', '\u253c', '\u2524')}`;
    for (const row of rows) {
      if (text.length > limit) break; // narrow rows are as wide as the widest
      text += `\n${line(row)}`;
    }
    return `${text}\n${rule('\u2514', '\u2534', '\u2518')}`;
  }

  function table(data, columns) {
    if (room <= 0) return take(' ');
    if (!isObject(data) || isOpaque(data)) return format([data]);
    const kind = kindOf(data);
    const index = kind === 7 || kind === 8 ? '(iteration index)' : '(index)';
    const wanted = isObject(columns) && !isOpaque(columns) && Array.isArray(columns)
      ? entriesOf(columns).map(([, name]) => textOf(name)) : undefined;
    const names = [...wanted ?? []], rows = [];
    let values = false;
    const list = entriesOf(data).slice(0, 1000);
    list.forEach(([key, row], number) => {
      if (room <= 0) {
        whole = false;
        return;
      }
      const cells = new Map();
      let value;
      if (isObject(row) && !isOpaque(row) && kind !== 7) {
        for (const [name, cell] of entriesOf(row)) {
          const column = textOf(name);
          if (wanted !== undefined ? !wanted.includes(column) : false) continue;
          if (!names.includes(column)) {
            if (names.length >= 100) continue;
            names.push(column);
          }
          cells.set(column, short(cell));
        }
      } else {
        value = short(row);
        values = true;
      }
      rows.push({ key: kind === 7 ? `${number}` : key, map: kind === 7 ? short(key) : undefined, cells, value });
    });
    const head = [index, ...kind === 7 ? ['Key'] : [], ...names, ...values ? ['Values'] : []];
    return drawn(head, rows.map(({ key, map, cells, value }) => [
      key, ...map === undefined ? [] : [map], ...names.map((name) => cells.get(name) ?? ''),
      ...values ? [value ?? ''] : [],
    ]).map((cells) => cells.map((cell) => cell.replaceAll('\n', ' '))));
  }

  // ---- One console ----

  return function makeConsole(now, colored) {
    const counts = new Map(), timers = new Map();
    let indentation = '';
    const labelOf = (data) => (data[0] === undefined ? 'default' : textOf(data[0]));

    function elapsed(method, data, rest) {
      const label = labelOf(data), start = timers.get(label);
      if (start === undefined) return [WARNING, `No such label '${label}' for console.${method}()`];
      if (method === 'timeEnd') timers.delete(label);
      const more = rest.length > 0 ? ` ${format(['', ...rest]).slice(1)}` : '';
      return [DEBUG, `${label}: ${duration(now() - start)}${more}`];
    }

    const methods = {
      __proto__: null,
      log: (data) => [INFO, format(data)],
      info: (data) => [INFO, format(data)],
      warn: (data) => [WARNING, format(data)],
      error: (data) => [ERROR, format(data)],
      debug: (data) => [DEBUG, format(data)],
      dirxml: (data) => [INFO, format(data)],
      trace: (data) => [INFO, `Trace${data.length > 0 ? `: ${format(data)}` : ''}${frames()}`],
      dir([value, options]) {
        let depth, hidden;
        if (isObject(options) && !isOpaque(options)) {
          depth = own(options, 'depth');
          if (depth === null) depth = Infinity;
          if (typeof depth !== 'number') depth = undefined;
          hidden = own(options, 'showHidden') === true;
        }
        return [INFO, shown(value, { depth, hidden, colors })];
      },
      table: ([data, columns]) => [INFO, table(data, columns)],
      assert([condition, ...data]) {
        if (condition) return undefined;
        if (typeof data[0] === 'string') data[0] = `Assertion failed: ${data[0]}`;
        else data.unshift('Assertion failed');
        return [ERROR, format(data)];
      },
      group(data) {
        const said = data.length > 0 ? [INFO, format(data)] : undefined;
        if (said !== undefined) said[1] = indented(said[1]);
        if (indentation.length < 200) indentation += '  ';
        return said;
      },
      groupEnd() {
        indentation = indentation.slice(2);
      },
      clear() {
        indentation = '';
      },
      count(data) {
        const label = labelOf(data), count = (counts.get(label) ?? 0) + 1;
        counts.set(label, count);
        return [DEBUG, `${label}: ${count}`];
      },
      countReset(data) {
        const label = labelOf(data);
        return counts.delete(label) ? undefined : [WARNING, `Count for '${label}' does not exist`];
      },
      time(data) {
        const label = labelOf(data);
        if (timers.has(label)) return [WARNING, `Label '${label}' already exists for console.time()`];
        timers.set(label, now());
      },
      timeLog: (data) => elapsed('timeLog', data, data.slice(1)),
      timeEnd: (data) => elapsed('timeEnd', data, []),
    };
    methods.groupCollapsed = methods.group;

    const indented = (text) => {
      if (indentation === '') return text;
      let lines = indentation;
      for (let at = 0; at < text.length && lines.length <= limit; at += 4096) {
        lines += text.slice(at, at + 4096).replaceAll('\n', `\n${indentation}`);
      }
      return lines;
    };

    // [severity, text, whether that is all], or undefined.
    return function speak(method, characters, ...data) {
      colors = colored;
      room = limit = characters;
      whole = true;
      const said = methods[method](data);
      if (said === undefined) return undefined;
      if (method !== 'group' && method !== 'groupCollapsed') said[1] = indented(said[1]);
      said[2] = whole;
      return said;
    };
  };
})
