using System.Globalization;
using System.Reflection;
using System.Runtime.Intrinsics.X86;
using ChainRule.Kernels;
using ChainRule.Tests.Ops;

namespace ChainRule.Tests.Kernels;

/// <summary>
/// What holds for every element-wise formula of the library, found by reflection: a new one is tested as
/// soon as it stands there.
/// </summary>
public sealed class FormulasTest
{
    const double Nudge = 1e-5;

    // Odd multiples of 1/16, which float32 holds exactly: none falls on a kink, and 95 is no
    // multiple of a vector's length.
    static readonly double[] s_points = [.. Enumerable.Range(0, 95).Select(k => (2 * k - 95) / 16.0)];

    // Where a formula may overflow, vanish, cancel or divide infinity by itself.
    static readonly double[] s_ends =
        [.. ((double[])[0, 1e-42, 1e-30, 1e-8, 17, 40, 88, 90, 104, 200, 1e4, 1e10, 1e20, 3e38,
            double.PositiveInfinity]).SelectMany(x => (double[])[x, -x])];

    // What formulas with attributes are made with, in the order of their parameters.
    static readonly double[] s_attributes = [0.3, 1.7, 2.9];

    public static TheoryData<string> Unaries => Formulas(typeof(IFormula));

    public static TheoryData<string> Binaries => Formulas(typeof(IBinaryFormula));

    [Theory, MemberData(nameof(Unaries))]
    public void A_function_of_one_number_has_the_slope_that_a_nudge_shows(string name) =>
        Check(nameof(CheckSlope), name);

    [Theory, MemberData(nameof(Binaries))]
    public void A_function_of_two_numbers_has_the_slopes_that_nudges_show(string name) =>
        Check(nameof(CheckSlopes), name);

    [Theory, MemberData(nameof(Unaries))]
    public void The_text_of_a_function_of_one_number_says_what_it_computes(string name) =>
        Check(nameof(CheckText), name);

    [Theory, MemberData(nameof(Binaries))]
    public void The_text_of_a_function_of_two_numbers_says_what_it_computes(string name) =>
        Check(nameof(CheckTextOfTwo), name);

    [Theory, MemberData(nameof(Unaries))]
    public void A_function_of_one_number_gives_the_same_in_float32(string name) => Check(nameof(CheckFloat32), name);

    [Theory, MemberData(nameof(Binaries))]
    public void A_function_of_two_numbers_gives_the_same_in_float32(string name) =>
        Check(nameof(CheckFloat32OfTwo), name);

    [Theory, MemberData(nameof(Unaries))]
    public void A_function_of_one_number_keeps_its_digits_near_zero_wherever_in_a_tensor_it_stands(string name) =>
        Check(nameof(CheckNearZero), name);

    [Theory, MemberData(nameof(Unaries))]
    public void NaN_stays_NaN_through_a_function_of_one_number(string name) => Check(nameof(CheckNaN), name);

    [Theory, MemberData(nameof(Binaries))]
    public void NaN_stays_NaN_through_a_function_of_two_numbers_in_which_it_matters(string name) =>
        Check(nameof(CheckNaNOfTwo), name);

    [Theory, MemberData(nameof(Unaries))]
    public void A_function_of_one_number_says_what_it_is_at_the_ends_of_the_number_line(string name) =>
        Check(nameof(CheckEnds), name);

    [Theory, MemberData(nameof(Unaries))]
    public void A_function_of_one_number_has_the_same_bits_in_vectors_of_any_width(string name) =>
        Check(nameof(CheckWidths), name);

    [Theory, MemberData(nameof(Binaries))]
    public void A_function_of_two_numbers_has_the_same_bits_in_vectors_of_any_width(string name) =>
        Check(nameof(CheckWidthsOfTwo), name);

    static void CheckWidths<F>(F f) where F : struct, IFormula
    {
        if (!Avx512F.IsSupported) return;
        foreach (double x in s_points.Concat(s_ends).Append(double.NaN))
        {
            var y = f.Of(Plain<double>.Of(x));
            Same(y, f.Of(Wide<double>.Of(x)));
            Same(f.Derivative(Plain<double>.Of(x), y), f.Derivative(Wide<double>.Of(x), Wide<double>.All(y.Value[0])));
            var single = f.Of(Plain<float>.Of(x));
            Same(single, f.Of(Wide<float>.Of(x)));
            Same(f.Derivative(Plain<float>.Of(x), single),
                f.Derivative(Wide<float>.Of(x), Wide<float>.All(single.Value[0])));
        }
    }

