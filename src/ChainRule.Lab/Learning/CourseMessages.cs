using System.Text.Json.Serialization;
using ChainRule.Lab.Sessions;

namespace ChainRule.Lab.Learning;

/// <summary>What can be asked about the course. Exercises and lessons are named as their files are.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(OverviewRequest), "overview")]
[JsonDerivedType(typeof(ExerciseRequest), "exercise")]
[JsonDerivedType(typeof(CheckRequest), "check")]
[JsonDerivedType(typeof(HintRequest), "hint")]
[JsonDerivedType(typeof(SolutionRequest), "solution")]
[JsonDerivedType(typeof(ResetExerciseRequest), "resetExercise")]
[JsonDerivedType(typeof(LessonRequest), "lesson")]
[JsonDerivedType(typeof(MarkRequest), "mark")]
[JsonDerivedType(typeof(SaveLessonRequest), "save")]
[JsonDerivedType(typeof(ResetLessonRequest), "resetLesson")]
[JsonDerivedType(typeof(RunLessonRequest), "run")]
[JsonDerivedType(typeof(StopLessonRequest), "stop")]
public abstract record CourseRequest : LabRequest;

/// <summary>Asks for all exercises, and for what is done.</summary>
public sealed record OverviewRequest : CourseRequest;

/// <summary>Asks for an exercise, with what the learner wrote.</summary>
public sealed record ExerciseRequest(string Name) : CourseRequest;

/// <summary>Saves what the learner wrote, and checks it.</summary>
/// <param name="Name">The exercise.</param>
/// <param name="Text">What was written.</param>
/// <param name="Was">What the page began with: where the file holds something else by now, nothing is written over;
/// null to write in any case.</param>
public sealed record CheckRequest(string Name, string Text, string? Was = null) : CourseRequest;

/// <summary>Asks for one more hint.</summary>
public sealed record HintRequest(string Name) : CourseRequest;

/// <summary>Asks for the solution.</summary>
public sealed record SolutionRequest(string Name) : CourseRequest;

/// <summary>Begins an exercise anew.</summary>
public sealed record ResetExerciseRequest(string Name) : CourseRequest;

/// <summary>Asks for a lesson's program, as it ships or as the learner changed it.</summary>
public sealed record LessonRequest(string Name) : CourseRequest;

/// <summary>Says that a lesson is done, or is not.</summary>
public sealed record MarkRequest(string Name, bool Done) : CourseRequest;

/// <summary>Keeps the learner's own copy of a lesson.</summary>
/// <param name="Name">The lesson.</param>
/// <param name="Text">The program.</param>
/// <param name="Was">As in <see cref="CheckRequest"/>.</param>
public sealed record SaveLessonRequest(string Name, string Text, string? Was = null) : CourseRequest;

/// <summary>Puts the lesson back as it ships; what the learner wrote is kept in a file that ends in .old.</summary>
public sealed record ResetLessonRequest(string Name) : CourseRequest;

/// <summary>Runs a lesson: the learner's copy, or the lesson itself. Its output comes as events.</summary>
/// <param name="Name">The lesson.</param>
/// <param name="Size"><c>quick</c>, whose output is compared; <c>usual</c>; or <c>full</c>, the lecture's sizes.
/// </param>
public sealed record RunLessonRequest(string Name, string Size = "quick") : CourseRequest;

/// <summary>Stops the lesson that runs.</summary>
public sealed record StopLessonRequest : CourseRequest;

/// <summary>What the course answers.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(OverviewAnswer), "overview")]
[JsonDerivedType(typeof(ExerciseAnswer), "exercise")]
[JsonDerivedType(typeof(LessonAnswer), "lesson")]
public abstract record CourseAnswer : LabAnswer;

/// <summary>What there is, and what is done.</summary>
/// <param name="Folder">The learner's folder; null where nothing is kept, as in a browser.</param>
/// <param name="NotRun">Why lessons are not run here; null where they are.</param>
/// <param name="Exercises">All exercises, in order.</param>
/// <param name="Lessons">The names of the lessons that are done.</param>
public sealed record OverviewAnswer(string? Folder, string? NotRun, IReadOnlyList<ExerciseName> Exercises,
    IReadOnlyList<string> Lessons) : CourseAnswer;

/// <summary>An exercise in the list.</summary>
public sealed record ExerciseName(string Name, string Title, bool Done);

/// <summary>An exercise.</summary>
/// <param name="Name">The name of its file.</param>
/// <param name="Title">Its title.</param>
/// <param name="Path">Where the learner's file is.</param>
/// <param name="Text">What the learner wrote, or the task.</param>
/// <param name="Done">Whether it was once right.</param>
/// <param name="Hints">The hints that were shown.</param>
/// <param name="HintCount">How many there are.</param>
/// <param name="Result">What the check found; null where none was asked for.</param>
/// <param name="Solution">The solution; null unless it was asked for.</param>
/// <param name="Kept">Where what was written before a reset is kept; null where nothing was.</param>
public sealed record ExerciseAnswer(string Name, string Title, string Path, string Text, bool Done,
    IReadOnlyList<string> Hints, int HintCount, ExerciseCheck? Result = null, string? Solution = null,
    string? Kept = null) : CourseAnswer;

/// <summary>What a check found.</summary>
/// <param name="Passed">Whether all is right.</param>
/// <param name="Message">What is to be done; empty if all is right.</param>
/// <param name="Open">The formulas that are still to be written, where all are.</param>
public sealed record ExerciseCheck(bool Passed, string Message, IReadOnlyList<string> Open);

/// <summary>A lesson.</summary>
/// <param name="Name">The name of its file.</param>
/// <param name="Path">Where the learner's copy is, or would be.</param>
/// <param name="Text">The program, as the learner has it or as it ships.</param>
/// <param name="Changed">Whether it is the learner's own.</param>
/// <param name="Done">Whether it is done.</param>
/// <param name="Pictures">Names of the pictures that it drew, in the order of their names.</param>
/// <param name="Kept">Where what was written before a reset is kept; null where nothing was.</param>
public sealed record LessonAnswer(string Name, string Path, string Text, bool Changed, bool Done,
    IReadOnlyList<string> Pictures, string? Kept = null) : CourseAnswer;

/// <summary>How the lesson stands that was run last, and what it printed since the last event.</summary>
/// <param name="Run">The number of the run; 0 where none was.</param>
/// <param name="Lesson">The lesson.</param>
/// <param name="State"><c>none</c>, <c>running</c> or <c>ended</c>.</param>
/// <param name="From">How many characters it had printed before.</param>
/// <param name="Text">What it printed then.</param>
/// <param name="Sentence">How it ended, in a sentence; empty while it runs.</param>
/// <param name="Compared">Whether its output was compared with the expected one.</param>
/// <param name="Differences">The lines in which they differ.</param>
/// <param name="Pictures">Names of the pictures that it drew.</param>
public sealed record CourseEvent(int Run, string Lesson, string State, int From, string Text, string Sentence,
    bool Compared, IReadOnlyList<OutputDifference> Differences, IReadOnlyList<string> Pictures);

/// <summary>One line in which the output differs from the expected one.</summary>
/// <param name="Line">Its number, from 1: in the expected output if it is missing there, else in what was printed.
/// </param>
/// <param name="Printed">Whether it was printed and not expected; otherwise it was expected and not printed.</param>
/// <param name="Text">The line.</param>
public sealed record OutputDifference(int Line, bool Printed, string Text);
