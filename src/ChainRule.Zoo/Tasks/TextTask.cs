using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tasks;

/// <summary>How a text is read.</summary>
public sealed record TextOptions : DataOptions
{
    /// <summary>
    /// Whether every line end becomes a line feed; runs of earlier versions kept them as they are. No setting: nobody
    /// turns it.
    /// </summary>
    public bool LineFeeds { get; init; } = true;
}

/// <summary>To go on with one long text: <see cref="PlainText"/>, or <see cref="TokenText"/> where it stays on the
/// disk.</summary>
sealed class TextTask : LanguageTask
{
    public override TaskKind Kind => TaskKind.Text;

    public override string Summary => "Train a character-level model on a long text, and generate a passage";

    public override string DataAre => "the text is";

    public override string DataSummary =>
        "A text file; or the ids of its characters, a .bin or .npy file or a folder of such, with vocabulary.txt "
        + $"beside [default: Shakespeare, if '{Shell.Tool} data get tinyshakespeare' has fetched it]";

    public override string UsualModel => "gpt";

    public override DataOptions UsualOptions => new TextOptions();

    public override string? FindData() => PlainText.Shakespeare();

    public override TaskData Open(string? source, DataOptions? options = null) =>
        source is not null && TokenText.IsOf(source) ? TokenText.FromFiles(source) :
        PlainText.FromFile(source ?? PlainText.Shakespeare(), (options as TextOptions)?.LineFeeds ?? true);

    internal override string? WhyGone(string source) => TokenText.IsOf(source) ? null : base.WhyGone(source);

    public override string NextCommand(string folder) => $"More text: {Shell.Tool} sample {Shell.Path(folder)}";

    internal override DataOptions OptionsOf(RunSettings settings) =>
        new TextOptions { LineFeeds = settings.LineFeeds };
}
