using ChainRule.Optim;
using ChainRule.Randomness;

namespace ChainRule.Bench.Workloads;

/// <summary>
/// makemore part 3: three characters embedded, a hidden layer with the lecture's batch norm, and plain gradient
/// descent; batches of 32 are picked from as many examples as the lecture has. Batch norm is the library's one op, or
/// <c>byHand</c> the lecture's five; both compute the same.
/// </summary>
sealed class MlpBn : Training
{
    const int Examples = 182_625, Vocabulary = 27, Width = 10, Context = 3, Hidden = 200, Batch = 32;

    readonly bool _byHand;
    readonly TorchRandom _rng = new(Seed);
    readonly Tensor _embedding, _w1, _w2, _b2, _gain, _bias, _runningMean, _runningStd;
    readonly Ids _xs, _ys;

    public MlpBn(bool byHand = false)
    {
        _byHand = byHand;
        _embedding = Tensor.Randn([Vocabulary, Width], _rng).RequireGrad();
        _w1 = (Tensor.Randn([Width * Context, Hidden], _rng) * (5.0 / 3) / Math.Sqrt(Width * Context)).RequireGrad();
        _w2 = (Tensor.Randn([Hidden, Vocabulary], _rng) * 0.01).RequireGrad();
        _b2 = Tensor.Zeros([Vocabulary]).RequireGrad();
        (_gain, _bias) = (Tensor.Ones([Hidden]).RequireGrad(), Tensor.Zeros([Hidden]).RequireGrad());
        (_runningMean, _runningStd) = (Tensor.Zeros([Hidden]), Tensor.Ones([Hidden]));
        (_xs, _ys) = (Ids.Random([Examples, Context], 0, Vocabulary, _rng),
            Ids.Random([Examples], 0, Vocabulary, _rng));
        Optimizer = new Sgd([_embedding, _w1, _w2, _b2, _gain, _bias], learningRate: 0.1);
    }

    protected override Optimizer Optimizer { get; }

    protected override Tensor Loss()
    {
        var picked = Ids.Random([Batch], 0, Examples, _rng);
        var h = _embedding.Rows(_xs.Rows(picked.Span)).Reshape(Batch, -1).MatMul(_w1);
        h = (_byHand ? ByHand(h) : InOne(h)).Tanh();
        return (h.MatMul(_w2) + _b2).CrossEntropy(_ys.Rows(picked.Span));
    }

    Tensor InOne(Tensor h)
    {
        h = h.BatchNorm(_gain, _bias, eps: 0, out var mean, out var var, unbiased: true);
        Follow(mean, var.Sqrt());
        return h;
    }

    Tensor ByHand(Tensor h)
    {
        Tensor mean = h.Mean(0), std = h.Std(0);
        Follow(mean, std);
        return _gain * (h - mean) / std + _bias;
    }

    void Follow(Tensor mean, Tensor std)
    {
        _runningMean.LerpInPlace(mean, 0.001);
        _runningStd.LerpInPlace(std, 0.001);
    }
}
