// object[key] = value as in strict code, which V8's own Object::Set is not: it drops what cannot be stored. Refers to
// nothing that a guest can change, so that it may be made in its context at any time.
'use strict';
(function (object, key, value) { object[key] = value; });
