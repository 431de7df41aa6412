namespace ChainRule.Zoo.Settings;

/// <summary>A setting that is a list of names, separated by commas: on the command line, several may follow its
/// option.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class NamesAttribute : Attribute;
