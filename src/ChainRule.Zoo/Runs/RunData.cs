using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Runs;

/// <summary>The data of a run that was started before, which are to the byte those that it was started with.</summary>
static class RunData
{
    /// <summary>Opens them, and refuses a checkpoint that is of another run or of other data.</summary>
    /// <param name="made">The run's folder.</param>
    /// <param name="folder">Its path, as the user names it.</param>
    /// <param name="data">Where the data is now, if it was moved.</param>
    /// <param name="asked">What a refusal begins with: <c>resume</c>.</param>
    /// <exception cref="InvalidDataException">A file of the run is damaged, or the data is not that
    /// of the run.</exception>
    /// <exception cref="IOException">It is no longer there, or cannot be read.</exception>
    public static TaskData Open(RunFolder made, string folder, string? data, string asked)
    {
        var settings = made.Settings;
        string shown = Printable.Path(folder);
        var task = TrainingTask.Of(settings.Kind);
        Recipe.Find(settings.Kind, settings.Model).Read(settings.Options);
        // Before a model is built: what was changed in the settings may ask for more than any memory.
        var last = RunFile.Tensors(made.LastPath, $"training cannot go on without it: {RunFile.PutBack}");
        SavedModel.CheckOwn(settings, made.LastPath, last);
        string source = data ?? made.DataPath;
        if (data is null && source != TrainingRun.Embedded && task.WhyGone(source) is { } why)
        {
            string now = File.Exists(source) || Directory.Exists(source) ? $", which now {why}" : "";
            throw new FileNotFoundException($"{asked} {shown}: {task.DataAre} no longer at "
                + $"{Printable.Path(source)}{now}: say where by --data");
        }
        var opened = Open(made, source, $"{asked} {shown}");
        foreach (var (name, value) in opened.Preprocessing.Metadata)
        {
            // Earlier versions said less of images.
            if (value.Split(", ")[0] is var first && SavedModel.Said(made.LastPath, last, name) is var said
                && (value == said || task.Kind == TaskKind.Images && first == said)) continue;
            throw new InvalidDataException($"{Printable.Path(made.LastPath)}: its {name} is not that of the data, "
                + "because run.json was changed: put this run's own run.json back, or start a new run");
        }
        return opened;
    }

    static TaskData Open(RunFolder made, string source, string asked)
    {
        var settings = made.Settings;
        string differs = Directory.Exists(source)
            ? $"{asked}: what is in {Printable.Path(source)} is not what the run was started with (a file was changed, "
                + "added or taken away): put it back, or give a folder with the same files by --data"
            : $"{asked}: {Printable.Path(source)} is not the file that the run was started with (its SHA-256 differs): "
                + "give that file by --data";
        try
        {
            var task = TrainingTask.Of(settings.Kind);
            var data = task.Open(source == TrainingRun.Embedded ? null : source,
                task.OptionsOf(settings).In(made.FullPath));
            return data.Sha256 == settings.DataSha256 ? data.DrawnBy(settings.Seed)
                : throw new InvalidDataException(differs);
        }
        catch (InvalidDataException e) when (File.Exists(source) && new FileInfo(source).Length <= Corpus.MostBytes
            && e.Message != differs)
        {
            // They could be read then: what is wrong with them now came afterwards.
            throw new InvalidDataException(differs, e);
        }
    }
}
