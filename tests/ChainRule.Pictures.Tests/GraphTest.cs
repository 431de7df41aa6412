using ChainRule.Randomness;
using ChainRule.Scalar;

namespace ChainRule.Pictures.Tests;

public sealed class GraphTest
{
    [Fact]
    public void An_expression_shows_data_and_gradient_of_every_value()
    {
        Value a = new(2, "a"), b = new(-3, "b"), c = new(10, "c"), f = new(-2, "f");
        var e = (a * b).Named("e");
        var d = (e + c).Named("d");
        var l = (d * f).Named("L");
        l.Backward();
        var graph = Graph.Of(l, "L");
        foreach (string record in (string[])[
            "a | data 2.0000 | grad 6.0000", "b | data -3.0000 | grad -4.0000", "c | data 10.0000 | grad -2.0000",
            "e | data -6.0000 | grad -2.0000",
            "d | data 4.0000 | grad -2.0000", "f | data -2.0000 | grad 4.0000", "L | data -8.0000 | grad 1.0000"])
        {
            Assert.Contains(record, graph.Text, StringComparison.Ordinal);
        }
        Assert.Equal("Graph of an expression: 4 leaves and 3 computed values; the result L is −8.", graph.Alt);
        var table = Assert.Single(graph.Tables);
        Assert.Equal(["L", "* of d and f", "−8", "1"], table.Row(table.Count - 1));
    }

    [Fact]
    public void A_network_shows_its_weights()
    {
        var network = new Mlp(3, [4, 4, 1], new PythonRandom(1337));
        var graph = Graph.Of(network, "Network");
        Assert.Equal(NetworkDot.Write(Network.Of(network)), graph.Text);
        Assert.Equal("Diagram of a network: 3 inputs, layers of 4, 4, 1 neurons, 41 parameters.", graph.Alt);
        Assert.Equal(9, Assert.Single(graph.Tables).Count);
    }

    [Fact]
    public void A_panel_needs_a_leaf_with_a_name()
    {
        Value a = new(2, "a");
        var graph = Graph.WhatIf((a * 3).Named("L"), "L");
        Assert.Equal(["a", "", "L"], graph.Steps!.Select(step => (string?)step!["label"]));
        Assert.Equal("what if 'L': no leaf of the expression has a label: name those that may be changed",
            Assert.ThrowsAny<ArgumentException>(() => Graph.WhatIf(new Value(1) + 2, "L")).Message);
    }

    [Fact]
    public void Any_dot_is_a_graph_and_none_is_not()
    {
        Assert.Equal("digraph { a -> b }", Graph.FromDot("digraph { a -> b }", "G").Text);
        Assert.Equal("graph 'G': its DOT is empty: give at least digraph {}",
            Assert.ThrowsAny<ArgumentException>(() => Graph.FromDot(" ", "G")).Message);
    }
}