    static void CheckWidthsOfTwo<F>(F f) where F : struct, IBinaryFormula
    {
        if (!Avx512F.IsSupported) return;
        foreach (var (a, b) in Left.Zip(Right).Concat(s_ends.Zip(s_ends.Skip(3))))
        {
            Same(f.Of(Plain<double>.Of(a), Plain<double>.Of(b)), f.Of(Wide<double>.Of(a), Wide<double>.Of(b)));
            Same(f.DerivativeA(Plain<double>.Of(a), Plain<double>.Of(b)),
                f.DerivativeA(Wide<double>.Of(a), Wide<double>.Of(b)));
            Same(f.DerivativeB(Plain<double>.Of(a), Plain<double>.Of(b)),
                f.DerivativeB(Wide<double>.Of(a), Wide<double>.Of(b)));
            Same(f.Of(Plain<float>.Of(a), Plain<float>.Of(b)), f.Of(Wide<float>.Of(a), Wide<float>.Of(b)));
            Same(f.DerivativeA(Plain<float>.Of(a), Plain<float>.Of(b)),
                f.DerivativeA(Wide<float>.Of(a), Wide<float>.Of(b)));
            Same(f.DerivativeB(Plain<float>.Of(a), Plain<float>.Of(b)),
                f.DerivativeB(Wide<float>.Of(a), Wide<float>.Of(b)));
        }
    }

    // All NaNs are one.
    static void Same<T>(Plain<T> narrow, Wide<T> wide) where T : unmanaged =>
        Assert.Equal(narrow.Value[0], wide.Value[0]);

    static void CheckSlope<F>(F f) where F : struct, IFormula
    {
        double[] Values(double by) => GoldenOps.Doubles(Apply(f, Moved(s_points, by), DType.Float64).Y);
        AssertSlopes(Values(0), Values(Nudge), Values(-Nudge), Apply(f, s_points, DType.Float64).Slope, atLeast: 10);
    }

    static void CheckSlopes<F>(F f) where F : struct, IBinaryFormula
    {
        double[] Values(double byA, double byB) =>
            GoldenOps.Doubles(Apply(f, Moved(Left, byA), Moved(Right, byB), DType.Float64).Y);
        var (_, slopeA, slopeB) = Apply(f, Left, Right, DType.Float64);
        AssertSlopes(Values(0, 0), Values(Nudge, 0), Values(-Nudge, 0), slopeA, atLeast: 50);
        AssertSlopes(Values(0, 0), Values(0, Nudge), Values(0, -Nudge), slopeB, atLeast: 50);
    }

    static void CheckFloat32<F>(F f) where F : struct, IFormula
    {
        var (y, slope) = Apply(f, s_points, DType.Float64);
        var (y32, slope32) = Apply(f, s_points, DType.Float32);
        Close.Equal(GoldenOps.Doubles(y), GoldenOps.Doubles(y32), Close.Float32, "value");
        Close.Equal(slope, slope32, Close.Float32, "slope");
    }

    static void CheckText<F>(F f) where F : struct, IFormula
    {
        if (IsDerivative(typeof(F))) return;
        Assert.False(string.IsNullOrEmpty(f.Text.Value));
        foreach (double point in s_points)
        {
            var x = Tensor.Scalar(point, DType.Float64).RequireGrad();
            var y = Tensor.Map(f, x);
            y.Backward();
            (string, double)[] numbers = [("x", point), ("y", y.Item())];
            Same(y.Item(), TextValue.Of(f.Text.Value, numbers), $"{f.Text.Value} at {point}");
            Same(x.Grad.Item(), TextValue.Of(f.Text.Derivative, numbers), $"{f.Text.Derivative} at {point}");
        }
    }

    static void CheckTextOfTwo<F>(F f) where F : struct, IBinaryFormula
    {
        if (IsDerivative(typeof(F))) return;
        Assert.False(string.IsNullOrEmpty(f.Text.Value));
        foreach (double first in s_points.Where((_, i) => i % 5 == 0))
        {
            foreach (double second in (double[])[0, 1, first, 0.3, 0.9, 2.5])
            {
                Tensor a = Tensor.Scalar(first, DType.Float64).RequireGrad(),
                    b = Tensor.Scalar(second, DType.Float64).RequireGrad(), y = Tensor.Zip(f, a, b);
                y.Backward();
                (string, double)[] numbers = [("a", first), ("b", second), ("y", y.Item())];
                string where = $"at {first}, {second}";
                Same(y.Item(), TextValue.Of(f.Text.Value, numbers), $"{f.Text.Value} {where}");
                Same(a.Grad.Item(), TextValue.Of(f.Text.Derivative, numbers), $"{f.Text.Derivative} {where}");
                Same(b.Grad.Item(), TextValue.Of(f.Text.Second, numbers), $"{f.Text.Second} {where}");
            }
        }
    }

