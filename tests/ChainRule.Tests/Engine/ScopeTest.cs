using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ChainRule.Randomness;

namespace ChainRule.Tests.Engine;

public sealed class ScopeTest
{
    const string Gone =
        "this tensor was made in a scope which has ended, and its numbers are gone: Keep() what must outlive the scope";

    [Fact]
    public void Numbers_begin_at_a_line_of_the_cache()
    {
        var large = Tensor.Zeros([30_000]);
        using var scope = Scope.Begin();
        foreach (var x in new[] { large, Tensor.Zeros([1]), Tensor.Zeros([1000]), Tensor.Zeros([33], DType.Float64) })
            Assert.Equal(0, Address(x) % 64);
    }

    // What stands at a line does not move.
    static nint Address(Tensor x) => x.DType == DType.Float32 ? Address(x.Read<float>()) : Address(x.Read<double>());

    static unsafe nint Address<T>(ReadOnlySpan<T> x) where T : unmanaged =>
        (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(x));

    [Fact]
    public void A_tensor_used_after_its_scope_says_so()
    {
        Tensor x;
        using (Scope.Begin()) x = Tensor.Ones([2]);
        Refused.With<InvalidOperationException>(Gone, () => _ = x.Shape);
        Refused.With<InvalidOperationException>(Gone, () => _ = x + 1);
        Refused.With<InvalidOperationException>(Gone, () => x.Read<float>());
        Refused.With<InvalidOperationException>(Gone, () => x.Write<float>());
        Refused.With<InvalidOperationException>(Gone, () => x.Keep());
        Assert.True(x.Exists);
        Assert.Equal("tensor of a scope which has ended", x.ToString());
    }

    [Fact]
    public void A_stale_handle_never_shows_the_tensor_that_came_after()
    {
        Tensor stale;
        using (Scope.Begin()) stale = Tensor.Full([4], 1);
        using (Scope.Begin())
        {
            // The same sizes, so that storage and slot are handed out again.
            Tensor[] others = [.. Enumerable.Range(0, 8).Select(i => Tensor.Full([4], i))];
            Refused.With<InvalidOperationException>(Gone, () => stale.Read<float>());
            Assert.DoesNotContain(stale, others);
        }
    }

    [Fact]
    public void Keep_saves_a_tensor_its_numbers_and_its_gradient()
    {
        var w = Tensor.From(3.0).RequireGrad();
        Tensor kept;
        using (Scope.Begin())
        {
            var y = w.Square();
            y.Sum().Backward();
            kept = y.Keep();
        }
        Churn();
        Assert.Equal((9, 1), (kept.Item(), kept.Grad.Item()));
        Assert.True(kept.IsLeaf && !kept.RequiresGrad);
        Assert.Equal(6, w.Grad.Item());
    }

    [Fact]
    public void Keeping_one_shape_of_a_tensor_keeps_the_numbers_under_it()
    {
        Tensor kept, other;
        using (Scope.Begin())
        {
            other = Tensor.Full([6], 7);
            kept = other.Reshape(2, 3).Keep();
        }
        Churn();
        Assert.Equal([7, 7, 7, 7, 7, 7], kept.ToArray<float>());
        Refused.With<InvalidOperationException>(Gone, () => _ = other.Shape);
    }

    [Fact]
    public void Scopes_nest_and_what_is_outer_outlives_the_inner()
    {
        Tensor inner, middle;
        using (Scope.Begin("outer"))
        {
            middle = Tensor.Full([3], 2);
            using (Scope.Begin("inner"))
            {
                inner = middle * 2;
                Assert.Equal([2, 2, 2], middle.Reshape(3, 1).ToArray<float>());
            }
            Refused.With<InvalidOperationException>(Gone, () => _ = inner.Shape);
            using (Scope.Begin("another")) Tensor.Full([3], 9);
            Assert.Equal([2, 2, 2], middle.ToArray<float>());
        }
        Refused.With<InvalidOperationException>(Gone, () => _ = middle.Shape);
    }

