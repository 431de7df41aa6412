using ChainRule.Formats;
using ChainRule.Kernels;
using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Onnx.Tests;

/// <summary>Ops one by one, in both number types where ONNX Runtime has the operator in both.</summary>
public class OpsTest
{
    static readonly TorchRandom s_rng = new(9);

    // [batch, 4, 6]
    static Dictionary<string, Func<Tensor, Tensor>> Ops => new()
    {
        ["relu"] = x => x.Relu(), ["leaky relu"] = x => x.LeakyRelu(0.1), ["elu"] = x => x.Elu(0.7),
        ["gelu"] = x => x.Gelu(), ["gelu tanh"] = x => x.GeluTanh(), ["silu"] = x => x.Silu(),
        ["softplus"] = x => x.Softplus(), ["sigmoid"] = x => x.Sigmoid(), ["tanh"] = x => x.Tanh(),
        ["step"] = x => x.Step(0.3), ["selu"] = x => x.Selu(), ["celu"] = x => x.Celu(0.8), ["mish"] = x => x.Mish(),
        ["softsign"] = x => x.Softsign(), ["log sigmoid"] = x => x.LogSigmoid(), ["tanhshrink"] = x => x.Tanhshrink(),
        ["hardtanh"] = x => x.Hardtanh(-0.5, 0.8), ["relu6"] = x => (x * 5).Relu6(),
        ["hardsigmoid"] = x => (x * 3).Hardsigmoid(), ["hardswish"] = x => (x * 3).Hardswish(),
        ["hardshrink"] = x => x.Hardshrink(0.4), ["softshrink"] = x => x.Softshrink(0.4),
        ["floor"] = x => (x * 3).Floor(), ["ceiling"] = x => (x * 3).Ceiling(), ["round"] = x => (x * 3).Round(),
        ["sign"] = x => x.Sign(), ["exp"] = x => x.Exp(), ["log"] = x => (x.Abs() + 0.1).Log(),
        ["log1p"] = x => x.Abs().Log1p(), ["erf"] = x => x.Erf(), ["sqrt"] = x => x.Abs().Sqrt(),
        ["square"] = x => x.Square(), ["sin"] = x => x.Sin(), ["cos"] = x => x.Cos(),
        ["clamp"] = x => x.Clamp(-0.3, 0.9), ["clamp below"] = x => x.Clamp(high: 0.2), ["pow"] = x => x.Abs().Pow(1.7),
        ["power"] = x => x.Abs().Pow(x * 0.5), ["reciprocal"] = x => x.Reciprocal(), ["negate"] = x => -x,
        ["numbers"] = x => (x + 2) * 3 / 4 - 1, ["from numbers"] = x => 2 - x,
        ["arithmetic"] = x => x * x.Slice(1, 0, 1) + x.Sum(-1, keepDim: true) - x / (x.Square() + 1),
        ["maximum"] = x => Tensor.Maximum(x, -x * 0.5), ["minimum"] = x => Tensor.Minimum(x, -x),
        ["comparisons"] = x => x.Greater(0) + 2 * x.GreaterOrEqual(0.2) + 4 * x.EqualTo(x) + 8 * x.NotEqualTo(x),
        ["where"] = x => Tensor.Where(x.Greater(0.1), x, x * 0.01), ["masked fill"] = x =>
            x.MaskedFill(x.Greater(0.5), -7),
        ["sum"] = x => x.Sum(1), ["sum of all axes but one"] = x => x.Sum([1, 2]), ["mean"] = x =>
            x.Mean(-1, keepDim: true),
        ["mean of rows"] = x => x * x.Mean(0, keepDim: true), ["max"] = x => x.Max(1), ["min"] = x => x.Min(2),
        ["product"] = x => x.Prod(1), ["cumulative sum"] = x => x.CumSum(1), ["var"] = x => x.Var(2),
        ["var of rows"] = x => x.Var(0, unbiased: false) + x, ["std"] = x => x.Std(1), ["norm"] = x => x.Norm(2),
        ["norm 3"] = x => x.Norm(2, order: 3), ["norm 1"] = x => x.Norm(2, order: 1),
        ["softmax"] = x => x.Softmax(), ["softmax in the middle"] = x => x.Softmax(1), ["log softmax"] = x =>
            x.LogSoftmax(),
        ["log sum exp"] = x => x.LogSumExp(), ["cosine similarity"] = x => x.CosineSimilarity(x * x, 2),
        ["transpose"] = x => x.Transpose(1, 2), ["permute"] = x => x.Permute(2, 0, 1), ["slice"] = x =>
            x.Slice(2, 1, 6, 2),
        ["slice of one"] = x => x.Slice(1, 2, 3), ["select"] = x => x.Select(1, -1), ["split"] = x =>
            x.Split(2, 2, 4)[1],
        ["concat"] = x => Tensor.Concat(2, x, x * 2, x.Slice(2, 0, 1)), ["concat rows"] = x => Tensor.Concat(0, x, -x),
        ["stack"] = x => Tensor.Stack(1, x, x + 1), ["expand"] = x => x.Unsqueeze(1).Expand([x.Shape[0], 3, 4, 6]),
        ["repeat"] = x => x.Repeat(1, 2, 1), ["flip"] = x => x.Flip(2), ["pad"] = x => x.Pad(1, 2, 1),
        ["pad, reflecting"] = x => x.Pad(2, 2, 1, PaddingMode.Reflect),
        ["pad, replicating"] = x => x.Pad(2, 2, 1, PaddingMode.Replicate),
        ["pad, circular"] = x => x.Pad(2, 2, 1, PaddingMode.Circular), ["reshape"] = x => x.Reshape(-1, 2, 12)
            .Reshape(-1, 3),
        ["matmul"] = x => x.MatMul(x, transposeB: true), ["matmul a"] = x => x.MatMul(x, transposeA: true),
        ["einsum"] = x => Tensor.Einsum("bij,bkj->bik", x, x), ["ids"] = x => x.Transpose(0, 1).Rows(2, 0)
            .Transpose(0, 1),
        ["gather"] = x => x.Slice(0, 0, 1).Gather(Ids.From([1, 0, 2, 1, 5, 4, 3, 2], [1, 4, 2]), 2),
        ["lower triangle"] = x => x.MatMul(Tensor.LowerTriangle(6, 6, x.DType)),
    };

