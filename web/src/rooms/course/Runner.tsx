// Runs a lesson, shows what it prints as it comes, how that compares, and what it drew; and lets the learner change it.
import { useEffect, useState } from 'preact/hooks';
import type { CourseEvent, LessonAnswer } from '../../generated/course';
import type { Lesson } from './lesson';
import type { useCourse } from './useCourse';
import { address, type View } from './view';

type Course = ReturnType<typeof useCourse>;

/** What is written and not saved yet outlives a look at another page. */
const drafts = new Map<string, string>();

const SIZES = { quick: 'quick: a second or two', usual: 'usual sizes', full: "the lecture's sizes" };

/** Keeps what is not saved yet; false where that was refused. */
async function saved(own: LessonAnswer, course: Course, setOwn: (answer: LessonAnswer) => void): Promise<boolean> {
  const text = drafts.get(own.name);
  if (text === undefined || text === own.text) return true;
  const answer = await course.ask<LessonAnswer>({ type: 'save', name: own.name, text, was: own.text });
  if (!answer) return false;
  drafts.delete(own.name);
  setOwn(answer);
  return true;
}

interface Props {
  own: LessonAnswer;
  setOwn: (answer: LessonAnswer) => void;
  course: Course;
}

export function Runner({ lesson, own, setOwn, view, course }: Props & { lesson: Lesson; view: View }) {
  const { name } = lesson;
  const [size, setSize] = useState<keyof typeof SIZES>('quick');
  const { running } = course;
  const here = running?.lesson === name ? running : null;
  const isRunning = here?.state === 'running';
  const run = () => {
    void saved(own, course, setOwn).then((kept) => { if (kept) void course.ask({ type: 'run', name, size }); });
  };
  const pictures = here?.state === 'ended' ? here.pictures : own.pictures;
  return (
    <section class="run" aria-label="Run" data-state={here?.state ?? 'none'}>
      <p class="acts">
        {isRunning ? <button type="button" class="main" onClick={() => { void course.ask({ type: 'stop' }); }}>Stop</button>
          : <button type="button" class="main" onClick={run}>Run</button>}
        <label>Sizes <select name="size" value={size} onChange={(e) => { setSize(e.currentTarget.value as keyof typeof SIZES); }}>
          {Object.entries(SIZES).map(([value, title]) => <option key={value} value={value}>{title}</option>)}
        </select></label>
        <a href={address({ ...view, edit: !view.edit })}>{view.edit ? 'Close the editor' : own.changed ? 'Change your copy' : 'Change the program'}</a>
      </p>
      {own.changed && <p class="hint">Your own copy is run: <code>{own.path}</code>.</p>}
      <p role="status" class="ending">{isRunning ? 'It is running: compiling takes a few seconds.' : here?.sentence}</p>
      {here && here.output !== '' && <pre class="output live" tabIndex={0} role="region" aria-label="Output of the run">{here.output}</pre>}
      {here && here.differences.length > 0 && <Differences differences={here.differences} />}
      {!isRunning && pictures.map((picture) => <Picture key={`${picture} ${here?.run ?? 0}`} name={picture} course={course} />)}
    </section>
  );
}

function Differences({ differences }: { differences: CourseEvent['differences'] }) {
  return (
    <div class="runs-table" tabIndex={0} role="region" aria-label="Differences">
      <table class="differences">
        <caption>Lines in which the output differs from the expected one</caption>
        <thead><tr><th scope="col">line</th><th scope="col">is</th><th scope="col">text</th></tr></thead>
        <tbody>{differences.map((one, i) => <tr key={i} class={one.printed ? 'printed' : 'missing'}><td class="number">{one.line}</td><td>{one.printed ? 'printed' : 'expected'}</td><td><code>{one.text}</code></td></tr>)}</tbody>
      </table>
    </div>
  );
}

/** A picture that a lesson drew: an image, or a page in a frame that may draw and nothing else. */
function Picture({ name, course }: { name: string; course: Course }) {
  const [source, setSource] = useState<string | null>(null);
  useEffect(() => { course.file(name).then(setSource, () => { setSource(null); }); }, [name]);
  if (source === null) return null;
  return (
    <figure class="picture">
      <figcaption>{name} <a href={source} target="_blank" rel="noopener">in a tab of its own</a></figcaption>
      {name.endsWith('.html') ? <iframe src={source} sandbox="allow-scripts" title={`Picture ${name}`} /> : <img src={source} alt={`Picture ${name}`} />}
    </figure>
  );
}

export function Editor({ own, setOwn, course }: Props) {
  const { name } = own;
  const [text, setText] = useState(drafts.get(name) ?? own.text);
  const [asked, setAsked] = useState(false);
  useEffect(() => { if (!drafts.has(name)) setText(own.text); }, [own.text]);
  const write = (next: string) => { setText(next); drafts.set(name, next); };
  const reset = () => {
    void course.ask<LessonAnswer>({ type: 'resetLesson', name }).then((answer) => {
      if (!answer) return;
      drafts.delete(name);
      setOwn(answer); setText(answer.text); setAsked(false);
    });
  };
  return (
    <section aria-label="Your copy">
      <label class="editor"><span>Your copy, <code>{own.path}</code></span>
        <textarea name="program" spellcheck={false} rows={24} value={text} onInput={(e) => { write(e.currentTarget.value); }} />
      </label>
      <p class="acts">
        <button type="button" disabled={text === own.text} onClick={() => { void saved(own, course, setOwn); }}>Save</button>
        {asked ? <><button type="button" onClick={reset}>Yes, put the lesson back</button><button type="button" onClick={() => { setAsked(false); }}>No</button></>
          : <button type="button" disabled={!own.changed && text === own.text} onClick={() => { setAsked(true); }}>Put back</button>}
      </p>
      {own.kept !== null && <p role="status">What you wrote is kept in <code>{own.kept}</code>.</p>}
    </section>
  );
}
