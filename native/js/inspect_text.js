// Text as people read it on a terminal: escapes, quotes, colors, widths and columns. For inspect.js; runs in the hidden realm.
'use strict';
(function () {
  const call = Function.prototype.call.bind(Function.prototype.call);
  const { get: symbolDescription } = Reflect.getOwnPropertyDescriptor(Symbol.prototype, 'description');

  const symbolText = (symbol) => {
    const description = call(symbolDescription, symbol);
    return description === undefined ? 'Symbol()' : `Symbol(${description})`;
  };

  const ESCAPES = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r', '\\': '\\\\' };
  const LONE = '[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]';
  const CONTROLS = new RegExp(`[\\x00-\\x1f\\x7f-\\x9f]|${LONE}`, 'g');
  const UNSAFE = new RegExp(`[\\x00-\\x1f\\x7f-\\x9f\\\\'"\`]|${LONE}`, 'g');

  function escape(unit) {
    if (unit in ESCAPES) return ESCAPES[unit];
    const code = unit.charCodeAt(0);
    return code > 0xff ? '\\u' + code.toString(16) : '\\x' + code.toString(16).toUpperCase().padStart(2, '0');
  }

  // Control characters as escapes, so that a guest's names cannot talk to a terminal.
  const clean = (text) => text.replace(CONTROLS, escape);

  // A literal, in the quotes that need no escape if there are such.
  function quote(text) {
    let mark = "'";
    if (text.includes("'")) {
      if (!text.includes('"')) mark = '"';
      else if (!text.includes('`') && !text.includes('${')) mark = '`';
    }
    const escaped = text.replace(UNSAFE, (unit) =>
      unit === "'" || unit === '"' || unit === '`' ? (unit === mark ? '\\' + unit : unit) : escape(unit));
    return mark + escaped + mark;
  }

  const plural = (count, one, many) => `${count} more ${count === 1 ? one : many}`;

  const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\ud83c-\ud83e][\udc00-\udfff]|[\ud840-\ud87f][\udc00-\udfff]/g;
  const NARROW = /[\u0300-\u036f\u200b-\u200f\u20d0-\u20ff\ufe00-\ufe0f]|[\ud800-\udbff](?=[\udc00-\udfff])/g;
  const ASCII = /^[ -~]*$/;

  // What util.inspect gives each kind of value: the codes that begin and end it.
  const COLORS = {
    __proto__: null, special: [36, 39], number: [33, 39], bigint: [33, 39], boolean: [33, 39], undefined: [90, 39],
    null: [1, 22], string: [32, 39], symbol: [32, 39], date: [35, 39], regexp: [31, 39],
  };
  const paint = (text, kind) => `\x1b[${COLORS[kind][0]}m${text}\x1b[${COLORS[kind][1]}m`;
  // Texts hold no other escape sequences: what is the guest's was cleaned.
  const unpainted = (text) => (text.includes('\x1b') ? text.replace(/\x1b\[\d+m/g, '') : text);

  // Columns on a terminal, about.
  function widthOf(text) {
    text = unpainted(text);
    if (ASCII.test(text)) return text.length;
    const rest = text.replace(WIDE, '--');
    return rest.length - (rest.match(NARROW) ?? '').length;
  }

  // Long lists in columns, as many as make them roughly square; those whose entries differ much stay as they are.
  function inColumns(output, room, alignsRight, endsWithMore) {
    const cells = endsWithMore ? output.slice(0, -1) : output;
    if (cells.some((cell) => cell.includes('\n'))) return output;
    const widths = cells.map(widthOf);
    const longest = Math.max(...widths) + 2;
    const total = widths.reduce((sum, width) => sum + width + 2, 0);
    if (longest * 3 >= room || !(total / longest > 5 || longest <= 8)) return output;
    // A character is about two and a half times as high as it is wide.
    const biased = Math.max(longest - 3 - Math.sqrt(longest - total / output.length), 1);
    const columns = Math.min(Math.round(Math.sqrt(2.5 * biased * cells.length) / biased),
      Math.floor(room / longest), 12);
    if (columns <= 1) return output;
    const columnWidths = [];
    for (let column = 0; column < columns; column++) {
      let width = 0;
      for (let i = column; i < cells.length; i += columns) width = Math.max(width, widths[i]);
      columnWidths.push(width);
    }
    const lines = [];
    for (let start = 0; start < cells.length; start += columns) {
      const end = Math.min(start + columns, cells.length);
      let line = '';
      for (let i = start; i < end; i++) {
        const padding = ' '.repeat(columnWidths[i - start] - widths[i]);
        const separator = i < end - 1 ? ', ' : '';
        line += alignsRight ? padding + cells[i] + separator : cells[i] + separator + (separator && padding);
      }
      lines.push(line);
    }
    if (endsWithMore) lines.push(output.at(-1));
    return lines;
  }

  return { __proto__: null, symbolText, escape, clean, quote, plural, paint, unpainted, widthOf, inColumns };
})
