using ChainRule.Randomness;

namespace ChainRule.Kernels.Bench;

/// <summary>Normal numbers, the same at every run.</summary>
static class Numbers
{
    public static float[] Make(int count)
    {
        float[] numbers = new float[count];
        new TorchRandom(1).Normal(numbers, 0, 1);
        return numbers;
    }

    public static Tensor Tensor(params ReadOnlySpan<int> sizes) =>
        ChainRule.Tensor.Randn(Shape.Create(sizes), new TorchRandom(1));
}
