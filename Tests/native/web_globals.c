/* What MINIRACER_CONTEXT_WEB puts into a context, against the standards. Each row is a script and its value as text. */
#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

typedef const char *const row[2];

static miniracer_context with(uint32_t flags) { return context_with(isolate, flags); }

static void check_rows(row *rows, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    char source[2000];
    snprintf(source, sizeof source, "try { String(eval(%s)) } catch (e) { e.name }", "source");
    miniracer_value text_of = text(rows[i][0]);
    set_global(context, "source", &text_of);
    miniracer_value result = EVALUATE(context, source);
    if (!is_text(&result, rows[i][1])) fprintf(stderr, "%s\n", rows[i][0]);
    CHECK_TEXT(rows[i][1], result);
    release(&result);
  }
}

#define CHECK_ROWS(rows) check_rows((rows), COUNT(rows))

/* ---- URL ---- */

/* Input, base or NULL, href or NULL for a TypeError. */
static const char *const urls[][3] = {
    {"http://example.com", NULL, "http://example.com/"},
    {"HTTP://EX.com:80/../x/./y/%2e%2E/z", NULL, "http://ex.com/x/z"},
    {"  http://a\t/b\nc  ", NULL, "http://a/bc"},
    {"https://a:443", NULL, "https://a/"},
    {"http://a:8080", NULL, "http://a:8080/"},
    {"http://a:0", NULL, "http://a:0/"},
    {"http://a:65536", NULL, NULL},
    {"http://a:x", NULL, NULL},
    {"http://:80", NULL, NULL},
    {"http://user:pa:ss@h/p", NULL, "http://user:pa%3Ass@h/p"},
    {"http://us@er@h", NULL, "http://us%40er@h/"},
    {"http://@/x", NULL, NULL},
    {"http:\\\\x\\y\\..\\z", NULL, "http://x/z"},
    {"http:x", NULL, "http://x/"},
    {"http:///x", NULL, "http://x/"},
    {"http://192.168.0.1", NULL, "http://192.168.0.1/"},
    {"http://0x7f.1", NULL, "http://127.0.0.1/"},
    {"http://256", NULL, "http://0.0.1.0/"},
    {"http://0300.0250.1", NULL, "http://192.168.0.1/"},
    {"http://1.2.3.4.5", NULL, NULL},
    {"http://1.2.3.08", NULL, NULL},
    {"http://999999999999", NULL, NULL},
    {"http://foo.0x4", NULL, NULL},
    {"http://%30%78%63%30%2e%30%32%35%30.01", NULL, "http://192.168.0.1/"},
    {"http://[::1]", NULL, "http://[::1]/"},
    {"http://[1:2:0:0:5:0:0:8]", NULL, "http://[1:2::5:0:0:8]/"},
    {"http://[::ffff:1.2.3.4]", NULL, "http://[::ffff:102:304]/"},
    {"http://[2001:DB8:0:0:0:0:0:1]:80", NULL, "http://[2001:db8::1]/"},
    {"http://[1::2::3]", NULL, NULL},
    {"http://[1:2:3:4:5:6:7:8:9]", NULL, NULL},
    {"http://[::1.2.3]", NULL, NULL},
    {"http://[:1]", NULL, NULL},
    {"http://[::1", NULL, NULL},
    {"http://a b", NULL, NULL},
    {"http://a%41", NULL, "http://aa/"},
    {"http://a%2Fb", NULL, NULL},
    {"http://a<b", NULL, NULL},
    {"http://ex^a", NULL, NULL},
    {"http://a.b.c.", NULL, "http://a.b.c./"},
    {"http://xn--/", NULL, NULL},
    {"http://m\303\274nchen.de/\303\244", NULL, "http://xn--mnchen-3ya.de/%C3%A4"},
    {"http://\346\227\245\346\234\254\343\200\202jp", NULL, "http://xn--wgv71a.jp/"},
    {"http://\357\274\247\357\274\257.com", NULL, "http://go.com/"},
    {"http://h/?q='\"<>`{}", NULL, "http://h/?q=%27%22%3C%3E`{}"},
    {"foo://h/?q='\"<>`", NULL, "foo://h/?q='%22%3C%3E`"},
    {"http://h/\"<>`{}^|", NULL, "http://h/%22%3C%3E%60%7B%7D%5E|"},
    {"http://h/#\"<>`{}", NULL, "http://h/#%22%3C%3E%60{}"},
    {"http://h/%zz%41", NULL, "http://h/%zz%41"},
    {"http://h/\360\237\230\200?\303\274#\303\274", NULL, "http://h/%F0%9F%98%80?%C3%BC#%C3%BC"},
    {"http://h?", NULL, "http://h/?"},
    {"http://h#", NULL, "http://h/#"},
    {"file:c:\\x\\..\\..\\y", NULL, "file:///c:/y"},
    {"file:///c|/x", NULL, "file:///c:/x"},
    {"file://localhost/x", NULL, "file:///x"},
    {"file://h/c:/x", NULL, "file://h/c:/x"},
    {"file:x", "file:///C:/a/b", "file:///C:/a/x"},
    {"/x", "file:///C:/a/b", "file:///C:/x"},
    {"D|/x", "file:///C:/a/b", "file:///D:/x"},
    {"mailto:a@b?subject=hi#x", NULL, "mailto:a@b?subject=hi#x"},
    {"data:text/plain,a b c", NULL, "data:text/plain,a b c"},
    {"data:x ?q", NULL, "data:x%20?q"},
    {"javascript:alert(1)", NULL, "javascript:alert(1)"},
    {"foo:/..//x", NULL, "foo:/.//x"},
    {"foo://", NULL, "foo://"},
    {"foo://\303\261/x", NULL, "foo://%C3%B1/x"},
    {"foo://h:99999", NULL, NULL},
    {"blob:https://h:8/x", NULL, "blob:https://h:8/x"},
    {"1http://x", NULL, NULL},
    {"ht!tp://x", NULL, NULL},
    {"", NULL, NULL},
    {"x", NULL, NULL},
    {"", "http://h/a/b?q#f", "http://h/a/b?q"},
    {"..", "http://h/a/b/c?q#f", "http://h/a/"},
    {".", "http://h/a/b/c", "http://h/a/b/"},
    {"?x", "http://h/a/b?q#f", "http://h/a/b?x"},
    {"#x", "http://h/a/b?q#f", "http://h/a/b?q#x"},
    {"//other/x", "https://h/a", "https://other/x"},
    {"/x", "http://u:p@h:81/a", "http://u:p@h:81/x"},
    {"http:x", "http://h/a/b", "http://h/a/x"},
    {"https:x", "http://h/a/b", "https://x/"},
    {"x", "mailto:a", NULL},
    {"#f", "mailto:a", "mailto:a#f"},
    {"../x", "foo://h/p/q/r", "foo://h/p/x"},
    {"x", "not a url", NULL},
};

