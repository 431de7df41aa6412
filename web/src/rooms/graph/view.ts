// What is shown of a graph, which is the address; and the gradients after some steps of its backward pass.
import type { GraphAnswer, GraphNode } from '../../generated/graph';
import { go } from '../../shared/route';

export interface View {
  text: string | null;
  nudges: Record<string, number>;
  order: number[] | null;
  at: number | null;
  why: { node: number; gradient: boolean } | null;
}

const isObject = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null && !Array.isArray(x);

/** The view that an address says; what it does not say, or says wrongly, is as usual. */
export function read(state: Record<string, unknown>): View {
  const view: View = { text: null, nudges: {}, order: null, at: null, why: null };
  if (typeof state.text === 'string') view.text = state.text;
  if (isObject(state.nudges)) for (const [name, by] of Object.entries(state.nudges)) if (typeof by === 'number' && by !== 0) view.nudges[name] = by;
  if (Array.isArray(state.order) && state.order.every(Number.isInteger)) view.order = state.order as number[];
  if (Number.isInteger(state.at) && (state.at as number) >= 0) view.at = state.at as number;
  if (isObject(state.why) && Number.isInteger(state.why.node)) view.why = { node: state.why.node as number, gradient: state.why.gradient === true };
  return view;
}

/** Shows another view; going back undoes it. */
export function show(view: View): void {
  const state: Record<string, unknown> = {};
  if (view.text !== null) state.text = view.text;
  if (Object.keys(view.nudges).length > 0) state.nudges = view.nudges;
  if (view.order !== null) state.order = view.order;
  if (view.at !== null) state.at = view.at;
  if (view.why !== null) state.why = view.why;
  go({ room: 'graph', state });
}

/** The gradients after so many steps; null where none has come yet. */
export function gradients({ nodes, steps }: GraphAnswer, made: number): (number | null)[] {
  const now: (number | null)[] = nodes.map(() => null);
  now[nodes.length - 1] = 1;
  for (const step of steps.slice(0, made)) for (const one of step.added) now[one.node] = one.after;
  return now;
}

/** dL/d(it), in parentheses where its name is more than a word. */
export const derivative = (name: string): string => (/^[\p{L}][\p{L}\p{N}_]*$/u.test(name) ? `dL/d${name}` : `dL/d(${name})`);

// Of a long line so much is shown before the mark, and after it.
const BEFORE = 24, AFTER = 24;

/** The line of a text that a character is in, with a mark below it; of a long line, what stands around it. */
export function marked(text: string, at: number): string {
  const from = text.lastIndexOf('\n', at - 1) + 1, end = text.indexOf('\n', at);
  const line = text.slice(from, end < 0 ? text.length : end), place = at - from;
  const first = place > BEFORE ? place - BEFORE : 0, last = Math.min(line.length, place + AFTER);
  const cut = first > 0 ? '… ' : '';
  return `${cut}${line.slice(first, last)}${last < line.length ? ' …' : ''}\n${' '.repeat(cut.length + place - first)}^`;
}

/** What a change of the parameters does to the result, measured and by the gradient; null where nothing was changed. */
export function effect(nodes: GraphNode[], nudges: Record<string, number>): { measured: number; predicted: number } | null {
  const result = nodes.at(-1)!;
  if (Object.keys(nudges).length === 0) return null;
  const predicted = nodes.reduce((sum, node) => sum + (node.isParameter ? (node.gradient ?? 0) * (node.data - node.was) : 0), 0);
  return { measured: result.data - result.was, predicted };
}
