// The fields of settings: each has its label, and tells of a change when it is complete.
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { label, limits } from './settings';

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
  /** What would do, said below the field while what stands in it does not. */
  hint: string;
  /** Takes what was typed; false where it is not taken. */
  onDone: (text: string, valid: boolean) => boolean;
}

/**
 * What is typed stays until it is done: a frame that is drawn meanwhile does not put the old value back. What is not taken stays too, with what would
 * do below it, until it is good or another value comes.
 */
export function Typed({ type, value, hint, onDone, ...rest }: TypedProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  const id = useId();
  const isWrong = useRef(false);
  const say = (next: boolean) => { isWrong.current = next; setWrong(next); };
  useEffect(() => { if (isWrong.current) { say(false); setDraft(null); } }, [value]);
  const fits = (input: HTMLInputElement) => input.value !== '' && input.validity.valid;
  const take = (input: HTMLInputElement) => {
    const taken = onDone(input.value, fits(input));
    say(!taken);
    if (taken) setDraft(null);
  };
  const typed = {
    ...rest,
    'aria-invalid': wrong,
    'aria-describedby': wrong ? id : undefined,
    value: draft ?? value,
    onInput: (e: { currentTarget: HTMLInputElement }) => {
      setDraft(e.currentTarget.value);
      // A browser tells of no change where what is good again is what stood there before.
      if (isWrong.current && (e.currentTarget.value === value || (type === 'number' && fits(e.currentTarget)))) say(false);
    },
    onBlur: () => { if (!isWrong.current) setDraft(null); },
    onChange: (e: { currentTarget: HTMLInputElement }) => { take(e.currentTarget); },
  };
  return (
    <>
      {type === 'number' ? <input {...typed} type="number" /> : <input {...typed} type="text" />}
      {wrong && <small id={id} class="fault" role="alert">{hint}</small>}
    </>
  );
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
      <Typed name={name} type="number" value={String(value)} min={min} max={max} step={step} hint={limits(title, min, max, step === 1)}
        onDone={(text, valid) => { if (valid) onChange(Number(text)); return valid; }} />
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
  return (
    <label class="field">
      <span>{title}</span>
      <Typed name={name} type="text" value={value} title={hint} hint={`${title}: ${hint}`} onDone={(text) => {
        const result = read(text);
        if (result !== null) onChange(result);
        return result !== null;
      }} />
    </label>
  );
}