    public static TheoryData<string, DType> Names
    {
        get
        {
            TheoryData<string, DType> all = [];
            foreach (string name in Ops.Keys)
            {
                all.Add(name, DType.Float32);
                // ONNX Runtime computes these in float alone.
                if (name is not ("erf" or "gelu" or "hardswish" or "selu" or "softsign" or "mish" or "softplus"
                    or "log sigmoid" or "elu" or "leaky relu" or "hardsigmoid" or "sin" or "cos")) all.Add(name,
                        DType.Float64);
            }
            return all;
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void AnOp_RunsElsewhereToTheSameNumbers(string name, DType dtype)
    {
        var module = new Function(Ops[name]);
        using var runtime = new Runtime(Formats.Onnx.Export(module, Tensor.Randn([2, 4, 6], s_rng).To(dtype)));
        foreach (int batch in (int[])[2, 5])
        {
            var x = Tensor.Randn([batch, 4, 6], s_rng).To(dtype);
            Close.To(module.Forward(x), runtime.Run(x));
        }
    }

    [Fact]
    public void BagsOfIds_RunElsewhere()
    {
        foreach (var mode in Enum.GetValues<BagMode>())
            foreach (int? padding in (int?[])[null, 3])
            {
                var bag = new EmbeddingBag(7, 4, s_rng, mode, padding);
                using var runtime = new Runtime(Formats.Onnx.Export(bag, Ids.Random([2, 5], 0, 7, s_rng)));
                var ids = Ids.Random([6, 5], 2, 5, s_rng);
                Close.To(bag.Forward(ids), runtime.Run(ids));
                var nothing = Ids.From([3, 3, 3, 3, 3], [1, 5]);
                Close.To(bag.Forward(nothing), runtime.Run(nothing));
            }
    }

    [Fact]
    public void WhatCannotBeWritten_IsSaid()
    {
        Refused(x => x * x.ToArray<float>()[0],
            "onnx: op 0, multiply number([5, 4, 6]) → [5, 4, 6], cannot be written: its setting 'c' depends on the "
            + "numbers of the input, and was computed outside of tensor ops: compute it with ops");
        Refused(x => x * Tensor.From([x.ToArray<float>().Max()], [1]),
            "onnx: a constant of [1] depends on the numbers of the input, and was computed outside of tensor ops: the "
            + "file would hold that of the example: compute it with ops");
        Refused(x => x.ToArray<float>()[0] > 1.5f ? x.Relu() : x.Tanh(),
            "onnx: which ops run depends on the numbers of the input: op 0 is relu([5, 4, 6]) → [5, 4, 6] or tanh([5, "
            + "4, 6]) → [5, 4, 6]: write the choice with tensor ops");
        Refused(x => x.Transpose(1, 2).Slice(1, 0, 4).Diagonal(),
            "onnx: op 2, move([5, 4, 4]) → [5, 4], cannot be written: it is neither a permutation, a part of an axis "
            + "nor an expansion");
        Refused(x => Tensor.Map(new Bump(), x),
            "onnx: op 0, bump([5, 4, 6]) → [5, 4, 6], cannot be written: it has no counterpart in ONNX: write it with "
            + "other ops");
        Refused(x => x + Tensor.Arange(0, x.Shape[0]).Reshape(-1, 1, 1),
            "onnx: a constant of [5, 1, 1] changes with the sizes of the axes 'batch', and is neither all of one "
            + "number nor the beginning of the largest: give the axis a largest size, or export it fixed");

        static void Refused(Func<Tensor, Tensor> f, string message) =>
            Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(
            () => Formats.Onnx.Export(new Function(f), Tensor.Full([2, 4, 6], 2))).Message);
    }

    sealed class Function(Func<Tensor, Tensor> f) : Module
    {
        protected override Tensor Compute(Tensor x) => f(x);
    }

    readonly struct Bump : IFormula
    {
        V IFormula.Of<V>(V x) => x * x;
        V IFormula.Derivative<V>(V x, V y) => 2 * x;
    }
}
