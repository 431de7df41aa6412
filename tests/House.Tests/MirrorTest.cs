using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace House.Tests;

/// <summary>
/// Every source file that does something has its test in the mirrored folder: <c>src/ChainRule/Data/Csv.cs</c> has <c>tests/ChainRule.Tests/Data/CsvTest.cs</c>,
/// a part <c>TorchRandom.State.cs</c> has <c>TorchRandomStateTest.cs</c> or the whole's <c>TorchRandomTest.cs</c>. Contracts, enums and plain
/// records do nothing.
/// </summary>
public sealed class MirrorTest
{
    // What is tested through what it serves, and by which file: it has no behaviour that anybody asks for by its own name.
    static readonly Dictionary<string, string> s_testedThrough = new()
    {
        // A stream of batches is asked for through Batches, a column through its table.
        ["src/ChainRule/Data/BatchPlace.cs"] = "tests/ChainRule.Tests/Data/BatchesTest.cs",
        ["src/ChainRule/Data/RandomBatches.cs"] = "tests/ChainRule.Tests/Data/BatchesTest.cs",
        ["src/ChainRule/Data/ShuffledBatches.cs"] = "tests/ChainRule.Tests/Data/BatchesTest.cs",
        ["src/ChainRule/Data/WindowBatches.cs"] = "tests/ChainRule.Tests/Data/BatchesTest.cs",
        ["src/ChainRule/Data/Column.cs"] = "tests/ChainRule.Tests/Data/TableTest.cs",
        // How a column is encoded is asked for through its encoder, how its dates are read through its profile.
        ["src/ChainRule/Data/ColumnEncoding.cs"] = "tests/ChainRule.Tests/Data/TableEncoderTest.cs",
        ["src/ChainRule/Data/NumberEncoding.cs"] = "tests/ChainRule.Tests/Data/TableEncoderTest.cs",
        ["src/ChainRule/Data/BooleanEncoding.cs"] = "tests/ChainRule.Tests/Data/TableEncoderTest.cs",
        ["src/ChainRule/Data/CategoryEncoding.cs"] = "tests/ChainRule.Tests/Data/TableEncoderTest.cs",
        ["src/ChainRule/Data/DateEncoding.cs"] = "tests/ChainRule.Tests/Data/TableEncoderTest.cs",
        ["src/ChainRule/Data/DateReader.cs"] = "tests/ChainRule.Tests/Data/ColumnProfileTest.cs",
        ["src/ChainRule/Data/Culture.cs"] = "tests/ChainRule.Tests/Data/CsvCultureTest.cs",
        // A file of a run is asked for through its folder.
        ["src/ChainRule.Zoo/Runs/RunFile.cs"] = "tests/ChainRule.Zoo.Tests/Runs/DamageTest.cs",
        // The form in which every question answers.
        ["src/ChainRule/Diagnostics/Moments.cs"] = "tests/ChainRule.Tests/Diagnostics/SaturationTest.cs",
        ["src/ChainRule/Diagnostics/Places.cs"] = "tests/ChainRule.Tests/Diagnostics/GradCheckTest.cs",
        ["src/ChainRule/Diagnostics/Report.cs"] = "tests/ChainRule.Tests/Diagnostics/SaturationTest.cs",
        ["src/ChainRule/Engine/TextTable.cs"] = "tests/ChainRule.Tests/Diagnostics/SaturationTest.cs",
        // What classical models are fitted to, and by.
        ["src/ChainRule/Classical/Columns.cs"] = "tests/ChainRule.Tests/Classical/LinearRegressionTest.cs",
        ["src/ChainRule/Classical/ClassCount.cs"] = "tests/ChainRule.Tests/Classical/LogisticRegressionTest.cs",
        ["src/ChainRule/Classical/Lbfgs.cs"] = "tests/ChainRule.Tests/Classical/LogisticRegressionTest.cs",
        ["src/ChainRule/Classical/KernelRows.cs"] = "tests/ChainRule.Tests/Classical/SupportVectorRegressionTest.cs",
        ["src/ChainRule/Classical/SequentialMinimalOptimization.cs"] = "tests/ChainRule.Tests/Classical/SupportVectorRegressionTest.cs",
        ["src/ChainRule/Classical/LeastSquares.cs"] = "tests/ChainRule.Tests/Classical/LinearRegressionTest.cs",
        // What every metric refuses, and how reports are printed.
        ["src/ChainRule/Metrics/Checks.cs"] = "tests/ChainRule.Tests/Metrics/RegressionTest.cs",
        ["src/ChainRule/Metrics/MetricTable.cs"] = "tests/ChainRule.Tests/Metrics/RegressionReportTest.cs",
        ["src/ChainRule/Metrics/ThresholdCounts.cs"] = "tests/ChainRule.Tests/Metrics/RocCurveTest.cs",
        // The engine below the handle: what a tensor stands on, and what every op is run by.
        ["src/ChainRule/Engine/DTypes.cs"] = "tests/ChainRule.Tests/Engine/TensorMakeTest.cs",
        ["src/ChainRule/Engine/Journal.cs"] = "tests/ChainRule.Tests/Diagnostics/LearningRateSweepTest.cs",
        ["src/ChainRule/Ops/LossTally.cs"] = "tests/ChainRule.Tests/Training/TrainerChecksTest.cs",
        ["src/ChainRule/Engine/Slot.cs"] = "tests/ChainRule.Tests/Engine/ScopeTest.cs",
        ["src/ChainRule/Engine/Storage.cs"] = "tests/ChainRule.Tests/Engine/ScopeTest.cs",
        ["src/ChainRule/Engine/Frame.cs"] = "tests/ChainRule.Tests/Engine/BackpropTest.cs",
        ["src/ChainRule/Engine/IOp.cs"] = "tests/ChainRule.Tests/Engine/BackpropTest.cs",
        ["src/ChainRule/Engine/Node.cs"] = "tests/ChainRule.Tests/Engine/BackpropTest.cs",
        ["src/ChainRule/Engine/Adjoint.cs"] = "tests/ChainRule.Tests/Ops/DerivativesTest.cs",
        ["src/ChainRule/Engine/Once.cs"] = "tests/ChainRule.Tests/Ops/DerivativesTest.cs",
        ["src/ChainRule/Kernels/Dual.cs"] = "tests/ChainRule.Tests/Ops/DerivativesTest.cs",
        ["src/ChainRule/Ops/GradientGraph.cs"] = "tests/ChainRule.Tests/Ops/DerivativesTest.cs",
        ["src/ChainRule/Engine/SavedTensors.cs"] = "tests/ChainRule.Tests/Engine/BackpropTest.cs",
        ["src/ChainRule/Engine/NoGrad.cs"] = "tests/ChainRule.Tests/Engine/BackpropTest.cs",
        ["src/ChainRule/Engine/Op.cs"] = "tests/ChainRule.Tests/Engine/BackpropTest.cs",
        ["src/ChainRule/Engine/Throw.cs"] = "tests/ChainRule.Tests/Engine/TensorTest.cs",
        ["src/ChainRule/Engine/Watch.cs"] = "tests/ChainRule.Tests/Diagnostics/NanWatchTest.cs",
        // Loops over formulas, and what moves numbers about: tested with the formulas and moves that they run.
        ["src/ChainRule/Kernels/AttentionHeads.cs"] = "tests/ChainRule.Tests/Ops/AttentionTest.cs",
        ["src/ChainRule/Kernels/CacheLine.cs"] = "tests/ChainRule.Tests/Engine/ScopeTest.cs",
        ["src/ChainRule/Kernels/HeadProduct.cs"] = "tests/ChainRule.Tests/Ops/AttentionTest.cs",
        ["src/ChainRule/Kernels/Across.cs"] = "tests/ChainRule.Tests/Kernels/SoftmaxRowTest.cs",
        ["src/ChainRule/Kernels/ChainLoop.cs"] = "tests/ChainRule.Tests/Kernels/ChainsTest.cs",
        ["src/ChainRule/Kernels/Masked.cs"] = "tests/ChainRule.Tests/Kernels/SoftmaxRowTest.cs",
        ["src/ChainRule/Kernels/Gradient.cs"] = "tests/ChainRule.Tests/Ops/AttentionTest.cs",
        ["src/ChainRule/Kernels/Factor.cs"] = "tests/ChainRule.Tests/Kernels/GemmTest.cs",
        ["src/ChainRule/Kernels/GemmPanels.cs"] = "tests/ChainRule.Tests/Kernels/GemmTest.cs",
        ["src/ChainRule/Kernels/GemmRow.cs"] = "tests/ChainRule.Tests/Kernels/GemmTest.cs",
        ["src/ChainRule/Kernels/GemmRows.cs"] = "tests/ChainRule.Tests/Kernels/GemmTest.cs",
        ["src/ChainRule/Kernels/GemmTile.cs"] = "tests/ChainRule.Tests/Kernels/GemmTest.cs",
        ["src/ChainRule/Kernels/Compiled.cs"] = "tests/ChainRule.Tests/Kernels/FormulasTest.cs",
        ["src/ChainRule/Kernels/MapLoop.cs"] = "tests/ChainRule.Tests/Kernels/FormulasTest.cs",
        ["src/ChainRule/Kernels/Numbers.cs"] = "tests/ChainRule.Tests/Kernels/ExponentialsTest.cs",
        ["src/ChainRule/Kernels/RowLoop.cs"] = "tests/ChainRule.Tests/Kernels/RowsTest.cs",
        ["src/ChainRule/Kernels/Tail.cs"] = "tests/ChainRule.Tests/Kernels/FormulasTest.cs",
        ["src/ChainRule/Kernels/ZipLoop.cs"] = "tests/ChainRule.Tests/Kernels/FormulasTest.cs",
        ["src/ChainRule/Kernels/ZipLoop.Sums.cs"] = "tests/ChainRule.Tests/Ops/LongSumsTest.cs",
        ["src/ChainRule/Kernels/Wide.cs"] = "tests/ChainRule.Tests/Kernels/ExponentialsTest.cs",
        ["src/ChainRule/Kernels/Lone.cs"] = "tests/ChainRule.Tests/Kernels/ExponentialsTest.cs",
        ["src/ChainRule/Kernels/GruCell.cs"] = "tests/ChainRule.Tests/Ops/GruTest.cs",
        ["src/ChainRule/Kernels/RnnCell.cs"] = "tests/ChainRule.Tests/Ops/RnnTest.cs",
        ["src/ChainRule/Ops/Recurrence.cs"] = "tests/ChainRule.Tests/Ops/LstmTest.cs",
        ["src/ChainRule/Kernels/LstmCell.cs"] = "tests/ChainRule.Tests/Ops/LstmTest.cs",
        ["src/ChainRule/Kernels/Moves.Transpose.cs"] = "tests/ChainRule.Tests/Kernels/GemmTest.cs",
        ["src/ChainRule/Kernels/Moves.cs"] = "tests/ChainRule.Tests/Ops/ShapesTest.cs",
        ["src/ChainRule/Kernels/Windows.cs"] = "tests/ChainRule.Tests/Kernels/ConvolutionTest.cs",
        ["src/ChainRule/Kernels/PoolPairs.cs"] = "tests/ChainRule.Tests/Kernels/PoolingTest.cs",
        ["src/ChainRule/Kernels/UpdateLoop.cs"] = "tests/ChainRule.Tests/Optim/OptimizerTest.cs",
        ["src/ChainRule/Ops/Map.cs"] = "tests/ChainRule.Tests/Ops/FunctionsTest.cs",
        ["src/ChainRule/Ops/Zip.cs"] = "tests/ChainRule.Tests/Ops/ArithmeticTest.cs",
        // What every optimiser is given, refuses and saves.
        ["src/ChainRule/Optim/Parameter.cs"] = "tests/ChainRule.Tests/Optim/OptimizerTest.cs",
        ["src/ChainRule/Optim/Setting.cs"] = "tests/ChainRule.Tests/Optim/OptimizerTest.cs",
        ["src/ChainRule/Optim/StateDict.cs"] = "tests/ChainRule.Tests/Optim/OptimizerTest.cs",
        ["src/ChainRule/Training/History.cs"] = "tests/ChainRule.Tests/Training/TrainerTest.cs",
        ["src/ChainRule/Training/TrainerState.cs"] = "tests/ChainRule.Tests/Training/CheckpointTest.cs",
        ["src/ChainRule/Training/SafetensorsHeader.cs"] = "tests/ChainRule.Tests/Training/SafetensorsFileTest.cs",
        // Cases are compared with PyTorch by bench/accuracy.
        ["bench/ChainRule.Bench/Accuracy/Drawn.cs"] = "tests/ChainRule.Bench.Tests/Accuracy/AccuracyCaseTest.cs",
        ["bench/ChainRule.Bench/Accuracy/Reductions.cs"] = "tests/ChainRule.Bench.Tests/Accuracy/AccuracyCaseTest.cs",
        ["bench/ChainRule.Bench/Accuracy/Products.cs"] = "tests/ChainRule.Bench.Tests/Accuracy/AccuracyCaseTest.cs",
        ["bench/ChainRule.Bench/Accuracy/Gradients.cs"] = "tests/ChainRule.Bench.Tests/Accuracy/AccuracyCaseTest.cs",
        // The tool is run as a process: what its main program and its screen do is what its commands print.
        ["src/ChainRule.Cli/Program.cs"] = "tests/ChainRule.Cli.Tests/ToolTest.cs",
        ["src/ChainRule.Cli/LessonsTable.cs"] = "tests/ChainRule.Cli.Tests/Commands/LessonsCommandTest.cs",
        ["src/ChainRule.Cli/TrainingScreen.cs"] = "tests/ChainRule.Cli.Tests/Commands/TrainCommandTest.cs",
        // What pages are made with: asked for by every page.
        ["src/ChainRule.Pictures/Renderer.cs"] = "tests/ChainRule.Pictures.Tests/PageTest.cs",
        ["src/ChainRule.Pictures/Resources.cs"] = "tests/ChainRule.Pictures.Tests/ThemeTest.cs",
        ["src/ChainRule.Pictures/Throw.cs"] = "tests/ChainRule.Pictures.Tests/PointsTest.cs",
        ["src/ChainRule.Pictures/Vega.cs"] = "tests/ChainRule.Pictures.Tests/ChartSeriesTest.cs",
        // How settings are declared, and their words in JSON.
        ["src/ChainRule.Zoo/Settings/LimitsAttribute.cs"] = "tests/ChainRule.Zoo.Tests/Settings/SettingTest.cs",
        ["src/ChainRule.Zoo/Datasets/LowerCase.cs"] = "tests/ChainRule.Zoo.Tests/Recipes/TrainingSettingsTest.cs",
        // The parts of a download.
        ["src/ChainRule.Zoo/Datasets/Fingerprint.cs"] = "tests/ChainRule.Zoo.Tests/Datasets/DownloadContentTest.cs",
        ["src/ChainRule.Zoo/Datasets/HttpSource.cs"] = "tests/ChainRule.Zoo.Tests/Datasets/DownloadTest.cs",
        ["src/ChainRule.Zoo/Datasets/Part.cs"] = "tests/ChainRule.Zoo.Tests/Datasets/DownloadResumeTest.cs",
        ["src/ChainRule.Zoo/Datasets/PublishedFile.cs"] = "tests/ChainRule.Zoo.Tests/Datasets/CatalogTest.cs",
        ["src/ChainRule.Zoo/Datasets/Source.cs"] = "tests/ChainRule.Zoo.Tests/Datasets/DownloadMirrorTest.cs",
    };

