import { expect, test } from 'vitest';
import type { GraphAnswer, GraphNode } from '../../generated/graph';
import { layout, HEIGHT } from './layout';
import { derivative, gradients, marked, read } from './view';

const node = (name: string, inputs: number[]): GraphNode => ({ name, op: inputs.length > 0 ? '*' : '', inputs, data: 1, was: 1, gradient: 1, isParameter: inputs.length === 0, from: 0, to: 1 });

test('an address that says nonsense is the room as it begins', () => {
  expect(read({ text: 3, nudges: { a: 'x', b: 0.5 }, order: [1.5], at: -1, why: 7 })).toEqual({ text: null, nudges: { b: 0.5 }, order: null, at: null, why: null });
});

test('gradients grow step by step', () => {
  const graph = { nodes: [node('a', []), node('b', [0, 0])], steps: [{ node: 1, came: 1, formula: '', added: [
    { node: 0, formula: '', amount: 2, before: null, after: 2 }, { node: 0, formula: '', amount: 3, before: 2, after: 5 }] }] } as unknown as GraphAnswer;
  expect(gradients(graph, 0)).toEqual([null, 1]);
  expect(gradients(graph, 1)).toEqual([5, 1]);
});

test('a place in a text is marked below its line', () => {
  expect(marked('a = 1\nb = a +* 2\n', 13)).toBe('b = a +* 2\n       ^');
  expect(marked('x+', 2)).toBe('x+\n  ^');
  const long = 'a'.repeat(200);
  expect(marked(long, 100)).toBe(`… ${'a'.repeat(48)} …\n${' '.repeat(26)}^`);
  expect(marked(long, 200)).toBe(`… ${'a'.repeat(24)}\n${' '.repeat(26)}^`);
});

test('derivatives are written as the library writes them', () => {
  expect([derivative('x1'), derivative('a*b')]).toEqual(['dL/dx1', 'dL/d(a*b)']);
});

test('no two numbers of a graph stand in one place, and inputs stand to the left', () => {
  const nodes = [node('a', []), node('b', []), node('c', [0, 1]), node('d', []), node('e', [2, 3]), node('f', [0, 4])];
  const { boxes } = layout(nodes);
  nodes.forEach((one, i) => { for (const x of one.inputs) expect(boxes[x]!.x).toBeLessThan(boxes[i]!.x); });
  for (const a of boxes) for (const b of boxes) if (a !== b && a.x === b.x) expect(Math.abs(a.y - b.y)).toBeGreaterThanOrEqual(HEIGHT);
});