static void url_parsing(void) {
  for (size_t i = 0; i < COUNT(urls); ++i) {
    miniracer_value input = text(urls[i][0]), base = urls[i][1] == NULL ? undefined() : text(urls[i][1]);
    set_global(context, "input", &input);
    set_global(context, "base", &base);
    miniracer_value result = EVALUATE(context,
                                      "try { const u = new URL(input, base);"
                                      "if (!URL.canParse(input, base) || URL.parse(input, base).href !== u.href ||"
                                      "    new URL(u.href).href !== u.href) throw new Error('odd'); u.href }"
                                      "catch (e) { e.name + URL.canParse(input, base) + URL.parse(input, base) }");
    if (!is_text(&result, urls[i][2] != NULL ? urls[i][2] : "TypeErrorfalsenull")) fprintf(stderr, "%s\n", urls[i][0]);
    CHECK_TEXT(urls[i][2] != NULL ? urls[i][2] : "TypeErrorfalsenull", result);
    release(&result);
  }
}

static row url_rows[] = {
    {"const u = new URL('https://u:p@h:8/p/q?a=1#f'); [u.origin, u.protocol, u.username, u.password, u.host, "
     "u.hostname,"
     "u.port, u.pathname, u.search, u.hash].join(' ')",
     "https://h:8 https: u p h:8 h 8 /p/q ?a=1 #f"},
    {"[new URL('file:///x').origin, new URL('blob:https://h/x').origin, new URL('foo://h').origin]",
     "null,https://h,null"},
    {"function set(url, name, value) { const u = new URL(url); u[name] = value; return u.href }\n"
     "set('http://h:81/', 'protocol', 'https:x')",
     "https://h:81/"},
    {"set('http://h/', 'protocol', 'foo')", "http://h/"},
    {"set('foo://h/', 'protocol', 'http')", "foo://h/"},
    {"set('https://h:80/', 'protocol', 'http')", "http://h/"},
    {"set('http://h/', 'username', 'a b:@')", "http://a%20b%3A%40@h/"},
    {"set('file:///x', 'username', 'a')", "file:///x"},
    {"set('http://h/', 'host', 'x:81/y')", "http://x:81/"},
    {"set('http://h:8/', 'host', 'x')", "http://x:8/"},
    {"set('http://h/', 'host', 'a b')", "http://h/"},
    {"set('http://h/', 'host', '')", "http://h/"},
    {"set('http://h/', 'hostname', 'x:81')", "http://h/"},
    {"set('mailto:x', 'host', 'h')", "mailto:x"},
    {"set('http://h/', 'port', '8x')", "http://h:8/"},
    {"set('http://h:8/', 'port', '')", "http://h/"},
    {"set('http://h:8/', 'port', '99999')", "http://h:8/"},
    {"set('http://h/a', 'pathname', '../x y?#')", "http://h/x%20y%3F%23"},
    {"set('mailto:x', 'pathname', 'y')", "mailto:x"},
    {"set('http://h/?a', 'search', '')", "http://h/"},
    {"set('http://h/', 'search', 'a b\\'#')", "http://h/?a%20b%27%23"},
    {"set('http://h/#a', 'hash', '')", "http://h/"},
    {"set('http://h/', 'hash', '#a b')", "http://h/#a%20b"},
    {"set('http://h/', 'href', 'x')", "TypeError"},
    {"set('http://h/', 'href', 'foo:x')", "foo:x"},
    {"JSON.stringify({ u: new URL('http://h') })", "{\"u\":\"http://h/\"}"},
    {"new URL()", "TypeError"},
    {"URL('http://h')", "TypeError"},
    {"URL.prototype.href", "TypeError"},
    {"new URL('http://h/\\ud800').href", "http://h/%EF%BF%BD"},
    {"URL.name + URL.length + URL.canParse.length + Object.prototype.toString.call(new URL('a:b'))",
     "URL11[object URL]"},
    {"Object.keys(URL.prototype).join()",
     "href,origin,protocol,username,password,host,hostname,port,pathname,search,searchParams,hash,toString,toJSON"},
    /* Its query. */
    {"const u = new URL('http://h/?a=1&b=%20+'); u.searchParams.append('c', '\\u00fc&'); u.href",
     "http://h/?a=1&b=++&c=%C3%BC%26"},
    {"const u = new URL('http://h/?a=1'), p = u.searchParams; u.search = '?x=2'; p.get('x') + (p === u.searchParams)",
     "2true"},
    {"const u = new URL('http://h/?a=1'), p = u.searchParams; u.href = 'http://i/?y=3'; p + ''", "y=3"},
    {"const u = new URL('http://h/?a=1'); u.searchParams.delete('a'); u.href", "http://h/"},
    {"new URLSearchParams('?a=b&c&=d&&a=%zz%41+').toString()", "a=b&c=&=d&a=%25zzA+"},
    {"new URLSearchParams('a=%FF%C3').get('a').codePointAt(1)", "65533"},
    {"new URLSearchParams([['a', 1], ['b', 2]]) + '|' + new URLSearchParams({ x: 1, y: [2] }) + '|' + "
     "new URLSearchParams(new URLSearchParams('q=1')) + '|' + new URLSearchParams(new Map([['m', 0]]))",
     "a=1&b=2|x=1&y=2|q=1|m=0"},
    {"new URLSearchParams([['a']])", "TypeError"},
    {"const p = new URLSearchParams('a=1&b=2&a=3'); [p.get('a'), p.getAll('a'), p.get('z'), p.has('b'), "
     "p.has('b', '3'), p.size].join()",
     "1,1,3,,true,false,3"},
    {"const p = new URLSearchParams('a=1&b=2&a=3'); p.set('a', 9); p.set('c', 0); p.delete('b', 1); p + ''",
     "a=9&b=2&c=0"},
    {"const p = new URLSearchParams('z=1&\\uffff=2&\\u{1f600}=3&a=4&z=0'); p.sort(); [...p.values()].join('')",
     "41032"},
    {"const p = new URLSearchParams('a=1&b=2'); let s = ''; p.forEach((v, k, o) => s += k + v + (o === p)); "
     "s + [...p.keys()] + [...p]",
     "a1trueb2truea,ba,1,b,2"},
    {"URLSearchParams.prototype[Symbol.iterator] === URLSearchParams.prototype.entries", "true"},
    {"Object.prototype.toString.call(new URLSearchParams().keys())", "[object URLSearchParams Iterator]"},
    {"new URLSearchParams().keys().next.call({})", "TypeError"},
    {"new URLSearchParams({ 'a b~!\\'()*-._': '\\u00e9' }) + ''", "a+b%7E%21%27%28%29*-._=%C3%A9"},
};

