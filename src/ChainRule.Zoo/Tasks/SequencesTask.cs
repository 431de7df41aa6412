using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Sequences;

namespace ChainRule.Zoo.Tasks;

/// <summary>To remember, in sequences that are made for it: <see cref="SequenceData"/>.</summary>
sealed class SequencesTask : TrainingTask
{
    public override TaskKind Kind => TaskKind.Sequences;

    public override string Summary =>
        "Train a network on sequences that need a memory: a delayed copy, parity, kinds of sounds, or adding";

    public override string DataAre => "the sequences are";

    public override string DataSummary => "Nothing: the sequences are made, as --problem says";

    public override bool TakesData => false;

    public override string UsualModel => "gru";

    public override DataOptions UsualOptions => new SequenceOptions();

    public override TaskData Open(string? source, DataOptions? options = null) => source is null
        ? options is SequenceOptions { Problem: SequenceProblem.Adding } adding ? AddingData.Create(adding)
            : SequenceData.Create(options as SequenceOptions ?? new())
        : throw new ArgumentException("sequences: they are made, and read from no file: leave --data out, and choose "
            + "them by --problem, --length and --delay");

    public override Preprocessing ReadPreprocessing(Func<string, string> said) => SequenceEncoding.Read(said);

    // Chirps have a length of their own.
    public override string NextCommand(string folder) => OptionsOf(RunFolder.Open(folder).Settings)
        is SequenceOptions { Problem: SequenceProblem.Chirps }
            ? $"Measure it on others: {Shell.Tool} evaluate {Shell.Path(folder)} --seed 5"
            : $"Measure it on longer ones: {Shell.Tool} evaluate {Shell.Path(folder)} --length 100";
}
