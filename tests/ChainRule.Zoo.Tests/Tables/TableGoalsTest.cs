using ChainRule.Tests;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;
using ChainRule.Zoo.Tests.Images;

namespace ChainRule.Zoo.Tests.Tables;

/// <summary>What the recipes of tables must reach on real data.</summary>
public sealed class TableGoalsTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static RunConfig Config(string file, string model, TableOptions options, ulong seed = 42) =>
        TableFit.WithSeed(RunConfig.For(TaskKind.Table, model) with
            { Data = RealData.PathOf(file), Options = options, Seed = seed });

    [RealDataFact("housing.csv")]
    public void Housing_a_network_is_above_080_and_far_above_a_line() => HousingIsAbove080(42);

    [LongFact("housing.csv")]
    public void Housing_it_is_so_with_other_seeds()
    {
        HousingIsAbove080(1);
        HousingIsAbove080(2);
    }

    void HousingIsAbove080(ulong seed)
    {
        var report = TableFit.Run(_folder.PathOf($"run-{seed}"), Config("housing.csv", "mlp", new("median_house_value"),
            seed));
        double network = report.Models[0].Test["R²"], line = report.Models.Single(one =>
            one.Name == "linear").Test["R²"];
        Assert.Equal(4128, report.Split.Test);
        Assert.InRange(network, 0.80, 1);
        Assert.InRange(network - line, 0.12, 1);
        Assert.Contains("is worth it", report.Verdict[^1], StringComparison.Ordinal);
    }

    [RealDataFact("housing.csv")]
    public void Housing_auto_takes_the_network()
    {
        var options = new TableOptions("median_house_value");
        var network = Config("housing.csv", "mlp", options) with { Steps = 400 };
        Assert.Equal("mlp", TableFit.Choose([Config("housing.csv", "linear", options), network]).Model);
    }

    // A quarter of the recipe's steps make a little less of it.
    [RealDataFact("breast_cancer.csv")]
    public void Breast_cancer_over_five_folds_in_a_quarter_of_the_steps() => BreastCancer(500, 0.970, 0.99);

    [LongFact("breast_cancer.csv")]
    public void Breast_cancer_over_five_folds() => BreastCancer(2000, 0.970, 0.995);

    void BreastCancer(int steps, double accuracy, double rocAuc)
    {
        var report = TableFit.Run(_folder.PathOf("run"), Config("breast_cancer.csv", "mlp",
            new("30", SkipLines: 1, Header: false, Folds: 5)) with { Steps = steps });
        var mean = report.Folds!.Models[0].Mean;
        Assert.InRange(mean["accuracy"], accuracy, 1);
        Assert.InRange(mean["ROC-AUC"], rocAuc, 1);
    }

    [RealDataFact("iris.csv")]
    public void Iris_over_five_folds_and_a_line_is_as_good()
    {
        var report = TableFit.Run(_folder.PathOf("run"), Config("iris.csv", "mlp",
            new("4", SkipLines: 1, Header: false, Folds: 5)) with { Steps = 300 });
        Assert.InRange(report.Folds!.Models[0].Mean["accuracy"], 0.95, 1);
        Assert.Contains("is not worth it: a linear model is as good", report.Verdict[^1], StringComparison.Ordinal);
    }
}
