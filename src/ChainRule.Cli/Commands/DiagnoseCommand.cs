using System.CommandLine;
using System.CommandLine.Parsing;
using ChainRule.Cli.Pages;
using ChainRule.Diagnosing;
using ChainRule.Training;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule diagnose: what is wrong with a training, and whether the cure helps.</summary>
sealed class DiagnoseCommand
{
    static readonly string[] s_recipes = [.. Recipe.All.Select(recipe => recipe.Name).Distinct()],
        s_tasks = [.. TrainingTask.All.Select(task => task.Name)];

    readonly Argument<string?> _source = new("DIR|FILE.json")
    {
        Description = "The folder of a run, or a config file as 'chainrule train --config' takes it, whose training is "
            + "begun",
        Arity = ArgumentArity.ZeroOrOne,
    };

    readonly Option<string?> _recipe = new Option<string?>("--recipe")
        { Description = $"A recipe before its first step: {string.Join(", ", s_recipes)}", HelpName = "NAME" }
        .Among(s_recipes);

    readonly Option<string?> _task = new Option<string?>("--task")
    {
        Description = "What the recipe is for [default: the first that it knows], or the config file, if it does not "
            + "say its kind",
        HelpName = "TASK",
    }.Among(s_tasks);

    readonly Option<string?> _data = new("--data")
    {
        Description = "What the recipe or the config file is trained on [default: as chainrule train]; of a run with "
            + "--try, where its data is now",
        HelpName = "FILE",
    };

    readonly Option<bool> _try = new("--try")
        { Description = "Of a run: look at its model and data too, and try cures from where it was last saved" };

    readonly Option<int> _steps = new Option<int>("--steps")
    {
        Description = "Steps of each branch, with a cure and without", HelpName = "N",
        DefaultValueFactory = _ => new DiagnoseOptions().Steps,
    }.AtLeast(8);

    readonly Option<string?> _page = new("--page") { Description = "Write a page with pictures", HelpName = "FILE" };

    readonly Option<bool> _json = new("--json")
        { Description = "Print the whole report as JSON, with every cure that was tried" };

    public static Command Create()
    {
        var own = new DiagnoseCommand();
        var command = new Command("diagnose",
            "Find out what is wrong with a training, and try the cure beside a branch without it")
            { own._source, own._recipe, own._task, own._data, own._try, own._steps, own._page, own._json };
        command.Validators.Add(own.Check);
        command.SetAction(own.Run);
        return command.WithExamples("chainrule diagnose runs/names-mlp", "chainrule diagnose runs/names-mlp --try",
            "chainrule diagnose mine.json --json", "chainrule diagnose --recipe mlp --page diagnosis.html");
    }

    void Check(CommandResult r)
    {
        string? source = r.GetValue(_source);
        if (source is null == r.GetValue(_recipe) is null)
        {
            r.AddError(source is null
                ? "diagnose: give the folder of a run, a config file, or a recipe by --recipe NAME"
                : $"diagnose: {Printable.Of(source, 40)} and --recipe are both given: leave one out");
            return;
        }
        bool isRun = source is not null && !IsFile(source);
        if (isRun && r.GetValue(_task) is not null)
            r.AddError("--task is of a recipe or a config file: a run knows its own");
        if (isRun && r.GetValue(_data) is not null && !r.GetValue(_try))
            r.AddError("--data does not go with a run whose files alone are read: give --try, or leave it out");
        if (isRun && r.GetResult(_steps) is { Implicit: false } && !r.GetValue(_try))
            r.AddError("--steps are of branches, and none is trained from a run's files alone: give --try, or leave "
                + "it out");
        if (!isRun && r.GetValue(_try))
            r.AddError("--try is of a run: of a recipe or a config file cures are tried in any case");
    }

    int Run(ParseResult parsed)
    {
        var options = new DiagnoseOptions { Steps = parsed.GetValue(_steps) };
        string? task = parsed.GetValue(_task), data = parsed.GetValue(_data);
        var (title, diagnosis) = parsed.GetValue(_source) is not { } source
            ? OfRecipe(parsed.GetValue(_recipe)!, task, data, options)
            : IsFile(source) ? OfFile(source, task, data, options)
            : OfRun(source, data, parsed.GetValue(_try), options);
        Console.WriteLine(parsed.GetValue(_json) ? diagnosis.ToJson() : diagnosis.ToString());
        if (parsed.GetValue(_page) is not { } file) return Tool.Done;
        string written = $"The page: {Printable.Path(DiagnosisPage.Of(title, diagnosis).Save(file))}";
        // What reads JSON from the standard output reads nothing else there.
        if (parsed.GetValue(_json)) Console.Error.WriteLine(written);
        else Console.WriteLine($"\n{written}");
        return Tool.Done;
    }

