// Packages as they are published, ES modules and CommonJS, that import each other: run with their folder as --packages.
import { extent, mean, rollup } from 'd3-array'; // ES modules, and one of internmap's among them
import { InternMap } from 'internmap';
import { utcFormat } from 'd3-time-format'; // CommonJS, requires d3-time
import semver, { satisfies } from 'semver'; // CommonJS in many files, requires lru-cache
import yaml from 'js-yaml';
import Mustache from 'mustache';
import { sortBy } from 'lodash-es'; // some hundred files
import { v5 as uuid } from 'uuid'; // by the web's crypto
import lodash from 'lodash';
import { createRequire } from './require.cjs';

const text = `
- {package: one, version: 1.10.0, size: 12}
- {package: two, version: 1.9.1, size: 30}
- {package: one, version: 2.0.0, size: 18}
`;
const list = await new Promise((resolve) => setTimeout(() => resolve(yaml.load(text)), 1));
const sizes = rollup(list, (ones) => mean(ones, (one) => one.size), (one) => one.package);

const lines = Mustache.render('{{#list}}{{package}} {{version}}\n{{/list}}', {
  list: sortBy(list, 'package').sort((a, b) => semver.compare(a.version, b.version)),
});
print(lines.trim());
print(sizes instanceof InternMap, sizes);
print(extent(list, (one) => one.size), satisfies('1.10.0', '^1.9'), utcFormat('%d.%m.%Y')(new Date(0)));
print(uuid('https://example.org/', uuid.URL), lodash.VERSION === createRequire('lodash').VERSION);
const { default: again } = await import('semver');
print(again === semver, import.meta.url.endsWith('/report.mjs'));