static void url_objects(void) { CHECK_ROWS(url_rows); }

/* ---- Text and bytes ---- */

static row encoding_rows[] = {
    {"new TextEncoder().encode('a\\u00fc\\u20ac\\u{1f600}\\ud800')",
     "97,195,188,226,130,172,240,159,152,128,239,191,189"},
    {"new TextEncoder().encode().length + new TextEncoder().encoding", "0utf-8"},
    {"const b = new Uint8Array(4), r = new TextEncoder().encodeInto('\\u20ac\\u20ac', b); [r.read, r.written, b]",
     "1,3,226,130,172,0"},
    {"const b = new Uint8Array(9), r = new TextEncoder().encodeInto('x\\u{1f600}', b.subarray(2)); [r.read, r.written, "
     "b]",
     "3,5,0,0,120,240,159,152,128,0,0"},
    {"new TextEncoder().encodeInto('x', [])", "TypeError"},
    {"TextEncoder.prototype.encode.call({}, 'x')", "TypeError"},
    {"function decode(bytes, label, options) { return new TextDecoder(label, options).decode(new Uint8Array(bytes)) }\n"
     "function codes(text) { return [...text].map((c) => c.codePointAt(0).toString(16)) }\n"
     "codes(decode([0xef, 0xbb, 0xbf, 0x61, 0xe2, 0x82, 0xac]))",
     "61,20ac"},
    {"codes(decode([0xef, 0xbb, 0xbf, 0x61], 'utf8', { ignoreBOM: true }))", "feff,61"},
    {"codes(decode([0x61, 0xff, 0xf0, 0x9f, 0x98, 0x62, 0xe2, 0x82, 0xed, 0xa0, 0x80]))",
     "61,fffd,fffd,62,fffd,fffd,fffd,fffd"},
    {"decode([0xff], 'utf-8', { fatal: true })", "TypeError"},
    {"decode([0xe2, 0x82], 'utf-8', { fatal: true })", "TypeError"},
    {"codes(decode([0xff, 0xfe, 0x61, 0, 0x3d, 0xd8, 0, 0xde, 0, 0xdc], ' UTF-16 '))", "61,1f600,fffd"},
    {"codes(decode([0xfe, 0xff, 0, 0x61], 'utf-16be')) + codes(decode([0x61], 'utf-16le'))", "61fffd"},
    {"decode([0, 0xd8], 'utf-16le', { fatal: true })", "TypeError"},
    {"codes(decode([0x41, 0x80, 0x9f, 0xe9], 'latin1')) + new TextDecoder('ASCII').encoding",
     "41,20ac,178,e9windows-1252"},
    {"new TextDecoder('klingon')", "RangeError"},
    {"const d = new TextDecoder(), t = [0xef, 0xbb, 0xbf, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80].map((b) => "
     "d.decode(new Uint8Array([b]), { stream: true })); codes(t.join('')) + '|' + codes(d.decode())",
     "20ac,1f600|"},
    {"const d = new TextDecoder(); d.decode(new Uint8Array([0xe2, 0x82]), { stream: true }); codes(d.decode()) + "
     "codes(d.decode(new Uint8Array([0x61])))",
     "fffd61"},
    {"const d = new TextDecoder('utf-16le'); codes(d.decode(new Uint8Array([0x3d]), { stream: true }) + "
     "d.decode(new Uint8Array([0xd8, 0]), { stream: true }) + d.decode(new Uint8Array([0xde])))",
     "1f600"},
    {"new TextDecoder().decode(new DataView(new ArrayBuffer(2))).length + new TextDecoder().decode(new "
     "SharedArrayBuffer(3)).length + new TextDecoder().decode()",
     "5"},
    {"new TextDecoder().decode('x')", "TypeError"},
    {"const d = new TextDecoder('utf-8', { fatal: true }); [d.encoding, d.fatal, d.ignoreBOM]", "utf-8,true,false"},
    {"btoa('hi') + btoa('') + btoa('a\\xff')", "aGk=Yf8="},
    {"btoa('\\u0100')", "InvalidCharacterError"},
    {"atob(' aG k=\\n') + atob('aGk') + atob('') + atob(btoa('\\xff\\0'))", "hihi\377"},
    {"atob('a')", "InvalidCharacterError"},
    {"atob('aGk==')", "InvalidCharacterError"},
    {"atob('a=Gk')", "InvalidCharacterError"},
    {"atob()", "TypeError"},
};

