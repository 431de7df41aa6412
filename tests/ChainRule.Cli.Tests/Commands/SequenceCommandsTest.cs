namespace ChainRule.Cli.Tests.Commands;

public sealed class SequenceCommandsTest : IDisposable
{
    readonly SmallTraining _small = new();

    public void Dispose() => _small.Dispose();

    [Fact]
    public void One_answer_alone_is_not_compared_with_its_own_mean()
    {
        _small.Run("train", "sequences", "--problem", "adding", "--length", "4", "--steps", "3", "--out", "run").Well();
        File.WriteAllText(_small.PathOf("one.txt"), "0.1 0.2* 0.3 0.4*\n");
        string line = Assert.Single(_small.Run("evaluate", "run", "one.txt").Well().Lines);
        Assert.Matches("^1 sequence, 1 answer: root mean squared error [0-9.]+$", line);
        Assert.Contains("; always to say the mean has ",
            Assert.Single(_small.Run("evaluate", "run", "--count", "9").Well().Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_said_to_do_next_is_what_the_problem_can_do()
    {
        string last = _small.Run("train", "sequences", "--problem", "chirps", "--model", "conv", "--steps", "1",
            "--out", "run").Well().Lines[^1];
        Assert.EndsWith("Measure it on others: chainrule evaluate run --seed 5", last, StringComparison.Ordinal);
        _small.Run("evaluate", "run", "--seed", "5", "--count", "5").Well();
    }

    [Fact]
    public void A_run_of_sequences_is_predicted_from_a_file_and_measured_on_new_and_on_longer_ones()
    {
        _small.Run("train", "sequences", "--delay", "2", "--length", "10", "--steps", "300", "--out", "run").Well();
        File.WriteAllText(_small.PathOf("mine.txt"), "abcdabcd\nab\n");
        Assert.Equal(["1  abcdab  right: abcdab", "2  – (it is too short to be asked anything)"],
            _small.Run("predict", "run", "mine.txt").Well().Lines);
        Assert.StartsWith("1,000 sequences, 8,000 answers: accuracy ",
            Assert.Single(_small.Run("evaluate", "run").Well().Lines), StringComparison.Ordinal);
        Assert.StartsWith("20 sequences, 760 answers: accuracy ", Assert.Single(_small.Run("evaluate", "run",
            "--length", "40", "--count", "20").Well().Lines), StringComparison.Ordinal);
        Assert.Equal("2 sequences, 6 answers: accuracy 1.0000; a guess has 0.25",
            Assert.Single(_small.Run("evaluate", "run", "mine.txt").Well().Lines));
        File.WriteAllText(_small.PathOf("one.txt"), "abc\n");
        Assert.StartsWith("1 sequence, 1 answer: accuracy ",
            Assert.Single(_small.Run("evaluate", "run", "one.txt").Well().Lines), StringComparison.Ordinal);
        Assert.Equal("evaluate: --count, --length and --seed are for sequences that are drawn: leave them out, or the "
            + "file", _small.Run("evaluate", "run", "mine.txt", "--count", "5").Refused(1));
        Assert.Equal("predict: --explain does not go with run, which is a run on sequences: leave it out",
            _small.Run("predict", "run", "mine.txt", "--explain").Refused(1));
    }
}
