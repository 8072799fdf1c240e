const p = new Proxy([1, 2], { get(t, k) { return t[k] }, ownKeys: () => ['0', 'length'] });
({ p, q: new Proxy(() => {}, {}) })