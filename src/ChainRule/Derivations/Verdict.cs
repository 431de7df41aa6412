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
}
