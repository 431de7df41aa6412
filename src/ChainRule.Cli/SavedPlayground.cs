using System.Globalization;
using System.Text.Json;
using ChainRule.Lab.Playground;

namespace ChainRule.Cli;

/// <summary>A run that the lab's playground saved, for commands that read any run.</summary>
static class SavedPlayground
{
    /// <summary>The run; null if another wrote it, or none is there: then it is read, or refused, as one of a command.
    /// </summary>
    public static PlaygroundRun? In(string folder)
    {
        try
        {
            return PlaygroundRun.Load(folder);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return null;
        }
    }

    /// <summary>Its settings by name; its points by their hash.</summary>
    public static Dictionary<string, string> Settings(PlaygroundRun run, string folder)
    {
        using var saved = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "run.json")));
        using var options = JsonDocument.Parse(saved.RootElement.GetProperty("options").GetString()!);
        Dictionary<string, string> settings = new() { ["kind"] = "playground" };
        foreach (var option in options.RootElement.EnumerateObject())
            if (option.Name is not ("own" or "data")) settings[option.Name] = Text(option.Value);
        settings["steps"] = run.Step.ToString(CultureInfo.InvariantCulture);
        settings["data"] = $"{run.Settings.Data} {saved.RootElement.GetProperty("dataSha256").GetString()![..8]}";
        if (run.Changes.Count > 0) settings["changed by hand"] = Printable.Count(run.Changes.Count, "weight");
        return settings;
    }

    static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Printable.Of(value.GetString()),
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
        _ => value.GetRawText(),
    };
}
