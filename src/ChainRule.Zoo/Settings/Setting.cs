using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChainRule.Errors;

namespace ChainRule.Zoo.Settings;

/// <summary>
/// One setting of a record: a parameter of its constructor, with its name, its type and its limits. Settings are read
/// from the command line and from JSON, checked, and written as JSON, by what the record declares and nothing else.
/// </summary>
public sealed class Setting
{
    readonly Type _type;
    readonly bool _optional;
    readonly LimitsAttribute? _limits;
    readonly PropertyInfo _property;

    /// <summary>What is read of a record.</summary>
    internal const DynamicallyAccessedMemberTypes Members =
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicProperties;

    Setting(ParameterInfo parameter, PropertyInfo property)
    {
        _property = property;
        _type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        _optional = _type != parameter.ParameterType
            // A native program does not know which texts may be null; their defaults say it.
            || (parameter.HasDefaultValue ? parameter.DefaultValue is null
                : parameter.GetCustomAttribute<DefaultValueAttribute>() is { Value: null });
        _limits = parameter.GetCustomAttribute<LimitsAttribute>();
        NamesOf = parameter.GetCustomAttribute<NamesAttribute>()?.Of;
        Name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
        Description = parameter.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "";
    }

    /// <summary>What it is called in a config file and on the command line: <c>learningRate</c>.</summary>
    public string Name { get; }

    /// <summary>What it is, in a line; empty where its record does not say.</summary>
    public string Description { get; }

    /// <summary>Whether it is yes or no.</summary>
    public bool IsSwitch => _type == typeof(bool);

    /// <summary>Whether it is a list of names, separated by commas.</summary>
    public bool IsNames => NamesOf is not null;

    /// <summary>What the list names, such as COLUMN; null of a single value.</summary>
    public string? NamesOf { get; }

    /// <summary>What may be given: <c>a whole number from 1 to 65,536</c>.</summary>
    public string Wanted => Kind + (_optional ? ", or none" : "");

    /// <summary>
    /// The settings of a record, in the order of its constructor; parameters that are records themselves are left out.
    /// </summary>
    public static IReadOnlyList<Setting> Of([DynamicallyAccessedMembers(Members)] Type record)
    {
        List<Setting> all = [];
        foreach (var parameter in Constructor(record).GetParameters())
            if (new Setting(parameter, record.GetProperty(parameter.Name!)!) is { IsPlain: true } plain) all.Add(plain);
        return all;
    }

    /// <inheritdoc cref="Of(Type)"/>
    public static IReadOnlyList<Setting> Of(ISettings record) => Of(record.GetType());

    /// <summary>The record with some of its settings changed, by name.</summary>
    public static T With<T>(T record, IReadOnlyDictionary<string, object?> changes)
        where T : class, ISettings => (T)Changed(record, changes);

    /// <summary>Its value in a record.</summary>
    public object? ValueIn(object record) => _property.GetValue(record);

