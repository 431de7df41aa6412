using System.Globalization;
using ChainRule.Derivations;
using Xunit.Abstractions;

namespace ChainRule.Tests.Derivations;

/// <summary>
/// A corpus of mistakes, made by rule in programs with gradients by hand: how many are named rightly. The tables of
/// docs/backprop-by-hand.md are what this prints.
/// </summary>
public sealed class MistakesTest(ITestOutputHelper output)
{
    [Fact]
    public void Mistakes_are_named()
    {
        var slips = HandPrograms.All.SelectMany(Slip.Of).Select(slip => (Slip: slip, Named: Named(slip))).ToList();
        output.WriteLine(Table("mistake", slips, one => [one.Slip.Mistakes[0].ToString()]));
        output.WriteLine(Table("program", slips,
            one => [one.Slip.Program.Name + (one.Slip.Program.HeldBack ? " (held back)" : "")]));
        output.WriteLine(Table("programs", slips, one => [one.Slip.Program.HeldBack ? "held back" : "written with", "all"]));
        foreach (var (slip, named) in slips)
            if (!slip.Program.HeldBack && !slip.Mistakes.Any(mistake => mistake == named))
                output.WriteLine($"{slip}: {string.Join(" or ", slip.Mistakes)}, named {named}");
        Assert.True(slips.Count >= 300, $"{slips.Count}");
    }

    /// <summary>What the first wrong step's mistake is called; null where no step is found wrong.</summary>
    static Mistake? Named(Slip slip)
    {
        var wrong = slip.Program.Check().Steps(slip.Text).Report().FirstWrong;
        return wrong?.Name == slip.Step ? wrong.Diagnosis!.Mistake : null;
    }

    static string Table(string head, List<(Slip Slip, Mistake? Named)> slips,
        Func<(Slip Slip, Mistake? Named), string[]> groups) =>
        $"\n| {head} | mistakes | named rightly | |\n|---|---|---|---|\n" + string.Join('\n', slips
            .SelectMany(one => groups(one).Select(group => (Group: group, Right: one.Slip.Mistakes.Any(m => m == one.Named))))
            .GroupBy(one => one.Group, one => one.Right).Select(group => string.Create(CultureInfo.InvariantCulture,
                $"| {group.Key} | {group.Count()} | {group.Count(right => right)} | "
                + $"{100.0 * group.Count(right => right) / group.Count():0} % |")));
}
