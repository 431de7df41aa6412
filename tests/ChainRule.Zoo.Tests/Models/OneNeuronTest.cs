using ChainRule.Classical;
using ChainRule.Diagnostics;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Models;

public sealed class OneNeuronTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static RunConfig Drawn(string model, TableDrawing drawing) =>
        RunConfig.For(TaskKind.Table, model) with { Options = new TableOptions(Drawn: drawing) };

    [Fact]
    public void It_says_what_a_sigmoid_neuron_of_its_weights_says_and_its_gradients_are_right()
    {
        var neuron = new OneNeuron(3, new TorchRandom(1));
        neuron.To(DType.Float64);
        var x = Tensor.Randn([5, 3], new TorchRandom(2), DType.Float64);
        GradCheck.Require("neuron", () => neuron.Forward(x).CrossEntropy(Ids.From([0, 1, 1, 0, 1])),
            neuron.NamedParameters());
        var known = new SigmoidNeuron(neuron.Sum.Weight.ToArray<double>(), neuron.Sum.Bias!.Value.ToArray<double>()[0]);
        double[] rows = x.ToArray<double>(), said = neuron.Forward(x).Softmax().ToArray<double>();
        for (int i = 0; i < 5; i++) Assert.Equal(known.Output(rows.AsSpan(3 * i, 3)), said[2 * i + 1], 1e-14);
    }

    [Theory]
    [InlineData("perceptron")]
    [InlineData("neuron")]
    public void A_recipe_reaches_its_goal_on_the_moons(string model)
    {
        var plan = Recipe.Find(TaskKind.Table, model).For(TaskKind.Table);
        var report = TableFit.Run(_folder.PathOf("run"), RunConfig.For(TaskKind.Table, model) with
            { Options = plan.CheckedOn! });
        var summary = RunFolder.Open(_folder.PathOf("run")).ReadSummary()!;
        Assert.InRange(summary.ValLoss, 0, plan.Goal);
        Assert.InRange(report.Models[0].Test["accuracy"], 0.85, 1);
        Assert.Matches("^.*No line separates the classes, and one neuron draws no more than one: there is a point that "
            + "is a weighted mean of rows? [0-9, ]+ of the class 'b', and also one of rows? [0-9, ]+ of the class 'a'",
            report.Findings[0]);
        Assert.Equal(["x", "y"], report.Weights!.Columns.Select(one => one.Column));
        Assert.Equal(["b"], report.Weights.Outputs);
        var saved = (OneNeuron)SavedModel.Load(_folder.PathOf("run")).Model;
        Assert.Equal(saved.Sum.Weight.ToArray<float>(), report.Weights.Columns.Select(one => (float)one.Weights[0]));
        Assert.Equal(saved.Sum.Bias!.Value.ToArray<float>(), report.Weights.Bias.Select(one => (float)one));
    }

    /// <summary>The best line leaves one of the four clouds wrong, and rows of others.</summary>
    [Theory]
    [InlineData("perceptron")]
    [InlineData("neuron")]
    public void Xor_is_beyond_it_and_the_report_says_why(string model)
    {
        var report = TableFit.Run(_folder.PathOf("run"), Drawn(model, TableDrawing.Xor));
        Assert.InRange(report.Models[0].Test["accuracy"], 0, 0.76);
        Assert.Contains("No line separates the classes", report.Findings[0], StringComparison.Ordinal);
        Assert.StartsWith($"The {model} is a linear model too: ", report.Verdict[^1], StringComparison.Ordinal);
    }

    [RealDataTheory("breast_cancer.csv")]
    [InlineData("perceptron", 0.94)]
    [InlineData("neuron", 0.96)]
    public void Breast_cancer_is_told_apart_and_a_hyperplane_separates_the_training_rows(string model, double accuracy)
    {
        var report = TableFit.Run(_folder.PathOf("run"), TableFit.WithSeed(RunConfig.For(TaskKind.Table, model) with
            { Data = RealData.PathOf("breast_cancer.csv"), Options = new TableOptions("30", SkipLines: 1,
                Header: false) }));
        Assert.InRange(report.Models[0].Test["accuracy"], accuracy, 1);
        Assert.Contains("a hyperplane separates the classes", report.Findings[0], StringComparison.OrdinalIgnoreCase);
        Assert.Equal(30, report.Weights!.Columns.Count);
        if (model == "perceptron")
            Assert.Matches("^Rosenblatt's rule made [0-9,]+ mistakes in [0-9,]+ passes over 398 training rows, and "
                + "then none: a hyperplane separates the classes. No order of the rows leads to more than "
                + "[0-9,]+ mistakes",
                report.Findings[0]);
    }

    /// <summary>As many passes as it takes, and no more; and fewer, of which the report tells.</summary>
    [Fact]
    public void Too_few_passes_are_said_with_the_bound_of_the_mistakes()
    {
        File.WriteAllLines(_folder.PathOf("line.csv"), ["a,b,c", .. Enumerable.Range(0, 200).Select(i =>
            FormattableString.Invariant($"{i * 37 % 101},{i * 17 % 89},{(i * 37 % 101 > i * 17 % 89 ? "u" : "v")}"))]);
        RunConfig Passes(int passes) => RunConfig.For(TaskKind.Table, "perceptron") with
            { Data = _folder.PathOf("line.csv"), Options = new TableOptions("c"),
                Sizes = new PerceptronOptions(passes) };
        var few = TableFit.Run(_folder.PathOf("short"), Passes(1));
        Assert.Matches("^Rosenblatt's rule made [0-9]+ mistakes in 1 pass over 140 training rows, and was stopped. A "
            + "line separates the classes, and the rule finds it after at most [0-9,]+ mistakes: give more passes by "
            + "--set passes=10.", few.Findings[0]);
        var many = TableFit.Run(_folder.PathOf("long"), Passes(100_000));
        Assert.Contains("and then none: a line separates the classes", many.Findings[0], StringComparison.Ordinal);
        Assert.Equal(0, RunFolder.Open(_folder.PathOf("long")).ReadSummary()!.TrainLoss, 0.1);
    }

    [Fact]
    public void Other_targets_than_two_classes_are_refused_and_left_out_of_a_choice()
    {
        string Refusal(string model, TableOptions options) => Assert.Throws<ArgumentException>(() => TrainingRun.Start(
            _folder.PathOf("run"), RunConfig.For(TaskKind.Table, model) with { Options = options })).Message;
        Assert.Equal("model neuron: it tells two classes apart, and the target 'price' is a number: take linear or "
            + "mlp, or a target of two classes, such as that of --drawn moons", Refusal("neuron", new()));
        Assert.StartsWith("model perceptron: it tells two classes apart, and the target 'district' has 6 classes: ",
            Refusal("perceptron", new("district")), StringComparison.Ordinal);
        Assert.Equal("model perceptron: class weights: Rosenblatt's rule counts all mistakes alike: leave them out, or "
            + "take neuron", Refusal("perceptron", new(Drawn: TableDrawing.Moons, ClassWeights: true)));
        Assert.False(Directory.Exists(_folder.PathOf("run")));
        Assert.Equal(["linear"], TableFit.Choose([RunConfig.For(TaskKind.Table, "perceptron"),
            RunConfig.For(TaskKind.Table, "linear")]).Tried.Select(one => one.Name));
    }

    /// <summary>Ridge regression in the target's unit: the prediction of a row is the weighted sum of its
    /// numbers.</summary>
    [Fact]
    public void The_weights_of_a_linear_model_give_its_predictions()
    {
        var report = TableFit.Run(_folder.PathOf("run"), RunConfig.For(TaskKind.Table, "linear"));
        var found = report.Weights!;
        var saved = SavedModel.Load(_folder.PathOf("run"));
        var encoding = (TableEncoding)saved.Preprocessing;
        double[] row = [.. Enumerable.Range(0, encoding.Encoder.Columns.Count).Select(i => i % 3 - 0.5)];
        double said = saved.Model.Forward(Tensor.From([.. row.Select(x => (float)x)], [1, row.Length]))
            .Item() * encoding.Target.Std + encoding.Target.Mean;
        double sum = found.Bias[0] + found.Columns.Select((one, i) => one.Weights[0] * row[i]).Sum();
        Assert.Equal(said, sum, Math.Abs(said) * 1e-5);
        Assert.Equal(["price"], found.Outputs);

        report = TableFit.Run(_folder.PathOf("classes"), RunConfig.For(TaskKind.Table, "linear") with
            { Options = new TableOptions("district") });
        Assert.Equal(6, report.Weights!.Outputs.Count);
        Assert.All(report.Weights.Columns, one => Assert.Equal(6, one.Weights.Count));
        Assert.Null(TableFit.Run(_folder.PathOf("other"), SmallFit()).Weights);

        static RunConfig SmallFit() => RunConfig.For(TaskKind.Table, "mlp") with
            { Steps = 20, Sizes = new TableMlpOptions(Hidden: 4, Members: 1) };
    }
}