static void encodings(void) {
  /* The row with a NUL and a Latin-1 character is easier asked for as a length. */
  CHECK_SCRIPT(context, "atob(btoa('\\xff\\0')).length", 2);
  for (size_t i = 0; i < COUNT(encoding_rows); ++i) {
    if (strstr(encoding_rows[i][0], "\\xff\\0") == NULL) check_rows(&encoding_rows[i], 1);
  }
}

/* ---- Events ---- */

static row event_rows[] = {
    {"const t = new EventTarget(), log = []; t.addEventListener('x', () => log.push('b')); "
     "t.addEventListener('x', () => log.push('c'), true); t.addEventListener('x', { handleEvent(e) { "
     "log.push(e.type, this.handleEvent !== undefined, e.target === t, e.currentTarget === t, e.eventPhase) } }); "
     "t.dispatchEvent(new Event('x')); log.join()",
     "c,b,x,true,true,true,2"},
    {"const t = new EventTarget(); let n = 0; const f = () => n++; t.addEventListener('x', f); t.addEventListener('x', "
     "f); "
     "t.addEventListener('x', f, { capture: true }); t.dispatchEvent(new Event('x')); t.removeEventListener('x', f); "
     "t.dispatchEvent(new Event('x')); n",
     "3"},
    {"const t = new EventTarget(); let n = 0; t.addEventListener('x', () => { n++; t.dispatchEvent(new Event('x')) }, "
     "{ once: true }); t.dispatchEvent(new Event('x')); n",
     "1"},
    {"const t = new EventTarget(); t.addEventListener('x', (e) => e.preventDefault()); "
     "[t.dispatchEvent(new Event('x', { cancelable: true })), t.dispatchEvent(new Event('x'))]",
     "false,true"},
    {"const t = new EventTarget(); t.addEventListener('x', (e) => e.preventDefault(), { passive: true }); "
     "t.dispatchEvent(new Event('x', { cancelable: true }))",
     "true"},
    {"const t = new EventTarget(); let n = 0; t.addEventListener('x', (e) => e.stopImmediatePropagation()); "
     "t.addEventListener('x', () => n++); t.dispatchEvent(new Event('x')); n",
     "0"},
    {"const t = new EventTarget(); let n = 0; t.addEventListener('x', () => { throw 1 }); t.addEventListener('x', () "
     "=> "
     "n++); t.dispatchEvent(new Event('x')); n",
     "1"},
    {"const t = new EventTarget(), c = new AbortController(); let n = 0; t.addEventListener('x', () => n++, { signal: "
     "c.signal }); t.dispatchEvent(new Event('x')); c.abort(); t.dispatchEvent(new Event('x')); n",
     "1"},
    {"const t = new EventTarget(); let n = 0; t.addEventListener('x', () => t.removeEventListener('x', g)); "
     "const g = () => n++; t.addEventListener('x', g); t.dispatchEvent(new Event('x')); n",
     "0"},
    {"const t = new EventTarget(); let e = new Event('x'), name; t.addEventListener('x', () => { try { "
     "t.dispatchEvent(e) } catch (e) { name = e.name + e.code } }); t.dispatchEvent(e); name",
     "InvalidStateError11"},
    {"new EventTarget().dispatchEvent({})", "TypeError"},
    {"new EventTarget().addEventListener('x', 5)", "TypeError"},
    {"EventTarget.prototype.addEventListener.call({}, 'x', null)", "TypeError"},
    {"class T extends EventTarget {}; Object.prototype.toString.call(new T())", "[object EventTarget]"},
    {"const e = new Event('x', { bubbles: true, composed: true }); [e.type, e.bubbles, e.cancelable, e.composed, "
     "e.isTrusted, e.defaultPrevented, e.target, e.composedPath().length, e.timeStamp >= 0, Event.AT_TARGET, e.NONE]",
     "x,true,false,true,false,false,,0,true,2,0"},
    {"new Event()", "TypeError"},
    {"const e = new CustomEvent('x', { detail: 7 }); e.detail + String(e instanceof Event) + new "
     "CustomEvent('y').detail",
     "7truenull"},
    {"const c = new AbortController(), s = c.signal; let log = [s.aborted, s.reason]; s.onabort = function (e) { "
     "log.push(this === s, e.type, e.isTrusted) }; c.abort('why'); c.abort('again'); [...log, s.aborted, "
     "s.reason].join()",
     "false,,true,abort,true,true,why"},
    {"const s = AbortSignal.abort(); s.reason.name + s.reason.code + (s.reason instanceof DOMException)",
     "AbortError20true"},
    {"try { AbortSignal.abort('x').throwIfAborted() } catch (e) { e }", "x"},
    {"const a = new AbortController(), b = new AbortController(), s = AbortSignal.any([a.signal, b.signal]), u = "
     "AbortSignal.any([s]); b.abort('b'); a.abort('a'); s.reason + u.reason",
     "bb"},
    {"AbortSignal.any([AbortSignal.abort('x')]).reason", "x"},
    {"AbortSignal.any([{}])", "TypeError"},
    {"new AbortSignal()", "TypeError"},
    {"typeof AbortSignal.timeout === typeof setTimeout", "true"},
    {"const e = new DOMException('m', 'NotFoundError'); [e.name, e.message, e.code, e instanceof Error, String(e), "
     "typeof e.stack, Object.prototype.toString.call(e), DOMException.NOT_FOUND_ERR]",
     "NotFoundError,m,8,true,NotFoundError: m,string,[object DOMException],8"},
    {"const e = new DOMException(); [e.name, e.message, e.code]", "Error,,0"},
    {"const e = new DOMException('m', { name: 'AbortError', cause: 5 }); [e.name, e.code, e.cause]", "AbortError,20,5"},
    {"DOMException.prototype.code", "TypeError"},
};

