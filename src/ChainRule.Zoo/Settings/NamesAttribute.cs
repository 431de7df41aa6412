namespace ChainRule.Zoo.Settings;

/// <summary>A setting that is a list of names, separated by commas: on the command line, several may follow its
/// option.</summary>
/// <param name="of">What they name, as help writes it.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class NamesAttribute(string of = "COLUMN") : Attribute
{
    /// <summary>What they name, as help writes it.</summary>
    public string Of => of;
}
