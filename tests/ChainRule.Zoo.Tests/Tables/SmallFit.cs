using System.Globalization;
using ChainRule.Tests;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Tables;

/// <summary>Small tables, and models of them that are trained in a second.</summary>
static class SmallFit
{
    /// <summary>A few steps of a small network on the table that comes with ChainRule.</summary>
    public static RunConfig Houses => RunConfig.For(TaskKind.Table, "mlp") with
    {
        Steps = 150,
        Sizes = new TableMlpOptions(Hidden: 16, Members: 2, Frequencies: 1, Dropout: 0),
        Options = new TableOptions(),
    };

    /// <summary>Two numbers and a word, of which a class follows: many rows of the first, few of the second.</summary>
    public static RunConfig Classes(TemporaryFolder folder, TableOptions? options = null, string model = "linear")
    {
        string path = folder.PathOf("classes.csv");
        File.WriteAllLines(path, ["a,b,word,class", .. Enumerable.Range(0, 200).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{i * 37 % 101},{i * 17 % 89},{(i % 3 == 0 ? "red" : "blue")},"
            + $"{(i * 37 % 101 + i * 17 % 89 > 130 ? "rare" : "common")}"))]);
        var config = RunConfig.For(TaskKind.Table, model);
        return config with { Data = path, Options = (options ?? new()) with { Target = "class" },
            Steps = Math.Min(config.Steps, 200) };
    }
}
