import { expect, test } from 'vitest';
import type { WhyTree } from '../generated/graph';
import { lit, text } from './why';

const step = (terms: { fraction: number; derivative: string; from: number }[]) => ({
  op: 'x', formula: '', numbers: '', sum: 0, addsUp: true, omitted: 0, omittedSum: 0, terms: terms.map((one) => ({ value: 0, text: '', ...one })),
});

test('what most of the root goes through is lit most', () => {
  const tree: WhyTree = { sentence: '', about: '', numbers: [
    { subject: 'dL/dw', value: 1, isCut: false, steps: [step([{ fraction: 0.75, derivative: 'v[0, 1]', from: 1 }, { fraction: 0.25, derivative: '', from: 2 }])] },
    { subject: 'dL/da', value: 1, isCut: false, steps: [step([{ fraction: 1, derivative: 'u', from: 2 }])] },
    { subject: 'dL/db', value: 1, isCut: false, steps: [] },
  ] };
  expect([...lit(tree)]).toEqual([['dL/dw', 1], ['v[0, 1]', 0.75], ['dL/da', 0.75], ['u', 0.75], ['dL/db', 0.75]]);
});

test('numbers have six digits, and a minus of their own', () => {
  expect(text(-0.123456789)).toBe('−0.123457');
  expect(text('NaN')).toBe('NaN');
  expect(text(4)).toBe('4');
});
