using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Tracing;

namespace ChainRule.Tests.Tracing;

public class TraceTest
{
    static readonly TorchRandom s_rng = new(1);

    [Fact]
    public void Ops_are_listed_with_what_they_read_and_their_settings()
    {
        var model = new Sequential(new Linear(4, 3, s_rng), new ChainRule.Layers.LeakyRelu(0.2));
        var x = Tensor.Randn([5, 4], s_rng);
        var trace = Trace.Of([x], () => [model.Forward(x).Reshape(15)], model.StateDict());
        Assert.Equal("trace of 2 ops, 1 in, 1 out\nlinear map([5, 4], [3, 4], [3]) → [5, 3]\nleaky relu([5, 3]) → [5, "
            + "3]",
            trace.ToString());
        Assert.Equal(0.2, trace.Ops[1].Attributes["negativeSlope"]);
        Assert.Equal(["0.weight", "0.bias"], trace.Ops[0].Inputs.Skip(1).Select(input => input.Value.Name));
        Assert.Equal("value 0 '0.weight' [3, 4] Float32", $"{trace.Ops[0].Inputs[1].Value}");
        // A reshape computes nothing: the output is the last op's, read in another shape.
        Assert.Same(trace.Ops[1].Outputs[0], trace.Outputs[0].Value);
        Assert.Equal([15], trace.Outputs[0].Shape.Span.ToArray());
        Assert.Same(trace.Ops[1], trace.Outputs[0].Value.Producer);
        Assert.Same(trace.Inputs[0], trace.Ops[0].Inputs[0].Value);
    }

    [Fact]
    public void What_no_input_goes_into_is_a_constant_with_its_numbers()
    {
        var (x, w) = (Tensor.Ones([2]), Tensor.From([3f, 4], [2]));
        var trace = Trace.Of([x], () => [x * (w * 2 + 1)]);
        var constant = Assert.Single(trace.Ops).Inputs[1].Value;
        Assert.Null(constant.Producer);
        Assert.Equal([7f, 9], constant.Constant!.Value.ToArray<float>());
    }

    [Fact]
    public void An_op_is_unfolded_into_simpler_ones_where_it_is_asked_for()
    {
        var layer = new SelfAttention(4, 2, s_rng);
        var x = Tensor.Randn([1, 3, 4], s_rng);
        Assert.Equal(["linear map", "attention", "linear map"],
            Trace.Of([x], () => [layer.Forward(x)]).Ops.Select(op => op.Name));
        var unfolded = Trace.Of([x], () => [layer.Forward(x)], null, "attention");
        Assert.Contains("softmax", unfolded.Ops.Select(op => op.Name));
        Assert.DoesNotContain("attention", unfolded.Ops.Select(op => op.Name));
        Assert.Equal([1, 3, 4], unfolded.Outputs[0].Shape.Span.ToArray());
    }

    [Fact]
    public void A_trace_within_a_scope_and_beside_a_watch_changes_nothing_for_them()
    {
        var layer = new Linear(2, 2, s_rng);
        var x = Tensor.Ones([1, 2]);
        using var scope = Scope.Begin("outer");
        using var watch = ChainRule.Diagnostics.NanWatch.Begin();
        float[] expected = layer.Forward(x).ToArray<float>();
        float[] traced = [];
        Trace.Of([x], () =>
        {
            var y = layer.Forward(x);
            traced = y.ToArray<float>();
            return [y];
        });
        Assert.Equal(expected, traced);
        Assert.Throws<InvalidOperationException>(() => Trace.Of([x], () => [(x - 1).Log() * 0]));
        Assert.Equal(expected, layer.Forward(x).ToArray<float>());
    }
}
