using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Serving.Tests;

public sealed class BatchingPredictorTest
{
    [Fact]
    public async Task Rows_that_come_at_once_get_the_numbers_that_each_has_alone()
    {
        var rng = new TorchRandom(1);
        var predictor = new Sequential(new Linear(20, 30, rng), new Relu(), new Linear(30, 3, rng)).ToPredictor();
        var batching = new BatchingPredictor(predictor);
        var x = Tensor.Randn([500, 20], rng);
        float[][] expected = [.. Enumerable.Range(0, 500).Select(row =>
            predictor.Predict(x.Rows([row])).ToArray<float>())];
        var asked = Enumerable.Range(0, 500).Select(row => Task.Run(async () =>
            (await batching.PredictAsync(x.Select(0, row))).ToArray<float>()));
        Assert.Equal(expected, await Task.WhenAll(asked));
        Assert.Equal(0, batching.Waiting);
    }

    [Fact]
    public async Task What_comes_while_a_batch_is_computed_is_the_next_batch()
    {
        var gate = new Gate();
        var batching = new BatchingPredictor(gate.ToPredictor(), new() { MaxBatch = 4, Workers = 1 });
        var first = Task.Run(() => batching.PredictAsync(Tensor.From(1f)));
        gate.Await();
        Task<Tensor>[] next = [.. Enumerable.Range(2, 6).Select(i => batching.PredictAsync(Tensor.From((float)i)))];
        // Of another shape: a batch of its own.
        var wide = batching.PredictAsync(Tensor.From(7f, 8f));
        Assert.Equal(7, batching.Waiting);
        gate.Open(4);
        Assert.Equal((float[])[2f], (await first).ToArray<float>());
        for (int i = 0; i < next.Length; i++) Assert.Equal((float[])[2f * (i + 2)], (await next[i]).ToArray<float>());
        Assert.Equal((float[])[14f, 16f], (await wide).ToArray<float>());
        Assert.Equal([1, 4, 2, 1], gate.Batches);
    }

    [Fact]
    public async Task A_row_that_fails_fails_alone()
    {
        var gate = new Gate();
        var batching = new BatchingPredictor(gate.ToPredictor(), new() { Workers = 1 });
        var first = Task.Run(() => batching.PredictAsync(Tensor.From(1f)));
        gate.Await();
        Task<Tensor>[] next = [.. ((float[])[5, -1, 6]).Select(x => batching.PredictAsync(Tensor.From(x)))];
        gate.Open(5);
        await first;
        Assert.Equal((float[])[10f], (await next[0]).ToArray<float>());
        Assert.Equal("gate: −1 is refused: give another number",
            (await Assert.ThrowsAsync<ArgumentException>(() => next[1])).Message);
        Assert.Equal((float[])[12f], (await next[2]).ToArray<float>());
    }

    [Fact]
    public async Task Who_waits_may_leave_and_who_finds_no_room_is_told()
    {
        var gate = new Gate();
        var batching = new BatchingPredictor(gate.ToPredictor(), new() { Workers = 1, MaxWaiting = 2 });
        var first = Task.Run(() => batching.PredictAsync(Tensor.From(1f)));
        gate.Await();
        using var leaving = new CancellationTokenSource();
        var left = batching.PredictAsync(Tensor.From(2f), leaving.Token);
        var stayed = batching.PredictAsync(Tensor.From(3f));
        Assert.Equal("predict: 2 rows wait already, and no more may: ask again later, or raise MaxWaiting",
            (await Assert.ThrowsAsync<TooManyRequestsException>(() => batching.PredictAsync(Tensor.From(4f)))).Message);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => batching.PredictAsync(Tensor.From(2f), leaving.Token));
        gate.Open(2);
        await first;
        Assert.Equal((float[])[6f], (await stayed).ToArray<float>());
        Assert.Equal([1, 1], gate.Batches);
    }

    [Fact]
    public async Task Ids_are_joined_too()
    {
        var rng = new TorchRandom(1);
        var predictor = new Embedding(9, 3, rng).ToPredictor();
        var batching = new BatchingPredictor(predictor, new() { Workers = 1 });
        var asked = Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
            (await batching.PredictAsync(Ids.From(i % 9, 8))).ToArray<float>()));
        var expected = Enumerable.Range(0, 50).Select(i =>
            predictor.Predict(Ids.From([i % 9, 8], [1, 2])).ToArray<float>());
        Assert.Equal(expected, await Task.WhenAll(asked));
    }

    [Theory]
    [InlineData(0, 1, 1, "batches: MaxBatch 0: give 1 or more")]
    [InlineData(1, -1, 1, "batches: MaxWaiting -1: give 0 or more")]
    [InlineData(1, 1, -1,
        "batches: Workers -1: give 1 or more, or 0 for half as many as there are processors")]
    public void Options_out_of_range_are_refused(int batch, int waiting, int workers, string message)
    {
        var predictor = new Gate().ToPredictor();
        var refused = Assert.ThrowsAny<ArgumentOutOfRangeException>(() => new BatchingPredictor(predictor,
            new() { MaxBatch = batch, MaxWaiting = waiting, Workers = workers }));
        Assert.Equal((message, "options"), (refused.Message, refused.ParamName));
    }
}
