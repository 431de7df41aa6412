// An exercise: its program, what the learner writes, and the checker's answer.
import { useEffect, useState } from 'preact/hooks';
import type { CourseRequest, ExerciseAnswer, ExerciseName } from '../../generated/course';
import type { useCourse } from './useCourse';
import { address } from './view';

/** What is written and not checked yet outlives a look at another page. */
const drafts = new Map<string, string>();

interface Props {
  exercise: ExerciseName;
  all: ExerciseName[];
  course: ReturnType<typeof useCourse>;
}

export function ExercisePage({ exercise, all, course }: Props) {
  const { name } = exercise;
  const [shown, setShown] = useState<ExerciseAnswer | null>(null);
  const [saved, setSaved] = useState('');
  const [text, setText] = useState('');
  const [asked, setAsked] = useState(false);

  const take = (answer: ExerciseAnswer | null, written?: string) => {
    if (!answer) return;
    setShown((was) => ({ ...answer, result: answer.result ?? (written === undefined ? was?.result ?? null : null), solution: answer.solution ?? was?.solution ?? null }));
    if (written === undefined) return;
    setSaved(answer.text);
    setText(written);
  };
  const ask = (request: CourseRequest) => course.ask<ExerciseAnswer>(request);
  useEffect(() => {
    void ask({ type: 'exercise', name }).then((answer) => { if (answer) take(answer, drafts.get(name) ?? answer.text); });
  }, [name]);
  const write = (next: string) => { setText(next); drafts.set(name, next); };
  const check = () => {
    void ask({ type: 'check', name, text, was: saved }).then((answer) => {
      if (!answer) return;
      drafts.delete(name);
      take(answer, answer.text);
      void course.refresh();
    });
  };
  const reset = () => {
    void ask({ type: 'resetExercise', name }).then((answer) => {
      if (!answer) return;
      drafts.delete(name);
      setShown(null); take(answer, answer.text); setAsked(false);
      void course.refresh();
    });
  };

  const at = all.findIndex((one) => one.name === name), before = all[at - 1], after = all[at + 1];
  return (
    <article class="exercise" data-name={name}>
      <p class="way"><a href={address({})}>All lessons and exercises</a>{before && <a href={address({ exercise: before.name })}>Before: {before.title}</a>}{after && <a href={address({ exercise: after.name })}>Next: {after.title}</a>}</p>
      <h2>{exercise.title}{exercise.done && <span class="badge">done</span>}</h2>
      {shown && (
        <>
          <p class="hint">Your file is <code>{shown.path}</code>.</p>
          <label class="editor"><span>Fill the holes: write a formula in the place of each <code>...</code></span>
            <textarea name="exercise" spellcheck={false} rows={Math.max(8, text.split('\n').length + 1)} value={text} onInput={(e) => { write(e.currentTarget.value); }}
              onKeyDown={(e) => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); check(); } }} />
          </label>
          <p class="acts">
            <button type="button" class="main" onClick={check}>Check</button>
            <button type="button" disabled={shown.hints.length >= shown.hintCount} onClick={() => { void ask({ type: 'hint', name }).then((answer) => { take(answer); }); }}>
              {shown.hints.length === 0 ? 'Hint' : 'One more hint'} ({shown.hints.length} of {shown.hintCount})
            </button>
            <button type="button" onClick={() => { void ask({ type: 'solution', name }).then((answer) => { take(answer); }); }}>Solution</button>
            {asked ? <><button type="button" onClick={reset}>Yes, begin anew</button><button type="button" onClick={() => { setAsked(false); }}>No</button></>
              : <button type="button" onClick={() => { setAsked(true); }}>Begin anew</button>}
          </p>
          {shown.kept !== null && <p role="status">What you wrote is kept in <code>{shown.kept}</code>.</p>}
          <div role="status" class="result" data-passed={shown.result?.passed}>
            {shown.result && (shown.result.passed
              ? <p class="right">Right. {after ? <a href={address({ exercise: after.name })}>Go on with {after.title}</a> : 'It was the last one.'}</p>
              : shown.result.open.length > 0 ? <p>Still to be written: {shown.result.open.join(', ')}</p>
                : <pre tabIndex={0} role="region" aria-label="What the check found">{shown.result.message}</pre>)}
          </div>
          {shown.hints.length > 0 && <ol class="hints" aria-label="Hints">{shown.hints.map((hint) => <li key={hint}>{hint}</li>)}</ol>}
          {shown.solution !== null && <section aria-label="Solution"><h3>Solution</h3><pre tabIndex={0}>{shown.solution}</pre></section>}
        </>
      )}
    </article>
  );
}
