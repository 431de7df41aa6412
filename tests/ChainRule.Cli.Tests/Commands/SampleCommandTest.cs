namespace ChainRule.Cli.Tests.Commands;

public sealed class SampleCommandTest : IDisposable
{
    readonly SmallTraining _small = new();

    public SampleCommandTest() => _small.Train("run", 100, "--model", "bigram");

    public void Dispose() => _small.Dispose();

    [Fact]
    public void It_draws_as_many_as_asked_and_the_same_for_the_same_seed()
    {
        string[] lines = Sample("--count", "5").Well().Lines;
        Assert.Equal(5, lines.Length);
        Assert.Equal(lines, Sample("--count", "5", "--seed", "42").Lines);
        Assert.NotEqual(lines, Sample("--count", "5", "--seed", "43").Lines);
        Assert.Equal("", Sample("--count", "0").Well().Output);
    }

    [Fact]
    public void It_begins_with_the_prefix_and_cools_down_to_greedy_decoding()
    {
        Assert.All(Sample("--prefix", "mar").Well().Lines,
            line => Assert.StartsWith("mar", line, StringComparison.Ordinal));
        Assert.Single(Sample("--temperature", "0").Well().Lines.Distinct());
    }

    [Fact]
    public void Top_k_of_1_and_a_tiny_top_p_are_greedy_decoding()
    {
        string greedy = Sample("--temperature", "0", "--count", "1").Well().Output;
        Assert.Equal(greedy, Sample("--top-k", "1", "--count", "1").Well().Output);
        Assert.Equal(greedy, Sample("--top-p", "0.001", "--count", "1").Well().Output);
    }

    [Fact]
    public void A_text_is_as_long_as_asked_and_goes_on_from_its_prefix()
    {
        _small.Run("train", "text", "--data", "few.txt", "--model", "bigram", "--steps", "20", "--out", "text").Well();
        Assert.Equal(501, _small.Run("sample", "text").Well().Output.Length);
        string asked = _small.Run("sample", "text", "--length", "40", "--prefix", "mar", "--top-k", "5").Well().Output;
        Assert.Equal((44, "mar"), (asked.Length, asked[..3]));
        File.WriteAllText(_small.PathOf("prefix.txt"), "mar");
        Assert.Equal(asked,
            _small.Run("sample", "text", "--length", "40", "--prefix-file", "prefix.txt", "--top-k", "5")
                .Well().Output);
        Assert.Equal(3,
            _small.Run("sample", "text", "--length", "0", "--prefix", "x", "--count", "2").Well().Lines.Length);
        Assert.StartsWith("sample: the prefix holds '?', which the model does not know: use a",
            _small.Run("sample", "text", "--prefix", "?").Refused(1), StringComparison.Ordinal);
        Assert.Equal("sample: --length is for a text, and this model was trained on names, which end where they end: "
            + "leave it out", Sample("--length", "5").Refused(1));
    }

    [Fact]
    public void A_prefix_of_a_file_has_the_line_ends_of_the_model()
    {
        _small.Run("train", "text", "--data", "few.txt", "--model", "bigram", "--steps", "20", "--out", "text").Well();
        File.WriteAllText(_small.PathOf("prefix.txt"), "ma\r\nri\r");
        Assert.StartsWith("ma\nri\n", _small.Run("sample", "text", "--prefix-file", "prefix.txt").Well().Output,
            StringComparison.Ordinal);
        File.WriteAllText(_small.PathOf("prefix.txt"), "mar\r\n");
        Assert.All(Sample("--prefix-file", "prefix.txt").Well().Lines,
            line => Assert.StartsWith("mar", line, StringComparison.Ordinal));
        Assert.StartsWith("sample '/dev/zero': byte 0 of the file is 0",
            Sample("--prefix-file", "/dev/zero").Refused(1), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_drawn_is_one_sentence()
    {
        Assert.StartsWith("sample: the prefix 'é' holds 'é', which the model does not know: use a",
            Sample("--prefix", "é").Refused(1), StringComparison.Ordinal);
        Assert.Equal("sample: the prefix 'a.' holds '.', which marks the end: leave it out",
            Sample("--prefix", "a.").Refused(1));
        File.WriteAllText(_small.PathOf("run/model.safetensors"), "half");
        Assert.EndsWith("/run/model.safetensors: this file is damaged, or no run wrote it: put back a copy of it, or "
            + "start a new run",
            Sample().Refused(1), StringComparison.Ordinal);
    }

    Ended Sample(params string[] more) => _small.Run(["sample", "run", .. more]);
}