    static bool IsDerivative(Type formula) => formula.Name.StartsWith("Derivative", StringComparison.Ordinal);

    // A text is not written for its digits: a difference of large numbers loses some. Where the text has no number, as
    // at 0 · log 0, it says nothing.
    static void Same(double expected, double text, string what)
    {
        if (double.IsNaN(text) || double.IsInfinity(text)) return;
        Assert.True(Math.Abs(expected - text) <= 1e-9 * Math.Max(1, Math.Abs(expected)),
            $"{what}: {expected}, not {text}");
    }

    static void CheckFloat32OfTwo<F>(F f) where F : struct, IBinaryFormula
    {
        var (y, slopeA, slopeB) = Apply(f, Left, Right, DType.Float64);
        var (y32, slopeA32, slopeB32) = Apply(f, Left, Right, DType.Float32);
        Close.Equal(GoldenOps.Doubles(y), GoldenOps.Doubles(y32), Close.Float32, "value");
        Close.Equal(slopeA, slopeA32, Close.Float32, "slope in a");
        Close.Equal(slopeB, slopeB32, Close.Float32, "slope in b");
    }

    // What x itself or an attribute loses by rounding to float32, and no more: an error of value, for each number
    // alone and not for the mean.
    static void CheckNearZero<F>(F f) where F : struct, IFormula
    {
        double[] x = [.. s_points.Select((point, i) => Math.ScaleB(point, -6 * (i % 4)))];
        var (y, slope) = Apply(f, x, DType.Float64);
        double[] y32 = GoldenOps.Doubles(Apply(f, x, DType.Float32).Y);
        for (int i = 0; i < x.Length; i++)
        {
            double expected = y[i], allowed = 4e-7 * (Math.Abs(expected) + Math.Abs(x[i] * slope[i]));
            double alone = GoldenOps.Doubles(Apply(f, [x[i]], DType.Float32).Y)[0];
            foreach (double got in new[] { y32[i], alone })
                Assert.True(expected.Equals(got) || Math.Abs(expected - got) <= allowed,
                    $"f({x[i]:R}) = {got:R} in float32, {expected:R} in float64");
        }
    }

    static void CheckNaN<F>(F f) where F : struct, IFormula
    {
        double[] unknown = [.. s_points.Select(_ => double.NaN)];
        bool straight = Apply(f, s_points, DType.Float64).Slope.Distinct().Count() == 1;
        foreach (var dtype in Enum.GetValues<DType>())
        {
            var (y, slope) = Apply(f, unknown, dtype);
            Assert.All(GoldenOps.Doubles(y), one => Assert.True(double.IsNaN(one), $"{dtype}: {one}"));
            if (!straight) Assert.All(slope, one => Assert.True(double.IsNaN(one), $"{dtype}: slope {one}"));
        }
    }

    // NaN belongs where a function has no value, and nowhere else; and float32 is float64, rounded.
    static void CheckEnds<F>(F f) where F : struct, IFormula
    {
        double[] single = [.. s_ends.Select(x => (double)(float)x)];
        var (y, slope) = Apply(f, single, DType.Float64);
        var (y32, slope32) = Apply(f, single, DType.Float32);
        for (int i = 0; i < single.Length; i++)
        {
            double x = single[i];
            bool defined = f switch { Log or Sqrt => x >= 0, Log1p => x >= -1,
                Sin or Cos => double.IsFinite(x), _ => true };
            if (!defined) continue;
            Assert.False(double.IsNaN(y[i]) || double.IsNaN(slope[i]), $"at {x}: {y[i]}, slope {slope[i]}");
            Near(y[i], y32[i], $"at {x}: value");
            // 1 − y² of tanh loses its digits far out, on both sides alike: it is the formula of the books.
            if (f is not Tanh || Math.Abs(x) < 1) Near(slope[i], slope32[i], $"at {x}: slope");
        }

        // Near the smallest normal number, 1e-38, digits are lost that nothing depends on.
        static void Near(double expected, double got, string what)
        {
            double rounded = (float)expected;
            Assert.True(rounded.Equals(got) || Math.Abs(rounded - got) <= 3e-5 * Math.Abs(rounded) + 1e-37,
                $"{what} {got:R} in float32, {expected:R} in float64");
        }
    }

