// A lesson: prose, code and what it prints, part by part; run, stopped and changed where there is a machine to run it.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { LessonAnswer, OverviewAnswer } from '../../generated/course';
import { Install } from './Course';
import { highlight } from './highlight';
import type { Lesson, Part, Piece } from './lesson';
import { Editor, Runner } from './Runner';
import type { useCourse } from './useCourse';
import { address, type View } from './view';

interface Props {
  lesson: Lesson;
  all: Lesson[];
  view: View;
  overview: OverviewAnswer;
  course: ReturnType<typeof useCourse>;
}

export function LessonPage({ lesson, all, view, overview, course }: Props) {
  const { name } = lesson;
  const [own, setOwn] = useState<LessonAnswer | null>(null);
  const hasFiles = overview.folder !== null;
  useEffect(() => {
    if (hasFiles) void course.ask<LessonAnswer>({ type: 'lesson', name }).then(setOwn);
  }, [name, hasFiles]);
  const at = all.indexOf(lesson), before = all[at - 1], after = all[at + 1];
  const done = overview.lessons.includes(name);
  const mark = () => {
    void course.ask<LessonAnswer>({ type: 'mark', name, done: !done }).then(course.refresh);
  };
  return (
    <article class="lesson" data-name={name}>
      <p class="way"><a href={address({})}>All lessons and exercises</a>{before && <a href={address({ lesson: before.name })}>Before: {before.title}</a>}{after && <a href={address({ lesson: after.name })}>Next: {after.title}</a>}</p>
      <h2>Lesson {lesson.number}: {lesson.title}{done && <span class="badge">done</span>}</h2>
      <p class="summary">{lesson.summary}</p>
      <Pieces pieces={lesson.intro} />
      {!hasFiles && <Install />}
      {overview.notRun !== null && <p class="hint">Lessons are not run here: {overview.notRun}.</p>}
      {own && overview.notRun === null && <Runner lesson={lesson} own={own} setOwn={setOwn} view={view} course={course} />}
      {own && view.edit && overview.notRun === null && <Editor own={own} setOwn={setOwn} course={course} />}
      {hasFiles && <p class="acts"><button type="button" aria-pressed={done} onClick={mark}>{done ? 'Done: take it back' : 'Mark as done'}</button></p>}
      {lesson.parts.length > 1 && (
        <nav aria-label="Parts of this lesson">
          <ol class="parts">{lesson.parts.map((part) => <li key={part.number}><a href={address({ ...view, part: part.number })} aria-current={view.part === part.number ? 'true' : undefined}>{part.title}</a></li>)}</ol>
        </nav>
      )}
      <Pieces pieces={lesson.begins} />
      {lesson.parts.length === 0 && <h3>The program</h3>}
      {lesson.parts.length === 0 ? <Pieces pieces={lesson.setup} /> : lesson.setup.length > 0 && <details><summary>How the program begins</summary><Pieces pieces={lesson.setup} /></details>}
      {lesson.parts.map((part) => <Section key={part.number} part={part} isChosen={view.part === part.number} />)}
      {after && <p><a href={address({ lesson: after.name })}>Next lesson: {after.title}</a></p>}
    </article>
  );
}

function Section({ part, isChosen }: { part: Part; isChosen: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isChosen) return;
    heading.current?.scrollIntoView();
    heading.current?.focus({ preventScroll: true });
  }, [isChosen]);
  return (
    <section aria-label={`Part ${part.number}`} data-part={part.number}>
      <h3 ref={heading} tabIndex={-1}>{part.number}. {part.title}</h3>
      <Pieces pieces={part.text} />
      {part.code.length > 0 && <><h4>The program of this part</h4><Pieces pieces={part.code} /></>}
    </section>
  );
}

const Pieces = ({ pieces }: { pieces: Piece[] }) => <>{pieces.map((piece, i) => <Shown key={i} piece={piece} />)}</>;

function Shown({ piece: { kind, text } }: { piece: Piece }) {
  if (kind === 'prose') return <p>{text}</p>;
  // What is wider than the page is scrolled, by keys as well.
  if (kind === 'output') return <pre class="output" tabIndex={0} role="group" aria-label="Output">{text}</pre>;
  return <pre class="code" tabIndex={0} role="group" aria-label="Code"><code>{highlight(text).map((token, i) => (token.kind === 'plain' ? token.text : <span key={i} class={token.kind}>{token.text}</span>))}</code></pre>;
}
