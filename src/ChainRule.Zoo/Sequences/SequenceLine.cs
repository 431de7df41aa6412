using System.Globalization;

namespace ChainRule.Zoo.Sequences;

/// <summary>
/// A sequence as a line of text: the symbols of a copy (<c>abcda</c>), the bits of a parity (<c>01101</c>), the numbers
/// of a sound with or without its kind before them (<c>rising 0.1 -0.2 …</c>), or numbers of which two are marked by a
/// star (<c>0.3 0.7* 0.1 0.4*</c>).
/// </summary>
static class SequenceLine
{
    const int LeastOfSound = 64;

    static readonly char[] s_between = [' ', ',', ';', '\t', '\r'];

    /// <summary>What a line is to be, as the end of a sentence.</summary>
    public static string Wanted(SequenceProblem problem) => "give " + problem switch
    {
        SequenceProblem.Copy => "letters of a, b, c, d, such as abcda, a sequence a line",
        SequenceProblem.Parity => "bits, such as 01101, a sequence a line",
        SequenceProblem.Adding => "numbers from 0 to 1, two of them with a star, such as 0.3 0.7* 0.1 0.4*, a sequence "
            + "a line",
        _ => $"{LeastOfSound} numbers of a sound or more, 2,000 of which are a second, a sound a line",
    };

    /// <summary>Whether the line of a sound says its kind.</summary>
    public static bool HasClass(string line) => Class(Words(line)) >= 0;

    /// <summary>[1, steps, numbers of a step]; and the targets, classes at [1, steps] or the sum.</summary>
    /// <exception cref="InvalidDataException">It is no such sequence.</exception>
    public static (Tensor X, Ids? Y, double? Sum) Read(string asked, string line, SequenceProblem problem, int delay)
    {
        switch (problem)
        {
            case SequenceProblem.Copy:
                return Symbols(asked, line, problem, "abcd", (drawn, i) => i < delay ? SyntheticSequences.NoTarget
                    : drawn[i - delay]);
            case SequenceProblem.Parity:
                return Symbols(asked, line, problem, "01", (drawn, i) => drawn[..(i + 1)].Sum() % 2);
            case SequenceProblem.Adding:
                return Adding(asked, line);
            default:
                string[] words = Words(line);
                int label = Class(words);
                double[] sound = [.. words.Skip(label < 0 ? 0 : Names(label).Length).Select(word =>
                    Number(asked, word, problem))];
                if (sound.Length < LeastOfSound) throw Refused(asked, $"{sound.Length} numbers", problem);
                var frames = SyntheticSequences.Frames(sound);
                int steps = frames.Shape[0];
                int[] targets = new int[steps];
                Array.Fill(targets, SyntheticSequences.NoTarget);
                targets[^1] = Math.Max(0, label);
                return (frames.Detach().Reshape(1, steps, frames.Shape[1]), Ids.From(targets, [1, steps]), null);
        }
    }

    static (Tensor, Ids?, double?) Symbols(string asked, string line, SequenceProblem problem, string known,
        Func<int[], int, int> target)
    {
        int[] drawn = [.. line.Where(c => !s_between.Contains(c)).Select(c => known.IndexOf(c) is >= 0 and var found
            ? found : throw Refused(asked, $"'{Printable.Of($"{c}")}'", problem))];
        if (drawn.Length == 0) throw Refused(asked, "nothing", problem);
        float[] x = new float[drawn.Length * known.Length];
        for (int i = 0; i < drawn.Length; i++) x[i * known.Length + drawn[i]] = 1;
        return (Tensor.From(x, [1, drawn.Length, known.Length]),
            Ids.From([.. drawn.Select((_, i) => target(drawn, i))], [1, drawn.Length]), null);
    }

    static (Tensor, Ids?, double?) Adding(string asked, string line)
    {
        string[] words = Words(line);
        double[] numbers = [.. words.Select(word => Number(asked, word.TrimEnd('*'), SequenceProblem.Adding))];
        bool[] marked = [.. words.Select(word => word.EndsWith('*'))];
        if (numbers.FirstOrDefault(one => one is not (>= 0 and <= 1), 0) is not 0 and var outside)
            throw Refused(asked, outside.ToString(CultureInfo.InvariantCulture), SequenceProblem.Adding);
        int stars = marked.Count(one => one);
        if (stars != 2) throw Refused(asked, $"{stars} stars", SequenceProblem.Adding);
        return (Tensor.From([.. numbers.Zip(marked, (number, mark) => (float[])[(float)number, mark ? 1 : 0])
            .SelectMany(step => step)], [1, numbers.Length, 2]), null,
            numbers.Where((_, i) => marked[i]).Sum());
    }

    static string[] Words(string line) =>
        line.Split(s_between, StringSplitOptions.RemoveEmptyEntries);

    static string[] Names(int label) => SyntheticSequences.Classes(SequenceProblem.Chirps)[label].Split(' ');

    static int Class(string[] words) => Enumerable.Range(0, SyntheticSequences.Classes(SequenceProblem.Chirps).Count)
        .FirstOrDefault(label => words.Take(Names(label).Length).SequenceEqual(Names(label)), -1);

    static double Number(string asked, string word, SequenceProblem problem) => double.TryParse(word,
        NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number
        : throw Refused(asked, $"'{Printable.Of(word, 40)}'", problem);

    static InvalidDataException Refused(string asked, string found, SequenceProblem problem) =>
        new($"{asked}: {found}: {Wanted(problem)}");
}
