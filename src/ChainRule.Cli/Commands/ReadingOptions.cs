using System.CommandLine;
using System.Globalization;
using ChainRule.Data;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tables;

namespace ChainRule.Cli.Commands;

/// <summary>The options that say how a table is written.</summary>
sealed class ReadingOptions
{
    static readonly string[] s_names = ["culture", "separator", "header", "skipLines", "missing", "encoding"];

    readonly (Option<string> Option, Setting Setting)[] _options;

    /// <summary>Of a table that a model is to be used on, where it is written otherwise than the training
    /// file.</summary>
    public ReadingOptions() : this(s_names)
    {
        foreach (var (option, setting) in _options)
        {
            string what = setting.Description.Split(" [default")[0];
            option.Description = $"Of a table: {char.ToLowerInvariant(what[0])}{what[1..]} [default: as the training "
                + "file]";
        }
    }

    ReadingOptions(IReadOnlyList<string> names) => _options = [.. Setting.Of(typeof(TableOptions))
        .Where(setting => names.Contains(setting.Name)).Select(setting =>
            (TrainOptions.OfData(setting).Option, setting))];

    /// <summary>Of a table by itself: which columns are taken, too, and as what.</summary>
    public static ReadingOptions OfTable() => new([.. s_names, "ignore", "categories", "numbers"]);

    public IEnumerable<Option> All => _options.Select(one => one.Option);

    /// <summary>What is given, as the settings of a table.</summary>
    public TableOptions Options(ParseResult parsed) => Setting.With(new TableOptions(), Given(parsed));

    /// <summary>Reads a table for a model, and says that lines are passed over where only the training file asks for
    /// it.</summary>
    public Table Read(ParseResult parsed, TableModel model, string path)
    {
        var given = Given(parsed);
        if (!given.ContainsKey("skipLines") && model.SkippedLines > 0)
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"chainrule: warning: {model.SkippedLines:N0} line{(model.SkippedLines == 1 ? " is" : "s are")} ")
                + "passed over, as in the training file: --skip-lines 0 reads it from the first");
        return model.Read(path, own => Setting.With(own, given));
    }

    Dictionary<string, object?> Given(ParseResult parsed)
    {
        var given = new Dictionary<string, object?>();
        foreach (var (option, setting) in _options)
            if (parsed.GetValue(option) is { } text)
                given[setting.Name] = setting.Read($"{option.Name} {Printable.Of(text)}", text);
        return given;
    }
}