    /// <summary>A value as it is written on the command line.</summary>
    public static string Text(object? value) => value switch
    {
        null => "none",
        bool choice => choice ? "true" : "false",
        Enum choice => Word(choice),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>A name as words: <c>bitsPerCharacter</c> is <c>bits per character</c>.</summary>
    public static string Words(string name) =>
        string.Concat(name.Select((c, i) =>
            !char.IsUpper(c) || i == 0 || !char.IsLower(name[i - 1]) ? $"{c}"
            // R² and RMSE keep their capitals.
            : i + 1 < name.Length && char.IsLower(name[i + 1]) ? $" {char.ToLowerInvariant(c)}" : $" {c}"));

    /// <summary>A value as JSON.</summary>
    /// <exception cref="ArgumentException">It is of a type that no setting has.</exception>
    public static JsonNode? Json(object? value) => value switch
    {
        null => null,
        Enum choice => Word(choice),
        bool choice => choice,
        string text => text,
        int whole => whole,
        long whole => whole,
        ulong natural => natural,
        double number => number,
        float number => number,
        _ => throw new RefusedArgumentException($"a setting's value is of type {value.GetType()}: give text, true or "
            + "false, a choice, or a number that is an int, a long, a ulong, a double or a float", nameof(value)),
    };

    /// <summary>Reads a value from the command line.</summary>
    /// <param name="asked">What a refusal begins with: <c>--set width=abc</c>.</param>
    /// <param name="text">The value.</param>
    /// <exception cref="ArgumentException">It is no such value, or is outside of the limits.</exception>
    public object? Read(string asked, string text)
    {
        if (_optional && text.Equals("none", StringComparison.OrdinalIgnoreCase)) return null;
        if (Parse(text) is { } value && IsWithin(value)) return value;
        bool comma = Type.GetTypeCode(_type) == TypeCode.Double && text.Count(',') == 1
            && Parse(text.Replace(',', '.')) is not null;
        throw Refused(asked, comma ? ": write it with a decimal point" : "");
    }

    /// <summary>Reads a value from JSON.</summary>
    /// <exception cref="ArgumentException">It is no such value, or is outside of the limits.</exception>
    public object? Read(string asked, JsonElement json)
    {
        bool text = _type.IsEnum || _type == typeof(string);
        if (json.ValueKind == JsonValueKind.Null) return _optional ? null : throw Refused(asked);
        if (json.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            || text != (json.ValueKind == JsonValueKind.String)) throw Refused(asked);
        return Parse(text ? json.GetString()! : json.GetRawText()) is { } value && IsWithin(value) ? value
            : throw Refused(asked);
    }

    /// <summary>Refuses a record in which it lies outside of its limits.</summary>
    /// <exception cref="ArgumentException">It does.</exception>
    public void Check(string asked, object record)
    {
        if (ValueIn(record) is { } value && !IsWithin(value)) throw Refused($"{asked}: {Name} {Text(value)}");
    }

    static object Changed(ISettings record, IReadOnlyDictionary<string, object?> changes)
    {
        var constructor = Constructor(record.GetType());
        return constructor.Invoke([.. constructor.GetParameters().Select(p =>
            changes.TryGetValue(JsonNamingPolicy.CamelCase.ConvertName(p.Name!), out object? value) ? value
                : record.GetType().GetProperty(p.Name!)!.GetValue(record))]);
    }

    IEnumerable<Enum> Choices =>
        Enum.GetValuesAsUnderlyingType(_type).Cast<object>().Select(value => (Enum)Enum.ToObject(_type, value));

    bool IsPlain => _type.IsPrimitive || _type.IsEnum || _type == typeof(string);

    string Kind => Type.GetTypeCode(_type) switch
    {
        _ when _type.IsEnum => $"one of {string.Join(", ", Choices.Select(Word))}",
        TypeCode.Boolean => "true or false",
        TypeCode.String => "text",
        TypeCode.Double => _limits is null ? "a finite number" : Interval(_limits),
        _ => string.Create(CultureInfo.InvariantCulture, $"a whole number from {_limits?.Least ?? 0:N0} to {Most:N0}"),
    };

    object Most =>
        _type == typeof(ulong) ? (object)ulong.MaxValue : Math.Min(_limits?.Most ?? int.MaxValue, int.MaxValue);

    static string Interval(LimitsAttribute l) => double.IsPositiveInfinity(l.Most)
        ? string.Create(CultureInfo.InvariantCulture,
            $"a number {(l.AboveLeast ? "above " : "of ")}{l.Least}{(l.AboveLeast ? "" : " or more")}")
        : FormattableString.Invariant(
            $"a number in {(l.AboveLeast ? '(' : '[')}{l.Least}, {l.Most}{(l.BelowMost ? ')' : ']')}");

    object? Parse(string text) => Type.GetTypeCode(_type) switch
    {
        _ when _type.IsEnum => Choices.FirstOrDefault(choice => Nearest.Plain(Word(choice)) == Nearest.Plain(text)),
        TypeCode.Boolean => bool.TryParse(text, out bool choice) ? choice : null,
        TypeCode.Int32 => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int whole)
            ? whole : null,
        TypeCode.UInt64 => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong natural)
            ? natural : null,
        // No thousands: 1,5 is half of Europe's one and a half, and would be taken for 15.
        TypeCode.Double => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number : null,
        _ => text,
    };

    bool IsWithin(object value)
    {
        if (value is double and (double.NaN or double.PositiveInfinity or double.NegativeInfinity)) return false;
        if (value is not (int or double)) return true;
        double number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        return _limits is not { } l
            || ((l.AboveLeast ? number > l.Least : number >= l.Least)
                && (l.BelowMost ? number < l.Most : number <= l.Most));
    }

    ArgumentException Refused(string asked, string remark = "") => new($"{asked}: give {Wanted}{remark}");

    static string Word(Enum choice) => choice.ToString().ToLowerInvariant();

    static ConstructorInfo Constructor(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type record) =>
        record.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
}
