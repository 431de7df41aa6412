using System.CommandLine;
using System.Globalization;
using ChainRule.Zoo.Places;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule recommend fit, for: trains a recommender of places, and asks one.</summary>
static class RecommendCommand
{
    public static Command Create() => new Command("recommend", "Recommend places by location, tags and visits")
    {
        TrainCommand.Create(TrainingTask.Of(TaskKind.Places)).WithExamples("chainrule recommend fit",
            "chainrule recommend fit places.csv visits.csv --seed 7 --out runs/mine",
            "chainrule recommend fit data --set factors=32",
            "chainrule recommend fit --resume runs/mine"),
        CreateFor(),
    }.WithExamples("chainrule recommend fit",
        "chainrule recommend for runs/places-towers --lat 45.01 --lon -30.02 --tags jazz,pub");

    // As in the files of places and visits, and as one writes a list.
    static readonly char[] s_separators = [',', ';', '|'];

    static Command CreateFor()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a run on places" };
        var latitude = Degrees("--lat", 90, "Latitude of the user");
        var longitude = Degrees("--lon", 180, "Longitude of the user");
        var tags = new Option<string?>("--tags")
            { Description = "What is looked for, with commas or semicolons between [default: anything]",
                HelpName = "TAG,TAG" };
        var user = new Option<string?>("--user")
            { Description = "Who asks, as in the file of visits [default: somebody unknown]", HelpName = "ID" };
        var count = new Option<int>("--count") { Description = "How many places to recommend",
            HelpName = "N", DefaultValueFactory = _ => 10 }.AtLeast(1);
        var command = new Command("for", "Recommend places to a user: the best first, with distance, score and reason")
            { folder, latitude, longitude, tags, user, count };
        command.SetAction(parsed =>
        {
            Answer(PlaceModel.Load(parsed.GetRequiredValue(folder)).Recommend(new(parsed.GetRequiredValue(latitude),
                parsed.GetRequiredValue(longitude), parsed.GetValue(tags)?.Split(s_separators), parsed.GetValue(user),
                parsed.GetValue(count))));
            return Tool.Done;
        });
        return command.WithExamples("chainrule recommend for runs/places-towers --lat 45.01 --lon -30.02",
            "chainrule recommend for runs/places-towers --lat 45.01 --lon -30.02 --tags jazz,pub --user u12");
    }

    static Option<double> Degrees(string name, double most, string description) => new(name)
    {
        Description = $"{description}, in degrees from -{most} to {most}",
        HelpName = "DEGREES",
        Required = true,
        // Those beyond the limits the model refuses, which knows whether the two may have changed places.
        CustomParser = r =>
        {
            string text = r.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double degrees)
                && double.IsFinite(degrees)) return degrees;
            r.AddError($"{name} {Printable.Of(text)}: give a number of degrees from -{most} to {most}"
                + NumberOptions.CommaRemark(text));
            return 0;
        },
    };

    static void Answer(PlaceAnswer answer)
    {
        foreach (string remark in answer.Remarks)
            Console.WriteLine($"Remark: {remark}{(remark.EndsWith('?') ? "" : ".")}");
        if (answer.Remarks.Count > 0) Console.WriteLine();
        string[] names = [.. answer.Places.Select(one => one.Place.Name == one.Place.Id ? Printable.Of(one.Place.Id, 40)
            : $"{Printable.Of(one.Place.Name, 40)} ({Printable.Of(one.Place.Id, 20)})")];
        int width = Math.Max(5, names.Max(name => name.Length));
        Console.WriteLine($"{"",3}  {"place".PadRight(width)}  distance   score  why");
        for (int i = 0; i < names.Length; i++)
        {
            var (_, distance, score, why) = answer.Places[i];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{i + 1,3}  {names[i].PadRight(width)}  {distance / 1000,5:0.00} km  {score,6:0.0000}  {why}"));
        }
    }
}
