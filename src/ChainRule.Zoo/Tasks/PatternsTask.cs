using ChainRule.Zoo.Patterns;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tasks;

/// <summary>To remember patterns, and to recall them from damaged ones: <see cref="PatternData"/>.</summary>
sealed class PatternsTask : TrainingTask
{
    public override TaskKind Kind => TaskKind.Patterns;

    public override string Summary => "Store patterns in a memory that recalls them from damaged ones";

    public override string DataAre => "the patterns are";

    public override string DataSummary => "Nothing: the patterns are drawn, as --drawn says";

    public override bool TakesData => false;

    public override string ValidationName => "not recalled";

    public override string UsualModel => "hopfield";

    public override DataOptions UsualOptions => new PatternOptions();

    public override TaskData Open(string? source, DataOptions? options = null) => source is null
        ? PatternData.Create(options as PatternOptions ?? new())
        : throw new ArgumentException("patterns: they are drawn, and read from no file: leave --data out, and choose "
            + "them by --drawn, --count and --side");

    public override Preprocessing ReadPreprocessing(Func<string, string> said) => PatternEncoding.Read(said);

    public override string NextCommand(string folder) => "Recall another, a square of # and . signs: "
        + $"{Shell.Tool} predict {Shell.Path(folder)} FILE.txt";
}
