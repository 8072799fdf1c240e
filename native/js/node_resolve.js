// From a specifier to a file: the algorithms of Node's documentation, "ECMAScript modules: Resolution Algorithm
// Specification" and "CommonJS modules: All together". Runs in the hidden realm, which is where its failures stay: a result
// is a string, or [what went wrong].
//
// look(path): 0 nothing, 1 file, 2 folder, 3 something else, 4 outside of the folders. real(path), outside(path), and
// read(path), which throws a string. root, packages: real paths.
'use strict';
(function (look, real, outside, read, root, packages, conditions) {
  class Failure {
    constructor(text) { this.text = text; }
  }
  const fail = (text) => { throw new Failure(text); };

  const NODE_ITSELF = new Set(('assert async_hooks buffer child_process cluster console constants crypto dgram ' +
    'diagnostics_channel dns domain events fs http http2 https inspector module net os path perf_hooks process ' +
    'punycode querystring readline repl stream string_decoder sys test timers tls trace_events tty url util v8 vm ' +
    'wasi worker_threads zlib').split(' '));

  // ---- Paths and URLs ----

  const folderOf = (path) => path.slice(0, Math.max(path.lastIndexOf('/'), 1));
  const join = (folder, rest) => {
    const parts = [];
    for (const part of (folder + '/' + rest).split('/')) {
      if (part === '..') parts.pop();
      else if (part !== '' && part !== '.') parts.push(part);
    }
    return '/' + parts.join('/');
  };
  const toUrl = (path) => 'file://' + path.split('/').map(encodeURIComponent).join('/')
    .replace(/%(?:40|3A|24|26|2B|2C|3B|3D)/g, decodeURIComponent);
  const cut = (url) => {
    const end = url.search(/[?#]/);
    return end < 0 ? [url, ''] : [url.slice(0, end), url.slice(end)];
  };
  const decode = (text) => {
    if (/%2f|%5c/i.test(text)) fail('an encoded slash in a path');
    try {
      return decodeURIComponent(text);
    } catch {
      return fail('ill-formed percent-encoding');
    }
  };
  // The path of a file: URL, or undefined.
  const toPath = (url) => {
    const match = /^file:(?:\/\/(?:localhost)?)?(\/[^]*)$/i.exec(cut(url)[0]);
    return match === null ? undefined : join('/', decode(match[1]));
  };
  // Where a module or script of that name looks from.
  const baseOf = (referrer) => {
    if (referrer === undefined) return root;
    if (referrer[0] === '/') return folderOf(referrer);
    if (!/^[a-z][a-z0-9+.-]*:/i.test(referrer)) { // a name from the root on, if it may be one
      const folder = folderOf(join(root, referrer));
      return folder.startsWith(root) && look(folder) === 2 ? folder : root;
    }
    if (!/^file:/i.test(referrer)) return root;
    const path = /^file:\/\/(\/[^?#]*)/i.exec(referrer);
    return path === null ? root : folderOf(decode(path[1]));
  };

  // ---- Files ----

  const isFile = (path) => look(path) === 1;
  // The file that a path finally means.
  const finish = (path, tail = '') => {
    const is = look(path);
    if (is === 4) fail(outside(path));
    if (is === 0) fail(path + ': no such file');
    if (is === 2) fail(path + ' is a folder, and import needs the name of a file');
    if (is !== 1) fail(path + ' is no regular file');
    return toUrl(real(path)) + tail;
  };

  const manifests = new Map();
  const readManifest = (folder) => {
    const path = folder === '/' ? '/package.json' : folder + '/package.json';
    if (!manifests.has(path)) {
      let manifest = null;
      if (isFile(path)) {
        try {
          manifest = JSON.parse(read(path));
        } catch (error) {
          fail(typeof error === 'string' ? error : path + ': ' + error.message);
        }
        if (typeof manifest !== 'object' || Array.isArray(manifest)) manifest = {};
      }
      manifests.set(path, manifest);
    }
    return manifests.get(path);
  };
  // [folder, manifest] of the package that a folder is part of.
  const scopeOf = (folder) => {
    for (;;) {
      if (folder.endsWith('/node_modules') || look(folder) === 4) return [folder, null];
      const manifest = readManifest(folder);
      if (manifest !== null || folder === '/') return [folder, manifest];
      folder = folderOf(folder);
    }
  };

  // ---- require's guesses ----

  const asFile = (path) => {
    if (isFile(path)) return path;
    return ['.js', '.json'].map((ending) => path + ending).find(isFile);
  };
  const asIndex = (path) => ['/index.js', '/index.json'].map((name) => path + name).find(isFile);
  const asFolder = (path) => {
    if (look(path) !== 2) return undefined;
    const manifest = readManifest(path);
    if (manifest !== null && typeof manifest.main === 'string' && manifest.main !== '') {
      const main = join(path, manifest.main);
      const found = asFile(main) ?? asIndex(main);
      if (found !== undefined) return found;
    }
    return asIndex(path);
  };
  const guess = (path, slash) => (slash ? undefined : asFile(path)) ?? asFolder(path);
  const guessOrFail = (path, slash) => {
    const found = guess(path, slash);
    if (found !== undefined) return finish(found);
    // Endings tried, a link that leads out is the likeliest reason.
    for (const tried of [path, path + '.js', path + '.json']) if (look(tried) === 4) fail(outside(tried));
    return fail(path + ': no such file or folder');
  };

  // ---- package.json: exports and imports ----

  const within = (folder, target, star, what) => {
    const bad = /(^|[\\/])(\.\.?|node_modules)([\\/]|$)/i;
    if (bad.test(target.slice(2)) || (star !== undefined && bad.test(star))) {
      fail(what + ': the target ' + JSON.stringify(target) + ' is not allowed');
    }
    return join(folder, star === undefined ? target : target.replaceAll('*', () => star));
  };

  // A path, or null or undefined where there is none. `base`: for targets that name another package.
  const target = (folder, value, star, wanted, what, bare, require) => {
    if (typeof value === 'string') {
      if (value.startsWith('./')) return finish(within(folder, value, star, what));
      if (!bare || value.startsWith('../') || value.startsWith('/')) {
        fail(what + ': the target ' + JSON.stringify(value) + ' does not begin with ./');
      }
      return resolvePackage(star === undefined ? value : value.replaceAll('*', () => star), folder, require);
    }
    if (Array.isArray(value)) {
      let last = value.length === 0 ? null : undefined;
      for (const one of value) {
        try {
          const found = target(folder, one, star, wanted, what, bare, require);
          if (found === undefined) continue;
          if (found !== null) return found;
          last = null;
        } catch (failure) {
          if (!(failure instanceof Failure)) throw failure;
          last = failure;
        }
      }
      if (last instanceof Failure) throw last;
      return last;
    }
    if (typeof value === 'object' && value !== null) {
      for (const [key, one] of Object.entries(value)) {
        if (key !== 'default' && !wanted.has(key)) continue;
        const found = target(folder, one, star, wanted, what, bare, require);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    return value === null ? null : fail(what + ': a target that is neither text nor object');
  };

  const match = (folder, table, key, what, bare, require) => {
    const wanted = new Set([require ? 'require' : 'import', ...conditions]);
    if (Object.hasOwn(table, key) && !key.includes('*')) {
      return target(folder, table[key], undefined, wanted, what, bare, require);
    }
    let best, bestHead = '';
    for (const pattern of Object.keys(table)) {
      const star = pattern.indexOf('*');
      if (star < 0 || star !== pattern.lastIndexOf('*')) continue;
      const head = pattern.slice(0, star), tail = pattern.slice(star + 1);
      const fits = key.startsWith(head) && key !== head && key.endsWith(tail) && key.length >= pattern.length;
      if (!fits || (best !== undefined &&
          (head.length < bestHead.length || (head.length === bestHead.length && pattern.length < best.length)))) continue;
      best = pattern;
      bestHead = head;
    }
    if (best === undefined) return undefined;
    const star = key.slice(bestHead.length, key.length - (best.length - bestHead.length - 1));
    return target(folder, table[best], star, wanted, what, bare, require);
  };

  const resolveExports = (folder, manifest, subpath, require) => {
    const { exports } = manifest, what = folder + '/package.json, exports';
    const keys = typeof exports === 'object' && !Array.isArray(exports) ? Object.keys(exports) : [];
    const dots = keys.filter((key) => key.startsWith('.')).length;
    if (dots !== 0 && dots !== keys.length) fail(what + ': some keys begin with a dot and some do not');
    const found = match(folder, dots === 0 ? { '.': exports } : exports, subpath, what, false, require);
    return found ?? fail(what + ': no ' + JSON.stringify(subpath) + ' for ' + (require ? 'require' : 'import'));
  };

  // ---- Specifiers ----

  const resolvePackage = (specifier, base, require) => {
    const parts = /^((?:@[^/\\%]+\/)?[^./\\%@][^/\\%]*)(\/[^]*)?$/.exec(specifier);
    if (parts === null) return fail('not the name of a package');
    const [, name, rest = ''] = parts, subpath = '.' + rest;
    if (/(^|\/)\.\.(\/|$)/.test(rest)) fail('.. in the path within a package');
    const [self, own] = scopeOf(base);
    if (own !== null && own.name === name && own.exports != null) return resolveExports(self, own, subpath, require);
    const places = [];
    for (let folder = base; look(folder) !== 4; folder = folderOf(folder)) {
      if (!folder.endsWith('/node_modules')) places.push((folder === '/' ? '' : folder) + '/node_modules');
      if (folder === '/') break;
    }
    let astray;
    for (const place of [...places, ...packages]) {
      const folder = place + '/' + name, is = look(folder);
      if (is === 4) astray ??= folder;
      if (is === 2) {
        const manifest = readManifest(folder);
        if (manifest !== null && manifest.exports != null) {
          return resolveExports(folder, manifest, subpath, require);
        }
        const slash = rest.endsWith('/');
        if (require) {
          const found = guess(join(folder, subpath), slash);
          if (found !== undefined) return finish(found);
        } else {
          if (rest !== '') return finish(join(folder, decode(subpath)));
          const found = asFolder(folder);
          if (found !== undefined) return finish(found);
        }
      } else if (require) {  // Debian has packages of one file
        const found = asFile(join(place, name + rest));
        if (found !== undefined) return finish(found);
      }
    }
    if (astray !== undefined) fail(outside(astray));
    if (NODE_ITSELF.has(name)) fail('a module of Node.js itself, which is not provided here');
    return fail('no package ' + JSON.stringify(name) + ' in ' + (places.length === 0 ? '' : base + '/node_modules, the ' +
      'node_modules above it') + (packages.length === 0 ? '' : ' or ' + packages.join(', ')));
  };

  const resolveInternal = (specifier, base, require) => {
    const [folder, manifest] = scopeOf(base), imports = manifest?.imports;
    if (specifier === '#' || specifier.startsWith('#/')) fail('not a name that package.json can give');
    const table = typeof imports === 'object' && imports !== null ? imports : {};
    return match(folder, table, specifier, folder + '/package.json, imports', true, require) ??
      fail(manifest === null ? 'no package.json above ' + base + ' gives such a name' :
        folder + '/package.json has no such name in its imports');
  };

  const find = (specifier, referrer, require) => {
    const base = baseOf(referrer);
    if (specifier.startsWith('node:')) fail('a module of Node.js itself, which is not provided here');
    if (/^file:/i.test(specifier)) {
      return finish(toPath(specifier) ?? fail('not the URL of a file here'), cut(specifier)[1]);
    }
    if (/^\.{0,2}\//.test(specifier) || specifier === '.' || specifier === '..') {
      const from = specifier[0] === '/' ? '/' : base;
      if (require) return guessOrFail(join(from, specifier), /(^|\/)\.{0,2}$/.test(specifier));
      const [path, tail] = cut(specifier);
      return finish(join(from, decode(path)), tail);
    }
    if (/^[a-z][a-z0-9+.-]*:/i.test(specifier)) fail('not a URL that the loader for files knows');
    if (specifier[0] === '#') return resolveInternal(specifier, base, require);
    return resolvePackage(specifier, base, require);
  };

  const guarded = (work) => {
    try {
      return work();
    } catch (failure) {
      if (failure instanceof Failure) return [failure.text];
      if (typeof failure === 'string') return [failure];
      throw failure;
    }
  };

  return {
    resolve: (specifier, referrer, require) => guarded(() => find(specifier, referrer, require)),
    path: (url) => guarded(() => toPath(url)),
    toUrl,
    // 'module', 'commonjs', 'json', or 'unknown': what its text looks like.
    type: (path) => guarded(() => {
      const ending = /\.(mjs|cjs|json)$/.exec(path);
      if (ending !== null) return { mjs: 'module', cjs: 'commonjs', json: 'json' }[ending[1]];
      const type = scopeOf(folderOf(path))[1]?.type;
      return type === 'module' || type === 'commonjs' ? type : 'unknown';
    }),
  };
});
