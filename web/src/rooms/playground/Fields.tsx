// The fields of settings: each has its label, and tells of a change when it is complete.
import { useState } from 'preact/hooks';
import { label } from './settings';

interface Common {
  name: string;
  title: string;
}

interface TypedProps {
  name: string;
  type: 'number' | 'text';
  value: string;
  min?: number;
  max?: number;
  step?: number | 'any';
  title?: string;
  wrong?: boolean;
  onDone: (text: string, valid: boolean) => void;
}

/** What is typed stays until it is done: a frame that is drawn meanwhile does not put the old value back. */
export function Typed({ type, value, wrong, onDone, ...rest }: TypedProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const typed = {
    ...rest,
    'aria-invalid': wrong,
    value: draft ?? value,
    onInput: (e: { currentTarget: HTMLInputElement }) => { setDraft(e.currentTarget.value); },
    onBlur: () => { setDraft(null); },
    onChange: (e: { currentTarget: HTMLInputElement }) => {
      onDone(e.currentTarget.value, e.currentTarget.value !== '' && e.currentTarget.validity.valid);
      setDraft(null);
    },
  };
  return type === 'number' ? <input {...typed} type="number" /> : <input {...typed} type="text" />;
}

export function Choice({ name, title, value, names, onChange }: Common & { value: string; names: string[]; onChange: (value: string) => void }) {
  return (
    <label class="field">
      <span>{title}</span>
      <select name={name} value={value} onChange={(e) => { onChange(e.currentTarget.value); }}>
        {names.map((one) => <option key={one} value={one}>{label(one)}</option>)}
      </select>
    </label>
  );
}

export function Amount({ name, title, value, min, max, step, onChange }: Common & {
  value: number; min: number; max: number; step: number | 'any'; onChange: (value: number) => void;
}) {
  return (
    <label class="field">
      <span>{title}</span>
      <Typed name={name} type="number" value={String(value)} min={min} max={max} step={step} onDone={(text, valid) => { if (valid) onChange(Number(text)); }} />
    </label>
  );
}

export function Check({ name, title, value, onChange }: Common & { value: boolean; onChange: (value: boolean) => void }) {
  return (
    <label class="check">
      <input name={name} type="checkbox" checked={value} onChange={(e) => { onChange(e.currentTarget.checked); }} />
      <span>{title}</span>
    </label>
  );
}

/** A text that is read as something; what cannot be read stays, and is said to be wrong. */
export function Text<T>({ name, title, value, read, hint, onChange }: Common & {
  value: string; read: (text: string) => T | null; hint: string; onChange: (value: T) => void;
}) {
  const [wrong, setWrong] = useState(false);
  return (
    <label class="field">
      <span>{title}</span>
      <Typed name={name} type="text" value={value} wrong={wrong} title={hint} onDone={(text) => {
        const result = read(text);
        setWrong(result === null);
        if (result !== null) onChange(result);
      }} />
      {wrong && <small class="fault">{hint}</small>}
    </label>
  );
}
