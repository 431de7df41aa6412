using System.Diagnostics.CodeAnalysis;

namespace ChainRule.Zoo.Settings;

/// <summary>
/// A record whose constructor declares settings, which <see cref="Setting"/> reads: names, types, limits. Constructors
/// and properties of every such record are kept in a native program.
/// </summary>
[DynamicallyAccessedMembers(Setting.Members)]
[SuppressMessage("Design", "CA1040:Avoid empty interfaces", Justification = "it carries an attribute to every record")]
public interface ISettings;
