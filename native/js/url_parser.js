// Parsing and writing URLs (https://url.spec.whatwg.org). Runs in the hidden realm: strings come in and go out, and records
// that only the library's own class URL holds. The states are named as in the standard.
'use strict';
(function ({ encode, encodePoint, decode, parseHost, C0, FRAGMENT, QUERY, SPECIAL_QUERY, PATH, USERINFO, FORM }) {
  const PORTS = { __proto__: null, ftp: 21, file: null, http: 80, https: 443, ws: 80, wss: 443 };
  const isSpecial = (url) => url.scheme in PORTS;
  const isOpaque = (url) => typeof url.path === 'string';
  const hasCredentials = (url) => url.username !== '' || url.password !== '';
  const cannotHavePort = (url) => url.host === null || url.host === '' || url.scheme === 'file';

  // ---- The parser ----

  const isDrive = (text) => /^[a-z][:|]$/i.test(text);
  const startsWithDrive = (input, p) =>
    isDrive((input[p] ?? '') + (input[p + 1] ?? '')) && (input[p + 2] === undefined || '/\\?#'.includes(input[p + 2]));
  const isSingleDot = (text) => /^(?:\.|%2e)$/i.test(text);
  const isDoubleDot = (text) => /^(?:\.|%2e){2}$/i.test(text);

  function shorten(url) {
    if (url.scheme === 'file' && url.path.length === 1 && /^[a-z]:$/i.test(url.path[0])) return;
    url.path.pop();
  }

  function copy(from, to, ...fields) {
    for (const field of fields) to[field] = Array.isArray(from[field]) ? from[field].slice() : from[field];
  }

  function trim(text) {
    let start = 0, end = text.length;
    while (start < end && text.charCodeAt(start) <= 0x20) start++;
    while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
    return text.slice(start, end);
  }

  // The basic URL parser: the record, or null for failure.
  function run(text, base, url, override) {
    if (url === undefined) {
      url = { __proto__: null, scheme: '', username: '', password: '', host: null, port: null, path: [], query: null,
        fragment: null };
      text = trim(text);
    }
    const input = Array.from(text.replace(/[\t\n\r]/g, ''));
    let state = override ?? 'scheme start', buffer = '', seenAt = false, inBrackets = false, seenPassword = false;
    for (let p = 0; ; p++) {
      const c = input[p]; // undefined: the end
      const endsPart = c === undefined || c === '/' || c === '?' || c === '#' || (c === '\\' && isSpecial(url));
      const isSlash = c === '/' || (c === '\\' && isSpecial(url));
      switch (state) {
        case 'scheme start':
          if (c !== undefined && /^[a-z]$/i.test(c)) {
            buffer += c.toLowerCase();
            state = 'scheme';
          } else if (override === undefined) {
            state = 'no scheme';
            p--;
          } else {
            return null;
          }
          break;
        case 'scheme':
          if (c !== undefined && /^[a-z0-9+\-.]$/i.test(c)) {
            buffer += c.toLowerCase();
          } else if (c === ':') {
            if (override !== undefined) {
              if (isSpecial(url) !== buffer in PORTS) return url;
              if ((hasCredentials(url) || url.port !== null) && buffer === 'file') return url;
              if (url.scheme === 'file' && url.host === '') return url;
            }
            url.scheme = buffer;
            if (override !== undefined) {
              if (url.port === PORTS[url.scheme]) url.port = null;
              return url;
            }
            buffer = '';
            if (url.scheme === 'file') state = 'file';
            else if (isSpecial(url) && base !== null && base.scheme === url.scheme) state = 'special relative or authority';
            else if (isSpecial(url)) state = 'special authority slashes';
            else if (input[p + 1] === '/') {
              state = 'path or authority';
              p++;
            } else {
              url.path = '';
              state = 'opaque path';
            }
          } else if (override === undefined) {
            buffer = '';
            state = 'no scheme';
            p = -1;
          } else {
            return null;
          }
          break;
        case 'no scheme':
          if (base === null || (isOpaque(base) && c !== '#')) return null;
          if (isOpaque(base)) {
            copy(base, url, 'scheme', 'path', 'query');
            url.fragment = '';
            state = 'fragment';
          } else {
            state = base.scheme === 'file' ? 'file' : 'relative';
            p--;
          }
          break;
        case 'special relative or authority':
          if (c === '/' && input[p + 1] === '/') {
            state = 'special authority ignore slashes';
            p++;
          } else {
            state = 'relative';
            p--;
          }
          break;
        case 'path or authority':
          if (c === '/') {
            state = 'authority';
          } else {
            state = 'path';
            p--;
          }
          break;
        case 'relative':
          url.scheme = base.scheme;
          if (c === '/' || (c === '\\' && isSpecial(url))) {
            state = 'relative slash';
            break;
          }
          copy(base, url, 'username', 'password', 'host', 'port', 'path', 'query');
          if (c === '?') {
            url.query = '';
            state = 'query';
          } else if (c === '#') {
            url.fragment = '';
            state = 'fragment';
          } else if (c !== undefined) {
            url.query = null;
            shorten(url);
            state = 'path';
            p--;
          }
          break;
        case 'relative slash':
          if (isSpecial(url) && isSlash) {
            state = 'special authority ignore slashes';
          } else if (c === '/') {
            state = 'authority';
          } else {
            copy(base, url, 'username', 'password', 'host', 'port');
            state = 'path';
            p--;
          }
          break;
        case 'special authority slashes':
          state = 'special authority ignore slashes';
          if (c === '/' && input[p + 1] === '/') p++;
          else p--;
          break;
        case 'special authority ignore slashes':
          if (c !== '/' && c !== '\\') {
            state = 'authority';
            p--;
          }
          break;
        case 'authority':
          if (c === '@') {
            if (seenAt) buffer = '%40' + buffer;
            seenAt = true;
            for (const point of buffer) {
              if (point === ':' && !seenPassword) seenPassword = true;
              else if (seenPassword) url.password += encodePoint(point, USERINFO);
              else url.username += encodePoint(point, USERINFO);
            }
            buffer = '';
          } else if (endsPart) {
            if (seenAt && buffer === '') return null;
            p -= Array.from(buffer).length + 1;
            buffer = '';
            state = 'host';
          } else {
            buffer += c;
          }
          break;
        case 'host':
        case 'hostname':
          if (override !== undefined && url.scheme === 'file') {
            p--;
            state = 'file host';
          } else if (c === ':' && !inBrackets) {
            if (buffer === '' || override === 'hostname') return null;
            const host = parseHost(buffer, !isSpecial(url));
            if (host === null) return null;
            url.host = host;
            buffer = '';
            state = 'port';
          } else if (endsPart) {
            p--;
            if (isSpecial(url) && buffer === '') return null;
            if (override !== undefined && buffer === '' && (hasCredentials(url) || url.port !== null)) return null;
            const host = parseHost(buffer, !isSpecial(url));
            if (host === null) return null;
            url.host = host;
            buffer = '';
            state = 'path start';
            if (override !== undefined) return url;
          } else {
            if (c === '[') inBrackets = true;
            if (c === ']') inBrackets = false;
            buffer += c;
          }
          break;
        case 'port':
          if (c !== undefined && /^[0-9]$/.test(c)) {
            buffer += c;
          } else if (endsPart || override !== undefined) {
            if (buffer !== '') {
              const port = parseInt(buffer, 10);
              if (port > 65535) return null;
              url.port = PORTS[url.scheme] === port ? null : port;
              buffer = '';
              if (override !== undefined) return url;
            }
            if (override !== undefined) return null;
            state = 'path start';
            p--;
          } else {
            return null;
          }
          break;
        case 'file':
          url.scheme = 'file';
          url.host = '';
          if (c === '/' || c === '\\') {
            state = 'file slash';
          } else if (base !== null && base.scheme === 'file') {
            copy(base, url, 'host', 'path', 'query');
            if (c === '?') {
              url.query = '';
              state = 'query';
            } else if (c === '#') {
              url.fragment = '';
              state = 'fragment';
            } else if (c !== undefined) {
              url.query = null;
              if (startsWithDrive(input, p)) url.path = [];
              else shorten(url);
              state = 'path';
              p--;
            }
          } else {
            state = 'path';
            p--;
          }
          break;
        case 'file slash':
          if (c === '/' || c === '\\') {
            state = 'file host';
          } else {
            if (base !== null && base.scheme === 'file') {
              url.host = base.host;
              if (!startsWithDrive(input, p) && /^[a-z]:$/i.test(base.path[0] ?? '')) url.path.push(base.path[0]);
            }
            state = 'path';
            p--;
          }
          break;
        case 'file host':
          if (c === undefined || c === '/' || c === '\\' || c === '?' || c === '#') {
            p--;
            if (override === undefined && isDrive(buffer)) {
              state = 'path'; // with the buffer as it is
            } else if (buffer === '') {
              url.host = '';
              if (override !== undefined) return url;
              state = 'path start';
            } else {
              const host = parseHost(buffer, !isSpecial(url));
              if (host === null) return null;
              url.host = host === 'localhost' ? '' : host;
              if (override !== undefined) return url;
              buffer = '';
              state = 'path start';
            }
          } else {
            buffer += c;
          }
          break;
        case 'path start':
          if (isSpecial(url)) {
            state = 'path';
            if (c !== '/' && c !== '\\') p--;
          } else if (override === undefined && c === '?') {
            url.query = '';
            state = 'query';
          } else if (override === undefined && c === '#') {
            url.fragment = '';
            state = 'fragment';
          } else if (c !== undefined) {
            state = 'path';
            if (c !== '/') p--;
          } else if (override !== undefined && url.host === null) {
            url.path.push('');
          }
          break;
        case 'path':
          if (c === undefined || isSlash || (override === undefined && (c === '?' || c === '#'))) {
            if (isDoubleDot(buffer)) {
              shorten(url);
              if (!isSlash) url.path.push('');
            } else if (isSingleDot(buffer)) {
              if (!isSlash) url.path.push('');
            } else {
              if (url.scheme === 'file' && url.path.length === 0 && isDrive(buffer)) buffer = buffer[0] + ':';
              url.path.push(buffer);
            }
            buffer = '';
            if (c === '?') {
              url.query = '';
              state = 'query';
            } else if (c === '#') {
              url.fragment = '';
              state = 'fragment';
            }
          } else {
            buffer += encodePoint(c, PATH);
          }
          break;
        case 'opaque path':
          if (c === '?') {
            url.query = '';
            state = 'query';
          } else if (c === '#') {
            url.fragment = '';
            state = 'fragment';
          } else if (c === ' ') {
            url.path += input[p + 1] === '?' || input[p + 1] === '#' ? '%20' : ' ';
          } else if (c !== undefined) {
            url.path += encodePoint(c, C0);
          }
          break;
        case 'query':
          if (c === undefined || (override === undefined && c === '#')) {
            url.query += encode(buffer, isSpecial(url) ? SPECIAL_QUERY : QUERY);
            buffer = '';
            if (c === '#') {
              url.fragment = '';
              state = 'fragment';
            }
          } else {
            buffer += c;
          }
          break;
        case 'fragment':
          if (c !== undefined) url.fragment += encodePoint(c, FRAGMENT);
          break;
      }
      if (p >= input.length) return url;
    }
  }

  // ---- What the class URL asks ----

  const pathOf = (url) => (isOpaque(url) ? url.path : url.path.map((segment) => `/${segment}`).join(''));
  const hostOf = (url) => (url.host === null ? '' : url.port === null ? url.host : `${url.host}:${url.port}`);

  function href(url) {
    let text = `${url.scheme}:`;
    if (url.host !== null) {
      text += '//';
      if (hasCredentials(url)) text += `${url.username}${url.password === '' ? '' : `:${url.password}`}@`;
      text += hostOf(url);
    } else if (!isOpaque(url) && url.path.length > 1 && url.path[0] === '') {
      text += '/.';
    }
    text += pathOf(url);
    if (url.query !== null) text += `?${url.query}`;
    if (url.fragment !== null) text += `#${url.fragment}`;
    return text;
  }

  function origin(url) {
    if (url.scheme === 'blob') {
      const inner = run(pathOf(url), null);
      return inner !== null && /^https?$/.test(inner.scheme) ? origin(inner) : 'null';
    }
    return isSpecial(url) && url.scheme !== 'file' ? `${url.scheme}://${hostOf(url)}` : 'null';
  }

  const getters = {
    __proto__: null, href, origin,
    protocol: (url) => `${url.scheme}:`,
    username: (url) => url.username,
    password: (url) => url.password,
    host: hostOf,
    hostname: (url) => url.host ?? '',
    port: (url) => (url.port === null ? '' : `${url.port}`),
    pathname: pathOf,
    search: (url) => (url.query === null || url.query === '' ? '' : `?${url.query}`),
    query: (url) => url.query,
    hash: (url) => (url.fragment === null || url.fragment === '' ? '' : `#${url.fragment}`),
  };

  const setters = {
    __proto__: null,
    protocol: (url, value) => run(`${value}:`, null, url, 'scheme start'),
    username: (url, value) => cannotHavePort(url) || (url.username = encode(value, USERINFO)),
    password: (url, value) => cannotHavePort(url) || (url.password = encode(value, USERINFO)),
    host: (url, value) => isOpaque(url) || run(value, null, url, 'host'),
    hostname: (url, value) => isOpaque(url) || run(value, null, url, 'hostname'),
    port: (url, value) => cannotHavePort(url) || (value === '' ? (url.port = null) : run(value, null, url, 'port')),
    pathname(url, value) {
      if (isOpaque(url)) return;
      url.path = [];
      run(value, null, url, 'path start');
    },
    search(url, value) {
      url.query = null;
      if (value === '') return;
      url.query = '';
      run(value[0] === '?' ? value.slice(1) : value, null, url, 'query');
    },
    query(url, value) {
      url.query = value === '' ? null : value;
    },
    hash(url, value) {
      url.fragment = null;
      if (value === '') return;
      url.fragment = '';
      run(value[0] === '#' ? value.slice(1) : value, null, url, 'fragment');
    },
  };

  const operations = {
    __proto__: null,
    // A record, or undefined.
    parse(text, base) {
      let from = null;
      if (base !== undefined) {
        from = run(base, null);
        if (from === null) return undefined;
      }
      return run(text, from) ?? undefined;
    },
    get: (name, url) => getters[name](url),
    set(name, url, value) {
      setters[name](url, value);
    },
    assign(url, other) {
      Object.assign(url, other);
    },
    // application/x-www-form-urlencoded: a flat list of names and values.
    parseForm(text) {
      const list = [];
      for (const part of text.split('&')) {
        if (part === '') continue;
        const at = part.indexOf('=');
        const name = at < 0 ? part : part.slice(0, at), value = at < 0 ? '' : part.slice(at + 1);
        list.push(decode(name.replaceAll('+', ' ')), decode(value.replaceAll('+', ' ')));
      }
      return list;
    },
    writeForm(list) {
      const write = (text) => encode(text, FORM).replaceAll('%20', '+');
      let text = '';
      for (let i = 0; i < list.length; i += 2) text += `${i > 0 ? '&' : ''}${write(list[i])}=${write(list[i + 1])}`;
      return text;
    },
  };
  return (operation, ...rest) => operations[operation](...rest);
})
