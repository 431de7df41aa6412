// The fields of settings: each has its label, and tells of a change when it is complete.
import { useState } from 'preact/hooks';
import { label } from './settings';

interface Common {
  name: string;
  title: string;
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
      <input name={name} type="number" value={value} min={min} max={max} step={step}
        onChange={(e) => { if (e.currentTarget.value !== '' && e.currentTarget.validity.valid) onChange(e.currentTarget.valueAsNumber); else e.currentTarget.value = String(value); }} />
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
      <input name={name} type="text" value={value} aria-invalid={wrong} title={hint} onChange={(e) => {
        const result = read(e.currentTarget.value);
        setWrong(result === null);
        if (result !== null) onChange(result);
      }} />
      {wrong && <small class="fault">{hint}</small>}
    </label>
  );
}
