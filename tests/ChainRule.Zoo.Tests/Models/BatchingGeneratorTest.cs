using ChainRule.Randomness;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

public sealed class BatchingGeneratorTest
{
    static readonly Gpt s_model = new(new(Context: 12, Width: 16, Layers: 2, Heads: 2), 9, new TorchRandom(1));

    [Fact]
    public async Task Texts_of_all_lengths_that_come_and_go_are_what_each_is_alone()
    {
        // Far more than the context, and more texts than take part at once.
        var generator = new BatchingGenerator(s_model, maxTexts: 5);
        var asked = Enumerable.Range(0, 14).Select(i => Task.Run(async () =>
        {
            List<int> ids = [];
            await foreach (int id in generator.GenerateAsync(Begun(i), 3 + 4 * i, new TorchRandom((ulong)i), How(i)))
                ids.Add(id);
            return ids.ToArray();
        }));
        int[][] found = await Task.WhenAll(asked);
        for (int i = 0; i < found.Length; i++)
            Assert.Equal(s_model.GenerateIds(Begun(i), new TorchRandom((ulong)i), How(i)).Take(3 + 4 * i), found[i]);

        static int[] Begun(int i) => [.. Enumerable.Range(0, 1 + 2 * (i % 9)).Select(at => (at * at + i) % 9)];
        static Sampling How(int i) => new(i % 3 == 0 ? 0 : 1);
    }

    [Fact]
    public void Logits_of_texts_side_by_side_are_those_of_each_alone_to_the_bit()
    {
        int[][] texts = [[1], [2, 3, 4], [5, 6, 7, 8, 0, 1, 2]];
        var past = texts.Select(text => s_model.Blocks.Select(_ => new Layers.KeyValueCache()).ToArray()).ToArray();
        var alone = texts.Select(text => s_model.Blocks.Select(_ => new Layers.KeyValueCache()).ToArray()).ToArray();
        for (int i = 0; i < texts.Length; i++)
        {
            s_model.Forward(Ids.From(texts[i], [1, texts[i].Length]), past[i]);
            s_model.Forward(Ids.From(texts[i], [1, texts[i].Length]), alone[i]);
        }
        for (int step = 0; step < 4; step++)
        {
            float[] together = s_model.Forward(Ids.From([step, 8, 3], [3, 1]), past).ToArray<float>();
            int[] next = [step, 8, 3];
            for (int i = 0; i < texts.Length; i++)
                Assert.Equal(s_model.Forward(Ids.From([next[i]], [1, 1]), alone[i]).ToArray<float>(),
                    together[(9 * i)..(9 * i + 9)]);
        }
    }

    [Fact]
    public async Task What_is_wrong_is_said_to_whom_it_concerns_and_who_leaves_is_let_go()
    {
        var generator = new BatchingGenerator(s_model);
        Assert.Equal("generate: there is nothing to go on from: give one id or more",
            Assert.ThrowsAny<ArgumentException>(() => generator.GenerateAsync([], 3, new TorchRandom(1))).Message);
        Assert.Equal("generate: length -1: give 0 or more", Assert.ThrowsAny<ArgumentException>(
            () => generator.GenerateAsync([1], -1, new TorchRandom(1))).Message);
        Assert.Equal("generate: maxTexts 0: give 1 or more",
            Assert.ThrowsAny<ArgumentException>(() => new BatchingGenerator(s_model, 0)).Message);
        var wrong = Assert.ThrowsAnyAsync<ArgumentException>(() => All(generator, [1, 9], 5));
        var right = All(generator, [1], 5);
        Assert.Contains("id 9", (await wrong).Message, StringComparison.Ordinal);
        Assert.Equal(s_model.GenerateIds([1], new TorchRandom(3)).Take(5), await right);
        // Without end, but for the reader who leaves.
        await foreach (int id in generator.GenerateAsync([1], int.MaxValue, new TorchRandom(1))) break;
        Assert.Equal(s_model.GenerateIds([1], new TorchRandom(3)).Take(5), await All(generator, [1], 5));
        Assert.Empty(await All(generator, [1], 0));
    }

    [Fact]
    public async Task A_text_whose_random_generator_fails_fails_alone()
    {
        var generator = new BatchingGenerator(s_model);
        // Long enough to be at work when the other fails.
        const int Length = 3000;
        var right = All(generator, [1], Length);
        var wrong = Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (int _ in generator.GenerateAsync([2], 40, new Failing())) { }
        });
        Assert.Equal("no more numbers", (await wrong).Message);
        Assert.Equal(s_model.GenerateIds([1], new TorchRandom(3)).Take(Length), await right);
    }

    /// <summary>Fails at the sixteenth number: where the window stands still, and texts are read together.</summary>
    sealed class Failing : RandomSource
    {
        readonly TorchRandom _numbers = new(5);
        int _left = 15;

        TorchRandom Numbers => _left-- > 0 ? _numbers : throw new InvalidOperationException("no more numbers");

        public override double NextDouble() => Numbers.NextDouble();

        public override void Normal(Span<double> x, double mean = 0, double std = 1) => Numbers.Normal(x, mean, std);

        public override void Integers(Span<int> x, long low, long high) => Numbers.Integers(x, low, high);

        public override void Permutation(Span<int> x) => Numbers.Permutation(x);

        public override byte[] GetState() => _numbers.GetState();

        public override void SetState(ReadOnlySpan<byte> state) => _numbers.SetState(state);
    }

    static async Task<int[]> All(BatchingGenerator generator, int[] begun, int length)
    {
        List<int> ids = [];
        await foreach (int id in generator.GenerateAsync(begun, length, new TorchRandom(3))) ids.Add(id);
        return [.. ids];
    }
}
