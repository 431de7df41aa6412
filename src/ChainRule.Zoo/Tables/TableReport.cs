using System.Text.Json.Serialization;
using ChainRule.Data;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tables;

/// <summary>
/// All that is known of a model of a table: the data, how it was divided, how good the model is on rows that it never
/// saw, what it is compared with, and what it goes by. It is kept as <c>report.json</c> in the run's folder, and a page
/// can be drawn of it and of the run's metrics alone.
/// </summary>
public sealed record TableReport
{
    static readonly Dictionary<string, string> s_none = [];

    /// <summary>What the data is called: a file's name, or that of the table that comes with ChainRule.</summary>
    public required string Data { get; init; }

    /// <summary>How many rows were used.</summary>
    public required int Rows { get; init; }

    /// <summary>How many rows were left out, since they lack the target.</summary>
    public int RowsWithoutTarget { get; init; }

    /// <summary>The column that is predicted.</summary>
    public required string Target { get; init; }

    /// <summary>Whether a number or a class is predicted.</summary>
    [JsonConverter(typeof(LowerCase<TableTask>))]
    public required TableTask Task { get; init; }

    /// <summary>Why it is taken to be that.</summary>
    public required string TaskReason { get; init; }

    /// <summary>The names of the classes, in the order of all that is said of each; empty of a regression.</summary>
    public IReadOnlyList<string> Classes { get; init => field = value ?? []; } = [];

    /// <summary>Of two classes, the one that ROC-AUC, PR-AUC, precision, recall, F1 and the threshold are of, the
    /// second of <see cref="Classes"/>; else null.</summary>
    public string? Positive { get; init; }

    /// <summary>Every column of the table, in its order.</summary>
    public required IReadOnlyList<TableColumn> Columns { get; init; }

    /// <summary>What should be known of the data, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init => field = value ?? []; } = [];

    /// <summary>How the rows were divided.</summary>
    public required TableSplit Split { get; init; }

    /// <summary>The name of the model that was trained: linear, perceptron, neuron, svr, mlp, rbf …</summary>
    public required string Model { get; init; }

    /// <summary>How many numbers it learned.</summary>
    public long Parameters { get; init; }

    /// <summary>What was concluded, a sentence each: how good the model is, and whether a network is worth
    /// it.</summary>
    public required IReadOnlyList<string> Verdict { get; init; }

    /// <summary>What was found while the model was solved for, a sentence each: of a perceptron, its mistakes and
    /// whether a line separates the classes; empty of most models.</summary>
    public IReadOnlyList<string> Findings { get; init => field = value ?? []; } = [];

    /// <summary>The weights and the bias of a model that is a weighted sum; null of another.</summary>
    public TableWeights? Weights { get; init; }

    /// <summary>The models that were compared, on the same test rows: this run's, the baseline, the linear model and
    /// any other that was tried.</summary>
    public required IReadOnlyList<ModelScore> Models { get; init; }

    /// <summary>The metric that the verdict goes by, a key of <see cref="ModelScore.Test"/>: <c>R²</c>,
    /// <c>accuracy</c>, or, with class weights or a rare class, <c>balanced accuracy</c>.</summary>
    public required string MainMetric { get; init; }

    /// <summary>Why this model was taken, where several were tried; else null.</summary>
    public string? Chosen { get; init; }

    /// <summary>The rows of the test part, what they are and what they were predicted to be; of a large one every nth
    /// row.</summary>
    public required TestRows Test { get; init; }

    /// <summary>What is known of a classifier alone; null of a regression.</summary>
    public ClassificationDetails? Classification { get; init; }

    /// <summary>How much worse the model becomes when a column is shuffled, the most important first.</summary>
    public IReadOnlyList<ColumnImportance> Importance { get; init => field = value ?? []; } = [];

    /// <summary>What <see cref="Importance"/> is measured in: <c>increase of the root mean squared error</c>.</summary>
    public string ImportanceUnit { get; init => field = value ?? ""; } = "";

    /// <summary>How the prediction depends on the most important columns, with all else as it is.</summary>
    public IReadOnlyList<ColumnDependence> Dependence { get; init => field = value ?? []; } = [];

    /// <summary>The ten worst errors, the worst first.</summary>
    public IReadOnlyList<WorstRow> Worst { get; init => field = value ?? []; } = [];

    /// <summary>The scores of each fold, if the rows were divided into folds; else null.</summary>
    public FoldScores? Folds { get; init; }

    /// <summary>Every setting, by name.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init => field = value ?? s_none; } = s_none;

    /// <summary>The seed of the split, the first weights and the batches.</summary>
    public ulong Seed { get; init; }

    /// <summary>How long everything took.</summary>
    public double Seconds { get; init; }

    /// <summary>The name of its file in a run's folder.</summary>
    public const string FileName = "report.json";

    /// <summary>Reads the report of a run.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <exception cref="IOException">There is none, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static TableReport Read(string folder)
    {
        const long Longest = 1 << 28;
        string path = Path.Combine(folder, FileName);
        return RunFile.Parse<TableReport>(path, RunFile.Bytes(path, Longest, RunFile.Anew), RunFile.Anew);
    }
}
