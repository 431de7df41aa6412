using System.Runtime.CompilerServices;

namespace ChainRule.Optim;

/// <summary>
/// The ranges that settings of optimisers and schedules may lie in; a number outside is refused where it is given.
/// </summary>
static class Setting
{
    public static double NotNegative(string asked, string name, double x,
        [CallerArgumentExpression(nameof(x))] string parameter = "")
    {
        if (!(double.IsFinite(x) && x >= 0))
            Throw.OutOfRange($"{asked}: {name} {x}: give a finite number, 0 or more", parameter);
        return x;
    }

    /// <summary>A decay rate: at 1 nothing would ever be forgotten, or learned.</summary>
    public static double BelowOne(string asked, string name, double x,
        [CallerArgumentExpression(nameof(x))] string parameter = "")
    {
        if (!(x >= 0 && x < 1)) Throw.OutOfRange($"{asked}: {name} {x}: give a number in [0, 1)", parameter);
        return x;
    }

    public static int AtLeast(string asked, string name, int x, int least,
        [CallerArgumentExpression(nameof(x))] string parameter = "")
    {
        if (x < least) Throw.OutOfRange($"{asked}: {name} {x}: give {least} or more", parameter);
        return x;
    }
}
