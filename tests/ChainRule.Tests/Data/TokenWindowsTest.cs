using ChainRule.Data;
using ChainRule.Randomness;

namespace ChainRule.Tests.Data;

public sealed class TokenWindowsTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    TokenFile Text(int count, int shardTokens = 37)
    {
        string folder = _folder.PathOf($"{count}");
        TokenFile.WriteShards(folder, [[.. Enumerable.Range(0, count)]], shardTokens: shardTokens);
        return TokenFile.Open(folder);
    }

    static void Same(Batch<Ids, Ids> expected, Batch<Ids, Ids> got)
    {
        Assert.Equal(expected.Inputs.Shape, got.Inputs.Shape);
        Assert.Equal(expected.Targets.Shape, got.Targets.Shape);
        Assert.Equal(expected.Inputs.Span.ToArray(), got.Inputs.Span.ToArray());
        Assert.Equal(expected.Targets.Span.ToArray(), got.Targets.Span.ToArray());
    }

    [Theory]
    [InlineData(true, "torch")]
    [InlineData(false, "torch")]
    [InlineData(true, "python")]
    [InlineData(true, "numpy")]
    public void Random_windows_of_files_are_those_of_the_text_in_memory_and_so_are_their_states(bool every,
        string source)
    {
        RandomSource Rng() => source switch
        {
            "python" => new PythonRandom(5),
            "numpy" => new NumpyRandom(5),
            _ => new TorchRandom(5),
        };
        using var text = Text(1000);
        var memory = Batches.Windows(Ids.From([.. Enumerable.Range(0, 1000)]), 8, 4, Rng(), every);
        var files = Batches.Windows(text, 8, 4, Rng(), every);
        Assert.Equal(memory.PerEpoch, files.PerEpoch);
        for (int i = 0; i < 50; i++)
        {
            using var scope = Scope.Begin("step");
            Same(memory.Next(), files.Next());
            Assert.Equal(memory.Epoch, files.Epoch);
        }
        Assert.Equal(memory.SaveState(), files.SaveState());
        byte[] state = memory.SaveState();
        var next = memory.Next();
        files.Next();
        files.RestoreState(state);
        Same(next, files.Next());
        Same(Only(Batches.WindowsInOrder(Ids.From([.. Enumerable.Range(0, 1000)]), 8, 5, every)),
            Only(Batches.WindowsInOrder(text, 8, 5, every)));
    }

    static Batch<Ids, Ids> Only(Dataset<Ids, Ids> data) => new(data.Inputs, data.Targets);

    [Theory]
    [InlineData(1000, 8, 8, 7)]
    [InlineData(1000, 8, 3, 10)]
    [InlineData(101, 20, 20, 4)]
    [InlineData(9, 8, 8, 100)]
    public void Every_window_comes_once_an_epoch_each_time_in_another_order(int count, int context, int stride,
        int size)
    {
        using var text = Text(count);
        var batches = Batches.ShuffledWindows(text, context, size, seed: 1, stride);
        int windows = (count - context - 1) / stride + 1;
        Assert.Equal((windows + size - 1) / size, batches.PerEpoch);
        List<int[]> orders = [];
        for (int epoch = 0; epoch < 3; epoch++)
        {
            List<int> starts = [];
            for (int i = 0; i < batches.PerEpoch; i++)
            {
                Assert.Equal(epoch, batches.Epoch);
                var (x, y) = batches.Next();
                for (int row = 0; row < x.Shape[0]; row++)
                {
                    starts.Add(x[row * context]);
                    for (int t = 0; t < context; t++)
                    {
                        Assert.Equal(starts[^1] + t, x[row * context + t]);
                        Assert.Equal(starts[^1] + t + 1, y[row * context + t]);
                    }
                }
            }
            Assert.Equal(Enumerable.Range(0, windows).Select(i => i * stride), starts.Order());
            orders.Add([.. starts]);
        }
        if (windows > 10) Assert.Equal(3, orders.Select(order => string.Join(' ', order)).Distinct().Count());
    }

    [Fact]
    public void Targets_may_be_what_follows_the_last_token_alone()
    {
        using var text = Text(100);
        var (x, y) = Batches.ShuffledWindows(text, 8, 4, seed: 1, everyPosition: false).Next();
        Assert.Equal([4], y.Shape.Span.ToArray());
        for (int row = 0; row < 4; row++) Assert.Equal(x[row * 8 + 7] + 1, y[row]);
    }

    [Fact]
    public void A_shuffled_stream_continues_wherever_it_was_saved_under_any_seed()
    {
        using var text = Text(1000);
        var batches = Batches.ShuffledWindows(text, 8, 7, seed: 1);
        for (int step = 0; step < 2 * batches.PerEpoch + 2; step++)
        {
            byte[] state = batches.SaveState();
            var next = batches.Next();
            var other = Batches.ShuffledWindows(text, 8, 7, seed: 99);
            other.RestoreState(state);
            Assert.Equal(step / batches.PerEpoch, other.Epoch);
            Same(next, other.Next());
            Assert.Equal(batches.SaveState(), other.SaveState());
        }
    }

    [Fact]
    public void A_state_of_another_stream_is_refused_and_changes_nothing()
    {
        using var text = Text(1000);
        var batches = Batches.ShuffledWindows(text, 8, 7, seed: 1);
        byte[] before = batches.SaveState();
        string Refused(byte[] state) =>
            Assert.ThrowsAny<ArgumentException>(() => batches.RestoreState(state)).Message;
        Assert.Equal("restore batches: 3 bytes are no state, which has 60: pass what SaveState returned",
            Refused([1, 2, 3]));
        Assert.Equal("restore batches: the state is of permuted window batches with other settings: make the stream as "
            + "the saved one was made",
            Refused(Batches.ShuffledWindows(text, 8, 7, 1, everyPosition: false).SaveState()));
        Assert.Equal("restore batches: the state is of 124 rows, 6 in a batch, 21 batches in an epoch, and this stream "
            + "of 124, 7 and 18: make the stream as the saved one was made",
            Refused(Batches.ShuffledWindows(text, 8, 6, 1).SaveState()));
        Assert.Equal(before, batches.SaveState());
    }

    [Fact]
    public void What_has_no_windows_is_refused()
    {
        using var text = Text(10);
        string Refused(Func<object> make) => Assert.ThrowsAny<ArgumentException>(make).Message;
        Assert.Equal("windows: a text of 10 tokens for windows of 10: give 11 tokens or more",
            Refused(() => Batches.Windows(text, 10, 1, new TorchRandom(1))));
        Assert.Equal("windows: a context of 0: give 1 or more", Refused(() => Batches.ShuffledWindows(text, 0, 1, 1)));
        Assert.Equal("windows: a stride of 0: give 1 or more",
            Refused(() => Batches.ShuffledWindows(text, 1, 1, 1, stride: 0)));
        Assert.Equal("batches: a batch of 0 rows: give a size of 1 or more",
            Refused(() => Batches.ShuffledWindows(text, 1, 0, 1)));
        Assert.Equal("windows: 2,000,000,000 windows of 2 tokens: at most 2,147,483,591 tokens can be held: give a "
            + "smaller batch", Refused(() => Batches.Windows(text, 2, 2_000_000_000, new TorchRandom(1))));
    }

    [Fact]
    public void Ten_gigabytes_are_trained_on_without_memory()
    {
        // Windows writes the holes of such a file.
        if (OperatingSystem.IsWindows()) return;
        const long Bytes = 10L << 30, Count = Bytes / 2;
        string path = _folder.PathOf("holes.bin");
        // A file of holes, with tokens at three places; two of them are beyond what an int counts.
        using (var file = new FileStream(path, FileMode.Create))
        {
            file.SetLength(Bytes);
            foreach (long place in (long[])[5, 3_000_000_000, Count - 1])
            {
                file.Position = 2 * place;
                file.Write([(byte)(place % 251 + 1), 0]);
            }
        }
        using var text = TokenFile.Open(path, vocabularySize: 256);
        Assert.Equal(Count, text.Count);
        foreach (long place in (long[])[5, 3_000_000_000, Count - 1])
            Assert.Equal(place % 251 + 1, text.Read(place, 1)[0]);
        var random = Batches.Windows(text, 256, 10, new TorchRandom(1));
        var shuffled = Batches.ShuffledWindows(text, 256, 10, seed: 1);
        Assert.Equal((Count - 257) / 256 / 10 + 1, shuffled.PerEpoch);
        Warm();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            using var scope = Scope.Begin("step");
            random.Next();
            shuffled.Next();
        }
        // What a batch leaves behind does not depend on the file.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 * 20_000);

        void Warm()
        {
            using var scope = Scope.Begin("step");
            random.Next();
            shuffled.Next();
        }
    }

    [Fact]
    public void An_epoch_that_no_int_counts_is_refused()
    {
        if (OperatingSystem.IsWindows()) return;
        string path = _folder.PathOf("holes.bin");
        using (var file = new FileStream(path, FileMode.Create)) file.SetLength(10L << 30);
        using var text = TokenFile.Open(path);
        Assert.Equal("windows: an epoch of 5,368,709,119 batches: 2,147,483,647 are the most: give a larger batch or "
            + "context", Assert.ThrowsAny<ArgumentException>(() => Batches.ShuffledWindows(text, 1, 1, 1)).Message);
    }
}
