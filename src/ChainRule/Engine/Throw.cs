using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ChainRule.Errors;

namespace ChainRule;

/// <summary>
/// Every error of the library is one sentence, <i>what was asked: what disagrees: what would do</i>, and leaves through
/// here: a method that throws is not inlined, so the check costs its caller one compare. Whatever a sentence quotes, it
/// stays one line (<see cref="Printable"/>).
/// </summary>
static class Throw
{
    /// <summary>An argument that can never be right.</summary>
    /// <param name="parameter">The public parameter that it came by; null where it is the object itself.</param>
    /// <param name="why">What says more.</param>
    [DoesNotReturn]
    public static void Argument(string message, string? parameter = null, Exception? why = null)
    {
        string sentence = Printable.Message(message);
        throw parameter is null ? new ArgumentException(sentence, why)
            : new RefusedArgumentException(sentence, parameter, why);
    }

    /// <summary>An index, axis or number outside its range.</summary>
    /// <param name="parameter">The public parameter that it came by; null where it is a setting of
    /// the object itself.</param>
    [DoesNotReturn]
    [SuppressMessage("Usage", "CA2208", Justification = "Without a parameter, the sentence names what is wrong.")]
    public static void OutOfRange(string message, string? parameter = null)
    {
        string sentence = Printable.Message(message);
        throw parameter is null ? new ArgumentOutOfRangeException(null, sentence)
            : new RefusedRangeException(sentence, parameter);
    }

    /// <summary>Refuses null where something is needed.</summary>
    public static void IfNull(
        [NotNull] object? x,
        string asked,
        [CallerArgumentExpression(nameof(x))] string name = "",
        [CallerArgumentExpression(nameof(x))] string parameter = "")
    {
        if (x is null) Null($"{asked}: {name} is null: give one", parameter);
    }

    /// <summary>What is needed, or a sentence that asks for it.</summary>
    public static T NotNull<T>([NotNull] T? x, string message,
        [CallerArgumentExpression(nameof(x))] string parameter = "") where T : class
    {
        if (x is null) Null(message, parameter);
        return x;
    }

    /// <summary>A setting that must be a finite number, 0 or more, such as ε.</summary>
    public static double IfNegative(double x, string asked, string name,
        [CallerArgumentExpression(nameof(x))] string parameter = "")
    {
        if (!(x >= 0 && double.IsFinite(x)))
            OutOfRange($"{asked}: {name} {x}: give a finite number, 0 or more", parameter);
        return x;
    }

    /// <summary>A setting that must be a finite number above 0, such as a width.</summary>
    public static double IfNotPositive(double x, string asked, string name,
        [CallerArgumentExpression(nameof(x))] string parameter = "")
    {
        if (!(x > 0 && double.IsFinite(x))) OutOfRange($"{asked}: {name} {x}: give a finite number above 0", parameter);
        return x;
    }

    /// <summary>A setting that must be a finite number, of any sign.</summary>
    public static double IfNotFinite(double x, string asked, string name,
        [CallerArgumentExpression(nameof(x))] string parameter = "")
    {
        if (!double.IsFinite(x)) OutOfRange($"{asked}: {name} {x}: give a finite number", parameter);
        return x;
    }

    /// <summary>A right call at the wrong time.</summary>
    [DoesNotReturn]
    public static void Invalid(string message) => throw new InvalidOperationException(Printable.Message(message));

    /// <summary>A file that is not what it should be.</summary>
    [DoesNotReturn]
    public static void Data(string message) => throw new InvalidDataException(Printable.Message(message));

    /// <summary>
    /// What could have been asked for instead: <c>rows run from 0 to 4</c>, or <c>there are no rows</c>.
    /// </summary>
    public static string Run(string places, int count) =>
        count == 0 ? $"there are no {places}" : $"{places} run from 0 to {count - 1}";

    [DoesNotReturn]
    static void Null(string message, string parameter) => throw new RefusedNullException(message, parameter);

    /// <summary>Shapes that an element-wise op cannot bring together.</summary>
    [DoesNotReturn]
    public static void Broadcast(string op, Shape a, Shape b, int axis, int one, int other, string? parameter = null) =>
        Argument($"{op}: {a} and {b} do not broadcast: axis {axis} is {one} in the one and {other} in the other",
            parameter);

    /// <summary>Number types that do not mix.</summary>
    [DoesNotReturn]
    public static void Mixed(string op, DType a, DType b, string? parameter = null) =>
        Argument($"{op}: {a} and {b} do not mix: convert one with To(DType.{a})", parameter);
}
