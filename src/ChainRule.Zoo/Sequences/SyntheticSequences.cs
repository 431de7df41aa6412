using System.Text.Json.Serialization;
using ChainRule.Randomness;
using ChainRule.Signals;
using ChainRule.Zoo.Datasets;

namespace ChainRule.Zoo.Sequences;

/// <summary>What a network of sequences is to do.</summary>
[JsonConverter(typeof(LowerCase<SequenceProblem>))]
public enum SequenceProblem
{
    /// <summary>Delayed copy: at each step, say the symbol of some steps ago.</summary>
    Copy,

    /// <summary>At each step, say whether the number of ones so far is odd.</summary>
    Parity,

    /// <summary>At the end of a sound, say of which kind it was.</summary>
    Chirps,

    /// <summary>At the end, say the sum of the two numbers that were marked.</summary>
    Adding,
}

/// <summary>
/// Sequences that are made here, each a task that needs a memory: a network that sees one step alone can only guess.
/// Targets are classes, one for each step; −100 where nothing is to be said.
/// <list type="bullet">
/// <item>Copy: symbols are drawn evenly from 4; the target at step t is the symbol of step t − delay.</item>
/// <item>Parity: bits are drawn evenly; the target is their sum so far, modulo 2.</item>
/// <item>Chirps: a tone, a rising tone, a falling tone, and two tones one after the other, of drawn pitch, beginning
/// and loudness, under noise of standard deviation 1; 512 numbers at 2,000 Hz. A step is a frame of the logarithm of a
/// spectrogram, with 33 frequencies, and the target stands at the last step.</item>
/// <item>Adding: a step is a number, drawn evenly from 0 to 1, and a mark, 1 or 0. One step of the first half and one
/// of the second are marked; the target is the sum of their numbers (Hochreiter and Schmidhuber, 1997). It is a number:
/// <see cref="DrawAdding"/>.</item>
/// </list>
/// </summary>
public static class SyntheticSequences
{
    /// <summary>Where nothing is to be said.</summary>
    public const int NoTarget = -100;

    /// <summary>The number of different symbols of a delayed copy.</summary>
    public const int Symbols = 4;

    /// <summary>Numbers of a sound, and how many are a second.</summary>
    public const int SoundLength = 512, SampleRate = 2000;

    const int Window = 64, Hop = 16, SoundPart = 384;

    /// <summary>How many steps a chirp has.</summary>
    internal const int ChirpSteps = (SoundLength - Window) / Hop + 1;

    /// <summary>The names of the classes; none of adding.</summary>
    public static IReadOnlyList<string> Classes(SequenceProblem problem) => problem switch
    {
        SequenceProblem.Copy => ["a", "b", "c", "d"],
        SequenceProblem.Parity => ["even", "odd"],
        SequenceProblem.Chirps => ["tone", "rising", "falling", "two tones"],
        _ => [],
    };

    /// <summary>Draws sequences: [count, steps, numbers of a step] and [count, steps].</summary>
    /// <param name="problem">What is to be done.</param>
    /// <param name="count">How many sequences.</param>
    /// <param name="steps">The steps of each; chirps have their own number.</param>
    /// <param name="delay">Of a delayed copy: by how many steps.</param>
    /// <param name="rng">Where they are drawn from.</param>
    /// <exception cref="ArgumentException">A number is too small, the delay reaches over the whole sequence, or the
    /// targets are no classes.</exception>
    public static (Tensor X, Ids Y) Draw(SequenceProblem problem, int count, int steps, int delay, RandomSource rng)
    {
        if (count < 1 || steps < 1)
            Throw.OutOfRange($"sequences: {count} of {steps} steps: ask for at least one of one step", nameof(count));
        if (problem == SequenceProblem.Adding)
            Throw.Argument("sequences: the targets of adding are numbers: draw them by DrawAdding", nameof(problem));
        if (problem == SequenceProblem.Chirps) return Chirps(count, rng);
        if (problem == SequenceProblem.Copy && (delay < 1 || delay >= steps))
            Throw.OutOfRange($"sequences: a delay of {delay} in {steps} steps: give 1 to {steps - 1}", nameof(delay));
        int symbols = problem == SequenceProblem.Copy ? Symbols : 2;
        int[] drawn = new int[count * steps], targets = new int[drawn.Length];
        rng.Integers(drawn, 0, symbols);
        float[] x = new float[drawn.Length * symbols];
        for (int i = 0; i < drawn.Length; i++)
        {
            x[i * symbols + drawn[i]] = 1;
            int step = i % steps;
            targets[i] = problem == SequenceProblem.Copy ? step < delay ? NoTarget : drawn[i - delay]
                : (drawn[i] + (step == 0 ? 0 : targets[i - 1])) % 2;
        }
        return (Tensor.From(x, [count, steps, symbols]), Ids.From(targets, [count, steps]));
    }

