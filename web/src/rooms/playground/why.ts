// What of the playground is derived, as the address says it: which number, of which step. Training is deterministic, so the step can be made again.
import type { PlaygroundRequest } from '../../generated/playground';

export type Question = { parameter: string; index: number } | { layer: number; neuron: number; point: number };
export type Why = Question & { step: number };

const MOST_STEPS = 100_000;
const isCount = (x: unknown): x is number => Number.isInteger(x) && (x as number) >= 0;

/** What an address asks for; null where it asks for nothing that there is. */
export function readWhy(state: unknown): Why | null {
  if (typeof state !== 'object' || state === null) return null;
  const { step, parameter, index, layer, neuron, point } = state as Record<string, unknown>;
  if (!isCount(step) || step > MOST_STEPS) return null;
  if (typeof parameter === 'string' && isCount(index)) return { parameter, index, step };
  if (isCount(layer) && isCount(neuron) && isCount(point)) return { layer, neuron, point, step };
  return null;
}

/** What brings a training to a step. */
export function toStep(step: number, at: { step: number; furthest: number }): PlaygroundRequest | null {
  if (step === at.step) return null;
  return step <= at.furthest ? { type: 'rewind', step } : { type: 'step', steps: step - at.step };
}

export const request = (why: Why): PlaygroundRequest =>
  ('parameter' in why ? { type: 'whyWeight', parameter: why.parameter, index: why.index } : { type: 'whyNeuron', layer: why.layer, neuron: why.neuron, point: why.point });
