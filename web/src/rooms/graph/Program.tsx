// The program, as it is typed; what is wrong with it is shown where it is.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { GraphExample, WrongAnswer } from '../../generated/graph';
import { marked } from './view';

const PAUSE = 400;

interface Props {
  text: string;
  examples: GraphExample[];
  wrong: WrongAnswer | null;
  onChange: (text: string) => void;
}

export function Program({ text, examples, wrong, onChange }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  const timer = useRef(0);
  const area = useRef<HTMLTextAreaElement>(null);
  const done = (next: string) => {
    window.clearTimeout(timer.current);
    setDraft(null);
    if (next !== text) onChange(next);
  };
  useEffect(() => () => { window.clearTimeout(timer.current); }, []);
  return (
    <fieldset>
      <legend>Program</legend>
      <label class="field wide">
        <span>Example</span>
        <select name="example" value={examples.find((one) => one.text === text)?.name ?? ''} onChange={(e) => {
          const one = examples.find((example) => example.name === e.currentTarget.value);
          if (one) done(one.text);
        }}>
          <option value="">–</option>
          {examples.map((one) => <option key={one.name} value={one.name}>{one.title}</option>)}
        </select>
      </label>
      <textarea ref={area} name="program" class="program" aria-label="Program" spellcheck={false} rows={12} value={draft ?? text}
        aria-invalid={wrong !== null} aria-describedby={wrong ? 'program-fault' : undefined}
        onInput={(e) => {
          const next = e.currentTarget.value;
          setDraft(next);
          window.clearTimeout(timer.current);
          timer.current = window.setTimeout(() => { done(next); }, PAUSE);
        }}
        onBlur={(e) => { done(e.currentTarget.value); }} />
      {wrong && draft === null && (
        <div id="program-fault" role="alert">
          <p class="fault">{wrong.sentence}</p>
          <pre class="place" data-at={wrong.at}>{marked(text, wrong.at)}</pre>
          <p class="buttons"><button type="button" onClick={() => { area.current?.focus(); area.current?.setSelectionRange(wrong.at, wrong.at); }}>Go there</button></p>
        </div>
      )}
    </fieldset>
  );
}
