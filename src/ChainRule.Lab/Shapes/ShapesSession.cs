using System.Globalization;
using ChainRule.Explaining;
using ChainRule.Lab.Sessions;
using ChainRule.Lab.Why;

namespace ChainRule.Lab.Shapes;

/// <summary>
/// One op of small tensors, number by number: what it does with their shapes, what each number of the result is
/// computed from, and what gradients come back. All is asked of the library itself.
/// </summary>
public sealed class ShapesSession : LabSession
{
    // More numbers are not looked at one by one.
    const int MostNumbers = 256, MostAxes = 4, MostTerms = 16;

    /// <summary>Shapes, as a room of a lab.</summary>
    public static LabRoom Room { get; } = new("shapes", "Shapes", _ => new ShapesSession());

    /// <inheritdoc/>
    public override byte[] Answer(ReadOnlySpan<byte> request) =>
        Read(request, ShapesJson.Default.ShapesRequest) switch
        {
            OpsRequest => LabReply.Of<ShapesAnswer>(new OpsAnswer([.. ShapesOp.All.Select(op => op.Name)]),
                ShapesJson.Default.ShapesAnswer),
            ComputeRequest compute => Computed(compute),
            WhyShapesRequest why => LabReply.Of<ShapesAnswer>(new ShapesWhyAnswer(Why(why)),
                ShapesJson.Default.ShapesAnswer),
            var other => throw new ArgumentException($"shapes: a {other.GetType().Name} is not answered here"),
        };

    static byte[] Computed(ComputeRequest request)
    {
        var (op, shapeA, shapeB, axes) = Asked(request);
        bool two = op.Name.TakesTwo;
        var (a, b, y, dy, loss) = Run(request);
        loss.Backward();
        using var scope = Scope.Begin("shapes");
        var reply = new LabReply();
        var roles = new ShapesRoles(op.Name.Name, shapeA, shapeB, [.. y.Shape.Span], axes);
        List<ShapesTensor> inputs = [Input("a", a, first: true)];
        if (two) inputs.Add(Input("b", b, first: false));
        var output = new ShapesTensor("y", [.. y.Shape.Span], [.. y.Shape.Span.ToArray().Select(_ => "kept")],
            reply.Add(y.ToArray<double>()), reply.Add(dy.ToArray<double>()), reply.Add(Array.Empty<int>()));
        string typed = string.Join(", ", axes.Select(axis => axis.ToString(CultureInfo.InvariantCulture)));
        return reply.ToBytes(new ComputedAnswer(op.Code(typed, request.KeepDim), inputs, output,
            [.. roles.Remarks()]), ShapesJson.Default.ShapesAnswer);

        ShapesTensor Input(string name, Tensor x, bool first) => new(name, [.. x.Shape.Span],
            roles.Of(first), reply.Add(x.ToArray<double>()), reply.Add(x.Grad.ToArray<double>()),
            reply.Add(Reached(op, shapeA, shapeB, axes, request.KeepDim, first)));
    }

    // What was computed has a graph, whose numbers are those that are shown.
    static WhyTree Why(WhyShapesRequest request)
    {
        var (a, b, y, dy, loss) = Run(new(request.Op, request.A, request.B, request.Axes, request.KeepDim));
        bool two = ShapesOp.All.First(one => one.Name.Name == request.Op).Name.TakesTwo;
        var x = request.Tensor switch
        {
            "y" => y,
            "a" => a,
            "b" when two => b,
            _ => throw new ArgumentException($"shapes: there is no tensor '{Printable.Of(request.Tensor, 20)}': choose "
                + $"one of y, a{(two ? ", b" : "")}"),
        };
        if (request.Place < 0 || request.Place >= x.Count)
            Throw.Argument($"shapes: {request.Tensor} has {Printable.Count(x.Count, "number")}, and none is "
                + $"{request.Place}: give 0 to {x.Count - 1}");
        int[] at = new int[x.Rank];
        for (int axis = x.Rank - 1, left = request.Place; axis >= 0; left /= x.Shape[axis--])
            at[axis] = left % x.Shape[axis];
        var names = new Dictionary<string, Tensor> { ["a"] = a, ["y"] = y, ["dy"] = dy };
        if (two) names["b"] = b;
        var options = new ExplainOptions { Depth = 4, Top = MostTerms, Names = names };
        return request.Tensor == "y" ? WhyTree.Of(Explain.Value(y, at, options, "y"))
            : WhyTree.Of(Explain.Gradient(loss, x, at, options, request.Tensor),
                "L is the sum of all y times 1, 2, 3 …, so that dL/dy is 1, 2, 3 ….");
    }

