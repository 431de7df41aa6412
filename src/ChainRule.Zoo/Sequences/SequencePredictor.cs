using System.Globalization;
using ChainRule.Data;
using ChainRule.Randomness;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Sequences;

/// <summary>What a model says of a sequence.</summary>
/// <param name="Said">What it says at each step that it is asked at: classes, or one number.</param>
/// <param name="Right">What was right there; null where nobody knows.</param>
/// <param name="Probability">Of a single class how probable it is; null of several steps, and of a number.</param>
public sealed record SequencePrediction(IReadOnlyList<string> Said, IReadOnlyList<string>? Right, double? Probability);

/// <summary>How good a model is on sequences whose answers are known.</summary>
/// <param name="Sequences">How many there were.</param>
/// <param name="Asked">At how many steps it was asked.</param>
/// <param name="Accuracy">The fraction of right answers; null where the answers are numbers.</param>
/// <param name="Rmse">The root mean squared error; null where the answers are classes.</param>
/// <param name="RmseOfMean">That of always to say the mean of the answers; null where they are classes.</param>
public sealed record SequenceMeasure(int Sequences, int Asked, double? Accuracy, double? Rmse, double? RmseOfMean);

/// <summary>
/// A trained model of sequences, ready to be used:
/// <c>SequencePredictor.Load("runs/sequences-gru").Predict("abcdab")</c>.
/// </summary>
public sealed class SequencePredictor
{
    const int Batch = 500;

    readonly SavedModel _saved;
    readonly SequenceOptions _options;

    SequencePredictor(SavedModel saved, SequenceOptions options) => (_saved, _options) = (saved, options);

    /// <summary>What it was trained to do.</summary>
    public SequenceProblem Problem => _options.Problem;

    /// <summary>The names of the classes; none where it says a number.</summary>
    public IReadOnlyList<string> Classes => ((SequenceEncoding)_saved.Preprocessing).Classes;

    /// <summary>Reads the best model of a run's folder.</summary>
    /// <exception cref="ArgumentException">The run is on no sequences.</exception>
    /// <exception cref="InvalidDataException">There is no model yet, or a file is damaged.</exception>
    public static SequencePredictor Load(string folder)
    {
        var run = RunFolder.Open(folder);
        var task = TrainingTask.Of(run.Settings.Kind);
        return task.Kind == TaskKind.Sequences
            ? new(SavedModel.Load(folder), (SequenceOptions)task.OptionsOf(run.Settings))
            : throw new ArgumentException($"predict: {Printable.Path(folder)} is a run on {task.Name}, and sequences "
                + $"are predicted by a run on sequences: {task.NextCommand(folder)}");
    }

    /// <summary>Reads sequences from a text file, one a line; see docs/sequences.md.</summary>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">A line is no such sequence.</exception>
    public IReadOnlyList<SequencePrediction> PredictFile(string path)
    {
        string asked = $"sequences {Printable.Path(path)}";
        string[] lines = TextFile.Decode(asked, TextFile.Bytes("sequences", path, 1 << 28,
            SequenceLine.Wanted(Problem))).Split('\n');
        List<SequencePrediction> all = [];
        foreach (var (i, line) in lines.Index())
            if (!string.IsNullOrWhiteSpace(line) && line[0] != '#')
                all.Add(Predict($"{asked}, line {i + 1}", line));
        return all.Count > 0 ? all
            : throw new InvalidDataException($"{asked}: there is no sequence in it: {SequenceLine.Wanted(Problem)}");
    }

    /// <summary>What it says of one sequence, written as a line of a file.</summary>
    /// <exception cref="InvalidDataException">It is no such sequence.</exception>
    public SequencePrediction Predict(string line) => Predict("sequence", line);