static void events(void) { CHECK_ROWS(event_rows); }

/* ---- The rest ---- */

static row utility_rows[] = {
    {"const o = { d: new Date(5), m: new Map([[1, new Set([2])]]), r: /x/g, n: -0, u: undefined, b: 1n, a: [, 1] }; "
     "o.self "
     "= o; const c = structuredClone(o); [c !== o, c.self === c, +c.d, [...c.m.get(1)], c.r, Object.is(c.n, -0), 'u' "
     "in c, "
     "c.b, 0 in c.a]",
     "true,true,5,2,/x/g,true,true,1,false"},
    {"const e = structuredClone(new RangeError('r')); e.name + e.message + (e instanceof RangeError)",
     "RangeErrorrtrue"},
    {"structuredClone(() => {})", "DataCloneError"},
    {"structuredClone(Symbol())", "DataCloneError"},
    {"structuredClone(new WeakMap())", "DataCloneError"},
    {"structuredClone({ get a() { throw new RangeError() } })", "RangeError"},
    {"structuredClone()", "TypeError"},
    {"const b = new ArrayBuffer(4), v = new Uint8Array(b); v[1] = 7; const c = structuredClone(v, { transfer: [b] }); "
     "[b.byteLength, v.length, c]",
     "0,0,0,7,0,0"},
    {"const b = new ArrayBuffer(4); structuredClone(b, { transfer: [b, b] })", "DataCloneError"},
    {"structuredClone(1, { transfer: [{}] })", "DataCloneError"},
    {"structuredClone(1, { transfer: [new SharedArrayBuffer(1)] })", "DataCloneError"},
    {"const b = new ArrayBuffer(4); structuredClone(b, { transfer: [b] }); structuredClone(b)", "DataCloneError"},
    {"const b = new ArrayBuffer(4); structuredClone({ get x() { structuredClone(b, { transfer: [b] }) } }, { transfer: "
     "[b] "
     "})",
     "DataCloneError"},
    {"const e = new ArrayBuffer(0); structuredClone(e, { transfer: [e] }).byteLength", "0"},
    {"const s = new SharedArrayBuffer(4), c = structuredClone([s, s]); new Uint8Array(c[0])[0] = 9; new "
     "Uint8Array(s)[0]",
     "9"},
    {"const m = new WebAssembly.Memory({ initial: 1 }); structuredClone(m.buffer, { transfer: [m.buffer] })",
     "DataCloneError"},
    {"structuredClone(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))) instanceof "
     "WebAssembly.Module",
     "true"},
    {"let deep = []; for (let i = 0; i < 1e6; i++) deep = [deep]; structuredClone(deep)", "RangeError"},
    {"const a = new Uint8Array(1000); crypto.getRandomValues(a) === a && new Set(a).size > 100", "true"},
    {"crypto.getRandomValues(new Uint8Array(65537))", "QuotaExceededError"},
    {"crypto.getRandomValues(new Float32Array(1))", "TypeMismatchError"},
    {"crypto.getRandomValues([])", "TypeError"},
    {"/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID())", "true"},
    {"new Crypto()", "TypeError"},
    {"const { randomUUID } = crypto; randomUUID()", "TypeError"},
    {"const a = performance.now(), b = performance.now(); a >= 0 && b >= a && Math.abs(performance.timeOrigin + b - "
     "Date.now()) < 1000",
     "true"},
    {"performance instanceof EventTarget && JSON.stringify(performance) === "
     "`{\"timeOrigin\":${performance.timeOrigin}}`",
     "true"},
    {"['URL', 'atob', 'crypto', 'performance', 'structuredClone', 'DOMException'].map((name) => { const d = "
     "Object.getOwnPropertyDescriptor(globalThis, name); return [d.enumerable, d.writable, d.configurable].join('') })",
     "falsetruetrue,truetruetrue,truetrue,truetruetrue,truetruetrue,falsetruetrue"},
};

