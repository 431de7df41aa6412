// What is shown of the runs, which is the address.
import { difference, go, route } from '../../shared/route';

export interface View {
  filter: string;
  sort: string | null;
  descending: boolean;
  columns: string[] | null;
  from: number;
  chosen: string[];
  metric: string;
  axis: 'step' | 'seconds';
  smoothing: number;
  log: boolean;
  bands: boolean;
  look: Look | '';
  order: Order;
  at: number | null;
}

/** What is looked at closely in the first of the chosen runs. */
export const LOOKS = { diagnosis: 'Diagnose', cures: 'Diagnose and try the cures', layers: 'Layers', weights: 'Weights', samples: 'Samples', workers: 'Workers', origin: 'Where from' };
export type Look = keyof typeof LOOKS;

/** By what layers are sorted, the greatest first; as the model has them otherwise. */
export const ORDERS = ['model', 'weights', 'gradients', 'updates'] as const;
export type Order = typeof ORDERS[number];

export const USUAL: View = {
  filter: '', sort: null, descending: false, columns: null, from: 0, chosen: [], metric: 'valLoss', axis: 'step', smoothing: 0, log: false, bands: false,
  look: '', order: 'model', at: null,
};

export const ROWS = 50;
export const MOST = 50;

const texts = (x: unknown): x is string[] => Array.isArray(x) && x.every((one) => typeof one === 'string');

/** The view that an address says; what it does not say, or says wrongly, is as usual. */
export function read(state: Record<string, unknown>): View {
  const view = { ...USUAL };
  if (typeof state.filter === 'string') view.filter = state.filter;
  if (typeof state.sort === 'string') view.sort = state.sort;
  if (typeof state.descending === 'boolean') view.descending = state.descending;
  if (texts(state.columns) && state.columns.length > 0) view.columns = state.columns;
  if (Number.isInteger(state.from) && (state.from as number) >= 0) view.from = state.from as number;
  if (texts(state.chosen)) view.chosen = state.chosen.slice(0, MOST);
  if (typeof state.metric === 'string') view.metric = state.metric;
  if (state.axis === 'seconds') view.axis = 'seconds';
  if (typeof state.smoothing === 'number') view.smoothing = Math.min(0.99, Math.max(0, state.smoothing));
  if (state.log === true) view.log = true;
  if (state.bands === true) view.bands = true;
  if (typeof state.look === 'string' && Object.hasOwn(LOOKS, state.look)) view.look = state.look as Look;
  if (ORDERS.some((order) => order === state.order)) view.order = state.order as Order;
  if (Number.isInteger(state.at)) view.at = state.at as number;
  return view;
}

/** Shows another view; going back undoes it, unless it is put in the place of the one before. */
export function change(view: View, by: Partial<View>, replace = false): void {
  go({ room: 'runs', state: difference({ ...view, ...by }, USUAL) as Record<string, unknown> }, replace);
}

export const current = (): View => read(route.value.room === 'runs' ? route.value.state : {});

/** A value of the table as it is shown. */
export function shown(column: string, value: number | string | null): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (column === 'changed') return new Date(value).toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'short' });
  if (Number.isInteger(value)) return value.toLocaleString('en');
  return Math.abs(value) >= 1e6 ? value.toExponential(3) : String(Number(value.toPrecision(5)));
}
