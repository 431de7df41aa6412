// The table and the curves, asked for anew whenever an event says that something changed: whoever was away, or reconnects, misses nothing.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { BandsAnswer, CurvesAnswer, RunsEvent, TableAnswer } from '../../generated/runs';
import { Refused, Session, type Host, type Reply } from '../../shared/wire';
import { change, ROWS, type View } from './view';

export type Ask = <T>(request: object) => Promise<Reply<T> | null>;

export interface Line {
  label: string;
  x: Float64Array;
  y: Float64Array;
  min: Float64Array | null;
  max: Float64Array | null;
}

/** No more often than so, in milliseconds: a new point is to be seen within a quarter of a second. */
const TABLE_APART = 60;
const CURVES_APART = 60;

/** Runs what it is given, at once or when the pause after the last time is over, which is as long as that took at least; never twice at the same time. */
class Pace {
  private busy = false;
  private again = false;

  constructor(private readonly apart: number) {}

  run(act: () => Promise<void>): void {
    if (this.busy) { this.again = true; return; }
    this.busy = true;
    const began = performance.now();
    void act().finally(() => {
      window.setTimeout(() => {
        this.busy = false;
        if (this.again) { this.again = false; this.run(act); }
      }, Math.max(this.apart, performance.now() - began));
    });
  }
}

export function useRuns(host: Host, view: View) {
  const [table, setTable] = useState<TableAnswer | null>(null);
  const isComplete = useRef(false);
  const [lines, setLines] = useState<Line[]>([]);
  const [fault, setFault] = useState('');
  const [isLost, setLost] = useState(false);
  const [gone, setGone] = useState('');
  // Parts of the page ask as soon as they are shown, before effects of this one.
  const session = useRef<Session | null>(null);
  session.current ??= new Session(host, 'runs');
  const now = useRef(view);
  const paces = useRef({ table: new Pace(TABLE_APART), curves: new Pace(CURVES_APART) });
  now.current = view;

  const say = (error: unknown) => { setFault(error instanceof Error ? error.message : String(error)); };

  /** Of runs that are not there nothing is shown, and it is said; true where there are such. */
  const drop = (runs: string[], why: string): boolean => {
    if (runs.length === 0) return false;
    setGone(`${runs.join(', ')}: ${why}, and drawn no more.`);
    change(now.current, { chosen: absent(now.current.chosen, runs) }, true);
    return true;
  };

  const askTable = () => { paces.current.table.run(async () => {
    const { filter, sort, descending, columns, from } = now.current;
    try {
      const reply = await session.current!.ask<TableAnswer>({ type: 'list', filter, sort, descending, columns, from, count: ROWS });
      isComplete.current = reply.answer.isComplete;
      setTable(reply.answer);
      setFault('');
    } catch (error) { say(error); }
  }); };

  const askCurves = () => { paces.current.curves.run(async () => {
    const { chosen, metric, axis, smoothing, bands } = now.current;
    if (chosen.length === 0) { setLines([]); return; }
    const wasComplete = isComplete.current;
    try {
      if (bands) {
        const reply = await session.current!.ask<BandsAnswer>({ type: 'bands', runs: chosen, metric });
        setLines(ofBands(reply));
        if (wasComplete) drop(absent(chosen, reply.answer.bands.flatMap((band) => band.runs)), 'not below this folder');
      } else {
        const reply = await session.current!.ask<CurvesAnswer>({ type: 'curves', runs: chosen, metric, axis, columns: 600, smoothing });
        setLines(ofCurves(reply));
        if (wasComplete) drop(absent(chosen, reply.answer.curves.map((curve) => curve.run)), 'not below this folder');
      }
    } catch (error) {
      // What cannot be drawn any more is not left standing.
      if (error instanceof Refused) setLines([]);
      say(error);
    }
  }); };

  useEffect(() => {
    const made = session.current!;
    const stop = made.listen<RunsEvent>((event) => {
      askTable();
      if (drop(now.current.chosen.filter((run) => event.removed.includes(run)), 'deleted')) return;
      if (event.isWhole || event.changed.some((run) => now.current.chosen.includes(run.id))) askCurves();
    }, setLost);
    const leave = () => { stop(); made.close(); };
    window.addEventListener('pagehide', leave);
    return () => { window.removeEventListener('pagehide', leave); leave(); session.current = null; };
  }, [host]);

  const { filter, sort, descending, columns, from, chosen, metric, axis, smoothing, bands } = view;
  useEffect(askTable, [host, JSON.stringify([filter, sort, descending, columns, from])]);
  useEffect(askCurves, [host, JSON.stringify([chosen, metric, axis, smoothing, bands])]);

  // What was drawn before all runs were known may lack some, or name some that are not there.
  useEffect(() => { if (table?.isComplete) askCurves(); }, [table?.isComplete]);

  const ask = async <T,>(request: object): Promise<Reply<T> | null> => {
    try {
      const reply = await session.current!.ask<T>(request);
      setFault('');
      return reply;
    } catch (error) {
      say(error);
      return null;
    }
  };

  /** The same in a session of its own: what takes long keeps nothing else waiting. */
  const askApart = async <T,>(request: object): Promise<Reply<T> | null> => {
    const apart = new Session(host, 'runs');
    try {
      const reply = await apart.ask<T>(request);
      setFault('');
      return reply;
    } catch (error) {
      say(error);
      return null;
    } finally {
      apart.close();
    }
  };
  return { table, lines, fault, isLost, gone, ask, askApart };
}

/** What of some runs is not among others. */
export const absent = (runs: string[], among: string[]): string[] => runs.filter((run) => !among.includes(run));

const ofCurves = (reply: Reply<CurvesAnswer>): Line[] => reply.answer.curves.map((curve) => ({
  label: curve.run, x: reply.float64(curve.x), y: reply.float64(curve.smooth), min: null, max: null,
}));

const ofBands = (reply: Reply<BandsAnswer>): Line[] => reply.answer.bands.map((band) => ({
  label: `${band.title === '' ? 'all' : band.title} (${band.runs.length})`,
  x: reply.float64(band.x), y: reply.float64(band.mean), min: reply.float64(band.min), max: reply.float64(band.max),
}));
