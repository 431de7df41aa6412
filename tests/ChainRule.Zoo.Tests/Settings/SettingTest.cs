using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Settings;

public sealed class SettingTest
{
    static readonly Sample s_sample = new(4, 0.5, true, Colour.DarkRed, 7, null, null);

    static readonly Dictionary<string, Setting> s_settings =
        Setting.Of(typeof(Sample)).ToDictionary(setting => setting.Name);

    internal enum Colour
    {
        DarkRed,
        Green,
    }

    internal sealed record Sample(
        [Limits(2, 9)] int Count, [Limits(0, 1, BelowMost = true)] double Share, bool Quick, Colour Colour, ulong Seed,
        [Limits(0, AboveLeast = true)] double? Clip, [DefaultValue(null)] string? Path,
        ModelOptions? Part = null) : ISettings;

    [Fact]
    public void A_name_has_words()
    {
        Assert.Equal("bits per character", Setting.Words("bitsPerCharacter"));
        Assert.Equal("training R²", Setting.Words("trainingR²"));
        Assert.Equal("training RMSE", Setting.Words("trainingRMSE"));
    }

    [Fact]
    public void They_are_the_plain_parameters_in_order() => Assert.Equal(
        ["count", "share", "quick", "colour", "seed", "clip", "path"],
        Setting.Of(typeof(Sample)).Select(setting => setting.Name));

    [Theory]
    [InlineData("count", "9", 9)]
    [InlineData("share", "1e-3", 1e-3)]
    [InlineData("quick", "FALSE", false)]
    [InlineData("colour", "dark-red", Colour.DarkRed)]
    [InlineData("seed", "18446744073709551615", ulong.MaxValue)]
    [InlineData("clip", "None", null)]
    [InlineData("path", "a b", "a b")]
    public void A_value_is_read_from_text(string name, string text, object? value) =>
        Assert.Equal(value, s_settings[name].Read(name, text));

    [Theory]
    [InlineData("count", "1", "a whole number from 2 to 9")]
    [InlineData("count", "10", "a whole number from 2 to 9")]
    [InlineData("count", "4.0", "a whole number from 2 to 9")]
    [InlineData("count", "abc", "a whole number from 2 to 9")]
    [InlineData("count", "none", "a whole number from 2 to 9")]
    [InlineData("count", "99999999999", "a whole number from 2 to 9")]
    [InlineData("share", "1", "a number in [0, 1)")]
    [InlineData("share", "NaN", "a number in [0, 1)")]
    [InlineData("share", "0,5", "a number in [0, 1): write it with a decimal point")]
    [InlineData("share", "0,5,5", "a number in [0, 1)")]
    [InlineData("count", "2,5", "a whole number from 2 to 9")]
    [InlineData("share", "", "a number in [0, 1)")]
    [InlineData("quick", "yes", "true or false")]
    [InlineData("colour", "blue", "one of darkred, green")]
    [InlineData("colour", "0", "one of darkred, green")]
    [InlineData("seed", "-1", "a whole number from 0 to 18,446,744,073,709,551,615")]
    [InlineData("clip", "0", "a number above 0, or none")]
    [InlineData("clip", "Infinity", "a number above 0, or none")]
    public void What_is_no_such_value_is_one_sentence(string name, string text, string wanted) =>
        Assert.Equal($"--set x: give {wanted}",
            Assert.ThrowsAny<ArgumentException>(() => s_settings[name].Read("--set x", text)).Message);

