namespace ChainRule.Derivations;

/// <summary>How a learner's gradient compares with the engine's.</summary>
public enum Verdict
{
    /// <summary>Every bit is the same.</summary>
    Exact,

    /// <summary>The same up to rounding.</summary>
    Close,

    /// <summary>Not the gradient.</summary>
    Wrong,

    /// <summary>Not the gradient, only because an earlier step is wrong: this step follows from it rightly.</summary>
    FollowsFromWrong,

    /// <summary>
    /// Its formula, or one that it is computed from, is still to be written: <c>...</c> stands there.
    /// </summary>
    Open,
}
