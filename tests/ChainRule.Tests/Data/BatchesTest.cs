using ChainRule.Data;
using ChainRule.Randomness;

namespace ChainRule.Tests.Data;

public class BatchesTest
{
    // Row i holds i twice, so a batch shows which rows it is made of.
    static Dataset<Tensor, Ids> Rows(int count)
    {
        var x = Tensor.Zeros([count, 2]);
        for (int i = 0; i < count; i++) x.Write<float>().Slice(2 * i, 2).Fill(i);
        return Dataset.From(x, Ids.From([.. Enumerable.Range(0, count)]));
    }

    static int[] Take(Batches<Tensor, Ids> batches)
    {
        var (x, y) = batches.Next();
        int[] rows = y.Span.ToArray();
        Assert.Equal([rows.Length, 2], x.Shape.Span.ToArray());
        Assert.Equal(rows.SelectMany(row => new float[] { row, row }), x.ToArray<float>());
        return rows;
    }

    static Batches<Tensor, Ids> Make(string kind) => kind switch
    {
        "shuffled" => Batches.Shuffled(Rows(23), 5, seed: 7),
        "full batches" => Batches.Shuffled(Rows(23), 5, seed: 7, dropLast: true),
        "even" => Batches.Shuffled(Rows(20), 5, seed: 7),
        "one" => Batches.Shuffled(Rows(3), 100, seed: 7),
        _ => Batches.Random(Rows(23), 5, new TorchRandom(7)),
    };

