namespace ChainRule.Formats.Export;

/// <summary>Matrix products, convolutions and windows.</summary>
static partial class Translations
{
    static Dictionary<string, Func<OpView, string>> Products => new()
    {
        ["linear map"] = Linear,
        ["matmul"] = MatMul,
        ["conv2d"] = Convolution,
        ["conv transpose2d"] = Transposed,
        ["max pool2d"] = op => Pooled(op, "MaxPool", double.NegativeInfinity),
        ["average pool2d"] = op => Pooled(op, "AveragePool", 0),
    };

    static string Linear(OpView op) => op.Shapes()[0].Rank == 2
        ? op.Node("Gemm", [op.X(), op.X(1), op.X(2)], ("transB", 1L))
        : op.Node("Add", [op.Node("MatMul", [op.X(), op.Node("Transpose", [op.X(1)], ("perm", (long[])[1, 0]))]),
            op.X(2)]);

    static string MatMul(OpView op)
    {
        return op.Node("MatMul", [Turned(0, "transposeA"), Turned(1, "transposeB")]);

        string Turned(int i, string name)
        {
            if (!op.Get<bool>(name)) return op.X(i);
            long[] axes = [.. Enumerable.Range(0, op.Shapes(i)[0].Rank).Select(axis => (long)axis)];
            (axes[^2], axes[^1]) = (axes[^1], axes[^2]);
            return op.Node("Transpose", [op.X(i)], ("perm", axes));
        }
    }

    static string Convolution(OpView op)
    {
        string y = op.Node("Conv", [.. Enumerable.Range(0, op.Inputs).Select(op.X)], Windows(op));
        return op.Get<bool>("relu") ? op.Node("Relu", [y]) : y;
    }

    static (string Name, object Value)[] Windows(OpView op)
    {
        long top = op.Get<int>("paddingY"), left = op.Get<int>("paddingX");
        Shape kernel = op.Shapes(1)[0];
        return [("kernel_shape", (long[])[kernel[2], kernel[3]]),
            ("strides", (long[])[op.Get<int>("strideY"), op.Get<int>("strideX")]),
            ("pads", (long[])[top, left, top, left]),
            ("dilations", (long[])[op.Get<int>("dilationY"), op.Get<int>("dilationX")]),
            ("group", (long)op.Get<int>("groups"))];
    }

    static string Transposed(OpView op)
    {
        Shape kernel = op.Shapes(1)[0];
        return op.Node("ConvTranspose", [.. Enumerable.Range(0, op.Inputs).Select(op.X)],
            [.. Windows(op), ("output_padding", (long[])[More(2, "Y"), More(3, "X")])]);

        // What y is longer than the last window's end.
        long More(int axis, string of)
        {
            long[] more = [.. op.Made().Select((y, k) => (long)y[axis] - 1
                - (op.Shapes()[k][axis] - 1L) * op.Get<int>($"stride{of}") + 2L * op.Get<int>($"padding{of}")
                - (long)op.Get<int>($"dilation{of}") * (kernel[axis] - 1))];
            return more.All(one => one == more[0]) ? more[0] : throw op.Refused("its output padding changes");
        }
    }

    static string Pooled(OpView op, string name, double around)
    {
        Shape[] from = op.Shapes(), to = op.Made();
        if (op.Get<bool>("divides")) return Divided(op, name);
        long[] kernel = [op.Get<int>("kernelY"), op.Get<int>("kernelX")],
            stride = [op.Get<int>("strideY"), op.Get<int>("strideX")],
            padding = [op.Get<int>("paddingY"), op.Get<int>("paddingX")];
        string x = op.X();
        // Padding is a part of each mean, and the last window may end outside: both are written as numbers.
        long[] end = [End(0), End(1)];
        if (padding.Any(one => one > 0) || end.Any(one => one > 0))
            x = op.Node("Pad", [x, op.Builder.Whole(0, 0, padding[0], padding[1], 0, 0, end[0], end[1]),
                op.Number(around)]);
        return op.Node(name, [x], ("kernel_shape", kernel), ("strides", stride));

        long End(int axis)
        {
            long[] more = [.. to.Select((y, k) => Math.Max(0, (y[2 + axis] - 1) * stride[axis] + kernel[axis]
                - padding[axis] - from[k][2 + axis]))];
            return more.All(one => one == more[0]) ? more[0] : throw op.Refused("its padding changes with the axes");
        }
    }

    // Windows that divide an image are windows that slide where they are of one size.
    static string Divided(OpView op, string name)
    {
        Shape from = op.Shapes()[0], to = op.Made()[0];
        if (op.Made().All(y => y[2] == 1 && y[3] == 1)) return op.Node($"Global{name}", [op.X()]);
        if (op.Shapes().Any(x => x[2] != from[2] || x[3] != from[3]) || from[2] % to[2] != 0 || from[3] % to[3] != 0)
            throw op.Refused($"{from[2]} × {from[3]} do not divide into {to[2]} × {to[3]} windows of one size, and "
                + "ONNX has no others");
        long[] size = [from[2] / to[2], from[3] / to[3]];
        return op.Node(name, [op.X()], ("kernel_shape", size), ("strides", size));
    }
}