    [Theory]
    [InlineData("count", "\"4\"")]
    [InlineData("count", "null")]
    [InlineData("count", "[4]")]
    [InlineData("share", "true")]
    [InlineData("quick", "\"true\"")]
    [InlineData("colour", "1")]
    [InlineData("path", "5")]
    public void JSON_of_another_kind_is_refused(string name, string json)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal($"x: give {s_settings[name].Wanted}",
            Assert.ThrowsAny<ArgumentException>(() => s_settings[name].Read("x", document.RootElement)).Message);
    }

    [Fact]
    public void Every_value_comes_back_from_JSON_and_from_text()
    {
        foreach (var sample in (Sample[])[s_sample,
            new(9, 1e-300, false, Colour.Green, ulong.MaxValue, 0.1 + 0.2, "é\"\\")])
        {
            foreach (var setting in s_settings.Values)
            {
                object? value = setting.ValueIn(sample);
                using var document = JsonDocument.Parse(Setting.Json(value)?.ToJsonString() ?? "null");
                Assert.Equal(value, setting.Read("x", document.RootElement));
                if (setting.Name != "path") Assert.Equal(value, setting.Read("x", Setting.Text(value)));
            }
        }
    }

    [Fact]
    public void Settings_are_changed_by_name_and_others_stay()
    {
        var changed = Setting.With(s_sample,
            new Dictionary<string, object?> { ["count"] = 5, ["path"] = "here", ["unknown"] = 1 });
        Assert.Equal(s_sample with { Count = 5, Path = "here" }, changed);
    }

    [Fact]
    public void A_record_outside_of_its_limits_is_refused()
    {
        foreach (var setting in s_settings.Values) setting.Check("sample", s_sample);
        Assert.Equal("sample: count 1: give a whole number from 2 to 9",
            Assert.ThrowsAny<ArgumentException>(() => s_settings["count"].Check("sample", s_sample with { Count = 1 }))
                .Message);
    }

    [Fact]
    public void Its_sentence_does_not_depend_on_the_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("")
                { NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = "." } };
            Assert.Equal("0.25", Setting.Text(0.25));
            Assert.Equal("a whole number from 1 to 65,536", Setting.Of(typeof(RecurrentModelOptions))[0].Wanted);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>Every record that declares settings.</summary>
    public static TheoryData<Type> Records => [.. Recipe.All.Select(recipe => recipe.Tiny.GetType())
        .Concat(TrainingTask.All.Select(task => task.UsualOptions.GetType()))
        .Append(typeof(TrainingSettings)).Append(typeof(RunConfig)).Distinct()];

    [Theory]
    [MemberData(nameof(Records))]
    public void None_may_be_given_where_the_type_of_the_parameter_allows_null(Type record)
    {
        var parameters = record.GetConstructors().MaxBy(one => one.GetParameters().Length)!.GetParameters()
            .ToDictionary(one => JsonNamingPolicy.CamelCase.ConvertName(one.Name!));
        foreach (var setting in Setting.Of(record))
            Assert.Equal((setting.Name, new NullabilityInfoContext().Create(parameters[setting.Name]).ReadState
                == NullabilityState.Nullable), (setting.Name, setting.Wanted.EndsWith(", or none", default)));
    }

    [Fact]
    public void Every_choice_of_sizes_and_of_data_is_saved_by_its_name()
    {
        int choices = 0;
        foreach (ISettings options in (IEnumerable<ISettings>)[.. Recipe.All.Select(recipe => recipe.Tiny),
            .. TrainingTask.All.Select(task => task.UsualOptions).Where(one => Setting.Of(one).Count > 0)])
        {
            using var json = JsonDocument.Parse(SavedOptions.Write(options, options.GetType()));
            foreach (var setting in Setting.Of(options))
            {
                if (setting.ValueIn(options) is not Enum choice) continue;
                choices++;
                Assert.Contains(json.RootElement.EnumerateObject(), one =>
                    JsonNamingPolicy.CamelCase.ConvertName(one.Name) == setting.Name
                    && one.Value.ValueKind == JsonValueKind.String && one.Value.GetString() == $"{choice}");
            }
        }
        Assert.InRange(choices, 10, 1000);
    }

    [Fact]
    public void A_value_of_another_type_is_no_setting() => Assert.Equal(
        "a setting's value is of type System.Int32[]: give text, true or false, a choice, or a number that is an int, "
            + "a long, a ulong, a double or a float",
        Assert.ThrowsAny<ArgumentException>(() => Setting.Json(new int[1])).Message);
}