static void utilities(void) { CHECK_ROWS(utility_rows); }

/* ---- Guests that break what they can ---- */

static row tampered_rows[] = {
    {"new URL('../x?a=1#b', 'http://u:p@h:8/a/b/c').href", "http://u:p@h:8/a/x?a=1#b"},
    {"const u = new URL('http://h/?b=2&a=1'); u.searchParams.append('c', '3'); u.searchParams.sort(); u.href",
     "http://h/?a=1&b=2&c=3"},
    {"const u = new URL('http://h/?b=2'); u.searchParams.set('b', 'x y'); u.search", "?b=x+y"},
    {"const b = new TextEncoder().encode('a\\u00fc'); b[0] + ' ' + b[2]", "97 188"},
    {"const b = new TextEncoder().encode('a\\u00fcx'); new TextDecoder('utf-8', { __proto__: null }).decode(b) === "
     "'a\\u00fcx'",
     "true"},
    {"atob(btoa('hi'))", "hi"},
    {"atob('*')", "InvalidCharacterError"},
    {"const t = new EventTarget(); let n = 0; t.addEventListener('x', () => n++); t.addEventListener('x', () => n++, "
     "true); "
     "t.dispatchEvent(new Event('x')); n",
     "2"},
    {"const c = new AbortController(); let n = 0; c.signal.onabort = () => n++; c.abort(); n + c.signal.reason.name",
     "1AbortError"},
    {"structuredClone({ a: 1 }).a", "1"},
    {"crypto.randomUUID().length", "36"},
    {"performance.now() >= 0", "true"},
};