    /// <summary>Draws sequences to add in: [count, steps, 2], numbers and marks, and the sums, [count, 1].</summary>
    /// <param name="count">How many sequences.</param>
    /// <param name="steps">The steps of each.</param>
    /// <param name="rng">Where they are drawn from.</param>
    /// <exception cref="ArgumentException">There is none, or there are too few steps to mark two.</exception>
    public static (Tensor X, Tensor Y) DrawAdding(int count, int steps, RandomSource rng)
    {
        if (count < 1 || steps < 2)
            Throw.OutOfRange($"sequences: {count} of {steps} steps: ask for at least one of two steps", nameof(count));
        double[] numbers = new double[count * steps], places = new double[2 * count];
        rng.Uniform(numbers);
        rng.Uniform(places);
        float[] x = new float[2 * numbers.Length], y = new float[count];
        for (int i = 0; i < numbers.Length; i++) x[2 * i] = (float)numbers[i];
        for (int i = 0; i < count; i++)
        {
            int half = steps / 2;
            int[] marked = [(int)(places[2 * i] * half), half + (int)(places[2 * i + 1] * (steps - half))];
            foreach (int step in marked)
            {
                x[2 * (i * steps + step) + 1] = 1;
                y[i] += x[2 * (i * steps + step)];
            }
        }
        return (Tensor.From(x, [count, steps, 2]), Tensor.From(y, [count, 1]));
    }

    /// <summary>A sound of a kind: 0 a tone, 1 rising, 2 falling, 3 two tones.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="rng">Where pitch, beginning, loudness and noise are drawn from.</param>
    public static double[] Sound(int kind, RandomSource rng)
    {
        double[] drawn = new double[4], sound = new double[SoundLength];
        rng.Uniform(drawn);
        rng.Normal(sound);
        int from = (int)(drawn[0] * (SoundLength - SoundPart));
        double low = 100 + 300 * drawn[1], high = low + 150 + 250 * drawn[2], loudness = 1 + drawn[3], phase = 0;
        for (int j = 0; j < SoundPart; j++)
        {
            double done = (double)j / SoundPart;
            double pitch = kind switch
            {
                0 => low,
                1 => low + (high - low) * done,
                2 => high - (high - low) * done,
                _ => done < 0.5 ? low : high,
            };
            phase += 2 * Math.PI * pitch / SampleRate;
            sound[from + j] += loudness * Math.Sin(phase);
        }
        return sound;
    }

    /// <summary>What a network sees of a sound: [steps, frequencies], logarithms, since ratios are what is
    /// heard.</summary>
    public static Tensor Frames(double[] sound) => (Spectrogram.Of(sound, Window, Hop) + 0.1).Log();

    static (Tensor, Ids) Chirps(int count, RandomSource rng)
    {
        int[] kinds = new int[count];
        rng.Integers(kinds, 0, 4);
        var x = Tensor.Stack(0, [.. kinds.Select(kind => Frames(Sound(kind, rng)))]).Detach();
        int steps = x.Shape[1];
        int[] targets = new int[count * steps];
        Array.Fill(targets, NoTarget);
        for (int i = 0; i < count; i++) targets[(i + 1) * steps - 1] = kinds[i];
        return (x, Ids.From(targets, [count, steps]));
    }
}
