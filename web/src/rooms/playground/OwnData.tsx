// Points of one's own: drawn by mouse, or read from a file of columns.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { CsvAnswer, PlaygroundRequest, PlaygroundSettings } from '../../generated/playground';
import { Check } from './Fields';

/** What became of the rows: how many there are, which class is which, and how many were left out. */
export function summary({ points, labels, leftOut }: Pick<CsvAnswer, 'points' | 'labels' | 'leftOut'>): string {
  const classes = labels.length === 0 ? 'the target is a number' : labels.map((label, i) => (label === String(i) ? `class ${i}` : `class ${i} is ${label}`)).join(', ');
  const left = leftOut === 0 ? '' : leftOut === 1 ? ' 1 row with an empty field is left out.' : ` ${leftOut.toLocaleString('en')} rows with an empty field are left out.`;
  return `${points.length.toLocaleString('en')} points; ${classes}.${left}`;
}

interface Props {
  settings: PlaygroundSettings;
  drawn: number | null;
  onDraw: (target: number | null) => void;
  ask: <T>(request: PlaygroundRequest) => Promise<T>;
  onRead: (csv: CsvAnswer) => void;
}

/** The greatest file that is read, in bytes: what the session takes, too. */
const MOST = 8 << 20;

interface Axes {
  x1: string | null;
  x2: string | null;
  components: boolean;
}

const FIRST: Axes = { x1: null, x2: null, components: false };

export function OwnData({ settings, drawn, onDraw, ask, onRead }: Props) {
  const [text, setText] = useState('');
  const [fault, setFault] = useState('');
  const [columns, setColumns] = useState<string[]>([]);
  // Going back shows other points: with them go the axes that they were read by, and what was said of them.
  const known = useRef(new Map<string, { axes: Axes; said: string }>());
  const own = useMemo(() => JSON.stringify(settings.own), [settings.own]);
  const { axes, said } = known.current.get(own) ?? { axes: FIRST, said: '' };
  useEffect(() => { setFault(''); }, [settings.data, own]);
  const read = async (given: string, next = axes) => {
    setText(given);
    if (given.trim() === '') { setFault(''); return; }
    try {
      const csv = await ask<CsvAnswer>({ type: 'csv', text: given, y: null, ...next });
      setFault('');
      setColumns(csv.columns);
      known.current.set(JSON.stringify(csv.points), { axes: next, said: summary(csv) });
      onRead(csv);
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    }
  };
  const latest = useRef(read);
  latest.current = read;
  // A file is taken wherever it is dropped: the browser would open it in place of the page.
  useEffect(() => {
    const over = (e: DragEvent) => { if (e.dataTransfer?.types.includes('Files')) e.preventDefault(); };
    const drop = (e: DragEvent) => {
      const file = e.dataTransfer?.files[0];
      if (!file) return;
      e.preventDefault();
      if (file.size > MOST) setFault(`csv: ${file.name} has ${(file.size / 1e6).toFixed(1)} MB: give at most ${(MOST / 1e6).toFixed(1)}`);
      else void file.text().then((dropped) => latest.current(dropped, FIRST));
    };
    document.addEventListener('dragover', over);
    document.addEventListener('drop', drop);
    return () => { document.removeEventListener('dragover', over); document.removeEventListener('drop', drop); };
  }, []);
  const targets = settings.classes === 0 ? [-1, 0, 1] : Array.from({ length: settings.classes }, (_, c) => c);
  return (
    <fieldset>
      <legend>Own data</legend>
      <label class="field">
        <span>Click adds a point of</span>
        <select name="draw" value={drawn ?? ''} onChange={(e) => { onDraw(e.currentTarget.value === '' ? null : Number(e.currentTarget.value)); }}>
          <option value="">nothing</option>
          {targets.map((y) => <option key={y} value={y}>{settings.classes === 0 ? `target ${y}` : `class ${y}`}</option>)}
        </select>
      </label>
      <label class="field wide">
        <span>CSV: paste, or drop a file; the last column is the target</span>
        <textarea name="csv" rows={3} value={text} aria-invalid={fault !== ''} aria-describedby={fault !== '' ? 'csv-fault' : undefined} onInput={(e) => { setText(e.currentTarget.value); }} onChange={(e) => { void read(e.currentTarget.value, FIRST); }} />
      </label>
      {fault !== '' && <p id="csv-fault" role="alert" class="fault">{fault}</p>}
      {said !== '' && fault === '' && <p role="status" class="hover">{said}</p>}
      {columns.length > 2 && said !== '' && (
        <>
          {(['x1', 'x2'] as const).map((axis, i) => (
            <label key={axis} class="field">
              <span>{axis === 'x1' ? 'Across' : 'Upwards'}</span>
              <select name={`csv-${axis}`} value={axes[axis] ?? columns[i]} disabled={axes.components} onChange={(e) => { void read(text, { ...axes, [axis]: e.currentTarget.value }); }}>
                {columns.map((name) => <option key={name} value={name}>{name}</option>)}
              </select>
            </label>
          ))}
          <Check name="components" title="the two principal components of all columns instead" value={axes.components} onChange={(components) => { void read(text, { ...axes, components }); }} />
        </>
      )}
    </fieldset>
  );
}
