import { expect, test } from 'vitest';
import { readWhy, request, toStep } from './why';

test('what is derived is read from an address, and nothing else is', () => {
  expect(readWhy({ parameter: '0.weight', index: 3, step: 25 })).toEqual({ parameter: '0.weight', index: 3, step: 25 });
  expect(readWhy({ layer: 1, neuron: 2, point: 0, step: 0 })).toEqual({ layer: 1, neuron: 2, point: 0, step: 0 });
  for (const wrong of [null, 'x', {}, { parameter: '0.weight', index: -1, step: 1 }, { parameter: '0.weight', index: 0 }, { layer: 0, neuron: 0, point: 0, step: 1e9 }]) {
    expect(readWhy(wrong)).toBeNull();
  }
});

test('a step that was made is gone back to, and a later one is made', () => {
  expect(toStep(5, { step: 5, furthest: 9 })).toBeNull();
  expect(toStep(7, { step: 5, furthest: 9 })).toEqual({ type: 'rewind', step: 7 });
  expect(toStep(12, { step: 5, furthest: 9 })).toEqual({ type: 'step', steps: 7 });
});

test('it is asked without the step', () => {
  expect(request({ layer: 1, neuron: 2, point: 0, step: 4 })).toEqual({ type: 'whyNeuron', layer: 1, neuron: 2, point: 0 });
});
