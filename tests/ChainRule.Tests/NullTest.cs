using System.Reflection;
using System.Text.RegularExpressions;

namespace ChainRule.Tests;

/// <summary>
/// Whatever argument of the public surface is null where none may be, and whatever element of a span or an array, the
/// answer is a sentence or nothing at all, but never a message of .NET's own. Every constructor, method, property and
/// indexer is called, each time with one argument null and the others sound.
/// </summary>
public sealed partial class NullTest : IDisposable
{
    static readonly NullabilityInfoContext s_nullability = new();

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Null_is_answered_by_a_sentence()
    {
        List<string> bare = [];
        int tried = 0, elements = 0;
        var samples = new Samples(_folder);
        foreach (var member in PublicMember.All())
        {
            for (int i = 0; i < member.Parameters.Length; i++)
            {
                var type = PublicMember.Passed(member.Parameters[i]);
                if (type.IsValueType || member.Parameters[i].IsOut) continue;
                if (!MayBeNull(member.Parameters[i]) && type == member.Parameters[i].ParameterType)
                {
                    tried++;
                    Try(member, samples, i, null, bare);
                }
                if (type.IsArray && type.GetElementType() is { IsValueType: false } element)
                {
                    elements++;
                    Try(member, samples, i, Array.CreateInstance(element, 1), bare);
                }
            }
        }
        Assert.True(bare.Count == 0, string.Join('\n', bare));
        Assert.InRange(tried, 180, 1000);
        Assert.InRange(elements, 10, 1000);
    }

    static void Try(PublicMember member, Samples samples, int at, object? argument, List<string> bare)
    {
        object?[] arguments =
            [.. member.Parameters.Select((p, k) => k == at ? argument : samples.Of(PublicMember.Passed(p), p))];
        object? target = member.IsOnObject ? samples.Of(member.Type, null) : null;
        Assert.True(!member.IsOnObject || target is not null, $"no sample of {member.Type.Name}: add one");
        try
        {
            member.Call(target, arguments);
        }
        catch (Exception e)
        {
            if (member.Misnames(e) is { } why) bare.Add($"{member} with null for {member.Parameters[at].Name}: {why}");
            if (!(e is ArgumentException or InvalidOperationException or IOException or InvalidDataException
                && Sentence().IsMatch(e.Message)))
                bare.Add($"{member} with {(argument is null ? "null" : "an element null")} for "
                    + $"{member.Parameters[at].Name}: {e.GetType().Name} {e.Message} "
                    + e.StackTrace!.Split('\n')[0].Trim());
        }
    }

    static bool MayBeNull(ParameterInfo parameter) =>
        s_nullability.Create(parameter).WriteState == NullabilityState.Nullable;

    // Who asks, what disagrees; .NET's own name a parameter in brackets.
    [GeneratedRegex(@"^(?!.*\(Parameter )(?!Value cannot|Object reference).+: .{8,}$")]
    private static partial Regex Sentence();
}