    static readonly HashSet<string> s_paths = [.. Repository.Files.Select(f => f.Path)];

    [Fact]
    public void Every_file_that_does_something_has_its_test() => Finding.None(Repository.Source
        .Where(f => Behaves(f) && !s_testedThrough.ContainsKey(f.Path) && !Mirrors(f.Path).Any(s_paths.Contains))
        .Select(f => f.At(1, "no test mirrors this file", $"write {Mirrors(f.Path)[0]}")));

    [Fact]
    public void Every_exception_names_files_that_exist_and_is_needed() => Finding.None(s_testedThrough
        .Where(e => !s_paths.Contains(e.Key) || !s_paths.Contains(e.Value) || Mirrors(e.Key).Any(s_paths.Contains))
        .Select(e => new Finding("tests/House.Tests/MirrorTest.cs", 1, $"{e.Key}, tested through {e.Value}, is no exception",
            "both files must exist and no test mirror the first: strike the line")));

    [Theory]
    [InlineData("src/ChainRule/Data/Csv.cs", "tests/ChainRule.Tests/Data/CsvTest.cs")]
    [InlineData("src/ChainRule.Cli/Commands/InfoCommand.cs", "tests/ChainRule.Cli.Tests/Commands/InfoCommandTest.cs")]
    public void The_mirror_of_a_file_is_its_path_in_tests(string path, string mirror) => Assert.Equal([mirror], Mirrors(path));

