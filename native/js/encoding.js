// TextEncoder, TextDecoder (https://encoding.spec.whatwg.org), atob, btoa (https://html.spec.whatwg.org).
'use strict';
(function (native, { expose, finish, required, dictionary, data, DOMException }) {
  const TheTypeError = TypeError, TheRangeError = RangeError, Bytes = Uint8Array;
  const NAMES = { __proto__: null, 0: 'utf-8', 1: 'utf-16le', 2: 'utf-16be', 3: 'windows-1252' };

  class TextEncoder {
    #brand;
    get encoding() {
      this.#brand;
      return 'utf-8';
    }
    encode(input = '') {
      this.#brand;
      const text = `${input}`;
      const bytes = new Bytes(native.utf8Length(text));
      native.encodeInto(text, bytes);
      return bytes;
    }
    encodeInto(source, destination) {
      this.#brand;
      required(arguments.length, 2, 'encodeInto');
      const text = `${source}`;
      const result = native.encodeInto(text, destination);
      if (result === undefined) throw new TheTypeError('encodeInto: the destination is not a Uint8Array');
      return result;
    }
  }
  finish(TextEncoder);

  class TextDecoder {
    #encoding;
    #fatal;
    #ignoreBOM;
    #state = new Bytes(8); // what is kept between the pieces of a stream, in the decoder's own terms
    constructor(label = 'utf-8', options = undefined) {
      const name = `${label}`;
      this.#encoding = native.encodingOf(name);
      if (this.#encoding === undefined) throw new TheRangeError(`TextDecoder: unknown encoding "${name}"`);
      const given = dictionary(options, 'TextDecoder: options');
      this.#fatal = !!given.fatal;
      this.#ignoreBOM = !!given.ignoreBOM;
    }
    get encoding() { return NAMES[this.#encoding]; }
    get fatal() { return this.#fatal; }
    get ignoreBOM() { return this.#ignoreBOM; }
    decode(input = undefined, options = undefined) {
      const encoding = this.#encoding;
      const stream = !!dictionary(options, 'decode: options').stream;
      const text = native.decode(encoding, input, this.#fatal, this.#ignoreBOM, stream, this.#state);
      if (typeof text === 'string') return text;
      if (text === null) throw new TheTypeError('decode: the bytes are not well-formed');
      throw new TheTypeError('decode: not an ArrayBuffer or a view on one');
    }
  }
  finish(TextDecoder);
  expose('TextEncoder', TextEncoder);
  expose('TextDecoder', TextDecoder);

  const functions = {
    atob(data) {
      required(arguments.length, 1, 'atob');
      const text = native.atob(`${data}`);
      if (text === undefined) throw new DOMException('The string is not correctly encoded', 'InvalidCharacterError');
      return text;
    },
    btoa(data) {
      required(arguments.length, 1, 'btoa');
      const text = native.btoa(`${data}`);
      if (text === undefined) {
        throw new DOMException('The string has characters outside of the Latin1 range', 'InvalidCharacterError');
      }
      return text;
    },
  };
  for (const name of ['atob', 'btoa']) Reflect.defineProperty(globalThis, name, data(functions[name], true));
})
