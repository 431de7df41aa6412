// What is shown of the course, which is the address.
import { difference, go, route } from '../../shared/route';

export interface View {
  /** The lesson that is read; empty for none. */
  lesson: string;
  /** The part of it that is gone to; 0 for its beginning. */
  part: number;
  /** Whether the learner's copy is shown to be changed. */
  edit: boolean;
  /** The exercise that is worked at; empty for none. */
  exercise: string;
}

export const USUAL: View = { lesson: '', part: 0, edit: false, exercise: '' };

/** The view that an address says; what it does not say, or says wrongly, is as usual. */
export function read(state: Record<string, unknown>): View {
  const view = { ...USUAL };
  if (typeof state.lesson === 'string') view.lesson = state.lesson;
  else if (typeof state.exercise === 'string') view.exercise = state.exercise;
  if (view.lesson !== '' && Number.isInteger(state.part) && (state.part as number) >= 0) view.part = state.part as number;
  view.edit = view.lesson !== '' && state.edit === true;
  return view;
}

const routeOf = (view: Partial<View>) => ({ room: 'course', state: difference({ ...USUAL, ...view }, USUAL) as Record<string, unknown> });

/** Shows another view; going back undoes it. */
export const show = (view: Partial<View>): void => { go(routeOf(view)); };

/** The address of a view, for links. */
export const address = (view: Partial<View>): string => {
  const { state } = routeOf(view);
  return `#/course${Object.keys(state).length === 0 ? '' : `/${encodeURIComponent(JSON.stringify(state))}`}`;
};

export const current = (): View => read(route.value.room === 'course' ? route.value.state : {});
