using ChainRule.Tests;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Sequences;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Sequences;

public sealed class SequencePredictorTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    SequencePredictor Trained(SequenceOptions options, string model = "gru", int steps = 400)
    {
        string name = $"{options.Problem}";
        var run = TrainingRun.Start(_folder.PathOf(name), RunConfig.For(TaskKind.Sequences, model) with
            { Steps = steps, Options = options });
        run.Train();
        run.Finish();
        return SequencePredictor.Load(_folder.PathOf(name));
    }

    [Fact]
    public void A_copy_is_said_for_sequences_of_ones_own_and_measured_on_longer_ones()
    {
        var model = Trained(new(Length: 10, Delay: 2, Count: 1000));
        var found = model.Predict("a bcd,abcd");
        Assert.Equal("abcdab", string.Concat(found.Right!));
        Assert.Equal("abcdab", string.Concat(found.Said));
        Assert.Null(found.Probability);
        Assert.Empty(model.Predict("ab").Said);
        string file = _folder.Write("mine.txt", "# two\nabcda\n\nddcc\r\n");
        Assert.Equal(["abc", "dd"], model.PredictFile(file).Select(one => string.Concat(one.Said)));
        Assert.Equal((2, 5, 1.0), model.Measure(model.PredictFile(file)) is var m
            ? (m.Sequences, m.Asked, m.Accuracy!.Value) : default);
        var drawn = model.MeasureDrawn(600, 30, seed: 9);
        Assert.Equal((600, 600 * 28), (drawn.Sequences, drawn.Asked));
        Assert.InRange(drawn.Accuracy!.Value, 0.95, 1);
        Assert.Equal(drawn, model.MeasureDrawn(600, 30, seed: 9));
    }

    [Fact]
    public void A_sum_is_said_beside_the_right_one()
    {
        var model = Trained(new(SequenceProblem.Adding, Length: 6, Count: 1000));
        var found = model.Predict("0.3 0.7* 0.1 0.4* 0.5 0.6");
        Assert.Equal("1.1000", Assert.Single(found.Right!));
        Assert.Equal(1.1, double.Parse(Assert.Single(found.Said), System.Globalization.CultureInfo.InvariantCulture),
            0.25);
        var drawn = model.MeasureDrawn(500, null, seed: 9);
        Assert.True(drawn.Rmse < 0.5 * drawn.RmseOfMean && drawn.Accuracy is null);
        Refused(model, "0.1* 0.2", "1 stars: give numbers from 0 to 1, two of them with a star, such as ");
        Refused(model, "0.1* 2*", "2: give numbers from 0 to 1, ");
        Refused(model, "0.1* x*", "'x': give numbers from 0 to 1, ");
    }

    [Fact]
    public void A_sound_is_told_with_or_without_its_kind_before_it()
    {
        var model = Trained(new(SequenceProblem.Chirps, Count: 200), "conv", 60);
        string sound = string.Join(' ', SyntheticSequences.Sound(3, new Randomness.TorchRandom(5)).Select(one =>
            one.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal("two tones", Assert.Single(model.Predict($"two tones {sound}").Right!));
        var unknown = model.Predict(sound);
        Assert.Null(unknown.Right);
        Assert.InRange(unknown.Probability!.Value, 0.25, 1);
        Assert.Equal("evaluate: 1 of 1 sequences have no answer: begin each line with one of tone, rising, falling, "
            + "two tones", Assert.Throws<InvalidDataException>(() => model.Measure([unknown])).Message);
        Refused(model, "0.1 0.2", "2 numbers: give 64 numbers of a sound or more, ");
    }

    [Fact]
    public void What_is_no_sequence_of_the_problem_is_refused_by_line()
    {
        var model = Trained(new(SequenceProblem.Parity, Length: 5, Count: 32), steps: 5);
        Assert.Equal(["odd", "odd", "even", "even"], model.Predict("1010").Right!);
        string file = _folder.Write("bad.txt", "0101\n012\n");
        Assert.EndsWith("bad.txt, line 2: '2': give bits, such as 01101, a sequence a line",
            Assert.Throws<InvalidDataException>(() => model.PredictFile(file)).Message, StringComparison.Ordinal);
        Assert.EndsWith(": there is no sequence in it: give bits, such as 01101, a sequence a line",
            Assert.Throws<InvalidDataException>(() => model.PredictFile(_folder.Write("none.txt", "# 1\n"))).Message,
            StringComparison.Ordinal);
        Assert.ThrowsAny<IOException>(() => model.PredictFile(_folder.PathOf("nowhere.txt")));
    }

    static void Refused(SequencePredictor model, string line, string says) => Assert.StartsWith($"sequence: {says}",
        Assert.Throws<InvalidDataException>(() => model.Predict(line)).Message, StringComparison.Ordinal);
}
