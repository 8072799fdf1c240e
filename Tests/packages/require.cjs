'use strict';
exports.createRequire = (name) => require(name);