    /// <summary>Whether it is a config file, there or not: a run is a folder.</summary>
    static bool IsFile(string source) => !Directory.Exists(source)
        && (File.Exists(source) || source.EndsWith(".json", StringComparison.OrdinalIgnoreCase));

    static (string Title, Diagnosis Diagnosis) OfRun(string path, string? data, bool tries, DiagnoseOptions options)
    {
        if (!tries && OfPlayground(path) is { } saved)
            return ($"Diagnosis of {Path.GetFileName(Path.GetFullPath(path))}", Diagnose.Run(saved));
        var run = RunFolder.Open(path);
        return ($"Diagnosis of {Path.GetFileName(run.FullPath)}", tries
            ? Diagnose.Run(RunDiagnosis.Trainer(run, data), options) : Diagnose.Run(RunDiagnosis.Recording(run)));
    }

    /// <summary>The curve of a run that the lab's playground saved; null if another wrote it, or none is there.
    /// </summary>
    static Recording? OfPlayground(string path)
    {
        if (SavedPlayground.In(path) is not { } run) return null;
        return new()
        {
            History = [.. run.Curve.Select(point => new HistoryPoint(point.Step, point.Train, point.Test,
                run.Settings.LearningRate) { Validated = true })],
            Classes = run.Settings.Loss == "crossEntropy" ? run.Settings.Classes : 0,
        };
    }

    static (string Title, Diagnosis Diagnosis) OfRecipe(string name, string? task, string? data,
        DiagnoseOptions options) => ($"Diagnosis of {name}",
        Diagnose.Run(RunDiagnosis.Trainer(RunConfig.For(KindOf(name, task, $"--recipe {name}"), name) with
            { Data = data }), options));

    static (string Title, Diagnosis Diagnosis) OfFile(string path, string? task, string? data, DiagnoseOptions options)
    {
        var file = ConfigFile.Read(path);
        string? kind = Text(file, "kind", s_tasks), model = Text(file, "model", s_recipes);
        if (kind is not null && task is not null && kind != task)
            throw new ArgumentException($"{file.Asked}: kind {kind}, and --task {task}: leave --task out");
        if ((kind ?? task) is null && model is null)
            throw new ArgumentException($"{file.Asked}: neither its kind nor its model is said: add \"kind\", such as "
                + $"\"kind\": \"names\", or give --task, one of {string.Join(", ", s_tasks)}");
        var of = model is null ? Enum.Parse<TaskKind>((kind ?? task)!, ignoreCase: true)
            : KindOf(model, kind ?? task, file.Asked);
        GivenSetting[] given = data is null ? [] : [new("--data", "data", data)];
        var config = RunConfig.Resolve(of, TrainingTask.Of(of).UsualModel, file, given);
        return ($"Diagnosis of {Path.GetFileName(path)}", Diagnose.Run(RunDiagnosis.Trainer(config), options));
    }

    static TaskKind KindOf(string model, string? task, string asked)
    {
        TaskKind[] kinds = [.. Recipe.All.Where(recipe => recipe.Name == model).SelectMany(recipe => recipe.Tasks)],
            fitting = [.. kinds.Where(kind => task is null || TrainingTask.Of(kind).Name == task)];
        return fitting.Length > 0 ? fitting[0]
            : throw new ArgumentException($"diagnose: {asked}: {model} is not for {task}: choose one of "
                + string.Join(", ", kinds.Select(kind => TrainingTask.Of(kind).Name)));
    }

    /// <summary>What a config file says under a name; null if nothing.</summary>
    static string? Text(ConfigFile file, string name, string[] choices)
    {
        foreach (var (key, value) in file.Settings)
        {
            if (Nearest.Plain(key) != name) continue;
            string text = value.ValueKind == System.Text.Json.JsonValueKind.String ? value.GetString()! : "";
            return choices.Contains(text) ? text
                : throw new ArgumentException($"{file.Asked}: {name} {Printable.Of(value.GetRawText(), 40)}: give one "
                    + $"of {string.Join(", ", choices)}");
        }
        return null;
    }
}