static void tampering(void) {
  context = with(MINIRACER_CONTEXT_WEB);
  EXECUTE(context,
          "{ const broken = () => { throw new Error('the guest ran') };\n"
          "const { defineProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;\n"
          "const all = [Array.prototype, String.prototype, RegExp.prototype, Map.prototype, Set.prototype, "
          "WeakMap.prototype,"
          "  Symbol.prototype, Number.prototype, Object.getPrototypeOf(Uint8Array.prototype), Promise.prototype,"
          "  Object.getPrototypeOf([][Symbol.iterator]()), Reflect, Object, Array, JSON, Math, Number, Symbol];\n"
          "for (let i = 0; i < all.length; i++) {\n"
          "  const keys = ownKeys(all[i]);\n"
          "  for (let k = 0; k < keys.length; k++) {\n"
          "    const { value, writable } = getOwnPropertyDescriptor(all[i], keys[k]);\n"
          "    if (typeof value === 'function' && writable && keys[k] !== 'constructor') all[i][keys[k]] = broken;\n"
          "  }\n"
          "}\n"
          "Function.prototype.call = Function.prototype.apply = Function.prototype.bind = broken;\n"
          "const names = ['0', '1', '2', 'get', 'set', 'value', 'once', 'callback', 'next', 'done', 'then'];\n"
          "for (let i = 0; i < names.length; i++)\n"
          "  defineProperty(all[0], names[i], { __proto__: null, get: undefined, set: broken, configurable: true });\n"
          "const taken = ['Map', 'Set', 'Uint8Array', 'Error', 'TypeError', 'DOMException', 'Proxy', 'Symbol',"
          "  'Promise', 'ArrayBuffer', 'URLSearchParams', 'AbortSignal'];\n"
          "for (let i = 0; i < taken.length; i++) globalThis[taken[i]] = broken; }");
  CHECK_ROWS(tampered_rows);
  OK(miniracer_context_dispose(context));
}

