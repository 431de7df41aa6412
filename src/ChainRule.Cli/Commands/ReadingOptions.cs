using System.CommandLine;
using System.Globalization;
using ChainRule.Data;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tables;

namespace ChainRule.Cli.Commands;

/// <summary>The options that say how a table to be used is written, where it is written otherwise than the training
/// file.</summary>
sealed class ReadingOptions
{
    static readonly string[] s_names = ["culture", "separator", "header", "skipLines", "missing", "encoding"];

    readonly (Option<string> Option, Setting Setting)[] _options;

    public ReadingOptions() => _options = [.. Setting.Of(typeof(TableOptions))
        .Where(setting => s_names.Contains(setting.Name)).Select(setting =>
        {
            var (option, _) = TrainOptions.OfData(setting);
            string what = setting.Description.Split(" [default")[0];
            option.Description = $"Of a table: {char.ToLowerInvariant(what[0])}{what[1..]} [default: as the training "
                + "file]";
            return (option, setting);
        })];

    public IEnumerable<Option> All => _options.Select(one => one.Option);

    /// <summary>Reads a table for a model, and says that lines are passed over where only the training file asks for
    /// it.</summary>
    public Table Read(ParseResult parsed, TableModel model, string path)
    {
        var given = new Dictionary<string, object?>();
        foreach (var (option, setting) in _options)
            if (parsed.GetValue(option) is { } text)
                given[setting.Name] = setting.Read($"{option.Name} {Printable.Of(text)}", text);
        if (!given.ContainsKey("skipLines") && model.SkippedLines > 0)
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"chainrule: warning: {model.SkippedLines:N0} line{(model.SkippedLines == 1 ? " is" : "s are")} ")
                + "passed over, as in the training file: --skip-lines 0 reads it from the first");
        return model.Read(path, own => Setting.With(own, given));
    }
}
