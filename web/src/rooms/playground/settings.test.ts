import { expect, test } from 'vitest';
import type { PlaygroundNames, PlaygroundSettings } from '../../generated/playground';
import { lines, nearest, places } from './layout';
import { summary } from './OwnData';
import { nextRound } from './useTogether';
import { changed, limits, number, unlike, widths } from './settings';

const names = { classData: ['circles'], numberData: ['plane'], numberLosses: ['mse'], twoClassLosses: ['crossEntropy', 'hinge'], manyClassLosses: ['crossEntropy'] } as unknown as PlaygroundNames;

test('a change takes along what no longer goes with it', () => {
  const settings = { data: 'circles', classes: 2, loss: 'hinge', own: [] } as unknown as PlaygroundSettings;
  expect(changed(settings, { data: 'plane' }, names)).toMatchObject({ classes: 0, loss: 'mse' });
  expect(changed(settings, { classes: 3 }, names)).toMatchObject({ classes: 3, loss: 'crossEntropy' });
});

test('widths are whole numbers above 0', () => {
  expect(widths('8, 8')).toEqual([8, 8]);
  expect(widths('')).toEqual([]);
  expect(widths('8, x')).toBeNull();
  expect(widths('0')).toBeNull();
});

test('a loss that is no number is a dash', () => {
  expect(number('NaN')).toBe('–');
  expect(number(0.00012)).toBe('1.200e-4');
});

test('a line is found where it is drawn', () => {
  const layout = places([2, 3, 1], 600);
  const all = lines(layout, [{ name: '0.weight', shape: [3, 2] }, { name: '0.bias', shape: [3] }, { name: '2.weight', shape: [1, 3] }], { hidden: [3] } as unknown as PlaygroundSettings);
  expect(all).toHaveLength(9);
  expect(all.at(-1)).toMatchObject({ name: '2.weight[0, 2]', weight: 11 });
  const line = all[0]!;
  expect(nearest(all, (line.x1 + line.x2) / 2, (line.y1 + line.y2) / 2)?.name).toBe(line.name);
});

test('a field of numbers says what it takes', () => {
  expect(limits('Points', 10, 10000, true)).toBe('Points: 10 to 10,000, whole numbers');
  expect(limits('… multiplied by', 0, 100, false)).toBe('multiplied by: 0 to 100');
});

test('a second network differs from the first', () => {
  const all = { ...names, activations: ['tanh', 'relu'], initializations: ['default', 'zeros'], optimizers: ['sgd', 'adam'], normalizations: ['none', 'batch'] };
  const settings = {
    learningRate: 0.03, hidden: [8, 8], batchSize: 10, dropout: 0, l2: 0, seed: 1, skip: false, activation: 'tanh', initialization: 'default',
    optimizer: 'sgd', normalization: 'none', loss: 'crossEntropy', classes: 2,
  } as unknown as PlaygroundSettings;
  for (const name of Object.keys(settings) as (keyof PlaygroundSettings)[]) {
    if (name === 'classes') continue;
    expect(unlike(settings, name, all)[name], name).not.toEqual(settings[name]);
    expect(unlike({ ...settings, ...unlike(settings, name, all) }, name, all)[name], name).not.toEqual(unlike(settings, name, all)[name]);
  }
});

test('rounds of steps are as long as the speed says, or as a frame', () => {
  expect(nextRound(1, 1000, 1)).toBe(1);
  expect(nextRound(10, 50, 1000)).toBe(50);
  expect(nextRound(10, 5000, 1000)).toBe(100);
  expect(nextRound(10, 5, 0)).toBe(20);
  expect(nextRound(100, 250, 0)).toBe(10);
  // A slow way to the engine keeps no round short.
  expect(nextRound(1, 40, 0, 40)).toBe(2);
  expect(nextRound(64, 60, 0, 40)).toBe(80);
  expect(nextRound(64, 60, 0, 40, 80)).toBe(128);
});

test('what a table became is said', () => {
  const points = Array.from({ length: 1500 }, () => ({ x1: 0, x2: 0, y: 0 }));
  expect(summary({ points, labels: ['setosa', '1'], leftOut: 0 })).toBe('1,500 points; class 0 is setosa, class 1.');
  expect(summary({ points, labels: [], leftOut: 1 })).toBe('1,500 points; the target is a number. 1 row with an empty field is left out.');
});
