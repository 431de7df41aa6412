// The playground: settings in the address, one network or two, and what moves them through their steps.
import { useEffect, useState } from 'preact/hooks';
import type { CsvAnswer, DescribeAnswer, PlanePoint, PlaygroundSettings } from '../../generated/playground';
import { difference, go, route } from '../../shared/route';
import { Session, type Host } from '../../shared/wire';
import { Controls } from './Controls';
import { Network } from './Network';
import { OwnData } from './OwnData';
import { Other } from './Other';
import { changed } from './settings';
import { Transport } from './Transport';
import { useTogether } from './useTogether';
import { useTraining } from './useTraining';
import { readWhy, type Why } from './why';

interface State {
  a?: Partial<PlaygroundSettings>;
  b?: Partial<PlaygroundSettings>;
  preset?: string;
  why?: unknown;
  whyB?: unknown;
}

export function Playground({ host }: { host: Host }) {
  const [about, setAbout] = useState<DescribeAnswer | null>(null);
  const [fault, setFault] = useState('');
  const [drawn, setDrawn] = useState<number | null>(null);
  useEffect(() => {
    const session = new Session(host, 'playground');
    session.first<DescribeAnswer>({ type: 'describe' }, (error) => { setFault(error.message); })
      .then((reply) => { setFault(''); setAbout(reply.answer); }, (error: Error) => { setFault(error.message); })
      .finally(() => { session.close(); });
    return () => { session.close(); };
  }, [host]);

  const { a, b, preset, why, whyB } = route.value.state as State;
  const settings = about && { ...about.defaults, ...a };
  const others = about && settings && b ? changed(settings, b, about.names) : null;
  const first = useTraining(host, settings), second = useTraining(host, others);
  const shown = others ? [first, second] : [first];
  const together = useTogether(shown);
  const hasOther = others !== null;
  useEffect(() => { together.stop(); }, [first.configured, second.configured, hasOther]);
  // A second network begins at its first step, and so does the one that it is compared with.
  useEffect(() => {
    if (hasOther && second.configured && (first.playing || (first.frame?.answer.step ?? 0) > 0)) void first.act({ type: 'rewind', step: 0 });
  }, [second.configured, hasOther]);
  if (!about || !settings) return <main>{fault !== '' && <p role="alert" class="fault">{fault}</p>}</main>;

  const show = (next: PlaygroundSettings, other: Partial<PlaygroundSettings> | undefined, chosen?: string) => {
    const short = difference(next, about.defaults);
    go({ room: 'playground', state: { ...(Object.keys(short).length > 0 && { a: short }), ...(other && { b: other }), ...(chosen && { preset: chosen }) } });
  };
  const change = (one: Partial<PlaygroundSettings>) => { show(changed(settings, one, about.names), b); };
  const explain = (key: 'why' | 'whyB') => (next: Why | null, replace?: boolean) => {
    const others = Object.entries(route.value.state).filter(([name]) => name !== key);
    go({ room: 'playground', state: { ...Object.fromEntries(others), ...(next && { [key]: next }) } }, replace);
  };
  const addPoint = (x1: number, x2: number, y: number) => {
    const own: PlanePoint[] = settings.data === 'own' ? settings.own : present();
    change({ data: 'own', own: [...own, { x1, x2, y }], classes: settings.classes });
  };
  const present = (): PlanePoint[] => {
    const p = first.configured?.points ?? new Float64Array();
    return Array.from({ length: p.length / 3 }, (_, i) => ({ x1: p[3 * i]!, x2: p[3 * i + 1]!, y: p[3 * i + 2]! }));
  };
  const read = (csv: CsvAnswer) => { show(changed(settings, { data: 'own', own: csv.points, classes: csv.classes }, about.names), b); };
  const chosen = about.presets.find((one) => one.name === preset);
  return (
    <main class="playground">
      <Transport trainings={shown} together={together} />
      <div class="room">
        <aside aria-label="Settings">
          <label class="field wide">
            <span>Example</span>
            <select name="preset" value={preset ?? ''} onChange={(e) => {
              const one = about.presets.find((p) => p.name === e.currentTarget.value);
              show(one ? one.settings : about.defaults, undefined, one?.name);
            }}>
              <option value="">–</option>
              {about.presets.map((one) => <option key={one.name} value={one.name}>{one.title}</option>)}
            </select>
          </label>
          {chosen && (
            <p class="look">
              {chosen.look}{' '}
              <button type="button" onClick={() => { for (const one of shown) void one.act({ type: 'step', steps: chosen.steps }); }}>Make {chosen.steps.toLocaleString('en')} steps</button>
            </p>
          )}
          <Controls about={about} settings={settings} onChange={change} />
          <OwnData settings={settings} drawn={drawn} onDraw={setDrawn} ask={first.answered} onRead={read} />
          <Other about={about} settings={settings} other={b} onChange={(other) => { show(settings, other); }} />
        </aside>
        <div class={`panes${others ? ' two' : ''}`}>
          <Network name="Network" training={first} together={together} onPoint={drawn === null ? null : (x1, x2) => { addPoint(x1, x2, drawn); }} why={readWhy(why)} onWhy={explain('why')} />
          {others && <Network name="Second network" training={second} together={together} onPoint={null} why={readWhy(whyB)} onWhy={explain('whyB')} />}
        </div>
      </div>
    </main>
  );
}
