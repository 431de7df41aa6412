namespace ChainRule.Pictures.Tests;

public sealed class TensorWalkTest
{
    [Fact]
    public void A_tensors_graph_shows_operations_and_shapes()
    {
        var w = Tensor.Ones([3, 2]).RequireGrad();
        var x = Tensor.Ones([4, 3]);
        var graph = Graph.Of(x.MatMul(w).Tanh().Sum(), "Step");
        Assert.Contains("label=\"parameter\\n[3, 2]\"", graph.Text, StringComparison.Ordinal);
        Assert.Contains("label=\"input\\n[4, 3]\"", graph.Text, StringComparison.Ordinal);
        Assert.Contains("label=\"tanh\\n[4, 2]\"", graph.Text, StringComparison.Ordinal);
        Assert.Contains("label=\"sum\\na number\"", graph.Text, StringComparison.Ordinal);
        Assert.Equal(4, graph.Text.Split("->").Length - 1);
    }

    [Fact]
    public void The_name_of_a_users_op_may_hold_any_character()
    {
        var x = Tensor.Ones([2]).RequireGrad();
        var y = Tensor.Custom("\"half\" \\ 2", x.Shape, [x], f => f.X(0).CopyTo(f.Y), f => { });
        Assert.Contains("label=\"\\\"half\\\" \\\\ 2\\n[2]\"", Graph.Of(y, "Step").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_used_twice_stands_there_once()
    {
        var x = Tensor.Ones([2]).RequireGrad();
        Assert.Equal(2, TensorWalk.From(x * x).Tensors.Count);
    }

    [Fact]
    public void A_chain_may_be_deeper_than_the_call_stack()
    {
        var x = Tensor.Ones([1]).RequireGrad();
        for (int i = 0; i < 50_000; i++) x += 1;
        Assert.True(TensorWalk.From(x).Tensors.Count > 50_000);
    }
}
