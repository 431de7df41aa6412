using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Runs;

/// <summary>
/// What a trained model makes up at the end of a run: twenty names that the data does not hold, or a passage of text.
/// </summary>
public static class Samples
{
    /// <summary>
    /// At temperature 1 a model also samples what it thinks improbable; a little below, most samples
    /// could be real names.
    /// </summary>
    public const double Temperature = 0.8;

    const int NamesWanted = 20, CharactersWanted = 500;

    /// <summary>The names, or the one passage.</summary>
    public static IReadOnlyList<string> Of(LanguageModel model, Corpus corpus, ulong seed)
    {
        var rng = new TorchRandom(seed);
        var how = new Sampling(Temperature);
        return corpus is Names names
            ? NewNames(model, names, rng, how)
            : [string.Concat(FirstOf(corpus.Encoding.Generate(model, rng, how), CharactersWanted))];
    }

    /// <summary>The first pieces of a text, until they have the given number of characters.</summary>
    public static IEnumerable<string> FirstOf(IEnumerable<string> pieces, int characters)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        if (characters <= 0) yield break;
        foreach (string piece in pieces)
        {
            yield return piece;
            if ((characters -= piece.EnumerateRunes().Count()) <= 0) yield break;
        }
    }

    /// <summary>
    /// What a language model makes up at each state that its run kept, at most eight of them, with the same seed: so it
    /// is seen how its samples improve.
    /// </summary>
    /// <exception cref="ArgumentException">The run trains no language model.</exception>
    public static IReadOnlyList<(int Step, IReadOnlyList<string> Samples)> Improving(RunFolder run, int count)
    {
        Throw.IfNull(run, "samples");
        const int MostStates = 8;
        int[] kept = [.. run.KeptSteps];
        int[] steps = kept.Length <= MostStates ? kept
            : [.. Enumerable.Range(0, MostStates).Select(i => kept[i * (kept.Length - 1) / (MostStates - 1)])];
        List<(int, IReadOnlyList<string>)> states = [];
        foreach (int? step in steps.Length == 0 ? [null] : steps.Select(step => (int?)step))
        {
            var state = TrainingRun.At(run.FullPath, step);
            if (state is not { Model: LanguageModel model, Data: Corpus corpus })
                throw new ArgumentException($"samples {Printable.Path(run.FullPath)}: model {run.Settings.Model} makes "
                    + "nothing up: choose a run on names or on a text");
            using var mode = model.InEvaluation();
            states.Add((state.Step, [.. Of(model, corpus, run.Settings.Seed).Take(count)]));
        }
        return states;
    }

    /// <summary>What is already in the data is no sample of its own.</summary>
    static List<string> NewNames(LanguageModel model, Names names, RandomSource rng, Sampling how)
    {
        var known = names.All.ToHashSet(StringComparer.Ordinal);
        List<string> samples = [];
        for (int tries = 0; samples.Count < NamesWanted && tries < 50 * NamesWanted; tries++)
        {
            string name = model.Sample(names.Vocabulary, rng, how);
            if (name.Length > 0 && known.Add(name)) samples.Add(name);
        }
        return samples;
    }
}
