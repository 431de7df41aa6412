using ChainRule.Randomness;

namespace ChainRule.Derivations;

/// <summary>
/// What a program begins with: numbers that are drawn or written down. Tensors require a gradient, so that one can be
/// asked for everywhere.
/// </summary>
static class FormulaLeaves
{
    const int MostNumbers = 10_000_000;

    /// <summary>The value of <c>randn(4, 3)</c>, <c>rand(4)</c>, <c>randint(0, 5, 8)</c>, <c>tensor([[1, 2]])</c>; null
    /// if the function is another.</summary>
    public static object? Call(string name, object?[] given, RandomSource random) => name switch
    {
        "randn" => Leaf(Tensor.Randn(Shape.Create(Sizes(given)), random, DType.Float64)),
        "rand" => Leaf(Tensor.Rand(Shape.Create(Sizes(given)), random, DType.Float64)),
        "randint" => Whole(given, random),
        "tensor" or "array" when given is [var numbers] => Leaf(FormulaFunctions.Written(numbers)),
        _ => null,
    };

    static Tensor Leaf(Tensor x) => x.Detach().RequireGrad();

    static Ids Whole(object?[] given, RandomSource random)
    {
        if (given.Length is < 2 or > 3)
            Throw.Argument(
                $"randint takes two or three arguments, and {given.Length} are given: the lowest number, the "
                + "one above the highest, and the sizes as one: randint(0, 5, 8), or randint(0, 5, (4, 3))");
        int low = given.Length == 3 ? One(given[0]) : 0, high = One(given[^2]);
        return Ids.Random(Shape.Create(Sizes([given[^1]])), low, high, random);
    }

    static int[] Sizes(object?[] given)
    {
        int[] sizes = [.. (given is [object?[] tuple] ? tuple : given).Select(One)];
        double count = sizes.Aggregate(1.0, (product, size) => product * size);
        if (count > MostNumbers)
            Throw.Argument($"{count:N0} numbers are too many here: a program that is checked has {MostNumbers:N0} in a "
                + "tensor at most");
        return sizes;
    }

    static int One(object? value) => (int)FormulaFunctions.Number(value);
}