    [Fact]
    public void A_part_is_mirrored_by_its_own_test_or_the_wholes() =>
        Assert.Equal(["tests/ChainRule.Tests/Engine/TensorMakeTest.cs", "tests/ChainRule.Tests/Engine/TensorTest.cs"], Mirrors("src/ChainRule/Engine/Tensor.Make.cs"));

    [Theory]
    [InlineData("interface IShape { int Rank { get; } }", false)]
    [InlineData("enum Side { Left, Right }", false)]
    [InlineData("sealed record Options { public int Rows { get; init; } = 8; }", false)]
    [InlineData("sealed record Entry(int From, int To);", false)]
    [InlineData("delegate void Look(int x);", false)]
    [InlineData("sealed class Row { int _n; public int Next() => ++_n; }", true)]
    [InlineData("sealed record Span(int From, int To) { public int Count => To - From; }", true)]
    [InlineData("static class Sums { public static int Of(int a, int b) { return a + b; } }", true)]
    public void Code_that_runs_is_behaviour_and_a_shape_is_not(string text, bool behaves) => Assert.Equal(behaves, Behaves(new("src/ChainRule/Data/Sample.cs", text)));

    static bool Behaves(SourceFile file) => file.Tree.GetRoot().DescendantNodes().Any(node => node switch
    {
        BaseMethodDeclarationSyntax method => method.Body is not null || method.ExpressionBody is not null,
        PropertyDeclarationSyntax { ExpressionBody: not null } or IndexerDeclarationSyntax { ExpressionBody: not null } => true,
        AccessorDeclarationSyntax accessor => accessor.Body is not null || accessor.ExpressionBody is not null,
        GlobalStatementSyntax => true,
        _ => false,
    });

    static string[] Mirrors(string path)
    {
        string[] parts = path.Split('/');
        string folder = string.Join('/', ["tests", parts[1] + ".Tests", .. parts[2..^1]]);
        string[] names = parts[^1][..^".cs".Length].Split('.');
        return [.. new[] { string.Concat(names), names[0] }.Distinct().Select(name => $"{folder}/{name}Test.cs")];
    }
}
