using ChainRule.Explaining;
using ChainRule.Lab.Sessions;
using ChainRule.Lab.Why;
using ChainRule.Zoo.Programs;

namespace ChainRule.Lab.Graph;

/// <summary>
/// A small program's graph with its numbers and gradients, and its backward pass step by step, in the right order or
/// in a wrong one. It keeps nothing: every request brings the program along.
/// </summary>
public sealed class GraphSession : LabSession
{
    // A larger graph is not looked at number by number.
    const int MostNodes = 150, MostText = 10_000;

    static readonly Dictionary<string, double> s_nothing = [];

    static readonly FirstQuestion s_first = new(() =>
    {
        string text = GraphExamples.All[0].Text;
        Answered(new WhyRequest(text, [], 0, true));
        Answered(new WhyRequest(text, [], Program(text, []).Nodes.Count - 1, false));
    });

    /// <summary>The graph, as a room of a lab.</summary>
    public static LabRoom Room { get; } = new("graph", "Graph", _ => new GraphSession());

    /// <inheritdoc/>
    public override byte[] Answer(ReadOnlySpan<byte> request)
    {
        var asked = Read(request, GraphJson.Default.GraphRequest);
        if (asked is ExamplesRequest) s_first.Ask();
        return Answered(asked);
    }

    static byte[] Answered(GraphRequest request)
    {
        GraphReply answer;
        try
        {
            answer = Answer(request);
        }
        catch (ScalarProgramException e)
        {
            answer = new WrongAnswer(Printable.Message(e.Message), e.At);
        }
        return LabReply.Of(answer, GraphJson.Default.GraphReply);
    }

    static GraphReply Answer(GraphRequest request) => request switch
    {
        ExamplesRequest => new ExamplesAnswer(GraphExamples.All),
        ReadRequest read => Graph(read),
        WhyRequest why => Why(why),
        _ => throw new ArgumentException($"graph: a {request.GetType().Name} is not answered here"),
    };

    static GraphAnswer Graph(ReadRequest request)
    {
        var program = Program(request.Text, request.Nudges);
        var was = request.Nudges.Count == 0 ? program : Program(request.Text, []);
        var walk = program.Steps();
        var places = program.Nodes.Index().ToDictionary(one => one.Item.Name, one => one.Index);
        var right = BackwardOrder.Right(walk, places);
        while (walk.Forward()) { }
        var gradients = walk.Gradients.ToDictionary(one => one.Key, one => one.Value.Item());
        GraphNode[] nodes = [.. program.Nodes.Select((node, i) => new GraphNode(node.Name, node.Op,
            [.. node.Inputs.Select(x => places[x.Name])], node.Number.Item(), was.Nodes[i].Number.Item(),
            gradients.TryGetValue(node.Name, out double gradient) ? gradient : null,
            node.Op.Length == 0 && node.Number.RequiresGrad, node.From, node.To))];
        if (request.Order is not { } order) return new(nodes, right, true, []);
        var steps = BackwardOrder.Made(program, right, order);
        string[] faults = [.. BackwardOrder.Faults(nodes, steps)];
        return new(nodes, steps, faults.Length == 0, faults);
    }

    static WhyAnswer Why(WhyRequest request)
    {
        var program = Program(request.Text, request.Nudges);
        if (request.Node < 0 || request.Node >= program.Nodes.Count)
            Throw.Argument($"graph: number {request.Node}: give 0 to {program.Nodes.Count - 1}");
        var node = program.Nodes[request.Node];
        var options = new ExplainOptions { Depth = 50, Top = 10, Names = program.Names };
        if (!node.Number.RequiresGrad)
            Throw.Argument($"graph: {Printable.Of(node.Name)} is a constant: it has no gradient");
        if (!request.Gradient && node.Op.Length == 0)
            return new(new($"{node.Name} was given.", "", [new(node.Name, node.Number.Item(), false, [])]));
        return new(WhyTree.Of(request.Gradient
            ? Explain.Gradient(program.Result.Number, node.Number, [], options, node.Name)
            : Explain.Value(node.Number, [], options, node.Name)));
    }

    static ScalarProgram Program(string text, IReadOnlyList<Nudge> nudges)
    {
        if (text.Length > MostText)
            Throw.Argument($"graph: a program of {text.Length:N0} characters: give at most {MostText:N0}");
        if (nudges.FirstOrDefault(one => !double.IsFinite(one.By)) is { } wrong)
            Throw.Argument($"graph: {Printable.Of(wrong.Name)} is nudged by {wrong.By}: give a finite number");
        if (nudges.DistinctBy(one => one.Name).Count() < nudges.Count)
            Throw.Argument("graph: a number is nudged twice: give each name once");
        var program = ScalarProgram.Read(text, s_nothing, nudges.ToDictionary(one => one.Name, one => one.By));
        return program.Nodes.Count <= MostNodes ? program : throw new ArgumentException(
            $"graph: it computes {program.Nodes.Count} numbers: a picture shows at most {MostNodes}");
    }
}
