// Percent-encoding and the hosts of URLs (https://url.spec.whatwg.org), for url_parser.js. Runs in the hidden realm: strings
// come in and go out.
'use strict';
(function ({ utf8 }) {
  // ---- Percent-encoding ----

  const encodeSet = (extra) => new RegExp(`[\\x00-\\x1f${extra}\\x7f-\\u{10ffff}]`, 'u');
  const C0 = encodeSet('');
  const FRAGMENT = encodeSet(' "<>`');
  const QUERY = encodeSet(' "#<>');
  const SPECIAL_QUERY = encodeSet(' "#<>\'');
  const PATH = encodeSet(' "#<>?^`{}');
  const USERINFO = encodeSet(' "#<>?^`{}/:;=@[\\\\\\]|');
  const FORM = encodeSet(' "#<>?^`{}/:;=@[\\\\\\]|$%&+,!\'()~');

  const hex = (code) => '%' + code.toString(16).toUpperCase().padStart(2, '0');
  const escape = (point) => (point.codePointAt(0) < 0x80 ? hex(point.charCodeAt(0)) : encodeURIComponent(point));
  const encodePoint = (point, set) => (set.test(point) ? escape(point) : point);
  const globals = new Map();
  function encode(text, set) {
    if (!set.test(text)) return text;
    if (!globals.has(set)) globals.set(set, new RegExp(set.source, 'gu'));
    return text.replace(globals.get(set), escape);
  }

  // Percent-decoding, and UTF-8 decoding of what comes of it, with U+FFFD for what is ill-formed.
  function decode(text) {
    if (!text.includes('%')) return text;
    const bytes = text.replace(/[^\x00-\x7f]/gu, encodeURIComponent)
      .replace(/%([0-9a-fA-F]{2})/g, (_, digits) => String.fromCharCode(parseInt(digits, 16)));
    return utf8(bytes);
  }

  // ---- Hosts ----

  const FORBIDDEN_HOST = /[\0\t\n\r #/:<>?@[\\\]^|]/;
  const FORBIDDEN_DOMAIN = /[\0-\x20#%/:<>?@[\\\]^|\x7f]/;

  function parseHost(text, opaque) {
    if (text.startsWith('[')) {
      const address = text.endsWith(']') ? parseIPv6(text.slice(1, -1)) : null;
      return address === null ? null : `[${writeIPv6(address)}]`;
    }
    if (opaque) return FORBIDDEN_HOST.test(text) ? null : encode(text, C0);
    const domain = toASCII(decode(text));
    if (domain === null || domain === '' || FORBIDDEN_DOMAIN.test(domain)) return null;
    return endsInNumber(domain) ? parseIPv4(domain) : domain;
  }

  // About UTS 46, by the engine's normalization and case mapping: it has no table of what is disallowed.
  function toASCII(domain) {
    if (/^[\0-\x7f]*$/.test(domain)) {
      const lower = domain.toLowerCase();
      return lower.split('.').includes('xn--') ? null : lower;
    }
    const mapped = domain.replace(/[\u00ad\u034f\u200b\u2060\ufeff\ufe00-\ufe0f]/g, '').replace(/[\u3002\uff61]/g, '.')
      .normalize('NFKC').toLowerCase().normalize('NFKC');
    const labels = [];
    for (const label of mapped.split('.')) {
      if (/^[\0-\x7f]*$/.test(label)) {
        if (label === 'xn--') return null;
        labels.push(label);
        continue;
      }
      if (/^\p{M}|[\p{C}\p{Z}]/u.test(label)) return null;
      labels.push('xn--' + punycode(label));
    }
    return labels.join('.');
  }

  // RFC 3492.
  function punycode(label) {
    const points = Array.from(label, (point) => point.codePointAt(0));
    const basic = points.filter((point) => point < 0x80);
    let output = String.fromCharCode(...basic);
    if (basic.length > 0) output += '-';
    let n = 0x80, delta = 0, bias = 72, handled = basic.length;
    while (handled < points.length) {
      const next = points.reduce((least, point) => (point >= n && point < least ? point : least), Infinity);
      delta += (next - n) * (handled + 1);
      n = next;
      for (const point of points) {
        if (point < n) delta++;
        if (point !== n) continue;
        let q = delta;
        for (let k = 36; ; k += 36) {
          const t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
          if (q < t) break;
          const digit = t + (q - t) % (36 - t);
          output += digitOf(digit);
          q = Math.floor((q - t) / (36 - t));
        }
        output += digitOf(q);
        bias = adapted(delta, handled + 1, handled === basic.length);
        delta = 0;
        handled++;
      }
      delta++;
      n++;
    }
    return output;
  }
  const digitOf = (digit) => String.fromCharCode(digit < 26 ? 97 + digit : 22 + digit);
  function adapted(delta, count, first) {
    delta = first ? Math.floor(delta / 700) : delta >> 1;
    delta += Math.floor(delta / count);
    let k = 0;
    for (; delta > 455; k += 36) delta = Math.floor(delta / 35);
    return k + Math.floor(36 * delta / (delta + 38));
  }

  function parseIPv4Number(text) {
    if (text === '') return null;
    let radix = 10, digits = text;
    if (/^0x/i.test(text)) [radix, digits] = [16, text.slice(2)];
    else if (/^0./.test(text)) [radix, digits] = [8, text.slice(1)];
    if (digits === '') return 0;
    const valid = radix === 10 ? /^[0-9]+$/ : radix === 16 ? /^[0-9a-f]+$/i : /^[0-7]+$/;
    return valid.test(digits) ? parseInt(digits, radix) : null;
  }

  function endsInNumber(domain) {
    const parts = domain.split('.');
    if (parts.at(-1) === '') {
      if (parts.length === 1) return false;
      parts.pop();
    }
    return /^[0-9]+$/.test(parts.at(-1)) || parseIPv4Number(parts.at(-1)) !== null;
  }

  function parseIPv4(domain) {
    const parts = domain.split('.');
    if (parts.at(-1) === '' && parts.length > 1) parts.pop();
    if (parts.length > 4) return null;
    const numbers = parts.map(parseIPv4Number);
    const last = numbers.pop();
    if (last === null || last >= 256 ** (4 - numbers.length)) return null;
    let address = last;
    for (let i = 0; i < numbers.length; i++) {
      if (numbers[i] === null || numbers[i] > 255) return null;
      address += numbers[i] * 256 ** (3 - i);
    }
    return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
  }

  function parseIPv6(text) {
    const address = [0, 0, 0, 0, 0, 0, 0, 0];
    let piece = 0, compress = null, p = 0;
    if (text[0] === ':') {
      if (text[1] !== ':') return null;
      p = 2;
      compress = ++piece;
    }
    while (p < text.length) {
      if (piece === 8) return null;
      if (text[p] === ':') {
        if (compress !== null) return null;
        p++;
        compress = ++piece;
        continue;
      }
      let value = 0, length = 0;
      while (length < 4 && /[0-9a-f]/i.test(text[p] ?? '')) {
        value = value * 16 + parseInt(text[p++], 16);
        length++;
      }
      if (text[p] === '.') {
        if (length === 0 || piece > 6) return null;
        const parts = text.slice(p - length).split('.');
        if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && part <= 255)) return null;
        address[piece++] = parts[0] * 256 + +parts[1];
        address[piece++] = parts[2] * 256 + +parts[3];
        break;
      }
      if (text[p] === ':') {
        if (++p === text.length) return null;
      } else if (p < text.length) {
        return null;
      }
      address[piece++] = value;
    }
    if (compress !== null) {
      for (let swaps = piece - compress, to = 7; to !== 0 && swaps > 0; swaps--, to--) {
        const from = compress + swaps - 1;
        [address[to], address[from]] = [address[from], address[to]];
      }
    } else if (piece !== 8) {
      return null;
    }
    return address;
  }

  function writeIPv6(address) {
    let best = -1, longest = 1;
    for (let i = 0; i < 8; i++) {
      let length = 0;
      while (i + length < 8 && address[i + length] === 0) length++;
      if (length > longest) [best, longest] = [i, length];
      i += length;
    }
    let text = '';
    for (let i = 0; i < 8; i++) {
      if (i === best) {
        text += i === 0 ? '::' : ':';
        i += longest - 1;
        continue;
      }
      text += address[i].toString(16) + (i < 7 ? ':' : '');
    }
    return text;
  }

  return {
    __proto__: null, encode, encodePoint, decode, parseHost, C0, FRAGMENT, QUERY, SPECIAL_QUERY, PATH, USERINFO, FORM,
  };
})