    /// <summary>How good it is on sequences that were predicted, of which the right answers are known.</summary>
    /// <exception cref="InvalidDataException">They are not known.</exception>
    public SequenceMeasure Measure(IReadOnlyList<SequencePrediction> predictions)
    {
        if (predictions.Any(one => one.Right is null))
            throw new InvalidDataException($"evaluate: {predictions.Count(one => one.Right is null)} of "
                + $"{predictions.Count} sequences have no answer: begin each line with one of "
                + string.Join(", ", Classes));
        var pairs = predictions.SelectMany(one => one.Said.Zip(one.Right!)).ToList();
        if (Classes.Count > 0)
            return new(predictions.Count, pairs.Count, pairs.Count == 0 ? double.NaN
                : (double)pairs.Count(one => one.First == one.Second) / pairs.Count, null, null);
        double[] said = [.. pairs.Select(one => Number(one.First))], right = [.. pairs.Select(one =>
            Number(one.Second))];
        double mean = right.Average();
        return new(predictions.Count, pairs.Count, null, Math.Sqrt(said.Zip(right).Average(one =>
            Math.Pow(one.First - one.Second, 2))), Math.Sqrt(right.Average(one => Math.Pow(one - mean, 2))));
    }

    /// <summary>How good it is on new sequences of its problem.</summary>
    /// <param name="count">How many.</param>
    /// <param name="length">The steps of each; null for as many as it was trained with. Chirps have their own.</param>
    /// <param name="seed">The seed that they are drawn by.</param>
    /// <exception cref="ArgumentException">There are none, or they are too short.</exception>
    public SequenceMeasure MeasureDrawn(int count, int? length, ulong seed)
    {
        var options = _options with { Length = length ?? _options.Length };
        options.Check("evaluate");
        List<SequencePrediction> all = [];
        var rng = new TorchRandom(seed);
        for (int left = count; left > 0; left -= Batch)
        {
            if (Problem == SequenceProblem.Adding)
            {
                var (x, sums) = SyntheticSequences.DrawAdding(Math.Min(Batch, left), options.Steps, rng);
                all.AddRange(Said(x, null, sums));
            }
            else
            {
                var (x, y) = SyntheticSequences.Draw(Problem, Math.Min(Batch, left), options.Steps, options.Delay, rng);
                all.AddRange(Said(x, y, null));
            }
        }
        return Measure(all);
    }

    SequencePrediction Predict(string asked, string line)
    {
        var (x, y, sum) = SequenceLine.Read(asked, line.Trim(), Problem, _options.Delay);
        var said = Said(x, y, sum is null ? null : Tensor.From([(float)sum.Value], [1, 1]))[0];
        // Where the kind of a sound is asked, its line need not say it.
        return Problem == SequenceProblem.Chirps && !SequenceLine.HasClass(line.Trim()) ? said with { Right = null }
            : said;
    }

    /// <summary>What it says at each step that has a target.</summary>
    List<SequencePrediction> Said(Tensor x, Ids? y, Tensor? sums)
    {
        using var quiet = NoGrad.Begin();
        var output = _saved.Model.Forward(x);
        if (sums is { } right)
        {
            float[] numbers = AddingData.Last(output).ToArray<float>(), actual = right.ToArray<float>();
            return [.. numbers.Zip(actual, (said, sum) => new SequencePrediction([Text(said)], [Text(sum)], null))];
        }
        var (best, probabilities, targets) = (output.ArgMax(2), output.Softmax(), y!.Span.ToArray());
        int steps = x.Shape[1], classes = Classes.Count;
        float[] p = probabilities.ToArray<float>();
        return [.. Enumerable.Range(0, x.Shape[0]).Select(i =>
        {
            int[] at = [.. Enumerable.Range(i * steps, steps).Where(j => targets[j] != SyntheticSequences.NoTarget)];
            return new SequencePrediction([.. at.Select(j => Classes[best.Span[j]])],
                [.. at.Select(j => Classes[targets[j]])],
                at.Length == 1 ? p[at[0] * classes + best.Span[at[0]]] : null);
        })];
    }

    static string Text(float number) => number.ToString("0.0000", CultureInfo.InvariantCulture);

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
