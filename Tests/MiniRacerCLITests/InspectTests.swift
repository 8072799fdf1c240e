import Testing

/// What values look like. The expectations are Node's `util.inspect`, but for the last group.
@Suite(.enabled(if: ToolRun.hasLibrary))
struct InspectTests {
  @Test(arguments: rows) func value(_ source: String, _ expected: String) throws {
    let run = try ToolRun(["eval", "--", source])
    #expect(run.output == expected + "\n")
    #expect(run.error == "")
    #expect(run.exitCode == 0)
  }

  static let rows: [(String, String)] = [
    (#"42"#, #"42"#),
    (#"-0"#, #"-0"#),
    (#"NaN"#, #"NaN"#),
    (#"1e21"#, #"1e+21"#),
    (#"1e-7"#, #"1e-7"#),
    (#"10n"#, #"10n"#),
    (#"true"#, #"true"#),
    (#"null"#, #"null"#),
    (#"undefined"#, #"undefined"#),
    (#"Symbol('s')"#, #"Symbol(s)"#),
    (#"Symbol()"#, #"Symbol()"#),
    (
      #"['a', "it's", '"both\' `', 'tab\t', '\x1b', '\ud83d', '😀']"#,
      #"[ 'a', "it's", '"both\' `', 'tab\t', '\x1B', '\ud83d', '😀' ]"#
    ),
    (#"['\\']"#, #"[ '\\' ]"#),
    (#"({})"#, #"{}"#),
    (#"[]"#, #"[]"#),
    (#"({ a: 1, b: [1, 2] })"#, #"{ a: 1, b: [ 1, 2 ] }"#),
    (#"({ 'a-b': 1, 2: 3, $c: 4, [Symbol('k')]: 5 })"#, #"{ '2': 3, 'a-b': 1, '$c': 4, [Symbol(k)]: 5 }"#),
    (#"[[[[]]]]"#, #"[ [ [ [] ] ] ]"#),
    (#"[[[[1]]]]"#, #"[ [ [ [Array] ] ] ]"#),
    (#"({ a: { b: { c: {} } } })"#, #"{ a: { b: { c: {} } } }"#),
    (#"({ a: { b: { c: { d: 1 } } } })"#, #"{ a: { b: { c: [Object] } } }"#),
    (#"({ a: { b: { c: new Map([[1, 2]]) } } })"#, #"{ a: { b: { c: [Map] } } }"#),
    (
      #"({ a: { b: { c: Object.create(null, { x: { value: 1, enumerable: true } }) } } })"#,
      #"{ a: { b: { c: [Object: null prototype] } } }"#
    ),
    (
      #"({ get a() { throw 1 }, set b(v) {}, get c() { throw 2 }, set c(v) {} })"#,
      #"{ a: [Getter], b: [Setter], c: [Getter/Setter] }"#
    ),
    (#"const o = { a: 1 }; o.self = o; o"#, #"<ref *1> { a: 1, self: [Circular *1] }"#),
    (
      #"const o = {}; o.o = [o, { o }]; [o, o]"#,
      #"""
      [
        <ref *1> { o: [ [Circular *1], [Object] ] },
        <ref *1> { o: [ [Circular *1], [Object] ] }
      ]
      """#
    ),
    (#"const s = new Set(); s.add(s); s"#, #"<ref *1> Set(1) { [Circular *1] }"#),
    (
      #"const a = { n: 1 }, b = { n: 2 }; a.b = b; b.a = a; [a, b]"#,
      #"""
      [
        <ref *1> { n: 1, b: { n: 2, a: [Circular *1] } },
        <ref *2> { n: 2, a: <ref *1> { n: 1, b: [Circular *2] } }
      ]
      """#
    ),
    (#"(function foo() {})"#, #"[Function: foo]"#),
    (#"(() => {})"#, #"[Function (anonymous)]"#),
    (#"(async () => {})"#, #"[AsyncFunction (anonymous)]"#),
    (#"(function* gen() {})"#, #"[GeneratorFunction: gen]"#),
    (#"(async function* ag() {})"#, #"[AsyncGeneratorFunction: ag]"#),
    (#"Object.assign(function foo() {}, { a: 1 })"#, #"[Function: foo] { a: 1 }"#),
    (#"Object.setPrototypeOf(function f() {}, null)"#, #"[Function (null prototype): f]"#),
    (#"Math.max"#, #"[Function: max]"#),
    (#"class A {}; A"#, #"[class A]"#),
    (#"(class {})"#, #"[class (anonymous)]"#),
    (#"class A {}; class B extends A {}; B"#, #"[class B extends A]"#),
    (#"class C extends Array {}; C"#, #"[class C extends Array]"#),
    (#"class Point { constructor() { this.x = 1 } }; new Point"#, #"Point { x: 1 }"#),
    (#"class Empty {}; new Empty"#, #"Empty {}"#),
    (#"class M extends Map {}; new M([[1, 2]])"#, #"M(1) [Map] { 1 => 2 }"#),
    (#"class L extends Array {}; L.of(1, 2)"#, #"L(2) [ 1, 2 ]"#),
    (#"class A {}; A.prototype"#, #"{}"#),
    (#"class A {}; class B extends A {}; new B"#, #"B {}"#),
    (#"new (class {})"#, #"{}"#),
    (#"Object.create(null)"#, #"[Object: null prototype] {}"#),
    (#"Object.assign(Object.create(null), { a: 1 })"#, #"[Object: null prototype] { a: 1 }"#),
    (#"Object.setPrototypeOf([1, 2], null)"#, #"[Array(2): null prototype] [ 1, 2 ]"#),
    (#"Object.create({ inherited: 1 })"#, #"{}"#),
    (#"({ [Symbol.toStringTag]: 'T', a: 1 })"#, #"{ a: 1, [Symbol(Symbol.toStringTag)]: 'T' }"#),
    (#"Object.create({ [Symbol.toStringTag]: 'T' })"#, #"Object [T] {}"#),
    (#"[1, , 3, , , ]"#, #"[ 1, <1 empty item>, 3, <2 empty items> ]"#),
    (#"[, 1]"#, #"[ <1 empty item>, 1 ]"#),
    (#"new Array(5)"#, #"[ <5 empty items> ]"#),
    (#"const a = [1]; a[1000] = 2; a"#, #"[ 1, <999 empty items>, 2 ]"#),
    (#"Object.assign([1, 2], { k: 'v' })"#, #"[ 1, 2, k: 'v' ]"#),
    (#"[undefined, null]"#, #"[ undefined, null ]"#),
    (#"new Map([['a', 1], [{ k: 1 }, [2]]])"#, #"Map(2) { 'a' => 1, { k: 1 } => [ 2 ] }"#),
    (#"new Map()"#, #"Map(0) {}"#),
    (#"new Set([1, 'a', {}])"#, #"Set(3) { 1, 'a', {} }"#),
    (#"new Set()"#, #"Set(0) {}"#),
    (#"new Date(0)"#, #"1970-01-01T00:00:00.000Z"#),
    (#"new Date(NaN)"#, #"Invalid Date"#),
    (#"/a\/b/gi"#, #"/a\/b/gi"#),
    (#"Object.assign(/x/, { a: 1 })"#, #"/x/ { a: 1 }"#),
    (#"/x/dgimsuy"#, #"/x/dgimsuy"#),
    (#"new Uint8Array([1, 2, 3])"#, #"Uint8Array(3) [ 1, 2, 3 ]"#),
    (#"new Float64Array(2)"#, #"Float64Array(2) [ 0, 0 ]"#),
    (#"new BigInt64Array(1)"#, #"BigInt64Array(1) [ 0n ]"#),
    (#"new Uint16Array()"#, #"Uint16Array(0) []"#),
    (#"new ArrayBuffer(4)"#, #"ArrayBuffer { [Uint8Contents]: <00 00 00 00>, byteLength: 4 }"#),
    (#"new SharedArrayBuffer(2)"#, #"SharedArrayBuffer { [Uint8Contents]: <00 00>, byteLength: 2 }"#),
    (
      #"new DataView(new ArrayBuffer(4), 1)"#,
      #"""
      DataView {
        byteLength: 3,
        byteOffset: 1,
        buffer: ArrayBuffer { [Uint8Contents]: <00 00 00 00>, byteLength: 4 }
      }
      """#
    ),
    (#"new WeakMap()"#, #"WeakMap { <items unknown> }"#),
    (#"new WeakSet()"#, #"WeakSet { <items unknown> }"#),
    (#"Object(1)"#, #"[Number: 1]"#),
    (#"Object('ab')"#, #"[String: 'ab']"#),
    (#"Object(1n)"#, #"[BigInt: 1n]"#),
    (#"Object(Symbol('q'))"#, #"[Symbol: Symbol(q)]"#),
    (#"Object(false)"#, #"[Boolean: false]"#),
    (#"Object.assign(Object('ab'), { z: 1 })"#, #"[String: 'ab'] { z: 1 }"#),
    (#"(function* () {})()"#, #"Object [Generator] {}"#),
    (#"Math"#, #"Object [Math] {}"#),
    (#"JSON"#, #"Object [JSON] {}"#),
    (#"Reflect"#, #"Object [Reflect] {}"#),
    (#"[1.5, -2, 1e100]"#, #"[ 1.5, -2, 1e+100 ]"#),
    (
      #"({ f() {}, g: class X extends Map {}, async h() {} })"#,
      #"{ f: [Function: f], g: [class X extends Map], h: [AsyncFunction: h] }"#
    ),
    (
      #"Array.from({ length: 7 }, (_, i) => i)"#,
      #"""
      [
        0, 1, 2, 3,
        4, 5, 6
      ]
      """#
    ),
    (
      #"Array.from({ length: 101 }, (_, i) => i)"#,
      #"""
      [
         0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11,
        12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
        24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,
        36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
        48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59,
        60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71,
        72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83,
        84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95,
        96, 97, 98, 99,
        ... 1 more item
      ]
      """#
    ),
    (
      #"Array.from({ length: 30 }, (_, i) => `item ${i}`)"#,
      #"""
      [
        'item 0',  'item 1',  'item 2',
        'item 3',  'item 4',  'item 5',
        'item 6',  'item 7',  'item 8',
        'item 9',  'item 10', 'item 11',
        'item 12', 'item 13', 'item 14',
        'item 15', 'item 16', 'item 17',
        'item 18', 'item 19', 'item 20',
        'item 21', 'item 22', 'item 23',
        'item 24', 'item 25', 'item 26',
        'item 27', 'item 28', 'item 29'
      ]
      """#
    ),
    (
      #"Array.from({ length: 27 }, (_, i) => 'k'.repeat(i % 5))"#,
      #"""
      [
        '',     'k',    'kk',   'kkk',
        'kkkk', '',     'k',    'kk',
        'kkk',  'kkkk', '',     'k',
        'kk',   'kkk',  'kkkk', '',
        'k',    'kk',   'kkk',  'kkkk',
        '',     'k',    'kk',   'kkk',
        'kkkk', '',     'k'
      ]
      """#
    ),
    (
      #"Array.from({ length: 10 }, (_, i) => BigInt(i) ** 5n)"#,
      #"""
      [
            0n,     1n,    32n,
          243n,  1024n,  3125n,
         7776n, 16807n, 32768n,
        59049n
      ]
      """#
    ),
    (
      #"new Uint8Array(200)"#,
      #"""
      Uint8Array(200) [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0,
        ... 100 more items
      ]
      """#
    ),
    (
      #"new Map(Array.from({ length: 5 }, (_, i) => [`key ${i}`, { index: i, even: i % 2 === 0 }]))"#,
      #"""
      Map(5) {
        'key 0' => { index: 0, even: true },
        'key 1' => { index: 1, even: false },
        'key 2' => { index: 2, even: true },
        'key 3' => { index: 3, even: false },
        'key 4' => { index: 4, even: true }
      }
      """#
    ),
    (
      #"({ name: 'a name of some length', list: [1, 2, 3], nested: { more: 'and more text here', end: true } })"#,
      #"""
      {
        name: 'a name of some length',
        list: [ 1, 2, 3 ],
        nested: { more: 'and more text here', end: true }
      }
      """#
    ),
    (
      #"({ text: 'a line of text that is long enough\n'.repeat(3) })"#,
      #"""
      {
        text: 'a line of text that is long enough\n' +
          'a line of text that is long enough\n' +
          'a line of text that is long enough\n'
      }
      """#
    ),
    (
      #"['x'.repeat(100)]"#,
      #"""
      [
        'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'
      ]
      """#
    ),
    (
      #"({ users: [{ id: 1, tags: ['a', 'b'], at: { city: { name: 'X' } } }, { id: 2, tags: [], at: null }] })"#,
      #"""
      {
        users: [
          { id: 1, tags: [Array], at: [Object] },
          { id: 2, tags: [], at: null }
        ]
      }
      """#
    ),
    (
      #"const e = new Error('boom'); e.stack = 'Error: boom\n    at f (x.js:1:2)'; e"#,
      #"""
      Error: boom
          at f (x.js:1:2)
      """#
    ),
    (
      #"const e = new Error('boom'); e.stack = 'Error: boom\n    at f (x.js:1:2)'; ({ e, list: [e] })"#,
      #"""
      {
        e: Error: boom
            at f (x.js:1:2),
        list: [
          Error: boom
              at f (x.js:1:2)
        ]
      }
      """#
    ),
    (
      #"""
      const e = new RangeError('r', { cause: 'c' }); e.stack = 'RangeError: r\n    at f (x.js:1:2)'; e.code = 7; e
      """#,
      #"""
      RangeError: r
          at f (x.js:1:2) {
        code: 7,
        [cause]: 'c'
      }
      """#
    ),
    (#"const e = new Error('no frames'); e.stack = 'Error: no frames'; [e]"#, #"[ [Error: no frames] ]"#),
    (
      #"""
      class ParseError extends Error {}; const e = new ParseError('p'); e.stack = 'Error: p\n    at f (x.js:1:2)'; e
      """#,
      #"""
      ParseError: p
          at f (x.js:1:2)
      """#
    ),
    (#"(function () { return arguments })(1, 2)"#, #"[Arguments] [ 1, 2 ]"#),
    (#"new Proxy({ a: 1 }, {})"#, #"{ a: 1 }"#),
    (#"[new Proxy(() => {}, {})]"#, #"[ [Function (anonymous)] ]"#),
    (#"class T { get [Symbol.toStringTag]() { throw 1 } }; new T"#, #"T {}"#),
    (#"new WeakRef({ a: 1 })"#, #"WeakRef { { a: 1 } }"#),
    (#"Promise.resolve(1)"#, #"Promise { 1 }"#),
    (#"const p = Promise.reject(2); p.catch(() => {}); [p]"#, #"[ Promise { <rejected> 2 } ]"#),
    (#"new Promise(() => {})"#, #"Promise { <pending> }"#),
    (#"[Promise.resolve({ then(f) { f([1]) } })]"#, #"[ Promise { [ 1 ] } ]"#),
    (#"'x'.repeat(20000).split().concat(1)[0].length"#, #"20000"#),
    (#"['x'.repeat(10001)][0].length"#, #"10001"#),
    (#"[new Map([[1, 2]]).entries()]"#, #"[ [Map Entries] { [ 1, 2 ] } ]"#),
  ]
}
