using ChainRule.Randomness;
using ChainRule.Scalar;

namespace ChainRule.Tests.Scalar;

public class DotTest
{
    [Fact]
    public void A_product_and_a_sum_are_drawn_from_left_to_right_with_an_op_before_each_result()
    {
        Value a = new(2, "a"), b = new(-3, "b"), c = new(10, "c");
        var d = ((a * b).Named("e") + c).Named("d");
        d.Backward();
        string dot = Dot.Write(d);
        string[] lines = dot.Split('\n');
        Assert.Equal("digraph {", lines[0]);
        Assert.Equal("  rankdir=LR;", lines[1]);
        Assert.Equal(5, lines.Count(line => line.Contains("shape=record", StringComparison.Ordinal)));
        Assert.Contains("[shape=record, label=\"{ a | data 2.0000 | grad -3.0000 }\"];", dot, StringComparison.Ordinal);
        Assert.Contains("[shape=record, label=\"{ d | data 4.0000 | grad 1.0000 }\"];", dot, StringComparison.Ordinal);

        string product = Node(lines, "{ e |"), sum = Node(lines, "{ d |");
        Assert.Contains($"  o{product} [label=\"*\"];", lines);
        Assert.Contains($"  o{product} -> v{product};", lines);
        Assert.Contains($"  v{Node(lines, "{ a |")} -> o{product};", lines);
        Assert.Contains($"  v{Node(lines, "{ b |")} -> o{product};", lines);
        Assert.Contains($"  v{product} -> o{sum};", lines);
        Assert.Contains($"  v{Node(lines, "{ c |")} -> o{sum};", lines);
    }

    [Fact]
    public void A_value_used_twice_has_two_arrows()
    {
        Value a = 3;
        Assert.Equal(2, Dot.Write(a + a).Split('\n').Count(line => line == "  v0 -> o1;"));
    }

    [Fact]
    public void Characters_that_mean_something_in_a_record_are_escaped()
    {
        string dot = Dot.Write(new Value(1, "a|b {c} <d> \"e\" \\ f\ng"));
        Assert.Contains("label=\"{ a\\|b\\ \\{c\\}\\ \\<d\\>\\ \\\"e\\\"\\ \\\\\\ f\\ng | data 1.0000 | grad 0.0000 }\"", dot, StringComparison.Ordinal);
    }

    [Fact]
    public void The_whole_text_of_a_small_expression()
    {
        Value a = new(2, "a");
        var y = (a * a).Named("y");
        y.Backward();
        Assert.Equal("""
            digraph {
              rankdir=LR;
              v0 [shape=record, label="{ a | data 2.0000 | grad 4.0000 }"];
              v1 [shape=record, label="{ y | data 4.0000 | grad 1.0000 }"];
              o1 [label="*"];
              o1 -> v1;
              v0 -> o1;
              v0 -> o1;
            }

            """.ReplaceLineEndings("\n"), Dot.Write(y));
    }

    [Fact]
    public void A_neuron_is_drawn_with_its_inputs_weights_sum_bias_activation_and_output()
    {
        var neuron = new Neuron(2, new PythonRandom(1337), Activation.Relu, drawBias: false);
        neuron.Forward(1.0, -2.0).Backward();
        Assert.Equal("""
            digraph {
              rankdir=LR;
              ordering=in;
              ranksep=1;
              x0;
              x1;
              n0_0 [shape=record, label="{ <in> Σwx + b | b 0.0000 | grad 1.0000 | <out> Relu }"];
              x0 -> n0_0:in [label="0.2355"];
              x1 -> n0_0:in [label="0.0665"];
              n0_0:out -> y0;
            }

            """.ReplaceLineEndings("\n"), Dot.Write(neuron));
    }

    [Fact]
    public void A_network_is_drawn_layer_by_layer_with_its_weights_of_now()
    {
        var mlp = new Mlp(1, [2, 1], new PythonRandom(1));
        double[] numbers = [0.5, -0.25, 1.5, 0.75, 2, -1, 0.125];
        foreach (var (parameter, number) in mlp.Parameters().Zip(numbers)) parameter.Data = number;
        mlp.Layers[1].Neurons[0].Bias.Grad = -0.00004;
        Assert.Equal("""
            digraph {
              rankdir=LR;
              ordering=in;
              ranksep=1;
              x0;
              n0_0 [shape=record, label="{ <in> Σwx + b | b -0.2500 | grad 0.0000 | <out> Tanh }"];
              x0 -> n0_0:in [label="0.5000"];
              n0_1 [shape=record, label="{ <in> Σwx + b | b 0.7500 | grad 0.0000 | <out> Tanh }"];
              x0 -> n0_1:in [label="1.5000"];
              n1_0 [shape=record, label="{ <in> Σwx + b | b 0.1250 | grad -0.0000 | <out> Tanh }"];
              n0_0:out -> n1_0:in [label="2.0000"];
              n0_1:out -> n1_0:in [label="-1.0000"];
              n1_0:out -> y0;
            }

            """.ReplaceLineEndings("\n"), Dot.Write(mlp));

        mlp.Parameters()[0].Data = 0.33333;
        Assert.Contains("  x0 -> n0_0:in [label=\"0.3333\"];\n", Dot.Write(mlp), StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_with_several_outputs_has_a_node_for_each()
    {
        string[] lines = Dot.Write(new Mlp(3, [4, 4, 2], new PythonRandom(1), MlpStyle.Library)).Split('\n');
        Assert.Equal(10, lines.Count(line => line.Contains("shape=record", StringComparison.Ordinal)));
        Assert.Equal(3 * 4 + 4 * 4 + 4 * 2, lines.Count(line => line.Contains("-> n", StringComparison.Ordinal)));
        Assert.Equal(["  n2_0:out -> y0;", "  n2_1:out -> y1;"], lines.Where(line => line.Contains("-> y", StringComparison.Ordinal)));
        Assert.Equal(2, lines.Count(line => line.EndsWith("| <out> Linear }\"];", StringComparison.Ordinal)));
    }

    private static string Node(string[] lines, string label) =>
        lines.Single(line => line.Contains(label, StringComparison.Ordinal)).TrimStart()[1..].Split(' ')[0];
}
