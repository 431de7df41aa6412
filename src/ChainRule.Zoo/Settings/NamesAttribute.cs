namespace ChainRule.Zoo.Settings;

/// <summary>A setting that is a list of names, separated by commas: on the command line, several may follow its
/// option.</summary>
/// <param name="of">What they name, as help writes it.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class NamesAttribute(string of = NamesAttribute.Column) : Attribute
{
    /// <summary>A list of columns.</summary>
    public const string Column = "COLUMN";

    /// <summary>What they name, as help writes it.</summary>
    public string Of => of;
}
