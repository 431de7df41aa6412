// What is shown of a language model, which is the address.
import type { LanguageModelsRequest } from '../../generated/language-models';
import { difference, go, route, type } from '../../shared/route';

export const LOOKS = { next: 'Next character', attention: 'Attention', embeddings: 'Embeddings', memory: 'Memory', losses: 'Losses', activations: 'Units' };
export type Look = keyof typeof LOOKS;

export interface View {
  run: string;
  prompt: string;
  temperature: number;
  topK: number | null;
  seed: number;
  look: Look;
  head: number;
  layer: string | null;
  unit: number;
  why: Why | null;
}

/** The number that is derived: of a next character, of a loss, or of an attention weight. */
export type Why = { character: number; isLogit: boolean } | { place: number } | { layer: number; head: number; from: number; to: number };

export const USUAL: View = { run: '', prompt: '', temperature: 1, topK: null, seed: 42, look: 'next', head: 0, layer: null, unit: 0, why: null };

/** The view that an address says; what it does not say, or says wrongly, is as usual. */
export function read(state: Record<string, unknown>): View {
  const view = { ...USUAL };
  if (typeof state.run === 'string') view.run = state.run;
  if (typeof state.prompt === 'string') view.prompt = state.prompt;
  if (typeof state.temperature === 'number' && state.temperature >= 0) view.temperature = state.temperature;
  if (Number.isInteger(state.topK) && (state.topK as number) >= 1) view.topK = state.topK as number;
  if (Number.isInteger(state.seed) && (state.seed as number) >= 0) view.seed = state.seed as number;
  if (typeof state.look === 'string' && Object.hasOwn(LOOKS, state.look)) view.look = state.look as Look;
  if (Number.isInteger(state.head) && (state.head as number) >= 0) view.head = state.head as number;
  if (typeof state.layer === 'string') view.layer = state.layer;
  if (Number.isInteger(state.unit) && (state.unit as number) >= 0) view.unit = state.unit as number;
  view.why = readWhy(state.why);
  return view;
}

const isCount = (x: unknown): x is number => Number.isInteger(x) && (x as number) >= 0;

function readWhy(state: unknown): Why | null {
  if (typeof state !== 'object' || state === null) return null;
  const { character, isLogit, place, layer, head, from, to } = state as Record<string, unknown>;
  if (isCount(character)) return { character, isLogit: isLogit === true };
  if (isCount(place)) return { place };
  return isCount(layer) && isCount(head) && isCount(from) && isCount(to) ? { layer, head, from, to } : null;
}

/** What is asked of the session for a derivation. */
export function whyRequest({ prompt, why }: View, run: string): LanguageModelsRequest | null {
  if (why === null) return null;
  if ('character' in why) return { type: 'whyNext', run, prompt, ...why };
  if ('place' in why) return { type: 'whyLoss', run, text: prompt, ...why };
  return { type: 'whyAttention', run, text: prompt, ...why };
}

// A derivation is of what was shown: it ends where anything else changes.
const address = (view: View, by: Partial<View>) => ({ room: 'language-models', state: difference({ ...view, why: null, ...by }, USUAL) as Record<string, unknown> });

/** Shows another view; going back undoes it. */
export function change(view: View, by: Partial<View>): void {
  go(address(view, by));
}

/** Shows what is being typed; going back undoes all of it. */
export function typed(view: View, by: Partial<View>): void {
  type(address(view, by));
}

export const current = (): View => read(route.value.room === 'language-models' ? route.value.state : {});

/** The places of the numbers, the greatest first. */
export const falling = (numbers: Float32Array): number[] => [...numbers.keys()].sort((a, b) => numbers[b]! - numbers[a]!);

export const percent = (p: number): string => `${(100 * p).toFixed(p < 0.0995 ? 2 : 1)} %`;

/** What is said where fewer characters were drawn than asked for. */
export function ended(drawn: number): string {
  if (drawn === 0) return 'The model drew the end of the text first: nothing was added. Draw again, or change the text.';
  return `The model drew the end of the text after ${drawn} ${drawn === 1 ? 'character' : 'characters'}: what is drawn next is added to it as if it had not ended.`;
}
