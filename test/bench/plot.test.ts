import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plotSvg } from './plot.ts';

const plot = {
  title: 'a < b',
  axes: { of: 'agents', unit: 'ms' },
  lines: [
    {
      name: 'product',
      points: [
        { size: 10, value: 1 },
        { size: 1_000, value: 100 },
      ],
    },
    { name: 'floor', points: [{ size: 100, value: 10 }] },
  ],
};

test('a plot has a line, a legend and its points for each contender, and escapes its texts', () => {
  const svg = plotSvg(plot);
  assert.match(svg, /a &lt; b/);
  assert.equal(svg.match(/<polyline/g)?.length, 2);
  assert.equal(svg.match(/<circle/g)?.length, 3);
  assert.match(svg, />product</);
  assert.match(svg, />1,000</);
});

test('values ten times as large are as far apart as sizes ten times as large are', () => {
  const [, product = ''] = /<polyline points="([^"]+)"/.exec(plotSvg(plot)) ?? [];
  const [[x1, y1], [x2, y2]] = product.split(' ').map((point) => point.split(',').map(Number)) as [
    [number, number],
    [number, number],
  ];
  assert.equal(x2 - x1, 640 - 64 - 120);
  assert.equal(y1 - y2, 400 - 44 - 40);
});

test('nothing to show is an error', () => {
  assert.throws(() => plotSvg({ ...plot, lines: [] }), /nothing to plot: a < b/);
});
