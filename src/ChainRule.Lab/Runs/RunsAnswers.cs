using ChainRule.Lab.Sessions;

namespace ChainRule.Lab.Runs;

/// <summary>Some rows of the table of runs.</summary>
/// <param name="Root">The folder of the runs.</param>
/// <param name="Total">How many runs there are.</param>
/// <param name="Matching">How many fit the filter.</param>
/// <param name="Version">What the table shows; events say what changed since.</param>
/// <param name="IsComplete">Whether every folder was looked into since the start.</param>
/// <param name="Columns">The columns shown.</param>
/// <param name="AllColumns">All that could be.</param>
/// <param name="Metrics">What can be drawn as curves.</param>
/// <param name="Rows">The rows.</param>
public sealed record TableAnswer(string Root, int Total, int Matching, long Version, bool IsComplete,
    IReadOnlyList<string> Columns, IReadOnlyList<string> AllColumns, IReadOnlyList<string> Metrics,
    IReadOnlyList<RunRow> Rows);

/// <summary>A row.</summary>
/// <param name="Id">By which the run is asked for.</param>
/// <param name="Name">As it may be shown.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Problem">What is wrong with its files; null if nothing is.</param>
/// <param name="Values">A value for each column.</param>
public sealed record RunRow(string Id, string Name, RunStatus Status, string? Problem, IReadOnlyList<Cell> Values);

/// <summary>Curves over each other.</summary>
public sealed record CurvesAnswer(string Metric, string Axis, IReadOnlyList<CurveAnswer> Curves);

/// <summary>One curve: the points that a drawing needs, and how many there are of which.</summary>
/// <param name="Run">The id of the run.</param>
/// <param name="X">Where the points are.</param>
/// <param name="Y">Their values.</param>
/// <param name="Smooth">Their smoothed values.</param>
/// <param name="Points">How many points the run has.</param>
/// <param name="LastStep">The step of the last; null if there is none.</param>
public sealed record CurveAnswer(string Run, NumberBlock X, NumberBlock Y, NumberBlock Smooth, int Points,
    double? LastStep);

/// <summary>New points of a run.</summary>
/// <param name="Run">The id of the run.</param>
/// <param name="From">How many points stand before these: 0 where all are sent.</param>
/// <param name="X">Where they are.</param>
/// <param name="Y">Their values.</param>
/// <param name="Points">How many points the run has.</param>
/// <param name="LastStep">The step of the last; null if there is none.</param>
public sealed record TailAnswer(string Run, int From, NumberBlock X, NumberBlock Y, int Points, double? LastStep);

/// <summary>Bands over seeds.</summary>
public sealed record BandsAnswer(string Metric, IReadOnlyList<BandAnswer> Bands);

/// <summary>One band.</summary>
public sealed record BandAnswer(string Title, IReadOnlyList<string> Runs, NumberBlock X, NumberBlock Mean,
    NumberBlock Min, NumberBlock Max);

/// <summary>The settings in which runs differ.</summary>
/// <param name="Runs">The names of the runs, as they may be shown.</param>
/// <param name="Settings">A row for each setting, with a value for each run.</param>
/// <param name="Same">How many settings are the same.</param>
public sealed record DifferencesAnswer(IReadOnlyList<string> Runs, IReadOnlyList<SettingRow> Settings, int Same);

/// <summary>A setting, and its value in each run.</summary>
public sealed record SettingRow(string Name, IReadOnlyList<Cell> Values);

/// <summary>Sizes of all layers over the steps; matrices are row by row, a row for each parameter.</summary>
/// <param name="Parameters">The parameters, in the order of the model.</param>
/// <param name="Steps">The steps.</param>
/// <param name="Weights">Root mean square of the weights.</param>
/// <param name="Gradients">Root mean square of the gradients.</param>
/// <param name="Updates">The update relative to the weights.</param>
public sealed record LayersAnswer(IReadOnlyList<string> Parameters, NumberBlock Steps, NumberBlock Weights,
    NumberBlock Gradients, NumberBlock Updates);

