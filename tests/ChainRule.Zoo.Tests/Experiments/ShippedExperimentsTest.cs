using ChainRule.Tests;
using ChainRule.Zoo.Experiments;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tests.Experiments;

/// <summary>
/// What the files of the folder experiments show: each is run, and its outcome is asserted. Of those that
/// take long, three of a file's five seeds are taken, and all with CHAINRULE_LONG=1.
/// </summary>
public sealed class ShippedExperimentsTest
{
    static readonly Dictionary<string, Action<ExperimentResult>> s_outcomes = new()
    {
        ["learning-rates"] = result =>
        {
            Assert.True(Of(result, "learningRate=0.00001").Mean > Of(result, "learningRate=0.001").Mean);
            Worse(result, "learningRate=0.001", "learningRate=0.00001");
            Assert.True(Of(result, "learningRate=100").Diverged >= result.Experiment.Seeds.Count / 2 + 1);
            // So small a rate leaves the loss where it began, at ln 2.
            Assert.Equal(Math.Log(2), Of(result, "learningRate=0.00001").Mean, 0.05);
        },
        ["initialisation"] = result =>
        {
            Worse(result, "start=xavier", "start=small", "start=zeros");
            // Hidden units that begin alike stay alike: only the frequencies of the classes are learned.
            Assert.Equal(Math.Log(10), Of(result, "start=zeros").Mean, 0.001);
            Assert.Equal(result.Experiment.Seeds.Count, Of(result, "start=large").Diverged);
        },
        ["depth-and-width"] = result =>
        {
            Worse(result, "layers=1", "hidden=4", "activation=sigmoid", "activation=tanh");
            Better(result, "layers=4", "hidden=64", "16 layers with skips");
            Assert.True(Of(result, "16 layers").StandardDeviation
                > 5 * Of(result, "16 layers with skips").StandardDeviation);
        },
        ["batch-size"] = result =>
        {
            Assert.All(result.Variants.Skip(1), one => Assert.True(one.Differs));
            Assert.True(Of(result, "batchSize=1").Mean > 3 * Of(result, "batchSize=32").Mean);
            Assert.True(Of(result, "batchSize=32").Mean > 3 * result.Variants[0].Mean);
        },
        ["vanishing-gradients"] = result =>
        {
            // Of the last layer's gradient a millionth reaches the first.
            Assert.InRange(result.Variants[0].Mean, -9, -6);
            foreach (string remedy in (string[])["tanh", "ReLU and He", "batch norm", "skip connections"])
                Assert.True(Of(result, remedy).Differs && Of(result, remedy).Test!.Low > 3);
        },
        ["exploding-gradients"] = result =>
        {
            Assert.Equal(result.Experiment.Seeds.Count, result.Variants[0].Diverged);
            foreach (string remedy in (string[])["clipping", "a smaller rate", "He"])
                Assert.True(Of(result, remedy) is { Diverged: 0, Mean: < 0.4 });
        },
        ["overfitting"] = result =>
        {
            // By heart: hardly any loss on what it was trained on, and more than a guess on the rest.
            Assert.True(TrainingLoss(result, 0) < 0.05 && result.Variants[0].Mean > Math.Log(2));
            BetterThanSeeds(result, "L2 (weight decay)", "L1", "dropout", "early stopping", "more data");
        },
        ["underfitting"] = result =>
        {
            // Both losses are high, and both fall by each change.
            double[] training = [.. Enumerable.Range(0, 5).Select(i => TrainingLoss(result, i))];
            Assert.InRange(training[0], 0.5, Math.Log(2));
            Assert.All(training[1..], loss => Assert.True(loss < training[0] - 0.05));
            BetterThanSeeds(result, "wider", "deeper", "longer", "all three");
            Assert.True(Of(result, "all three").Mean < 0.1);
        },
        ["universal-approximation"] = result =>
        {
            // The wider the closer, until it is close.
            double[] means = [.. result.Variants.Skip(1).Append(result.Variants[0]).Select(one => one.Mean)];
            Assert.Equal(means.OrderDescending(), means);
            Worse(result, "hidden=2", "hidden=4", "hidden=8", "hidden=16");
        },
        ["linear-layers"] = result =>
        {
            Assert.False(Of(result, "3 linear layers").Differs);
            Better(result, "3 layers with ReLU");
            Assert.InRange(Of(result, "3 layers with ReLU").Mean, 0.97, 1);
        },
        ["optimisers"] = result =>
        {
            BetterThanSeeds(result, "SGD, learning rate 0.3", "momentum", "RMSprop", "AdaGrad", "Adam", "AdamW");
            // With a learning rate that suits it, plain SGD is behind none of them.
            Assert.Equal("SGD, learning rate 0.3", result.Variants.MinBy(one => one.Mean)!.Name);
        },
        ["normalised-inputs"] = result => Worse(result, "inputs as they are"),
        ["epochs"] = result =>
        {
            // It falls to step 10 or 30 and rises from there on.
            Better(result, "steps=10", "steps=30");
            Worse(result, "steps=300", "steps=1000");
        },
        ["transfer-learning"] = result =>
        {
            // Frozen features that were never trained are the control: it is what they learned that helps.
            Better(result, "pretrained features, frozen", "pretrained, fine-tuned");
            Worse(result, "untrained features, frozen");
            foreach (string name in (string[])["pretrained features, frozen", "pretrained, fine-tuned"])
                Assert.True(Of(result, name).Mean - result.Variants[0].Mean > result.Variants[0].StandardDeviation);
            Assert.True(Of(result, "pretrained features, frozen").Values.Min() > 0.9);
        },
    };

