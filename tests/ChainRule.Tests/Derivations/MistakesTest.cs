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
    static readonly List<Slip> s_slips = [.. HandPrograms.All.SelectMany(Slip.Of)];

    [Fact]
    public void Mistakes_in_formulas_are_named()
    {
        var named = s_slips.ConvertAll(slip => new Outcome(slip, Named(slip)));
        Show(named, one => one.IsRight);
        Assert.True(named.Count >= 300, $"{named.Count} mistakes");
        Assert.All(named, one => Assert.NotNull(one.Named));
        Assert.InRange(Fraction(named.Where(one => !one.Slip.Program.HeldBack)), 0.95, 1);
        Assert.InRange(Fraction(named.Where(one => one.Slip.Program.HeldBack)), 0.95, 1);
    }

    /// <summary>Numbers alone tell less: some mistakes have the same numbers, and what has none is not here.</summary>
    [Fact]
    public void Mistakes_in_numbers_are_named()
    {
        var named = s_slips.Select(slip => new Outcome(slip, NamedByNumbers(slip)))
            .Where(one => one.Named is not NotComputed).ToList();
        Show(named, one => one.IsRightByNumbers);
        Assert.All(named, one => Assert.NotNull(one.Named));
        Assert.InRange(named.Average(one => one.IsRightByNumbers ? 1.0 : 0), 0.95, 1);
    }

    /// <summary>A formula that has no numbers, because its shapes do not fit.</summary>
    const Mistake NotComputed = (Mistake)(-1);

    /// <summary>What the first wrong step's mistake is called; null where no step is found wrong.</summary>
    static Mistake? Named(Slip slip) => Named(slip, slip.Program.Check().Steps(slip.Text));

    static Mistake? NamedByNumbers(Slip slip)
    {
        try
        {
            return Named(slip, slip.Program.CheckNumbers(slip.Step, slip.Text));
        }
        catch (FormulaException)
        {
            return NotComputed;
        }
    }

    static Mistake? Named(Slip slip, Derivation check) =>
        check.Report().FirstWrong is { } wrong && wrong.Name == slip.Step ? wrong.Diagnosis!.Mistake : null;

    static double Fraction(IEnumerable<Outcome> outcomes) => outcomes.Average(one => one.IsRight ? 1.0 : 0);

    void Show(List<Outcome> outcomes, Func<Outcome, bool> isRight)
    {
        output.WriteLine(Table("mistake", one => [one.Mistakes[0].ToString()]));
        output.WriteLine(Table("program", one => [one.Program.Name + (one.Program.HeldBack ? " (held back)" : "")]));
        output.WriteLine(Table("programs", one => [one.Program.HeldBack ? "held back" : "seen", "all"]));
        foreach (var one in outcomes)
            if (!isRight(one))
                output.WriteLine($"{one.Slip}: {string.Join(" or ", one.Slip.Mistakes)}, named {one.Named}");
        string Table(string head, Func<Slip, string[]> groups) =>
            $"\n| {head} | mistakes | named rightly | |\n|---|---:|---:|---:|\n" + string.Join('\n', outcomes
                .SelectMany(one => groups(one.Slip).Select(group => (Group: group, Right: isRight(one))))
                .GroupBy(one => one.Group, one => one.Right)
                .Select(group => string.Create(CultureInfo.InvariantCulture, $"| {group.Key} | {group.Count()} | "
                    + $"{group.Count(right => right)} | {100.0 * group.Count(right => right) / group.Count():0} % |")));
    }

    sealed record Outcome(Slip Slip, Mistake? Named)
    {
        public bool IsRight => Slip.Mistakes.Any(mistake => mistake == Named);

        // The same numbers by another name.
        public bool IsRightByNumbers => IsRight || (Slip.Mistakes[0], Named) is
            (Mistake.MeanForSum, Mistake.ExtraFactor) or (Mistake.Overwritten, Mistake.MissingUse)
            or (Mistake.ExtraFactor, Mistake.ExtraUse);
    }
}
