// Points of one's own: drawn by mouse, or read from a file of columns.
import { useState } from 'preact/hooks';
import type { CsvAnswer, PlaygroundRequest, PlaygroundSettings } from '../../generated/playground';
import { Check } from './Fields';

interface Props {
  settings: PlaygroundSettings;
  drawn: number | null;
  onDraw: (target: number | null) => void;
  ask: <T>(request: PlaygroundRequest) => Promise<T>;
  onRead: (csv: CsvAnswer) => void;
}

export function OwnData({ settings, drawn, onDraw, ask, onRead }: Props) {
  const [text, setText] = useState('');
  const [fault, setFault] = useState('');
  const [columns, setColumns] = useState<string[]>([]);
  const [axes, setAxes] = useState<{ x1: string | null; x2: string | null; components: boolean }>({ x1: null, x2: null, components: false });
  const read = async (given: string, next = axes) => {
    setText(given);
    setAxes(next);
    if (given.trim() === '') { setFault(''); return; }
    try {
      const csv = await ask<CsvAnswer>({ type: 'csv', text: given, y: null, ...next });
      setFault('');
      setColumns(csv.columns);
      onRead(csv);
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    }
  };
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
        <span>CSV: paste or drop; the last column is the target</span>
        <textarea name="csv" rows={3} value={text} aria-invalid={fault !== ''} aria-describedby={fault !== '' ? 'csv-fault' : undefined} onInput={(e) => { setText(e.currentTarget.value); }} onChange={(e) => { void read(e.currentTarget.value); }}
          onDragOver={(e) => { e.preventDefault(); }}
          onDrop={(e) => {
            const file = e.dataTransfer?.files[0];
            if (!file) return;
            e.preventDefault();
            void file.text().then((dropped) => read(dropped));
          }} />
      </label>
      {fault !== '' && <p id="csv-fault" role="alert" class="fault">{fault}</p>}
      {columns.length > 2 && (
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
