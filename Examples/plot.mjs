// A chart as SVG text, by D3's scales and shapes. There is no DOM: tagged text does.
import { extent } from 'd3-array';
import { scaleLinear, scaleOrdinal } from 'd3-scale';
import { line } from 'd3-shape';

const [width, height] = [640, 400];
const box = { left: 64, right: width - 16, top: 40, bottom: height - 56 };
const escape = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

// Each series is { name, points, dots }: points a Float64Array of x and y in turn, dots whether to draw them as such.
export function plot({ title, xLabel, yLabel, series }) {
  const axis = (odd) => extent(series.flatMap(({ points }) => Array.from(points.filter((_, i) => i % 2 === odd))));
  const x = scaleLinear(axis(0), [box.left, box.right]).nice();
  const y = scaleLinear(axis(1), [box.bottom, box.top]).nice();
  const colour = scaleOrdinal(['#1f77b4', '#d62728', '#2ca02c', '#9467bd']).domain(series.map(({ name }) => name));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"
  font-family="sans-serif" font-size="12" fill="#222">
<rect width="100%" height="100%" fill="white"/>
<text x="${box.left}" y="24" font-size="16" font-weight="bold">${escape(title)}</text>
${ticks(x, (at, text) => `<path d="M${at} ${box.top}V${box.bottom}" stroke="#ddd"/>
<text x="${at}" y="${box.bottom + 18}" text-anchor="middle">${text}</text>`)}
${ticks(y, (at, text) => `<path d="M${box.left} ${at}H${box.right}" stroke="#ddd"/>
<text x="${box.left - 8}" y="${at}" dy="0.32em" text-anchor="end">${text}</text>`)}
<path d="M${box.left} ${box.top}V${box.bottom}H${box.right}" fill="none" stroke="#222"/>
<text x="${(box.left + box.right) / 2}" y="${height - 12}" text-anchor="middle">${escape(xLabel)}</text>
<text transform="translate(18 ${(box.top + box.bottom) / 2}) rotate(-90)" text-anchor="middle">${escape(yLabel)}</text>
${series.map((one) => drawing(one, x, y, colour(one.name))).join('\n')}
${series.map((one, i) => legend(one, i, colour(one.name))).join('\n')}
</svg>
`;
}

const ticks = (scale, draw) => {
  const format = scale.tickFormat(8);
  return scale.ticks(8).map((value) => draw(round(scale(value)), format(value))).join('\n');
};

function drawing({ points, dots }, x, y, colour) {
  const pairs = Array.from({ length: points.length / 2 }, (_, i) => [round(x(points[2 * i])), round(y(points[2 * i + 1]))]);
  return dots
    ? pairs.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`).join('')
    : `<path d="${line()(pairs)}" fill="none" stroke="${colour}" stroke-width="2"/>`;
}

function legend({ name, dots }, i, colour) {
  const [left, top] = [box.right - 110, box.top + 16 + 20 * i];
  const sign = dots
    ? `<circle cx="${left + 12}" cy="${top}" r="3" fill="${colour}"/>`
    : `<path d="M${left} ${top}h24" stroke="${colour}" stroke-width="2"/>`;
  return `${sign}<text x="${left + 32}" y="${top}" dy="0.32em">${escape(name)}</text>`;
}

const round = (number) => Math.round(number * 10) / 10;
