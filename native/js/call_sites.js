// What V8's CallSite objects, which may be of any realm, tell of a stack. Runs in the hidden realm, whose CallSite.prototype no
// guest can reach.
'use strict';
(() => {
  const prepare = Error.prepareStackTrace;
  Error.prepareStackTrace = (_, sites) => sites;
  const probe = new Error();
  const site = probe.stack[0];
  Error.prepareStackTrace = prepare;
  if (typeof site !== 'object') throw probe;  // V8 is in the middle of some other stack
  const take = (name) => Function.prototype.call.bind(Object.getPrototypeOf(site)[name]);
  const isAsync = take('isAsync');
  const isConstructor = take('isConstructor');
  const isToplevel = take('isToplevel');
  const lineOf = take('getLineNumber');
  const columnOf = take('getColumnNumber');
  const fileOf = take('getScriptNameOrSourceURL');
  const functionOf = take('getFunctionName');
  const typeOf = take('getTypeName');
  const textOf = take('toString');

  // As V8 writes it: with the class of the object that it is a method of.
  const nameOf = (site) => {
    const name = functionOf(site);
    if (!name) return '';
    const type = isToplevel(site) || isConstructor(site) ? null : typeOf(site);
    return type && !name.startsWith(type) ? `${type}.${name}` : name;
  };

  // Five for each site, from the innermost: line, 0 for what is no script's; column; how it differs from plain code;
  // function; file, or what else stands in its place. Undefined where all are plain code.
  const describe = (sites, most) => {
    const list = [];
    let plain = true;
    for (let i = 0; i < sites.length && i < most; i++) {
      const site = sites[i];
      const line = lineOf(site);
      const waiting = isAsync(site);
      if (line !== null && !waiting) {
        list.push(line, columnOf(site), '', '', '');
        continue;
      }
      plain = false;
      if (line !== null) {
        list.push(line, columnOf(site) ?? 0, 'async', nameOf(site), fileOf(site) ?? '');
      } else if (waiting) {
        const text = textOf(site);  // async Promise.all (index 0)
        const open = text.indexOf(' (');
        list.push(0, 0, 'async', text.slice(6, open), text.slice(open + 2, -1));
      } else {
        list.push(0, 0, isConstructor(site) ? 'constructor' : 'native', nameOf(site), '<anonymous>');
      }
    }
    return plain ? undefined : list;
  };

  // With a stack that holds nothing of the guest's.
  const newError = () => {
    const most = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    const error = new Error();
    Error.stackTraceLimit = most;
    return error;
  };

  return { describe, newError };
});
