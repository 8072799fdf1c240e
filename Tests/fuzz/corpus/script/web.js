const u = new URL('https://user@example.com:8080/a/b?c=d#e');
u.searchParams.append('x', 'y');
structuredClone({ u: u.href, d: new Date(1), e: new Error('x'), b: new Uint8Array(4).buffer })