    static (Tensor A, Tensor B, Tensor Y, Tensor Dy, Tensor Loss) Run(ComputeRequest request)
    {
        var (op, shapeA, shapeB, axes) = Asked(request);
        var (a, b) = (Filled(shapeA).RequireGrad(), Filled(shapeB).RequireGrad());
        var y = op.Run(a, b, axes, request.KeepDim);
        if (y.Count > MostNumbers)
            Throw.Argument($"shapes: the result is {y.Shape}, {y.Count:N0} numbers: give shapes whose result has at "
                + $"most {MostNumbers}");
        var dy = Filled([.. y.Shape.Span]);
        return (a, b, y, dy, (y * dy).Sum());
    }

    static (ShapesOp Op, int[] A, int[] B, int[] Axes) Asked(ComputeRequest request)
    {
        var op = ShapesOp.All.FirstOrDefault(one => one.Name.Name == request.Op)
            ?? throw new ArgumentException($"shapes: there is no op '{Printable.Of(request.Op, 40)}': choose one of "
                + Printable.List([.. ShapesOp.All.Select(one => one.Name.Name)]));
        return (op, Shape(request.A, "a"), op.Name.TakesTwo ? Shape(request.B, "b") : [],
            op.Name.TakesAxes ? ShapesOp.Numbers(request.Axes, "axes") : []);
    }

    // Of tensors of ones no derivative here is 0: the gradient of one number of the result shows what it reads.
    static int[] Reached(ShapesOp op, int[] shapeA, int[] shapeB, int[] axes, bool keepDim, bool first)
    {
        List<int> pairs = [];
        Tensor a = Tensor.Ones(shapeA, DType.Float64).RequireGrad(),
            b = Tensor.Ones(shapeB, DType.Float64).RequireGrad(), x = first ? a : b;
        int count = op.Run(a, b, axes, keepDim).Count;
        for (int j = 0; j < count; j++)
        {
            x.ZeroGrad();
            double[] only = new double[count];
            only[j] = 1;
            (op.Run(a, b, axes, keepDim).Reshape(count) * Tensor.From(only)).Sum().Backward();
            double[] gradient = x.Grad.ToArray<double>();
            for (int i = 0; i < gradient.Length; i++)
                if (gradient[i] != 0) pairs.AddRange([j, i]);
        }
        return [.. pairs];
    }

    static int[] Shape(string text, string what)
    {
        int[] shape = ShapesOp.Numbers(text, what);
        if (shape.Length > MostAxes)
            Throw.Argument($"shapes: {what} has {shape.Length} axes: the picture shows at most {MostAxes}");
        if (shape.FirstOrDefault(size => size is < 1 or > MostNumbers, 1) is var wrong and not 1)
            Throw.Argument($"shapes: {what} has an axis of {wrong}: give 1 to {MostNumbers}");
        long count = shape.Aggregate(1L, (product, size) => product * size);
        if (count > MostNumbers)
            Throw.Argument($"shapes: {what} has {count:N0} numbers: give at most {MostNumbers}");
        return shape;
    }

    static Tensor Filled(int[] shape)
    {
        int count = shape.Aggregate(1, (product, size) => product * size);
        return Tensor.From([.. Enumerable.Range(1, count).Select(i => (double)i)], shape);
    }
}