    [Fact]
    public void Every_epoch_is_the_next_randperm_of_the_seed()
    {
        var batches = Batches.Shuffled(Rows(23), 5, seed: 42);
        var rng = new TorchRandom(42);
        Assert.Equal(5, batches.PerEpoch);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            int[] order = new int[23], seen = [];
            rng.Permutation(order);
            for (int i = 0; i < 5; i++)
            {
                Assert.Equal(epoch, batches.Epoch);
                seen = [.. seen, .. Take(batches)];
            }
            Assert.Equal(order, seen);
        }
        Assert.Equal(3, batches.Epoch);
    }

    [Fact]
    public void Dropping_the_last_batch_leaves_only_full_ones()
    {
        var batches = Batches.Shuffled(Rows(23), 5, seed: 1, dropLast: true);
        Assert.Equal(4, batches.PerEpoch);
        for (int epoch = 0; epoch < 2; epoch++)
        {
            var seen = new HashSet<int>();
            for (int i = 0; i < 4; i++)
            {
                int[] rows = Take(batches);
                Assert.Equal(5, rows.Length);
                seen.UnionWith(rows);
            }
            Assert.Equal(20, seen.Count);
        }
    }

    [Fact]
    public void Random_batches_are_the_generators_randint()
    {
        var batches = Batches.Random(Rows(23), 5, new TorchRandom(2147483647));
        var rng = new TorchRandom(2147483647);
        Assert.Equal(5, batches.PerEpoch);
        for (int i = 0; i < 11; i++)
        {
            Assert.Equal(i / 5, batches.Epoch);
            int[] expected = new int[5];
            rng.Integers(expected, 0, 23);
            Assert.Equal(expected, Take(batches));
        }
    }

    [Theory]
    [InlineData("shuffled")]
    [InlineData("full batches")]
    [InlineData("even")]
    [InlineData("one")]
    [InlineData("random")]
    public void After_a_restore_the_very_same_batches_follow_wherever_it_was_saved(string kind)
    {
        for (int cut = 0; cut <= 16; cut++)
        {
            var first = Make(kind);
            for (int i = 0; i < cut; i++) first.Next();
            byte[] state = first.SaveState();
            int epoch = first.Epoch;
            int[][] expected = [.. Enumerable.Range(0, 13).Select(_ => Take(first))];

            // A fresh stream, and one that has gone its own way.
            foreach (int detour in (int[])[0, 3])
            {
                var second = Make(kind);
                for (int i = 0; i < detour; i++) second.Next();
                second.RestoreState(state);
                Assert.Equal(epoch, second.Epoch);
                Assert.Equal(state, second.SaveState());
                Assert.Equal(expected, Enumerable.Range(0, 13).Select(_ => Take(second)));
                Assert.Equal(first.SaveState(), second.SaveState());
            }
        }
    }

    [Fact]
    public void Saving_changes_nothing()
    {
        foreach (string kind in (string[])["shuffled", "random"])
        {
            Batches<Tensor, Ids> saved = Make(kind), left = Make(kind);
            for (int i = 0; i < 17; i++)
            {
                saved.SaveState();
                Assert.Equal(Take(left), Take(saved));
            }
        }
    }

    [Fact]
    public void A_state_restored_from_another_seed_brings_its_own_stream()
    {
        Batches<Tensor, Ids> one = Batches.Shuffled(Rows(23), 5, seed: 1), two = Batches.Shuffled(Rows(23), 5, seed: 2);
        Take(one);
        two.RestoreState(one.SaveState());
        for (int i = 0; i < 12; i++) Assert.Equal(Take(one), Take(two));
    }

    [Fact]
    public void A_state_that_does_not_fit_is_refused_and_changes_nothing()
    {
        Batches<Tensor, Ids> batches = Make("shuffled"), untouched = Make("shuffled");
        byte[] damaged = batches.SaveState();
        damaged[40 + 12] = 9;
        (byte[] State, string Message)[] wrong =
        [
            ([1, 2], "restore batches: 2 bytes are no state, which has 5096: pass what SaveState returned"),
            (Make("random").SaveState(), "restore batches: these bytes are no state of shuffled batches: pass what "
                + "SaveState of such a stream returned"),
            (Make("even").SaveState(), "restore batches: the state is of 20 rows, 5 in a batch, 4 batches in an epoch, "
                + "and this stream of 23, 5 and 5: make the stream as the saved one was made"),
            (damaged, "random state: "),
        ];
        foreach (var (state, message) in wrong)
            Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(() => batches.RestoreState(state)).Message,
                StringComparison.Ordinal);
        for (int i = 0; i < 7; i++) Assert.Equal(Take(untouched), Take(batches));
    }

    [Fact]
    public void In_order_shows_every_row_once()
    {
        var walk = Batches.InOrder(Rows(12), 5);
        for (int again = 0; again < 2; again++)
        {
            Assert.Equal([[0, 1, 2, 3, 4], [5, 6, 7, 8, 9], [10, 11]],
                walk.Select(batch => batch.Targets.Span.ToArray()));
            Assert.Equal(24, walk.Sum(batch => batch.Inputs.Count));
        }
        Assert.Single(Batches.InOrder(Rows(3), 100));
        Assert.Empty(Batches.InOrder(Rows(0), 5));
    }

    [Fact]
    public void What_leaves_nothing_to_draw_is_refused()
    {
        Assert.Equal("batches: the data set has no rows: there is nothing to draw from",
            Assert.ThrowsAny<ArgumentException>(() => Batches.Shuffled(Rows(0), 5, 1)).Message);
        Assert.Equal("batches: the data set has no rows: there is nothing to draw from",
            Assert.ThrowsAny<ArgumentException>(() => Batches.Random(Rows(0), 5, new TorchRandom(1))).Message);
        Assert.Equal("batches: a batch of 0 rows: give a size of 1 or more",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => Batches.InOrder(Rows(3), 0)).Message);
        Assert.Equal("batches: 3 rows do not fill one batch of 5, and dropLast drops it: choose a smaller size, or "
            + "keep the last",
            Assert.ThrowsAny<ArgumentException>(() => Batches.Shuffled(Rows(3), 5, 1, dropLast: true)).Message);
    }

    [Fact]
    public void A_batch_inside_a_scope_allocates_little_more_than_its_numbers_need()
    {
        var batches = Batches.Shuffled(Dataset.From(Tensor.Zeros([1000, 500]), Ids.From(new int[1000])), 50, seed: 1);
        for (int i = 0; i < 60; i++) Step(batches);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++) Step(batches);
        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / 20;
        Assert.InRange(each, 0, 2000);

        static void Step(Batches<Tensor, Ids> batches)
        {
            using var step = Scope.Begin();
            batches.Next();
        }
    }

    [Fact]
    public void Windows_are_the_generators_randint_and_what_follows_them()
    {
        var text = Ids.From([.. Enumerable.Range(100, 50)]);
        var (every, last) = (Batches.Windows(text, 8, 4, new TorchRandom(1337)),
            Batches.Windows(text, 8, 4, new TorchRandom(1337), everyPosition: false));
        var rng = new TorchRandom(1337);
        Assert.Equal(2, every.PerEpoch);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(i / 2, every.Epoch);
            int[] starts = new int[4];
            rng.Integers(starts, 0, 42);
            var (x, y) = every.Next();
            Assert.Equal<Shape>([4, 8], x.Shape);
            Assert.Equal(starts.SelectMany(start => Enumerable.Range(100 + start, 8)), x.Span.ToArray());
            Assert.Equal(x.Span.ToArray().Select(id => id + 1), y.Span.ToArray());
            var (x2, y2) = last.Next();
            Assert.Equal(x.Span.ToArray(), x2.Span.ToArray());
            Assert.Equal<Shape>([4], y2.Shape);
            Assert.Equal(starts.Select(start => 108 + start), y2.Span.ToArray());
        }
    }

    [Fact]
    public void Windows_go_on_from_a_saved_state_and_refuse_that_of_another_text()
    {
        var text = Ids.From([.. Enumerable.Range(0, 50)]);
        var first = Batches.Windows(text, 8, 4, new TorchRandom(1));
        for (int i = 0; i < 3; i++) first.Next();
        byte[] state = first.SaveState();
        var second = Batches.Windows(text, 8, 4, new TorchRandom(9));
        second.RestoreState(state);
        Assert.Equal(first.Epoch, second.Epoch);
        for (int i = 0; i < 4; i++)
            Assert.Equal(first.Next().Inputs.Span.ToArray(), second.Next().Inputs.Span.ToArray());
        Refused.With<ArgumentException>("restore batches: the state is of 42 rows, 4 in a batch, 2 batches in an "
            + "epoch, and this stream of 22, 4 and 1: make the stream as the saved one was made",
                () => Batches.Windows(Ids.From([.. Enumerable.Range(0, 30)]), 8, 4, new TorchRandom(1))
                    .RestoreState(state));
    }

    [Fact]
    public void Windows_in_order_begin_a_stride_apart_and_none_reaches_beyond_the_text()
    {
        var text = Ids.From([.. Enumerable.Range(0, 11)]);
        var every = Batches.WindowsInOrder(text, 3, stride: 3);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8], every.Inputs.Span.ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], every.Targets.Span.ToArray());
        var last = Batches.WindowsInOrder(text, 3, stride: 1, everyPosition: false);
        Assert.Equal([3, 4, 5, 6, 7, 8, 9, 10], last.Targets.Span.ToArray());
        Assert.Equal(1, Batches.WindowsInOrder(text, 10, stride: 5).Count);
    }

    [Fact]
    public void Windows_that_cannot_be_are_one_sentence()
    {
        var text = Ids.From([.. Enumerable.Range(0, 8)]);
        Refused.With<ArgumentException>("windows: a text of [8] for windows of 8: give a vector of 9 ids or more",
            () => Batches.Windows(text, 8, 4, new TorchRandom(1)));
        Refused.With<ArgumentOutOfRangeException>("windows: a context of 0: give 1 or more",
            () => Batches.WindowsInOrder(text, 0, 1));
        Refused.With<ArgumentOutOfRangeException>("windows: a stride of 0: give 1 or more",
            () => Batches.WindowsInOrder(text, 2, 0));
        Refused.With<ArgumentOutOfRangeException>("batches: a batch of 0 rows: give a size of 1 or more",
            () => Batches.Windows(text, 2, 0, new TorchRandom(1)));
    }
}