    // An argument matters at b if some a has a slope there: a mask that is set hides what it masks, and a
    // comparison hides everything.
    static void CheckNaNOfTwo<F>(F f) where F : struct, IBinaryFormula
    {
        var (_, slopeA, slopeB) = Apply(f, Left, Right, DType.Float64);
        var mattersAt = Right.Where((_, i) => Matters(slopeA[i])).ToHashSet();
        var mattersTo = Left.Where((_, i) => Matters(slopeB[i])).ToHashSet();
        double[] unknown = [.. Left.Select(_ => double.NaN)];
        foreach (var dtype in Enum.GetValues<DType>())
        {
            var (fromA, fromB) = (GoldenOps.Doubles(Apply(f, unknown, Right, dtype).Y),
                GoldenOps.Doubles(Apply(f, Left, unknown, dtype).Y));
            for (int i = 0; i < unknown.Length; i++)
            {
                Assert.True(double.IsNaN(fromA[i]) || !mattersAt.Contains(Right[i]),
                    $"{dtype}: f(NaN, {Right[i]}) = {fromA[i]}");
                Assert.True(double.IsNaN(fromB[i]) || !mattersTo.Contains(Left[i]),
                    $"{dtype}: f({Left[i]}, NaN) = {fromB[i]}");
            }
        }

        static bool Matters(double slope) => double.IsFinite(slope) && slope != 0;
    }

    // Every 8th point with every 8th point: a and b of one length.
    static double[] Left => [.. from a in Coarse from b in Coarse select a];

    static double[] Right => [.. from a in Coarse from b in Coarse select b];

    static IEnumerable<double> Coarse => s_points.Where((_, i) => i % 8 == 3);

    static double[] Moved(double[] x, double by) => Array.ConvertAll(x, one => one + by);

    static void AssertSlopes(double[] y, double[] up, double[] down, double[] slope, int atLeast)
    {
        int compared = 0;
        for (int i = 0; i < y.Length; i++)
        {
            double expected = (up[i] - down[i]) / (2 * Nudge), bend = (up[i] - 2 * y[i] + down[i]) / Nudge;
            // Outside its domain a function has no value, and at a kink no slope; both show in the values alone.
            if (!double.IsFinite(expected) || Math.Abs(bend) > 1e-2 * (1 + Math.Abs(expected))) continue;
            compared++;
            Assert.True(Math.Abs(slope[i] - expected) <= 1e-7 * (1 + Math.Abs(expected)),
                $"at point {i}: slope {slope[i]:R}, central difference {expected:R}");
        }
        Assert.True(compared >= atLeast, $"only {compared} points have a slope to compare with");
    }

    static (Tensor Y, double[] Slope) Apply<F>(F f, double[] x, DType dtype) where F : struct, IFormula
    {
        var given = Tensor.From(x).To(dtype).RequireGrad();
        var y = Op.Run(new Map<F>(f), given.Shape, given);
        y.Backward(Tensor.Ones(y.Shape, dtype));
        return (y, GoldenOps.Doubles(given.Grad));
    }

    static (Tensor Y, double[] SlopeA, double[] SlopeB) Apply<F>(F f, double[] a, double[] b, DType dtype)
        where F : struct, IBinaryFormula
    {
        Tensor left = Tensor.From(a).To(dtype).RequireGrad(), right = Tensor.From(b).To(dtype).RequireGrad();
        var y = Op.Run(new Zip<F>(f), left.Shape, left, right);
        y.Backward(Tensor.Ones(y.Shape, dtype));
        return (y, GoldenOps.Doubles(left.Grad), GoldenOps.Doubles(right.Grad));
    }

    static TheoryData<string> Formulas(Type contract)
    {
        string[] names = [.. typeof(Tensor).Assembly.GetTypes()
            .Where(type => type is { IsValueType: true, IsGenericType: false } && contract.IsAssignableFrom(type))
            .Select(type => type.FullName!)];
        Assert.True(names.Length > 5, $"{names.Length} formulas of {contract}");
        return [.. names];
    }

    static void Check(string method, string name)
    {
        var type = typeof(Tensor).Assembly.GetType(name)!;
        var check = typeof(FormulasTest).GetMethod(method,
            BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type);
        check.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [Sample(type)], null);
    }

    static object Sample(Type type)
    {
        var parameters = type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).ToArray();
        return Activator.CreateInstance(type,
            [.. parameters.Select((parameter, i) => Convert.ChangeType(s_attributes[i], parameter.ParameterType,
                CultureInfo.InvariantCulture))])!;
    }
}
