using ChainRule.Randomness;

namespace ChainRule.Bench.Workloads;

/// <summary>One function of a million numbers, [1000, 1000] in float32.</summary>
sealed class Elementwise : Workload
{
    readonly Func<Tensor, Tensor, Tensor> _compute;
    readonly Tensor _x, _row;

    Elementwise(Func<Tensor, Tensor, Tensor> compute)
    {
        _compute = compute;
        var rng = new TorchRandom(Seed);
        (_x, _row) = (Tensor.Randn([1000, 1000], rng), Tensor.Randn([1000], rng));
    }

    public static IEnumerable<Entry> All =>
    [
        new("elementwise-tanh", () => new Elementwise(static (x, row) => x.Tanh())),
        new("elementwise-exp", () => new Elementwise(static (x, row) => x.Exp())),
        new("elementwise-gelu", () => new Elementwise(static (x, row) => x.Gelu())),
        new("elementwise-add-row", () => new Elementwise(static (x, row) => x + row)),
        new("elementwise-mul", () => new Elementwise(static (x, row) => x * x)),
        new("elementwise-softmax", () => new Elementwise(static (x, row) => x.Softmax())),
        new("elementwise-sum-0", () => new Elementwise(static (x, row) => x.Sum(0))),
    ];

    public override void Step()
    {
        using var step = Scope.Begin();
        _compute(_x, _row);
    }

    public override double[] Check() => Sums.Of(_compute(_x, _row));
}