    static readonly string[] s_costly = ["transfer-learning", "optimisers", "overfitting", "initialisation"];

    static readonly bool s_long = Environment.GetEnvironmentVariable("CHAINRULE_LONG") == "1";

    static string Folder { get; } = FindFolder();

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.json").Select(file =>
        Path.GetFileNameWithoutExtension(file)).Order()];

    [Theory, MemberData(nameof(Files))]
    public void Each_comes_out_as_it_says(string name)
    {
        using var folder = new TemporaryFolder();
        var experiment = Experiment.Read(Path.Combine(Folder, name + ".json"));
        Assert.Equal(5, experiment.Seeds.Count);
        if (!s_long && s_costly.Contains(name)) experiment = experiment.WithSeeds([.. experiment.Seeds.Take(3)]);
        s_outcomes[name](experiment.Run(folder.PathOf("run")));
    }

    static string FindFolder()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "ChainRule.slnx"))) root = Path.GetDirectoryName(root)!;
        return Path.Combine(root, "experiments");
    }

    static VariantResult Of(ExperimentResult result, string name) => result.Variants.Single(one => one.Name == name);

    /// <summary>At the last evaluation, the mean over the seeds.</summary>
    static double TrainingLoss(ExperimentResult result, int variant) =>
        result.FoldersOf(variant).Average(folder => RunFolder.Open(folder).ReadMetrics()[^1].TrainLoss!.Value);

    static void Better(ExperimentResult result, params string[] names) => Differ(result, names, better: true);

    static void Worse(ExperimentResult result, params string[] names) => Differ(result, names, better: false);

    static void Differ(ExperimentResult result, string[] names, bool better) => Assert.All(names, name =>
        Assert.True(Of(result, name) is { Differs: true } one
            && (one.Test!.Mean < 0 == result.Experiment.Metric.LowerIsBetter) == better, $"{name}: {result}"));

    /// <summary>Better by more than the seeds differ among each other.</summary>
    static void BetterThanSeeds(ExperimentResult result, params string[] names)
    {
        Better(result, names);
        Assert.All(names, name => Assert.True(result.Variants[0].Mean - Of(result, name).Mean
            > Math.Max(result.Variants[0].StandardDeviation, Of(result, name).StandardDeviation), $"{name}: {result}"));
    }
}
