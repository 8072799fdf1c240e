// require and the modules that it loads, for a guest's context: the script refers to nothing that a guest can change. What
// it is given are functions of the library's: locate(specifier, from), pathOf(url), folderOf(path), open(url, specifier, from),
// compile(source, url), call(wrapper, exports, require, module, file, folder), parse(source, url, specifier, from),
// importNow(url, specifier, from), define(object, key, value), ended(file): whether a limit ended the file's first run, in
// which case no `finally` ran either.
'use strict';
(function (locate, pathOf, folderOf, open, compile, call, parse, importNow, define, ended) {
  const cache = { __proto__: null };
  const extensions = { __proto__: null };
  let main;

  const load = (url, specifier, from) => {
    const file = pathOf(url);
    if (file === undefined) return importNow(url, specifier, from);  // the host's
    const cached = cache[file];
    if (cached !== undefined && !ended(file)) return cached.exports;
    const opened = open(url, specifier, from);
    if (opened.kind === 'module') return importNow(url, specifier, from);
    const path = folderOf(file);
    const module = { id: file, path, exports: {}, filename: file, loaded: false, children: [], paths: [] };
    main ??= module;
    const require = makeRequire(url);
    define(module, 'require', require);
    cache[file] = module;
    let done = false;
    try {
      if (opened.kind === 'json') {
        module.exports = parse(opened.source, url, specifier, from);
      } else {
        call(compile(opened.source, url), module.exports, require, module, file, path);
      }
      done = true;
    } finally {
      if (!done) delete cache[file];
    }
    module.loaded = true;
    return module.exports;
  };

  const makeRequire = (from) => {
    const require = (specifier) => load(locate(specifier, from), specifier, from);
    const resolve = (specifier) => {
      const url = locate(specifier, from);
      return pathOf(url) ?? url;
    };
    define(require, 'resolve', resolve);
    define(require, 'cache', cache);
    define(require, 'extensions', extensions);
    define(require, 'main', main);
    return require;
  };

  return { __proto__: null, makeRequire, load };
});
