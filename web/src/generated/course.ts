// Written from the C# records by TypeScriptTypesTest, with CHAINRULE_ACCEPT=1.

export type CourseRequest =
  | ({ type: 'overview' } & OverviewRequest)
  | ({ type: 'exercise' } & ExerciseRequest)
  | ({ type: 'check' } & CheckRequest)
  | ({ type: 'hint' } & HintRequest)
  | ({ type: 'solution' } & SolutionRequest)
  | ({ type: 'resetExercise' } & ResetExerciseRequest)
  | ({ type: 'lesson' } & LessonRequest)
  | ({ type: 'mark' } & MarkRequest)
  | ({ type: 'save' } & SaveLessonRequest)
  | ({ type: 'resetLesson' } & ResetLessonRequest)
  | ({ type: 'run' } & RunLessonRequest)
  | ({ type: 'stop' } & StopLessonRequest);

export type OverviewRequest = object;

export interface ExerciseRequest {
  name: string;
}

export interface CheckRequest {
  name: string;
  text: string;
  was: string | null;
}

export interface HintRequest {
  name: string;
}

export interface SolutionRequest {
  name: string;
}

export interface ResetExerciseRequest {
  name: string;
}

export interface LessonRequest {
  name: string;
}

export interface MarkRequest {
  name: string;
  done: boolean;
}

export interface SaveLessonRequest {
  name: string;
  text: string;
  was: string | null;
}

export interface ResetLessonRequest {
  name: string;
}

export interface RunLessonRequest {
  name: string;
  size: string;
}

export type StopLessonRequest = object;

export type CourseAnswer =
  | ({ type: 'overview' } & OverviewAnswer)
  | ({ type: 'exercise' } & ExerciseAnswer)
  | ({ type: 'lesson' } & LessonAnswer);

export interface OverviewAnswer {
  folder: string | null;
  notRun: string | null;
  exercises: ExerciseName[];
  lessons: string[];
}

export interface ExerciseName {
  name: string;
  title: string;
  done: boolean;
}

export interface ExerciseAnswer {
  name: string;
  title: string;
  path: string;
  text: string;
  done: boolean;
  hints: string[];
  hintCount: number;
  result: ExerciseCheck | null;
  solution: string | null;
  kept: string | null;
}

export interface ExerciseCheck {
  passed: boolean;
  message: string;
  open: string[];
}

export interface LessonAnswer {
  name: string;
  path: string;
  text: string;
  changed: boolean;
  done: boolean;
  pictures: string[];
  kept: string | null;
}

export interface CourseEvent {
  run: number;
  lesson: string;
  state: string;
  from: number;
  text: string;
  sentence: string;
  compared: boolean;
  differences: OutputDifference[];
  pictures: string[];
}

export interface OutputDifference {
  line: number;
  printed: boolean;
  text: string;
}
