// The course: lessons to read and to run, exercises to solve, and what is done.
import type { OverviewAnswer } from '../../generated/course';
import type { Host } from '../../shared/wire';
import { ExercisePage } from './Exercise';
import type { Lesson } from './lesson';
import { LessonPage } from './Lesson';
import { useCourse } from './useCourse';
import { address, current } from './view';

export function Course({ host }: { host: Host }) {
  const view = current();
  const course = useCourse(host);
  const { overview, lessons, running, fault } = course;
  const lesson = lessons?.find((one) => one.name === view.lesson);
  const exercise = overview?.exercises.find((one) => one.name === view.exercise);
  const unknown = lessons && overview && ((view.lesson !== '' && !lesson) || (view.exercise !== '' && !exercise));
  return (
    <main class="course">
      {fault !== '' && <p role="alert" class="fault">{fault}</p>}
      {unknown && <p role="alert" class="fault">There is no lesson or exercise of the name in this address: choose one below.</p>}
      {running?.state === 'running' && running.lesson !== view.lesson && <p role="status"><a href={address({ lesson: running.lesson })}>Lesson {running.lesson}</a> is running.</p>}
      {!overview || !lessons ? fault === '' && <p role="status">The course is being read.</p>
        : lesson ? <LessonPage key={lesson.name} lesson={lesson} view={view} all={lessons} course={course} overview={overview} />
          : exercise ? <ExercisePage key={exercise.name} exercise={exercise} all={overview.exercises} course={course} />
            : <Lists overview={overview} lessons={lessons} />}
    </main>
  );
}

/** What a page without files cannot do, and what can. */
export function Install() {
  return <p class="hint">Lessons are run, and exercises checked, by the tool on your machine: <code>dotnet tool install --global ChainRule.Cli</code>, then <code>chainrule lab --open</code>. There the pictures that a lesson draws are shown too; this site has its text and what it prints.</p>;
}

export const Done = ({ done }: { done: boolean }) => <span class="done">{done ? <><span aria-hidden="true">✓</span><span class="heard">done</span></> : null}</span>;

function Lists({ overview, lessons }: { overview: OverviewAnswer; lessons: Lesson[] }) {
  const done = new Set(overview.lessons);
  const next = lessons.find((one) => !done.has(one.name)), nextExercise = overview.exercises.find((one) => !one.done);
  return (
    <>
      {overview.folder === null ? <Install /> : <p class="hint">Your files and your progress are in <code>{overview.folder}</code>; <code>chainrule learn</code> uses the same folder.</p>}
      <div class="lists">
        <section aria-labelledby="lessons">
          <h2 id="lessons">Lessons</h2>
          {overview.folder !== null && <Progress what="lessons" done={lessons.filter((one) => done.has(one.name)).length} of={lessons.length} />}
          {next && <p><a href={address({ lesson: next.name })}>Next: {next.title}</a></p>}
          <ol>
            {lessons.map((one) => (
              <li key={one.name} value={one.number}><Done done={done.has(one.name)} /><a href={address({ lesson: one.name })}>{one.title}</a> <small>{one.summary}</small></li>
            ))}
          </ol>
        </section>
        {overview.exercises.length > 0 && <section aria-labelledby="exercises">
          <h2 id="exercises">Exercises: gradients by hand</h2>
          <Progress what="exercises" done={overview.exercises.filter((one) => one.done).length} of={overview.exercises.length} />
          {nextExercise && <p><a href={address({ exercise: nextExercise.name })}>Next: {named(nextExercise.title)}</a></p>}
          <ol>
            {overview.exercises.map((one, i) => <li key={one.name} value={i + 1}><Done done={one.done} /><a href={address({ exercise: one.name })}>{named(one.title)}</a></li>)}
          </ol>
        </section>}
      </div>
    </>
  );
}

/** Without its number, which the list has. */
const named = (title: string) => title.replace(/^Exercise \d+: /, '');

const Progress = ({ what, done, of }: { what: string; done: number; of: number }) => (
  <p class="progress" data-done={done}><progress aria-label={`${what} done`} value={done} max={of} /> {done} of {of} done</p>
);