/// <summary>Distributions of weights.</summary>
/// <param name="Steps">The steps whose states are kept.</param>
/// <param name="Parameters">One for each parameter that a run has.</param>
public sealed record WeightsAnswer(IReadOnlyList<int> Steps, IReadOnlyList<WeightsHistogram> Parameters);

/// <summary>How the numbers of one parameter are distributed, in bins that both runs share.</summary>
/// <param name="Parameter">Its name.</param>
/// <param name="From">Where the first bin begins.</param>
/// <param name="To">Where the last ends.</param>
/// <param name="Runs">The run, and the other where it has the parameter too.</param>
public sealed record WeightsHistogram(string Parameter, double From, double To, IReadOnlyList<WeightsCounts> Runs);

/// <summary>The numbers of one parameter of one run.</summary>
/// <param name="Run">The id of the run.</param>
/// <param name="Counts">How many numbers are in each bin.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">Their standard deviation.</param>
/// <param name="Count">How many there are.</param>
/// <param name="NotFinite">How many are NaN or infinite, and in no bin.</param>
public sealed record WeightsCounts(string Run, NumberBlock Counts, double Mean, double Deviation, long Count,
    long NotFinite);

/// <summary>What a model makes up at several steps.</summary>
public sealed record SamplesAnswer(IReadOnlyList<SamplesAt> States);

/// <summary>What it makes up at one step.</summary>
public sealed record SamplesAt(int Step, IReadOnlyList<string> Samples);

/// <summary>What the time of workers went into; matrices are row by row, a row for each worker.</summary>
/// <param name="Workers">The most that there were at once; 0 for a run that one process alone trained.</param>
/// <param name="Steps">The steps of the evaluations; each tells of the steps since the one before.</param>
/// <param name="Computing">Seconds a step in which a worker computed; NaN where it was not there.</param>
/// <param name="Waiting">Seconds a step in which it waited for others.</param>
/// <param name="Sent">Bytes a step that it sent.</param>
/// <param name="Straggler">The worker that the others wait for at last; null if they are alike.</param>
/// <param name="Sentence">How it is at last.</param>
public sealed record WorkersAnswer(int Workers, NumberBlock Steps, NumberBlock Computing, NumberBlock Waiting,
    NumberBlock Sent, int? Straggler, string Sentence);

/// <summary>A diagnosis.</summary>
/// <param name="Looked">What was looked at.</param>
/// <param name="Rules">How many rules were asked.</param>
/// <param name="Findings">What was found.</param>
public sealed record DiagnosisAnswer(string Looked, int Rules, IReadOnlyList<FindingAnswer> Findings);

/// <summary>One finding.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Cause">What is wrong.</param>
/// <param name="Evidence">The numbers that say so.</param>
/// <param name="Cure">What to do about it.</param>
/// <param name="Tried">What came of the cure, in words; null where it was not tried.</param>
/// <param name="Helped">Whether it helped.</param>
public sealed record FindingAnswer(string Rule, string Cause, string Evidence, string Cure, string? Tried, bool Helped);

/// <summary>What was done, in one sentence.</summary>
public sealed record DoneAnswer(string Done);

/// <summary>A file to be saved.</summary>
public sealed record FileAnswer(string Name, string MediaType, NumberBlock Content);

/// <summary>What happened to runs, without being asked for.</summary>
/// <param name="Version">What this leads to.</param>
/// <param name="Total">How many runs there are.</param>
/// <param name="IsComplete">Whether every folder was looked into since the start.</param>
/// <param name="IsWhole">Whether more changed than is said: the table is to be asked for anew.</param>
/// <param name="Changed">The runs that are new or changed.</param>
/// <param name="Removed">The ids of those that are gone.</param>
public sealed record RunsEvent(long Version, int Total, bool IsComplete, bool IsWhole, IReadOnlyList<RunChange> Changed,
    IReadOnlyList<string> Removed);

/// <summary>A run that is new or changed.</summary>
public sealed record RunChange(string Id, RunStatus Status, int Points, double? LastStep);

/// <summary>Where a metric came from, in a sentence or more.</summary>
public sealed record MetricOriginAnswer(string Sentence) : LabAnswer;
