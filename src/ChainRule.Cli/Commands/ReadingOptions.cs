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

    public IEnumerable<Option> All => _options.Select(one => one.Option);

    /// <summary>Reads a table for a model, and says that lines are passed over where only the training file asks for
    /// it.</summary>
    public Table Read(ParseResult parsed, TableModel model, string path) =>
        Read(parsed, model.SkippedLines, otherwise => model.Read(path, otherwise));

    /// <summary>Reads a table for a map, in the same way.</summary>
    public Table Read(ParseResult parsed, MapModel map, string path) =>
        Read(parsed, map.SkippedLines, otherwise => map.Read(path, otherwise));

    Table Read(ParseResult parsed, int skipped, Func<Func<TableOptions, TableOptions>, Table> read)
    {
        var given = Given(parsed);
        if (!given.ContainsKey("skipLines") && skipped > 0)
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"chainrule: warning: {skipped:N0} line{(skipped == 1 ? " is" : "s are")} ")
                + "passed over, as in the training file: --skip-lines 0 reads it from the first");
        return read(own => Setting.With(own, given));
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
