using System.Text.Json.Serialization;

namespace ChainRule.Lab.Runs;

/// <summary>What is asked of the board of runs. Runs are named by their ids, as the list gives them.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ListRequest), "list")]
[JsonDerivedType(typeof(CurvesRequest), "curves")]
[JsonDerivedType(typeof(TailRequest), "tail")]
[JsonDerivedType(typeof(BandsRequest), "bands")]
[JsonDerivedType(typeof(DifferencesRequest), "differences")]
[JsonDerivedType(typeof(LayersRequest), "layers")]
[JsonDerivedType(typeof(WeightsRequest), "weights")]
[JsonDerivedType(typeof(WorkersRequest), "workers")]
[JsonDerivedType(typeof(MetricOriginRequest), "origin")]
[JsonDerivedType(typeof(SamplesRequest), "samples")]
[JsonDerivedType(typeof(DiagnoseRequest), "diagnose")]
[JsonDerivedType(typeof(StopRunRequest), "stop")]
[JsonDerivedType(typeof(ResumeRunRequest), "resume")]
[JsonDerivedType(typeof(ExportRequest), "export")]
public abstract record RunsRequest;

/// <summary>Some rows of the table.</summary>
/// <param name="Filter">Which runs; see <see cref="RunFilter"/>.</param>
/// <param name="Sort">By which column; null for the newest first.</param>
/// <param name="Descending">The greatest first; what has no number comes last in any case.</param>
/// <param name="Columns">Which columns; null for the usual ones.</param>
/// <param name="From">The first row.</param>
/// <param name="Count">How many rows, 1,000 at most.</param>
public sealed record ListRequest(string? Filter = null, string? Sort = null, bool Descending = false,
    IReadOnlyList<string>? Columns = null, int From = 0, int Count = 100) : RunsRequest;

/// <summary>Curves of runs over each other.</summary>
/// <param name="Runs">Which runs, 200 at most.</param>
/// <param name="Metric">Which metric.</param>
/// <param name="Axis"><c>step</c> or <c>seconds</c>.</param>
/// <param name="Columns">How many columns of pixels the drawing has: no more points are sent than it needs.</param>
/// <param name="Smoothing">The weight of the mean so far, from 0 to 0.999.</param>
public sealed record CurvesRequest(IReadOnlyList<string> Runs, string Metric, string Axis = "step", int Columns = 1000,
    double Smoothing = 0) : RunsRequest;

/// <summary>The points of a run that are new to whoever has the first ones.</summary>
/// <param name="Run">The run.</param>
/// <param name="Metric">Which metric.</param>
/// <param name="Axis"><c>step</c> or <c>seconds</c>.</param>
/// <param name="From">How many points one has.</param>
/// <param name="LastStep">The step of the last of them: where the run has another there, all are sent.</param>
public sealed record TailRequest(string Run, string Metric, string Axis = "step", int From = 0,
    double? LastStep = null) : RunsRequest;

/// <summary>Mean, least and greatest over runs that differ in the seed alone.</summary>
public sealed record BandsRequest(IReadOnlyList<string> Runs, string Metric) : RunsRequest;

/// <summary>The settings in which runs differ.</summary>
public sealed record DifferencesRequest(IReadOnlyList<string> Runs) : RunsRequest;

/// <summary>Sizes of the weights, gradients and updates of all layers.</summary>
public sealed record LayersRequest(string Run) : RunsRequest;

/// <summary>The distributions of the weights of a run, and of another over them.</summary>
/// <param name="Run">The run.</param>
/// <param name="Other">Another; null if none.</param>
/// <param name="Step">Which state of both, of those that are kept; null for the best model.</param>
/// <param name="Bins">How many bins, 2 to 500.</param>
public sealed record WeightsRequest(string Run, string? Other = null, int? Step = null, int Bins = 40) : RunsRequest;

/// <summary>What a language model makes up, at each state that its run kept.</summary>
public sealed record SamplesRequest(string Run, int Count = 5) : RunsRequest;

/// <summary>What the time of a run's workers went into.</summary>
public sealed record WorkersRequest(string Run) : RunsRequest;

/// <summary>Says where the last value of a metric came from.</summary>
public sealed record MetricOriginRequest(string Run, string Metric) : RunsRequest;

/// <summary>What is wrong with a run.</summary>
/// <param name="Run">The run.</param>
/// <param name="Try">Whether cures are tried in branches of the training.</param>
/// <param name="Steps">How many steps each branch makes.</param>
public sealed record DiagnoseRequest(string Run, bool Try = false, int Steps = 200) : RunsRequest;

/// <summary>Asks the process that trains a run to stop after its step.</summary>
public sealed record StopRunRequest(string Run) : RunsRequest;

/// <summary>Goes on with a run, in a process of its own.</summary>
public sealed record ResumeRunRequest(string Run) : RunsRequest;

/// <summary>What is seen, as a file.</summary>
/// <param name="Format"><c>csv</c>, <c>json</c> or <c>parquet</c>.</param>
/// <param name="What"><c>table</c>, or <c>points</c>: all metrics of the runs that are named.</param>
/// <param name="Filter">Of a table: which runs.</param>
/// <param name="Sort">Of a table: by which column.</param>
/// <param name="Descending">Of a table: the greatest first.</param>
/// <param name="Columns">Of a table: which columns.</param>
/// <param name="Runs">Of points: which runs.</param>
public sealed record ExportRequest(string Format, string What = "table", string? Filter = null, string? Sort = null,
    bool Descending = false, IReadOnlyList<string>? Columns = null, IReadOnlyList<string>? Runs = null) : RunsRequest;
