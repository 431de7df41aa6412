using System.Text.Json;
using ChainRule.Lab.Graph;
using ChainRule.Lab.Sessions;

namespace ChainRule.Lab.Tests.Graph;

public sealed class GraphSessionTest
{
    static readonly string s_expression = Text("expression");

    static string Text(string name) => ((ExamplesAnswer)Ask(new ExamplesRequest())).Examples
        .Single(one => one.Name == name).Text;

    static GraphReply Ask(GraphRequest request)
    {
        using var session = new GraphSession();
        var (json, _) = LabReply.Read(session.Answer(JsonSerializer.SerializeToUtf8Bytes(request,
            GraphJson.Default.GraphRequest)));
        return JsonSerializer.Deserialize(json.Span, GraphJson.Default.GraphReply)!;
    }

    static GraphAnswer Graph(string text, int[]? order = null, params Nudge[] nudges) =>
        (GraphAnswer)Ask(new ReadRequest(text, nudges, order));

    static double Gradient(GraphAnswer graph, string name) =>
        graph.Nodes.Single(one => one.Name == name).Gradient!.Value;

    [Fact]
    public void The_lectures_numbers_come_out()
    {
        var graph = Graph(s_expression);
        Assert.Equal(-8, graph.Nodes[^1].Data);
        Assert.Equal([6, -4, -2, -2, -2, 4, 1],
            ((string[])["a", "b", "c", "e", "d", "f", "L"]).Select(name => Gradient(graph, name)));

        var nudges = ((string[])["a", "b", "c", "f"]).Select(name => new Nudge(name, 0.01 * Gradient(graph, name)));
        Assert.Equal(-7.286496, Graph(s_expression, null, [.. nudges]).Nodes[^1].Data, 1e-12);

        var neuron = Graph(Text("neuron"));
        Assert.Equal((0.7071067811865476, 0.8813735870195432), (neuron.Nodes[^1].Data,
            neuron.Nodes.Single(one => one.Name == "n").Data));
        Assert.Equal(1.5, Gradient(neuron, "x1") * -1, 1e-12);
        Assert.Equal((1.0, 0.5), (Math.Round(Gradient(neuron, "w1"), 12), Math.Round(Gradient(neuron, "x2"), 12)));

        var exp = Graph(Text("exp"));
        Assert.Equal(5.8284, Math.Round(exp.Nodes.Single(one => one.Name == "e").Data, 4));
        Assert.Equal((0.0429, 1.0), (Math.Round(Gradient(exp, "e"), 4), Math.Round(Gradient(exp, "w1"), 12)));

        Assert.Equal(2, Gradient(Graph(Text("twice")), "a"));
        var reused = Graph(Text("reused"));
        Assert.Equal((-3, -8, 1, -6), (Gradient(reused, "a"), Gradient(reused, "b"), Gradient(reused, "d"),
            Gradient(reused, "e")));
        var exercise = Graph(Text("exercise"));
        Assert.Equal(6.336362190988558, exercise.Nodes[^1].Data, 1e-12);
        Assert.Equal([-12.353553390593273, 10.25699027111255, 0.0625],
            ((string[])["a", "b", "c"]).Select(name => Gradient(exercise, name)), (a, b) => Math.Abs(a - b) < 1e-12);
        var softmax = Graph(Text("softmax"));
        Assert.Equal(2.1755153626167147, softmax.Nodes[^1].Data, 1e-12);
        Assert.Equal([0.041772570515350445, 0.8390245074625319, 0.005653302662216329, -0.8864503806400986],
            ((string[])["a", "b", "c", "d"]).Select(name => Gradient(softmax, name)),
            (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Every_example_in_its_own_order_is_what_the_engine_does()
    {
        foreach (var example in ((ExamplesAnswer)Ask(new ExamplesRequest())).Examples)
        {
            var right = Graph(example.Text);
            var made = Graph(example.Text, [.. right.Steps.Select(step => step.Node)]);
            Assert.True(made.IsRightOrder);
            Assert.Equal(right.Steps.Select(step => step.Came), made.Steps.Select(step => step.Came),
                (a, b) => Math.Abs(a - b) <= 1e-14 * (1 + Math.Abs(a)));
            Assert.Equal(right.Steps.SelectMany(step => step.Added.Select(one => (one.Node, one.Formula))),
                made.Steps.SelectMany(step => step.Added.Select(one => (one.Node, one.Formula))));
        }
    }

    [Fact]
    public void A_step_before_those_that_use_its_result_passes_on_too_little_and_is_told()
    {
        var right = Graph(s_expression);
        Assert.Equal(["L", "d", "e"], right.Steps.Select(step => right.Nodes[step.Node].Name));
        int[] order = [.. right.Steps.Select(step => step.Node)];
        var wrong = Graph(s_expression, [order[1], order[0], order[2]]);
        Assert.False(wrong.IsRightOrder);
        Assert.Equal("Step 1 passes on dL/dd = 0 before L has added to it; complete, it is −2. What is below d gets "
            + "nothing: an op may run backward only after all that use its result.", Assert.Single(wrong.Faults));
        Assert.Equal(0, wrong.Steps[2].Added[0].After);

        // d is used twice: by its first user alone only a part of the gradient has come.
        var reused = Graph("a = 3\nd = a * 2\ne = d * 5\nL = d * e");
        int[] steps = [.. reused.Steps.Select(step => step.Node)];
        var part = Graph("a = 3\nd = a * 2\ne = d * 5\nL = d * e", [steps[0], steps[2], steps[1]]);
        Assert.Contains("before e has added to it", Assert.Single(part.Faults), StringComparison.Ordinal);
        Assert.Equal((60, 120), (part.Steps[1].Added[0].After, Gradient(part, "a")));
    }

    [Fact]
    public void What_is_typed_wrongly_is_answered_with_its_place_and_the_rest_refused()
    {
        Assert.Equal(13, Assert.IsType<WrongAnswer>(Ask(new ReadRequest("a = 2\nb = a *", [], null))).At);
        Assert.Contains("each of the 3 results", Assert.Throws<ArgumentException>(
            () => Graph(s_expression, [1, 2])).Message, StringComparison.Ordinal);
        Assert.Contains("at most 150", Assert.Throws<ArgumentException>(() => Graph("a = 2\nL = a"
            + string.Concat(Enumerable.Range(0, 150).Select(i => $" + {i}")))).Message, StringComparison.Ordinal);
        Assert.Contains("finite", Assert.Throws<ArgumentException>(() => Graph(s_expression, null,
            new Nudge("a", double.NaN))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_says_where_it_came_from()
    {
        var graph = Graph(s_expression);
        int a = graph.Nodes.ToList().FindIndex(one => one.Name == "a"), d = graph.Nodes.ToList()
            .FindIndex(one => one.Name == "d");
        var tree = ((WhyAnswer)Ask(new WhyRequest(s_expression, [], a, true))).Tree;
        Assert.Equal(("dL/da", 6.0), (tree.Numbers[0].Subject, tree.Numbers[0].Value));
        Assert.Contains(tree.Numbers, number => number.Subject == "dL/dd");
        tree = ((WhyAnswer)Ask(new WhyRequest(s_expression, [], d, false))).Tree;
        Assert.Equal(("d", 4.0, "add"), (tree.Numbers[0].Subject, tree.Numbers[0].Value, tree.Numbers[0].Steps[0].Op));
        Assert.Equal("a was given.", ((WhyAnswer)Ask(new WhyRequest(s_expression, [], a, false))).Tree.Sentence);
    }
}