/* Out of stack in the middle of it: an error of the guest's own realm, and no other. */
static void exhausted(void) {
  CHECK_SCRIPT_TEXT(context,
                    "function deep() { try { deep() } catch (e) { for (const f of [() => new URL('http://h/a'),"
                    "  () => new TextDecoder().decode(new TextEncoder().encode('x')), () => structuredClone([[1]]),"
                    "  () => new EventTarget().dispatchEvent(new Event('x'))]) {"
                    "  try { f() } catch (e) { if (!(e instanceof RangeError)) throw new Error('foreign: ' + e) } } } }"
                    "deep(); 'fine'",
                    "fine");
  CHECK_SCRIPT_TEXT(
      context,
      "function dive() { try { new URL('http://h/a'); dive() } catch (e) { if (!(e instanceof RangeError)) "
      "return 'foreign ' + e; throw e } } try { dive() } catch (e) { String(e instanceof RangeError) }",
      "true");
}

static void flags(void) {
  miniracer_context plain = with(0);
  CHECK_SCRIPT_TEXT(plain, "typeof URL + typeof structuredClone + typeof setTimeout", "undefinedundefinedundefined");
  OK(miniracer_context_dispose(plain));
  miniracer_context_options options = context_options(1u << 30);
  miniracer_error *error = NULL;
  CHECK_STATUS(MINIRACER_UNKNOWN_FLAG, miniracer_context_new(isolate, &options, &plain, &error));
  CHECK_TEXT("options.flags: unknown bits 1073741824", error->message);
  miniracer_error_free(error);
  /* What one context throws away, the next has again. */
  miniracer_context one = with(MINIRACER_CONTEXT_WEB), other = with(MINIRACER_CONTEXT_WEB);
  EXECUTE(one, "delete globalThis.URL; TextEncoder = 1");
  CHECK_SCRIPT_TEXT(other, "typeof URL + typeof TextEncoder", "functionfunction");
  OK(miniracer_context_dispose(one));
  OK(miniracer_context_dispose(other));
  /* None is kept alive by what it was given. */
  for (int i = 0; i < 5 && statistics_of(isolate).detached_context_count != 0; ++i) collect_all(isolate);
  CHECK_INT(0, statistics_of(isolate).detached_context_count);
  /* The host is told of a DOMException by its name. */
  CHECK_STATUS(MINIRACER_EXCEPTION, evaluate(context, "atob('*')", NULL, &(miniracer_value){0}, &error));
  CHECK_TEXT("InvalidCharacterError", error->name);
  CHECK_TEXT("The string is not correctly encoded", error->message);
  CHECK((error->flags & MINIRACER_ERROR_NATIVE) != 0);
  CHECK_INT(1, error->frame_count);
  miniracer_error_free(error);
}

int main(void) {
  isolate = new_isolate();
  context = with(MINIRACER_CONTEXT_WEB);
  RUN(url_parsing);
  RUN(url_objects);
  RUN(encodings);
  RUN(events);
  RUN(utilities);
  RUN(exhausted);
  RUN(flags);
  RUN(tampering);
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
