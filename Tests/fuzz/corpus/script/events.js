const t = new EventTarget(), c = new AbortController();
t.addEventListener('e', (e) => c.abort(e), { signal: c.signal, once: true });
t.dispatchEvent(new Event('e'));
c.signal