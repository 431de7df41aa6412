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
        Assert.Contains("label=\"{ a\\|b\\ \\{c\\}\\ \\<d\\>\\ \\\"e\\\"\\ \\\\\\ f\\ng | data 1.0000 | grad 0.0000 "
            + "}\"", dot, StringComparison.Ordinal);
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

    static string Node(string[] lines, string label) =>
        lines.Single(line => line.Contains(label, StringComparison.Ordinal)).TrimStart()[1..].Split(' ')[0];
}
