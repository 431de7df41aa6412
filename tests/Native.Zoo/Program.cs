using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Experiments;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Places;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

// What the tool does with the zoo, compiled ahead of time: every task is trained and saved, read back and used, and an
// experiment is run. The one argument is the folder.
Environment.CurrentDirectory = args[0];

foreach (var (kind, model) in ((TaskKind, string)[])[(TaskKind.Names, "gpt"), (TaskKind.Images, "lenet"),
    (TaskKind.Sequences, "lstm"), (TaskKind.Autoencoder, "dense"), (TaskKind.Patterns, "hopfield"),
    (TaskKind.Map, "kohonen"), (TaskKind.Places, "towers")])
{
    List<GivenSetting> given = [new("--model", "model", model)];
    // A map and a memory of patterns are solved for.
    if (kind is not (TaskKind.Map or TaskKind.Patterns)) given.Add(new("--steps", "steps", "2"));
    var config = RunConfig.Resolve(kind, model, null, given);
    var run = TrainingRun.Start($"{kind}", config);
    run.Train();
    var summary = run.Finish();
    Console.WriteLine($"{kind}: {summary.ValLoss}, {summary.Metrics.Count} metrics, {summary.Details.Count} details");
    Console.WriteLine(RunConfig.Of(RunFolder.Open($"{kind}")).ToJson());
}

// Beside the folder, so that a run keeps the same path whoever trains it.
string text = Path.GetFullPath("../text.txt"), tokens = Path.GetFullPath("../tokens");
File.WriteAllText(text, string.Concat(Enumerable.Repeat("the cat and the dog, and the café\n", 400)));
if (!Directory.Exists(tokens)) Console.Error.WriteLine(TokenText.Write([text], tokens, new(Vocabulary: 290)));
var onTokens = RunConfig.For(TaskKind.Text, "gpt") with { Data = tokens, Steps = 2 };
var texts = TrainingRun.Start("Text", onTokens);
texts.Train();
texts.Finish();
Console.WriteLine(TextScore.Of(SavedLanguageModel.Load("Text"), text).NatsPerCharacter);

var language = SavedLanguageModel.Load("Names");
Console.WriteLine(language.Model.Sample(language.Vocabulary, new TorchRandom(7)));
Console.WriteLine(ImageReport.Of(RunFolder.Open("Images").ReadSummary()!)!.Summary());
Console.WriteLine(PlaceReport.Of(RunFolder.Open("Places").ReadSummary()!)!.Model);

foreach (string model in (string[])["linear", "mlp"])
{
    var report = TableFit.Run(model, RunConfig.Resolve(TaskKind.Table, model, null,
        model == "mlp" ? [new("--steps", "steps", "5")] : []));
    Console.WriteLine(TableReport.Read(model).Verdict[0] == report.Verdict[0] ? report.Verdict[0] : "read differently");
}
Console.WriteLine(TableModel.Load("mlp").Predict(new { Size = 80, Rooms = 3, District = "centre", Built = 1990,
    Distance = 2.5, Garden = true, Sold = "2024-01-01" }).Value);

var rates = new Experiment("rates", RunConfig.For(TaskKind.Names, "bigram") with { Steps = 2 })
    .Vary("learningRate", 0.01, 0.1).WithSeeds(1, 2);
foreach (var variant in rates.Run("experiment", parallel: 1).Variants) Console.WriteLine(variant.Mean);

foreach (var setting in Setting.Of(typeof(TrainingSettings))) Console.WriteLine($"{setting.Name}: {setting.Wanted}");