    [Fact]
    public void A_reshape_made_inside_leaves_the_tensor_outside_alone()
    {
        var outside = Tensor.Full([6], 5);
        using (Scope.Begin())
        {
            var view = outside.Reshape(2, 3);
            var again = view.Detach().Reshape(3, 2);
            Assert.Equal(30, again.Sum().Item());
        }
        Churn();
        Assert.Equal([5, 5, 5, 5, 5, 5], outside.ToArray<float>());
    }

    [Fact]
    public void Parameters_and_their_gradients_are_untouched()
    {
        var w = Tensor.From(1.0, 2.0).RequireGrad();
        for (int step = 0; step < 3; step++)
        {
            using var scope = Scope.Begin();
            w.Square().Sum().Backward();
        }
        Churn();
        Assert.Equal([1, 2], w.ToArray<double>());
        Assert.Equal([6, 12], w.Grad.ToArray<double>());
    }

    [Fact]
    public void A_gradient_lives_as_long_as_what_it_belongs_to()
    {
        var w = Tensor.From(1.0, 2.0).RequireGrad();
        var outside = w * 3;
        using (Scope.Begin()) outside.Backward(Tensor.From(10.0, 20.0));
        Churn();
        Assert.Equal([10, 20], outside.Grad.ToArray<double>());
        Assert.Equal([30, 60], w.Grad.ToArray<double>());
    }

    [Fact]
    public void A_scope_ends_with_an_exception_too()
    {
        Tensor x = default;
        Assert.ThrowsAny<ArgumentException>(() =>
        {
            using var scope = Scope.Begin();
            x = Tensor.Ones([2]);
            _ = x + Tensor.Ones([3]);
        });
        Refused.With<InvalidOperationException>(Gone, () => _ = x.Shape);
        Assert.Equal(2, Tensor.Ones([2]).Sum().Item());
    }

    [Fact]
    public void Training_gives_the_same_bits_with_a_scope_and_without()
    {
        Assert.Equal(Trained(steps: 20, scoped: false), Trained(steps: 20, scoped: true));
    }

    [Fact]
    public void A_training_step_in_a_scope_makes_little_garbage()
    {
        Trained(steps: 50, scoped: true);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Trained(steps: 1050, scoped: true);
        long long1050 = GC.GetAllocatedBytesForCurrentThread() - before;
        before = GC.GetAllocatedBytesForCurrentThread();
        Trained(steps: 50, scoped: true);
        long perStep = (long1050 - (GC.GetAllocatedBytesForCurrentThread() - before)) / 1000;

        before = GC.GetAllocatedBytesForCurrentThread();
        Trained(steps: 50, scoped: false);
        long plain = (GC.GetAllocatedBytesForCurrentThread() - before) / 50;
        // The numbers themselves, about 60 kB a step, come from the free lists, and so do slots, nodes and ids.
        Assert.True(perStep < 1_024 && plain > 10 * perStep, $"{perStep} bytes a step in a scope, {plain} without");
    }

    static float[] Trained(int steps, bool scoped)
    {
        var rng = new TorchRandom(1);
        Tensor x = Tensor.Randn([32, 20], rng), a = Tensor.Randn([20, 100], rng).RequireGrad(),
            b = Tensor.Randn([100, 27], rng).RequireGrad();
        var targets = Ids.Random([32], 0, 27, rng);
        for (int step = 0; step < steps; step++)
        {
            using var scope = scoped ? Scope.Begin() : default;
            a.ZeroGrad();
            b.ZeroGrad();
            x.MatMul(a).Tanh().MatMul(b).CrossEntropy(targets).Backward();
            a.AddInPlace(a.Grad, -0.1);
            b.AddInPlace(b.Grad, -0.1);
        }
        return [.. a.Read<float>(), .. b.Read<float>()];
    }

    /// <summary>Work in another scope, which takes whatever storage is free and overwrites it.</summary>
    static void Churn()
    {
        using var scope = Scope.Begin();
        for (int size = 1; size < 100; size++)
        {
            Tensor.Full([size], -1);
            Tensor.Full([size], -1, DType.Float64);
        }
    }
}
