namespace ChainRule.Diagnosing;

/// <summary>How far a diagnosis goes.</summary>
public sealed record DiagnoseOptions
{
    /// <summary>How many steps each branch of the training makes, with a cure and without.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>How many rows of the training and of the validation data are looked at, at most.</summary>
    public int Rows { get; init; } = 1000;

    /// <summary>Whether cures are tried. If not, what can be seen is reported, cures untried.</summary>
    public bool TryCures { get; init; } = true;

    internal void Check()
    {
        if (Steps < 8) Throw.OutOfRange($"diagnose: branches of {Steps} steps: give 8 or more", "options");
        if (Rows < 10) Throw.OutOfRange($"diagnose: {Rows} rows: give 10 or more", "options");
    }
}
